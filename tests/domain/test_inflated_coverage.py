"""Padding: every sign that a figure looks better than the street, worked by hand."""

from datetime import date

import ibis
import pytest

from domain import inflated_coverage
from tests.support.small_city import DAY, PAID, SIGNED, VERIFIED, City, ago, rows


def stated(*reports):
    schema = {"venue_id": "str", "stated_on": "date", "eligible_count": "int64"}
    return ibis.memtable(list(reports), schema=schema)


def signs(city, *reports, venue_id="V"):
    judged = inflated_coverage.venues(city.judged(), city.merchants_on(), city.scenarios_on(),
                            stated(*reports))  # fmt: skip
    (row,) = rows(judged.filter(judged.venue_id == venue_id))
    return row


def market(eligible, verified=0, paid=0, kind="农贸市场"):
    city = City()
    city.venue("V", kind=kind, eligible_count=eligible)
    city.shops(verified, "V", events=VERIFIED)
    city.shops(paid, "V", events=PAID)
    return city


@pytest.mark.parametrize(
    ("eligible", "live", "flagged"), [(1, 1, True), (2, 1, True), (3, 2, False), (2, 0, False)]
)
def test_one_sign_at_the_door(eligible, live, flagged):
    row = signs(market(eligible, paid=live))
    assert row["one_sign"] == row["padded"] == flagged


@pytest.mark.parametrize(
    ("before", "flagged"),
    [
        (20, True),  # 9 of 10 is enough now, of 20 it was not
        (10, False),  # nothing was taken away
        (11, False),  # less than a tenth
    ],
)
def test_a_denominator_that_shrank_until_the_venue_was_covered(before, flagged):
    row = signs(market(10, paid=9), ("V", ago(200), before), ("V", ago(20), 10))
    assert row["covered_verified"] and row["largest"] == before
    assert row["shrunk"] == flagged


def test_a_denominator_that_shrank_harmlessly_is_no_padding():
    row = signs(market(10, paid=10), ("V", ago(200), 11), ("V", ago(20), 10))
    assert not row["shrunk"]
    assert not signs(market(10, paid=10), ("V", date(2026, 12, 31), 30))["shrunk"]  # not yet said


def test_covered_by_inspections_alone():
    assert signs(market(10, verified=10))["unpaid"]
    assert not signs(market(10, verified=9, paid=1))["unpaid"]
    assert not signs(market(10, verified=5))["unpaid"]  # not covered: nothing to look good


def test_a_hospital_is_no_sign_at_the_door():
    city = City()
    city.venue("H", kind="政务大厅")
    city.instance("H", "F3-02", PAID)
    row = signs(city, venue_id="H")
    assert row["covered_verified"] and not row["padded"]


def test_the_sleeping_share_is_of_the_signed_shops_of_each_bank():
    city = City()
    city.shops(3, None, events=SIGNED)
    city.shop(events=PAID)
    city.shop()
    city.shop(operator_id="ABC")
    found = rows(inflated_coverage.sleeping_by_operator(city.merchants_on()))
    assert [(row["operator_id"], row["asleep"], row["sleeping_share"]) for row in found] == [
        ("ABC", 0, None), ("ICBC", 3, 0.75),
    ]  # fmt: skip


def test_a_shop_sleeps_when_it_signed_long_ago_and_nobody_pays():
    city = City()
    asleep = city.shop(events=VERIFIED)  # signed 600 days ago, inspected, never paid
    city.shop(events=PAID)
    city.shop(events=[("contracted", ago(89))])  # too young
    old = city.shop(events=[("contracted", ago(90))])
    city.shop(events=[*SIGNED, ("closed", ago(5))])
    city.shop(events=[*VERIFIED, ("suspended", ago(5))])
    again = city.shop(events=[*SIGNED, ("closed", ago(300)), ("contracted", ago(95))])
    city.shop()
    found = rows(inflated_coverage.sleeping(city.merchants_on()))
    assert {row["merchant_key"]: row["signed_since"] for row in found} == {
        asleep: ago(600), old: ago(90), again: ago(95),
    }  # fmt: skip
    assert all(row["as_of"] == DAY for row in found)
