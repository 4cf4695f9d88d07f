"""Charts on paper: a `Chart` drawn by matplotlib, alone on a sheet or several in a grid."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from presentation.chart_spec import Chart, Dash, Series, month_ticks
from presentation.palette import FAINT, GRID, INK, MAIN, MUTED
from reports.figures import figure_text
from reports.figures.paper import Blank, Box, Look, Sheet

_DASHES: dict[Dash, str] = {"solid": "-", "dash": "--", "dot": ":"}
_NAMES, _WORDS = 0.38, 0.34  # of the width, at most, for the names of rows and their words
_BAR, _MONTH = 0.66, 24.0  # of its row, and days of its month, that a bar takes
_DARK = 0.6  # of a colour scale, from where on text on it is white
_GAP = 4.0  # millimetres between charts of a grid
_GRID: Look = {"color": GRID, "linewidth": 0.5}


def sheet(blank: Blank, chart: Chart) -> Sheet:
    """The sheet of a chart; a sentence where it has nothing to draw."""
    blank = replace(blank, message=chart.message)
    if chart.frame.empty:
        return blank.empty(chart.empty)
    paper = blank.sheet(chart.notes)
    _draw(paper, chart)
    return paper


def several(blank: Blank, charts: Mapping[str, Chart], notes: Sequence[str]) -> Sheet:
    """Small charts in a grid, each under its title: their scales are their own."""
    paper = blank.sheet(notes)
    body, shape = paper.body, paper.shape
    across = math.ceil(math.sqrt(len(charts) * body.height / body.width * 1.6)) or 1
    across = max(2, min(across, len(charts))) if len(charts) > 1 else 1
    down = math.ceil(len(charts) / across)
    wide = (body.width - _GAP * (across - 1)) / across
    high = (body.height - _GAP * (down - 1)) / down
    step = figure_text.height(shape.text)
    for number, (title, chart) in enumerate(charts.items()):
        left = body.left + number % across * (wide + _GAP)
        top = body.top - number // across * (high + _GAP)
        paper.write(figure_text.shortened(title, wide, shape.text), left, top - step, shape.text)
        paper.body = Box(left, top - high, left + wide, top - step * 1.4)
        _draw(paper, chart, small=True)
    paper.body = body
    return paper


def _draw(paper: Sheet, chart: Chart, *, small: bool = False) -> None:
    """Draw a chart into the body of `paper`; a `small` one has no legend and fewer labels."""
    tiles = any(one.mark == "tile" for one in chart.series)
    if not small and not tiles:
        entries = [(one.label, _swatch(paper, one)) for one in chart.named()]
        lying = [(line.label, _line(line.colour, line.dash)) for line in chart.lines if line.label]
        paper.row([*entries, *lying]) if entries or lying else None
    chart = replace(chart, axis="") if small else chart  # the title says it
    axes, places = _rows(paper, chart) if chart.lying else (_upright(paper, chart), np.empty(0))
    if tiles:
        _tiles(axes, chart, paper)
        return
    for one in chart.series:
        _series(paper, axes, chart, one, places)
    for line in chart.lines:
        at = mdates.date2num(line.at) if isinstance(line.at, pd.Timestamp) else line.at
        across = axes.axvline if line.upright or chart.lying else axes.axhline
        across(at, **_line(line.colour, line.dash))
    _scales(axes, chart, paper)


def _series(paper: Sheet, axes: Axes, chart: Chart, one: Series, places: np.ndarray) -> None:
    """Draw one series; `places` are where the rows of the frame lie, of a chart of rows."""
    rows = chart.shown(one)
    at = chart.frame.index.get_indexer(rows.index)
    where = places[at] if chart.lying else _numbers(rows[chart.over])
    values = _numbers(rows[one.column])
    if one.mark == "span":
        start = _numbers(rows[one.low])
        axes.barh(where, values - start, _BAR, left=start, color=one.colour, zorder=3)
    elif one.mark == "bar":
        start = _numbers(rows[chart.below(one)].sum(axis=1))
        if chart.lying:
            axes.barh(where, values, _BAR, left=start, color=one.colour, zorder=3)
        else:
            axes.bar(where, values, _MONTH, bottom=start, color=one.colour, zorder=3)
    elif one.mark in ("line", "step"):
        look = _line(one.colour, one.dash) | {"linewidth": one.width * 0.8, "zorder": 4}
        single = np.isfinite(values).sum() == 1
        look |= {"marker": "o", "markersize": paper.shape.text * 0.5} if single else {}
        drawstyle = "steps-post" if one.mark == "step" else "default"
        axes.plot(where, values, drawstyle=drawstyle, **look)
    else:
        x, y = (values, where) if chart.lying else (where, values)
        if one.high:
            ends = _numbers(rows[one.low]), _numbers(rows[one.high])
            axes.hlines(where, *ends, color=MUTED, linewidth=1.4, zorder=3)
        axes.plot(x, y, linestyle="", zorder=5, **_dot(one, paper))


def _numbers(values: pd.Series) -> np.ndarray:
    """Values, or days, as numbers of an axis."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return np.asarray(mdates.date2num(values.to_numpy("datetime64[us]")), dtype=float)
    return values.to_numpy(float)


def _line(colour: str, dash: Dash) -> Look:
    return {"color": colour, "linestyle": _DASHES[dash], "linewidth": 1.2}


def _dot(one: Series, paper: Sheet) -> Look:
    size = paper.shape.text
    if one.mark == "tick":
        return {
            "marker": "|",
            "color": one.colour,
            "markersize": size * 1.5,
            "markeredgewidth": 1.6,
        }
    fill = "white" if one.hollow else one.colour
    edge: Look = {"markeredgecolor": one.colour, "markeredgewidth": 1.2}
    return {"marker": "o", "markersize": size * 0.8, "markerfacecolor": fill, **edge}


def _swatch(paper: Sheet, one: Series) -> Look:
    """How the legend shows a series: a block of a bar, a line, or a mark."""
    if one.mark == "bar":
        wide = paper.shape.text * 0.7
        look: Look = {"color": one.colour, "linewidth": wide, "linestyle": "-"}
        return look | {"solid_capstyle": "butt"}
    if one.mark in ("line", "step"):
        return _line(one.colour, one.dash) | {"linewidth": min(one.width, 4) * 0.8}
    return _dot(one, paper)


def _rows(paper: Sheet, chart: Chart) -> tuple[Axes, np.ndarray]:
    """Axes with a row a name, the first on top, headings between groups; where each row lies.

    Names are cut where they are too long for their part of the sheet, and take two lines where
    there is room.
    """
    size, body = paper.shape.text, paper.body
    frame = chart.frame
    groups = list(frame[chart.group]) if chart.group else [""] * len(frame)
    places, labels, ticks, row = [], [], [], 0
    for number, (name, group) in enumerate(zip(frame[chart.over], groups, strict=True)):
        if group and (number == 0 or group != groups[number - 1]):
            ticks.append(row)
            labels.append((figure_text.printable(group), FAINT))
            row += 1
        places.append(row)
        ticks.append(row)
        labels.append((figure_text.printable(str(name)), INK))
        row += 1
    bottom = figure_text.height(size, 1.3 + (1.1 if chart.axis else 0))
    pitch = (body.height - bottom) / (row + 0.4)
    left = min(max(figure_text.width(name, size) for name, _ in labels) + 2, body.width * _NAMES)
    lines = max(1, min(2, int(pitch / figure_text.height(size, 0.9))))
    room = body.width * _WORDS
    beside = chart.beside() if chart.words else []
    words = [figure_text.shortened(text, room, size) for text in beside]
    right = max((figure_text.width(text, size) for text in words), default=0) + 4
    axes = paper.axes(left=left, right=right, bottom=bottom)
    axes.set_ylim(row - 0.3, -0.7)
    axes.set_yticks(
        ticks, [figure_text.fitted(name, left - 1.5, size, lines) for name, _ in labels]
    )
    axes.tick_params(axis="y", length=0)
    for tick, (_, colour) in zip(axes.get_yticklabels(), labels, strict=True):
        tick.set_color(colour)
    look: Look = {"fontsize": size, "color": INK, "va": "center"}
    for place, text in zip(places, words, strict=False):
        axes.text(1, place, "  " + text, transform=axes.get_yaxis_transform(), **look)
    return axes, np.array(places, dtype=float)


def _upright(paper: Sheet, chart: Chart) -> Axes:
    """Axes with lines across, room for the scale, the last month and the values of ends."""
    size = paper.shape.text
    *_, ticks = chart.scale()
    widest = max(figure_text.width(chart.number(tick), size) for tick in ticks)
    ends = [figure_text.width(text, size) for text in chart.beside()]
    axes = paper.axes(
        left=widest + 2,
        bottom=figure_text.height(size, 1.3),
        right=max([figure_text.width("0000-00", size) / 2, *(end + 2 for end in ends)]),
        top=figure_text.height(size, 1.2) if chart.axis else 1.5,
    )
    axes.grid(axis="y", **_GRID)
    axes.set_axisbelow(True)
    look: Look = {"fontsize": size, "color": INK, "va": "center"}
    for (place, value), text in zip(chart.ends(), chart.beside(), strict=True):
        axes.annotate(text, (mdates.date2num(place), value), (2.5, 0),
                      textcoords="offset points", annotation_clip=False, **look)  # fmt: skip
    if chart.axis:
        axes.text(0, 1, chart.axis, transform=axes.transAxes, fontsize=size, color=FAINT)
    return axes


def _scales(axes: Axes, chart: Chart, paper: Sheet) -> None:
    """Ticks and ends of the axes, the same as on the screen."""
    value = axes.xaxis if chart.lying else axes.yaxis
    if any(one.mark == "span" for one in chart.series):
        days = pd.concat([chart.frame[column] for one in chart.series
                          for column in (one.low, one.column)]).dropna()  # fmt: skip
        _months(axes, days, paper)
        return
    low, high, ticks = chart.scale()
    wide = (high - low) * 0.03
    value.set_view_interval(low - (wide if low < 0 else 0), high + wide, ignore=True)
    value.set_ticks(ticks, [chart.number(tick) for tick in ticks])
    if chart.lying:
        axes.set_xlabel(chart.axis, fontsize=paper.shape.text, color=INK)
    elif chart.over_days:
        _months(axes, chart.frame[chart.over], paper)
    else:
        axes.set_xlim(0, float(chart.frame[chart.over].max()) * 1.01)
        axes.locator_params(axis="x", nbins=6, integer=True, steps=[1, 2, 5, 10])
        axes.xaxis.set_major_formatter(lambda number, _: chart.number(number))


def _months(axes: Axes, days: pd.Series, paper: Sheet) -> None:
    """Label as many months as stand apart, the last one always."""
    wide = axes.get_position().width * paper.shape.width
    room = figure_text.width("0000-00", paper.shape.text) * 1.25
    low, high = mdates.date2num(days.min()), mdates.date2num(days.max())
    shown = wide * (high - low) / max(np.diff(axes.get_xlim())[0], 1)
    ticks = month_ticks(days, max(2, int(shown / room) + 1))
    axes.set_xticks([mdates.date2num(day) for day in ticks], [f"{day:%Y-%m}" for day in ticks])


def _tiles(axes: Axes, chart: Chart, paper: Sheet) -> None:
    """Shares as tiles, a row a name, a column a series, each with its number."""
    values = chart.frame[[one.column for one in chart.series]].to_numpy(float)
    colours = LinearSegmentedColormap.from_list("shares", ["#ffffff", MAIN])
    columns = np.arange(len(chart.series))
    mesh = axes.pcolormesh(columns, np.arange(len(values)), values, cmap=colours, vmin=0, vmax=1)
    mesh.set_edgecolor("white")
    size = paper.shape.text
    for (row, column), share in np.ndenumerate(values):
        look: Look = {"ha": "center", "va": "center_baseline", "fontsize": size * 0.9}
        colour = "white" if share > _DARK else INK
        axes.text(column, row, f"{share:.0%}" if share else "", color=colour, **look)
    axes.set_xticks(columns, [one.label for one in chart.series])
    axes.set_ylim(len(values) - 0.5, -0.5)
