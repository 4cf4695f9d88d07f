"""“签 50 家” on the gap list: the sentence, the yardsticks, the splits and the work list."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from domain import gaps, planner
from presentation import plan_wording, record_cards
from queries import attainment, plans
from queries.engine import engine
from queries.scope import Scope, of_scope
from tests.support.pages import open_page, text_of
from tests.support.small_city import City
from ui import session
from ui.gap_list import plan_map


@pytest.fixture
def whole(demo_store, use_store):
    use_store(demo_store)
    return Scope(session.current_id(), date(2026, 10, 31))


def test_the_effect_is_the_plan_applied_to_the_register(whole):
    outlook = plans.outlook(whole)
    effect = plans.effect(outlook, 50)
    assert effect.closed["plan"] == (outlook.plan["signings"] <= 50).sum()
    assert effect.closed["plan"] > max(effect.closed["even"], effect.closed["largest"])
    assert effect.share() == outlook.venues["covered_verified"].mean()


@pytest.mark.parametrize(
    "part", [{"area_id": "320723"}, {"area_id": "YTS"}, {"operator_id": "ABC"}, {"field_id": "F2"}]
)
def test_the_steps_of_a_part_are_those_asked_for_alone(part, whole):
    scope = replace(whole, **part)

    def alone(data):
        venues = of_scope(data.venues_on((scope.as_of,)), scope)
        shops = data.merchants_on(scope.as_of)
        links = gaps.missing_links(venues, shops, data.scenarios_on((scope.as_of,)))
        return planner.steps(gaps.plan(venues), gaps.missing(shops, venues), links)

    expected = engine(scope.snapshot_id).read(alone)
    assert len(expected)
    # Where no denominator of the part is unknown, its counts alone are whole numbers.
    pd.testing.assert_frame_equal(plans.outlook(scope).steps, expected, check_dtype=False)


def test_every_split_adds_up_to_the_signings(whole):
    outlook = plans.outlook(whole)
    work = plan_wording.work(outlook, 50)
    assert work["units"].sum() == 50
    closed = plans.effect(outlook, 50).closed["plan"]
    for by in plan_wording.SPLITS.values():
        table = plan_wording.split(outlook, work, 50, by)
        assert table["units"].sum() == 50
        assert not by or table["closed"].sum() == closed


def test_a_bank_plans_for_its_venues_whoever_owns_the_shops(whole):
    scope = replace(whole, operator_id="ABC")
    outlook = plans.outlook(scope)
    assert set(outlook.venues["operator_id"]) == {"ABC"}
    work = plan_wording.work(outlook, 1_000_000)
    assert work["units"].sum() == outlook.plan["needed"].sum()
    assert work["operator"].nunique() > 1


def test_every_line_says_what_to_do_where_and_who(whole):
    outlook = plans.outlook(replace(whole, tiers="all"))  # links are of institutions, tier B
    work = plan_wording.work(outlook, 1_000_000)
    for column in ("place", "name", "todo", "state_label", "cash_point", "operator", "address"):
        assert (work[column].fillna("") != "").all(), column
    assert {"shop", "link"} <= set(work["part"])
    online = outlook.venues.loc[outlook.venues["carrier"] == "线上型", "venue_id"]
    assert set(work.loc[work["venue_id"].isin(online), "todo"]) == {plan_wording.PAID}


def test_shops_without_a_name_are_one_line_of_the_bank_that_answers_for_the_venue():
    city = City()
    city.venue("V", eligible_count=20)
    judged = city.judged()
    plan = gaps.plan(judged)
    links = gaps.missing_links(judged, city.merchants_on(), city.scenarios_on())
    steps = planner.steps(plan, gaps.missing(city.merchants_on(), judged), links).to_pandas()
    about = {"name": "甲市场", "address": "解放路9号", "operator_id": "ABC"}
    outlook = plans.Outlook(judged.to_pandas().assign(**about), plan.to_pandas(), steps, None)
    (line,) = plan_wording.work(outlook, 7).itertuples()
    assert (line.place, line.name, line.address) == ("1. 甲市场", "无名单 7 家", "解放路9号")
    assert (line.state_label, line.operator) == ("不在名单上", "农业银行")
    assert "先摸底" in line.todo and line.note


def told(whole, venues):
    """What the first of `venues` takes to be covered, and its row."""
    row = venues.iloc[0]
    steps = plans.outlook(whole).steps
    return plan_wording.todo(steps[steps["venue_id"] == row["venue_id"]], row), row


def test_a_venue_says_the_steps_of_as_many_shops_as_it_needs_and_which_will_do(whole):
    venues = attainment.venues(whole)
    spare = venues[(venues["needed"] == 1) & (venues["named_missing"] > 1)]
    text, row = told(whole, spare[spare["cash_points"] == spare["cash_points_verified"]])
    assert text.count(" 1 家") + text.count("：1 家") == 1
    assert f"验证的 {row['named_missing']} 家，补哪家都算" in text
    assert record_cards.requirement(row).startswith(f"达标要验证 {row['required']:.0f} 家")


def test_a_public_cash_point_that_keeps_a_venue_back_is_named_as_the_reason(whole):
    venues = attainment.venues(whole)
    enough = venues[(venues["needed"] == 1) & (venues["verified"] >= venues["required"])]
    text, row = told(whole, enough)
    assert text.startswith("要做（最省的）：公共收银点 1 家") and "补哪家" not in text
    assert "公共收银点都要验证（0 / 1）" in record_cards.requirement(row)


def test_a_small_venue_says_that_one_shop_may_be_left():
    row = pd.Series({"carrier": "区域型", "eligible": 6, "required": 5, "cash_points": 0})
    assert "最多 1 家不验证" in record_cards.requirement(row)


def test_what_is_left_over_is_said_and_marked(whole):
    outlook = plans.outlook(whole)
    biggest = int(outlook.plan["needed"].iloc[-1])
    signings = int(outlook.plan["needed"].sum()) - 1  # one short of the last and largest venue
    effect = plans.effect(outlook, signings)
    assert effect.left == biggest - 1 and f"剩 {effect.left} 家" in plan_wording.sentence(
        "全市", effect
    )
    work = plan_wording.work(outlook, signings)
    assert set(work.loc[work["note"] != "", "venue_id"]) == {outlook.plan["venue_id"].iloc[-1]}
    venues = plan_wording.venues_of(outlook, work)
    assert list(venues["done"]) == [True] * (len(venues) - 1) + [False]


def test_a_list_that_asks_for_more_than_is_missing_says_so(whole):
    outlook = plans.outlook(whole)
    total = int(outlook.plan["needed"].sum())
    assert f"补足 {total:,} 家" in plan_wording.sentence("全市", plans.effect(outlook, total + 5))


def test_unknown_denominators_are_counted_apart():
    venues = pd.DataFrame({"listed": [0, 2, 3], "verified": [0, 2, 1]})
    note = plan_wording.unknown_note(venues)
    assert "3 个场所应覆盖数待核" in note and "其中 1 个" in note


def test_a_name_cannot_become_a_script_on_the_map():
    venues = pd.DataFrame(
        [{"number": 1, "venue": "<b>`${1}`", "units": 1, "done": True, "lon": 119.2, "lat": 34.6}]
    )
    scope = Scope("x", date(2026, 1, 1))
    (layer,), _ = plan_map.layers(scope, venues)
    (marks,) = layer()._children.values()
    assert "&lt;b&gt;" in marks.data["features"][0]["properties"]["tip"]


@pytest.mark.parametrize("signings", [0, 1, 50, 100_000])
def test_the_page_answers_any_number(signings, demo_store, use_store):
    use_store(demo_store)
    app = open_page("gap_list")
    app.number_input(key="signings").set_value(signings).run()
    assert not app.exception and not app.error
    assert f"再签 {signings:,} 家" in text_of(app).replace("\\", "")


@pytest.mark.parametrize(
    ("written", "signings"),
    [("10", 10), ("inf", 50), ("1e400", 50), ("-1", 50), ("nan", 50), ("多", 50), ("9" * 400, 50)],
)
def test_an_address_with_no_number_of_signings_starts_with_the_usual_one(
    written, signings, demo_store, use_store
):
    use_store(demo_store)
    app = open_page("gap_list", signings=written)
    assert not app.exception and not app.error
    assert app.number_input(key="signings").value == signings


@pytest.mark.parametrize("label", plan_wording.SPLITS)
def test_the_page_splits_the_effect(label, demo_store, use_store):
    use_store(demo_store)
    app = open_page("gap_list")
    app.segmented_control(key="split").set_value(label).run()
    assert not app.exception
    assert app.dataframe[0].value["要补（家、项）"].sum() == 50
