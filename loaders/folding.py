"""The fold: what the statements in force say together, as tables.

A function of the set of statements, never of the order in which they came. Accounts of a record
follow each other by the day they speak for (`accounts`); attributes hold from one to the next
(`record_versions`), days are folded by `domain.lives`. Rows without a place (figures and filings)
replace the earlier ones of their key whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from domain import lives, reference
from loaders import accounts, record_versions, venue_history, venue_names
from loaders.accounts import source_of
from loaders.decisions import dispute_effects
from loaders.kinds import KINDS, Kind
from loaders.reading import record_checks, record_placing
from loaders.record_versions import SEEN
from loaders.senders import sender_memory
from store import backend, table_schemas
from store.statement_store import Statement, Statements

Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Folded:
    """What statements give: every table of a snapshot but two, and those two in the engine.

    `events` are a table of the engine, for there are as many as payments. `spoken` has the days on
    which payments were told (source, as_at), of which the spells of payments follow: see
    `domain.states.spells`. A source is what the keys of a bank's records begin with, or the one key
    of a record that the bank told of in part of a list.
    """

    frames: Frames
    events: ir.Table
    spoken: pa.Table


_SPOKEN = pa.schema([("source", pa.string()), ("as_at", pa.date32())])
_BEGINS = ("contracted", "opened")
_ENDS = ("suspended", "closed", "refused")
_PLACE = record_placing.PLACE


def folded(
    statements: Sequence[Statement],
    kept: Statements,
    fresh: Mapping[str, pa.Table] | None = None,
    rulings: Sequence[dispute_effects.Upheld] = (),
) -> Folded:
    """What `statements` give, with the tables that `rulings` on disputes change.

    The tables are without other decisions of people. `fresh` are the rows of those that are not
    `kept` yet, by id. The venues that shops and scenarios name are found in the register, and the
    rows that held before stand in the tables of `table_schemas.BEFORE`.
    """
    derived = ("events", "spells")
    frames = {name: table_schemas.empty(name) for name in table_schemas.SCHEMAS.keys() - derived}
    connection = backend.bounded()
    events = [backend.named(connection, table_schemas.SCHEMAS["events"].empty_table())]
    spoken = [_SPOKEN.empty_table()]
    for kind, rows in accounts.of_statements(statements, kept, fresh or {}, connection):
        if kind.placed:
            told = record_versions.runs(rows, kind, connection)
            events += _events(rows, told, kind, connection)
            frames |= _records(rows, told, kind, connection)
            if kind.name == "venues":
                frames |= _register(rows, frames, connection)
            days = table_schemas.frame(backend.rows(connection, _days, rows, kind.name))
            frames["statement_days"] = pd.concat([frames["statement_days"], days])
            if "paid" in kind.events:
                spoken.append(backend.rows(connection, _spoken, rows, kind.name))
        else:
            figures = backend.rows(connection, _figures, rows, kind.name)
            frames[kind.name] = table_schemas.frame(figures)
    frames["statements"] = _listed(statements)
    if rulings:
        unlisted = _settled(dispute_effects.added(rulings), KINDS["venues"])
        frames["venues"] = pd.concat([frames["venues"], unlisted], ignore_index=True)
        frames = dispute_effects.carried_out(frames, rulings)
    together = backend.viewed(connection, ibis.union, *events)
    return Folded(venue_names.linked(frames), together, pa.concat_tables(spoken))


def also(events: ir.Table, further: pd.DataFrame) -> ir.Table:
    """`events` with those of a frame that are not among them."""
    if further.empty:
        return events
    connection = events.get_backend()
    rows = table_schemas.arrow("events", further.drop_duplicates())
    return backend.viewed(connection, _also, events, backend.named(connection, rows))


def _also(events: ir.Table, further: ir.Table) -> ir.Table:
    return ibis.union(events, further.anti_join(events, further.columns))


def _records(rows: ir.Table, told: ir.Table, kind: Kind, connection: ibis.BaseBackend) -> Frames:
    """The table of `kind`, and what held before, of kinds that have a place."""
    found = table_schemas.frame(record_versions.known(rows, told, kind, connection))
    now = found["until"].isna()
    tables = {kind.name: _settled(found[now], kind)}
    if kind.name in table_schemas.BEFORE:
        tables[table_schemas.BEFORE[kind.name]] = _settled(found[~now], kind)
    return tables


def _register(rows: ir.Table, frames: Frames, connection: ibis.BaseBackend) -> Frames:
    """The register, what held of it before, and the denominators."""
    counts = venue_history.denominators(rows, connection)
    held = pd.concat([frames["venues_before"], frames["venues"]], ignore_index=True)
    held = venue_history.held(held, counts, venue_history.listings(rows, connection))
    now = held["until"].isna()
    stated = counts[table_schemas.empty("denominators").columns]
    return {"venues": held[now], "venues_before": held[~now], "denominators": stated}


def _settled(rows: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Rows typed as their table has them, with the columns that follow from others."""
    empty = table_schemas.empty(kind.name)
    if rows.empty:
        return empty
    rows = rows.rename(columns={"key": kind.key_column})
    if not rows["bare"].isna().all():
        rows = _placed_again(rows)
    twins = rows["twin"].astype("boolean").fillna(False)
    if twins.any():
        note = record_checks.twin_note(rows.loc[twins, kind.id_column], kind.noun)
        note = note.reindex(rows.index)
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
    rows: ir.Table, told: ir.Table, kind: Kind, connection: ibis.BaseBackend
) -> list[ir.Table]:
    """Events of the records of `kind`, in tables of the engine: record_key, event, day."""
    again = tuple(event for event in kind.events if event in SEEN or not kind.has_states)
    events = [backend.on_disk(connection, _seen, rows, kind.name, again)] if again else []
    if kind.has_states:
        events.append(backend.made(connection, _once, told, kind.name))
    return events


def _seen(accounts: ir.Table, kind: str, events: Sequence[str]) -> ir.Table:
    return lives.events(_by_record(accounts, kind), (), (), events)


def _once(accounts: ir.Table, kind: str) -> ir.Table:
    """Events that befall a record of `kind` once, by the days and the words of its `runs`."""
    about = KINDS[kind]
    rows = _by_record(accounts, kind)
    begins = tuple(event for event in _BEGINS if event in about.events)
    ends = tuple(event for event in _ENDS if event in about.events)
    parts = [lives.events(rows, begins, ends, ()), lives.targets(rows)]
    if "status" in about.labels:
        parts.append(lives.reported(rows, begins, ends))
    if "eligible" in about.labels:
        parts.append(lives.barred(rows))
    names = table_schemas.SCHEMAS["events"].names
    return ibis.union(*(part.select(*names) for part in parts), distinct=True)


def _by_record(accounts: ir.Table, kind: str) -> ir.Table:
    return accounts.mutate(record_key=ibis.literal(KINDS[kind].prefix) + accounts.key)


def _days(rows: ir.Table, kind: str) -> ir.Table:
    """The days that statements of `kind` speak for, of every source: kind, source, as_at."""
    return rows.select(
        kind=ibis.literal(kind), source=source_of(rows, KINDS[kind]), as_at=rows.as_at
    ).distinct()


def _spoken(rows: ir.Table, kind: str) -> ir.Table:
    """Days on which payments of records of `kind` were told, `Folded.spoken`.

    A file without a column of payments tells nothing of any, and part of a list nothing of the
    records that are not in it: those that are have their own days beside those of whole lists.
    """
    prefix = ibis.literal(KINDS[kind].prefix)
    told = rows.filter(rows.columns_sent.contains(";paid_on;"))
    told = told.select(
        "as_at", "part", source=prefix + source_of(told, KINDS[kind]), record=prefix + told.key
    )
    whole = told.filter(~told.part).select("source", "as_at").distinct()
    alone = told.filter(told.part)
    others = alone.select("source", "record").distinct().join(whole, "source")
    own = ibis.union(
        alone.select(source="record", as_at="as_at"), others.select(source="record", as_at="as_at")
    )
    return ibis.union(whole, own.distinct())


def _figures(rows: ir.Table, kind: str) -> ir.Table:
    """The rows that hold of a kind without a place: the last of each key."""
    last = rows.turn == rows.turn.max().over(ibis.window(group_by="key"))
    return rows.filter(last).select(KINDS[kind].schema.names)


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
