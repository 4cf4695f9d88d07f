"""Charts on a page: a `Chart` drawn by Plotly, with the control that takes it away."""

import html
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from presentation.chart_spec import Chart, Line, Series, month_ticks
from presentation.labels import plain
from presentation.palette import GRID, INK, MAIN, MUTED, SOFT
from reports.figures import chart_sheets
from ui import page_downloads, page_pictures
from ui.page_pictures import Figure

_MONTHS = 6  # labels of a time axis that stand apart on a phone
_BESIDE_NAMES = 4  # of them where names take half of its width
_ROW = 20  # pixels of a row of notes, or of a legend
_NOTE_ROWS = 3  # of notes above a chart, one over the other
_LETTER = 12  # pixels of a Chinese letter of the words beside a chart; others take half
_LYING, _PER_ROW, _UPRIGHT = 44, 34, 270  # pixels of height
_DOT, _EDGE = 12, 0.25  # pixels; of the width, where notes lean inwards
_figures: WeakKeyDictionary[Chart, go.Figure] = WeakKeyDictionary()
_CONFIG = {"displayModeBar": False, "doubleClick": False, "showTips": False}


def show(chart: Chart, title: str, stamp: str, key: str | None = None) -> Figure:
    """Draw `chart`, called `title`, with the control that takes it away.

    Returns the chart on paper. Plotly has nothing to say beside it: its own words are English.
    """
    shown = on_paper(chart, title)
    with st.container():
        if chart.frame.empty:
            st.caption(chart.empty)
            return shown
        with st.container(gap="xxsmall"):
            if marks := legend(chart):
                st.html(marks)
            st.plotly_chart(figure(chart), config=_CONFIG, key=key, alt=title)
            page_pictures.control(
                shown,
                stamp,
                lambda: page_downloads.workbook({title: chart.points()}, stamp, chart.kind),
                key or title,
            )
        if chart.notes:
            st.caption(plain(" ".join(chart.notes)))
    return shown


def on_paper(chart: Chart, title: str) -> Figure:
    """The chart as it is printed."""
    return Figure(title, partial(chart_sheets.sheet, chart=chart))


def legend(chart: Chart) -> str:
    """The legend above a chart as HTML, which wraps on a narrow screen; '' where it needs none."""
    named = [] if _tiled(chart) else chart.named()
    parts = [f"<em>{html.escape(chart.axis)}</em>"] if chart.axis and not chart.lying else []
    parts += [f"<span>{_swatch(one)}{html.escape(one.label)}</span>" for one in named]
    return f'<div class="legend">{"".join(parts)}</div>' if parts else ""


def _swatch(one: Series) -> str:
    """A small mark that looks as the series does."""
    if one.mark in ("line", "step"):
        dashes = {"solid": "solid", "dash": "dashed", "dot": "dotted"}
        look = f"border-top:{min(one.width, 4):g}px {dashes[one.dash]} {one.colour}"
    elif one.mark == "tick":
        look = f"border-left:3px solid {one.colour}"
    else:
        look = f"background:{'white' if one.hollow else one.colour}"
        look += f";box-shadow:inset 0 0 0 2px {one.colour}"
    return f'<i class="{one.mark}" style="{look}"></i>'


def figure(chart: Chart) -> go.Figure:
    """The chart as Plotly draws it, once; its names may come from files, and Plotly reads tags."""
    if chart not in _figures:
        _figures[chart] = _figure(chart)
    return _figures[chart]


def _figure(chart: Chart) -> go.Figure:
    drawn = go.Figure()
    if _tiled(chart):
        _tiles(drawn, chart)
    else:
        for one in chart.series:
            _trace(drawn, chart, one)
        _words(drawn, chart)
    notes = _lines(drawn, chart)
    _scales(drawn, chart)
    _frame(drawn, chart, notes)
    return drawn


def _tiled(chart: Chart) -> bool:
    return any(one.mark == "tile" for one in chart.series)


def _trace(drawn: go.Figure, chart: Chart, one: Series) -> None:
    rows = chart.shown(one)
    values, places = rows[one.column], _places(chart, rows)
    common: dict[str, Any] = {
        "name": html.escape(one.label),
        "customdata": rows[one.told].fillna("").map(html.escape) if one.told else None,
        "hovertemplate": _template(chart, one),
    }
    if one.mark == "span":
        long = (values - rows[one.low]).dt.total_seconds() * 1000
        drawn.add_bar(x=long, base=rows[one.low], y=places, orientation="h",
                      marker_color=one.colour, **common)  # fmt: skip
        return
    sides = {"x": values, "y": places} if chart.lying else {"x": places, "y": values}
    if one.mark == "bar":
        drawn.add_bar(**sides, orientation="h" if chart.lying else "v",
                      marker_color=one.colour, **common)  # fmt: skip
    elif one.mark in ("line", "step"):
        single = values.notna().sum() == 1
        line = {"color": one.colour, "width": one.width, "dash": one.dash,
                "shape": "hv" if one.mark == "step" else "linear"}  # fmt: skip
        drawn.add_scatter(**sides, mode="lines+markers" if single else "lines", line=line, **common)
    else:
        drawn.add_scatter(
            **sides, mode="markers", marker=_marker(one), error_x=_bounds(one, rows), **common
        )


def _marker(one: Series) -> dict[str, Any]:
    if one.mark == "tick":
        line = {"color": one.colour, "width": 3}
        return {"symbol": "line-ns-open", "size": 16, "line": line, "color": one.colour}
    fill = "white" if one.hollow else one.colour
    return {"color": fill, "size": _DOT, "line": {"color": one.colour, "width": 2}}


def _bounds(one: Series, rows: pd.DataFrame) -> dict[str, Any] | None:
    if not one.high:
        return None
    return {
        "type": "data",
        "symmetric": False,
        "array": rows[one.high] - rows[one.column],
        "arrayminus": rows[one.column] - rows[one.low],
        "color": MUTED,
    }


def _places(chart: Chart, rows: pd.DataFrame) -> pd.Series:
    if chart.over_days:  # a third of what Plotly would send
        days: pd.Series = rows[chart.over].dt.strftime("%Y-%m-%d")
        return days
    if not chart.over_names:
        return rows[chart.over]
    names = rows[chart.over].astype(str)
    chosen = names == chart.chosen
    names = names.map(html.escape)
    return names.mask(chosen, "<b>" + names + "</b>")


def _template(chart: Chart, one: Series) -> str:
    """What is said of each point: where it is, its series, its value, and what is told of it."""
    value, place = ("x", "y") if chart.lying else ("y", "x")
    where = f"%{{{place}|%Y-%m-%d}}" if chart.over_days else f"%{{{place}}}"
    exact = {
        "share": f"%{{{value}:.1%}}",
        "points": f"%{{{value}:+.1%}}",
        "count": f"%{{{value}:,.10~g}} {chart.unit}",
    }
    parts = (one.label, "" if one.mark == "span" else exact[chart.form])
    told = [html.escape(part) for part in parts if part] + ["%{customdata}"] * bool(one.told)
    return f"{where}<br>{' '.join(told)}<extra></extra>"


def _tiles(drawn: go.Figure, chart: Chart) -> None:
    """Shares as tiles, a row a name, a column a series, each with its number."""
    columns = [one.column for one in chart.series]
    grid = chart.frame[columns].to_numpy(float)
    drawn.add_heatmap(
        z=grid,
        x=[one.label for one in chart.series],
        y=_places(chart, chart.frame),
        colorscale=[[0, "#ffffff"], [1, MAIN]],
        zmin=0,
        zmax=1,
        text=[[f"{cell:.0%}" if cell else "" for cell in row] for row in grid],
        texttemplate="%{text}",
        hovertemplate="%{y} %{x} %{z:.1%}<extra></extra>",
        showscale=False,
    )


def _words(drawn: go.Figure, chart: Chart) -> None:
    """The words of each row in a column beyond the scale, the values of lines at their ends."""
    if chart.words:
        rows = chart.frame
        end = chart.scale()[1]
        _text(drawn, [end] * len(rows), _places(chart, rows), chart.beside())
    else:
        found = chart.ends()
        _text(drawn, [place for place, _ in found], [value for _, value in found], chart.beside())


def _text(drawn: go.Figure, x: Any, y: Any, words: list[str]) -> None:
    drawn.add_scatter(
        x=x,
        y=y,
        mode="text",
        text=[" " + html.escape(one) for one in words],
        textposition="middle right",
        textfont={"color": INK, "size": 12},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _lines(drawn: go.Figure, chart: Chart) -> int:
    """Lines across, each with its note above or at its end; the rows of notes above the chart."""
    above = 0
    for line in chart.lines:
        look = {"color": line.colour, "dash": line.dash, "width": 1.5}
        if line.upright or chart.lying:
            drawn.add_vline(x=line.at, line=look)
            if line.label:
                _note(drawn, line, _lean(chart, line), above % _NOTE_ROWS)
                above += 1
        else:
            drawn.add_hline(y=line.at, line=look)
            if line.label:
                drawn.add_annotation(x=0, xref="paper", y=line.at, text=html.escape(line.label),
                                     showarrow=False, xanchor="left", yanchor="bottom",
                                     font={"color": SOFT, "size": 12})  # fmt: skip
    return min(above, _NOTE_ROWS)


def _lean(chart: Chart, line: Line) -> str:
    """The side of its line on which a note is not cut at the edge."""
    if isinstance(line.at, pd.Timestamp):
        days = _days(chart)
        low, high = min(days), max(days)
    else:
        low, high = (0, chart.frame[chart.over].max()) if line.upright else chart.scale()[:2]
    share = (line.at - low) / (high - low) if high > low else 0.5
    return "left" if share < _EDGE else "right" if share > 1 - _EDGE else "center"


def _note(drawn: go.Figure, line: Line, lean: str, row: int) -> None:
    """A note above the chart, where nothing covers it, over its line."""
    drawn.add_annotation(
        x=line.at,
        y=1,
        yref="paper",
        yanchor="bottom",
        yshift=2 + _ROW * row,
        text=html.escape(line.label),
        showarrow=False,
        xanchor=lean,
        font={"color": INK, "size": 12},
    )


def _days(chart: Chart) -> list[Any]:
    """All days of a chart over time, and of one of spans."""
    if chart.over_days:
        return list(chart.frame[chart.over])
    ends = pd.concat([chart.frame[part] for one in chart.series for part in (one.low, one.column)])
    return list(ends.dropna())


def _scales(drawn: go.Figure, chart: Chart) -> None:
    """Ticks and ends of both axes, the same as on paper."""
    values, places = ("x", "y") if chart.lying else ("y", "x")
    axes = {"x": drawn.update_xaxes, "y": drawn.update_yaxes}
    if any(one.mark == "span" for one in chart.series):
        _time(axes[values], _days(chart), most=_BESIDE_NAMES)
    elif not _tiled(chart):
        low, high, ticks = chart.scale()
        wide = (high - low) * 0.03
        axes[values](
            range=[low - (wide if low < 0 else 0), high + wide],
            tickvals=ticks,
            ticktext=[chart.number(tick) for tick in ticks],
            gridcolor=GRID,
        )
    if chart.over_names:
        ordered = list(_places(chart, chart.frame))
        axes[places](categoryorder="array", categoryarray=ordered, autorange="reversed")
    elif chart.over_days:
        bars = any(one.mark == "bar" for one in chart.series)
        _time(axes[places], _days(chart), ends=not bars)
    else:
        axes[places](rangemode="tozero", gridcolor=GRID)


def _pixels(text: str) -> int:
    """How wide words of `_LETTER` are."""
    return sum(_LETTER if ord(letter) > 0x2E80 else 7 for letter in text)


def _time(axis: Any, days: list[Any], *, ends: bool = True, most: int = _MONTHS) -> None:
    """Label months; the axis `ends` with the days unless bars stand on them."""
    ticks = month_ticks(days, most)
    axis(type="date", tickvals=ticks, ticktext=[f"{day:%Y-%m}" for day in ticks])
    if ends and len(set(days)) > 1:
        axis(range=[min(days), max(days)])


def _frame(drawn: go.Figure, chart: Chart, notes: int) -> None:
    """The house layout, with room for notes, the legend and the words at the ends of rows."""
    rows = len(chart.frame) if chart.lying else 0
    beside = max(map(_pixels, chart.beside()), default=0)
    drawn.update_layout(
        height=_LYING + _PER_ROW * rows + _ROW * notes if chart.lying else _UPRIGHT + _ROW * notes,
        margin={"l": 8, "r": 16 + beside, "t": 12 + _ROW * notes, "b": 8},
        showlegend=False,
        hoverlabel={"namelength": -1},
        dragmode=False,
        barmode="stack" if chart.stacked else "overlay",
    )  # fmt: skip
    look = {"tickfont": {"color": SOFT}, "title": {"font": {"color": SOFT}}}
    drawn.update_xaxes(automargin=True, tickangle=0, **look)
    drawn.update_yaxes(automargin=True, **look)
    if chart.lying and chart.axis:
        drawn.update_xaxes(title={"text": html.escape(chart.axis), "font": {"color": SOFT}})
