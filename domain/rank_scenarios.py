"""Rank scenarios: the fewest newly covered venues that would change an area's standing."""

from collections.abc import Iterator
from math import ceil
from typing import NamedTuple

import pandas as pd

from domain import rules
from domain.typed_rows import rows

_COLUMNS = ["area_id", "goal", "goal_rank", "rivals", "more", "ties_at", "units", "first"]


class _Area(NamedTuple):
    area_id: str
    rank: int
    venues: int
    covered: int
    zero_kinds: str


def moves(board: pd.DataFrame, plan: pd.DataFrame, due: float) -> pd.DataFrame:
    """Goals of each ranked area that it has not reached, if all other areas stay as they are.

    `board` is one day's `ranking`; `plan` that day's `gaps.plan` of venues with their `area_id`;
    `due` the share due. One row per area and goal: 'pass' for every rank that others hold, its own
    if shared and those above, the nearest first; 'due'; and 'target' (T06: the share, and one venue
    of every kind at zero).

    Columns: area_id, goal; goal_rank and rivals (names of the areas at that rank); more, the fewest
    newly covered venues that reach the goal; ties_at, how many make a tie with the rivals, null
    where no number does; units, the signings and verifications of the cheapest such venues; first,
    their ids separated by ";". Units are null and first '' where too few venues with a known
    denominator are left.
    """
    ranked = board.dropna(subset=["rank"])
    scenarios = [
        row
        for area in rows(ranked, _Area)
        for row in _of_area(area, ranked, plan[plan["area_id"] == area.area_id], due)
    ]
    table = pd.DataFrame(scenarios, columns=_COLUMNS)
    return table.astype(dict.fromkeys(("goal_rank", "more", "ties_at", "units"), "Int64"))


def _of_area(
    area: _Area, ranked: pd.DataFrame, plan: pd.DataFrame, due: float
) -> Iterator[tuple[object, ...]]:
    plan = plan.sort_values(["needed", "venue_id"])
    others = ranked[(ranked["rank"] <= area.rank) & (ranked["area_id"] != area.area_id)]
    above = others.sort_values("rank", ascending=False)
    for rank, rivals in above.groupby("rank", sort=False):
        rival = rivals.iloc[0]
        level, rest = divmod(int(rival["covered"]) * area.venues, int(rival["venues"]))
        more = level - area.covered + 1
        ties_at = more - 1 if rest == 0 and more > 1 else None
        names = "、".join(rivals["area"])
        yield area.area_id, "pass", rank, names, more, ties_at, *_cheapest(plan, more, [])
    more = _short(due, area)
    if more > 0:
        yield area.area_id, "due", None, "", more, None, *_cheapest(plan, more, [])
    kinds = [kind for kind in area.zero_kinds.split("、") if kind]
    more = max(_short(rules.number("county_covered_share"), area), len(kinds))
    if more > 0:
        yield area.area_id, "target", None, "", more, None, *_cheapest(plan, more, kinds)


def _short(share: float, area: _Area) -> int:
    """Covered venues missing to reach `share`; rounded first, because 0.07 × 100 exceeds 7."""
    return ceil(round(share * area.venues, 6)) - area.covered


def _cheapest(plan: pd.DataFrame, count: int, kinds: list[str]) -> tuple[int | None, str]:
    """Units and ids of the cheapest `count` venues of a sorted `plan`, one of each kind in it."""
    of_kinds = plan[plan["kind"].isin(kinds)].drop_duplicates("kind")
    others = plan.drop(of_kinds.index).head(count - len(of_kinds))
    chosen = pd.concat([of_kinds, others])
    if len(of_kinds) < len(kinds) or len(chosen) < count:
        return None, ""
    return int(chosen["needed"].sum()), ";".join(chosen["venue_id"])
