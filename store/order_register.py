"""The supervision orders of a ledger."""

from domain import order_rules
from domain.order_rules import Order, Signed
from store.ledger import Entry, Ledger

ISSUED, CANCELLED = "order", "order_cancelled"


def orders(ledger: Ledger) -> dict[str, Order]:
    """Every order by its number, the oldest first; of two cancellations at once the first holds."""
    found: dict[str, Order] = {}
    cancelled: dict[str, Signed] = {}
    for entry in ledger.history(CANCELLED):
        cancelled.setdefault(entry.subject, _signed(entry))
    for entry in ledger.history(ISSUED):
        task = order_rules.read(entry.body)
        found[entry.subject] = Order(
            entry.subject, task, _signed(entry), cancelled.get(entry.subject)
        )
    return found


def _signed(entry: Entry) -> Signed:
    return Signed(entry.by, entry.at, entry.body.get("reason", ""))
