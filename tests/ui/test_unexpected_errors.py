"""An error that nobody foresaw is a sentence with a code, on a page that stays usable."""

import re

import pytest

from queries import attainment, plans
from tests.support.linked_stores import linked_copy
from tests.support.pages import open_page, text_of

CODE = re.compile(r"错误代码 ([0-9A-F]{6})")


def fault(*_):
    raise ZeroDivisionError("division by zero")


@pytest.mark.parametrize("module, name, page", [
    (attainment, "venues", "venue_register"), (plans, "outlook", "gap_list"),
])  # fmt: skip
def test_a_fault_on_a_page_is_a_sentence_with_a_code_that_the_log_has(
    module, name, page, demo_store, use_store, monkeypatch, caplog, tmp_path
):
    use_store(linked_copy(demo_store, tmp_path / "store"))  # nothing of it is remembered
    monkeypatch.setattr(module, name, fault)
    app = open_page(page)
    (code,) = {code for one in app.error for code in CODE.findall(one.value)}
    assert not app.exception and "division" not in text_of(app)
    assert code in caplog.text and "ZeroDivisionError" in caplog.text
    assert app.selectbox(key="area"), "what is selected can be changed"
    caplog.clear()
    monkeypatch.undo()
    use_store(tmp_path / "store")
    assert not open_page(page).error
