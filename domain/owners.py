"""Owners (责任单位): counties, zones, member units, the office and banks, under one id each.

Units are renamed by decree. An id stays; the name is that of the day (``unit_names.csv``).
"""

from datetime import date
from functools import cache

import pandas as pd

from domain import reference

KINDS = {
    "county": "县区",
    "zone": "功能板块",
    "unit": "成员单位",
    "office": "办公室",
    "operator": "试点银行",
}
"""Kinds of owner, and what the notice calls them."""


@cache
def owners(as_of: date) -> pd.DataFrame:
    """All owners in the order of the reference: owner_id, owner, owner_kind, industry.

    `owner` is the name on `as_of`; `industry` marks the departments taken as 行业主管部门. Shared
    by all who ask: do not write to it.
    """
    parts = [
        _of("counties", "county_code", "name", "county"),
        _of("zones", "zone_id", "name", "zone"),
        _units(as_of),
        _of("operators", "operator_id", "operator", "operator"),
    ]
    return pd.concat(parts, ignore_index=True)


def names(as_of: date) -> dict[str, str]:
    """Name on `as_of` of every owner by id."""
    frame = owners(as_of)
    return dict(zip(frame["owner_id"], frame["owner"], strict=True))


@cache
def aliases() -> dict[str, str]:
    """Id of each owner by every name that it has or had, shared by all who ask."""
    ids: dict[str, str] = {}
    for table, code, columns in (
        ("counties", "county_code", ("name", "short_name", "former_names")),
        ("zones", "zone_id", ("name", "full_name", "former_or_other_names", "short_names")),
        ("units", "unit_id", ("unit", "aliases")),
        ("unit_names", "unit_id", ("name",)),
        ("operators", "operator_id", ("operator", "aliases")),
    ):
        for row in reference.records(table):
            for column in columns:
                ids |= {name: row[code] for name in row[column].split(";") if name}
    return ids


def _of(table: str, code: str, label: str, kind: str) -> pd.DataFrame:
    frame = reference.table(table)
    return pd.DataFrame(
        {"owner_id": frame[code], "owner": frame[label], "owner_kind": kind, "industry": False}
    )


def _units(as_of: date) -> pd.DataFrame:
    frame = reference.table("units")
    dated, day = reference.table("unit_names"), as_of.isoformat()
    ended = (dated["end"] != "") & (dated["end"] < day)
    now = dated[(dated["start"] <= day) & ~ended].set_index("unit_id")["name"]
    return pd.DataFrame(
        {
            "owner_id": frame["unit_id"],
            "owner": frame["unit_id"].map(now).fillna(frame["unit"]),
            "owner_kind": (frame["kind"] == KINDS["office"]).map({True: "office", False: "unit"}),
            "industry": frame["industry"] == "1",
        }
    )
