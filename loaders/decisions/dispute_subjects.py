"""What is questioned, looked up in a snapshot: its name, and whom it concerns."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow.compute as pc
from pyarrow import dataset

from domain import owners, reference
from domain.dispute_rules import Subject
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
    """A venue that should be on the register: `fields` has name, kind_id, county_code and more."""
    unit = owners.aliases().get(
        reference.labels("venue_kinds", "kind_id", "owner")[fields["kind_id"]], ""
    )
    return Subject(
        "venue",
        "",
        fields["name"],
        county_code=fields["county_code"],
        operator_id=fields.get("operator_id") or "",
        unit_id=_among([unit])["unit_id"],
    )


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
