"""The work list for print: what stands on it, how it prints, and that nothing in it runs."""

import io

import numpy as np
import openpyxl
import pandas as pd
import pytest
from matplotlib import colors, image

from presentation import palette
from reports.documents import work_list
from reports.figures import plan_figure

STAMP = "【演示数据】口径：已验证 | 截止日：2026-06-30 | 数据版本：V | 规则：R"
HEADINGS = ["序号", "场所", "商户", "地址", "需要做什么", "现在状态", "收银点", "银行",
            "完成", "备注"]  # fmt: skip
PAPER = (11.69 - 0.8) * 72  # points across A4 between the margins
SMALLEST = 9  # points of type on paper


def line(place, name, operator, **cells):
    given = {
        "place": place, "name": name, "operator": operator, "address": "解放路9号",
        "todo": "签约、开通、验证", "state_label": "未签约", "cash_point": "否", "note": "",
    }  # fmt: skip
    return given | cells


LINES = [
    line("1. 甲市场", "收银台", "工商银行", cash_point="是"),
    line("1. 甲市场", "=HYPERLINK(\"http://x\",\"点\")", "农业银行", address="+1@2"),
    line("2. 乙医院", "环节：住院", "工商银行", note="用剩余名额先开工"),
]  # fmt: skip


def venue(number, name, lon=119.2, lat=34.6, done=True):
    return {
        "number": number, "venue": name, "kind": "农贸市场", "area": "海州区", "units": 2,
        "address": "解放路9号", "operator": "工商银行", "done": done, "lon": lon, "lat": lat,
    }  # fmt: skip


VENUES = [venue(1, "甲市场"), venue(2, "=1+1", done=False)]


def picture(venues):
    return plan_figure.png(pd.DataFrame(venues), STAMP)


@pytest.fixture(scope="module")
def png():
    return picture(VENUES)


def printed(png, lines=LINES, stamp=STAMP):
    paper = work_list.Paper("灌云县工作单（3 家）", stamp, ("再签 3 家，多 1 个。", "同样 3 家。"))
    content = work_list.worklist(paper, pd.DataFrame(VENUES), pd.DataFrame(lines), png)
    return openpyxl.load_workbook(io.BytesIO(content))


def table(sheet, top):
    return [list(row) for row in sheet.iter_rows(min_row=top, values_only=True)]


def many(bank, count=work_list.PAGE):
    return [line("3. 丙商场", f"{bank}第{number}店", bank) for number in range(count)]


def test_a_bank_that_fills_a_page_has_a_sheet_and_the_others_share_one(png):
    lines = [*LINES, *many("建设银行")]
    book = printed(png, lines)
    assert book.sheetnames == ["计划和地图", "全部", "建设银行", "其他银行（按银行排）"]
    whole = table(book["全部"], 3)
    assert whole[0] == HEADINGS
    assert [row[:3] for row in whole[1:]] == [
        [number, row["place"], row["name"]] for number, row in enumerate(lines, start=1)
    ]
    own = table(book["建设银行"], 3)
    assert [row[0] for row in own[1:]] == list(range(1, work_list.PAGE + 1))
    assert {row[7] for row in own[1:]} == {"建设银行"} and {row[8] for row in own[1:]} == {"□"}
    rest = table(book["其他银行（按银行排）"], 3)
    assert sorted(row[7] for row in rest[1:]) == ["农业银行", "工商银行", "工商银行"]
    assert [row[7] for row in rest[1:]].index("农业银行") in (0, 2), "a bank's lines stand together"
    assert rest[-1][9] == "用剩余名额先开工"


def test_columns_fit_the_paper_so_that_type_is_printed_as_large_as_it_is_written(png):
    for sheet in printed(png, [*LINES, *many("建设银行")]):
        wide = sum(7 * one.width + 5 for one in sheet.column_dimensions.values()) * 0.75
        cell = sheet.cell(int(sheet.print_title_rows.split("$")[-1]) + 1, 2)
        assert cell.font.size * min(PAPER / wide, 1) >= SMALLEST


def test_a_row_is_as_high_as_its_longest_text_takes(png):
    sheet = printed(png, [line("1. 甲", "店" * 60, "工商银行"), LINES[0]])["全部"]
    high, low = (sheet.row_dimensions[row].height for row in (4, 5))
    assert high > 5 * low / 2


def test_every_sheet_has_its_title_and_stamp_and_prints_on_a4_across(png):
    book = printed(png)
    for sheet in book:
        assert sheet["A1"].value.startswith("灌云县工作单（3 家）")
        assert sheet["A2"].value == STAMP
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, int(sheet.page_setup.fitToHeight)) == (1, 0)
        assert "&P" in sheet.oddHeader.right.text and "&N" in sheet.oddHeader.right.text
        assert "演示数据" in sheet.oddFooter.left.text
    assert book["全部"].print_title_rows == "$1:$3"
    assert book["按银行排"]["A1"].value.endswith("：按银行排"), "no bank has a sheet of its own"


def test_the_first_sheet_has_the_sentences_the_map_and_the_numbered_venues(png):
    sheet = printed(png)["计划和地图"]
    assert [sheet["A3"].value, sheet["A4"].value] == ["再签 3 家，多 1 个。", "同样 3 家。"]
    assert len(sheet._images) == 1
    top = int(sheet.print_title_rows.split("$")[-1])
    rows = table(sheet, top)
    assert rows[0][:2] == ["图上编号", "场所"]
    assert [row[:2] for row in rows[1:]] == [[1, "甲市场"], [2, "=1+1"]]
    assert [row[-1] for row in rows[1:]] == ["做完就达标", "用剩余名额先开工"]


def test_nothing_from_a_file_runs_as_a_formula(png):
    for sheet in printed(png):
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_a_bank_whose_name_excel_would_refuse_has_a_sheet_all_the_same(png):
    names = ["全部", "A/B:[行]?", "长" * 40, "长" * 41, "'"]
    book = printed(png, [one for name in names for one in many(name)])
    assert len(book.sheetnames) == 2 + len(names)


def purple(png):
    """Pixels of the colour of a venue that the plan closes."""
    pixels = image.imread(io.BytesIO(png))[:, :, :3].reshape(-1, 3)
    wanted = np.array(colors.to_rgb(palette.PLAN_COLOURS[True]))
    return int((np.abs(pixels - wanted).max(axis=1) < 0.01).sum())


def test_numbers_of_one_point_stand_apart_on_the_map():
    one = purple(picture([venue(1, "甲")]))
    three = purple(picture([venue(number, "甲") for number in (1, 2, 3)]))
    assert three - one > 1.6 * (one - purple(picture([venue(1, "甲", lon=None, lat=None)])))
