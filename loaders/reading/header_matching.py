"""Which column is which: headers as senders write them, matched to the columns we know."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from loaders.formats.cell_sheet import Cell, Sheet
from loaders.kinds import KINDS
from loaders.reading.column_names import POINTS, Header, label, matches, missing
from loaders.reading.header_rows import TITLE_ROWS, Top, below, remarks, top, widest
from loaders.reading.traditional_characters import simplified
from store.errors import HeaderError, MissingColumnError, UnsureKindError

HOW = {
    "confirmed": "按已确认的对照",
    "exact": "按列名",
    "close": "按相近列名",
    "repeated": "重复，未用",
    "ignored": "未用",
}

_QUOTED, _CELLS = 30, 30  # characters of a cell, and cells of a row, that an error quotes
_PLACES = ("address", "county", "town")
_TABLE = 2  # known columns that make a sheet a table, and not one of remarks


@dataclass(frozen=True)
class Layout:
    """Where the table stands in a sheet, and what its columns mean.

    `header_row` is the last line of the header, from 0; the header has `header_rows` lines, one or
    two. `columns` maps our column to its position; the value columns of a wide indicators file
    are ``indicator:<indicator_id>``. `headers` has one row a header: header, column, label, how (a
    key of `HOW`), position.
    """

    sheet: str
    kind: str
    header_row: int
    header_rows: int
    columns: dict[str, int]
    headers: pd.DataFrame

    @property
    def point_headers(self) -> list[str]:
        """Headers of the columns that are read as points."""
        return self.headers.loc[self.headers["column"].isin(POINTS), "header"].tolist()

    def written(self, column: str) -> str:
        """What the sender calls our `column`; our own label if the sender has no such column."""
        named = self.headers.loc[self.headers["column"] == column, "header"]
        return label(self.kind, column) if named.empty else named.iloc[0]


def layouts(
    sheets: Sequence[Sheet],
    kind: str | None,
    file: str,
    confirmed: Mapping[str, str] | None = None,
    only: Collection[str] | None = None,
) -> list[tuple[Layout, Sheet]]:
    """The first sheet with a table of `kind` (any kind if None), and every other of its shape.

    Sheets have one shape when they have the same headers. `confirmed` is what a person confirmed:
    header as shown to our column, '' for unused. `only` restricts to the sheets of these names.
    The `notes` of the first sheet returned also say what is true of the whole file, and which
    sheets were not read. Raises `HeaderError`, `MissingColumnError` or `UnsureKindError`, quoting
    the headers of `file`.
    """
    confirmed, kinds = confirmed or {}, [kind] if kind else list(KINDS)
    wanted = [sheet for sheet in sheets if only is None or sheet.name in only]
    if not wanted:
        names = "、".join(f"“{sheet.name}”" for sheet in sheets)
        raise HeaderError(f"文件“{file}”里没有所选的工作表，现有：{names}。请重新选择工作表")
    tops = [top(sheet, kinds, confirmed) for sheet in wanted]
    first, first_top = _first(wanted, tops, kinds, file)
    layout = _layout(first, first_top, kinds, file, confirmed)
    found, unread = [(layout, _remarked(layout, first))], []
    for sheet, head in zip(wanted, tops, strict=True):
        if sheet is first:
            continue
        if head is None or head.score < min(_TABLE, first_top.score):
            unread.append(f"工作表“{sheet.name}”{_no_table(sheet)}")
        elif why := _unlike(sheet, head, first_top, first):
            unread.append(f"工作表“{sheet.name}”{why}")
        else:
            alike = _layout(sheet, head, [layout.kind], file, confirmed)
            found.append((alike, _remarked(alike, sheet)))
    unwanted = [] if only is None else [sheet.name for sheet in sheets if sheet.name not in only]
    unread += [f"工作表“{name}”未选，没有读取" for name in unwanted]
    sheet = found[0][1]
    found[0] = (layout, replace(sheet, notes=(*sheet.book, *sheet.notes, *unread)))
    return found


def guess(sheets: Sequence[Sheet], kind: str | None) -> tuple[Layout, Sheet]:
    """The likeliest table, its columns as far as they are understood; a person confirms the rest.

    Where no header is known, the line with the most cells of text is taken for the header.
    """
    kinds = [kind] if kind else list(KINDS)
    heads = [top(sheet, kinds, {}) or widest(sheet) for sheet in sheets]
    place = max(range(len(heads)), key=lambda i: (heads[i].score, -i))
    matched = {kind: matches(heads[place].headers, kind, {}) for kind in kinds}
    best = max(kinds, key=lambda kind: int(matched[kind]["column"].notna().sum()))
    found = matched[best]
    doubted = found["problem"].notna()
    found.loc[doubted, ["column", "label", "how"]] = [None, None, "ignored"]
    layout = _laid_out(sheets[place].name, best, heads[place], found)
    return layout, below(sheets[place], layout.header_row)


def table(sheets: Sequence[Sheet], kinds: Sequence[str], file: str) -> tuple[Sheet, int]:
    """The first sheet that has a header row of one of `kinds`, and the position of that row.

    Raises `HeaderError` when no sheet has one.
    """
    sheet, head = _first(sheets, [top(sheet, kinds, {}) for sheet in sheets], kinds, file)
    return sheet, head.row


def positions(headers: Sequence[str], kind: str) -> dict[str, int]:
    """Positions of the columns of `kind` that `headers` name exactly."""
    found = matches([Header(header, (header,)) for header in headers], kind, {})
    exact = found[(found["how"] == "exact") & found["column"].notna()]
    return dict(zip(exact["column"], exact.index.tolist(), strict=True))


def _first(
    sheets: Sequence[Sheet], tops: Sequence[Top | None], kinds: Sequence[str], file: str
) -> tuple[Sheet, Top]:
    """The first sheet with a table and its header; one that names a single column comes last.

    A sheet whose table has no rows yet comes after those that have.
    """
    named = [(sheet, head) for sheet, head in zip(sheets, tops, strict=True) if head]
    tables = [(sheet, head) for sheet, head in named if head.score >= _TABLE] or named
    full = [(sheet, head) for sheet, head in tables if _rows(sheet, head)]
    if tables:
        return (full or tables)[0]
    quoted = _quoted(next(row for row in sheets[0].rows if any(cell != "" for cell in row)))
    known = "、".join(KINDS[kinds[0]].labels.values())
    raise HeaderError(
        f"文件“{file}”的前 {TITLE_ROWS} 行里找不到表头，首行是：{quoted}。"
        f"请在数据上方写明列名，例如：{known}"
    )


def _no_table(sheet: Sheet) -> str:
    """Why a sheet without a table that is known is not read."""
    count = sum(any(str(cell).strip() for cell in row) for row in sheet.rows)
    return f"里没有认得的表格{f'（有 {count} 行内容）' if count > 1 else ''}，没有读取"


def _unlike(sheet: Sheet, head: Top, first: Top, other: Sheet) -> str | None:
    """Why a sheet is not read together with the first one; None where it is."""
    if {header.shown for header in head.headers} != {header.shown for header in first.headers}:
        why = f"的列与“{other.name}”不同（有 {_rows(sheet, head)} 行）"
        return f"{why}，没有读取，可单独选它再导入一次"
    return None if _rows(sheet, head) else "只有表头，没有数据，没有读取"


def _rows(sheet: Sheet, head: Top) -> int:
    """Number of rows below a header that hold anything."""
    return sum(any(str(cell).strip() for cell in row) for row in sheet.rows[head.row + 1 :])


def _layout(
    sheet: Sheet, head: Top, kinds: Sequence[str], file: str, confirmed: Mapping[str, str]
) -> Layout:
    matched = {kind: matches(head.headers, kind, confirmed) for kind in kinds}
    complete = [kind for kind in kinds if not missing(kind, matched[kind])]
    sizes = {kind: int(matched[kind]["column"].notna().sum()) for kind in complete or kinds}
    best = [kind for kind, size in sizes.items() if size == max(sizes.values())]
    found = matched[best[0]]
    problems = found["problem"].dropna()
    quoted = _quoted([header.shown for header in head.headers])
    if len(best) == 1 and not problems.empty:
        raise HeaderError(f"文件“{file}”第 {head.row + 1} 行的表头：{problems.iloc[0]}")
    if not complete:
        lacking = "、".join(f"“{label}”" for label in missing(best[0], found))
        raise MissingColumnError(
            f"文件“{file}”按“{KINDS[best[0]].label}”读取时缺少必需的列 {lacking}；"
            f"第 {head.row + 1} 行的表头是：{quoted}。请补上这些列，或说明文件是哪一种",
            "--kind",
        )
    if len(best) > 1:
        labels = "、".join(KINDS[kind].label for kind in best)
        raise UnsureKindError(
            f"文件“{file}”分不清是{labels}中的哪一种，表头是：{quoted}。请说明是哪一种",
            f"--kind {'|'.join(best)}",
        )
    return _laid_out(sheet.name, best[0], head, found)


def _laid_out(sheet: str, kind: str, head: Top, found: pd.DataFrame) -> Layout:
    used = found.dropna(subset="column")
    places = dict(zip(used["column"], used.index.tolist(), strict=True))
    named = found.assign(position=found.index)[found["header"] != ""]
    named = named[["header", "column", "label", "how", "position"]]
    return Layout(sheet, kind, head.row, head.rows, places, named)


def _remarked(layout: Layout, sheet: Sheet) -> Sheet:
    """The sheet with its notes, its header's texts taken out of the data."""
    named = layout.headers["position"].tolist()
    notes = [*sheet.notes, *remarks(sheet, named, layout.header_row)]
    sheet = below(sheet, layout.header_row)
    spread = [merge.filled for merge in sheet.merges if merge.last > layout.header_row]
    filled, left = spread.count(True), spread.count(False)
    if filled:
        notes.append(f"{filled} 处上下合并的单元格，已把内容填到合并的每一行")
    if left:
        notes.append(f"{left} 处上下合并的数字只记在合并的第一行，其余各行视为空白")
    sheet, ids = _as_shown(layout, sheet)
    notes += ids
    if note := _traditional(layout, sheet):
        notes.append(note)
    where = f"工作表“{sheet.name}”" if sheet.name else ""
    return replace(sheet, notes=tuple(f"{where}{note}" for note in notes))


def _as_shown(layout: Layout, sheet: Sheet) -> tuple[Sheet, list[str]]:
    """The sheet with the ids and names that are numbers as they are shown, and a note on them."""
    types = KINDS[layout.kind].types
    texts = {place for name, place in layout.columns.items() if types.get(name) == "text"}
    found = {
        (line, place): written
        for (line, place), written in sheet.shown.items()
        if place in texts and line > layout.header_row
    }
    if not found:
        return sheet, []
    rows, (line, place) = list(sheet.rows), min(found)
    note = f"有 {len(found)} 个编号按单元格显示的样子读取，如“{found[line, place]}”"
    for (line, place), written in found.items():
        if rows[line] is sheet.rows[line]:
            rows[line] = list(rows[line])
        rows[line][place] = written
    return replace(sheet, rows=rows), [note]


def _traditional(layout: Layout, sheet: Sheet) -> str:
    """What is said of headers and places that are written in traditional characters."""
    places = [layout.columns[name] for name in _PLACES if name in layout.columns]
    cells = {row[place] for row in sheet.rows for place in places if place < len(row)}
    written = dict.fromkeys([*layout.headers["header"], *cells])
    found = [text for text in written if isinstance(text, str) and simplified(text) != text]
    if not found:
        return ""
    return f"列名和地址有 {len(found)} 种写法用了繁体字，如“{min(found)}”，已按简体理解"


def _quoted(cells: Sequence[Cell]) -> str:
    shown = [str(cell) for cell in cells if str(cell).strip()]
    some = [f"“{text[:_QUOTED]}{'…' if len(text) > _QUOTED else ''}”" for text in shown[:_CELLS]]
    return "、".join([*some, *(["…"] if len(shown) > _CELLS else [])]) or "（空白）"
