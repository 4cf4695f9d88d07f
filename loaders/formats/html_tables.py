"""Tables of a web page: banks' systems export such files as XLS, and Excel opens them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from loaders.formats.cell_sheet import MOST_CELLS, MOST_ROWS, Cell, Sheet, spread, unseen
from loaders.formats.html_pieces import CutPageError, attributes, pieces
from store.errors import FileUnreadableError

_TABLE, _CELL = (re.compile(f"<{tag}[\\s/>]", re.IGNORECASE) for tag in ("t(?:able|r)", "t[dh]"))
_PAGE = re.compile(
    r"\s*<(?:!doctype|!--|\?xml|/?(?:html|head|body|meta|title|link|base|div|span|center|form|font"
    r"|script|style|p|br|h\d|a|b|input)\b)",
    re.IGNORECASE,
)
_CELLS = ("td", "th")
_STRIKES = ("s", "strike", "del")
_CROSSED, _HIDDEN = "line-through", re.compile(r"display\s*:\s*none", re.IGNORECASE)
_MOST_TABLES = 1_000  # of a page
_WIDEST = 1_000  # columns or rows that one cell may span
_SPAN = re.compile(r"\s*(\d{1,6})")
_VALUES = ("x:num", "sdval")  # of a number, as Excel and LibreOffice write it beside what it shows
_SHOWN_NUMBER = re.compile(
    r"[^\w.+-]*[-+(]?(?:[1-9]\d{0,2}(?:,\d{3})+|0|[1-9]\d*)?(?:\.\d*)?(?:e[-+]?\d+)?%?[\s)]*",
    re.IGNORECASE,
)
_NO_ROOM = re.compile("#+")  # shown where a column is too narrow for its number
_ADVICE = "请用 Excel 或 WPS 打开后另存为 XLSX，再重新导入"


def is_page(written: str) -> bool:
    """Whether a text begins like a web page, or has a table of one anywhere."""
    return bool(_PAGE.match(written) or (_TABLE.search(written) and _CELL.search(written)))


def sheets(written: str) -> list[Sheet]:
    """A sheet for each table of a page. Raises `FileUnreadableError` where there is none."""
    try:
        found = list(_tables(written))
    except CutPageError as error:
        line = written.count("\n", 0, error.place) + 1
        raise FileUnreadableError(
            f"是网页，但没有写完：第 {line} 行的标记或注释没有结束，可能没有下载完整。"
            f"请重新导出，或{_ADVICE.removeprefix('请')}"
        ) from error
    tables = [table for table in found if table.rows]
    if not tables:
        raise FileUnreadableError(f"是网页，里面没有表格。{_ADVICE}")
    if any(len(table.rows) > MOST_ROWS for table in tables):
        raise FileUnreadableError(f"超过 {MOST_ROWS:,} 行，请按县区或月份拆成几个文件后分别导入")
    book = ("文件是网页格式（虽然后缀可能是 XLS），已读取其中的表格",)
    names = [f"表 {order}" for order in range(1, len(tables) + 1)] if tables[1:] else [""]
    return [
        Sheet(title, table.rows, tuple(table.notes()), book, spread(table.rows, table.merged))
        for title, table in zip(names, tables, strict=True)
    ]


@dataclass
class _Table:
    """A table while it is read, with the cell that is open.

    Lines and columns count from 0.
    """

    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[tuple[int, int, int, bool]] = field(default_factory=list)  # as `spread` takes
    spans: dict[int, int] = field(default_factory=dict)  # column to lines below still covered
    text: list[str] | None = None
    number: str = ""  # of the open cell, where it is stated beside the text
    blanks: int = 0  # columns that the open cell covers besides its own
    crossed: bool = False  # of the open cell: whether something in it is crossed out
    struck: set[int] = field(default_factory=set)  # lines with cells that are crossed out
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    within: list[tuple[int, int]] = field(default_factory=list)  # cells that hold another table

    def start_row(self, stated: Mapping[str, str]) -> None:
        self.end_cell()
        self.spans = {column: left - 1 for column, left in self.spans.items() if left > 1}
        self.rows.append([])
        if _is_hidden(stated):
            self.hidden_rows.add(len(self.rows) - 1)
        if _CROSSED in stated.get("style", ""):
            self.struck.add(len(self.rows) - 1)

    def start_cell(self, stated: Mapping[str, str]) -> int:
        """Count of cells taken, those covered by cells above among them."""
        self.end_cell()
        if not self.rows:
            self.start_row({})
        row = self.rows[-1]
        before = len(row)
        while len(row) in self.spans:
            row.append("")
        if _is_hidden(stated):
            self.hidden_columns.add(len(row))
        across, down = (_span(stated.get(name, "")) for name in ("colspan", "rowspan"))
        self.blanks = across - 1
        if down > 1:
            self.spans |= dict.fromkeys(range(len(row), len(row) + across), down)
            line = len(self.rows) - 1
            self.merged.append((line, line + down - 1, len(row), across > 1))
        self.number = next((stated[name] for name in _VALUES if stated.get(name)), "")
        self.text, self.crossed = [], _CROSSED in stated.get("style", "")
        return len(row) - before + across * down

    def add(self, tag: str, rest: str) -> None:
        """Take what stands in the open cell: a text, or the start of something within it."""
        if self.text is None:
            return
        if tag in ("", "br", "br/"):
            self.text.append(rest if tag == "" else "\n")
        elif tag in _STRIKES or _CROSSED in rest:
            self.crossed = True

    def end_cell(self) -> None:
        if self.text is not None:
            content = "".join(self.text).replace("\xa0", " ").strip()
            if self.crossed and content:
                self.struck.add(len(self.rows) - 1)
            self.rows[-1] += [_value(content, self.number), *[""] * self.blanks]
            self.text = None

    def take(self, inner: "_Table") -> None:
        """Take a table for the text of the open cell, if that has none and it can list nothing."""
        if self.text is None or "".join(self.text).strip():
            return
        if len(inner.rows) > 1 and max(map(len, inner.rows)) > 1:
            self.within.append((len(self.rows), len(self.rows[-1]) + 1))
            return
        lines = (" ".join(map(_shown, row)) for row in inner.rows)
        self.text.append("\n".join(lines))
        self.crossed |= bool(inner.struck)
        inner.rows.clear()

    def notes(self) -> Iterator[str]:
        """What a person does not see in the rows."""
        yield from unseen(len(self.hidden_rows), len(self.hidden_columns), self.struck)
        for line, column in self.within[:1]:
            yield (
                f"有 {len(self.within)} 个单元格里还有一张表（首个在第 {line} 行第 {column} 列），"
                "另作一张表读取，没有算作这一格的内容"
            )


def _tables(written: str) -> Iterator[_Table]:
    """The tables of a page.

    One within a cell of another is a table of its own. But where it has one row or column, and the
    cell nothing else, it is the text of the cell: its rows are cleared.
    """
    opened: list[_Table] = []
    tables = cells = 0
    for tag, rest in pieces(written):
        if tag == "table" or (tag == "tr" and not opened):
            opened.append(_Table())
            tables += 1
            if tables > _MOST_TABLES:
                raise FileUnreadableError(f"是网页，里面的表格超过 {_MOST_TABLES:,} 个。{_ADVICE}")
            yield opened[-1]
        if not opened:
            continue
        table = opened[-1]
        if tag == "tr":
            table.start_row(attributes(rest))
        elif tag in _CELLS:
            cells += table.start_cell(attributes(rest))
            if cells > MOST_CELLS:
                raise FileUnreadableError(
                    f"的表格超过 {MOST_CELLS:,} 格，没有打开。请按县区或月份拆成几个文件后分别导入"
                )
        elif tag in ("/td", "/th", "/tr", "/table"):
            table.end_cell()
            if tag == "/table":
                opened.pop()
                if opened:
                    opened[-1].take(table)
        else:
            table.add(tag, rest)
    for table in opened:
        table.end_cell()


def _is_hidden(stated: Mapping[str, str]) -> bool:
    return "hidden" in stated or bool(_HIDDEN.search(stated.get("style", "")))


def _shown(cell: Cell) -> str:
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)


def _span(written: str) -> int:
    found = _SPAN.match(written)
    return max(1, min(int(found[1]), _WIDEST)) if found else 1


def _value(shown: str, number: str) -> Cell:
    """What a cell holds: the number stated beside it, unless it is shown as more than a number.

    An id of 000001 and a day are read as they show.
    """
    if number and (_NO_ROOM.fullmatch(shown) or _SHOWN_NUMBER.fullmatch(shown)):
        try:
            return float(number)
        except ValueError:
            return shown
    return shown
