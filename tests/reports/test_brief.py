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

from presentation import labels, wording
from presentation.statements import statements
from queries import attainment, board_standings
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
        ("公文标题", "方正小标宋简体", 22, WD_ALIGN_PARAGRAPH.CENTER),
        ("一级标题", "黑体", None, None),
        ("二级标题", "楷体_GB2312", None, None),
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
    assert len(document.tables) == 8
    for table in document.tables:
        properties = [row._tr.trPr for row in table.rows]
        assert properties[0].find(qn("w:tblHeader")) is not None
        assert all(one.find(qn("w:cantSplit")) is not None for one in properties)


# What it says.


def test_it_has_the_parts_of_a_document_in_their_order(scope):
    document = written(
        scope, letter=Letter("连数币办〔2026〕9号", "连云港市某办", date(2026, 11, 24))
    )
    text = "\n".join(said(document))
    parts = [
        "连数币办〔2026〕9号", "关于2026年10月全市数字人民币试点\n特定区域覆盖情况的通报",
        "演示数据", "各县（区）人民政府", "现将截至2026年10月31日连云港市", "一、总体情况", "图1",
        "二、县区和功能板块排名", "图2", "表1", "表2", "三、缺口和最省的补法", "表3", "表4",
        "四、示范聚集区", "表5", "五、目标进展", "表6", "六、任务和信息报送", "表7",
        "七、口径和查证", "附件：", "连云港市某办", "2026年11月24日",
    ]  # fmt: skip
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert text.count("通报所列各数及其由来") == 2


def test_the_office_need_fill_in_nothing(document):
    text = "\n".join(said(document))
    assert "〔2026〕" in text and "数字人民币试点工作领导小组办公室" in text
    assert "{{" not in text and "{%" not in text


def test_sentences_are_those_of_the_wording(document, scope):
    text = said(document)
    for section in (wording.overall, wording.areas, wording.gaps, wording.clusters,
                    wording.targets, wording.tasks, wording.notes):  # fmt: skip
        assert set(section(scope)) <= set(text)


@pytest.mark.parametrize("area_id", ["", "320707"])
def test_every_number_in_running_text_is_a_statement(document, scope, area_id):
    if area_id:
        scope = replace(scope, area_id=area_id)
        document = written(scope)
    body = [one.text for one in document.paragraphs if one.style.name == "Normal"]
    body = body[: body.index(wording.notes(scope)[0])]
    known = {"30", "2"}  # of the strict basis, the floor of clusters
    for one in statements(scope).values():
        known |= set(NUMBER.findall(one.text.lstrip("+-")))
    for day in (DAY, attainment.month_before(DAY)):
        known |= {str(day.year), str(day.month), str(day.day)}
    found = {number for text in body for number in NUMBER.findall(text)}
    assert found and found <= known


def test_it_carries_its_stamp_and_its_code(document, scope):
    text = "\n".join(said(document))
    manifest = snapshot_store.default().snapshot(scope.snapshot_id).manifest
    assert stamp_of(scope, manifest) in text
    assert text.count(document_codes.code(scope)) == 2


# Tables against the domain.


@pytest.mark.parametrize(("kind", "caption"), [("county", "表1"), ("zone", "表2")])
def test_boards_have_ranks_shares_and_bounds(document, scope, kind, caption):
    rows = table_after(document, caption)[1:]
    ranks = board_standings.ranks(scope, kind).set_index("area")
    assert {row[1] for row in rows} == set(ranks.index)
    for label, area, covered, share, bounds, *_ in rows:
        here = ranks.loc[area]
        assert covered == f"{here['covered']}/{here['venues']}"
        assert share == labels.percent(here["share"])
        assert bounds == labels.between(here["low"], here["high"])
        assert label.startswith(f"{here['rank']:.0f}")


def test_the_venues_that_need_the_fewest_are_named_and_the_others_counted(document, scope):
    plan = attainment.plan(scope)
    named = table_after(document, "表3")[1:]
    assert [row[1] for row in named] == list(plan["name"].head(brief_tables.LISTED))
    assert [int(row[7]) for row in named] == list(plan["needed"].head(brief_tables.LISTED))
    assert int(named[-1][8]) == plan["signings"].iloc[brief_tables.LISTED - 1]
    rest = table_after(document, "表4")[1:]
    assert rest[-1] == [
        "合计",
        str(len(plan) - brief_tables.LISTED),
        str(plan["needed"].iloc[brief_tables.LISTED :].sum()),
    ]
    assert sum(int(row[1]) for row in rest[:-1]) == int(rest[-1][1])


def test_the_annex_lists_every_statement(document, scope):
    rows = table_after(document, "查证代码")[1:]
    made = statements(scope).values()
    assert [row[:3] for row in rows] == [[one.number, one.label, one.text] for one in made]
    assert [row[3:] for row in rows] == [[one.how, one.clause] for one in made]


def test_targets_clusters_and_reporting_are_those_of_the_pages(document, scope):
    assert [row[0] for row in table_after(document, "表6")[1:]] == [
        f"T{number:02}" for number in range(1, 15)
    ]
    assert len(table_after(document, "表5")) - 1 == statements(scope)["clusters"].value
    assert len(table_after(document, "表7")) - 1 == statements(scope)["silent"].value


# Scopes, marks and templates.


def test_a_county_has_its_own_brief(county):
    document = written(county)
    text = said(document)
    assert "关于2026年10月赣榆区数字人民币试点\n特定区域覆盖情况的通报" in text
    assert "赣榆区人民政府：" in text
    assert wording.areas(county)[0] in text
    assert "通知的目标按全市考核，见全市通报。" in text
    assert not any(one.startswith(("表6", "表7", "图2")) for one in text)
    assert {row[3] for row in table_after(document, "表3")[1:]} == {"赣榆区"}


def test_only_the_pictures_of_the_template_are_drawn(scope, county):
    for one, names in ((scope, {"map_areas", "ranking"}), (county, {"map_areas"})):
        pictures = BlankPictures()
        brief.brief(one, pictures)
        assert {*pictures.asked} == {(name, "inset") for name in names}


def test_pictures_fill_the_type_area_and_say_what_they_show(document):
    shapes = document.inline_shapes
    assert [shape.width for shape in shapes] == [Mm(156)] * 2
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
def test_what_is_not_there_is_said(nothing, area_id):
    document = written(replace(nothing, area_id=area_id))
    headers = (document.sections[0].header, document.sections[0].even_page_header)
    text = "\n".join([*said(document), *(one.paragraphs[0].text for one in headers)])
    assert "名录里还没有特定区域，没有可以计算的达标率" in text
    assert "缺数据：名录里还没有特定区域" in text
    assert "缺数据：还没有收到示范聚集区台账" in text
    assert area_id or "缺数据：还没有登记过每月信息" in text
    assert "缺数据：还没有名录或银行报送，各县区不能排名" in text and "图1" not in text
    assert "演示" not in text and "nan" not in text and "None" not in text


@pytest.fixture
def crowded(scope, monkeypatch):
    plan = crowded_plan(scope, HOSTILE)
    monkeypatch.setattr(attainment, "plan", lambda _: plan)
    return scope


def test_names_of_a_file_stay_text_and_hundreds_of_gaps_are_summed_up(crowded):
    document = written(crowded)
    named = table_after(document, "表3")[1:]
    assert len(named) == brief_tables.LISTED
    assert named[0][1].startswith(HOSTILE.replace("\x0b", " "))
    assert int(table_after(document, "表4")[-1][1]) == len(attainment.plan(crowded)) - len(named)
