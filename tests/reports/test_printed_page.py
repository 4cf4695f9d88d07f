"""A page of the dashboard on A4: whole tables, headings on every page, numbers, stamp and mark."""

import io
from datetime import UTC, datetime

import pandas as pd
import pypdf
import pytest

from presentation.labels import plain, unmarked
from queries.sights import CONCEALED
from reports.documents import printed_page
from reports.documents.printed_page import Content, Table

MADE = datetime(2026, 11, 5, 9, 30, tzinfo=UTC)
STAMP = "【演示数据】口径：已验证 | 截止日：2026-10-31 | 数据版本：20261031-12345678-demo | 规则：R"
DOT = b'<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><circle r="9"/></svg>'
HARM = '<b>粗</b> #let x = 1 $y$ *星* _下_ \\ "引" @甲 =1+1'


def printed(*tables, stamp=STAMP, **content):
    said = Content("灌云县 · 缺口清单", "还有 11 个场所未达标。", stamp, tables=tables, **content)
    return pypdf.PdfReader(io.BytesIO(printed_page.pdf(said, MADE)))


def texts(reader):
    """What is read on each page; blanks are left out, for some are set by the typesetter."""
    return ["".join(page.extract_text().split()) for page in reader.pages]


def rows(count, name="兴旺路第{}农贸市场"):
    numbers = range(1, count + 1)
    return pd.DataFrame({"特定区域": [name.format(one) for one in numbers], "还差（家）": numbers})


def test_a_page_has_its_title_sentence_figure_tables_and_stamp():
    reader = printed(Table("未达标的场所", rows(3)), figures=[("地图", DOT)])
    (text,) = texts(reader)
    for part in ("灌云县·缺口清单", "还有11个场所未达标。", "地图", "未达标的场所", "第1页，共1页",
                 "兴旺路第3农贸市场", "数据版本：20261031-12345678-demo", "演示数据"):  # fmt: skip
        assert part in text, part
    assert reader.metadata.title == "灌云县 · 缺口清单"
    assert reader.pages[0].mediabox.height > reader.pages[0].mediabox.width


def test_a_long_table_is_printed_whole_with_its_headings_stamp_and_number_on_every_page():
    pages = texts(printed(Table("未达标的场所", rows(150))))
    assert len(pages) > 2
    for number, text in enumerate(pages, start=1):
        assert "特定区域" in text and "还差（家）" in text and "演示数据" in text
        assert f"第{number}页，共{len(pages)}页" in text and "规则：R" in text
    whole = "".join(pages)
    assert all(f"第{number}农贸市场" in whole for number in range(1, 151))


def test_what_is_too_much_for_paper_is_counted():
    whole = "".join(texts(printed(Table("门店", rows(printed_page.MOST + 5)))))
    assert "共2,005行，这里印前2,000行" in whole
    assert "第2000农" in whole and "第2001农" not in whole


def test_long_texts_wrap_and_lose_nothing():
    name = "海州湾畔长长长长的名字" * 8 + "0123456789" * 6
    frame = pd.DataFrame({"名称": [name], "备注": ["短"]})
    (text,) = texts(printed(Table("名单", frame)))
    assert name in text


def test_a_wide_table_lies_across():
    frame = pd.DataFrame({f"第{number}列的标题": ["十个汉字十个汉字"] for number in range(12)})
    reader = printed(Table("宽表", frame), Table("窄表", rows(2)))
    box = reader.pages[0].mediabox
    assert box.width > box.height
    assert texts(reader)[0].count("十个汉字十个汉字") == 12


def test_cells_are_printed_as_the_screen_shows_them():
    frame = pd.DataFrame(
        {
            "达标率": [0.5764, None],
            "较上月": [1.25, None],
            "还差（家）": [1234.0, None],
            "最近一次": ["2026-10-01", None],
        }
    )
    (text,) = texts(printed(Table("一览", frame)))
    for cell in ("57.6%", "+1.3个百分点", "1,234", "2026-10-01"):
        assert cell in text
    assert text.count("—") == 4 and "nan" not in text.lower()


def test_an_empty_table_says_so():
    (text,) = texts(printed(Table("缺的环节", rows(0))))
    assert "没有符合条件的记录" in text


def test_text_of_a_file_is_printed_as_it_is():
    frame = pd.DataFrame({"名称": [HARM], HARM: ["甲"]})
    said = Content(HARM, HARM, STAMP, [(HARM, DOT)], [Table(HARM, frame, note=HARM)])
    reader = pypdf.PdfReader(io.BytesIO(printed_page.pdf(said, MADE)))
    text = "".join(texts(reader))
    assert text.count(HARM.replace(" ", "")) == 7


def test_real_data_bear_no_mark():
    (text,) = texts(printed(Table("名单", rows(2)), stamp=STAMP.removeprefix("【演示数据】")))
    assert "演示数据" not in text


def test_the_same_page_makes_the_same_bytes():
    content = Content("页", "句", STAMP, [("图", DOT)], [Table("名单", rows(80))])
    assert printed_page.pdf(content, MADE) == printed_page.pdf(content, MADE)


def test_rows_that_the_visitor_may_not_see_by_name_are_counted_and_not_printed():
    frame = pd.DataFrame({"venue": ["甲市场", CONCEALED, CONCEALED], "needed": [1, 2, 3]})
    (table,) = printed_page.of_sheets({"场所": (frame, ["venue", "needed"])})
    assert table.frame["特定区域"].tolist() == ["甲市场"]
    assert table.note == "另有 2 行不在本单位范围，只计数，不列名。"


@pytest.mark.parametrize("name", ["x*b**c_[1](2)\\", "**甲**", "a`b`"])
def test_a_sentence_in_markdown_is_plain_on_paper(name):
    assert unmarked(f"最低 **{plain(name)}**（3%）") == f"最低 {name}（3%）"
