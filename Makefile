# `make run` sets everything up and opens the dashboard; `make test` sets everything up and tests.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
DATA = $(or $(COVERAGE_DATA),data)
STORE = $(or $(COVERAGE_STORE),$(DATA)/store)

.PHONY: run demo test browser java office bench screenshots

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

$(VENV)/run.stamp: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet -r requirements.txt
	touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.txt requirements-spark.txt
	$(BIN)/pip install --quiet -r requirements-dev.txt
	touch $@

$(VENV)/bench.stamp: $(VENV)/dev.stamp requirements-bench.txt
	$(BIN)/pip install --quiet -r requirements-bench.txt
	touch $@
