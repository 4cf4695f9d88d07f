"""Headers are understood by name, label or synonym, or by likeness; never by a silent guess."""

import pytest

from domain import reference
from loaders import headers
from loaders.errors import HeaderError, MissingColumnError, UnsureKindError
from loaders.files import Sheet

WRITTEN = [
    (row.kind, row.column, name)
    for row in reference.table("columns").itertuples()
    for name in (row.column, row.label, *row.synonyms.split(";"))
    if name
]
NEEDED = {
    kind: headers.columns(kind).query("required == '1'")["label"].tolist() for kind in headers.KINDS
}


def layout(*rows, kind=None):
    return headers.layout([Sheet("表一", [*map(list, rows)])], kind, "来件.xlsx")[0]


def column_of(header, kind):
    return headers.positions([header], kind)


@pytest.mark.parametrize(("kind", "column", "name"), WRITTEN)
def test_every_name_of_the_reference_is_understood(kind, column, name):
    assert column_of(name, kind) == {column: 0}
    assert column_of(f" {name.upper()}＊（必填） ", kind) == {column: 0}


@pytest.mark.parametrize("kind", headers.KINDS)
def test_the_kind_is_told_from_the_labels(kind):
    known = headers.columns(kind)
    assert layout(known["label"], ["x"] * len(known)).kind == kind
    assert layout(known["column"], ["x"] * len(known)).kind == kind


@pytest.mark.parametrize("kind", headers.KINDS)
def test_required_columns_are_enough_when_the_kind_is_named(kind):
    assert layout(NEEDED[kind], kind=kind).kind == kind


@pytest.mark.parametrize(
    ("header", "column"), [("最近的巡检日期", "inspected_on"), ("商户经营地址", "address")]
)
def test_a_close_header_is_matched_by_likeness_and_said_so(header, column):
    found = layout(["名称", header], ["甲", ""])
    assert found.columns[column] == 1
    assert found.headers["how"].tolist() == ["exact", "close"]


def test_other_headers_are_ignored_and_said_so():
    found = layout(["名称", "备注", "来源"])
    assert found.headers["how"].tolist() == ["exact", "ignored", "ignored"]
    assert found.columns == {"name": 0}


def test_the_better_name_of_a_column_is_taken():
    found = layout(["编号", "商户编号", "名称"], kind="merchants")
    assert found.columns == {"merchant_id": 1, "name": 2}
    assert found.headers["how"].tolist() == ["repeated", "exact", "exact"]


def test_two_equal_headers_are_refused_by_name_and_place():
    with pytest.raises(HeaderError, match="“名称”与“名称”（第 1、3 列）都可读作“名称”"):
        layout(["名称", "地址", "名称"], kind="merchants")


def test_a_header_close_to_two_columns_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(headers, "_CLOSE", 50.0)
    with pytest.raises(HeaderError, match=r"“注约日期”与 “.*”、“.*” 同样相近"):
        layout(["名称", "注约日期"], kind="merchants")


def test_title_rows_are_passed_over():
    found = layout(["连云港市受理点报表"], ["填报单位：", ""], ["名称", "地址"], ["甲", "海州区"])
    assert (found.header_row, found.columns) == (2, {"name": 0, "address": 1})


def test_the_first_sheet_with_headers_is_read():
    sheets = [Sheet("说明", [["请按要求填写"]]), Sheet("数据", [["名称", "地址"], ["甲", ""]])]
    assert headers.layout(sheets, None, "来件.xlsx")[0].sheet == "数据"


def test_a_wide_indicators_file_needs_no_indicator_column():
    found = layout(["月份", "县区", "个人钱包", "缴费交易金额（万元）"], kind="indicators")
    assert found.columns["indicator:wallets_personal"] == 2
    assert found.columns["indicator:amount_bills"] == 3


def test_no_header_row_quotes_the_first_row():
    with pytest.raises(HeaderError, match="找不到表头，首行是：“甲”、“乙”"):
        layout(["甲", "乙"], ["丙", "丁"])


def test_a_missing_column_is_named_beside_the_headers_found():
    with pytest.raises(MissingColumnError, match=r"缺少必需的列 “名称”.*“地址”、“县区”"):
        layout(["地址", "县区"], kind="merchants")


def test_a_kind_that_cannot_be_told_is_asked_for():
    with pytest.raises(UnsureKindError, match=r"--kind 说明（venues\|scenarios）"):
        layout(["编号", "名称", "类型", "地址"])
