# Every command of the project.  `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := python -m pip --quiet --disable-pip-version-check install
INSTALLED := build/shell

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

shell: $(INSTALLED)/done  ## install the shell into build/shell, and start it
	@$(INSTALLED)/bin/minishell || :  # how a session ends is no failure of make

install: $(VENV)/dev  ## install into .venv everything for working on it

test: $(VENV)/dev tools  ## run all tests
	$(BIN)/python -m pytest

truth: $(VENV)/dev  ## compare what is shown with strace, and what is foretold with what happens
	$(BIN)/python -m tests.truth

traced: $(VENV)/dev  ## run the job-control tests with the shell watched: nothing may be different
	$(BIN)/python -m pytest tests/pty --traced --presses 10

lint: $(VENV)/dev  ## ruff, the formatter and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lessons: $(VENV)/dev  ## run every example and fill the pages
	$(BIN)/minishell-lessons build

site: $(VENV)/dev  ## build the tutorial site into build/site
	$(BIN)/minishell-lessons site

book: $(VENV)/dev  ## the same pages as a book, build/epub/minishell.epub
	$(BIN)/minishell-lessons site --epub

bench: $(VENV)/dev  ## ratios against dash, bash and xonsh, in one run
	$(BIN)/python -m bench

tools:  ## say which optional programs are missing here, and what then is not done
	@$(call optional,strace,tests of the observer against it are skipped)
	@$(call optional,bwrap,submissions are graded with less isolation)
	@$(call optional,chromium,pages are not tested in a browser)

clean:  ## remove what the other commands made
	rm -rf build $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .lessons-cache

optional = command -v $(1) >/dev/null || echo "optional, not found: $(1) ($(2))"

# What a learner starts and what the bench measures.  pip drops options from a script's first line, so they are
# added here: -I, a Python that listens to no PYTHON* variable, and -S, one that does without `site`.  Its modules are
# compiled so that Python takes them as they are (PEP 552): a look at each source file is 3 % of a start.
$(INSTALLED)/done: pyproject.toml $(shell find minishell lessons -type f -not -name '*.pyc')
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("minishell needs Python 3.11: make PYTHON=…")'
	$(PYTHON) -m venv $(INSTALLED)
	$(INSTALLED)/bin/$(PIP) .
	@sed -i '1s/$$/ -IS/' $(INSTALLED)/bin/minishell
	@$(INSTALLED)/bin/python -m compileall -qf --invalidation-mode unchecked-hash $(INSTALLED)/lib/python*/site-packages/minishell
	@touch $@

# For working on it: what is edited is what runs.  pip compiles no module of an editable install.  The second package is
# there for the one file axe.min.js, which looks for what keeps people from reading a page; we need no Playwright.
$(VENV)/dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/$(PIP) --editable '.[dev]'
	$(BIN)/$(PIP) --no-deps 'axe-playwright-python==0.1.*'
	@$(BIN)/python -m compileall -q minishell
	@touch $@

.PHONY: help shell install test truth traced lint lessons site book bench tools clean
