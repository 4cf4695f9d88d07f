"""Orders issued and cancelled: who may, what is refused, and how they are numbered."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from domain import order_rules
from domain.order_rules import Until
from domain.visitors import Visitor, clerk
from loaders.decisions.order_decisions import cancel, issue
from store import order_register
from store.errors import IntakeError, NotAllowedError, StaleError
from store.snapshot_store import Store
from tests.support.issued_orders import kept, order, task
from tests.support.linked_stores import linked_copy
from tests.support.rival_writers import at_once
from tests.support.stated import JUNE, Office, venue

OFFICE, LEADER = clerk("办公室甲"), Visitor("市领导", "leader")
TODAY = date.today()
SOON = TODAY + timedelta(30)


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    office = Office(tmp_path_factory.mktemp("listed"))
    office.lists(JUNE, venue("V1", 县区="海州区", 应覆盖商户数="1", 责任银行="农行"))
    return office.store.path


@pytest.fixture
def store(listed, tmp_path):
    return Store(linked_copy(listed, tmp_path / "store"))


def about(n):
    """An order about the `n`-th of several venues."""
    return task(due_on=SOON, until=Until("venue_covered", f"V{n}"))


def orders(store):
    return order_register.orders(store.ledger)


def test_the_office_and_leaders_issue_orders_that_are_numbered_by_year(store):
    numbers = [issue(store, about(n), who) for n, who in enumerate((OFFICE, LEADER, OFFICE))]
    assert numbers == [f"督〔{TODAY.year}〕{n}号" for n in (1, 2, 3)]
    assert list(orders(store)) == numbers
    one = orders(store)[numbers[1]]
    assert (one.task, one.issued.by, one.issued.day) == (about(1), "市领导", TODAY)


def test_no_two_have_one_number_however_many_are_issued_at_once(store):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: issue(store, about(n), OFFICE), range(24)))
    assert sorted(found) == sorted(f"督〔{TODAY.year}〕{n}号" for n in range(1, 25))


def test_of_two_who_issue_the_same_at_once_or_cancel_it_the_second_is_told(store):
    one, other = clerk("办公室甲"), clerk("办公室乙")
    said = at_once(*(partial(issue, store, about(1), who) for who in (one, other)))
    (number,) = orders(store)
    assert sorted(said)[0] == "" and f"签发 {number}" in max(said)
    said = at_once(*(partial(cancel, store, number, "不办了", who) for who in (one, other)))
    assert sorted(said)[0] == "" and "撤销，没有再办理" in max(said)
    assert len(store.ledger.history(order_register.CANCELLED)) == 1
    issue(store, about(1), other)  # what was cancelled may be ordered again


def test_the_same_may_be_ordered_of_another_unit_or_after_the_deadline(store):
    kept(store.ledger, order(about(1), TODAY - timedelta(40), number="督〔2025〕1号"))
    with pytest.raises(StaleError, match="督〔2025〕1号"):
        issue(store, about(1), OFFICE)
    issue(store, replace(about(1), unit="ICBC"), OFFICE)
    late = Until("venue_covered", "V2")
    overdue = order_rules.body(task(due_on=TODAY - timedelta(1), until=late))
    store.ledger.write_numbered("order", "督〔2025〕{count}号", overdue, OFFICE)
    issue(store, task(due_on=SOON, until=late), OFFICE)


def test_every_year_begins_with_one_and_other_entries_are_not_counted(store):
    store.ledger.write("word", f"督〔{TODAY.year}〕1号", {}, OFFICE)
    last_year = f"督〔{TODAY.year - 1}〕{{count}}号"
    for n in (1, 2):
        written = store.ledger.write_numbered("order", last_year, order_rules.body(task()), OFFICE)
        assert written == last_year.format(count=n)
    assert issue(store, task(due_on=SOON), OFFICE) == f"督〔{TODAY.year}〕1号"
    assert store.ledger.write_numbered("dispute", "质询-{entry}", {}, OFFICE) == "质询-0005"


@pytest.mark.parametrize("role", ["county", "department", "bank"])
def test_a_unit_may_neither_issue_nor_cancel_and_that_it_tried_is_written_down(store, role):
    number = issue(store, task(due_on=SOON), OFFICE)
    who = Visitor("乙", role, {"county": "320706", "department": "U16", "bank": "ABC"}[role])
    with pytest.raises(NotAllowedError, match="没有“签发和撤销督办单”的权限"):
        issue(store, task(due_on=SOON), who)
    with pytest.raises(NotAllowedError, match="没有“签发和撤销督办单”的权限"):
        cancel(store, number, "不想办", who)
    assert len(store.ledger.history("refused")) == 2
    assert list(orders(store)) == [number] and orders(store)[number].cancelled is None


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"unit": "没有"}, "没有选由哪个单位办理"), ({"role": "leader", "unit": ""}, "没有选"),
        ({"matter": " "}, "没有写事项"), ({"measure": ""}, "没有写办理要求"),
        ({"issuer": ""}, "没有写签发单位"), ({"matter": "事" * 161}, "有 161 个字，最多 160 个"),
        ({"due_on": TODAY - timedelta(1)}, "已经过去"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_said_and_nothing_is_written(store, parts, said):
    with pytest.raises(IntakeError, match=said):
        issue(store, task(**{"due_on": SOON} | parts), OFFICE)
    assert orders(store) == {}


def test_nobody_issues_anything_without_a_name_or_before_there_is_data(store, tmp_path):
    with pytest.raises(IntakeError, match="没有填经办人"):
        issue(store, task(due_on=SOON), clerk(" "))
    with pytest.raises(IntakeError, match="还没有发布过数据"):
        issue(Office(tmp_path / "empty").store, task(due_on=SOON), OFFICE)


def test_one_is_cancelled_once_for_a_reason(store):
    number = issue(store, task(due_on=SOON), OFFICE)
    with pytest.raises(IntakeError, match="没有写撤销的理由"):
        cancel(store, number, " ", OFFICE)
    cancel(store, number, "场所已关闭", OFFICE)
    gone = orders(store)[number].cancelled
    assert (gone.reason, gone.by, gone.day) == ("场所已关闭", "办公室甲", TODAY)
    with pytest.raises(IntakeError, match="撤销，没有再办理"):
        cancel(store, number, "再来", OFFICE)
    with pytest.raises(IntakeError, match="没有督办单“督〔1999〕1号”"):
        cancel(store, "督〔1999〕1号", "不对", OFFICE)
