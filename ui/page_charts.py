"""Plotly charts: frame in, figure out; and how a page shows them."""

import itertools
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from domain.typed_rows import rows
from excel.cell_text import width_of
from presentation.labels import stamp_lines
from presentation.palette import BASIS_COLOURS, BASIS_LABELS, DUE, FAINT, MAIN, WAYS

_LABELLED = 7  # months that are labelled one by one
_NOTE_ROWS = 3  # of notes above a chart, one over the other
_LINE_WIDTH, _LINE_PX = 62, 15  # of a stamp: half-width characters, pixels
_CONFIG = {
    "displayModeBar": False,  # its words are English
    "locale": "zh-CN",
}


def show(figure: go.Figure, title: str, key: str | None = None) -> None:
    """Draw `figure`, which screen readers call `title`."""
    st.plotly_chart(figure, config=_CONFIG, key=key, alt=title)


def framed(figure: go.Figure, stamp: str, height: int) -> go.Figure:
    """`figure` with the house layout and the stamp every figure carries.

    `height` is in pixels, with two lines of stamp; more lines make it higher.
    """
    lines = stamp_lines(stamp, lambda line: width_of(line) <= _LINE_WIDTH)
    more = _LINE_PX * (len(lines) - 2)
    figure.update_layout(
        height=height + more,
        margin={"l": 8, "r": 16, "t": 28, "b": 84 + more},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        hoverlabel={"namelength": -1},
        dragmode=False,
    )
    for axes in (figure.update_xaxes, figure.update_yaxes):  # Streamlit's own are too pale
        axes(tickfont_color=FAINT, title_font_color=FAINT)
    figure.update_layout(
        title={
            "text": "<br>".join(lines),
            "font": {"size": 10.5, "color": FAINT},
            "xref": "container",
            "yref": "container",
            "x": 0,
            "y": 0,
            "xanchor": "left",
            "yanchor": "bottom",
            "pad": {"l": 8, "b": 20 + more},  # of the first line: the others hang below it
        }
    )
    return figure


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


def trend(months: pd.DataFrame, due: list[float], stamp: str) -> go.Figure:
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
    return framed(figure, stamp, 360)


class _Phase(NamedTuple):
    phase: str
    start: str
    end: str


def phases(frame: pd.DataFrame, today: date, stamp: str) -> go.Figure:
    """Phase timeline: `frame` has phase, start, end (ISO text, end blank while it lasts)."""
    figure = go.Figure()
    last = max(
        pd.Timestamp(today) + pd.DateOffset(months=3),
        pd.Timestamp(frame["start"].max()) + pd.DateOffset(years=1),
    )
    colours = ["#dce4ee", "#c3d3e6", "#9fbcd9", "#6f9bc6", "#e6e9ed"]
    for row, colour in zip(rows(frame, _Phase), itertools.cycle(colours), strict=False):
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


def plan(ways: pd.DataFrame, signings: int, stamp: str) -> go.Figure:
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


def monthly(months: pd.DataFrame, unit: str, stamp: str) -> go.Figure:
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
    for number, month in enumerate(months.loc[months["broken"], "month"]):
        figure.add_vline(x=month, line={"color": DUE, "dash": "dash"})
        figure.add_annotation(
            x=month,
            y=1 + 0.09 * (number % _NOTE_ROWS),  # above the line, where nothing is covered
            yref="paper",
            yanchor="bottom",
            text=f"{month:%Y-%m} 口径有变或数据有误",
            showarrow=False,
            xanchor="auto",
            font={"color": DUE, "size": 12},
        )
    figure.update_yaxes(rangemode="tozero", tickformat=",.0f")
    label_months(figure, months["month"])
    notes = min(int(months["broken"].sum()), _NOTE_ROWS)
    return framed(figure, stamp, 300 + 18 * notes).update_layout(margin={"t": 20 + 18 * notes})
