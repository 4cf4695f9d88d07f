"""Which coordinate system a file's points are in: the evidence, and what it speaks against.

GCJ-02 lies about 0.5 km from WGS-84, BD-09 about 1.2 km. Seats of towns, known to a kilometre or
five, can hardly tell that; shops whose points were known before can.
"""

from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from domain import rules
from domain.city import CITY
from geo import boundaries, coordinates
from geo.geocoding import geocode
from geo.place_names import seats

NAMES = {"wgs84": "WGS-84（GPS、天地图）", "gcj02": "GCJ-02（高德、腾讯）", "bd09": "BD-09（百度）"}
"""What to call each coordinate system."""

COLUMNS = [
    "crs", "rows", "inside", "stated", "in_county", "in_town", "median_km", "known", "known_m",
    "overlap",
]  # fmt: skip

_SAMPLE = 2_000  # rows looked at, of those known before and again of the others
_OVERLAP_M = 30.0
_MOSTLY = 0.9  # share of points inside the city that a right answer has
_HARDLY = 0.5


class _Text(NamedTuple):
    """What the texts say: county and town codes, None where they do not; metric seat of the town.

    `seat` is an empty point where the town or its seat is unknown.
    """

    county: NDArray[np.object_]
    town: NDArray[np.object_]
    seat: NDArray[np.object_]


def evidence(
    frame: pd.DataFrame, known: pd.DataFrame, folder: Path = boundaries.FOLDER
) -> pd.DataFrame:
    """What speaks for each coordinate system, one row each of `coordinates.CRS` (`COLUMNS`).

    `frame` has name, address, county and town (as stated), lon and lat as sent, and key, the
    record's key (may be null); `known` has lon and lat (WGS-84) of records known before, indexed
    by key. Looks at no more than 4,000 rows, evenly spaced, always the same.

    rows: points looked at. inside: share of them within the city. stated: rows whose text names
    a county. in_county, in_town: share of points in the county, in the town that the text names.
    median_km: median distance to the seat of that town. known: records known before. known_m:
    median distance to where they were, metres. overlap: share of them within 30 m. Shares and
    distances are null where there is nothing to take them of.
    """
    rows = _sample(frame, known)
    said = _said(rows, folder)
    before = known.reindex(rows["key"]) if len(known) else rows[["lon", "lat"]] * np.nan
    before = _metric(before["lon"].to_numpy(), before["lat"].to_numpy())
    lon, lat = rows["lon"].to_numpy(dtype="float64"), rows["lat"].to_numpy(dtype="float64")
    found = [
        {"crs": crs, "rows": len(rows)}
        | _fit(*coordinates.to_wgs84(lon, lat, crs), said, before, folder)
        for crs in coordinates.CRS
    ]
    return pd.DataFrame(found)[COLUMNS]


def advice(evidence: pd.DataFrame, chosen: str | None) -> str | None:
    """A Chinese sentence where the evidence clearly speaks against `chosen`, else None.

    With `chosen` None, the sentence says which one system the evidence clearly speaks for. None
    means that the evidence cannot tell, or that it agrees.
    """
    table = evidence.set_index("crs")
    if len(table) == 0 or table["rows"].iloc[0] < rules.count("crs_known_count"):
        return None
    if table["inside"].max() < _HARDLY:
        return (
            f"看了 {table['rows'].iloc[0]:,} 个点，无论按哪种坐标系，"
            f"落在{CITY.name}内的最多只有 {table['inside'].max():.0%}，请核对经纬度两列"
        )
    reason = _by_known(table, chosen) or _by_share(table, chosen)
    if reason is None:
        return None
    best, figures = reason
    if chosen is None:
        return f"这批点很可能是 {NAMES[best]}：{figures}。请向报送单位核实后选定"
    return f"选的是 {NAMES[chosen]}，但数据更像 {NAMES[best]}：{figures}。请向报送单位核实"


def _sample(frame: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Rows with a point: known ones and others, of each no more than `_SAMPLE`, evenly spaced."""
    lon, lat = (pd.to_numeric(frame[name], errors="coerce") for name in ("lon", "lat"))
    usable = (lon.abs() <= 180) & (lat.abs() <= 90)
    rows = frame.assign(lon=lon, lat=lat)[usable.to_numpy(dtype=bool)]
    seen = rows["key"].isin(known.index[known["lon"].notna() & known["lat"].notna()])
    return pd.concat([_spaced(rows[seen]), _spaced(rows[~seen])])


def _spaced(rows: pd.DataFrame) -> pd.DataFrame:
    if len(rows) <= _SAMPLE:
        return rows
    return rows.iloc[np.linspace(0, len(rows) - 1, _SAMPLE).astype("int64")]


def _said(rows: pd.DataFrame, folder: Path) -> _Text:
    texts = rows[["name", "address"]].assign(county_hint=rows["county"], town_hint=rows["town"])
    told = geocode(texts, folder=folder)
    county, town = (
        told[name].astype(object).where(told[name].notna(), None).to_numpy()
        for name in ("county_code", "town_code")
    )
    known = seats()
    lon, lat = np.array([known.get(code, (np.nan, np.nan)) for code in town]).reshape(-1, 2).T
    return _Text(county, town, _metric(lon, lat))


def _fit(
    lon: NDArray, lat: NDArray, said: _Text, before: NDArray[np.object_], folder: Path
) -> dict[str, float]:
    """How well points taken as WGS-84 fit the city, the texts and the records known before."""
    points = shapely.points(lon, lat)
    county = boundaries.codes_within(points, boundaries.counties(), "county_code")
    town = boundaries.codes_within(points, boundaries.towns(folder), "town_code")
    metric = _metric(lon, lat)
    far = shapely.distance(metric, before)
    far = far[np.isfinite(far)]
    seat = shapely.distance(metric, said.seat)
    stated, placed = said.county != None, said.town != None  # noqa: E711 (elementwise)
    return {
        "inside": _mean(county != None),  # noqa: E711 (elementwise)
        "stated": int(stated.sum()),
        "in_county": _mean((county == said.county)[stated]),
        "in_town": _mean((town == said.town)[placed]),
        "median_km": _median(seat[np.isfinite(seat)]) / 1000,
        "known": len(far),
        "known_m": _median(far),
        "overlap": _mean(far <= _OVERLAP_M),
    }


def _metric(lon: NDArray, lat: NDArray) -> NDArray[np.object_]:
    """WGS-84 points in metres; missing where a coordinate is."""
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs="EPSG:4326").to_crs(boundaries.METRIC)
    usable = np.isfinite(lon.astype("float64")) & np.isfinite(lat.astype("float64"))
    return np.where(usable, points.to_numpy(), None)


def _mean(values: NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else np.nan


def _median(values: NDArray[np.float64]) -> float:
    return float(np.median(values)) if len(values) else np.nan


def _by_known(table: pd.DataFrame, chosen: str | None) -> tuple[str, str] | None:
    """The system under which known shops stand where they were, if under `chosen` they do not."""
    if table["known"].iloc[0] < rules.count("crs_known_count"):
        return None
    distance = table["known_m"]
    best = str(distance.idxmin())
    other = chosen or str(distance.drop(best).idxmin())
    near = distance[best] <= float(rules.count("crs_near_m"))
    if not near or distance[other] < float(rules.count("crs_far_m")):
        return None
    return best, (
        f"{table['known'].iloc[0]:,} 家以前就有坐标的商户，离原位置的中位距离按 {_short(best)} 是 "
        f"{distance[best]:,.0f} 米（{table['overlap'][best]:.0%} 在 30 米以内），"
        f"按 {_short(other)} 是 {distance[other]:,.0f} 米（若上次的坐标系填错，也会如此）"
    )


def _by_share(table: pd.DataFrame, chosen: str | None) -> tuple[str, str] | None:
    """The system that puts many more points into the city, or into the county that is stated."""
    found = (
        ("inside", "rows", f"落在{CITY.name}内"),
        ("in_county", "stated", "落在地址所写的县区"),
    )
    for column, count, what in found:
        if table[count].iloc[0] < rules.count("crs_known_count"):
            continue
        share = table[column]
        best = str(share.idxmax())
        other = chosen or str(share.drop(best).idxmax())
        gap = share[best] - share[other]
        if share[best] >= _MOSTLY and gap >= float(rules.number("crs_share_gap")):
            return best, (
                f"{table[count].iloc[0]:,} 个点中，按 {_short(best)} 有 {share[best]:.0%} {what}，"
                f"按 {_short(other)} 只有 {share[other]:.0%}"
            )
    return None


def _short(crs: str) -> str:
    return NAMES[crs].partition("（")[0]
