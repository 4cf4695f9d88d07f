"""Web pages that are named XLS: read wherever their table begins, refused as what they are."""

import pytest

from loaders.formats import opened_files
from store.errors import EncodingError, FileUnreadableError

TABLE = (
    "<table border=1><tr><th>商户编号<th>商户名称</tr><tr><td>0001</td><td>甲店</td></tr></table>"
)
ROWS = [["商户编号", "商户名称"], ["0001", "甲店"]]
ENCODINGS = ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le", "utf-16-be"]


def sheets(tmp_path, content, encoding="utf-8"):
    path = tmp_path / "来件.xls"
    path.write_bytes(content.encode(encoding))
    return opened_files.sheets(path)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize(
    "before",
    ["<div>\n\t", "<center>", "<form action='x>y'>", "<body>", "<font>",
     "<script>if(a<b){}</script>",
     "<!-- 导出 -->", "<?xml version='1.0'?><html>",
     "<!--[if mso]><xml></xml><![endif]--><![if x]>",
     "<meta charset=gb2312>", "导出时间 2025-03-01\r\n"],
)  # fmt: skip
def test_a_table_is_found_whatever_stands_before_it(tmp_path, before, encoding):
    (sheet,) = sheets(tmp_path, before + TABLE, encoding)
    assert sheet.rows == ROWS


@pytest.mark.parametrize(
    "page", ["<div>请登录</div>", "<html><body>", "<!-- <table><td> --><p>无</p>"]
)
def test_a_page_without_a_table_is_said_to_be_one(tmp_path, page):
    with pytest.raises(FileUnreadableError, match="是网页，里面没有表格") as raised:
        sheets(tmp_path, page)
    assert "<" not in str(raised.value)


@pytest.mark.parametrize(
    "rest", ["<!--" * 100_000, "<a " * 100_000, '<a ="' * 100_000, "<script>" * 100_000, "<td a='"]
)
def test_a_page_that_was_cut_is_refused_at_once(tmp_path, rest):
    with pytest.raises(FileUnreadableError, match="是网页，但没有写完：第 1 行"):
        sheets(tmp_path, f"<html>{TABLE}{rest}")


def test_attributes_without_end_take_no_room(tmp_path):
    (sheet,) = sheets(tmp_path, TABLE.replace("<td>0001", f"<td {'a ' * 1_000_000}>0001"))
    assert sheet.rows == ROWS


def test_tables_without_end_are_refused(tmp_path):
    with pytest.raises(FileUnreadableError, match="超过 1,000 个"):
        sheets(tmp_path, "<table>" * 2_000 + TABLE)


@pytest.mark.parametrize(
    ("cell", "value"),
    [('x:num="1234.5678">1,234.57', 1234.5678),
     ('x:num="320706001234">3.20706E+11', 320706001234.0),
     ('sdval="5">#####', 5.0), ("x:num>7", "7"), ('x:num="1">000001', "000001"),
     ('x:num="45717">2025-03-01', "2025-03-01"), ('x:num="2">GH0002', "GH0002"),
     ('x:num="1200">￥1,200.00', 1200.0), ('x:num="x">12', "12"), (">&#99999999999;", "\ufffd")],
)  # fmt: skip
def test_the_number_stated_beside_a_cell_is_its_value(tmp_path, cell, value):
    (sheet,) = sheets(tmp_path, f"<table><tr><td {cell}</td></table>")
    assert sheet.rows == [[value]]


def test_a_text_of_two_bytes_a_character_is_read_without_a_mark(tmp_path):
    (sheet,) = sheets(tmp_path, "商户编号,名称\n1,甲店\n", "utf-16-le")
    assert sheet.rows == [["商户编号", "名称"], ["1", "甲店"]]


def test_a_text_that_is_none_is_refused(tmp_path):
    with pytest.raises((FileUnreadableError, EncodingError)):
        sheets(tmp_path, "\0\1\2\0\0")


HEAD = "<table><tr><th>编号<th>名称<th>注销日期"


def test_a_table_within_a_cell_is_its_text_unless_it_has_rows_and_columns(tmp_path):
    day = "<table><tr><td x:num=7>7</td></tr></table>"
    (sheet,) = sheets(tmp_path, f"{HEAD}<tr><td>1<td>甲<td>{day}</td></table>")
    assert sheet.rows[1] == ["1", "甲", "7"] and not sheet.notes
    lines = "<table><tr><td>旧</td></tr><tr><td>新</td></tr></table>"
    (sheet,) = sheets(tmp_path, f"{HEAD}<tr><td>1<td>甲<td>{lines}</td></table>")
    assert sheet.rows[1] == ["1", "甲", "旧\n新"]
    outer, inner = sheets(tmp_path, f"{HEAD}<tr><td>1<td>甲<td>{TABLE}</td></table>")
    assert outer.rows[1] == ["1", "甲", ""] and inner.rows == ROWS
    assert "首个在第 2 行第 3 列" in outer.notes[0]
    alone = sheets(tmp_path, f"<table><tr><td>{TABLE}</td></tr><tr><td>{TABLE}</td></tr></table>")
    assert [sheet.rows for sheet in alone] == [ROWS, ROWS]


@pytest.mark.parametrize(
    "row",
    ["<tr><td><s>1</s><td>甲", "<tr><td>1<td><del>甲</del>", "<tr><td><strike>1</strike><td>甲",
     "<tr><td>1<td style='text-decoration:line-through'>甲",
     "<tr><td>1<td><span style='text-decoration: line-through'>甲</span>",
     "<tr style='text-decoration:line-through'><td>1<td>甲"],
)  # fmt: skip
def test_what_is_crossed_out_is_told(tmp_path, row):
    (sheet,) = sheets(tmp_path, f"{HEAD}<tr><td>0<td>乙{row}<td></table>")
    (note,) = sheet.notes
    assert "有 1 行划了删除线（首个是第 3 行）" in note


def test_hidden_rows_and_columns_are_told(tmp_path):
    hidden = "<tr style='DISPLAY: none'><td>1<td>甲<tr hidden><td>2<td>乙"
    (sheet,) = sheets(tmp_path, f"{HEAD}{hidden}<tr><td>3<td style='display:none'>丙</table>")
    assert [note[:8] for note in sheet.notes] == ["有 2 行是隐藏", "有 1 列是隐藏"]
