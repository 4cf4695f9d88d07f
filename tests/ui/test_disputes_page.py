"""质询 without a browser: who is shown what, and what each may do."""

import shutil
from dataclasses import replace
from datetime import date

import pytest

from domain import dispute_rules
from domain.visitors import Visitor, clerk
from loaders import intake
from loaders.decisions import dispute_decisions, dispute_subjects
from presentation import dispute_listings, wording
from queries.scope import Scope
from reports.documents import workbook_tables
from store import dispute_register
from store.snapshot_store import Store
from tests.support import stated
from tests.support.pages import open_as, press, text_of
from tests.support.stated import JUNE, Office, shop, venue

BANK, OTHER = Visitor("农行乙", "bank", "ABC"), Visitor("江苏银行丙", "bank", "JSB")
COUNTY = Visitor("海州丁", "county", "320706")
OFFICE = clerk("办公室甲")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A market whose only shop is questioned: 质询 of a name with marks of Markdown and HTML."""
    office = Office(tmp_path_factory.mktemp("told"))
    office.lists(JUNE, venue("V1", 县区="海州区", 应覆盖商户数="1", 责任银行="农行"))
    office.states(
        JUNE, shop("1", 商户名称="<b>甲</b>*面*馆", 签约日期="2025-01-05", 巡检日期="2025-06-20",
                   所属特定区域="V1"),
    )  # fmt: skip
    dispute_decisions.raise_dispute(
        office.store, "shop", "ABC/1", "refuses", "店员[不会](http://x)", by=COUNTY, found_on=JUNE
    )
    return office.store.path


@pytest.fixture
def store(told, tmp_path, use_store, trusted_header):
    shutil.copytree(told, tmp_path / "store")
    use_store(tmp_path / "store")
    return Store(tmp_path / "store")


def page(who, part):
    app = open_as(who, "disputes", dispute_part=part)
    assert not app.exception and not app.error
    return app


def picked(who, part):
    """The page with the first dispute of a part opened."""
    app = page(who, part)
    rows = {"rows": [0], "columns": [], "cells": []}
    app.session_state[f"disputes_{part}"] = {"selection": rows}
    app.run()
    assert not app.exception and not app.error
    return app


def given(app, label, text):
    next(box for box in app.text_area if box.label == label).input(text)


def numbers(app):
    return [n for table in app.dataframe if "编号" in table.value for n in table.value["编号"]]


def number(store):
    (one,) = dispute_register.disputes(store.ledger)
    return one


@pytest.mark.parametrize(
    ("who", "part", "shown"),
    [
        (COUNTY, "我提出的", 1), (BANK, "我提出的", 0), (BANK, "待答复", 1), (OTHER, "待答复", 0),
        (OFFICE, "待答复", 1), (OFFICE, "待裁定", 0), (Visitor("领导", "leader"), "待答复", 1),
        (Visitor("赣榆戊", "county", "320707"), "待答复", 0),
    ],
)  # fmt: skip
def test_everybody_is_shown_what_concerns_them(store, who, part, shown):
    assert len(numbers(page(who, part))) == shown


def test_a_dispute_is_answered_ruled_looked_through_and_published(store):
    one = number(store)
    app = picked(BANK, "待答复")
    assert r"\<b\>甲\<\/b\>\*面\*馆" in text_of(app) and r"\[不会\]" in str(app.table[0].value)
    next(one for one in app.radio if one.label == "怎样答复").set_value("admitted")
    given(app, "说明", "属实")
    press(app, "提交答复")
    app = picked(OFFICE, "待裁定")
    next(one for one in app.radio if one.label == "裁定").set_value("成立")
    given(app, "裁定的理由", "核实过")
    press(app, "保存裁定")
    assert "已裁定" in "".join(one.value for one in app.success)
    app = page(OFFICE, "已办结")
    assert "1 项质询裁定" in text_of(app) and numbers(app) == [one]
    press(app, "先看会改变哪些数和名次")
    assert "原 1 个" in [metric.delta for metric in app.metric]
    assert any("1 → 0" in str(table.value) for table in app.table)
    press(app, "发布为新版本")
    assert "质询裁定" not in "".join(one.value for one in app.info)
    assert not Office(store.path.parent).on(JUNE)["1"].verified


def test_a_ruling_that_changes_nothing_asks_for_no_publication(store):
    one = number(store)
    dispute_decisions.answer(store, one, "proven", "有交易", by=BANK)
    dispute_decisions.rule(store, one, False, "交易属实", OFFICE)
    assert not any("质询裁定" in one.value for one in page(OFFICE, "已办结").info)


def test_a_link_fills_in_what_is_questioned(store):
    app = open_as(COUNTY, "coverage_map", area="海州区", venue="市场V1(V1)")
    assert "质询这个场所" in [one.label for one in app.button]
    app = page(COUNTY, "提出质询")
    app.session_state["_dispute_about"] = ("venue", "V1")
    app.session_state["dispute_kind"] = "venue"
    app.run()
    assert "市场V1" in text_of(app)
    reason = next(box for box in app.selectbox if box.label == "理由")
    reason.select("not_of_kind")
    given(app, "说明情况", "是仓库")
    press(app, "提出质询")
    assert "已提出" in "".join(one.value for one in app.success)
    kinds = [one.subject.kind for one in dispute_register.disputes(store.ledger).values()]
    assert kinds == ["shop", "venue"]


def test_a_bank_finds_only_its_own(store):
    for who, found in ((BANK, True), (OTHER, False), (COUNTY, True)):
        app = page(who, "提出质询")
        app.text_input(key="dispute_search_shop").input("面").run()
        assert any(box.label.startswith("质询对象") for box in app.selectbox) is found, who


@pytest.mark.parametrize(
    ("who", "address"),
    [
        (COUNTY, "海州区新浦街道解放中路9号"),
        (Visitor("徐圩庚", "county", "XUWEI"), "徐圩街道江苏大道1号"),
        (BANK, "东海县牛山街道和平路1号"), (Visitor("商务己", "department", "U16"), "解放中路9号"),
        (Visitor("领导", "leader"), "解放中路9号"), (OFFICE, "解放中路9号"),
    ],
)  # fmt: skip
def test_everybody_may_say_that_a_venue_is_left_out_as_the_form_offers(store, who, address):
    app = page(who, "提出质询")
    app.session_state["dispute_kind"] = "venue"
    app.run()
    next(box for box in app.checkbox if "漏列" in box.label).check().run()
    labels = {"kind_id": "场所类别", "county_code": "所在县区", "operator_id": "责任银行"}
    for name, codes in dispute_subjects.listable(who).items():
        box = next(box for box in app.selectbox if box.label == labels[name])
        assert len(box.options) == len(codes)
        box.select(codes[-1])
    next(box for box in app.text_input if box.label == "场所名称").input("新市场")
    next(box for box in app.text_input if box.label == "地址").input(address)
    given(app, "说明情况", "去年开业")
    press(app, "提出质询")
    assert "已提出" in "".join(one.value for one in app.success)
    *_, last = dispute_register.disputes(store.ledger).values()
    assert last.subject.name == "新市场" and dispute_rules.concerns(who, last.subject)


def test_who_has_no_kind_of_venue_is_not_asked_for_one_that_is_left_out(store):
    app = page(Visitor("宣传部辛", "department", "U02"), "提出质询")
    app.session_state["dispute_kind"] = "venue"
    app.run()
    assert not [box for box in app.checkbox if "漏列" in box.label]


def test_the_history_names_the_shop_of_another_bank_to_those_only_who_are_shown_it(store):
    again = {"商户名称": "另一家面馆", "签约日期": "2025-01-05"}
    Office(store.path.parent, files=10).states(JUNE, shop("77", **again), sender=stated.OTHER)
    one = dispute_decisions.raise_dispute(
        store, "shop", "ABC/1", "repeated", "重复", by=COUNTY, found_on=JUNE
    )
    dispute_decisions.answer(store, one, "admitted", "属实", by=BANK)
    dispute_decisions.rule(store, one, True, "核实过", OFFICE, details={"other": "JSB/77"})
    for who, shown in ((BANK, False), (OFFICE, True), (COUNTY, True)):
        told = "".join(picked(who, "已办结").table[0].value["办理内容"]).replace("\\", "")
        assert ("JSB/77" in told) is shown and ("不列名" in told) is not shown, who


def test_one_that_is_asked_again_is_not_answered_until_it_is(store):
    one = number(store)
    dispute_decisions.answer(store, one, "proven", "有交易", by=BANK)
    dispute_decisions.rule(store, one, False, "交易属实", OFFICE)
    assert "质询 1 件，已答 1" in page(COUNTY, "我提出的").header[0].value
    proof = b"%PDF-1.7\n%%EOF\n"
    dispute_decisions.reopen(store, one, "又去看过", proof, COUNTY)
    assert "质询 1 件，已答 0；待答复 1 件" in page(COUNTY, "我提出的").header[0].value


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ("2026-11-27", ""),
        ("2026-12-25", "2027 年的放假安排还没有录入"),
        ("2031-03-03", "2031 年的放假"),
    ],
)
def test_an_answer_that_is_due_in_a_year_without_a_notice_is_said_so(today, said):
    clock = dispute_listings.clock(date.fromisoformat(today))
    assert said in clock and bool(said) is ("还没有录入" in clock)


def test_the_overview_counts_them_and_the_month_s_workbook_lists_them(store):
    app = open_as(OFFICE, "overview")
    assert "质询 1 件，已答 0" in text_of(app)
    snapshot = intake.fold(store, OFFICE)  # the same content: the version that knew of none
    table = workbook_tables.TABLES["质询办理情况"]
    assert table.frame(Scope(snapshot.id, JUNE)).empty
    one = number(store)
    dispute_decisions.answer(store, one, "admitted", "属实", by=BANK)
    dispute_decisions.rule(store, one, True, "核实过", OFFICE)
    snapshot = intake.fold(store, OFFICE)
    rows = table.frame(Scope(snapshot.id, JUNE))
    assert rows["编号"].to_list() == [one] and rows["办理情况"].to_list() == ["成立"]
    assert table.frame(Scope(snapshot.id, JUNE, area_id="320707")).empty


def test_the_brief_and_the_county_s_say_how_many_were_questioned(store):
    one = number(store)
    dispute_decisions.answer(store, one, "admitted", "属实", by=BANK)
    dispute_decisions.rule(store, one, True, "核实过", OFFICE)
    facts = intake.fold(store, OFFICE).manifest
    city = Scope(facts["id"], date.fromisoformat(facts["as_of"]))
    for scope in (city, replace(city, area_id="320706")):
        assert "质询 1 件，已答 1" in wording.overall(scope)[-1]
    assert "质询" not in "".join(wording.overall(replace(city, area_id="320707")))
