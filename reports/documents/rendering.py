"""Templates filled in: fields take the place of their tags, in a sandbox and escaped."""

import html
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate
from lxml import etree
from markupsafe import Markup

from reports.documents import syntax
from reports.documents.fields import Field

LONGEST_TAG = 200  # characters
MOST_TAGS = 2000
SHOWN = 40  # characters of a paragraph that are quoted
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_OPENING = re.compile(r"\{\{|\{%|\{#")
_ILLEGAL = re.compile("[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARTS = {"页眉": DocxTemplate.HEADER_URI, "页脚": DocxTemplate.FOOTER_URI}


@dataclass(frozen=True)
class Picture:
    """A picture of a document: PNG, its width in millimetres, and what it shows in words."""

    png: bytes
    width: float
    words: str


class _Placed:
    """A picture as the part that is being filled in takes it."""

    def __init__(self, template: DocxTemplate, picture: Picture) -> None:
        self._template, self._picture = template, picture

    def __html__(self) -> str:
        part, picture = self._template.current_rendering_part, self._picture
        inline = part.new_pic_inline(io.BytesIO(picture.png), width=Mm(picture.width))
        inline.docPr.set("descr", plain(picture.words))
        return (
            f"</w:t></w:r><w:r><w:drawing>{inline.xml}</w:drawing></w:r>"
            '<w:r><w:t xml:space="preserve">'
        )


def plain(text: object) -> str:
    """`text` on one line, without the characters that no XML may hold."""
    return _ILLEGAL.sub(" ", str(text))


def filled(content: bytes, values: Mapping[str, Callable[[], Any]]) -> DocxTemplate:
    """The template `content`, which has passed every check, with its fields filled in.

    `values` gives each field when asked: text, sentences, rows as mappings of text, or a
    `Picture`, '' where there is none. Only the fields that the template names are asked for.
    """
    template = DocxTemplate(io.BytesIO(content))
    named = set().union(*(syntax.used(source) for _, source in sources(template)))
    context = {name: _value(template, values[name]()) for name in named & values.keys()}
    template.render(context, syntax.environment())
    return template


def _value(template: DocxTemplate, value: Any) -> Any:
    if isinstance(value, Picture):
        return _Placed(template, value)
    if isinstance(value, str):
        return plain(value)
    return [
        plain(row) if isinstance(row, str) else {name: plain(cell) for name, cell in row.items()}
        for row in value
    ]


def sources(template: DocxTemplate) -> list[tuple[str, str]]:
    """The parts as Jinja reads them: name in Chinese and source, a paragraph a line."""
    template.render_init()
    return [(name, _by_paragraph(template.patch_xml(xml))) for name, xml in _parts(template)]


def _by_paragraph(xml: str) -> str:
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", xml.replace("\n", " "))


def untidy(template: DocxTemplate) -> Iterator[str]:
    """Tags that stand where none may, or that do not end in their paragraph.

    To be asked before anything else reads the tags: what is left is short and simple.
    """
    template.render_init()
    tags = 0
    for where, xml in _parts(template):
        root = etree.fromstring(xml)
        for element in root.iter():
            if any(_OPENING.search(value) for value in element.attrib.values()):
                yield f"{where}里图片或形状的说明不能放字段。"
        for paragraph in root.iter(f"{_W}p"):
            text = _text(paragraph)
            found = _TAG.findall(text)
            tags += len(found)
            if _OPENING.search(_TAG.sub("", text)):
                pairs = "{{ 和 }}、{% 和 %} 要成对，写在同一段里"
                yield f"{where}{quoted(text)}这一段：{pairs}。"
            elif any(len(tag) > LONGEST_TAG for tag in found):
                yield f"{where}{quoted(text)}这一段：标签太长。"
    if tags > MOST_TAGS:
        yield f"标签有 {tags} 个，太多了，最多 {MOST_TAGS} 个。"
    properties = template.docx.core_properties
    names = ("author", "comments", "identifier", "language", "subject", "title")
    if any(_OPENING.search(getattr(properties, name)) for name in names):
        yield "文件属性（标题、作者等）里不能放字段。"


def _parts(template: DocxTemplate) -> Iterator[tuple[str, str]]:
    """What is filled in, part by part: its name in Chinese and its XML."""
    yield "正文", template.get_xml()
    for name, uri in _PARTS.items():
        for _, part in template.get_headers_footers(uri):
            yield name, template.get_part_xml(part)


def _text(paragraph: etree._Element) -> str:
    """Text of a paragraph, without that of the paragraphs of a text box in it."""
    return "".join(
        element.text or ""
        for element in paragraph.iter()
        if next(element.iterancestors(f"{_W}p"), paragraph) is paragraph
    )


def misuse(template: DocxTemplate, fields: Mapping[str, Field]) -> Iterator[str]:
    """What the tags say that they may not, each with the paragraph it stands in."""
    for where, source in sources(template):
        lines = source.split("\n")
        for fault in syntax.faults(source, dict(fields)):
            line = lines[min(fault.line, len(lines)) - 1]
            words = html.unescape(re.sub(r"<[^>]*>", "", line))
            yield f"{where}{quoted(words)}这一段：{fault.text}。"


def unmarked(template: DocxTemplate) -> Iterator[str]:
    """Headers that would not say that the data is invented; to be asked last, as it adds blanks."""
    for section in template.docx.sections:
        headers = [section.header]
        if template.docx.settings.odd_and_even_pages_header_footer:
            headers.append(section.even_page_header)
        if section.different_first_page_header_footer:
            headers.append(section.first_page_header)
        if not all("demo_mark" in "".join(header.part.element.itertext()) for header in headers):
            yield "页眉里没有演示标记：首页、奇数页、偶数页，凡有的页眉都要写上 {{ demo_mark }}。"


def broken(template: DocxTemplate, fields: Mapping[str, Field]) -> Iterator[str]:
    """Parts that are no longer a document once filled in, with rows and without any."""
    for rows in (True, False):
        context = {name: _sample(field, rows) for name, field in fields.items()}
        for where, source in sources(template):
            text = syntax.environment().from_string(source).render(context)
            try:
                etree.fromstring(text)
            except etree.XMLSyntaxError:
                yield (
                    f"{where}填上数以后文档坏了：{{%p …%}} 要独占一段，"
                    "{%tr …%} 要独占表里的一行，成对的标签要在同一层。"
                )


def _sample(field: Field, rows: bool) -> Any:
    if field.kind == "table":
        return [dict.fromkeys(field.columns, "示例")] if rows else []
    if field.kind == "sentences":
        return ["示例。"] if rows else []
    return Markup("示例") if rows else Markup()


def quoted(text: str) -> str:
    """The beginning of a paragraph, in quotation marks."""
    words = " ".join(text.split())
    return f"“{words[:SHOWN]}{'…' if len(words) > SHOWN else ''}”"
