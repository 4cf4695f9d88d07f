"""Native charts of the workbook: a `Chart` drawn by Excel from the cells of the table on its sheet.

Excel draws rows as columns, left to right: its bars that lie have no line across.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
from xlsxwriter.chart import Chart as Native
from xlsxwriter.utility import xl_col_to_name

from domain.owners import KINDS
from excel.table_sheets import TableSheet
from excel.workbook_writer import Book
from presentation import palette, scope_charts
from presentation.chart_spec import Chart, Dash, Series, month_ticks
from presentation.columns import COLUMNS
from presentation.palette import DUE, GRID, INK
from queries.scope import Scope
from reports.documents.workbook_rows import CLUSTERS, MONTH, REPORTS, indicator_headings

_DASHES: dict[Dash, str] = {"solid": "solid", "dot": "round_dot", "dash": "dash"}
_FORMS = {"share": "0%", "points": "+0%;-0%;0", "count": '[>=10000]0\\.0,"万";#,##0'}
_SIZE = {"width": 420, "height": 300}
_WIDE, _HIGH = 436, 16  # pixels and rows that a chart takes with the gap beside it
_EDGE = 4  # pixels below the edge of a page, where a frame would be printed on both
_ACROSS, _DOWN = 2, 2  # charts on a page of print
_NARROW, _BESIDE = 5, 64  # columns of a table with room beside it, pixels of the column between
_LABELS = 5  # of months, under a chart


def _heading(name: str) -> str:
    return COLUMNS[name][0]


@dataclass(frozen=True)
class Drawing:
    """A chart on a sheet: what it is of a scope, and the headings that its cells stand under.

    `columns` names the heading of each series by its column. Series under one heading are drawn as
    one, each of its columns in the colour of the series that has a value there. `kind` picks the
    rows of one sort, where the table has several.
    """

    of: Callable[[Scope], Chart]
    over: str
    columns: Mapping[str, str]
    kind: str = ""


class _Cells:
    """Ranges of a table on its sheet, by heading; of those of `rows`, which lie together, alone."""

    def __init__(self, sheet: TableSheet, frame: pd.DataFrame, rows: pd.DataFrame) -> None:
        self._name = sheet.sheet.get_name()
        self._places = {heading: column for column, heading in enumerate(frame.columns)}
        self._head = sheet.top + 1  # in Excel's count
        self._first = self._head + 1 + int(rows.index[0])
        self._last = self._first + len(rows) - 1

    def _cell(self, heading: str, row: int) -> str:
        return f"${xl_col_to_name(self._places[heading])}${row}"

    def range(self, heading: str) -> str:
        """The cells of a column."""
        first, last = self._cell(heading, self._first), self._cell(heading, self._last)
        return f"='{self._name}'!{first}:{last}"

    def series(self, over: str, of: str, **look: Any) -> dict[str, Any]:
        """A series of the column `of` over the column `over`, named by its heading."""
        return {
            "name": f"='{self._name}'!{self._cell(of, self._head)}",
            "categories": self.range(over),
            "values": self.range(of),
            **look,
        }


def draw(book: Book, name: str, sheet: TableSheet, frame: pd.DataFrame, scope: Scope) -> None:
    """The charts of the sheet `name`: beside its table if that is narrow, else below it."""
    found = [
        native
        for one in DRAWINGS.get(name, ())
        if (native := _drawn(book, sheet, frame, one, one.of(scope)))
    ]
    if not found:
        return
    beside = len(frame.columns) <= _NARROW
    first = sheet.top + 1 if beside else sheet.top + len(frame) + 2
    for place, native in enumerate(found):
        down, across = divmod(place, _ACROSS)
        column = len(frame.columns) + 1 if beside else 0
        offset = {"x_offset": across * _WIDE, "y_offset": _EDGE}
        sheet.sheet.insert_chart(first + down * _HIGH, column, native, offset)
    if beside:
        sheet.print_charts(sheet.width(frame) + _BESIDE + _WIDE)
    else:
        pages = range(first, first + -(-len(found) // _ACROSS) * _HIGH, _DOWN * _HIGH)
        sheet.print_charts(max(sheet.width(frame), _ACROSS * _WIDE), pages)


def _drawn(
    book: Book, sheet: TableSheet, frame: pd.DataFrame, drawing: Drawing, chart: Chart
) -> Native | None:
    """The native chart; None where the chart, or the table, has nothing to draw."""
    rows = frame[frame[_heading("sort")] == drawing.kind] if drawing.kind else frame
    known = rows[list(drawing.columns.values())].notna().any(axis=1)
    if chart.frame.empty or not known.any():
        return None
    if drawing.kind:  # areas without a venue stand last
        rows = rows.loc[: known[known].index[-1]]
    cells = _Cells(sheet, frame, rows)
    steps = any(one.mark == "step" for one in chart.series)
    bars = [one for one in chart.series if one.mark == "bar"]
    native = _native(book, "scatter" if steps else "column" if bars else "line", chart)
    across = _native(book, "line", chart)  # marks and lines over bars
    for heading in dict.fromkeys(drawing.columns.values()):
        own = [one for one in chart.series if drawing.columns.get(one.column) == heading]
        if own:
            over = across if bars and own[0].mark != "bar" else native
            over.add_series(cells.series(drawing.over, heading, **_look(chart, own)))
    if bars and chart.lines and _heading("due_share") in frame:
        line = {"color": DUE, "width": 2, "dash_type": "dash"}
        across.add_series(cells.series(drawing.over, _heading("due_share"), line=line))
    if across.series:
        native.combine(across)
    if len(set(drawing.columns.values())) < len(drawing.columns):  # bars of many colours
        native.set_legend({"position": "bottom", "delete_series": [0]})
    _scales(native, chart)
    return native


def _native(book: Book, kind: str, chart: Chart) -> Native:
    options = {"type": kind}
    if kind == "scatter":
        options["subtype"] = "straight"
    elif kind == "column" and chart.stacked:
        options["subtype"] = "stacked"
    native = book.file.add_chart(options)
    name = {"name": chart.message or chart.axis, "name_font": {"size": 11, "color": INK}}
    native.set_title({**name, "overlay": False})
    native.set_legend({"position": "bottom"} if len(chart.named()) else {"none": True})
    native.set_size(_SIZE)
    native.show_blanks_as("gap")
    return native


def _look(chart: Chart, own: list[Series]) -> dict[str, Any]:
    """How the series under one heading look, as one."""
    first = own[0]
    if first.mark == "tick":
        mark = {"type": "long_dash", "size": 12, "border": {"color": first.colour},
                "fill": {"color": first.colour}}  # fmt: skip
        return {"line": {"none": True}, "marker": mark}
    if first.mark != "bar":
        line = {"color": first.colour, "width": first.width, "dash_type": _DASHES[first.dash]}
        return {"line": line}
    look: dict[str, Any] = {"fill": {"color": first.colour}, "gap": 40}
    if len(own) > 1:
        marked = chart.frame[[one.column for one in own]].notna()
        colours = {one.column: one.colour for one in own}
        known = marked[marked.any(axis=1)].idxmax(axis=1)
        look["points"] = [
            {"fill": {"color": colours[known[row]]}} if row in known else None
            for row in chart.frame.index
        ]
    return look


def _scales(native: Native, chart: Chart) -> None:
    """The ends, steps and numbers of both axes: those of every other drawing of the chart."""
    low, high, ticks = chart.scale()
    grid = {"visible": True, "line": {"color": GRID}}
    form = "#,##0" if "万" in chart.unit else _FORMS[chart.form]
    native.set_y_axis({"num_format": form, "min": low, "max": high, "major_gridlines": grid,
                       "major_unit": ticks[1] - ticks[0]})  # fmt: skip
    if chart.over_days:
        named = month_ticks(chart.frame[chart.over], _LABELS)
        every = round((named[-1] - named[-2]).days / 30.4) if len(named) > 1 else 1
        native.set_x_axis({"date_axis": True, "num_format": "yyyy-mm", "num_font": {"rotation": 0},
                           "major_unit": every, "major_unit_type": "months"})  # fmt: skip
    elif not chart.over_names:
        native.set_x_axis({"num_format": "#,##0", "min": 0, "name": chart.axis})


def _board(kind: str) -> Drawing:
    bands = dict.fromkeys(palette.BAND_COLOURS, _heading("share"))
    columns = bands | {"rest": _heading("unknown_share")}
    return Drawing(partial(scope_charts.board, kind=kind), _heading("area"), columns, KINDS[kind])


def _indicator(title: str) -> Drawing:
    return Drawing(partial(scope_charts.indicator, title=title), MONTH, {"value": title})


_TREND = {
    **{f"share_{basis}": _heading(f"share_{basis}") for basis in palette.BASIS_COLOURS},
    "due": _heading("due_share"),
}
_TARGETS = dict.fromkeys(scope_charts.TARGETS, _heading("share_now"))

DRAWINGS: dict[str, tuple[Drawing, ...]] = {
    "县区板块": tuple(map(_board, scope_charts.BOARDS)),
    "各月": (
        Drawing(scope_charts.trend, MONTH, _TREND),
        Drawing(scope_charts.clusters, MONTH, CLUSTERS),
        Drawing(scope_charts.reporting, MONTH, REPORTS),
        *map(_indicator, indicator_headings().values()),
    ),
    "补签效果": (Drawing(scope_charts.plan, _heading("signings"), {
        way: _heading(way) for way in palette.WAYS
    }),),
    "目标和任务": (
        Drawing(scope_charts.targets, _heading("number"),
                _TARGETS | {"should": _heading("should_share")}, "目标"),
    ),
}  # fmt: skip
"""What is drawn on which sheet."""
