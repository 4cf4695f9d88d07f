"""The table of a Shapefile (dBASE III): rows of texts, and of numbers as people write them.

A heading takes ten bytes and a cell as many as its column has, so a Chinese character may be cut
in two. No mark of an encoding can be relied on: what is valid UTF-8 is read as that, else as GBK.
"""

import re
import struct
from itertools import accumulate, chain, pairwise

from loaders.formats.outlines.outline_features import UNREADABLE
from store.errors import FileUnreadableError

CUT = "\ufffd"
"""What stands for a character that was cut in two."""

_HEAD = struct.Struct("<4xIHH")  # rows, bytes of the header, bytes of a row
_COLUMN = struct.Struct("<11sc4xBB14x")  # heading, type, width, decimals
_END_OF_COLUMNS = b"\r"
_DELETED = b"*"
_AGAIN = re.compile(rb"_\d{1,2}\Z")  # what a program adds to a heading that stands twice
_ENCODINGS = {"utf-8": 4, "gb18030": 2}  # and the most bytes of a character of ours
_CUT_SHORT = ("unexpected end of data", "incomplete multibyte sequence")  # as decoders say

Row = dict[str, str]


def rows(content: bytes) -> list[Row | None]:
    """Cells by heading of every row, None for a deleted one. Raises `FileUnreadableError`."""
    try:
        count, head, width = _HEAD.unpack_from(content)
        columns = _columns(content[:head])
    except struct.error as error:
        raise FileUnreadableError(UNREADABLE) from error
    ends = list(accumulate((size for _, _, size in columns), initial=1))
    if ends[-1] != width or len(content) < head + count * width:
        raise FileUnreadableError(UNREADABLE)
    lines = [content[start : start + width] for start in range(head, head + count * width, width)]
    places = list(pairwise(ends))
    cells = [[line[start:end].strip(b" \0") for start, end in places] for line in lines]
    texts = [place for place, (_, kind, _) in enumerate(columns) if kind == b"C"]
    headings = [heading for heading, _, _ in columns]
    written = chain(
        (_AGAIN.sub(b"", heading) for heading in headings),
        (row[place] for row in cells for place in texts),
    )
    encoding = _encoding(list(written))
    names = [heading.decode(encoding, "replace") for heading in headings]
    return [
        None
        if line.startswith(_DELETED)
        else {
            name: _text(cell, encoding) if kind == b"C" else _number(cell)
            for name, (_, kind, _), cell in zip(names, columns, row, strict=True)
        }
        for line, row in zip(lines, cells, strict=True)
    ]


def _columns(head: bytes) -> list[tuple[bytes, bytes, int]]:
    """Heading, type and width of each column."""
    found = []
    for start in range(32, len(head), 32):
        if head.startswith(_END_OF_COLUMNS, start):
            break
        heading, kind, size, further = _COLUMN.unpack_from(head, start)
        wide = size + 256 * further if kind == b"C" else size
        found.append((heading.partition(b"\0")[0].strip(), kind, wide))
    return found


def _encoding(written: list[bytes]) -> str:
    for encoding, longest in _ENCODINGS.items():
        if all(_is_valid(one, encoding, longest) for one in written):
            return encoding
    raise FileUnreadableError(
        "里 .dbf 的文字认不出编码，应为 UTF-8 或 GBK。请在软件里按 UTF-8 重新导出，再一起打包。"
    )


def _is_valid(written: bytes, encoding: str, longest: int) -> bool:
    """Whether bytes are text in `encoding`, but for a last character that was cut in two."""
    try:
        written.decode(encoding)
    except UnicodeDecodeError as error:
        return error.reason in _CUT_SHORT and len(written) - error.start < longest
    return True


def _text(cell: bytes, encoding: str) -> str:
    return cell.decode(encoding, "replace").rstrip(CUT)


def _number(cell: bytes) -> str:
    """A number without the zeros behind its point; any other cell as it stands."""
    text = cell.decode("ascii", "replace")
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() and not text.isdigit() else text
