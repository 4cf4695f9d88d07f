"""Native charts of slides, each with its own workbook behind it, so that it can be edited."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from lxml import etree
from pptx.chart.chart import Chart
from pptx.chart.data import ChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Pt

from domain.ranking import BANDS
from excel.cell_text import text
from presentation.palette import (
    BAND_COLOURS,
    BASIS_COLOURS,
    BASIS_LABELS,
    DUE,
    GRID,
    INK,
    UNKNOWN_COLOUR,
    UNKNOWN_LABEL,
)
from reports.documents.slide_parts import FONT, Box, rgb

_DUE_LINE = "应达线"


def trend(on: Slide, box: Box, months: pd.DataFrame, due: Sequence[float]) -> None:
    """The share by month in three bases against the due line; months without venues are gaps."""
    data = ChartData(number_format="0.0%")
    data.categories = list(months["as_of"])
    for basis, name in BASIS_LABELS.items():
        data.add_series(name, _known(months[f"share_{basis}"]))
    data.add_series(_DUE_LINE, list(due))
    chart = _chart(on, box, XL_CHART_TYPE.LINE, data)
    for series, colour in zip(chart.series, [*BASIS_COLOURS.values(), DUE], strict=True):
        series.smooth = False
        _line(series, colour, 3 if series.name == BASIS_LABELS["verified"] else 2)
    chart.series[-1].format.line.dash_style = MSO_LINE.DASH
    chart.category_axis.tick_labels.number_format = "yyyy-mm"
    chart.category_axis.tick_labels.number_format_is_linked = False
    _every(chart.category_axis, months=6)


def board(on: Slide, box: Box, ranks: pd.DataFrame, due: float) -> None:
    """Shares, a series for each band, what the unknown venues would add, and the due line.

    `ranks` are the rows with a share of one board, best first.
    """
    present = [band for band in BAND_COLOURS if (ranks["band"] == band).any()]
    data = ChartData(number_format="0.0%")
    data.categories = [text(area) for area in ranks["area"]]
    for band in present:
        data.add_series(BANDS[band], _known(ranks["share"].where(ranks["band"] == band)))
    data.add_series(UNKNOWN_LABEL, _known(ranks["high"] - ranks["share"]))
    data.add_series(_DUE_LINE, [due] * len(ranks))
    chart = _chart(on, box, XL_CHART_TYPE.COLUMN_STACKED, data)
    chart.plots[0].gap_width, chart.plots[0].overlap = 70, 100
    *bars, unknown, line = chart.series
    for band, series in zip(present, bars, strict=True):
        _filled(series, BAND_COLOURS[band])
        _labelled(series)
    _filled(unknown, UNKNOWN_COLOUR)
    _line(line, DUE, 2)
    line.format.line.dash_style = MSO_LINE.DASH
    _as_line(chart, line._element)


def _filled(series: Any, colour: str) -> None:
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = rgb(colour)


def _labelled(series: Any) -> None:
    labels = series.data_labels
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, "0.0%", False
    labels.position = XL_LABEL_POSITION.INSIDE_BASE
    labels.font.size, labels.font.bold = Pt(12), True
    labels.font.color.rgb = rgb("#ffffff")


def _every(axis: Any, months: int) -> None:
    """Label a date axis every so many months, which python-pptx cannot."""
    axis.major_tick_mark, axis.minor_tick_mark = XL_TICK_MARK.OUTSIDE, XL_TICK_MARK.NONE
    element = axis._element
    for name in ("baseTimeUnit", "majorUnit", "majorTimeUnit"):
        for old in element.findall(qn(f"c:{name}")):
            element.remove(old)
    units = (("baseTimeUnit", "days"), ("majorUnit", str(months)), ("majorTimeUnit", "months"))
    for name, value in units:
        etree.SubElement(element, qn(f"c:{name}")).set("val", value)


def _known(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in values]


def _chart(on: Slide, box: Box, kind: XL_CHART_TYPE, data: ChartData) -> Chart:
    frame: Any = on.shapes.add_chart(kind, *box.inches, data)  # typed as the chart in it
    chart: Chart = frame.chart
    chart.has_legend, chart.has_title = True, False
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.font.size, chart.font.name = Pt(12), FONT
    chart.font.color.rgb = rgb(INK)
    shares = chart.value_axis
    shares.minimum_scale, shares.maximum_scale, shares.major_unit = 0, 1, 0.2
    shares.tick_labels.number_format, shares.tick_labels.number_format_is_linked = "0%", False
    shares.major_gridlines.format.line.color.rgb = rgb(GRID)
    shares.format.line.fill.background()
    return chart


def _line(series: Any, colour: str, points: float) -> None:
    series.format.line.color.rgb = rgb(colour)
    series.format.line.width = Pt(points)


def _as_line(chart: Chart, series: etree._Element) -> None:
    """Draw one series of a column chart as a line on the same axes."""
    columns = series.getparent()
    line = etree.Element(qn("c:lineChart"))
    etree.SubElement(line, qn("c:grouping")).set("val", "standard")
    etree.SubElement(line, qn("c:varyColors")).set("val", "0")
    invert = series.find(qn("c:invertIfNegative"))
    if invert is not None:
        series.remove(invert)
    marker = etree.Element(qn("c:marker"))
    etree.SubElement(marker, qn("c:symbol")).set("val", "none")
    series.find(qn("c:cat")).addprevious(marker)
    line.append(series)
    etree.SubElement(line, qn("c:marker")).set("val", "1")
    for axis in columns.findall(qn("c:axId")):
        etree.SubElement(line, qn("c:axId")).set("val", axis.get("val"))
    columns.addnext(line)
