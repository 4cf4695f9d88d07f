"""A sheet of an XLSX before it is opened: how far it reaches, and what the reader would lose.

The reader (calamine) lays a sheet out as a full rectangle up to its last cell, and ends the
process when memory does not suffice; it also drops errors and formulas without a result. So the
sheet's XML is searched first, by patterns that take a second for 100 MB.
"""

import html
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from loaders.formats.xlsx_styles import Styles

_COLUMN = re.compile(rb' r="([A-Z]{1,3})')
_FAR = re.compile(rb' r="[A-Z]*(\d{6,7})"')
_ROW = re.compile(rb"(?=<(?:\w+:)?row[\s/>])")
_LOOSE = re.compile(rb"<(?:\w+:)?c(?:/?>|\s(?![^>]*\br=))")  # a cell that does not say where it is
_TAG = re.compile(rb"(<(?:\w+:)?(row|c))(?=[\s/>])([^>]*>)")
_REFERENCE = re.compile(rb'\br="([A-Z]{0,3})(\d{1,7})"')
_CELL = re.compile(
    rb'<(?:\w+:)?c\s([^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)', re.DOTALL
)
_RESULT = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>([^<]*)</)")
_ZERO = rb'="0(?:\.0*)?"'
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\b(?:hidden="(?:1|true)"|ht' + _ZERO + rb")")
_HIDDEN_COLUMNS = re.compile(
    rb'<(?:\w+:)?col\s([^>]*?\b(?:hidden="(?:1|true)"|width' + _ZERO + rb")[^>]*)"
)
_TEXT = re.compile(rb"<(?:\w+:)?si[\s/>]")
_NAMED = re.compile(rb"<(?:\w+:)?c\s[^>]*\bt=[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>\s*(\d{1,9})\s*<")
_SHARED = re.compile(rb"<(?:\w+:)?v>\s*(\d{1,9})\s*<")
_STRIKE = re.compile(rb"<(?:\w+:)?strike(?![^>]*\bval=[\"'](?:0|false)[\"'])[\s/>]")
_LONG = 2_000  # bytes of a text
_MOST_COLUMNS = 200  # hidden columns out to the edge of the sheet are blank ones


@dataclass(frozen=True)
class Facts:
    """What the XML of a sheet says.

    `rows` and `columns` reach to the last cell with content. `lost` maps the place (line and
    column from 0) of cells that the reader drops to what stands there: ``#N/A``, or the formula.
    `hidden_rows` and `hidden_columns`, those of no height or width among them, are counts.
    `formats` maps the place of cells to their number format, where it matters, and `struck` are
    the places of cells that are crossed out, as a whole or in part.
    """

    rows: int = 0
    columns: int = 0
    lost: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: int = 0
    hidden_columns: int = 0
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    struck: frozenset[tuple[int, int]] = frozenset()


def facts(
    xml: bytes,
    most_cells: int,
    uncomputed: bool,
    styles: Styles,
    struck_texts: Collection[int] = (),
) -> Facts:
    """Facts of a sheet. Blank cells that are only coloured do not count, however far out.

    The extent is exact where it would pass `most_cells`, else no less than the true one.
    `uncomputed`: the program that wrote the file left the working out to Excel, so that a result
    of 0 is none. `struck_texts` are numbers of the shared texts with a part that is crossed out.
    """
    if b" r='" in xml or b"='" in xml:
        xml = xml.replace(b"'", b'"')
    tag = b"<c" if b"<row" in xml else b":c"
    if any(tag + mark in xml for mark in (b">", b"/", b" t", b" s")) and _LOOSE.search(xml):
        xml = _placed(xml)
    rows = max(map(int, _FAR.findall(xml)), default=99_999)
    columns = max(map(_number, set(_COLUMN.findall(xml))), default=0)
    if rows * columns > most_cells:
        rows, columns = _extent(xml)
    hidden_rows = hidden_columns = 0
    if any(mark in xml for mark in (b' hidden="', b' ht="0', b' width="0')):
        hidden_rows = len(_HIDDEN_ROW.findall(xml))
        hidden_columns = sum(map(_span, _HIDDEN_COLUMNS.findall(xml)))
    lost = _lost(xml, uncomputed)
    formats = {place: styles.formats[style] for place, style in _styled(xml, styles.formats)}
    struck = frozenset(place for place, _ in _styled(xml, styles.struck))
    struck |= frozenset(_partly_struck(xml, struck_texts))
    return Facts(rows, columns, lost, hidden_rows, hidden_columns, formats, struck)


def long_texts(texts: bytes) -> dict[int, int]:
    """Bytes of the shared texts that are longer than any cell of a list, by their number."""
    sizes = map(len, _TEXT.split(texts)[1:])
    return {number: size for number, size in enumerate(sizes) if size > _LONG}


def struck_texts(texts: bytes) -> frozenset[int]:
    """Numbers of the shared texts of which a part is crossed out."""
    if b"strike" not in texts:
        return frozenset()
    listed = enumerate(_TEXT.split(texts)[1:])
    return frozenset(number for number, text in listed if _STRIKE.search(text))


def named_size(xml: bytes, long: Mapping[int, int]) -> int:
    """Bytes of the `long` texts that the cells of a sheet name, each as often as it is named."""
    return sum(long.get(int(number), 0) for number in _NAMED.findall(xml)) if long else 0


def _styled(xml: bytes, numbers: Collection[int]) -> Iterator[tuple[tuple[int, int], int]]:
    """Places of the cells that have one of some styles, and the number of the style."""
    if not numbers:
        return
    style = b"|".join(str(number).encode() for number in numbers)
    cell = rb'<(?:\w+:)?c\s(?=[^>]*\bs="(%s)")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"' % style
    for number, letters, line in re.findall(cell, xml):
        yield (int(line) - 1, _number(letters) - 1), int(number)


def _partly_struck(xml: bytes, texts: Collection[int]) -> Iterator[tuple[int, int]]:
    """Places of the cells with a part that is crossed out, in their own text or a shared one."""
    if not texts and b"strike" not in xml:
        return
    for cell in _CELL.finditer(xml):
        content = cell[4] or b""
        shared = _SHARED.search(content) if b't="s"' in cell[1] else None
        if int(shared[1]) in texts if shared else _STRIKE.search(content):
            yield int(cell[3]) - 1, _number(cell[2]) - 1


def _placed(xml: bytes) -> bytes:
    """The XML with the place in every cell: one that states none is right of the one before."""
    row = column = 0

    def placed(tag: re.Match[bytes]) -> bytes:
        nonlocal row, column
        stated = _REFERENCE.search(tag[3]) if b'r="' in tag[3] else None
        if tag[2] == b"row":
            row, column = int(stated[2]) if stated else row + 1, 0
            return tag[0]
        column = _number(stated[1]) if stated else column + 1
        return tag[0] if stated else tag[1] + b' r="%s%d"' % (_letters(column), row) + tag[3]

    return b"".join(_TAG.sub(placed, line) for line in _ROW.split(xml))  # a whole takes much room


def _extent(xml: bytes) -> tuple[int, int]:
    """Last row and column with content."""
    rows = columns = 0
    for cell in _CELL.finditer(xml):
        if cell[4]:
            rows, columns = max(rows, int(cell[3])), max(columns, _number(cell[2]))
    return rows, columns


def _lost(xml: bytes, uncomputed: bool) -> dict[tuple[int, int], str]:
    if b' t="e"' not in xml and b"<f" not in xml and b":f" not in xml:
        return {}
    lost = {}
    for cell in _CELL.finditer(xml):
        content = _unread(cell[1], cell[4] or b"", uncomputed)
        if content:
            lost[int(cell[3]) - 1, _number(cell[2]) - 1] = content
    return lost


def _unread(attributes: bytes, content: bytes, uncomputed: bool) -> str:
    """The error or formula of a cell that the reader takes for blank or 0; '' for other cells."""
    result = _RESULT.search(content)
    value = result[1].decode("utf-8", "replace") if result else ""
    if b't="e"' in attributes:
        return html.unescape(value) or "#VALUE!"
    formula = _FORMULA.search(content)
    if not formula or b't="str"' in attributes:
        return ""
    if value and not (uncomputed and value == "0"):
        return ""
    return "=" + html.unescape((formula[1] or b"").decode("utf-8", "replace"))


def _number(letters: bytes) -> int:
    """Number of a column from its letters: A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


@cache
def _letters(number: int) -> bytes:
    """Letters of a column from its number."""
    letters = b""
    while number:
        number, last = divmod(number - 1, 26)
        letters = bytes([65 + last]) + letters
    return letters


def _span(attributes: bytes) -> int:
    first, last = (re.search(rb'\b%s="(\d{1,5})"' % name, attributes) for name in (b"min", b"max"))
    span = int(last[1]) - int(first[1]) + 1 if first and last else 1
    return span if span <= _MOST_COLUMNS else 0
