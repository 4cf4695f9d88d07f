"""Moves: why each venue came to be covered or ceased to be, worked by hand, and that it adds up."""

from collections import Counter

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import coverage_moves
from domain.coverage_moves import REASONS
from tests.support.prepared import prepared
from tests.support.small_city import DAY, SIGNED, City, ago, rows

BEFORE = ago(30)
OPENED = (*SIGNED, ("opened", ago(590)))
LONG = (*OPENED, ("inspected", ago(60)))  # verified on both days
INSPECTED = (*OPENED, ("inspected", ago(200)))  # until 20 days ago
PAID_ONCE = (*OPENED, ("paid", ago(100)))  # until 10 days ago
FRESH = (*OPENED, ("inspected", ago(3)))
NEW = (("contracted", ago(9)), ("opened", ago(8)), ("inspected", ago(3)))

_ABOUT = ("register", "merchants", "scenarios", "events", "rulings", "since", "until")
_moves = prepared(
    lambda before, after, *about: coverage_moves.moves(
        before, after, **dict(zip(_ABOUT, about, strict=True))
    )
)


def moves(city, rulings=(), before=None, after=None):
    """Rows of `moves` from BEFORE to DAY by venue."""
    schema = {"record_key": "str", "day": "date"}
    was, now = city.judged(BEFORE), city.judged(DAY)
    found = _moves(
        was if before is None else before,
        now if after is None else after,
        city.judged(BEFORE, DAY),
        city.merchants_on(BEFORE, DAY),
        city.scenarios_on(BEFORE, DAY),
        city.table("events"),
        ibis.memtable(list(rulings), schema=schema),
        BEFORE,
        DAY,
    )
    return {row["venue_id"]: row for row in rows(found)}


def reasons(city, rulings=(), **compared):
    return {
        venue: (row["move"], row["reason"])
        for venue, row in moves(city, rulings, **compared).items()
    }


def market(*shops, **venue):
    """A city of one market with these shops, each given by its events."""
    city = City()
    city.venue("V", **({"eligible_count": len(shops)} | venue))
    for events in shops:
        city.shop("V", events=events)
    return city


@pytest.mark.parametrize(
    ("shops", "move"),
    [
        ((NEW,), ("in", "signed")),
        ((FRESH,), ("in", "proven")),
        (((*OPENED, ("paid", ago(5))),), ("in", "proven")),
        (((*LONG, ("suspended", ago(50)), ("resumed", ago(9)), ("paid", ago(4))),),
         ("in", "proven")),
        ((INSPECTED,), ("out", "inspection")),
        ((PAID_ONCE,), ("out", "payment")),
        (((*INSPECTED, ("paid", ago(115))),), ("out", "inspection")),
        (((*INSPECTED, ("paid", ago(100))),), ("out", "payment")),
        (((*LONG, ("closed", ago(5))),), ("out", "closed")),
        (((*LONG, ("suspended", ago(5))),), ("out", "closed")),
        (((*LONG, ("closed", DAY)),), ("out", "closed")),
        (((*LONG, ("ineligible", ago(5))),), ("out", "other")),
    ],
)  # fmt: skip
def test_a_venue_of_one_shop_moves_for_the_reason_of_its_shop(shops, move):
    assert reasons(market(*shops)) == {"V": move}


@pytest.mark.parametrize(
    "events", [LONG, (*OPENED, ("paid", ago(40))), (*LONG, ("closed", ago(40))), SIGNED, ()]
)
def test_what_stands_as_it_stood_has_not_moved(events):
    assert reasons(market(events)) == {}


def test_what_moved_most_shops_is_the_reason_and_the_others_are_counted():
    found = moves(market(*[INSPECTED] * 3, *[(*LONG, ("closed", ago(5)))] * 2, LONG))["V"]
    assert found["reason"] == "inspection"
    assert (found["units_inspection"], found["units_closed"], found["units_payment"]) == (3, 2, 0)
    assert (found["verified_before"], found["verified_after"]) == (6, 1)


def test_of_reasons_that_moved_equally_many_the_first_in_order_counts():
    even = market(*[INSPECTED] * 2, *[PAID_ONCE] * 2, *[(*LONG, ("closed", ago(5)))] * 2)
    assert reasons(even) == {"V": ("out", "closed")}
    assert list(REASONS).index("closed") < list(REASONS).index("inspection")
    assert reasons(market(*[INSPECTED] * 2, *[PAID_ONCE] * 3)) == {"V": ("out", "payment")}


def test_a_venue_that_is_listed_or_delisted():
    city = City()
    city.venue("NEW", eligible_count=1, listed_on=ago(5))
    city.shop("NEW", events=LONG)
    city.venue("LEFT", eligible_count=1, delisted_on=ago(5))
    city.shop("LEFT", events=LONG)
    city.venue("SHORT", eligible_count=5, listed_on=ago(5))
    assert reasons(city) == {"NEW": ("in", "listed"), "LEFT": ("out", "delisted")}


def recounted(before, after, shops):
    """A market with another denominator from 10 days ago on."""
    city = market(*shops, eligible_count=before)
    was, now = city.judged(BEFORE), market(*shops, eligible_count=after).judged(DAY)
    return {"city": city, "before": was, "after": now}


@pytest.mark.parametrize(
    ("before", "after", "move"),
    [
        (5, 2, ("in", "denominator")),
        (2, 5, ("out", "denominator")),
        (None, 2, ("in", "denominator")),
        (2, None, ("out", "denominator")),
    ],
)
def test_another_denominator(before, after, move):
    asked = recounted(before, after, [LONG] * 2)
    assert reasons(**asked) == {"V": move}
    assert reasons(**asked, rulings=[("v:V", ago(10))]) == {"V": (move[0], "ruled")}
    assert reasons(**asked, rulings=[("v:V", ago(40))]) == {"V": move}  # was ruled before


def test_an_upheld_dispute_about_a_shop_goes_before_what_else_befell_it():
    city = City()
    city.venue("V", eligible_count=2)
    questioned = city.shop("V", events=(*LONG, ("disproved", ago(5))))
    lapsed = city.shop("V", events=INSPECTED)
    key, day = f"m:{questioned}", ago(5)
    assert reasons(city, [(key, day)]) == {"V": ("out", "ruled")}
    assert reasons(city, [(f"m:{lapsed}", ago(31))])["V"] == ("out", "inspection")


def test_a_shop_that_moved_in_or_out():
    city = City()
    for venue in ("FROM", "TO"):
        city.venue(venue, eligible_count=1)
    city.shop("FROM", events=LONG)
    after = City(rows={name: [dict(row) for row in own] for name, own in city.rows.items()})
    (shop,) = after.rows["merchants"]
    shop["venue_id"] = "TO"
    states = ibis.union(city.merchants_on(BEFORE), after.merchants_on(DAY))
    found = _moves(
        city.judged(BEFORE),
        after.judged(DAY),
        city.judged(BEFORE, DAY),
        states,
        city.scenarios_on(BEFORE, DAY),
        city.table("events"),
        ibis.memtable([], schema={"record_key": "str", "day": "date"}),
        BEFORE,
        DAY,
    )
    assert {row["venue_id"]: (row["move"], row["reason"]) for row in rows(found)} == {
        "FROM": ("out", "moved"),
        "TO": ("in", "moved"),
    }


def test_a_venue_that_left_what_is_compared_moved_or_is_told_otherwise():
    city = market(LONG)
    none = city.judged(DAY).filter(ibis.literal(False))
    assert reasons(city, after=none) == {"V": ("out", "other")}  # such as another bank's now
    there = city.judged(BEFORE).mutate(county_code=ibis.literal("320703"))
    assert reasons(city, before=there, after=none) == {"V": ("out", "moved")}


def test_a_public_cash_point_decides_alone():
    city = market(*[LONG] * 19, INSPECTED)
    assert reasons(city) == {}  # 19 of 20 are enough
    city.shop("V", cash_point=True, events=INSPECTED)
    found = moves(city)["V"]
    assert (found["move"], found["reason"], found["units_inspection"]) == ("out", "inspection", 1)
    assert (found["cash_points_verified_before"], found["cash_points_verified_after"]) == (1, 0)


def test_links_of_institutions_and_the_payments_of_platforms():
    city = City()
    city.venue("H", "医院")
    for scenario in ("F4-05", "F4-06", "F4-07"):
        city.instance("H", scenario, events=LONG)
    city.instance("H", "F4-08", events=INSPECTED)
    city.venue("P", "线上缴费平台")
    city.instance("P", "F3-01", events=(*PAID_ONCE, ("inspected", ago(40))))
    assert reasons(city) == {"H": ("out", "inspection"), "P": ("out", "payment")}


def test_a_shop_of_two_banks_has_one_reason():
    city = City()
    city.venue("V", eligible_count=1)
    city.shop("V", events=INSPECTED, shop_key="S")
    city.shop("V", events=(*LONG, ("closed", ago(5))), shop_key="S")
    found = moves(city)["V"]
    assert (found["reason"], found["units_closed"], found["units_inspection"]) == ("closed", 1, 0)


HISTORIES = (LONG, INSPECTED, PAID_ONCE, FRESH, NEW, SIGNED, (*LONG, ("closed", ago(5))),
             (*LONG, ("disproved", ago(7))), (*OPENED, ("ineligible", ago(20))))  # fmt: skip
LISTINGS = ({}, {"listed_on": ago(9)}, {"delisted_on": ago(9)}, {"eligible_count": None})


@settings(max_examples=12)
@given(
    st.lists(
        st.tuples(st.sampled_from(LISTINGS), st.lists(st.sampled_from(HISTORIES), max_size=4)),
        min_size=1,
        max_size=8,
    )
)
def test_in_minus_out_is_the_change_and_each_venue_has_one_reason(venues):
    city = City()
    for number, (listing, shops) in enumerate(venues):
        venue = city.venue(f"V{number}", **({"eligible_count": 2} | listing))
        for events in shops:
            city.shop(venue, events=events)
    found = moves(city)
    counts = Counter(row["move"] for row in found.values())
    was, now = (sum(row["covered_verified"] for row in rows(city.judged(day)))
                for day in (BEFORE, DAY))  # fmt: skip
    assert counts["in"] - counts["out"] == now - was
    assert {row["reason"] for row in found.values()} <= set(REASONS)
    by_reason = Counter(row["reason"] for row in found.values())
    assert sum(by_reason.values()) == len(found)
    assert not any(row["reason"] == "other" for row in found.values() if row["move"] == "in")
