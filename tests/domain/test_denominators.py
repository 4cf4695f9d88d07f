"""Denominators: the register's count, the lists' count, the one that is used, and their sources."""

import pytest

from domain.denominators import denominators
from tests.support.small_city import DAY, City, rows


def of(city):
    """The denominator of the one venue of a city."""
    (row,) = rows(denominators(city.judged(), city.merchants_on()))
    return row


def listed(count, declared, **cells):
    """A city of one market whose register says `declared` and whose lists hold `count` shops."""
    city = City()
    city.venue("V", eligible_count=declared, eligible_source="市商务局", **cells)
    city.shops(count, "V")
    return city


@pytest.mark.parametrize(
    ("declared", "count", "adopted", "raised"),
    [(5, 3, 5, False), (5, 5, 5, False), (5, 6, 6, True), (None, 4, None, False), (0, 2, 2, True)],
)
def test_the_larger_count_is_used_and_an_unknown_one_stays_unknown(
    declared, count, adopted, raised
):
    row = of(listed(count, declared))
    assert (row["declared"], row["listed"], row["adopted"]) == (declared, count, adopted)
    assert row["raised"] == raised


def test_nothing_declared_and_nothing_listed_is_unknown_and_not_zero():
    row = of(listed(0, 0))
    assert row["adopted"] is None and not row["raised"]


def test_a_raised_denominator_names_both_sources():
    city = listed(1, 1)
    city.shop("V", operator_id="BOC")
    city.shop("V", operator_id="BOC")
    city.shop("V", operator_id="ABC", events=[("closed", DAY)])  # no longer on the list
    row = of(city)
    assert (row["eligible_source"], row["listed_by"]) == ("市商务局", "BOC;ICBC")


def test_a_venue_of_links_has_no_count_of_shops():
    city = City()
    city.venue("V", kind="医院")
    row = of(city)
    assert (row["declared"], row["listed"], row["adopted"]) == (None, None, 4)
    assert row["listed_by"] == "" and not row["raised"]
