"""What points say: whether they can be used, the county each falls in, and the town it suggests.

The county of a point is sure, except within `boundaries.UNCERTAINTY_M` of another county.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from domain.city import CITY
from geo import boundaries, coordinates, town_inference
from geo.place_names import county_of

COUNTY, BORDER = 0.9, 0.65

_SWAPPED = "经纬度疑似对调，坐标未采用，请核对"
SWAPPED = "经纬度写反，已对调"
"""Said of a point whose longitude stood for its latitude, beyond doubt."""

_AROUND = 0.2  # degrees around the city, some 20 km; no longitude of China is a latitude of it
_NO_CRS = "没有写明坐标系，坐标未采用"
_BORDER_NOTE = "点在县区边界附近，县区不十分肯定"


class Point(NamedTuple):
    """What one point says. `county` is '' where it gives none, `lon` NaN where it is not kept.

    `given` is False where the numbers cannot be used. `near` are the other counties within the
    uncertainty of the boundaries, `neighbour` the county of another city that it falls in; `exact`
    tells that the town is no inference, `doubtful` that a person should look.
    """

    lon: float = np.nan
    lat: float = np.nan
    given: bool = True
    county: str = ""
    near: tuple[str, ...] = ()
    neighbour: str = ""
    town: str = ""
    exact: bool = False
    confidence: float = 0.0
    doubtful: bool = False
    reason: str = ""


def read(frame: pd.DataFrame, known: pd.DataFrame | None, folder: Path) -> list[Point | None]:
    """What the point of each row of `frame` (lon, lat, crs) says; None where there is none."""
    lon, lat = _numbers(frame["lon"]), _numbers(frame["lat"])
    crs = _codes(frame["crs"])
    reasons = _faults(frame, lon, lat)
    usable = np.isfinite(lon) & np.isfinite(lat) & (reasons == "")
    result: list[Point | None] = [None] * len(frame)
    for row in np.flatnonzero(reasons != ""):
        doubtful = reasons[row] == _SWAPPED
        result[row] = Point(given=False, doubtful=doubtful, reason=reasons[row])
    for code in coordinates.CRS:
        rows = np.flatnonzero(usable & (crs == code))
        x, y = coordinates.to_wgs84(lon[rows], lat[rows], code)
        for row, point in zip(rows.tolist(), _placed(x, y, known, folder), strict=True):
            result[row] = point
    rows = np.flatnonzero(usable & (crs == ""))
    for row, point in zip(rows.tolist(), _any_crs(lon[rows], lat[rows]), strict=True):
        result[row] = point
    return result


def unswapped(
    lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Longitudes and latitudes the right way round, and which rows had them the other way.

    Only a pair that lies in the city when swapped, and nowhere near it as written, is swapped.
    Who calls this says so of each such row (`SWAPPED`).
    """
    west, south, east, north = boundaries.counties().total_bounds
    swapped = (lon > south - _AROUND) & (lon < north + _AROUND)
    swapped &= (lat > west - _AROUND) & (lat < east + _AROUND)
    return np.where(swapped, lat, lon), np.where(swapped, lon, lat), swapped


def _numbers(column: pd.Series) -> NDArray[np.float64]:
    return pd.to_numeric(column, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)


def _codes(column: pd.Series) -> NDArray[np.object_]:
    """Coordinate system codes of a column, '' where none is named."""
    row, texts = pd.factorize(column)
    codes = [coordinates.crs_code(text) or "" for text in texts]
    return np.array([*codes, ""], dtype=object)[row]


def _stated(column: pd.Series) -> NDArray[np.bool_]:
    """Which cells of a column say anything."""
    if pd.api.types.is_numeric_dtype(column):
        return column.notna().to_numpy(dtype=bool)
    texts = column.astype(object).to_numpy()
    return np.array([not pd.isna(text) and str(text).strip() != "" for text in texts], dtype=bool)


def _faults(frame: pd.DataFrame, lon: NDArray, lat: NDArray) -> NDArray[np.object_]:
    """Why a pair of numbers cannot be a point; '' where it can, or where there is none at all."""
    west, south, east, north = boundaries.counties().total_bounds
    finite = np.isfinite(lon) & np.isfinite(lat)
    swapped = (lon > south - 1) & (lon < north + 1) & (lat > west - 1) & (lat < east + 1)
    faults = {
        "经纬度不全或不是数字，坐标未采用": ~finite
        & (_stated(frame["lon"]) | _stated(frame["lat"])),
        "经纬度超出范围，坐标未采用": finite & ((np.abs(lon) > 180) | (np.abs(lat) > 90)),
        "坐标为 0，未采用": finite & (lon == 0) & (lat == 0),
        _SWAPPED: finite & swapped,
    }
    reasons = np.full(len(lon), "", dtype=object)
    for reason, rows in faults.items():
        reasons[rows] = reason
    return reasons


def _any_crs(lon: NDArray, lat: NDArray) -> list[Point]:
    """Points of unknown coordinate system: their county where it is the same in all three."""
    found = [boundaries.county_of(*coordinates.to_wgs84(lon, lat, crs)) for crs in coordinates.CRS]
    agreed = f"{_NO_CRS}；按三种坐标系都落在同一县区"
    return [
        Point(given=False, county=codes[0], confidence=COUNTY, reason=agreed)
        if codes[0] and len(set(codes)) == 1
        else Point(given=False, reason=_NO_CRS)
        for codes in zip(*found, strict=True)
    ]


def _placed(x: NDArray, y: NDArray, known: pd.DataFrame | None, folder: Path) -> list[Point]:
    """Points of known coordinate system, in WGS-84."""
    points = shapely.points(x, y)
    county = boundaries.codes_within(points, boundaries.interiors(), "county_code")
    border = np.flatnonzero(county == None)  # noqa: E711 (elementwise on an object array)
    county[border] = boundaries.codes_within(points[border], boundaries.counties(), "county_code")
    around = _around(points, border)
    town, confidence = town_inference.towns_of(points, county, known, folder)
    exact = boundaries.towns_are_official(folder)
    if exact:
        pairs = zip(town, county, strict=True)
        county = np.array([county_of(t) if t else c for t, c in pairs], dtype=object)
    result = []
    columns = zip(x.tolist(), y.tolist(), county, town, confidence.tolist(), strict=True)
    for row, (lon, lat, code, cell, sure) in enumerate(columns):
        near, neighbour = around.get(row, ((), ""))
        if code is None:
            result.append(_outside(lon, lat, near, neighbour))
            continue
        others = tuple(other for other in near if other != code)
        unsure = bool(others) and not exact
        level = sure if cell else COUNTY
        result.append(
            Point(
                lon, lat, county=code, near=others, town=cell or "", exact=exact,
                confidence=min(level, BORDER) if unsure else level,
                reason=_BORDER_NOTE if unsure else "",
            )
        )  # fmt: skip
    return result


def _outside(lon: float, lat: float, near: tuple[str, ...], neighbour: str) -> Point:
    """A point in no county of the city; it is kept where the coarse border may run wrong."""
    counties = set(boundaries.counties()["county_code"])
    own = tuple(code for code in near if code in counties)
    if neighbour:
        kept = (lon, lat) if own else (np.nan, np.nan)
        reason = f"点落在外地（{neighbour}）"
        return Point(*kept, near=own, neighbour=neighbour, doubtful=True, reason=reason)
    if own:
        reason = "点在海岸或市界外不足 500 米，按最近的县区"
        return Point(lon, lat, county=own[0], near=own[1:], confidence=BORDER, reason=reason)
    return Point(doubtful=True, reason=f"点不在{CITY.name}内")


def _around(
    points: NDArray[np.object_], rows: NDArray[np.int64]
) -> dict[int, tuple[tuple[str, ...], str]]:
    """Codes of the counties near each of `rows`, and the other city's county that it falls in.

    Near is within the uncertainty, nearest first, counties of other cities too.
    """
    codes, shapes = _surroundings()
    metric = gpd.GeoSeries(points[rows], crs="EPSG:4326").to_crs(boundaries.METRIC).to_numpy()
    found, shape = shapely.STRtree(shapes).query(
        metric, predicate="dwithin", distance=boundaries.UNCERTAINTY_M
    )
    order = np.lexsort((shapely.distance(metric[found], shapes[shape]), found))
    near: dict[int, tuple[str, ...]] = {}
    for i, code in zip(found[order].tolist(), codes[shape[order]], strict=True):
        near[i] = (*near.get(i, ()), code)
    names = boundaries.codes_within(points[rows], boundaries.neighbours(), "county")
    return {row: (near.get(i, ()), names[i] or "") for i, row in enumerate(rows.tolist())}


@cache
def _surroundings() -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Codes and metric polygons of the city's counties and those around."""
    layers = (boundaries.counties(), boundaries.neighbours())
    codes = np.concatenate([layer["county_code"].to_numpy(dtype=object) for layer in layers])
    shapes = [layer.to_crs(boundaries.METRIC).geometry.to_numpy() for layer in layers]
    return codes, np.concatenate(shapes)
