"""The most likely town of a point, with its confidence.

With an official town layer it is exact. Without one it is the town of the nearest seat, right for
about four points in five; bounding boxes of towns and labelled records nearby make it more certain.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from domain.reference import table
from geo import boundaries
from geo import confidence as levels
from geo.place_names import boxes, county_of

NEIGHBOURHOOD_M = 800.0  # radius within which labelled records count
NEIGHBOURS, AGREEMENT = 3, 0.8  # how many are needed, and the share that must name one town


def towns_of(
    points: NDArray[np.object_],
    county: NDArray[np.object_],
    known: pd.DataFrame | None,
    folder: Path,
) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Town code of each WGS-84 point that lies in `county`, None where unknown, and confidence.

    `known` are labelled records (lon, lat, town_code); where enough of them nearby agree on a town
    of the county, the point has that town. `folder` may have an official town layer.
    """
    town = boundaries.codes_within(points, boundaries.towns(folder), "town_code")
    if boundaries.towns_are_official(folder):
        return town, np.full(len(points), levels.TOWN_OFFICIAL)
    confidence = _box_confidence(points, town)
    if known is not None and not known.empty:
        labelled = _labelled(points, known)
        pairs = zip(labelled, county, strict=True)
        agrees = [code is not None and county_of(code) == own for code, own in pairs]
        town = np.where(agrees, labelled, town)
        confidence = np.where(agrees, levels.TOWN_OF_RECORDS, confidence)
    return town, confidence


def nearest(points: NDArray[np.object_], counties: list[str], folder: Path) -> list[str]:
    """The town of each of `counties` that is nearest to its WGS-84 point, '' without any."""
    found = []
    for point, county in zip(boundaries.metric(points), counties, strict=True):
        codes, shapes = _metric_towns(county, folder)
        found.append(codes[int(shapely.distance(point, shapes).argmin())] if codes else "")
    return found


@cache
def _metric_towns(county: str, folder: Path) -> tuple[list[str], NDArray[np.object_]]:
    towns = boundaries.towns(folder)
    inside = towns[towns["county_code"] == county]
    return inside["town_code"].tolist(), boundaries.metric(inside.geometry)


def _box_confidence(points: NDArray[np.object_], town: NDArray[np.object_]) -> NDArray[np.float64]:
    x, y = shapely.get_x(points), shapely.get_y(points)
    confidence = np.full(len(points), levels.TOWN_NEAREST)
    for code, (west, south, east, north) in boxes().items():
        own = np.flatnonzero(town == code)
        inside = (x[own] >= west) & (x[own] <= east) & (y[own] >= south) & (y[own] <= north)
        confidence[own] = np.where(inside, levels.TOWN_IN_BOX, levels.TOWN_OUT_OF_BOX)
    return confidence


def _labelled(points: NDArray[np.object_], known: pd.DataFrame) -> NDArray[np.object_]:
    """Town that the labelled records near each point agree on, None where they do not."""
    usable = known["lon"].notna() & known["lat"].notna()
    usable &= known["town_code"].isin(table("towns")["town_code"])
    records = known[usable]
    labels = records["town_code"].to_numpy(dtype=object)
    tree = shapely.STRtree(boundaries.metric(shapely.points(records["lon"], records["lat"])))
    row, record = tree.query(
        boundaries.metric(points), predicate="dwithin", distance=NEIGHBOURHOOD_M
    )
    votes = pd.DataFrame({"row": row, "town": labels[record]}).groupby(["row", "town"]).size()
    total = votes.groupby("row").transform("sum")
    settled = votes[(total >= NEIGHBOURS) & (votes >= AGREEMENT * total)].reset_index()
    town = np.full(len(points), None, dtype=object)
    town[settled["row"].to_numpy(dtype="int64")] = settled["town"].to_numpy(dtype=object)
    return town
