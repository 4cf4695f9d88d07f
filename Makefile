# `make run` sets everything up and opens the dashboard; `make test` sets everything up and tests.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
DATA = $(or $(COVERAGE_DATA),data)
STORE = $(or $(COVERAGE_STORE),$(DATA)/store)

.PHONY: run demo test browser java office bench screenshots lock

run: $(VENV)/run.stamp
	test -f "$(STORE)/current" || ! test -d "$(DATA)/demo" || $(BIN)/python -m loaders demo
	$(BIN)/streamlit run app.py

demo: $(VENV)/run.stamp
	$(BIN)/python -m loaders demo

test: $(VENV)/dev.stamp browser java office
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

bench: $(VENV)/bench.stamp browser
	$(BIN)/python -m bench

screenshots: $(VENV)/dev.stamp browser
	$(BIN)/python -m tests.support.screenshots

# The browser tests drive Debian's Chromium; the page's Chinese needs one Chinese font.
browser:
	command -v chromium >/dev/null && fc-list :lang=zh | grep -q . || .ci/install-browser

# The tests compare every indicator on DuckDB with Spark, which runs on Java.
java:
	command -v java >/dev/null || .ci/install-java

# The tests print the documents with LibreOffice and count their pages.
office:
	command -v soffice >/dev/null && command -v pdftoppm >/dev/null || .ci/install-office

# The pins with their hashes, from the direct dependencies in pyproject.toml.
LOCK = $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --quiet
lock: $(VENV)/dev.stamp
	$(LOCK) --output-file requirements.txt
	$(LOCK) --extra spark --output-file requirements-spark.txt
	$(LOCK) --extra auth --output-file requirements-auth.txt
	$(LOCK) --extra dev --extra spark --output-file requirements-dev.txt
	$(LOCK) --extra dev --extra spark --extra bench --output-file requirements-bench.txt

$(VENV)/run.stamp: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet -r requirements.txt
	touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.txt
	$(BIN)/pip install --quiet -r requirements-dev.txt
	touch $@

$(VENV)/bench.stamp: $(VENV)/dev.stamp requirements-bench.txt
	$(BIN)/pip install --quiet -r requirements-bench.txt
	touch $@
