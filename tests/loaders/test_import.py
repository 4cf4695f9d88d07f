"""Importing: every row is accepted or explained, records merge, and the same file adds nothing."""

import json
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import states
from domain.visitors import clerk
from geo import grid
from loaders import assessment, intake
from loaders.__main__ import main
from loaders.reading import opened_tables
from store import snapshot_store
from store.errors import IntakeError, MissingCrsError
from tests.support import bank_files
from tests.support.bank_files import AS_AT, FORMATS, HEADER, ROWS, assess, merchants, write

JULY, AUGUST = date(2026, 7, 31), date(2026, 8, 31)  # the months after `AS_AT`
TOMORROW = (date.today() + timedelta(days=1)).isoformat()
SIMPLE = ["编号", "银行", "名称", "地址"]
VENUES = [
    ["区域编号", "名称", "类别", "地址", "应覆盖商户数", "分母来源", "分母日期", "分母等级"],
    ["V1", "新浦农贸市场", "农贸市场", "海州区新浦街道", "120", "市商务局", "2026-05-01", "A"],
    ["V2", "中心医院", "K10", "海州区新浦街道", "", "", "", ""],
]
SCENARIOS = [
    ["台账编号", "银行", "场景类型", "场景名称", "特定区域", "地址", "上线日期"],
    ["C1", "建行", "挂号", "中心医院挂号", "中心医院", "海州区新浦街道", "2025-01-01"],
]


@pytest.fixture
def home(tmp_path):
    return snapshot_store.Store(tmp_path / "store")


@pytest.fixture
def run(tmp_path, use_store, capsys):
    """Run the command as a script would: exit code, JSON (None on failure), message.

    Files that are imported are as at `AS_AT`.
    """
    use_store(tmp_path / "store")

    def command(*arguments):
        dated = ("--as-at", AS_AT) if arguments[0] == "import" else ()
        code = main([str(argument) for argument in (*arguments, *dated)])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return command


def put(home, *paths, **options):
    return bank_files.put(list(paths), home, **options)


def assessed(home, path, rows, header, **options):
    return assess([merchants(path, rows, header)], home, **options)


def row(snapshot, table, **where):
    frame = snapshot.frame(table)
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame.iloc[0]


def days(snapshot, key, event):
    events = snapshot.frame("events").query("record_key == @key and event == @event")
    return sorted(events["day"].dt.strftime("%Y-%m-%d"))


# ---- one file ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_the_answer_is_the_same_in_every_format(run, tmp_path, form):
    code, answer, _ = run("import", write(tmp_path / "来件", [HEADER, *ROWS], form))
    assert code == 0
    assert {name: answer[name] for name in ("rows", "accepted", "rejected", "in_review")} == {
        "rows": 3, "accepted": 3, "rejected": 0, "in_review": 0,
    }  # fmt: skip
    assert answer["by_county"] == {"海州区": 1, "赣榆区": 1, "连云区": 1}
    assert sum(answer["located_by"].values()) == 3
    assert answer["rejects_file"] is None
    assert answer["files"][0]["kind"] == "merchants"
    frame = snapshot_store.default().current().frame("merchants")
    assert frame["merchant_key"].tolist() == ["ICBC/S2", "ICBC/S1", "ICBC/S3"]


def test_shops_that_may_be_one_and_rows_that_contradict_are_printed(run, tmp_path):
    rows = [["S1", "工行", "甲店", "海连中路1号"], ["S2", "工行", "甲店", "海连中路1号"]]
    moved = [["S1", "工行", "甲店", "青口镇黄海路3号"]]
    head = ["商户编号", "银行", "商户名称", "经营地址"]
    paths = [write(tmp_path / name, [head, *listed], "csv-utf8")
             for name, listed in (("甲", rows), ("乙", moved))]  # fmt: skip
    _, answer, _ = run("import", *paths)
    assert {pair["how"] for pair in answer["duplicates"]} == {"id", "name_address"}
    assert {row["file"] for row in answer["contradicted"]} == {"甲.csv", "乙.csv"}


def test_the_same_file_again_changes_nothing(run, tmp_path):
    path = merchants(tmp_path / "来件")
    _, first, _ = run("import", path)
    folders = sorted((tmp_path / "store" / "snapshots").iterdir())
    _, second, _ = run("import", path)
    assert first["published"] and not second["published"]
    assert second["snapshot_id"] == first["snapshot_id"]
    assert sorted((tmp_path / "store" / "snapshots").iterdir()) == folders


def test_the_real_sample_accepts_or_explains_every_row(run, tmp_path):
    rows = [
        [
            "poi",
            "取车点",
            "连云区海棠北路在海一方公园",
            "119.375711",
            "34.764607",
            "BD09",
            "连云区",
        ],
        ["misc", "", "灌南县新安镇", "", "", "", "灌南县"],
        ["misc", "某商店", "徐州市云龙区解放路1号", "", "", "", ""],
        ["village", "某村", "", "119.1", "34.9", "WGS84(from GCJ02)", "赣榆区"],
    ]
    path = merchants(
        tmp_path / "来件", rows, ["kind", "name", "address", "lon", "lat", "crs", "县"]
    )
    _, answer, _ = run("import", path, "--kind", "merchants")
    assert (answer["rows"], answer["accepted"], answer["rejected"]) == (4, 2, 2)
    assert answer["derived_ids"] == 2
    sheet = openpyxl.load_workbook(answer["rejects_file"]).active
    assert sheet[1][-1].value.startswith("退回原因（退回单 R")
    reasons = [line[-1].value for line in sheet.iter_rows(min_row=2)]
    assert reasons[0] == "第 3 行：name：没有填写，此列必填"
    assert reasons[1].startswith("第 4 行：") and "徐州" in reasons[1]


WRONG = [
    ("名称", "", "没有填写，此列必填"),
    ("经度", "东边119度", "“东边119度”"),
    ("坐标系", "自定义", "“自定义”不是认得的坐标系"),
    ("银行", "农村信用社", "“农村信用社”不是已登记的运营机构"),
    ("签约日期", "上个月", "“上个月”不是日期"),
    ("签约日期", TOMORROW, "晚 31 天以上"),
    ("应覆盖", "大概", "“大概”不是“是”或“否”"),
    ("地址", "徐州市云龙区解放路1号", "徐州"),
]


@pytest.mark.parametrize(("column", "value", "reason"), WRONG)
def test_a_wrong_cell_rejects_its_row_and_names_row_column_and_value(
    home, tmp_path, column, value, reason
):
    header = ["编号", "名称", "银行", "地址", "经度", "纬度", "坐标系", "签约日期", "应覆盖"]
    good = dict(zip(header, ["1", "甲店", "工行", "海州区", "", "", "", "", ""], strict=True))
    wrong = good | {"编号": "2", column: value}
    path = merchants(tmp_path / "来件", [[*good.values()], [*wrong.values()]], header)
    found = bank_files.read(path, home)
    assert (found.rows, len(found.accepted)) == (2, 1)
    (reject,) = found.rejects.to_dict("records")
    assert reject["file"] == "来件.csv" and reject["row"] == 3
    assert (reject["column"], reject["value"]) == (column, value)
    assert reason in reject["reason"]


REVIEWED = [
    ({"行业": "杂货"}, "“杂货”不是81 类场景之一"),
    ({"特定区域": "没有的市场"}, "特定区域“没有的市场”不在名录里"),
    ({"经度": "119.2", "纬度": "34.6"}, "没有写明坐标系"),
    ({"经度": "119.2"}, "经纬度不全"),
    ({"签约日期": "2024-05-01", "开通日期": "2024-04-01"}, "开通日期早于签约日期"),
]


def test_a_doubtful_row_is_accepted_and_goes_to_a_person_with_a_reason(home, tmp_path):
    header = [*SIMPLE, "行业", "特定区域", "经度", "纬度", "坐标系", "签约日期", "开通日期"]
    good = dict.fromkeys(header, "") | {"编号": "1", "名称": "甲店", "地址": "海州区新浦街道"}
    odd = [good | {"编号": str(n)} | cells for n, (cells, _) in enumerate(REVIEWED, 2)]
    rows = [[*one.values()] for one in (good, *odd)]
    snapshot = put(home, merchants(tmp_path / "来件", rows, header))
    for number, (_, reason) in enumerate(REVIEWED, 2):
        doubtful = row(snapshot, "merchants", merchant_id=str(number))
        assert doubtful["in_review"] and reason in doubtful["reason"]
    assert not row(snapshot, "merchants", merchant_id="1")["in_review"]


def test_points_without_any_coordinate_system_are_not_guessed(run, tmp_path):
    path = merchants(tmp_path / "来件", [["甲", "119.2", "34.6"]], ["名称", "经度", "纬度"])
    code, answer, message = run("import", path)
    assert (code, answer) == (1, None)
    assert "“来件.csv”有坐标" in message and "--crs" in message
    assert snapshot_store.default().current() is None
    assert run("import", path, "--crs", "bd09")[1]["accepted"] == 1


def test_the_coordinate_system_of_a_row_goes_before_that_of_the_command(home, tmp_path):
    header = ["编号", "名称", "经度", "纬度", "坐标系"]
    rows = [["1", "甲", "119.2", "34.6", "WGS84"], ["2", "乙", "119.2", "34.6", ""]]
    snapshot = put(home, merchants(tmp_path / "来件", rows, header), crs="bd09")
    assert row(snapshot, "merchants", merchant_id="1")["lon"] == 119.2
    assert row(snapshot, "merchants", merchant_id="2")["lon"] == pytest.approx(119.189, abs=0.002)


def test_a_row_twice_in_a_file_counts_once_and_two_shops_of_one_number_are_both_kept(
    home, tmp_path
):
    rows = [["1", "工行", "甲店", ""], ["1", "工行", "甲店", ""], ["1", "工行", "乙店", ""],
            ["1", "农行", "丙店", ""]]  # fmt: skip
    found = assessed(home, tmp_path / "来件", rows, SIMPLE)
    assert found.rejects[["row", "reason"]].to_numpy().tolist() == [
        [2, "与第 3 行完全相同，只留后一行"]
    ]
    assert sorted(found.accepted["name"]) == ["丙店", "乙店", "甲店"]
    shops = intake.publish(found, home, clerk("测试")).frame("merchants").set_index("name")
    assert shops["in_review"].to_dict() == {"丙店": False, "乙店": True, "甲店": True}


def test_a_row_without_id_has_the_same_id_in_every_file(home, tmp_path):
    first = put(home, merchants(tmp_path / "一月", [["甲店", "海州区"]], ["名称", "地址"]))
    again = put(home, merchants(tmp_path / "二月", [[" 甲 店 ", "海州区"]], ["名称", "地址"]))
    assert len(again.frame("merchants")) == 1
    ids = [one.frame("merchants")["merchant_id"].item() for one in (first, again)]
    assert ids[0] == ids[1] and ids[0].startswith("auto-")


def test_blank_lines_are_no_rows(home, tmp_path):
    rows = [["1", "", "甲", ""], ["", "", "", ""], [], ["2", "", "乙", ""]]
    found = assessed(home, tmp_path / "来件", rows, SIMPLE)
    assert found.rows == 2
    assert found.accepted["source_row"].tolist() == [2, 5]


def test_only_a_header_is_an_error(home, tmp_path):
    with pytest.raises(IntakeError, match=r"“来件.csv”只有表头（第 1 行）"):
        assessed(home, tmp_path / "来件", [], SIMPLE)


def test_a_file_of_nothing_but_rejects_publishes_nothing(run, tmp_path):
    path = merchants(tmp_path / "来件", [["1", "工行", "", ""]], SIMPLE)
    code, answer, _ = run("import", path)
    assert code == 0
    assert (answer["accepted"], answer["rejected"], answer["snapshot_id"]) == (0, 1, None)
    assert Path(answer["rejects_file"]).is_file()
    assert snapshot_store.default().current() is None


CELL = st.sampled_from(
    [
        "",
        "甲店",
        "海州区",
        "徐州市云龙区",
        "119.2",
        "34.6",
        "x",
        "2024-3-5",
        "否",
        "工行",
        "BD09",
        "=1",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture],
          max_examples=12)  # fmt: skip
@given(rows=st.lists(st.lists(CELL, min_size=12, max_size=12), min_size=8, max_size=24))
def test_every_row_is_accepted_or_rejected_and_every_accepted_one_is_counted(tmp_path, rows):
    header = ["编号", "银行", "名称", "地址", "经度", "纬度", "坐标系", "场景类型", "特定区域",
              "应覆盖", "签约日期", "巡检日期"]  # fmt: skip
    path = merchants(tmp_path / "来件", [["甲店"] * 3 + [""] * 9, *rows], header)
    found = bank_files.read(path, snapshot_store.Store(tmp_path / "none"))
    counts = assessment.counts(found)
    assert counts["rows"] == counts["accepted"] + counts["rejected"]
    assert counts["rejected"] == found.rejects["row"].nunique()
    assert counts["accepted"] == sum(counts["by_county"].values())
    assert counts["accepted"] == sum(counts["located_by"].values())
    assert set(found.rejects["row"]).isdisjoint(found.accepted["source_row"])


# ---- one file after another -------------------------------------------------------------------


def test_a_blank_cell_leaves_the_earlier_value_alone(home, tmp_path):
    put(home, merchants(tmp_path / "一月"))
    later = [["S3", "工行", "青口布店新名", "", "", "", "", "", "2026-07-01"]]
    snapshot = put(home, merchants(tmp_path / "二月", later), as_at=JULY)
    kept = row(snapshot, "merchants", merchant_id="S3")
    assert kept["name"] == "青口布店新名"
    assert kept["address"] == "赣榆区青口镇黄海路3号"
    assert (kept["lon"], kept["county_code"]) == (119.1225, "320707")
    assert days(snapshot, "m:ICBC/S3", "contracted") == ["2024-03-05"]
    assert days(snapshot, "m:ICBC/S3", "inspected") == ["2026-07-01"]
    assert len(snapshot.frame("merchants")) == 3


def test_a_new_address_moves_a_record_away_from_its_old_point(home, tmp_path):
    put(home, merchants(tmp_path / "一月"))
    moved = [["S3", "工行", "青口布店", "东海县牛山街道晶都大道1号", "", "", "", "", ""]]
    snapshot = put(home, merchants(tmp_path / "二月", moved), as_at=JULY)
    now = row(snapshot, "merchants", merchant_id="S3")
    assert now["county_code"] == "320722" and pd.isna(now["lon"])


def test_a_point_without_address_is_read_with_the_address_known_before(home, tmp_path):
    put(home, merchants(tmp_path / "一月"))
    pointed = [["S1", "工行", "海连便利店", "", "119.16", "34.60", "WGS84", "", ""]]
    snapshot = put(home, merchants(tmp_path / "二月", pointed), as_at=JULY)
    now = row(snapshot, "merchants", merchant_id="S1")
    assert now["address"] == "海州区新浦街道海连中路1号"
    assert now["method"].startswith("point+")


def test_a_map_cell_keeps_every_digit_among_shops_without_any(home, tmp_path):
    put(home, merchants(tmp_path / "一月"))
    pointed = [["S1", "工行", "海连便利店", "", "119.16", "34.60", "WGS84", "", ""]]
    snapshot = put(home, merchants(tmp_path / "二月", pointed), as_at=JULY)
    shops = snapshot.frame("merchants")
    cells = grid.cells(shops["lon"], shops["lat"])
    pd.testing.assert_frame_equal(shops[cells.columns], cells)
    assert cells["h3_9"].notna().sum() == 2 and cells["h3_9"].isna().sum() == 1


def test_inspections_accumulate(home, tmp_path):
    header = [*SIMPLE, "巡检日期"]
    for name, day, as_at in (
        ("一月", "2026-01-05", AS_AT),
        ("二月", "2026-02-05", JULY),
        ("三月", "2026-02-05", AUGUST),
    ):
        path = merchants(tmp_path / name, [["1", "工行", "甲店", "", day]], header)
        snapshot = put(home, path, as_at=as_at)
    assert days(snapshot, "m:ICBC/1", "inspected") == ["2026-01-05", "2026-02-05"]
    eligible = snapshot.frame("spells").query("state == 'eligible'")
    assert eligible["start"].tolist() == [pd.Timestamp("2026-01-05")]


def test_a_record_without_any_day_is_a_target_from_the_day_of_its_first_statement(home, tmp_path):
    path = merchants(tmp_path / "来件", [["1", "工行", "甲店", ""]], SIMPLE)
    put(home, path, as_at=JULY)
    snapshot = put(home, path)
    assert days(snapshot, "m:ICBC/1", "target") == [AS_AT.isoformat()]


def test_what_need_not_be_covered_may_be_taken_back_from_a_day_on(home, tmp_path):
    header = [*SIMPLE, "应覆盖"]
    put(home, merchants(tmp_path / "一月", [["1", "工行", "甲店", "", "否"]], header))
    yes = merchants(tmp_path / "二月", [["1", "工行", "甲店", "", "是"]], header)
    tables = put(home, yes, as_at=JULY).connect()
    on_days = states.on_days(
        tables.table("merchants"), tables.table("spells"), [AS_AT, JULY - timedelta(days=1), JULY]
    )
    assert on_days.order_by("as_of").execute()["eligible"].tolist() == [False, False, True]


def test_the_same_id_at_two_banks_is_two_records(home, tmp_path):
    rows = [["1", "工行", "甲店", ""], ["1", "农行", "甲店", ""], ["1", "", "甲店", ""]]
    snapshot = put(home, merchants(tmp_path / "来件", rows, SIMPLE))
    assert sorted(snapshot.frame("merchants")["merchant_key"]) == ["-/1", "ABC/1", "ICBC/1"]


def test_the_first_real_import_leaves_the_demo_behind(demo_store, home, tmp_path):
    demo = snapshot_store.Store(demo_store).current()
    home.publish(lambda _: snapshot_store.Draft(demo, demo=True), clerk("测试"))
    snapshot = put(home, merchants(tmp_path / "来件"))
    assert not snapshot.manifest["demo"]
    assert snapshot.manifest["rows"]["merchants"] == 3
    assert snapshot.manifest["rows"]["venues"] == 0


# ---- the other kinds --------------------------------------------------------------------------


def test_venues_scenarios_and_merchants_in_one_call(run, tmp_path):
    shops = [
        ["1", "工行", "肉铺", "海州区新浦街道", "新浦农贸市场"],
        ["2", "工行", "菜摊", "", "V1"],
    ]
    paths = [
        merchants(tmp_path / "受理点", shops, [*SIMPLE, "特定区域"]),
        write(tmp_path / "场景", SCENARIOS, "xlsx"),
        write(tmp_path / "名录", VENUES, "xls"),
    ]
    code, answer, message = run("import", *paths)
    assert code == 0, message
    assert (answer["rows"], answer["accepted"], answer["in_review"]) == (5, 5, 0)
    assert [one["kind"] for one in answer["files"]] == ["merchants", "scenarios", "venues"]
    snapshot = snapshot_store.default().current()
    assert snapshot.frame("merchants")["venue_id"].tolist() == ["V1", "V1"]
    link = snapshot.frame("scenarios").iloc[0]
    assert (link["scenario_id"], link["venue_id"], link["field_id"]) == ("F4-05", "V2", "F4")
    assert days(snapshot, "s:CCB/C1", "opened") == ["2025-01-01"]
    market, hospital = (row(snapshot, "venues", venue_id=v) for v in ("V1", "V2"))
    assert (market["kind"], market["carrier"], market["links"]) == ("农贸市场", "区域型", "")
    assert (market["eligible_count"], market["eligible_grade"]) == (120, "A")
    assert hospital["links"] == "F4-05;F4-06;F4-07;F4-08"
    assert pd.isna(hospital["eligible_count"]) and hospital["eligible_grade"] == ""
    assert hospital["owner"] == "市卫健委"


def test_a_new_denominator_brings_its_own_source(home, tmp_path):
    put(home, write(tmp_path / "一月", VENUES, "csv-utf8"))
    header = ["区域编号", "名称", "类别", "应覆盖商户数"]
    later = [["V1", "新浦农贸市场", "农贸市场", "100"], ["V2", "中心医院", "医院", ""]]
    snapshot = put(home, write(tmp_path / "二月", [header, *later], "csv-utf8"), as_at=JULY)
    market = row(snapshot, "venues", venue_id="V1")
    assert market["eligible_count"] == 100 and pd.isna(market["eligible_source"])
    nameless = write(tmp_path / "三月", [header[:3], later[0][:3]], "csv-utf8")
    unchanged = put(home, nameless, as_at=AUGUST)
    assert row(unchanged, "venues", venue_id="V1")["eligible_count"] == 100


LONG = [
    ["月份", "县区", "银行", "指标", "数值"],
    ["2026-01", "海州区", "工行", "个人钱包", "1,200"],
    ["2026年1月", "全市", "合计", "交易笔数", "50"],
]
WIDE = [
    ["月份", "县区", "银行", "个人钱包", "交易笔数"],
    ["202601", "新浦区", "工行", 1300, ""],
    ["202601", "赣榆县", "工行", "", ""],
    ["202602", "海州", "工行", "x", 5],
]


@pytest.mark.parametrize("form", FORMATS)
def test_indicators_long_and_wide_replace_by_month_county_bank_and_name(home, tmp_path, form):
    first = put(home, write(tmp_path / "长表", LONG, form)).frame("indicators")
    assert first[["county_code", "operator_id", "value"]].to_numpy().tolist() == [
        ["", "", 50.0],
        ["320706", "ICBC", 1200.0],
    ]
    wide = assess([write(tmp_path / "宽表", WIDE, form)], home, as_at=JULY)
    assert (wide.rows, wide.counts()["accepted"], wide.counts()["rejected"]) == (3, 1, 2)
    assert wide.rejects["reason"].tolist() == ["各项指标都没有填写", "“x”不是数字"]
    second = intake.publish(wide, home, clerk("测试")).frame("indicators")
    assert sorted(second["value"]) == [50.0, 1300.0]


# ---- points that contradict each other, and points that say nothing ----------------------------

TWICE = ["编号", "名称", "经度", "纬度", "经纬度", "坐标系"]


APART = [  # the two columns, the pair, and what is said of them
    (
        "119.2",
        "34.6",
        "118.9,34.5",
        "“119.2、34.6”，经纬度一列是“118.9,34.5”，相距约 29.7 公里",
    ),
    ("119.2", "34.6", "119.2015,34.6", "“119.2015,34.6”，相距约 137 米"),
    (
        "34.6",
        "119.2",
        "119.2,34.61",
        "“34.6、119.2”，经纬度一列是“119.2,34.61”，相距约 1.1 公里",
    ),
    ("118.9", "", "119.2,34.6", "“118.9、空”"),
]
TOGETHER = [
    ("119.2", "", "119.2,34.6"), ("", "34.6", "34.6 119.2"), ("", "", "119.2,34.6"),
    ("119.2", "34.6", "119.2005,34.6"), ("34.6", "119.2", "119.2,34.6"), ("119.2", "34.6", ""),
]  # fmt: skip


def test_two_points_that_contradict_each_other_go_to_a_person(home, tmp_path):
    rows = [[str(n), f"{n}店", *point, "WGS84"] for n, (*point, _) in enumerate(APART)]
    snapshot = put(home, merchants(tmp_path / "来件", rows, TWICE))
    for number, (*_, note) in enumerate(APART):
        shop = row(snapshot, "merchants", merchant_id=str(number))
        assert shop["in_review"] and note in shop["reason"]
        assert shop["lon"] == 119.2 and shop["lat"] == 34.6


def test_a_pair_fills_in_what_the_two_columns_leave_blank(home, tmp_path):
    rows = [[str(n), f"{n}店", *point, "WGS84"] for n, point in enumerate(TOGETHER)]
    shops = put(home, merchants(tmp_path / "来件", rows, TWICE)).frame("merchants")
    assert len(shops) == len(TOGETHER)
    assert set(zip(shops["lon"], shops["lat"], strict=True)) == {(119.2, 34.6)}
    assert not shops["reason"].fillna("").str.contains("相距").any()
    assert not shops["in_review"].any()


def test_a_point_that_is_not_used_goes_to_a_person_unless_the_address_says_the_town(home, tmp_path):
    header = ["编号", "名称", "地址", "经度", "纬度", "坐标系"]
    addresses = ("海州区新浦街道海连中路1号", "海州区某路", "")
    points = (("0", "0"), ("119.2", "119.2"), ("34.6", "34.6"))
    rows = [
        [f"{address}{point}", f"{address}{point}店", addresses[address], *points[point], "WGS84"]
        for address, point in product(range(3), repeat=2)
    ]
    frame = put(home, merchants(tmp_path / "来件", rows, header)).frame("merchants")
    asked = frame.set_index("merchant_id")["in_review"]
    assert asked[["10", "11", "12", "20", "21", "22"]].all()
    assert frame["reason"].notna().all()
    assert not asked[["00", "01"]].any()  # else the point is in the sea, and contradicts it


# ---- cells that Excel changed, and figures nobody owns -----------------------------------------


def test_what_excel_made_of_ids_names_and_addresses_comes_back_with_advice(home, tmp_path):
    day = date(2026, 3, 5)
    rows = [["1", "工行", "甲店", "海州区"], [day, "工行", "乙店", "海州区"],
            ["3", "工行", day, ""], ["4", "工行", "丁店", day],
            [True, "工行", "戊店", ""], [1234.5, "工行", "己店", ""],
            ["6.2e18", "工行", "庚店", ""]]  # fmt: skip
    found = assess([write(tmp_path / "来件", [SIMPLE, *rows], "xlsx")], home)
    assert found.accepted["merchant_id"].tolist() == ["1"]
    assert found.rejects["row"].tolist() == [3, 4, 5, 6, 7, 8]
    assert found.rejects["column"].tolist() == ["编号", "名称", "地址", "编号", "编号", "编号"]
    assert found.rejects["reason"].str.contains("设为文本重填").all()


def test_an_id_of_quotes_is_an_id_that_is_missing(home, tmp_path):
    found = assessed(home, tmp_path / "来件", [["'", "工行", "甲店", "海州区"]], SIMPLE)
    assert found.accepted["derived_id"].tolist() == [True]
    lacking = [VENUES[0], ["`", *VENUES[1][1:]]]
    (reject,) = assess([write(tmp_path / "名录", lacking, "csv-utf8")], home).rejects.to_dict(
        "records"
    )
    assert (reject["column"], reject["reason"]) == ("区域编号", "没有填写，此列必填")


def test_a_venue_is_taken_whatever_its_count_says(home, tmp_path):
    cells = ("未知", "约120", "-3", "1e19", "十几家")
    rows = [[f"V{cell}", *VENUES[1][1:4], cell, *VENUES[1][5:]] for cell in cells]
    found = assess([write(tmp_path / "名录", [VENUES[0], *rows], "csv-utf8")], home)
    assert found.rejects.empty
    assert found.accepted["eligible_count"].fillna(-1).tolist() == [-1, 120, -1, -1, -1]
    notes = found.accepted["note"].fillna("").tolist()
    assert notes[:2] == ["", "应覆盖商户数写作“约120”，按 120 计，请核实"]
    for cell, note in zip(cells[2:], notes[2:], strict=True):
        assert f"“{cell}”" in note


UNSAID = [
    ["月份", "县区", "银行", "个人钱包数"],
    ["2026-01", "海州区", "工行", 100],
    ["2026-01", "", "工行", 7],
    ["2026-01", "赣榆区", "", 9],
    ["2026-01", "-", "", 11],
    ["2026-01", "全市", "全部", 120],
]


def test_figures_that_leave_open_whose_they_are_are_rejected(home, tmp_path):
    found = assess([write(tmp_path / "指标", UNSAID, "xlsx")], home)
    assert found.accepted["value"].tolist() == [100, 120]
    assert found.rejects[["row", "column", "reason"]].to_numpy().tolist() == [
        [3, "县区", "没有填写，全市的请写“全市”"],
        [4, "银行", "没有填写，全部机构的请写“全部”"],
        [5, "县区", "没有填写，全市的请写“全市”"],
        [5, "银行", "没有填写，全部机构的请写“全部”"],
    ]


def test_blank_cells_of_a_long_file_are_rejected_too(home, tmp_path):
    lines = [*LONG[:2], ["2026-02", "", "工行", "个人钱包", "3"]]
    found = assess([write(tmp_path / "指标", lines, "csv-utf8")], home)
    assert found.accepted["value"].tolist() == [1200]
    assert found.rejects["row"].tolist() == [3]


@pytest.mark.parametrize(
    ("sender", "county", "bank"),
    [("海州区", "320706", ""), ("连云港市东海县", "320722", ""), ("赣榆区商务局", "320707", ""),
     ("市商务局", "", ""), ("工商银行", "", "ICBC"), (None, "", "")],
)  # fmt: skip
def test_a_file_without_counties_is_of_the_county_that_sent_it(
    home, tmp_path, sender, county, bank
):
    path = write(tmp_path / "指标", [["月份", "个人钱包数"], ["2026-01", 5]], "csv-utf8")
    found = intake.assess(
        opened_tables.opened([path], "indicators", as_at=AS_AT), store=home, sender=sender
    )
    assert found.rejects.empty
    assert found.accepted[["county_code", "operator_id"]].to_numpy().tolist() == [[county, bank]]


def test_a_bank_need_not_say_its_name_in_every_row(home, tmp_path):
    path = write(tmp_path / "指标", UNSAID[:1] + UNSAID[3:4], "csv-utf8")
    found = assess([path], home, sender="工商银行")
    assert found.accepted["operator_id"].tolist() == ["ICBC"]


# ---- what is sent back ------------------------------------------------------------------------


def test_rejects_go_back_as_sent_and_never_as_formulas(run, tmp_path):
    dangerous = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)"]
    rows = [["", text, "海州区", "错"] for text in dangerous]
    path = write(tmp_path / "来件", [["备注", "名称", "地址", "签约日期"], *rows], "csv-utf8")
    _, answer, _ = run("import", path, "--kind", "merchants")
    sheet = openpyxl.load_workbook(answer["rejects_file"]).active
    lines = list(sheet.iter_rows(min_row=2))
    assert [line[1].value for line in lines] == dangerous
    assert {cell.data_type for line in lines for cell in line} <= {"s", "n"}
    assert all("签约日期：“错”不是日期" in line[-1].value for line in lines)


def test_a_row_with_two_wrong_cells_is_one_rejected_row(home, tmp_path):
    header = ["名称", "签约日期", "应覆盖"]
    found = assessed(home, tmp_path / "来件", [["", "错", "大概"], ["甲", "", ""]], header)
    assert found.counts()["rejected"] == 1 and len(found.rejects) == 3
    assert len(found.sheets[0].returned) == 1


# ---- the command ------------------------------------------------------------------------------


def test_a_bad_file_among_good_ones_publishes_nothing(run, tmp_path):
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"PK\x03\x04")
    code, answer, message = run("import", merchants(tmp_path / "好"), bad)
    assert (code, answer) == (1, None)
    assert "“坏.xlsx”已损坏" in message and "Traceback" not in message
    assert snapshot_store.default().current() is None


def test_assessing_writes_nothing(home, tmp_path):
    assess([merchants(tmp_path / "来件")], home)
    assert not home.path.exists()


def test_stages_are_told_in_order(home, tmp_path):
    told = []
    opened = opened_tables.opened([merchants(tmp_path / "来件")], as_at=AS_AT)
    found = intake.assess(opened, store=home, progress=lambda *s: told.append(s))
    shares = [share for _, share in told]
    assert shares == sorted(shares) and shares[-1] == 1.0
    assert {"解析数据", "定位", "核对完成"} <= {stage for stage, _ in told}
    told.clear()
    intake.publish(found, home, clerk("测试"), lambda *s: told.append(s))
    assert [share for _, share in told] == sorted(share for _, share in told)


def test_missing_crs_is_a_named_error(home, tmp_path):
    with pytest.raises(MissingCrsError):
        assessed(home, tmp_path / "来件", [["甲", "119.2", "34.6"]], ["名称", "经度", "纬度"])


@pytest.mark.parametrize(
    "arguments", [[], ["import"], ["import", "x.csv", "--crs", "bd10"], ["drop"]]
)
def test_a_command_that_is_not_understood_exits_1_with_a_message(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 1
    assert "命令写得不对" in capsys.readouterr().err
