# `make run` sets everything up and opens the dashboard; `make test` sets everything up and tests.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
DATA = $(or $(COVERAGE_DATA),data)
STORE = $(or $(COVERAGE_STORE),$(DATA)/store)
# A file's tests share its fixtures, so a worker takes whole files.
PYTEST = $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder
SLOW = tests/engines tests/print tests/browser
# Servers and commands start by the dozen: what they import is compiled once, whatever the
# environment says. The packages are installed without their bytecode.
export PYTHONDONTWRITEBYTECODE =

.PHONY: run demo test check test-fast test-engines test-print test-browser
.PHONY: bench screenshots lock bundle debian

run: $(VENV)/run.stamp
	test -d "$(STORE)/snapshots" || ! test -d "$(DATA)/demo" || $(BIN)/python -m loaders demo
	$(BIN)/streamlit run app.py

demo: $(VENV)/run.stamp
	$(BIN)/python -m loaders demo

test: check debian
	$(PYTEST)

# The parts of `make test`, each on its own.
check: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PYTHONPATH=. $(BIN)/lint-imports --no-logo
	$(BIN)/mypy

test-fast: $(VENV)/dev.stamp
	$(PYTEST) $(SLOW:%=--ignore=%)

test-engines: $(VENV)/dev.stamp debian
	$(PYTEST) tests/engines

test-print: $(VENV)/dev.stamp debian
	$(PYTEST) tests/print

test-browser: $(VENV)/dev.stamp debian
	$(PYTEST) tests/browser

bench: $(VENV)/bench.stamp debian
	$(BIN)/python -m bench

screenshots: $(VENV)/dev.stamp debian
	$(BIN)/python -m tests.support.screenshots

# One archive to install from without internet, in dist/.
bundle: $(VENV)/dev.stamp
	$(BIN)/python -m deploy.make_bundle

# Chromium, Java, LibreOffice, PostgreSQL and a Chinese font, where they are missing.
debian:
	.ci/install

# The pins with their hashes, from the direct dependencies in pyproject.toml.
LOCK = $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --quiet
CITY = --extra postgres
lock: $(VENV)/dev.stamp
	$(LOCK) --output-file requirements.txt
	$(LOCK) --extra spark --output-file requirements-spark.txt
	$(LOCK) $(CITY) --output-file requirements-city.txt
	$(LOCK) $(CITY) --extra dev --extra spark --output-file requirements-dev.txt
	$(LOCK) $(CITY) --extra dev --extra spark --extra bench --output-file requirements-bench.txt

# The files state every package with its hash, so nothing is left for pip to resolve.
INSTALL = $(BIN)/pip install --quiet --no-deps --no-compile --requirement
$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(BIN)/python
	$(INSTALL) $<
	touch $@

$(VENV)/dev.stamp: requirements-dev.txt | $(BIN)/python
	$(INSTALL) $<
	touch $@ $(VENV)/run.stamp

$(VENV)/bench.stamp: requirements-bench.txt | $(VENV)/dev.stamp
	$(INSTALL) $<
	touch $@
