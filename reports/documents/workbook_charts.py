"""Native charts of the workbook, drawn by Excel from the cells of the table beside them."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_col_to_name

from domain.clusters import STATES
from domain.filings import STATES as REPORT_STATES
from domain.ranking import BANDS
from excel.table_sheets import TableSheet
from excel.workbook_writer import Book
from presentation import palette
from presentation.columns import COLUMNS
from presentation.palette import DUE, GRID, INK, MAIN

_BANDS = {label: palette.BAND_COLOURS[band] for band, label in BANDS.items()}
_DASHES = {"solid": "solid", "dot": "round_dot", "dash": "dash"}  # our styles as Excel calls them
_SIZE = {"width": 640, "height": 400}
_LOW = {"width": 760, "height": 300}
_SMALL = {"width": 390, "height": 200}
_GRIDLINES = {"visible": True, "line": {"color": GRID}}
_DUE_LINE = {"color": DUE, "width": 2, "dash_type": "dash"}
_A_ROW = 20  # pixels
_SMALL_ACROSS = 3
Drawing = Callable[[Book, TableSheet, pd.DataFrame], None]


class _Cells:
    """Ranges of a table on its sheet, by heading; of its first `rows` where there are others."""

    def __init__(self, sheet: TableSheet, frame: pd.DataFrame, rows: int | None = None) -> None:
        self._name = sheet.sheet.get_name()
        self._places = {heading: column for column, heading in enumerate(frame.columns)}
        self._head = sheet.top + 1  # in Excel's count
        self._last = self._head + (len(frame) if rows is None else rows)

    def _cell(self, heading: str, row: int) -> str:
        return f"${xl_col_to_name(self._places[heading])}${row}"

    def range(self, heading: str) -> str:
        """The cells of a column."""
        first, last = self._cell(heading, self._head + 1), self._cell(heading, self._last)
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


def _beside(sheet: TableSheet, frame: pd.DataFrame, chart: Chart) -> None:
    sheet.sheet.insert_chart(sheet.top + 1, len(frame.columns) + 1, chart)


def _below(sheet: TableSheet, frame: pd.DataFrame, chart: Chart, rows: int = 2) -> None:
    sheet.sheet.insert_chart(sheet.top + len(frame) + rows, 0, chart)


def _labels(number_format: str, position: str, **font: Any) -> dict[str, Any]:
    look = {"color": "#ffffff", **font}
    return {"value": True, "num_format": number_format, "position": position, "font": look}


def bases(book: Book, sheet: TableSheet, frame: pd.DataFrame) -> None:
    """The share in the three bases, with the due line."""
    cells, over = _Cells(sheet, frame), _heading("basis")
    chart = _chart(book, "column", "三种口径的达标率与应达线")
    label = _labels("0.0%", "inside_end", bold=True)
    look = {"fill": {"color": MAIN}, "gap": 120, "data_labels": label}
    chart.add_series(cells.series(over, _heading("share"), **look))
    _add_due(book, chart, cells, over)
    _shares(chart)
    chart.set_size(_LOW)
    _below(sheet, frame, chart, rows=8)  # below the sentences


def trend(book: Book, sheet: TableSheet, frame: pd.DataFrame) -> None:
    """The share by month in three bases against the due line."""
    cells, over = _Cells(sheet, frame), _heading("month_end")
    chart = _chart(book, "line", "各月达标率与应达线")
    for basis, colour in palette.BASIS_COLOURS.items():
        line = {"color": colour, "width": 2.75 if basis == "verified" else 1.75}
        chart.add_series(cells.series(over, _heading(f"share_{basis}"), line=line))
    chart.add_series(cells.series(over, _heading("due_share"), line=_DUE_LINE))
    _shares(chart)
    _months(chart)
    _beside(sheet, frame, chart)


def ranking(title: str, book: Book, sheet: TableSheet, frame: pd.DataFrame) -> None:
    """A board: share coloured by band, what the unknown venues would add, and the due line."""
    known = frame[pd.to_numeric(frame[_heading("share")], errors="coerce").notna()]
    if known.empty:
        return
    cells, over = _Cells(sheet, frame, len(known)), _heading("area")
    chart = _chart(book, "column", title, "stacked")
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
    _below(sheet, frame, chart)


def ways(book: Book, sheet: TableSheet, frame: pd.DataFrame) -> None:
    """Signings against venues closed, in three ways to spend them."""
    cells = _Cells(sheet, frame)
    chart = _chart(book, "scatter", "补签家数与新增达标场所", "straight")
    for way, (_, colour, width, style) in palette.WAYS.items():
        line = {"color": colour, "width": width, "dash_type": _DASHES[style]}
        chart.add_series(cells.series(_heading("signings"), _heading(way), line=line))
    chart.set_x_axis({"name": "再补多少家（项）", "num_format": "#,##0", "min": 0})
    _counts(chart, name="新增达标场所（个）")
    _beside(sheet, frame, chart)


def stacked(
    title: str, colours: dict[str, str], book: Book, sheet: TableSheet, frame: pd.DataFrame
) -> None:
    """Counts by the month of the first column, one above the other."""
    cells, over = _Cells(sheet, frame), frame.columns[0]
    chart = _chart(book, "column", title, "stacked")
    for heading, colour in colours.items():
        chart.add_series(cells.series(over, heading, fill={"color": colour}, gap=30))
    _months(chart)
    _counts(chart)
    _beside(sheet, frame, chart)


def targets(book: Book, sheet: TableSheet, frame: pd.DataFrame) -> None:
    """The share of every target that has one, against where it should be."""
    cells, over = _Cells(sheet, frame), _heading("target_id")
    chart = _chart(book, "column", "各项目标完成比例与今天应达比例")
    chart.add_series(cells.series(over, _heading("share_now"), fill={"color": MAIN}, gap=60))
    chart.add_series(cells.series(over, _heading("should_share"), fill={"color": DUE}))
    _shares(chart)
    _below(sheet, frame, chart)


def indicators(book: Book, sheet: TableSheet, frame: pd.DataFrame) -> None:
    """A small chart for each monthly indicator, for their sizes are not alike."""
    cells = _Cells(sheet, frame)
    over, *names = frame.columns
    wide, high = _SMALL["width"] + 16, _SMALL["height"] // _A_ROW + 1
    first = sheet.top + len(frame) + 2
    sheet.break_before(first, frame, wide * _SMALL_ACROSS)
    for place, name in enumerate(names):
        chart = _chart(book, "line", name)
        chart.add_series(cells.series(over, name, line={"color": MAIN, "width": 2}))
        chart.set_legend({"none": True})
        chart.set_size(_SMALL)
        _months(chart, 12)
        _counts(chart)
        down, across = divmod(place, _SMALL_ACROSS)
        sheet.sheet.insert_chart(first + down * high, 0, chart, {"x_offset": across * wide})


CHARTS: dict[str, Drawing] = {
    "总览": bases,
    "各月走势": trend,
    "县区排名": partial(ranking, "县区达标率与应达线"),
    "板块排名": partial(ranking, "功能板块达标率与应达线"),
    "补签效果": ways,
    "目标进度": targets,
    "聚集区各月": partial(
        stacked,
        "示范聚集区各月状态",
        {STATES[state]: palette.CLUSTER_COLOURS[state] for state in STATES},
    ),
    "报送各月": partial(
        stacked,
        "每月信息按时、迟报、未报",
        {label: palette.REPORT_COLOURS[state] for state, label in REPORT_STATES.items()},
    ),
    "月度指标": indicators,
}
"""What is drawn on which sheet."""
