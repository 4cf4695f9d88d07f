"""Native charts of slides, each with its own workbook behind it, so that it can be edited."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from lxml import etree
from pptx.chart.chart import Chart as Native
from pptx.chart.data import ChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Pt

from excel.cell_text import text
from presentation.chart_spec import Chart, Series
from presentation.labels import chinese_day, percent
from presentation.palette import GRID, INK
from reports.documents.slide_parts import FONT, Box, described, rgb

_DASHES = {"solid": None, "dash": MSO_LINE.DASH, "dot": MSO_LINE.ROUND_DOT}
_ROOM = (0.06, 0.04, 0.74, 0.86)  # of the axes, from the left and the top: names stand on the right
_BETWEEN = 0.08  # of the axis, from one name to the next


def trend(on: Slide, box: Box, chart: Chart) -> None:
    """A chart of lines over days, each named at its end; where a value is missing, a gap."""
    data = ChartData(number_format="0.0%")
    data.categories = list(chart.frame[chart.over])
    for one in chart.series:
        data.add_series(one.label, _known(chart.frame[one.column]))
    native = _native(on.shapes.add_chart(XL_CHART_TYPE.LINE, *box.inches, data), chart)
    described(on.shapes[-1], _ended(chart))
    for drawn, one in zip(native.series, chart.series, strict=True):
        drawn.smooth = False
        _line(drawn, one)
    native.category_axis.tick_labels.number_format = "yyyy-mm"
    native.category_axis.tick_labels.number_format_is_linked = False
    _every(native.category_axis, months=6)
    _named_at_ends(native, chart)


def _ended(chart: Chart) -> str:
    """What the lines come to, for who cannot see them."""
    last = chart.frame.iloc[-1]
    about = f"{len(chart.frame)}个月的达标率走势，到{chinese_day(last[chart.over])}："
    return about + "、".join(f"{one.label}{percent(last[one.column])}" for one in chart.named())


def _named_at_ends(native: Native, chart: Chart) -> None:
    """Name each line at its end, in its colour, moved apart from the others."""
    _plot_area(native, *_ROOM)
    ends = []
    for drawn, one in zip(native.series, chart.series, strict=True):
        told = chart.frame[one.column].reset_index(drop=True).dropna()
        if len(told) and told.index[-1] == len(chart.frame) - 1:
            ends.append((float(told.iloc[-1]), drawn, one))
    free = -1.0
    for value, drawn, one in sorted(ends, key=lambda end: end[0]):
        at = free = max(value, free + _BETWEEN)
        label = drawn.points[len(chart.frame) - 1].data_label
        label.position = XL_LABEL_POSITION.RIGHT
        run = label.text_frame.paragraphs[0].add_run()
        run.text = f"{one.label.split('（')[0]} {chart.exact(value)}"
        run.font.size, run.font.bold, run.font.color.rgb = Pt(14), True, rgb(one.colour)
        _moved(label, (value - at) * _ROOM[3])


def _plot_area(chart: Native, x: float, y: float, width: float, height: float) -> None:
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


def board(on: Slide, box: Box, chart: Chart) -> None:
    """A board in columns: how far the unknown venues would take it, a series a band, the due line.

    What the unknown would add stands behind the bars, so that the shares can stand above them.
    """
    *bands, rest = [one for one in chart.series if one.mark == "bar"]
    shown = [one for one in bands if one in chart.named()]
    shares = chart.frame[[one.column for one in bands]].sum(axis=1)
    (due,) = chart.lines
    data = ChartData(number_format="0.0%")
    data.categories = [text(area) for area in chart.frame["area"]]
    data.add_series(rest.label, _known(shares + chart.frame[rest.column].fillna(0)))
    for one in shown:
        data.add_series(one.label, _known(chart.frame[one.column]))
    data.add_series(due.label, [due.at] * len(chart.frame))
    told = zip(chart.frame["area"], map(percent, shares), strict=True)
    about = f"达标率柱形图，{due.label}：" + "、".join(map("".join, told))
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED
    native = _native(on.shapes.add_chart(kind, *box.inches, data), chart)
    described(on.shapes[-1], about)
    native.plots[0].gap_width, native.plots[0].overlap = 70, 100
    unknown, *bars, line = native.series
    _filled(unknown, rest.colour)
    for drawn, one in zip(bars, shown, strict=True):
        _filled(drawn, one.colour)
        _labelled(drawn)
    _line(line, Series("", colour=due.colour, width=2, dash=due.dash))
    label = line.points[len(chart.frame) - 1].data_label
    label.position = XL_LABEL_POSITION.ABOVE
    run = label.text_frame.paragraphs[0].add_run()
    run.text, run.font.size, run.font.bold = due.label, Pt(14), True
    _as_line(native, line._element)


def key(boards: Sequence[Chart]) -> dict[str, str]:
    """The colours of the bars of `boards` by what they mean."""
    return {one.label: one.colour for chart in boards for one in chart.named()}


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


def _native(frame: Any, chart: Chart) -> Native:
    """The chart in a frame, with the scale of `chart`; the slide names what is on it."""
    native: Native = frame.chart
    native.has_legend = native.has_title = (
        False  # the slide's title says it, ends and a key name it
    )
    native.font.size, native.font.name = Pt(12), FONT
    native.font.color.rgb = rgb(INK)
    low, high, ticks = chart.scale()
    scale = native.value_axis
    scale.minimum_scale, scale.maximum_scale = low, high
    scale.major_unit = ticks[1] - ticks[0]
    scale.tick_labels.number_format, scale.tick_labels.number_format_is_linked = "0%", False
    scale.major_gridlines.format.line.color.rgb = rgb(GRID)
    scale.format.line.fill.background()
    return native


def _line(series: Any, one: Series) -> None:
    series.format.line.color.rgb = rgb(one.colour)
    series.format.line.width = Pt(one.width)
    series.format.line.dash_style = _DASHES[one.dash]


def _as_line(chart: Native, series: etree._Element) -> None:
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
