"""The slides: their figures are the domain's, their charts can be edited, nothing overflows."""

import io
import re
from datetime import datetime

import openpyxl
import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches

from domain import pace
from domain.ranking import BANDS
from presentation import labels, wording
from presentation.palette import UNKNOWN_LABEL
from presentation.statements import statements
from queries import attainment, board_standings
from queries.stamps import stamp_of
from reports import document_codes
from reports.documents import slide_parts
from reports.documents.slide_parts import Box, Look
from reports.documents.slides import slides
from reports.reproducible import sealed
from store import snapshot_store
from tests.support import document_stores
from tests.support.blank_pictures import BlankPictures

COUNTY, ZONE = "320724", "YTS"


@pytest.fixture
def city(demo_store, use_store):
    use_store(demo_store)
    return document_stores.scope(snapshot_store.Store(demo_store))


@pytest.fixture(scope="module")
def made(demo_store):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COVERAGE_STORE", str(demo_store))
        return slides(document_stores.scope(snapshot_store.Store(demo_store)), BlankPictures())


@pytest.fixture(scope="module")
def deck(made):
    return Presentation(io.BytesIO(made))


def opened(scope):
    return Presentation(io.BytesIO(slides(scope, BlankPictures())))


def texts(slide):
    """All paragraphs and cells of a slide."""
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found += [paragraph.text for paragraph in shape.text_frame.paragraphs]
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return found


def charts(slide):
    return [shape.chart for shape in slide.shapes if shape.has_chart]


def table(slide):
    found = next(shape.table for shape in slide.shapes if shape.has_table)
    return [[cell.text for cell in row.cells] for row in found.rows]


def test_there_are_eight_slides_16_by_9_with_stamp_number_and_mark_on_each(deck, city):
    assert (deck.slide_width, deck.slide_height) == (Inches(13.333), Inches(7.5))
    assert len(deck.slides) == 8
    stamp = stamp_of(city, snapshot_store.default().current().manifest)
    for number, slide in enumerate(deck.slides, start=1):
        said = texts(slide)
        assert stamp in said and "演示数据" in said and str(number) in said


def test_the_second_slide_says_what_the_domain_counts(deck, city):
    said, facts = texts(deck.slides[1]), attainment.city(city).iloc[0]
    assert wording.headline(city) in said
    for basis in ("contracted", "verified", "active"):
        assert labels.percent(facts[f"share_{basis}"]) in said
        assert f"{facts[f'covered_{basis}']:,} / {facts['venues']:,} 个场所" in said
    assert labels.percent(pace.due_share(city.as_of)) in said


def test_the_map_is_a_picture_with_words_for_who_cannot_see_it(city):
    pictures = BlankPictures()
    deck = Presentation(io.BytesIO(slides(city, pictures)))
    assert pictures.asked == [("map_areas", "inset")]
    shapes = [one for one in deck.slides[2].shapes if one.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert len(shapes) == 1
    assert shapes[0]._element._nvXxPr.cNvPr.get("descr") == "县区与板块达标率地图"
    areas = attainment.areas(city).set_index("area")
    for area, covered, share in table(deck.slides[2])[1:]:
        assert share == labels.percent(areas.loc[area, "share_verified"])
        assert covered == f"{areas.loc[area, 'covered_verified']} / {areas.loc[area, 'venues']}"


def test_the_boards_are_charts_of_the_domain_with_their_bounds_and_the_due_line(deck, city):
    found = charts(deck.slides[3])
    for chart, kind in zip(found, ("county", "zone"), strict=True):
        ranks = board_standings.ranks(city, kind).set_index("area")
        columns, line = chart.plots
        areas = list(columns.categories)
        assert set(areas) == set(ranks.index)
        *bands, unknown = columns.series
        for series in bands:
            for area, value in zip(areas, series.values, strict=True):
                if value is not None:
                    assert value == pytest.approx(ranks.loc[area, "share"])
                    assert series.name == BANDS[ranks.loc[area, "band"]]
        assert unknown.name == UNKNOWN_LABEL
        added = (ranks["high"] - ranks["low"]).reindex(areas)
        assert list(unknown.values) == pytest.approx(list(added))
        assert set(line.series[0].values) == {pace.due_share(city.as_of)}


def test_the_trend_is_that_of_the_domain(deck, city):
    chart, months = charts(deck.slides[4])[0], attainment.trend(city)
    assert len(chart.plots[0].categories) == len(months)
    contracted, verified, active, due = chart.series
    for series, basis in ((contracted, "contracted"), (verified, "verified"), (active, "active")):
        assert list(series.values) == pytest.approx(list(months[f"share_{basis}"]), nan_ok=True)
    assert list(due.values) == pytest.approx([pace.due_share(day) for day in months["as_of"]])


def test_every_chart_can_be_edited_and_its_workbook_holds_no_formula(deck):
    for slide in deck.slides:
        for chart in charts(slide):
            book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
            cells = [cell for row in book.active.iter_rows() for cell in row]
            assert len(cells) > 4 and {cell.data_type for cell in cells} <= {"s", "n", "d"}


def test_the_gaps_are_the_cheapest_of_the_plan(deck, city):
    plan, rows = attainment.plan(city), table(deck.slides[5])
    assert [row[5] for row in rows[1:]] == [f"{need:,}" for need in plan["needed"].head(10)]
    assert [row[6] for row in rows[1:]] == [f"{need:,}" for need in plan["signings"].head(10)]
    assert any(f"再签 {statements(city)['half_units'].value:,} 家" in one
               for one in texts(deck.slides[5]))  # fmt: skip


def test_the_notes_say_where_the_numbers_are_from(deck, city):
    made = statements(city)
    for slide in deck.slides:
        assert slide.notes_slide.notes_text_frame.text.startswith("数字来源：")
    said = deck.slides[1].notes_slide.notes_text_frame.text
    assert f"{made['share'].number} {made['share'].label} {made['share'].text}" in said
    assert f"/{made['share'].page}" in said


def test_the_last_slide_has_the_code(deck, city):
    assert any(document_codes.code(city) in line for line in texts(deck.slides[7]))


def test_all_text_names_a_chinese_typeface(deck):
    for slide in deck.slides:
        runs = list(slide._element.iter(qn("a:rPr")))
        assert runs
        for run in runs:
            assert run.find(qn("a:ea")).get("typeface") == slide_parts.FONT


@pytest.mark.parametrize("area_id", ["", COUNTY, ZONE])
def test_no_text_is_taller_or_wider_than_its_box_and_nothing_leaves_the_slide(city, area_id):
    for slide in opened(document_stores.scope(snapshot_store.default(), area_id)).slides:
        stays(slide)


def stays(slide):
    for shape in slide.shapes:
        assert shape.left >= 0 and shape.left + shape.width <= Inches(13.34)
        assert shape.top >= 0 and shape.top + shape.height <= Inches(7.5)
        if shape.has_text_frame and shape.text_frame.text:
            frame = shape.text_frame
            size = frame.paragraphs[0].runs[0].font.size.pt
            lines = [paragraph.text for paragraph in frame.paragraphs]
            height = slide_parts._height(lines, shape.width / 914_400, size)
            assert height <= shape.height / 914_400 + 0.01, frame.text


def test_a_part_of_the_city_speaks_of_itself(city):
    scope = document_stores.scope(snapshot_store.default(), COUNTY)
    deck = opened(scope)
    assert "连云港市灌南县" in texts(deck.slides[0])
    assert wording.areas(scope)[0] in texts(deck.slides[3])
    assert any("范围：灌南县" in line for line in texts(deck.slides[0]))
    assert any(document_codes.code(scope) in line for line in texts(deck.slides[7]))


def test_without_a_register_the_slides_say_so_and_draw_nothing(bare_store, use_store):
    use_store(bare_store.path)
    deck = opened(document_stores.scope(bare_store))
    assert len(deck.slides) == 8
    assert not any(charts(slide) for slide in deck.slides)
    assert not any("演示数据" in line for slide in deck.slides for line in texts(slide))
    for slide in deck.slides:
        stays(slide)


def test_harmful_names_are_text_and_fit_their_cells(hostile_store, use_store):
    use_store(hostile_store.path)
    deck = opened(document_stores.scope(hostile_store))
    shown = {row[1] for row in table(deck.slides[5])[1:]}
    assert shown & {"<b>粗</b>", "{{ x }}", "=1+1", "控制 符", "甲&乙"}
    assert all(len(name) < 40 and "\x0b" not in name for name in shown)
    for slide in deck.slides:
        stays(slide)


def test_the_same_scope_gives_the_same_bytes(city):
    created = datetime.fromisoformat(snapshot_store.default().current().manifest["created_at"])
    once, again = (sealed(slides(city, BlankPictures()), created) for _ in range(2))
    assert once == again


def test_text_shrinks_to_its_box_and_is_cut_only_when_it_must():
    box, look = Box(0, 0, 4, 1), Look(24, 12)
    assert slide_parts.fit(["短"], box, look) == (24, ["短"])
    size, lines = slide_parts.fit(["字" * 40], box, look)
    assert 12 <= size < 24 and lines == ["字" * 40]
    size, lines = slide_parts.fit(["字" * 900], box, look)
    assert size == 12 and lines[0].endswith("…") and re.fullmatch("字+…", lines[0])
