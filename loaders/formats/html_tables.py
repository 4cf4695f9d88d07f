"""Tables of a web page: banks' systems export such files as XLS, and Excel opens them."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from loaders.formats.cell_sheet import MOST_CELLS, MOST_ROWS, Cell, Sheet, spread
from loaders.formats.decoding import text
from store.errors import FileUnreadableError

_PAGE = re.compile(rb"\s*(?:<!doctype html|<html|<head|<meta|<style|<table)", re.IGNORECASE)
_CELLS = ("td", "th")
_WIDEST = 1_000  # columns or rows that one cell may span


def is_page(content: bytes) -> bool:
    """Whether a file begins like a web page."""
    return bool(_PAGE.match(content.removeprefix(b"\xef\xbb\xbf")))


def sheets(content: bytes) -> list[Sheet]:
    """A sheet for each table of a page. Raises `FileUnreadableError` where there is none."""
    page = _Page()
    page.feed(text(content))
    page.close()
    tables = [table for table in page.tables if table.rows]
    if not tables:
        raise FileUnreadableError(
            "是网页，里面没有表格。请用 Excel 或 WPS 打开后另存为 XLSX，再重新导入"
        )
    if any(len(table.rows) > MOST_ROWS for table in tables):
        raise FileUnreadableError(f"超过 {MOST_ROWS:,} 行，请按县区或月份拆成几个文件后分别导入")
    book = ("文件是网页格式（虽然后缀可能是 XLS），已读取其中的表格",)
    names = [f"表 {order}" for order in range(1, len(tables) + 1)] if tables[1:] else [""]
    return [
        Sheet(title, table.rows, (), book, spread(table.rows, table.merged))
        for title, table in zip(names, tables, strict=True)
    ]


@dataclass
class _Table:
    """A table while it is read, with the cell that is open."""

    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[tuple[int, int, int, bool]] = field(default_factory=list)  # as `spread` takes
    spans: dict[int, int] = field(default_factory=dict)  # column to lines below still covered
    text: list[str] | None = None
    blanks: int = 0  # columns that the open cell covers besides its own

    def start_row(self) -> None:
        self.end_cell()
        self.spans = {column: left - 1 for column, left in self.spans.items() if left > 1}
        self.rows.append([])

    def start_cell(self, across: int, down: int) -> int:
        """Count of cells taken, those covered by cells above among them."""
        self.end_cell()
        row = self.rows[-1]
        before = len(row)
        while len(row) in self.spans:
            row.append("")
        self.blanks = across - 1
        if down > 1:
            self.spans |= dict.fromkeys(range(len(row), len(row) + across), down)
            line = len(self.rows) - 1
            self.merged.append((line, line + down - 1, len(row), across > 1))
        self.text = []
        return len(row) - before + across * down

    def end_cell(self) -> None:
        if self.text is not None:
            content = "".join(self.text).replace("\xa0", " ").strip()
            self.rows[-1] += [content, *[""] * self.blanks]
            self.text = None


class _Page(HTMLParser):
    """The tables of a page; one within a cell of another is a table of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._cells = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "table" or (tag == "tr" and not self._open):
            self.tables.append(_Table())
            self._open.append(self.tables[-1])
        if not self._open:
            return
        table = self._open[-1]
        if tag == "tr":
            table.start_row()
        elif tag in _CELLS and table.rows:
            stated = dict(attributes)
            across, down = (_span(stated.get(name)) for name in ("colspan", "rowspan"))
            self._cells += table.start_cell(across, down)
            if self._cells > MOST_CELLS:
                raise FileUnreadableError(
                    f"的表格超过 {MOST_CELLS:,} 格，没有打开。请按县区或月份拆成几个文件后分别导入"
                )
        elif tag == "br" and table.text is not None:
            table.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag in (*_CELLS, "tr", "table"):
            self._open[-1].end_cell()
            if tag == "table":
                self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].text is not None:
            self._open[-1].text.append(data)


def _span(written: str | None) -> int:
    return min(int(written), _WIDEST) if written and written.isdecimal() and int(written) else 1
