"""Templates of documents: what may be written in them, and which one is in force."""

import io
import re

import pytest
from docx import Document

from domain.reference import DATA
from domain.visitors import clerk
from loaders.formats.word import word_package
from reports.documents import brief_templates, template_syntax
from reports.documents.template_fields import fields, listed
from store import snapshot_store
from tests.support.word_files import BODY, altered, in_body, refused, replaced, run, saved, written

README = DATA / "templates" / "README.md"
NAMES = list(fields("brief"))
DOCUMENTS = {"brief": "工作通报", "order": "督办单"}


@pytest.fixture
def home(tmp_path):
    return snapshot_store.Store(tmp_path / "store")


def texts(made):
    return [paragraph.text for paragraph in made.docx.paragraphs]


def said(*paragraphs, **options):
    return "\n".join(brief_templates.check(written(*paragraphs, **options)))


def filled(content, **values):
    given = {name: (lambda value=value: value) for name, value in values.items()}
    return brief_templates.filled(content, "brief", {"demo_mark": str, "code": str, **given})


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_standard_template_passes(document):
    assert brief_templates.check(brief_templates.standard(document), document) == ()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_field_is_listed_once_with_its_meaning(document):
    rows, names = listed(document), list(fields(document))
    assert len(names) == len(set(names)) and (rows["含义"] != "").all()
    assert rows["种类"].notna().all()
    assert all(field.columns for field in fields(document).values() if field.kind == "table")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_readme_lists_the_fields_that_there_are(document):
    text = README.read_text(encoding="utf-8")
    table = text.split(f"## {DOCUMENTS[document]}的字段")[1].split("## ")[0]
    table = table.split("|---|---|---|\n")[1]
    rows = [
        tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table.split("\n")
    ]
    told = [(how.strip("`"), kind, meaning) for how, kind, meaning in filter(len_three, rows)]
    assert told == list(listed(document).itertuples(index=False, name=None))


def len_three(row):
    return len(row) == 3


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("各县区：{{ titel }}如下", "正文第 3 段“各县区：{{ titel }}如下”：没有“titel”这个字段"),
        ("{{ title", "正文第 3 段“{{ title”：{{ 和 }}"),
        ("{{ title }", "要成对"),
        ("{{ }}", "标签写错了"),
        ("{% if title %}有", "标签写错了"),
        ("{% for row in counties %}{{ row.nme }}{% endfor %}", "“counties”没有“nme”这一列"),
        ("{% for row in county %}{{ row.area }}{% endfor %}", "没有“county”这个字段"),
        ("{% for row in title %}{{ row }}{% endfor %}", "只能对表和段落"),
        ("{% for row in counties %}{{ row }}{% endfor %}", "要写明哪一列"),
        ("{{ counties }}", "要用 for 循环写"),
        ("{{ row.area }}", "没有“row”这个字段"),
        ("{% for a in venues %}{% for b in venues %}x{% endfor %}{% endfor %}", "不能再有循环"),
        ("{% if title > 3 %}x{% endif %}", "只能比较"),
        ("{{ 'x' * 1000000000 }}", "不能写别的"),
        ("{{ ''.__class__.__mro__ }}", "不能写别的"),
        ("{{ title.__class__ }}", "不能写别的"),
        ("{{ title['__class__'] }}", "不能写别的"),
        ("{{ title|attr('__class__') }}", "不能写别的"),
        ("{{ title.format(1) }}", "不能写别的"),
        ("{% for x in range(10**9) %}x{% endfor %}", "只能对表和段落"),
        ("{% for row in venues[:2*3] %}x{% endfor %}", "只能对表和段落"),
        ("{{ range(10) }}", "不能写别的"),
        ("{{ cycler('a') }}", "不能写别的"),
        ("{% set x = title %}", "不能写别的"),
        ("{% if 1 in title %}x{% endif %}", "不能写别的"),
        ("{{ title if venues }}", "后面要写 else"),
        ("{% for loop in venues %}x{% endfor %}", "标签写错了"),
        ("{% macro x() %}{% endmacro %}", "不能写别的"),
        ("{% include 'x' %}", "不能写别的"),
        ("{{ self }}", "没有“self”这个字段"),
        ("{{ " + "(" * 80 + "title" + ")" * 80 + " }}", "标签"),
        ("{{ title" + " " * 300 + "}}", "标签太长"),
        ("{% if title %}" * 9 + "x" + "{% endif %}" * 9, "套得太深"),
    ],
)  # fmt: skip
def test_what_may_not_be_written_is_said_with_its_paragraph(text, answer):
    assert answer in said("开头", text)


@pytest.mark.parametrize(
    "text",
    ["关于｛｛ title ｝｝的通报", "{ { title } }", "{ title }", "｛title｝", "【【title】】",
     "【title】", "[[ title ]]", "《《title》》", "«title»", "${title}", "#title#", "{ % if x % }",
     "｛% if title %｝", "{{ title }}和｛｛area｝｝", "（row.area）", "【【别的】】"],
)  # fmt: skip
def test_what_only_looks_like_a_field_is_said_with_its_paragraph(text):
    answer = said("开头", text)
    assert answer.startswith("正文第 3 段“") and "像是字段，但写法不对" in answer


def test_a_field_that_word_cut_into_pieces_is_still_one():
    pieces = "".join(f"<w:r><w:t>{piece}</w:t></w:r>" for piece in ("{", "{ ti", "tle }", "}"))
    content = altered(written("开头"), in_body(f"<w:p>{pieces}</w:p>"))
    assert brief_templates.check(content) == ()


@pytest.mark.parametrize(
    "text",
    [
        "{{ title }}，{{ issuer }}",
        "{% if venues %}有{% else %}没有{% endif %}",
        "{% for row in venues[:3] %}{{ loop.index }}{{ row.venue }}{% endfor %}",
        "{% for text in notes_text %}{{ text }}{% if not loop.last %}；{% endif %}{% endfor %}",
        "{% if venues|length > 10 %}多{% endif %}",
        "{% if demo_mark == '演示数据' and not counties %}x{% endif %}",
        "{% if demo_mark == “演示数据” %}x{% endif %}",  # Word's own quotation marks
        "{{ title if venues else area }}",
        "{# 说明 #}",
        "没有字段，只有 { 一个括号 }",
    ],
)  # fmt: skip
def test_what_may_be_written_passes(text):
    assert said(text) == ""


def test_a_row_tag_outside_a_table_is_refused():
    assert "独占表里的一行" in said(
        "{%tr for row in venues %}", "{{ row.venue }}", "{%tr endfor %}"
    )


def test_tags_that_cross_the_edge_of_a_table_are_refused():
    document = Document(io.BytesIO(written()))
    document.add_table(1, 1).cell(0, 0).text = "{% if venues %}甲"
    document.add_paragraph("乙{% endif %}")
    assert "文档坏了" in brief_templates.check(saved(document))[0]


def test_a_field_that_word_split_over_runs_is_filled_in():
    document = Document(io.BytesIO(written()))
    paragraph = document.add_paragraph()
    for part in ("题：{", "{ ti", "tle", " }", "}。"):
        paragraph.add_run(part).bold = part == "tle"
    content = saved(document)
    assert brief_templates.check(content) == ()
    assert texts(filled(content, title="甲"))[-1] == "题：甲。"


def test_an_unknown_field_split_over_runs_is_named():
    document = Document(io.BytesIO(written()))
    paragraph = document.add_paragraph()
    for part in ("{", "{ ti", "tel", " }", "}"):
        paragraph.add_run(part)
    assert "没有“titel”这个字段" in brief_templates.check(saved(document))[0]


HOSTILE = '<b>粗</b>{{ title }}=1+1#let & " 🎉{% for %}\x0b尾'


def test_what_came_from_a_file_stays_text():
    loop = "{% for row in venues %}{{ row.venue }}{% endfor %}"
    content = written("{{ title }}", loop, header="{{ demo_mark }}{{ area }}")
    row = dict.fromkeys(fields("brief")["venues"].columns, HOSTILE)
    made = filled(content, title=HOSTILE, area=HOSTILE, venues=[row])
    again = Document(io.BytesIO(saved(made)))
    as_text = HOSTILE.replace("\x0b", " ")
    assert [paragraph.text for paragraph in again.paragraphs[-2:]] == [as_text, as_text]
    assert again.sections[0].header.paragraphs[0].text == as_text


def test_only_what_the_template_names_is_asked_for():
    def never():
        raise AssertionError

    values = dict.fromkeys(NAMES, never) | {"title": lambda: "甲", "demo_mark": str, "code": str}
    assert texts(brief_templates.filled(written("{{ title }}"), "brief", values))[-1] == "甲"


def test_a_template_that_does_not_pass_is_not_filled_in():
    with pytest.raises(brief_templates.TemplateError, match="没有“titel”这个字段"):
        filled(written("{{ titel }}"))


def test_a_header_without_the_demo_mark_is_refused():
    assert "演示标记" in said("{{ title }}", header="")
    document = Document(io.BytesIO(written("甲")))
    document.settings.odd_and_even_pages_header_footer = True
    assert "演示标记" in brief_templates.check(saved(document))[0]
    document.sections[0].even_page_header.paragraphs[0].text = "{{ demo_mark }}"
    assert brief_templates.check(saved(document)) == ()


def test_loops_that_would_grow_without_end_are_refused():
    body = ["字" * 10_000] * (template_syntax.LONGEST_LOOPS // 10_000 + 1)
    loop = ["{% for row in venues %}", *body, "{% endfor %}"]
    assert "循环里的内容太多" in said(*loop)


def test_too_many_tags_are_refused():
    assert "太多了" in said("{{ title }}" * 1001, "{{ title }}" * 1000)


def test_without_an_upload_the_standard_template_holds(home):
    assert brief_templates.in_force(home) == brief_templates.standard("brief")
    assert brief_templates.history(home) == []


def test_the_last_upload_holds_until_it_is_withdrawn(home):
    first, second = written("{{ title }}一"), written("{{ title }}二")
    brief_templates.keep(home, first, "一.docx", clerk("甲"))
    brief_templates.keep(home, second, "二.docx", clerk("乙"))
    assert brief_templates.in_force(home) == word_package.rebuilt(second).content
    brief_templates.withdraw(home, clerk("丙"))
    assert brief_templates.in_force(home) == brief_templates.standard("brief")
    told = [(entry.body["file"], entry.by) for entry in brief_templates.history(home)]
    assert told == [("一.docx", "甲"), ("二.docx", "乙"), (None, "丙")]
    assert home.original(brief_templates.history(home)[0].body["sha256"]) == (
        word_package.rebuilt(first).content
    )


def test_a_bad_upload_changes_nothing(home):
    brief_templates.keep(home, written("{{ title }}"), "好.docx", clerk("甲"))
    with pytest.raises(brief_templates.TemplateError, match="titel"):
        brief_templates.keep(home, written("{{ titel }}"), "坏.docx", clerk("甲"))
    assert len(brief_templates.history(home)) == 1


def test_an_upload_that_is_gone_is_said(home):
    brief_templates.keep(home, written("{{ title }}"), "好.docx", clerk("甲"))
    for path in (home.path / "originals").iterdir():
        path.unlink()
    with pytest.raises(brief_templates.TemplateError, match=re.escape("“好.docx”找不到了")):
        brief_templates.in_force(home)


@pytest.mark.parametrize(
    "text",
    [
        "{{ 1 + 1 }}", "{{ 9 ** 9 }}", "{{ -1 }}", "{{ title ~ title }}", "{{ title % 3 }}",
        "{% if 2 * 3 > 1 %}x{% endif %}",
        "{{ [1, 2] }}", "{{ {'a': 1} }}", "{% raw %}{{ code }}{% endraw %}", "{% vm %}", "{% hm %}",
        "{% colspan 3 %}", "{{p title }}", "{{r title }}", "{%- set x = 1 %}",
    ],
)  # fmt: skip
def test_arithmetic_and_tags_beyond_the_language_are_refused(text):
    assert "不能写别的" in said(text)


@pytest.mark.parametrize(
    "header",
    [
        "demo_mark", "{# demo_mark #}", "{{ '' if 1 else demo_mark }}", "{{ 'demo_mark' }}",
        "{% if venues %}{{ demo_mark }}{% endif %}", "{% if demo_mark %}x{% endif %}",
        "{% if not demo_mark %}{{ demo_mark }}{% endif %}",
        "{% for row in venues %}{{ demo_mark }}{% endfor %}",
    ],
)  # fmt: skip
def test_a_header_that_may_drop_the_demo_mark_is_refused(header):
    assert "演示标记" in said(header=header)


def test_a_header_may_ask_whether_there_is_a_demo_mark():
    assert said(header="{% if demo_mark %}{{ demo_mark }}{% endif %}") == ""


@pytest.mark.parametrize(
    "text",
    ["code", "{# code #}", "{% if venues %}{{ code }}{% endif %}", "{{ stamp }}", "{{ 'code' }}",
     "{% for row in venues %}{{ code_note }}{% endfor %}"],
)  # fmt: skip
def test_a_body_that_may_drop_the_code_is_refused(text):
    assert "查证代码" in refused(replaced(BODY, "{{ code }}", text))


def test_either_way_of_giving_the_code_will_do():
    assert refused(replaced(BODY, "{{ code }}", "{{ code_note }}")) == ""


def test_hidden_text_holds_no_tags():
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>{{ code }}</w:t></w:r>"
    assert "隐藏文字" in refused(in_body(f"<w:p>{hidden}</w:p>"))
    assert "隐藏文字" in refused(in_body(f"<w:p><w:del>{run('{{ code }}')}</w:del></w:p>"))


def test_a_fault_while_filling_in_is_said_as_one_of_the_template(monkeypatch):
    monkeypatch.setattr(brief_templates, "_sound", lambda content, _: content)
    with pytest.raises(brief_templates.TemplateError, match="填不进数"):
        filled(written("{{ nosuch }}"))
