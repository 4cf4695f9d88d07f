"""Sleeping shops: signed, and nobody has paid there for long."""

import pytest

from domain import rules, sleeping
from tests.small_city import DAY, SIGNED, City, ago, rows

LIMIT = rules.value("sleeping_days")


@pytest.mark.parametrize(
    ("events", "sleeps"),
    [
        ([], False),  # a target has nothing to sleep on
        (SIGNED, True),
        ([*SIGNED, ("inspected", ago(5))], True),  # an inspection is no customer
        ([*SIGNED, ("paid", ago(LIMIT))], False),
        ([*SIGNED, ("paid", ago(LIMIT + 1))], True),
        ([*SIGNED, ("paid", ago(LIMIT + 1)), ("paid", ago(3))], False),
        ([*SIGNED, ("paid", ago(-1))], True),  # what comes later is not known that day
        ([*SIGNED, ("closed", ago(3))], False),
    ],
)
def test_a_shop_sleeps(events, sleeps):
    city = City()
    city.shop(events=events)
    (row,) = rows(sleeping.with_sleeping(city.merchants_on(), city.table("events")))
    assert row["sleeping"] is sleeps


def test_the_share_is_of_the_signed_shops_of_each_bank():
    city = City()
    city.shops(3, None, events=SIGNED)
    city.shop(events=[*SIGNED, ("paid", ago(2))])
    city.shop()
    city.shop(operator_id="ABC")
    found = rows(sleeping.by_operator(city.merchants_on(DAY), city.table("events")))
    shares = {row["operator_id"]: row["sleeping_share"] for row in found}
    assert shares == {"ICBC": 0.75, "ABC": None}
