"""Progress: gains since a day, and what unknown venues leave open of them."""

from datetime import date

import pandas as pd
import pytest

from domain import boards
from domain import coverage_gains as over_time
from tests.support.small_city import DAY, VERIFIED, City, ago, rows

BEFORE = ago(91)


NO_PAIRS = pd.DataFrame(columns=["area_id", "newly", "lapsed"])


def board(area_id, covered, venues, unknown=0, rank=1.0):
    """A row of a board."""
    row = {"area_id": area_id, "area": area_id, "venues": venues, "covered": covered,
           "share": covered / venues, "low": covered / venues,
           "high": (covered + unknown) / venues, "rank": rank, "tied": False,
           "small": venues < 10}  # fmt: skip
    return pd.DataFrame([row])


def change(was, now):
    """The board of progress of one area given as (covered, venues, unknown) then and now."""
    return over_time.progress(board("A", *was), board("A", *now), NO_PAIRS).iloc[0]


@pytest.mark.parametrize(
    ("was", "now", "bounds", "sure"),
    [
        ((8, 20, 0), (10, 20, 0), (0.1, 0.1), True),
        ((8, 20, 1), (10, 20, 0), (0.05, 0.1), True),  # the unknown one was covered at best
        ((8, 20, 4), (10, 20, 0), (-0.1, 0.1), False),
        ((8, 20, 0), (10, 20, 4), (0.1, 0.3), True),
        ((10, 20, 0), (8, 20, 1), (-0.1, -0.05), True),  # a loss can be sure too
        ((8, 20, 0), (8, 20, 0), (0.0, 0.0), True),  # nothing has changed, surely
        ((8, 20, 2), (10, 20, 0), (0.0, 0.1), False),
    ],
)
def test_a_change_is_sure_where_no_unknown_venue_could_turn_it(was, now, bounds, sure):
    row = change(was, now)
    assert (row["change_low"], row["change_high"]) == pytest.approx(bounds)
    assert row["change_low"] <= row["change"] <= row["change_high"]
    assert row["sure"] == sure


def test_venues_are_paired_by_what_they_were_and_are():
    city = City()
    late = [*VERIFIED[:2], ("inspected", ago(3))]
    early = [("contracted", ago(600)), ("inspected", ago(190))]
    for venue_id, events, cells in [
        ("BOTH", [("inspected", ago(100))], {}),
        ("GAINED", late, {}),
        ("LAPSED", early, {}),
        ("NEITHER", [], {}),
        ("LISTED", late, {"listed_on": ago(5)}),
        ("LEFT", [("inspected", ago(100))], {"delisted_on": ago(5)}),
        ("NOWHERE", late, {"county_code": None}),
    ]:
        city.venue(venue_id, eligible_count=1, **cells)
        city.shop(venue_id, events=events)
    parts = [boards.of_board(city.judged(day), "county", "management") for day in (BEFORE, DAY)]
    (row,) = rows(over_time.pairs(*parts))
    assert row == {"area_id": "320706", "newly": 2, "lapsed": 1}


def test_only_areas_ranked_on_both_days_are_on_the_board_and_ties_share_a_rank():
    before = pd.concat([board("A", 2, 20), board("B", 5, 20), board("C", 1, 9),
                        board("D", 1, 20, rank=None)])  # fmt: skip
    after = pd.concat([board("A", 4, 20), board("B", 7, 20), board("C", 9, 12),
                       board("D", 9, 20)])  # fmt: skip
    found = over_time.progress(before, after, NO_PAIRS).set_index("area_id")
    assert found["rank"].to_dict() == {"C": 1, "A": 2, "B": 2}
    assert found["tied"].to_dict() == {"C": False, "A": True, "B": True}
    assert found["small"].to_dict() == {"C": True, "A": False, "B": False}, "small on either day"


@pytest.mark.parametrize(
    ("day", "start"),
    [(date(2026, 10, 31), date(2026, 7, 31)), (date(2026, 5, 31), date(2026, 2, 28))],
)
def test_progress_is_measured_over_three_months(day, start):
    assert over_time.since(day) == start
