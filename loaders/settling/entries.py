"""What the office enters by hand: clusters, filings and the province's figures.

Each is kept in the ledger under a topic of its own, by the key of its table. Entries of one subject
are laid over each other in the order they were written, and over what a file told: a blank leaves
the earlier value alone. Rows that only entries know are made anew for every snapshot, so one that
is withdrawn is gone from the next. What a file told and an entry changed stays changed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from loaders import tables
from loaders.ledger import Entry, Ledger
from loaders.reading import placing

Frames = dict[str, pd.DataFrame]

WITHDRAWN = "withdrawn"
BY_HAND = "手工登记"
_SEPARATOR = "|"


@dataclass(frozen=True)
class Topic:
    """A kind of entry: the table it goes to, that table's key and its columns of days."""

    table: str
    key: tuple[str, ...]
    days: tuple[str, ...]


TOPICS = {
    "cluster": Topic(
        "clusters", ("cluster_id",), ("declared_on", "planned_on", "plaque_on", "withdrawn_on")
    ),
    "filing": Topic("filings", ("filing_id",), ("month", "filed_on")),
    "figure": Topic(
        "province", ("city", "month", "measure_id", "published_on"), ("month", "published_on")
    ),
}


def enter(ledger: Ledger, topic: str, row: Mapping[str, Any], by: str) -> None:
    """Write down one row: columns of the topic's table, days as ISO text.

    For a cluster `inspected_on` may be among them, the day of a re-inspection.
    """
    ledger.write(topic, subject(topic, row), dict(row), by)


def withdraw(ledger: Ledger, topic: str, row: Mapping[str, Any], by: str) -> None:
    """Take back what was entered of the row with the same key."""
    ledger.write(topic, subject(topic, row), {WITHDRAWN: True}, by)


def subject(topic: str, row: Mapping[str, Any]) -> str:
    """Key of a row as the subject of an entry."""
    return _SEPARATOR.join(str(row[name]) for name in TOPICS[topic].key)


def apart(frames: Frames) -> Frames:
    """Tables of a snapshot without the rows that only entries know."""
    result = dict(frames)
    for topic in TOPICS.values():
        rows = frames[topic.table]
        result[topic.table] = rows[rows["source_file"] != BY_HAND]
    clusters, events = frames["clusters"], frames["events"]
    ours = "c:" + clusters.loc[clusters["source_file"] == BY_HAND, "cluster_id"]
    result["events"] = events[~events["record_key"].isin(ours)]
    return result


def folded(frames: Frames, ledger: Ledger) -> Frames:
    """`frames` with what was entered; `frames` is left as it was."""
    result = dict(frames)
    for name, topic in TOPICS.items():
        standing = _standing(ledger.history(name))
        if standing:
            rows = pd.DataFrame([_merged(bodies) for bodies in standing.values()])
            result[topic.table] = _laid(frames[topic.table], rows, topic)
        if name == "cluster":
            result["events"] = _inspected(frames["events"], standing)
    return result


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
    merged: dict[str, Any] = {}
    for body in bodies:
        merged |= {name: value for name, value in body.items() if value is not None}
    return merged


def _laid(known: pd.DataFrame, rows: pd.DataFrame, topic: Topic) -> pd.DataFrame:
    """The table with `rows` added, or laid over those of the same key."""
    empty = tables.empty(topic.table)
    fresh = rows.reindex(columns=empty.columns)
    days = {name: pd.to_datetime(fresh[name]) for name in topic.days}
    fresh = _placed(fresh.assign(**days)).astype(empty.dtypes)
    keyed = fresh.set_index(list(topic.key))
    table = keyed.combine_first(known.set_index(list(topic.key))).reset_index()
    table["source_file"] = table["source_file"].fillna(BY_HAND)
    return table[empty.columns].astype(empty.dtypes)


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that come with a point, with county, town and zone."""
    if "lon" not in rows or not rows["lon"].notna().any():
        return rows
    given = rows["lon"].notna()
    asked = rows.loc[given, ["name", "address", "lon", "lat"]].astype(
        {"name": "str", "address": "str", "lon": "float64", "lat": "float64"}
    )
    found = placing.placed(asked.assign(crs="wgs84", county=None, town=None))
    result = rows.astype(object)
    for name in (name for name in placing.PLACE if name in rows):
        result.loc[given, name] = found[name].astype(object)
    return result


def _inspected(events: pd.DataFrame, standing: dict[str, list[dict[str, Any]]]) -> pd.DataFrame:
    """Events with the re-inspections entered; each day once."""
    rows = [
        {"record_key": f"c:{key}", "event": "inspected", "day": pd.Timestamp(body["inspected_on"])}
        for key, bodies in standing.items()
        for body in bodies
        if body.get("inspected_on")
    ]
    if not rows:
        return events
    fresh = pd.DataFrame(rows).astype(events.dtypes)
    return pd.concat([events, fresh], ignore_index=True).drop_duplicates(ignore_index=True)
