"""The planner: exactly what to do in each venue, and never a better way to spend the same."""

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import gaps, planner
from tests.support.prepared import prepared
from tests.support.small_city import DAY, PAID, SIGNED, VERIFIED, City, ago, rows

OPENED = (*SIGNED, ("opened", ago(590)))
STALE = (*OPENED, ("inspected", ago(200)))
SUSPENDED = (*VERIFIED, ("suspended", ago(9)))
REFUSED = (("refused", ago(9)),)

plan_of = prepared(gaps.plan)
plan_of_some = prepared(
    lambda judged, ids: gaps.plan(judged.filter(judged.venue_id.startswith(ids)))
)
steps_of = prepared(
    lambda venues, shops, instances: planner.steps(
        gaps.plan(venues),
        gaps.missing(shops, venues),
        gaps.missing_links(venues, shops, instances),
    )
)


def planned(city):
    """The plan and its steps as frames."""
    venues, shops = city.judged(), city.merchants_on()
    steps = steps_of(venues, shops, city.scenarios_on())
    return plan_of(venues).to_pandas(), steps.to_pandas()


def market(verified, cash_points=(), **rest):
    """A market of which `verified` shops and the states in `cash_points` and `rest` are known."""
    city = City()
    city.venue("V", eligible_count=rest.pop("eligible"))
    city.shops(verified, "V", events=VERIFIED)
    for number, events in enumerate(cash_points):
        city.shop("V", name=f"收银{number}", cash_point=True, events=events)
    for name, events in rest.items():
        city.shop("V", name=name, events=events)
    return city


def test_a_market_of_nine_needs_all_but_one():
    # 9 stalls: 8 must be verified. 5 are, so 3 of the 4 others, and not the one that refused.
    _, steps = planned(market(5, eligible=9, 拒绝=REFUSED, 目标=(), 签约=SIGNED, 开通=OPENED))
    assert list(steps["name"]) == ["开通", "签约", "目标"]
    assert list(steps["action"]) == ["验证", "开通", "签约"]


def test_a_market_of_ten_with_seven_verified_does_its_three_cash_points():
    # 9 of 10 are required, so 2 more would do by number: but all 3 cash points must be live.
    plan, steps = planned(market(7, [(), REFUSED, SIGNED], eligible=10))
    assert list(plan["needed"]) == [3]
    assert list(steps["name"]) == ["收银2", "收银0", "收银1"]


def test_a_cash_point_that_refused_comes_before_any_other_shop():
    city = market(7, [REFUSED], eligible=10, 签约=SIGNED, 开通=OPENED)
    _, steps = planned(city)  # 9 of 10
    assert list(steps["name"]) == ["收银0", "开通"]


def test_the_nearest_to_verified_come_first():
    city = market(0, eligible=6, 甲=REFUSED, 乙=(), 丙=SUSPENDED, 丁=SIGNED, 戊=STALE, 己=OPENED)
    _, steps = planned(city)  # 5 of 6
    assert list(steps["name"]) == ["戊", "己", "丁", "丙", "乙"]


def test_equals_are_walked_by_street_and_house_number():
    city = City()
    city.venue("V", eligible_count=6)
    for address in ("解放路10号", "", "解放路9号", "海连路2号", "解放路9号2室", None):
        city.shop("V", name=str(address), address=address)
    _, steps = planned(city)
    walked = ["海连路2号", "解放路9号", "解放路9号2室", "解放路10号"]
    assert list(steps["address"].iloc[:4]) == walked and steps["address"].isna().iloc[4]


def test_a_number_too_long_to_be_a_house_number_stops_nothing():
    city = City()
    city.venue("V", eligible_count=2)
    city.shops(2, "V", address="编号" + "9" * 40)
    _, steps = planned(city)
    assert len(steps) == 1


def test_shops_that_no_list_names_are_one_line_to_find_out_first():
    # 18 of 20 required, 10 verified, 3 named: 5 of the 8 have no name.
    plan, steps = planned(market(10, eligible=20, 甲=(), 乙=(), 丙=()))
    assert list(plan["needed"]) == [8]
    assert list(steps["part"]) == ["shop", "shop", "shop", "unnamed"]
    last = steps.iloc[-1]
    assert (last["units"], last["action"], last["so_far"]) == (5, "摸底", 8)


def test_a_hospital_with_three_of_four_links_needs_the_fourth():
    city = City()
    city.venue("H", kind="医院")
    for link in ("F4-05", "F4-06", "F4-07"):
        city.instance("H", link, VERIFIED)
    city.shop("H", scenario_id="F4-05")  # a shop within is no link that is missing
    _, steps = planned(city)
    assert [(row.part, row.scenario_id, row.action) for row in steps.itertuples()] == [
        ("link", "F4-08", "开通")
    ]


def test_a_link_on_record_only_wants_verifying():
    city = City()
    city.venue("H", kind="医院")
    city.instance("H", "F4-05", SIGNED)
    _, steps = planned(city)
    assert list(steps["action"]) == ["验证", "开通", "开通", "开通"]
    assert list(steps["step"]) == [1, 2, 3, 4]


def test_an_online_platform_needs_a_payment():
    city = City()
    city.venue("O", kind="线上缴费平台")
    city.instance("O", "F3-01", VERIFIED)  # inspected, never paid through
    plan, steps = planned(city)
    assert len(steps) == plan["needed"].sum()
    assert steps.set_index("scenario_id").loc["F3-01", "action"] == "验证"
    city.venue("P", kind="线上缴费平台")
    for link in steps["scenario_id"]:
        city.instance("P", link, PAID)
    assert set(planned(city)[1]["venue_id"]) == {"O"}


def test_equal_venues_are_taken_by_id_and_steps_add_up_along_the_plan():
    city = City()
    for venue_id in ("B", "A", "C"):
        city.venue(venue_id, eligible_count=2)
        city.shop(venue_id)
    city.venue("A0", eligible_count=3)
    city.venue("U")  # nobody knows how many
    plan, steps = planned(city)
    assert list(plan["venue_id"]) == ["A", "B", "C", "A0"]
    assert list(steps["venue_id"]) == ["A", "B", "C", "A0"]
    assert list(steps["so_far"]) == [1, 2, 3, 5]


def three_venues():
    """Venues that need 1, 2 and 4, the last without a name."""
    city = City()
    for venue_id, eligible, named in (("A", 2, 2), ("B", 3, 3), ("C", 5, 0)):
        city.venue(venue_id, eligible_count=eligible)
        city.shops(named, venue_id)
    return planned(city)


@pytest.mark.parametrize(
    ("signings", "units", "left"),
    [
        (0, {}, (0, "A")),
        (1, {"A": 1}, (0, "B")),
        (2, {"A": 1, "B": 1}, (1, "B")),
        (3, {"A": 1, "B": 2}, (0, "C")),
        (5, {"A": 1, "B": 2, "C": 2}, (2, "C")),
        (7, {"A": 1, "B": 2, "C": 4}, (0, "")),
        (9, {"A": 1, "B": 2, "C": 4}, (2, "")),
    ],
)
def test_what_is_left_over_begins_the_next_venue(signings, units, left):
    plan, steps = three_venues()
    work = planner.first(steps, signings)
    assert work.groupby("venue_id")["units"].sum().to_dict() == units
    assert planner.left_over(plan, signings) == left


def plan_needing(needs, eligible=None):
    """A plan as `gaps.plan` gives it, for venues V00, V01 … that need `needs`."""
    frame = pd.DataFrame(
        {
            "venue_id": [f"V{number:02}" for number in range(len(needs))],
            "needed": pd.Series(needs, dtype="int64"),
            "eligible": pd.Series(eligible or needs, dtype="int64"),
        }
    )
    frame = frame.sort_values(["needed", "venue_id"], ignore_index=True)
    return frame.assign(signings=frame["needed"].cumsum())


def closed(table, signings):
    """Venues that each way closes with `signings`."""
    paid = table[table["signings"] <= signings]
    return paid.groupby("way").size().reindex(planner.WAYS, fill_value=0).to_dict()


def test_the_same_signings_spent_in_three_ways():
    # Six close V00, V01 and V02 by the plan; in turn V00 and V01; or V03, the largest, alone.
    table = planner.ways(plan_needing([1, 2, 3, 6]))
    assert closed(table, 6) == {"plan": 3, "even": 2, "largest": 1}
    # Round 1: four units, V00 closed. Round 2: V01 closed at the fifth. Round 3: V02 at the eighth.
    even = table[table["way"] == "even"]
    assert list(even["signings"]) == [1, 5, 8, 12]
    assert list(table.loc[table["way"] == "largest", "signings"]) == [6, 9, 11, 12]


def in_turn(needs, signings):
    """Venues closed by giving one to each venue in turn, played out."""
    open_needs, done = list(needs), 0
    while signings and any(open_needs):
        for place, need in enumerate(open_needs):
            if need and signings:
                open_needs[place], signings = need - 1, signings - 1
                done += need == 1
    return done


@given(st.lists(st.integers(1, 9), max_size=8), st.integers(0, 60))
def test_no_yardstick_beats_the_plan_and_turns_are_what_they_say(needs, signings):
    found = closed(planner.ways(plan_needing(needs)), signings)
    assert found["even"] == in_turn(needs, signings) <= found["plan"]
    assert found["largest"] <= found["plan"]


STATES = st.sampled_from([(), SIGNED, OPENED, SUSPENDED, REFUSED])
VENUES = st.tuples(
    st.integers(1, 5), st.integers(0, 3), st.lists(st.tuples(st.booleans(), STATES), max_size=3)
)


def fill(city, venues, name="V"):
    """Add markets, each of (declared size, verified shops, other shops as flag and events)."""
    for number, (eligible, verified, others) in enumerate(venues):
        venue_id = city.venue(f"{name}{number}", eligible_count=eligible)
        city.shops(verified, venue_id, events=VERIFIED)
        for cash_point, events in others:
            city.shop(venue_id, cash_point=cash_point, events=events)


def best(venues, signings):
    """Most of the uncovered `venues` that any choice of `signings` shops covers, all tried.

    In words of its own: every public cash point is verified, and of the shops all but one (the
    venues are small), but never none.
    """
    undone, needs = [], {}
    for number, (eligible, verified, others) in enumerate(venues):
        size = max(eligible, verified + len(others))
        cash_points = [flag for flag, _ in others]
        undone += [(number, flag) for flag in cash_points]
        undone += [(number, False)] * (size - verified - len(others))
        needs[number] = (max(size - 1, 1) - verified, sum(cash_points))
    short = {number: need for number, need in needs.items() if need[0] > 0 or need[1]}

    def lifted(done):
        return sum(
            sum(place == number for place, _ in done) >= units
            and sum(flag for place, flag in done if place == number) == cash_points
            for number, (units, cash_points) in short.items()
        )

    return max(lifted(done) for done in combinations(undone, min(signings, len(undone))))


@given(
    st.lists(
        st.tuples(st.lists(VENUES, min_size=1, max_size=3), st.integers(0, 6)),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=8)
def test_the_plan_never_beats_brute_force_and_never_loses_to_it(cases):
    city = City()
    for number, (venues, _) in enumerate(cases):
        fill(city, venues, f"{number}-")
    judged = city.judged()
    for number, (venues, signings) in enumerate(cases):
        plan = plan_of_some(judged, f"{number}-").to_pandas()
        assert gaps.within(plan, signings) == best(venues, signings)


@given(st.lists(VENUES, min_size=1, max_size=8), st.integers(0, 15))
@settings(max_examples=5)
def test_doing_the_steps_covers_what_the_plan_promises(venues, signings):
    city = City()
    fill(city, venues)
    plan, steps = planned(city)
    assert steps["units"].sum() == plan["needed"].sum()
    covered = sum(row["covered_verified"] for row in rows(city.judged()))
    for step in planner.first(steps, signings).itertuples():
        if step.part == "unnamed":
            city.shops(step.units, step.venue_id, events=VERIFIED)
        else:
            city.occur(step.merchant_key, [("inspected", DAY)])
    after = sum(row["covered_verified"] for row in rows(city.judged()))
    assert after == covered + gaps.within(plan, signings)


def test_split_says_who_gains_and_adds_up():
    plan, steps = three_venues()
    venues = pd.DataFrame(
        {
            "venue_id": ["A", "B", "C", "D"],
            "area_id": ["x", "y", "y", "x"],
            "covered_verified": [False, False, False, True],
        }
    )
    found = planner.split(venues, plan, planner.first(steps, 4), 4, "area_id")
    columns = ["area_id", "venues", "covered", "closed", "units", "share", "share_after"]
    assert found[columns].to_numpy().tolist() == [
        ["y", 2, 0, 1, 3, 0.0, 0.5],
        ["x", 2, 1, 1, 1, 0.5, 1.0],
    ]


def test_a_plan_of_nothing_has_no_steps():
    plan, steps = planned(market(3, eligible=3))
    assert plan.empty and steps.empty
    assert planner.first(steps, 5).empty and planner.ways(plan).empty
    assert planner.left_over(plan, 5) == (5, "")
