"""Excel workbooks, XLSX and XLS, as sheets of cells."""

import struct
from collections.abc import Sequence

from loaders.formats import calamine_reader, xls_biff
from loaders.formats.archives import Archive
from loaders.formats.cell_sheet import MOST_CELLS, MOST_ROWS, Cell, Sheet, spread
from loaders.formats.xlsx_xml import Facts, facts
from store.errors import FileUnreadableError, ProtectedFileError

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = b"PK\x03\x04"

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream of a locked XLSX
_WORD = "WordDocument".encode("utf-16-le")
_START = (bytes.fromhex("0908100000060500"), bytes.fromhex("0908080000050500"))  # 97 on, and 95
_KEY, _FIRST_RECORDS = 0x2F, 4  # the record FILEPASS, and how soon it must come
_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le")
_MOST_COLUMNS = 256  # of an XLS: a cell beyond is none
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
    try:
        return _old(name, content) if content.startswith(OLE) else _new(name, content)
    except calamine_reader.LockedError as error:
        raise _locked(name) from error
    except calamine_reader.BrokenError as error:
        raise _broken(name) from error
    except calamine_reader.LargeError as error:
        raise _large(name, *error.args) from error


def _new(name: str, content: bytes) -> list[Sheet]:
    """Sheets of an XLSX."""
    known = _inspected(name, content)
    workbook = calamine_reader.opened(content)
    book = _book(calamine_reader.hidden(workbook), b"xl/vbaProject.bin" in content)
    return [
        _sheet(name, table, known.get(table.name), book)
        for table in calamine_reader.tables(workbook, MOST_CELLS)
    ]


def _old(name: str, content: bytes) -> list[Sheet]:
    """Sheets of an XLS."""
    known = xls_biff.book(content)
    if known and known.from_1904:
        raise _from_1904(name)
    if known and any(sheet.columns > _MOST_COLUMNS for sheet in known.sheets):
        raise _broken(name)
    hidden, tables = calamine_reader.old(content, MOST_CELLS)
    book = _book(hidden, _MACROS in content)
    facts = dict(enumerate(known.sheets)) if known else {}
    return [_sheet(name, table, facts.get(table.place), book) for table in tables]


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
    """Facts of each visible sheet of an XLSX.

    Raises `FileUnreadableError` where they are too large together, or count days from 1904.
    """
    archive = Archive(name, content)
    if archive.from_1904():
        raise _from_1904(name)
    uncomputed = archive.uncomputed()
    members = {title: part for title, part in archive.sheets().items() if part in archive}
    share = MOST_CELLS // max(1, len(members))
    found = {}
    for title, member in members.items():
        found[title] = facts(archive.read(member), share, uncomputed)
        if sum(known.rows * known.columns for known in found.values()) > MOST_CELLS:
            raise _large(name, title, found[title].rows, found[title].columns)
    return found


def _book(hidden: Sequence[str], macros: bool) -> tuple[str, ...]:
    said = []
    if hidden:
        names = "、".join(f"“{title}”" for title in hidden)
        said.append(f"有 {len(hidden)} 张隐藏的工作表没有读取：{names}；如需导入，请先取消隐藏")
    if macros:
        said.append("文件带有宏，宏没有运行，只读取了单元格里的内容")
    return tuple(said)


def _sheet(
    name: str, table: calamine_reader.Table, known: Facts | None, book: tuple[str, ...]
) -> Sheet:
    rows = table.rows
    if len(rows) > MOST_ROWS:
        raise FileUnreadableError(
            f"文件“{name}”的工作表“{table.name}”有 {len(rows):,} 行，"
            f"超过 {MOST_ROWS:,} 行，请按县区或月份拆成几个文件后分别导入"
        )
    lost = known.lost if known else {}
    _restore(rows, lost)
    down = [
        (top, bottom, left, right > left)
        for top, left, bottom, right in table.merged
        if bottom > top
    ]
    merges = spread(rows, down)
    return Sheet(table.name, rows, tuple(_notes(known, lost)), book, merges)


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
    formulas = [place for place, text in lost.items() if text.startswith("=")]
    errors = [place for place in lost if place not in set(formulas)]
    if formulas:
        said.append(
            f"有 {len(formulas)} 个公式没有算出结果（首个在{_place(min(formulas))}），未当作 0。"
            "请在 Excel 里打开、重新计算并保存后再导入"
        )
    if errors:
        first = min(errors)
        where = f"首个在{_place(first)}：{lost[first]}"
        said.append(f"有 {len(errors)} 个单元格是出错的公式（{where}），没有采用")
    return said


def _place(cell: tuple[int, int]) -> str:
    return f"第 {cell[0] + 1} 行第 {cell[1] + 1} 列"


def _large(name: str, title: str, rows: int, columns: int) -> FileUnreadableError:
    return FileUnreadableError(
        f"文件“{name}”超过 {MOST_CELLS:,} 格：工作表“{title}”一直用到第 {rows} 行、"
        f"第 {columns} 列，远处可能有多余的内容。请把有数据的行列复制到新的工作簿，"
        "或按县区、月份拆成几个文件，再重新导入"
    )


def _broken(name: str) -> FileUnreadableError:
    return FileUnreadableError(f"文件“{name}”已损坏或不是 Excel 工作簿。{_RESAVE}")


def _from_1904(name: str) -> FileUnreadableError:
    return FileUnreadableError(
        f"文件“{name}”从 1904 年起计算日期（苹果电脑上旧版 Excel 的设置），日期可能差四年，"
        "没有打开。请在 Excel 里另存为 CSV，核对其中的日期后导入 CSV"
    )


def _locked(name: str) -> ProtectedFileError:
    return ProtectedFileError(f"文件“{name}”设了密码，打不开。请取消密码后重新导入")
