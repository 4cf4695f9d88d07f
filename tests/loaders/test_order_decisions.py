"""Orders issued and cancelled: who may, what is refused, and how they are numbered."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from domain import order_rules
from domain.visitors import Visitor, clerk
from loaders.decisions.order_decisions import cancel, issue
from store import order_register
from store.errors import IntakeError, NotAllowedError
from store.snapshot_store import Store
from tests.support.issued_orders import task
from tests.support.linked_stores import linked_copy
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


def orders(store):
    return order_register.orders(store.ledger)


def test_the_office_and_leaders_issue_orders_that_are_numbered_by_year(store):
    numbers = [issue(store, task(due_on=SOON), who) for who in (OFFICE, LEADER, OFFICE)]
    assert numbers == [f"督〔{TODAY.year}〕{n}号" for n in (1, 2, 3)]
    assert list(orders(store)) == numbers
    one = orders(store)[numbers[1]]
    assert (one.task, one.issued.by, one.issued.day) == (task(due_on=SOON), "市领导", TODAY)


def test_no_two_have_one_number_however_many_are_issued_at_once(store):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: issue(store, task(due_on=SOON), OFFICE), range(24)))
    assert sorted(found) == sorted(f"督〔{TODAY.year}〕{n}号" for n in range(1, 25))


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
