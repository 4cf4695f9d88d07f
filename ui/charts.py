"""Plotly charts: frame in, figure out; they know nothing of the app."""

import itertools
from datetime import date

import pandas as pd
import plotly.graph_objects as go

MAIN, DUE, MUTED, WARN = "#0f5fa8", "#b35806", "#9aa5b1", "#e08214"
BASIS_COLOURS = {"contracted": "#b2abd2", "verified": "#0f5fa8", "active": "#5aae61"}
BASIS_LABELS = {"contracted": "已签约（宽）", "verified": "已验证（中）", "active": "活跃（严）"}
WAYS = {  # ways to spend the same signings: label, line
    "plan": ("按计划（差得少的先做）", {"color": MAIN, "width": 2.5}),
    "even": ("平均铺开", {"color": WARN, "width": 1.8, "dash": "dot"}),
    "largest": ("先做最大的", {"color": MUTED, "width": 1.8, "dash": "dash"}),
}
CONFIG = {
    "displaylogo": False,
    "locale": "zh-CN",
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
    "toImageButtonOptions": {"format": "png", "scale": 3},
}


def framed(figure: go.Figure, stamp: str, height: int) -> go.Figure:
    """`figure` with the house layout and the stamp every figure carries."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 16, "t": 28, "b": 84},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        hoverlabel={"namelength": -1},
        dragmode=False,
    )
    figure.update_layout(
        title={
            "text": _two_lines(stamp),
            "font": {"size": 10.5, "color": "#5a6773"},
            "xref": "container",
            "yref": "container",
            "x": 0,
            "y": 0,
            "xanchor": "left",
            "yanchor": "bottom",
            "pad": {"l": 8, "b": 20},
        }
    )
    return figure


def _two_lines(stamp: str) -> str:
    parts = stamp.split(" | ")
    return " | ".join(parts[:2]) + "<br>" + " | ".join(parts[2:])


def trend(months: pd.DataFrame, due: list[float], stamp: str) -> go.Figure:
    """Share of covered venues by month in three bases, against where it should be.

    `months` has as_of and share_<basis> (0 to 1); `due` is the due share of each row.
    """
    figure = go.Figure()
    for basis in ("contracted", "verified", "active"):
        figure.add_scatter(
            x=months["as_of"],
            y=months[f"share_{basis}"],
            name=BASIS_LABELS[basis],
            mode="lines",
            line={"color": BASIS_COLOURS[basis], "width": 3 if basis == "verified" else 1.8},
            hovertemplate="%{x|%Y-%m-%d} %{y:.1%}",
        )
    figure.add_scatter(
        x=months["as_of"],
        y=due,
        name="应达线",
        mode="lines",
        line={"color": DUE, "dash": "dash", "width": 2},
        hovertemplate="%{x|%Y-%m-%d} 应达 %{y:.1%}",
    )
    figure.update_yaxes(tickformat=".0%", range=[0, 1])
    figure.update_xaxes(tickformat="%Y-%m")
    return framed(figure, stamp, 360)


def phases(frame: pd.DataFrame, today: date, stamp: str) -> go.Figure:
    """Phase timeline: `frame` has phase, start, end (ISO text, end blank while it lasts)."""
    figure = go.Figure()
    last = max(
        pd.Timestamp(today) + pd.DateOffset(months=3),
        pd.Timestamp(frame["start"].max()) + pd.DateOffset(years=1),
    )
    colours = ["#dce4ee", "#c3d3e6", "#9fbcd9", "#6f9bc6", "#e6e9ed"]
    for row, colour in zip(frame.itertuples(), itertools.cycle(colours), strict=False):
        start, end = pd.Timestamp(row.start), pd.Timestamp(row.end) if row.end else last
        figure.add_bar(
            x=[(end - start).total_seconds() * 1000],
            base=[start],
            y=[""],
            orientation="h",
            marker_color=colour,
            text=row.phase,
            textposition="inside",
            insidetextanchor="middle",
            textfont={"color": "#1b2733"},
            hovertemplate=f"{row.phase}<br>{row.start} 至 {row.end or '今'}<extra></extra>",
            showlegend=False,
        )
    figure.add_vline(x=pd.Timestamp(today), line={"color": DUE, "width": 2})
    figure.add_annotation(
        x=pd.Timestamp(today),
        y=0.5,
        text=f"截止日 {today}",
        showarrow=False,
        yshift=32,
        font={"color": DUE},
    )
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(type="date", tickformat="%Y-%m")
    figure.update_yaxes(visible=False)
    return framed(figure, stamp, 190)


def board(ranks: pd.DataFrame, due: float, stamp: str) -> go.Figure:
    """Ranking with Wilson intervals: area, share, low, high, covered, venues, rank."""
    frame = ranks.iloc[::-1]
    labels = [
        f"{row.area}  {'第' + str(int(row.rank)) if pd.notna(row.rank) else '不排名'}"
        f"{'(并列)' if row.tied else ''}"
        for row in frame.itertuples()
    ]
    figure = go.Figure()
    figure.add_bar(
        x=frame["share"],
        y=labels,
        orientation="h",
        marker_color=[MAIN if pd.notna(rank) else MUTED for rank in frame["rank"]],
        error_x={
            "type": "data",
            "symmetric": False,
            "array": frame["high"] - frame["share"],
            "arrayminus": frame["share"] - frame["low"],
            "color": "#1b2733",
            "thickness": 1.4,
        },
        customdata=frame[["covered", "venues", "low", "high"]],
        hovertemplate="%{y}<br>达标 %{customdata[0]}/%{customdata[1]} = %{x:.1%}"
        "<br>95% 区间 %{customdata[2]:.1%}–%{customdata[3]:.1%}<extra></extra>",
        showlegend=False,
    )
    figure.add_vline(x=due, line={"color": DUE, "dash": "dash"}, annotation_text=f"应达 {due:.0%}")
    figure.update_xaxes(tickformat=".0%", range=[0, 1.02])
    return framed(figure, stamp, 120 + 46 * len(frame))


def rank_intervals(ranks: pd.DataFrame, stamp: str) -> go.Figure:
    """Interval of possible ranks: rank (dot) between rank_best and rank_worst (line)."""
    frame = ranks.dropna(subset=["rank"]).iloc[::-1]
    figure = go.Figure()
    for row in frame.itertuples():
        figure.add_scatter(
            x=[row.rank_best, row.rank_worst],
            y=[row.area, row.area],
            mode="lines",
            line={"color": MUTED, "width": 8},
            hoverinfo="skip",
            showlegend=False,
        )
    figure.add_scatter(
        x=frame["rank"],
        y=frame["area"],
        mode="markers+text",
        marker={"color": MAIN, "size": 22},
        text=frame["rank"].astype(int),
        textfont={"color": "white"},
        customdata=frame[["rank_best", "rank_worst"]],
        hovertemplate="%{y}：第 %{x} 名，"
        "可能在第 %{customdata[0]}–%{customdata[1]} 名<extra></extra>",
        showlegend=False,
    )
    figure.update_xaxes(dtick=1, range=[0.5, max(len(frame), 1) + 0.5], title="名次")
    return framed(figure, stamp, 120 + 46 * len(frame))


def plan(ways: pd.DataFrame, signings: int, stamp: str) -> go.Figure:
    """Venues closed against signings made, in three ways: way, signings, venues_closed."""
    figure = go.Figure()
    for way, (label, line) in WAYS.items():
        steps = ways[ways["way"] == way]
        figure.add_scatter(
            x=[0, *steps["signings"]],
            y=[0, *steps["venues_closed"]],
            name=label,
            mode="lines",
            line={"shape": "hv", **line},
            hovertemplate="再签 %{x} 家，多 %{y} 个场所达标",
        )
    if signings:
        figure.add_vline(x=signings, line={"color": DUE, "dash": "dash"})
    figure.update_xaxes(title="累计再签家数", rangemode="tozero")
    figure.update_yaxes(title="新增达标场所数", rangemode="tozero")
    return framed(figure, stamp, 360)


def stability(shares: pd.DataFrame, stamp: str) -> go.Figure:
    """Share of weightings under which each area holds each rank: area, rank, share."""
    grid = shares.pivot(index="area", columns="rank", values="share").fillna(0)
    grid = grid.loc[(grid * grid.columns).sum(axis=1).sort_values(ascending=False).index]
    figure = go.Figure(
        go.Heatmap(
            z=grid.to_numpy(),
            x=[f"第{rank}" for rank in grid.columns],
            y=grid.index,
            colorscale=[[0, "#ffffff"], [1, MAIN]],
            zmin=0,
            zmax=1,
            text=[[f"{cell:.0%}" if cell else "" for cell in row] for row in grid.to_numpy()],
            texttemplate="%{text}",
            hovertemplate="%{y} 在 %{z:.1%} 的权重组合下排%{x}<extra></extra>",
            showscale=False,
        )
    )
    return framed(figure, stamp, 130 + 38 * len(grid))


def monthly(frame: pd.DataFrame, unit: str, stamp: str) -> go.Figure:
    """One monthly indicator as a line: month, value."""
    figure = go.Figure(
        go.Scatter(
            x=frame["month"],
            y=frame["value"],
            mode="lines",
            line={"color": MAIN, "width": 2.5},
            hovertemplate="%{x|%Y年%m月} %{y:,.0f} " + unit + "<extra></extra>",
        )
    )
    figure.update_yaxes(rangemode="tozero", tickformat=",.0f")
    figure.update_xaxes(tickformat="%Y-%m")
    return framed(figure, stamp, 290)
