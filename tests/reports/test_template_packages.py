"""Word files that an office uploads are made anew, without what runs, fetches or misleads."""

import io
import posixpath
import re
import zipfile

import pytest
from docx import Document
from PIL import Image

from loaders.formats.word import word_package
from reports.documents import brief_templates
from store.errors import FileUnreadableError
from tests.support.word_files import (
    BODY,
    OFFICE,
    RELATIONS,
    TYPES,
    W,
    all_of,
    altered,
    external,
    extra,
    field,
    in_body,
    refused,
    replaced,
    run,
    saved,
    story,
    tied,
    written,
)

PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/core\.xml|word/media/image\d+\.(?:png|jpeg)"
    r"|word/(?:_rels/)?(?:document|styles|numbering|theme|settings|footnotes|endnotes|header\d+"
    r"|footer\d+)\.xml(?:\.rels)?"
)
KINDS = {
    b"officeDocument", b"core-properties", b"styles", b"numbering", b"theme", b"settings",
    b"footnotes", b"endnotes", b"header", b"footer", b"image",
}  # fmt: skip
HARM = re.compile(
    rb"TargetMode|a\.example|file:|\bDDE|INCLUDE|DATABASE|LINK x|vbaProject|macroEnabled|altChunk"
    rb"|w:object\b|\ssrc=|<!DOCTYPE|<!ENTITY|attachedTemplate"
)


def opened(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def harmless(content):
    """What is made anew of a file, once it is sure that it holds nothing but a letter's parts."""
    made = word_package.rebuilt(content)
    parts = opened(made.content)
    assert [name for name in parts if not PARTS.fullmatch(name)] == []
    for name, part in parts.items():
        assert not HARM.search(part), (name, HARM.search(part))
        if name.endswith(".rels"):
            kinds = re.findall(rb'Type="[^"]*/([\w-]+)"', part)
            assert set(kinds) <= KINDS
            folder = posixpath.dirname(posixpath.dirname(name))
            for target in re.findall(r'Target="([^"]*)"', part.decode()):
                assert posixpath.join(folder, target) in parts
    assert word_package.rebuilt(made.content).content == made.content
    Document(io.BytesIO(made.content))
    return made


def texts(content):
    return [one.text for one in Document(io.BytesIO(content)).paragraphs]


def test_the_properties_of_a_file_are_not_taken_and_descriptions_hold_no_fields():
    document = Document(io.BytesIO(written("甲")))
    document.core_properties.title = "{{ title }}"
    assert Document(io.BytesIO(harmless(saved(document)).content)).core_properties.title == ""
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


def untied(parts):
    body = parts["word/document.xml"]
    parts["word/document.xml"] = re.sub(rb'(<w:headerReference[^>]*?) r:id="[^"]*"', rb"\1", body)


def cut(parts):
    parts["word/document.xml"] = parts["word/document.xml"][:-30]


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (entity, "不该有的定义"), (huge, "解压后太大"), (many, "解压后太大"),
        (long_body, "太长"), (headless, "不是 .docx"), (cut, "可能已经损坏"),
        (untied, "没有演示标记"),
    ],
)  # fmt: skip
def test_a_file_that_is_broken_or_too_large_is_refused(change, answer):
    assert answer in brief_templates.check(altered(written("{{ title }}"), change))[0]


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (macro, ("宏、控件或嵌入的程序",)), (macro_type, ()),
        (outside, ("外面的图片、模板或文件",)),
        (fetching, ("取外部内容的域，或不收的域",)),
    ],
)  # fmt: skip
def test_what_runs_or_fetches_is_left_out_and_said(change, left):
    content = altered(written("{{ title }}"), change)
    assert harmless(content).left == left
    assert brief_templates.check(content) == () and brief_templates.left_out(content) == left


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


# What an attacker tried: each was let in once.


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


@pytest.mark.parametrize("name", ["footnotes", "endnotes"])
@pytest.mark.parametrize(
    "text",
    [run("{{ ('a'*300000000)|length }}"), run("{{ nosuch "), run("{") + run("{ title }}"),
     run("&#123;&#123; title }}"), run("{# x #}"), '<w:r w:rsidR="{% x"/>'],
)  # fmt: skip
def test_notes_hold_no_tags(name, text):
    assert "里不能放字段" in refused(story(name, text))
    assert harmless(altered(written("甲"), story("comments", text))).left == ("批注",)


def test_notes_are_taken_with_what_refers_to_them():
    note = story("footnotes", run("注"))
    place = in_body('<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>')
    parts = opened(harmless(altered(written("甲"), all_of(note, place))).content)
    assert "注" in parts["word/footnotes.xml"].decode()
    assert b"footnoteReference" in parts["word/document.xml"]
    assert b"footnoteReference" not in opened(harmless(altered(written("甲"), place)).content)[BODY]


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
def test_what_fetches_or_runs_or_misleads_does_no_harm(change):
    content = altered(written("甲"), change)
    try:
        made = harmless(content)
    except FileUnreadableError:
        assert brief_templates.check(content)
    else:
        assert "甲" in texts(made.content)


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
def test_fields_of_word_that_are_not_listed_are_left_out(xml):
    made = harmless(altered(written("甲"), in_body(xml)))
    assert made.left == ("取外部内容的域，或不收的域",)
    assert b"nstrText" not in opened(made.content)[BODY] and "甲" in texts(made.content)
    inner = xml.removeprefix("<w:p>").removesuffix("</w:p>")
    if "<w:p>" not in inner:
        notes = opened(harmless(altered(written("甲"), story("endnotes", inner))).content)
        assert b"nstrText" not in notes["word/endnotes.xml"]


def test_what_a_field_showed_last_stays_as_text():
    shown = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>LINK x</w:instrText>'
        f'</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("上次的数")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        f'<w:p><w:fldSimple w:instr="QUOTE x">{run("引的话")}</w:fldSimple></w:p>'
    )
    made = texts(harmless(altered(written("甲"), in_body(shown))).content)
    assert made[-2:] == ["上次的数", "引的话"]


def test_fields_of_word_that_stay_within_the_document_pass():
    pages = field("PA", "GE \\* MERGEFORMAT") + field('TOC \\o "1-3" \\h') + field("REF _Ref1 \\h")
    pages += field('HYPERLINK \\l "_Toc1"') + '<w:p><w:fldSimple w:instr=" NUMPAGES "/></w:p>'
    made = harmless(altered(written("甲"), in_body(pages)))
    assert made.left == ()
    assert opened(made.content)[BODY].count(b"nstrText>") == 2 * 5


def test_what_stands_in_links_and_controls_stays_as_text():
    xml = (
        f'<w:p><w:hyperlink w:anchor="x">{run("链接")}</w:hyperlink></w:p>'
        '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/x" w:storeItemID="{x}"/></w:sdtPr>'
        f"<w:sdtContent><w:p>{run('{{ title }}')}</w:p></w:sdtContent></w:sdt>"
    )
    made = harmless(altered(written("甲"), in_body(xml)))
    assert texts(made.content)[-2:] == ["链接", "{{ title }}"]
    assert b"dataBinding" not in opened(made.content)[BODY]


def with_picture(content=None, form="PNG"):
    """A document with a picture, or with `content` in its place."""
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(drawn, form)
    document = Document(io.BytesIO(written("甲")))
    document.add_picture(drawn)

    def change(parts):
        name = next(one for one in parts if "/media/" in one)
        parts[name] = parts[name] if content is None else content

    return altered(saved(document), change)


@pytest.mark.parametrize(
    ("form", "kept"), [("PNG", "png"), ("JPEG", "jpeg"), ("GIF", "png"), ("BMP", "png")]
)
def test_pictures_are_taken_and_others_than_png_and_jpeg_are_drawn_again(form, kept):
    made = harmless(with_picture(form=form))
    (name,) = [one for one in opened(made.content) if "/media/" in one]
    assert name == f"word/media/image1.{kept}" and made.left == ()
    assert len(Document(io.BytesIO(made.content)).inline_shapes) == 1


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\n", b"MZ" + bytes(99)])
def test_what_is_no_picture_goes_with_its_place(content):
    made = harmless(with_picture(content))
    assert made.left == ("打不开或不收的图片",)
    assert len(Document(io.BytesIO(made.content)).inline_shapes) == 0


@pytest.mark.parametrize("document", ["brief", "order"])
def test_the_standard_template_loses_nothing(document):
    standard = brief_templates.standard(document)
    made = harmless(standard)
    assert made.left == ()
    before, after = Document(io.BytesIO(standard)), Document(io.BytesIO(made.content))
    assert texts(made.content) == texts(standard)
    assert [one.name for one in after.styles] == [one.name for one in before.styles]
    assert len(after.tables) == len(before.tables)
    for old, new in zip(before.sections, after.sections, strict=True):
        assert (new.page_width, new.left_margin) == (old.page_width, old.left_margin)
        for part in ("header", "even_page_header", "footer", "even_page_footer"):
            assert [p.text for p in getattr(new, part).paragraphs] == [
                p.text for p in getattr(old, part).paragraphs
            ]


def test_settings_are_those_of_the_page_alone():
    def change(parts):
        name = "word/settings.xml"
        parts[name] = parts[name].replace(
            b"</w:settings>",
            b'<w:evenAndOddHeaders/><w:documentProtection w:edit="readOnly"/>'
            b'<w:attachedTemplate xmlns:q="' + OFFICE.rstrip("/").encode() + b'" q:id="rX"/>'
            b"</w:settings>",
        )

    settings = opened(harmless(altered(written("甲"), change)).content)["word/settings.xml"]
    assert b"evenAndOddHeaders" in settings
    assert b"documentProtection" not in settings and b"attachedTemplate" not in settings


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (tied("x" * 2_000_000, "x"), "太长"),
        (in_body("<w:p>" + "<w:r/>" * word_package.MOST_ELEMENTS + "</w:p>"), "内容太多"),
        (in_body("<w:p><w:r>" * 120 + "</w:r></w:p>" * 120), "套得太深"),
        (in_body(f"<w:p>{run('{{' * 50_000)}</w:p>"), "太长，最多 20000 个字"),
        (in_body(f"<w:p>{run('{{' * 9_000)}</w:p>"), "要成对"),
        (in_body('<w:p><a:b xmlns:a="{{ title }}"/></w:p>'), "损坏"),
        (in_body("<w:p><w:pPr><w:sectPr/></w:pPr></w:p>" * 1000), "1001 节，太多了"),
    ],
)
def test_what_would_cost_too_much_to_read_is_refused(change, answer):
    assert answer in refused(change)


def test_a_text_box_is_taken_once_in_the_shapes_of_word():
    wps = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    box = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/'
        'markup-compatibility/2006"><mc:Choice Requires="wps"><w:drawing><wp:inline xmlns:wp='
        '"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><a:graphic '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="'
        f'{wps}"><wps:wsp xmlns:wps="{wps}"><wps:txbx><w:txbxContent><w:p>{run("机关标志")}</w:p>'
        "</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
        '</mc:Choice><mc:Fallback><w:pict><v:rect xmlns:v="urn:schemas-microsoft-com:vml" '
        f'href="http://a.example"><v:textbox><w:txbxContent><w:p>{run("机关标志")}</w:p>'
        "</w:txbxContent></v:textbox></v:rect></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    body = opened(harmless(altered(written("甲"), in_body(box))).content)[BODY].decode()
    assert body.count("机关标志") == 1 and "<wps:wsp>" in body and "AlternateContent" not in body
    older = box.replace('Requires="wps"', 'Requires="later"')
    body = opened(harmless(altered(written("甲"), in_body(older))).content)[BODY].decode()
    assert body.count("机关标志") == 1 and "<v:rect>" in body
