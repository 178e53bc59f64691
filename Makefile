# Every command of the project.  `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

shell: $(VENV)/runtime  ## install into .venv what the shell needs, and start it
	@$(BIN)/minishell

install: $(VENV)/dev  ## install into .venv everything for working on it

test: $(VENV)/dev tools  ## run all tests
	$(BIN)/python -m pytest

lint: $(VENV)/dev  ## ruff, the formatter and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lessons: $(VENV)/dev  ## run every example and fill the pages
	$(BIN)/minishell-lessons build

site: $(VENV)/dev  ## build the tutorial site into build/site
	$(BIN)/minishell-lessons site

bench: $(VENV)/dev  ## ratios against dash, bash and xonsh, in one run
	$(BIN)/python -m bench

tools:  ## say which optional programs are missing here, and what then is not done
	@$(call optional,strace,tests of the observer against it are skipped)
	@$(call optional,bwrap,submissions are graded with less isolation)
	@$(call optional,chromium,pages are not tested in a browser)

clean:  ## remove what the other commands made
	rm -rf build $(VENV)

optional = command -v $(1) >/dev/null || echo "optional, not found: $(1) ($(2))"

# setuptools is of no use here, and its .pth file slows down every start of Python.
$(VENV)/runtime: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("minishell needs Python 3.11: make PYTHON=…")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) uninstall --yes setuptools 2>/dev/null
	$(PIP) install --editable .
	@$(start)
	@touch $@

$(VENV)/dev: $(VENV)/runtime
	$(PIP) install --editable '.[dev]'
	@$(start)
	@touch $@

# A quick start: compiled modules (pip compiles none of an editable install), and no `site` (-S) in a Python
# that listens to no PYTHON* variable (-I).  pip drops options from a script's first line, so they come after it.
define start
$(BIN)/python -m compileall -q minishell; \
if grep -q no_site $(BIN)/minishell; then sed -i '1s/$$/ -IS/' $(BIN)/minishell; fi
endef

.PHONY: help shell install test lint lessons site bench tools clean
