"""Every file they send is read as meant, or refused with what to do; nothing is lost unseen."""

import random
from contextlib import suppress

import pandas as pd
import pytest
import xlwt

from loaders.formats import opened_files
from loaders.formats.xlsx_styles import Styles
from loaders.formats.xlsx_xml import facts
from loaders.reading import header_matching, records
from store.errors import FileUnreadableError, IntakeError
from tests.support import messy

SHOPS = ["merchant_id", "operator_id", "name", "address", "county_code", "lon", "lat"]


def read(path, kind="merchants", **options):
    """Records of every table of a file, and its notes."""
    found = header_matching.layouts(opened_files.sheets(path), kind, path.name, **options)
    known = records.Known(crs="wgs84")
    sheets = [records.records(records.Source(path.name, s, lay), known) for lay, s in found]
    return sheets, [note for _, sheet in found for note in sheet.notes]


def shops(sheets):
    rows = pd.concat([sheet.accepted for sheet in sheets], ignore_index=True)
    return rows[SHOPS].round(6).astype("object").values.tolist(), rows["contracted_on"].dt.date


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    return shops(read(messy.table(messy.HEADER, *messy.ROWS)(tmp_path_factory.mktemp("clean")))[0])


@pytest.mark.parametrize("case", messy.READ)
def test_the_three_shops_are_read_from(case, clean, tmp_path):
    sheets, _ = read(messy.READ[case](tmp_path))
    assert all(sheet.rejects.empty for sheet in sheets)
    found, days = shops(sheets)
    assert found == clean[0]
    assert days.tolist() == messy.DAYS


@pytest.mark.parametrize("case", messy.REFUSED)
def test_refused_with_advice(case, tmp_path):
    build, message = messy.REFUSED[case]
    path = build(tmp_path)
    with pytest.raises(FileUnreadableError, match=message) as raised:
        opened_files.sheets(path)
    assert f"“{path.name}”" in str(raised.value)


NOTES = {
    "hidden rows and columns": ["有 1 行是隐藏的，也一并读取", "有 1 列是隐藏的，也一并读取"],
    "a hidden sheet": ["隐藏的工作表没有读取：“旧表”"],
    "a table within a table": ["工作表“表 2”里没有认得的表格，没有读取"],
    "several sheets of one shape": ["工作表“说明”里没有认得的表格，没有读取"],
    "a cell merged over rows": ["1 处上下合并的单元格，已把内容填到合并的每一行"],
    "macros": ["宏没有运行"],
    "a web page named XLS": ["网页格式"],
}


@pytest.mark.parametrize("case", NOTES)
def test_what_a_person_should_know_is_said(case, tmp_path):
    notes = "\n".join(read(messy.READ[case](tmp_path))[1])
    assert all(note in notes for note in NOTES[case])


def test_a_clean_file_needs_no_remark(tmp_path):
    assert read(messy.table(messy.HEADER, *messy.ROWS)(tmp_path))[1] == []


@pytest.mark.parametrize(
    ("case", "left_out"),
    [
        ("totals and notes at the bottom",
         [(5, "合计行"), (6, "表尾说明"), (7, "表尾说明")]),
        ("subtotals and a repeated header",
         [(3, "合计行"), (5, "重复的表头"), (8, "合计行")]),
    ],
)  # fmt: skip
def test_rows_that_are_no_data_are_told_with_their_number(case, left_out, tmp_path):
    (sheet,), _ = read(messy.READ[case](tmp_path))
    assert list(zip(sheet.left_out["row"], sheet.left_out["why"], strict=True)) == left_out
    assert sheet.rows == 3


KEPT = [
    ["S9", "工行", "合计超市"],
    ["S9", "工行", "小计快餐店", "海州区"],
    ["", "", "总计文具", "海州区新浦街道"],
    ["", "", "注册会计师事务所"],
    ["", "", "说明书打印店"],
    ["", "", "老王小吃"],
    ["8320000001", "", "合计"],
    ["", "", "青口刻章店", "盖章"],
    ["", "", "乙店", "日期"],
    ["", "", "数据线专卖店"],
    ["", "", "以上都好小吃"],
    ["", "", "说明", "海连路3号"],
    ["", "", "电话", "青口镇黄海路9号", "", "", "", "赣榆区"],
    ["", "工行", "合计", "海连路3号"],
    ["", "", "合计便利店"],
    ["", "", "以上合计便利店（海州店）"],
    ["S9", "工行", "小计（总店）", "海连路3号"],
]
LEFT = [
    (["", "", "合计", "", "", "", "", "海州区"], "合计行"),
    (["", "工行", "小计"], "合计行"),
    *(
        (["", "", name], "合计行")
        for name in (
            "以上合计",
            "合计（户）",
            "小计(海州区)",
            "本页合计",
            "合计数",
            "上述 共计：3家",
            "总计（元） ",
        )
    ),
    (["", "", "电话：12345"], "表尾说明"),
    (["填报单位：某行", "", "", "审核人：某某"], "表尾说明"),
    (["", "", "填报人：", "某某"], "表尾说明"),
    (["以上受理点名单由各家运营机构分别提供，本表只作汇总之用，数据截至三月底"], "表尾说明"),
]


@pytest.mark.parametrize(("row", "why"), LEFT)
def test_what_is_clearly_no_shop_is_left_out(row, why, tmp_path):
    (sheet,), _ = read(messy.table(messy.HEADER, *messy.ROWS, row)(tmp_path))
    assert (sheet.rows, sheet.left_out["why"].tolist()) == (3, [why])


@pytest.mark.parametrize("row", KEPT)
def test_what_may_be_a_shop_is_data(row, tmp_path):
    (sheet,), _ = read(messy.table(messy.HEADER, *messy.ROWS, row)(tmp_path))
    assert (sheet.rows, len(sheet.left_out)) == (4, 0)


@pytest.mark.parametrize("row", [["盖章", "青口刻章店"], ["日期", "乙店"]])
def test_a_note_s_word_for_an_address_is_no_note(row, tmp_path):
    path = messy.table(["地址", "名称"], ["海连中路1号", "甲店"], row)(tmp_path)
    (sheet,), _ = read(path)
    assert (sheet.rows, len(sheet.left_out)) == (2, 0)


def test_a_repeated_title_is_told(tmp_path):
    title = ["连云港市受理点报表（三月）"]
    path = messy.table(title, messy.HEADER, messy.ROWS[0], title, messy.HEADER, *messy.ROWS[1:])
    (sheet,), _ = read(path(tmp_path))
    assert sheet.left_out["why"].tolist() == ["重复的标题", "重复的表头"]
    assert sheet.left_out["text"].iloc[0] == title[0]


def test_the_whole_city_is_no_total_among_indicators(tmp_path):
    rows = [["月份", "县区", "个人钱包数"], ["2024-03", "合计", 5], ["合计", "", 5]]
    (sheet,), _ = read(messy.table(*rows)(tmp_path), "indicators")
    assert sheet.accepted["value"].tolist() == [5]
    assert sheet.left_out["row"].tolist() == [3]


def test_a_shop_whose_point_was_turned_round_says_so(tmp_path):
    (sheet,), _ = read(messy.READ["lon and lat swapped in one row"](tmp_path))
    assert ["经纬度写反" in (one or "") for one in sheet.accepted["reason"].fillna("")] == [
        False, True, False,
    ]  # fmt: skip
    assert not sheet.accepted["in_review"].any()


def test_a_number_merged_over_rows_is_the_first_row_s(tmp_path):
    def touch(book, sheet):
        sheet.merge_range(1, 3, 3, 3, 500)

    rows = [["区域编号", "名称", "类别", "应覆盖商户数"], *[[f"V{i}", f"市场{i}", "K09", ""]
            for i in range(3)]]  # fmt: skip
    (sheet,), notes = read(messy.table(*rows, touch=touch)(tmp_path), "venues")
    assert sheet.accepted["eligible_count"].fillna(0).tolist() == [500, 0, 0]
    assert "合并的数字只记在合并的第一行" in notes[0]


BROKEN = [
    ("#N/A", "出错的公式"), ("#REF!", "出错的公式"), ("#DIV/0!", "出错的公式"),
    ("119°61′", "都应小于 60"), ("约119度", "不是经纬度"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "reason"), BROKEN)
def test_a_cell_that_cannot_be_read_rejects_its_row(cell, reason, tmp_path):
    rows = messy.changed(messy.LON, cell, *[point[0] for point in messy.POINTS[1:]])
    (sheet,), _ = read(messy.table(messy.HEADER, *rows)(tmp_path))
    (reject,) = sheet.rejects.to_dict("records")
    assert (reject["row"], reject["column"], reject["value"]) == (2, "经度", cell)
    assert reason in reject["reason"]


@pytest.mark.parametrize(
    ("formula", "value", "shown"), [("=1/0", "#DIV/0!", "#DIV/0!"), ("=1+1", 0, "=1+1")]
)
def test_a_formula_without_a_result_is_never_nought(formula, value, shown, tmp_path):
    def touch(book, sheet):
        sheet.write_formula(1, messy.LON, formula, None, value)

    (sheet,), notes = read(messy.table(messy.HEADER, *messy.ROWS, touch=touch)(tmp_path))
    assert sheet.rejects["value"].tolist() == [shown]
    assert "公式" in notes[0]


@pytest.mark.parametrize(
    ("header", "cell", "value"),
    [("消费交易金额（万元）", "1,234.5", 1234.5), ("消费交易金额（元）", "12000", 1.2),
     ("消费交易金额(亿元)", 0.5, 5000), ("个人钱包数（万个）", 1.2, 12000),
     ("个人钱包数", "1.2万", 12000), ("消费交易金额", "12", 12)],
)  # fmt: skip
def test_figures_come_in_our_unit(header, cell, value, tmp_path):
    (sheet,), _ = read(messy.table(["月份", header], ["2024-03", cell])(tmp_path), "indicators")
    assert sheet.accepted["value"].tolist() == [value]


@pytest.mark.parametrize("rows", [
    [["月份", "消费交易金额（万元）"], ["2024-03", "1.2万"]],
    [["月份", "指标", "数值"], ["2024-03", "消费交易金额", "1.2万元"]],
])  # fmt: skip
def test_ten_thousand_of_ten_thousand_is_asked_back(rows, tmp_path):
    (sheet,), _ = read(messy.table(*rows)(tmp_path), "indicators")
    assert "单位万元重复" in sheet.rejects["reason"].iloc[0]


SHEET = b"<worksheet><sheetData><row>%s</row></sheetData></worksheet>"


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        (b'<c r="XFD1048576"><v>1</v></c>', 16384),
        (b"<c r='XFD1048576'><v>1</v></c>", 16384),
        (b'<c t="n" r="XFD1048576" s="1"><v>1</v></c>', 16384),
        (b'<c r="A1"><v>1</v></c><c r="XFD1048576" s="3"/>', 1),
        (b"<c><v>1</v></c>" * 40, 40),
        (b'<c s="1"><v>1</v></c><c r="B1"><v>1</v></c>', 2),
        (b"<c/>" * 27 + b"<c><v>1</v></c>", 28),
    ],
)
def test_how_far_a_sheet_reaches_is_seen_before_it_is_opened(cells, columns):
    found = facts(SHEET % cells, 10_000, False, Styles())
    assert (found.rows, found.columns) == (1048576 if columns == 16384 else 1, columns)


def test_cells_without_a_reference_are_known_by_their_order():
    rows = [
        b'<row><c s="1"><v>7</v></c><c/><c t="e"><v>#N/A</v></c></row>',
        b'<row r="4"><c r="C4"><v>1</v></c><c><f>TODAY()</f></c><c s="2"/></row>',
        b'<row/><row><c s="1"/><c t="e" s="1"><v>#REF!</v></c></row>',
    ]
    found = facts(b"".join(rows), 10_000, False, Styles({1: "0000"}, frozenset({2})))
    assert found.lost == {(0, 2): "#N/A", (3, 3): "=TODAY()", (5, 1): "#REF!"}
    assert set(found.formats) == {(0, 0), (5, 0), (5, 1)}
    assert found.struck == {(3, 4)}


PLAIN = ["编号", "名称", "地址"]


def test_a_comma_that_shifts_a_row_is_told(tmp_path):
    rows = [
        "编号,名称,地址,县区",
        "1,甲店,海连路1号,海州区",
        "2,乙店,海连路2号,201室,海州区",
        "合计,,,,",
    ]
    (sheet,), notes = read(messy.raw("\n".join(rows).encode(), "来件.csv")(tmp_path))
    assert sheet.accepted["name"].tolist() == ["甲店"]
    assert sheet.left_out["row"].tolist() == [3, 4]
    assert "比表头多出 1 格（“海州区”），可能是内容里有逗号" in sheet.left_out["why"].iloc[0]
    assert notes == []


def test_a_blank_header_does_not_hide_a_shifted_row(tmp_path):
    rows = ["编号,名称,地址,", "1,甲店,海连路1号,", "2,乙店,海连路2号,201室", "3,丙店,海连路3号,"]
    (sheet,), _ = read(messy.raw("\n".join(rows).encode(), "来件.csv")(tmp_path))
    assert sheet.left_out["row"].tolist() == [3]


@pytest.mark.parametrize("build", [
    messy.table,
    lambda *rows: messy.raw("\n".join(map(",".join, rows)).encode(), "来件.csv"),
])  # fmt: skip
def test_columns_without_a_name_are_told(build, tmp_path):
    path = build(
        [*PLAIN, ""], ["1", "甲店", "海连路1号", "重要信息"], ["2", "乙店", "海连路2号", "x"]
    )
    (sheet,), notes = read(path(tmp_path))
    assert len(sheet.accepted) == 2
    assert "第 4 列没有列名，有 2 行内容没有读取，如“重要信息”" in notes[0]


@pytest.mark.parametrize(
    "header", [["名称", "编号", "地址"], ["编号", "名称", "县区"], ["编号", "银行", "名称"]]
)
def test_another_table_below_is_not_read_under_the_first_header(header, tmp_path):
    rows = [[""], header, ["老张面馆", "A2", "海连路2号"], ["老李面馆", "A3", "海连路3号"]]
    (sheet,), _ = read(messy.table(PLAIN, ["A1", "甲店", "海连路1号"], *rows)(tmp_path))
    assert sheet.accepted["name"].tolist() == ["甲店"]
    assert sheet.left_out["row"].tolist() == [4, 5, 6]
    assert all("另一张表" in why for why in sheet.left_out["why"])


def test_a_smaller_table_above_the_header_is_told(tmp_path):
    above = [["标题"], PLAIN, ["A1", "甲店", "海连路1号"], [""]]
    rows = [[*PLAIN, "县区", "银行"], ["A2", "乙店", "海连路2号", "海州区", "工行"]]
    (sheet,), _ = read(messy.table(*above, *rows)(tmp_path))
    assert sheet.accepted["name"].tolist() == ["乙店"]
    assert sheet.left_out["row"].tolist() == [2, 3]


def test_a_header_merged_over_data_does_not_fill_them(tmp_path):
    def touch(book, sheet):
        sheet.merge_range(0, 2, 2, 2, "地址")

    path = messy.table(PLAIN, ["1", "甲店", ""], ["2", "乙店", ""], touch=touch)(tmp_path)
    (sheet,), notes = read(path)
    assert sheet.accepted["address"].isna().tolist() == [True, True]
    assert "表头“地址”一直合并到第 3 行，这些行的这一列按空白读取" in notes[0]
    ((_, one),) = header_matching.layouts(opened_files.sheets(path), "merchants", "x")
    assert header_matching.guess(opened_files.sheets(path), None)[1].rows == one.rows


def test_a_block_of_merged_cells_fills_its_first_column(tmp_path):
    def touch(book, sheet):
        sheet.merge_range(1, 3, 2, 4, "海州区")

    rows = [
        [*PLAIN, "县区", "乡镇"],
        ["1", "甲店", "海连路1号", ""],
        ["2", "乙店", "海连路2号", ""],
    ]
    (sheet,), notes = read(messy.table(*rows, touch=touch)(tmp_path))
    assert sheet.accepted["county_code"].tolist() == ["320706"] * 2
    assert "1 处合并的单元格跨了几列，内容只记在其中的第一列" in notes[0]


def test_what_an_xls_could_not_work_out_is_told(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("名录")
    rows = [
        ["区域编号", "名称", "类别", "应覆盖商户数"],
        *[[f"V{i}", f"市场{i}", "K09"] for i in range(3)],
    ]
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(line, column, cell)
    sheet.write(1, 3, xlwt.Formula("A10+100"))
    sheet.row(2).set_cell_error(3, 0x2A)
    sheet.write(3, 3, 50)
    book.save(str(tmp_path / "来件.xls"))
    (found,), notes = read(tmp_path / "来件.xls", "venues")
    assert found.accepted["eligible_count"].isna().tolist() == [True, True, False]
    assert found.in_review["reason"].str[:6].tolist() == ["“=公式”是", "“#N/A”"]
    assert "1 个公式没有算出结果（首个在第 2 行第 4 列）" in notes[0]
    assert "1 个单元格是出错的公式（首个在第 3 行第 4 列：#N/A）" in notes[1]


@pytest.mark.parametrize("seed", range(25))
def test_no_damage_to_an_xls_ends_the_program(seed, tmp_path):
    chance = random.Random(seed)
    path = messy.old(tmp_path)
    content = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(content))
        content[place : place + 4] = chance.choice([b"\xff" * 4, bytes(4), b"\xff\xff\xff\x7f"])
    path.write_bytes(content[: chance.choice([-1, len(content), len(content) // 2])])
    with suppress(IntakeError):
        assert opened_files.sheets(path)
