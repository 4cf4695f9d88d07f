"""Plotly charts: frame in, figure out; and how a page shows them."""

import itertools
from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from domain.typed_rows import rows
from presentation.palette import BASIS_COLOURS, BASIS_LABELS, DUE, MAIN, SOFT, WAYS
from reports.figures import chart_pictures, chart_points
from ui import page_downloads, page_pictures
from ui.page_pictures import Figure

_LABELLED = 7  # months that are labelled one by one
_NOTE_ROWS = 3  # of notes above a chart, one over the other
_ROW = 20  # pixels of a row of notes, or of a legend
_CONFIG = {"displayModeBar": False, "doubleClick": False, "showTips": False}


def show(figure: go.Figure, title: str, stamp: str, key: str | None = None) -> Figure:
    """Draw `figure`, called `title`, with the control that takes it away; it on paper.

    Plotly has nothing to say beside it: its own words are English.
    """
    shown = on_paper(figure, title)
    with st.container(gap="xxsmall"):
        st.plotly_chart(figure, config=_CONFIG, key=key, alt=title)
        page_pictures.control(
            shown,
            stamp,
            lambda: page_downloads.workbook(
                {title: chart_points.table(figure, title)}, stamp, chart_points.kind(figure)
            ),
            key or title,
        )
    return shown


def on_paper(figure: go.Figure, title: str) -> Figure:
    """The chart `figure` as it is printed."""
    return Figure(title, partial(chart_pictures.sheet, figure=figure))


def framed(figure: go.Figure, height: int, notes: int = 0) -> go.Figure:
    """`figure` with the house layout, `height` pixels high and `notes` rows of notes above it."""
    named = any(trace.name and trace.showlegend is not False for trace in figure.data)
    figure.update_layout(
        height=height + _ROW * notes,
        margin={"l": 8, "r": 16, "t": 12 + _ROW * (notes + named), "b": 8},
        legend={
            "orientation": "h",
            "yref": "container",
            "y": 1,
            "yanchor": "top",
            "x": 0,
            "font": {"color": SOFT},
        },
        hoverlabel={"namelength": -1},
        dragmode=False,
    )
    look = {"tickfont": {"color": SOFT}, "title": {"font": {"color": SOFT}}}
    figure.update_xaxes(automargin=True, **look)
    figure.update_yaxes(automargin=True, **look)
    return figure


def note(figure: go.Figure, x: Any, text: str, colour: str, row: int = 0) -> None:
    """A note above the chart, where nothing covers it, over the line at `x`."""
    figure.add_annotation(
        x=x,
        y=1,
        yref="paper",
        yanchor="bottom",
        yshift=2 + _ROW * row,
        text=text,
        showarrow=False,
        xanchor="auto",
        font={"color": colour, "size": 12},
    )


def add_line(
    figure: go.Figure,
    x: Iterable[Any],
    y: Iterable[Any],
    colour: str,
    *,
    width: float = 2.5,
    dash: str | None = None,
    **options: Any,
) -> None:
    """Draw a line on `figure`; `options` are those of plotly's scatter."""
    line = {"color": colour, "width": width, "dash": dash}
    figure.add_scatter(**{"x": x, "y": y, "mode": "lines", "line": line} | options)


def label_months(figure: go.Figure, days: pd.Series) -> None:
    """Label the time axis of points on `days`, one a month: every month once, where few."""
    few = sorted(set(days)) if days.nunique() <= _LABELLED else None
    figure.update_xaxes(type="date", tickformat="%Y-%m", tickvals=few)


def trend(months: pd.DataFrame, due: list[float]) -> go.Figure:
    """Share of covered venues by month in three bases, against where it should be.

    `months` has as_of, share_<basis> (0 to 1) and dated, where what is signed is dashed; `due` is
    the due share of each row.
    """
    figure = go.Figure()
    dated = months["dated"]
    if dated.any():
        back = months[dated | dated.shift(fill_value=False)]  # up to where the others begin
        add_line(
            figure,
            back["as_of"],
            back["share_contracted"],
            BASIS_COLOURS["contracted"],
            width=1.8,
            dash="dot",
            name=f"{BASIS_LABELS['contracted']}（按签约日期）",
            hovertemplate="%{x|%Y-%m-%d} %{y:.1%}",
        )
        months = months.assign(share_contracted=months["share_contracted"].mask(dated))
    for basis in ("contracted", "verified", "active"):
        add_line(
            figure,
            months["as_of"],
            months[f"share_{basis}"],
            BASIS_COLOURS[basis],
            width=3 if basis == "verified" else 1.8,
            name=BASIS_LABELS[basis],
            hovertemplate="%{x|%Y-%m-%d} %{y:.1%}",
        )
    hover = "%{x|%Y-%m-%d} 应达 %{y:.1%}"
    add_line(
        figure, months["as_of"], due, DUE, width=2, dash="dash", name="应达线", hovertemplate=hover
    )
    figure.update_yaxes(tickformat=".0%", range=[0, 1])
    label_months(figure, months["as_of"])
    return framed(figure, 310)


class _Phase(NamedTuple):
    phase: str
    start: str
    end: str


def phases(frame: pd.DataFrame, today: date) -> go.Figure:
    """Phase timeline: `frame` has phase, start, end (ISO text, end blank while it lasts)."""
    figure = go.Figure()
    last = max(
        pd.Timestamp(today) + pd.DateOffset(months=3),
        pd.Timestamp(frame["start"].max()) + pd.DateOffset(years=1),
    )
    colours = ["#c3d3e6", "#9fbcd9", "#6f9bc6", "#5b9bd0"]
    for row, colour in zip(rows(frame, _Phase), itertools.cycle(colours), strict=False):
        start, end = pd.Timestamp(row.start), pd.Timestamp(row.end) if row.end else last
        figure.add_bar(
            x=[(end - start).total_seconds() * 1000],
            base=[start],
            y=[row.phase],
            orientation="h",
            name="起",
            marker_color=colour,
            hovertemplate=f"{row.phase}<br>{row.start} 至 {row.end or '今'}<extra></extra>",
            showlegend=False,
        )
    figure.add_vline(x=pd.Timestamp(today), line={"color": DUE, "width": 2})
    note(figure, pd.Timestamp(today), f"截止日 {today}", DUE)
    figure.update_layout(barmode="overlay")
    first = pd.Timestamp(frame["start"].min())
    figure.update_xaxes(type="date", tickformat="%Y-%m", range=[first, last])
    figure.update_yaxes(autorange="reversed")
    return framed(figure, 60 + 30 * len(frame), notes=1)


def plan(ways: pd.DataFrame, signings: int) -> go.Figure:
    """Venues closed against signings made, in three ways: way, signings, venues_closed."""
    figure = go.Figure()
    for way, (label, colour, width, dash) in WAYS.items():
        steps = ways[ways["way"] == way]
        add_line(
            figure,
            [0, *steps["signings"]],
            [0, *steps["venues_closed"]],
            colour,
            width=width,
            dash=dash,
            line_shape="hv",
            name=label,
            hovertemplate="再签 %{x} 家，多 %{y} 个场所达标",
        )
    if signings:
        figure.add_vline(x=signings, line={"color": DUE, "dash": "dash"})
    figure.update_xaxes(title="累计再签家数", rangemode="tozero")
    figure.update_yaxes(title="新增达标场所数", rangemode="tozero")
    return framed(figure, 310)


def stability(shares: pd.DataFrame) -> go.Figure:
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
    return framed(figure, 60 + 38 * len(grid))


def monthly(months: pd.DataFrame, unit: str) -> go.Figure:
    """One monthly indicator as a line, its breaks marked: month, value, broken.

    The line is interrupted at a break: what lies on either side cannot be compared.
    """
    figure = go.Figure()
    for _, part in months.groupby(months["broken"].cumsum()):
        add_line(
            figure,
            part["month"],
            part["value"],
            MAIN,
            mode="lines+markers" if len(part) == 1 else "lines",
            hovertemplate="%{x|%Y年%m月} %{y:,.0f} " + unit + "<extra></extra>",
            showlegend=False,
        )
    breaks = months.loc[months["broken"], "month"]
    for number, month in enumerate(breaks):
        figure.add_vline(x=month, line={"color": DUE, "dash": "dash"})
        note(figure, month, f"{month:%Y-%m} 口径有变或数据有误", DUE, number % _NOTE_ROWS)
    figure.update_yaxes(rangemode="tozero", tickformat=",.0f")
    label_months(figure, months["month"])
    return framed(figure, 250, notes=min(len(breaks), _NOTE_ROWS))
