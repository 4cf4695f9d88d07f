"""Supervision orders for tests, as they would have been issued on an earlier day."""

import json
from datetime import UTC, date, datetime, time

from domain import order_rules
from domain.dispute_rules import Subject
from domain.order_rules import Figure, Order, Signed, Task, Until
from store.ledger import Ledger

MARKET = Subject("venue", "V1", "市场V1", "320706", operator_id="ABC")
COVERED = Until("venue_covered", "V1")


def task(subject=MARKET, until=COVERED, **parts) -> Task:
    """An order to 农业银行 about a market, but for the `parts` that are given."""
    given = {
        "role": "bank", "unit": "ABC", "matter": "市场V1还差 1 家才达标。",
        "measure": "逐家签约、开通，并巡检。", "due_on": date(2025, 8, 10),
        "figures": (Figure("还差", "1 家", date(2025, 6, 30)),), "snapshot_id": "20250705-v",
        "as_of": date(2025, 6, 30), "stamp": "口径：已验证 | 截止日：2025-06-30",
        "issuer": "领导小组办公室", "contact": "王工",
    }  # fmt: skip
    return Task(subject=subject, until=until, **given | parts)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(4), UTC)


def order(one: Task, day: date, cancelled: date | None = None, number="督〔2025〕1号") -> Order:
    """`one` issued, and perhaps cancelled, at noon of a day."""
    gone = Signed("乙", noon(cancelled), "不办了") if cancelled else None
    return Order(number, one, Signed("甲", noon(day)), gone)


def kept(ledger: Ledger, *orders: Order) -> None:
    """Write `orders` into an empty ledger as they were issued and cancelled on their days."""
    entries = []
    for one in orders:
        steps = [("order", one.issued, order_rules.body(one.task))]
        if one.cancelled:
            steps.append(("order_cancelled", one.cancelled, {"reason": one.cancelled.reason}))
        entries += [(one.number, *step) for step in steps]
    empty = Ledger(ledger.url)
    empty.put_back(
        [
            {"id": n, "topic": ledger.realm + topic, "subject": number, "body": json.dumps(body),
             "by": step.by, "at": step.at.isoformat(), "login": "", "address": ""}
            for n, (number, topic, step, body) in enumerate(entries, 1)
        ]
    )  # fmt: skip
