"""The sheets of an XLS before it is opened: how far they reach, and what the reader would lose.

An XLS is a small file system (compound file) that holds one stream of records (BIFF); see
Microsoft's [MS-CFB] and [MS-XLS]. Only what is needed is read, and nothing is trusted: where the
file makes no sense, there are no facts.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from loaders.formats.xlsx_xml import Facts

_HEADER = 512
_ENTRY = 128  # bytes of an entry of the directory
_IN_HEADER = 109  # sectors of the allocation table that the header names
_END = 0xFFFFFFFA  # from here on a number stands for no sector
_STREAMS = ("Workbook", "Book")

_EOF, _FORMULA, _DATE_MODE, _BOUND_SHEET, _MANY_NUMBERS, _BOOL_OR_ERROR = (
    0x0A, 0x06, 0x22, 0x85, 0xBD, 0x205,
)  # fmt: skip
_CELLS = {_FORMULA, _BOOL_OR_ERROR, 0xBD, 0xD6, 0xFD, 0x203, 0x204, 0x27E}
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
    0x2A: "#N/A",
}  # fmt: skip
_NO_TEXT = b"\x17\x00"  # the text "" in a formula
_UNCOMPUTED = "=公式"


@dataclass(frozen=True)
class Book:
    """Facts of every sheet in its order, hidden ones among them; and how days are counted."""

    sheets: list[Facts]
    from_1904: bool


class _SenselessError(Exception):
    """The file is not what it should be."""


def book(content: bytes) -> Book | None:
    """What the records of an XLS say; None where they make no sense."""
    try:
        stream = _Files(content).stream()
        globals_ = list(_records(stream, 0))
        starts = [struct.unpack_from("<I", data)[0] for kind, data in globals_
                  if kind == _BOUND_SHEET]  # fmt: skip
        sheets = [_Sheet(stream, start) for start in starts]
    except (_SenselessError, struct.error, IndexError, UnicodeDecodeError):
        return None
    computed = any(sheet.computed for sheet in sheets)
    from_1904 = any(kind == _DATE_MODE and data[:1] == b"\1" for kind, data in globals_)
    return Book([sheet.facts(computed) for sheet in sheets], from_1904)


class _Sheet:
    """One sheet's cells: the last row and column, errors, and formulas without a result."""

    def __init__(self, stream: memoryview, start: int) -> None:
        self._rows = self._columns = 0
        self._errors: dict[tuple[int, int], str] = {}
        self._blank: dict[tuple[int, int], str] = {}
        self.computed = False
        for kind, data in _records(stream, start):
            if kind in _CELLS and len(data) >= 6:
                self._cell(kind, data)

    def _cell(self, kind: int, data: memoryview) -> None:
        row, column = struct.unpack_from("<HH", data)
        last = struct.unpack_from("<H", data, len(data) - 2)[0] if kind == _MANY_NUMBERS else column
        self._rows, self._columns = max(self._rows, row + 1), max(self._columns, last + 1)
        if kind == _BOOL_OR_ERROR and len(data) >= 8 and data[7]:
            self._errors[row, column] = _ERRORS.get(data[6], "#VALUE!")
        elif kind == _FORMULA:
            result, told = bytes(data[6:14]), data[12:14] == b"\xff\xff"
            if told and result[0] == 2:
                self._errors[row, column] = _ERRORS.get(result[2], "#VALUE!")
            elif told and result[0] == 3:
                if _NO_TEXT not in bytes(data[22:]):
                    self._blank[row, column] = _UNCOMPUTED
                return
            self.computed = True

    def facts(self, computed: bool) -> Facts:
        """The facts; a formula whose result is blank was not worked out unless others were."""
        lost = self._errors if computed else self._errors | self._blank
        return Facts(self._rows, self._columns, lost, 0, 0)


def _records(stream: memoryview, start: int) -> Iterator[tuple[int, memoryview]]:
    """Kind and data of the records from `start` to the end of their group."""
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        if kind == _EOF:
            return
        yield kind, stream[start + 4 : start + 4 + size]
        start += 4 + size


class _Files:
    """The file system within an XLS."""

    def __init__(self, content: bytes) -> None:
        if len(content) < _HEADER:
            raise _SenselessError
        self._content = memoryview(content)
        shift, small_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise _SenselessError
        self._size, self._small_size = 1 << shift, 1 << small_shift
        directory, self._least, small_table = (
            struct.unpack_from("<I", content, place)[0] for place in (48, 56, 60)
        )
        self._table = self._numbers(self._of_table(content))
        self._entries = self._chain(directory)
        self._small_table = self._numbers(self._sectors(small_table))

    def stream(self) -> memoryview:
        """The records of the workbook."""
        found = {}
        for place in range(0, len(self._entries) - _ENTRY + 1, _ENTRY):
            entry = self._entries[place : place + _ENTRY]
            length = struct.unpack_from("<H", entry, 64)[0]
            name = bytes(entry[: max(0, min(length, 64) - 2)]).decode("utf-16-le")
            found[name] = struct.unpack_from("<II", entry, 116)
        start, size = next((found[name] for name in _STREAMS if name in found), (0, 0))
        if not size:
            raise _SenselessError
        if size >= self._least:
            return self._chain(start)[:size]
        small = self._chain(struct.unpack_from("<I", self._entries, 116)[0])
        pieces = [
            small[number * self._small_size : (number + 1) * self._small_size]
            for number in _followed(self._small_table, start)
        ]
        return memoryview(b"".join(pieces))[:size]

    def _of_table(self, content: bytes) -> list[int]:
        """Numbers of the sectors that hold the allocation table."""
        found = list(struct.unpack_from(f"<{_IN_HEADER}I", content, 76))
        following, seen = struct.unpack_from("<I", content, 68)[0], set()
        while following < _END and following not in seen:
            seen.add(following)
            *numbers, following = self._numbers([following]) or [_END]
            found += numbers
        return [number for number in found if number < _END]

    def _numbers(self, sectors: list[int]) -> list[int]:
        data = b"".join(self._sector(number) for number in sectors)
        return list(struct.unpack_from(f"<{len(data) // 4}I", data))

    def _sectors(self, start: int) -> list[int]:
        return _followed(self._table, start)

    def _chain(self, start: int) -> memoryview:
        return memoryview(b"".join(self._sector(number) for number in self._sectors(start)))

    def _sector(self, number: int) -> memoryview:
        start = max(_HEADER, self._size) + number * self._size
        return self._content[start : start + self._size]


def _followed(table: list[int], start: int) -> list[int]:
    """The sectors of a chain; one that bites its own tail ends there."""
    found = []
    while start < _END and len(found) <= len(table):
        if start >= len(table):
            raise _SenselessError
        found.append(start)
        start = table[start]
    return found
