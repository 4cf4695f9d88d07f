"""Charts on paper: all that is on them, nothing cut or covered, the same bytes every time."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib import colors
from matplotlib import dates as mdates

from presentation.palette import GOOD, MAIN, UNKNOWN_COLOUR
from reports.figures import chart_sheets, figure_files
from reports.figures.paper import SHAPES, Blank
from tests.support.sample_charts import (
    CHARTS,
    DAYS,
    bounds,
    grid,
    lines,
    rows,
    spans,
    stacks,
    steps,
)

STAMP = "【演示数据】口径：已验证 | 截止日：2026-10-31 | 数据版本：20261031-12345678-demo | 规则：R"


def drawn(chart, shape="a4"):
    sheet = chart_sheets.sheet(Blank(SHAPES[shape], "各月达标率", STAMP), chart)
    sheet.figure.draw_without_rendering()
    return sheet


def words(sheet):
    found = [one for one in sheet.figure.texts if one.get_text()]
    for axes in sheet.figure.axes:
        found += [*axes.texts, axes.xaxis.label, axes.yaxis.label]
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = axis.get_major_ticks()
            found += [one.label1 for one in ticks if low - 1e-9 <= one.get_loc() <= high + 1e-9]
    return [one for one in found if one.get_text()]


def said(sheet):
    return "\n".join(one.get_text() for one in words(sheet))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_has_its_stamp_and_nothing_is_cut_or_covers_another(chart, shape):
    sheet = drawn(chart(), shape)
    text = said(sheet)
    assert ("各月达标率" in text) == SHAPES[shape].whole
    assert "演示数据" in text and "数据版本：20261031-12345678-demo" in text
    width, height = sheet.figure.bbox.size
    boxes = [(one.get_text(), one.get_window_extent()) for one in words(sheet)]
    for name, box in boxes:
        assert box.x0 >= -1 and box.x1 <= width + 1, name
        assert box.y0 >= -1 and box.y1 <= height + 1, name
    apart = [(name, box) for name, box in boxes if name != "演示数据"]
    for (name, box), (other, over) in combinations(apart, 2):
        assert not box.shrunk(0.9, 0.7).overlaps(over.shrunk(0.9, 0.7)), (name, other)


def test_the_heading_is_what_the_chart_says_and_its_title_is_below():
    sheet = drawn(lines())
    heading, title = (
        next(one for one in sheet.figure.texts if one.get_text() == text)
        for text in ("达标率40.0%", "各月达标率")
    )
    assert heading.get_fontsize() > title.get_fontsize()
    assert heading.get_window_extent().y0 > title.get_window_extent().y0


def test_lines_run_through_their_values_and_stop_where_one_is_unknown():
    sheet = drawn(lines())
    (axes,) = sheet.figure.axes
    first, second, deadline = axes.lines
    assert np.array_equal(first.get_ydata(), [0.1, np.nan, 0.3, 0.4], equal_nan=True)
    assert (first.get_linestyle(), second.get_linestyle()) == ("-", "--")
    assert deadline.get_xdata()[0] == mdates.date2num(DAYS[1])
    for text in ("期限 <甲>", "已验证", "100%", "40.0%", "55.0%"):
        assert text in said(sheet)


def test_stacked_bars_follow_each_other_and_have_their_colours():
    (axes,) = drawn(rows()).figure.axes
    found = [(round(one.get_x(), 9), round(one.get_width(), 9)) for one in axes.patches]
    assert found == [(0, 0.7), (0, 0.2), (0, 0.5), (0.5, 0.2)]
    shades = [colors.to_hex(one.get_facecolor()) for one in axes.patches]
    assert shades == [GOOD, GOOD, MAIN, UNKNOWN_COLOUR]
    assert "县区" in said(drawn(rows())) and "<b>某</b>板块" in said(drawn(rows()))


def test_bounds_reach_as_far_as_they_say():
    (axes,) = drawn(bounds()).figure.axes
    ends = [bar[:, 0].tolist() for one in axes.collections for bar in one.get_segments()]
    assert ends == [[0.1, 0.4], [-0.3, 0.2]]
    assert "-50" in said(drawn(bounds())) and "+50" in said(drawn(bounds()))


def test_steps_go_to_every_number_and_stacks_count_every_one():
    (axes,) = drawn(steps()).figure.axes
    assert [tuple(one.get_xdata()) for one in axes.lines[:3]] == [(0, 1, 4), (0, 2, 4), (0, 3, 4)]
    (axes,) = drawn(stacks()).figure.axes
    assert sum(bar.get_height() for bar in axes.patches) == 6
    assert max(bar.get_y() + bar.get_height() for bar in axes.patches) == 3


def test_a_span_begins_and_ends_on_its_days():
    (axes,) = drawn(spans()).figure.axes
    trial = min(axes.patches, key=lambda one: one.get_x())
    assert mdates.num2date(trial.get_x()).strftime("%Y-%m-%d") == "2026-01-01"
    assert trial.get_width() == 59


def test_tiles_have_their_shares():
    text = said(drawn(grid()))
    assert "100%" in text and "25%" in text and "第2" in text


def test_several_charts_share_a_sheet_each_with_its_title():
    found = {"个人钱包（个）": lines(), "交易笔数（笔）": stacks(), "消费（万元）": lines()}
    blank = Blank(SHAPES["wide"], "各项月度指标", STAMP)
    sheet = chart_sheets.several(blank, found, ["消费：缺数据的月份：2026-03。"])
    assert len(sheet.figure.axes) == 3
    assert all(title in said(sheet) for title in found) and "缺数据的月份" in said(sheet)


@pytest.mark.parametrize("chart", CHARTS)
def test_the_same_chart_makes_the_same_bytes(chart):
    files = {(figure_files.png(drawn(chart())), figure_files.svg(drawn(chart()))) for _ in "12"}
    assert len(files) == 1
