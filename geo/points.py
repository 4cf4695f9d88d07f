"""What points say: the county each falls in, and the town it most likely falls in.

The county of a point is sure, except within `boundaries.UNCERTAINTY_M` of another county. The town
is exact with an official town layer; without one it is the nearest seat, right for about four
points in five, and is called inferred.
"""

from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import boundaries, coordinates
from geo.places import boxes, city_code, county_of

NEIGHBOURHOOD_M = 800.0  # how near labelled records must be to speak for a town
NEIGHBOURS, AGREEMENT = 3, 0.8  # how many there must be, and the share that must name one town
EXACT, KNOWN, BOXED, NEAREST, FAR = 0.95, 0.85, 0.7, 0.6, 0.45
COUNTY, BORDER = 0.9, 0.65

_SWAPPED = "经纬度疑似对调，坐标未采用，请核对"


class Point(NamedTuple):
    """What one point says. `county` is '' where it gives none, `lon` NaN where it is not kept.

    `near` are the other counties within the uncertainty of the boundaries, `neighbour` the county
    of another city that it falls in, `doubtful` that a person should look.
    """

    lon: float
    lat: float
    given: bool
    county: str
    near: tuple[str, ...]
    neighbour: str
    town: str
    exact: bool
    confidence: float
    doubtful: bool
    reason: str


def read(frame: pd.DataFrame, known: pd.DataFrame | None, folder: Path) -> list[Point | None]:
    """What the point of each row of `frame` (lon, lat, crs) says; None where there is none."""
    lon, lat = _numbers(frame["lon"]), _numbers(frame["lat"])
    crs = _codes(frame["crs"])
    reasons = _faults(frame, lon, lat)
    usable = np.isfinite(lon) & np.isfinite(lat) & (reasons == "")
    settled = usable & (crs != "")
    x, y = _convert(lon, lat, crs, settled)
    facts = _facts(x, y, known, folder)
    result: list[Point | None] = [None] * len(frame)
    for row in np.flatnonzero(settled):
        result[row] = facts[row]
    for row in np.flatnonzero(reasons != ""):
        result[row] = _unusable(reasons[row])
    for row in np.flatnonzero(usable & ~settled):
        result[row] = _any_crs(lon[row], lat[row])
    return result


def _unusable(reason: str, county: str = "") -> Point:
    doubtful = reason == _SWAPPED
    return Point(np.nan, np.nan, False, county, (), "", "", False, COUNTY, doubtful, reason)


def _numbers(column: pd.Series) -> NDArray[np.float64]:
    return pd.to_numeric(column, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)


def _codes(column: pd.Series) -> NDArray[np.object_]:
    codes = {text: coordinates.crs_code(text) or "" for text in column.dropna().unique()}
    return column.map(codes).fillna("").to_numpy(dtype=object)


def _faults(frame: pd.DataFrame, lon: NDArray, lat: NDArray) -> NDArray[np.object_]:
    """Why a pair of numbers cannot be a point; '' where it can, or where there is none at all."""
    west, south, east, north = boundaries.counties().total_bounds
    stated = [(frame[c].notna() & (frame[c].astype(str).str.strip() != "")) for c in ("lon", "lat")]
    finite = np.isfinite(lon) & np.isfinite(lat)
    swapped = (lon > south - 1) & (lon < north + 1) & (lat > west - 1) & (lat < east + 1)
    cases = [
        ~finite & (stated[0] | stated[1]).to_numpy(dtype=bool),
        finite & (lon == 0) & (lat == 0),
        finite & swapped,
        finite & ((np.abs(lon) > 180) | (np.abs(lat) > 90)),
    ]
    words = ["经纬度不全或不是数字，坐标未采用", "坐标为 0，未采用", _SWAPPED]
    words.append("经纬度超出范围，坐标未采用")
    reasons = np.full(len(lon), "", dtype=object)
    for case, text in reversed(list(zip(cases, words, strict=True))):
        reasons[case] = text
    return reasons


def _convert(
    lon: NDArray, lat: NDArray, crs: NDArray, settled: NDArray
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, y = np.full(len(lon), np.nan), np.full(len(lon), np.nan)
    for code in coordinates.CRS:
        rows = settled & (crs == code)
        x[rows], y[rows] = coordinates.to_wgs84(lon[rows], lat[rows], code)
    return x, y


def _any_crs(lon: float, lat: float) -> Point:
    """A point of unknown coordinate system: its county if that is the same in all three."""
    shifted = [coordinates.to_wgs84(lon, lat, crs) for crs in coordinates.CRS]
    found = {boundaries.county_of(x, y)[0] for x, y in shifted}
    county = found.pop() if len(found) == 1 else None
    if county is None:
        return _unusable("没有写明坐标系，坐标未采用")
    return _unusable("没有写明坐标系，坐标未采用；按三种坐标系都落在同一县区", county)


def _facts(x: NDArray, y: NDArray, known: pd.DataFrame | None, folder: Path) -> dict[int, Point]:
    rows = np.flatnonzero(np.isfinite(x))
    points = shapely.points(x[rows], y[rows])
    metric = gpd.GeoSeries(points, crs="EPSG:4326").to_crs(boundaries.METRIC).to_numpy()
    county = boundaries.codes_within(points, boundaries.counties(), "county_code")
    neighbour = boundaries.codes_within(points, boundaries.neighbours(), "county")
    near = _near(metric)
    town = boundaries.codes_within(points, boundaries.towns(folder), "town_code")
    exact = boundaries.towns_are_official(folder)
    if exact:
        pairs = zip(town, county, strict=True)
        county = np.array([county_of(t) if t else c for t, c in pairs], dtype=object)
        confidence = np.full(len(rows), EXACT)
    else:
        confidence = _box_confidence(x[rows], y[rows], town)
        _ask_known(metric, county, town, confidence, known)
    facts = {}
    for i, row in enumerate(rows.tolist()):
        facts[row] = _point(
            x=x[row], y=y[row], county=county[i], near=near[i], neighbour=neighbour[i],
            town=town[i], exact=exact, confidence=confidence[i],
        )  # fmt: skip
    return facts


def _point(
    *, x: float, y: float, county: str | None, near: tuple[str, ...], neighbour: str | None,
    town: str | None, exact: bool, confidence: float,
) -> Point:  # fmt: skip
    if county:
        others = tuple(code for code in near if code != county)
        sure = float(confidence) if town else COUNTY
        reason = "点在县区边界附近，县区不十分肯定" if others and not exact else ""
        if reason:
            sure = min(sure, BORDER)
        return Point(x, y, True, county, others, "", town or "", exact, sure, False, reason)
    if neighbour:
        reason = f"点落在外地（{neighbour}）"
        own = tuple(code for code in near if code.startswith(city_code()))
        kept = (x, y) if own else (np.nan, np.nan)  # the coarse border may run wrong by that much
        return Point(*kept, True, "", own, neighbour, "", False, 0.0, True, reason)
    if near and near[0].startswith(city_code()):
        reason = "点在海岸或市界外不足 500 米，按最近的县区"
        return Point(x, y, True, near[0], near[1:], "", "", False, BORDER, False, reason)
    return Point(np.nan, np.nan, True, "", (), "", "", False, 0.0, True, "点不在连云港市内")


def _near(metric: NDArray) -> list[tuple[str, ...]]:
    """Codes of the counties, also of other cities, within the uncertainty of each point."""
    layers = [boundaries.counties(), boundaries.neighbours()]
    codes = np.concatenate([layer["county_code"].to_numpy(dtype=object) for layer in layers])
    shapes = np.concatenate([layer.to_crs(boundaries.METRIC).geometry for layer in layers])
    tree = shapely.STRtree(shapes)
    rows, found = tree.query(metric, predicate="dwithin", distance=boundaries.UNCERTAINTY_M)
    near: list[tuple[str, ...]] = [()] * len(metric)
    for row, code in zip(rows.tolist(), codes[np.asarray(found)].tolist(), strict=True):
        near[row] = (*near[row], code)
    return near


def _box_confidence(x: NDArray, y: NDArray, town: NDArray) -> NDArray[np.float64]:
    """Confidence of the nearest seat, by the real bounding box of its town where that is known."""
    confidence = np.full(len(x), NEAREST)
    for code, (west, south, east, north) in boxes().items():
        mine = town == code
        inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
        confidence[mine] = np.where(inside, BOXED, FAR)[mine]
    return confidence


def _ask_known(
    metric: NDArray, county: NDArray, town: NDArray, confidence: NDArray,
    known: pd.DataFrame | None,
) -> None:  # fmt: skip
    """Let labelled records (lon, lat, town_code) nearby settle the town of a point."""
    if known is None or known.empty:
        return
    seats = gpd.GeoSeries(gpd.points_from_xy(known["lon"], known["lat"]), crs="EPSG:4326")
    labelled = known["town_code"].to_numpy(dtype=object)
    tree = shapely.STRtree(seats.to_crs(boundaries.METRIC).to_numpy())
    rows, found = tree.query(metric, predicate="dwithin", distance=NEIGHBOURHOOD_M)
    votes = pd.DataFrame({"row": rows, "town": labelled[found]})
    for row, group in votes.groupby("row")["town"]:
        counts = group.value_counts()
        best = counts.index[0]
        agreed = len(group) >= NEIGHBOURS and counts.iloc[0] >= AGREEMENT * len(group)
        if agreed and county_of(best) == county[row]:
            town[row], confidence[row] = best, KNOWN
