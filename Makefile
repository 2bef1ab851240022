# Each target does its own set-up: what is needed is Python 3.11 or newer, or uv, and make.
# ARGS is handed on: make quiz ARGS='--topic PPO', make test ARGS='-k links'.

.DEFAULT_GOAL := help
.PHONY: help quiz test content messages bench pictures moved

PYTHON_HERE := .venv/bin/python

help:
	@echo 'make quiz      be asked the questions of the bundled bank'
	@echo 'make test      format, lint, types, layers and tests'
	@echo 'make content   the rules of the question bank alone'
	@echo 'make messages  collect the messages of the interface, compile their translation'
	@echo 'make bench     tables of times: start-up, parsing, storing, keys'
	@echo 'make pictures  the screenshots of the README'
	@echo
	@echo "ARGS='...' is handed on to rlhf-qa or pytest, PYTHON=... names the Python to use."

quiz: .venv/run
	@.venv/bin/rlhf-qa quiz @bank $(ARGS)

test: .venv/dev
	@$(PYTHON_HERE) -m ruff check --quiet .
	@$(PYTHON_HERE) -m ruff format --quiet --check .
	@$(PYTHON_HERE) -m mypy
	@$(PYTHON_HERE) -m pytest -n auto $(ARGS)

content: .venv/dev
	@$(PYTHON_HERE) -m pytest tests/test_content.py $(ARGS)

messages: .venv/dev
	@$(PYTHON_HERE) -m tests.catalogue

bench: .venv/dev
	@$(PYTHON_HERE) benchmarks/startup.py
	@$(PYTHON_HERE) benchmarks/parse.py
	@$(PYTHON_HERE) benchmarks/store.py
	@$(PYTHON_HERE) benchmarks/keys.py

pictures: .venv/dev
	@$(PYTHON_HERE) docs/screenshots.py

# The stamps of what is installed: to run, and to test as well.
.venv/run: pyproject.toml
	@.ci/environment
	@touch $@

.venv/dev: pyproject.toml
	@.ci/environment dev
	@touch $@ .venv/run

# The scripts of an environment name the place it was made in: moved or copied, it is made good.
ifneq ($(shell cat .venv/place 2>/dev/null),$(CURDIR))
.venv/run .venv/dev: moved
endif
moved:
