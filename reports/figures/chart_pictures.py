"""Charts of the screen on paper: any figure that a page draws with Plotly, as a sheet for print.

It knows the kinds of traces and marks that the pages use, and refuses what it does not know, so
that no chart loses a part on its way to paper.
"""

import html
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

from presentation.palette import FAINT, GRID, INK
from reports.figures import chart_axes, figure_text
from reports.figures.paper import Blank, Look, Sheet

TRACES = {"scatter", "bar", "heatmap"}
MODES = {"lines", "markers", "text"}
MARKERS = {None: "o", "circle": "o", "diamond": "D"}
DASHES = {None: "-", "solid": "-", "dash": "--", "dot": ":", "dashdot": "-."}
_PX = 0.8  # points that stand for a pixel of the screen
_NAMES = 0.38  # of the width, at most, for the names of rows
_BAR = 0.62  # of its row that a bar takes
_DARK = 0.75  # of a colour scale, from where on text on it is white
_MILLISECONDS = 86_400_000  # of a day: Plotly's length of a bar over time
_EDGE = 0.12  # of the width, within which a note leans inwards


def sheet(blank: Blank, figure: go.Figure) -> Sheet:
    """The sheet of a figure, with the title and the stamp of `blank`.

    Raises `ValueError` for a trace or a mark that is not known here.
    """
    _check(figure)
    paper = blank.sheet()
    entries = [(_text(trace.name), _swatch(paper, trace)) for trace in figure.data if _named(trace)]
    if entries:
        paper.row(entries)
    scales = _Scale("x", figure), _Scale("y", figure)
    axes = _axes(paper, figure, scales)
    stacked: dict[str, float] = {}
    for trace in figure.data:
        _DRAWN[trace.type](axes, trace, scales, stacked if _stacks(figure) else None)
    for shape in figure.layout.shapes:
        _line(axes, shape, scales)
    _scales(axes, figure, scales, paper)
    _notes(axes, figure, scales, paper)
    return paper


def _check(figure: go.Figure) -> None:
    unknown = {trace.type for trace in figure.data} - TRACES
    for trace in figure.data:
        if trace.type == "scatter":
            unknown |= set((trace.mode or "lines").split("+")) - MODES
            unknown |= {trace.marker.symbol} - MARKERS.keys() | {trace.line.dash} - DASHES.keys()
            unknown |= {trace.line.shape} - {None, "linear", "hv"} | {trace.fill} - {None, "none"}
    unknown |= {shape.type for shape in figure.layout.shapes} - {"line"}
    unknown |= {"arrow" for note in figure.layout.annotations if note.showarrow is not False}
    unknown |= {figure.layout.barmode} - {None, "stack", "overlay"}
    if unknown:
        raise ValueError(f"no picture is drawn of {sorted(map(str, unknown))}")


class _Scale:
    """How the values of one axis become numbers: days, names in their order, or numbers."""

    def __init__(self, side: str, figure: go.Figure) -> None:
        self.side, self.layout = side, figure.layout[f"{side}axis"]
        values = [value for trace in figure.data for value in _list(trace[side])]
        base = [
            value for trace in figure.data if trace.type == "bar" for value in _list(trace.base)
        ]
        along = any(trace.type == "bar" and _along(trace) == side for trace in figure.data)
        self.names: list[str] = []
        if self.layout.type == "date" or any(map(_is_day, values + base * along)):
            self.kind = "date"
        elif any(isinstance(value, str) for value in values):
            self.kind = "name"
            ordered = [*_list(self.layout.categoryarray), *values]
            self.names = list(dict.fromkeys(map(str, ordered)))
        else:
            self.kind = "number"

    def of(self, values: Any) -> np.ndarray:
        """`values` as numbers on the paper's axis."""
        if self.kind == "name":
            return np.array([self.names.index(str(value)) for value in _list(values)], dtype=float)
        if self.kind == "date":
            days = pd.to_datetime(pd.Series(_list(values), dtype=object))
            return np.asarray(mdates.date2num(days.to_numpy("datetime64[us]")), dtype=float)
        return pd.to_numeric(pd.Series(_list(values), dtype=object)).to_numpy(float)


Scales = tuple[_Scale, _Scale]


def _list(values: Any) -> list[Any]:
    if values is None:
        return []
    return (
        list(values) if isinstance(values, Iterable) and not isinstance(values, str) else [values]
    )


def _is_day(value: object) -> bool:
    return isinstance(value, date | np.datetime64)


def _along(bars: Any) -> str:
    """The side along which bars are long."""
    return "x" if bars.orientation == "h" else "y"


def _stacks(figure: go.Figure) -> bool:
    return bool(figure.layout.barmode == "stack")


def _text(text: Any) -> str:
    return figure_text.printable(html.unescape(str(text or "")))


def _named(trace: Any) -> bool:
    """Whether the legend has an entry of a trace."""
    return bool(trace.name) and trace.showlegend is not False


def _swatch(paper: Sheet, trace: Any) -> Look:
    if trace.type == "bar":
        return chart_axes.swatch(paper, trace.marker.color)
    if "lines" in (trace.mode or "lines"):
        return _line_look(trace) | {"linestyle": DASHES[trace.line.dash]}
    return _marker_look(trace)


def _line_look(trace: Any) -> Look:
    return {
        "color": trace.line.color,
        "linewidth": (trace.line.width or 2) * _PX,
        "linestyle": DASHES[trace.line.dash],
        "alpha": trace.opacity,
    }


def _marker_look(trace: Any) -> Look:
    edge = trace.marker.line
    return {
        "marker": MARKERS[trace.marker.symbol],
        "color": trace.marker.color or trace.line.color,
        "markersize": (trace.marker.size or 6) * _PX,
        "markeredgecolor": edge.color or trace.marker.color or trace.line.color,
        "markeredgewidth": (edge.width or 0) * _PX,
        "alpha": trace.opacity,
    }


def _axes(paper: Sheet, figure: go.Figure, scales: Scales) -> Axes:
    """Axes with room for names, scales, titles and the notes above."""
    across, up = scales
    size, body = paper.shape.text, paper.body
    names = [_text(name) for name in up.names] or ["000,000,000"]
    widest = max(figure_text.width(name, size) for name in names)
    hidden = up.layout.visible is False
    titled = figure_text.height(size) if up.layout.title.text else 0
    left = 0 if hidden else min(widest + 2, body.width * _NAMES) + titled
    lines = 1.3 + (1.2 if across.layout.title.text else 0)
    rows = len({note.yshift for note in figure.layout.annotations})
    return paper.axes(
        left=left,
        bottom=figure_text.height(size, lines),
        right=figure_text.width("0000-00", size) / 2,
        top=figure_text.height(size, rows) + 1.5,
    )


def _scatter(axes: Axes, trace: Any, scales: Scales, _stacked: object) -> None:
    x, y = (scale.of(trace[scale.side]) for scale in scales)
    mode = trace.mode or "lines"
    error = trace.error_x
    if error.array is not None:
        ends = np.array([scales[0].of(error.arrayminus), scales[0].of(error.array)])
        look: Look = {"ecolor": error.color, "elinewidth": (error.thickness or 2) * _PX}
        axes.errorbar(x, y, xerr=ends, fmt="none", capsize=error.width or 0, zorder=2, **look)
    if "lines" in mode:
        stepped = "steps-post" if trace.line.shape == "hv" else "default"
        axes.plot(x, y, drawstyle=stepped, zorder=3, **_line_look(trace))
    if "markers" in mode:
        axes.plot(x, y, linestyle="none", zorder=4, **_marker_look(trace))
    if "text" in mode:
        colour = trace.textfont.color or INK
        for place, height, words in zip(x, y, _list(trace.text), strict=True):
            look = {"ha": "center", "va": "center_baseline", "color": colour, "zorder": 5}
            axes.text(place, height, _text(words), fontsize=9, **look)


def _bar(axes: Axes, trace: Any, scales: Scales, stacked: dict[str, float] | None) -> None:
    along, across = scales if _along(trace) == "x" else scales[::-1]
    names = _list(trace[across.side])
    if along.kind == "date":
        long = pd.to_numeric(pd.Series(_list(trace[along.side]))).to_numpy(float) / _MILLISECONDS
        start = along.of(trace.base)
    else:
        long = along.of(trace[along.side])
        start = np.zeros(len(long))
        if stacked is not None:
            start = np.array([stacked.get(str(name), 0.0) for name in names])
            totals = dict(zip(map(str, names), start + np.nan_to_num(long), strict=True))
            stacked.update(totals)
    colours = trace.marker.color
    look: Look = {"color": colours if isinstance(colours, str) else list(colours), "zorder": 3}
    if along.side == "x":
        axes.barh(across.of(names), long, _BAR, left=start, **look)
    else:
        axes.bar(across.of(names), long, _BAR, bottom=start, **look)


def _heatmap(axes: Axes, trace: Any, scales: Scales, _stacked: object) -> None:
    x, y = (scale.of(trace[scale.side]) for scale in scales)
    values = np.asarray(trace.z, dtype=float)
    colours = LinearSegmentedColormap.from_list("scale", [tuple(one) for one in trace.colorscale])
    mesh = axes.pcolormesh(x, y, values, cmap=colours, vmin=trace.zmin, vmax=trace.zmax)
    mesh.set_edgecolor("white")
    for row, words in enumerate(trace.text if trace.text is not None else []):
        for column, word in enumerate(words):
            colour = "white" if values[row, column] > _DARK else INK
            look: Look = {"ha": "center", "va": "center_baseline", "color": colour}
            axes.text(x[column], y[row], _text(word), fontsize=9, **look)


_DRAWN: dict[str, Callable[[Axes, Any, Scales, dict[str, float] | None], None]] = {
    "scatter": _scatter,
    "bar": _bar,
    "heatmap": _heatmap,
}


def _line(axes: Axes, shape: Any, scales: Scales) -> None:
    """A line across the whole chart, up or along."""
    look: Look = {
        "color": shape.line.color,
        "linewidth": (shape.line.width or 2) * _PX,
        "linestyle": DASHES[shape.line.dash],
        "zorder": 3.5,
    }
    if shape.x0 == shape.x1:
        axes.axvline(scales[0].of(shape.x0)[0], **look)
    else:
        axes.axhline(scales[1].of(shape.y0)[0], **look)


def _scales(axes: Axes, figure: go.Figure, scales: Scales, paper: Sheet) -> None:
    """Limits, ticks, their words, lines behind and titles of both axes."""
    heat = any(trace.type == "heatmap" for trace in figure.data)
    for scale, axis in zip(scales, (axes.xaxis, axes.yaxis), strict=True):
        layout = scale.layout
        if scale.kind == "name":
            axis.set_ticks(range(len(scale.names)), _fitted(scale, paper, axes))
            axis.set_tick_params(length=0)
            ends = -0.5, len(scale.names) - 0.5
            _limit(axis, ends[::-1] if layout.autorange == "reversed" else ends)
            continue
        if layout.range:
            _limit(axis, tuple(scale.of(list(layout.range))))
        elif layout.rangemode == "tozero":
            least, _ = axis.get_data_interval()
            low, high = axis.get_view_interval()
            _limit(axis, (min(low, 0) if least < 0 else 0, high))
        _ticks(axis, scale)
        if not heat:
            axis.grid(visible=True, color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    look: Look = {"fontsize": paper.shape.text, "color": INK}
    axes.set_xlabel(_text(scales[0].layout.title.text), **look)
    axes.set_ylabel(_text(scales[1].layout.title.text), **look)
    if scales[1].layout.visible is False:
        axes.yaxis.set_visible(False)


def _limit(axis: Axis, ends: Sequence[float]) -> None:
    axis.set_view_interval(ends[0], ends[1], ignore=True)


def _fitted(scale: _Scale, paper: Sheet, axes: Axes) -> list[str]:
    """The names of rows, on two lines where they are too long for their part of the sheet."""
    if scale.side == "x":
        return [_text(name) for name in scale.names]
    room = paper.body.width * _NAMES - 2
    return [figure_text.fitted(_text(name), room, paper.shape.text) for name in scale.names]


def _ticks(axis: Axis, scale: _Scale) -> None:
    layout = scale.layout
    if scale.kind == "date":
        if layout.tickvals is not None:
            axis.set_ticks(scale.of(layout.tickvals))
        else:
            axis.set_major_locator(mdates.AutoDateLocator(minticks=3, maxticks=9))
        axis.set_major_formatter(mdates.DateFormatter("%Y-%m"))
        return
    if layout.dtick:
        axis.set_major_locator(MultipleLocator(layout.dtick))
    else:
        axis.set_major_locator(MaxNLocator(7, steps=[1, 2, 2.5, 5, 10]))
    form = layout.tickformat or ",.10~g"
    axis.set_major_formatter(FuncFormatter(lambda value, _: _number(value, form)))


def _number(value: float, form: str) -> str:
    """A number of a scale in a form of d3, of those that Python shares."""
    if form == ",.10~g":
        return f"{value:,.10g}"
    return format(value, form)


def _notes(axes: Axes, figure: go.Figure, scales: Scales, paper: Sheet) -> None:
    """Notes on lines, in rows above the chart, each where its line is."""
    heights = sorted({note.yshift or 0 for note in figure.layout.annotations})
    left, right = axes.get_xlim()
    step = figure_text.height(paper.shape.text)
    for note in figure.layout.annotations:
        (place,) = scales[0].of(note.x)
        share = (place - left) / (right - left)
        lean = "left" if share < _EDGE else "right" if share > 1 - _EDGE else "center"
        above = (heights.index(note.yshift or 0) * step + 0.8) / figure_text.MM
        axes.annotate(
            _text(note.text),
            (place, 1),
            (0, above),
            xycoords=axes.get_xaxis_transform(),
            textcoords="offset points",
            ha=lean,
            fontsize=paper.shape.text,
            color=note.font.color or FAINT,
        )
