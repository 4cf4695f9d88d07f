"""The demo with names that say whose they are, so that a name in the wrong hands is found."""

import re
from pathlib import Path

import pandas as pd

from domain import owners
from domain.visitors import Sight, clerk
from store import table_schemas
from store.snapshot_store import Draft, Store
from tests.support import drafts

_MARK = re.compile(r"qq([A-Z;]*)z(\w*?)z(\w*?)z([\w;]*?)z([SV])(\d*)qq")
"""Banks, county, zone and unit (or owners) of a record, whether it is a shop, and its number.

The banks of a venue are the one that answers for it and those that have shops in it.
"""


def published(demo_store: Path, folder: Path) -> Store:
    """A store with the demo's records under marked names, in force and real."""
    demo, store = Store(demo_store).current(), Store(folder)
    frames = {name: demo.frame(name) for name in table_schemas.SCHEMAS if name != "spells"}
    units = owners.aliases()
    venues = pd.concat([frames["venues"], frames["venues_before"]])
    of_venue = venues.drop_duplicates("venue_id").set_index("venue_id")["owner"].map(units)
    shops = pd.concat([frames["merchants"], frames["merchants_before"]])
    inside = shops.groupby("venue_id")["operator_id"].agg(
        lambda banks: "".join(f";{bank}" for bank in sorted(set(banks.dropna())))
    )
    inside = inside.reindex(venues["venue_id"].unique(), fill_value="")
    for name in ("venues", "venues_before"):
        unit = frames[name]["owner"].map(units)
        banks = frames[name]["operator_id"].fillna("") + frames[name]["venue_id"].map(inside)
        frames[name] = _marked(frames[name], unit, "V", banks)
    for name in ("merchants", "merchants_before"):
        unit = frames[name]["venue_id"].map(of_venue)
        frames[name] = _marked(frames[name], unit, "S", frames[name]["operator_id"])
    clusters, filings = frames["clusters"], frames["filings"]
    nobody = pd.Series("", clusters.index)
    frames["clusters"] = _marked(clusters, clusters["owners"], "V", nobody)
    nobody = pd.Series("", filings.index)
    frames["filings"] = _marked(filings, filings["owner_id"], "V", nobody, of="title")
    content = drafts.content(frames)
    as_of = pd.Timestamp(demo.manifest["as_of"]).date()
    store.publish(lambda _: Draft(content, as_of=as_of), clerk("测试"))
    return store


def _marked(
    frame: pd.DataFrame, unit: pd.Series, kind: str, bank: pd.Series, of: str = "name"
) -> pd.DataFrame:
    def part(name: str) -> pd.Series:
        known = frame[name] if name in frame else pd.Series("", frame.index)
        return known.astype("string").fillna("")

    number = pd.Series(range(len(frame)), frame.index).astype(str)
    zone, whose = part("zone_id"), unit.astype("string").fillna("")
    banks = bank.astype("string").fillna("")
    mark = "qq" + banks + "z" + part("county_code") + "z" + zone + "z" + whose + "z" + kind
    return frame.assign(**{of: mark + number + "qq"})


def foreign(text: str, sight: Sight) -> set[str]:
    """The marked names in `text` that are none of the business of `sight`."""
    return {
        found[0] for found in _MARK.finditer(text) if not _concerned(sight, *found.groups()[:5])
    }


def _concerned(sight: Sight, banks: str, county: str, zone: str, units: str, kind: str) -> bool:
    if sight.role == "county":
        return sight.unit in {county, zone, *units.split(";")}
    if sight.role == "bank":
        return sight.unit in banks.split(";") or (kind == "V" and sight.unit in units.split(";"))
    return sight.whole or sight.unit in units.split(";")


def names(text: str) -> int:
    """How many marked names there are in `text`."""
    return len(_MARK.findall(text))
