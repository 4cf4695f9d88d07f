"""What the data show of an order, worked by hand on a market of one shop."""

import shutil
from datetime import date, timedelta

import pytest

from domain.dispute_rules import Subject
from domain.order_rules import Until
from domain.visitors import Sight, Visitor, clerk
from loaders import intake
from loaders.decisions import dispute_decisions, manual_entries, order_decisions
from presentation import order_listings
from queries import attainment, order_standing
from queries.scope import Scope
from queries.sights import CONCEALED
from tests.support.issued_orders import MARKET, kept, order, task
from tests.support.stated import AUGUST, JULY, JUNE, Office, shop, venue

ISSUED, DUE = date(2025, 7, 10), date(2025, 8, 10)
INSPECTED = date(2025, 7, 20)
CLOSED = date(2025, 8, 5)
HAIZHOU = Subject("area", "320706", "海州区", "320706")
ROW = {"商户名称": "甲面馆", "签约日期": "2025-01-05", "所属特定区域": "V1"}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A market whose shop is inspected on 20 July, and closes on 5 August."""
    found = Office(tmp_path_factory.mktemp("told"))
    found.lists(JUNE, venue("V1", 县区="海州区", 应覆盖商户数="1", 责任银行="农行"))
    found.states(JUNE, shop("1", **ROW))
    found.states(JULY, shop("1", **ROW, 巡检日期=INSPECTED.isoformat()))
    closed = {"巡检日期": INSPECTED.isoformat(), "注销日期": CLOSED.isoformat()}
    found.states(AUGUST, shop("1", **ROW, **closed))
    return found


@pytest.fixture
def office(told, tmp_path, use_store):
    shutil.copytree(told.folder, tmp_path, dirs_exist_ok=True)
    use_store(tmp_path / "store")
    return Office(tmp_path, files=told.files)


def on(office, day, **parts):
    return Scope(office.store.current().id, day, **parts)


def one(office, day, **parts):
    """The only order on a day."""
    (row,) = order_standing.standing(on(office, day, **parts)).to_dict("records")
    return row


@pytest.mark.parametrize(
    ("subject", "until"),
    [
        (MARKET, Until("venue_covered", "V1")),
        (HAIZHOU, Until("area_share", "320706")),
        (HAIZHOU, Until("area_share", "320706", share=1.0)),
    ],
    ids=["venue", "due line", "stated share"],
)
def test_it_is_done_when_the_shop_is_verified_and_relapses_when_it_closes(office, subject, until):
    kept(office.store.ledger, order(task(subject, until, due_on=DUE), ISSUED))
    assert order_standing.standing(on(office, date(2025, 7, 9))).empty
    now = one(office, ISSUED)
    assert (now["state"], now["light"], now["days_left"]) == ("open", "blue", 31)
    assert one(office, date(2025, 7, 19))["state"] == "open"
    now = one(office, INSPECTED)
    assert (now["state"], now["done_on"]) == ("done", INSPECTED)
    assert one(office, date(2025, 8, 4))["done_on"] == INSPECTED
    now = one(office, CLOSED)
    assert (now["state"], now["relapsed_on"], now["light"]) == ("relapsed", CLOSED, "yellow")
    now = one(office, date(2025, 8, 11))
    assert (now["state"], now["light"], now["days_left"]) == ("relapsed", "red", -1)
    (order_, state) = order_standing.now(on(office, date(2025, 8, 11)))[0]
    steps = order_listings.steps(order_, state)["said"].to_list()
    assert [text[:2] for text in steps] == ["签发", "销号", "反弹"]
    assert order_listings.told(order_, state) == "2025-08-05 反弹，期限 2025-08-10，已过 1 天"


def test_the_share_of_an_area_is_the_one_that_pages_show(office):
    kept(office.store.ledger, order(task(HAIZHOU, Until("area_share", "320706")), ISSUED))
    shown = order_standing._shares(office.store.current().id, ("320706",), ISSUED)["320706"]
    for day, share in shown[::7]:
        areas = attainment.areas(on(office, day)).set_index("area_id")
        assert areas.loc["320706", "share_verified"] == share, day


def test_without_a_correction_it_is_overdue_today_and_a_correction_that_comes_late_ends_it(
    tmp_path, use_store
):
    office = Office(tmp_path)
    office.lists(JUNE, venue("V1", 县区="海州区", 应覆盖商户数="1", 责任银行="农行"))
    office.states(JUNE, shop("1", **ROW))
    use_store(office.store.path)
    kept(office.store.ledger, order(task(due_on=DUE), ISSUED))
    now = one(office, JUNE)  # the last day of the data: seen from today
    assert (now["state"], now["light"]) == ("overdue", "red")
    assert now["days_left"] == (DUE - date.today()).days
    assert list(order_standing.overdue(on(office, JUNE))["number"]) == ["督〔2025〕1号"]
    office.states(JULY, shop("1", **ROW, 巡检日期=INSPECTED.isoformat()))
    assert one(office, JULY)["done_on"] == INSPECTED
    assert order_standing.overdue(on(office, JULY)).empty


def test_an_older_version_shows_what_it_knew(office):
    before = office.store.current().id
    kept(office.store.ledger, order(task(due_on=DUE), ISSUED))
    office.states(AUGUST, shop("1", **ROW, 巡检日期=INSPECTED.isoformat()))
    assert order_standing.standing(Scope(before, AUGUST)).empty  # issued after it was published
    assert one(office, date(2025, 8, 30))["state"] == "done"  # the shop did not close after all


def test_documents_of_a_version_show_the_orders_that_it_knew(office):
    before = on(office, AUGUST)
    kept(office.store.ledger, order(task(), ISSUED))
    assert len(order_standing.standing(before)) == 1
    assert order_standing.of_version(before).empty
    office.states(AUGUST, shop("1", **ROW, 巡检日期="2025-08-20"))
    after = on(office, AUGUST)
    assert list(order_standing.of_version(after)["unit"]) == ["ABC"]
    assert order_standing.of_version(on(office, AUGUST, area_id="320707")).empty


def test_a_cancelled_one_says_so_from_that_day_on(office):
    kept(office.store.ledger, order(task(due_on=DUE), ISSUED, cancelled=date(2025, 7, 15)))
    assert one(office, date(2025, 7, 14))["state"] == "open"
    now = one(office, date(2025, 8, 11))
    assert (now["state"], now["cancelled_on"]) == ("cancelled", date(2025, 7, 15))
    assert now["light"] is None and now["done_on"] is None


def test_one_about_a_venue_that_the_register_lost_is_not_done(office):
    kept(office.store.ledger, order(task(until=Until("venue_covered", "V9")), ISSUED))
    assert one(office, date(2025, 8, 4))["state"] == "open"


LISTED = {"县区": "海州区", "责任银行": "农行", "应覆盖商户数": ""}
COUNTED = LISTED | {"应覆盖商户数": "12"}
LEFT = LISTED | {"出册日期": "2025-08-31"}
CONFIRM = task(
    Subject("confirm", "320706", "海州区", "320706"),
    Until("confirmed", "320706", venues=("V2", "V3")),
    role="county",
    unit="320706",
    due_on=DUE,
)


def confirmed_in(tmp_path, use_store, *august):
    """An order about V2 and V3: of neither is the count known in June, in July that of V2 is.

    `august` are the rows of the two in the register of August.
    """
    office = Office(tmp_path)
    other = venue("V1", **COUNTED)
    office.lists(JUNE, other, venue("V2", **LISTED), venue("V3", **LISTED))
    office.lists(JULY, other, venue("V2", **COUNTED), venue("V3", **LISTED))
    office.lists(AUGUST, other, venue("V2", **august[0]), venue("V3", **august[1]))
    use_store(office.store.path)
    kept(office.store.ledger, order(CONFIRM, ISSUED))
    return office


@pytest.mark.parametrize(
    "august",
    [(COUNTED, COUNTED), (COUNTED, LEFT), (LEFT, LEFT)],
    ids=["both are counted", "one left the register", "both left it"],
)
def test_one_about_unknown_denominators_is_done_when_none_of_its_venues_has_one(
    tmp_path, use_store, august
):
    office = confirmed_in(tmp_path, use_store, *august)
    assert one(office, ISSUED)["state"] == "open"
    now = one(office, AUGUST - timedelta(1))
    assert (now["state"], now["light"]) == ("overdue", "red")
    now = one(office, AUGUST)
    assert (now["state"], now["done_on"]) == ("done", AUGUST)


def test_it_relapses_when_one_of_them_is_unknown_again_and_minds_no_other(tmp_path, use_store):
    office = confirmed_in(tmp_path, use_store, COUNTED, COUNTED)
    september, october = date(2025, 9, 30), date(2025, 10, 31)
    nothing = LISTED | {"应覆盖商户数": "0"}
    both = venue("V2", **COUNTED), venue("V3", **COUNTED)
    office.lists(september, venue("V1", **nothing), *both)
    assert one(office, september)["state"] == "done"
    office.lists(october, venue("V1", **nothing), venue("V2", **nothing), both[1])
    now = one(office, october)
    assert (now["state"], now["relapsed_on"]) == ("relapsed", october)


def test_one_about_a_report_is_done_when_the_report_comes(office):
    until = Until("reported", "ABC", month=date(2025, 6, 1))
    subject = Subject("report", "ABC|2025-06-01", "农业银行 2025-06 信息", operator_id="ABC")
    kept(office.store.ledger, order(task(subject, until, due_on=DUE), ISSUED))
    filing = {
        "filing_id": "B1", "owner_id": "ABC", "kind_id": "INFO", "title": "六月做法",
        "month": "2025-06-01", "filed_on": "2025-07-25",
    }  # fmt: skip
    assert one(office, date(2025, 8, 20))["state"] == "overdue"
    manual_entries.enter(office.store.ledger, "filing", filing, clerk("甲"))
    intake.fold(office.store, clerk("甲"))
    assert one(office, date(2025, 7, 24))["state"] == "open"
    assert one(office, date(2025, 7, 25))["done_on"] == date(2025, 7, 25)


def test_one_about_a_bank_s_lists_is_done_when_a_list_of_the_month_or_later_comes(office):
    until = Until("heard", "ABC", month=date(2025, 9, 1))
    subject = Subject("late", "ABC", "农业银行受理点名单", operator_id="ABC")
    kept(office.store.ledger, order(task(subject, until, due_on=DUE), ISSUED))
    assert one(office, AUGUST)["state"] == "overdue"  # that of August has come
    office.states(date(2025, 9, 20), shop("1", 签约日期="2025-01-05"))
    assert one(office, date(2025, 9, 30))["done_on"] == date(2025, 9, 20)


def test_one_about_a_dispute_is_done_when_it_is_answered(office):
    bank = Visitor("农行乙", "bank", "ABC")
    number = dispute_decisions.raise_dispute(
        office.store, "venue", "V1", "closed", "关了", by=clerk("甲"), found_on=JUNE
    )
    subject = Subject("dispute", number, "市场V1", "320706", operator_id="ABC")
    soon = date.today() + timedelta(30)
    order_decisions.issue(
        office.store, task(subject, Until("dispute_answered", number), due_on=soon), clerk("甲")
    )
    assert one(office, AUGUST)["state"] == "open"
    dispute_decisions.answer(office.store, number, "proven", "开着", by=bank)
    assert one(office, AUGUST)["done_on"] == date.today()


def test_units_see_the_names_of_their_own_and_the_counts_of_all(office):
    other = task(
        Subject("area", "320707", "赣榆区", "320707"),
        Until("area_share", "320707"),
        role="county",
        unit="320707",
        matter="赣榆区落后",
    )
    kept(
        office.store.ledger,
        order(task(), ISSUED),
        order(other, ISSUED, number="督〔2025〕2号"),
    )
    day = date(2025, 7, 15)
    for sight, names in (
        (Sight(), {"市场V1", "赣榆区"}),
        (Sight("bank", "ABC"), {"市场V1", CONCEALED}),
        (Sight("county", "320706"), {"市场V1", CONCEALED}),
        (Sight("county", "320707"), {CONCEALED, "赣榆区"}),
        (Sight("department", "U16"), {CONCEALED}),
    ):
        rows = order_listings.standing(on(office, day, sight=sight))
        assert len(rows) == 2 and set(rows["name"]) == names
        assert ("赣榆区落后" in set(rows["matter"])) is ("赣榆区" in names)
        assert order_listings.headline(rows).startswith("督办单 2 件：未销号 2 件")
    assert set(order_standing.standing(on(office, day, area_id="320707"))["name"]) == {"赣榆区"}
    assert set(order_standing.standing(on(office, day, operator_id="ABC"))["name"]) == {"市场V1"}
