"""Text files of cells, such as CSV, with any splitter."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from loaders.formats.cell_sheet import MOST_CELLS, MOST_ROWS
from store.errors import FileUnreadableError

_SPLITTERS = ",\t;|"
_TOP = 20_000  # characters in which the splitter is looked for
_DECLARED = re.compile(r"\s*sep=(.)\r?\n", re.IGNORECASE)
_KEPT_AS_TEXT = re.compile(r'\A="(.*)"\Z')  # how a CSV tells Excel that a number is text
_PADDING = re.compile(r"\t+(?=[,;|])")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_QUOTED = 15  # characters of a cell that a message quotes
_UNCLOSED = "unexpected end of data"  # the strict reader's message for a quote without its other
_SPLIT = "请按县区或月份拆成几个文件后分别导入"


def lines(written: str) -> tuple[str, list[list[str]]]:
    """The splitter, and the rows of a text file, numbered as Excel shows them.

    Raises `FileUnreadableError`.
    """
    splitter = _splitter(written)
    if declared := _DECLARED.match(written):
        splitter, written = declared[1], written[declared.end() :]
    rows = list(_limited(_rows(written, splitter)))
    if '="' in written:
        rows = [[_KEPT_AS_TEXT.sub(r"\1", cell) for cell in row] for row in rows]
    return splitter, rows


def _limited(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    cells = 0
    for count, row in enumerate(rows):
        cells += len(row)
        if count == MOST_ROWS:
            raise FileUnreadableError(f"超过 {MOST_ROWS:,} 行，{_SPLIT}")
        if cells > MOST_CELLS:
            raise FileUnreadableError(f"超过 {MOST_CELLS:,} 格，{_SPLIT}")
        yield row


def _rows(written: str, splitter: str) -> Iterator[list[str]]:
    """The rows. A quote without its other, which would swallow the lines below, is refused."""
    taken: list[str] = []  # lines of the current row
    reader = csv.reader(_taking(written, taken), delimiter=splitter)
    usual, row = _usual(written[:_TOP], splitter), []
    while True:
        last, start = list(taken), reader.line_num
        taken.clear()
        try:
            row = next(reader)
        except StopIteration:
            if _unclosed("".join(last), splitter):
                raise _stray(start - len(last) + 1, "".join(last), splitter) from None
            return
        except csv.Error as error:
            if any('"' in line for line in taken):
                raise _stray(start + 1, "".join(taken), splitter) from error
            raise FileUnreadableError(
                f"第 {start + 1} 行有一格超过 {csv.field_size_limit():,} 个字，请核对后重新导入"
            ) from error
        if len(taken) > 1 and _swallowed(row, taken, splitter, usual):
            raise _stray(start + 1, "".join(taken), splitter)
        yield row


def _taking(written: str, taken: list[str]) -> Iterator[str]:
    for match in _LINE.finditer(written):
        taken.append(match[0])
        yield match[0]


def _swallowed(row: list[str], taken: list[str], splitter: str, usual: int) -> bool:
    """Whether the line breaks in a row are those between rows, not those within a cell.

    Rows that were swallowed bring their splitters along: either as many as all lines have
    together, or the row no longer has as many cells as `usual`.
    """
    inner = sum(cell.count(splitter) for cell in row if "\n" in cell or "\r" in cell)
    if not inner:
        return False
    if any(line.count(splitter) >= usual - 1 for line in taken[1:-1]):
        return True
    full = inner + len(row) - 1 >= len(taken) * (usual - 1)
    return full or 1 < len(row) != usual


def _unclosed(last: str, splitter: str) -> bool:
    """Whether the last row of a file opens a quote that nothing closes."""
    if '"' not in last:
        return False
    try:
        list(csv.reader(io.StringIO(last, newline=""), delimiter=splitter, strict=True))
    except csv.Error as error:
        return _UNCLOSED in str(error)
    return False


def _stray(line: int, row: str, splitter: str) -> FileUnreadableError:
    place = re.search(rf'(?:^|[{re.escape(splitter)}\r\n])(")', row)
    cell = row[place.start(1) if place else 0 :][:_QUOTED].splitlines()[0]
    return FileUnreadableError(
        f"第 {line} 行的引号不成对（“{cell}…”），后面的行会被并进这一格。"
        "请删去多余的引号，或补上缺少的另一个，再重新导入"
    )


def _splitter(written: str) -> str:
    """The character that splits most lines at the top into the same number of cells.

    A tab right before another splitter only keeps Excel from taking the cell for a number.
    """
    top = _PADDING.sub("", written[:_TOP])
    return max(
        _SPLITTERS, key=lambda one: (max(_widths(top, one).values(), default=0), top.count(one))
    )


def _usual(top: str, splitter: str) -> int:
    """The commonest number of cells of the lines at the top, each line read by itself."""
    alone = Counter(line.count(splitter) + 1 for line in top.splitlines() if splitter in line)
    widths = _widths(top, splitter) + alone
    return max(widths, key=lambda width: widths[width], default=1)


def _widths(top: str, splitter: str) -> Counter[int]:
    """Lines of more than one cell, counted by their number of cells."""
    try:
        rows = list(csv.reader(io.StringIO(top, newline=""), delimiter=splitter))
    except csv.Error:
        return Counter()
    return Counter(len(row) for row in rows if len(row) > 1)
