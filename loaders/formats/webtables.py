"""Tables of a web page that a bank's system calls XLS: Excel opens such files, so senders do."""

import re
from html.parser import HTMLParser

from loaders.errors import FileUnreadableError
from loaders.formats import delimited
from loaders.formats.sheet import MOST_ROWS, Cell, Sheet, spread

_PAGE = re.compile(rb"\s*(?:<!doctype html|<html|<head|<meta|<style|<table)", re.IGNORECASE)
_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)
_CELLS = ("td", "th")
_WIDEST = 1_000  # columns or rows that one cell may span


def is_page(content: bytes) -> bool:
    """Whether a file starts like a web page."""
    return bool(_PAGE.match(content.removeprefix(b"\xef\xbb\xbf")))


def sheets(name: str, content: bytes) -> list[Sheet]:
    """A sheet for each table of a page. Raises `FileUnreadableError` where there is none."""
    page = _Page()
    page.feed(_text(name, content))
    page.close()
    if not page.tables:
        raise FileUnreadableError(
            f"文件“{name}”是网页，里面没有表格。请用 Excel 或 WPS 打开后另存为 XLSX，再重新导入"
        )
    if any(len(rows) > MOST_ROWS for rows, _ in page.tables):
        raise FileUnreadableError(
            f"文件“{name}”超过 {MOST_ROWS:,} 行，请按县区或月份拆成几个文件后分别导入"
        )
    book = ("文件是网页格式（虽然后缀可能是 XLS），已读取其中的表格",)
    names = [f"表 {order}" for order in range(1, len(page.tables) + 1)] if page.tables[1:] else [""]
    return [
        Sheet(title, rows, (), book, spread(rows, merged))
        for title, (rows, merged) in zip(names, page.tables, strict=True)
    ]


def _text(name: str, content: bytes) -> str:
    """The page as text: in the encoding that it states, if it is one of the usual three."""
    stated = _CHARSET.search(content[:2000])
    if stated and stated[1].lower() in (b"gb2312", b"gbk", b"gb18030"):
        return content.decode("gb18030", "replace")
    return delimited.text(name, content)


class _Page(HTMLParser):
    """Collects tables: rows of texts, and first line, last line and column of cells over rows."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[tuple[list[list[Cell]], list[tuple[int, int, int]]]] = []
        self._spans: dict[int, int] = {}  # column to the lines below that are still covered
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "table" or (tag == "tr" and not self.tables):
            self.tables.append(([], []))
            self._spans = {}
        if tag == "tr":
            self._end_cell()
            self._spans = {column: left - 1 for column, left in self._spans.items() if left > 1}
            self.tables[-1][0].append([])
        elif tag in _CELLS and self.tables and self.tables[-1][0]:
            self._start_cell(dict(attributes))
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in (*_CELLS, "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _start_cell(self, attributes: dict[str, str | None]) -> None:
        self._end_cell()
        rows, merged = self.tables[-1]
        row = rows[-1]
        while len(row) in self._spans:
            row.append("")
        across, down = (_span(attributes.get(name)) for name in ("colspan", "rowspan"))
        self._blanks = across - 1
        if down > 1:
            columns = range(len(row), len(row) + across)
            self._spans |= dict.fromkeys(columns, down)
            if across == 1:
                merged.append((len(rows) - 1, len(rows) + down - 2, len(row)))
        self._text = []

    def _end_cell(self) -> None:
        if self._text is not None:
            text = "".join(self._text).replace("\xa0", " ").strip()
            self.tables[-1][0][-1] += [text, *[""] * self._blanks]
            self._text = None


def _span(written: str | None) -> int:
    return min(int(written), _WIDEST) if written and written.isdecimal() and int(written) else 1
