"""Which venue of the register a record means, by id or by name, on each day.

A name may stand for one venue after another: a market leaves the register and comes back under
another number. Then each is meant while it is on the register under that name. A name that two
venues have at a time means neither.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from loaders.kinds import KINDS
from loaders.reading import record_checks
from loaders.reading.cell_parsing import plain
from store import table_schemas

Frames = dict[str, pd.DataFrame]
Turns = Mapping[str, list[tuple[pd.Timestamp, str]]]
"""Venues that a plain name means one after the other, each with its first day."""

_DAY = pd.Timedelta(days=1)
_EVER, _NEVER = (pd.Timestamp(day).as_unit("ms") for day in ("1900-01-01", "9999-12-31"))


def linked(frames: Frames) -> Frames:
    """`frames` with the venues that records name."""
    held = pd.concat([frames["venues"], frames["venues_before"]], ignore_index=True)
    register, turns = held[["venue_id", "name"]].drop_duplicates(), _turns(held)
    result = dict(frames)
    for kind in (kind for kind in KINDS.values() if kind.in_venue):
        before = table_schemas.BEFORE.get(kind.name)
        now = frames[kind.name]
        rows = _by_day(pd.concat([now, frames[before]]), turns) if before else _last(now, turns)
        if rows.empty:
            continue
        rows = record_checks.linked(rows.assign(note=None), register)
        reason = record_checks.joined(rows["reason"], rows["note"])
        review = rows["in_review"] | rows["note"].notna()
        rows = rows.assign(reason=reason, in_review=review).drop(columns="note")
        holds = rows["until"].isna() if before else pd.Series(True, rows.index)
        result[kind.name] = rows[holds].reset_index(drop=True)
        if before:
            result[before] = rows[~holds].reset_index(drop=True)
    return result


def _turns(held: pd.DataFrame) -> Turns:
    """What each name means that stands for several venues, never for two at a time."""
    since = held[["since", "listed_on"]].max(axis=1).fillna(_EVER)
    until = held[["until"]].assign(left=held["delisted_on"] - _DAY).min(axis=1).fillna(_NEVER)
    rows = held.assign(plain=held["name"].map(plain), since=since, until=until)
    each = rows.groupby(["plain", "venue_id"], as_index=False).agg(
        since=("since", "min"), until=("until", "max")
    )
    several = each[each.duplicated("plain", keep=False)].sort_values(["plain", "since"])
    overlaps = several["since"] <= several.groupby("plain")["until"].shift()
    clear = several[~several["plain"].isin(several.loc[overlaps, "plain"])]
    return {
        str(name): list(zip(own["since"], own["venue_id"], strict=True))
        for name, own in clear.groupby("plain")
    }


def _meant(rows: pd.DataFrame, turns: Turns) -> pd.Series:
    """The names in `turns` that rows have instead of an id; null for all others."""
    written = rows["venue_id"].dropna().unique()
    return rows["venue_id"].map({one: plain(one) for one in written if plain(one) in turns})


def _last(rows: pd.DataFrame, turns: Turns) -> pd.DataFrame:
    name = _meant(rows, turns)
    last = name.map({one: ids[-1][1] for one, ids in turns.items()}).astype("str")
    return rows.assign(venue_id=last.fillna(rows["venue_id"]))


def _by_day(rows: pd.DataFrame, turns: Turns) -> pd.DataFrame:
    """Rows, those that mean one venue after another cut where it is another."""
    name = _meant(rows, turns)
    if name.isna().all():
        return rows
    cut = [
        piece
        for row, one in zip(rows[name.notna()].to_dict("records"), name.dropna(), strict=True)
        for piece in _cut(row, turns[one])
    ]
    pieces = pd.DataFrame(cut, columns=rows.columns).astype(rows.dtypes)
    return pd.concat([rows[name.isna()], pieces], ignore_index=True)


def _cut(row: dict[Any, Any], turns: list[tuple[pd.Timestamp, str]]) -> Iterator[dict[Any, Any]]:
    """A row for each of the venues that it means; the first also held before."""
    starts: list[Any] = [pd.NaT, *(start for start, _ in turns[1:])]
    ends = [*(start - _DAY for start in starts[1:]), pd.NaT]
    for start, end, (_, venue_id) in zip(starts, ends, turns, strict=True):
        since = max((one for one in (row["since"], start) if pd.notna(one)), default=pd.NaT)
        until = min((one for one in (row["until"], end) if pd.notna(one)), default=pd.NaT)
        if pd.isna(since) or pd.isna(until) or since <= until:
            yield row | {"since": since, "until": until, "venue_id": venue_id}
