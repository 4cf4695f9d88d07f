"""Templates of documents: what the office may write in them, what is refused, which one holds."""

import io
import re
import zipfile

import pytest
from docx import Document

from domain.reference import DATA
from loaders.formats.word import word_package
from reports.documents import brief_templates, template_syntax
from reports.documents.template_fields import fields, listed
from store import snapshot_store

README = DATA / "templates" / "README.md"
NAMES = list(fields("brief"))


@pytest.fixture
def home(tmp_path):
    return snapshot_store.Store(tmp_path / "store")


def written(*paragraphs, header="{{ demo_mark }}"):
    """A document of our own with a paragraph for each text."""
    document = Document()
    document.sections[0].header.paragraphs[0].text = header
    document.add_paragraph("{{ code }}")
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def saved(document):
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def altered(content, change):
    """`content` with its parts (name → bytes) changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return buffer.getvalue()


def texts(made):
    return [paragraph.text for paragraph in made.docx.paragraphs]


def said(*paragraphs, **options):
    return "\n".join(brief_templates.check(written(*paragraphs, **options)))


def filled(content, **values):
    given = {name: (lambda value=value: value) for name, value in values.items()}
    return brief_templates.filled(content, "brief", {"demo_mark": str, "code": str, **given})


def test_the_standard_template_passes():
    assert brief_templates.check(brief_templates.standard("brief")) == ()


def test_every_field_is_listed_once_with_its_meaning():
    rows = listed("brief")
    assert len(NAMES) == len(set(NAMES)) and (rows["含义"] != "").all()
    assert rows["种类"].notna().all()
    assert all(field.columns for field in fields("brief").values() if field.kind == "table")


def test_the_readme_lists_the_fields_that_there_are():
    text = README.read_text(encoding="utf-8")
    table = text.split("## 工作通报的字段")[1].split("|---|---|---|\n")[1]
    rows = [
        tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table.split("\n")
    ]
    told = [(how.strip("`"), kind, meaning) for how, kind, meaning in filter(len_three, rows)]
    assert told == list(listed("brief").itertuples(index=False, name=None))


def len_three(row):
    return len(row) == 3


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("各县区：{{ titel }}如下", "正文“各县区：{{ titel }}如下”这一段：没有“titel”这个字段"),
        ("{{ title", "正文“{{ title”这一段：{{ 和 }}"),
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


def test_properties_and_descriptions_hold_no_fields():
    document = Document(io.BytesIO(written("甲")))
    document.core_properties.title = "{{ title }}"
    assert "文件属性" in brief_templates.check(saved(document))[0]
    content = altered(written("甲"), described)
    assert "说明不能放字段" in brief_templates.check(content)[0]


def described(parts):
    name = "word/document.xml"
    parts[name] = parts[name].replace(b"<w:p>", b'<w:p w:rsidR="{{ x">', 1)


def macro(parts):
    parts["word/vbaProject.bin"] = b"x"


def macro_type(parts):
    name = "[Content_Types].xml"
    parts[name] = parts[name].replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )


def entity(parts):
    name = "word/document.xml"
    parts[name] = parts[name].replace(
        b"?>", b'?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>', 1
    )


def outside(parts):
    name = "word/_rels/document.xml.rels"
    link = (
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/image" Target="http://a.example/x.png" TargetMode="External"/></Relat'
    )
    parts[name] = parts[name].replace(b"</Relat", link, 1)


def fetching(parts):
    name = "word/document.xml"
    parts[name] = parts[name].replace(
        b"<w:sectPr", b'<w:p><w:r><w:instrText>DDEAUTO c:\\x</w:instrText></w:r></w:p><w:sectPr', 1
    )  # fmt: skip


def huge(parts):
    parts["word/media/image1.bmp"] = bytes(word_package.LARGEST_OPEN)


def many(parts):
    parts.update({f"word/x{number}.txt": b"" for number in range(word_package.MOST_PARTS)})


def long_body(parts):
    name = "word/document.xml"
    parts[name] = parts[name].replace(
        b"<w:sectPr", b" " * word_package.LARGEST_PART + b"<w:sectPr", 1
    )


def headless(parts):
    del parts["word/document.xml"]


def cut(parts):
    parts["word/document.xml"] = parts["word/document.xml"][:-30]


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (macro, "有宏"), (macro_type, "有宏"), (entity, "不该有的定义"), (outside, "外面的"),
        (fetching, "取外部内容的域"), (huge, "解压后太大"), (many, "解压后太大"),
        (long_body, "太长"), (headless, "不是 .docx"), (cut, "可能已经损坏"),
    ],
)  # fmt: skip
def test_a_file_that_runs_or_fetches_or_is_broken_is_refused(change, answer):
    assert answer in brief_templates.check(altered(written("{{ title }}"), change))[0]


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"", "不是 .docx"), (b"%PDF-1.7", "不是 .docx"), (b"PK\x03\x04 cut off", "不是 .docx"),
        (b"\xd0\xcf\x11\xe0 old", "加了密码，或是旧的 .doc"),
        (bytes(word_package.LARGEST + 1), "最大 8 MB"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_document_is_refused(content, answer):
    assert answer in brief_templates.check(content)[0]


def test_links_to_pages_are_let_pass():
    def link(parts):
        name = "word/_rels/document.xml.rels"
        added = (
            b'<Relationship Id="rId98" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            b'relationships/hyperlink" Target="http://a.example" TargetMode="External"/></Relat'
        )
        parts[name] = parts[name].replace(b"</Relat", added, 1)

    assert brief_templates.check(altered(written("甲"), link)) == ()


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
    brief_templates.keep(home, first, "一.docx", "甲")
    brief_templates.keep(home, second, "二.docx", "乙")
    assert brief_templates.in_force(home) == second
    brief_templates.withdraw(home, "丙")
    assert brief_templates.in_force(home) == brief_templates.standard("brief")
    told = [(entry.body["file"], entry.by) for entry in brief_templates.history(home)]
    assert told == [("一.docx", "甲"), ("二.docx", "乙"), (None, "丙")]
    assert home.original(brief_templates.history(home)[0].body["sha256"]) == first


def test_a_bad_upload_changes_nothing(home):
    brief_templates.keep(home, written("{{ title }}"), "好.docx", "甲")
    with pytest.raises(brief_templates.TemplateError, match="titel"):
        brief_templates.keep(home, written("{{ titel }}"), "坏.docx", "甲")
    assert len(brief_templates.history(home)) == 1


def test_an_upload_that_is_gone_is_said(home):
    brief_templates.keep(home, written("{{ title }}"), "好.docx", "甲")
    for path in (home.path / "originals").iterdir():
        path.unlink()
    with pytest.raises(brief_templates.TemplateError, match=re.escape("“好.docx”找不到了")):
        brief_templates.in_force(home)


# What an attacker tried: each was let in once.

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BODY, TYPES = "word/document.xml", "[Content_Types].xml"
RELATIONS = "word/_rels/document.xml.rels"


def replaced(name, old, new):
    """A change of the part `name`: the first `old` made `new`."""

    def change(parts):
        assert old.encode() in parts[name]
        parts[name] = parts[name].replace(old.encode(), new.encode(), 1)

    return change


def all_of(*changes):
    def change(parts):
        for one in changes:
            one(parts)

    return change


def in_body(xml):
    return replaced(BODY, "<w:sectPr", xml + "<w:sectPr")


def tied(kind, target, rest="", name=RELATIONS):
    relation = f'<Relationship Id="rX" Type="{kind}" Target="{target}" {rest}/></Relationships>'
    return replaced(name, "</Relationships>", relation)


def external(target="http://a.example/x.png", mode="External"):
    return tied(f"{OFFICE}image", target, f'TargetMode="{mode}"')


def extra(name, content, kind):
    """A further part with its content type."""
    override = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
    return all_of(
        replaced(TYPES, "</Types>", override), lambda parts: parts.update({name: content})
    )


def story(name, text):
    """Footnotes, endnotes or comments with the XML `text` of a paragraph."""
    kind = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml"
    xml = f'<w:{name} xmlns:w="{W}"><w:n><w:p>{text}</w:p></w:n></w:{name}>'
    part = extra(f"word/{name}.xml", xml.encode(), kind)
    return all_of(part, tied(OFFICE + name, f"{name}.xml"))


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


def field(*pieces):
    """A field of Word whose instruction is cut in `pieces`."""
    middle = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    ends = [f'<w:r><w:fldChar w:fldCharType="{end}"/></w:r>' for end in ("begin", "end")]
    return f"<w:p>{ends[0]}{middle}{ends[1]}</w:p>"


def utf16(parts):
    external()(parts)
    text = parts[RELATIONS].decode().replace("UTF-8", "UTF-16")
    parts[RELATIONS] = text.encode("utf-16")


def main_elsewhere(parts):
    parts["word/other.xml"] = parts[BODY]
    replaced("_rels/.rels", "word/document.xml", "word/other.xml")(parts)
    replaced(TYPES, "/word/document.xml", "/word/other.xml")(parts)


def headers_after_all(parts):
    extra_text = "<w:p><w:r><w:t>x</w:t></w:r></w:p></w:body>"
    replaced(BODY, "</w:body>", extra_text)(parts)


def refused(change, *paragraphs):
    return "\n".join(brief_templates.check(altered(written(*paragraphs), change)))


@pytest.mark.parametrize("name", ["footnotes", "endnotes", "comments"])
@pytest.mark.parametrize(
    "text",
    [run("{{ ('a'*300000000)|length }}"), run("{{ nosuch "), run("{") + run("{ title }}"),
     run("&#123;&#123; title }}"), run("{# x #}"), '<w:r w:rsidR="{% x"/>'],
)  # fmt: skip
def test_notes_and_comments_hold_no_tags(name, text):
    assert "里不能放字段" in refused(story(name, text))


@pytest.mark.parametrize(
    "change",
    [
        external(), external("http://a.example/hyperlink.png"), external(mode="Ext&#101;rnal"),
        external("http://a.example/?a>b"), tied(f"{OFFICE}attachedTemplate", "t.dotm"),
        tied(f"{OFFICE}hyperlink", "file:///c:/x", 'TargetMode="External"'),
        tied(f"{OFFICE}hyperlink", "\\\\a.example\\x", 'TargetMode="External"'),
        tied(f"{OFFICE}aFChunk", "a.htm"), tied(f"{OFFICE}oleObject", "media/o.png"),
        tied(f"{OFFICE}package", "x.png"), tied(f"{OFFICE}control", "x.xml"),
        tied("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "v.xml"),
        tied(f"{OFFICE}header", "styles.xml"), tied(f"{OFFICE}image", "none.png"),
        tied(f"{OFFICE}officeDocument", "word/styles.xml", name="_rels/.rels"),
        extra("word/v.bin", b"x", "application/vnd.ms-office.vbaProject"),
        extra("word/a.htm", b"<img src='http://a.example'>", "text/html"),
        extra("word/a.svg", b"<svg/>", "image/svg+xml"),
        extra("word/styles.xml", b"<x/>", "text/html"), utf16, main_elsewhere,
        in_body('<w:altChunk xmlns:q="x" q:id="rX"/>'), in_body("<w:p><w:object/></w:p>"),
        in_body('<w:p><w:pict><v:i xmlns:v="x" src="http://a.example/x.png"/></w:pict></w:p>'),
        lambda parts: parts.update({"WORD/document.xml": b"<x/>"}), headers_after_all,
    ],
)  # fmt: skip
def test_what_fetches_or_runs_or_misleads_is_refused(change):
    assert refused(change)


@pytest.mark.parametrize(
    "xml",
    [
        field("DDEAUTO x"), field(" DDE", "AUTO x"), field("INCLUDE", 'PICTURE "http://a.example"'),
        field("DD&#69;AUTO x"), field("DATABASE x"), field("REF DDE x"), field("IF 1 = 1 x"),
        "<w:p><w:fldSimple w:instr='INCLUDEPICTURE x'/></w:p>",
        f'<w:p><q:r xmlns:q="{W}"><q:instrText>DDEAUTO x</q:instrText></q:r></w:p>',
        field("PAGE") + field("LINK x"), field("QUOTE x"),
    ],
)  # fmt: skip
def test_fields_of_word_that_are_not_listed_are_refused(xml):
    assert "取外部内容的域" in refused(in_body(xml))
    inner = xml.removeprefix("<w:p>").removesuffix("</w:p>")
    if "<w:p>" not in inner:
        assert "取外部内容的域" in refused(story("endnotes", inner))


def test_fields_of_word_that_stay_within_the_document_pass():
    pages = field("PA", "GE \\* MERGEFORMAT") + field('TOC \\o "1-3" \\h') + field("REF _Ref1 \\h")
    assert refused(in_body(pages + '<w:p><w:fldSimple w:instr=" NUMPAGES "/></w:p>')) == ""


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (tied("x" * 2_000_000, "x"), "太长"),
        (in_body("<w:p>" + "<w:r/>" * word_package.MOST_ELEMENTS + "</w:p>"), "内容太多"),
        (in_body("<w:p><w:r>" * 120 + "</w:r></w:p>" * 120), "套得太深"),
        (in_body(f"<w:p>{run('{{' * 50_000)}</w:p>"), "太长，最多 20000 个字"),
        (in_body(f"<w:p>{run('{{' * 9_000)}</w:p>"), "要成对"),
        (in_body("<w:p><w:r><w:t>x</w:t>{{ title }}</w:r></w:p>"), "文字以外"),
        (in_body("<w:p><!-- {{ title }} --></w:p>"), "文字以外"),
        (in_body('<w:p><a:b xmlns:a="{{ title }}"/></w:p>'), "损坏"),
        (in_body("<w:p><w:pPr><w:sectPr/></w:pPr></w:p>" * 1000), "1001 节，太多了"),
    ],
)
def test_what_would_cost_too_much_to_read_is_refused(change, answer):
    assert answer in refused(change)


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
    monkeypatch.setattr(brief_templates, "check", lambda *_: ())
    with pytest.raises(brief_templates.TemplateError, match="填不进数"):
        filled(written("{{ nosuch }}"))
