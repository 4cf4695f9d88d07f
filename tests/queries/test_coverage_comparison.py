"""Two scopes compared: days, versions and both; that it adds up, and whose names it gives."""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.visitors import Sight, clerk
from loaders import intake
from loaders.decisions import dispute_decisions
from queries import attainment, coverage_comparison, news
from queries.scope import Scope, areas_by_name
from queries.sights import CONCEALED
from store import snapshot_store
from tests.support.stated import JULY, JUNE, Office, shop, venue

OFFICE = clerk("办公室甲")


@pytest.fixture
def demo(demo_store, use_store):
    """The scope of the demo's last day."""
    use_store(demo_store)
    current = snapshot_store.default().current()
    return Scope(current.id, date.fromisoformat(current.manifest["as_of"]))


def covered(scope):
    return int(attainment.city(scope)["covered_verified"].iloc[0])


@pytest.mark.parametrize("day", [date(2025, 10, 31), date(2025, 12, 31), date(2026, 3, 17)])
@pytest.mark.parametrize("narrowed", [{}, {"area_id": "320723"}, {"operator_id": "ICBC"},
                                      {"tiers": "all"}])  # fmt: skip
def test_in_minus_out_is_the_change_of_the_covered(demo, day, narrowed):
    now = replace(demo, **narrowed)
    then = replace(now, as_of=day)
    moves = coverage_comparison.moves(now, then)
    counts = Counter(moves["move"])
    assert counts["in"] - counts["out"] == covered(now) - covered(then)
    assert set(moves["reason"]) <= set(coverage_comparison.REASONS)
    assert moves["venue_id"].is_unique


def test_the_moves_of_areas_add_up_to_their_shares(demo):
    then = replace(demo, as_of=date(2025, 10, 31))
    areas = coverage_comparison.areas(demo, then)
    assert sorted(areas["area"]) == sorted(areas_by_name())
    for row in areas.to_dict("records"):
        own = {"area_id": row["area_id"]}
        change = covered(replace(demo, **own)) - covered(replace(then, **own))
        assert row["newly"] - row["lapsed"] == change
        assert row["points"] == pytest.approx((row["share_to"] - row["share_from"]) * 100)


def test_before_the_first_statement_nothing_is_compared(demo):
    then = replace(demo, as_of=date(2023, 4, 1))
    assert coverage_comparison.untold_of(demo, then)
    assert coverage_comparison.moves(demo, then).empty
    areas = coverage_comparison.areas(demo, then)
    assert areas[["newly", "lapsed", "points"]].isna().all(axis=None)


def test_names_are_those_that_the_sight_gives_and_the_rows_are_the_same(demo):
    then = replace(demo, as_of=date(2025, 10, 31))
    whole = coverage_comparison.moves(demo, then)
    own = Sight("county", "320723")
    seen = coverage_comparison.moves(replace(demo, sight=own), replace(then, sight=own))
    assert list(seen["venue_id"]) == list(whole["venue_id"])
    mine = (whole["county_code"] == "320723") | (whole["zone_id"] == "320723")
    assert (seen.loc[~mine, "name"] == CONCEALED).all() and (~mine).any()
    assert seen.loc[mine, "name"].tolist() == whole.loc[mine, "name"].tolist() != []


# ---- what a bank and the office did, from its files to the reason ----------------------------

SHOP = {"签约日期": "2025-01-05", "巡检日期": "2025-06-20", "所属特定区域": "V1"}
LISTED = {"县区": "海州区", "应覆盖商户数": "2", "分母来源": "名册", "分母日期": "2025-06-01",
          "责任银行": "农行"}  # fmt: skip


@pytest.fixture(scope="module")
def june(tmp_path_factory):
    """A covered market of two shops, as at June; tests must not write to it."""
    office = Office(tmp_path_factory.mktemp("june"))
    office.lists(JUNE, venue("V1", **LISTED))
    office.states(JUNE, shop("1", **SHOP), shop("2", **SHOP))
    return office.store.path


@pytest.fixture
def office(june, tmp_path, use_store):
    """A copy of that store."""
    office = Office(tmp_path)
    use_store(shutil.copytree(june, office.store.path))
    return office


def scope_of(office, day):
    return Scope(office.store.current().id, day, tiers="all")


def reasons(now, then):
    moves = coverage_comparison.moves(now, then)
    return dict(zip(moves["venue_id"], zip(moves["move"], moves["reason"], strict=True),
                    strict=True))  # fmt: skip


def test_a_bank_closes_two_shops(office):
    closed = {"注销日期": "2025-07-10"}
    office.states(JULY, shop("1", **SHOP | closed), shop("2", **SHOP | closed))
    now = scope_of(office, JULY)
    assert reasons(now, replace(now, as_of=JUNE)) == {"V1": ("out", "closed")}


def test_an_upheld_dispute_takes_a_market_down(office):
    office.states(JULY, shop("1", **SHOP), shop("2", **SHOP))
    store, on = office.store, date(2025, 7, 15)
    for number in ("1", "2"):
        case = dispute_decisions.raise_dispute(
            store, "shop", f"ABC/{number}", "refuses", "不会收", found_on=on, by=OFFICE
        )
        dispute_decisions.answer(store, case, "admitted", "认可", by=OFFICE)
        dispute_decisions.rule(store, case, True, "属实", OFFICE, on=on)
    before = scope_of(office, JULY)
    assert coverage_comparison.rulings(before.snapshot_id) == ()
    intake.fold(store, OFFICE)
    now = scope_of(office, JULY)
    assert coverage_comparison.rulings(now.snapshot_id) == (("m:ABC/1", on), ("m:ABC/2", on))
    assert reasons(now, replace(now, as_of=JUNE)) == {"V1": ("out", "ruled")}


def test_a_later_file_corrects_and_one_that_follows_moves(office):
    published = scope_of(office, JUNE)
    late = {"巡检日期": ""}
    office.states(JUNE, shop("1", **SHOP | late), shop("2", **SHOP | late))  # corrected
    known = replace(published, snapshot_id=office.store.current().id)
    assert reasons(known, published) == {"V1": ("out", coverage_comparison.CORRECTED)}
    (row,) = coverage_comparison.corrections(known, published).to_dict("records")
    assert row["revised"] == "lapsed"
    seen = {"巡检日期": "2025-07-20"}
    office.states(JULY, shop("1", **SHOP | seen), shop("2", **SHOP | seen))
    now = scope_of(office, JULY)
    assert reasons(now, replace(now, as_of=JUNE)) == {"V1": ("in", "proven")}
    assert reasons(now, published) == {}  # taken down, and up again: it counts as it counted


# ---- what is new ------------------------------------------------------------------------------


def test_news_are_what_came_since_the_last_visit(office):
    first = office.store.current()
    moment = datetime.now(UTC)
    closed = {"注销日期": "2025-07-10"}
    office.states(JULY, shop("1", **SHOP | closed), shop("2", **SHOP | closed))
    case = dispute_decisions.raise_dispute(
        office.store, "venue", "V1", "closed", "已关闭", by=OFFICE
    )
    now = scope_of(office, JULY)
    found = news.since(now, moment)
    assert [facts["id"] for facts in found.versions] == [now.snapshot_id]
    assert found.then == replace(now, snapshot_id=first.id, as_of=JUNE)
    assert found.shares == (1.0, 0.0)
    assert found.moves[["venue_id", "reason"]].values.tolist() == [["V1", "closed"]]
    assert [one.number for one in found.raised] == [case] and not found.ruled
    assert found.statements[["kind", "as_at", "became"]].values.tolist() == [
        ["merchants", JULY, "in_force"]
    ]
    elsewhere = news.since(replace(now, area_id="320707"), moment)
    assert elsewhere.moves.empty and not elsewhere.raised


def test_without_a_visit_news_are_what_the_version_in_force_brought(office):
    first = scope_of(office, JUNE)
    before = office.store.snapshot(first.snapshot_id).manifest["parent"]
    found = news.since(first, None)
    assert not found.visited and found.then.snapshot_id == before
    assert [facts["id"] for facts in found.versions] == [first.snapshot_id]
    assert found.moves.empty  # nobody had told of any shop


def test_after_a_rollback_news_go_back(office):
    first = office.store.current().id
    closed = {"注销日期": "2025-07-10"}
    office.states(JULY, shop("1", **SHOP | closed), shop("2", **SHOP | closed))
    moment = datetime.now(UTC)
    intake.roll_back(office.store, first, OFFICE)
    found = news.since(scope_of(office, JUNE), moment)
    assert found.then.as_of == JUNE and not found.versions
    assert found.statements["became"].tolist() == ["replaced"]
