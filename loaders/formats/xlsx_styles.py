"""Styles of the cells of a workbook, as far as they change what its numbers and rows say."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from loaders.formats import number_formats
from loaders.formats.untrusted_xml import local, tree


@dataclass(frozen=True)
class Styles:
    """Numbers of the styles that matter: `formats` has their number formats, `struck` cross out."""

    formats: dict[int, str] = field(default_factory=dict)
    struck: frozenset[int] = frozenset()


def styles(xml: bytes) -> Styles:
    """The styles that a part of an XLSX lists. Raises `RefusedXmlError`."""
    if not xml:
        return Styles()
    root = tree(xml)
    codes = {one.get("numFmtId"): one.get("formatCode", "") for one in _of(root, "numFmts")}
    fonts = [any(map(_is_strike, font)) for font in _of(root, "fonts")]
    formats, struck = {}, set()
    for number, style in enumerate(_of(root, "cellXfs")):
        code, font = codes.get(style.get("numFmtId"), ""), style.get("fontId", "")
        if number_formats.matters(code):
            formats[number] = code
        if font.isdecimal() and int(font) < len(fonts) and fonts[int(font)]:
            struck.add(number)
    return Styles(formats, frozenset(struck))


def _of(root: Element, group: str) -> Iterator[Element]:
    """The elements of one list of the part."""
    for child in root:
        if local(child) == group:
            yield from child


def _is_strike(element: Element) -> bool:
    return local(element) == "strike" and element.get("val", "1") not in ("0", "false")
