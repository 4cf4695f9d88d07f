"""报告导出 says before the button what is missing, and what documents will therefore not say."""

from datetime import date

from presentation import brief_steps, readiness_wording
from presentation.labels import plain
from queries.scope import Scope
from store import snapshot_store
from tests.support.pages import open_page, text_of


def hints(**parts):
    facts = snapshot_store.default().current().manifest
    return readiness_wording.hints(Scope(facts["id"], date.fromisoformat(facts["as_of"]), **parts))


def test_what_little_is_missing_is_said_in_sight(demo_store, use_store):
    use_store(demo_store)
    app = open_page("report_export", area="海州区")
    found = hints(area_id="320706")
    assert 0 < len(found) <= 3
    (said,) = [one.value for one in app.markdown if "做之前先看" in one.value]
    assert said.splitlines()[2:] == [f"- {plain(one)}" for one in found]


def test_the_brief_is_previewed_with_the_table_that_it_speaks_of(demo_store, use_store):
    use_store(demo_store)
    app = open_page("report_export", area="海州区")
    assert "对照下表" in text_of(app)
    assert list(app.table[0].value.columns) == brief_steps.HEADINGS and len(app.table[0].value)


def test_what_is_much_is_folded_under_its_number(young_store, use_store):
    use_store(young_store)
    app = open_page("report_export")
    found = hints()
    assert len(found) > 3 and "没有特定区域名录" in found[0]
    (fold,) = [one for one in app.expander if "做之前先看" in one.label]
    assert f"{len(found)} 处不齐" in fold.label
    assert all(plain(one) in text_of(app) for one in found)


def test_where_nothing_is_missing_a_quiet_line_says_so(demo_store, use_store, monkeypatch):
    use_store(demo_store)
    monkeypatch.setattr(readiness_wording, "hints", lambda _: [])
    app = open_page("report_export", area="海州区")
    assert any("都齐" in one.value for one in app.caption)
