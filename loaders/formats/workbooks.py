"""Excel workbooks, XLSX and XLS, as sheets of cells."""

from collections.abc import Iterator, Sequence

from loaders.formats import calamine_reader, number_formats, xls_biff
from loaders.formats.cell_sheet import MOST_CELLS, MOST_ROWS, Cell, Sheet, spread, unseen
from loaders.formats.untrusted_zip import RefusedZipError
from loaders.formats.xlsx_package import XlsxPackage
from loaders.formats.xlsx_xml import Facts, facts, named_size
from store.errors import FileUnreadableError, ProtectedFileError

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = b"PK\x03\x04"

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream of a locked XLSX
_WORD = "WordDocument".encode("utf-16-le")
_XLS_MACROS, _XLSX_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le"), b"xl/vbaProject.bin"
_MOST_COLUMNS = 256  # of an XLS: a cell beyond is none
_MOST_LONG = 10_000_000  # bytes of the long texts that the cells of an XLSX name
_RESAVE = "请用 Excel 或 WPS 另存为 XLSX 后重新导入"
_BROKEN = f"已损坏或不是 Excel 工作簿。{_RESAVE}"
_BEYOND = (
    "里有大得不可能的日期或时长（Excel 里显示为一串“#”），没有打开。"
    "请把这些单元格改成正确的日期，或改成文本，再重新导入"
)
_LOCKED = "设了密码，打不开。请取消密码后重新导入"
_FROM_1904 = (
    "从 1904 年起计算日期（苹果电脑上旧版 Excel 的设置），日期可能差四年，"
    "没有打开。请在 Excel 里另存为 CSV，核对其中的日期后导入 CSV"
)


def sheets(content: bytes) -> list[Sheet]:
    """Visible sheets of a workbook; their notes name hidden sheets, macros and the like.

    Raises `FileUnreadableError` or `ProtectedFileError`.
    """
    old = content.startswith(OLE)
    if old and _ENCRYPTED in content:
        raise ProtectedFileError(_LOCKED)
    if old and _WORD in content:
        raise FileUnreadableError(f"是 Word 文档，不是表格。{_RESAVE}")
    try:
        inspected = _xls_facts(content) if old else _xlsx_facts(content)
        hidden, tables = calamine_reader.tables(content, MOST_CELLS)
    except RefusedZipError as error:
        raise FileUnreadableError(_BROKEN) from error
    except calamine_reader.ReadError as error:
        why, *where = error.args
        if why == "locked":
            raise ProtectedFileError(_LOCKED) from error
        if why == "beyond":
            raise FileUnreadableError(_BEYOND) from error
        raise (_large(*where) if where else FileUnreadableError(_BROKEN)) from error
    notes = _book(hidden, (_XLS_MACROS if old else _XLSX_MACROS) in content)
    return [
        _sheet(table, inspected.get(table.place if old else table.name, Facts()), notes)
        for table in tables
    ]


def _xls_facts(content: bytes) -> dict[str | int, Facts]:
    """Facts of each sheet of an XLS by its place."""
    book = xls_biff.book(content)
    if book.locked:  # the reader would only say that it knows no such format
        raise ProtectedFileError(_LOCKED)
    if book.from_1904:
        raise FileUnreadableError(_FROM_1904)
    if any(sheet.columns > _MOST_COLUMNS for sheet in book.sheets):
        raise FileUnreadableError(_BROKEN)
    return dict(enumerate(book.sheets))


def _xlsx_facts(content: bytes) -> dict[str | int, Facts]:
    """Facts of each visible sheet of an XLSX by its name, if they are not too large together."""
    package = XlsxPackage(content)
    if package.from_1904:
        raise FileUnreadableError(_FROM_1904)
    share = MOST_CELLS // max(1, len(package.sheets))
    left, text_left = MOST_CELLS, _MOST_LONG
    inspected: dict[str | int, Facts] = {}
    for title, member in package.sheets.items():
        xml = package.read(member)
        inspected[title] = sheet = facts(
            xml, share, package.uncomputed, package.styles, package.struck_texts
        )
        left -= sheet.rows * sheet.columns
        text_left -= named_size(xml, package.long_texts)
        if left < 0:
            raise _large(title, sheet.rows, sheet.columns)
        if text_left < 0:
            raise FileUnreadableError(
                f"的工作表“{title}”里，很长的文字合计超过 {_MOST_LONG // 1_000_000} MB，不像正常的"
                "表格，没有打开。请删去或缩短这些单元格，再重新导入"
            )
    return inspected


def _book(hidden: Sequence[str], macros: bool) -> tuple[str, ...]:
    """Notes on the whole file."""
    notes = []
    if hidden:
        names = "、".join(f"“{title}”" for title in hidden)
        notes.append(f"有 {len(hidden)} 张隐藏的工作表没有读取：{names}；如需导入，请先取消隐藏")
    if macros:
        notes.append("文件带有宏，宏没有运行，只读取了单元格里的内容")
    return tuple(notes)


def _sheet(table: calamine_reader.Table, inspected: Facts, book: tuple[str, ...]) -> Sheet:
    """A table with what the reader left blank: errors, and formulas without a result."""
    rows = table.rows
    if len(rows) > MOST_ROWS:
        raise FileUnreadableError(
            f"的工作表“{table.name}”有 {len(rows):,} 行，"
            f"超过 {MOST_ROWS:,} 行，请按县区或月份拆成几个文件后分别导入"
        )
    for (line, column), content in inspected.lost.items():
        rows.extend([] for _ in range(line + 1 - len(rows)))
        rows[line].extend([""] * (column + 1 - len(rows[line])))
        rows[line][column] = content
    down = [
        (top, bottom, left, right > left)
        for top, left, bottom, right in table.merged
        if bottom > top
    ]
    struck = [line for line, column in inspected.struck if _cell(rows, line, column) != ""]
    shown = {
        (line, column): text
        for (line, column), code in inspected.formats.items()
        if (text := number_formats.shown(code, _cell(rows, line, column)))
    }
    divided = frozenset(
        place
        for place, code in inspected.formats.items()
        if number_formats.divides(code) and isinstance(_cell(rows, *place), (int, float))
    )
    hidden = inspected.hidden_rows, inspected.hidden_columns
    notes = (*unseen(*hidden, struck), *_notes(inspected))
    return Sheet(table.name, rows, notes, book, spread(rows, down), shown=shown, divided=divided)


def _cell(rows: list[list[Cell]], line: int, column: int) -> Cell:
    return rows[line][column] if line < len(rows) and column < len(rows[line]) else ""


def _notes(inspected: Facts) -> Iterator[str]:
    formulas = [place for place, text in inspected.lost.items() if text.startswith("=")]
    errors = inspected.lost.keys() - set(formulas)
    if formulas:
        yield (
            f"有 {len(formulas)} 个公式没有算出结果（首个在{_place(min(formulas))}），未当作 0。"
            "请在 Excel 里打开、重新计算并保存后再导入"
        )
    if errors:
        first = min(errors)
        where = f"首个在{_place(first)}：{inspected.lost[first]}"
        yield f"有 {len(errors)} 个单元格是出错的公式（{where}），没有采用"


def _place(cell: tuple[int, int]) -> str:
    return f"第 {cell[0] + 1} 行第 {cell[1] + 1} 列"


def _large(title: str, rows: int, columns: int) -> FileUnreadableError:
    return FileUnreadableError(
        f"超过 {MOST_CELLS:,} 格：工作表“{title}”一直用到第 {rows} 行、"
        f"第 {columns} 列，远处可能有多余的内容。请把有数据的行列复制到新的工作簿，"
        "或按县区、月份拆成几个文件，再重新导入"
    )
