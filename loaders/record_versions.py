"""What is known of records from their accounts: which hold now, and what held before.

An attribute holds from the day that it was stated for until the day before another was; the first
also held before. A blank cell says nothing. The columns of a place come and go together, and a file
without a point leaves the point that came with the same address alone.
"""

from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _

from loaders import venue_history
from loaders.kinds import KINDS, Kind
from loaders.reading import record_placing
from store import backend

SEEN = ("inspected", "paid")
"""Events that are observed again and again; all others happen to a record once."""
_PLACE = record_placing.PLACE
_DAY = ibis.interval(days=1)
_HELD = ("since", "until")
_WHERE = ("county_code", "town_code", "zone_id", "lon", "lat")  # of a place, what a move changes
_SOURCE = ("source_file", "source_row")
_LAST = (*_SOURCE, "sender", "note", "twin")  # of the last account, blank or not
_OWN_DAYS = (*venue_history.DENOMINATOR, *venue_history.LISTED)  # of the days that they have


def runs(accounts: ir.Table, kind: Kind, connection: ibis.BaseBackend) -> ir.Table:
    """Accounts without those that repeat the one before of their record: see `_runs`."""
    alike = backend.made(connection, _runs, accounts, kind.name)
    back = backend.made(connection, _back, alike)
    if not _any(back, connection):
        return alike
    return backend.made(connection, _apart, alike, accounts, back, kind.name)


def _any(table: ir.Table, connection: ibis.BaseBackend) -> bool:
    return bool(backend.rows(connection, _first, table).num_rows)


def _first(table: ir.Table) -> ir.Table:
    return table.limit(1)


def _signed(accounts: ir.Table, kind: Kind) -> ir.Table:
    """`accounts` with a `sign` that is equal where all that their rows say of the record is."""
    signed = [
        name for name in (*kind.schema.names, "note", "twin") if name not in (*_SOURCE, *_HELD)
    ]
    sign = ibis.struct({name: accounts[name] for name in signed}).hash().cast("string")
    return accounts.mutate(sign=sign)


def _runs(accounts: ir.Table, kind: str) -> ir.Table:
    """Accounts that are alike, once: key, turn, last, as_at, columns_sent and what they tell.

    That are the days of what happens to a record once, whether it should accept, and their `sign`;
    `turn` and `last` are those of the first and of the last account that is alike.
    """
    about = KINDS[kind]
    once = [column for event, column in about.events.items() if event not in SEEN]
    once += [name for name in ("eligible", "status") if name in about.labels]
    said = ["key", "columns_sent", "sign", *once]
    rows = _signed(accounts, about).group_by(said)
    return rows.agg(turn=_.turn.min(), last=_.turn.max(), as_at=_.as_at.min())


def _back(runs: ir.Table) -> ir.Table:
    """Keys of the records that came back to what an earlier account had said."""
    before = ibis.window(group_by="key", order_by="turn", preceding=(None, 1))
    back = runs.mutate(back=runs.turn < runs.last.max().over(before)).filter(_.back)
    return back.select("key").distinct()


def _apart(runs: ir.Table, accounts: ir.Table, back: ir.Table, kind: str) -> ir.Table:
    """`runs`, but every account of the records that came `back`."""
    every = _signed(accounts.semi_join(back, "key"), KINDS[kind]).mutate(last=_.turn)
    return ibis.union(runs.anti_join(back, "key"), every.select(runs.columns))


def known(accounts: ir.Table, told: ir.Table, kind: Kind, connection: ibis.BaseBackend) -> pa.Table:
    """What is known of the records of `kind`, one row for each time that it held: see `_latest`.

    `told` are the `runs` of `accounts`.
    """
    parts = [backend.rows(connection, _unchanged, accounts, told, kind.name)]
    others = backend.made(connection, _others, accounts, told)
    if _any(others, connection):
        changed = backend.made(connection, _changed, others, kind.name)
        parts.append(backend.rows(connection, _latest, others, changed, kind.name))
        parts.append(backend.rows(connection, _versions, others, changed, kind.name))
    names = parts[0].column_names
    return pa.concat_tables(part.select(names) for part in parts)


def _columns(kind: str) -> list[str]:
    """Columns of a kind that its accounts state, but for those of the place."""
    about = KINDS[kind]
    left_out = (about.key_column, *_PLACE, *_LAST, *_HELD)
    return [name for name in about.schema.names if name not in left_out]


def _watched(kind: str) -> list[str]:
    """Columns whose change begins another row of a record."""
    return [name for name in (*_columns(kind), *_WHERE) if name not in _OWN_DAYS]


def _sent(accounts: ir.Table, told: ir.Table) -> ir.Table:
    """`accounts` with the `last` turn of their record, and whether all of it are the `same`."""
    records = told.group_by(record="key").agg(last=_.last.max(), same=_.sign.min() == _.sign.max())
    return accounts.join(records, accounts.key == records.record)


def _others(accounts: ir.Table, told: ir.Table) -> ir.Table:
    """Accounts of the records of which something else was said some time."""
    return _sent(accounts, told).filter(~_.same).select(accounts.columns)


def _changed(accounts: ir.Table, kind: str) -> ir.Table:
    """Keys of the records that a watched column changes of."""
    differs = ibis.or_(*(accounts[name].min() != accounts[name].max() for name in _watched(kind)))
    changed = accounts.group_by("key").agg(differs=differs.fill_null(False))
    return changed.filter(_.differs)


def _unchanged(accounts: ir.Table, told: ir.Table, kind: str) -> ir.Table:
    """What is known of records of which one thing alone was ever said: see `_latest`."""
    nothing = ibis.null("date")
    sent = _sent(accounts, told)
    accounts = sent.filter(sent.same, sent.turn == sent.last)
    place = [name for name in _PLACE if name in accounts.columns]
    bare = accounts.lon.notnull() & accounts.address.isnull()
    rows = accounts.select("key", *_columns(kind), *_LAST, *place, bare=bare)
    return _texts(rows.mutate(since=nothing, until=nothing))


def _latest(others: ir.Table, changed: ir.Table, kind: str) -> ir.Table:
    """What is known of records that never changed, one row each: key, columns, since, until.

    Also the columns of the place, and `bare`: whether it is that of a point without an address.
    Where no account tells the place, they are those of the last, whose reason says why.
    """
    accounts = others.anti_join(changed, "key")
    point, known = _tells_place(accounts)
    turn = accounts.turn
    stated = {
        name: accounts[name].argmax(turn, where=accounts[name].notnull()) for name in _columns(kind)
    }
    rows = accounts.group_by("key").agg(
        **stated,
        **{name: accounts[name].argmax(turn) for name in _LAST},
        placed_at=ibis.coalesce(turn.max(where=point), turn.max(where=known), turn.max()),
    )
    nothing = ibis.null("date")
    return _texts(_with_place(rows, accounts).mutate(since=nothing, until=nothing))


def _versions(others: ir.Table, changed: ir.Table, kind: str) -> ir.Table:
    """What was known of records from one change to the next: see `_latest`.

    A point that came with an address holds wherever the address comes without one. A move holds
    from its own day, where that is known, whatever accounts between said of the place.
    """
    accounts = others.semi_join(changed, "key")
    by_turn = ibis.window(group_by="key", order_by="turn")
    so_far = ibis.cumulative_window(group_by="key", order_by="turn")
    at_address = ibis.cumulative_window(group_by=["key", "address"], order_by="turn")
    point, known = _tells_place(accounts)
    with_point = ibis.ifelse(point, accounts.turn, None)
    before = ibis.ifelse(accounts.address.notnull(), with_point.max().over(at_address), None)
    placed_at = ibis.ifelse(known, ibis.coalesce(with_point, before, accounts.turn), None)
    if "moved_on" not in accounts.columns:
        accounts = accounts.mutate(moved_on=ibis.null("date"))
    moved = accounts.moved_on
    earlier = ibis.window(group_by="key", order_by="turn", preceding=(None, 1))
    moved_before = moved.max().over(earlier)
    new = moved.notnull() & (moved_before.isnull() | (moved > moved_before))
    rows = accounts.mutate(placed_at=placed_at, held_on=ibis.ifelse(new, moved, accounts.as_at))
    carried = {name: _carried(rows, name, so_far) for name in (*_columns(kind), "placed_at")}
    carried["placed_at"] = ibis.coalesce(carried["placed_at"], rows.turn)
    rows = _with_place(rows.select("key", "turn", "held_on", *_LAST, **carried), accounts)
    changes = ibis.or_(
        *(~rows[name].identical_to(rows[name].lead().over(by_turn)) for name in _watched(kind))
    )
    later = ibis.window(group_by="key", order_by="turn", following=(1, None))
    rows = rows.mutate(next_on=rows.held_on.min().over(later), changes=changes)
    ends = rows.filter(rows.next_on.isnull() | rows.changes)
    held = ends.mutate(
        since=ends.next_on.lag().over(by_turn), until=(ends.next_on - _DAY).cast("date")
    )
    return _texts(held.filter(_.until.isnull() | _.since.isnull() | (_.since <= _.until)))


def _texts(rows: ir.Table) -> ir.Table:
    """`rows` with map cells as text: engines make floats of whole numbers among nulls."""
    cells = [name for name in rows.columns if name.startswith("h3_")]
    return rows.cast(dict.fromkeys(cells, "string"))


def _tells_place(accounts: ir.Table) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    """Whether accounts have a point, and whether they say anything of the place."""
    point = accounts.lon.notnull()
    return point, point | accounts.address.notnull() | accounts.county_code.notnull()


def _carried(rows: ir.Table, name: str, so_far: Any) -> ir.Value:
    """The last value of a column that is not blank, up to each row."""
    stated = ibis.struct({"turn": rows.turn, "value": rows[name]})
    return ibis.ifelse(rows[name].notnull(), stated, None).max().over(so_far)["value"]


def _with_place(rows: ir.Table, accounts: ir.Table) -> ir.Table:
    """`rows` with the place of the account whose turn is `placed_at`, and whether it is `bare`."""
    place = [name for name in _PLACE if name in accounts.columns]
    sent = accounts.select(
        *place, place_key="key", place_turn="turn",
        bare=accounts.lon.notnull() & accounts.address.isnull(),
    )  # fmt: skip
    found = rows.left_join(sent, [rows.key == sent.place_key, rows.placed_at == sent.place_turn])
    return found.drop("place_key", "place_turn", "placed_at")
