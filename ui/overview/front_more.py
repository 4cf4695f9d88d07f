"""Below the first screen: the course, what changed, the tables behind the front page."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from domain import pace, reference
from presentation import front_wording, labels, scope_charts, venue_listings
from queries import attainment, shop_records
from queries.engine import remembered
from queries.scope import Scope, area_name
from ui import page_charts, page_downloads, page_tables, session

AREA_COLUMNS = ["area", "share", "needed", "covered", "venues", "delta", "unknown", "zero_kinds"]
AREAS, CHANGES = "一览", "近一个月的变化"
CHANGE_COLUMNS = ["change", "venue", "kind", "county", "zone"]


def show(scope: Scope) -> None:
    """Draw the parts in the order of their use."""
    left, right = st.columns(2, gap="medium")
    course = scope_charts.trend(scope)
    with left:
        st.markdown(f"**{course.message or '各月达标率与应达线'}**")
        page_charts.show(course, f"{area_name(scope)}各月达标率与应达线", session.stamp(scope))
    with right:
        _indicator(scope)
    counts(scope)
    tables = sheets(scope)
    st.markdown("**近一个月的变化**")
    page_tables.show(*tables[CHANGES], CHANGES, rows=8, lack=front_wording.unmoved(scope))
    st.markdown(f"**{labels.divisions()}一览**")
    page_tables.show(*tables[AREAS], "县区和功能板块一览", null=labels.UNKNOWN)
    phase = pace.phase(scope.as_of)
    st.markdown("**方案阶段**" if phase is None else f"**方案阶段：{phase['phase']}**")
    page_charts.show(scope_charts.phases(scope), "方案阶段与截止日", session.stamp(scope))
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


def counts(scope: Scope) -> None:
    """The three counts that published figures call 场景， kept apart."""
    told = shop_records.counts(scope)
    with st.grid(3, gap="small", min_column_width=150):
        kinds = len(reference.table("scenarios"))
        st.metric("已上线场景类型", f"{labels.count(told['kinds'])} / {kinds} 种", border=True)
        st.metric("已上线场景实例", labels.count(told["instances"], " 个"), border=True)
        st.metric("已开通受理门店", labels.count(told["shops"], " 家"), border=True)
    st.caption(
        "类型按场景台账和门店合计，实例只数场景台账里的，所以类型可以比实例多；三样分开数，不相加。"
    )


def _indicator(scope: Scope) -> None:
    """One monthly indicator, chosen by name."""
    titles = list(scope_charts.indicator_titles())
    title: str = st.selectbox("指标", titles, key="indicator", bind="query-params")
    chart = scope_charts.indicator(scope, title)
    st.markdown(f"**{chart.message or '钱包、交易与活跃'}**")
    page_charts.show(chart, f"{area_name(scope)}{title}，各月", session.stamp(scope))
