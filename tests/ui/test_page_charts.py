"""Charts on a page: the same colours, order, words and ticks as on paper, and no tags of files."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from matplotlib import colors

from domain import reference
from presentation import charts
from presentation.palette import GOOD, MAIN, UNKNOWN_COLOUR
from reports.figures import chart_sheets
from reports.figures.paper import SHAPES, Blank
from tests.support.sample_charts import CHARTS, bounds, lines, rows, spans, stacks, steps
from ui import page_charts


def on_paper(chart):
    sheet = chart_sheets.sheet(Blank(SHAPES["a4"], "图", "章"), chart)
    sheet.figure.draw_without_rendering()
    return sheet.figure.axes[0]


def values(chart, figure):
    """The axis of values of a Plotly figure."""
    return figure.layout.xaxis if chart.lying else figure.layout.yaxis


@pytest.mark.parametrize("make", [lines, rows, bounds, stacks])
def test_the_scale_of_the_screen_is_that_of_paper(make):
    chart = make()
    axes, axis = on_paper(chart), values(chart, page_charts.figure(chart))
    printed = axes.xaxis if chart.lying else axes.yaxis
    assert list(axis.tickvals) == pytest.approx(list(printed.get_majorticklocs()))
    assert list(axis.ticktext) == [one.get_text() for one in printed.get_majorticklabels()]
    assert list(axis.range) == pytest.approx(list(printed.get_view_interval()))


def test_bars_have_the_colours_and_the_order_of_paper():
    chart = rows()
    figure = page_charts.figure(chart)
    bars = [one for one in figure.data if one.type == "bar"]
    assert [one.marker.color for one in bars] == [GOOD, MAIN, UNKNOWN_COLOUR]
    assert figure.layout.barmode == "stack"
    assert figure.layout.yaxis.autorange == "reversed"  # the first on top
    printed = [colors.to_hex(one.get_facecolor()) for one in on_paper(chart).patches]
    shown = [one.marker.color for one in bars for value in one.x if not np.isnan(value)]
    assert shown == printed


def test_the_words_of_rows_stand_beyond_the_scale():
    (words,) = [one for one in page_charts.figure(rows()).data if one.type == "scatter"]
    assert [text.strip() for text in words.text] == ["70.0%  7/10", "50.0%  5/10", "20.0%  1/5"]


@pytest.mark.parametrize("make", CHARTS)
def test_a_name_from_a_file_is_no_tag(make):
    figure = page_charts.figure(make())
    assert "<b>某" not in str(figure.to_dict()) and "<甲>" not in str(figure.to_dict())
    assert "<b>某" not in page_charts.legend(make())


def test_what_is_chosen_stands_out():
    chart = rows()
    name = chart.frame["name"].iloc[1]
    shown = page_charts.figure(type(chart)(**{**vars(chart), "chosen": name}))
    assert list(shown.layout.yaxis.categoryarray)[1] == f"<b>{name}</b>"


def test_a_point_says_where_it_is_and_what_it_is():
    first, *_ = page_charts.figure(lines()).data
    assert first.hovertemplate.startswith("%{x|%Y-%m-%d}<br>已验证 %{y:.1%}")
    step, *_ = page_charts.figure(steps()).data
    assert step.line.shape == "hv" and list(step.x) == [0, 1, 4]
    span, *_ = page_charts.figure(spans()).data
    assert list(span.customdata) == ["2026-01-01 至 2026-03-01"]
    assert span.hovertemplate.startswith("%{y}<br>%{customdata}")


def test_the_legend_names_what_is_drawn_and_nothing_else():
    text = page_charts.legend(rows())
    assert all(word in text for word in ("达标", "落后", "未知"))
    empty = rows().frame.assign(rest=np.nan)
    assert "未知" not in page_charts.legend(type(rows())(**{**vars(rows()), "frame": empty}))
    assert page_charts.legend(spans()) == ""


def test_labels_of_a_time_axis_beside_names_stand_apart_on_a_phone():
    chart = charts.phases(reference.table("phases"), date(2026, 10, 31))
    ticks = page_charts.figure(chart).layout.xaxis.tickvals
    assert min(after - before for before, after in pairwise(ticks)).days >= 360
