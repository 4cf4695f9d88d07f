"""What is questioned, looked up in a snapshot: its name, and whom it concerns."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc
from pyarrow import dataset

from domain import owners, reference
from domain.dispute_rules import Subject
from domain.visitors import Visitor
from geo.place_names import county_of, zones
from loaders.reading import record_placing
from store.errors import IntakeError
from store.snapshot import Snapshot

_TABLES = {
    "shop": ("merchants", "merchant_key"),
    "venue": ("venues", "venue_id"),
    "denominator": ("venues", "venue_id"),
    "cluster": ("clusters", "cluster_id"),
}
FIGURE_KEY = ("month", "county_code", "operator_id", "indicator_id")
SEPARATOR = "|"


def subject(snapshot: Snapshot, kind: str, key: str) -> Subject:
    """What `key` names among the records of `kind`. Raises `IntakeError` where there is none.

    A figure's key is its month (ISO day), county, bank and indicator, joined by '|'.
    """
    if kind == "figure":
        return _figure(snapshot, key)
    table, column = _TABLES[kind]
    row = _row(snapshot, table, pc.field(column) == key)
    if row is None:
        raise IntakeError(f"现行版本里没有“{key}”，没有提出。请重新查找后再选")
    place = {name: row[name] or "" for name in ("county_code", "zone_id")}
    if kind == "shop":
        return Subject(kind, key, row["name"] or key, **place, operator_id=row["operator_id"] or "")
    if kind == "cluster":
        ids = (row["owners"] or "").split(";")
        return Subject(kind, key, row["name"] or key, **place, **_among(ids))
    unit = owners.aliases().get((row["owner"] or "").strip(), "")
    bank = row["operator_id"] or ""
    return Subject(
        kind, key, row["name"] or key, **place, operator_id=bank, unit_id=_among([unit])["unit_id"]
    )


def gone(snapshot: Snapshot, subjects: Sequence[Subject]) -> list[Subject]:
    """Those of `subjects` whose record `snapshot` does not have; one without a key names none."""
    known: set[tuple[str, str]] = set()
    for kind in {one.kind for one in subjects}:
        keys = [one.key for one in subjects if one.kind == kind]
        if kind == "figure":
            found = _figures(snapshot).to_list()
        else:
            table, column = _TABLES[kind]
            rows = dataset.dataset(snapshot.sound(table))
            found = rows.to_table([column], pc.field(column).isin(keys))[column].to_pylist()
        known |= {(kind, key) for key in found}
    return [one for one in subjects if one.key and (one.kind, one.key) not in known]


def unlisted(fields: dict[str, Any]) -> Subject:
    """A venue that should be on the register: `fields` has name, kind_id, county_code and more.

    Its zone is that of its address.
    """
    county = reference.labels("counties", "county_code", "name")[fields["county_code"]]
    said = {"name": fields["name"], "address": fields["address"], "county": county}
    row = pd.DataFrame([said]).assign(town=None, lon=np.nan, lat=np.nan, crs=None)
    zone = record_placing.placed(row)["zone_id"].iloc[0]
    return Subject(
        "venue",
        "",
        fields["name"],
        county_code=fields["county_code"],
        zone_id="" if pd.isna(zone) else zone,
        operator_id=fields.get("operator_id") or "",
        unit_id=_unit_of_kinds()[fields["kind_id"]],
    )


def listable(who: Visitor) -> dict[str, list[str]]:
    """What `who` may say of a venue that was left out: kind_id, county_code, operator_id.

    A department names its own kinds, a county or zone where it lies, a bank itself; '' is no bank.
    """
    kinds, unit = _unit_of_kinds(), who.unit
    counties = list(reference.labels("counties", "county_code", "name"))
    banks = ["", *reference.labels("operators", "operator_id", "operator")]
    of_zone = {county_of(town) for town, zone in zones().items() if zone == unit}
    own = {
        "department": {"kind_id": [kind for kind in kinds if kinds[kind] == unit]},
        "county": {"county_code": sorted(of_zone) or [unit]},
        "bank": {"operator_id": [unit]},
    }
    every = {"kind_id": list(kinds), "county_code": counties, "operator_id": banks}
    return every | own.get(who.role, {})


def _figure(snapshot: Snapshot, key: str) -> Subject:
    if not _figures(snapshot).eq(key).any():
        raise IntakeError(f"现行版本里没有“{key}”这个指标，没有提出。请重新查找后再选")
    month, county, bank, indicator = key.split(SEPARATOR)
    names = [
        month[:7],
        reference.labels("counties", "county_code", "name").get(county, "全市"),
        reference.labels("operators", "operator_id", "operator").get(bank, "全部机构"),
        reference.labels("indicators", "indicator_id", "indicator").get(indicator, indicator),
    ]
    return Subject("figure", key, " ".join(names), county_code=county, operator_id=bank)


def _unit_of_kinds() -> dict[str, str]:
    """The department of each kind of venue, '' where it is none."""
    stated = reference.labels("venue_kinds", "kind_id", "owner")
    units = {kind: owners.aliases().get(owner, "") for kind, owner in stated.items()}
    return {kind: _among([unit])["unit_id"] for kind, unit in units.items()}


def _figures(snapshot: Snapshot) -> pd.Series:
    """Keys of the monthly figures."""
    found = snapshot.frame("indicators")
    month = found["month"].dt.strftime("%Y-%m-%d")
    keys: pd.Series = month.str.cat([found[name].fillna("") for name in FIGURE_KEY[1:]], SEPARATOR)
    return keys


def _among(ids: list[str]) -> dict[str, str]:
    """The first bank and the first department among the `ids` of owners."""
    banks = reference.labels("operators", "operator_id", "operator")
    units = reference.labels("units", "unit_id", "unit")
    return {
        "operator_id": next((one for one in ids if one in banks), ""),
        "unit_id": next((one for one in ids if one in units), ""),
    }


def _row(snapshot: Snapshot, table: str, where: pc.Expression) -> dict[str, Any] | None:
    rows = dataset.dataset(snapshot.sound(table)).to_table(filter=where).to_pylist()
    return rows[0] if rows else None
