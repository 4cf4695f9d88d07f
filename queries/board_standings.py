"""The boards of the ranking page: ranks, progress, ways forward, and what each row counts.

A board shows every area, so the scope's own area narrows nothing.
"""

from datetime import date

import ibis.expr.types as ir
import pandas as pd

from domain import (
    boards,
    coverage_gains,
    gaps,
    inflated_coverage,
    pace,
    rank_scenarios,
    ranking,
)
from domain.venues import awaits_only_its_count
from queries import attainment, shop_records
from queries.engine import Engine, question, remembered
from queries.scope import Scope, of_scope


@question
def board_on(data: Engine, scope: Scope, kind: str, day: date) -> ir.Table:
    """The board of `kind` on `day`, with its bands."""
    venues = of_scope(data.venues_on((day,)), scope, area=False)
    board = boards.board(venues, kind, scope.attribution, day)
    return ranking.banded(data.known.attained(board), pace.due_share(day))


def _counted(data: Engine, scope: Scope, kind: str, day: date) -> ir.Table:
    """Venues that the board of `kind` counts on `day`, each under its row's `area_id`."""
    venues = of_scope(data.venues_on((day,)), scope, area=False)
    return boards.of_board(venues, kind, scope.attribution)


@remembered
def ranks(scope: Scope, kind: str) -> pd.DataFrame:
    """The board of `kind` on the scope's day, with the rank and share of a month before."""
    before = board_on(scope, kind, attainment.month_before(scope.as_of))
    now = board_on(scope, kind, scope.as_of)
    before = before[["area_id", "rank", "share"]]
    return now.merge(before, on="area_id", how="left", suffixes=("", "_before"))


@remembered
def gains(scope: Scope, kind: str) -> pd.DataFrame:
    """The board of progress of `kind` up to the scope's day."""
    start = coverage_gains.since(scope.as_of)
    return coverage_gains.progress(
        board_on(scope, kind, start), board_on(scope, kind, scope.as_of), _pairs(scope, kind, start)
    )


@question
def _pairs(data: Engine, scope: Scope, kind: str, start: date) -> ir.Table:
    before, after = (_counted(data, scope, kind, day) for day in (start, scope.as_of))
    return coverage_gains.pairs(before, after)


@remembered
def ways(scope: Scope, kind: str) -> pd.DataFrame:
    """What would move each row of the board of `kind`."""
    board = board_on(scope, kind, scope.as_of)
    return rank_scenarios.moves(board, _plan(scope, kind), pace.due_share(scope.as_of))


@question
def _plan(data: Engine, scope: Scope, kind: str) -> ir.Table:
    return gaps.plan(_counted(data, scope, kind, scope.as_of))


def members(scope: Scope, kind: str, area_id: str) -> pd.DataFrame:
    """Venues that one row of the board of `kind` counts: all of them, and no other."""
    venues = _members(scope, kind)  # asked once for all rows
    return venues[venues["area_id"] == area_id].reset_index(drop=True)


@question
def _members(data: Engine, scope: Scope, kind: str) -> ir.Table:
    return _counted(data, scope, kind, scope.as_of)


def shops(scope: Scope, venue_id: str) -> pd.DataFrame:
    """All shops of a venue with their state, whichever field or bank the page is narrowed to."""
    return shop_records.shops(
        Scope(scope.snapshot_id, scope.as_of, sight=scope.sight), venue_id=venue_id
    )


def missing_links(scope: Scope, venue_id: str) -> pd.DataFrame:
    """Links that a venue lacks, whichever field, bank or tiers the page is narrowed to."""
    table = attainment.missing_links(
        Scope(scope.snapshot_id, scope.as_of, tiers="all", sight=scope.sight)
    )
    return table[table["venue_id"] == venue_id]


@question
def to_confirm(data: Engine, scope: Scope, kind: str) -> ir.Table:
    """Venues of unknown denominator on the board of `kind`, each under its row's `area_id`.

    Confirming them is what narrows the ranks that the board leaves open.
    """
    venues = _counted(data, scope, kind, scope.as_of)
    return venues.filter(venues.denominator == "unknown", venues.area_id.notnull()).order_by(
        "area_id", "venue_id"
    )


@question
def by_confirming(data: Engine, scope: Scope, kind: str) -> ir.Table:
    """Venues of each row of the board that its declaration alone would cover: area_id, more."""
    venues = _counted(data, scope, kind, scope.as_of)
    found = venues.filter(awaits_only_its_count(venues), venues.area_id.notnull())
    return found.group_by("area_id").agg(more=found.count())


@question
def own_shops(data: Engine, scope: Scope) -> ir.Table:
    """Each bank's own shops, wherever they stand: the three bases, and the sleeping share."""
    shops = data.merchants_on(scope.as_of)
    if scope.field_id:
        shops = shops.filter(shops.field_id == scope.field_id)
    asleep = inflated_coverage.sleeping_by_operator(shops)
    asleep = asleep.select("operator_id", "sleeping_share")
    own = data.known.counted(shops, ["operator_id"], [scope.as_of]).join(asleep, "operator_id")
    return own.drop("as_of").rename(area_id="operator_id")
