"""Excel workbooks, XLSX and XLS, as sheets of cells."""

import io
import struct
from collections.abc import Sequence

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from loaders.errors import FileUnreadableError, ProtectedFileError
from loaders.formats.archives import Archive
from loaders.formats.sheet import MOST_ROWS, Cell, Sheet, spread
from loaders.formats.sheet_xml import Facts, facts

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = b"PK\x03\x04"

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream of a locked XLSX
_WORD = "WordDocument".encode("utf-16-le")
_START = (bytes.fromhex("0908100000060500"), bytes.fromhex("0908080000050500"))  # 97 on, and 95
_KEY, _FIRST_RECORDS = 0x2F, 4  # the record FILEPASS, and how soon it must come
_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le")
_MOST_CELLS = 30_000_000  # the reader takes 32 bytes for each, blank or not
_RESAVE = "请用 Excel 或 WPS 另存为 XLSX 后重新导入"


def sheets(name: str, content: bytes) -> list[Sheet]:
    """Visible sheets of a workbook; hidden ones, macros and the like are told in the notes.

    Raises `FileUnreadableError` or `ProtectedFileError`.
    """
    if content.startswith(OLE):
        if _ENCRYPTED in content or _has_key(content):
            raise _locked(name)
        if _WORD in content:
            raise FileUnreadableError(f"文件“{name}”是 Word 文档，不是表格。{_RESAVE}")
    known = _inspected(name, content) if content.startswith(ZIP) else {}
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        tables = [m for m in workbook.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
        visible = [m.name for m in tables if m.visible == SheetVisibleEnum.Visible]
        book = _book(content, [m.name for m in tables if m.name not in visible])
        return [
            _sheet(name, workbook.get_sheet_by_name(title), known.get(title), book)
            for title in visible
        ]
    except PasswordError as error:
        raise _locked(name) from error
    except CalamineError as error:
        text = f"文件“{name}”已损坏或不是 Excel 工作簿。{_RESAVE}"
        raise FileUnreadableError(text) from error


def _has_key(content: bytes) -> bool:
    """Whether an XLS is encrypted: the reader would only say that it knows no such format."""
    place = max(map(content.find, _START))
    for _ in range(_FIRST_RECORDS if place >= 0 else 0):
        record = content[place : place + 4]
        if len(record) < 4:
            return False
        kind, size = struct.unpack("<HH", record)
        if kind == _KEY:
            return True
        place += 4 + size
    return False


def _inspected(name: str, content: bytes) -> dict[str, Facts]:
    """Facts of each sheet of an XLSX. Raises `FileUnreadableError` where one is too large."""
    archive = Archive(name, content)
    uncomputed = archive.uncomputed()
    found = {}
    for title, member in archive.sheets().items():
        if member in archive:
            found[title] = facts(archive.read(member), _MOST_CELLS, uncomputed)
            _check_size(name, title, found[title].rows, found[title].columns)
    return found


def _check_size(name: str, title: str, rows: int, columns: int) -> None:
    if rows * columns > _MOST_CELLS:
        raise FileUnreadableError(
            f"文件“{name}”的工作表“{title}”一直用到第 {rows} 行、第 {columns} 列，"
            "远处可能有多余的内容。请把有数据的行列复制到新的工作簿，另存后重新导入"
        )


def _book(content: bytes, hidden: Sequence[str]) -> tuple[str, ...]:
    said = []
    if hidden:
        names = "、".join(f"“{title}”" for title in hidden)
        said.append(f"有 {len(hidden)} 张隐藏的工作表没有读取：{names}；如需导入，请先取消隐藏")
    if b"xl/vbaProject.bin" in content or (content.startswith(OLE) and _MACROS in content):
        said.append("文件带有宏，宏没有运行，只读取了单元格里的内容")
    return tuple(said)


def _sheet(name: str, opened: CalamineSheet, known: Facts | None, book: tuple[str, ...]) -> Sheet:
    _check_size(name, opened.name, opened.total_height, opened.total_width)
    if opened.total_height > MOST_ROWS:
        raise FileUnreadableError(
            f"文件“{name}”的工作表“{opened.name}”有 {opened.total_height:,} 行，"
            f"超过 {MOST_ROWS:,} 行，请按县区或月份拆成几个文件后分别导入"
        )
    rows = opened.to_python(skip_empty_area=False)
    lost = known.lost if known else {}
    _restore(rows, lost)
    down = [  # wider ones are titles and group headings
        (top, bottom, left)
        for (top, left), (bottom, right) in opened.merged_cell_ranges or []
        if left == right and bottom > top
    ]
    merges = spread(rows, down)
    return Sheet(opened.name, rows, tuple(_notes(known, lost)), book, merges)


def _restore(rows: list[list[Cell]], lost: dict[tuple[int, int], str]) -> None:
    """Write into `rows` what the reader left blank: errors, and formulas without a result."""
    for (line, column), said in lost.items():
        rows.extend([] for _ in range(line + 1 - len(rows)))
        rows[line].extend([""] * (column + 1 - len(rows[line])))
        rows[line][column] = said


def _notes(known: Facts | None, lost: dict[tuple[int, int], str]) -> list[str]:
    said = []
    if known and known.hidden_rows:
        said.append(f"有 {known.hidden_rows} 行是隐藏的，也一并读取")
    if known and known.hidden_columns:
        said.append(f"有 {known.hidden_columns} 列是隐藏的，也一并读取")
    formulas = sum(text.startswith("=") for text in lost.values())
    if formulas:
        said.append(
            f"有 {formulas} 个公式没有算出结果，未当作 0。请在 Excel 里打开、重新计算并保存后再导入"
        )
    if len(lost) > formulas:
        said.append(f"有 {len(lost) - formulas} 个单元格是出错的公式（如 #N/A），没有采用")
    return said


def _locked(name: str) -> ProtectedFileError:
    return ProtectedFileError(f"文件“{name}”设了密码，打不开。请取消密码后重新导入")
