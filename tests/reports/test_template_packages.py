"""Word files that an office uploads: what runs, fetches or misleads is refused."""

import io
import re

import pytest
from docx import Document

from loaders.formats.word import word_package
from reports.documents import brief_templates
from tests.support.word_files import (
    BODY,
    OFFICE,
    RELATIONS,
    TYPES,
    W,
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


def untied(parts):
    body = parts["word/document.xml"]
    parts["word/document.xml"] = re.sub(rb'(<w:headerReference[^>]*?) r:id="[^"]*"', rb"\1", body)


def cut(parts):
    parts["word/document.xml"] = parts["word/document.xml"][:-30]


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (macro, "有宏"), (macro_type, "有宏"), (entity, "不该有的定义"), (outside, "外面的"),
        (fetching, "取外部内容的域"), (huge, "解压后太大"), (many, "解压后太大"),
        (long_body, "太长"), (headless, "不是 .docx"), (cut, "可能已经损坏"),
        (untied, "可能已经损坏"),
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
