"""Entries that the office makes by hand: clusters, filings and the province's figures.

Each is kept in the ledger under the topic of its kind, by the key of its table. Entries of one
subject are laid over each other in the order they were written, and over the cells of the files; a
cell that an entry leaves out stays as it is, and '' empties it. They hold for every later file,
until they are withdrawn: then the row is as the files have it, or gone.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from domain.visitors import Visitor
from loaders.kinds import KINDS, Kind
from loaders.reading import record_placing
from store import table_schemas
from store.ledger import Entry, Ledger

Frames = dict[str, pd.DataFrame]

WITHDRAWN = "withdrawn"
BY_HAND = "手工登记"
INSPECTED = "inspected_on"  # of a cluster: an event, not a column
_SEPARATOR = "|"


TOPICS = {kind.topic: kind for kind in KINDS.values() if kind.topic}
"""Kind of the rows that entries of each topic are about."""
_PREFIX = TOPICS["cluster"].prefix


def enter(ledger: Ledger, topic: str, row: Mapping[str, Any], by: Visitor) -> None:
    """Write down one row: columns of the topic's table, days as ISO text.

    For a cluster `inspected_on` may be among them, the day of a re-inspection.
    """
    ledger.write(topic, subject(topic, row), dict(row), by)


def withdraw(ledger: Ledger, topic: str, row: Mapping[str, Any], by: Visitor) -> None:
    """Take back what was entered of the row with the same key."""
    ledger.write(topic, subject(topic, row), {WITHDRAWN: True}, by)


def subject(topic: str, row: Mapping[str, Any]) -> str:
    """Key of a row, days as ISO text, as the subject of an entry."""
    return _SEPARATOR.join(str(row[name]) for name in TOPICS[topic].table_key)


def folded(frames: Frames, ledger: Ledger) -> Frames:
    """`frames` with what was entered; `frames` is left as it was."""
    result = dict(frames)
    for topic, kind in TOPICS.items():
        standing = {key: _merged(one) for key, one in _standing(ledger.history(topic)).items()}
        if standing:
            result[kind.name] = _laid(frames[kind.name], _typed(standing, kind), standing, kind)
    return result


def inspections(ledger: Ledger) -> pd.DataFrame:
    """Events of the re-inspections entered: record_key, event, day."""
    days = [
        (_PREFIX + key, "inspected", pd.Timestamp(body[INSPECTED]))
        for key, bodies in _standing(ledger.history("cluster")).items()
        for body in bodies
        if body.get(INSPECTED)
    ]
    empty = table_schemas.empty("events")
    return pd.DataFrame(days, columns=empty.columns).astype(empty.dtypes)


def _standing(entries: Iterable[Entry]) -> dict[str, list[dict[str, Any]]]:
    """Bodies that hold, by subject, in the order they were written."""
    standing: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        if entry.body.get(WITHDRAWN):
            standing.pop(entry.subject, None)
        else:
            standing.setdefault(entry.subject, []).append(entry.body)
    return standing


def _merged(bodies: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: value for body in bodies for name, value in body.items() if value is not None}


def _typed(standing: dict[str, dict[str, Any]], kind: Kind) -> pd.DataFrame:
    """Rows of the table of `kind`, one a subject, indexed by it."""
    empty = table_schemas.empty(kind.name)
    rows = pd.DataFrame(list(standing.values()), index=list(standing)).replace("", None)
    fresh = rows.reindex(columns=empty.columns)
    days = {name: pd.to_datetime(fresh[name]) for name in kind.table_days}
    return _placed(fresh.assign(**days)).astype(empty.dtypes)


def _laid(
    known: pd.DataFrame, rows: pd.DataFrame, standing: dict[str, dict[str, Any]], kind: Kind
) -> pd.DataFrame:
    """The table with `rows` added or laid over those of the same key."""
    table = known.set_index(_subjects(known, kind))
    both = rows.index.intersection(table.index)
    for key in both:
        given = [name for name in standing[key] if name in table and name not in kind.table_key]
        given += [name for name in record_placing.PLACE if name in table and "lon" in standing[key]]
        for name in dict.fromkeys(given):
            entered: Any = rows.at[key, name]
            table.at[key, name] = entered
    added = rows.drop(index=both)
    added = added.assign(source_file=added["source_file"].fillna(BY_HAND))
    laid = pd.concat([part for part in (table, added) if len(part)] or [table])
    return laid.reset_index(drop=True).astype(table_schemas.empty(kind.name).dtypes)


def _subjects(rows: pd.DataFrame, kind: Kind) -> pd.Index:
    """Keys of rows, as `subject` writes them."""
    keys = rows[list(kind.table_key)]
    days = {name: keys[name].dt.strftime("%Y-%m-%d") for name in kind.table_days if name in keys}
    cells = keys.assign(**days).astype(str)
    subjects: list[str] = [_SEPARATOR.join(key) for key in cells.itertuples(index=False, name=None)]
    return pd.Index(subjects)


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that come with a point, with county, town and zone."""
    if "lon" not in rows or not rows["lon"].notna().any():
        return rows
    given = rows["lon"].notna()
    asked = rows.loc[given, ["name", "address", "lon", "lat"]].astype(
        {"name": "str", "address": "str", "lon": "float64", "lat": "float64"}
    )
    found = record_placing.placed(asked.assign(crs="wgs84", county=None, town=None))
    result = rows.astype(object)
    for name in (name for name in record_placing.PLACE if name in rows):
        result.loc[given, name] = found[name].astype(object)
    return result
