"""Every month's tables of the map at once: one query a table, kept by the scope.

The tables are shared by all sessions and must not be changed. They are those of
`queries.attainment` at each month's end, so a frame shows what the page shows on that day.
"""

from datetime import date

import ibis.expr.types as ir
import pandas as pd
import streamlit as st
from ibis import _

from domain import coverage, states
from presentation.map_layers import Source
from queries import attainment
from queries.engine import Engine, engine
from queries.scope import Scope

_KEPT = 24  # tables of all months; the largest, of cells, has some ten thousand rows
_VENUE = ["as_of", "venue_id", "name", "kind", "town_code", "county_code", "zone_id", "operator_id",
          "lon", "lat", "status", "eligible", "verified", "needed"]  # fmt: skip


def source(scope: Scope, day: date) -> Source:
    """The tables of `day`, a month's end of the scope."""
    return Source(
        areas=lambda: _areas(scope)[day],
        merchants=lambda by: _merchants(scope, by)[day],
        venues=lambda: _venues(scope)[day],
        without_point=lambda: int(_without_point(scope)[day]["rows"].sum()),
    )


@st.cache_resource(max_entries=_KEPT, show_spinner="正在计算各月…")
def _areas(scope: Scope) -> dict[date, pd.DataFrame]:
    days = attainment.month_ends(scope.as_of)

    def question(data: Engine) -> ir.Table:
        venues = attainment.of_scope(data.venues_on(days), scope, area=False)
        return coverage.attainment(venues, scope.attribution, days)

    return _by_day(engine(scope.snapshot_id).read(question), days)


@st.cache_resource(max_entries=_KEPT, show_spinner="正在计算各月…")
def _merchants(scope: Scope, by: tuple[str, ...]) -> dict[date, pd.DataFrame]:
    days = attainment.month_ends(scope.as_of)

    def question(data: Engine) -> ir.Table:
        table = attainment.of_scope(data.table("merchants"), scope)
        table = table.filter([table[name].notnull() for name in by])
        # All other columns would be carried through every month.
        table = table.select("merchant_key", "shop_key", *by)
        return coverage.coverage(states.on_days(table, data.table("spells"), days), by)

    return _by_day(engine(scope.snapshot_id).read(question), days)


@st.cache_resource(max_entries=_KEPT, show_spinner="正在计算各月…")
def _venues(scope: Scope) -> dict[date, pd.DataFrame]:
    days = attainment.month_ends(scope.as_of)
    frame = engine(scope.snapshot_id).read(
        lambda data: attainment.of_scope(data.venues_on(days), scope).select(_VENUE)
    )
    return _by_day(frame, days)


@st.cache_resource(max_entries=_KEPT, show_spinner="正在计算各月…")
def _without_point(scope: Scope) -> dict[date, pd.DataFrame]:
    days = attainment.month_ends(scope.as_of)

    def question(data: Engine) -> ir.Table:
        table = attainment.of_scope(data.table("merchants"), scope)
        table = table.filter(table.lon.isnull()).select("merchant_key")
        table = states.on_days(table, data.table("spells"), days)
        return table.filter(table.state.notnull()).group_by("as_of").agg(rows=_.count())

    return _by_day(engine(scope.snapshot_id).read(question), days)


def _by_day(frame: pd.DataFrame, days: tuple[date, ...]) -> dict[date, pd.DataFrame]:
    """The rows of each of `days`; none of a day without any."""
    parts = dict(list(frame.groupby(frame["as_of"].dt.date)))
    return {day: parts.get(day, frame.iloc[:0]).reset_index(drop=True) for day in days}
