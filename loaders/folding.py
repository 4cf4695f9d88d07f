"""The fold: what the statements in force say together, as tables.

A function of the set of statements, never of the order in which they came. Accounts of a record
follow each other by the day they speak for. An attribute holds from the day that it was stated for
until the day before another was; the first also held before. A blank cell says nothing. The columns
of a place come and go together, and a file without a point leaves the point that came with the same
address alone. Days are folded by `domain.lives`. Rows without a place (figures and filings) replace
the earlier ones of their key whole.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
from ibis import _

from domain import lives, reference
from loaders import venue_history
from loaders.kinds import KINDS, Kind
from loaders.reading import record_checks, record_placing
from loaders.senders import sender_memory
from store import backend, table_schemas
from store.statement_store import Statement, Statements

Frames = dict[str, pd.DataFrame]

_BEGINS = ("contracted", "opened")
_ENDS = ("suspended", "closed", "refused")
_SEEN = ("inspected", "paid")
_PLACE = record_placing.PLACE
_DAY = ibis.interval(days=1)
_HELD = ("since", "until")
_WHERE = ("county_code", "town_code", "zone_id", "lon", "lat")  # of a place, what a move changes
_SOURCE = ("source_file", "source_row")
_LAST = (*_SOURCE, "sender", "note", "twin")  # of the last account, blank or not
_OWN_DAYS = (*venue_history.DENOMINATOR, *venue_history.LISTED)  # of the days that they have
_ROWS = 1 << 32  # more than a statement has
_ORDER = pa.schema(
    [("statement", pa.string()), ("place", pa.int64()), ("as_at", pa.date32()),
     ("columns_sent", pa.string())]
)  # fmt: skip
_TWIN_SIGNS = 4  # of the hash of a name that tells two shops of one number apart


def keys(accepted: pd.DataFrame, kind: Kind) -> pd.Series:
    """Keys that accepted rows have in the table of `kind`.

    An id is its bank's own, or its sender's where no bank is named.
    """
    if "operator_id" not in kind.key:
        return accepted[kind.key_column]
    whose = accepted["operator_id"].fillna(accepted["sender"]).fillna("-")
    return whose + "/" + accepted[kind.id_column]


def folded(
    statements: Sequence[Statement], kept: Statements, fresh: Mapping[str, pa.Table] | None = None
) -> Frames:
    """All tables but spells that `statements` give, as they are without decisions of people.

    `fresh` are the rows of those that are not `kept` yet, by id. The venues that shops and
    scenarios name are found in the register, and the rows that held before stand in the tables of
    `table_schemas.BEFORE`.
    """
    frames = {name: table_schemas.empty(name) for name in table_schemas.SCHEMAS if name != "spells"}
    connection = backend.bounded()
    for kind, accounts in _accounts(statements, kept, fresh or {}, connection):
        if kind.placed:
            told = _told(accounts, kind, connection)
            frames |= _records(accounts, told, kind, connection)
            if kind.name == "venues":
                frames |= _register(accounts, frames, connection)
            events = _events(accounts, told, kind, connection)
            frames["events"] = pd.concat([frames["events"], events])
            days = table_schemas.frame(backend.rows(connection, _days, accounts, kind.name))
            frames["statement_days"] = pd.concat([frames["statement_days"], days])
        else:
            figures = backend.rows(connection, _figures, accounts, kind.name)
            frames[kind.name] = table_schemas.frame(figures)
    frames["statements"] = _listed(statements)
    return _linked(frames)


def _accounts(
    statements: Sequence[Statement],
    kept: Statements,
    fresh: Mapping[str, pa.Table],
    connection: ibis.BaseBackend,
) -> Iterator[tuple[Kind, ir.Table]]:
    """Rows of all statements, by kind, with key, turn, as_at and columns_sent."""
    for kind in KINDS.values():
        ours = [one for one in statements if one.kind == kind.name]
        if not ours:
            continue
        places = [
            (one.id, place, one.as_at, f";{';'.join(sorted(set(one.columns.values())))};")
            for place, one in enumerate(ours)
        ]
        columns = zip(_ORDER.names, zip(*places, strict=True), strict=True)
        order = backend.named(connection, pa.table(dict(columns), _ORDER))
        stated = kept.rows(connection, ours, fresh)
        rows = backend.viewed(connection, _ordered, stated, order, kind.name)
        twins: list[str] = []
        if _by_bank(kind):
            twins = backend.rows(connection, _twins, rows)["key"].to_pylist()
        yield kind, backend.viewed(connection, _keyed, rows, tuple(sorted(twins)), kind.name)


def _ordered(rows: ir.Table, order: ir.Table, kind: str) -> ir.Table:
    """Rows with the `turn` of each, and the `key` that their cells give in the table of `kind`."""
    new = {
        name: ibis.null(ibis.dtype(type_))
        for name, type_ in zip(KINDS[kind].stated.names, KINDS[kind].stated.types, strict=True)
        if name not in rows.columns
    }
    rows = rows.mutate(**new).join(order, "statement")
    rows = rows.mutate(turn=rows.place * _ROWS + rows.source_row)
    if _by_bank(KINDS[kind]):
        return rows.mutate(key=source_of(rows, KINDS[kind]) + "/" + rows[KINDS[kind].id_column])
    cells = [rows[name].cast("string").fill_null("") for name in KINDS[kind].table_key]
    return rows.mutate(key=ibis.literal("|").join(cells))


def _twins(rows: ir.Table) -> ir.Table:
    """Keys that stood for two shops in one statement."""
    return rows.filter(rows.twin.fill_null(False)).select("key").distinct()


def _keyed(rows: ir.Table, twins: Sequence[str], kind: str) -> ir.Table:
    """Rows whose `key` tells those apart that have one of `twins`.

    Such a number stands for as many shops as have names of their own; `twin` says so of each row.
    """
    if not _by_bank(KINDS[kind]):
        return rows
    rows = rows.mutate(twin=rows.key.isin(twins) if twins else ibis.literal(False))
    sign = rows.name.hexdigest("md5").substr(0, _TWIN_SIGNS)
    return rows.mutate(key=ibis.ifelse(rows.twin, rows.key + "#" + sign, rows.key))


def _by_bank(kind: Kind) -> bool:
    return "operator_id" in kind.key and kind.placed


def source_of(rows: Any, kind: Kind) -> Any:
    """The bank of rows, or their sender where none is named: an id is its bank's own."""
    if not _by_bank(kind):
        return ibis.literal("")
    return ibis.coalesce(rows.operator_id, rows.sender, "-")


def _told(accounts: ir.Table, kind: Kind, connection: ibis.BaseBackend) -> ir.Table:
    """Accounts without those that repeat the one before of their record: see `_runs`."""
    runs = backend.made(connection, _runs, accounts, kind.name)
    back = backend.made(connection, _back, runs)
    if not _any(back, connection):
        return runs
    return backend.made(connection, _apart, runs, accounts, back, kind.name)


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
    once = [column for event, column in about.events.items() if event not in _SEEN]
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


def _records(
    accounts: ir.Table, told: ir.Table, kind: Kind, connection: ibis.BaseBackend
) -> Frames:
    """The table of `kind`, and what held before, of kinds that have a place."""
    parts = [backend.rows(connection, _unchanged, accounts, told, kind.name)]
    others = backend.made(connection, _others, accounts, told)
    if _any(others, connection):
        changed = backend.made(connection, _changed, others, kind.name)
        parts.append(backend.rows(connection, _latest, others, changed, kind.name))
        parts.append(backend.rows(connection, _versions, others, changed, kind.name))
    names = parts[0].column_names
    found = table_schemas.frame(pa.concat_tables(part.select(names) for part in parts))
    now = found["until"].isna()
    tables = {kind.name: _settled(found[now], kind)}
    if kind.name in table_schemas.BEFORE:
        tables[table_schemas.BEFORE[kind.name]] = _settled(found[~now], kind)
    return tables


def _register(accounts: ir.Table, frames: Frames, connection: ibis.BaseBackend) -> Frames:
    """The register, what held of it before, and the denominators."""
    counts = venue_history.denominators(accounts, connection)
    rows = pd.concat([frames["venues_before"], frames["venues"]], ignore_index=True)
    rows = venue_history.held(rows, counts, venue_history.listings(accounts, connection))
    now = rows["until"].isna()
    stated = counts[table_schemas.empty("denominators").columns]
    return {"venues": rows[now], "venues_before": rows[~now], "denominators": stated}


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
    from its own day, where that is known.
    """
    accounts = others.semi_join(changed, "key")
    by_turn = ibis.window(group_by="key", order_by="turn")
    so_far = ibis.cumulative_window(group_by="key", order_by="turn")
    at_address = ibis.cumulative_window(group_by=["key", "address"], order_by="turn")
    point, known = _tells_place(accounts)
    with_point = ibis.ifelse(point, accounts.turn, None)
    before = ibis.ifelse(accounts.address.notnull(), with_point.max().over(at_address), None)
    placed_at = ibis.ifelse(known, ibis.coalesce(with_point, before, accounts.turn), None)
    moved = accounts.moved_on if "moved_on" in accounts.columns else ibis.null("date")
    new = (moved > accounts.as_at.lag().over(by_turn)).fill_null(False)
    rows = accounts.mutate(placed_at=placed_at, held_on=ibis.ifelse(new, moved, accounts.as_at))
    carried = {name: _carried(rows, name, so_far) for name in (*_columns(kind), "placed_at")}
    carried["placed_at"] = ibis.coalesce(carried["placed_at"], rows.turn)
    rows = _with_place(rows.select("key", "turn", "held_on", *_LAST, **carried), accounts)
    changes = ibis.or_(
        *(~rows[name].identical_to(rows[name].lead().over(by_turn)) for name in _watched(kind))
    )
    rows = rows.mutate(next_on=rows.held_on.lead().over(by_turn), changes=changes)
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


def _settled(rows: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Rows typed as their table has them, with the columns that follow from others."""
    empty = table_schemas.empty(kind.name)
    rows = rows.rename(columns={"key": kind.key_column})
    if not rows["bare"].isna().all():
        rows = _placed_again(rows)
    twins = rows["twin"].astype("boolean").fillna(False)
    if twins.any():
        note = record_checks.twin_note(rows.loc[twins, kind.id_column]).reindex(rows.index)
        rows["note"] = record_checks.joined(rows["note"].astype("str"), note.astype("str"))
    rows["in_review"] = rows["in_review"].astype("boolean").fillna(False) | rows["note"].notna()
    rows["reason"] = record_checks.joined(rows["reason"].astype("str"), rows["note"].astype("str"))
    rows["method"] = rows["method"].fillna("none")
    rows = _derived(rows.reindex(columns=empty.columns).astype(empty.dtypes), kind.name)
    return rows.astype(empty.dtypes)


def _placed_again(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows whose point came without an address, placed by it and by the address known otherwise."""
    again = rows["bare"].astype("boolean").fillna(False) & rows["address"].notna()
    if not again.any():
        return rows
    asked = rows.loc[again, ["name", "address", "lon", "lat"]].assign(
        crs="wgs84", county=None, town=None
    )
    found = record_placing.placed(asked)
    rows = rows.copy()
    for column in (name for name in _PLACE if name in rows):
        rows.loc[again, column] = found[column].astype(rows[column].dtype)
    return rows


def _derived(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """Rows of a table with the columns that follow from the reference."""
    field = reference.labels("scenarios", "scenario_id", "field_id")
    if "public_cash_point" in rows:
        rows = rows.assign(public_cash_point=rows["public_cash_point"].fillna(False))
    if "scenario_id" in rows:
        return rows.assign(field_id=_mapped(rows["scenario_id"], field))
    if table != "venues":
        return rows
    kinds = {
        name: reference.labels("venue_kinds", "kind_id", name)
        for name in ("kind", "tier", "carrier", "links", "scenario_id", "owner")
    }
    follows = {name: _mapped(rows["kind_id"], names) for name, names in kinds.items()}
    owner = rows["owner"].fillna(follows.pop("owner"))
    fields = _mapped(follows.pop("scenario_id"), field)
    return rows.assign(**follows, owner=owner, field_id=fields)


def _mapped(codes: pd.Series, labels: dict[str, str]) -> pd.Series:
    return codes.map(labels).astype("str")


def _events(
    accounts: ir.Table, told: ir.Table, kind: Kind, connection: ibis.BaseBackend
) -> pd.DataFrame:
    """Events of the records of `kind`: record_key, event, day."""
    has = kind.events
    seen = tuple(event for event in has if event in _SEEN or not kind.has_states)
    parts: list[tuple[Any, ...]] = [(accounts, lives.events, (), (), seen)] if seen else []
    if kind.has_states:
        begins = tuple(event for event in _BEGINS if event in has)
        ends = tuple(event for event in _ENDS if event in has)
        parts += [(told, lives.events, begins, ends, ()), (told, lives.targets)]
        if "status" in kind.labels:
            parts.append((told, lives.reported, begins, ends))
    if "eligible" in kind.labels:
        parts.append((told, lives.barred))
    empty = table_schemas.empty("events")
    frames = [
        table_schemas.frame(backend.rows(connection, _happened, rows, kind.prefix, build, *days))
        for rows, build, *days in parts
    ]
    events: pd.DataFrame = pd.concat([empty, *frames], ignore_index=True).astype(empty.dtypes)
    return events


def _happened(
    rows: ir.Table, prefix: str, build: Callable[..., ir.Table], *days: Sequence[str]
) -> ir.Table:
    """The events that `build` makes of accounts, with the `prefix` of their kind in the key."""
    rows = rows.mutate(record_key=ibis.literal(prefix) + rows.key)
    return build(rows, *days).select(*table_schemas.SCHEMAS["events"].names)


def _days(accounts: ir.Table, kind: str) -> ir.Table:
    """The days that statements of `kind` speak for, of every source: kind, source, as_at."""
    return accounts.select(
        kind=ibis.literal(kind), source=source_of(accounts, KINDS[kind]), as_at=accounts.as_at
    ).distinct()


def _figures(accounts: ir.Table, kind: str) -> ir.Table:
    """The rows that hold of a kind without a place: the last of each key."""
    last = accounts.turn == accounts.turn.max().over(ibis.window(group_by="key"))
    return accounts.filter(last).select(KINDS[kind].schema.names)


def _listed(statements: Sequence[Statement]) -> pd.DataFrame:
    """The statements as a table of the snapshot."""
    rows = [
        {"statement": one.id, "operator_id": sender_memory.operator_of(one.sender)}
        | {
            name: getattr(one, name)
            for name in ("sender", "kind", "as_at", "part", "file", "sheet")
        }
        | {name: one.counts.get(name) for name in ("rows", "accepted", "rejected")}
        for one in statements
    ]
    empty = table_schemas.empty("statements")
    frame = pd.DataFrame(rows, columns=list(empty.columns))
    return frame.assign(as_at=pd.to_datetime(frame["as_at"])).astype(empty.dtypes)


def _linked(frames: Frames) -> Frames:
    """`frames` with the venues that records name, by id or by a name that only one venue has."""
    register = pd.concat([frames["venues"], frames["venues_before"]])[["venue_id", "name"]]
    register = register.drop_duplicates()
    result = dict(frames)
    for kind in KINDS.values():
        for name in (kind.name, table_schemas.BEFORE.get(kind.name)):
            if kind.in_venue and name:
                rows = record_checks.linked(frames[name].assign(note=None), register)
                reason = record_checks.joined(rows["reason"], rows["note"])
                review = rows["in_review"] | rows["note"].notna()
                result[name] = rows.assign(reason=reason, in_review=review).drop(columns="note")
    return result
