"""What the brief says, worked by hand from a store that was told a few things."""

from dataclasses import replace
from datetime import date

import pytest

from presentation import brief_steps, brief_wording, labels
from presentation.statements import statements
from queries.scope import Scope
from tests.support.issued_orders import kept, order, task
from tests.support.stated import GANYU, HAIZHOU, JULY, JUNE, Office, shop, venue

SEEN = {"签约日期": "2025-01-10", "最近巡检日期": "2025-06-20"}
ANNEXES = {"venues": "附件1", "pending": "附件2"}


def scope(office, day=JUNE, area_id=""):
    return Scope(office.store.current().id, day, area_id)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """In 海州区 a market that lacks one of three shops and one of unknown denominator; in 赣榆区
    one that is covered; an order on the first, long overdue."""
    made = Office(tmp_path_factory.mktemp("told"))
    kept(made.store.ledger, order(task(), date(2025, 7, 5)))
    made.lists(
        JUNE,
        venue("V1", 应覆盖商户数="3", 区域名称="<b>市场</b>V1"),
        venue("V2"),
        venue("V3", 应覆盖商户数="1", 地址=GANYU),
    )
    made.states(
        JUNE,
        shop("1", **SEEN, 所在特定区域="V1"),
        shop("3", **SEEN, 所在特定区域="V3", 地址=GANYU),
    )
    return made


@pytest.fixture
def city(office, use_store):
    use_store(office.store.path)
    return scope(office)


def test_the_conclusions_say_how_far_who_and_what(city):
    first, second, third = brief_wording.conclusions(city)
    assert first.startswith("全市特定区域达标率33.3%，低于应达进度")
    assert second == "低于应达进度的县区和板块有1个，最低的是海州区（0.0%）。"
    assert third.startswith("要达到应达进度，还须再达标") and "主要问题是底数不清" in third


def test_the_good_and_the_slow_are_named_with_their_figures(city):
    assert "达到应达进度的有：赣榆区100.0%。" in brief_wording.good(city)
    slow = brief_wording.slow(city, ANNEXES)
    assert slow == [
        "低于应达进度的，由低到高为：海州区0.0%。",
        "应覆盖数已知而未达标的场所1个，共差1家（项）（名单见附件1）。",
    ]


def test_an_area_far_behind_is_not_praised_for_its_progress(tmp_path, use_store):
    """In July each area gains a venue: 海州区 has 3 of 4 then, 赣榆区 1 of 4."""
    office = Office(tmp_path)
    use_store(office.store.path)
    places = [HAIZHOU] * 4 + [GANYU] * 4
    office.lists(JUNE, *(venue(f"V{n}", 应覆盖商户数="1", 地址=places[n]) for n in range(8)))
    june, july = {0: "2025-06-02", 1: "2025-06-02"}, {2: "2025-07-02", 4: "2025-07-02"}
    for day, seen in ((JUNE, june), (JULY, june | july)):
        shops = {n: SEEN | {"最近巡检日期": when} for n, when in seen.items()}
        told = (shop(f"{n}", **of, 所在特定区域=f"V{n}", 地址=places[n]) for n, of in shops.items())
        office.states(day, *told)
    facts = statements(scope(office, JULY))
    assert facts["gained"].text == "海州区提高25.0个百分点，达到75.0%"
    assert "赣榆区25.0%" in facts["slow"].text


def test_the_problems_are_numbered_and_those_that_are_not_there_are_not_named(city):
    parts = brief_wording.problems(city, ANNEXES)
    assert [part.heading for part in parts] == [
        "（一）底数不清",
        "（二）部分达标场所存疑",
        "（三）质询和督办事项未办结",
    ]
    assert parts[0].text == "应覆盖数待核的场所1个，其中海州区1个（名单见附件1）。"
    assert parts[1].text.startswith("达标场所中1个存疑，其中应覆盖数过少的1个")
    assert parts[2].text == "没有销号的督办单1件，其中逾期1件（详见附件2）。"


def test_what_is_asked_follows_from_the_data(city):
    rows = list(brief_steps.steps(city, date(2025, 7, 10), ANNEXES))
    assert [tuple(row) for row in rows] == [
        ("核定1个场所的应覆盖商户数（附件1）", "海州区；市商务局", "8月31日"),
        ("再达标2个场所，其中应覆盖数已知的1个，补齐受理点（环节）1家（项）（附件1）", "海州区",
         "8月31日"),
        ("督〔2025〕1号：市场V1还差 1 家才达标。", "农业银行", "8月10日（已逾期）"),
    ]  # fmt: skip
    (ask,) = brief_wording.asks(city, date(2025, 7, 10))
    assert "于2025年7月30日前" in ask


def test_a_day_that_would_be_too_soon_is_the_next_month_s_end(city):
    rows = list(brief_steps.steps(city, date(2025, 8, 20), ANNEXES))
    assert rows[1].due == "10月31日"


def test_an_area_is_told_of_its_own_only(city):
    haizhou, ganyu = (replace(city, area_id=area) for area in ("320706", "320707"))
    assert "列县区第2名" in brief_wording.overall(haizhou, {})[0].text
    assert brief_wording.problems(haizhou, ANNEXES)[-1].text.startswith("没有销号的督办单1件")
    assert [part.heading for part in brief_wording.problems(ganyu, {})] == [
        "（一）部分达标场所存疑"
    ]
    assert not list(brief_steps.steps(ganyu, JUNE, {}))
    matters = [row.matter for row in brief_steps.steps(haizhou, JUNE, {})]
    assert "补齐<b>市场</b>V1的受理点（环节）1家（项）" in matters


def test_a_month_without_a_move_is_level_and_a_move_that_would_look_wrong_has_two_decimals():
    assert labels.apart(0.5, 0.5) == ""
    assert labels.apart(0.375, 0.292) == "8.3个百分点"
    assert labels.apart(119 / 205, 116 / 205) == "1.46个百分点"  # 58.0 − 56.6 looks like 1.4


@pytest.mark.parametrize(
    ("value", "text"),
    [(9120, "9,120笔"), (12_340, "1.2万笔"), (1_260_397, "126.0万笔"), (127_134_600, "1.27亿笔")],
)
def test_large_numbers_are_in_wan_and_yi(value, text):
    assert labels.large(value, "笔") == text


def test_a_level_month_is_said_to_be_level(office, tmp_path, use_store):
    later = Office(tmp_path)
    for day in (JUNE, JULY):
        later.lists(day, venue("V1", 应覆盖商户数="1"))
        later.states(day, shop("1", **SEEN, 所在特定区域="V1"))
    use_store(later.store.path)
    assert brief_wording.month_move(scope(later, JULY)) == "与上月持平"
    assert "退出" not in brief_wording.overall(scope(later, JULY), {})[0].text


def test_without_banks_the_share_is_unknown_and_nothing_else_is_said(tmp_path, use_store):
    silent = Office(tmp_path)
    silent.lists(JUNE, venue("V1", 应覆盖商户数="5"))
    use_store(silent.store.path)
    here = scope(silent)
    (part,) = (one for one in brief_wording.overall(here, {}) if "覆盖" in one.heading)
    assert part.text == "全市名录内特定区域1个，还没有银行报送受理点，达标率未知。"
    assert brief_wording.conclusions(here) == [] and brief_wording.problems(here, {}) == []
    assert (
        brief_wording.good(here) == [] and statements(here)["slow"].text == "海州区还没有银行报送"
    )


def test_what_a_bank_is_asked_for_keeps_its_count_whatever_the_names(tmp_path, use_store):
    office = Office(tmp_path)
    use_store(office.store.path)
    long = "连云港市示例特色文化旅游商贸综合服务示范街区第{}期"
    office.lists(
        JUNE,
        *(venue(f"V{n}", 应覆盖商户数="9", 区域名称=long.format(n)) for n in (1, 2, 3)),
    )
    office.states(JUNE, shop("1", 特定区域="V1", **SEEN), sender="工商银行")
    asked = [one.matter for one in brief_steps.steps(scope(office, area_id="320706"), JUNE, {})]
    (close,) = [matter for matter in asked if matter.startswith("补齐")]
    assert "第1期" in close and close.endswith("家（项）") and len(close) <= 60
