"""Outlines (轮廓) of the demo's venues and clusters, which people draw.

Two in five of the area-type venues have one. Some are drawn as the real ones would come out
awkwardly: a venue within another, a venue across the border of two counties, a venue whose outline
holds no shop at all.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from demo import lifecycles
from geo import boundaries

DECIMALS = 5  # of a published degree: about a metre


def metres(points: pd.DataFrame) -> NDArray[np.float64]:
    """Points (lon, lat in WGS-84) as rows of x and y in metres."""
    series = gpd.GeoSeries(gpd.points_from_xy(points["lon"], points["lat"]), crs="EPSG:4326")
    return np.asarray(shapely.get_coordinates(series.to_crs(boundaries.METRIC)))


def polygons(outlines: pd.Series) -> gpd.GeoSeries:
    """Polygons in metres of well-known texts in degrees; only of those that are not ''."""
    drawn = gpd.GeoSeries.from_wkt(outlines[outlines != ""], crs="EPSG:4326")
    return drawn.to_crs(boundaries.METRIC)


def geojson(outlines: pd.Series) -> pd.Series:
    """Geometry texts for the tables of well-known texts; only of those that are not ''."""
    drawn = outlines[outlines != ""]
    shapes = shapely.transform(shapely.from_wkt(drawn), lambda xy: xy.round(DECIMALS))
    return pd.Series(shapely.to_geojson(shapes), drawn.index, dtype="str")


def holding(shapes: gpd.GeoSeries, door: NDArray[np.float64]) -> NDArray[np.int64]:
    """Index in `shapes` of the smallest polygon that holds each point, −1 where none does."""
    held = np.full(len(door), -1)
    for row in shapes.index[np.argsort(-shapes.area, kind="stable")]:
        held[shapely.contains_xy(shapes[row], door)] = row
    return held


def settled(venues: pd.DataFrame, shops: pd.DataFrame) -> pd.DataFrame:
    """Shops with the venue's outcome for those of the street in its outline, and `outlined`.

    The outline makes them its shops, and it should still come out as the register says. Shops of
    a cluster (`site`) are left as they are. `outlined` is true of a venue's own shops that its
    outline alone would place there.
    """
    holder = holding(polygons(venues["outline"]), metres(shops))
    street = ((shops["venue"] < 0) & (shops["site"] < 0)).to_numpy()
    held = np.where(street, holder, -1)
    covered = np.append(venues["outcome"].to_numpy() == "covered", False)[held]
    fate = np.where(held < 0, shops["fate"], np.where(covered, lifecycles.KEPT, lifecycles.TARGET))
    early = np.where(covered, np.datetime64("2026-08-31"), lifecycles.AS_OF)
    signed_on = np.minimum(shops["signed_on"].to_numpy(), early.astype("datetime64[s]"))
    rounds = np.where(covered, np.minimum(shops["rounds"], 150), shops["rounds"])
    outlined = (holder >= 0) & (holder == shops["venue"].to_numpy())
    return shops.assign(
        fate=fate.astype(np.int8), signed_on=signed_on, rounds=rounds, outlined=outlined
    )
