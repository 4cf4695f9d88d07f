"""The fold: what the statements in force say together, as tables.

A function of the set of statements, never of the order in which they came. Accounts of a record
follow each other by the day they speak for. An attribute holds from the day that it was stated for
until the day before another was; the first also held before. A blank cell says nothing. The columns
of a place come and go together, and a file without a point leaves the point that came with the same
address alone. Days are folded by `domain.lives`. Rows without a place (figures and filings) replace
the earlier ones of their key whole.
"""

from collections.abc import Iterator, Mapping, Sequence
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
_APART = (*venue_history.DENOMINATOR, *venue_history.LISTED)  # of the days that they have
_ROWS = 1 << 32  # more than a statement has
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
                frames |= _register(accounts, frames)
            events, days = _events(accounts, told, kind), _days(accounts, kind)
            frames["events"] = pd.concat([frames["events"], events])
            frames["statement_days"] = pd.concat([frames["statement_days"], days])
        else:
            frames[kind.name] = _figures(accounts, kind)
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
        schema = {"statement": "str", "place": "int64", "as_at": "date", "columns_sent": "str"}
        order = ibis.memtable(places, schema=schema)  # lives as long as the view
        new = {one.id: fresh[one.id] for one in ours if one.id in fresh}
        rows = kept.rows(connection, kind.name, new).join(order, "statement")
        rows = _keyed(rows.mutate(turn=rows.place * _ROWS + rows.source_row), kind, connection)
        yield kind, connection.create_view(f"accounts_{kind.name}", rows)


def _keyed(rows: ir.Table, kind: Kind, connection: ibis.BaseBackend) -> ir.Table:
    """Rows with the `key` that each has in the table of its kind.

    A number that stood for two shops in one statement stands for as many as have names of their
    own; `twin` says so of each row of that number.
    """
    if not _by_bank(kind):
        cells = [rows[name].cast("string").fill_null("") for name in kind.table_key]
        return rows.mutate(key=ibis.literal("|").join(cells))
    key = source_of(rows, kind) + "/" + rows[kind.id_column]
    twins = rows.filter(rows.twin.fill_null(False)).select(key=key).distinct()
    known = connection.to_pyarrow(twins)["key"].to_pylist()
    rows = rows.mutate(key=key, twin=key.isin(known) if known else ibis.literal(False))
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
    """Accounts without those that repeat the one before of their record.

    key, turn, last (turn of the last that repeats it), as_at, columns_sent, the days of what
    happens to a record once, whether it should accept, and `sign`, which is equal where all that
    their rows say of the record is equal.
    """
    once = [column for event, column in kind.events.items() if event not in _SEEN]
    once += ["eligible"] if "eligible" in kind.labels else []
    signed = [
        name for name in (*kind.schema.names, "note", "twin") if name not in (*_SOURCE, *_HELD)
    ]
    sign = ibis.struct({name: accounts[name] for name in signed}).hash().cast("string")
    said = ["key", "columns_sent", "sign", *once]
    accounts = accounts.mutate(sign=sign)
    runs = accounts.group_by(said).agg(turn=_.turn.min(), last=_.turn.max(), as_at=_.as_at.min())
    runs = backend.kept(connection, runs)
    before = ibis.window(group_by="key", order_by="turn", preceding=(None, 1))
    back = runs.mutate(back=runs.turn < runs.last.max().over(before)).filter(_.back)
    back = backend.kept(connection, back.select("key").distinct())
    if not back.count().execute():
        return runs
    every = accounts.semi_join(back, "key").mutate(last=_.turn)
    both = ibis.union(runs.anti_join(back, "key"), every.select(runs.columns))
    return backend.kept(connection, both)


def _records(
    accounts: ir.Table, told: ir.Table, kind: Kind, connection: ibis.BaseBackend
) -> Frames:
    """The table of `kind`, and what held before, of kinds that have a place."""
    names = kind.schema.names
    columns = [name for name in names if name not in (kind.key_column, *_PLACE, *_LAST, *_HELD)]
    records = told.group_by(record="key").agg(last=_.last.max(), same=_.sign.min() == _.sign.max())
    sent = accounts.join(records, accounts.key == records.record)
    table = _only(sent.filter(sent.same, sent.turn == sent.last), columns)
    others = backend.kept(connection, sent.filter(~sent.same).select(accounts.columns))
    if others.count().execute():
        watched = [name for name in (*columns, *_WHERE) if name not in _APART]
        differs = ibis.or_(*(others[name].min() != others[name].max() for name in watched))
        changed = others.group_by("key").agg(differs=differs.fill_null(False)).filter(_.differs)
        changed = backend.kept(connection, changed)
        latest = _latest(others.anti_join(changed, "key"), columns)
        several = _versions(others.semi_join(changed, "key"), columns, watched)
        table = ibis.union(table, *(part.select(table.columns) for part in (latest, several)))
    # As text, for engines make floats of whole numbers among nulls, too short for a map cell.
    cells = [name for name in table.columns if name.startswith("h3_")]
    found = table_schemas.frame(table.cast(dict.fromkeys(cells, "string")).to_pyarrow())
    now = found["until"].isna()
    tables = {kind.name: _settled(found[now], kind)}
    if kind.name in table_schemas.BEFORE:
        tables[table_schemas.BEFORE[kind.name]] = _settled(found[~now], kind)
    return tables


def _register(accounts: ir.Table, frames: Frames) -> Frames:
    """The register, what held of it before, and the denominators."""
    counts = venue_history.denominators(accounts)
    rows = pd.concat([frames["venues_before"], frames["venues"]], ignore_index=True)
    rows = venue_history.held(rows, counts, venue_history.listings(accounts))
    now = rows["until"].isna()
    stated = counts[table_schemas.empty("denominators").columns]
    return {"venues": rows[now], "venues_before": rows[~now], "denominators": stated}


def _only(accounts: ir.Table, columns: Sequence[str]) -> ir.Table:
    """What is known of records by one account each: see `_latest`."""
    nothing = ibis.null("date")
    place = [name for name in _PLACE if name in accounts.columns]
    bare = accounts.lon.notnull() & accounts.address.isnull()
    rows = accounts.select("key", *columns, *_LAST, *place, bare=bare)
    return rows.mutate(since=nothing, until=nothing)


def _latest(accounts: ir.Table, columns: Sequence[str]) -> ir.Table:
    """What is known of records that never changed, one row each: key, `columns`, since, until.

    Also the columns of the place, and `bare`: whether it is that of a point without an address.
    Where no account tells the place, they are those of the last, whose reason says why.
    """
    point, known = _tells_place(accounts)
    turn = accounts.turn
    stated = {name: accounts[name].argmax(turn, where=accounts[name].notnull()) for name in columns}
    rows = accounts.group_by("key").agg(
        **stated,
        **{name: accounts[name].argmax(turn) for name in _LAST},
        placed_at=ibis.coalesce(turn.max(where=point), turn.max(where=known), turn.max()),
    )
    nothing = ibis.null("date")
    return _with_place(rows, accounts).mutate(since=nothing, until=nothing)


def _versions(accounts: ir.Table, columns: Sequence[str], watched: Sequence[str]) -> ir.Table:
    """What was known of records from one change of `watched` to the next: see `_latest`.

    A point that came with an address holds wherever the address comes without one. A move holds
    from its own day, where that is known.
    """
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
    carried = {name: _carried(rows, name, so_far) for name in (*columns, "placed_at")}
    carried["placed_at"] = ibis.coalesce(carried["placed_at"], rows.turn)
    rows = _with_place(rows.select("key", "turn", "held_on", *_LAST, **carried), accounts)
    changes = ibis.or_(
        *(~rows[name].identical_to(rows[name].lead().over(by_turn)) for name in watched)
    )
    rows = rows.mutate(next_on=rows.held_on.lead().over(by_turn), changes=changes)
    ends = rows.filter(rows.next_on.isnull() | rows.changes)
    held = ends.mutate(
        since=ends.next_on.lag().over(by_turn), until=(ends.next_on - _DAY).cast("date")
    )
    return held.filter(_.until.isnull() | _.since.isnull() | (_.since <= _.until))


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


def _events(accounts: ir.Table, told: ir.Table, kind: Kind) -> pd.DataFrame:
    """Events of the records of `kind`: record_key, event, day."""
    prefix = ibis.literal(kind.prefix)
    accounts = accounts.mutate(record_key=prefix + accounts.key)
    told = told.mutate(record_key=prefix + told.key)
    has = kind.events
    seen = [event for event in has if event in _SEEN or not kind.has_states]
    parts = [lives.events(accounts, (), (), seen)] if seen else []
    if kind.has_states:
        begins = [event for event in _BEGINS if event in has]
        ends = [event for event in _ENDS if event in has]
        parts += [lives.events(told, begins, ends, ()), lives.targets(told)]
    if "eligible" in kind.labels:
        parts.append(lives.barred(told))
    empty = table_schemas.empty("events")
    frames = [part.select(*empty.columns).to_pandas() for part in parts]
    events: pd.DataFrame = pd.concat([empty, *frames], ignore_index=True).astype(empty.dtypes)
    return events


def _days(accounts: ir.Table, kind: Kind) -> pd.DataFrame:
    """The days that statements of `kind` speak for, of every source: kind, source, as_at."""
    days = accounts.select(
        kind=ibis.literal(kind.name), source=source_of(accounts, kind), as_at=accounts.as_at
    )
    empty = table_schemas.empty("statement_days")
    found: pd.DataFrame = days.distinct().to_pandas().astype(empty.dtypes)
    return found


def _figures(accounts: ir.Table, kind: Kind) -> pd.DataFrame:
    """The rows that hold of a kind without a place: the last of each key."""
    last = accounts.turn == accounts.turn.max().over(ibis.window(group_by="key"))
    rows = accounts.filter(last).select(kind.schema.names)
    found: pd.DataFrame = rows.to_pandas().astype(table_schemas.empty(kind.name).dtypes)
    return found


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
