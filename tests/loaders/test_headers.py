"""Headers are understood by name, label or synonym, or by likeness; never by a silent guess."""

import pytest

from domain import reference
from loaders.formats.opened_files import Sheet
from loaders.kinds import KINDS
from loaders.reading import column_names, header_matching
from store.errors import HeaderError, MissingColumnError, UnsureKindError

WRITTEN = [
    (row.kind, row.column, name)
    for row in reference.table("columns").itertuples()
    for name in (row.column, row.label, *row.synonyms.split(";"))
    if name
]
NEEDED = {name: [kind.labels[column] for column in kind.required] for name, kind in KINDS.items()}


def layout(*rows, kind=None):
    return header_matching.layouts([Sheet("表一", [*map(list, rows)])], kind, "来件.xlsx")[0][0]


def column_of(header, kind):
    return header_matching.positions([header], kind)


@pytest.mark.parametrize(("kind", "column", "name"), WRITTEN)
def test_every_name_of_the_reference_is_understood(kind, column, name):
    assert column_of(name, kind) == {column: 0}
    assert column_of(f" {name.upper()}＊（必填） ", kind) == {column: 0}


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        (
            "merchants",
            {"商编": "merchant_id", "门店名": "name", "所在区县": "county",
             "行业大类": "scenario_id",
             "协议日": "contracted_on", "最近一次巡检": "inspected_on", "末笔交易": "paid_on",
             "解约日期": "closed_on", "计入应覆盖": "eligible", "东经": "lon", "北纬": "lat"},
        ),
        (
            "venues",
            {"场所编码": "venue_id", "场所名": "name", "场所性质": "kind_id", "属地": "county",
             "行业主管部门": "owner", "包干银行": "operator", "在营户数": "eligible_count"},
        ),
        (
            "scenarios",
            {"台账号": "scenario_no", "场景名": "name", "场景小类": "scenario_id",
             "建设单位": "unit", "落地日期": "opened_on", "最近一次巡检": "inspected_on"},
        ),
        ("indicators", {"数据月份": "month", "统计指标": "indicator_id", "指标值": "value"}),
        (
            "clusters",
            {"聚集区编码": "cluster_id", "聚集区名": "name", "申报主体": "owners",
             "聚集区性质": "kind_id", "授牌日期": "plaque_on"},
        ),
        (
            "filings",
            {"上报单位": "owner_id", "信息类别": "kind_id", "材料名称": "title",
             "上报日期": "filed_on", "发文字号": "evidence"},
        ),
        (
            "province",
            {"地市名称": "city", "统计月": "month", "指标项": "measure_id", "公布值": "value",
             "资料来源": "source", "发布时间": "published_on"},
        ),
    ],
)  # fmt: skip
def test_everyday_headings_tell_the_kind_and_every_column(kind, headers):
    found = layout(list(headers))
    assert found.kind == kind
    assert dict(zip(found.headers["header"], found.headers["column"], strict=True)) == headers


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        ("merchants", "商户类型"),  # 个体 or 企业 as often as a line of business
        ("merchants", "入网日期"),  # signed, or opened
        ("merchants", "停业日期"),  # for now, or for good
        ("merchants", "注册地址"),  # where a company is registered, not where it sells
        ("merchants", "区域"),  # a county, or a venue
        ("venues", "摊位数"),  # not the number of shops
        ("venues", "管理单位"),  # the market's company, or the department
        ("indicators", "金额"),  # of what
        ("filings", "日期时间"),
    ],
)
def test_a_heading_of_two_meanings_is_left_to_a_person(kind, header):
    assert column_of(header, kind) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_is_told_from_the_labels(kind):
    known = KINDS[kind].columns
    assert layout(known["label"], ["x"] * len(known)).kind == kind
    assert layout(known["column"], ["x"] * len(known)).kind == kind


@pytest.mark.parametrize("kind", KINDS)
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
    monkeypatch.setattr(column_names, "_CLOSE", 50.0)
    with pytest.raises(HeaderError, match=r"“注约日期”与 “.*”、“.*” 同样相近"):
        layout(["名称", "注约日期"], kind="merchants")


def test_title_rows_are_passed_over():
    found = layout(["连云港市受理点报表"], ["填报单位：", ""], ["名称", "地址"], ["甲", "海州区"])
    assert (found.header_row, found.columns) == (2, {"name": 0, "address": 1})


def test_the_first_sheet_with_headers_is_read():
    sheets = [Sheet("说明", [["请按要求填写"]]), Sheet("数据", [["名称", "地址"], ["甲", ""]])]
    assert header_matching.layouts(sheets, None, "来件.xlsx")[0][0].sheet == "数据"


def test_a_wide_indicators_file_needs_no_indicator_column():
    found = layout(["月份", "县区", "个人钱包", "缴费交易金额（万元）"], kind="indicators")
    assert found.columns["indicator:wallets_personal"] == 2
    assert found.columns["indicator:amount_bills"] == 3


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (["编号", "示范区名称", "申报单位", "位置", "挂牌日期"], "clusters"),
        (["序号", "报送单位", "类型", "信息标题", "报送日期"], "filings"),
        (["单位", "材料类别", "题目", "印发日期", "文号"], "filings"),
        (["设区市", "截至月份", "指标", "公布数", "出处", "公布日期"], "province"),
    ],
)
def test_the_office_s_own_ledgers_are_told_from_their_usual_headers(header, kind):
    assert layout(header).kind == kind


def test_no_header_row_quotes_the_first_row():
    with pytest.raises(HeaderError, match="找不到表头，首行是：“甲”、“乙”"):
        layout(["甲", "乙"], ["丙", "丁"])


def test_a_missing_column_is_named_beside_the_headers_found():
    with pytest.raises(MissingColumnError, match=r"缺少必需的列 “名称”.*“地址”、“县区”"):
        layout(["地址", "县区"], kind="merchants")


def test_a_kind_that_cannot_be_told_is_asked_for():
    with pytest.raises(UnsureKindError, match="分不清是特定区域名录、场景台账中的哪一种") as unsure:
        layout(["编号", "名称", "类型", "地址"])
    assert unsure.value.option == "--kind venues|scenarios"


def layouts(*sheets, kind=None, **options):
    return header_matching.layouts(list(sheets), kind, "来件.xlsx", **options)


def test_two_lines_are_one_header_where_they_name_more_columns():
    found = layout(
        ["商户信息", "", "坐标", "", "签约", ""], ["名称", "地址", "经度", "纬度", "日期", "银行"]
    )
    assert (found.header_row, found.header_rows) == (1, 2)
    assert found.columns == {
        "name": 0, "address": 1, "lon": 2, "lat": 3, "contracted_on": 4, "operator": 5,
    }  # fmt: skip
    assert found.written("contracted_on") == "签约·日期"


def test_a_column_merged_over_both_lines_is_named_once():
    found = layout(["名称", "地址", "签约", ""], ["", "", "日期", "银行"])
    assert found.headers["header"].tolist() == ["名称", "地址", "签约·日期", "签约·银行"]
    assert found.headers["position"].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "rows",
    [
        [["连云港市受理点报表", ""], ["名称", "地址"], ["甲", "乙"]],
        [["名称", "地址"], ["地址", "甲"]],
        [["名称", "地址"], ["", ""], ["甲", "乙"]],
    ],
)
def test_one_line_stays_one_header(rows):
    found = layout(*rows)
    assert found.header_rows == 1
    assert found.headers["header"].tolist() == ["名称", "地址"]


def test_line_breaks_in_a_header_are_taken_out():
    assert layout(["名\n称", "最近巡检\r\n日期"]).headers["header"].tolist() == [
        "名称", "最近巡检日期",
    ]  # fmt: skip


def test_what_a_person_said_beats_the_names():
    told = {"甲": "name", "名称": "address", "地址": ""}
    found = layouts(Sheet("表", [["甲", "名称", "地址", "县区"]]), confirmed=told)[0][0]
    assert found.columns == {"name": 0, "address": 1, "county": 3}
    assert found.headers["how"].tolist() == ["confirmed", "confirmed", "ignored", "exact"]
    assert header_matching.HOW["confirmed"] == "按已确认的对照"


def test_a_header_row_is_found_by_what_a_person_said():
    rows = [["报表", ""], ["甲列", "乙列"], ["x", "y"]]
    found = layouts(
        Sheet("表", rows), kind="merchants", confirmed={"甲列": "name", "乙列": "address"}
    )
    assert found[0][0].header_row == 1


def test_two_headers_told_to_be_one_column_are_refused():
    with pytest.raises(HeaderError, match="“甲”与“乙”（第 1、2 列）都可读作“名称”"):
        layouts(
            Sheet("表", [["甲", "乙"]]), kind="merchants", confirmed={"甲": "name", "乙": "name"}
        )


def test_what_was_told_of_another_kind_is_passed_over():
    found = layouts(
        Sheet("表", [["名称", "地址"]]), kind="merchants", confirmed={"名称": "kind_id"}
    )
    assert found[0][0].columns == {"name": 0, "address": 1}


TABLE = [["名称", "地址"], ["甲", "海州区"]]


def test_every_sheet_of_the_first_one_s_shape_is_read():
    turned = [["地址", "名称"], ["海州区", "乙"]]
    found = layouts(Sheet("一月", TABLE), Sheet("二月", [["标题"], *turned]))
    assert [(lay.sheet, lay.header_row, lay.columns["name"]) for lay, _ in found] == [
        ("一月", 0, 0), ("二月", 1, 1),
    ]  # fmt: skip


def test_sheets_that_are_not_read_are_told_with_the_reason():
    found = layouts(
        Sheet("封面", [["请填写"]]), Sheet("一月", TABLE, book=("全文件",)),
        Sheet("他表", [["名称", "县区"], ["甲", "乙"]]), Sheet("空表", TABLE[:1]),
    )  # fmt: skip
    assert [lay.sheet for lay, _ in found] == ["一月"]
    assert list(found[0][1].notes) == [
        "全文件",
        "工作表“封面”里没有认得的表格，没有读取",
        "工作表“他表”的列与“一月”不同（有 1 行），没有读取，可单独选它再导入一次",
        "工作表“空表”只有表头，没有数据，没有读取",
    ]


def test_only_the_sheets_that_a_person_chose_are_read():
    sheets = [Sheet("一月", TABLE), Sheet("他表", [["名称", "县区"], ["甲", "乙"]])]
    ((found, sheet),) = layouts(*sheets, only=["他表"])
    assert found.sheet == "他表"
    assert list(sheet.notes) == ["工作表“一月”未选，没有读取"]


def test_a_chosen_sheet_that_is_not_there_is_named_beside_those_that_are():
    with pytest.raises(HeaderError, match="没有所选的工作表，现有：“一月”"):
        layouts(Sheet("一月", TABLE), only=["二月"])


def test_a_page_of_remarks_that_names_a_column_is_not_the_table():
    remarks = Sheet("填写说明", [["名称", "写全称，与营业执照一致"]])
    assert layouts(remarks, Sheet("名单", TABLE))[0][0].sheet == "名单"


def test_a_table_without_rows_is_still_understood():
    assert layouts(Sheet("名单", TABLE[:1]))[0][0].sheet == "名单"


def test_a_first_row_without_end_is_quoted_only_in_part():
    sheet = Sheet("", [["说" * 10_000] + ["明"] * 900, ["甲"]])
    with pytest.raises(HeaderError) as raised:
        header_matching.layouts([sheet], "merchants", "来件.csv")
    assert len(str(raised.value)) < 1_000
