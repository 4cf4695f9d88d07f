"""The register's awkward cases: what several venues claim, and what several records list."""

from domain import register_overlaps
from tests.support.small_city import DAY, SIGNED, VERIFIED, City, ago, rows


def test_a_shop_that_several_venues_claim_is_told_once_with_the_one_it_counts_in():
    city = City()
    for venue_id in ("A", "B"):
        city.venue(venue_id, eligible_count=5)
    first = city.shop("A", also_in="B", joined_by="outline", events=SIGNED)
    city.shop("A", also_in="B", joined_by="overruled", shop_key=first)
    city.shop("A", joined_by="stated")
    city.shop(also_in="B")
    city.shop("A", also_in="B", events=[*SIGNED, ("closed", ago(9))])
    found = rows(register_overlaps.in_several(city.merchants_on()))
    assert [(row["merchant_key"], row["venue_id"], row["also_in"]) for row in found] == [
        (first, "A", "B")
    ]
    listed = {venue: city.verdict(venue)["listed"] for venue in "AB"}
    assert listed == {"A": 2, "B": 0}, "the shop counts in one venue"


def test_records_of_one_shop_stand_together_and_one_that_is_closed_is_no_repeat():
    city = City()
    first = city.shop(events=SIGNED)
    second = city.shop(shop_key=first, operator_id="ABC", events=VERIFIED)
    third = city.shop(events=SIGNED)
    city.shop(shop_key=third, events=[*SIGNED, ("closed", ago(9))])
    found = rows(register_overlaps.listed_again(city.merchants_on(DAY)))
    assert [(row["shop"], row["merchant_key"]) for row in found] == [
        (first, first),
        (first, second),
    ]
