"""The slides: their figures are the domain's, their charts can be edited, nothing overflows."""

import io
import re
from dataclasses import replace
from datetime import date, datetime
from functools import cache

import openpyxl
import pytest
from pptx import Presentation
from pptx.enum.chart import XL_LABEL_POSITION
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.util import Inches

from domain import pace, reference
from domain.city import CITY
from domain.ranking import BANDS
from presentation import brief_steps, brief_wording, labels, requests, slide_messages
from presentation.brief_facts import PAYMENTS
from presentation.palette import UNKNOWN_LABEL
from presentation.statements import statements
from queries import attainment, board_standings, commitments
from queries.stamps import stamp_of
from reports import document_codes
from reports.documents import brief_tables, slide_parts, slide_tables
from reports.documents.slide_parts import Box, Look
from reports.documents.slides import TITLE, slides
from reports.reproducible import sealed
from store import snapshot_store
from tests.support import document_stores
from tests.support.blank_pictures import BlankPictures
from ui import menu

COUNTY, ZONE = "320724", "YTS"
DAY = date(2026, 10, 31)


@pytest.fixture
def city(demo_store, use_store):
    use_store(demo_store)
    return document_stores.scope(snapshot_store.Store(demo_store))


@pytest.fixture
def deck(city):
    return opened(city)


@cache
def made(scope):
    return slides(scope, BlankPictures())


@cache
def opened(scope):
    """The slides of a scope, opened once for all tests, which only read them."""
    return read(made(scope))


def read(content):
    return Presentation(io.BytesIO(content))


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


def titles(deck):
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def slide_of(deck, message):
    """The one slide whose title is `message`."""
    (found,) = (one for one in deck.slides if one.shapes.title.text_frame.text == message)
    return found


def placeholders(slide):
    return {one.placeholder_format.type: one for one in slide.placeholders}


SCOPES = ["", COUNTY, ZONE]
MESSAGES = (
    slide_messages.overall, slide_messages.places, slide_messages.ranking, slide_messages.trend,
    slide_messages.gaps, slide_messages.clusters, slide_messages.payments, slide_messages.problems,
    slide_messages.asked, slide_messages.steps,
)  # fmt: skip


def test_every_slide_is_16_by_9_with_stamp_number_and_mark(deck, city):
    assert (deck.slide_width, deck.slide_height) == (Inches(13.333), Inches(7.5))
    stamp = stamp_of(city, snapshot_store.default().current().manifest)
    for slide in deck.slides:
        found = placeholders(slide)
        assert found[PP_PLACEHOLDER.FOOTER].text_frame.text == stamp
        number = found[PP_PLACEHOLDER.SLIDE_NUMBER]._element
        assert number.find(f".//{qn('a:fld')}").get("type") == "slidenum"
        assert "演示数据" in texts(slide)


@pytest.mark.parametrize("area_id", SCOPES)
@pytest.mark.parametrize("day", [None, date(2024, 6, 30), date(2022, 12, 31)])
def test_the_title_of_a_slide_is_its_message_in_few_words(city, area_id, day):
    scope = document_stores.scope(snapshot_store.default(), area_id)
    found = titles(opened(replace(scope, as_of=day or scope.as_of)))
    assert all(found) and len(set(found)) == len(found)
    assert [one for one in found if len(one) > slide_messages.LONGEST] == []


def test_a_message_of_the_city_has_the_figures_of_its_day(city):
    share, due = attainment.city(city)["share_verified"].iloc[0], pace.due_share(city.as_of)
    apart = labels.rounded((due - share) * 100, 1).removesuffix(".0")
    assert slide_messages.overall(city) == f"全市达标率{labels.percent(share)}，落后应达线{apart}点"


@pytest.mark.parametrize("area_id", SCOPES)
def test_the_slides_stand_in_their_order(city, area_id):
    scope = document_stores.scope(snapshot_store.default(), area_id)
    found = titles(opened(scope))
    places = [found.index(one) for one in (message(scope) for message in MESSAGES) if one]
    assert places == sorted(places)
    assert found[0] == TITLE and found[-1] == "口径与查证"
    assert len(found) == (13 if area_id != ZONE else 12)  # a zone has no indicators of its own


def test_the_second_slide_says_what_the_domain_counts(deck, city):
    said, facts = texts(deck.slides[1]), attainment.city(city).iloc[0]
    for line in brief_wording.conclusions(city):
        assert f"• {line}" in said
    for basis in ("contracted", "verified", "active"):
        assert labels.percent(facts[f"share_{basis}"]) in said
        assert f"{facts[f'covered_{basis}']:,} / {facts['venues']:,} 个场所" in said
    assert labels.percent(pace.due_share(city.as_of)) in said


def test_the_map_is_a_picture_with_words_for_who_cannot_see_it(city):
    pictures = BlankPictures()
    deck = read(slides(city, pictures))
    assert pictures.asked == [("map_areas", "inset")]
    shapes = [one for one in deck.slides[2].shapes if one.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert len(shapes) == 1
    about = about_of(shapes[0])
    areas = attainment.areas(city).set_index("area")
    for area, share in areas["share_verified"].items():
        assert f"{area}{labels.percent(share)}" in about
    for area, covered, share in table(deck.slides[2])[1:]:
        assert share == labels.percent(areas.loc[area, "share_verified"])
        assert covered == f"{areas.loc[area, 'covered_verified']} / {areas.loc[area, 'venues']}"


def about_of(shape):
    return shape._element._nvXxPr.cNvPr.get("descr")


@pytest.mark.parametrize("area_id", SCOPES)
def test_pictures_charts_and_tables_say_what_they_show(city, area_id):
    deck = opened(document_stores.scope(snapshot_store.default(), area_id))
    shown = [
        shape
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_chart or shape.has_table or shape.shape_type == MSO_SHAPE_TYPE.PICTURE
    ]
    assert len(shown) >= 8 and all(about_of(shape) for shape in shown)


def test_the_boards_are_charts_of_the_domain_with_their_bounds_and_the_due_line(deck, city):
    found = charts(deck.slides[3])
    for chart, kind in zip(found, ("county", "zone"), strict=True):
        ranks = board_standings.ranks(city, kind).set_index("area")
        columns, line = chart.plots
        areas = list(columns.categories)
        assert set(areas) == set(ranks.index)
        unknown, *bands = columns.series
        for series in bands:
            for area, value in zip(areas, series.values, strict=True):
                if value is not None:
                    assert value == pytest.approx(ranks.loc[area, "share"])
                    assert series.name.startswith(BANDS[ranks.loc[area, "band"]])
        assert unknown.name == UNKNOWN_LABEL
        assert list(unknown.values) == pytest.approx(list(ranks["high"].reindex(areas)))
        assert all(one.data_labels.position == XL_LABEL_POSITION.OUTSIDE_END for one in bands)
        assert columns.overlap == 100 and not chart.has_legend
        assert set(line.series[0].values) == {pace.due_share(city.as_of)}


def test_the_parts_of_a_series_stand_in_the_order_of_the_format(deck):
    order = ["idx", "order", "tx", "spPr", "invertIfNegative", "marker", "dPt", "dLbls", "cat",
             "val", "smooth"]  # fmt: skip
    label = ["idx", "layout", "tx", "numFmt", "spPr", "txPr", "dLblPos"]
    for slide in deck.slides:
        for chart in charts(slide):
            for tag, known in (("ser", order), ("dLbl", label)):
                for one in chart._chartSpace.iter(qn(f"c:{tag}")):
                    names = [child.tag.split("}")[1] for child in one]
                    places = [known.index(name) for name in names if name in known]
                    assert places == sorted(places), names


def test_the_trend_is_that_of_the_domain(deck, city):
    chart, months = charts(deck.slides[4])[0], attainment.trend(city)
    assert len(chart.plots[0].categories) == len(months)
    contracted, verified, active, due = chart.series
    for series, basis in ((contracted, "contracted"), (verified, "verified"), (active, "active")):
        assert list(series.values) == pytest.approx(list(months[f"share_{basis}"]), nan_ok=True)
    assert list(due.values) == pytest.approx([pace.due_share(day) for day in months["as_of"]])
    for series in (contracted, verified, active, due):
        name, value = series.name.split("（")[0], labels.percent(series.values[-1])
        label = series.points[len(months) - 1].data_label
        assert label.text_frame.text == f"{name} {value}"


def test_every_chart_can_be_edited_and_its_workbook_holds_no_formula(deck):
    for slide in deck.slides:
        for chart in charts(slide):
            book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
            cells = [cell for row in book.active.iter_rows() for cell in row]
            assert len(cells) > 4 and {cell.data_type for cell in cells} <= {"s", "n", "d"}


def test_the_gaps_are_the_cheapest_of_the_plan(deck, city):
    slide = slide_of(deck, slide_messages.gaps(city))
    plan, rows = attainment.plan(city), table(slide)
    assert [row[5] for row in rows[1:]] == [f"{need:,}" for need in plan["needed"].head(10)]
    assert [row[6] for row in rows[1:]] == [f"{need:,}" for need in plan["signings"].head(10)]
    half = statements(city)["half_units"].value
    assert any(f"同样{half:,}家" in one for one in texts(slide))


def test_the_city_s_clusters_are_its_owners_in_arrears_and_an_area_s_its_own(deck, city):
    rows = table(slide_of(deck, slide_messages.clusters(city)))[1:]
    owners = commitments.cluster_owners(city.snapshot_id, city.as_of).set_index("owner")
    assert rows and not any(owners.loc[row[0], "reached_floor"] for row in rows)
    county = replace(city, area_id="320706")
    standing = commitments.cluster_standing(county).set_index("name")
    for name, *_ in table(slide_of(opened(county), slide_messages.clusters(county)))[1:]:
        owned = "320706" in standing.loc[name, "owners"].split(";")
        assert owned or standing.loc[name, ["zone_id"]].isna().all()


def test_wallets_and_payments_have_their_moves_and_the_ranks_in_the_province(deck, city):
    slide, facts = slide_of(deck, slide_messages.payments(city)), statements(city)
    rows = {row[0]: row[1:] for row in table(slide)}
    names = reference.labels("indicators", "indicator_id", "indicator")
    for key in PAYMENTS:
        number, moved = rows[names[key]]
        assert number == facts[key].text and moved
    assert brief_wording.province(city) in texts(slide)


def test_an_indicator_that_nobody_sent_is_unknown(city, monkeypatch):
    told = {key: one for key, one in statements(city).items() if not key.startswith("amount_")}
    monkeypatch.setattr("reports.documents.slide_bodies.statements", lambda _: told)
    deck = read(slides(city, BlankPictures()))
    rows = {row[0]: row[1:] for row in table(slide_of(deck, slide_messages.payments(city)))}
    assert rows["消费交易金额"] == ["未知", "未知"]


@pytest.mark.parametrize("area_id", SCOPES)
def test_problems_are_those_of_the_brief(city, area_id):
    scope = document_stores.scope(snapshot_store.default(), area_id)
    said = texts(slide_of(opened(scope), slide_messages.problems(scope)))
    parts = brief_wording.problems(scope, {})
    assert parts and all(f"{part.heading}：{part.text}" in said for part in parts)


@pytest.mark.parametrize("area_id", SCOPES)
def test_what_is_asked_for_has_a_unit_a_day_and_an_effect(city, area_id):
    scope = document_stores.scope(snapshot_store.default(), area_id)
    deck, found = opened(scope), requests.requests(scope)
    asked = table(slide_of(deck, slide_messages.asked(scope)))
    assert [row[1:3] for row in asked[1:]] == [[one.unit, one.due] for one in found]
    assert len(found) >= 2 and all(all(row) for row in asked)
    slide = slide_of(deck, slide_messages.steps(scope))
    whole = list(brief_steps.steps(scope, DAY, {}))
    shown = table(slide)[1:]
    assert [row[1] for row in shown] == [one.unit for one in whole[: len(shown)]]
    assert all(all(row) for row in shown) and len(shown) >= min(len(whole), 8)
    left = len(whole) - len(shown)
    assert not left or f"其余{left}项见工作通报“下一步要求”。" in texts(slide)


def test_an_area_speaks_of_what_the_notice_asks_of_it(city):
    county, rows = replace(city, area_id=COUNTY), brief_tables.targets
    own = table(slide_of(opened(county), slide_messages.targets(rows(county))))
    assert [row[0] for row in own[1:]] == [row["target"] for row in rows(county)]
    assert len(own) - 1 < len(rows(city)) == 14


def test_the_notes_say_where_the_numbers_are_from_by_addresses_that_open(deck, city):
    made = statements(city)
    said = deck.slides[1].notes_slide.notes_text_frame.text
    assert f"{made['share'].number} {made['share'].label} {made['share'].text}" in said
    addresses = {f"/{entry.path}" for entry in menu.entries()}
    for slide in list(deck.slides)[1:]:
        notes = slide.notes_slide.notes_text_frame.text
        found = set(re.findall(r"(?<![\w）])/[a-z-]*", notes))
        assert found and found <= addresses, found - addresses


def test_the_file_says_what_it_is(deck):
    about = deck.core_properties
    assert about.title == f"连云港市{TITLE}" and about.author == CITY.dashboard
    assert about.subject == "连云港市，数据截至2026年10月31日"


def test_the_last_slide_has_the_code(deck, city):
    assert any(document_codes.code(city) in line for line in texts(deck.slides[-1]))


def test_all_text_names_a_chinese_typeface(deck):
    for slide in deck.slides:
        runs = [one for one in slide._element.iter(qn("a:rPr")) if one.get("lang") is None]
        assert runs
        for run in runs:  # all but the number of the slide, which has that of the theme
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
            if not frame.paragraphs[0].runs:
                continue  # the number of the slide
            size = frame.paragraphs[0].runs[0].font.size.pt
            lines = [paragraph.text for paragraph in frame.paragraphs]
            height = slide_parts._height(lines, shape.width / 914_400, size)
            assert height <= shape.height / 914_400 + 0.01, frame.text


def test_a_part_of_the_city_speaks_of_itself(city):
    scope = document_stores.scope(snapshot_store.default(), COUNTY)
    deck = opened(scope)
    assert "连云港市灌南县" in texts(deck.slides[0])
    (board,) = charts(slide_of(deck, slide_messages.ranking(scope)))
    assert "灌南县" in list(board.plots[0].categories)
    assert slide_messages.ranking(scope) in titles(deck)
    assert any("范围：灌南县" in line for line in texts(deck.slides[0]))
    assert any(document_codes.code(scope) in line for line in texts(deck.slides[-1]))


def test_without_a_register_a_few_slides_say_why(bare_store, use_store):
    use_store(bare_store.path)
    deck = opened(document_stores.scope(bare_store))
    assert titles(deck) == [TITLE, "还没有特定区域名录", "口径与查证"]
    assert "没有收到：特定区域名录、示范聚集区" in "".join(texts(deck.slides[1]))
    assert not any(charts(slide) for slide in deck.slides)
    assert not any("演示数据" in line for slide in deck.slides for line in texts(slide))
    for slide in deck.slides:
        stays(slide)


def test_harmful_names_are_text_and_fit_their_cells(hostile_store, use_store):
    use_store(hostile_store.path)
    scope = document_stores.scope(hostile_store)
    deck = opened(scope)
    shown = {row[1] for row in table(slide_of(deck, slide_messages.gaps(scope)))[1:]}
    assert all(len(one) <= slide_messages.LONGEST for one in titles(deck))
    assert shown & {"<b>粗</b>", "{{ x }}", "=1+1", "控制 符", "甲&乙"}
    assert all(len(name) < 40 and "\x0b" not in name for name in shown)
    for slide in deck.slides:
        stays(slide)


def test_the_same_scope_gives_the_same_bytes(city):
    created = datetime.fromisoformat(snapshot_store.default().current().manifest["created_at"])
    assert sealed(slides(city, BlankPictures()), created) == sealed(made(city), created)


def test_names_that_begin_with_the_same_words_stay_apart():
    first = "国家级经济技术开发区中华药港核心区"
    names = [f"{first}第{number}期标准厂房及配套商业街" for number in range(1, 6)]
    cut = slide_tables.distinct([*names, "短名", names[0]], 3, 14)
    assert len(set(cut)) == 6 and cut[0] == cut[-1] and cut[-2] == "短名"
    assert all(f"…{number}期" in one for number, one in enumerate(cut[:5], start=1))


def test_text_shrinks_to_its_box_and_is_cut_only_when_it_must():
    box, look = Box(0, 0, 4, 1), Look(24, 12)
    assert slide_parts.fit(["短"], box, look) == (24, ["短"])
    size, lines = slide_parts.fit(["字" * 40], box, look)
    assert 12 <= size < 24 and lines == ["字" * 40]
    size, lines = slide_parts.fit(["字" * 900], box, look)
    assert size == 12 and lines[0].endswith("…") and re.fullmatch("字+…", lines[0])
