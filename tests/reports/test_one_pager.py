"""The county one-pager read back: a front for the wall, a list overleaf, and nothing in it runs."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from functools import cache

import docx
import pytest
from pypdf import PdfReader

from domain import pace
from domain.city import CITY
from excel.cell_text import one_line
from presentation import brief_steps, plan_wording
from presentation.labels import apart, percent
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


@cache
def page_texts(content):
    """The text of each page of a PDF."""
    return [squashed(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]


def pdf_text(content):
    return "".join(page_texts(content))


@cache
def word_text(content):
    """All text of a document, also that of tables in tables and of its foot."""
    document = docx.Document(io.BytesIO(content))
    parts = (document.element.body, document.sections[0].footer._element)
    nodes = (node for part in parts for node in part.iter() if node.tag.endswith("}t"))
    return squashed("".join(node.text or "" for node in nodes))


@cache
def both(scope):
    """The one-pager as PDF and as Word, made once for all tests, which only read them."""
    return one_pager.pdf(scope, BlankPictures()), one_pager.word(scope, BlankPictures())


def both_of(scope, monkeypatch, shown):
    """Both of `shown` instead of the scope's own sheet."""
    monkeypatch.setattr(one_pager, "sheet", lambda _: shown)
    return both.__wrapped__(scope)


def said(shown):
    """Every text that a sheet says, but its lines."""
    for one in (*shown.bases, *shown.asks, *shown.facts, *shown.due):
        yield from (str(value) for value in vars(one).values() if not isinstance(value, bool))
    yield from (shown.title, shown.share, shown.distance, *shown.standing, shown.gain)
    yield from (shown.list_title, shown.stamp, shown.code)


def pages(content):
    return len(PdfReader(io.BytesIO(content)).pages)


# ---- ten areas ----------------------------------------------------------------------------------


@pytest.mark.parametrize("area_id", AREAS)
def test_every_area_is_two_a4_pages_that_say_all_of_its_sheet(area_id, scope_of):
    scope = scope_of(area_id)
    pdf, word = both(scope)
    both_pages = PdfReader(io.BytesIO(pdf)).pages
    sides = [[round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] for page in both_pages]
    assert sides == [[210, 297]] * 2
    assert all("演示数据" in text for text in page_texts(pdf))
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
    after = (row["covered_verified"] + len(plan)) / row["venues"]
    assert percent(row["share_verified"]) == shown.share and percent(after) in shown.gain
    assert shown.total == plan["needed"].sum() == sum(units for _, units in shown.venues)
    assert [name for name, _ in shown.venues] == list(plan["name"])
    work = plan_wording.work(plans.outlook(scope), shown.total)
    assert [line.name for line in shown.lines] == list(work["name"].head(len(shown.lines)))
    assert shown.code == document_codes.code(scope)


@pytest.mark.parametrize("area_id", AREAS)
def test_the_front_is_one_number_a_line_of_a_year_a_map_and_three_asks(area_id, scope_of):
    scope = scope_of(area_id)
    shown, due = sheet(scope), pace.due_share(DAY)
    share = attainment.city(scope)["share_verified"].iloc[0]
    text = page_texts(both(scope)[0])[0]
    assert shown.share in text and shown.behind == (share < due)
    assert squashed(f"低于应达进度{apart(share, due)}") in text
    trend = attainment.trend(scope).tail(13)
    assert [month.share for month in shown.year] == list(trend["share_verified"])
    assert (shown.year[0].label, shown.year[-1].label) == ("2025年10月", "2026年10月")
    assert shown.year_about.endswith(f"2026年10月{shown.share}")
    steps = list(brief_steps.steps(scope, DAY, {}))[:3]
    assert len(steps) == 3
    assert [(one.matter, one.unit, one.due) for one in shown.asks] == [tuple(one) for one in steps]
    for one in shown.asks:
        assert one.unit and "月" in one.due and squashed(one.matter) in text
    assert shown.list_title not in text and not any(line.address in text for line in shown.lines)


def test_the_line_of_the_year_is_a_picture_with_its_months_in_words(scope_of):
    scope = scope_of("320723")
    document = docx.Document(io.BytesIO(both(scope)[1]))
    about = [one._inline.docPr.get("descr") for one in document.inline_shapes]
    shown = sheet(scope)
    assert about == [shown.year_about, shown.map_about]
    covered = attainment.city(scope)["covered_verified"].iloc[0]
    assert about[1].startswith(f"灌云县地图，场所已达标{covered}个、")
    assert about[0].count("月") == 13 + 1  # and 各月末


def test_ties_are_told_once_and_no_move_is_no_move(scope_of):
    for area_id in ("HITECH", "XUWEI"):
        text = "".join(said(sheet(scope_of(area_id))))
        assert text.count("第2名（并列）") >= 1 and "（并列）（并列）" not in text
        assert "持平" in text and not re.search(r"(?<!\d)0\.0+个百分点", text)


def test_each_line_says_what_it_needs(scope_of):
    lines = [line for area_id in AREAS for line in sheet(scope_of(area_id)).lines]
    assert lines and all(re.search("签约|开通|巡检|交易|摸底", line.todo) for line in lines)
    titles = {sheet(scope_of(area_id)).list_title[:5] for area_id in AREAS}
    assert titles == {"要补的名单"}


def test_what_the_page_has_no_room_for_is_counted(scope_of):
    whole = sheet(scope_of("320706", date(2024, 6, 30)))  # a county with many gaps
    shown = one_pager.fitting(whole)
    assert 0 < len(shown.lines) < len(whole.lines)
    left = whole.total - sum(line.units for line in shown.lines)
    names = [name for name, _ in whole.venues]
    last = next(line.place for line in reversed(shown.lines) if line.place).split(". ")[1]
    open_venues = names[names.index(last) :]
    found = re.fullmatch(
        r"其余([\d,]+)家（项）没有排下，在(.+)等(\d+)个场所，见看板“缺口清单”页。", shown.rest
    )
    assert int(found[1].replace(",", "")) == left
    assert int(found[3]) in (len(open_venues), len(open_venues) - 1)
    assert found[2].split("、")[0] in open_venues[:2]
    assert whole.cut(len(whole.lines)).rest != whole.cut(0).rest


def test_the_same_scope_gives_the_same_bytes(scope_of):
    scope = scope_of("320723")
    assert both(scope) == both.__wrapped__(scope)


def test_the_pdf_has_its_title_its_day_and_its_own_fonts(scope_of):
    scope = scope_of("XUWEI")
    reader = PdfReader(io.BytesIO(both(scope)[0]))
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
    page = PdfReader(io.BytesIO(both(scope_of("320707"))[0])).pages[0]
    page.extract_text(
        visitor_text=lambda text, cm, tm, font, size: (
            text.strip() and sizes.add(round(abs(size * tm[0] * cm[0]), 2))
        )
    )
    assert sizes and min(sizes) >= 8


def test_the_tables_of_word_are_tables_with_headings_that_repeat(scope_of):
    document = docx.Document(io.BytesIO(both(scope_of("320722"))[1]))
    headings = [[cell.text for cell in table.rows[0].cells] for table in document.tables]
    assert ["序号", "场所", "商户或环节", "地址", "银行", "要做什么"] in headings
    assert ["事项", "期限", "现状", "距期限"] in headings
    assert ["事项", "责任单位", "完成时限"] in headings
    for table in document.tables[1:-1]:
        assert table.rows[0]._tr.trPr.xpath("w:tblHeader")
    outline = [
        (one.style.name, one.text) for one in document.paragraphs if "Head" in one.style.name
    ]
    assert outline[0][0] == "Heading 1" and outline[0][1].startswith("东海县")
    assert [text for _, text in outline[1:]] == [
        "要办的事", sheet(scope_of("320722")).list_title, "到期的事", "现状"
    ]  # fmt: skip
    assert document.core_properties.title == "东海县数字人民币场景覆盖一页纸"
    assert document.core_properties.author == CITY.dashboard
    assert len(document.inline_shapes) == 2


def test_both_pages_of_word_have_the_stamp_and_the_code_at_their_foot(scope_of):
    scope = scope_of("320722")
    document = docx.Document(io.BytesIO(both(scope)[1]))
    assert not document.settings.odd_and_even_pages_header_footer
    (section,) = document.sections
    assert not section.different_first_page_header_footer
    text = "".join(one.text for one in section.footer.paragraphs)
    assert sheet(scope).stamp in text and sheet(scope).code in text


def test_nothing_foreign_is_in_the_file(scope_of):
    with zipfile.ZipFile(io.BytesIO(both(scope_of("320722"))[1])) as parts:
        assert not [name for name in parts.namelist() if "thumbnail" in name]


# ---- whatever the data --------------------------------------------------------------------------


def test_pages_that_are_full_of_long_names_are_still_two(scope_of, monkeypatch):
    scope = scope_of("320706")
    whole = sheet(scope)
    shown = rare_sheets.crowded_sheet(whole)
    pdf, word = both_of(scope, monkeypatch, shown)
    assert pages(pdf) == 2
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
    pdf, word = both_of(scope, monkeypatch, shown)
    for text in (pdf_text(pdf), word_text(word)):
        assert text.count(squashed(bad)) == 6 and "A" * 60 in text


def test_data_that_are_not_a_demo_bear_no_mark_of_one(scope_of, monkeypatch):
    scope = scope_of("HITECH")
    whole = sheet(scope)
    shown = replace(whole, demo=False, stamp=whole.stamp.replace("【演示数据】", ""))
    pdf, word = both_of(scope, monkeypatch, shown)
    assert "演示数据" not in pdf_text(pdf) + word_text(word)


@pytest.mark.parametrize("area_id", ["320724", "YTS"])
def test_an_area_without_a_venue_is_unknown_and_not_zero(area_id, scope_of):
    scope = scope_of(area_id, date(2022, 12, 31))
    shown = sheet(scope)
    assert {one.share for one in shown.bases} == {"未知"}
    assert shown.share == "未知" and not shown.distance and not shown.year and not shown.lines
    assert shown.standing == ("还没有特定区域名录",) and not shown.asks
    pdf, word = both(scope)
    assert pages(pdf) == 1
    assert "缺数据" in pdf_text(pdf) and "缺数据" in word_text(word)


def test_an_area_without_a_gap_is_told_what_to_keep_up(scope_of, monkeypatch):
    scope = scope_of("XUWEI")
    shown = rare_sheets.finished_sheet(scope)
    assert "全部达标" in shown.gain
    assert shown.list_title == "要保持的名单（30天内到期50家）"
    assert shown.lines[0].todo == "11月3日前巡检或做成一笔真实交易"
    kept_up = shown.due[-1]
    assert (kept_up.day, kept_up.days) == ("2026年11月3日", "还有3天") and "50家" in kept_up.state
    pdf, word = both_of(scope, monkeypatch, shown)
    assert pages(pdf) == 2
    rest = f"其余{50 - len(one_pager.fitting(shown).lines)}家（项）没有排下，见看板“到期与新情况”页"
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
    assert pictures.asked == [("map_venues", "inset")] * 2


def test_a_page_is_about_an_area_that_there_is(scope_of):
    for area_id in ("", "999999"):
        with pytest.raises(ValueError, match="one-pager is about a county or zone"):
            one_pager.pdf(scope_of(area_id), BlankPictures())


def test_a_zone_is_shown_under_the_attribution_that_has_it(scope_of):
    scope = replace(scope_of("YTS"), attribution="territory")
    assert sheet(scope) == sheet(scope_of("YTS"))
