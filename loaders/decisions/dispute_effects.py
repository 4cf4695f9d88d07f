"""What upheld disputes do to the tables: carried out in the fold, from the day of each.

A function of the tables and of the rulings in force. Which reason has which effect stands in the
reference table ``dispute_reasons``; what other decisions of the ledger say is not done here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from domain import reference
from domain.dispute_rules import Subject
from domain.states import DISPROVED
from loaders import accounts
from loaders.decisions import dispute_subjects
from loaders.decisions.dispute_subjects import FIGURE_KEY, SEPARATOR
from loaders.kinds import KINDS
from loaders.reading import record_placing
from loaders.venue_history import DENOMINATOR
from store import dispute_register, table_schemas
from store.ledger import Ledger
from store.snapshot import Snapshot

Frames = dict[str, pd.DataFrame]

_EVENTS = {"closed": "closed", "unverified": DISPROVED, "ineligible": "ineligible"}
"""Event that befalls a shop by the effect."""
_OF_SHOPS = ("closed", "ineligible")
"""Effects on the shop itself, and so on all its records; others are on what one bank sent."""
_DAY = pd.Timedelta(days=1)
_SOURCE = "质询裁定"


@dataclass(frozen=True)
class Upheld:
    """A dispute whose last ruling upholds it: `body` is that of the ruling."""

    number: str
    subject: Subject
    body: dict[str, Any]
    fields: dict[str, Any]

    @property
    def on(self) -> pd.Timestamp:
        """The first day on which it holds."""
        return pd.Timestamp(self.body["on"])

    @property
    def source(self) -> str:
        """What a figure that it settled is said to come from."""
        return f"{_SOURCE} {self.number}"


def upheld(ledger: Ledger) -> list[Upheld]:
    """The upheld disputes, in the order of their days and numbers."""
    found = [
        Upheld(one.number, one.subject, one.ruling.body, one.steps[0].body["fields"])
        for one in dispute_register.disputes(ledger).values()
        if one.ruling is not None and one.ruling.body["upheld"]
    ]
    return sorted(found, key=lambda one: (one.on, one.number))


def added(rulings: Sequence[Upheld]) -> pd.DataFrame:
    """Venues that rulings add to the register: as a file states them, placed, with their day.

    Columns are those of the register, `key` for its own, and county, town, bare, twin and note.
    """
    rows = [
        {"key": one.number, "listed_on": one.on, "source_file": one.source}
        | {name: one.fields[name] or None for name in ("name", "kind_id", "address", "operator_id")}
        | {"county": reference.labels("counties", "county_code", "name")[one.fields["county_code"]]}
        | _counted(one, one.fields["eligible_count"], "C")
        for one in rulings
        if one.body["effect"] == "listed"
    ]
    empty = table_schemas.empty("venues").dtypes.rename({"venue_id": "key"})
    venues = pd.DataFrame(rows, columns=[*empty.index, "county", "town", "crs"])
    venues = venues.astype(empty.to_dict() | dict.fromkeys(("county", "town", "crs"), "str"))
    found = record_placing.placed(venues)
    place = [name for name in record_placing.PLACE if name in venues]
    return venues.assign(**{name: found[name] for name in place}, bare=False, twin=False, note=None)


def carried_out(frames: Frames, rulings: Sequence[Upheld]) -> Frames:
    """`frames` with what `rulings` say of venues on record, denominators and figures."""
    result = dict(frames)
    by_effect: dict[str, list[Upheld]] = {}
    for one in rulings:
        by_effect.setdefault(one.body["effect"], []).append(one)
    for one in by_effect.get("delisted", []):
        for name in ("venues", "venues_before"):
            result[name] = _delisted(result[name], one)
    for one in by_effect.get("denominator", []):
        result |= _recounted(
            result, one, _counted(one, one.body["eligible_count"], one.body["grade"])
        )
    for one in by_effect.get("listed", []):
        counts = _counted(one, one.fields["eligible_count"], "C")
        if counts["eligible_count"]:
            result["denominators"] = _with_count(result["denominators"], one.number, one, counts)
    for one in by_effect.get("figure", []):
        result["indicators"] = _corrected(result["indicators"], one)
    return result


def happened(merchants: pd.DataFrame, rulings: Iterable[Upheld]) -> pd.DataFrame:
    """Events by which `rulings` befall those of `merchants`: record_key, event, day.

    What befalls a shop befalls all its records, those with the same shop_key.
    """
    told = [one for one in rulings if one.body["effect"] in _EVENTS]
    called = _called(merchants, [one.subject for one in told])
    asked = merchants["merchant_key"].isin(list(called.values()))
    alike = merchants["shop_key"].isin(merchants.loc[asked, "shop_key"])
    shops = merchants[alike].set_index("merchant_key")["shop_key"]
    days = []
    for one in (one for one in told if one.subject in called):
        key, effect = called[one.subject], one.body["effect"]
        keys = shops.index[shops == shops[key]] if effect in _OF_SHOPS else [key]
        days += [(KINDS["merchants"].prefix + each, _EVENTS[effect], one.on) for each in keys]
    empty = table_schemas.empty("events")
    return pd.DataFrame(days, columns=empty.columns).astype(empty.dtypes)


def lost(content: Snapshot, ledger: Ledger) -> dict[str, Subject]:
    """What upheld disputes are about that change nothing in a version without it, by number."""
    rulings = [one for one in upheld(ledger) if one.body["effect"] != "none"]
    missing = set(dispute_subjects.gone(content, [one.subject for one in rulings]))
    away = [one for one in rulings if one.subject in missing]
    befall = [one.subject for one in away if one.body["effect"] in _EVENTS]
    called = _called(content.frame("merchants"), befall) if befall else {}
    return {one.number: one.subject for one in away if one.subject not in called}


def _called(merchants: pd.DataFrame, shops: Sequence[Subject]) -> dict[Subject, str]:
    """The keys that those of `shops` have that are among `merchants`.

    One whose number came to stand for several shops since is the one that has its name.
    """
    asked = [one.key for one in shops]
    known = set(merchants.loc[merchants["merchant_key"].isin(asked), "merchant_key"])
    called = {one: one.key for one in shops if one.key in known}
    others = [one for one in shops if one not in called]
    if others:
        numbers = accounts.keys(merchants, KINDS["merchants"])
        for one in others:
            alike = merchants[(numbers == one.key) & (merchants["name"] == one.name)]
            if len(alike) == 1:
                called[one] = alike["merchant_key"].iloc[0]
    return called


def _counted(one: Upheld, count: int | None, grade: str) -> dict[str, Any]:
    """A denominator by ruling, columns `DENOMINATOR`."""
    known = bool(count)
    cells = (count or None, one.source if known else None, one.on if known else None)
    return dict(zip(DENOMINATOR, (*cells, grade if known else None), strict=True))


def _delisted(venues: pd.DataFrame, one: Upheld) -> pd.DataFrame:
    """The register without a venue from the day of a ruling on: in the listing that holds then."""
    begun = venues["listed_on"].isna() | (venues["listed_on"] <= one.on)
    stands = venues["delisted_on"].isna() | (venues["delisted_on"] > one.on)
    hit = (venues["venue_id"] == one.subject.key) & begun & stands
    return venues.assign(delisted_on=venues["delisted_on"].mask(hit, one.on))


def _recounted(frames: Frames, one: Upheld, counts: dict[str, Any]) -> Frames:
    """The register with another denominator of a venue, from the day of the ruling to the next."""
    venue_id, stated = one.subject.key, frames["denominators"]
    held = pd.concat([frames["venues_before"], frames["venues"]], ignore_index=True)
    ours = held["venue_id"] == venue_id
    if not ours.any():
        return {}
    later = stated.loc[(stated["venue_id"] == venue_id) & (stated["stated_on"] > one.on)]
    until = later["stated_on"].min() - _DAY if len(later) else pd.NaT
    cut = [
        piece for row in held[ours].to_dict("records") for piece in _cut(row, one, until, counts)
    ]
    pieces = pd.DataFrame(cut, columns=held.columns).astype(held.dtypes)
    held = pd.concat([held[~ours], pieces], ignore_index=True)
    now = held["until"].isna()
    return {
        "venues": held[now].reset_index(drop=True),
        "venues_before": held[~now].reset_index(drop=True),
        "denominators": _with_count(stated, venue_id, one, counts),
    }


def _cut(
    row: dict[Any, Any], one: Upheld, until: Any, counts: dict[str, Any]
) -> Iterator[dict[Any, Any]]:
    """A row of the register in up to three: before the ruling, while its count holds, and after."""
    since, last = row["since"], row["until"]
    apart = (pd.notna(last) and last < one.on) or (
        pd.notna(until) and pd.notna(since) and since > until
    )
    if apart:
        yield row
        return
    start, end = since, last
    if pd.isna(since) or since < one.on:
        yield row | {"until": one.on - _DAY}
        start = one.on
    if pd.notna(until) and (pd.isna(last) or last > until):
        yield row | {"since": until + _DAY}
        end = until
    yield row | {"since": start, "until": end} | counts


def _with_count(
    stated: pd.DataFrame, venue_id: str, one: Upheld, counts: dict[str, Any]
) -> pd.DataFrame:
    """The denominators with that of a ruling, which goes before another of its day."""
    row = {"venue_id": venue_id, "stated_on": one.on, "source_file": one.source} | counts
    fresh = pd.DataFrame([row], columns=list(stated.columns)).astype(stated.dtypes)
    again = (stated["venue_id"] == venue_id) & (stated["stated_on"] == one.on)
    return pd.concat([stated[~again], fresh], ignore_index=True)


def _corrected(figures: pd.DataFrame, one: Upheld) -> pd.DataFrame:
    """Monthly figures with another value of one of them."""
    key = dict(zip(FIGURE_KEY, one.subject.key.split(SEPARATOR), strict=True))
    hit = figures["month"] == pd.Timestamp(key.pop("month"))
    for name, value in key.items():
        hit &= figures[name].fillna("") == value
    return figures.assign(value=figures["value"].mask(hit, one.body["value"]))
