"""Cards by status, and one target in detail: course, forecast, what is missing by name."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from domain.targets import Standing
from presentation import page_headlines, palette, progress_listings
from presentation.labels import plain
from queries import commitments
from queries.scope import Scope
from ui import page_charts, page_downloads, page_tables, session
from ui.page_pictures import Figure

COLUMNS = [
    "target_id", "target_text", "status_text", "done_text", "share_now", "should_text", "due_text",
    "forecast_text", "missing_count", "owner_kinds", "clause",
]  # fmt: skip
MISSING = ["subject", "owner", "lacking"]


def cards(standings: list[Standing]) -> None:
    """How many targets are met, under way, behind, missed and unknown."""
    statuses = [one.status for one in standings]
    groups = {
        "达到": (progress_listings.GOOD, "期限内或逾期达到，现在仍保持。"),
        "进行中": (progress_listings.WAITING, "还没到期，或通知没有定数、没有期限。"),
        "落后进度": (("behind",), "还没到期（或按月到期），低于今天应达的位置。"),
        "到期未达到": (("missed", "lost"), "过了期限没有达到，或达到后没有保持。"),
        "缺数据": (("unknown",), "没有收到用来计算的数据，不当作零。"),
    }
    with st.grid(5, gap="small", min_column_width=150):
        for label, (group, about) in groups.items():
            count = sum(status in group for status in statuses)
            st.metric(label, f"{count} 项", border=True, help=about)


def detail(scope: Scope, one: Standing) -> tuple[Figure, page_downloads.Sheets]:
    """One target: where it is, its course, its forecast and what is missing by name.

    The course and the list of what is missing, for print.
    """
    st.subheader(f"{one.target.target_id} {plain(one.target.target)}", anchor=False)
    st.markdown(page_headlines.target(one, scope.as_of))
    found = commitments.measured(scope, one.target.target_id)
    stamp, number = session.stamp(scope), one.target.target_id
    left, right = st.columns([3, 2], gap="medium")
    with left:
        title = f"{number} {one.target.target}，各月进度"
        shown = page_charts.show(course(found.series, one), title, stamp, key="target_course")
    with right:
        what = "各项情况" if one.status == "counted" else "还缺什么"
        st.markdown(f"**{what}**（{len(found.missing)} 条）")
        page_tables.show(found.missing, MISSING, "还缺的", rows=10)
    sheets: page_downloads.Sheets = {f"{number}还缺的": (found.missing, MISSING)}
    page_downloads.tables("下载还缺的名单", sheets, f"{number}还缺的_{scope.as_of}", stamp)
    return shown, sheets


def course(series: pd.DataFrame, one: Standing) -> go.Figure:
    """The target's share by month, where it should have been, its due day and its forecast.

    `series` has as_of, done and owed; without a goal the number done is drawn, not a share.
    """
    figure = go.Figure()
    days = pd.to_datetime(series["as_of"])
    shares = one.target.goal is not None
    values = series["done"] / series["owed"].where(series["owed"] > 0) if shares else series["done"]
    page_charts.add_line(
        figure,
        days,
        values,
        palette.MAIN,
        mode="lines+markers" if len(days) < 3 else "lines",
        name="已达到" if shares else f"已有（{one.target.unit}）",
        customdata=series[["done", "owed"]],
        hovertemplate="%{x|%Y-%m-%d}：%{customdata[0]:,.0f} / %{customdata[1]:,.0f}<extra></extra>"
        if shares
        else "%{x|%Y-%m-%d}：%{y:,.0f}<extra></extra>",
    )
    if shares:
        page_charts.add_line(
            figure,
            days,
            [one.target.should(day.date()) for day in days],
            palette.DUE,
            width=2,
            dash="dash",
            name="应达",
            hovertemplate="%{x|%Y-%m-%d} 应达 %{y:.1%}<extra></extra>",
        )
        _reach(figure, one)
        figure.update_yaxes(tickformat=".0%", range=[0, 1.04])
    if one.target.due is not None:
        due = pd.Timestamp(one.target.due)
        figure.add_vline(x=due, line={"color": palette.MUTED, "dash": "dot"})
        page_charts.note(figure, due, f"期限 {one.target.due}", palette.DUE)
    figure.update_xaxes(type="date", tickformat="%Y-%m")
    return page_charts.framed(figure, 290, notes=int(one.target.due is not None))


def _reach(figure: go.Figure, one: Standing) -> None:
    """The likely month and the interval of the forecast, on the line of the goal."""
    if one.reach.likely is None:
        return
    if one.reach.latest is not None:
        page_charts.add_line(
            figure,
            [one.reach.earliest, one.reach.latest],
            [one.target.goal] * 2,
            palette.WARN,
            width=8,
            name="预计达到（95% 区间）",
            opacity=0.5,
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=[one.reach.likely],
        y=[one.target.goal],
        mode="markers",
        name="最可能达到的月份",
        marker={"color": palette.WARN, "size": 11, "symbol": "diamond"},
        hovertemplate="%{x|%Y-%m}<extra></extra>",
    )
