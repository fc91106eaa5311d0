# The two commands: `make run` starts the product, `make test` proves it. They need python3 (3.11 or newer), make and the
# network, and put everything into .venv and the data folder.

PORT ?= 8000
DATA ?= .data
# Which tests: make test TESTS=tests/platform
TESTS ?= tests
PYTHON ?= python3
PY := .venv/bin/python
# Locked by hash, as wheels: nothing is built on this machine, and nothing else is installed than what was tested.
INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --only-binary=:all:

.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev browser test lint audit format lock bench

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: setup ## start database, web and worker on PORT (8000), data in DATA (.data)
	@exec $(PY) manage.py serve --port "$(PORT)" --data "$(DATA)"

setup: .venv/.runtime ## prepare .venv with what running needs

setup-dev: .venv/.development ## prepare .venv with what testing needs, too

.venv/bin/python:
	@$(PYTHON) tools/make_environment.py

.venv/.runtime: requirements.lock | .venv/bin/python
	@echo "Installing what iNEAT needs into .venv"
	@$(INSTALL) -r requirements.lock
	@touch "$@"

.venv/.development: requirements-dev.lock | .venv/bin/python
	@echo "Installing what the tests need into .venv"
	@$(INSTALL) -r requirements-dev.lock
	@touch "$@" .venv/.runtime

browser: setup-dev ## find or install the Chromium that the browser tests drive
	@$(PY) tools/find_browser.py

test: setup-dev browser ## run every test, those in a browser included
	@$(PY) -m pytest -n 2 --dist loadgroup $(TESTS)

lint: setup-dev ## formatting, types, import contracts, templates, migrations, locks
	@$(PY) tools/check_locks.py
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-cache --no-logo
	@$(PY) -m djlint --quiet --lint templates
	@$(PY) tools/template_check.py
	@$(PY) tools/contrast_check.py
	@$(PY) manage.py makemigrations --check --dry-run

audit: setup-dev ## ask whether a locked package has a known vulnerability that a newer version mends
	@$(PY) tools/audit.py

format: setup-dev ## rewrite the sources in the one accepted form
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format .

lock: setup-dev ## resolve requirements*.in anew into the hashed lock files
	@$(PY) tools/lock.py

bench: setup-dev ## measure pages and postings
	@$(PY) -m benchmarks
