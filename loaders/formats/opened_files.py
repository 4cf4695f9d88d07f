"""Files as senders send them: CSV, XLSX or XLS, opened as sheets of cells.

The first bytes of a file tell its format; its name is not trusted.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from loaders.formats import (
    decoding,
    delimited,
    html_tables,
    mended_cells,
    reading_process,
    workbooks,
)
from loaders.formats.cell_sheet import Sheet
from store.errors import EmptyFileError, FileUnreadableError, IntakeError

_LARGEST = 200_000_000  # bytes: 300,000 rows take about 20 MB as XLSX

_OTHERS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG 图片",
    b"\xff\xd8\xff": "JPG 图片",
    b"GIF8": "GIF 图片",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"\x1f\x8b": "GZ 压缩包",
    b"{\\rtf": "RTF 文档",
    b"MIME-Version:": "单个文件网页（MHT）",
}
_WIDEST = 1_000  # columns of a sheet: a monthly table of all indicators has about a hundred
_TOP = 4_000  # characters in which the namespace of a file stands
_SPREADSHEETML = "urn:schemas-microsoft-com:office:spreadsheet"
_RESAVE = "请用 Excel 或 WPS 打开后另存为 XLSX，再重新导入"


@dataclass(frozen=True)
class SentFile:
    """A file as it came: its name, without a folder and of any length, and its content."""

    name: str
    content: bytes


def taken(path: Path) -> SentFile:
    """The file at `path`. Raises `FileUnreadableError`."""
    try:
        _check_size(path.name, path.stat().st_size)
        return SentFile(_written_name(path), path.read_bytes())
    except FileNotFoundError as error:
        raise FileUnreadableError(f"找不到文件“{path}”，请核对路径") from error
    except OSError as error:
        raise FileUnreadableError(f"文件“{path}”打不开（{error.strerror}）") from error


def _written_name(path: Path) -> str:
    """Name of a file, though it may come from a disk that writes names in GBK."""
    try:
        return path.name.encode().decode()
    except UnicodeEncodeError:
        return os.fsencode(path.name).decode("gb18030", "replace")


def _check_size(name: str, size: int) -> None:
    if size > _LARGEST:
        raise FileUnreadableError(
            f"文件“{name}”有 {size / 1e6:.0f} MB，超过 {_LARGEST / 1e6:.0f} MB，没有打开。"
            "请删去图片和多余的工作表，或按县区、月份拆成几个文件后分别导入"
        )


def sheets(file: SentFile | Path) -> list[Sheet]:
    """Visible sheets of a file that have any cell; a CSV has one sheet, without a name.

    Raises an `IntakeError` that says what to do for a file that cannot be read.
    """
    if isinstance(file, Path):
        file = taken(file)
    _check_size(file.name, len(file.content))
    try:
        return reading_process.read(cells, file.content)
    except IntakeError as error:
        raise type(error)(f"文件“{file.name}”{error}") from error


def cells(content: bytes) -> list[Sheet]:
    """The same of the content of a file, read in this process.

    The message of an error follows on the name of the file.
    """
    if not content.strip():
        raise EmptyFileError("是空的，请核对后重新导入")
    opened = list(map(mended_cells.mended, _opened(content)))
    for sheet in opened:
        _check_width(sheet)
    full = [sheet for sheet in opened if any(any(cell != "" for cell in r) for r in sheet.rows)]
    if not full:
        hidden = "".join(f"（{note}）" for sheet in opened[:1] for note in sheet.book)
        raise EmptyFileError(f"里没有任何内容{hidden}，请核对后重新导入")
    return full


def _check_width(sheet: Sheet) -> None:
    """Refuse a sheet that a person cannot check column by column."""
    width = max(map(len, sheet.rows), default=0)
    if width <= _WIDEST:
        return
    far = (any(cell != "" for cell in row[_WIDEST:]) for row in sheet.rows)
    line = next((line for line, beyond in enumerate(far, 1) if beyond), 0)
    if line:
        where = f"的工作表“{sheet.name}”" if sheet.name else ""
        raise FileUnreadableError(
            f"{where}有 {width:,} 列，超过 {_WIDEST:,} 列（第 {line} 行），没有打开。"
            "远处可能有多余的内容，请把有数据的列复制到新的文件再导入"
        )


def _opened(content: bytes) -> list[Sheet]:
    if content.startswith((workbooks.ZIP, workbooks.OLE)):
        return workbooks.sheets(content)
    for magic, kind in _OTHERS.items():
        if content.startswith(magic):
            raise FileUnreadableError(f"是{kind}，不是表格。{_RESAVE}")
    written = decoding.text(content)
    if _SPREADSHEETML in written[:_TOP]:
        raise FileUnreadableError(f"是 XML 表格 2003（后缀可能是 XLS），不能直接读取。{_RESAVE}")
    if html_tables.is_page(written):
        return html_tables.sheets(written)
    splitter, rows = delimited.lines(written)
    return [Sheet("", rows, splitter=splitter)]
