"""What later files changed of a day that had been published; which venues the headline counts."""

import pandas as pd
import pytest

from domain import coverage
from domain.revision import revision
from tests.support.small_city import VERIFIED, City, kept, rows


def register(**covered):
    frame = pd.DataFrame(list(covered.items()), columns=["venue_id", "covered_verified"])
    return frame.assign(name=frame["venue_id"]).astype({"covered_verified": bool})


@pytest.mark.parametrize(
    ("published", "known", "revised"),
    [
        ({"A": True}, {"A": True}, {}),
        ({"A": False}, {"A": True}, {"A": "covered"}),
        ({"A": True}, {"A": False}, {"A": "lapsed"}),
        ({}, {"A": True}, {"A": "listed"}),
        ({"A": True}, {"A": True, "B": False}, {"B": "listed_short"}),
        ({"A": True, "B": True}, {"A": True}, {"B": "delisted"}),
        ({"A": False}, {}, {"A": "delisted_short"}),
        ({}, {}, {}),
        ({"A": True, "B": False}, {"B": True, "C": True},
         {"A": "delisted", "B": "covered", "C": "listed"}),
    ],
)  # fmt: skip
def test_every_difference_has_its_reason(published, known, revised):
    found = revision(register(**published), register(**known))
    assert dict(zip(found["venue_id"], found["revised"], strict=True)) == revised


def test_the_difference_of_the_covered_is_the_sum_of_its_reasons():
    published = register(A=True, B=False, C=True, D=False)
    known = register(A=False, B=True, D=True, E=True, F=False)
    counts = revision(published, known)["revised"].value_counts()
    more = counts.get("covered", 0) + counts.get("listed", 0)
    fewer = counts.get("lapsed", 0) + counts.get("delisted", 0)
    assert more - fewer == known["covered_verified"].sum() - published["covered_verified"].sum()


def test_the_headline_counts_markets_and_parks_and_no_hospital():
    city = City()
    city.venue("V1", eligible_count=1)
    city.shop("V1", events=VERIFIED)
    city.venue("V2", "产业园区", eligible_count=5)
    city.venue("V3", "医院")
    city.venue("V4", "自报区域", eligible_count=5)
    city.venue("V5", eligible_count=5, tier=None)
    judged = city.judged()
    counted = coverage.headline(judged)
    assert {row["venue_id"] for row in rows(counted)} == {"V1", "V2"}
    (whole,) = rows(coverage.city(kept(judged)))
    (headline,) = rows(coverage.city(kept(counted)))
    assert (whole["venues"], headline["venues"]) == (5, 2)
    assert headline["share_verified"] == 0.5
