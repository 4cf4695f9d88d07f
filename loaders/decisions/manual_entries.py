"""Entries that the office makes by hand: clusters, filings and the province's figures.

Each is kept in the ledger under the topic of its kind, by the key of its table. Entries of one
subject are laid over each other in the order they were written, and over the cells of the files; a
cell that an entry leaves out stays as it is, and '' empties it. They hold for every later file,
until they are withdrawn: then the row is as the files have it, or gone. For that the snapshot's
table ``told`` keeps the files' value of each cell that an entry changed.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

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


def enter(ledger: Ledger, topic: str, row: Mapping[str, Any], by: str) -> None:
    """Write down one row: columns of the topic's table, days as ISO text.

    For a cluster `inspected_on` may be among them, the day of a re-inspection.
    """
    ledger.write(topic, subject(topic, row), dict(row), by)


def withdraw(ledger: Ledger, topic: str, row: Mapping[str, Any], by: str) -> None:
    """Take back what was entered of the row with the same key."""
    ledger.write(topic, subject(topic, row), {WITHDRAWN: True}, by)


def subject(topic: str, row: Mapping[str, Any]) -> str:
    """Key of a row, days as ISO text, as the subject of an entry."""
    return _SEPARATOR.join(str(row[name]) for name in TOPICS[topic].table_key)


def apart(frames: Frames) -> Frames:
    """Tables of a snapshot as the files have them, without anything that entries gave."""
    result = dict(frames)
    told = frames["told"]
    for topic, kind in TOPICS.items():
        rows = frames[kind.name]
        rows = rows[rows["source_file"] != BY_HAND]
        result[kind.name] = _restored(rows, told[told["topic"] == topic], kind)
    ours = told[(told["topic"] == "cluster") & (told["column"] == INSPECTED)]
    given = pd.MultiIndex.from_arrays([_PREFIX + ours["subject"], pd.to_datetime(ours["value"])])
    events = frames["events"]
    mine = pd.MultiIndex.from_frame(events[["record_key", "day"]]).isin(given)
    result["events"] = events[~(mine & (events["event"] == "inspected"))]
    return result | {"told": table_schemas.empty("told")}


def folded(frames: Frames, ledger: Ledger) -> Frames:
    """`frames` with what was entered, and `told` anew; `frames` is left as it was.

    They must be as `apart` leaves them.
    """
    result, told = dict(frames), []
    for topic, kind in TOPICS.items():
        standing = {key: _merged(one) for key, one in _standing(ledger.history(topic)).items()}
        if standing:
            rows = _typed(standing, kind)
            result[kind.name], under = _laid(frames[kind.name], rows, standing, kind)
            told.append(under.assign(topic=topic))
    result["events"], fresh = _inspected(frames["events"], _standing(ledger.history("cluster")))
    told.append(fresh.assign(topic="cluster"))
    known = pd.concat([table_schemas.empty("told"), *told], ignore_index=True)
    return result | {"told": known.astype(table_schemas.empty("told").dtypes)}


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
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table with `rows` added or laid over those of the same key, and the cells under them."""
    table = known.set_index(_subjects(known, kind))
    both = rows.index.intersection(table.index)
    under = []
    for key in both:
        given = [name for name in standing[key] if name in table and name not in kind.table_key]
        given += [name for name in record_placing.PLACE if name in table and "lon" in standing[key]]
        for name in dict.fromkeys(given):
            under.append({"subject": key, "column": name, "value": _text(table.at[key, name])})
            entered: Any = rows.at[key, name]
            table.at[key, name] = entered
    added = rows.drop(index=both)
    added = added.assign(source_file=added["source_file"].fillna(BY_HAND))
    laid = pd.concat([part for part in (table, added) if len(part)] or [table])
    laid = laid.reset_index(drop=True).astype(table_schemas.empty(kind.name).dtypes)
    return laid, pd.DataFrame(under, columns=["subject", "column", "value"])


def _restored(rows: pd.DataFrame, told: pd.DataFrame, kind: Kind) -> pd.DataFrame:
    """Rows with the files' cells, where entries had changed them."""
    cells = told[told["column"].isin(rows.columns)]
    if cells.empty:
        return rows
    table = rows.set_index(_subjects(rows, kind))
    for cell in cells.to_dict("records"):
        if cell["subject"] in table.index:
            dtype = table[cell["column"]].dtype
            table.at[cell["subject"], cell["column"]] = _value(cell["value"], dtype)
    return table.reset_index(drop=True)


def _subjects(rows: pd.DataFrame, kind: Kind) -> pd.Index:
    """Keys of rows, as `subject` writes them."""
    keys = rows[list(kind.table_key)]
    days = {name: keys[name].dt.strftime("%Y-%m-%d") for name in kind.table_days if name in keys}
    cells = keys.assign(**days).astype(str)
    subjects: list[str] = [_SEPARATOR.join(key) for key in cells.itertuples(index=False, name=None)]
    return pd.Index(subjects)


def _text(value: Any) -> str | None:
    if pd.isna(value):
        return None
    return value.isoformat() if isinstance(value, pd.Timestamp) else str(value)


def _value(text: str | None, dtype: Any) -> Any:
    if pd.isna(text):
        return pd.NaT if pd.api.types.is_datetime64_any_dtype(dtype) else None
    if pd.api.types.is_bool_dtype(dtype):
        return text == "True"
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return pd.Timestamp(text)
    return float(text) if pd.api.types.is_float_dtype(dtype) else text


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


def _inspected(
    events: pd.DataFrame, standing: dict[str, list[dict[str, Any]]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Events with the re-inspections entered, each day once; and those that no file has."""
    days = [
        (key, body[INSPECTED])
        for key, bodies in standing.items()
        for body in bodies
        if body.get(INSPECTED)
    ]
    fresh = pd.DataFrame(list(dict.fromkeys(days)), columns=["subject", "value"], dtype="str")
    rows = pd.DataFrame(
        {
            "record_key": _PREFIX + fresh["subject"],
            "event": "inspected",
            "day": pd.to_datetime(fresh["value"]),
        }
    ).astype(events.dtypes)
    keys = ["record_key", "event", "day"]
    new = ~pd.MultiIndex.from_frame(rows[keys]).isin(pd.MultiIndex.from_frame(events[keys]))
    laid = pd.concat([events, rows[new]], ignore_index=True) if new.any() else events
    return laid, fresh[new].assign(column=INSPECTED)
