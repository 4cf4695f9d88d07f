"""Supervision orders, checked where they are written: issued and cancelled.

Whoever has no right to it is refused, and that is written down. Whether it may be done is looked at
in the transaction that writes it: of two who issue or cancel the same at once, the second is told.
"""

from datetime import date

from domain import order_rules
from domain.order_rules import LONGEST, Order, Task
from domain.visitors import OF_UNITS, Visitor
from store import order_register, people
from store.errors import IntakeError, StaleError
from store.ledger import Ledger
from store.snapshot_store import Store

_LABELS = {"matter": "事项", "measure": "办理要求", "contact": "联系人", "issuer": "签发单位"}


def issue(store: Store, task: Task, by: Visitor) -> str:
    """Issue an order on the version in force, and return its number, such as 督〔2026〕1号.

    Raises `IntakeError` where something is missing or wrong, `NotAllowedError` for a visitor
    without the right.
    """
    ledger = _ledger(store, by)
    if task.role not in OF_UNITS or task.unit not in people.units(task.role):
        raise IntakeError("没有选由哪个单位办理，没有签发")
    for name, longest in LONGEST.items():
        text = getattr(task, name)
        if name != "contact" and not text.strip():
            raise IntakeError(f"没有写{_LABELS[name]}，没有签发")
        if len(text) > longest:
            raise IntakeError(f"{_LABELS[name]}有 {len(text)} 个字，最多 {longest} 个，没有签发")
    today = date.today()
    if task.due_on < today:
        raise IntakeError(f"办理期限 {task.due_on} 已经过去，没有签发")
    share = task.until.share
    if share is not None and not 0 < share <= 1:
        raise IntakeError("要达到的达标率应在 0 到 100% 之间，没有签发")
    with ledger.exclusive() as book:
        for order in order_register.orders(book).values():
            if order.cancelled is None and order_rules.same(order.task, task, today):
                raise StaleError(
                    f"这一件已由“{order.issued.by}”签发 {order.number}，办理期限 "
                    f"{order.task.due_on}，没有再签发。请刷新后再看；要改的，先撤销 {order.number}"
                )
        return book.write_numbered(
            "order", f"督〔{today:%Y}〕{{count}}号", order_rules.body(task), by
        )


def cancel(store: Store, number: str, reason: str, by: Visitor) -> None:
    """Cancel an order, for a reason; what the data showed until then stays."""
    ledger = _ledger(store, by)
    if not reason.strip():
        raise IntakeError("没有写撤销的理由，没有保存")
    with ledger.exclusive() as book:
        gone = _order(book, number).cancelled
        if gone is not None:
            raise StaleError(
                f"{number} 已由“{gone.by}”于 {gone.day} 撤销，没有再办理。请刷新后再看"
            )
        book.write(order_register.CANCELLED, number, {"reason": reason.strip()}, by)


def _ledger(store: Store, by: Visitor) -> Ledger:
    snapshot = store.current()
    if snapshot is None:
        raise IntakeError("还没有发布过数据，没有可以督办的事项")
    if not by.name.strip():
        raise IntakeError("没有填经办人，没有办理。每一步都要记下是谁办的")
    ledger = store.ledger_of(snapshot)
    ledger.require(by, "order", "督办单")
    return ledger


def _order(ledger: Ledger, number: str) -> Order:
    found = order_register.orders(ledger).get(number)
    if found is None:
        raise IntakeError(f"没有督办单“{number}”，没有办理")
    return found
