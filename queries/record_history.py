"""One shop or one venue: how it stands on a day, and everything that a version knows of it.

`kind` is the table of the record: merchants or venues. Whoever may not see it by name is given
nothing of it, as if it were not there.
"""

from collections.abc import Callable
from datetime import date, timedelta

import ibis.expr.types as ir
import pandas as pd

from domain import dispute_rules, expiring_verification, states
from domain.dispute_rules import Dispute
from domain.visitors import Visitor
from queries import attainment, dispute_standing
from queries.engine import Engine, engine, remembered
from queries.scope import Scope
from store import snapshot_store
from store.ledger import Entry

KEYS = {"merchants": "merchant_key", "venues": "venue_id"}
_DECISIONS = ("place", "outline", "same_shop")
_ABOUT = {"merchants": ("shop",), "venues": ("venue", "denominator")}
"""What disputes about a record of each kind are about."""


def seen(scope: Scope, kind: str, key: str) -> bool:
    """Whether the scope's sight may see the record by name, if there is one."""
    name = "name" if kind == "merchants" else "venue"
    asked = pd.DataFrame({KEYS[kind]: [key], name: [key]})
    return bool((engine(scope.snapshot_id).narrowed(asked, scope.sight)[name] == key).all())


def versions(scope: Scope, kind: str, key: str) -> pd.DataFrame:
    """Rows of the record, one for each time that something else held of it, the first first."""
    return _asked(scope, kind, key, _versions)


def shop_on(scope: Scope, key: str) -> pd.DataFrame:
    """The row of a shop with its state on the scope's day."""
    return _asked(scope, "merchants", key, _shop_on)


def events(scope: Scope, key: str) -> pd.DataFrame:
    """What happened to a shop, and on which day, the first first: event, day."""
    return _asked(scope, "merchants", key, _events)


def verified_until(scope: Scope, key: str) -> date | None:
    """The last day on which a shop stays verified by what happened to the scope's day."""
    found = _asked(scope, "merchants", key, _lasting)
    return None if found.empty else date(1970, 1, 1) + timedelta(int(found["lasts"].iloc[0]))


def months(scope: Scope, venue_id: str) -> pd.DataFrame:
    """A venue with its coverage on every month end, to the scope's day: the first first."""
    return _asked(scope, "venues", venue_id, _months)


def denominators(scope: Scope, venue_id: str) -> pd.DataFrame:
    """Denominators of a venue as they were stated, the first first."""
    return _asked(scope, "venues", venue_id, _denominators)


def clusters(scope: Scope, kind: str, key: str) -> list[str]:
    """Ids of the clusters that a shop, or shops of a venue on the scope's day, are in."""
    return list(_asked(scope, kind, key, _clusters)["cluster_id"])


def disputes(scope: Scope, kind: str, key: str, who: Visitor) -> list[Dispute]:
    """Disputes about the record that `who` is shown, the newest first."""
    if not seen(scope, kind, key):
        return []
    every = dispute_rules.seen(who, dispute_standing.now())
    return [one for one in every if one.subject.kind in _ABOUT[kind] and one.subject.key == key]


def decisions(scope: Scope, kind: str, key: str) -> list[Entry]:
    """What people decided about the record, the first first."""
    if not seen(scope, kind, key):
        return []
    store = snapshot_store.default()
    ledger = store.ledger_of(store.snapshot(scope.snapshot_id))
    called = {key, states.PREFIXES[kind] + key}
    return [one for one in ledger.history(*_DECISIONS) if called & set(one.subject.split("|"))]


def _asked(
    scope: Scope, kind: str, key: str, build: Callable[[Engine, Scope, str], ir.Table]
) -> pd.DataFrame:
    found = _rows(Scope(scope.snapshot_id, scope.as_of), kind, key, build)
    if not seen(scope, kind, key):
        return found.iloc[:0]
    return engine(scope.snapshot_id).narrowed(found, scope.sight)


@remembered
def _rows(
    scope: Scope, kind: str, key: str, build: Callable[[Engine, Scope, str], ir.Table]
) -> pd.DataFrame:
    stands_for = {"<key>": key, "<record>": states.PREFIXES[kind] + key}
    return engine(scope.snapshot_id).filled(build, stands_for, scope, kind)


def _versions(data: Engine, _scope: Scope, kind: str) -> ir.Table:
    table = data.table(f"{kind}_ever")
    table = table.filter(table[KEYS[kind]] == "<key>")
    return table.order_by(table.since.asc(nulls_first=True))


def _shop_on(data: Engine, scope: Scope, _kind: str) -> ir.Table:
    table = data.merchants_on(scope.as_of)
    return table.filter(table.merchant_key == "<key>")


def _events(data: Engine, _scope: Scope, _kind: str) -> ir.Table:
    table = data.table("events")
    table = table.filter(table.record_key == "<record>")
    return table.select("event", "day").distinct().order_by("day", "event")


def _lasting(data: Engine, scope: Scope, _kind: str) -> ir.Table:
    table = data.table("events")
    table = table.filter(table.record_key == "<record>", table.day <= scope.as_of)
    return expiring_verification.lasting(table)


def _months(data: Engine, scope: Scope, _kind: str) -> ir.Table:
    table = data.venues_on(attainment.month_ends(scope.snapshot_id, scope.as_of))
    return table.filter(table.venue_id == "<key>").order_by("as_of")


def _denominators(data: Engine, _scope: Scope, _kind: str) -> ir.Table:
    table = data.table("denominators")
    return table.filter(table.venue_id == "<key>").order_by("stated_on")


def _clusters(data: Engine, scope: Scope, kind: str) -> ir.Table:
    members = data.table("cluster_members")
    if kind == "merchants":
        members = members.filter(members.merchant_key == "<key>")
    else:
        shops = data.merchants_on(scope.as_of)
        inside = shops.filter(shops.venue_id == "<key>").merchant_key
        members = members.filter(members.merchant_key.isin(inside))
    return members.select("cluster_id").distinct()
