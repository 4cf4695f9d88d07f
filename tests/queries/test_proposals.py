"""What there is to decide follows from the boards, the plan and the register, and says so."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from domain import pace
from presentation import front_wording
from queries import attainment, board_standings, lapsing_soon, plans, proposals
from queries.scope import Scope
from tests.support.stated import JUNE, Office, shop, venue
from ui import session

DAY = date(2026, 10, 31)
GUANNAN = "320724"


@pytest.fixture
def scope(demo_store, use_store):
    use_store(demo_store)
    return Scope(session.current_id(), DAY)


def of(scope, sort):
    return next(one for one in proposals.every(scope) if one.sort == sort)


@pytest.mark.parametrize("day, due", [
    (date(2026, 10, 31), date(2026, 12, 31)),
    (date(2026, 11, 30), date(2027, 1, 31)),
    (date(2025, 12, 31), date(2026, 2, 28)),
    (date(2024, 12, 15), date(2025, 2, 28)),
])  # fmt: skip
def test_a_deadline_is_the_end_of_the_month_after_next(day, due):
    assert proposals.deadline(day) == due


def test_the_venue_is_the_cheapest_of_the_lowest_area_that_has_one(scope):
    one = of(scope, "venue")
    plan = attainment.plan(scope).set_index("venue_id")
    row = plan.loc[one.subject_id]
    assert (one.unit, one.units, one.more) == (row["operator_id"], row["needed"], 1)
    shares = attainment.areas(scope).set_index("area_id")["share_verified"]
    area = plan["zone_id"].where(plan["zone_id"].notna(), plan["county_code"])
    own = area[one.subject_id]
    assert shares[own] == shares[area.dropna().unique()].min()
    assert one.units == plan.loc[area == own, "needed"].min()


def test_what_is_to_confirm_promises_no_more_than_what_is_verified_already_bears(scope):
    one = of(scope, "confirm")
    boards = pd.concat(board_standings.ranks(scope, kind) for kind in ("county", "zone"))
    row = boards[boards["area_id"] == one.unit].iloc[0]
    assert one.units == row["unknown"]
    assert row["rank_best"] <= one.best <= row["rank"] == one.now[0]
    assert row["low"] <= one.after <= row["high"]


def test_the_plan_says_what_the_planner_says(scope):
    one = of(scope, "plan")
    effect = plans.effect(plans.outlook(scope), one.units)
    assert one.more == effect.closed["plan"]
    assert (one.before, one.after) == (effect.share(), effect.share(one.more))


def test_an_area_is_proposed_only_what_is_its_own(scope):
    own = replace(scope, area_id=GUANNAN)
    found = {one.sort: one for one in proposals.every(own)}
    venues = attainment.venues(own).set_index("venue_id")
    assert found["venue"].subject_id in venues.index
    assert (found["confirm"].unit, found["confirm"].subject_id) == (GUANNAN, GUANNAN)


def test_before_any_data_there_is_nothing_to_decide(young_store, use_store):
    use_store(young_store)
    early = Scope(session.current_id(), date(2023, 1, 31))
    assert [one for one in proposals.every(early) if one.sort != "confirm"] == []


def test_each_proposal_is_a_question_with_its_effect(scope):
    for one in proposals.every(scope):
        said = front_wording.decision(one)
        assert said.question.endswith("？")
        assert one.sort in ("plan", "renew") or "12 月底" in said.question
        assert said.effect and "nan" not in said.question + said.effect


@pytest.mark.parametrize("covered, venues, due, more", [
    (119, 205, 0.9, 66), (185, 205, 0.9, 0), (0, 10, 0.9, 9), (9, 10, 0.9, 0), (3, 10, 0.3, 0),
    (2, 10, 0.25, 1),
])  # fmt: skip
def test_how_many_more_venues_the_due_line_takes(covered, venues, due, more):
    assert pace.still_needed(covered, venues, due) == more


@pytest.mark.parametrize("delta, said", [
    (1.46, "+1.5"), (-0.5, "-0.5"), (0.0, "持平"), (0.04, "持平"), (-0.04, "持平"),
    (float("nan"), "—"),
])  # fmt: skip
def test_no_move_is_said_as_none_and_an_unknown_one_as_unknown(delta, said):
    assert front_wording.points(delta) == said


def test_the_rank_of_an_area_says_what_would_raise_it(scope):
    board = board_standings.ranks(scope, "county")
    for area_id in board["area_id"]:
        text = front_wording.rank(replace(scope, area_id=area_id))
        row = board[board["area_id"] == area_id].iloc[0]
        assert f"第 {row['rank']} 位" in text
        assert ("就超过" in text) == (row["rank"] > 1), text


def test_only_a_venue_whose_listed_shops_are_verified_is_covered_by_its_count_alone(
    tmp_path, use_store
):
    office = Office(tmp_path)
    use_store(office.store.path)
    office.lists(JUNE, *(venue(number) for number in ("V1", "V2", "V3")))
    seen = {"签约日期": "2025-01-10", "最近巡检日期": "2025-06-20"}
    office.states(
        JUNE,
        *(shop(number, 特定区域="V1", **seen) for number in ("1", "2")),
        shop("3", 特定区域="V2", **seen),
        *(shop(number, 特定区域="V2", 签约日期="2025-01-10") for number in ("4", "5")),
        sender="工商银行",
    )
    one = of(Scope(office.store.current().id, JUNE), "confirm")
    assert (one.units, one.more, one.before, one.after) == (3, 1, 0.0, pytest.approx(1 / 3))


MARCH, LATE = date(2025, 3, 31), date(2025, 7, 31)


@pytest.fixture
def late(tmp_path, use_store):
    """A day on which 农业银行 was last heard of four months before and its inspections run out.

    All verified shops of V1 and V2 are its own, of V3 one is 工商银行's and runs out too; V4 is
    工商银行's, and holds.
    """
    office = Office(tmp_path)
    use_store(office.store.path)
    office.lists(MARCH, *(venue(f"V{one}", 应覆盖商户数="2") for one in range(1, 5)))

    def of(number, where, inspected="2025-02-15"):
        own = {"签约日期": "2025-01-10", "最近巡检日期": inspected, "特定区域": where}
        return shop(number, **own)

    places = ("V1", "V1", "V2", "V2", "V3")
    office.states(MARCH, *(of(f"A{one}", where) for one, where in enumerate(places)))
    held = of("I2", "V4", "2025-07-20"), of("I3", "V4", "2025-07-20")
    office.states(LATE, of("I1", "V3"), *held, sender="工商银行")
    return Scope(office.store.current().id, LATE)


def test_a_late_bank_is_asked_for_what_it_alone_keeps_from_falling(late):
    # inspected on 15 February, so the last day is 14 August: five shops of 农业银行, of which
    # those of V1 and V2 are all that these venues have; V3 falls whatever 农业银行 does
    one = of(late, "renew")
    assert (one.unit, one.units, one.more) == ("ABC", 5, 2)
    assert (one.due, one.heard) == (LATE + timedelta(lapsing_soon.LAPSING), MARCH)
    said = front_wording.decision(one)
    assert said.question == "催农业银行 8 月 30 日前补报 4 月以来的名单、补办验证？"
    assert said.effect == "不办，2 个达标场所退出"


def test_what_bears_on_most_venues_comes_first_and_three_are_enough(scope):
    found = proposals.proposals(scope)
    effects = [one.more for one in found]
    assert effects == sorted(effects, reverse=True)
    left_out = [one.more for one in proposals.every(scope) if one not in found]
    assert len(found) <= proposals.MOST and max(left_out, default=0) <= min(effects)
