"""Moves: the fewest venues, and signings for them, that would change an area's standing."""

from collections.abc import Iterator
from math import ceil

import pandas as pd

from domain import rules

_COLUMNS = ["area_id", "goal", "goal_rank", "rivals", "more", "ties_at", "units", "first"]


def moves(board: pd.DataFrame, plan: pd.DataFrame, due: float) -> pd.DataFrame:
    """What would move each ranked area, all others standing still.

    `board` is one day's `ranking`; `plan` that day's `gaps.plan` of venues with their `area_id`;
    `due` the share due. One row an area and goal not reached yet: 'pass' once for every rank that
    others hold, its own if shared and those above, the nearest first (goal_rank, and rivals, the
    names of who holds it); 'due'; and 'target' (T06: the share, and one venue of every kind at
    zero).

    `more` is the fewest newly covered venues that do it. To equal a rival is a tie, to pass takes
    more: `ties_at` is how many make the tie, null where no number does. `units` are the signings
    and verifications of the cheapest such venues, `first` their ids separated by ";"; null and ''
    where too few venues with a known denominator are left.
    """
    ranked = board.dropna(subset=["rank"])
    rows = [
        row
        for area in ranked.itertuples()
        for row in _of_area(area, ranked, plan[plan["area_id"] == area.area_id], due)
    ]
    table = pd.DataFrame(rows, columns=_COLUMNS)
    return table.astype(dict.fromkeys(("goal_rank", "more", "ties_at", "units"), "Int64"))


def _of_area(area: tuple, ranked: pd.DataFrame, plan: pd.DataFrame, due: float) -> Iterator[tuple]:
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


def _short(share: float, area: tuple) -> int:
    """Covered venues that the area lacks to hold `share`; rounded first: 0.07 × 100 exceeds 7."""
    return ceil(round(share * area.venues, 6)) - area.covered


def _cheapest(plan: pd.DataFrame, count: int, kinds: list[str]) -> tuple[int | None, str]:
    """Units and ids of the cheapest `count` venues of a sorted `plan`, one of each kind in it."""
    of_kinds = plan[plan["kind"].isin(kinds)].drop_duplicates("kind")
    others = plan.drop(of_kinds.index).head(count - len(of_kinds))
    chosen = pd.concat([of_kinds, others])
    if len(of_kinds) < len(kinds) or len(chosen) < count:
        return None, ""
    return int(chosen["needed"].sum()), ";".join(chosen["venue_id"])
