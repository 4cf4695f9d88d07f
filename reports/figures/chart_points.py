"""The data behind a chart of the screen, as a table: a row a point, a column a line."""

import html
from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

_KEYS = {"date": "日期", "name": "名称", "number": "横轴"}


def table(figure: go.Figure, title: str) -> pd.DataFrame:
    """The points of a figure: what they are of, and the value of every line there.

    Headings are names of lines, else the title of the axis, else `title`. Bounds are columns
    beside their value. A heat map is a row a row, a column a column.
    """
    if figure.data and figure.data[0].type == "heatmap":
        grid = figure.data[0]
        frame = pd.DataFrame(grid.z, columns=[_text(name) for name in grid.x])
        frame.insert(0, _KEYS["name"], [_text(name) for name in grid.y])
        return frame
    flat = any(_flat(trace) for trace in figure.data)
    along, across = ("y", "x") if flat else ("x", "y")
    columns: dict[str, dict[Any, Any]] = {}
    for trace in figure.data:
        heading, last = _heading(figure, across, title), (figure.layout.xaxis.range or [None])[-1]
        _add(columns, trace, (along, across), heading, last)
    key = _heading(figure, along, _key(figure, along))
    frame = pd.DataFrame(
        {name: pd.Series(values, dtype=object) for name, values in columns.items()}
    )
    places = _ordered(columns)
    frame = frame.reindex(places)
    frame.insert(0, key, [place for place, _ in places])
    return frame.reset_index(drop=True).infer_objects()


def kind(figure: go.Figure) -> Callable[[str], str]:
    """The format of the columns of `table` by heading: percent where the scale has percents."""
    forms = (figure.layout.xaxis.tickformat, figure.layout.yaxis.tickformat)
    shares = any((form or "").endswith("%") for form in forms)
    shares = shares or any(trace.type == "heatmap" for trace in figure.data)
    return lambda heading: "percent" if shares and heading not in _KEYS.values() else ""


def _add(
    columns: dict[str, dict[Any, Any]], trace: Any, sides: tuple[str, str], heading: str, last: Any
) -> None:
    """Add the values of a trace along and across `sides`; bars over time end by `last`."""
    along, across = sides
    name = _text(trace.name) if trace.name else heading
    own = columns.setdefault(name, {})
    error = trace.error_x if trace.type == "scatter" else None
    for number, (place, value) in enumerate(zip(trace[along], trace[across], strict=True)):
        where = _value(place)
        nth = sum(other == where for other, _ in own)  # a step has two values at one place
        own[where, nth] = _value(value)
        if trace.type == "bar" and trace.base is not None:
            start = pd.Timestamp(trace.base[number])
            end = start + pd.Timedelta(float(value), unit="ms")
            own[where, nth] = start.date()
            lasting = end >= pd.Timestamp(last)  # to where the chart ends
            columns.setdefault("至", {})[where, nth] = None if lasting else end.date()
        if error is not None and error.array is not None:
            low, high = value - error.arrayminus[number], value + error.array[number]
            columns.setdefault(f"{name}（最低）", {})[where, nth] = low
            columns.setdefault(f"{name}（最高）", {})[where, nth] = high


def _ordered(columns: dict[str, dict[Any, Any]]) -> list[tuple[Any, int]]:
    """The places of all columns, rising where they are days or numbers."""
    places = list(dict.fromkeys(place for values in columns.values() for place in values))
    if any(isinstance(place, str) for place, _ in places):
        return places[::-1]  # a chart of rows is drawn from below
    return sorted(places)


def _flat(trace: Any) -> bool:
    """Whether the values of a trace lie along x, its names along y."""
    if trace.type == "bar":
        return bool(trace.orientation == "h")
    return any(isinstance(value, str) for value in trace.y)


def _heading(figure: go.Figure, side: str, other: str) -> str:
    return _text(figure.layout[f"{side}axis"].title.text) or other


def _key(figure: go.Figure, side: str) -> str:
    first = next((value for trace in figure.data for value in trace[side]), None)
    if isinstance(first, str):
        return _KEYS["name"]
    return _KEYS["number" if isinstance(first, Real) else "date"]


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, pd.Timestamp | np.datetime64):
        return pd.Timestamp(value).date()
    return value


def _text(text: Any) -> str:
    return html.unescape(str(text or ""))
