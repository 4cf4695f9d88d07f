"""Upkeep: which verified shops run out soon, by their own events."""

from domain import expiring_verification
from tests.support.small_city import DAY, SIGNED, City, ago, rows

OPENED = (*SIGNED, ("opened", ago(590)))
SEEN = (*OPENED, ("inspected", ago(165)))  # good for 180 days: 15 more
PAID = (*OPENED, ("paid", ago(80)))  # good for 90 days: 10 more


def lapsing(city, within=30):
    found = expiring_verification.running_out(
        city.judged(), city.merchants_on(), city.table("events"), DAY, within
    )
    return {row["name"]: row["left"] for row in rows(found)}


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


def test_a_venue_that_is_not_covered_has_nothing_to_keep():
    city = City()
    city.venue("V", eligible_count=20)
    city.shop("V", events=SEEN)
    assert lapsing(city) == {}
