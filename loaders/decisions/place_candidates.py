"""Candidate places of a record in doubt: by address, as stated, by point, as now, and by name."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from domain import reference, states
from geo import boundaries
from geo.addresses import join
from geo.geocoding import geocode
from geo.place_names import county_name, seats, town_name, zone_of
from loaders.decisions.decision_basis import row_dicts

LABELS = {
    "text": "按地址",
    "stated": "按填写的县区乡镇",
    "point": "按坐标",
    "now": "按目前判断",
    "name": "按名称",
    "manual": "手工指定",
    states.ELSEWHERE: "不在本市",
    "unclear": "位置仍不清楚",
}
"""Choices a person has, in the order in which they are offered."""


@dataclass(frozen=True)
class Candidate:
    """A place that a record may have, and the reason for it.

    `lon` and `lat` (WGS-84) show it on a map: the point sent, or the seat of the town, or None.
    `keep_point` tells whether the record keeps the point sent. `inferred` is a town that only the
    nearest seat suggests, with its `confidence`.
    """

    choice: str
    county_code: str | None = None
    town_code: str | None = None
    zone_id: str | None = None
    lon: float | None = None
    lat: float | None = None
    keep_point: bool = False
    inferred: bool = False
    confidence: float = 1.0
    why: str = ""

    @property
    def label(self) -> str:
        """Text of the choice: its evidence and the place."""
        if self.county_code is None:
            return LABELS[self.choice]
        return f"{LABELS[self.choice]}：{self.place}"

    @property
    def place(self) -> str:
        """County, and town as far as it is known."""
        county = county_name(self.county_code or "")
        if self.town_code:
            town = town_name(self.town_code)
            return f"{county}（乡镇推断：{town}）" if self.inferred else f"{county}{town}"
        zone = reference.labels("zones", "zone_id", "name").get(self.zone_id or "")
        return f"{county}（{zone}，乡镇未定）" if zone else f"{county}（乡镇未定）"

    def body(self) -> dict[str, Any]:
        """The part of a ledger entry that says what was chosen."""
        names = ("choice", "county_code", "town_code", "zone_id", "inferred", "confidence")
        return {name: getattr(self, name) for name in names}


_POINT = {True: "报送的坐标保留", False: "报送的坐标不采用"}
_STATED = re.compile("县区乡镇却填“([^”]+)”")  # by the sender, of an address in another city
ELSEWHERE = Candidate(
    states.ELSEWHERE, why="不计入任何县区、场所和分母；记录和这次核定都留着，可以撤销"
)
UNCLEAR = Candidate("unclear", why="留在待复核里，不再排队")


def candidates(rows: pd.DataFrame) -> dict[str, list[Candidate]]:
    """Distinct candidates of each row, by its index, in the order of `LABELS`.

    `rows` has name, address, the point as sent (sent_lon, sent_lat; WGS-84), the place that holds
    now (county_code, town_code, zone_id), and its question. Of an address that names another city,
    they are what else speaks for this one; of a shop, also what its name suggests.
    """
    stated = rows["question"].str.extract(_STATED)[0].to_frame("address")
    points = rows[["sent_lon", "sent_lat"]].set_axis(["lon", "lat"], axis=1)
    read = {
        "text": geocode(rows[["address"]], disputed=True),
        "stated": geocode(stated),
        "point": geocode(points.assign(crs="wgs84")),
        "now": rows[["county_code", "town_code", "zone_id"]].assign(reason=""),
        "name": geocode(rows[["name"]], disputed=True),
    }
    found = {choice: _read(rows, choice, place) for choice, place in read.items()}
    result = {}
    for key in rows.index:
        distinct: dict[tuple[str | None, str | None], Candidate] = {}
        for one in (found[choice][key] for choice in read if key in found[choice]):
            coarse = one.choice == "name" and not one.town_code
            if not (coarse and one.county_code in {county for county, _ in distinct}):
                distinct.setdefault((one.county_code, one.town_code), one)
        result[key] = list(distinct.values())
    return result


def chosen(rows: pd.DataFrame, county_code: str, town_code: str | None) -> dict[str, Candidate]:
    """The place that a person names, as a candidate of each of `rows`."""
    zone = zone_of(town_code) or None if town_code else None
    place = {"county_code": county_code, "town_code": town_code, "zone_id": zone, "reason": ""}
    return _read(rows, "manual", pd.DataFrame(place, index=rows.index, dtype="str"))


def _read(rows: pd.DataFrame, choice: str, place: pd.DataFrame) -> dict[str, Candidate]:
    """Candidates of the rows for which `place` gives a county."""
    place = place[place["county_code"].notna()]
    rows = rows.loc[place.index]
    by_point = choice == "point"
    kept = rows["sent_lon"].notna() if by_point else _kept(rows, place)
    points = zip(rows["sent_lon"].tolist(), rows["sent_lat"].tolist(), strict=True)
    result = {}
    for one, own, keep in zip(row_dicts(place), points, kept.tolist(), strict=True):
        seat = None if by_point else seats().get(one["town_code"] or "")
        lon, lat = seat or (own if keep else (None, None))
        result[one["record"]] = Candidate(
            choice,
            one["county_code"],
            one["town_code"],
            one["zone_id"],
            lon,
            lat,
            keep_point=bool(keep),
            inferred=by_point and bool(one["inferred"]),
            confidence=float(one["confidence"]) if by_point and one["inferred"] else 1.0,
            why=join(one["reason"] or "", "" if np.isnan(own[0]) else _POINT[keep]),
        )
    return result


def _kept(rows: pd.DataFrame, place: pd.DataFrame) -> pd.Series:
    """Whether the point sent with each row may lie in the place given.

    Town cells are drawn from seats: only an official town layer can say that a point lies in the
    wrong town of its county.
    """
    exact = boundaries.towns_are_official()
    evidence = pd.DataFrame(
        {
            "county_hint": place["county_code"].map(county_name),
            "town_hint": place["town_code"].map(town_name, na_action="ignore") if exact else None,
            "lon": rows["sent_lon"],
            "lat": rows["sent_lat"],
            "crs": "wgs84",
        }
    )
    both = geocode(evidence)
    return both["lon"].notna() & ~both["review"]
