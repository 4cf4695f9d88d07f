"""The history of a shop or a venue as a list: what happened, when, and who told it where."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from domain import lives
from domain.dispute_rules import Dispute
from presentation import activity_listings, dispute_listings, labels, register_listings
from queries import record_history
from queries.scope import Scope

_SOURCE = ["sender", "as_at", "source_file", "source_row"]
TIMELINE = ["happened_on", "happened", "happened_said", *_SOURCE]
EVENTS = {
    "target": "列入名单",
    "contracted": "签约",
    "opened": "开通",
    "inspected": "巡检",
    "paid": "交易",
    "suspended": "停用",
    "closed": "注销",
    "refused": "拒绝",
    "eligible": "应覆盖",
    "ineligible": "不再应覆盖",
    "disproved": "认定不算验证",
}
_NEVER_ELIGIBLE = "报送时就不应覆盖"
_CHANGES = {
    "merchants": {"name": "改名", "address": "地址变更", "where": "位置变更",
                  "venue": "所属场所变更"},
    "venues": {"name": "改名", "address": "地址变更", "where": "位置变更", "kind": "类别变更",
               "department": "主管部门变更", "operator": "责任银行变更"},
}  # fmt: skip
"""Attributes of which a change is told, and what such a change is called."""
_BLANK = "未填"


def columns(lines: pd.DataFrame) -> list[str]:
    """Of `TIMELINE`, the columns that say something in any of the `lines`."""
    said = lines.notna() & (lines != "")
    return [name for name in TIMELINE if said[name].any()]


def shop(scope: Scope, key: str, told: pd.DataFrame, disputes: Sequence[Dispute]) -> pd.DataFrame:
    """Everything about a shop, the newest first: `TIMELINE`.

    `told` are the rows of statements about it, the first first: as_at, sender, source_file,
    source_row, and a column for the day of each event.
    """
    found = [*_happened(record_history.events(scope, key), told)]
    return _sorted([*found, *_of_any(scope, "merchants", key, disputes)])


def venue(
    scope: Scope, venue_id: str, told: pd.DataFrame, disputes: Sequence[Dispute]
) -> pd.DataFrame:
    """Everything about a venue, the newest first: `TIMELINE`.

    `told` are the rows of statements about it, the first first, with its listing and denominator.
    """
    versions = record_history.versions(scope, "venues", venue_id)
    found = []
    for column, label in {"listed_on": "列入名录", "delisted_on": "撤出名录"}.items():
        for row in versions.dropna(subset=[column]).drop_duplicates(column).to_dict("records"):
            found.append(_line(row[column], label, "", _first(told, {column: row[column]}) or row))
    for row in record_history.denominators(scope, venue_id).to_dict("records"):
        said = f"应覆盖 {row['eligible_count']:,.0f} 家，{row['eligible_grade'] or '—'} 级，"
        said += str(row["eligible_source"] or "未写来源")
        count = {"eligible_count": row["eligible_count"]}
        dated = _first(told, count | {"eligible_on": row["stated_on"]})
        source = dated or _first(told, count | {"as_at": row["stated_on"]}) or row
        found.append(_line(row["stated_on"], "核定应覆盖数", said, source))
    return _sorted([*found, *_of_any(scope, "venues", venue_id, disputes)])


def _happened(events: pd.DataFrame, told: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Events, each with the first row of a statement that told its day.

    What held always has the day of the statement that told it first.
    """
    for event, day in zip(events["event"], pd.to_datetime(events["day"]), strict=True):
        if day == pd.Timestamp(lives.ALWAYS):
            source = _first(told, {"eligible": False})
            yield _line(source.get("as_at"), _NEVER_ELIGIBLE, "", source)
            continue
        column = f"{event}_on" if f"{event}_on" in told else "as_at"
        yield _line(day, EVENTS[event], "", _first(told, {column: day}))


def _first(told: pd.DataFrame, said: dict[str, Any]) -> dict[Any, Any]:
    """The first row of a statement that `said` this; without any, nothing."""
    hits = pd.Series(True, told.index)
    for name, value in said.items():
        hits &= (told[name] == value).fillna(False).astype(bool)
    rows: list[dict[Any, Any]] = told[hits].head(1).to_dict("records")
    return rows[0] if rows else {}


def _of_any(
    scope: Scope, kind: str, key: str, disputes: Sequence[Dispute]
) -> Iterator[dict[str, Any]]:
    """Changes of attributes, decisions and disputes."""
    versions = _named(scope, record_history.versions(scope, kind, key)).to_dict("records")
    for before, now in pairwise(versions):
        for name, label in _CHANGES[kind].items():
            was, became = (str(row[name] or _BLANK) for row in (before, now))
            if was != became:
                yield _line(now["since"], label, f"{was} → {became}", now)
    for entry in record_history.decisions(scope, kind, key):
        topic = activity_listings.TOPICS[entry.topic.rpartition(" ")[2]]
        yield _line(entry.at.astimezone().date(), topic, f"经办人 {entry.by}", {})
    for dispute in disputes:
        for step, said in zip(
            dispute.steps, dispute_listings.steps(scope, dispute)["said"], strict=True
        ):
            yield _line(step.day, f"质询 {dispute.number}", said, {"sender": step.by})


def _named(scope: Scope, versions: pd.DataFrame) -> pd.DataFrame:
    named = labels.with_names(versions)
    where = named["county"] + named["town"].where(named["town"] != "未定位", "")
    named = named.assign(where=where, address=named["address"].fillna(""))
    if "owner" in named:
        return named.assign(department=named["owner"].fillna(""))
    return named.assign(venue=named["venue_id"].map(register_listings.names(scope)).fillna(""))


def _line(day: Any, happened: str, said: str, source: dict[Any, Any]) -> dict[str, Any]:
    told = {name: source.get(name) for name in _SOURCE}
    return {"happened_on": day, "happened": happened, "happened_said": said} | told


def _sorted(lines: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(lines, columns=TIMELINE)
    frame = frame.assign(
        happened_on=pd.to_datetime(frame["happened_on"]).dt.date,
        as_at=pd.to_datetime(frame["as_at"]).dt.date,
        source_row=frame["source_row"].astype("Int64"),
    )
    return frame.sort_values("happened_on", ascending=False, kind="stable", ignore_index=True)
