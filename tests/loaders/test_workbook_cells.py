"""What a workbook says beside its values: ids shown padded, rows crossed out, and limits."""

import re
import zipfile

import pytest
import xlwt

from loaders.formats import number_formats, opened_files
from loaders.reading import opened_tables, records
from store.errors import FileUnreadableError
from tests.support import messy

HEADER = ["商户编号", "商户名称", "签约日期"]
ROWS = [[1, "甲店"], [2, "乙店"], [123456789, "丙店"]]


def padded(code, strike=False):
    """A workbook whose ids have a number format, and the second row of which is crossed out."""

    def touch(book, sheet):
        for line, (number, name) in enumerate(ROWS, 1):
            crossed = {"font_strikeout": strike and line == 2}
            sheet.write(line, 0, number, book.add_format({"num_format": code} | crossed))
            sheet.write(line, 1, name, book.add_format(crossed))

    return messy.table(HEADER, touch=touch)


def repacked(path, change):
    """The workbook at `path`, each member as `change` gives its name and content."""
    with zipfile.ZipFile(path) as archive:
        members = [change(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            member = zipfile.ZipInfo("x")
            member.filename, member.compress_type = name, zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return path


def ids(path):
    (one,) = opened_tables.opened([path], "merchants")
    top = one.source.layout.header_row + 1
    return [row[0] for row in one.source.sheet.rows[top:]], one.notes


FORMATS = [
    ("000000", ["000001", "000002", 123456789]),
    ('"GH"0000', ["GH0001", "GH0002", "GH123456789"]),
    (r"\G\H0000", ["GH0001", "GH0002", "GH123456789"]),
    ("000-000", ["000-001", "000-002", "123456-789"]),
    ("[Red]0000;-0000", ["0001", "0002", 123456789]),
    ('"No."General', ["No.1", "No.2", "No.123456789"]),
    ("0", [1, 2, 123456789]),
    ("#,##0", [1, 2, 123456789]),
    ("0.00", [1, 2, 123456789]),
    ("0%", [1, 2, 123456789]),
]


@pytest.mark.parametrize(("code", "shown"), FORMATS)
def test_an_id_is_read_as_its_format_shows_it(tmp_path, code, shown):
    found, notes = ids(padded(code)(tmp_path))
    assert found == shown
    assert any("按单元格显示的样子" in note for note in notes) == any(
        isinstance(one, str) for one in shown
    )


def test_a_number_that_is_no_id_keeps_its_value(tmp_path):
    rows = [["区域编号", "名称", "类别", "应覆盖商户数"], ["V1", "甲市场", "农贸市场", ""]]

    def touch(book, sheet):
        sheet.write(1, 3, 26, book.add_format({"num_format": '"共"0000'}))

    (one,) = opened_tables.opened([messy.table(*rows, touch=touch)(tmp_path)], "venues")
    assert one.source.sheet.rows[1][3] == 26


def test_an_old_workbook_says_the_same(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("商户")
    for column, header in enumerate(HEADER):
        sheet.write(0, column, header)
    for line, (number, name) in enumerate(ROWS, 1):
        struck = "font: struck_out on" if line == 2 else ""
        sheet.write(line, 0, number, xlwt.easyxf(struck, num_format_str='"GH"0000'))
        sheet.write(line, 1, name, xlwt.easyxf(struck))
    sheet.row(3).hidden = True
    book.save(str(tmp_path / "来件.xls"))
    found, notes = ids(tmp_path / "来件.xls")
    assert found == ["GH0001", "GH0002", "GH123456789"]
    assert "有 1 行是隐藏的" in notes[0] and "有 1 行划了删除线（首个是第 3 行）" in notes[1]


def test_rows_that_are_crossed_out_or_have_no_height_are_told(tmp_path):
    path = padded("0", strike=True)(tmp_path)
    row = (b'<row r="4"', b'<row r="4" ht="0" customHeight="1"')
    repacked(path, lambda name, content: (name, content.replace(*row)))
    found, (hidden, struck) = ids(path)
    assert len(found) == 3
    assert "有 1 行是隐藏的" in hidden and "有 1 行划了删除线（首个是第 3 行）" in struck


@pytest.mark.parametrize("inline", [True, False])
def test_a_part_of_a_cell_that_is_crossed_out_is_told(tmp_path, inline):
    def touch(book, sheet):
        struck, plain = book.add_format({"font_strikeout": True}), book.add_format()
        sheet.write_rich_string(2, 1, struck, "旧名", plain, "新名")

    path = messy.table(HEADER, *ROWS, touch=touch)(tmp_path)
    if inline:
        own = b"<is><r><rPr><strike/></rPr><t>\xe6\x97\xa7</t></r><r><t>\xe6\x96\xb0</t></r></is>"
        cell = re.compile(rb'(<c r="B3"[^>]*)t="s"><v>\d+</v>')
        repacked(path, lambda name, xml: (name, cell.sub(rb'\1t="inlineStr">' + own, xml)))
    found, (note,) = ids(path)
    assert len(found) == 3 and "有 1 行划了删除线（首个是第 3 行）" in note


@pytest.mark.parametrize("code", ["General", "@", "0.0", "", '"a', "0/0?x", "0" * 1_000])
def test_other_formats_make_no_id_of_a_number(code):
    assert number_formats.shown(code, 7.0) is None


def test_a_workbook_packed_with_backslashes_is_read(tmp_path):
    path = messy.table(messy.HEADER, *messy.ROWS)(tmp_path)
    repacked(path, lambda name, content: (name.replace("/", "\\"), content))
    assert len(opened_files.sheets(path)[0].rows) == 4


def test_one_long_text_that_every_row_names_is_refused(tmp_path):
    rows = [[str(number), "店" * 30_000] for number in range(300)]
    path = messy.table(HEADER[:2], *rows)(tmp_path)
    with pytest.raises(FileUnreadableError, match="很长的文字合计超过 10 MB"):
        opened_files.sheets(path)


@pytest.mark.parametrize("value", [1e15, 2147483647])
def test_a_duration_that_cannot_be_is_refused_in_words(tmp_path, value):
    def touch(book, sheet):
        sheet.write(1, 2, value, book.add_format({"num_format": "[h]:mm"}))

    path = messy.table(HEADER, ["1", "甲店"], touch=touch)(tmp_path)
    with pytest.raises(FileUnreadableError, match=r"文件“来件\.xlsx”.*重新导入"):
        opened_files.sheets(path)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"])
def test_parts_in_another_encoding_are_refused_in_words(tmp_path, part):
    def change(name, content):
        return name, content.replace(b'"UTF-8"', b'"gb2312"') if name == part else content

    path = repacked(messy.table(messy.HEADER, *messy.ROWS)(tmp_path), change)
    with pytest.raises(FileUnreadableError, match="已损坏或不是 Excel 工作簿"):
        opened_files.sheets(path)


def test_columns_without_number_are_refused(tmp_path):
    path = tmp_path / "来件.csv"
    path.write_text("名称" + ",列" * 200_000 + "\n", encoding="utf-8")
    with pytest.raises(FileUnreadableError, match="有 200,001 列，超过 1,000 列（第 1 行）"):
        opened_files.sheets(path)
    path.write_text("名称" + "," * 16_000 + "\n甲店\n", encoding="utf-8")
    assert opened_files.sheets(path)[0].rows[1] == ["甲店"]


SMALLER = ["0!.0,", r"0\.0,", "0.00,,", "#,##0.00,", '0.0,"万"', '[Red]0"."0000', "#,##0,;-0"]


@pytest.mark.parametrize("code", SMALLER)
@pytest.mark.parametrize("form", ["xlsx", "xls"])
def test_a_figure_that_is_shown_in_thousands_is_not_multiplied_again(tmp_path, code, form):
    lines = [["消费交易情况（单位：万元）"], ["月份", "指标", "数值"]]
    lines += [["2024-05", "消费交易金额", 1234567.0], ["2024-05", "缴费金额", 12.0]]
    if form == "xls":
        book = xlwt.Workbook()
        sheet = book.add_sheet("表")
        for line, row in enumerate(lines):
            for column, cell in enumerate(row):
                style = xlwt.easyxf(num_format_str=code if cell == 1234567 else "General")
                sheet.write(line, column, cell, style)
        book.save(str(tmp_path / "来件.xls"))
        path = tmp_path / "来件.xls"
    else:
        path = messy.table(*lines, touch=lambda book, sheet: sheet.write(
            2, 2, 1234567, book.add_format({"num_format": code})))(tmp_path)  # fmt: skip
    (one,) = opened_tables.opened([path], "indicators")
    found = records.records(one.source, records.Known())
    assert found.accepted["value"].tolist() == [12]
    (reject,) = found.rejects.to_dict("records")
    assert reject["column"] == "数值"
    assert "“1234567”在 Excel 里按缩小的格式显示，分不清单位万元说的是" in reject["reason"]


@pytest.mark.parametrize("unit", ["元", "户"])
def test_a_figure_of_single_units_is_what_it_is_however_it_is_shown(tmp_path, unit):
    name = {"元": "消费交易金额", "户": "个人钱包数"}[unit]
    lines = ["月份", f"{name}（{unit}）"], ["2024-05", 1234567.0]
    path = messy.table(*lines, touch=lambda book, sheet: sheet.write(
        1, 1, 1234567, book.add_format({"num_format": "0!.0,"})))(tmp_path)  # fmt: skip
    (one,) = opened_tables.opened([path], "indicators")
    found = records.records(one.source, records.Known())
    assert found.accepted["value"].tolist() == [{"元": 123.4567, "户": 1234567}[unit]]


@pytest.mark.parametrize("code", ["#,##0", "#,##0.00", '0"."', "0.0%", "000-000", '#,##0"，"', "@"])
def test_other_formats_show_no_part_of_a_number(code):
    assert not number_formats.divides(code)
