"""What a number of signings would change: the plan of a scope, and the plan's effect.

What depends on the scope alone is computed once, in small frames; a number of signings is applied
to them in milliseconds.
"""

from dataclasses import dataclass, replace

import ibis.expr.types as ir
import pandas as pd

from domain import gaps, pace, planner
from queries import attainment
from queries.engine import Engine, question, remembered
from queries.scope import Scope, of_scope

_VENUE = [
    "venue_id", "name", "kind", "carrier", "address", "county_code", "zone_id", "field_id",
    "operator_id", "covered_verified", "status", "listed", "verified", "eligible", "needed",
    "lon", "lat",
]  # fmt: skip


@dataclass(frozen=True)
class Outlook:
    """What a number of signings is applied to: the venues, their plan, its steps and its rivals."""

    venues: pd.DataFrame
    plan: pd.DataFrame
    steps: pd.DataFrame
    ways: pd.DataFrame


@dataclass(frozen=True)
class ToDue:
    """What takes an area to the due line: `more` covered venues, the cheapest first.

    `units` signings cover those whose denominator is known; `uncounted` have none, so nobody knows
    how many shops they take.
    """

    more: int
    units: int
    uncounted: int


@dataclass(frozen=True)
class Effect:
    """What a number of signings changes: venues by way, and what is left for which venue."""

    signings: int
    total: int  # signings that close every venue of the plan
    venues: int
    covered: int
    closed: dict[str, int]
    left: int
    next_name: str
    next_needed: int

    def share(self, more: int = 0) -> float | None:
        """Share of covered venues if `more` were; None where the register is empty."""
        return (self.covered + more) / self.venues if self.venues else None


@remembered
def outlook(scope: Scope) -> Outlook:
    """The outlook of the scope; whichever bank owns them, all shops of its venues are in it.

    The venues of any scope stand in the order of the city's, and each has the same steps: all
    scopes together cost one question of the shops.
    """
    plan = attainment.plan(scope)[["venue_id", "eligible", "needed", "signings", "venues_closed"]]
    steps = _steps(replace(scope, area_id="", field_id="", operator_id=""))
    steps = steps[steps["venue_id"].isin(plan["venue_id"])].reset_index(drop=True)
    steps = steps.assign(so_far=steps["units"].cumsum())
    return Outlook(attainment.venues(scope)[_VENUE], plan, steps, planner.ways(plan))


@question
def _steps(data: Engine, scope: Scope) -> ir.Table:
    venues = of_scope(data.venues_on((scope.as_of,)), scope)
    shops = data.merchants_on(scope.as_of)
    links = gaps.missing_links(venues, shops, data.scenarios_on((scope.as_of,)))
    return planner.steps(gaps.plan(venues), gaps.missing(shops, venues), links)


@remembered
def to_due(scope: Scope) -> ToDue | None:
    """What takes the scope to the due line of its day; None where it is unknown how far it is."""
    city = attainment.city(scope).iloc[0]
    if not city["venues"] > 0 or pd.isna(city["covered_verified"]):
        return None
    due = pace.due_share(scope.as_of)
    more = pace.still_needed(city["covered_verified"], city["venues"], due)
    cheapest = attainment.plan(scope).head(more)
    return ToDue(more, int(cheapest["needed"].sum()), more - len(cheapest))


def effect(outlook: Outlook, signings: int) -> Effect:
    """What `signings` change."""
    left, venue_id = planner.left_over(outlook.plan, signings)
    following = outlook.venues[outlook.venues["venue_id"] == venue_id]
    paid = list(outlook.ways.loc[outlook.ways["signings"] <= signings, "way"])
    return Effect(
        signings=signings,
        total=int(outlook.plan["needed"].sum()),
        venues=len(outlook.venues),
        covered=int(outlook.venues["covered_verified"].sum()),
        closed={way: paid.count(way) for way in planner.WAYS},
        left=left,
        next_name="" if following.empty else following["name"].iloc[0],
        next_needed=0 if following.empty else int(following["needed"].iloc[0]),
    )
