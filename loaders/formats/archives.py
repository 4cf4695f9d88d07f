"""What is inside a file that is packed as ZIP, as every XLSX is, and whether it is safe to open."""

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

from store.errors import FileUnreadableError

MOST_UNPACKED = 400_000_000
"""Bytes of a workbook when unpacked: 300,000 rows of 20 columns; a zip bomb has far more."""

MOST_TEXT = 200_000_000
"""Bytes of the texts of a workbook: 300,000 rows of five texts take about 80 MB."""

_TEXTS = "xl/sharedStrings.xml"
_PIECE = 1 << 20
_HEADER = 30  # bytes of a member's own header, before its name
_KINDS = {  # what a member's name tells of the whole
    "Index/Document.iwa": "Numbers 表格",
    "Index.zip": "Numbers 表格",
    "word/document.xml": "Word 文档",
    "ppt/presentation.xml": "PPT 演示文稿",
    "content.xml": "OpenDocument 文件",
    "xl/workbook.bin": "XLSB 工作簿",
}
_RESAVE = "请用 Excel 或 WPS 打开后另存为 XLSX，再重新导入"


class Archive:
    """The members of a workbook that is packed as ZIP.

    Sizes that the archive states are not trusted: everything is unpacked and counted once.
    Raises `FileUnreadableError` if the file is no workbook, is broken, or is a zip bomb.
    """

    def __init__(self, name: str, content: bytes) -> None:
        self._name, self._content = name, content
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                self._members = {item.filename: item for item in packed.infolist()}
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise self._broken() from error
        self._check_kind()
        unpacked = 0
        for member in self._members:
            before = unpacked
            for piece in self._pieces(member):
                unpacked += len(piece)
                if member == _TEXTS and unpacked - before > MOST_TEXT:
                    raise FileUnreadableError(
                        f"文件“{name}”里的文字超过 {MOST_TEXT // 1_000_000} MB，不像正常的表格，"
                        "没有打开。请核对有没有极长的单元格，或拆成几个文件后分别导入"
                    )
                if unpacked > MOST_UNPACKED:
                    raise FileUnreadableError(
                        f"文件“{name}”解压后超过 {MOST_UNPACKED // 1_000_000} MB，不像正常的表格，"
                        "没有打开。请把有数据的行复制到新的工作簿，另存后重新导入"
                    )

    def __contains__(self, member: str) -> bool:
        return member in self._members

    def read(self, member: str) -> bytes:
        """A member, unpacked."""
        whole = io.BytesIO()
        whole.writelines(self._pieces(member))
        return whole.getvalue()

    def sheets(self) -> dict[str, str]:
        """The member that holds each sheet that is not hidden, by the sheet's name."""
        links = self._tree("xl/_rels/workbook.xml.rels")
        targets = {
            link.get("Id", ""): posixpath.normpath(posixpath.join("/xl", link.get("Target", "")))
            for link in links
        }
        found = {}
        for node in self._tree("xl/workbook.xml").iter():
            if node.tag.rpartition("}")[2] == "sheet" and "idden" not in node.get("state", ""):
                link = next((v for k, v in node.items() if k.rpartition("}")[2] == "id"), "")
                found[node.get("name", "")] = targets.get(link, "").lstrip("/")
        return found

    def uncomputed(self) -> bool:
        """Whether the program that wrote the workbook left the formulas to Excel to work out."""
        book = self.read("xl/workbook.xml")
        return bool(re.search(rb"<(?:\w+:)?calcPr[^>]*\bfullCalcOnLoad=.(?:1|true)", book))

    def from_1904(self) -> bool:
        """Whether the workbook counts days from 1904, so that a bare serial is another day."""
        book = self.read("xl/workbook.xml")
        return bool(re.search(rb"<(?:\w+:)?workbookPr[^>]*\bdate1904=.(?:1|true)", book))

    def _tree(self, member: str) -> ElementTree.Element:
        try:
            return ElementTree.fromstring(self.read(member))
        except (KeyError, ElementTree.ParseError) as error:
            raise self._broken() from error

    def _check_kind(self) -> None:
        if "xl/workbook.xml" in self._members:
            return
        for member, kind in _KINDS.items():
            if member in self._members:
                raise FileUnreadableError(f"文件“{self._name}”是{kind}，不能直接读取。{_RESAVE}")
        raise FileUnreadableError(
            f"文件“{self._name}”是 ZIP 压缩包，不是表格。请解压后把里面的表格逐个导入"
        )

    def _pieces(self, member: str) -> Iterator[bytes]:
        """The true content, piece by piece, whatever size the archive states for it."""
        item = self._members[member]
        header = self._content[item.header_offset : item.header_offset + _HEADER]
        if len(header) < _HEADER or item.flag_bits & 1 or item.compress_type not in (0, 8):
            raise self._broken()
        start = item.header_offset + _HEADER + sum(struct.unpack("<HH", header[26:30]))
        packed = memoryview(self._content)[start : start + item.compress_size]
        if item.compress_type == zipfile.ZIP_STORED:
            yield bytes(packed)
            return
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            piece = inflate.decompress(packed, _PIECE)
            while piece:
                yield piece
                piece = inflate.decompress(inflate.unconsumed_tail, _PIECE)
        except zlib.error as error:
            raise self._broken() from error

    def _broken(self) -> FileUnreadableError:
        return FileUnreadableError(f"文件“{self._name}”已损坏或不是 Excel 工作簿。{_RESAVE}")
