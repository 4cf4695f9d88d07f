"""Templates filled in: fields take the place of their tags, in a sandbox and escaped."""

import html
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate
from lxml import etree
from markupsafe import Markup

from reports.documents import required_marks, template_syntax
from reports.documents.template_fields import Field

LONGEST_TAG = 200  # characters
MOST_TAGS = 2000
SHOWN = 40  # characters of a paragraph that are quoted
LONGEST_PARAGRAPH = 20_000  # characters
_OPENING = re.compile(r"\{\{|\{%|\{#")
_BRACES = re.compile(  # twice, or around a word of Latin letters
    r"[{｛﹛❴]\s*[{｛﹛❴%％#]|[}｝﹜❵%％#]\s*[}｝﹜❵]|([【〖\[［《<＜«])\s*\1|([】〗\]］》>＞»])\s*\2"
    r"|[{｛﹛❴]\s*[a-z_][\w.\s]*[}｝﹜❵]",
    re.IGNORECASE | re.ASCII,
)
_PIECE = 20  # characters of what looks like a tag that are quoted
_ENDS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_EDGES = (*_ENDS, *_ENDS.values())
_FORM = re.compile(
    r"\{\{(?!(?:p|r|tr|tc)\s)|\{#|\{%[-+]?(?:p |tr |tc |r )?\s*(?:for|endfor|if|elif|else|endif)\b"
)
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
    """A picture as XML of the part that is being filled in."""

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

    `values` has a function for each field: text, sentences, rows as mappings of text, or a
    `Picture`, '' where there is none. Only the fields that the template names are asked for.
    """
    template = DocxTemplate(io.BytesIO(content))
    named = set().union(*(template_syntax.used(source) for _, source in sources(template)))
    context = {name: _value(template, values[name]()) for name in named & values.keys()}
    template.render(context, template_syntax.environment())
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
    parts = ((name, template.patch_xml(xml).replace("\n", " ")) for name, xml in _parts(template))
    return [(name, re.sub(r"<w:p([ >])", r"\n<w:p\1", xml)) for name, xml in parts]


def untidy(template: DocxTemplate, fields: Mapping[str, Field]) -> Iterator[str]:
    """Tags that stand where none may, that do not end in their paragraph, or that are no tags.

    To be called first: the checks that read the tags rely on short, complete ones.
    """
    template.render_init()
    tags, names = 0, _wrapped(fields)
    for where, xml in _parts(template):
        root = etree.fromstring(xml)
        yield from _misplaced(where, root)
        for number, (paragraph, text) in enumerate(_paragraphs(root), 1):
            found = _tags(text) if len(text) <= LONGEST_PARAGRAPH else []
            tags += len(found or ())
            fault = _untidy(paragraph, text, found) or _mistyped(text, found or (), names)
            if fault:
                yield f"{where}第 {number} 段{quoted(text)}：{fault}。"
    if tags > MOST_TAGS:
        yield f"标签有 {tags} 个，太多了，最多 {MOST_TAGS} 个。"


def _untidy(paragraph: etree._Element, text: str, tags: list[str] | None) -> str:
    """What is wrong with the tags of a paragraph; '' for nothing."""
    if len(text) > LONGEST_PARAGRAPH:
        return f"太长，最多 {LONGEST_PARAGRAPH} 个字"
    if tags is None:
        return "{{ 和 }}、{% 和 %} 要成对，写在同一段里"
    if any(len(tag) > LONGEST_TAG for tag in tags):
        return "标签太长"
    if not all(_FORM.match(tag) for tag in tags):
        return template_syntax.ODD
    boxed = next(paragraph.iterancestors(*required_marks.BOXES), None) is not None
    if boxed and any(tag.startswith("{%") for tag in tags):
        return "文本框里只能放字段，不能放 for 和 if"
    return ""


def _mistyped(text: str, tags: Collection[str], names: re.Pattern[str]) -> str:
    """What is wrong with what only looks like a tag: braces of a Chinese keyboard, or apart."""
    for tag in tags:
        text = text.replace(tag, " ", 1)
    found = _BRACES.search(text) or names.search(text)
    if not found:
        return ""
    piece = text[found.start() :].split("  ")[0][:_PIECE].strip()
    return (
        f"“{piece}”像是字段，但写法不对，会照样印出来。请用英文输入法的两个大括号，"
        "两个之间不留空格，如 {{ month }}；不是字段的，请换成别的括号"
    )


def _wrapped(fields: Mapping[str, Field]) -> re.Pattern[str]:
    """Names of fields in brackets of another kind."""
    columns = [rf"row\.{name}" for one in fields.values() for name in one.columns]
    names = "|".join([*fields, *columns])
    return re.compile(rf"[【〖〔\[(（<＜《«%％$＄#＃]\s*(?:{names})\s*[】〗〕\])）>＞》»%％$＄#＃]")


def _misplaced(where: str, root: etree._Element) -> Iterator[str]:
    """Braces outside the text of paragraphs, which docxtpl would take for tags."""
    for element in root.iter():
        if any(mark in value for value in element.attrib.values() for mark in _EDGES):
            yield f"{where}里图片或形状的说明不能放字段。"
        text = element.text or ""
        if "{" in (element.tail or "") or ("{" in text and not _is_text(element)):
            yield f"{where}里有字段写在文字以外的地方（如域代码、批注），请改写在普通的段落里。"
        elif "{" in text and required_marks.hidden(element):
            yield f"{where}里有字段设成了隐藏文字，或是删去还没有接受的修订，请改成普通文字。"
    last = root.find(f"{_W}sectPr")
    if last is not None and last.getnext() is not None:
        yield f"{where}最后一节的设置后面还有内容，可能已经损坏。请在 Word 里另存为 .docx 再传。"


def _is_text(element: etree._Element) -> bool:
    return element.tag == f"{_W}t" and next(element.iterancestors(f"{_W}p"), None) is not None


def _tags(text: str) -> list[str] | None:
    """The tags of a paragraph, read once from left to right; None if one does not end."""
    found: list[str] = []
    place = 0
    while opening := _OPENING.search(text, place):
        end = text.find(_ENDS[opening[0]], opening.end())
        if end < 0:
            return None
        place = end + 2
        found.append(text[opening.start() : place])
    return found


def _parts(template: DocxTemplate) -> Iterator[tuple[str, str]]:
    """Name in Chinese and XML of each part that is filled in."""
    yield "正文", template.get_xml()
    for name, uri in _PARTS.items():
        for _, part in template.get_headers_footers(uri):
            yield name, template.get_part_xml(part)


def _paragraphs(root: etree._Element) -> list[tuple[etree._Element, str]]:
    """Paragraphs with their text, without that of text boxes; one pass, however deep they nest."""
    texts: dict[etree._Element, list[str]] = {}
    for element in root.iter():
        if element.text:
            own = element if element.tag == f"{_W}p" else None
            paragraph = own if own is not None else next(element.iterancestors(f"{_W}p"), None)
            if paragraph is not None:
                texts.setdefault(paragraph, []).append(element.text)
    return [(paragraph, "".join(pieces)) for paragraph, pieces in texts.items()]


def misuse(template: DocxTemplate, fields: Mapping[str, Field]) -> Iterator[str]:
    """Faults of the tags, each with the paragraph it stands in."""
    for where, source in sources(template):
        lines = source.split("\n")
        for fault in template_syntax.faults(source, dict(fields)):
            texts = [html.unescape(re.sub(r"<[^>]*>", "", line)) for line in lines[: fault.line]]
            number = sum(bool(text) for text in texts)
            yield f"{where}第 {number} 段{quoted(texts[-1])}：{fault.text}。"


def broken(template: DocxTemplate, fields: Mapping[str, Field]) -> Iterator[str]:
    """Parts that are no XML once filled in, with rows or without."""
    for rows in (True, False):
        context = {name: _sample(field, rows) for name, field in fields.items()}
        for where, source in sources(template):
            text = template_syntax.environment().from_string(source).render(context)
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
