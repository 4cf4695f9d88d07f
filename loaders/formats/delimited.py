"""Text files of cells: CSV and its kin, in whatever encoding and with whatever splitter."""

import csv
import io
import re
from collections import Counter
from itertools import islice

from loaders.errors import EncodingError, FileUnreadableError
from loaders.formats.sheet import MOST_ROWS

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SPLITTERS = ",\t;|"
_TOP = 20_000  # characters in which the splitter is looked for
_DECLARED = re.compile(r"\s*sep=(.)\r?\n", re.IGNORECASE)
_KEPT_AS_TEXT = re.compile(r'="(.*)"')  # how a CSV tells Excel that a number is text
_RESAVE = "请用 Excel 或 WPS 另存为 XLSX 后重新导入"


def lines(name: str, content: bytes) -> list[list[str]]:
    """Rows of a text file, numbered as Excel shows them.

    Raises `EncodingError` or `FileUnreadableError`.
    """
    written = text(name, content)
    splitter = _splitter(written)
    if declared := _DECLARED.match(written):
        splitter, written = declared[1], written[declared.end() :]
    reader = csv.reader(io.StringIO(written, newline=""), delimiter=splitter)
    try:
        rows = list(islice(reader, MOST_ROWS + 1))
    except csv.Error as error:
        said = f"文件“{name}”第 {reader.line_num} 行不成表格（{error}）。{_RESAVE}"
        raise FileUnreadableError(said) from error
    if len(rows) > MOST_ROWS:
        said = f"文件“{name}”超过 {MOST_ROWS:,} 行，请按县区或月份拆成几个文件后分别导入"
        raise FileUnreadableError(said)
    if '="' in written:
        rows = [[_bare(cell) for cell in row] for row in rows]
    return rows


def text(name: str, content: bytes) -> str:
    """The text of a file. Raises `EncodingError`, or `FileUnreadableError` if it is no text."""
    bom = next((encoding for mark, encoding in _BOMS.items() if content.startswith(mark)), None)
    for encoding in [bom] if bom else ["utf-8", "gb18030"]:
        try:
            found = content.decode(encoding)
        except UnicodeDecodeError as error:
            where = error.start
            continue
        if "\0" in found:
            raise FileUnreadableError(f"文件“{name}”不是文本，也不是 Excel 工作簿。{_RESAVE}")
        return found
    around = content[where : where + 4].hex(" ")
    said = f"文件“{name}”的编码认不出来（第 {where + 1} 个字节起为 {around}），应为 UTF-8 或 GBK"
    raise EncodingError(f"{said}。{_RESAVE}")


def _splitter(written: str) -> str:
    """The character that parts most lines at the top into the same number of cells."""
    top = written[:_TOP]
    return max(_SPLITTERS, key=lambda splitter: (_regular(top, splitter), top.count(splitter)))


def _regular(top: str, splitter: str) -> int:
    """How many lines have the commonest number of cells, lines of one cell aside."""
    try:
        rows = list(csv.reader(io.StringIO(top, newline=""), delimiter=splitter))
    except csv.Error:
        return 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(widths.values(), default=0)


def _bare(cell: str) -> str:
    kept = _KEPT_AS_TEXT.fullmatch(cell)
    return kept[1] if kept else cell
