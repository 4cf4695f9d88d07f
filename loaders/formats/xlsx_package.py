"""The parts of an XLSX, which is a ZIP of XML, and whether it is safe to open."""

import posixpath
from xml.etree.ElementTree import Element

from loaders.formats.untrusted_xml import RefusedXmlError, local, tree, values
from loaders.formats.untrusted_zip import RefusedZipError, UntrustedZip
from loaders.formats.xlsx_styles import styles
from loaders.formats.xlsx_xml import long_texts, struck_texts
from store.errors import FileUnreadableError

MOST_UNPACKED = 400_000_000
"""Bytes of a workbook when unpacked: 300,000 rows of 20 columns; a zip bomb has far more."""

MOST_TEXT = 200_000_000
"""Bytes of the texts of a workbook: 300,000 rows of five texts take about 80 MB."""

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_TEXTS, _STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
_OTHERS = {  # by a member that only such files have
    "Index/Document.iwa": "Numbers 表格",
    "Index.zip": "Numbers 表格",
    "word/document.xml": "Word 文档",
    "ppt/presentation.xml": "PPT 演示文稿",
    "content.xml": "OpenDocument 文件",
    "xl/workbook.bin": "XLSB 工作簿",
}
_RESAVE = "请用 Excel 或 WPS 打开后另存为 XLSX，再重新导入"


class XlsxPackage:
    """An XLSX before it is opened.

    `sheets` maps the names of sheets that are not hidden to the members that hold them.
    `uncomputed`: the program that wrote the workbook left the formulas to Excel to work out.
    `styles`, `long_texts` and `struck_texts` are those that its sheets name.
    `from_1904`: days are counted from 1904, so that a bare serial is another day.

    Raises `FileUnreadableError` if the file is no workbook, is broken, or is a zip bomb.
    """

    def __init__(self, content: bytes) -> None:
        try:
            archive = UntrustedZip(content)
            _check_kind(archive)
            texts, looks = (_member(archive, part) for part in (_TEXTS, _STYLES))
            _check_size(archive, texts)
            book, relations = tree(archive.read(_BOOK)), tree(archive.read(_RELATIONS))
            self.styles = styles(archive.read(looks))
            shared = archive.read(texts)
            self.long_texts, self.struck_texts = long_texts(shared), struck_texts(shared)
        except (RefusedZipError, RefusedXmlError) as error:
            raise FileUnreadableError(f"已损坏或不是 Excel 工作簿。{_RESAVE}") from error
        self.read = archive.read
        self.uncomputed = _is_set(book, "calcPr", "fullCalcOnLoad")
        self.from_1904 = _is_set(book, "workbookPr", "date1904")
        targets = {
            link.get("Id", ""): posixpath.normpath(
                posixpath.join("/xl", link.get("Target", "").replace("\\", "/"))
            ).lstrip("/")
            for link in relations
        }
        members = {
            sheet.get("name", ""): targets.get("".join(values(sheet, "id")[:1]), "")
            for sheet in book.iter()
            if local(sheet) == "sheet" and "idden" not in sheet.get("state", "")
        }
        self.sheets = {title: one for title, one in members.items() if one in archive.names}


def _member(archive: UntrustedZip, part: str) -> str:
    """The member that the reader takes for a part, whatever the case of its name; '' for none."""
    return next((name for name in archive.names if name.lower() == part.lower()), "")


def _is_set(book: Element, tag: str, attribute: str) -> bool:
    return any(
        local(one) == tag and one.get(attribute, "").startswith(("1", "true"))
        for one in book.iter()
    )


def _check_kind(archive: UntrustedZip) -> None:
    if _BOOK in archive.names:
        return
    for member, kind in _OTHERS.items():
        if member in archive.names:
            raise FileUnreadableError(f"是{kind}，不能直接读取。{_RESAVE}")
    raise FileUnreadableError("是 ZIP 压缩包，不是表格。请解压后把里面的表格逐个导入")


def _check_size(archive: UntrustedZip, texts: str) -> None:
    fits = archive.fits(MOST_UNPACKED)
    if archive.sizes.get(texts, 0) > MOST_TEXT:
        raise FileUnreadableError(
            f"里的文字超过 {MOST_TEXT // 1_000_000} MB，不像正常的表格，"
            "没有打开。请核对有没有极长的单元格，或拆成几个文件后分别导入"
        )
    if not fits:
        raise FileUnreadableError(
            f"解压后超过 {MOST_UNPACKED // 1_000_000} MB，不像正常的表格，"
            "没有打开。请把有数据的行复制到新的工作簿，另存后重新导入"
        )
