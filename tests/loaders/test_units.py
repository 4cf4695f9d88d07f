"""Monthly figures end up in the units of the reference, or come back with a reason."""

import pytest

from loaders.reading import opened_tables
from loaders.reading.units import above, stated
from store import snapshot_store
from tests.support import bank_files
from tests.support.bank_files import write

RETAIL, BILLS, WALLETS = "消费交易金额", "缴费金额", "个人钱包数"


@pytest.fixture
def read(tmp_path):
    """The one sheet of lines written as a file."""

    def read(*lines):
        path = write(tmp_path / "来件", [list(line) for line in lines], "xlsx")
        return bank_files.read(path, snapshot_store.Store(tmp_path / "none"), "indicators")

    return read


def test_the_kind_is_recognised_with_a_column_of_units(tmp_path):
    lines = [["月份", "县区", "指标", "单位", "数值"], ["2026-01", "全市", RETAIL, "元", 1]]
    (one,) = opened_tables.opened([write(tmp_path / "来件", lines, "xlsx")])
    assert one.source.layout.columns["unit"] == 3


@pytest.mark.parametrize(
    ("header", "cell", "value"),
    [
        (f"{RETAIL}（千元）", 1200, 120), (f"{BILLS}（百万元）", 3, 300),
        (f"{RETAIL}(元)", 3, 0.0003),
        (f"{RETAIL}（当月，元）", 12000, 1.2), (f"{RETAIL}（单位：亿元）", 0.5, 5000),
        (f"{RETAIL}（人民币元）", 12000, 1.2), (f"{RETAIL}（人民币）", 12, 12),
        (f"{RETAIL}（当月）（千元）", 10, 1), (f"{RETAIL}(千)", 10, 1),
        (f"{RETAIL}（必填）", 12, 12), (f"{WALLETS}（户）", 12, 12),
        (f"{WALLETS}（万户）", 1.2, 12000), ("交易笔数（万笔）", 3, 30000),
        (RETAIL, "12000元", 1.2), (f"{RETAIL}（元）", "1.2万元", 1.2), (f"{WALLETS}", "12户", 12),
    ],
)  # fmt: skip
def test_a_unit_in_the_header_holds_for_its_column(read, header, cell, value):
    sheet = read(["月份", header], ["2026-01", cell])
    assert sheet.rejects.empty
    assert sheet.accepted["value"].tolist() == [value]


@pytest.mark.parametrize(
    ("header", "cell", "quoted"),
    [
        (f"{RETAIL}（美元）", 1, "美元"), (f"{RETAIL}（万美元）", 1, "万美元"),
        (f"{RETAIL}（￥）", 1, "¥"),
        (f"{RETAIL}（笔）", 1, "笔"), (f"{WALLETS}（元）", 1, "元"), (f"{WALLETS}（人）", 1, "人"),
        (f"{RETAIL}（元）（万元）", 1, "元、万元"), (f"{RETAIL}（千元）", "1.2万", "1.2万"),
        (RETAIL, "12笔", "笔"), (WALLETS, "12元", "元"),
    ],
)  # fmt: skip
def test_a_unit_that_is_none_of_ours_rejects_the_cell_and_is_quoted(read, header, cell, quoted):
    sheet = read(["月份", header], ["2026-01", cell])
    (reject,) = sheet.rejects.to_dict("records")
    assert sheet.accepted.empty
    assert reject["column"] == header and f"“{quoted}”" in reject["reason"]


LONG = ["月份", "县区", "银行", "指标", "数值"]


def long(indicator, value, *more):
    return ["2026-01", "海州区", "工行", indicator, value, *more]


def test_a_unit_over_the_values_of_a_long_file_holds_for_those_it_fits(read):
    header = [*LONG[:-1], "数值(元)"]
    sheet = read(header, long(RETAIL, 12000000), long("交易笔数", 120))
    assert sheet.accepted["value"].tolist() == [1200, 120]


def test_an_unknown_unit_over_the_values_rejects_the_money_only(read):
    sheet = read([*LONG[:-1], "数值(美元)"], long(RETAIL, 5), long("交易笔数", 120))
    assert sheet.accepted["value"].tolist() == [120]
    assert "“美元”不认得" in sheet.rejects["reason"].item()


@pytest.mark.parametrize(
    ("unit", "indicator", "value"),
    [
        ("元", RETAIL, 0.12), ("千元", RETAIL, 120), ("万元", RETAIL, 1200),
        ("百万元", RETAIL, 120000),
        ("亿元", RETAIL, 12000000), ("人民币万元", RETAIL, 1200), ("", RETAIL, 1200),
        ("户", WALLETS, 1200), ("万个", WALLETS, 12000000), ("笔", "交易笔数", 1200),
    ],
)  # fmt: skip
def test_a_unit_in_the_row_holds_for_the_row(read, unit, indicator, value):
    sheet = read([*LONG, "单位"], long(indicator, 1200, unit), long("对公钱包数", 7, "个"))
    assert sheet.rejects.empty
    assert sheet.accepted["value"].tolist() == [value, 7]


@pytest.mark.parametrize(
    ("unit", "indicator", "column", "reason"),
    [
        ("美元", RETAIL, "单位", "“美元”不是认得的计量单位"),
        ("工商银行", RETAIL, "单位", "“工商银行”不是认得的计量单位"),
        ("笔", RETAIL, "数值", "“笔”与本项指标的单位“万元”不符"),
        ("元", WALLETS, "数值", "“元”与本项指标的单位“个”不符"),
    ],
)
def test_a_wrong_unit_in_the_row_rejects_the_row(read, unit, indicator, column, reason):
    sheet = read([*LONG, "单位"], long(indicator, 1200, unit))
    (reject,) = sheet.rejects.to_dict("records")
    assert (reject["row"], reject["column"]) == (2, column) and reason in reject["reason"]


def test_a_row_and_its_header_must_not_contradict_each_other(read):
    sheet = read([*LONG[:-1], "数值（万元）", "单位"], long(RETAIL, 12, "元"))
    assert "本行单位“元”与列名里的“万元”不一致" in sheet.rejects["reason"].item()


def test_a_unit_in_the_row_of_a_wide_file_holds_for_the_columns_it_fits(read):
    sheet = read(["月份", "单位", RETAIL, WALLETS], ["2026-01", "元", 12000, 5])
    assert sheet.accepted.set_index("indicator_id")["value"].to_dict() == {
        "amount_retail": 1.2, "wallets_personal": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    "title",
    [
        ["单位：元"], ["（单位：元）"], ["金额单位：元"], ["", "", "单位：", "元"],
        ["单位：元、户"],
        ["填报单位：连云港分行", "单位：人民币元"], ["数字人民币月报（元）"],
        ["单位: 元  填报人：某某"],
    ],
)  # fmt: skip
def test_a_unit_in_a_title_holds_for_money_that_states_none(read, title):
    header = ["月份", "县区", RETAIL, f"{BILLS}（万元）", WALLETS]
    sheet = read(["月度报表"], title, header, ["2026-01", "海州区", 12000000, 3, 4])
    assert sheet.accepted.set_index("indicator_id")["value"].to_dict() == {
        "amount_retail": 1200, "amount_bills": 3, "wallets_personal": 4,
    }  # fmt: skip


def test_a_unit_in_a_title_that_is_none_of_ours_rejects_the_money(read):
    sheet = read(["单位：美元"], ["月份", RETAIL, WALLETS], ["2026-01", 5, 4])
    assert sheet.rejects["column"].tolist() == [RETAIL]
    assert "“美元”不认得" in sheet.rejects["reason"].item()


def test_a_title_goes_for_long_files_and_gives_way_to_the_row(read):
    sheet = read(["单位：元"], [*LONG, "单位"], long(RETAIL, 12000, ""), long(BILLS, 3, "万元"))
    assert sheet.accepted["value"].tolist() == [1.2, 3]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("缴费金额·元", ("元",)), ("缴费金额千元", ("千元",)), ("缴费金额美元", ("美元",)),
        ("金额（万元）·消费交易金额", ("万元",)), ("交易笔数", ()), ("对公钱包（含个体户）", ()),
        ("消费交易金额（2026年1月）", ()), ("活跃钱包数【户】", ("户",)),
    ],
)  # fmt: skip
def test_what_a_header_says_of_units(header, said):
    assert stated(header) == said


def test_senders_above_a_table_are_no_units():
    assert (
        above([["填报单位：连云港分行", "报送单位：市商务局"], ["单位：工商银行"], [2026.0]]) == ()
    )
