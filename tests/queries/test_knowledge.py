"""What nobody had told yet is unknown, never zero: by bank, by register, by ledger."""

import shutil
from datetime import date

import pytest

from domain import rules
from presentation import wording
from queries import attainment, board_standings, data_quality, shop_records, untold
from queries.engine import engine
from queries.scope import Scope
from tests.support.stated import AUGUST, JULY, JUNE, Office, shop, venue

MAY = date(2025, 5, 31)
JIANGSU = "江苏银行"
SIGNED = {"签约日期": "2025-03-01", "开通日期": "2025-03-02"}
SEEN = SIGNED | {"末笔交易日期": "2025-05-20", "最近巡检日期": "2025-05-21"}


@pytest.fixture
def office(tmp_path, use_store):
    home = Office(tmp_path)
    use_store(home.store.path)
    return home


@pytest.fixture(scope="module")
def told_of_two_banks(tmp_path_factory):
    """A register and one bank from June, another bank from July; all shops signed in March."""
    office = Office(tmp_path_factory.mktemp("two_banks"))
    office.lists(JUNE, venue("V1", 应覆盖商户数="2"))
    in_venue = {"所在特定区域": "V1"}
    office.states(JUNE, shop("1", **SEEN, **in_venue), shop("2", **SEEN, **in_venue))
    office.states(JULY, shop("9", **SEEN | {"末笔交易日期": "2025-07-20"}), sender=JIANGSU)
    return office


@pytest.fixture
def two_banks(told_of_two_banks, use_store):
    """That store, which tests must not write to."""
    use_store(told_of_two_banks.store.path)
    return told_of_two_banks


def scope(office, day):
    return Scope(office.store.current().id, day, tiers="all")


def test_a_bank_is_counted_in_verified_shares_from_its_first_statement(two_banks):
    shops = two_banks.report(MAY)["city"]["merchants"]
    assert (shops["eligible"], shops["contracted"], shops["heard"]) == (3, 3, 0)
    assert shops["verified"] is shops["active"] is shops["verified_share"] is None
    shops = two_banks.report(JUNE)["city"]["merchants"]
    assert (shops["eligible"], shops["heard"], shops["verified"]) == (3, 2, 2)
    assert shops["verified_share"] == 1.0
    shops = two_banks.report(JULY)["city"]["merchants"]
    assert (shops["eligible"], shops["heard"], shops["verified"]) == (3, 3, 3)


def test_by_bank_shares_are_null_before_the_first_statement(two_banks):
    banks = shop_records.merchants(scope(two_banks, JUNE), ("operator_id",))
    banks = banks.set_index("operator_id")
    assert banks.loc["ABC", "verified_share"] == 1.0
    assert banks.loc["JSB", ["verified", "active", "verified_share", "active_share"]].isna().all()
    assert banks.loc["JSB", "contracted"] == 1


def test_coverage_of_venues_is_null_before_the_first_register(two_banks):
    city = two_banks.report(MAY)["city"]
    unknown = ("venues", "covered_contracted", "covered_verified", "unknown", "needed",
               "share_contracted", "share_verified", "kinds_at_zero")  # fmt: skip
    assert [city[name] for name in unknown] == [None] * len(unknown)
    assert two_banks.report(JUNE)["city"]["share_verified"] == 1.0


def test_lines_begin_where_the_register_begins(two_banks):
    months = attainment.trend(scope(two_banks, JULY))
    assert list(months["as_of"]) == [JUNE, JULY]
    assert not months["dated"].any()
    assert attainment.month_ends(two_banks.store.current().id, JULY) == (JUNE, JULY)
    assert attainment.trend(scope(two_banks, MAY)).empty


def test_signed_venues_reach_back_before_the_first_bank(office):
    office.lists(MAY, venue("V1", 应覆盖商户数="1"))
    office.states(JULY, shop("1", **SEEN, 所在特定区域="V1"))
    months = attainment.trend(scope(office, JULY)).set_index("as_of")
    assert list(months["dated"]) == [True, True, False]
    assert list(months["share_contracted"]) == [1.0, 1.0, 1.0]
    assert months["covered_verified"].isna().tolist() == [True, True, False]
    venues = attainment.venues(scope(office, JUNE))
    assert list(venues["status"]) == ["untold"] and venues["needed"].isna().all()
    assert list(venues["covered_contracted"]) == [True] and list(venues["listed"]) == [1]
    assert venues[["covered_verified", "covered_active"]].isna().all(axis=None)
    assert attainment.plan(scope(office, JUNE)).empty


def test_banks_are_late_after_the_days_that_the_rules_give(two_banks, office):
    shutil.copytree(two_banks.store.path, office.store.path)
    office.states(AUGUST, shop("9", **SEEN), sender=JIANGSU)
    known = engine(office.store.current().id).known
    assert known.spoken(AUGUST) == {"ABC": JUNE, "JSB": AUGUST}
    assert known.late(AUGUST) == {"ABC": JUNE}
    assert known.late(JULY) == {} and known.silent(JUNE) == ["JSB"]
    assert (AUGUST - JUNE).days > rules.count("statement_fresh_days") > (JULY - JUNE).days


def test_only_merchants(office):
    office.states(JUNE, shop("1", **SEEN))
    city = office.report(JUNE)["city"]
    assert city["venues"] is None and city["share_contracted"] is None
    assert city["merchants"]["verified"] == 1
    assert office.report(JUNE)["unlocated"]["scenarios"] is None
    counts = shop_records.counts(scope(office, JUNE))
    assert counts == {"kinds": None, "instances": None, "shops": 1}
    assert attainment.trend(scope(office, JUNE)).empty


def test_a_venue_of_which_no_bank_told_has_a_status_of_its_own(office):
    office.lists(JUNE, venue("V1", 应覆盖商户数="5"), venue("V2"))
    rows = attainment.venues(scope(office, JUNE)).set_index("venue_id")
    assert rows["status"].to_dict() == {"V1": "untold", "V2": "unknown"}
    unknown = ["listed", "covered_contracted", "covered_verified", "covered_active", "needed"]
    assert rows[unknown].isna().all(axis=None)
    assert data_quality.inflated(scope(office, JUNE))["padded"].isna().all()


def test_what_nobody_told_is_asked_in_one_place(two_banks):
    lacks = [untold.coverage(scope(two_banks, day)) for day in (MAY, JUNE)]
    assert lacks == ["venues", ""]
    assert untold.statements(scope(two_banks, MAY), "merchants") == "merchants"
    assert untold.statements(scope(two_banks, JUNE), "clusters") == "clusters"


def test_a_board_before_the_first_register_is_unknown(two_banks):
    board = board_standings.ranks(scope(two_banks, MAY), "county")
    assert board[["venues", "covered", "unknown", "share"]].isna().all(axis=None)
    assert set(board["reason"]) == {"还没有名录"}
    row = two_banks.report(MAY)["ranking"]["counties"][0]
    assert row["venues"] is None and row["reason"] == "还没有名录"


def test_only_a_register(office):
    office.lists(JUNE, venue("V1", 应覆盖商户数="5"))
    assert office.store.current().manifest["as_of"] == "2025-06-30"
    city = office.report(JUNE)["city"]
    assert (city["venues"], city["unknown"]) == (1, 0)
    names = ("covered_contracted", "covered_verified", "covered_active", "share_verified", "needed")
    assert [city[name] for name in names] == [None] * 5
    said = "".join(wording.overall(scope(office, JUNE)) + wording.gaps(scope(office, JUNE)))
    assert "名录内特定区域1个，达标未知，达标率未知" in said and "差多少，都未知" in said
    assert "0.0%" not in said and "nan" not in said
    merchants = dict.fromkeys(city["merchants"])
    assert city["merchants"] == merchants
    counts = shop_records.counts(scope(office, JUNE))
    assert counts == {"kinds": None, "instances": None, "shops": None}


def test_the_default_day_is_what_the_merchants_speak_for(office):
    office.states(JUNE, shop("1", **SEEN))
    office.lists(AUGUST, venue("V1", 应覆盖商户数="5"))
    assert office.store.current().manifest["as_of"] == "2025-06-30"
