"""Upkeep: which verified shops run out soon, by their own events."""

import pytest

from domain import expiring_verification
from tests.support.small_city import DAY, SIGNED, City, ago, rows

OPENED = (*SIGNED, ("opened", ago(590)))
SEEN = (*OPENED, ("inspected", ago(165)))  # good for 180 days: 15 more
PAID = (*OPENED, ("paid", ago(80)))  # good for 90 days: 10 more


def found(city, within=30):
    return rows(
        expiring_verification.running_out(
            city.judged(), city.merchants_on(), city.scenarios_on(), city.table("events"), DAY,
            within=within,
        )
    )  # fmt: skip


def lapsing(city, within=30):
    return {row["name"]: row["left"] for row in found(city, within)}


def covered(**shops):
    """A venue that is covered with these shops, given by their events."""
    city = City()
    city.venue("V", eligible_count=len(shops))
    for name, events in shops.items():
        city.shop("V", name=name, events=events)
    return city


def test_each_shop_lasts_as_long_as_its_best_proof():
    fresh = (*OPENED, ("inspected", ago(1)))
    assert lapsing(covered(巡检=SEEN, 交易=PAID, 都有=(*SEEN, ("paid", ago(80))), 新=fresh)) == {
        "交易": 10, "巡检": 15, "都有": 15,
    }  # fmt: skip


def test_only_those_within_the_days_asked_for_and_today_is_the_last_day():
    today = (*OPENED, ("inspected", ago(180)))
    assert lapsing(covered(巡检=SEEN, 今天=today), within=15) == {"今天": 0}
    assert lapsing(covered(巡检=SEEN, 今天=today), within=16) == {"今天": 0, "巡检": 15}


def test_a_proof_from_before_a_suspension_is_none():
    again = (*SEEN, ("suspended", ago(100)), ("opened", ago(90)), ("paid", ago(85)))
    assert lapsing(covered(复开=again, 另一家=SEEN)) == {"复开": 5, "另一家": 15}


def test_what_came_later_is_not_known_yet():
    assert lapsing(covered(巡检=(*SEEN, ("inspected", ago(-5))))) == {"巡检": 15}


def test_a_shop_of_two_banks_stands_once_under_the_record_that_lasts():
    city = City()
    city.venue("V", eligible_count=1)
    city.shop("V", name="甲行", events=PAID, shop_key="S")
    city.shop("V", name="乙行", events=SEEN, shop_key="S")
    assert lapsing(city) == {"乙行": 15}


def test_a_venue_that_is_not_covered_cannot_fall():
    city = City()
    city.venue("V", eligible_count=20)
    city.shop("V", events=SEEN)
    (row,) = found(city)
    assert (row["covered"], row["falls"]) == (False, False)


FRESH = (*OPENED, ("inspected", ago(1)))


@pytest.mark.parametrize(
    ("shops", "falls"),
    [
        ([SEEN], True),
        ([SEEN, FRESH], False),  # one of two may be missing
        ([SEEN, PAID, FRESH], True),
        ([SEEN, SEEN, *[FRESH] * 18], False),
        ([SEEN, SEEN, SEEN, *[FRESH] * 17], True),
    ],
)
def test_a_venue_falls_where_too_few_are_left(shops, falls):
    city = City()
    city.venue("V", eligible_count=len(shops))
    for events in shops:
        city.shop("V", events=events)
    assert {row["falls"] for row in found(city)} == {falls}


def test_a_public_cash_point_that_lapses_is_enough():
    city = City()
    city.venue("V", eligible_count=20)
    city.shops(19, "V", events=FRESH)
    city.shop("V", cash_point=True, events=SEEN)
    (row,) = found(city)
    assert row["falls"]


def test_a_platform_lasts_as_long_as_its_payment_and_a_hospital_as_its_best_proof():
    city = City()
    city.venue("P", "线上缴费平台")
    city.instance("P", "F3-01", events=(*PAID, ("inspected", ago(1))))
    city.venue("H", "医院")
    for scenario in ("F4-05", "F4-06", "F4-07"):
        city.instance("H", scenario, events=FRESH)
    city.instance("H", "F4-08", events=SEEN)
    rows_found = [(row["venue_id"], row["scenario_id"], row["proof"], row["left"], row["falls"])
                  for row in found(city)]  # fmt: skip
    assert rows_found == [
        ("P", "F3-01", "payment", 10, True),
        ("H", "F4-08", "inspection", 15, True),
    ]
