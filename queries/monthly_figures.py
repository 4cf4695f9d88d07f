"""Tables of every month at once, one query each: indicators, and what the map plays.

Those of the map are dictionaries by month end, shared by all sessions, so do not write to them;
each frame is what `attainment` and `shop_records` give for that day.
"""

from collections.abc import Callable
from datetime import date

import ibis.expr.types as ir
import pandas as pd
from ibis import _

from domain import coverage, indicator_series, reference, states
from queries import commitments
from queries.attainment import month_ends
from queries.engine import Engine, engine, remembered
from queries.scope import Scope, of_scope

_SHOWN_OF_VENUES = [
    "as_of", "venue_id", "name", "kind", "town_code", "county_code", "zone_id", "operator_id",
    "lon", "lat", "status", "carrier", "eligible_count", "listed", "eligible", "verified", "needed",
]  # fmt: skip


@remembered
def indicators(scope: Scope) -> pd.DataFrame:
    """Monthly indicators of the scope up to its day; a zone has none of its own.

    Columns: month, indicator_id, value, reports (how many were added up).
    """
    table = _of_bank(scope)
    if scope.area_id:
        table = table[table["county_code"] == scope.area_id]
    return indicator_series.monthly(table)


@remembered
def indicator(scope: Scope, indicator_id: str, by: str) -> pd.DataFrame:
    """One indicator by month and `by` (county_code or operator_id), with breaks and growth."""
    table = _of_bank(scope) if by == "county_code" else _up_to(scope)
    table = table[table["indicator_id"] == indicator_id]
    frame = indicator_series.monthly(table, by)
    kind = reference.labels("indicators", "indicator_id", "kind")[indicator_id]
    parts = [
        indicator_series.judged(part, kind).assign(area_id=code) for code, part in frame.groupby(by)
    ]
    return pd.concat(parts, ignore_index=True) if parts else frame.assign(area_id="")


def _of_bank(scope: Scope) -> pd.DataFrame:
    """Figures up to the scope's day, of its bank if it has one."""
    table = _up_to(scope)
    return table[table["operator_id"] == scope.operator_id] if scope.operator_id else table


def _up_to(scope: Scope) -> pd.DataFrame:
    table = commitments.rows(scope.snapshot_id, "indicators")
    return table[table["month"] <= pd.Timestamp(scope.as_of)]


@remembered
def areas(scope: Scope) -> dict[date, pd.DataFrame]:
    """Attainment of every county and zone, as `attainment.areas`, by month end."""

    def build(data: Engine, days: tuple[date, ...]) -> ir.Table:
        venues = of_scope(data.venues_on(days), scope, area=False)
        return data.known.attained(coverage.attainment(venues, scope.attribution, days))

    return _by_day(scope, build)


@remembered
def merchants(scope: Scope, by: tuple[str, ...]) -> dict[date, pd.DataFrame]:
    """Merchants in the three bases by the columns `by`, as `shop_records.merchants`."""

    def build(data: Engine, days: tuple[date, ...]) -> ir.Table:
        table = of_scope(data.table("merchants_ever"), scope)
        for name in by:
            table = table.filter(table[name].notnull())
        # All other columns would be carried through every month.
        table = table.select("merchant_key", "shop_key", "since", "until", *by)
        return data.known.counted(states.on_days(table, data.table("spells"), days), by, days)

    return _by_day(scope, build)


@remembered
def venues(scope: Scope) -> dict[date, pd.DataFrame]:
    """Venues of the scope with what the map shows of them, by month end."""
    return _by_day(
        scope, lambda data, days: of_scope(data.venues_on(days), scope).select(_SHOWN_OF_VENUES)
    )


@remembered
def without_point(scope: Scope) -> dict[date, int]:
    """Merchants of the scope that no map can show, by month end."""

    def build(data: Engine, days: tuple[date, ...]) -> ir.Table:
        table = of_scope(data.table("merchants_ever"), scope)
        table = table.filter(table.lon.isnull()).select("merchant_key", "since", "until")
        table = states.on_days(table, data.table("spells"), days)
        return table.filter(table.state.notnull()).group_by("as_of").agg(rows=_.count())

    return {day: int(found["rows"].sum()) for day, found in _by_day(scope, build).items()}


def _by_day(
    scope: Scope, build: Callable[[Engine, tuple[date, ...]], ir.Table]
) -> dict[date, pd.DataFrame]:
    """The rows that `build` gives for each month end of the scope; none of a day without any."""
    days = month_ends(scope.snapshot_id, scope.as_of)
    data = engine(scope.snapshot_id)
    frame = data.narrowed(data.read(lambda data: build(data, days)), scope.sight)
    parts = dict(list(frame.groupby(frame["as_of"].dt.date)))
    return {day: parts.get(day, frame.iloc[:0]).reset_index(drop=True) for day in days}
