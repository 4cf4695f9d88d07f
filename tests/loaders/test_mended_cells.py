"""What programs leave in cells is taken out before anything reads them, and said once."""

import pytest

from loaders.formats import opened_files
from loaders.formats.mended_cells import mended_text
from loaders.reading import opened_tables
from loaders.reading.typed_cells import filled, typed
from tests.support import messy


def read(path, kind="merchants"):
    """The rows of a file as texts by column, and the notes on the file."""
    (one,) = opened_tables.opened([path], kind)
    rows, problems, _ = typed(one.source, filled(one.source)[0], {})
    assert all(problem.empty for problem in problems)
    return rows, one.notes


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "报送.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("odd", ["\u202d\u202c", "\u200b", "\ufeff", "\u00ad", "\u2066", "\x1a"])
def test_invisible_characters_are_in_no_header_id_day_point_or_tick(tmp_path, odd):
    cells = ("1001", "甲店", "海州区新浦街道", "119.17", "34.6", "WGS84", "2025-03-01", "是")
    header = ("商户编号", "商户名称", "地址", "经度", "纬度", "坐标系", "签约日期", "应覆盖")
    lines = [",".join(cell[:1] + odd + cell[1:] + odd for cell in line) for line in (header, cells)]
    rows, notes = read(written(tmp_path, "\n".join(lines)))
    (row,) = rows.itertuples()
    assert (row.merchant_id, row.name, row.lon, row.eligible) == ("1001", "甲店", 119.17, True)
    assert str(row.contracted_on.date()) == "2025-03-01"
    assert notes == ("有 16 个单元格里有看不见的字符，已去掉",)


def test_the_end_mark_of_an_old_text_file_is_no_row(tmp_path):
    rows, _ = read(written(tmp_path, "商户编号,商户名称\n1,甲店\n\x1a"))
    assert list(rows["name"]) == ["甲店"]


@pytest.mark.parametrize(
    ("radicals", "characters"),
    [("⻘⼝镇", "青口镇"), ("⻩川", "黄川"), ("浦⻄", "浦西"), ("⻰苴", "龙苴"),
     ("⻔店⻓", "门店长"),
     ("⻢⾞⻋", "马車车"), ("⺠⽣银⾏", "民生银行"), ("⼯商", "工商"), ("\uf92d\uf9e1", "來李")],
)  # fmt: skip
def test_radicals_are_the_characters_that_they_look_like(radicals, characters):
    assert mended_text(radicals) == characters


def test_radicals_are_mended_in_workbooks_too_and_said_once(tmp_path):
    rows = [["⻔店名称", "地址"], ["⻘青", "⻘⼝镇"], ["乙", "⻘⼝镇"]]
    rows, notes = read(messy.table(*rows)(tmp_path))
    assert list(rows["address"]) == ["青口镇", "青口镇"]
    assert [note for note in notes if "部首" in note] == [
        "工作表“商户”有 3 种写法用了部首字，如“⻔店名称”，已读作“门店名称”"
    ]


@pytest.mark.parametrize("end", ["", "\t"])
@pytest.mark.parametrize("mark", ["`", "'"])
def test_signs_that_keep_excel_from_numbers_are_no_part_of_a_cell(tmp_path, mark, end):
    cells = ("0012", "2025-03-01", "119.17", "34.6")
    lines = [
        "商户编号,签约日期,经度,纬度,名称",
        ",".join(mark + c + end for c in cells) + f",甲店{end}",
    ]
    rows, _ = read(written(tmp_path, "\n".join(lines).replace("\n", f"{end}\n")))
    (row,) = rows.itertuples()
    assert (row.merchant_id, row.lon, row.name) == ("0012", 119.17, "甲店")


def test_traditional_characters_are_read_as_simplified_but_a_shop_keeps_its_name(tmp_path):
    header = "商戶編號,銀行,商戶名稱,地址,所屬縣區,簽約日期"
    cells = "1,農業銀行,龍蝦館,贛榆區青口鎮,贛榆區,2025年3月5號"
    rows, notes = read(written(tmp_path, f"{header}\n{cells}\n"))
    (row,) = rows.itertuples()
    assert (row.operator, row.name) == ("ABC", "龍蝦館")
    assert (row.address, row.county) == ("赣榆区青口镇", "赣榆区")
    (note,) = notes
    assert "繁体字" in note and "已按简体理解" in note


def test_a_clean_file_has_no_notes(tmp_path):
    (sheet,) = opened_files.sheets(written(tmp_path, "商户编号,名称\n1,甲’店\n"))
    assert not sheet.notes
