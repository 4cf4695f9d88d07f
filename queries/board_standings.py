"""The tables of the ranking page: every question about a board, answered once and cached.

Keyed like those of `queries.attainment`. A board shows every area, so the scope's own area
narrows nothing.
"""

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from domain import (
    boards,
    coverage,
    coverage_gains,
    gaps,
    indicator_series,
    inflated_coverage,
    pace,
    rank_scenarios,
    ranking,
    reference,
)
from queries import attainment
from queries.engine import Engine, engine, remembered
from queries.scope import Scope


def _register(data: Engine, scope: Scope, day: date) -> ir.Table:
    """Venues of the scope's tiers, field and operator on `day`, wherever they are."""
    return attainment.of_scope(data.venues_on((day,)), scope, area=False)


@remembered
def _board(scope: Scope, kind: str, day: date) -> pd.DataFrame:
    """The board of `kind` on `day`, with its tiers."""

    def question(data: Engine) -> ir.Table:
        found = boards.board(_register(data, scope, day), kind, scope.attribution, day)
        return ranking.tiered(found, pace.due_share(day))

    return engine(scope.snapshot_id).read(question)


@remembered
def ranks(scope: Scope, kind: str) -> pd.DataFrame:
    """The board of `kind` on the scope's day, with the rank and share of a month before."""
    before = _board(scope, kind, attainment.month_before(scope.as_of))
    now = _board(scope, kind, scope.as_of)
    before = before[["area_id", "rank", "share"]]
    return now.merge(before, on="area_id", how="left", suffixes=("", "_before"))


@remembered
def gains(scope: Scope, kind: str) -> pd.DataFrame:
    """The board of progress of `kind` up to the scope's day."""
    start = coverage_gains.since(scope.as_of)

    def question(data: Engine) -> ir.Table:
        before, after = (
            boards.of_board(_register(data, scope, day), kind, scope.attribution)
            for day in (start, scope.as_of)
        )
        return coverage_gains.pairs(before, after)

    pairs = engine(scope.snapshot_id).read(question)
    return coverage_gains.progress(
        _board(scope, kind, start), _board(scope, kind, scope.as_of), pairs
    )


@remembered
def ways(scope: Scope, kind: str) -> pd.DataFrame:
    """What would move each row of the board of `kind`."""

    def question(data: Engine) -> ir.Table:
        venues = _register(data, scope, scope.as_of)
        return gaps.plan(boards.of_board(venues, kind, scope.attribution))

    plan = engine(scope.snapshot_id).read(question)
    return rank_scenarios.moves(_board(scope, kind, scope.as_of), plan, pace.due_share(scope.as_of))


@remembered
def members(scope: Scope, kind: str, area_id: str) -> pd.DataFrame:
    """Venues that one row of the board of `kind` counts: all of them, and no other."""

    def question(data: Engine) -> ir.Table:
        venues = _register(data, scope, scope.as_of)
        counted = boards.of_board(venues, kind, scope.attribution)
        return counted.filter(counted.area_id == area_id)

    return engine(scope.snapshot_id).read(question)


def shops(scope: Scope, venue_id: str) -> pd.DataFrame:
    """All shops of a venue with their state, whichever field or bank the page is narrowed to."""
    return attainment.shops(Scope(scope.snapshot_id, scope.as_of), venue_id=venue_id)


def missing_links(scope: Scope, venue_id: str) -> pd.DataFrame:
    """Links that a venue lacks, whichever field, bank or tiers the page is narrowed to."""
    table = attainment.missing_links(Scope(scope.snapshot_id, scope.as_of, tiers="all"))
    return table[table["venue_id"] == venue_id]


@remembered
def own_shops(scope: Scope) -> pd.DataFrame:
    """Each bank's own shops, wherever they stand: the three bases, and the sleeping share."""

    def question(data: Engine) -> ir.Table:
        shops = data.merchants_on(scope.as_of)
        if scope.field_id:
            shops = shops.filter(shops.field_id == scope.field_id)
        counted = coverage.coverage(shops, ["operator_id"])
        asleep = inflated_coverage.sleeping_by_operator(shops, data.table("spells"))
        asleep = asleep.select("operator_id", "sleeping_share")
        return counted.join(asleep, "operator_id")

    table = engine(scope.snapshot_id).read(question)
    return table.rename(columns={"operator_id": "area_id"}).drop(columns="as_of")


@remembered
def months(scope: Scope, indicator_id: str, by: str) -> pd.DataFrame:
    """One indicator by month and `by` (county_code or operator_id), with breaks and growth."""

    def question(data: Engine) -> ir.Table:
        table = data.table("indicators")
        table = table.filter(table.month <= ibis.literal(scope.as_of))
        if scope.operator_id and by == "county_code":
            table = table.filter(table.operator_id == scope.operator_id)
        return indicator_series.monthly(table, indicator_id, by)

    frame = engine(scope.snapshot_id).read(question)
    kind = reference.labels("indicators", "indicator_id", "kind")[indicator_id]
    parts = [
        indicator_series.judged(part, kind).assign(area_id=code) for code, part in frame.groupby(by)
    ]
    return pd.concat(parts, ignore_index=True) if parts else frame.assign(area_id="")
