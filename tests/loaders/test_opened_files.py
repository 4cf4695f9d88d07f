"""Files of every format and encoding open as the same cells; what cannot be read says why."""

import datetime

import pytest
import xlsxwriter

from loaders.formats import opened_files
from store.errors import EmptyFileError, EncodingError, FileUnreadableError, ProtectedFileError
from tests.support.bank_files import FORMATS, HEADER, ROWS, write


def cells(path):
    (sheet,) = opened_files.sheets(path)
    return sheet.rows


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_gives_the_same_cells(tmp_path, form):
    assert cells(write(tmp_path / "file", [HEADER, *ROWS], form)) == [HEADER, *ROWS]


@pytest.mark.parametrize("form", ["xlsx", "xls"])
def test_workbook_cells_keep_their_type(tmp_path, form):
    day = datetime.date(2024, 3, 5)
    _, row = cells(write(tmp_path / "file", [["日期", "数"], [day, 1.5]], form))
    assert row == [day, 1.5]


@pytest.mark.parametrize("form", FORMATS)
def test_blank_lines_keep_their_place(tmp_path, form):
    rows = cells(write(tmp_path / "file", [["名称"], [""], ["甲"]], form))
    assert rows[2] == ["甲"]


@pytest.mark.parametrize("splitter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_text_is_read_in_any_encoding_and_with_any_splitter(tmp_path, splitter, encoding):
    path = tmp_path / "file.txt"
    path.write_bytes(f"名称{splitter}地址\n甲{splitter}海州区\n".encode(encoding))
    assert cells(path) == [["名称", "地址"], ["甲", "海州区"]]


def test_what_a_file_is_does_not_depend_on_its_name(tmp_path):
    path = write(tmp_path / "file", [HEADER, *ROWS], "xlsx")
    assert cells(path.rename(tmp_path / "file.csv"))[0] == HEADER


def test_hidden_sheets_are_left_out(tmp_path):
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("看得见", "藏起来"):
            book.add_worksheet(name).write(0, 0, "名称")
        book.get_worksheet_by_name("藏起来").hide()
    assert [sheet.name for sheet in opened_files.sheets(path)] == ["看得见"]


ROW = "S1,工行,甲店,海连路1号"
STRAY = [
    (['S2,工行,"老王超市,海连路2号', ROW, ROW], 3),
    (['S2,工行,"老王超市,海连路2号', ROW, 'S4,工行,"乙,店",海连路4号', ROW], 3),
    (['S2,工行,"老王超市,海连路2号', 'S4,工行,乙店",海连路4号', ROW], 3),
    (['S2,工行,老王超市,"海连路2号', 'S4,"工行",乙店,海连路4号', ROW], 3),
    ([ROW, 'S3,工行,"老王超市,海连路2号'], 4),
    ([ROW, 'S3,工行,"老王超市,海连路2号\n'], 4),
    (['S2,工行,"老王超市,海连路2号', *[ROW] * 20_000], 3),
]


@pytest.mark.parametrize(("rows", "line"), STRAY)
@pytest.mark.parametrize("splitter", [",", "\t"])
def test_a_stray_quote_never_swallows_rows(tmp_path, rows, line, splitter):
    path = tmp_path / "file.csv"
    written = "\n".join(["编号,银行,名称,地址", ROW, *rows]).replace(",", splitter)
    path.write_text(written, encoding="utf-8")
    with pytest.raises(FileUnreadableError, match=rf"第 {line} 行的引号不成对（“\"") as raised:
        opened_files.sheets(path)
    assert "另一个" in str(raised.value)


QUOTED = [
    ('"海连路1号,\n二楼"', "海连路1号,\n二楼"),
    ('"1,2,\r\n\r\n3"', "1,2,\r\n\r\n3"),
    ('"老王""超市""\n一楼"', '老王"超市"\n一楼'),
    ('"老王"超市', "老王超市"),
    ('老王"超市', '老王"超市'),
]


@pytest.mark.parametrize(("written", "cell"), QUOTED)
def test_line_breaks_and_quotes_in_a_cell_are_kept(tmp_path, written, cell):
    path = tmp_path / "file.csv"
    lines = ["编号,银行,名称,地址", ROW, f"S2,工行,{written},海连路2号", ROW]
    path.write_text("\n".join(lines), encoding="utf-8", newline="")
    found = cells(path)
    assert (len(found), found[2]) == (4, ["S2", "工行", cell, "海连路2号"])


OLE = bytes.fromhex("d0cf11e0a1b11ae1")
UNREADABLE = [
    (b"", EmptyFileError, "是空的"),
    (b" \n\n", EmptyFileError, "是空的"),
    (b",,\n,,\n", EmptyFileError, "没有任何内容"),
    (b"PK\x03\x04 not a workbook", FileUnreadableError, "已损坏或不是 Excel 工作簿"),
    (OLE + b"\0" * 600, FileUnreadableError, "已损坏或不是 Excel 工作簿"),
    (OLE + "EncryptedPackage".encode("utf-16-le"), ProtectedFileError, "请取消密码"),
    (b"%PDF-1.7", FileUnreadableError, "是PDF，不是表格"),
    (b"\x89PNG\r\n", FileUnreadableError, "是PNG 图片，不是表格"),
    (b"name\0\0\1\2", FileUnreadableError, "不是文本"),
    ("名称,".encode() + b"\xff\xff\xff", EncodingError, "应为 UTF-8 或 GBK"),
    (b'"' + b"x" * 200_000, FileUnreadableError, "第 1 行的引号不成对"),
    (b"a,b\n1," + b"x" * 200_000, FileUnreadableError, "第 2 行有一格超过 131,072 个字"),
    ("名称\n甲店".encode() + b"\xff\xff", EncodingError, "第 2 行，“甲店”之后"),
    (
        "id,name,addr\nE1,連雲港市東海縣大飯店,海州區海連中路".encode("big5"),
        EncodingError,
        "生僻字",
    ),
]


@pytest.mark.parametrize(("content", "error", "message"), UNREADABLE)
def test_a_file_that_cannot_be_read_says_why_and_names_itself(tmp_path, content, error, message):
    path = tmp_path / "来件.xlsx"
    path.write_bytes(content)
    with pytest.raises(error, match=message) as raised:
        opened_files.sheets(path)
    assert "“来件.xlsx”" in str(raised.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileUnreadableError, match=r"找不到文件.*没有\.csv"):
        opened_files.sheets(tmp_path / "没有.csv")


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(FileUnreadableError, match="打不开"):
        opened_files.sheets(tmp_path)
