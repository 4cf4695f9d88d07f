"""The pages of targets, clusters, tasks, the province and padding: what they say and take."""

import re
from datetime import date, timedelta

import pytest

from domain.visitors import clerk
from loaders import intake
from store.snapshot_store import Store
from tests.support import bank_files
from tests.support.linked_stores import linked_copy
from tests.support.pages import open_page, press, text_of
from ui.page_tables import LISTED


def opened(stem, person="王工"):
    app = open_page(stem)
    assert not app.exception
    if person and any(box.key == "person" for box in app.text_input):
        app.text_input(key="person").set_value(person)  # sent with whatever is done next
    return app


def table(app, *columns):
    """The first table on the page that has all the columns."""
    return next(one.value for one in app.dataframe if set(columns) <= set(one.value))


def field(app, kind, label):
    return next(one for one in getattr(app, kind) if one.label == label)


@pytest.fixture
def demo(demo_store, use_store):
    use_store(demo_store)


@pytest.fixture
def office(demo_store, tmp_path, use_store):
    """A copy of the demo that a test may write to."""
    store = Store(linked_copy(demo_store, tmp_path / "store"))
    use_store(store.path)
    return store


# ---- targets ---------------------------------------------------------------------------------


def test_every_target_says_where_it_is_and_what_it_lacks(demo):
    app = opened("target_progress")
    board = table(app, "编号", "到期情况", "今天应达")
    assert list(board["编号"]) == [f"T{n:02}" for n in range(1, 15)]
    shown = board.set_index("编号")
    assert shown.loc["T06", "期限"] == "2025-12-31" and shown.loc["T06", "今天应达"] == "90%"
    assert "到期未达到" in shown.loc["T06", "到期情况"]
    assert shown.loc["T12", "期限"] == "每月"
    assert (shown.loc[["T07", "T08", "T13"], "今天应达"] == "—").all()  # the notice gives no number
    lacking = table(app, "对象", "责任单位", "缺什么")
    assert len(lacking) == shown.loc["T01", "还缺名单（条）"] > 0
    assert "怎么量" in text_of(app)


def test_targets_are_the_citys_whatever_is_selected(demo):
    app = opened("target_progress")
    whole = table(app, "编号", "到期情况")
    app.selectbox(key="area").select("灌南县").run()
    assert not app.exception
    assert table(app, "编号", "到期情况").equals(whole)
    assert "目标是全市的" in text_of(app)


def test_before_the_due_day_a_target_is_behind_and_not_missed(demo):
    app = opened("target_progress")
    app.date_input(key="as_of").set_value(date(2025, 6, 30)).run()
    assert not app.exception
    shown = table(app, "编号", "到期情况").set_index("编号")
    assert "进行中" in shown.loc["T05", "到期情况"] and "进行中" in shown.loc["T06", "到期情况"]


# ---- clusters --------------------------------------------------------------------------------


def test_clusters_count_by_name_and_by_place_and_owners_by_the_floor(demo):
    app = opened("demonstration_clusters")
    rows = table(app, "聚集区编号", "没过的门槛")
    assert len(rows) == 45
    assert set(rows["状态"]) == {"申报", "在建", "达标", "成熟", "保持", "退回"}
    ripe = rows["状态"].isin(["成熟", "保持"])
    assert (rows.loc[ripe, "没过的门槛"] == "—").all()
    assert (rows.loc[~ripe, "没过的门槛"] != "—").all()
    assert f"有 **{ripe.sum()}** 个成熟的示范聚集区" in text_of(app)
    owners = table(app, "责任单位", "对照 2 至 3 个")
    short = owners["对照 2 至 3 个"].str.startswith("差")
    assert (owners.loc[short, "成熟"] < 2).all() and short.any()


def test_a_cluster_entered_by_hand_counts_once_it_is_published(office):
    app = opened("demonstration_clusters")
    field(app, "text_input", "聚集区编号").set_value("手1")
    field(app, "text_input", "名称").set_value("示例夜市 <b>")
    field(app, "multiselect", "责任单位").set_value(["320724"])
    field(app, "date_input", "申报日期").set_value(date(2026, 10, 1))
    press(app, "保存登记")
    assert "有 1 项聚集区登记已经保存，还没有发布" in text_of(app)
    assert len(table(app, "聚集区编号", "没过的门槛")) == 45
    press(app, "发布为新版本")
    rows = table(app, "聚集区编号", "没过的门槛").set_index("聚集区编号")
    assert rows.loc["手1", ["聚集区", "责任单位", "状态"]].to_list() == [
        "示例夜市 <b>", "灌南县", "申报",
    ]  # fmt: skip
    assert office.current().manifest["demo"]


def test_a_cluster_of_a_day_without_data_yet_is_said_to_wait(office):
    app = opened("demonstration_clusters")
    field(app, "text_input", "聚集区编号").set_value("手2")
    field(app, "text_input", "名称").set_value("示例街")
    field(app, "multiselect", "责任单位").set_value(["ICBC"])
    field(app, "date_input", "申报日期").set_value(date(2026, 11, 20))
    press(app, "保存登记")
    said = "\n".join(one.value for one in app.success).replace("\\", "")
    assert "日期 2026-11-20 晚于数据截止日 2026-10-31" in said


def test_a_cluster_is_not_saved_without_a_name_an_owner_and_a_person(office):
    app = opened("demonstration_clusters", person="")
    field(app, "date_input", "申报日期").set_value(date(2026, 10, 1))
    field(app, "date_input", "挂牌日期").set_value(date(2026, 9, 1))
    press(app, "保存登记")
    said = "\n".join(warning.value for warning in app.warning)
    for words in ("经办人", "请填写聚集区的名称", "责任单位", "挂牌日期早于申报日期"):
        assert words in said
    assert office.ledger_of(office.current()).version == 0


# ---- tasks and filings -----------------------------------------------------------------------


def test_tasks_reminders_and_blanks_add_up(demo):
    app = opened("tasks_reports")
    board = table(app, "任务", "有无进展")
    assert len(board) == 30
    idle = (board["有无进展"] == "没有进展").sum()
    blanks = table(app, "空白", "对象")
    assert (blanks["空白"] == "没有进展的任务").sum() == idle > 0
    asked = table(app, "情况", "期限")
    senders = table(app, "应报", "收到", "按时")
    assert len(senders) == 42
    assert (senders["应报"] - senders["收到"] == senders["未报"]).all()
    assert f"还有 **{len(asked)}** 家没报" in text_of(app)
    assert all(name in app.code[0].value for name in asked["责任单位"])
    count = {one.label: int(re.sub(r"\D", "", one.value)) for one in app.metric}
    assert count["累计应报"] == count["按时"] + count["迟报"] + count["未报"] > count["按时"] > 0
    assert f"应报 {len(senders)} 家" in app.header[0].value


def test_a_filing_entered_by_hand_ends_the_reminder(office):
    app = opened("tasks_reports")
    before = table(app, "情况", "期限")
    field(app, "selectbox", "报送单位").set_value("U01")
    field(app, "selectbox", "材料类型").set_value("INFO")
    field(app, "text_input", "标题").set_value("示例做法")
    field(app, "date_input", "报送日期").set_value(date(2026, 10, 30))
    field(app, "selectbox", "所属月份（信息、进展）").set_value(date(2026, 9, 1))
    assert "市中级人民法院" in set(before["责任单位"])
    press(app, "保存登记")
    press(app, "发布为新版本")
    after = table(app, "情况", "期限")
    assert set(before["责任单位"]) - set(after["责任单位"]) == {"市中级人民法院"}


# ---- the province ----------------------------------------------------------------------------


def test_a_rank_is_told_with_its_month_and_the_worst_it_can_be(demo):
    told = opened("province_comparison").header[0].value
    assert re.search(r"钱包数（\d{4}-\d\d）第 \*\*\d+\*\* 名(，最差第 \d+ 名)?[；。]", told)
    assert "（最差" not in told


def test_a_published_figure_moves_the_city(office):
    app = opened("province_comparison")
    before = table(app, "城市", "名次").set_index("城市")
    assert "演示数据（虚构）" in set(before["来源"])
    field(app, "selectbox", "城市").set_value("连云港市")
    field(app, "selectbox", "指标").set_value("scenarios")
    field(app, "number_input", "数值").set_value(9999999.0)
    field(app, "text_input", "截至月份").set_value(before.loc["连云港市", "月份"])
    field(app, "date_input", "公布日期").set_value(date(2026, 10, 31))
    field(app, "text_input", "来源").set_value("示例公报")
    press(app, "保存登记")
    press(app, "发布为新版本")
    after = table(app, "城市", "名次").set_index("城市")
    assert after.loc["连云港市", ["名次", "来源"]].to_list() == ["1", "示例公报"]


def test_a_month_that_is_none_is_quoted(office):
    app = opened("province_comparison")
    for month in ("2026-13", "九月", ""):
        field(app, "text_input", "截至月份").set_value(month)
        press(app, "保存登记")
        said = "\n".join(warning.value for warning in app.warning)
        assert "请写成 2026\\-09 的样子" in said and "请写明来源" in said, month
        assert month in said.replace("\\", ""), month


# ---- padding ---------------------------------------------------------------------------------


def test_padding_names_the_venues_and_the_sleeping_shops(demo):
    app = opened("inflation_check")
    venues = table(app, "水分在哪里")
    cards = {metric.label: metric.value for metric in app.metric}
    for sign in ("应覆盖数过少", "应覆盖数缩减"):
        named = venues["水分在哪里"].str.contains(sign).sum()
        assert cards[sign] == f"{named} 个场所" and named > 0
    shops = table(app, "签约日期", "受理点编号")
    banks = table(app, "沉睡门店", "沉睡率")
    asleep = banks["沉睡门店"].sum()
    assert len(shops) == min(asleep, LISTED) > 0
    assert cards["沉睡门店"] == f"{asleep:,} 家"


# ---- candidates ------------------------------------------------------------------------------


@pytest.fixture
def street(tmp_path, use_store):
    """A store with sixteen inspected shops in one street, and one far away."""
    header = ["商户编号", "运营机构", "商户名称", "地址", "经度", "纬度", "坐标系", "巡检日期"]
    day = (date.today() - timedelta(days=3)).isoformat()
    shops = [
        [f"S{n}", "工行", f"示例{n}号店", f"海州区新浦街道海连中路{n}号",
         119.16 + (n * 0.0001 if n < 17 else 0.1), 34.60, "WGS84", day]
        for n in range(1, 18)
    ]  # fmt: skip
    store = Store(tmp_path / "store")
    path = bank_files.merchants(tmp_path / "工行", shops, header)
    intake.publish(bank_files.assess([path], store, as_at=date.today()), store, clerk("测试"))
    use_store(store.path)
    return store


def test_a_candidate_confirmed_is_a_cluster_with_its_outline_and_shops(street):
    app = opened("demonstration_clusters")
    app.session_state["cluster_tabs"] = "候选"
    app.run()
    assert not app.exception
    found = table(app, "候选", "已验证受理点")
    assert found["已验证受理点"].to_list() == [16]
    app.session_state["cluster_candidates"] = {
        "selection": {"rows": [0], "columns": [], "cells": []}
    }
    app.run()
    field(app, "text_input", "聚集区编号").set_value("候1")
    press(app, "确认为示范聚集区")
    assert "1 项聚集区登记、1 项轮廓决定" in text_of(app)
    press(app, "发布为新版本")
    clusters = street.current().frame("clusters").set_index("cluster_id")
    assert clusters.loc["候1", "outline"].startswith('{"type":"Polygon"')
    assert clusters.loc["候1", "county_code"] == "320706"
    members = street.current().frame("cluster_members")
    assert (members["cluster_id"] == "候1").sum() == 16
    rows = table(app, "聚集区编号", "没过的门槛").set_index("聚集区编号")
    assert rows.loc["候1", "受理点/要求"] == "16 / 30"
