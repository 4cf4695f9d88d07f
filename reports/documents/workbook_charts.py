"""Native charts of the workbook, drawn by Excel from the cells of the table on their sheet."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_col_to_name

from domain.owners import KINDS
from domain.ranking import BANDS
from excel.table_sheets import TableSheet
from excel.workbook_writer import Book
from presentation import palette
from presentation.columns import COLUMNS
from presentation.palette import DUE, GRID, INK, MAIN
from reports.documents.workbook_rows import CLUSTERS, MONTH, REPORTS, indicator_headings

_BANDS = {label: palette.BAND_COLOURS[band] for band, label in BANDS.items()}
_DASHES = {"solid": "solid", "dot": "round_dot", "dash": "dash"}  # our styles as Excel calls them
_SIZE = {"width": 420, "height": 300}
_GRIDLINES = {"visible": True, "line": {"color": GRID}}
_DUE_LINE = {"color": DUE, "width": 2, "dash_type": "dash"}
_WIDE, _HIGH = 436, 16  # pixels and rows that a chart takes with the gap beside it
_EDGE = 4  # pixels below the edge of a page, where a frame would be printed on both
_ACROSS, _DOWN = 2, 2  # charts on a page of print
_NARROW, _BESIDE = 5, 64  # columns of a table with room beside it, pixels of the column between
Drawing = Callable[[Book, TableSheet, pd.DataFrame], list[Chart]]


class _Cells:
    """Ranges of a table on its sheet, by heading; of those of `rows`, which lie together, alone."""

    def __init__(
        self, sheet: TableSheet, frame: pd.DataFrame, rows: pd.DataFrame | None = None
    ) -> None:
        rows = frame if rows is None else rows
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


def _heading(name: str) -> str:
    return COLUMNS[name][0]


def _chart(book: Book, kind: str, title: str, subtype: str = "") -> Chart:
    options = {"type": kind} | ({"subtype": subtype} if subtype else {})
    chart = book.file.add_chart(options)
    chart.set_title({"name": title, "name_font": {"size": 13, "color": INK}, "overlay": False})
    chart.set_legend({"position": "bottom"})
    chart.set_size(_SIZE)
    chart.show_blanks_as("gap")
    return chart


def _shares(chart: Chart) -> None:
    chart.set_y_axis({"num_format": "0%", "min": 0, "max": 1, "major_gridlines": _GRIDLINES})


def _counts(chart: Chart, **more: str) -> None:
    chart.set_y_axis({"num_format": "#,##0", "min": 0, "major_gridlines": _GRIDLINES, **more})


def _months(chart: Chart, every: int = 6) -> None:
    units = {"major_unit": every, "major_unit_type": "months"}
    font = {"rotation": 0}
    chart.set_x_axis({"date_axis": True, "num_format": "yyyy-mm", "num_font": font, **units})


def _add_due(book: Book, chart: Chart, cells: _Cells, over: str) -> None:
    """The due line across columns."""
    line = book.file.add_chart({"type": "line"})
    line.add_series(cells.series(over, _heading("due_share"), line=_DUE_LINE))
    chart.combine(line)


def draw(book: Book, name: str, sheet: TableSheet, frame: pd.DataFrame) -> None:
    """The charts of the sheet `name`: beside its table if that is narrow, else below it."""
    charts = [chart for drawing in CHARTS.get(name, ()) for chart in drawing(book, sheet, frame)]
    if not charts:
        return
    beside = len(frame.columns) <= _NARROW
    first = sheet.top + 1 if beside else sheet.top + len(frame) + 2
    for place, chart in enumerate(charts):
        down, across = divmod(place, _ACROSS)
        column = len(frame.columns) + 1 if beside else 0
        offset = {"x_offset": across * _WIDE, "y_offset": _EDGE}
        sheet.sheet.insert_chart(first + down * _HIGH, column, chart, offset)
    if beside:
        sheet.print_charts(sheet.width(frame) + _BESIDE + _WIDE)
    else:
        pages = range(first, first + -(-len(charts) // _ACROSS) * _HIGH, _DOWN * _HIGH)
        sheet.print_charts(max(sheet.width(frame), _ACROSS * _WIDE), pages)


def _labels(number_format: str, position: str, **font: Any) -> dict[str, Any]:
    look = {"color": "#ffffff", **font}
    return {"value": True, "num_format": number_format, "position": position, "font": look}


def trend(book: Book, sheet: TableSheet, frame: pd.DataFrame) -> list[Chart]:
    """The share by month in three bases against the due line."""
    if _blank(frame, _heading("venues")):
        return []
    cells, over = _Cells(sheet, frame), MONTH
    chart = _chart(book, "line", "各月达标率与应达线")
    for basis, colour in palette.BASIS_COLOURS.items():
        line = {"color": colour, "width": 2.75 if basis == "verified" else 1.75}
        chart.add_series(cells.series(over, _heading(f"share_{basis}"), line=line))
    chart.add_series(cells.series(over, _heading("due_share"), line=_DUE_LINE))
    _shares(chart)
    _months(chart)
    return [chart]


def ranking(kind: str, book: Book, sheet: TableSheet, frame: pd.DataFrame) -> list[Chart]:
    """A board: share coloured by band, what the unknown venues would add, and the due line."""
    known = frame[frame[_heading("rank")].notna() & (frame[_heading("sort")] == kind)]
    if known.empty:
        return []
    cells, over = _Cells(sheet, frame, known), _heading("area")
    chart = _chart(book, "column", f"{kind}达标率与应达线", "stacked")
    look = {
        "gap": 80,
        "fill": {"color": MAIN},
        "points": [{"fill": {"color": _BANDS[band]}} for band in known[_heading("band_label")]],
        "data_labels": _labels("0.0%", "inside_base"),
    }
    chart.add_series(cells.series(over, _heading("share"), **look))
    grey = {"fill": {"color": palette.UNKNOWN_COLOUR}}
    chart.add_series(cells.series(over, _heading("unknown_share"), **grey))
    _add_due(book, chart, cells, over)
    chart.set_legend({"position": "bottom", "delete_series": [0]})  # bars have many colours
    _shares(chart)
    return [chart]


def ways(book: Book, sheet: TableSheet, frame: pd.DataFrame) -> list[Chart]:
    """Signings against venues closed, in three ways to spend them."""
    cells = _Cells(sheet, frame)
    chart = _chart(book, "scatter", "补签家数与新增达标场所", "straight")
    for way, (_, colour, width, style) in palette.WAYS.items():
        line = {"color": colour, "width": width, "dash_type": _DASHES[style]}
        chart.add_series(cells.series(_heading("signings"), _heading(way), line=line))
    chart.set_x_axis({"name": "再补多少家（项）", "num_format": "#,##0", "min": 0})
    _counts(chart, name="新增达标场所（个）")
    return [chart]


def stacked(
    title: str, colours: dict[str, str], book: Book, sheet: TableSheet, frame: pd.DataFrame
) -> list[Chart]:
    """Counts by month, one above the other."""
    if _blank(frame, *colours):
        return []
    cells, over = _Cells(sheet, frame), MONTH
    chart = _chart(book, "column", title, "stacked")
    for heading, colour in colours.items():
        chart.add_series(cells.series(over, heading, fill={"color": colour}, gap=30))
    _months(chart)
    _counts(chart)
    return [chart]


def targets(book: Book, sheet: TableSheet, frame: pd.DataFrame) -> list[Chart]:
    """The share of every target that has one, against where it should be."""
    own = frame[frame[_heading("sort")] == "目标"]
    cells, over = _Cells(sheet, frame, own), _heading("number")
    chart = _chart(book, "column", "各项目标完成比例与今天应达比例")
    chart.add_series(cells.series(over, _heading("share_now"), fill={"color": MAIN}, gap=60))
    chart.add_series(cells.series(over, _heading("should_share"), fill={"color": DUE}))
    _shares(chart)
    return [chart]


def indicators(book: Book, sheet: TableSheet, frame: pd.DataFrame) -> list[Chart]:
    """A chart for each monthly indicator, for their sizes are not alike."""
    cells, charts = _Cells(sheet, frame), []
    for name in (name for name in indicator_headings().values() if not _blank(frame, name)):
        chart = _chart(book, "line", name)
        chart.add_series(cells.series(MONTH, name, line={"color": MAIN, "width": 2}))
        chart.set_legend({"none": True})
        _months(chart)
        _counts(chart)
        charts.append(chart)
    return charts


def _blank(frame: pd.DataFrame, *headings: str) -> bool:
    """Whether nothing is known of these columns."""
    return bool(frame[list(headings)].isna().all(axis=None))


CHARTS: dict[str, tuple[Drawing, ...]] = {
    "县区板块": tuple(partial(ranking, KINDS[kind]) for kind in ("county", "zone")),
    "各月": (
        trend,
        partial(
            stacked,
            "示范聚集区各月状态",
            {CLUSTERS[state]: palette.CLUSTER_COLOURS[state] for state in CLUSTERS},
        ),
        partial(
            stacked,
            "每月信息按时、迟报、未报",
            {REPORTS[state]: palette.REPORT_COLOURS[state] for state in REPORTS},
        ),
        indicators,
    ),
    "补签效果": (ways,),
    "目标和任务": (targets,),
}
"""What is drawn on which sheet."""
