"""Below the first screen: the course, what changed, the tables behind the front page."""

from dataclasses import replace

import streamlit as st

from domain import indicator_series, pace, reference
from presentation import labels, venue_listings, wording
from queries import attainment, monthly_figures, shop_records
from queries.scope import Scope, area_name
from ui import page_charts, page_downloads, page_tables, session

AREA_COLUMNS = ["area", "venues", "covered", "share", "delta", "unknown", "needed", "zero_kinds"]
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
    areas = venue_listings.areas(replace(scope, area_id=""))
    changes = venue_listings.changes(attainment.changes(scope))
    st.markdown("**近一个月的变化**")
    page_tables.show(changes, CHANGE_COLUMNS, "近一个月的变化", rows=8)
    st.markdown(f"**{labels.divisions()}一览**")
    page_tables.show(areas, AREA_COLUMNS, "县区和功能板块一览", null=labels.UNKNOWN)
    phase = pace.phase(scope.as_of)
    st.markdown("**方案阶段**" if phase is None else f"**方案阶段：{phase['phase']}**")
    page_charts.show(
        page_charts.phases(reference.table("phases"), scope.as_of, session.stamp(scope)),
        "方案阶段与截止日",
    )
    decisions = attainment.decisions(scope).assign(topic=lambda rows: rows["kind"])
    page_downloads.tables(
        "下载以上各表",
        {
            "一览": (areas, AREA_COLUMNS),
            "近一个月的变化": (changes, CHANGE_COLUMNS),
            "要注意的情况": (decisions, ["topic", "subject", "figure", "why"]),
        },
        f"总览_{scope.as_of}",
        session.stamp(scope),
    )


def counts(scope: Scope) -> None:
    """The three counts that published figures call 场景， kept apart."""
    told = shop_records.counts(scope)
    with st.grid(3, gap="small", min_column_width=150):
        kinds = len(reference.table("scenarios"))
        st.metric("已上线场景类型", f"{labels.count(told['kinds'])} / {kinds} 种", border=True)
        st.metric("已上线场景实例", labels.count(told["instances"], " 个"), border=True)
        st.metric("已开通受理门店", labels.count(told["shops"], " 家"), border=True)


def _trend(scope: Scope) -> None:
    """The share by month since it is known, against the due line."""
    months = attainment.trend(scope)
    if months.empty:
        st.caption(f"截至 {scope.as_of} 还没有报过名录，各月达标率未知。")
        return
    due = [pace.due_share(day) for day in months["as_of"]]
    page_charts.show(page_charts.trend(months, due, session.stamp(scope)), "各月达标率与应达线")
    note = wording.reaching_back(months)
    if note:
        st.caption(note)


def _indicator(scope: Scope) -> None:
    """One monthly indicator, chosen by name, with its Excel."""
    known = reference.table("indicators")
    names = known["indicator"] + "（" + known["unit"] + "）"
    name: str = st.selectbox("指标", names, key="indicator", bind="query-params")
    chosen = known[names == name].iloc[0]
    months = monthly_figures.indicators(scope)
    months = months[months["indicator_id"] == chosen["indicator_id"]]
    months = indicator_series.judged(months, chosen["kind"])
    if months.empty:
        st.caption(f"{area_name(scope)}还没有报送“{name}”。")
        return
    stamp = session.stamp(scope)
    page_charts.show(page_charts.monthly(months, chosen["unit"], stamp), name)
    table = months[["month", "value"]].set_axis(["月份", name], axis=1)
    title = f"{chosen['indicator']}_各月"
    page_downloads.tables("下载各月数值", {title: table}, title, stamp)
