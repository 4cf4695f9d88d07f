"""Files as senders send them: CSV, XLSX or XLS, opened as sheets of cells.

What a file *is* is read from its first bytes; its name is not trusted.
"""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from loaders.errors import EmptyFileError, EncodingError, FileUnreadableError, ProtectedFileError

Cell = Any
"""What a sheet holds: str, float, int, bool, date, datetime, time or timedelta; '' if blank."""

_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream of a locked XLSX
_OTHERS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG 图片",
    b"\xff\xd8\xff": "JPG 图片",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf": "7z 压缩包",
    b"\x1f\x8b": "GZ 压缩包",
    b"{\\rtf": "RTF 文档",
}
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SPLITTERS = ",\t;"
_RESAVE = "请用 Excel 或 WPS 另存为 XLSX 后重新导入"


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[i]` is the line a person sees numbered i + 1. Rows may differ in length."""

    name: str
    rows: list[list[Cell]]


def sheets(path: Path) -> list[Sheet]:
    """Visible sheets of a file that have any cell; a CSV has one sheet, without a name."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise FileUnreadableError(f"找不到文件“{path}”，请核对路径") from error
    except OSError as error:
        raise FileUnreadableError(f"文件“{path}”打不开（{error.strerror}）") from error
    if not content.strip():
        raise EmptyFileError(f"文件“{path.name}”是空的，请核对后重新导入")
    if content.startswith((_ZIP, _OLE)):
        found = _workbook(path.name, content)
    else:
        found = [Sheet("", _lines(path.name, content))]
    found = [sheet for sheet in found if any(any(cell != "" for cell in r) for r in sheet.rows)]
    if not found:
        raise EmptyFileError(f"文件“{path.name}”里没有任何内容，请核对后重新导入")
    return found


def _workbook(name: str, content: bytes) -> list[Sheet]:
    if content.startswith(_OLE) and _ENCRYPTED in content:
        raise _locked(name)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [
            m.name for m in workbook.sheets_metadata if m.visible == SheetVisibleEnum.Visible
        ]
        return [
            Sheet(sheet, workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False))
            for sheet in visible
        ]
    except PasswordError as error:
        raise _locked(name) from error
    except CalamineError as error:
        text = f"文件“{name}”已损坏或不是 Excel 工作簿。{_RESAVE}"
        raise FileUnreadableError(text) from error


def _locked(name: str) -> ProtectedFileError:
    return ProtectedFileError(f"文件“{name}”设了密码，打不开。请取消密码后重新导入")


def _lines(name: str, content: bytes) -> list[list[str]]:
    text = _text(name, content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_splitter(text))
    try:
        return list(reader)
    except csv.Error as error:
        text = f"文件“{name}”第 {reader.line_num} 行不成表格（{error}）。{_RESAVE}"
        raise FileUnreadableError(text) from error


def _text(name: str, content: bytes) -> str:
    for magic, kind in _OTHERS.items():
        if content.startswith(magic):
            raise FileUnreadableError(f"文件“{name}”是{kind}，不是表格。{_RESAVE}")
    bom = next((encoding for mark, encoding in _BOMS.items() if content.startswith(mark)), None)
    for encoding in [bom] if bom else ["utf-8", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            where = error.start
            continue
        if "\0" in text:
            raise FileUnreadableError(f"文件“{name}”不是文本，也不是 Excel 工作簿。{_RESAVE}")
        return text
    around = content[where : where + 4].hex(" ")
    text = f"文件“{name}”的编码认不出来（第 {where + 1} 个字节起为 {around}），应为 UTF-8 或 GBK"
    raise EncodingError(f"{text}。{_RESAVE}")


def _splitter(text: str) -> str:
    """The character that parts the cells: the commonest of the three at the top."""
    counts = Counter(text[:4000])
    return max(_SPLITTERS, key=lambda splitter: counts[splitter])
