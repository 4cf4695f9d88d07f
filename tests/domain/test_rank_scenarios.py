"""Moves: the fewest venues, and signings for them, that would change an area's standing."""

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.rank_scenarios import moves


def board_of(areas):
    """The board of areas given as (covered, venues) or (covered, venues, zero_kinds)."""
    frame = pd.DataFrame(
        [
            (f"A{n}", f"县{n}", covered, venues, zero[0] if zero else "")
            for n, (covered, venues, *zero) in enumerate(areas)
        ],
        columns=["area_id", "area", "covered", "venues", "zero_kinds"],
    )
    share = frame["covered"] / frame["venues"]
    return frame.assign(share=share, rank=share.rank(method="min", ascending=False))


def plan_of(**needs):
    """The plan of areas given as lists of what their venues need, or of (needed, kind)."""
    rows = [
        (area_id, f"{area_id}-{n}", *(need if isinstance(need, tuple) else (need, "农贸市场")))
        for area_id, each in needs.items()
        for n, need in enumerate(each)
    ]
    return pd.DataFrame(rows, columns=["area_id", "venue_id", "needed", "kind"])


def goals(table, area_id):
    """Goals of one area: by 'pass' and rank, 'due' and 'target'."""
    own = table[table["area_id"] == area_id]
    names = [
        f"pass {row.goal_rank}" if row.goal == "pass" else row.goal for row in own.itertuples()
    ]
    return dict(zip(names, own.to_dict("records"), strict=True))


def test_equalling_makes_a_tie_and_passing_takes_more():
    # 20 of 40 against 11 of 20: 22 of 40 equal 55 %, 23 pass it.
    table = moves(board_of([(11, 20), (20, 40)]), plan_of(A1=[5, 1, 2, 9]), due=0.55)
    found = goals(table, "A1")
    assert (found["pass 1"]["more"], found["pass 1"]["ties_at"]) == (3, 2)
    assert found["pass 1"]["units"] == 1 + 2 + 5
    assert found["pass 1"]["first"] == "A1-1;A1-2;A1-0"
    assert (found["due"]["more"], found["due"]["units"]) == (2, 3)


def test_where_no_number_makes_a_tie_the_first_that_passes_is_named():
    # 1 of 3 against 1 of 2: no whole number of 3 is a half; 2 of 3 pass it.
    found = goals(moves(board_of([(1, 2), (1, 3)]), plan_of(A1=[4, 4]), due=0.5), "A1")
    assert found["pass 1"]["more"] == 1 and pd.isna(found["pass 1"]["ties_at"])


def test_every_rank_above_is_a_goal_and_those_who_share_it_are_named_together():
    table = moves(board_of([(9, 10), (7, 10), (7, 10), (5, 10)]), plan_of(A3=[1] * 5), due=0.5)
    found = goals(table, "A3")
    assert list(found) == ["pass 2", "pass 1", "target"]
    assert found["pass 2"]["rivals"] == "县1、县2" and found["pass 2"]["more"] == 3
    assert found["pass 1"]["more"] == 5


def test_one_venue_breaks_a_tie():
    found = goals(moves(board_of([(5, 10), (5, 10)]), plan_of(A0=[3, 8]), due=0.5), "A0")
    assert found["pass 1"]["more"] == 1 and found["pass 1"]["units"] == 3
    assert pd.isna(found["pass 1"]["ties_at"]), "they are tied already"


def test_what_is_reached_is_no_goal():
    table = moves(board_of([(9, 10), (8, 10)]), plan_of(A1=[2]), due=0.8)
    assert goals(table, "A0") == {}
    assert list(goals(table, "A1")) == ["pass 1", "target"]


def test_too_few_known_venues_leave_the_signings_unknown():
    found = goals(moves(board_of([(10, 10), (5, 10)]), plan_of(A1=[2, 2]), due=0.9), "A1")
    assert found["due"]["more"] == 4 and pd.isna(found["due"]["units"])
    assert found["due"]["first"] == ""


def test_the_target_takes_a_venue_of_every_kind_at_zero():
    # 8 of 10 need one more for 90 %, but two kinds are at zero: two venues, one of each.
    board = board_of([(8, 10, "医院、校园")])
    plan = plan_of(A0=[(1, "农贸市场"), (4, "医院"), (3, "医院"), (6, "校园")])
    found = goals(moves(board, plan, due=0.9), "A0")
    assert (found["due"]["more"], found["due"]["units"]) == (1, 1)
    assert (found["target"]["more"], found["target"]["units"]) == (2, 3 + 6)


def test_unranked_areas_neither_move_nor_stand_in_the_way():
    board = board_of([(9, 10), (5, 10)]).assign(rank=[None, 1.0])
    table = moves(board, plan_of(A0=[1], A1=[1] * 5), due=0.5)
    assert set(table["goal"]) == {"target"} and set(table["area_id"]) == {"A1"}


KINDS = ("医院", "校园", "农贸市场")
AREA = st.integers(1, 9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
NEEDS = st.lists(st.tuples(st.integers(1, 9), st.sampled_from(KINDS)), max_size=6)


@given(st.lists(AREA, min_size=2, max_size=4), NEEDS, st.sets(st.sampled_from(KINDS[:2])))
@settings(max_examples=60)
def test_no_smaller_or_cheaper_choice_reaches_the_goal(areas, needs, zero):
    (covered, venues), *others = areas
    board = board_of([(covered, venues, "、".join(sorted(zero))), *others])
    table = moves(board, plan_of(A0=needs), due=0.6)
    for row in table[table["area_id"] == "A0"].itertuples():
        rival = board[board["rank"] == row.goal_rank]["share"]

        def reached(chosen, row=row, rival=rival):
            share = (covered + len(chosen)) / venues
            kinds = {kind for _, kind in chosen}
            return {
                "pass": lambda: share > rival.iloc[0],
                "due": lambda: share >= 0.6,
                "target": lambda: share >= 0.9 and kinds >= zero,
            }[row.goal]()

        ways = [
            chosen
            for size in range(len(needs) + 1)
            for chosen in combinations(needs, size)
            if reached(chosen)
        ]
        if pd.isna(row.units):
            assert not ways
        else:
            fewest = min(len(way) for way in ways)
            assert row.more == fewest
            cost = min(sum(n for n, _ in way) for way in ways if len(way) == fewest)
            assert row.units == cost


def test_a_tie_is_a_tie():
    board = board_of([(6, 8), (2, 4)])
    found = goals(moves(board, plan_of(A1=[1, 1]), due=0.5), "A1")["pass 1"]
    assert (2 + found["ties_at"]) / 4 == pytest.approx(6 / 8)
