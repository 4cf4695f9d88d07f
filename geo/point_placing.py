"""Points: whether each can be used, the county it falls in, and its most likely town.

The county of a point is certain, except within `boundaries.UNCERTAINTY_M` of another county, and
off the coast, where ports and made land lie beyond the coarse polygons.
"""

from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from domain.city import CITY
from geo import boundaries, confidence, coordinates, town_inference
from geo.place_names import county_of

_SWAPPED = "经纬度疑似对调，坐标未采用，请核对"
SWAPPED = "经纬度写反，已对调"
"""Note on a point whose longitude and latitude were certainly exchanged (`unswapped`)."""

_MARGIN = 0.2  # degrees around the city, some 20 km; no longitude of China is a latitude of it
_NO_CRS = "没有写明坐标系，坐标未采用"
_BORDER_NOTE = "点在县区边界附近，县区不十分肯定"


class Point(NamedTuple):
    """One point. `county` is '' where it is unknown, `lon` NaN where the point is not kept.

    `given` is False where the numbers cannot be used. `near` are the other counties within the
    uncertainty of the boundaries, `neighbour` the county of another city that it falls in; `exact`:
    the town is not inferred; `doubtful`: a person should check it.
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
    """The point of each row of `frame` (lon, lat, crs); None where there is none.

    `known` and `folder` as in `geocoding.geocode`.
    """
    lon, lat = _numbers(frame["lon"]), _numbers(frame["lat"])
    crs = _codes(frame["crs"])
    reasons = _faults(frame, lon, lat)
    usable = np.isfinite(lon) & np.isfinite(lat) & (reasons == "")
    result: list[Point | None] = [None] * len(frame)
    for row in np.flatnonzero(reasons != "").tolist():
        doubtful = reasons[row] == _SWAPPED
        result[row] = Point(given=False, doubtful=doubtful, reason=reasons[row])
    for code in coordinates.CRS:
        rows = usable & (crs == code)
        lon[rows], lat[rows] = coordinates.to_wgs84(lon[rows], lat[rows], code)
    for rows, place in (
        (np.flatnonzero(usable & (crs != "")), partial(_placed, known=known, folder=folder)),
        (np.flatnonzero(usable & (crs == "")), _any_crs),
    ):
        for row, point in zip(rows.tolist(), place(lon[rows], lat[rows]), strict=True):
            result[row] = point
    return result


def unswapped(
    lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Longitudes and latitudes, exchanged where they were swapped, and which rows were.

    Only a pair that lies in the city when exchanged, and far from it as written, is exchanged. The
    caller adds the note `SWAPPED` to these rows.
    """
    swapped = near_city(lat, lon)
    return np.where(swapped, lat, lon), np.where(swapped, lon, lat), swapped


def near_city(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether points in degrees, of any system, lie in the city or some 20 km around it."""
    west, south, east, north = around_city()
    return np.asarray((lon > west) & (lon < east) & (lat > south) & (lat < north))


def around_city() -> tuple[float, float, float, float]:
    """West, south, east and north of the city and some 20 km around it, in degrees."""
    west, south, east, north = boundaries.counties().total_bounds
    return west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN


def _numbers(column: pd.Series) -> NDArray[np.float64]:
    numbers = pd.to_numeric(column, errors="coerce")
    return numbers.to_numpy(dtype="float64", na_value=np.nan, copy=True)


def _codes(column: pd.Series) -> NDArray[np.object_]:
    row, texts = pd.factorize(column)
    codes = [coordinates.crs_code(text) or "" for text in texts]
    return np.array([*codes, ""], dtype=object)[row]


def _stated(column: pd.Series) -> NDArray[np.bool_]:
    if pd.api.types.is_numeric_dtype(column):
        return column.notna().to_numpy(dtype=bool)
    texts = column.astype(object).to_numpy()
    return np.array([not pd.isna(text) and str(text).strip() != "" for text in texts], dtype=bool)


def _faults(
    frame: pd.DataFrame, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> NDArray[np.object_]:
    """Reason why a pair of numbers is no point; '' for a point and for blank cells."""
    west, south, east, north = boundaries.counties().total_bounds
    finite = np.isfinite(lon) & np.isfinite(lat)
    swapped = (lon > south - 1) & (lon < north + 1) & (lat > west - 1) & (lat < east + 1)
    stated = _stated(frame["lon"]) | _stated(frame["lat"])
    faults = {
        _SWAPPED: finite & swapped,
        "坐标为 0，未采用": finite & (lon == 0) & (lat == 0),
        "经纬度超出范围，坐标未采用": finite & ((np.abs(lon) > 180) | (np.abs(lat) > 90)),
        "经纬度不全或不是数字，坐标未采用": ~finite & stated,
    }
    return np.select(list(faults.values()), list(faults), "").astype(object)


def _any_crs(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[Point]:
    """Points of unknown coordinate system: their county where it is the same in all three."""
    systems = [coordinates.to_wgs84(lon, lat, crs) for crs in coordinates.CRS]
    counties = [boundaries.county_of(*points) for points in systems]
    agreed = f"{_NO_CRS}；按三种坐标系都落在同一县区"
    return [
        Point(given=False, county=codes[0], confidence=confidence.COUNTY, reason=agreed)
        if codes[0] and len(set(codes)) == 1
        else Point(given=False, reason=_NO_CRS)
        for codes in zip(*counties, strict=True)
    ]


def _placed(
    lon: NDArray[np.float64], lat: NDArray[np.float64], known: pd.DataFrame | None, folder: Path
) -> list[Point]:
    """Points of WGS-84 degrees."""
    points = shapely.points(lon, lat)
    county = boundaries.codes_within(points, boundaries.interiors(), "county_code")
    border = np.flatnonzero(county == None)  # noqa: E711 (elementwise on an object array)
    county[border] = boundaries.codes_within(points[border], boundaries.counties(), "county_code")
    around = _around(points, border)
    at_sea = [row for row in border.tolist() if county[row] is None and not around[row][1]]
    made = _made_land(points, np.array(at_sea, dtype="int64"), folder)
    town, of_town = town_inference.towns_of(points, county, known, folder)
    exact = boundaries.towns_are_official(folder)
    if exact:
        pairs = zip(town, county, strict=True)
        county = np.array([county_of(t) if t else c for t, c in pairs], dtype=object)
    result = []
    columns = zip(lon.tolist(), lat.tolist(), county, town, of_town.tolist(), strict=True)
    for row, (u, v, code, cell, sure) in enumerate(columns):
        near, neighbour = around.get(row, ((), ""))
        if code is None:
            point = _outside(u, v, near, neighbour)
            if row in made and not point.county:
                point = made[row]
            result.append(point)
            continue
        others = tuple(other for other in near if other != code)
        level = sure if cell else confidence.COUNTY
        point = Point(u, v, True, code, others, "", cell or "", exact, level)
        if others and not exact:
            level = min(level, confidence.COUNTY_AT_BORDER)
            point = point._replace(confidence=level, reason=_BORDER_NOTE)
        result.append(point)
    return result


def _outside(lon: float, lat: float, near: tuple[str, ...], neighbour: str) -> Point:
    """A point in no county of the city; it is kept within the uncertainty of a boundary."""
    counties = set(boundaries.counties()["county_code"])
    own = tuple(code for code in near if code in counties)
    if neighbour:
        kept = (lon, lat) if own else (np.nan, np.nan)
        reason = f"点落在外地（{neighbour}）"
        return Point(*kept, near=own, neighbour=neighbour, doubtful=True, reason=reason)
    if own:
        reason = "点在海岸或市界外不足 500 米，按最近的县区"
        level = confidence.COUNTY_AT_BORDER
        return Point(lon, lat, county=own[0], near=own[1:], confidence=level, reason=reason)
    return Point(doubtful=True, reason=f"点不在{CITY.name}内")


def _made_land(
    points: NDArray[np.object_], rows: NDArray[np.int64], folder: Path
) -> dict[int, Point]:
    """Those of `rows` that lie off the coast, with the nearest place, for a person to check.

    Rows that are certainly nearer to another city, or farther than `boundaries.MADE_LAND_M` from
    any county of this one, are left out.
    """
    own = set(boundaries.counties()["county_code"])
    found: dict[int, list[str]] = {}
    for i, near in _near(boundaries.metric(points[rows]), boundaries.MADE_LAND_M).items():
        counties = [code for code in near if code in own]
        most = min(near.values()) + boundaries.UNCERTAINTY_M
        if counties and near[counties[0]] <= most:
            found[int(rows[i])] = counties
    there = points[list(found)]
    towns = town_inference.nearest(there, [codes[0] for codes in found.values()], folder)
    reason = (
        f"点在海岸外 {boundaries.MADE_LAND_M / 1000:.0f} 公里以内，可能是填海新地，"
        "按最近的县区推定，请核对"
    )
    base = Point(confidence=confidence.COUNTY_OFF_COAST, doubtful=True, reason=reason)
    return {
        row: base._replace(lon=at.x, lat=at.y, county=county, near=tuple(others), town=town)
        for (row, (county, *others)), at, town in zip(found.items(), there, towns, strict=True)
    }


def _around(
    points: NDArray[np.object_], rows: NDArray[np.int64]
) -> dict[int, tuple[tuple[str, ...], str]]:
    """Counties near each of `rows` of `points`, and the other city's county that it falls in.

    Near is within the uncertainty of the boundaries, nearest first, other cities included.
    """
    near = _near(boundaries.metric(points[rows]), boundaries.UNCERTAINTY_M)
    names = boundaries.codes_within(points[rows], boundaries.neighbours(), "county")
    return {row: (tuple(near.get(i, ())), names[i] or "") for i, row in enumerate(rows.tolist())}


def _near(metric: NDArray[np.object_], distance: float) -> dict[int, dict[str, float]]:
    """Counties within `distance` metres of each metric point, by its position.

    Each has its distance in metres; the nearest comes first.
    """
    codes, shapes = _surroundings()
    point, shape = shapely.STRtree(shapes).query(metric, predicate="dwithin", distance=distance)
    metres = shapely.distance(metric[point], shapes[shape])
    order = np.lexsort((metres, point))
    near: dict[int, dict[str, float]] = {}
    columns = point[order].tolist(), codes[shape[order]], metres[order].tolist()
    for i, code, far in zip(*columns, strict=True):
        near.setdefault(i, {})[code] = far
    return near


@cache
def _surroundings() -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Codes and metric polygons of the city's counties and those around."""
    layers = pd.concat([boundaries.counties(), boundaries.neighbours()])
    return layers["county_code"].to_numpy(dtype=object), boundaries.metric(layers.geometry)
