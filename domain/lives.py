"""Lives of a record: which of the days that its accounts state hold.

An *account* is what one statement says of a record. Accounts follow each other by the day that they
speak for, never by the order in which they came. A record has *lives*, each from a beginning to an
end: a shop is signed and closed, signed again and closed again.

- A day of beginning (signed, opened, listed) that lies after the end which stands begins a new
  life. That is the end of the last account that has a column for one; an end that only a status
  tells is on the first day that it is told.
- Within a life each day is that of the latest account that states it. An account that has a column
  for an end and leaves it blank takes the end of its own life back: the closing was a mistake.
- A status that says closed, live or signed without a day speaks from the first account that says
  so.
- What was observed (an inspection, a payment) adds up over all accounts.
"""

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

_KEY = "record_key"
_LIVE = "live"
ALWAYS = date(1970, 1, 1)
"""The day in events of what held before the first account: no day to be shown to anybody."""


def events(
    accounts: ir.Table, begins: Sequence[str], ends: Sequence[str], seen: Sequence[str]
) -> ir.Table:
    """Events that hold: record_key, event, day; each once.

    `accounts` has record_key, turn (the number of the account among those of its record),
    columns_sent (columns that its file had, separated and enclosed by ';') and a day <event>_on for
    each of `begins`, `ends` and `seen`; also as_at where it has a status.
    """
    parts = [
        accounts.select(_KEY, event=ibis.literal(event), day=accounts[f"{event}_on"])
        for event in seen
    ]
    if begins:
        parts.append(of(accounts, begins, ends).drop("life"))
    return ibis.union(*parts).filter(_.day.notnull()).distinct()


def targets(accounts: ir.Table) -> ir.Table:
    """The day from which each record should accept: record_key, event 'target', day.

    The latest target day that is stated, else the day of the first account, that day included.
    """
    first = accounts.as_at.min()
    if "target_on" in accounts.columns:
        stated = accounts.target_on
        first = ibis.coalesce(stated.argmax(accounts.turn, where=stated.notnull()), first)
    return accounts.group_by(_KEY).agg(event=ibis.literal("target"), day=first)


def barred(accounts: ir.Table) -> ir.Table:
    """Days on which a record ceases to be one that should accept, and becomes one again.

    record_key, event ('ineligible' or 'eligible') and day: that of the first account that says so.
    What the first account says held `ALWAYS`.
    """
    window = ibis.window(group_by=_KEY, order_by="turn")
    stated = accounts.filter(_.eligible.notnull()).mutate(before=_.eligible.lag().over(window))
    turned = stated.filter(
        (_.before.isnull() & ~_.eligible) | (_.before.notnull() & (_.before != _.eligible))
    )
    return turned.select(
        _KEY,
        event=ibis.ifelse(turned.eligible, "eligible", "ineligible"),
        day=ibis.ifelse(turned.before.isnull(), ibis.literal(ALWAYS), turned.as_at),
    )


def reported(accounts: ir.Table, begins: Sequence[str], ends: Sequence[str]) -> ir.Table:
    """What a status says that comes without a day of its own: record_key, event, day; each once.

    `accounts` is that of `events`, with a `status`: one of `ends`, one of `begins`, which says that
    the record has come so far and lives, or 'live'; a blank says nothing. Accounts in a row that
    say the same, or that it lives, are a run. The first of a run of an end is its day, and that of
    a live run after an end is the day on which the record is 'resumed', with the beginnings that
    were ever stated of it. A beginning of which no day was ever stated is on the day of the first
    account of a run that says so. A run in which any account states the day of an end has that day
    alone.
    """
    so_far = ibis.cumulative_window(group_by=_KEY, order_by="turn")
    days = {event: accounts[f"{event}_on"] for event in (*begins, *ends)}
    rows = _in_runs(accounts, ends).mutate(
        own=ibis.cases(
            *((accounts.status == event, days[event]) for event in ends),
            else_=ibis.greatest(*(days[event] for event in ends)),
        ),
        **{f"had_{event}": days[event].max().over(so_far) for event in begins},
    )
    told = rows.filter(rows.status.notnull())
    runs = told.group_by(_KEY, "run", "said").agg(
        day=told.as_at.min(),
        own=told.own.max(),
        **{f"had_{event}": told[f"had_{event}"].notnull().any() for event in begins},
        **{
            f"told_{event}": told.as_at.min(where=told.status.isin(list(begins[place:])))
            for place, event in enumerate(begins)
        },
    )
    runs = runs.filter(runs.own.isnull())
    ended = runs.filter(runs.said.isin(list(ends)))
    living = runs.filter(runs.said == _LIVE)
    again = living.filter(living.run > 1)
    parts = [
        ended.select(_KEY, event=ended.said, day=ended.day),
        again.select(_KEY, event=ibis.literal("resumed"), day=again.day),
    ]
    for event in begins:
        begun = again.filter(again[f"had_{event}"])
        parts.append(begun.select(_KEY, event=ibis.literal(event), day=begun.day))
        named = living.filter(~living[f"had_{event}"], living[f"told_{event}"].notnull())
        parts.append(named.select(_KEY, event=ibis.literal(event), day=named[f"told_{event}"]))
    return ibis.union(*parts).distinct()


def _in_runs(accounts: ir.Table, ends: Sequence[str]) -> ir.Table:
    """`accounts` with what their status says (`said`), a blank one as that before, and the `run`.

    That is one of `ends` or `_LIVE`. Runs are numbered from 1, and 0 is before the first; `said_on`
    is the day of the first account.
    """
    by_turn = ibis.window(group_by=_KEY, order_by="turn")
    so_far = ibis.cumulative_window(group_by=_KEY, order_by="turn")
    lives = ibis.ifelse(accounts.status.isin(list(ends)), accounts.status, _LIVE)
    word = ibis.struct({"turn": accounts.turn, "status": lives})
    last = ibis.ifelse(accounts.status.notnull(), word, None).max().over(so_far)
    rows = accounts.mutate(said=last["status"])
    rows = rows.mutate(before=rows.said.lag().over(by_turn))
    turned = rows.said.notnull() & (rows.before.isnull() | (rows.before != rows.said))
    rows = rows.mutate(run=turned.cast("int64").sum().over(so_far)).drop("before")
    return rows.mutate(said_on=rows.as_at.min().over(ibis.window(group_by=[_KEY, "run"])))


def of(accounts: ir.Table, begins: Sequence[str], ends: Sequence[str]) -> ir.Table:
    """The latest account of each beginning and end of each life: record_key, life, event, day.

    Lives are numbered from 0. `accounts`, `begins` and `ends` are those of `events`; a day that was
    taken back is null.
    """
    rows = _numbered(accounts, begins, ends)
    said = ibis.union(
        *(_dated(rows, event, begins if event in ends else ()) for event in (*begins, *ends)),
        *(_blank(rows, event) for event in ends),
    )
    last = ibis.window(group_by=[_KEY, "life", "event"], order_by=ibis.desc("turn"))
    said = said.mutate(place=ibis.row_number().over(last))
    return said.filter(said.place == 0).select(_KEY, "life", "event", "day")


def _numbered(accounts: ir.Table, begins: Sequence[str], ends: Sequence[str]) -> ir.Table:
    """`accounts` with the number of the life that each is of, and `bound`, the end before it.

    An account that begins a life is bound by the end that the account before it states, or one
    before that which alone had a column for it.
    """
    by_turn = {"group_by": _KEY, "order_by": "turn"}
    told = ibis.null("date")
    if "status" in accounts.columns:
        accounts = _in_runs(accounts, ends)
        told = ibis.ifelse(accounts.said.isin(list(ends)), accounts.said_on, told)
    sent = ibis.or_(*(accounts.columns_sent.contains(f";{event}_on;") for event in ends))
    ended = ibis.coalesce(ibis.greatest(*(accounts[f"{event}_on"] for event in ends)), told)
    said = ibis.struct({"turn": accounts.turn, "day": ended})
    said = ibis.ifelse(sent | ended.notnull(), said, None)
    ended = said.max().over(ibis.cumulative_window(**by_turn))["day"]
    begun = ibis.greatest(*(accounts[f"{event}_on"] for event in begins))
    rows = accounts.mutate(ended=ended, begun=begun)
    lasts = rows.begun.isnull() | (rows.begun <= rows.ended)
    rows = rows.mutate(ended=ibis.ifelse(lasts, rows.ended, ibis.null("date")))
    rows = rows.mutate(before=rows.ended.lag().over(ibis.window(**by_turn)))
    anew = (rows.begun > rows.before).fill_null(False)
    rows = rows.mutate(
        breaks=anew.cast("int64"), bound=ibis.ifelse(anew, rows.before, ibis.null("date"))
    )
    return rows.mutate(life=rows.breaks.sum().over(ibis.cumulative_window(**by_turn)))


def _dated(rows: ir.Table, event: str, begins: Sequence[str]) -> ir.Table:
    """Days that accounts state of `event`: record_key, turn, event, day, life.

    A day is of the life of its account, or of an earlier one whose end it does not pass. An end
    before a beginning of the same account (`begins`) is of the life before.
    """
    stated = rows.filter(rows[f"{event}_on"].notnull())
    earlier = ibis.literal(False)
    for begin in begins:
        earlier = earlier | (stated[f"{begin}_on"] > stated[f"{event}_on"]).fill_null(False)
    days = stated.select(
        _KEY, "turn", "life", event=ibis.literal(event), day=stated[f"{event}_on"], earlier=earlier
    )
    bounds = rows.filter(rows.bound.notnull()).select(bound_key=rows[_KEY], bound=rows.bound)
    passed = (
        days.left_join(bounds, [days[_KEY] == bounds.bound_key, bounds.bound < days.day])
        .group_by(_KEY, "turn", "event", "day", "life", "earlier")
        .agg(passed=_.bound.count())
    )
    life = ibis.least(passed.life, passed.passed) - passed.earlier.cast("int64")
    return passed.select(_KEY, "turn", "event", "day", life=ibis.greatest(life, 0))


def _blank(rows: ir.Table, event: str) -> ir.Table:
    """Accounts that leave the day of `event` blank: record_key, turn, event, day (null), life."""
    silent = rows.filter(rows[f"{event}_on"].isnull(), rows.columns_sent.contains(f";{event}_on;"))
    return silent.select(
        _KEY, "turn", event=ibis.literal(event), day=ibis.null("date"), life=silent.life
    )
