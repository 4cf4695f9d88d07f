"""Gaps: the names behind every shortfall, and the plan that closes the most with the least."""

from itertools import combinations

import ibis
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import gaps
from tests.support.small_city import DAY, PAID, SIGNED, VERIFIED, City, ago, rows


def gap_city():
    city = City()
    city.venue("V1", eligible_count=10)
    city.shops(6, "V1", events=VERIFIED)
    city.shop("V1", name="目标店")
    city.shop("V1", name="签约店", events=SIGNED)
    city.shop("V1", name="过期店", events=[*SIGNED, ("inspected", ago(200))])
    city.shop("V1", name="停用店", events=[*VERIFIED, ("suspended", ago(9))])
    city.shop("V1", name="拒绝店", events=[("refused", ago(9))])
    city.shop("V1", name="注销店", events=[*SIGNED, ("closed", ago(9))])
    city.venue("V2", eligible_count=2)
    city.shop("V2", name="收银台", cash_point=True)
    city.venue("V3", eligible_count=1)
    city.shop("V3", events=VERIFIED)
    return city


def test_missing_names_each_shop_with_what_to_do_and_cash_points_first():
    city = gap_city()
    found = rows(gaps.missing(city.merchants_on(), city.judged()))
    assert [(row["name"], row["action"]) for row in found] == [
        ("收银台", "签约"),
        ("目标店", "签约"),
        ("签约店", "开通"),
        ("过期店", "验证"),
        ("停用店", "恢复"),
        ("拒绝店", "再次上门"),
    ]
    assert found[0]["venue"] == "V2号" and found[0]["needed"] == 1


def test_missing_agrees_with_the_counts_of_the_venue():
    city = gap_city()
    venues = city.judged()
    short = {row["venue_id"]: row for row in rows(venues) if not row["covered_verified"]}
    found = rows(gaps.missing(city.merchants_on(), venues))
    for venue_id, row in short.items():
        assert sum(shop["venue_id"] == venue_id for shop in found) == row["named_missing"]


def test_a_shop_that_two_banks_list_is_missing_once_and_not_if_either_is_verified():
    city = City()
    city.venue("V", eligible_count=10)
    live = city.shop("V", name="一行已验证", events=VERIFIED)
    city.shop("V", name="二行未签", operator_id="ABC", shop_key=live)
    first = city.shop("V", name="一行未签")
    city.shop("V", name="二行已签", operator_id="ABC", shop_key=first, events=SIGNED)
    venues, states = city.judged(), city.merchants_on()
    found = rows(gaps.missing(states, venues))
    assert [(row["name"], row["action"]) for row in found] == [("二行已签", "开通")]
    (verdict,) = rows(venues)
    assert verdict["named_missing"] == len(found)
    for bank, name in (("ICBC", "一行未签"), ("ABC", "二行已签")):
        assert [row["name"] for row in rows(gaps.missing(states, venues, bank))] == [name]


def test_an_online_platform_is_missing_until_it_is_paid_through():
    city = City()
    city.venue("O", kind="线上缴费平台")
    city.shop("O", scenario_id="F3-01", events=VERIFIED)
    assert len(rows(gaps.missing(city.merchants_on(), city.judged()))) == 1


def test_missing_links_are_named_and_told_apart_by_whether_anyone_is_on_record():
    city = City()
    city.venue("H", kind="医院")
    city.instance("H", "F4-05", VERIFIED)
    city.shop("H", scenario_id="F4-06", events=VERIFIED)
    city.instance("H", "F4-07", SIGNED)
    city.venue("H2", kind="客运站")
    city.instance("H2", "F2-08", PAID)
    found = rows(gaps.missing_links(city.judged(), city.merchants_on(), city.scenarios_on()))
    assert [(row["venue_id"], row["scenario_id"], row["recorded"]) for row in found] == [
        ("H", "F4-07", True),
        ("H", "F4-08", False),
    ]


def venues_needing(needs):
    """Rows of venue coverage as far as the plan reads them; None is an unknown denominator."""
    table = [(DAY, f"V{number:02}", needed) for number, needed in enumerate(needs)]
    return ibis.memtable(table, schema={"as_of": "date", "venue_id": "str", "needed": "int64"})


def test_plan_starts_where_the_fewest_close_a_venue_and_adds_up():
    found = rows(gaps.plan(venues_needing([5, 0, None, 2, 2])))
    columns = ("venue_id", "needed", "signings", "venues_closed")
    assert [tuple(row[name] for name in columns) for row in found] == [
        ("V03", 2, 2, 1),
        ("V04", 2, 4, 2),
        ("V00", 5, 9, 3),
    ]


def test_plan_of_nothing_is_empty():
    plan = gaps.plan(venues_needing([0, None])).to_pandas()
    assert plan.empty and gaps.within(plan, 10) == 0


@given(st.lists(st.none() | st.integers(0, 9), min_size=1, max_size=7), st.integers(0, 40))
@settings(max_examples=25)
def test_no_other_choice_closes_more_venues(needs, signings):
    short = [needed for needed in needs if needed]
    best = max(
        size
        for size in range(len(short) + 1)
        for chosen in combinations(short, size)
        if sum(chosen) <= signings
    )
    assert gaps.within(gaps.plan(venues_needing(needs)).to_pandas(), signings) == best
