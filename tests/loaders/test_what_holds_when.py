"""What holds when: statements as they come, corrected, late, taken back, in any order."""

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.visitors import clerk
from loaders import intake
from loaders.reading import opened_tables
from store.errors import IntakeError, UnconfirmedError
from store.file_hashes import sha256
from tests.support.stated import (
    AUGUST,
    BANK,
    GANYU,
    HAIZHOU,
    JULY,
    JUNE,
    OTHER,
    Office,
    shop,
    told_all,
    venue,
)


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return told_all(tmp_path_factory.mktemp("told"))


@pytest.fixture(scope="module")
def days(told):
    """Each shop by number on each day of the two months."""
    return told.by_day(*pd.date_range(JUNE - timedelta(days=1), AUGUST).date)


def test_a_signing_date_corrected_next_month_replaces_the_wrong_one(told):
    assert told.events("1") == {("contracted", "2025-06-12"), ("target", "2025-06-30")}


def test_a_closing_that_was_a_mistake_is_taken_back_by_the_next_account(days):
    assert days[JUNE, "2"].contracted and days[AUGUST, "2"].contracted


def test_a_file_without_the_column_takes_no_closing_back(days):
    assert not days[JULY, "1", OTHER].eligible


def test_a_shop_closed_and_reopened_has_two_lives(told, days):
    assert not days[JUNE, "3"].eligible and days[JULY, "3"].contracted
    # The beginning of the second life is corrected in that life.
    signed = {day for event, day in told.events("3") if event == "contracted"}
    assert signed == {"2024-01-10", "2025-07-11"}


def test_who_refused_may_sign_later(days):
    assert (days[JUNE, "4"].state, days[JULY, "4"].state) == ("refused", "contracted")


def test_payments_stand_from_one_statement_to_the_next(days):
    assert days[JUNE, "5"].active and days[JULY.replace(day=30), "5"].active
    assert not days[JULY, "5"].active  # the bank's next statement tells of no later payment
    assert not days[JUNE.replace(day=29), "5"].active  # nothing tells it before the first


PAID = {"签约日期": "2025-01-10", "开通日期": "2025-01-12", "末笔交易日期": "2025-06-10"}
MIDDLE = date(2025, 7, 15)


def test_a_part_tells_nothing_of_the_shops_that_are_not_in_it(office):
    office.states(JUNE, shop("1", **PAID), shop("2", **PAID))
    again = PAID | {"末笔交易日期": "2025-07-12"}
    office.states(MIDDLE, shop("2", **again), shop("3", **again), part=True)
    assert [office.on(MIDDLE)[number].active for number in "123"] == [True, True, True]
    office.states(JULY, *(shop(number, **PAID) for number in "123"))
    assert [office.on(JULY)[number].active for number in "123"] == [False, True, True]
    assert [office.on(MIDDLE)[number].active for number in "123"] == [True, True, True]


def test_a_file_without_a_column_of_payments_tells_nothing_of_them(office):
    office.states(JUNE, shop("1", **PAID))
    office.states(date(2025, 10, 31), shop("1", 签约日期="2025-01-10", 开通日期="2025-01-12"))
    row = office.on(date(2025, 10, 31))["1"]
    assert (row.verified, row.active) == (True, True)


def test_a_shop_without_a_date_counts_from_the_day_of_its_first_statement(days):
    assert days[JULY, "6"].eligible and not days[JULY.replace(day=30), "6"].eligible


def test_should_accept_goes_from_yes_to_no_and_back(days):
    held = [bool(days[day, "7"].eligible) for day in (JUNE, JULY, AUGUST)]
    assert held == [True, False, True]
    assert days[JULY.replace(day=30), "7"].eligible


def test_a_shop_that_moves_is_where_it_was_before(days):
    moved = (JULY.replace(day=30), JULY)
    assert [days[day, "8"].county_code for day in moved] == ["320706", "320707"]


def test_a_shop_that_moves_on_a_known_day_is_there_from_that_day(days):
    moved = (JULY.replace(day=9), JULY.replace(day=10))
    assert [days[day, "9"].county_code for day in moved] == ["320706", "320707"]


def test_a_move_that_is_told_late_holds_from_its_own_day(office):
    office.states(AUGUST, shop("1", 地址=GANYU, 迁址日期="2025-07-10"))
    office.states(JUNE, shop("1", 地址=HAIZHOU))
    office.states(JULY, shop("1", 地址=HAIZHOU, 商户名称="又一店"))
    days = [JUNE, date(2025, 7, 9), date(2025, 7, 10), JULY, AUGUST]
    assert [office.on(day)["1"].county_code for day in days] == ["320706"] * 2 + ["320707"] * 3
    rows = pd.concat(map(office.store.current().frame, ("merchants", "merchants_before")))
    assert len(rows) == 2  # one for each stretch of days: none is there twice


def test_an_end_stands_over_a_file_without_its_column(office):
    signed = {"签约日期": "2025-01-10"}
    office.states(JUNE, shop("1", **signed, 注销日期="2025-06-20"))
    office.states(JULY, shop("1", **signed))
    office.states(AUGUST, shop("1", 签约日期="2025-08-10", 注销日期=""))
    days = [date(2025, 6, 1), JUNE, JULY, date(2025, 8, 10)]
    assert [office.on(day)["1"].contracted for day in days] == [True, False, False, True]


@pytest.mark.parametrize("end", ["停用日期", "注销日期", "拒绝日期"])
def test_payments_prove_nothing_from_the_day_that_a_shop_ends(office, end):
    paid = {"签约日期": "2025-01-10", "开通日期": "2025-01-12", "末笔交易日期": "2025-06-10"}
    office.states(JUNE, shop("1", **paid))
    office.states(JULY, shop("1", **paid, **{end: "2025-07-05"}))
    held = [office.on(day)["1"] for day in (JUNE, date(2025, 7, 4), date(2025, 7, 5), JULY)]
    assert [(row.verified, row.active) for row in held] == [(True, True)] * 2 + [(False, False)] * 2


@pytest.mark.parametrize("days", [(JUNE, JUNE), (JUNE, JULY), (JULY, JUNE)])
def test_two_departments_that_number_from_1_lose_no_venue(tmp_path_factory, days):
    markets = [venue("1", 区域名称="甲市场", 应覆盖商户数="2"), venue("2", 区域名称="乙市场")]
    hospitals = [venue(n, 区域名称=f"市{n}院", 类别="医院", 应覆盖商户数="3") for n in ("1", "2")]
    told = [("市商务局", days[0], markets), ("市卫健委", days[1], hospitals)]
    found = []
    for order in (told, told[::-1]):
        office = Office(tmp_path_factory.mktemp("departments"))
        for sender, day, rows in order:
            office.lists(day, *rows, sender=sender)
        found.append(office.hash)
    rows = office.store.current().frame("venues")
    assert set(rows["name"]) == {"甲市场", "乙市场", "市1院", "市2院"}
    assert rows["venue_id"].is_unique and rows["eligible_count"].sum() == 8
    review = rows[rows["in_review"]]
    assert len(review) == 2 and review["reason"].str.contains("”下有名称不同的场所").all()
    assert found[0] == found[1]


def test_a_name_means_the_venue_that_has_it_on_the_day(office):
    for day in (JUNE, JULY):
        office.states(day, shop("1", 特定区域="市场V1"), shop("2", 特定区域="市场V1"))
    office.lists(JUNE, venue("V1"))
    left = date(2025, 7, 15)
    again = venue("V2", 区域名称="市场V1", 列入日期="2025-07-16")
    office.lists(JULY, venue("V1", 出册日期=left.isoformat()), again)
    held = {day: office.by_day(day) for day in (JUNE, left, date(2025, 7, 16), JULY)}
    venues = [{row.venue_id for row in rows.values()} for rows in held.values()]
    assert venues == [{"V1"}, {"V1"}, {"V2"}, {"V2"}]
    assert [len(rows) for rows in held.values()] == [2] * 4
    rows = office.store.current().frame("merchants")
    assert not rows["reason"].str.contains("不止一处").any()


def test_a_name_that_two_venues_have_at_a_time_means_neither(office):
    office.states(JUNE, shop("1", 特定区域="市场V1"))
    office.lists(JUNE, venue("V1"), venue("V2", 区域名称="市场V1"))
    (row,) = office.store.current().frame("merchants").to_dict("records")
    assert pd.isna(row["venue_id"]) and "不止一处" in row["reason"]


def test_another_department_may_give_a_venue_another_name(office):
    office.lists(JUNE, venue("1", 区域名称="甲市场"), sender="市商务局")
    office.lists(JULY, venue("1", 区域名称="甲综合市场"), sender="市金融办")
    (name,) = office.store.current().frame("venues")["name"]
    assert name == "甲综合市场"


def test_two_shops_of_one_number_are_both_kept_and_asked_about(told):
    rows = told.store.current().frame("merchants")
    rows = rows[rows["merchant_id"] == "10"]
    assert set(rows["name"]) == {"甲豆制品摊", "乙便利店"}
    assert rows["in_review"].all() and rows["reason"].str.contains("编号“10”").all()


def test_the_last_day_is_that_of_the_latest_statement(told):
    assert told.store.current().manifest["as_of"] == AUGUST.isoformat()


def test_a_payment_that_a_corrected_file_takes_back_is_gone(office):
    office.states(JULY, shop(签约日期="2025-06-10", 末笔交易日期="2025-07-30"), name="七月")
    assert office.on(JULY)["1"].active
    office.states(JULY, shop(签约日期="2025-06-10", 末笔交易日期=""), name="七月更正")
    assert not office.on(JULY)["1"].active


def test_a_venue_that_left_and_came_back_is_there_before_and_after(office):
    office.lists(JUNE, venue(入册日期="2024-01-01", 出册日期="", 应覆盖商户数="2"))
    office.lists(JULY, venue(入册日期="2024-01-01", 出册日期="2025-07-15", 应覆盖商户数="2"))
    office.lists(AUGUST, venue(入册日期="2025-08-10", 出册日期="", 应覆盖商户数="2"))
    days = (JUNE, JULY, AUGUST.replace(day=9), AUGUST.replace(day=10), AUGUST)
    assert [city["venues"] for city in office.city(*days)] == [1, 0, 0, 1, 1]


def test_a_denominator_holds_from_its_day_and_not_before(office):
    office.states(JUNE, shop())
    office.lists(JUNE, venue(应覆盖商户数="26", 分母日期="2025-06-30", 分母等级="A"))
    office.lists(JULY, venue(应覆盖商户数="30", 分母日期="2025-07-31", 分母等级="A"))
    assert [city["needed"] for city in office.city(JUNE, JULY)] == [24, 27]


def test_the_register_may_come_after_the_shops(office):
    shops = [shop(str(n), 特定区域="市场V1", 签约日期="2025-06-01", 巡检日期="2025-06-20")
             for n in range(2)]  # fmt: skip
    office.states(JUNE, *shops)
    first = office.lists(JUNE, venue(应覆盖商户数="2"))
    assert set(first.frame("merchants")["venue_id"]) == {"V1"}
    assert not first.frame("merchants")["in_review"].any()
    (city,) = office.city(JUNE)
    assert city["covered_verified"] == 1


def test_a_later_file_of_the_same_day_replaces_and_a_part_adds(office):
    office.states(JUNE, shop("1"), shop("2"), name="误")
    office.states(JUNE, shop("1"), name="正")
    assert set(office.on(JUNE)) == {"1"}
    office.states(JUNE, shop("3"), part=True, name="补")
    assert set(office.on(JUNE)) == {"1", "3"}


def test_two_whole_lists_of_one_day_in_one_upload_are_asked_about(office):
    paths = [office.file([shop(str(n), 商户名称=f"店{n}", 地址=HAIZHOU)], str(n)) for n in range(2)]
    opened = opened_tables.opened(paths, "merchants", sender=BANK, as_at=JUNE)
    with pytest.raises(UnconfirmedError, match=r"“0.csv”和“1.csv”都是农业银行 2025-06-30 的全部"):
        intake.assess(opened, store=office.store, sender=BANK)
    parts = [replace(one, part=True) for one in opened]
    assert intake.assess(parts, store=office.store, sender=BANK).counts()["accepted"] == 2


def _without_zeros(office, order=(0, 1, 2, 3)):
    """A register and a list of June with padded numbers, and those of July without."""
    names = {"0001": "甲店", "0002": "乙店", "0003": "丙店"}
    june = [shop(number, 商户名称=name, 所属特定区域="001") for number, name in names.items()]
    july = [row | {"商户编号": row["商户编号"].lstrip("0"), "所属特定区域": "1"} for row in june]
    july[2]["商户名称"] = "丁店"
    steps = [
        lambda: office.lists(JUNE, venue("001", 区域名称="甲市场")),
        lambda: office.states(JUNE, *june, name="6月"),
        lambda: office.lists(JULY, venue("1", 区域名称="甲市场")),
        lambda: office.states(JULY, *july, name="7月"),
    ]
    for step in order:
        steps[step]()
    return july


def test_numbers_that_lost_their_zeros_are_those_of_the_same_records(office, tmp_path):
    _without_zeros(office)
    current = office.store.current()
    shops = current.frame("merchants").set_index("merchant_id")
    assert sorted(shops.index) == ["0001", "0002", "0003", "3"], "another name is another shop"
    assert set(shops["venue_id"]) == {"001"} and list(current.frame("venues")["venue_id"]) == [
        "001"
    ]
    assert shops.loc["0001", "reason"] == "编号“1”与“0001”只差前面的零，名称相同，算作同一商户"
    assert not shops["in_review"].any()
    other = Office(tmp_path / "other")
    _without_zeros(other, (3, 2, 1, 0))
    assert other.hash == office.hash


def test_what_lost_its_zeros_is_told_before_it_is_published(office):
    july = _without_zeros(office, (0, 1))
    found = office.assesses(JULY, *july)
    assert list(found.changes["merchants"].query("change == 'new'")["key"]) == ["ABC/3"]
    notes = found.sheets[0].in_review["reason"]
    assert len(notes) == 2 and notes.str.contains("请报送单位把编号设为文本再报").all()


def test_numbers_that_one_list_holds_apart_stay_apart(office):
    office.states(JUNE, shop("01", 商户名称="甲店"), shop("1", 商户名称="甲店"))
    office.states(JULY, shop("1", 商户名称="甲店"))
    assert set(office.store.current().frame("merchants")["merchant_id"]) == {"01", "1"}


def test_replacing_gives_what_the_last_alone_gives(office, tmp_path):
    office.states(JUNE, shop("1", 签约日期="2025-06-01"), shop("2"), name="误")
    office.states(JUNE, shop("1", 签约日期="2025-06-03"), name="正")
    alone = Office(tmp_path / "alone")
    alone.states(JUNE, shop("1", 签约日期="2025-06-03"), name="正")
    assert office.hash == alone.hash


def test_withdrawing_gives_what_was_there_without_it(office):
    office.states(JUNE, shop("1", 签约日期="2025-06-01"))
    before = office.hash
    office.states(JULY, shop("1", 签约日期="2025-06-03"), shop("2"))
    (late,) = [one for one in office.store.statements.all() if one.as_at == JULY]
    with pytest.raises(IntakeError, match="写明理由"):
        intake.withdraw(office.store, late.id, " ", clerk("测试"))
    intake.withdraw(office.store, late.id, "报错了月份", clerk("测试"))
    assert office.hash == before
    assert office.store.ledger.latest("withdrawn")[late.id].body == {"reason": "报错了月份"}
    with pytest.raises(IntakeError, match="没有在用的报送"):
        intake.withdraw(office.store, late.id, "再来一次", clerk("测试"))


def test_withdrawing_a_correction_brings_back_what_it_replaced(office):
    office.states(JUNE, shop("1", 签约日期="2025-06-01"), shop("2"), name="先")
    before = office.hash
    corrected = office.states(JUNE, shop("1", 签约日期="2025-06-03"), name="后")
    (after,) = corrected.manifest["statements"]
    intake.withdraw(office.store, after, "更正错了", clerk("测试"))
    assert office.hash == before


def _said(office, text, **cells):
    """The statement of June, of a file that says `text` of the shop."""
    office.states(JUNE, shop("1", 商户名称=text, **cells), name="六月")
    (one,) = office.store.in_force(office.store.current())
    return one.id


def test_withdrawing_brings_back_what_stood_just_before(office):
    first = _said(office, "甲")
    _said(office, "乙")
    assert _said(office, "甲") == first
    intake.withdraw(office.store, _said(office, "丙"), "报错了", clerk("测试"))
    assert [one.id for one in office.store.in_force(office.store.current())] == [first]


def test_what_was_withdrawn_and_came_again_is_brought_back_too(office):
    first = _said(office, "甲")
    intake.withdraw(office.store, first, "报错了", clerk("测试"))
    assert _said(office, "甲") == first
    intake.withdraw(office.store, _said(office, "乙"), "报错了", clerk("测试"))
    assert [one.id for one in office.store.in_force(office.store.current())] == [first]
    second = _said(office, "乙")
    intake.withdraw(office.store, second, "报错了", clerk("测试"))
    intake.withdraw(office.store, first, "也报错了", clerk("测试"))
    intake.withdraw(office.store, _said(office, "丙"), "又报错了", clerk("测试"))
    assert not office.store.in_force(office.store.current())


def test_the_same_file_again_changes_nothing(office):
    office.states(JUNE, shop("1", 签约日期="2025-06-01"))
    before = office.store.current()
    office.states(JUNE, shop("1", 签约日期="2025-06-01"))
    assert office.store.current() == before


@pytest.mark.parametrize("column", ["签约日期", "巡检日期", "末笔交易日期", "注销日期"])
def test_a_day_long_after_the_day_of_the_list_is_no_day(office, column):
    """Whenever the list is taken: by today's date the same file would say another thing later."""
    found = office.assesses(
        JUNE, shop("1", **{column: "2025-07-31"}), shop("2", **{column: "2025-09-05"})
    )
    (reject,) = found.rejects.to_dict("records")
    assert reject["row"] == 3 and "“2025-09-05”比数据截止日期（2025-06-30）晚" in reject["reason"]


def test_the_originals_alone_give_the_version_in_force(office):
    office.lists(JULY, venue(应覆盖商户数="2"))
    office.states(JUNE, shop("1", 签约日期="2025-06-01", 特定区域="市场V1"))
    office.states(JULY, shop("1", 签约日期="2025-06-01"), sender=OTHER)
    before = office.store.current()
    assert intake.rebuild(office.store, clerk("测试")) == before


FILES = [
    (BANK, JUNE, [shop("1", 签约日期="2025-06-01", 注销日期="2025-06-20"), shop("2", 应覆盖="否")]),
    (BANK, JULY, [shop("1", 签约日期="2025-07-02", 注销日期=""), shop("2", 应覆盖="是")]),
    (BANK, AUGUST, [shop("1", 地址="赣榆区青口镇黄海路3号", 末笔交易日期="2025-08-02")]),
    (OTHER, JULY, [shop("1", 特定区域="市场V1", 签约日期="2025-07-01")]),
    ("市商务局", AUGUST, [venue(应覆盖商户数="2")]),
]
ORDERS = list(permutations(range(len(FILES))))


@pytest.fixture(scope="module")
def straight(tmp_path_factory):
    office = Office(tmp_path_factory.mktemp("straight"))
    for number, (sender, day, rows) in enumerate(FILES):
        kind = "venues" if sender == "市商务局" else "merchants"
        office.states(day, *rows, sender=sender, kind=kind, name=str(number))
    return office.hash


@settings(max_examples=2)  # twelve imports
@given(order=st.sampled_from(ORDERS), again=st.integers(0, len(FILES) - 1))
def test_any_order_gives_the_same_content(order, again, straight, tmp_path_factory):
    office = Office(tmp_path_factory.mktemp("order"))
    for number in (*order, again):
        sender, day, rows = FILES[number]
        kind = "venues" if sender == "市商务局" else "merchants"
        office.states(day, *rows, sender=sender, kind=kind, name=str(number))
    assert office.hash == straight


STATUSES = [  # what three months say of a shop, and the days on which it is closed and live again
    ([{"商户状态": "正常"}, {"商户状态": "注销"}, {"商户状态": "已注销"}], {("closed", JULY)}),
    (
        [{"商户状态": "已解约"}, {"商户状态": ""}, {"商户状态": "正常"}],
        {("closed", JUNE), ("resumed", AUGUST), ("contracted", AUGUST)},
    ),
    (
        [{"商户状态": "注销"}, {"商户状态": "注销", "注销日期": "2025-06-10"}, {}],
        {("closed", JUNE.replace(day=10))},
    ),
    ([{"商户状态": "停用"}, {"商户状态": "关店"}, {}], {("suspended", JUNE), ("closed", JULY)}),
]


def test_a_status_ends_a_shop_on_the_first_day_that_it_is_told(office):
    signed = {"签约日期": "2025-01-10"}
    for month in (2, 0, 1):  # in whatever order they come
        rows = [shop(str(n), **(signed | told[month])) for n, (told, _) in enumerate(STATUSES)]
        office.states((JUNE, JULY, AUGUST)[month], *rows)
    own = {("contracted", "2025-01-10"), ("target", "2025-06-30")}
    for number, (_, events) in enumerate(STATUSES):
        days = {(event, day.isoformat()) for event, day in events}
        assert office.events(str(number)) == own | days


@pytest.mark.parametrize("word", ["注销", "停用", "拒绝"])
@pytest.mark.parametrize("again", ["2025-07-15", "2025-08-31"])
def test_a_shop_that_only_a_status_ended_has_a_second_life_when_it_signs_again(office, again, word):
    months = {
        JUNE: {"签约日期": "2025-01-10", "商户状态": word},
        JULY: {"签约日期": "2025-01-10", "商户状态": ""},
        AUGUST: {"签约日期": again, "商户状态": "正常"},
    }
    for day in (AUGUST, JUNE, JULY):  # in whatever order they come
        office.states(day, shop("1", **months[day]))
    events = office.events()
    assert {("contracted", "2025-01-10"), ("contracted", again)} <= events
    assert office.on(JUNE - timedelta(days=1))["1"].contracted
    assert not office.on(JULY - timedelta(days=20))["1"].opened


def test_a_status_that_says_signed_is_a_signing_where_no_day_is_ever_stated(office):
    told = {
        JULY: ({"商户状态": "已开通"}, {"商户状态": "已开通"}, {"商户状态": "正常"}),
        JUNE: ({"商户状态": "已签约"}, {"商户状态": "已签约"}, {"商户状态": "正常"}),
        AUGUST: ({}, {"签约日期": "2025-05-05", "商户状态": "已开通"}, {}),
    }
    for day, rows in told.items():
        office.states(day, *(shop(str(n), **row) for n, row in enumerate(rows)))
    target = ("target", "2025-06-30")
    signed, opened = ("contracted", "2025-06-30"), ("opened", "2025-07-31")
    assert office.events("0") == {target, signed, opened}
    assert office.events("1") == {target, ("contracted", "2025-05-05"), opened}
    assert office.events("2") == {target}


def test_a_status_that_is_not_known_is_asked_about_and_reviewed(office):
    found = office.assesses(JUNE, shop("1", 商户状态="观察名单"), shop("2", 商户状态="停业"))
    assert found.rejects.empty
    assert found.unknown_words.to_dict("records") == [
        {"type": "status", "word": "观察名单", "rows": 1}
    ]
    (sheet,) = found.sheets
    assert sheet.in_review["reason"].str.contains("“观察名单”不是认得的状态").all()
    assert len(sheet.in_review) == 1


def test_statements_that_were_kept_without_a_status_are_read_with_those_that_have_one(office):
    office.states(JUNE, shop("1", 签约日期="2025-01-10"))
    (path,) = office.folder.rglob("statements/merchants/*.parquet")
    pq.write_table(pq.read_table(path).drop_columns("status"), path)
    facts = path.parents[1] / f"{path.stem}.json"
    told = json.loads(facts.read_text("utf-8"))
    told["hashes"]["merchants"] = sha256(path)
    facts.write_text(json.dumps(told), "utf-8")
    office.states(JULY, shop("1", 签约日期="2025-01-10", 商户状态="注销"))
    assert ("closed", "2025-07-31") in office.events()
