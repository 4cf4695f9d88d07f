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
from presentation.labels import chinese_day, percent
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
from reports.documents.slide_parts import FONT, Box, described, rgb

_DUE_LINE = "应达线"
_ROOM = (0.06, 0.04, 0.74, 0.86)  # of the axes, from the left and the top: names stand on the right
_BETWEEN = 0.08  # of the axis, from one name to the next


def trend(on: Slide, box: Box, months: pd.DataFrame, due: Sequence[float]) -> None:
    """The share by month in three bases against the due line; months without venues are gaps."""
    data = ChartData(number_format="0.0%")
    data.categories = list(months["as_of"])
    for basis, name in BASIS_LABELS.items():
        data.add_series(name, _known(months[f"share_{basis}"]))
    data.add_series(_DUE_LINE, list(due))
    chart = _chart(on, box, XL_CHART_TYPE.LINE, data, _ended(months, due))
    for series, colour in zip(chart.series, [*BASIS_COLOURS.values(), DUE], strict=True):
        series.smooth = False
        _line(series, colour, 3 if series.name == BASIS_LABELS["verified"] else 2)
    chart.series[-1].format.line.dash_style = MSO_LINE.DASH
    chart.category_axis.tick_labels.number_format = "yyyy-mm"
    chart.category_axis.tick_labels.number_format_is_linked = False
    _every(chart.category_axis, months=6)
    chart.has_legend = False
    _named_at_ends(chart, [*BASIS_COLOURS.values(), DUE])


def _ended(months: pd.DataFrame, due: Sequence[float]) -> str:
    """What the trend comes to, for who cannot see it."""
    last = months.iloc[-1]
    ends = [f"{name}{percent(last[f'share_{one}'])}" for one, name in BASIS_LABELS.items()]
    about = f"{len(months)}个月的达标率走势，到{chinese_day(last['as_of'])}："
    return about + "、".join([*ends, f"{_DUE_LINE}{percent(due[-1])}"])


def _named_at_ends(chart: Chart, colours: Sequence[str]) -> None:
    """Name each line at its end, in its colour, moved apart from the others."""
    _plot_area(chart, *_ROOM)
    ends = {}
    for series in chart.series:
        told = [(place, value) for place, value in enumerate(series.values) if value is not None]
        if told:
            ends[series.name] = told[-1]
    free = -1.0
    for name, (place, value) in sorted(ends.items(), key=lambda end: end[1][1]):
        at = max(value, free + _BETWEEN)
        free = at
        series, colour = next(
            (one, colour)
            for one, colour in zip(chart.series, colours, strict=True)
            if one.name == name
        )
        label = series.points[place].data_label
        label.position = XL_LABEL_POSITION.RIGHT
        run = label.text_frame.paragraphs[0].add_run()
        run.text = f"{name.split('（')[0]} {percent(value)}"
        run.font.size, run.font.bold, run.font.color.rgb = Pt(14), True, rgb(colour)
        _moved(label, (value - at) * _ROOM[3])


def _plot_area(chart: Chart, x: float, y: float, width: float, height: float) -> None:
    """Where the axes stand, in shares of the chart, which python-pptx cannot say."""
    area = chart._chartSpace.chart.plotArea
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    layout = etree.Element(qn("c:layout"))
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    etree.SubElement(manual, qn("c:layoutTarget")).set("val", "inner")
    for name in ("xMode", "yMode"):
        etree.SubElement(manual, qn(f"c:{name}")).set("val", "edge")
    for name, value in (("x", x), ("y", y), ("w", width), ("h", height)):
        etree.SubElement(manual, qn(f"c:{name}")).set("val", f"{value:.4f}")
    area.insert(0, layout)


def _moved(label: Any, down: float) -> None:
    """Move a label by a share of the chart's height from where it would stand."""
    if not down:
        return
    element = label._dLbl
    layout = etree.Element(qn("c:layout"))
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    etree.SubElement(manual, qn("c:x")).set("val", "0")
    etree.SubElement(manual, qn("c:y")).set("val", f"{down:.4f}")
    element.find(qn("c:idx")).addnext(layout)


def board(on: Slide, box: Box, ranks: pd.DataFrame, due: float) -> None:
    """Shares, a series for each band, how far the unknown venues would take them, the due line.

    `ranks` are the rows with a share of one board, best first. What the unknown would add stands
    behind the bars, so that the shares can stand above them.
    """
    present = [band for band in BAND_COLOURS if (ranks["band"] == band).any()]
    data = ChartData(number_format="0.0%")
    data.categories = [text(area) for area in ranks["area"]]
    data.add_series(UNKNOWN_LABEL, _known(ranks["high"]))
    for band in present:
        data.add_series(BANDS[band], _known(ranks["share"].where(ranks["band"] == band)))
    data.add_series(_DUE_LINE, [due] * len(ranks))
    told = zip(ranks["area"], map(percent, ranks["share"]), strict=True)
    about = f"达标率柱形图，{_DUE_LINE}{percent(due)}：" + "、".join(map("".join, told))
    chart = _chart(on, box, XL_CHART_TYPE.COLUMN_CLUSTERED, data, about)
    chart.plots[0].gap_width, chart.plots[0].overlap = 70, 100
    unknown, *bars, line = chart.series
    for band, series in zip(present, bars, strict=True):
        _filled(series, BAND_COLOURS[band])
        _labelled(series)
    _filled(unknown, UNKNOWN_COLOUR)
    _line(line, DUE, 2)
    line.format.line.dash_style = MSO_LINE.DASH
    label = line.points[len(ranks) - 1].data_label
    label.position = XL_LABEL_POSITION.ABOVE
    run = label.text_frame.paragraphs[0].add_run()
    run.text, run.font.size, run.font.bold = f"{_DUE_LINE} {percent(due)}", Pt(14), True
    chart.has_legend = False  # one key for all boards stands under them
    _as_line(chart, line._element)


def key(boards: Sequence[pd.DataFrame]) -> dict[str, str]:
    """The colours of the bars of `boards` by what they mean."""
    present = set(pd.concat(boards)["band"])
    bands = {BANDS[band]: colour for band, colour in BAND_COLOURS.items() if band in present}
    return bands | {UNKNOWN_LABEL: UNKNOWN_COLOUR}


def _filled(series: Any, colour: str) -> None:
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = rgb(colour)


def _labelled(series: Any) -> None:
    labels = series.data_labels
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, "0.0%", False
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size, labels.font.bold = Pt(14), True
    labels.font.color.rgb = rgb(INK)


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


def _chart(on: Slide, box: Box, kind: XL_CHART_TYPE, data: ChartData, about: str) -> Chart:
    frame: Any = on.shapes.add_chart(kind, *box.inches, data)  # typed as the chart in it
    described(frame, about)
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
    series.find(qn("c:dLbls")).addprevious(marker)  # the order that the format asks for
    line.append(series)
    etree.SubElement(line, qn("c:marker")).set("val", "1")
    for axis in columns.findall(qn("c:axId")):
        etree.SubElement(line, qn("c:axId")).set("val", axis.get("val"))
    columns.addnext(line)
