"""Cells become values in every shape senders use, or get a reason that quotes them."""

import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import owners, reference
from loaders.reading import angles, cell_parsing, counts, day_parsing, units, vocabulary
from loaders.reading.cell_parsing import CellError
from loaders.reading.vocabulary import READERS as WORDS

DAY = datetime.date(2024, 3, 5)
DAYS = [
    "2024-03-05", "2024/3/5", "2024.3.5", "2024年3月5日", "2024 年 3 月 5 日", "20240305",
    "２０２４．３．５", "2024-03-05 14:30:00", "2024-03-05T14:30", "20240305143000", "45356",
    20240305.0, 20240305, 45356.0, 45356.75, DAY, datetime.datetime(2024, 3, 5, 14, 30),
    "202403051230", "20240305123000", "20240305 12:30", "20240305 1230", "20240305T123000",
    "2024030512", 202403051230.0, "2024 03 05", "2024 3 5",
    "2024-3-5 上午9:00", "2024-3-5 下午 3:05:00", "2024年3月5日下午3时05分", "2024-03-05 9:05 AM",
    "2024年3月5号", "2024年3月5日 星期二", "2024-03-05（周二）", "周二 2024/3/5", "2024–03–05",
    "2024—3—5", "2024、3、5", "2024，3，5", "2024_03_05", "2024 / 3 / 5", "2024 年 3 月 5 號",
    "二〇二四年三月五日", "二零二四年三月五号", "二○二四年三月五日", "二O二四年三月五日",
    "贰零贰肆年叁月伍日", "2024年三月五日", "2024-03-05T14:30:00.000Z", "2024\\3\\5",
    "2024-03-04T16:00:00.000Z", "2024-03-04t16:00z", "2024-03-05T00:00:00+08:00",
    "2024-03-05 15:59:59+00:00", "2024-03-04T11:00:00-0500", "2024-03-04 16:00:00+00",
]  # fmt: skip
NO_DAYS = [
    "9999-12-31", "2999-12-31", "99991231", "9999/12/31 23:59:59", "9999年12月31日", "2099-12-31",
    "3000-01-01", "0001-01-01", "0000-00-00", "0000-00-00 00:00:00", "00000000", "0", 0.0,
    "1900-01-01", "1900/1/0", "1900-01-00", "1899-12-30", "1970-01-01", "1970-01-01 08:00:00",
    2958465.0, 25569.0, "长期", "长期有效", "永久", "未注销", "尚未", "尚未停用", "没有", "无期限",
    "至今",
    "不适用", "正常", "无", "無", "—", "-", "－", "――", "…", "/", "NULL", "NaT",
    datetime.datetime(9999, 12, 31), datetime.date(1900, 1, 1), datetime.time(0, 0),
    datetime.timedelta(0),
]  # fmt: skip
NOT_DAYS = [
    ("2024-13-01", "日历上"),
    ("2024年2月30日", "日历上"),
    ("1925-03-05", "年份不对"),
    ("2205-03-05", "年份不对"),
    ("已停用", "不是日期"),
    ("3/5/2024", "不是日期"),
    ("24.3.5", "年份只有两位"),
    ("待定", "不是日期"),
    *(
        (cell, "不是日期，请写成 2024-03-05 这样")
        for cell in ("√", "✓", " ✔ ", "☑", "●", "是", "有")
    ),
    (2024.1, "1 月还是 10 月"),
    ("2024.1", "1 月还是 10 月"),
    ("2024-02-30T16:00:00Z", "日历上"),
    (datetime.time(14, 30), "不是日期"),
    (True, "不是日期"),
    ("202403059999", "不是日期"),
    ("20240399", "日历上"),
    *((cell, "不是日期") for cell in ("2025年1-6", "2025.1-6", "2025.1~6", "2025年1月—6月")),
]
SHAPES = [
    "{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0:%Y%m%d}", "{0.year}.{0.month}.{0.day}",
    "{0.year}年{0.month}月{0.day}日", "{0:%Y-%m-%d} 08:00:00",
]  # fmt: skip


@pytest.mark.parametrize("cell", DAYS)
def test_a_day_in_every_usual_shape(cell):
    assert day_parsing.day(cell) == DAY


@pytest.mark.parametrize(
    ("cell", "month_", "day_"), [("二〇二五年十月", 10, 1), ("二〇二五年十二月三十一日", 12, 31),
                                 ("2025年十一月廿五日", 11, 25), ("二零二五年元月二十号", 1, 20)],
)  # fmt: skip
def test_a_day_in_words(cell, month_, day_):
    assert day_parsing.day(cell) == datetime.date(2025, month_, day_)


@pytest.mark.parametrize("cell", NO_DAYS)
def test_what_stands_where_there_is_no_day_is_none(cell):
    values, reasons = cell_parsing.column(pd.Series([cell], dtype=object), day_parsing.day, "date")
    assert values.isna().all() and reasons.empty


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2098, 12, 31)), st.sampled_from(SHAPES))
def test_any_day_is_read_back_from_any_shape(day, shape):
    assert day_parsing.day(shape.format(day)) == day


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2098, 12, 31)))
def test_any_day_is_read_back_from_its_excel_serial(day):
    assert day_parsing.day(float((day - datetime.date(1899, 12, 30)).days)) == day


@pytest.mark.parametrize(("cell", "reason"), NOT_DAYS)
def test_what_is_no_day_is_quoted(cell, reason):
    with pytest.raises(CellError, match=reason) as raised:
        day_parsing.day(cell)
    assert f"“{cell_parsing.text(cell)}”" in str(raised.value)


@pytest.mark.parametrize("cell", ["2024年3月", "2024-03", "202403", 202403.0, "2024.03", DAY])
def test_a_month_is_its_first_day(cell):
    assert day_parsing.month(cell) == datetime.date(2024, 3, 1)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("12", 12), ("１２", 12), ("1,234", 1234), ("1，234.5", 1234.5), (" 12 家", 12), (7.0, 7),
     ("1.5e2", 150), ("1.2万", 12000), ("3.3万户", 33000), ("2亿元", 2e8), ("12万", 120000)],
)  # fmt: skip
def test_numbers(cell, value):
    assert cell_parsing.number(cell) == value


@pytest.mark.parametrize("cell", ["东经", "12,34", "119°12′", "-3", "1e999", "万", "--5", True])
def test_what_is_no_number_is_quoted(cell):
    with pytest.raises(CellError, match="“"):
        cell_parsing.number(cell)


def test_a_count_is_whole():
    assert cell_parsing.integer("500家") == 500
    with pytest.raises(CellError, match=r"“12\.5”不是整数"):
        cell_parsing.integer("12.5")


@pytest.mark.parametrize(
    "cell", ["约120", "120余家", "≥120", ">=120", "120+", "120左右", "120家(约)", "大约120户",
             "近120", "120多家", "不少于 120 家", "120（估）", "約120"],
)  # fmt: skip
def test_a_count_may_be_about_and_is_said_to_be(cell):
    cells = pd.Series([cell, "120"], index=[4, 5], dtype=object)
    values, reasons = cell_parsing.column(cells, counts.count, "Int64")
    assert values.tolist() == [120, 120] and reasons.empty
    notes = counts.about(cells, values, "应覆盖商户数")
    assert notes.to_dict() == {4: f"应覆盖商户数写作“{cell}”，按 120 计，请核实"}


@pytest.mark.parametrize(
    "cell", ["未知", "待核实", "待定", "不详", "－", "—", "？", "暂无数据", "未统计"]
)
def test_a_count_may_be_unknown(cell):
    values, reasons = cell_parsing.column(pd.Series([cell], dtype=object), counts.count, "Int64")
    assert values.isna().all() and reasons.empty


@pytest.mark.parametrize(
    "cell", ["100至150", "十几家", "-3", True, "众多", "30～40", "100~120", "≥100≤120", "1余2",
             "3万多5千"],
)  # fmt: skip
def test_a_count_that_cannot_be_read_is_quoted(cell):
    with pytest.raises(CellError, match=f"“{cell}”"):
        counts.count(cell)


@pytest.mark.parametrize("cell", ["100000000000000000000", "1e19", 1e19, 10**20, "1e9999999万"])
def test_a_count_that_no_column_holds_is_refused(cell):
    values, reasons = cell_parsing.column(
        pd.Series([cell, "3"], dtype=object), cell_parsing.integer, "Int64"
    )
    assert values.tolist() == [pd.NA, 3]
    assert "太大，不是实际的数" in reasons.item() and "“" in reasons.item()


@pytest.mark.parametrize("cell", ["是", "√", "Y", "1", 1.0, True, "ＴＲＵＥ", "有"])
def test_yes(cell):
    assert cell_parsing.boolean(cell) is True


@pytest.mark.parametrize("cell", ["否", "×", "N", "0", 0.0, False, "no", "无"])
def test_no(cell):
    assert cell_parsing.boolean(cell) is False


def test_neither_yes_nor_no_is_quoted():
    with pytest.raises(CellError, match="“大概”不是“是”或“否”"):
        cell_parsing.boolean("大概")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (" ｓ 001 ", "s001"),
        (320706001.0, "320706001"),
        ("'0012", "0012"),
        ("A-1", "A-1"),
        ("7.0", "7"),
        (7.0, "7"),
        ("100.00", "100"),
        ("007.0", "007"),
        ("1.10", "1.10"),
    ],
)
def test_an_id_is_half_width_without_spaces(cell, value):
    assert cell_parsing.code(cell) == value


def test_an_id_that_excel_cut_short_is_refused():
    with pytest.raises(CellError, match="末几位已丢失"):
        cell_parsing.code(8.2320000001e17)


@pytest.mark.parametrize("cell", ["1.23457E+11", "6.2e18", "1E+11", "６．２Ｅ＋１８", " 6.2e18 "])
def test_an_id_that_was_cut_short_before_it_became_text_is_refused_too(cell):
    with pytest.raises(CellError, match=r"“[\d.eE+]+”是 Excel 改成数值的长编号，末几位已丢失"):
        cell_parsing.code(cell)


@pytest.mark.parametrize("cell", ["12E5", "E10", "1E3", "A1.5E+3号"])
def test_letters_among_digits_do_not_make_an_id_a_number(cell):
    assert cell_parsing.code(cell) == cell


def test_a_number_with_decimals_is_no_id():
    with pytest.raises(CellError, match=r"“1234\.5”是带小数的数，不是编号"):
        cell_parsing.code(1234.5)


@pytest.mark.parametrize("cell", ["'", "`", "''", "‘’"])
def test_an_id_of_nothing_but_quotes_is_missing(cell):
    values, reasons = cell_parsing.column(
        pd.Series([cell, "'1"], dtype=object), cell_parsing.code, "str"
    )
    assert values.isna().tolist() == [True, False]
    assert reasons.empty


EXCEL_MADE = [
    (datetime.datetime(2026, 3, 5), "“2026-03-05”是 Excel 改成日期的内容，请把该列设为文本重填"),
    (datetime.date(2026, 3, 5), "“2026-03-05”是 Excel 改成日期的内容"),
    (datetime.time(3, 5), "“03:05:00”是 Excel 改成日期的内容"),
    (datetime.timedelta(days=3), "是 Excel 改成日期的内容"),
    (True, "“TRUE”是 Excel 改成逻辑值的内容"),
]


@pytest.mark.parametrize("reader", [cell_parsing.code, cell_parsing.wording])
@pytest.mark.parametrize(("cell", "reason"), EXCEL_MADE)
def test_what_excel_made_of_an_id_or_a_name_is_refused(reader, cell, reason):
    with pytest.raises(CellError, match=reason):
        reader(cell)


@pytest.mark.parametrize("order", [[1.0, True, 0.0, False], [True, 1.0, False, 0.0]])
def test_a_tick_is_not_taken_for_the_number_it_is_equal_to(order):
    cells = pd.Series(order, index=[7, 3, 5, 2], dtype=object)
    values, reasons = cell_parsing.column(cells, cell_parsing.code, "str")
    assert values.index.tolist() == [7, 3, 5, 2]
    ticked = [isinstance(cell, bool) for cell in order]
    assert values.isna().tolist() == ticked
    assert reasons.index.tolist() == cells.index[ticked].tolist()


@pytest.mark.parametrize("cell", ["", "  ", "　", "-", "无", "N/A", "null", "——", None, " " * 40])
def test_signs_of_nothing_are_blank(cell):
    assert cell_parsing.is_blank(cell)


@pytest.mark.parametrize("cell", [0, 0.0, False, "0", "否", "无锡小吃"])
def test_values_are_not_blank(cell):
    assert not cell_parsing.is_blank(cell)


OPERATORS = [
    ("中国工商银行连云港分行", "ICBC"),
    ("工行海州支行", "ICBC"),
    ("中国银行股份有限公司连云港分行", "BOC"),
    ("abc", "ABC"),
    ("连云港东方农村商业银行新浦支行", "DFRCB"),
    ("支付宝", "MYBANK"),
    ("网商银行（支付宝）", "MYBANK"),
    ("建行(CCB)", "CCB"),
    ("连云港市农行", "ABC"),
    ("市工商银行", "ICBC"),
    ("建设银行赣榆", "CCB"),
    ("102-工商银行网络金融部", "ICBC"),
    ("江苏银行连云港新浦支行营业室", "JSB"),
    *((name, row.operator_id)
      for row in reference.table("operators").itertuples()
      for name in (row.operator_id, row.operator, *row.aliases.split(";"))),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "operator_id"), OPERATORS)
def test_a_bank_by_any_of_its_names(cell, operator_id):
    assert vocabulary.operator(cell) == operator_id


@pytest.mark.parametrize(
    "cell", ["兴业证券", "连云港市农村信用社", "银行", "中国银行保险监督管理局", "工行和民生",
             "中国银行业协会", "工商银行、苏州银行连云港分行", "邮储、农行"],
)  # fmt: skip
def test_an_unknown_bank_is_quoted_beside_the_known_ones(cell):
    with pytest.raises(CellError, match=f"“{cell}”不是已登记的运营机构.*工商银行、农业银行"):
        vocabulary.operator(cell)


@pytest.mark.parametrize(
    "cell", ["工商银行、农业银行", "建行、农行", "农行/中行", "建行（代农行）", "工行转建行"]
)
def test_two_banks_in_one_cell_are_refused(cell):
    with pytest.raises(CellError, match=f"“{cell}”写了不止一家"):
        vocabulary.operator(cell)


@pytest.mark.parametrize(
    ("reader", "cell"),
    [(angles.longitude, "119.160000,34.600000;" * 1_400), (day_parsing.day, "T" * 30_000 + "x"),
     (WORDS["owners"], "和 某" * 10_000), (cell_parsing.number, "1x" * 200)],
)  # fmt: skip
def test_a_cell_too_long_to_be_one_value_is_refused_unread_and_quoted_in_part(reader, cell):
    def stopped(_):
        raise AssertionError("read")

    cells = pd.Series([cell], dtype=object)
    values, reasons = cell_parsing.column(cells, stopped, "str")
    assert values.isna().all()
    assert f"有 {len(cell):,} 个字，太长" in reasons.item() and len(reasons.item()) < 150
    with pytest.raises(CellError) as raised:
        reader(cell[:100])
    assert f"“{cell[:60]}…”" in str(raised.value)


@pytest.mark.parametrize("reader", [cell_parsing.wording, cell_parsing.place])
def test_a_text_may_be_long(reader):
    values, reasons = cell_parsing.column(pd.Series(["文" * 400], dtype=object), reader, "str")
    assert values.item() == "文" * 400 and reasons.empty


@pytest.mark.parametrize("row", reference.table("scenarios").to_dict("records"))
def test_a_scenario_by_id_name_or_both(row):
    identifier, name = row["scenario_id"], row["scenario"]
    for cell in (identifier, identifier.lower(), name, f"{identifier} {name}"):
        assert vocabulary.scenario(cell) == identifier


@pytest.mark.parametrize("row", reference.table("venue_kinds").to_dict("records"))
def test_a_venue_kind_by_id_or_name(row):
    assert WORDS["venue_kind"](row["kind_id"]) == WORDS["venue_kind"](row["kind"])


@pytest.mark.parametrize("cell", ["A", "a级", "Ａ", " A "])
def test_a_grade(cell):
    assert vocabulary.grade(cell) == "A"


@pytest.mark.parametrize(
    ("reader", "cell"),
    [(vocabulary.scenario, "杂货"), (WORDS["venue_kind"], "杂货"), (vocabulary.grade, "D"),
     (WORDS["indicator"], "杂货"), (WORDS["filing_kind"], "杂货"),
     (WORDS["measure"], "杂货"), (vocabulary.city, "徐州新区"), (vocabulary.city, "上海市"),
     (vocabulary.county_or_city, "海陵区"), (vocabulary.crs, "杂")],
)  # fmt: skip
def test_an_unknown_word_is_quoted(reader, cell):
    with pytest.raises(CellError, match=f"“{cell}”不是"):
        reader(cell)


@pytest.mark.parametrize(
    ("cell", "code"),
    [("赣榆县", "320707"), ("海州", "320706"), ("连云港市东海县", "320722"), ("320724", "320724"),
     ("全市", "")],
)  # fmt: skip
def test_a_county_or_the_whole_city(cell, code):
    assert vocabulary.county_or_city(cell) == code


OWNERS = [
    ("海州区", "320706"),
    ("江苏省连云港市赣榆县", "320707"),
    (" 东海县人民政府 ", "320722"),
    ("徐圩新区管委会", "XUWEI"),
    ("连云港市经济技术开发区", "ETDZ"),
    ("连云港市商务局", "U16"),
    ("商务局", "U16"),
    ("市住房和城乡建设局", "U13"),
    ("连云港市发展和改革委员会", "U04"),
    ("人民银行连云港市中心支行", "U28"),
    ("中国人民银行连云港市分行", "U28"),
    ("市地方金融监管局", "U23"),
    ("市委金融办（市地方金融管理局）", "U23"),
    ("连云港银保监分局", "U29"),
    ("领导小组办公室", "OFFICE"),
    ("中国工商银行 海州支行", "ICBC"),
    ("中国农业银行股份有限公司连云港分行", "ABC"),
    ("u05", "U05"),
    ("320724", "320724"),
    *owners.aliases().items(),
]


@pytest.mark.parametrize(("cell", "owner_id"), OWNERS)
def test_an_owner_by_any_name_it_has_or_had(cell, owner_id):
    assert vocabulary.owner(cell) == owner_id
    assert WORDS["owners"](cell) == owner_id


SEVERAL_OWNERS = [
    ("海州区、市商务局", "320706;U16"),
    ("海州区，市商务局,海州区", "320706;U16"),
    ("赣榆区；徐圩新区管委会/工行", "320707;XUWEI;ICBC"),
    ("市教育局;;连云区", "U05;320703"),
    ("市商务局\n市教育局", "U16;U05"),
    ("海州区和市商务局", "320706;U16"),
    ("市住房和城乡建设局和中国银行", "U13;BOC"),
    ("中国银行和海州区", "BOC;320706"),
    ("海州区 工商银行连云港分行", "320706;ICBC"),
]


@pytest.mark.parametrize(("cell", "ids"), SEVERAL_OWNERS)
def test_several_owners_in_one_cell_each_once_in_their_order(cell, ids):
    assert WORDS["owners"](cell) == ids
    with pytest.raises(CellError, match="不止一个单位"):
        vocabulary.owner(cell.replace(",海州区", ""))


@pytest.mark.parametrize(
    ("cell", "unknown", "alike"),
    [
        ("市商务厅", "市商务厅", "市商务局"),
        ("海州区、招商局、市教育局", "招商局", "招商银行"),
        ("市教育局和某某局", "某某局", "市教育局"),
        (
            "中国银行业监管机构",
            "中国银行业监管机构",
            "银行",
        ),
    ],
)
def test_an_unknown_owner_is_quoted_beside_the_most_like(cell, unknown, alike):
    with pytest.raises(CellError, match=f"^“{unknown}”不是已登记的.*最像的是：.*{alike}"):
        WORDS["owners"](cell)


def test_a_sender_s_own_word_may_be_one_of_several_owners():
    words = {"owner": {"贵局": "U16", "街道": ""}}
    read = vocabulary.with_words("owners", WORDS["owners"], words)
    assert read("海州区、贵局、街道") == "320706;U16"
    assert vocabulary.unread("owners", "贵局、某局和海州区", words) == ["某局"]


@pytest.mark.parametrize("row", reference.table("filing_kinds").to_dict("records"))
def test_a_kind_of_filing_by_id_name_or_alias(row):
    for cell in (row["kind_id"], row["kind"], *row["aliases"].split(";")):
        assert WORDS["filing_kind"](cell) == row["kind_id"]


@pytest.mark.parametrize(
    "cell",
    ["5", 5, 5.0, "05", "５", "任务5", "第5项", "第5项任务", "重点任务5", "5 市教育局", "5.推动",
     "5、推动校园卡", "任务5：推动2024年工作"],
)  # fmt: skip
def test_a_task_by_its_number(cell):
    assert vocabulary.task(cell) == "5"


@pytest.mark.parametrize("cell", ["0", "31", "5.5", "5、6", "12月", "2024年", "校园卡", True, "-5"])
def test_what_is_no_task_is_quoted(cell):
    with pytest.raises(
        CellError, match=f"“{cell_parsing.text(cell)}”不是重点任务的序号，应为 1 到 30"
    ):
        vocabulary.task(cell)


@pytest.mark.parametrize("row", reference.table("province_cities").to_dict("records"))
def test_a_city_of_the_province_with_or_without_its_last_character(row):
    for cell in (row["city"], row["city"].removesuffix("市"), f" {row['city']} ", row["city_code"]):
        assert vocabulary.city(cell) == row["city"]


@pytest.mark.parametrize("row", reference.table("province_measures").to_dict("records"))
def test_a_measure_of_the_province_by_id_name_or_alias(row):
    for cell in (row["measure_id"], row["measure"], *row["aliases"].split(";")):
        assert WORDS["measure"](cell) == row["measure_id"]


def test_a_column_keeps_its_index_and_says_what_is_wrong_where():
    cells = pd.Series(["2024-3-5", "", "x", "2024-3-5"], index=[2, 3, 5, 8], dtype=object)
    values, reasons = cell_parsing.column(cells, day_parsing.day, "date")
    assert values.notna().tolist() == [True, False, False, True]
    assert reasons.dropna().index.tolist() == [5]


CELLS = st.one_of(
    st.text(), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes(), st.times()
)
READERS = [
    cell_parsing.text, cell_parsing.wording, cell_parsing.code, units.unit,
    cell_parsing.number, cell_parsing.integer,
    cell_parsing.boolean, day_parsing.day, day_parsing.month, angles.degrees, angles.longitude,
    *WORDS.values(),
]  # fmt: skip


@pytest.mark.parametrize("reader", READERS)
@given(cell=CELLS)
def test_no_cell_breaks_a_reader(reader, cell):
    if cell_parsing.is_blank(cell):
        return
    try:
        reader(cell)
    except CellError as error:
        assert str(error)


ANGLES = [
    "119°12′30″", "119度12分30秒", "119º12'30\"", "119˚12′30″", "119°12.5′", "119°12’30”",
    "E119°12′30″", "119°12'30''E", "东经119°12′30″", "１１９°１２′３０″", "119 ° 12 ′ 30 ″",
    "119:12:30", "119.208333333333", 119.208333333333,
]  # fmt: skip
PAIRS = [
    "119.22,34.6", "34.6 119.22", "119.22；34.6", "（119.22， 34.6）", "[119.22,34.6]",
    "119.22/34.6", "119.22、34.6", "经度119.22纬度34.6", "经度：119.22，纬度：34.6",
    "34.6N,119.22E", "119°13′12″E34°36′0″N", "E119°13′12″N34°36′0″", "119° 13′ 12″, 34° 36′",
    "119°13′12″ 34°36′",
]  # fmt: skip


@pytest.mark.parametrize("cell", ANGLES)
def test_an_angle_in_every_usual_shape(cell):
    assert angles.degrees(cell) == pytest.approx(119.2083333, abs=1e-7)


@pytest.mark.parametrize(
    "cell",
    ["11923", "119°61′", "119°12′75″", "119.5°30′", "-119.2", "西经119.2", "东", True, "1e9"],
)
def test_what_is_no_angle_is_quoted(cell):
    with pytest.raises(CellError, match=f"“{cell_parsing.text(cell)}”"):
        angles.degrees(cell)


@given(st.integers(118 * 3600, 120 * 3600))
def test_any_angle_is_read_back_from_degrees_minutes_and_seconds(seconds):
    written = f"{seconds // 3600}°{seconds // 60 % 60}′{seconds % 60}″"
    assert angles.degrees(written) == pytest.approx(seconds / 3600, abs=1e-9)


@pytest.mark.parametrize("cell", PAIRS)
def test_a_point_in_one_cell_is_longitude_and_latitude(cell):
    assert angles.pair(cell) == pytest.approx((119.22, 34.6))


@pytest.mark.parametrize("cell", ["119.22", "119 12 30", "海州区", "119.2234.6", "119.22,北"])
def test_what_is_no_pair_is_quoted(cell):
    with pytest.raises(CellError, match="“"):
        angles.pair(cell)


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "=A1+1"])
@pytest.mark.parametrize(
    "reader", [cell_parsing.text, cell_parsing.number, day_parsing.day, cell_parsing.code]
)
def test_a_formula_that_gives_nothing_is_wrong_in_every_column(reader, cell):
    values, reasons = cell_parsing.column(pd.Series([cell]), reader, "str")
    assert values.isna().all()
    assert f"“{cell}”" in reasons.item()
    assert "公式" in reasons.item()


def test_a_name_with_a_number_sign_is_a_name():
    values, reasons = cell_parsing.column(pd.Series(["#1 咖啡"]), cell_parsing.text, "str")
    assert values.tolist() == ["#1 咖啡"]
    assert reasons.empty
