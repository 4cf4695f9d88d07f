"""The month's brief: its form by GB/T 9704, its text and tables, and that every number is ours."""

import io
import re
from dataclasses import replace
from datetime import date, datetime

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from domain import filings, pace
from presentation import brief_wording, labels, wording
from presentation.statements import statements
from queries import attainment, board_standings, commitments
from queries.scope import Scope
from queries.stamps import stamp_of
from reports import document_codes
from reports.documents import brief, brief_tables, brief_templates
from reports.documents.brief import Letter
from reports.documents.template_fields import fields
from reports.reproducible import sealed
from store import snapshot_store
from tests.support import document_stores
from tests.support.blank_pictures import BlankPictures
from tests.support.rare_sheets import crowded_plan

DAY = date(2026, 10, 31)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?%?")
HOSTILE = '<b>粗</b>{{ title }}=1+1#let & " 🎉\x0b尾'


@pytest.fixture
def scope(demo_store, use_store):
    use_store(demo_store)
    return Scope(snapshot_store.default().current().id, DAY)


@pytest.fixture(scope="module")
def city(demo_store):
    """The brief of the whole city as bytes, made once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COVERAGE_STORE", str(demo_store))
        return brief.brief(Scope(snapshot_store.default().current().id, DAY), BlankPictures())


@pytest.fixture(scope="module")
def document(city):
    return Document(io.BytesIO(city))


@pytest.fixture
def county(scope):
    return replace(scope, area_id="320707")


def written(scope, **options):
    return Document(io.BytesIO(brief.brief(scope, BlankPictures(), **options)))


def table_after(document, caption):
    """The table whose caption begins so, as rows of text, and its element."""
    found = [one for one in document.paragraphs if one.text.startswith(caption)][-1]
    element = found._p.getnext()
    table = next(one for one in document.tables if one._tbl is element)
    return [[cell.text for cell in row.cells] for row in table.rows]


def said(document):
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text.strip()]


def font(style, attribute="eastAsia"):
    return style.element.rPr.rFonts.get(qn(f"w:{attribute}"))


# The form, as the standard template holds it.


@pytest.fixture(scope="module")
def form():
    return Document(io.BytesIO(brief_templates.standard("brief")))


def test_the_page_is_that_of_the_standard(form):
    section = form.sections[0]
    page = [section.page_width, section.page_height, section.top_margin, section.bottom_margin,
            section.left_margin, section.right_margin]  # fmt: skip
    assert page == pytest.approx([Mm(size) for size in (210, 297, 37, 35, 28, 26)], abs=Mm(0.1))
    assert len(form.sections) == 1


def test_the_body_is_fang_song_of_16_points_on_lines_of_28(form):
    body = form.styles["Normal"]
    assert (font(body), font(body, "ascii")) == ("仿宋_GB2312", "仿宋_GB2312")
    assert body.font.size == Pt(16)
    lines = body.paragraph_format
    assert (lines.line_spacing_rule, lines.line_spacing) == (WD_LINE_SPACING.EXACTLY, Pt(28))
    assert body.element.pPr.ind.get(qn("w:firstLineChars")) == "200"
    assert (lines.space_before, lines.space_after) == (0, 0)


@pytest.mark.parametrize(
    ("style", "name", "size", "alignment"),
    [
        ("发文机关标志", "方正小标宋简体", 32, WD_ALIGN_PARAGRAPH.CENTER),
        ("Title", "方正小标宋简体", 22, WD_ALIGN_PARAGRAPH.CENTER),
        ("Heading 1", "黑体", None, None),
        ("Heading 2", "楷体_GB2312", None, None),
        ("附件标题", "方正小标宋简体", 18, WD_ALIGN_PARAGRAPH.CENTER),
        ("版记", None, 14, WD_ALIGN_PARAGRAPH.LEFT),
        ("附件标志", "黑体", None, WD_ALIGN_PARAGRAPH.LEFT),
        ("表题", "黑体", 12, WD_ALIGN_PARAGRAPH.CENTER),
        ("表头", "黑体", 10.5, WD_ALIGN_PARAGRAPH.CENTER),
        ("表文", "仿宋_GB2312", 10.5, WD_ALIGN_PARAGRAPH.LEFT),
        ("表数", None, 10.5, WD_ALIGN_PARAGRAPH.RIGHT),
        ("Footer", "宋体", 14, None),
    ],
)  # fmt: skip
def test_styles_have_the_letters_of_the_standard(form, style, name, size, alignment):
    found = form.styles[style]
    if name:
        assert font(found) == name
    if size:
        assert found.font.size == Pt(size)
    if alignment is not None:
        assert found.paragraph_format.alignment == alignment


def test_a_machine_without_the_letters_is_told_what_stands_in(form):
    part = next(one for one in form.part.package.parts if one.partname.endswith("fontTable.xml"))
    text = part.blob.decode("utf-8")
    for name, other in (("仿宋_GB2312", "仿宋"), ("楷体_GB2312", "楷体")):
        assert f'w:name="{name}"><w:altName w:val="{other}"/>' in text


@pytest.mark.parametrize(
    ("footer", "alignment", "side"),
    [("footer", "RIGHT", "right"), ("even_page_footer", "LEFT", "left")],
)
def test_page_numbers_stand_outside_between_dashes(form, footer, alignment, side):
    assert form.settings.odd_and_even_pages_header_footer
    paragraph = getattr(form.sections[0], footer).paragraphs[0]
    assert paragraph.alignment == WD_ALIGN_PARAGRAPH[alignment]
    assert paragraph._p.pPr.ind.get(qn(f"w:{side}Chars")) == "100"
    assert paragraph.text == "— 1 —"
    assert " PAGE " in "".join(paragraph._p.itertext())


def test_table_headings_repeat_and_rows_stay_whole(document):
    assert len(document.tables) == 12
    for table in document.tables:
        properties = [row._tr.trPr for row in table.rows]
        assert properties[0].find(qn("w:tblHeader")) is not None
        assert all(one.find(qn("w:cantSplit")) is not None for one in properties)


# What it says.

LETTER = Letter(
    issuer="连云港市某办",
    issued_on=date(2026, 11, 24),
    code_word="连数币办",
    copies_to="市委办公室，市政协办公室",
    contact="张某，0518—00000000",
    printed_on=date(2026, 11, 25),
)


def test_it_has_the_parts_of_a_document_in_their_order(scope):
    text = "\n".join(said(written(scope, letter=LETTER)))
    parts = [
        "连云港市某办", "连数币办〔2026〕　　号",
        "关于2026年10月全市数字人民币\n特定区域全覆盖进展情况的通报", "演示数据",
        "各县、区人民政府，经开区管委会", "现将截至2026年10月31日", "全市特定区域达标率",
        "一、总体情况", "（一）特定区域覆盖", "（二）钱包和交易", "（三）全省位次", "图1",
        "二、做得好的单位", "三、进展较慢的单位", "四、存在的主要问题", "（一）", "五、下一步要求",
        "于2026年12月14日前将办理情况书面报领导小组办公室", "附件：1．", "　　　2．",
        "连云港市某办", "2026年11月24日", "（联系人：张某，0518—00000000）",
        "附件1", "附件2", "口径说明和查证代码", "抄送：市委办公室，市政协办公室。",
        "连云港市某办\t2026年11月25日印发",
    ]  # fmt: skip
    place = -1
    for part in parts:
        place = text.find(part, place + 1)
        assert place >= 0, part


def test_a_letter_without_an_entry_says_nothing_of_it(document):
    text = "\n".join(said(document))
    assert "抄送" not in text and "联系人" not in text and "　　　　〔2026〕　　号" in text


def test_the_office_need_fill_in_nothing(document):
    text = "\n".join(said(document))
    assert "〔2026〕" in text and "数字人民币试点工作领导小组办公室" in text
    assert "{{" not in text and "{%" not in text


def test_headings_are_those_that_word_lists(document):
    levels = {name: [one.text for one in document.paragraphs if one.style.name == name]
              for name in ("Title", "Heading 1", "Heading 2")}  # fmt: skip
    assert len(levels["Title"]) == 1
    assert [one[0] for one in levels["Heading 1"]] == list("一二三四五")
    assert all(one.startswith("（") for one in levels["Heading 2"])


def test_annexes_are_numbered_without_a_gap_and_every_one_is_named(document):
    text = said(document)
    signs = [one for one in text if re.fullmatch(r"附件\d", one)]
    assert signs == [f"附件{n}" for n in range(1, len(signs) + 1)]
    listed = [one for one in text if re.match(r"(附件：|　　　)\d．", one)]
    titles = [one.text for one in document.paragraphs if one.style.name == "附件标题"]
    assert [one.split("．")[1] for one in listed] == titles
    referred = {f"附件{n}" for one in text for n in re.findall(r"见附件(\d)", one)}
    assert referred and referred <= set(signs)


def test_sentences_are_those_of_the_wording(document, scope):
    text, told = said(document), brief.Text(scope, Letter())
    for lines in (told.conclusions, told.good, told.slow, told.asks):
        assert lines and set(lines) <= set(text)
    for part in told.overall + told.problems:
        assert part.heading in text and part.text in text
    assert len(told.conclusions) == 3
    assert set(wording.notes(scope)) <= set(text)


def test_all_below_the_line_are_named_and_the_worst_comes_first(scope):
    due, areas = pace.due_share(DAY), attainment.areas(scope).set_index("area")["share_verified"]
    slow = areas[areas < due].sort_values()
    (line,) = (one for one in brief.Text(scope, Letter()).slow if "低于应达进度" in one)
    places = [line.index(f"{area}{labels.percent(share)}") for area, share in slow.items()]
    assert slow.index[0] in line.split("为：")[1].split("、")[0]
    assert len(places) == len(slow) and places[0] == min(places)


def test_the_problems_are_those_of_the_data(scope):
    text = "".join(part.text for part in brief.Text(scope, Letter()).problems)
    facts = statements(scope)
    owners = commitments.cluster_owners(scope.snapshot_id, DAY)
    short = (owners["obliged"] & ~owners["reached_floor"]).sum()
    silent = filings.reminders(commitments.reports(scope.snapshot_id, DAY))
    assert f"应覆盖数待核的场所{facts['unknown']}" in text
    assert f"{facts['padded']}存疑" in text and facts["share_firm"].text in text
    assert f"不到下限2个的{short}个" in text
    assert f"逾期未报{len(silent)}家" in text


def test_what_is_asked_has_a_unit_and_a_day(document, scope):
    rows = table_after(document, "事项、责任单位")
    assert rows[0] == ["事项", "责任单位", "完成时限"]
    assert len(rows) > 10 and all(all(row) for row in rows)
    matters = [row[0] for row in rows[1:]]
    below = attainment.areas(scope)["share_verified"] < pace.due_share(DAY)
    assert sum(one.startswith("再达标") for one in matters) == below.sum()
    for begins in ("核定", "每家至少建成2个", "复检", "补报2026年9月信息", "对即将到期的"):
        assert any(one.startswith(begins) for one in matters), begins


def test_no_row_of_a_short_table_leaves_its_page(document):
    for table in document.tables:
        kept = [row.find(f".//{qn('w:keepNext')}") is not None for row in table._tbl.tr_lst]
        assert all(kept) if len(kept) <= 9 else kept[:2] == kept[-3:-1] == [True, True]


@pytest.mark.parametrize("area_id", ["", "320707", "HITECH"])
def test_every_number_in_running_text_is_a_statement(scope, area_id):
    scope = replace(scope, area_id=area_id)
    document = written(scope)
    body = [one.text for one in document.paragraphs if one.style.name == "Normal"]
    body = body[: body.index(wording.notes(scope)[0])]
    known = {"30", "2"}  # of the strict basis and what lapses, the floor of clusters
    for one in statements(scope).values():
        known |= set(NUMBER.findall(one.text.lstrip("+-")))
    for day in (DAY, attainment.month_before(DAY), brief_wording.reply_by(DAY)):
        known |= {str(day.year), str(day.month), str(day.day)}
    annex = re.compile(r"附件\d")
    found = {number for text in body for number in NUMBER.findall(annex.sub("", text))}
    assert found and found <= known


def test_it_carries_its_stamp_and_its_code(document, scope):
    text = "\n".join(said(document))
    manifest = snapshot_store.default().snapshot(scope.snapshot_id).manifest
    assert stamp_of(scope, manifest).replace(" | ", "；") in text
    assert text.count(document_codes.code(scope)) == 1


# Tables against the domain.


@pytest.mark.parametrize(("kind", "caption"), [("county", "县区（"), ("zone", "功能板块（")])
def test_boards_have_ranks_shares_and_bounds(document, scope, kind, caption):
    rows = table_after(document, caption)[1:]
    ranks = board_standings.ranks(scope, kind).set_index("area")
    assert {row[1] for row in rows} == set(ranks.index)
    for label, area, covered, share, bounds, _, change, *_ in rows:
        here = ranks.loc[area]
        assert covered == f"{here['covered']}/{here['venues']}"
        assert share == labels.percent(here["share"])
        assert bounds == labels.between(here["low"], here["high"])
        assert label.removeprefix("并列") == f"{here['rank']:.0f}"
        assert (change == "持平") == (round(here["share"], 9) == round(here["share_before"], 9))


def test_the_annex_names_every_venue_that_is_short_or_unknown(document, scope):
    plan = attainment.plan(scope)
    named = table_after(document, "未达标的场所")[1:]
    assert [row[1] for row in named] == list(plan["name"].head(brief_tables.LISTED))
    assert [int(row[7]) for row in named] == list(plan["needed"].head(brief_tables.LISTED))
    unknown = table_after(document, "应覆盖数待核的场所")[1:]
    venues = attainment.venues(scope)
    assert {row[1] for row in unknown} == set(
        venues.loc[venues["denominator"] == "unknown", "name"]
    )


def test_the_annex_lists_every_statement(document, scope):
    rows = table_after(document, "通报所列各数")[1:]
    made = statements(scope).values()
    assert [row[:3] for row in rows] == [[one.number, one.label, one.text] for one in made]
    assert [row[3:] for row in rows] == [[one.how, one.clause] for one in made]


def test_targets_clusters_and_reporting_are_those_of_the_pages(document, scope):
    assert [row[0] for row in table_after(document, "通知各项要求的进展")[1:]] == [
        f"T{number:02}" for number in range(1, 15)
    ]
    assert len(table_after(document, "登记的示范聚集区")) - 1 == statements(scope)["clusters"].value
    short = table_after(document, "没有达到下限的责任单位")[1:]
    assert len(short) == statements(scope)["clusters_short"].value
    assert len(table_after(document, "没有报送最近一个月")) - 1 == statements(scope)["silent"].value


# Scopes, marks and templates.


def test_a_county_has_its_own_brief(county):
    document = written(county)
    text = said(document)
    assert "关于2026年10月赣榆区数字人民币\n特定区域全覆盖进展情况的通报" in text
    assert "赣榆区人民政府：" in text
    assert not any("全市通报" in one for one in text)
    assert {row[3] for row in table_after(document, "未达标的场所")[1:]} == {"赣榆区"}
    own = {row[0] for row in table_after(document, "通知各项要求的进展")[1:]}
    assert {"T01", "T05", "T06"} <= own
    banks = {row[1] for row in table_after(document, "事项、责任单位")[1:]}
    assert set(labels.with_names(attainment.plan(county))["operator"]) <= banks


def test_a_zone_has_its_own_brief(scope):
    text = said(written(replace(scope, area_id="YTS")))
    assert "云台山风景名胜区管理委员会：" in text and not any("全市通报" in one for one in text)
    assert any("列功能板块第4名" in one for one in text)


def test_only_the_pictures_of_the_template_are_drawn(scope, county):
    for one, names in ((scope, {"map_areas"}), (county, {"map_areas"})):
        pictures = BlankPictures()
        brief.brief(one, pictures)
        assert {*pictures.asked} == {(name, "inset") for name in names}


def test_pictures_fill_the_type_area_and_say_what_they_show(document):
    shapes = document.inline_shapes
    assert [shape.width for shape in shapes] == [Mm(156)]
    assert all(shape._inline.docPr.get("descr") for shape in shapes)


def test_a_template_may_name_every_field(scope):
    document = Document(io.BytesIO(brief_templates.standard("brief")))
    for name, field in fields("brief").items():
        if field.kind == "table":
            cells = "".join("{{ row." + column + " }}" for column in field.columns)
            document.add_paragraph("{% for row in " + name + " %}" + cells + "{% endfor %}")
        elif field.kind == "sentences":
            document.add_paragraph("{% for one in " + name + " %}{{ one }}{% endfor %}")
        else:
            document.add_paragraph(name + "：{{ " + name + " }}。")
    buffer = io.BytesIO()
    document.save(buffer)
    text = said(written(scope, template=buffer.getvalue()))
    assert "month：2026年10月。" in text and "demo_mark：演示数据。" in text


def test_a_hostile_template_is_refused(scope):
    document = Document(io.BytesIO(brief_templates.standard("brief")))
    document.add_paragraph("{{ ''.__class__.__mro__[1].__subclasses__() }}")
    buffer = io.BytesIO()
    document.save(buffer)
    with pytest.raises(brief_templates.TemplateError, match="不能写别的"):
        brief.brief(scope, BlankPictures(), buffer.getvalue())


def test_demo_data_is_marked_on_every_page(document):
    section = document.sections[0]
    headers = (section.header, section.even_page_header)
    assert [header.paragraphs[0].text for header in headers] == ["演示数据"] * 2


def test_the_same_question_gives_the_same_bytes(city, scope):
    manifest = snapshot_store.default().snapshot(scope.snapshot_id).manifest
    moment = datetime.fromisoformat(manifest["created_at"])
    first, second = (sealed(one, moment) for one in (city, brief.brief(scope, BlankPictures())))
    assert first == second
    properties = Document(io.BytesIO(first)).core_properties
    assert properties.title == brief.title(scope)
    assert properties.created.replace(tzinfo=None) == moment.replace(tzinfo=None, microsecond=0)


# No data, hundreds of gaps, names that are not ours.


@pytest.fixture
def nothing(bare_store, use_store):
    """The scope of a store without a register, which is no demo."""
    use_store(bare_store.path)
    return document_stores.scope(bare_store)


@pytest.mark.parametrize("area_id", ["", "320707", "ETDZ"])
def test_of_nothing_nothing_is_said_but_that(nothing, area_id):
    document = written(replace(nothing, area_id=area_id))
    headers = (document.sections[0].header, document.sections[0].even_page_header)
    text = "\n".join([*said(document), *(one.paragraphs[0].text for one in headers)])
    assert "还没有特定区域名录，达标率无从计算" in text
    for absent in ("做得好", "存在的主要问题", "图1", "演示", "nan", "None", "钱包和交易"):
        assert absent not in text, absent


@pytest.fixture
def crowded(scope, monkeypatch):
    plan = crowded_plan(scope, HOSTILE)
    monkeypatch.setattr(attainment, "plan", lambda _: plan)
    return scope


def test_names_of_a_file_stay_text_and_hundreds_of_gaps_are_summed_up(crowded):
    document = written(crowded)
    named = table_after(document, "未达标的场所")[1:]
    assert len(named) == brief_tables.LISTED
    assert named[0][1].startswith(HOSTILE.replace("\x0b", " "))
    assert int(table_after(document, "没有列出的场所")[-1][1]) == len(
        attainment.plan(crowded)
    ) - len(named)


def test_a_day_that_ends_no_month_is_named_itself(scope):
    assert brief.title(scope).startswith("关于2026年10月全市")
    early = replace(scope, as_of=date(2026, 10, 1))
    assert brief.title(early).startswith("关于截至2026年10月1日全市")
