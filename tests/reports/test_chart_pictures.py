"""Charts of the screen on paper: all that is on them under the title, and their data."""

from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from matplotlib import colors

from presentation.palette import GOOD, MAIN
from reports.figures import chart_pictures, chart_points, figure_files
from reports.figures.paper import SHAPES, Blank

STAMP = "【演示数据】口径：已验证 | 截止日：2026-10-31 | 数据版本：20261031-12345678-demo | 规则：R"
DAYS = pd.date_range("2026-01-31", periods=4, freq="ME")


def drawn(figure, shape="a4"):
    sheet = chart_pictures.sheet(Blank(SHAPES[shape], "各月达标率", STAMP), figure)
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


def lines():
    figure = go.Figure()
    look = {"color": MAIN, "dash": "dash", "width": 3}
    figure.add_scatter(x=DAYS, y=[0.1, None, 0.3, 0.4], mode="lines", name="已验证", line=look)
    figure.add_scatter(x=DAYS, y=[0.2, 0.3, 0.4, 0.5], mode="lines", name="应达线",
                       line={"color": "#1b2733"})  # fmt: skip
    figure.add_vline(x=DAYS[1])
    figure.add_annotation(x=DAYS[1], y=1, yref="paper", text="期限 &lt;甲&gt;", showarrow=False)
    figure.update_yaxes(tickformat=".0%", range=[0, 1])
    return figure


def board():
    figure = go.Figure()
    names = ["灌云县  第2", "海州区  第1"]
    figure.add_bar(x=[0.5, 0.7], y=names, orientation="h", name="落后", marker_color=GOOD)
    figure.add_bar(x=[0.2], y=names[:1], orientation="h", name="未知", marker_color="#d5dae0")
    figure.update_layout(barmode="stack")
    figure.update_yaxes(categoryarray=names)
    return figure


def ranks():
    figure = go.Figure()
    bounds = {"type": "data", "symmetric": False, "array": [2, 0], "arrayminus": [1, 0],
              "color": "#9aa5b1"}  # fmt: skip
    figure.add_scatter(x=[2, 3], y=["甲", "乙"], mode="markers+text", text=["2", "3"], name="名次",
                       marker={"color": MAIN, "size": 20}, error_x=bounds)  # fmt: skip
    figure.update_xaxes(dtick=1, title="名次")
    return figure


def grid():
    heat = go.Heatmap(z=[[1, 0], [0.25, 0.75]], x=["第1", "第2"], y=["甲", "乙"], zmin=0, zmax=1,
                      colorscale=[[0, "#ffffff"], [1, MAIN]], text=[["100%", ""], ["25%", "75%"]],
                      texttemplate="%{text}")  # fmt: skip
    return go.Figure(heat)


CHARTS = [lines, board, ranks, grid]


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


def test_lines_run_through_their_values_and_stop_where_one_is_unknown():
    sheet = drawn(lines())
    (axes,) = sheet.figure.axes
    first, second, due = axes.lines
    assert np.array_equal(first.get_ydata(), [0.1, np.nan, 0.3, 0.4], equal_nan=True)
    assert second.get_ydata().tolist() == [0.2, 0.3, 0.4, 0.5]
    assert (first.get_linestyle(), second.get_linestyle()) == ("--", "-")
    assert due.get_xdata()[0] == first.get_xdata()[1]
    assert "期限 <甲>" in said(sheet) and "已验证" in said(sheet) and "100%" in said(sheet)


def test_stacked_bars_follow_each_other_and_have_their_colours():
    (axes,) = drawn(board()).figure.axes
    found = [(one.get_x(), round(one.get_width(), 9)) for one in axes.patches]
    assert found == [(0, 0.5), (0, 0.7), (0.5, 0.2)]
    assert colors.to_hex(axes.patches[0].get_facecolor()) == GOOD


def test_bounds_reach_as_far_as_they_say():
    (axes,) = drawn(ranks()).figure.axes
    (bars,) = axes.collections
    assert [one[:, 0].tolist() for one in bars.get_segments()] == [[1, 4], [3, 3]]


def test_a_bar_over_time_begins_and_ends_on_its_days():
    figure = go.Figure()
    figure.add_bar(x=[10 * 86_400_000], base=[pd.Timestamp("2026-01-01")], y=["试点"],
                   orientation="h", name="起", marker_color=MAIN, showlegend=False)  # fmt: skip
    figure.update_xaxes(type="date")
    (bar,) = drawn(figure).figure.axes[0].patches
    assert bar.get_width() == pytest.approx(10)
    table = chart_points.table(figure, "阶段")
    assert table.to_numpy().tolist() == [["试点", date(2026, 1, 1), date(2026, 1, 11)]]


@pytest.mark.parametrize(
    "figure",
    [
        go.Figure(go.Pie(values=[1])),
        go.Figure(go.Scatter(x=[1], y=[1], fill="tozeroy")),
        go.Figure(go.Scatter(x=[1], y=[1], mode="lines", line={"shape": "spline"})),
        go.Figure(layout={"shapes": [{"type": "rect"}]}),
        go.Figure(layout={"annotations": [{"text": "a", "x": 1, "y": 1}]}),
        go.Figure(go.Bar(x=["a"], y=[1]), layout={"barmode": "group"}),
    ],
)
def test_what_is_not_known_is_refused(figure):
    with pytest.raises(ValueError, match="no picture"):
        chart_pictures.sheet(Blank(SHAPES["a4"], "图", STAMP), figure)


@pytest.mark.parametrize("chart", CHARTS)
def test_the_same_chart_makes_the_same_bytes(chart):
    files = {(figure_files.png(drawn(chart())), figure_files.svg(drawn(chart()))) for _ in "12"}
    assert len(files) == 1


def test_the_data_have_a_row_a_point_and_a_column_a_line():
    table = chart_points.table(lines(), "图")
    assert list(table) == ["日期", "已验证", "应达线"]
    assert list(table["日期"]) == [day.date() for day in DAYS]
    assert list(table["应达线"]) == [0.2, 0.3, 0.4, 0.5]
    assert table["已验证"].isna().tolist() == [False, True, False, False]
    assert chart_points.kind(lines())("已验证") == "percent"


def test_rows_stand_in_the_data_as_in_the_chart_with_their_bounds():
    assert chart_points.table(board(), "图").to_numpy().tolist()[0][:2] == ["海州区  第1", 0.7]
    table = chart_points.table(ranks(), "图")
    assert list(table) == ["名称", "名次", "名次（最低）", "名次（最高）"]
    assert table.to_numpy().tolist() == [["乙", 3, 3, 3], ["甲", 2, 1, 4]]
    assert chart_points.table(grid(), "图").to_numpy().tolist() == [
        ["甲", 1, 0],
        ["乙", 0.25, 0.75],
    ]
