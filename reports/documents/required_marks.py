"""What every document must carry, whatever its template: the mark of demo data and the code."""

from collections.abc import Iterator
from copy import deepcopy

from docx.oxml.xmlchemy import BaseOxmlElement
from docxtpl import DocxTemplate
from jinja2 import nodes
from lxml import etree

from reports.documents import template_syntax

MARK = "demo_mark"
CODES = ("code", "code_note")  # one is enough
MOST_SECTIONS = 50  # each without a header searches those before it
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HIDING = (f"{_W}vanish", f"{_W}webHidden", f"{_W}specVanish")
_GONE = (f"{_W}del", f"{_W}moveFrom")
BOXES = (
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent",
    f"{_W}pict",
    f"{_W}drawing",
)
"""Elements that hold text boxes."""


def missing(template: DocxTemplate) -> Iterator[str]:
    """Marks that the template would not print. To be called last: it adds empty headers."""
    if not any(_prints(template, template.docx.element.body, name) for name in CODES):
        yield (
            "正文里没有查证代码：要在正文写上 {{ code_note }} 或 {{ code }}，"
            "不能放在 if 或 for 里，也不能设成隐藏文字。"
        )
    sections = list(template.docx.sections)
    if len(sections) > MOST_SECTIONS:
        yield f"文档分了 {len(sections)} 节，太多了，最多 {MOST_SECTIONS} 节。"
        return
    for section in sections:
        headers = [section.header]
        if template.docx.settings.odd_and_even_pages_header_footer:
            headers.append(section.even_page_header)
        if section.different_first_page_header_footer:
            headers.append(section.first_page_header)
        if not all(_prints(template, header.part.element, MARK) for header in headers):
            yield (
                "页眉里没有演示标记：首页、奇数页、偶数页，凡有的页眉都要写上 {{ demo_mark }}，"
                "不能加别的条件，也不能设成隐藏文字。"
            )


def _prints(template: DocxTemplate, element: BaseOxmlElement, name: str) -> bool:
    """Whether the part always prints the field in running text: a text box may be off the page."""
    running = deepcopy(element)
    for box in list(running.iter(*BOXES)):
        box.clear()
    source = template.patch_xml(template.xml_to_string(running))
    return _in_any_case(template_syntax.environment().parse(source).body, name)


def hidden(element: etree._Element) -> bool:
    """Whether the text `element` is hidden, or deleted by a tracked change."""
    if next(element.iterancestors(*_GONE), None) is not None:
        return True
    run = next(element.iterancestors(f"{_W}r"), None)
    properties = None if run is None else run.find(f"{_W}rPr")
    return properties is not None and any(
        one.get(f"{_W}val", "true") not in ("0", "false", "off")
        for one in properties.iter(*_HIDING)
    )


def _in_any_case(body: list[nodes.Node], name: str) -> bool:
    """Whether the field is printed without a condition but that it is not empty."""
    for node in body:
        if isinstance(node, nodes.Output) and any(_names(one, name) for one in node.nodes):
            return True
        if isinstance(node, nodes.If) and _names(node.test, name) and _in_any_case(node.body, name):
            return True
    return False


def _names(node: nodes.Node, name: str) -> bool:
    return isinstance(node, nodes.Name) and node.name == name
