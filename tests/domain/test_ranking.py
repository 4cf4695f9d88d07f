"""Ranking: boards that show what the figures can bear, and the composite beside them."""

import ibis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import ranking
from tests.support.prepared import prepared
from tests.support.small_city import DAY, rows

tiers_of = prepared(lambda areas, due: ranking.tiered(ranking.ranking(areas, "county"), due))


def table_of(*areas, attained=False, due=0.9):
    """The board of areas given as (covered, venues, graded)."""
    table = [
        (DAY, "county", f"A{number}", f"县{number}", venues, 0, covered,
         covered / venues if venues else None, graded / venues if venues else None,
         bool(venues) and graded / venues >= 0.75, "", attained)
        for number, (covered, venues, graded) in enumerate(areas)
    ]  # fmt: skip
    schema = {
        "as_of": "date", "area_kind": "str", "area_id": "str", "area": "str", "venues": "int64",
        "unknown": "int64", "covered_verified": "int64", "share_verified": "float64",
        "graded_share": "float64", "rankable": "bool", "zero_kinds": "str", "attained": "bool",
    }  # fmt: skip
    return rows(tiers_of(ibis.memtable(table, schema=schema), due))


def board(*areas, **given):
    """The rows of `table_of` by area."""
    return {row["area_id"]: row for row in table_of(*areas, **given)}


def test_the_interval_is_wilsons():
    row = board((8, 10, 10))["A0"]  # 8 of 10 at 95 %: Wilson 1927
    assert row["low"] == pytest.approx(0.4902, abs=5e-5)
    assert row["high"] == pytest.approx(0.9433, abs=5e-5)


def test_equal_shares_hold_the_same_rank_and_the_next_is_skipped():
    found = board((9, 10, 10), (5, 10, 10), (10, 20, 20), (1, 10, 10))
    assert [found[f"A{n}"]["rank"] for n in range(4)] == [1, 2, 2, 4]
    assert [found[f"A{n}"]["tied"] for n in range(4)] == [False, True, True, False]


def test_ranks_that_the_intervals_leave_open():
    found = board((95, 100, 100), (93, 100, 100), (10, 100, 100))
    spans = [(found[f"A{n}"]["rank_best"], found[f"A{n}"]["rank_worst"]) for n in range(3)]
    assert spans == [(1, 2), (1, 2), (3, 3)]


def test_an_area_of_unknown_denominators_has_no_rank_but_a_reason():
    found = board((9, 10, 10), (10, 10, 7), (0, 0, 0))
    assert [found[f"A{n}"]["rank"] for n in range(3)] == [1, None, None]
    assert found["A1"]["reason"] == "名录中 A、B 级分母占 70%，不足 75%"
    assert found["A2"]["reason"] == "名录中没有场所" and found["A2"]["low"] is None
    assert found["A0"]["rank_worst"] == 1, "an unranked area is nobody's rival"


AREAS = st.integers(0, 40).flatmap(
    lambda venues: st.tuples(st.integers(0, venues), st.just(venues), st.integers(0, venues))
)


@given(st.lists(AREAS, min_size=1, max_size=10))
@settings(max_examples=25)
def test_ranks_follow_shares_and_lie_in_their_interval(areas):
    found = list(board(*areas).values())
    ranked = [row for row in found if row["rank"] is not None]
    assert all(row["rankable"] == (row["rank"] is not None) for row in found)
    for row in ranked:
        assert 0 <= row["low"] <= row["share"] <= row["high"] <= 1
        assert row["rank"] == 1 + sum(other["share"] > row["share"] for other in ranked)
        assert 1 <= row["rank_best"] <= row["rank"] <= row["rank_worst"] <= len(ranked)
        assert row["tied"] == (sum(other["share"] == row["share"] for other in ranked) > 1)


@given(st.integers(0, 20), st.integers(1, 20), st.lists(AREAS, max_size=6))
@settings(max_examples=25)
def test_one_more_covered_venue_never_lowers_the_rank(covered, uncovered, others):
    venues = covered + uncovered
    before = board((covered, venues, venues), *others)["A0"]
    after = board((covered + 1, venues, venues), *others)["A0"]
    assert after["rank"] <= before["rank"]
    assert after["rank_best"] <= before["rank_best"]
    assert after["rank_worst"] <= before["rank_worst"]


@pytest.mark.parametrize(("venues", "small"), [(9, True), (10, False)])
def test_few_venues_are_marked(venues, small):
    assert board((5, venues, venues))["A0"]["small"] is small


@pytest.mark.parametrize(
    ("area", "tier"),
    [
        ((90, 100, 100), "near"),  # at the line, but T06 also asks for every kind: not attained
        ((85, 100, 100), "near"),  # Wilson up to 90.7 %: the line of 90 % lies within
        ((84, 100, 100), "behind"),  # up to 89.9 %: wholly below the line
        ((68, 100, 100), "behind"),  # 68 % > 0.75 × 90 % = 67.5 %
        ((67, 100, 100), "alarm"),
        ((95, 100, 70), None),  # denominators too uncertain: not ranked, no tier
    ],
)
def test_tiers_stand_against_the_line_with_their_interval(area, tier):
    assert board(area)["A0"]["tier"] == tier


def test_what_is_attained_is_attained_whatever_is_due():
    assert board((90, 100, 100), attained=True)["A0"]["tier"] == "attained"


def test_nobody_is_late_before_anything_is_due():
    assert board((0, 20, 20), due=0.0)["A0"]["tier"] == "near"


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
