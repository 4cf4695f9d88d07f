"""What is sent back: the sender's own layout, wrong cells coloured, and known when it returns."""

import csv
import io
from datetime import date, datetime, time

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.formats.cell_sheet import Sheet
from loaders.reading import header_matching, opened_tables
from loaders.senders import reject_sheets
from store.snapshot_store import Store
from tests.support.bank_files import assess, write

HEADER = ["序号", "商户编号", "商户名称", "经营地址", "签约日期", "是否应覆盖", "备注"]
GOOD = [1, "0001", "海连便利店", "海州区新浦街道海连中路1号", "2024-03-05", "是", ""]
BAD = [2, "0002", "墟沟小吃", "连云区墟沟街道中华西路2号", "上个月", "大概", "老店"]
NAMELESS = [3, "0003", "", "赣榆区青口镇黄海路3号", "2024-03-05", "是", ""]
TITLES = [["某银行受理点清单"], ["填报单位：某银行", "", "2026 年 6 月"]]
WRONG = "FFFFC7CE"


@pytest.fixture
def home(tmp_path):
    return Store(tmp_path / "store")


def returned(home, path):
    return [sheet.returned for sheet in assess([path], home, "merchants").sheets]


def sent_back(parts, digest="来件"):
    number = reject_sheets.number(digest, reject_sheets.marks(parts))
    content = reject_sheets.workbook(parts, number)
    return number, content, openpyxl.load_workbook(io.BytesIO(content))


def values(sheet):
    """Cells of a sheet by line, '' where blank."""
    return [["" if cell is None else cell for cell in row] for row in sheet.values]


def coloured(sheet):
    return {cell.coordinate for row in sheet for cell in row if cell.fill.start_color.rgb == WRONG}


def answered(content, path, home):
    """The answers that a file gives to its send-back, its number, and what was found in it."""
    path.write_bytes(content)
    opened = opened_tables.opened([path], "merchants")
    found = assess([path], home, "merchants")
    answers = [
        answer
        for one, sheet in zip(opened, found.sheets, strict=True)
        for answer in reject_sheets.answers(
            one.source.sheet, one.source.layout, sheet.accepted["source_row"]
        )
    ]
    number = reject_sheets.return_number(opened[0].source.layout.headers["header"].tolist())
    return number, answers, found


# ---- the layout -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["xlsx", "xls", "csv-utf8", "csv-gbk"])
def test_rows_go_back_under_the_senders_titles_and_headers_in_every_format(home, tmp_path, form):
    path = write(tmp_path / "来件", [*TITLES, HEADER, GOOD, BAD, GOOD[:1], NAMELESS], form)
    (part,) = returned(home, path)
    number, _, book = sent_back([part])
    lines = values(book.active)
    assert [row[: len(title)] for row, title in zip(lines, TITLES, strict=False)] == TITLES
    assert lines[2] == [*HEADER, f"退回原因（退回单 {number}）"]
    assert [[str(cell) for cell in row[1:7]] for row in lines[3:]] == [
        BAD[1:], ["", *[""] * 5], NAMELESS[1:],
    ]  # fmt: skip
    reasons = [row[-1] for row in lines[3:]]
    assert [reason.partition("：")[0] for reason in reasons] == ["第 5 行", "第 6 行", "第 7 行"]
    assert reasons[0].startswith("第 5 行：签约日期：“上个月”不是日期")
    assert reasons[0].endswith("；是否应覆盖：“大概”不是“是”或“否”")
    assert coloured(book.active) == {"E4", "F4", "C5", "C6"}


def test_the_sheet_keeps_its_name_and_a_csv_gets_that_of_the_file(home, tmp_path):
    for form, name in (("xlsx", "六月（清单）"), ("csv-utf8", "六月")):
        path = write(tmp_path / "六月", [HEADER, BAD], form, "六月（清单）")
        _, _, book = sent_back(returned(home, path))
        assert book.sheetnames == [name]


def test_a_header_of_two_lines_stays_one_and_is_read_again(home, tmp_path):
    upper = ["商户信息", "", "", "签约", ""]
    lower = ["商户编号", "商户名称", "经营地址", "签约日期", "是否应覆盖"]
    rows = [upper, lower, BAD[1:6], NAMELESS[1:6]]
    parts = returned(home, write(tmp_path / "来件", rows, "xlsx"))
    number, content, book = sent_back(parts)
    assert values(book.active)[1][:5] == lower
    found, answers, again = answered(content, tmp_path / "改正.xlsx", home)
    assert found == number and [mark for mark, _ in answers] == ["第 3 行", "第 4 行"]
    assert again.rows == 2
    before, after = (
        assess([path], home, "merchants").headers.dropna(subset="column")
        for path in (tmp_path / "来件.xlsx", tmp_path / "改正.xlsx")
    )
    assert after["column"].tolist() == before["column"].tolist()


def test_a_header_merged_over_two_lines_is_merged_again(home, tmp_path):
    path = tmp_path / "来件.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("名单")
        sheet.merge_range("A1:A2", "名称")
        sheet.merge_range("B1:C1", "签约")
        sheet.write_row("B2", ["日期", "银行"])
        sheet.write_row("A3", ["海连便利店", "上个月", "工行"])
    (part,) = returned(home, path)
    assert part.header_rows == 2
    number, content, book = sent_back([part])
    assert sorted(map(str, book.active.merged_cells.ranges)) == ["A1:A2", "D1:D2"]
    assert coloured(book.active) == {"B3"}
    found, answers, _ = answered(content, tmp_path / "改正.xlsx", home)
    assert (found, answers) == (number, [("第 3 行", False)])


def test_a_column_that_the_sender_does_not_have_colours_nothing(home):
    sheet = Sheet("甲", [["名称", "地址"], ["店", "海州区"]])
    ((layout, sheet),) = header_matching.layouts([sheet], "merchants", "甲.xlsx")
    problems = pd.DataFrame({"row": [2], "column": ["lon"], "reason": ["没有坐标"]})
    part = reject_sheets.returned("甲.xlsx", sheet, layout, problems)
    _, _, book = sent_back([part])
    assert coloured(book.active) == set()
    assert values(book.active)[1] == ["店", "海州区", "第 2 行：经度：没有坐标"]


def test_a_wrong_cell_beyond_the_end_of_its_row_is_coloured(home, tmp_path):
    path = tmp_path / "来件.csv"
    path.write_text("地址,备注,名称\n海州区新浦街道海连中路1号,老店\n", encoding="utf-8")
    _, _, book = sent_back(returned(home, path))
    assert coloured(book.active) == {"C2"}


def test_sheets_of_several_files_have_names_of_their_own_and_marks_that_name_the_file(
    home, tmp_path
):
    paths = [write(tmp_path / name, [HEADER, BAD], "xlsx", "名单") for name in ("甲(1)", "乙")]
    parts = [part for path in paths for part in returned(home, path)]
    number, content, book = sent_back(parts)
    assert book.sheetnames == ["名单", "名单 (2)"]
    marks = ["第 2 行（甲 1 .xlsx 名单）", "第 2 行（乙.xlsx 名单）"]
    assert reject_sheets.marks(parts) == marks
    found, answers, _ = answered(content, tmp_path / "改正.xlsx", home)
    assert (found, answers) == (number, [(mark, False) for mark in marks])


@pytest.mark.parametrize("name", ["History", "'甲'", "a/b\\c:d*e?f[g]", "长" * 40, "'", "\x01"])
def test_any_name_becomes_one_that_excel_takes(name):
    part = reject_sheets.Returned(
        "甲.csv", name, [["名称"]], 1, [[""]], [2], frozenset(), ["空"], 1
    )
    _, _, book = sent_back([part, part])
    assert len(book.sheetnames) == 2 and all(0 < len(title) <= 31 for title in book.sheetnames)
    assert "history" not in map(str.lower, book.sheetnames)


def test_parts_without_rejected_rows_are_left_out(home, tmp_path):
    parts = [
        *returned(home, write(tmp_path / "好", [HEADER, GOOD], "xlsx", "好")),
        *returned(home, write(tmp_path / "坏", [HEADER, BAD], "xlsx", "坏")),
    ]
    assert [len(part) for part in parts] == [0, 1]
    assert reject_sheets.marks(parts) == ["第 2 行"]
    _, _, book = sent_back(parts)
    assert book.sheetnames == ["坏"]


# ---- the cells --------------------------------------------------------------------------------


def one_row(cells):
    """The cells of one row as they arrive at the sender."""
    part = reject_sheets.Returned(
        "甲.xlsx", "甲", [["名称"]], 1, [cells], [2], frozenset(), ["错"], len(cells)
    )
    return list(sent_back([part])[2].active[2])[: len(cells)]


def test_cells_keep_their_type_and_long_ids_are_shown_whole():
    cells = [
        "6228480402564890018", "0012", 622848040256489.0, 12.5, True, date(2024, 3, 5),
        datetime(2024, 3, 5, 9, 30), time(9, 30), date(1899, 12, 31),
    ]  # fmt: skip
    found = one_row(cells)
    assert [cell.value for cell in found] == [
        *cells[:5], datetime(2024, 3, 5), datetime(2024, 3, 5, 9, 30), time(9, 30), "1899-12-31",
    ]  # fmt: skip
    assert [found[place].number_format for place in (0, 1, 2, 5)] == ["@", "@", "0", "yyyy-mm-dd"]


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "=" + "A1+" * 100 + "1"]
)
def test_no_text_of_the_sender_can_run(text):
    (cell,) = one_row([text])
    assert cell.value == text
    assert cell.data_type == "s" and cell.quotePrefix


@pytest.mark.parametrize("text", ["http://example.com", "0", "1e5", "a\nb"])
def test_text_stays_text(text):
    (cell,) = one_row([text])
    assert cell.data_type == "s" and cell.value == text


def test_what_no_cell_can_carry_becomes_a_blank():
    (cell,) = one_row(["店\x07名"])
    assert cell.value == "店 名"


def test_a_text_longer_than_excel_takes_is_cut_there_and_says_so():
    (cell,) = one_row(["长" * 40_000])
    assert cell.value == "长" * 32_766 + "…"


def test_reasons_that_quote_a_formula_are_text(home, tmp_path):
    row = ["=1+1", *BAD[1:4], "=cmd|' /C calc'!A0", "是", ""]
    _, _, book = sent_back(returned(home, write(tmp_path / "来件", [HEADER, row], "csv-utf8")))
    assert {cell.data_type for line in book.active for cell in line} <= {"s", "n"}


# ---- the number -------------------------------------------------------------------------------


def test_the_number_is_that_of_the_rows_and_of_nothing_else():
    first = reject_sheets.number("a" * 64, ["第 2 行", "第 5 行"])
    assert first == reject_sheets.number("a" * 64, ["第 2 行", "第 5 行"])
    others = {
        reject_sheets.number("b" * 64, ["第 2 行", "第 5 行"]),
        reject_sheets.number("a" * 64, ["第 2 行"]),
        reject_sheets.number("a" * 64, ["第 25 行"]),
    }
    assert len(others | {first}) == 4


@given(st.text(), st.lists(st.integers(1, 300_000)))
@settings(max_examples=50)
def test_any_number_is_found_again_in_its_header(digest, rows):
    number = reject_sheets.number(digest, rows)
    header = reject_sheets.reason_header(number)
    assert reject_sheets.return_number(["名称", header]) == number


@pytest.mark.parametrize(
    "header",
    [
        "退回原因(退回单 R0123456789)",
        "退回原因（退回单R0123456789）",
        "签约·退回原因（退回单 R0123456789）",
        "退回原因（退回单　Ｒ０１２３４５６７８９）",
        "退回原因（退回单 r0123456789）",
        " 退回单 R0123456789 ",
    ],
)
def test_the_number_is_found_however_the_header_was_retyped(header):
    assert reject_sheets.return_number(["名称", header, "地址"]) == "R0123456789"


@pytest.mark.parametrize("header", ["退回原因", "退回单", "R0123456789", "退回单 R01234", ""])
def test_any_other_header_is_no_send_back(header):
    assert reject_sheets.return_number([header, "名称"]) is None


# ---- when it comes back -----------------------------------------------------------------------


def corrected(content, changes, drop=()):
    """A send-back as a person corrects it: cells changed, lines deleted."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for cell, value in changes.items():
        book.active[cell] = value
    for line in sorted(drop, reverse=True):
        book.active.delete_rows(line)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def sent(home, tmp_path):
    """A send-back of three rows, of lines 4, 5 and 6: its number, content and ledger body."""
    rows = [*TITLES, HEADER, BAD, NAMELESS, [4, "0004", *BAD[2:]]]
    parts = returned(home, write(tmp_path / "来件", rows, "xlsx"))
    number, content, _ = sent_back(parts)
    return number, content, {"rows": reject_sheets.marks(parts)}


def test_a_corrected_send_back_is_known_and_counted(home, tmp_path, sent):
    number, content, body = sent
    fixed = corrected(content, {"E4": "2024-03-05", "F4": "是"}, drop=[6])
    found, answers, again = answered(fixed, tmp_path / "改正.xlsx", home)
    assert found == number
    assert answers == [("第 4 行", True), ("第 5 行", False)]
    assert reject_sheets.outcome(number, body, answers) == (
        f"这是退回单 {number} 的改正件：退回 3 行，本次收到 2 行，其中 1 行通过，"
        "1 行仍有问题，1 行未见回来"
    )
    assert "退回原因" not in "".join(again.headers.dropna(subset="column")["header"])


def test_a_correction_saved_as_csv_is_known_too(home, tmp_path, sent):
    number, content, _ = sent
    fixed = corrected(content, {"E4": "2024-03-05", "F4": "是", "C5": "某店"})
    lines = values(openpyxl.load_workbook(io.BytesIO(fixed)).active)
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    content = text.getvalue().replace("（", "(").replace("）", ")").replace("：", ":")
    found, answers, _ = answered(content.encode("gbk"), tmp_path / "改正.csv", home)
    assert found == number
    assert answers == [("第 4 行", True), ("第 5 行", True), ("第 6 行", False)]


def test_all_right_is_said_without_anything_else():
    body = {"rows": ["第 2 行", "第 3 行"]}
    said = reject_sheets.outcome("R0123456789", body, [("第 2 行", True), ("第 3 行", True)])
    assert said == "这是退回单 R0123456789 的改正件：退回 2 行，本次收到 2 行，其中 2 行通过"


def test_nothing_that_was_sent_back_and_rows_without_a_mark_are_said():
    body = {"rows": ["第 2 行"]}
    said = reject_sheets.outcome("R0123456789", body, [("", True), ("第 9 行", True)])
    assert said == (
        "这是退回单 R0123456789 的改正件：退回 1 行，本次收到 0 行，1 行未见回来，"
        "另有 2 行没有注明是退回的哪一行"
    )


def test_a_row_that_comes_twice_passes_only_if_both_are_right():
    body = {"rows": ["第 2 行"]}
    said = reject_sheets.outcome("R0123456789", body, [("第 2 行", True), ("第 2 行", False)])
    assert "本次收到 1 行，其中 0 行通过，1 行仍有问题" in said


def test_a_correction_that_is_still_wrong_goes_back_with_one_column_of_reasons(
    home, tmp_path, sent
):
    number, content, _ = sent
    path = tmp_path / "改正.xlsx"
    path.write_bytes(corrected(content, {"E4": "2024-03-05"}, drop=[5, 6]))
    second, _, book = sent_back(returned(home, path), "改正件")
    assert second != number
    lines = values(book.active)
    assert lines[2] == [*HEADER, f"退回原因（退回单 {second}）"]
    assert lines[3][-1] == "第 4 行：是否应覆盖：“大概”不是“是”或“否”"
    assert coloured(book.active) == {"F4"}


def test_columns_right_of_an_old_reason_keep_their_colour(home, tmp_path):
    header = ["名称", reject_sheets.reason_header("R0123456789"), "签约日期"]
    path = write(tmp_path / "改正", [header, ["店", "第 2 行：错", "上个月"]], "xlsx")
    _, _, book = sent_back(returned(home, path))
    assert coloured(book.active) == {"B2"}
    assert values(book.active)[0][:2] == ["名称", "签约日期"]


# ---- any table --------------------------------------------------------------------------------

CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["C"]), max_size=12).map(str.strip),
    st.floats(-1e9, 1e9, allow_subnormal=False),
    st.booleans(),
    st.dates(date(1950, 1, 1), date(2090, 12, 31)),
)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=4))
@settings(max_examples=60)
def test_any_cells_come_back_as_they_were_sent(rows):
    part = reject_sheets.Returned(
        "甲.xlsx", "甲", [["名称", "地址", "备注"]], 1, rows, list(range(2, len(rows) + 2)),
        frozenset({(0, 0)}), ["错"] * len(rows), 3,
    )  # fmt: skip
    lines = values(sent_back([part])[2].active)
    for sent, found in zip(rows, lines[1:], strict=True):
        for cell, back in zip(sent, found[:3], strict=True):
            if isinstance(cell, date):
                assert back == datetime(cell.year, cell.month, cell.day)
            elif isinstance(cell, float):
                assert back == pytest.approx(cell, rel=1e-14)
            else:
                assert back == cell
