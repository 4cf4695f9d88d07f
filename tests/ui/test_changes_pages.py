"""变化对比 and 到期与新情况: what they say follows from the data, and from who was here when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.visitors import Visitor, clerk
from loaders.decisions import dispute_decisions
from presentation import lapsing_listings
from presentation.labels import plain
from queries import coverage_comparison, lapsing_soon
from queries.knowledge import bank_name
from queries.scope import Scope
from store import snapshot_store
from store.visits import Visits
from tests.support.linked_stores import linked_copy
from tests.support.pages import open_as, open_page, text_of
from ui.compare_days import day_choice

LAST, YEAR_AGO = date(2026, 10, 31), date(2025, 10, 31)
LEADER = Visitor("市领导", "leader", login="leader")


@pytest.fixture
def demo(demo_store, use_store):
    use_store(demo_store)
    return Scope(snapshot_store.default().current().id, LAST)


def test_two_days_are_compared_as_a_link_names_them(demo):
    app = open_page("compare_days", **{"from": "2025-10-31"})
    assert not app.exception and not app.error
    moves = coverage_comparison.moves(demo, Scope(demo.snapshot_id, YEAR_AGO))
    came, fell = (int((moves["move"] == move).sum()) for move in ("in", "out"))
    assert f"新达标 **{came}** 个" in app.header[0].value
    assert f"掉下 **{fell}** 个" in app.header[0].value
    reasons, newly, lapsed, areas = (table.value for table in app.dataframe)
    assert (len(newly), len(lapsed)) == (came, fell)
    assert reasons["新达标场所"].sum() == came and reasons["退出达标场所"].sum() == fell
    assert areas["新达标场所"].sum() - areas["退出达标场所"].sum() == came - fell


def test_a_quick_choice_sets_the_day_and_the_day_never_passes_the_last_one(demo):
    app = open_page("compare_days")
    assert app.date_input(key="from").value == date(2026, 9, 30)
    app.button(key="from_一年前").click().run()
    assert app.date_input(key="from").value == YEAR_AGO
    assert "2025-10-31 **" in app.header[0].value
    app.date_input(key="as_of").set_value(date(2024, 6, 15)).run()
    assert not app.exception and not app.error
    assert app.date_input(key="from").value == date(2024, 5, 31)


@pytest.mark.parametrize(
    ("day", "days"),
    [
        (date(2026, 10, 31), ("2026-09-30", "2026-09-30", "2025-12-31", "2025-10-31")),
        (date(2026, 9, 30), ("2026-08-31", "2026-06-30", "2025-12-31", "2025-09-30")),
        (date(2024, 2, 29), ("2024-01-31", "2023-12-31", "2023-12-31", "2023-02-28")),
    ],
)
def test_the_quick_days(day, days):
    assert tuple(map(str, day_choice.quick(day).values())) == days


def test_before_the_first_statement_nothing_is_compared_and_it_is_said(demo):
    app = open_page("compare_days", **{"from": "2023-04-01"})
    assert not app.exception
    assert "不作比较" in app.header[0].value and "未知" in app.header[0].value


@pytest.mark.parametrize("within", [7, 30, 60])
def test_what_lapses_is_listed_with_who_acts(demo, within):
    app = open_page("lapsing", within=f"{within} 天内")
    assert not app.exception and not app.error
    rows = lapsing_soon.rows(demo, within)
    acting, listed = (table.value for table in app.dataframe)
    assert len(listed) == len(rows) == acting["到期（家、项）"].sum() > 0
    assert f"**{len(rows)}** 处" in app.header[0].value
    days = listed["截止日起天数"]
    assert (days < within).all() and days.is_monotonic_increasing
    assert set(listed["不补"]) <= {"会掉下", "—"}


def test_a_late_bank_is_named_with_its_last_day_and_days_are_counted_from_the_day_shown(demo):
    late = lapsing_soon.unheard(demo, 30)
    told = text_of(open_page("lapsing", within="30 天内"))
    assert late
    for bank, last in late.items():
        assert f"{bank_name(bank)}（{plain(str(last))}）" in told
    assert f"天数从截止日 {LAST} 数起" in told
    fresh = Scope(demo.snapshot_id, YEAR_AGO)
    assert not lapsing_soon.unheard(fresh, 30) and not lapsing_listings.late_note(fresh, 30)


def test_what_lapses_within_less_is_part_of_what_lapses_within_more(demo):
    few, many = (lapsing_soon.rows(demo, within) for within in (30, 60))
    assert set(few["merchant_key"].dropna()) <= set(many["merchant_key"].dropna())
    assert lapsing_soon.falling(demo, 30)[0] <= lapsing_soon.falling(demo, 60)[0]


def test_a_bank_has_its_own_to_do(demo):
    whole = lapsing_soon.rows(demo, 60)
    bank = whole["operator_id"].dropna().iloc[-1]
    own = lapsing_soon.rows(Scope(demo.snapshot_id, LAST, operator_id=bank), 60)
    assert set(own["operator_id"].dropna()) == {bank}
    assert set(own["merchant_key"].dropna()) == set(
        whole.loc[whole["operator_id"] == bank, "merchant_key"].dropna()
    )


def test_on_a_day_without_statements_nothing_is_said_to_lapse(demo):
    app = open_page("lapsing", as_of="2023-04-01")
    assert not app.exception and "巡检和支付有没有要到期的未知" in app.header[0].value


# ---- what is new ------------------------------------------------------------------------------


def test_a_named_visitor_is_told_of_what_came_since_they_were_here(
    corrected, use_store, trusted_header, tmp_path
):
    home = linked_copy(corrected[0], tmp_path / "store")
    use_store(home)
    first = open_as(LEADER, "lapsing", lapsing_part="新情况")
    assert not first.exception and "与上一版比" in first.header[0].value
    week = timedelta(days=7)
    (path,) = (home / "visits").iterdir()
    path.unlink()
    Visits(home).noted("leader|市领导", datetime.now(UTC) - week)
    store = snapshot_store.default()
    dispute_decisions.raise_dispute(
        store, "venue", corrected[2], "closed", "已关闭", by=clerk("办公室")
    )
    app = open_as(LEADER, "lapsing", lapsing_part="新情况")
    assert not app.exception
    day = (datetime.now(UTC) - week).astimezone()
    assert app.header[0].value.startswith(f"上次来（{day:%m-%d}）以后：")
    assert "新质询 1 件" in app.header[0].value
    again = open_as(LEADER, "lapsing", lapsing_part="新情况")  # the same visit in another window
    assert again.header[0].value == app.header[0].value


def test_who_has_no_name_leaves_no_trace_and_sees_what_the_version_brought(corrected, use_store):
    use_store(corrected[0])
    before = set(corrected[0].rglob("*"))
    app = open_page("lapsing", lapsing_part="新情况")
    assert not app.exception and "与上一版比" in app.header[0].value
    assert set(corrected[0].rglob("*")) == before
    assert "公布的数据版本" in text_of(app)


def test_the_first_version_has_nothing_to_be_compared_with_and_says_so(demo_store, use_store):
    use_store(demo_store)
    told = open_page("lapsing", lapsing_part="新情况").header[0].value
    assert told.startswith("现行的数据版本（") and told.endswith("是第一版，还没有可以比的。")
