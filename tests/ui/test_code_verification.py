"""The page of definitions reads the code on a document back into its numbers."""

from dataclasses import replace
from datetime import date

import pytest

from presentation.statements import statements
from queries.scope import Scope
from reports import document_codes
from store import snapshot_store
from tests.support.pages import open_page, press, text_of


@pytest.fixture
def scope(demo_store, use_store):
    use_store(demo_store)
    return Scope(snapshot_store.default().current().id, date(2026, 7, 31), "320706", tiers="all")


def test_a_code_lists_the_numbers_of_its_document(scope):
    app = open_page("definitions", code=document_codes.code(scope).lower())
    assert not app.exception
    assert "海州区" in text_of(app) and "2026-07-31" in text_of(app)
    table = next(frame.value for frame in app.dataframe if "计算办法" in frame.value)
    made = statements(scope)
    assert list(table["数"]) == [one.text for one in made.values()]
    assert list(table["编号"]) == [one.number for one in made.values()]


def test_a_wrong_code_is_said(scope):
    app = open_page("definitions", code="7K3Q-0WDA-1MX*")
    assert not app.exception
    assert "照抄" in app.error[0].value


def test_markdown_in_a_code_is_text(scope):
    app = open_page("definitions", code="![a](http://x/y.png)")
    assert "](http" not in app.error[0].value


def test_from_a_number_to_the_names_the_selection_goes_along(scope):
    app = open_page("definitions", code=document_codes.code(scope))
    made = list(statements(scope))
    row = {"rows": [made.index("short")], "columns": [], "cells": []}
    app.session_state["statements"] = {"selection": row}
    app.run()
    assert "S15" in text_of(app)
    press(app, "打开名单")
    chosen = app.session_state["_scope"]
    assert chosen == replace(scope, attribution="management")
