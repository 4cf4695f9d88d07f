"""Messy files: the same three shops, in one file for every way in which senders disturb a table.

Every builder writes one file into a folder and returns its path. `READ` are those that must give
the three shops all the same, `REFUSED` those that must be refused, with what the message says.
"""

import datetime
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import xlsxwriter
import xlwt
from xlwt.CompoundDoc import XlsDoc

HEADER = ["商户编号", "银行", "商户名称", "经营地址", "经度", "纬度", "坐标系", "县区", "签约日期"]
DAYS = [datetime.date(2024, 3, 5), datetime.date(2024, 3, 1), datetime.date(2025, 11, 20)]
POINTS = [(119.175, 34.6), (119.3625, 34.74), (119.1225, 34.84)]  # of whole seconds of arc
_REST = [
    ("S1", "工商银行", "海连便利店", "新浦街道海连中路1号", "海州区"),
    ("S2", "工商银行", "合计超市", "墟沟街道中华西路2号", "连云区"),
    ("S3", "农业银行", "青口布店", "青口镇黄海路3号", "赣榆区"),
]
ROWS = [
    [*rest[:4], lon, lat, "WGS84", rest[4], day]
    for rest, (lon, lat), day in zip(_REST, POINTS, DAYS, strict=True)
]
TEXTS = [[str(cell) for cell in row] for row in ROWS]
LON, LAT, COUNTY, DAY = 4, 5, 7, 8

Builder = Callable[[Path], Path]


def changed(column: int, *cells: object) -> list[list]:
    """The three rows with other cells in one column."""
    return [
        [*row[:column], cell, *row[column + 1 :]] for row, cell in zip(ROWS, cells, strict=True)
    ]


def workbook(*sheets: tuple[str, list[list]], touch: Callable | None = None) -> Builder:
    """An XLSX of named sheets; `touch` gets the book and its worksheets before it is saved."""

    def build(folder: Path) -> Path:
        path = folder / "来件.xlsx"
        with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
            opened = []
            for name, rows in sheets:
                opened.append(book.add_worksheet(name))
                for line, row in enumerate(rows):
                    for column, cell in enumerate(row):
                        opened[-1].write(line, column, cell)
            if touch:
                touch(book, *opened)
        return path

    return build


def table(*rows: list, touch: Callable | None = None) -> Builder:
    """An XLSX of one sheet."""
    return workbook(("商户", list(rows)), touch=touch)


def raw(content: bytes, name: str = "来件.xls") -> Builder:
    """A file of these very bytes."""

    def build(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return build


def text(splitter: str, encoding: str, before: str = "", quote: bool = False) -> Builder:
    """A text file of the three shops."""
    mark = '"' if quote else ""
    lines = [splitter.join(f"{mark}{cell}{mark}" for cell in row) for row in (HEADER, *TEXTS)]
    return raw((before + "\r\n".join(lines)).encode(encoding), "来件.csv")


def page(encoding: str) -> Builder:
    """A web page that calls itself XLS, as the systems of banks export it."""
    cells = [[f"<td x:str>{cell}</td>" for cell in row] for row in TEXTS]
    heads = "".join(f"<th>{cell}<br></th>" for cell in HEADER)
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in cells)
    style = "<style>td{mso-number-format:'@'}</style>"
    title = f"<tr><td colspan={len(HEADER)}>连云港市受理点&nbsp;报表</td></tr>"
    return raw(
        f"<html><head><meta charset={encoding}>{style}</head><body><table>{title}<tr>{heads}</tr>"
        f"{body}</table></body></html>".encode(encoding)
    )


def titles(book, sheet) -> None:
    """A merged title over the whole width."""
    sheet.merge_range(0, 0, 0, len(HEADER) - 1, "连云港市数字人民币受理点报表")


GROUPS = ["商户信息", "", "", "", "坐标", "", "", "", "签约"]
UNDER = ["编号", "银行", "名称", "地址", "经度", "纬度", "坐标系", "县区", "日期"]


def merged_header(book, sheet) -> None:
    """A header of two lines, its groups merged across and a column merged downwards."""
    sheet.merge_range(0, 0, 0, 3, "商户信息")
    sheet.merge_range(0, 4, 0, 5, "坐标")
    sheet.merge_range(0, 7, 1, 7, "县区")
    sheet.merge_range(0, 6, 1, 6, "坐标系")


def hidden(book, sheet) -> None:
    """A hidden row and a hidden column."""
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column(3, 3, None, None, {"hidden": True})


def secret(book, sheet, other) -> None:
    """A hidden second sheet."""
    other.hide()


def computed(book, sheet) -> None:
    """Formulas with the results that Excel left."""
    sheet.write_formula(1, LON, "=119+0.175", None, 119.175)
    sheet.write_formula(2, 2, '="合计"&"超市"', None, "合计超市")


def one_county(book, sheet) -> None:
    """A cell of text merged over rows of data."""
    sheet.merge_range(1, 1, 2, 1, "工商银行")


def macros(folder: Path) -> Path:
    """A workbook with a macro project."""
    path = table(HEADER, *ROWS)(folder)
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 not run")
    return path


def painted(folder: Path) -> Path:
    """A workbook whose last cell, at the far corner, is coloured and blank."""
    book = openpyxl.Workbook()
    for row in (HEADER, *ROWS):
        book.active.append(row)
    book.active["XFD1048576"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")
    path = folder / "来件.xlsx"
    book.save(path)
    return path


def old(folder: Path) -> Path:
    """An XLS workbook."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("商户")
    style = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for line, row in enumerate([HEADER, *ROWS]):
        for column, cell in enumerate(row):
            sheet.write(line, column, cell, *[style] * isinstance(cell, datetime.date))
    path = folder / "来件.xls"
    book.save(str(path))
    return path


def locked_old(folder: Path) -> Path:
    """An XLS workbook that says of itself that it is encrypted."""
    book = xlwt.Workbook()
    book.add_sheet("商户").write(0, 0, "商户名称")
    stream = book.get_biff_data()
    start = 4 + struct.unpack("<H", stream[2:4])[0]  # after the record that opens the stream
    locked = struct.pack("<HHHHH16s16s16s", 0x2F, 54, 1, 1, 1, b"s" * 16, b"v" * 16, b"h" * 16)
    path = folder / "来件.xls"
    XlsDoc().save(str(path), stream[:start] + locked + stream[start:])
    return path


def _patched(change: Callable[[bytes], bytes]) -> Builder:
    """An XLS whose stream of records was changed."""

    def build(folder: Path) -> Path:
        book = xlwt.Workbook()
        sheet = book.add_sheet("商户")
        for line, row in enumerate([HEADER, *TEXTS]):
            for column, cell in enumerate(row):
                sheet.write(line, column, cell)
        path = folder / "来件.xls"
        XlsDoc().save(str(path), change(book.get_biff_data()))
        return path

    return build


def _beyond_all(stream: bytes) -> bytes:
    """The first cell of text moved to line 65,536 and column 65,536, for which no memory is."""
    place = stream.index(struct.pack("<HHHH", 0xFD, 10, 0, 0)) + 4
    return stream[:place] + b"\xff" * 4 + stream[place + 4 :]


def _days_from_1904(stream: bytes) -> bytes:
    mode = struct.pack("<HHH", 0x22, 2, 0)
    assert mode in stream
    return stream.replace(mode, struct.pack("<HHH", 0x22, 2, 1))


def cut(folder: Path) -> Path:
    """An XLS whose end was lost."""
    path = old(folder)
    path.write_bytes(path.read_bytes()[:-20])
    return path


def packed(**members: bytes) -> bytes:
    """A ZIP archive of members, whose names are written with __ for / and _ for a dot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return buffer.getvalue()


def bomb(folder: Path) -> Path:
    """A workbook of half a megabyte that unpacks to 600 MB and states a size of 100 bytes."""
    path = table(HEADER, *ROWS)(folder)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("xl/media/image1.bin", "w") as member,
    ):
        for _ in range(600):
            member.write(bytes(1_000_000))
    content = path.read_bytes()
    size = struct.pack("<I", 600_000_000)
    path.write_bytes(content.replace(size, struct.pack("<I", 100)))
    return path


def far(folder: Path) -> Path:
    """A workbook with one stray cell at the far corner, and a dimension that denies it."""
    path = table(HEADER, *ROWS, touch=lambda book, sheet: sheet.write(1048575, 16383, "x"))(folder)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    members[name] = members[name].replace(b'ref="A1:XFD1048576"', b'ref="A1:I4"')
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def huge(folder: Path) -> Path:
    """A file of more than 200 MB that takes no room on the disk."""
    path = folder / "来件.xlsx"
    with path.open("wb") as file:
        file.truncate(250_000_000)
    return path


def _sexagesimal(value: float) -> str:
    seconds = round(value * 3600)
    return f"{seconds // 3600}°{seconds // 60 % 60:02d}′{seconds % 60:02d}″"


def _wide(text: str) -> str:
    """The text with full-width digits and letters."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _paired(*points: str) -> list[list]:
    return [[*row[:LON], point, *row[LAT + 1 :]] for row, point in zip(ROWS, points, strict=True)]


_PAIR_HEADER = [*HEADER[:LON], "坐标", *HEADER[LAT + 1 :]]
_ANGLES = [[_sexagesimal(value) for value in point] for point in POINTS]
_BLANK = [""] * (len(HEADER) - 1)
_SWAPPED = [[*row[:LON], row[LAT], row[LON], *row[LAT + 1 :]] for row in ROWS]

_NESTED = "".join(
    f"<tr>{''.join(f'<td>{c}<table><tr><td>内</table></td>' for c in row)}</tr>" for row in TEXTS
)

READ: dict[str, Builder] = {
    "title rows and a merged title": table(
        [""], ["填报单位：连云港分行"], HEADER, *ROWS, touch=titles
    ),
    "a header of two lines": table(GROUPS, UNDER, *ROWS, touch=merged_header),
    "a header of two lines, as text": raw(
        "\n".join(",".join(map(str, row)) for row in (GROUPS, UNDER, *ROWS)).encode("gbk"), "a.csv"
    ),
    "line breaks in the header": table([f"{h[:2]}\n{h[2:]}" for h in HEADER], *ROWS),
    "several sheets of one shape": workbook(
        ("海州", [HEADER, ROWS[0]]), ("说明", [["请按月填报"]]), ("其他", [HEADER, *ROWS[1:]])
    ),
    "hidden rows and columns": table(HEADER, *ROWS, touch=hidden),
    "a hidden sheet": workbook(("商户", [HEADER, *ROWS]), ("旧表", [HEADER, *ROWS]), touch=secret),
    "totals and notes at the bottom": table(
        HEADER, *ROWS, ["合  计", "", "3户", *_BLANK[2:]], ["注：以上数据截至3月31日", *_BLANK],
        ["填报人：", "某某", "审核人：", "某某"],
    ),
    "subtotals and a repeated header": table(
        HEADER, ROWS[0], ["", "", "小计", "", 1], [""], HEADER, *ROWS[1:], ["", "总计", 3],
    ),
    "formulas": table(HEADER, *ROWS, touch=computed),
    "a cell merged over rows": table(HEADER, *ROWS, touch=one_county),
    "numbers stored as text": table(HEADER, *TEXTS),
    "full-width digits": table(
        HEADER,
        *[[*row[:LON], _wide(row[LON]), _wide(row[LAT]), *row[LAT + 1 : DAY], _wide(row[DAY])]
          for row in TEXTS],
    ),
    "dates with dots": table(HEADER, *changed(DAY, "2024.3.5", "2024年3月", "2025.11.20")),
    "compact dates": table(HEADER, *changed(DAY, "20240305", 20240301, "20251120")),
    "serial dates": table(HEADER, *changed(DAY, 45356, 45352, "45981")),
    "degrees and minutes": table(
        HEADER, *[[*row[:LON], *pair, *row[LAT + 1 :]]
                  for row, pair in zip(ROWS, _ANGLES, strict=True)],
    ),
    "lon and lat swapped": table(HEADER, *_SWAPPED),
    "lon and lat swapped in one row": table(HEADER, ROWS[0], _SWAPPED[1], ROWS[2]),
    "lon and lat in one cell": table(
        _PAIR_HEADER, *_paired("119.175,34.6", "34.74 119.3625", "（119.1225；34.84）")
    ),
    "degrees and minutes in one cell": table(
        _PAIR_HEADER, *_paired(*[f"E{lon}，N{lat}" for lon, lat in _ANGLES])
    ),
    "GBK with tabs": text("\t", "gbk"),
    "GBK with semicolons": text(";", "gb18030"),
    "UTF-16 with tabs": text("\t", "utf-16"),
    "pipes": text("|", "utf-8-sig"),
    "a stated splitter": text(";", "gbk", "sep=;\r\n"),
    "quotes": text(",", "utf-8", quote=True),
    "numbers kept as text": raw(
        "\n".join(",".join(f'="{cell}"' for cell in row) for row in (HEADER, *TEXTS)).encode(), "a"
    ),
    "a line break in a quoted cell": raw(
        "\n".join(",".join(["备注", *HEADER] if i < 0 else [f'"甲,\n乙{i}"', *TEXTS[i]])
                  for i in range(-1, 3)).encode(), "a.csv"
    ),
    "a table within a table": raw(
        f"<table><tr>{''.join(f'<td>{h}' for h in HEADER)}{_NESTED}</table>".encode()
    ),
    "XLS": old,
    "a web page named XLS": page("gb2312"),
    "a web page in UTF-8": page("utf-8"),
    "macros": macros,
    "a coloured cell far away": painted,
}  # fmt: skip


def _options(options: dict, folder: Path) -> Path:
    path = folder / "来件.xlsx"
    with xlsxwriter.Workbook(path, options) as book:
        book.add_worksheet().write(0, 0, "商户名称")
    return path


def _strays(book, *sheets) -> None:
    """A stray cell in every sheet, none of them too far for one sheet."""
    for sheet in sheets:
        sheet.write(99_999, 19, "x")


_PAGE = "<table><meta charset=gbk><tr><td>名称<td>地址\n<tr><td>海连@@店<td>海连路</table>"
_XML = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_MANY = "\n".join(["商户名称", *["甲"] * 300_001]).encode()

REFUSED: dict[str, tuple[Builder, str]] = {
    "a locked XLSX": (
        raw(_OLE + "EncryptedPackage".encode("utf-16-le")), "设了密码，打不开。请取消密码"
    ),
    "a locked XLS": (locked_old, "设了密码，打不开。请取消密码"),
    "a broken XLSX": (raw(b"PK\x03\x04" + b"x" * 99), "已损坏"),
    "a broken member": (raw(packed(xl__workbook_xml=b"<a")), "已损坏"),
    "a broken XLS": (raw(_OLE + b"\0" * 600), "已损坏"),
    "a PDF": (raw(b"%PDF-1.7"), "是PDF，不是表格"),
    "a picture": (raw(b"\xff\xd8\xff\xe0"), "JPG 图片"),
    "a RAR": (raw(b"Rar!\x1a\x07"), "RAR 压缩包"),
    "a ZIP of files": (raw(packed(one_csv=b"a,b")), "ZIP 压缩包，不是表格。请解压"),
    "a Numbers file": (raw(packed(Index__Document_iwa=b"x")), "Numbers 表格.*另存为 XLSX"),
    "a Word file": (raw(packed(word__document_xml=b"x")), "Word 文档"),
    "XML of 2003": (raw(_XML), "XML 表格 2003.*另存为 XLSX"),
    "a web archive": (raw(b"MIME-Version: 1.0\r\n\r\n"), "单个文件网页"),
    "a web page without a table": (raw(b"<html><p>x</p></html>"), "里面没有表格"),
    "an XLS with a cell beyond all cells": (_patched(_beyond_all), "已损坏"),
    "an XLS that was cut off": (cut, "已损坏"),
    "an XLS with days from 1904": (_patched(_days_from_1904), "1904 年起.*另存为 CSV"),
    "an XLSX with days from 1904": (
        lambda folder: _options({"date_1904": True}, folder), "1904 年起.*另存为 CSV"
    ),
    "a page with wrong bytes": (
        raw(_PAGE.encode("gbk").replace(b"@@", b"\xff\xff")), "第 2 行，“.*海连”之后"
    ),
    "a page of cells over cells": (
        raw(b"<table>" + (b"<tr>" + b"<td colspan=1000 rowspan=1000>a" * 40) * 500), "格，没有打开"
    ),
    "a stray cell in the distance": (
        table(HEADER, *ROWS, touch=lambda book, sheet: sheet.write(299_000, 99, "x")),
        "超过 6,000,000 格.*第 299001 行、第 100 列",
    ),
    "stray cells in several sheets": (
        workbook(*[(str(i), [HEADER, *ROWS]) for i in range(4)], touch=_strays),
        "超过 6,000,000 格",
    ),
    "a text of many cells": (raw(b",".join([b""] * 60_001) * 100), "超过 6,000,000 格"),
    "too much text": (
        raw(packed(xl__workbook_xml=b"<a/>", xl__sharedStrings_xml=bytes(200_000_001))),
        "文字超过 200 MB",
    ),
    "a zip bomb": (bomb, "解压后超过 400 MB"),
    "a stray cell far away": (far, "第 1048576 行、第 16384 列"),
    "a file of 250 MB": (huge, "有 250 MB，超过 200 MB"),
    "too many rows": (raw(_MANY), "超过 300,000 行.*拆成几个文件"),
}  # fmt: skip
