"""The county one-pager read back: the domain's figures, one A4 page, and nothing in it runs."""

import io
import re
from dataclasses import replace
from datetime import date

import docx
import pytest
from pypdf import PdfReader

from excel.cell_text import one_line
from presentation import plan_wording
from presentation.labels import percent
from queries import attainment, plans
from queries.scope import Scope, areas_by_name
from reports import document_codes
from reports.documents import one_pager
from reports.documents.one_pager_due import days_to
from reports.documents.one_pager_sheet import sheet
from store import snapshot_store
from tests.support import rare_sheets
from tests.support.blank_pictures import BlankPictures

AREAS = list(areas_by_name().values())
DAY = date(2026, 10, 31)
NASTY = '<b>{{ x }} =1+1 #let &" $x$ @a *b* _c_ \\ 😀\x0b末'


@pytest.fixture
def scope_of(demo_store, use_store):
    use_store(demo_store)
    snapshot_id = snapshot_store.default().current().id
    return lambda area_id, day=DAY: Scope(snapshot_id, day, area_id)


def squashed(text):
    return re.sub(r"\s", "", text)


def pdf_text(content):
    return squashed("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def word_text(content):
    """All text of a document, also that of tables in tables."""
    body = docx.Document(io.BytesIO(content)).element.body
    return squashed("".join(node.text or "" for node in body.iter() if node.tag.endswith("}t")))


def both(scope, monkeypatch=None, shown=None):
    """The one-pager as PDF and as Word; of `shown` instead of the scope's own sheet."""
    if shown is not None:
        monkeypatch.setattr(one_pager, "sheet", lambda _: shown)
    return one_pager.pdf(scope, BlankPictures()), one_pager.word(scope, BlankPictures())


def said(shown):
    """Every text that a sheet says, but its lines."""
    for one in (*shown.bases, *shown.facts, *shown.gaps, *shown.due):
        yield from (str(value) for value in vars(one).values() if not isinstance(value, bool))
    yield from (shown.title, shown.headline, shown.gain, shown.list_title, shown.stamp, shown.code)


# ---- ten areas ----------------------------------------------------------------------------------


@pytest.mark.parametrize("area_id", AREAS)
def test_every_area_is_one_a4_page_that_says_all_of_its_sheet(area_id, scope_of):
    scope = scope_of(area_id)
    pdf, word = both(scope)
    (page,) = PdfReader(io.BytesIO(pdf)).pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    whole = sheet(scope)
    shown = one_pager.fitting(whole)
    for text in (pdf_text(pdf), word_text(word)):
        for words in said(shown):
            assert squashed(words) in text, words
        places = [text.index(squashed(line.name + line.address)) for line in shown.lines]
        assert places == sorted(places)
        assert squashed(shown.rest) in text
        assert "演示数据" in text


@pytest.mark.parametrize("area_id", AREAS)
def test_the_figures_are_those_of_the_domain(area_id, scope_of):
    scope = scope_of(area_id)
    shown = sheet(scope)
    table = attainment.areas(Scope(scope.snapshot_id, DAY)).set_index("area_id")
    row, plan = table.loc[area_id], attainment.plan(scope)
    assert [one.share for one in shown.bases] == [
        percent(row[f"share_{basis}"]) for basis in ("verified", "contracted", "active")
    ]
    assert shown.bases[0].covered == f"{row['covered_verified']} / {row['venues']}"
    assert [one.venue for one in shown.gaps] == list(plan["name"].head(5))
    assert [one.needed for one in shown.gaps] == list(plan["needed"].head(5))
    after = (row["covered_verified"] + len(shown.gaps)) / row["venues"]
    assert shown.gaps[-1].share == percent(after) and percent(after) in shown.gain
    assert shown.total == plan["needed"].sum()
    work = plan_wording.work(plans.outlook(scope), shown.total)
    assert [line.name for line in shown.lines] == list(work["name"].head(len(shown.lines)))
    assert shown.code == document_codes.code(scope)


def test_what_the_page_has_no_room_for_is_counted(scope_of):
    whole = sheet(scope_of("320706", date(2024, 6, 30)))  # a county with many gaps
    shown = one_pager.fitting(whole)
    assert 0 < len(shown.lines) < len(whole.lines)
    left = whole.total - sum(line.units for line in shown.lines)
    assert (
        shown.rest
        == f"其余{left:,}家（项）没有排下：在看板“缺口清单”填再签{shown.total:,}家，下载工作单。"
    )
    assert whole.cut(len(whole.lines)).rest != whole.cut(0).rest


def test_the_same_scope_gives_the_same_bytes(scope_of):
    scope = scope_of("320723")
    assert both(scope) == both(scope)


def test_the_pdf_has_its_title_its_day_and_its_own_fonts(scope_of):
    scope = scope_of("XUWEI")
    reader = PdfReader(io.BytesIO(one_pager.pdf(scope, BlankPictures())))
    assert reader.metadata.title == "徐圩新区数字人民币场景覆盖一页纸"
    made = snapshot_store.default().snapshot(scope.snapshot_id).manifest["created_at"]
    assert reader.metadata.creation_date.isoformat()[:19] == made[:19]
    for font in reader.pages[0]["/Resources"]["/Font"].values():
        (descendant,) = font.get_object()["/DescendantFonts"]
        descriptor = descendant.get_object()["/FontDescriptor"].get_object()
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
        assert re.match(r"/[A-Z]{6}\+", descriptor["/FontName"])  # a subset
    assert "@preview" not in (one_pager.TEMPLATES / "one_pager.typ").read_text(encoding="utf-8")


def test_no_text_is_smaller_than_eight_points(scope_of):
    sizes = set()
    page = PdfReader(io.BytesIO(one_pager.pdf(scope_of("320707"), BlankPictures()))).pages[0]
    page.extract_text(
        visitor_text=lambda text, cm, tm, font, size: (
            text.strip() and sizes.add(round(abs(size * tm[0] * cm[0]), 2))
        )
    )
    assert sizes and min(sizes) >= 8


def test_the_tables_of_word_are_tables_with_headings_that_repeat(scope_of):
    document = docx.Document(io.BytesIO(one_pager.word(scope_of("320722"), BlankPictures())))
    headings = [[cell.text for cell in table.rows[0].cells] for table in document.tables]
    assert ["序号", "场所", "商户或环节", "地址", "银行", "要做什么"] in headings
    assert ["事项", "期限", "现状", "距期限"] in headings
    for table in document.tables[1:]:
        assert table.rows[0]._tr.trPr.xpath("w:tblHeader")
    assert document.core_properties.title == "东海县数字人民币场景覆盖一页纸"
    assert len(document.inline_shapes) == 1


# ---- whatever the data --------------------------------------------------------------------------


def test_a_page_that_is_full_of_long_names_is_still_one_page(scope_of, monkeypatch):
    scope = scope_of("320706")
    whole = sheet(scope)
    shown = rare_sheets.crowded_sheet(whole)
    pdf, word = both(scope, monkeypatch, shown)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    kept = one_pager.fitting(shown)
    left = rare_sheets.TOTAL - rare_sheets.UNITS * len(kept.lines)
    assert (
        kept.lines and f"其余{left:,}家" in pdf_text(pdf) and f"其余{left:,}家" in word_text(word)
    )


def test_text_from_a_file_stays_text(scope_of, monkeypatch):
    scope = scope_of("320706")
    whole = sheet(scope)
    bad = one_line(NASTY)
    assert "\x0b" not in bad
    shown = rare_sheets.nasty_sheet(whole, bad)
    pdf, word = both(scope, monkeypatch, shown)
    for text in (pdf_text(pdf), word_text(word)):
        assert text.count(squashed(bad)) == 5 and "A" * 60 in text


def test_data_that_are_not_a_demo_bear_no_mark_of_one(scope_of, monkeypatch):
    scope = scope_of("HITECH")
    whole = sheet(scope)
    shown = replace(whole, demo=False, stamp=whole.stamp.replace("【演示数据】", ""))
    pdf, word = both(scope, monkeypatch, shown)
    assert "演示数据" not in pdf_text(pdf) + word_text(word)


@pytest.mark.parametrize("area_id", ["320724", "YTS"])
def test_an_area_without_a_venue_is_unknown_and_not_zero(area_id, scope_of):
    scope = scope_of(area_id, date(2022, 12, 31))
    shown = sheet(scope)
    assert {one.share for one in shown.bases} == {"未知"}
    assert not shown.gaps and not shown.lines and "没有特定区域" in shown.headline
    pdf, word = both(scope)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert "缺数据" in pdf_text(pdf) and "缺数据" in word_text(word)


def test_an_area_without_a_gap_is_told_what_to_keep_up(scope_of, monkeypatch):
    scope = scope_of("XUWEI")
    shown = rare_sheets.finished_sheet(scope)
    assert "全部达标" in shown.gain and not shown.gaps
    assert shown.list_title == "要保持的名单（30天内到期50家）"
    assert shown.lines[0].todo == "11-03前巡检或做成一笔真实交易"
    kept_up = shown.due[-1]
    assert (kept_up.day, kept_up.days) == ("2026-11-03", "还有3天") and "50家" in kept_up.state
    pdf, word = both(scope, monkeypatch, shown)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    rest = f"其余{50 - len(one_pager.fitting(shown).lines)}家（项）没有排下"
    assert rest in pdf_text(pdf) and rest in word_text(word)


# ---- what is due --------------------------------------------------------------------------------


def test_what_is_due_has_its_day_and_the_days_that_are_left(scope_of):
    by_item = {one.item[:3]: one for one in sheet(scope_of("YTS", date(2024, 6, 30))).due}
    assert by_item["T06"].days == "还有549天" and not by_item["T06"].late
    assert "通知没有点名功能板块" in by_item["T05"].state
    assert (by_item["T01"].state, by_item["T01"].days) == ("没有收到", "已过457天")
    assert by_item["T01"].late and "T08" not in by_item


def test_a_county_is_held_against_two_to_three_clusters(scope_of):
    found = {}
    for area_id in AREAS[:6]:
        (one,) = (row for row in sheet(scope_of(area_id)).due if row.item.startswith("T05"))
        found[area_id] = one
        mature = int(re.search(r"成熟(\d+)个", one.state).group(1))
        assert one.late == (mature < 2) and ("已过" in one.days) == (mature < 2)
    assert {one.late for one in found.values()} == {True, False}


@pytest.mark.parametrize(
    ("day", "text"),
    [(DAY, "今天到期"), (date(2026, 11, 1), "还有1天"), (date(2023, 10, 31), "已过1,096天")],
)
def test_days_are_counted_in_words(day, text):
    assert days_to(day, DAY) == text


# ---- plain text ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [("甲\x0b乙\n 丙", "甲 乙 丙"), (None, ""), (float("nan"), ""), ("长" * 61, "长" * 59 + "…")],
)
def test_text_becomes_one_printable_line(text, line):
    assert one_line(text) == line


def test_only_the_map_of_venues_is_drawn(scope_of):
    pictures = BlankPictures()
    one_pager.pdf(scope_of("320707"), pictures)
    one_pager.word(scope_of("320707"), pictures)
    assert pictures.asked == [("map_venues", "small")] * 2


def test_a_page_is_about_an_area_that_there_is(scope_of):
    for area_id in ("", "999999"):
        with pytest.raises(ValueError, match="one-pager is about a county or zone"):
            one_pager.pdf(scope_of(area_id), BlankPictures())


def test_a_zone_is_shown_under_the_attribution_that_has_it(scope_of):
    scope = replace(scope_of("YTS"), attribution="territory")
    assert sheet(scope) == sheet(scope_of("YTS"))
