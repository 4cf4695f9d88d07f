"""Progress: gains since a day, with an interval that knows most venues are the same."""

from datetime import date

import pandas as pd
import pytest

from domain import boards
from domain import coverage_gains as over_time
from tests.support.small_city import DAY, VERIFIED, City, ago, rows

BEFORE = ago(91)


def interval(both, gained, lapsed, neither, n_before=None, n_after=None):
    """The board of progress of one area whose venues were the same, unless counts are given."""
    n = both + gained + lapsed + neither
    was = (
        both + lapsed if n_before is None else n_before[0],
        n if n_before is None else n_before[1],
    )
    now = (both + gained if n_after is None else n_after[0], n if n_after is None else n_after[1])
    pairs = pd.DataFrame(
        [("A", both, gained, lapsed, neither, gained)],
        columns=["area_id", "both", "gained", "lapsed", "neither", "newly"],
    )
    return over_time.progress(board("A", *was), board("A", *now), pairs).iloc[0]


def board(area_id, covered, venues, rank=1.0):
    """A row of a board with its Wilson interval, z = 1.96."""
    p, z = covered / venues, 1.96
    middle = (p + z**2 / (2 * venues)) / (1 + z**2 / venues)
    half = z * (p * (1 - p) / venues + z**2 / (4 * venues**2)) ** 0.5 / (1 + z**2 / venues)
    row = {"area_id": area_id, "area": area_id, "venues": venues, "covered": covered, "share": p,
           "low": middle - half, "high": middle + half, "rank": rank, "tied": False,
           "small": venues < 10}  # fmt: skip
    return pd.DataFrame([row])


def test_without_common_venues_it_is_newcombes_interval_of_two_samples():
    # Newcombe 1998 (17: 873–890), table II (a): 56/70 − 48/80, method 10: 0.0524 to 0.3339.
    row = interval(0, 0, 0, 0, n_before=(48, 80), n_after=(56, 70))
    assert row["change"] == pytest.approx(0.2)
    assert row["change_low"] == pytest.approx(0.0524, abs=5e-5)
    assert row["change_high"] == pytest.approx(0.3339, abs=5e-5)
    assert row["sure"]


def test_with_the_same_venues_it_is_newcombes_interval_of_pairs():
    # By hand, 40 venues, 20 covered then and 26 now, 6 gained and none lapsed:
    # phi = (20·14 − 0 − 20) / √(26·14·20·20) = 260 / 381.6 = 0.6814;
    # Wilson 0.35199–0.64801 then and 0.49506–0.77866 now;
    # low = 0.15 − √(0.15494² − 2·0.6814·0.15494·0.14801 + 0.14801²) = 0.15 − 0.12108,
    # high = 0.15 + √(0.12866² − 2·0.6814·0.12866·0.14801 + 0.14801²) = 0.15 + 0.11184.
    row = interval(20, 6, 0, 14)
    assert row["change"] == pytest.approx(0.15)
    assert row["change_low"] == pytest.approx(0.0289, abs=5e-5)
    assert row["change_high"] == pytest.approx(0.2618, abs=5e-5)


def test_a_gain_of_one_venue_is_within_noise_and_many_are_not():
    assert not interval(20, 1, 0, 19)["sure"]
    assert interval(20, 12, 0, 8)["sure"]
    assert interval(8, 0, 12, 20)["sure"], "a loss can be sure too"


@pytest.mark.parametrize("counts", [(0, 0, 0, 10), (10, 0, 0, 0), (0, 10, 0, 0), (5, 0, 0, 5)])
def test_the_change_lies_in_its_interval_at_the_edges(counts):
    row = interval(*counts)
    assert -1 <= row["change_low"] <= row["change"] <= row["change_high"] <= 1


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
    assert row == {
        "area_id": "320706", "both": 1, "gained": 1, "lapsed": 1, "neither": 1, "newly": 2,
    }  # fmt: skip


def test_only_areas_ranked_on_both_days_are_on_the_board_and_ties_share_a_rank():
    before = pd.concat([board("A", 2, 20), board("B", 5, 20), board("C", 1, 9),
                        board("D", 1, 20, rank=None)])  # fmt: skip
    after = pd.concat([board("A", 4, 20), board("B", 7, 20), board("C", 9, 12),
                       board("D", 9, 20)])  # fmt: skip
    pairs = pd.DataFrame(columns=["area_id", "both", "gained", "lapsed", "neither", "newly"])
    found = over_time.progress(before, after, pairs).set_index("area_id")
    assert found["rank"].to_dict() == {"C": 1, "A": 2, "B": 2}
    assert found["tied"].to_dict() == {"C": False, "A": True, "B": True}
    assert found["small"].to_dict() == {"C": True, "A": False, "B": False}, "small on either day"


@pytest.mark.parametrize(
    ("day", "start"),
    [(date(2026, 10, 31), date(2026, 7, 31)), (date(2026, 5, 31), date(2026, 2, 28))],
)
def test_progress_is_measured_over_three_months(day, start):
    assert over_time.since(day) == start
