"""The parts of the page of targets: the table, one target's course and what it lacks."""

from datetime import date

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from domain.targets import STATUS, Standing
from presentation import labels, palette, progress_listings
from queries import commitments
from queries.scope import Scope
from ui import frame, page_charts, page_tables, session
from ui.overview import overview_view

COLUMNS = [
    "target_id", "target_text", "status_text", "done_text", "share_now", "should_text", "due_text",
    "forecast_text", "missing_count", "owner_kinds", "clause",
]  # fmt: skip
MISSING = ["subject", "owner", "lacking"]


def headline(scope: Scope, standings: list[Standing]) -> str:
    """The one sentence about all targets."""
    statuses = [one.status for one in standings]
    met = sum(status in progress_listings.GOOD for status in statuses)
    failed = [one.target.target_id for one in standings if one.status in ("missed", "lost")]
    behind = [one.target.target_id for one in standings if one.status == "behind"]
    text = f"截至 {scope.as_of}，14 项目标中 **{met}** 项达到"
    text = text.replace("14", str(len(standings)))
    if failed:
        text += f"，**{len(failed)}** 项到期未达到或没有保持（{'、'.join(failed)}）"
    if behind:
        text += f"，**{len(behind)}** 项落后进度（{'、'.join(behind)}）"
    unknown = statuses.count("unknown")
    return text + (f"，{unknown} 项缺数据" if unknown else "") + "。"


def cards(standings: list[Standing]) -> None:
    """How many targets are met, under way, in arrears and unknown."""
    statuses = [one.status for one in standings]
    groups = {
        "达到": (progress_listings.GOOD, "期限内或逾期达到，现在仍保持。"),
        "进行中": (progress_listings.WAITING, "还没到期，或通知没有定数、没有期限。"),
        "落后进度": (("behind",), "还没到期（或按月到期），低于今天应达的位置。"),
        "到期未达到": (("missed", "lost"), "过了期限没有达到，或达到后没有保持。"),
        "缺数据": (("unknown",), "没有收到用来计算的数据，不当作零。"),
    }
    with overview_view.cards():
        for label, (group, about) in groups.items():
            count = sum(status in group for status in statuses)
            st.metric(label, f"{count} 项", border=True, help=about)


def detail(scope: Scope, one: Standing) -> None:
    """One target: where it is, its course, its forecast and what is missing by name."""
    st.subheader(f"{one.target.target_id} {frame.plain(one.target.target)}", anchor=False)
    st.markdown(sentence(one, scope.as_of))
    found = commitments.measured(scope, one.target.target_id)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.plotly_chart(
            course(found.series, one, session.stamp(scope)),
            config=page_charts.CONFIG,
            alt="各月进度",
        )
    with right:
        what = "各项情况" if one.status == "counted" else "还缺什么"
        st.markdown(f"**{what}**（{len(found.missing)} 条）")
        page_tables.show(found.missing, MISSING, "还缺的", rows=10)
    title = f"{one.target.target_id}还缺的_{scope.as_of}"
    page_tables.download(
        "下载还缺的名单",
        lambda: {"还缺的": labels.labelled(found.missing, MISSING)},
        title,
        session.stamp(scope),
    )


def sentence(one: Standing, as_of: date) -> str:
    """What is to be said of a target in words."""
    parts = [f"**{STATUS[one.status]}**", f"现在 {progress_listings.done(one)}"]
    if one.should is not None and one.target.goal is not None:
        parts.append(f"今天应达 {one.should:.0%}")
    if one.target.due is not None and one.target.due < as_of and one.since is None:
        parts.append(f"已过期限 {(as_of - one.target.due).days} 天")
    if one.since is not None:
        parts.append(f"{one.since} 起一直达到")
    elif one.reached_on is not None:
        parts.append(f"{one.reached_on} 曾经达到")
    if one.status in ("behind", "on_pace", "missed", "lost", "open") and not one.target.monthly:
        parts.append(f"按近一年的走势，{progress_listings.reach(one.reach)}")
    return "；".join(parts) + f"。怎么量：{one.target.measure}（{one.target.clause}）。"


def course(series: pd.DataFrame, one: Standing, stamp: str) -> go.Figure:
    """The target's share by month, where it should have been, its due day and its forecast.

    `series` has as_of, done and owed. Where nothing is owed the number done is drawn instead.
    """
    figure = go.Figure()
    days = pd.to_datetime(series["as_of"])
    shares = one.target.goal is not None
    values = series["done"] / series["owed"].where(series["owed"] > 0) if shares else series["done"]
    figure.add_scatter(
        x=days,
        y=values,
        mode="lines+markers" if len(days) < 3 else "lines",
        name="已达到" if shares else f"已有（{one.target.unit}）",
        line={"color": palette.MAIN, "width": 2.5},
        customdata=series[["done", "owed"]],
        hovertemplate="%{x|%Y-%m-%d}：%{customdata[0]:,.0f} / %{customdata[1]:,.0f}<extra></extra>"
        if shares
        else "%{x|%Y-%m-%d}：%{y:,.0f}<extra></extra>",
    )
    if shares:
        should = [one.target.should(day.date()) for day in days]
        figure.add_scatter(
            x=days,
            y=should,
            mode="lines",
            name="应达",
            line={"color": palette.DUE, "dash": "dash", "width": 2},
            hovertemplate="%{x|%Y-%m-%d} 应达 %{y:.1%}<extra></extra>",
        )
        _reach(figure, one)
        figure.update_yaxes(tickformat=".0%", range=[0, 1.04])
    if one.target.due is not None:
        due = pd.Timestamp(one.target.due)
        figure.add_vline(x=due, line={"color": palette.MUTED, "dash": "dot"})
        figure.add_annotation(x=due, y=1, yref="paper", text="期限", showarrow=False, xshift=16)
    figure.update_xaxes(tickformat="%Y-%m")
    return page_charts.framed(figure, stamp, 340)


def _reach(figure: go.Figure, one: Standing) -> None:
    """The likely month and the interval of the forecast, on the line of the goal."""
    if one.reach.likely is None:
        return
    if one.reach.latest is not None:
        figure.add_scatter(
            x=[one.reach.earliest, one.reach.latest],
            y=[one.target.goal] * 2,
            mode="lines",
            name="预计达到（95% 区间）",
            line={"color": palette.WARN, "width": 8},
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
