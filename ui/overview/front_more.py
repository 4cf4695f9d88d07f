"""Below the first screen: the course, what changed, the tables behind the front page."""

from dataclasses import replace
from datetime import date
from functools import cache

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from domain import indicator_series, pace, reference
from presentation import labels, venue_listings, wording
from queries import attainment, monthly_figures, shop_records
from queries.engine import remembered
from queries.scope import Scope, area_name
from ui import page_charts, page_downloads, page_tables, session

AREA_COLUMNS = ["area", "venues", "covered", "share", "delta", "unknown", "needed", "zero_kinds"]
AREAS, CHANGES = "一览", "近一个月的变化"
CHANGE_COLUMNS = ["change", "venue", "kind", "county", "zone"]


def show(scope: Scope) -> None:
    """Draw the parts in the order of their use."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**各月达标率与应达线**")
        _trend(scope)
    with right:
        st.markdown("**钱包、交易与活跃**")
        _indicator(scope)
    counts(scope)
    tables = sheets(scope)
    st.markdown("**近一个月的变化**")
    page_tables.show(*tables[CHANGES], CHANGES, rows=8)
    st.markdown(f"**{labels.divisions()}一览**")
    page_tables.show(*tables[AREAS], "县区和功能板块一览", null=labels.UNKNOWN)
    phase = pace.phase(scope.as_of)
    st.markdown("**方案阶段**" if phase is None else f"**方案阶段：{phase['phase']}**")
    page_charts.show(
        _phases(scope.as_of),
        "方案阶段与截止日",
        session.stamp(scope),
    )
    page_downloads.tables("下载以上各表", tables, f"总览_{scope.as_of}", session.stamp(scope))


@remembered
def sheets(scope: Scope) -> dict[str, tuple[pd.DataFrame, list[str]]]:
    """The tables behind the front page."""
    decisions = attainment.decisions(scope).assign(topic=lambda rows: rows["kind"])
    return {
        AREAS: (venue_listings.areas(replace(scope, area_id="")), AREA_COLUMNS),
        CHANGES: (venue_listings.changes(attainment.changes(scope)), CHANGE_COLUMNS),
        "要注意的情况": (decisions, ["topic", "subject", "figure", "why"]),
    }


@remembered
def course(scope: Scope) -> go.Figure | None:
    """The share by month since it is known, against the due line; None where it is unknown."""
    months = attainment.trend(scope)
    if months.empty:
        return None
    return page_charts.trend(months, [pace.due_share(day) for day in months["as_of"]])


def counts(scope: Scope) -> None:
    """The three counts that published figures call 场景， kept apart."""
    told = shop_records.counts(scope)
    with st.grid(3, gap="small", min_column_width=150):
        kinds = len(reference.table("scenarios"))
        st.metric("已上线场景类型", f"{labels.count(told['kinds'])} / {kinds} 种", border=True)
        st.metric("已上线场景实例", labels.count(told["instances"], " 个"), border=True)
        st.metric("已开通受理门店", labels.count(told["shops"], " 家"), border=True)


def _trend(scope: Scope) -> None:
    chart = course(scope)
    if chart is None:
        st.caption(f"截至 {scope.as_of} 还没有报过名录，各月达标率未知。")
        return
    page_charts.show(chart, f"{area_name(scope)}各月达标率与应达线", session.stamp(scope))
    note = wording.reaching_back(attainment.trend(scope))
    if note:
        st.caption(note)


def _indicator(scope: Scope) -> None:
    """One monthly indicator, chosen by name."""
    known = reference.table("indicators")
    names = known["indicator"] + "（" + known["unit"] + "）"
    name: str = st.selectbox("指标", names, key="indicator", bind="query-params")
    chosen = known[names == name].iloc[0]
    figure = _months_of(scope, chosen["indicator_id"], chosen["kind"], chosen["unit"])
    if figure is None:
        st.caption(f"{area_name(scope)}还没有报送“{name}”。")
        return
    page_charts.show(figure, f"{area_name(scope)}{name}，各月", session.stamp(scope))


@remembered
def _months_of(scope: Scope, indicator_id: str, kind: str, unit: str) -> go.Figure | None:
    """One indicator by month; None where nobody reported it."""
    months = monthly_figures.indicators(scope)
    months = indicator_series.judged(months[months["indicator_id"] == indicator_id], kind)
    return None if months.empty else page_charts.monthly(months, unit)


@cache
def _phases(day: date) -> go.Figure:
    """The phases of the plan, which are the same in every version."""
    return page_charts.phases(reference.table("phases"), day)
