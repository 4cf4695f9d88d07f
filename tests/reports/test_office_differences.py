"""Files from outside are compared without harm, and what differs is said in words."""

import io

import docx
import openpyxl
import pytest

from loaders.formats import reading_process
from reports import document_set
from reports.office_differences import differences
from tests.support.word_files import BODY, altered, in_body, replaced, saved, written


def told(ours, theirs):
    return "\n".join(differences(document_set.zipped({"ours": ours, "theirs": theirs})))


def book(*rows, sheet="明细"):
    workbook = openpyxl.Workbook()
    workbook.active.title = sheet
    for row in rows:
        workbook.active.append(row)
    return saved(workbook)


def test_paragraphs_that_came_and_went_are_told_with_their_texts():
    ours, theirs = written("甲", "乙", "丙"), written("甲", "丙", "丁")
    assert told(ours, theirs).startswith("正文 第 3 段：少了“乙”\n正文 第 4 段：多了“丁”")


def test_of_a_long_paragraph_what_differs_is_shown():
    ours, theirs = written("前" * 50 + "56" + "后" * 50), written("前" * 50 + "65" + "后" * 50)
    assert f"原为“…{'前' * 8}56{'后' * 8}…”，现为“…{'前' * 8}65{'后' * 8}…”" in told(ours, theirs)


def test_a_header_and_a_style_that_were_changed_are_named():
    ours = written("甲", header="{{ demo_mark }}")
    assert "页眉 1 第 1 段：" in told(ours, written("甲", header="内部资料"))
    document = docx.Document(io.BytesIO(ours))
    document.styles["Normal"].font.bold = True
    assert "文字以外的部分：" in told(ours, saved(document))
    assert "样式" in told(ours, saved(document))


def test_cells_are_told_by_sheet_row_and_column():
    ours = book(["场所", "家数"], ["甲市场", 56], [None, None])
    assert "数据表“明细”第 2 行 B 列：原为 56，现为 65" in told(
        ours, book(["场所", "家数"], ["甲市场", 65])
    )
    assert "第 2 行 B 列：原为 56，现为“56”" in told(ours, book(["场所", "家数"], ["甲市场", "56"]))
    assert "第 3 行 A 列：原为空，现为“乙市场”" in told(
        ours, book(["场所", "家数"], ["甲市场", 56], ["乙市场"])
    )
    assert "少了数据表“明细”" in told(ours, book(["场所"], sheet="别的"))
    wide = book([1] * 30)
    assert "第 1 行 AD 列：原为 1，现为 2" in told(wide, book([1] * 29 + [2]))


def test_a_hidden_change_of_a_format_is_told():
    workbook = openpyxl.load_workbook(io.BytesIO(ours := book([0.56])))
    workbook.active["A1"].number_format = '"65%"'
    assert "工作表的格式或公式" in told(ours, saved(workbook))


def test_many_differences_are_counted():
    said = told(book(*([row] for row in range(100))), book(*([row + 1] for row in range(100))))
    assert said.count("\n") < 25 and "……共 100 处" in said


@pytest.mark.parametrize(
    "theirs",
    [
        b"", b"PK\3\4", b"x" * 1000,
        altered(written("甲"), replaced(BODY, "?>", '?><!DOCTYPE x [<!ENTITY a "b">]>')),
        altered(written("甲"), in_body("<w:p><w:r>" * 300 + "</w:r></w:p>" * 300)),
        altered(written("甲"), in_body("<w:p>" + "<w:r/>" * 1_100_000 + "</w:p>")),
        altered(written("甲"), lambda parts: parts.update(big=bytes(210_000_000))),
    ],
)  # fmt: skip
def test_a_file_that_means_harm_is_different_and_no_more(theirs):
    pair = document_set.zipped({"ours": written("甲"), "theirs": theirs})
    said = reading_process.read(differences, pair)
    assert said == ["打不开，已经损坏"] or said == ["文字以外的部分：正文"]
