"""Supervision orders as they stand: what the data show of each, day by day since it was issued."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from functools import partial
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from domain import coverage, filings, order_rules, pace
from domain.dispute_rules import Dispute
from domain.order_rules import Order, Shown, Standing, Until
from domain.typed_rows import cells
from domain.visitors import Sight, Visitor
from queries import commitments, sights
from queries.dispute_standing import SUBJECT
from queries.engine import Engine, engine, remembered
from queries.scope import Scope
from store import dispute_register, order_register, snapshot_store
from store.ledger import Ledger

COLUMNS = [
    "number", *SUBJECT, "role", "unit", "matter", "due_on", "state", "light", "days_left",
    "issued_on", "issued_by", "done_on", "relapsed_on", "cancelled_on",
]  # fmt: skip
_AT_ONCE = 92  # days of which the coverage of venues is held at once
Daily = dict[str, list[tuple[date, Any]]]
"""By venue or area, what is shown of it on each day; None where it is unknown."""
Told = Callable[[ir.Table, Sequence[date]], ir.Table]
"""What makes the rows of `Daily` (as_of, key, shown) of the coverage of venues on days."""


def now(scope: Scope) -> list[tuple[Order, Standing]]:
    """The orders that were issued by the day of a scope, the newest first, and where each stands.

    On the last day of the version in force that is today, on the last day of an older one that on
    which it was published, and of an older version only what it knew.
    """
    return _standing(scope, today=scope.snapshot_id == snapshot_store.default().pointed())


def of_version(scope: Scope) -> pd.DataFrame:
    """The orders of the scope's area that its version knew, as `standing` when it was published.

    So a document of a version stays the same.
    """
    return _rows_of(_standing(scope, today=False), scope)


def _standing(scope: Scope, *, today: bool) -> list[tuple[Order, Standing]]:
    """The orders of a version and where each stands: `today`, or when it was published."""
    store = snapshot_store.default()
    snapshot = store.snapshot(scope.snapshot_id)
    facts, ledger, day = snapshot.manifest, store.ledger_of(snapshot), date.today()
    if not today:
        ledger = replace(ledger, until=facts["ledger_version"])
        day = datetime.fromisoformat(facts["created_at"]).astimezone().date()
    if scope.as_of < date.fromisoformat(facts["as_of"]):
        day = scope.as_of
    issued = [one for one in order_register.orders(ledger).values() if one.issued.day <= day]
    shown = _shown(scope.snapshot_id, issued, ledger)
    return [
        (one, order_rules.standing(one, shown[one.task.until], day)) for one in reversed(issued)
    ]


def standing(scope: Scope) -> pd.DataFrame:
    """The orders of `now` on the scope's area and bank as a table: `COLUMNS`, days as dates.

    An order is of an area that has to act, or in which its subject lies, and of a bank that has to
    act. Counts are the same for everybody; what an order is about has a name only for those whom it
    concerns.
    """
    return _rows_of(now(scope), scope)


def _rows_of(orders: Sequence[tuple[Order, Standing]], scope: Scope) -> pd.DataFrame:
    """Those of `orders` that are of the scope's area and bank, as a table."""
    return rows(
        [
            (order, state)
            for order, state in orders
            if _of(order, "county", scope.area_id) and _of(order, "bank", scope.operator_id)
        ],
        scope.sight,
    )


def overdue(scope: Scope) -> pd.DataFrame:
    """The orders of `standing` whose deadline has passed and that are not done, longest first."""
    found = standing(scope)
    found = found[found["light"] == "red"]
    return found.sort_values("days_left", kind="stable", ignore_index=True)


def rows(orders: Sequence[tuple[Order, Standing]], sight: Sight) -> pd.DataFrame:
    """Orders as a table, with the names of those only that `sight` has a part in."""
    found = [
        asdict(order.task.subject)
        | {
            "number": order.number,
            "role": order.task.role,
            "unit": order.task.unit,
            "matter": order.task.matter,
            "due_on": order.task.due_on,
            "state": state.state,
            "light": state.light or None,
            "days_left": state.days_left if state.light else None,
            "issued_on": order.issued.day,
            "issued_by": order.issued.by,
            "done_on": state.done_on,
            "relapsed_on": state.relapsed_on,
            "cancelled_on": _cancelled_on(order, state),
        }
        for order, state in orders
    ]
    frame = pd.DataFrame(found, columns=COLUMNS)
    frame["days_left"] = frame["days_left"].astype("Int64")
    who = Visitor("", sight.role or "leader", sight.unit)
    others = [not order_rules.concerns(who, order.task) for order, _ in orders]
    return sights.concealed(frame, pd.Series(others, frame.index, dtype="bool"), "name", "matter")


def _cancelled_on(order: Order, state: Standing) -> date | None:
    """The day of the cancellation, if it is in force."""
    return order.cancelled.day if order.cancelled and state.state == "cancelled" else None


def _of(order: Order, role: str, unit: str) -> bool:
    """Whether an order is of a `unit`; '' for all of them."""
    task = order.task
    lies = role == "county" and unit in (task.subject.county_code, task.subject.zone_id)
    return not unit or lies or (task.role, task.unit) == (role, unit)


def _shown(snapshot_id: str, orders: Sequence[Order], ledger: Ledger) -> dict[Until, Shown]:
    """What the data of a version show of the condition of each order."""
    if not orders:
        return {}
    since = min(one.issued.day for one in orders)
    until = {one.task.until for one in orders}
    keys = {
        condition: tuple(sorted({one.key for one in until if one.condition == condition}))
        for condition in ("venue_covered", "area_share")
    }
    named = tuple(sorted({venue for one in until for venue in one.venues}))
    covered = _covered(snapshot_id, keys["venue_covered"], since)
    shares = _shares(snapshot_id, keys["area_share"], since)
    unknown = _unknown(snapshot_id, named, since)
    sent, disputes = commitments.rows(snapshot_id, "filings"), dispute_register.disputes(ledger)

    def show(one: Until) -> Shown:
        match one.condition:
            case "venue_covered":
                return covered.get(one.key, [])
            case "area_share":
                return _reached(shares.get(one.key, []), one.share)
            case "confirmed":
                return _confirmed(unknown, one.venues, _days(snapshot_id, since))
            case "heard":
                return _heard(engine(snapshot_id).known.banks.get(one.key, ()), one)
            case "reported":
                return _reported(sent, one)
            case "dispute_answered":
                return _answered(disputes.get(one.key))

    return {one: list(show(one)) for one in until}


@remembered
def _covered(snapshot_id: str, venues: tuple[str, ...], since: date) -> Daily:
    """Whether each venue was covered on each day since, None where nobody could tell."""

    def told(table: ir.Table, _: Sequence[date]) -> ir.Table:
        return table.select("as_of", key=table.venue_id, shown=table.covered_verified)

    return _daily(snapshot_id, venues, since, told)


@remembered
def _shares(snapshot_id: str, areas: tuple[str, ...], since: date) -> Daily:
    """The share of covered venues of each area on each day since, as `attainment.areas` has it."""
    data = engine(snapshot_id)
    ever = data.read(
        lambda data: data.table("venues_ever").select("venue_id", "county_code", "zone_id")
    )
    inside = ever["county_code"].isin(areas) | ever["zone_id"].isin(areas)

    def attained(table: ir.Table, days: Sequence[date]) -> ir.Table:
        found = coverage.attainment(coverage.headline(table), "management", days)
        found = data.known.attained(found)
        return found.select("as_of", key=found.area_id, shown=found.share_verified)

    return _daily(snapshot_id, tuple(sorted(set(ever.loc[inside, "venue_id"]))), since, attained)


@remembered
def _unknown(snapshot_id: str, venues: tuple[str, ...], since: date) -> Daily:
    """Whether the denominator of each venue was unknown on each day since that it was listed.

    Its first count, which coverage takes to have held before, ends that on the day it is of.
    """
    counts = engine(snapshot_id).read(lambda data: data.table("denominators"))
    counts = counts[counts["eligible_count"] > 0]
    first = counts.groupby("venue_id")["stated_on"].min().dt.date

    def told(table: ir.Table, _: Sequence[date]) -> ir.Table:
        return table.select("as_of", key=table.venue_id, shown=table.denominator == "unknown")

    return {
        venue: [(day, lacks or day < first.get(venue, day)) for day, lacks in shown]
        for venue, shown in _daily(snapshot_id, venues, since, told).items()
    }


def _daily(
    snapshot_id: str,
    venues: tuple[str, ...],
    since: date,
    build: Told,
) -> Daily:
    """What `build` makes of the coverage of `venues` on each day since."""
    data = engine(snapshot_id)
    days = _days(snapshot_id, since) if venues else []
    found: Daily = {}
    for first in range(0, len(days), _AT_ONCE):
        some = days[first : first + _AT_ONCE]
        table = data.read(partial(_read, build, venues, some))
        for day, key, shown in cells(table.sort_values("as_of"), "as_of", "key", "shown"):
            found.setdefault(key, []).append(
                (pd.Timestamp(day).date(), None if pd.isna(shown) else shown)
            )
    return found


def _days(snapshot_id: str, since: date) -> list[date]:
    """The days since, to the last of the data."""
    return [one.date() for one in pd.date_range(since, engine(snapshot_id).last_day)]


def _read(build: Told, venues: tuple[str, ...], days: Sequence[date], data: Engine) -> ir.Table:
    return build(data.venues_daily(venues, days), days)


def _reached(
    shares: Sequence[tuple[date, Any]], goal: float | None
) -> Iterator[tuple[date, bool | None]]:
    """Whether shares reached a goal, or the due line of their day."""
    for day, share in shares:
        due = pace.due_share(day) if goal is None else goal
        yield day, None if share is None else round(share - due, 9) >= 0


def _confirmed(
    unknown: Daily, venues: Sequence[str], days: Sequence[date]
) -> Iterator[tuple[date, bool]]:
    """Whether no denominator of `venues` was unknown; one that is not listed lacks none."""
    lacking = {day for one in venues for day, lacks in unknown.get(one, []) if lacks}
    for day in days:
        yield day, day not in lacking


def _reported(sent: pd.DataFrame, until: Until) -> Iterator[tuple[date, bool | None]]:
    """The day on which the report came, if it did."""
    about = (sent["kind_id"] == filings.REPORT) & (sent["owner_id"] == until.key)
    of_month = sent["month"].dt.date == until.month
    came = sent.loc[about & of_month, "filed_on"].min()
    if not pd.isna(came):
        yield came.date(), True


def _heard(stated: Sequence[date], until: Until) -> Iterator[tuple[date, bool | None]]:
    """The day that the first list from the month on is of, if it came."""
    assert until.month is not None
    for day in stated:
        if day >= until.month:
            yield day, True


def _answered(dispute: Dispute | None) -> Iterator[tuple[date, bool | None]]:
    """The days on which a dispute was answered or ruled, and asked again."""
    for step in dispute.steps if dispute else ():
        yield step.day, step.sort in ("answered", "ruled")
