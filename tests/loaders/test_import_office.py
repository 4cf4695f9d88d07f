"""Importing what the office keeps: clusters, filings, figures of the province, denominators."""

import json
from datetime import date, timedelta

import openpyxl
import pandas as pd
import pytest

from domain import filings, owners
from domain.visitors import clerk
from loaders import intake
from loaders.__main__ import main
from loaders.senders import send_backs
from store import snapshot_store
from store.errors import MissingCrsError
from tests.support import bank_files
from tests.support.bank_files import AS_AT, FORMATS, assess, write

JULY, AUGUST, SEPTEMBER = date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)
TOMORROW = (date.today() + timedelta(days=1)).isoformat()
VENUES = [
    ["区域编号", "名称", "类别", "县区", "应覆盖商户数", "分母来源", "分母日期", "分母等级"],
    ["V1", "新浦农贸市场", "农贸市场", "海州区", "120", "市商务局", "2026-05-01", "A"],
]
GOOD = {
    "clusters": {
        "聚集区编号": "J1", "聚集区名称": "新浦市场示范聚集区", "责任单位": "海州区、商务局",
        "类别": "农贸市场", "特定区域": "新浦农贸市场", "地址": "海州区新浦街道海连中路1号",
        "经度": "", "纬度": "", "坐标系": "", "首创首单": "是", "申报日期": "2025-03-01",
        "方案日期": "2025-04-01", "挂牌日期": "2025-06-01", "复检日期": "2026-05-01",
        "撤销日期": "",
    },
    "filings": {
        "编号": "", "报送单位": "连云港市教育局", "材料类型": "简报", "标题": "校园卡上线",
        "月份": "", "报送日期": "2026-05-18", "任务": "任务5", "场景": "F4-03", "县区": "全市",
        "文号": "示例〔2026〕1号",
    },
    "province": {
        "设区市": "连云港", "月份": "2026-05", "指标": "钱包量", "公布数": "310.5",
        "来源": "工作简报", "公布日期": "2026-06-10",
    },
}  # fmt: skip
KEY = {"clusters": "聚集区编号", "filings": "标题", "province": "设区市"}


@pytest.fixture
def home(tmp_path):
    return snapshot_store.Store(tmp_path / "store")


def file(path, kind, *rows, form="csv-utf8"):
    """A file of rows like the good one, with other cells, blank where the cell is None."""
    full = [GOOD[kind] | row for row in rows or [{}]]
    return write(path, [[*GOOD[kind]], *([*row.values()] for row in full)], form)


def put(home, *paths, **options):
    return bank_files.put(list(paths), home, **options)


def first(snapshot, table):
    row = snapshot.frame(table).iloc[0]
    return row.astype(object).where(row.notna(), None)


def days(snapshot, key):
    events = snapshot.frame("events").query("record_key == @key")
    return sorted(events["event"] + " " + events["day"].dt.strftime("%Y-%m-%d"))


# ---- reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_all_kinds_in_one_call_in_every_format(tmp_path, use_store, capsys, form):
    use_store(tmp_path / "store")
    paths = [file(tmp_path / kind, kind, form=form) for kind in GOOD]
    paths.append(write(tmp_path / "名录", VENUES, form))
    assert main(["import", *map(str, paths), "--as-at", AS_AT.isoformat()]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [one["kind"] for one in answer["files"]] == ["clusters", "filings", "province", "venues"]
    assert (answer["accepted"], answer["rejected"], answer["in_review"]) == (4, 0, 0)
    assert answer["by_county"] == {"全市": 1, "海州区": 2}
    snapshot = snapshot_store.default().current()
    cluster, filing, figure = (first(snapshot, kind) for kind in GOOD)
    assert (cluster["owners"], cluster["kind_id"], cluster["venue_id"]) == (
        "320706;U16",
        "K05",
        "V1",
    )
    assert (cluster["county_code"], cluster["town_code"]) == ("320706", "320706010")
    assert (cluster["is_first"], cluster["plaque_on"]) == (True, pd.Timestamp("2025-06-01"))
    assert (filing["owner_id"], filing["kind_id"], filing["task_no"]) == ("U05", "INFO", "5")
    assert filing["scenario_id"] == "F4-03" and filing["county_code"] is None
    assert (figure["city"], figure["measure_id"], figure["value"]) == ("连云港市", "wallets", 310.5)
    assert days(snapshot, "c:J1") == ["inspected 2026-05-01"]


@pytest.mark.parametrize("kind", GOOD)
def test_the_kind_may_be_named_and_the_same_file_again_changes_nothing(
    tmp_path, use_store, capsys, kind
):
    use_store(tmp_path / "store")
    path = str(file(tmp_path / "来件", kind))
    answers = []
    for _ in range(2):
        assert main(["import", path, "--kind", kind, "--as-at", AS_AT.isoformat()]) == 0
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0]["published"] and not answers[1]["published"]


WRONG = [
    ("clusters", "聚集区编号", "", "没有填写，此列必填"),
    ("clusters", "责任单位", "海州区、招商局", "“招商局”不是已登记的县区"),
    ("clusters", "责任单位", "", "没有填写，此列必填"),
    ("clusters", "类别", "杂货", "“杂货”不是名录类别之一"),
    ("clusters", "首创首单", "大概", "“大概”不是“是”或“否”"),
    ("clusters", "挂牌日期", "下个月", "“下个月”不是日期"),
    *(("clusters", f"{name}日期", TOMORROW, f"“{TOMORROW}”晚于今天")
      for name in ("申报", "方案", "挂牌", "撤销")),
    ("clusters", "复检日期", TOMORROW, f"“{TOMORROW}”比数据截止日期"),
    ("clusters", "地址", "徐州市云龙区解放路1号", "徐州"),
    ("clusters", "经度", "东边119度", "“东边119度”"),
    ("filings", "报送单位", "海州区、商务局", "“海州区、商务局”写了不止一个单位"),
    ("filings", "报送单位", "招商局", "最像的是：市商务局"),
    ("filings", "材料类型", "杂货", "“杂货”不是材料类型之一：实施方案、"),
    ("filings", "标题", "", "没有填写，此列必填"),
    ("filings", "报送日期", "", "没有填写，此列必填"),
    ("filings", "报送日期", TOMORROW, f"“{TOMORROW}”晚于今天"),
    ("filings", "任务", "31", "“31”不是重点任务的序号"),
    ("filings", "场景", "杂货", "“杂货”不是81 类场景之一"),
    ("filings", "县区", "海陵区", "“海陵区”不是6 个县区之一"),
    ("filings", "月份", "2026年13月", "“2026年13月”不是日历上"),
    ("province", "设区市", "上海市", "“上海市”不是省内设区市之一：南京市、"),
    ("province", "指标", "杂货", "“杂货”不是省内比较的指标之一：应用场景数"),
    ("province", "公布数", "约三百", "“约三百”不是数字"),
    ("province", "公布数", "310.5万", "“310.5万”与本列单位万个重复，请只写数字"),
    ("province", "公布日期", "2026-04-30", "“2026-04-30”早于所写的月份（2026-05），请核对"),
    ("province", "公布日期", TOMORROW, f"“{TOMORROW}”晚于今天"),
    ("province", "来源", "", "没有填写，此列必填"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "column", "value", "reason"), WRONG)
def test_a_wrong_cell_rejects_its_row_and_names_row_column_and_value(
    home, tmp_path, kind, column, value, reason
):
    other = {KEY[kind]: "南京" if kind == "province" else "别的"}
    found = bank_files.read(file(tmp_path / "来件", kind, other, {column: value}), home, kind)
    assert (found.rows, len(found.accepted)) == (2, 1)
    (reject,) = found.rejects.to_dict("records")
    assert (reject["row"], reject["column"], reject["value"]) == (3, column, value)
    assert reason in reject["reason"]


def test_rejected_rows_go_back_as_they_came_and_are_known_when_they_return(home, tmp_path):
    path = file(tmp_path / "来件", "filings", {}, {"标题": "另一篇", "报送单位": "招商局"})
    found = assess([path], home)
    back = tmp_path / "退回.xlsx"
    back.write_bytes(send_backs.send_back(found, home.ledger, clerk("甲")))
    book = openpyxl.load_workbook(back)
    line = [cell.value for cell in book.active[2]]
    assert line[1] == "招商局" and "报送单位：“招商局”不是已登记的" in line[-1]
    book.active["B2"] = "商务局"
    book.save(back)
    (said,) = assess([back], home, "filings").corrections
    assert "退回 1 行，本次收到 1 行，其中 1 行通过" in said


def test_a_row_twice_in_a_file_keeps_the_last(home, tmp_path):
    for kind in GOOD:
        found = assess([file(tmp_path / kind, kind, {}, {})], home, kind)
        assert found.rejects["reason"].tolist() == ["与第 3 行完全相同，只留后一行"]


def test_a_record_in_two_files_of_a_day_is_as_the_last_by_name_tells_it(home, tmp_path):
    paths = [file(tmp_path / name, "filings", {"县区": place})
             for name, place in (("二", "连云区"), ("一", "海州区"))]  # fmt: skip
    table = put(home, *paths).frame("filings")
    assert table["county_code"].tolist() == ["320703"]


def test_words_that_are_not_known_are_asked_one_by_one(home, tmp_path):
    path = file(tmp_path / "来件", "clusters", {"责任单位": "海州区、招商局、贵局"})
    assert assess([path], home).unknown_words.to_numpy().tolist() == [
        ["owner", "招商局", 1], ["owner", "贵局", 1],
    ]  # fmt: skip


# ---- clusters ---------------------------------------------------------------------------------


def test_a_cluster_s_point_needs_a_coordinate_system(home, tmp_path):
    pointed = {"经度": "119.1225", "纬度": "34.8409", "地址": ""}
    header = [name for name in GOOD["clusters"] if name != "坐标系"]
    row = GOOD["clusters"] | pointed
    path = write(tmp_path / "来件", [header, [row[name] for name in header]], "csv-utf8")
    with pytest.raises(MissingCrsError, match=r"“来件\.csv”有坐标"):
        assess([path], home)
    cluster = first(put(home, path, crs="wgs84"), "clusters")
    assert (cluster["lon"], cluster["lat"], cluster["county_code"]) == (119.1225, 34.8409, "320707")


def test_a_doubtful_cluster_is_accepted_with_a_note(home, tmp_path):
    doubtful = {
        "方案日期早于申报日期": {"方案日期": "2025-02-28"},
        "挂牌日期早于申报日期": {"挂牌日期": "2025-02-28"},
        "撤销日期早于申报日期": {"撤销日期": "2025-02-28"},
        "特定区域“没有的市场”不在名录里": {"特定区域": "没有的市场"},
    }
    rows = [{"聚集区编号": reason} | cells for reason, cells in doubtful.items()]
    put(home, write(tmp_path / "名录", VENUES, "csv-utf8"))
    clusters = put(home, file(tmp_path / "来件", "clusters", *rows)).frame("clusters")
    assert set(clusters["cluster_id"]) == set(doubtful) and clusters["in_review"].all()
    assert (clusters["reason"] == clusters["cluster_id"]).all()


def test_a_later_file_s_blanks_leave_earlier_values_and_inspections_accumulate(home, tmp_path):
    put(home, write(tmp_path / "名录", VENUES, "csv-utf8"))
    put(home, file(tmp_path / "一月", "clusters"))
    blank = dict.fromkeys(["类别", "特定区域", "地址", "首创首单", "申报日期", "方案日期"], "")
    later = blank | {"责任单位": "海州区", "复检日期": "2026-08-01", "撤销日期": "2026-08-02"}
    snapshot = put(home, file(tmp_path / "二月", "clusters", later), as_at=JULY)
    cluster = first(snapshot, "clusters")
    assert (cluster["owners"], cluster["kind_id"], cluster["venue_id"]) == ("320706", "K05", "V1")
    assert (cluster["address"], cluster["county_code"]) == (GOOD["clusters"]["地址"], "320706")
    assert (cluster["is_first"], cluster["planned_on"]) == (True, pd.Timestamp("2025-04-01"))
    assert cluster["withdrawn_on"] == pd.Timestamp("2026-08-02")
    assert days(snapshot, "c:J1") == ["inspected 2026-05-01", "inspected 2026-08-01"]
    assert len(snapshot.frame("clusters")) == 1


def test_what_a_cluster_s_events_say_is_no_state(home, tmp_path):
    snapshot = put(home, file(tmp_path / "来件", "clusters"))
    assert snapshot.frame("spells").empty
    assert snapshot.manifest["as_of"] == AS_AT.isoformat()


# ---- filings ----------------------------------------------------------------------------------


def test_a_filing_without_id_has_the_same_id_in_every_file(home, tmp_path):
    one = put(home, file(tmp_path / "一月", "filings"))
    again = {
        "报送单位": "市教育局",
        "材料类型": "信息",
        "标题": " 校园卡，上线 ",
        "月份": "2026年5月",
    }
    two = put(home, file(tmp_path / "二月", "filings", again), as_at=JULY)
    assert first(one, "filings")["filing_id"] == first(two, "filings")["filing_id"]
    assert len(two.frame("filings")) == 1
    other = put(home, file(tmp_path / "三月", "filings", {"月份": "2026-04"}))
    assert len(other.frame("filings")) == 2
    later = put(
        home, file(tmp_path / "四月", "filings", {"月份": "2026-05", "报送日期": "2026-06-30"})
    )
    assert sorted(later.frame("filings")["filed_on"].dt.month) == [5, 5, 6]


@pytest.mark.parametrize(
    ("kind", "stated", "month"),
    [
        ("信息", "", "2026-05-01"),
        ("任务进展", "", "2026-05-01"),
        ("信息", "2026-04", "2026-04-01"),
        ("工作专班", "", None),
        ("工作专班", "2023-02", "2023-02-01"),
    ],
)
def test_only_what_is_due_monthly_is_of_the_month_in_which_it_came(
    home, tmp_path, kind, stated, month
):
    path = file(tmp_path / "来件", "filings", {"材料类型": kind, "月份": stated})
    assert first(put(home, path), "filings")["month"] == (month and pd.Timestamp(month))


def test_a_report_on_a_month_that_had_not_begun_is_rejected(home, tmp_path):
    rows = [{"月份": "2026-06"}, {"月份": "2026-06", "材料类型": "工作专班"}]
    found = assess([file(tmp_path / "来件", "filings", *rows)], home, "filings")
    (reject,) = found.rejects.to_dict("records")
    assert (reject["column"], reject["value"]) == ("报送日期", "2026-05-18")
    assert reject["reason"] == "“2026-05-18”早于所写的月份（2026-06），请核对"
    assert found.accepted["kind_id"].tolist() == ["TEAM"]


def test_a_second_report_of_one_title_does_not_make_the_first_late(home, tmp_path):
    said = {"月份": "2026-05", "报送单位": "市教育局"}
    put(home, file(tmp_path / "一月", "filings", said | {"报送日期": "2026-06-05"}))
    twice = put(home, file(tmp_path / "二月", "filings", said | {"报送日期": "2026-07-01"}))
    sent = twice.frame("filings")
    table = filings.reporting(sent, owners.owners(date(2026, 7, 31)), date(2026, 7, 31))
    mine = table[(table["owner_id"] == "U05") & (table["month"] == pd.Timestamp("2026-05-01"))]
    assert mine[["state", "pieces"]].to_numpy().tolist() == [["on_time", 2]]


def test_a_later_filing_replaces_the_earlier_whole(home, tmp_path):
    put(home, file(tmp_path / "一月", "filings", {"编号": "B1"}))
    later = {"编号": "B1", "标题": "改了题目", "任务": "", "文号": "", "县区": "海州区"}
    found = assess([file(tmp_path / "二月", "filings", later)], home, as_at=JULY)
    (change,) = found.changes["filings"].to_dict("records")
    assert change["what"] == (
        "标题：“校园卡上线” → “改了题目”；对应任务：5 → （空）；县区：（空） → 海州区；"
        "文号或佐证：“示例〔2026〕1号” → （空）"
    )
    filing = first(intake.publish(found, home, clerk("测试")), "filings")
    assert (filing["title"], filing["task_no"], filing["evidence"]) == ("改了题目", None, None)


def test_a_bank_s_filings_of_another_bank_are_said(home, tmp_path):
    path = file(tmp_path / "来件", "filings", {"报送单位": "农行"})
    found = assess([path], home, sender="工商银行")
    assert found.other_banks == {"农业银行": 1}


# ---- figures of the province ------------------------------------------------------------------


def test_a_city_s_figure_is_replaced_by_month_measure_and_day(home, tmp_path):
    rows = [{}, {"设区市": "南京市"}, {"月份": "2026-04"}, {"指标": "场景数", "公布数": "12,000"}]
    put(home, file(tmp_path / "一月", "province", *rows))
    found = assess([file(tmp_path / "二月", "province", {"公布数": "320"})], home, as_at=JULY)
    changes = found.changes["province"].query("change != 'same'")
    assert changes[["name", "what"]].to_numpy().tolist() == [
        ["2026-05 连云港市 钱包数", "数值：310.5 → 320"]
    ]
    snapshot = intake.publish(found, home, clerk("测试"))
    assert sorted(snapshot.frame("province")["value"]) == [310.5, 310.5, 320.0, 12000.0]


def test_a_figure_published_again_on_another_day_leaves_the_earlier_one(home, tmp_path):
    put(home, file(tmp_path / "一月", "province"))
    again = file(tmp_path / "二月", "province", {"公布数": "320", "公布日期": "2026-07-01"})
    found = put(home, again, as_at=JULY).frame("province")
    told = zip(found["published_on"].dt.strftime("%m-%d"), found["value"], strict=True)
    assert sorted(told) == [("06-10", 310.5), ("07-01", 320.0)]


@pytest.mark.parametrize(
    ("header", "measure", "cell", "value"),
    [
        ("公布数", "累计交易金额", "12.5", 12.5),
        ("公布数（万元）", "累计交易金额", "125000", 12.5),
        ("公布数（亿元）", "累计交易金额", "12.5", 12.5),
        ("公布数（个）", "钱包数", "3105000", 310.5),
        ("公布数（万元）", "应用场景数", "1.2万", 12000),
    ],
)
def test_a_unit_in_the_header_is_converted_into_ours(home, tmp_path, header, measure, cell, value):
    row = GOOD["province"] | {"指标": measure, "公布数": cell}
    names = [header if name == "公布数" else name for name in row]
    path = write(tmp_path / "来件", [names, [*row.values()]], "csv-utf8")
    assert first(put(home, path), "province")["value"] == pytest.approx(value)


# ---- the register, and what is stated of it over time ------------------------------------------


def stated(snapshot):
    rows = snapshot.frame("denominators")
    day = rows["stated_on"].dt.strftime("%Y-%m-%d")
    return list(zip(rows["venue_id"], day, rows["eligible_count"], strict=True))


def venue(path, count, day, **cells):
    row = dict(zip(*VENUES, strict=True)) | {"应覆盖商户数": count, "分母日期": day} | cells
    return write(path, [[*row], [*row.values()]], "csv-utf8")


def test_a_venue_s_owner_is_whatever_its_list_says(home, tmp_path):
    path = venue(tmp_path / "来件", "120", "2026-05-01", 主管部门="申报单位")
    assert first(put(home, path), "venues")["owner"] == "申报单位"


def test_every_denominator_that_was_stated_is_kept(home, tmp_path):
    put(home, venue(tmp_path / "一", "120", "2026-05-01"))
    put(home, venue(tmp_path / "二", "100", "2026-08-01", 分母等级="B"), as_at=JULY)
    put(home, venue(tmp_path / "三", "", "2026-09-01"), as_at=AUGUST)
    corrected = venue(tmp_path / "四", "105", "2026-08-01")
    snapshot = put(home, corrected, as_at=SEPTEMBER)
    assert stated(snapshot) == [("V1", "2026-05-01", 120), ("V1", "2026-08-01", 105)]
    last = snapshot.frame("denominators").iloc[1]
    assert (last["eligible_grade"], last["eligible_source"]) == ("A", "市商务局")
    assert last["source_file"] == "四.csv"
    assert first(snapshot, "venues")["eligible_count"] == 105


def test_a_denominator_holds_from_the_day_that_it_was_counted(home, tmp_path):
    put(home, venue(tmp_path / "一", "120", "2026-05-01"))
    snapshot = put(home, venue(tmp_path / "二", "100", "2026-07-10"), as_at=JULY)
    now, before = (first(snapshot, name) for name in ("venues", "venues_before"))
    assert (now["since"], now["eligible_count"]) == (pd.Timestamp("2026-07-10"), 100)
    assert (before["until"], before["eligible_count"]) == (pd.Timestamp("2026-07-09"), 120)


def test_a_denominator_of_the_same_day_is_a_correction(home, tmp_path):
    put(home, venue(tmp_path / "一", "120", "2026-05-01"))
    snapshot = put(home, venue(tmp_path / "二", "90", "2026-05-01"), as_at=JULY)
    assert stated(snapshot) == [("V1", "2026-05-01", 90)]
    assert first(snapshot, "venues")["eligible_count"] == 90


def test_a_denominator_of_an_earlier_day_joins_the_others_and_leaves_the_newest(home, tmp_path):
    put(home, venue(tmp_path / "一", "120", "2026-05-01"))
    older = venue(tmp_path / "二", "150", "2025-12-01", 分母等级="B")
    snapshot = put(home, older, as_at=JULY)
    assert stated(snapshot) == [("V1", "2025-12-01", 150), ("V1", "2026-05-01", 120)]
    now = first(snapshot, "venues")
    assert (now["eligible_count"], now["eligible_grade"]) == (120, "A")
    assert str(now["eligible_on"])[:10] == "2026-05-01"


def test_an_undated_denominator_is_of_the_day_of_its_statement(home, tmp_path):
    snapshot = put(home, venue(tmp_path / "一", "120", ""))
    assert stated(snapshot) == [("V1", AS_AT.isoformat(), 120)]


def test_an_undated_denominator_that_says_what_was_said_last_is_not_new(home, tmp_path):
    months = [date(2026, 5, 31), AS_AT, JULY, AUGUST]
    for count, month in zip(("120", "120", "90", "120"), months, strict=True):
        snapshot = put(home, venue(tmp_path / f"{month:%m}", count, ""), as_at=month)
    assert stated(snapshot) == [
        ("V1", "2026-05-31", 120), ("V1", "2026-07-31", 90), ("V1", "2026-08-31", 120),
    ]  # fmt: skip


def test_publishing_again_keeps_every_table(home, tmp_path):
    paths = [file(tmp_path / kind, kind) for kind in GOOD]
    before = put(home, write(tmp_path / "名录", VENUES, "csv-utf8"), *paths)
    assert (
        intake.fold(home, clerk("测试")).manifest["content_hash"] == before.manifest["content_hash"]
    )
