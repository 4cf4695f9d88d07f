"""The sheets of an XLS before it is opened: how far they reach, and what the reader would lose.

An XLS is a compound file that holds one stream of records (BIFF, see Microsoft's [MS-XLS]). Where
it is damaged, there are no facts.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import olefile

from loaders.formats import number_formats
from loaders.formats.xlsx_styles import Styles
from loaders.formats.xlsx_xml import Facts

_STREAMS = ("Workbook", "Book")
_DAMAGED = (
    OSError,  # among them OleFileError and NotOleFileError: sectors out of range, no stream
    ValueError,  # a sector that is cut off, a size that no number of sectors can have
    RecursionError,  # a directory that is one long chain
)
_EOF, _FORMULA, _DATE_MODE, _KEY, _BOUND_SHEET = 0x0A, 0x06, 0x22, 0x2F, 0x85
_MANY_NUMBERS, _BOOL_OR_ERROR = 0xBD, 0x205
_CELLS = {_FORMULA, _BOOL_OR_ERROR, _MANY_NUMBERS, 0xD6, 0xFD, 0x203, 0x204, 0x27E}
_VERSION, _BIFF8 = 0x809, b"\x00\x06"
_FONT, _FORMAT, _STYLE, _ROW = 0x31, 0x41E, 0xE0, 0x208
_STRUCK, _NO_HEIGHT = 0x08, 0x20  # flags of a font, and of a row
_FIRST_RECORDS = 4  # among which the key of an encrypted file stands
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_NO_TEXT = b"\x17\x00"  # the text "" in a formula
_UNCOMPUTED = "=公式"


@dataclass(frozen=True)
class Book:
    """Facts of every sheet in its order, hidden ones among them; none where it is damaged."""

    sheets: list[Facts]
    from_1904: bool = False
    locked: bool = False


def book(content: bytes) -> Book:
    """What the records of an XLS say."""
    try:
        stream = _stream(content)
        head = list(_records(stream, 0))
        if _KEY in [kind for kind, _ in head[:_FIRST_RECORDS]]:
            return Book([], locked=True)
        starts = [struct.unpack_from("<I", data)[0] for kind, data in head if kind == _BOUND_SHEET]
        looks = _styles(head)
        sheets = [_Sheet(stream, start, looks) for start in starts]
    except (struct.error, IndexError):
        return Book([])
    computed = any(sheet.computed for sheet in sheets)
    from_1904 = any(kind == _DATE_MODE and data[:1] == b"\1" for kind, data in head)
    return Book([sheet.facts(computed) for sheet in sheets], from_1904)


def _stream(content: bytes) -> bytes:
    """The records of the workbook; b'' where the compound file is damaged."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as files:
            name = next(filter(files.exists, _STREAMS), None)
            found: bytes = files.openstream(name).read() if name else b""
            return found
    except _DAMAGED:
        return b""


def _styles(head: list[tuple[int, bytes]]) -> Styles:
    """The styles that the first records list; none before BIFF8, whose texts are in code pages."""
    if not head or head[0][0] != _VERSION or head[0][1][:2] != _BIFF8:
        return Styles()
    codes = {
        struct.unpack_from("<H", data)[0]: _format(data) for kind, data in head if kind == _FORMAT
    }
    fonts = [bool(data[2] & _STRUCK) for kind, data in head if kind == _FONT]
    fonts.insert(4, False)  # number 4 is never used
    formats, struck = {}, set()
    for number, data in enumerate(data for kind, data in head if kind == _STYLE):
        font, code = struct.unpack_from("<HH", data)
        if number_formats.matters(codes.get(code, "")):
            formats[number] = codes[code]
        if font < len(fonts) and fonts[font]:
            struck.add(number)
    return Styles(formats, frozenset(struck))


def _format(data: bytes) -> str:
    """The code of a number format: its length, a flag for two bytes a character, and the text."""
    length, wide = struct.unpack_from("<HB", data, 2)
    return data[5 : 5 + length * (1 + (wide & 1))].decode("utf-16-le" if wide & 1 else "latin-1")


class _Sheet:
    """One sheet's cells: the last row and column, errors, and formulas without a result."""

    def __init__(self, stream: bytes, start: int, styles: Styles) -> None:
        self._styles = styles
        self._formats: dict[tuple[int, int], str] = {}
        self._struck: set[tuple[int, int]] = set()
        self._hidden_rows = 0
        self._rows = self._columns = 0
        self._errors: dict[tuple[int, int], str] = {}
        self._blank: dict[tuple[int, int], str] = {}
        self.computed = False
        for kind, data in _records(stream, start):
            if kind in _CELLS and len(data) >= 6:
                self._cell(kind, data)
            elif kind == _ROW and len(data) >= 14:
                self._hidden_rows += bool(data[12] & _NO_HEIGHT)

    def _cell(self, kind: int, data: bytes) -> None:
        row, column = struct.unpack_from("<HH", data)
        last = struct.unpack_from("<H", data, len(data) - 2)[0] if kind == _MANY_NUMBERS else column
        self._rows, self._columns = max(self._rows, row + 1), max(self._columns, last + 1)
        for place in range(column, min(last, column + len(data) // 6) + 1):
            style = struct.unpack_from("<H", data, 4 + 6 * (place - column))[0]
            if style in self._styles.formats:
                self._formats[row, place] = self._styles.formats[style]
            if style in self._styles.struck:
                self._struck.add((row, place))
        if kind == _BOOL_OR_ERROR and len(data) >= 8 and data[7]:
            self._errors[row, column] = _ERRORS.get(data[6], "#VALUE!")
        elif kind == _FORMULA:
            result, is_number = data[6:14], data[12:14] != b"\xff\xff"
            if not is_number and result[0] == 2:
                self._errors[row, column] = _ERRORS.get(result[2], "#VALUE!")
            elif not is_number and result[0] == 3:
                if _NO_TEXT not in data[22:]:
                    self._blank[row, column] = _UNCOMPUTED
                return
            self.computed = True

    def facts(self, computed: bool) -> Facts:
        """The facts; a formula whose result is blank was not worked out unless others were."""
        lost = self._errors if computed else self._errors | self._blank
        return Facts(
            self._rows, self._columns, lost, self._hidden_rows,
            formats=self._formats, struck=frozenset(self._struck),
        )  # fmt: skip


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Kind and data of the records from `start` to the end of their group."""
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        if kind == _EOF:
            return
        yield kind, stream[start + 4 : start + 4 + size]
        start += 4 + size
