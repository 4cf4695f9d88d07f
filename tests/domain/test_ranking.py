"""Ranking: boards from which nobody escapes, and the composite beside them."""

from itertools import product

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import ranking, rules
from tests.support.prepared import prepared
from tests.support.small_city import DAY, rows

banded = prepared(
    lambda areas, due, *named: ranking.banded(ranking.ranking(areas, "county", *named), due)
)


def table_of(*areas, due=0.9, named=None):
    """The board of areas given as (covered, unknown, venues)."""
    table = [
        (DAY, "county", f"A{number}", f"县{number}", venues, unknown, covered,
         covered / venues if venues else None, 1.0, "", False)
        for number, (covered, unknown, venues) in enumerate(areas)
    ]  # fmt: skip
    schema = {
        "as_of": "date", "area_kind": "str", "area_id": "str", "area": "str", "venues": "int64",
        "unknown": "int64", "covered_verified": "int64", "share_verified": "float64",
        "graded_share": "float64", "zero_kinds": "str", "attained": "bool",
    }  # fmt: skip
    given = () if named is None else (named,)
    return rows(banded(ibis.memtable(table, schema=schema), due, *given))


def board(*areas, **given):
    """The rows of `table_of` by area."""
    return {row["area_id"]: row for row in table_of(*areas, **given)}


def spans(found):
    """The possible ranks of each area of a board, in the order of their ids."""
    return [(found[name]["rank_best"], found[name]["rank_worst"]) for name in sorted(found)]


def test_the_bounds_count_the_unknown_as_not_covered_and_as_covered():
    row = board((5, 3, 10))["A0"]
    assert (row["low"], row["share"], row["high"]) == (0.5, 0.5, 0.8)


def test_ranks_that_the_unknown_venues_leave_open():
    # A0 70–90 %, A1 80 %, A2 30–70 %, A3 10–20 %: A2 can only draw level with A0 at 70 %.
    found = board((7, 2, 10), (8, 0, 10), (3, 4, 10), (1, 1, 10))
    assert [found[f"A{n}"]["rank"] for n in range(4)] == [2, 1, 3, 4]
    assert spans(found) == [(1, 2), (1, 2), (2, 3), (4, 4)]


def test_where_nothing_is_unknown_the_rank_is_the_only_possible_one():
    found = board((9, 0, 10), (5, 0, 10), (10, 0, 20), (1, 0, 10))
    assert [found[f"A{n}"]["rank"] for n in range(4)] == [1, 2, 2, 4]
    assert [found[f"A{n}"]["tied"] for n in range(4)] == [False, True, True, False]
    assert spans(found) == [(1, 1), (2, 2), (2, 2), (4, 4)], "a tie is a tie, not an open rank"


def test_a_tie_with_something_unknown_is_open_on_both_sides():
    found = board((5, 1, 10), (5, 0, 10))  # 50–60 % and 50 %
    assert [found[f"A{n}"]["rank"] for n in range(2)] == [1, 1]
    assert spans(found) == [(1, 1), (1, 2)]


def test_an_area_of_which_all_is_unknown_is_ranked_last_and_may_be_anywhere():
    found = board((9, 0, 10), (0, 5, 5), (1, 0, 10))
    assert (found["A1"]["low"], found["A1"]["high"]) == (0.0, 1.0)
    assert [found[f"A{n}"]["rank"] for n in range(3)] == [1, 3, 2]
    assert spans(found) == [(1, 2), (1, 3), (2, 3)]
    assert found["A1"]["band"] == "far_behind" and found["A1"]["reason"] == ""


def test_bad_denominators_take_nobody_off_the_board():
    (row,) = table_of((0, 20, 20))
    assert row["rank"] == 1


def test_only_an_area_without_venues_has_no_rank_and_says_why():
    found = board((9, 0, 10), (0, 0, 0))
    nobody = found["A1"]
    assert nobody["reason"] == "名录中没有场所" and not nobody["tied"]
    assert [nobody[name] for name in ("rank", "share", "low", "high", "band")] == [None] * 5
    assert found["A0"]["rank_worst"] == 1, "who has no rank is nobody's rival"


def test_of_groups_only_the_named_are_ranked():
    found = board((9, 0, 10), (5, 0, 10), named=["A1"])
    assert (found["A0"]["rank"], found["A1"]["rank"]) == (None, 1)


AREAS = st.integers(0, 12).flatmap(
    lambda venues: st.integers(0, venues).flatmap(
        lambda covered: st.tuples(
            st.just(covered), st.integers(0, venues - covered), st.just(venues)
        )
    )
)


@given(st.lists(AREAS, min_size=1, max_size=10))
@settings(max_examples=25)
def test_every_area_with_venues_is_ranked_within_its_possible_ranks(areas):
    found = list(board(*areas).values())
    ranked = [row for row in found if row["venues"]]
    assert all((row["rank"] is not None) == (row["venues"] > 0) for row in found)
    for row in ranked:
        assert 0 <= row["low"] == row["share"] <= row["high"] <= 1
        assert row["rank"] == 1 + sum(other["share"] > row["share"] for other in ranked)
        assert 1 <= row["rank_best"] <= row["rank"] <= row["rank_worst"] <= len(ranked)
        assert row["tied"] == (sum(other["share"] == row["share"] for other in ranked) > 1)


@given(st.lists(AREAS.filter(lambda area: area[2]), min_size=1, max_size=3))
@settings(max_examples=25)
def test_the_possible_ranks_are_those_of_all_ways_the_unknown_may_turn_out(areas):
    ways = product(*(range(unknown + 1) for _, unknown, _ in areas))
    shares = [
        [(covered + more) / venues for (covered, _, venues), more in zip(areas, way, strict=True)]
        for way in ways
    ]
    ranks = [[1 + sum(other > own for other in way) for own in way] for way in shares]
    assert spans(board(*areas)) == [(min(own), max(own)) for own in zip(*ranks, strict=True)]


@given(st.integers(0, 20), st.integers(1, 20), st.lists(AREAS, max_size=6))
@settings(max_examples=25)
def test_one_more_covered_venue_never_lowers_the_rank(covered, uncovered, others):
    venues = covered + uncovered
    before = board((covered, 0, venues), *others)["A0"]
    after = board((covered + 1, 0, venues), *others)["A0"]
    assert after["rank"] <= before["rank"]
    assert after["rank_best"] <= before["rank_best"]
    assert after["rank_worst"] <= before["rank_worst"]


@pytest.mark.parametrize(("venues", "small"), [(9, True), (10, False)])
def test_few_venues_are_marked(venues, small):
    assert board((5, 0, venues))["A0"]["small"] is small


@pytest.mark.parametrize(
    ("covered", "due", "band"),
    [
        (90, 0.9, "reached"),
        (89, 0.9, "in_step"),
        (80, 0.9, "in_step"),  # 10 points below: still in step
        (79, 0.9, "behind"),
        (65, 0.9, "behind"),  # 25 points below: still behind
        (64, 0.9, "far_behind"),
        (0, 0.9, "far_behind"),
        (45, 0.45, "reached"),  # of the day, not of the end
        (20, 0.45, "behind"),
        (0, 0.0, "reached"),  # nobody is late before anything is due
    ],
)
def test_bands_stand_by_the_distance_to_the_due_line_of_the_day(covered, due, band):
    assert (rules.number("in_step_gap"), rules.number("behind_gap")) == (0.1, 0.25)
    assert board((covered, 0, 100), due=due)["A0"]["band"] == band


def test_the_unknown_count_as_not_covered_in_the_band():
    assert board((80, 20, 100))["A0"]["band"] == "in_step"


def test_bands_go_from_best_to_worst():
    assert list(ranking.BANDS.values()) == ["达标", "基本同步", "落后", "明显落后"]


# ---- the composite ----------------------------------------------------------------------------

COMPONENTS = pd.DataFrame(
    {"area_id": ["A", "B", "C"], "covered": [0.9, 0.5, 0.5], "active": [0.1, 0.6, 0.6]}
)


def test_composite_is_the_weighted_mean_and_keeps_ties():
    found = ranking.composite(COMPONENTS, {"covered": 3, "active": 1})
    assert found["score"].to_list() == pytest.approx([0.7, 0.525, 0.525])
    assert found["rank"].to_list() == [1, 2, 2]


def test_an_unknown_component_counts_only_where_it_has_weight():
    frame = COMPONENTS.assign(active=[np.nan, 0.6, 0.6])
    assert ranking.composite(frame, {"covered": 1, "active": 0})["rank"].to_list() == [1, 2, 2]
    weighed = ranking.composite(frame, {"covered": 1, "active": 1})
    assert pd.isna(weighed["rank"].iloc[0]) and weighed["rank"].iloc[1] == 1


def test_without_weights_nobody_is_ahead():
    found = ranking.composite(COMPONENTS, {"covered": 0, "active": 0})
    assert found["rank"].to_list() == [1, 1, 1]


def test_stability_is_the_share_of_weightings_for_each_rank():
    found = ranking.stability(COMPONENTS, draws=4000, seed=1)
    shares = found.set_index(["area_id", "rank"])["share"]
    # A leads where 0.9w + 0.1(1 − w) > 0.5w + 0.6(1 − w), that is where w > 5/9.
    assert shares["A", 1] == pytest.approx(4 / 9, abs=0.03)
    assert shares["A", 1] + shares["A", 3] == pytest.approx(1)
    pd.testing.assert_series_equal(shares["B"], shares["C"])
    pd.testing.assert_frame_equal(found, ranking.stability(COMPONENTS, draws=4000, seed=1))


def test_one_that_leads_in_everything_leads_under_every_weighting():
    frame = COMPONENTS.assign(active=[0.9, 0.6, 0.1])
    found = ranking.stability(frame, draws=500)
    assert found[found["area_id"] == "A"][["rank", "share"]].to_numpy().tolist() == [[1, 1]]
