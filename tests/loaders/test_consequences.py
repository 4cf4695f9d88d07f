"""What is shown before publishing is what is published: changes, totals and figures."""

import pandas as pd
import pytest

from domain.visitors import clerk
from loaders import intake
from loaders.comparing import difference
from loaders.comparing.consequences import FIGURES
from tests.support.stated import AUGUST, JULY, JUNE, OTHER, Office, shop, venue

HAIZHOU, GANYU = "海州区新浦街道海连中路1号", "赣榆区青口镇黄海路3号"
MAY = JUNE.replace(month=5, day=31)
_COLUMNS = "签约日期 开通日期 停用日期 拒绝日期 注销日期 巡检日期 应覆盖 所属特定区域"
HEADER = dict.fromkeys(_COLUMNS.split(), "")
SIGNED = {"签约日期": "2025-03-05"}
LIVE = SIGNED | {"巡检日期": "2025-06-20"}
CHANGES = {  # number of the shop: what June and July say, and what is told of it
    "1 signed": ({}, SIGNED, {"contracted"}, "签约 2025-03-05"),
    "2 opened": (SIGNED, SIGNED | {"开通日期": "2025-07-02"}, {"opened"}, "开通 2025-07-02"),
    "3 closed": (LIVE, LIVE | {"注销日期": "2025-07-10"}, {"closed"}, "注销 2025-07-10"),
    "4 suspended": (LIVE, LIVE | {"停用日期": "2025-07-11"}, {"suspended"}, "停用 2025-07-11"),
    "5 refused": ({}, {"拒绝日期": "2025-07-12"}, {"refused"}, "拒绝 2025-07-12"),
    "6 reopened": (
        SIGNED | {"注销日期": "2025-06-10"}, {"签约日期": "2025-07-15"},
        {"reopened", "contracted"}, "恢复（原注销）；签约 2025-07-15",
    ),
    "7 closed by mistake": (
        SIGNED | {"注销日期": "2025-06-10"}, SIGNED,
        {"reopened", "taken_back"}, "恢复（原注销）；收回注销日期 2025-06-10",
    ),
    "8 redated": (SIGNED, {"签约日期": "2025-03-06"}, {"redated"},
                  "签约日期：2025-03-05 → 2025-03-06"),
    "9 moved": ({"地址": HAIZHOU}, {"地址": GANYU}, {"moved", "corrected"}, "地址：“海州区"),
    "10 should not": ({"应覆盖": "是"}, {"应覆盖": "否"}, {"ineligible"},
                      "退出应覆盖 2025-07-31"),
    "11 inspected": (LIVE, LIVE | {"巡检日期": "2025-07-20"}, set(), ""),
    "12 other venue": (
        {"所属特定区域": "V1"}, {"所属特定区域": "V2"}, {"venue"}, "特定区域：V1 → V2",
    ),
    "13 new": (None, SIGNED, {"contracted"}, "签约 2025-03-05"),
    "14 not sent": (SIGNED, None, set(), ""),
    "15 never should": (None, {"应覆盖": "否"}, {"ineligible"}, "退出应覆盖 自首次报送起"),
    "16 should from now on": (
        {"应覆盖": "否"}, {"应覆盖": "是"}, {"eligible"}, "计入应覆盖 2025-07-31",
    ),
}  # fmt: skip
REGISTER = [
    venue("V1", 应覆盖商户数="2", 入册日期="2024-01-01", 出册日期=""),
    venue("V2", 应覆盖商户数="1", 入册日期="2024-01-01", 出册日期=""),
    venue("V3", 应覆盖商户数="1", 入册日期="2024-01-01", 出册日期=""),
]
IN_VENUE = {"3": "V1", "11": "V2"}


def shops(month):
    return [
        shop(number, **HEADER | {"所属特定区域": IN_VENUE.get(number, "")} | said)
        for number, said in ((name.split()[0], one[month]) for name, one in CHANGES.items())
        if said is not None
    ]


@pytest.fixture(scope="module")
def july(tmp_path_factory):
    """What July would change, the snapshot before, and the one that it became."""
    office = Office(tmp_path_factory.mktemp("july"))
    office.lists(JUNE, *REGISTER)
    before = office.states(JUNE, *shops(0))
    found = office.assesses(JULY, *shops(1))
    return found, before, intake.publish(found, office.store, clerk("测试")), office


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_of_state_is_told(july, name):
    *_, facts, what = CHANGES[name]
    rows = july[0].changes["merchants"].set_index("key")
    row = rows.loc[f"ABC/{name.split()[0]}"]
    assert set(filter(None, row["facts"].split(";"))) == facts
    assert row["what"].startswith(what) and bool(row["what"]) == bool(what)


def test_the_day_from_which_a_change_holds_is_told(july):
    rows = july[0].changes["merchants"].set_index("key")
    assert rows.loc["ABC/3", "since"] == pd.Timestamp("2025-07-10")
    assert rows.loc["ABC/9", "since"] == pd.Timestamp(JULY)
    assert rows.loc["ABC/15", "since"] is pd.NaT


@pytest.mark.parametrize("by", ["county_code", "operator_id"])
def test_totals_are_those_of_the_snapshot_that_is_published(july, by):
    found, before, after, _ = july
    counts = difference.totals(found.changes["merchants"], by).set_index(by)
    sums = counts["before"] + counts["new"] + counts["moved_in"]
    assert (sums - counts["removed"] - counts["moved_out"] == counts["after"]).all()
    for column, snapshot in (("before", before), ("after", after)):
        records = snapshot.frame("merchants")[by].value_counts().to_dict()
        assert {key: n for key, n in counts[column].items() if n} == records


def test_figures_are_those_of_the_snapshot_that_is_published(july):
    found, _, _, office = july
    last = found.consequences.days.iloc[0]
    assert (last["as_of_before"], last["as_of"]) == (JUNE, JULY)
    city = office.report(JULY)["city"]
    told = {"venues": city["venues"], "covered": city["covered_verified"]}
    told |= {name: city["merchants"][name] for name in FIGURES[2:]}
    assert {name: last[name] for name in FIGURES} == told


def test_venues_that_lapse_are_named_and_add_up(july):
    effects = july[0].consequences
    assert effects.venues[["venue_id", "revised"]].to_numpy().tolist() == [["V1", "lapsed"]]
    counts = effects.counties
    sums = counts["covered_before"] + counts["gained"] - counts["lapsed"] + counts["added"]
    assert (sums - counts["removed"] == counts["covered"]).all()
    assert counts["covered"].sum() == effects.days["covered"].iloc[0]


def test_the_register_s_changes_are_told_with_what_they_do(office):
    office.lists(JUNE, *REGISTER)
    office.states(JUNE, shop("11", **HEADER | LIVE | {"所属特定区域": "V1"}))
    rows = [
        REGISTER[0] | {"应覆盖商户数": "20"}, REGISTER[1] | {"应覆盖商户数": "3"},
        REGISTER[2] | {"出册日期": "2025-06-15"}, venue("V4", 应覆盖商户数="5"),
    ]  # fmt: skip
    found = office.assesses(JULY, *rows, sender="市商务局", kind="venues")
    facts = found.changes["venues"].set_index("key")["facts"].to_dict()
    assert facts == {"V1": "raised", "V2": "raised", "V3": "delisted", "V4": "listed"}
    revised = found.consequences.venues.set_index("venue_id")["revised"].to_dict()
    assert revised == {"V3": "delisted_short", "V4": "listed_short"}


def test_an_old_month_that_arrives_late_says_what_it_changes_in_the_past(office):
    office.lists(MAY, *REGISTER)
    shops_ = [shop(n, **LIVE, 所属特定区域="V2") for n in ("1", "2")]
    office.states(JUNE, *shops_)
    office.states(JULY, *shops_)
    late = {"巡检日期": "2025-05-20", "签约日期": "2025-03-05", "所属特定区域": "V2"}
    found = office.assesses(MAY, shop("1", **late), shop("3", **late))
    days = found.consequences.days
    assert days["as_of"].to_list() == [JULY, JUNE, MAY]
    assert days["eligible_before"].isna().to_list() == [False, False, True]  # May was unknown
    assert days["eligible_before"].to_list()[:2] == [2, 2]
    assert days["eligible"].to_list() == [3, 3, 3]  # all three were signed in March
    assert days["verified"].to_list() == [3, 3, 2]
    assert not found.changes["merchants"]["gone"].any()  # the list is older than the last


def test_a_bank_that_comes_later_verifies_nothing_before_its_first_statement(office):
    office.states(JUNE, shop("1", **LIVE))
    days = office.assesses(JULY, shop("9", **LIVE), sender=OTHER).consequences.days
    june = days.set_index("as_of").loc[JUNE]
    assert (june["verified_before"], june["verified"], june["contracted"]) == (1, 1, 2)
    office.states(JULY, shop("9", **LIVE), sender=OTHER)
    published = office.report(JUNE)["city"]["merchants"]
    assert (published["verified"], published["contracted"]) == (1, 2)


def test_a_replacement_says_what_it_takes_back(office):
    wrong = LIVE | {"注销日期": "2025-06-29", "末笔交易日期": "2025-06-28"}
    office.states(JUNE, shop("1", **wrong), shop("2", **LIVE), shop("3", **LIVE), name="六月")
    right = LIVE | {"注销日期": "", "末笔交易日期": "2025-06-27"}
    found = office.assesses(JUNE, shop("1", **right), shop("2", **LIVE), name="六月更正")
    assert [one.file for one in found.replaced] == ["六月.csv"]
    rows = found.changes["merchants"].set_index("key")
    assert rows["change"].to_dict() == {"ABC/1": "changed", "ABC/2": "same", "ABC/3": "removed"}
    assert rows.loc["ABC/1", "what"] == (
        "恢复（原注销）；收回注销日期 2025-06-29；交易日期：2025-06-28 → 2025-06-27"
    )
    assert difference.counted(found.changes["merchants"]) == {
        "removed": 1, "reopened": 1, "redated": 1, "taken_back": 1,
    }  # fmt: skip


def test_a_venue_that_lapses_only_because_days_passed_is_told_so(office):
    office.lists(JUNE, *REGISTER)
    old = SIGNED | {"巡检日期": "2025-02-10", "所属特定区域": "V2"}
    office.states(JUNE, shop("1", **old))
    found = office.assesses(AUGUST, shop("2", **SIGNED), sender="江苏银行")
    (row,) = found.consequences.venues.to_dict("records")
    assert (row["venue_id"], row["revised"], row["by_time"]) == ("V2", "lapsed", True)


def test_first_files_have_nothing_to_be_compared_with(office):
    found = office.assesses(JUNE, shop("1", **SIGNED))
    assert found.changes["merchants"]["change"].to_list() == ["new"]
    (day,) = found.consequences.days.to_dict("records")
    assert pd.isna(day["eligible_before"]) and day["eligible"] == 1
    assert pd.isna(day["covered"])  # there is no register yet
