# Every command of the project.  `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

shell: $(VENV)/installed  ## install into .venv and start the shell
	@$(BIN)/minishell

test: $(VENV)/installed  ## run all tests
	$(BIN)/python -m pytest

lint: $(VENV)/installed  ## ruff, the formatter and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lessons: $(VENV)/installed  ## run every example and fill the pages
	$(BIN)/minishell-lessons build

site: $(VENV)/installed  ## build the tutorial site into build/site
	$(BIN)/minishell-lessons site

bench: $(VENV)/installed  ## ratios against dash, bash and xonsh, in one run
	$(BIN)/python -m bench

clean:  ## remove what the other commands made
	rm -rf build $(VENV)

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

.PHONY: help shell test lint lessons site bench clean
