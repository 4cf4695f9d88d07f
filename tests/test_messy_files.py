"""Every file they send is read as meant, or refused with what to do; nothing is lost unseen."""

import pandas as pd
import pytest

from loaders.errors import FileUnreadableError
from loaders.formats import files
from loaders.formats.sheet_xml import facts
from loaders.reading import headers, records
from tests import messy

NO_VENUES = pd.DataFrame({"venue_id": [], "name": []}, dtype="str")
SHOPS = ["merchant_id", "operator_id", "name", "address", "county_code", "lon", "lat"]


def read(path, kind="merchants", **options):
    """Records of every table of a file, and its notes."""
    found = headers.layouts(files.sheets(path), kind, path.name, **options)
    known = records.Known(NO_VENUES, crs="wgs84")
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
        files.sheets(path)
    assert f"“{path.name}”" in str(raised.value)


NOTES = {
    "hidden rows and columns": ["有 1 行是隐藏的，也一并读取", "有 1 列是隐藏的，也一并读取"],
    "a hidden sheet": ["隐藏的工作表没有读取：“旧表”"],
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
]


@pytest.mark.parametrize("row", KEPT)
def test_what_may_be_a_shop_is_data(row, tmp_path):
    (sheet,), _ = read(messy.table(messy.HEADER, *messy.ROWS, row)(tmp_path))
    assert (sheet.rows, len(sheet.left_out)) == (4, 0)


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
    ],
)
def test_how_far_a_sheet_reaches_is_seen_before_it_is_opened(cells, columns):
    found = facts(SHEET % cells, 10_000, False)
    assert (found.rows, found.columns) == (1048576 if columns == 16384 else 1, columns)
