"""The town that a point most likely lies in, and how likely.

With an official town layer it is exact. Without one it is the cell of the nearest seat, right for
about four points in five; the real bounding box of the town and labelled records nearby say more.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from domain.reference import table
from geo import boundaries
from geo.place_names import boxes, county_of

NEIGHBOURHOOD_M = 800.0  # how near labelled records must be to speak for a town
NEIGHBOURS, AGREEMENT = 3, 0.8  # how many there must be, and the share that must name one town
EXACT, KNOWN, BOXED, NEAREST, FAR = 0.95, 0.85, 0.7, 0.6, 0.45


def towns_of(
    points: NDArray[np.object_],
    county: NDArray[np.object_],
    known: pd.DataFrame | None,
    folder: Path,
) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Town code of each WGS-84 point that lies in `county`, None where unknown, and confidence.

    `known` are labelled records (lon, lat, town_code); where enough of them nearby agree, their
    town is taken.
    """
    town = boundaries.codes_within(points, boundaries.towns(folder), "town_code")
    if boundaries.towns_are_official(folder):
        return town, np.full(len(points), EXACT)
    confidence = _box_confidence(points, town)
    if known is not None and not known.empty:
        told = _told(points, known)
        agrees = [t is not None and county_of(t) == c for t, c in zip(told, county, strict=True)]
        town, confidence = np.where(agrees, told, town), np.where(agrees, KNOWN, confidence)
    return town, confidence


def _box_confidence(points: NDArray, town: NDArray) -> NDArray[np.float64]:
    x, y = shapely.get_x(points), shapely.get_y(points)
    confidence = np.full(len(points), NEAREST)
    for code, (west, south, east, north) in boxes().items():
        mine = np.flatnonzero(town == code)
        inside = (x[mine] >= west) & (x[mine] <= east) & (y[mine] >= south) & (y[mine] <= north)
        confidence[mine] = np.where(inside, BOXED, FAR)
    return confidence


def _told(points: NDArray, known: pd.DataFrame) -> NDArray[np.object_]:
    """Town that the labelled records near each point agree on, None where they do not."""
    usable = known["lon"].notna() & known["lat"].notna()
    usable &= known["town_code"].isin(table("towns")["town_code"])
    records = known[usable]
    labels = records["town_code"].to_numpy(dtype=object)
    seats = _metric(gpd.points_from_xy(records["lon"], records["lat"]))
    tree = shapely.STRtree(seats)
    row, found = tree.query(_metric(points), predicate="dwithin", distance=NEIGHBOURHOOD_M)
    votes = pd.DataFrame({"row": row, "town": labels[found]}).groupby(["row", "town"]).size()
    total = votes.groupby("row").transform("sum")
    settled = votes[(total >= NEIGHBOURS) & (votes >= AGREEMENT * total)].reset_index()
    told = np.full(len(points), None, dtype=object)
    told[settled["row"].to_numpy(dtype="int64")] = settled["town"].to_numpy(dtype=object)
    return told


def _metric(points: NDArray) -> NDArray[np.object_]:
    return gpd.GeoSeries(points, crs="EPSG:4326").to_crs(boundaries.METRIC).to_numpy()
