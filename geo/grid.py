"""H3 cells of points, and their outlines: the hexagons on which records are counted."""

from collections.abc import Iterable

import geopandas as gpd
import h3.api.basic_int as h3
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from shapely.geometry import Polygon

RESOLUTIONS = (6, 7, 8, 9)  # edges of about 3.7 km, 1.4 km, 0.5 km and 0.2 km


def cells(lon: ArrayLike, lat: ArrayLike) -> pd.DataFrame:
    """H3 cells of WGS-84 points: columns h3_6 … h3_9, Int64, null where there is no point.

    One row per point, in order; the index is that of `lon` if it is a Series.
    """
    index = lon.index if isinstance(lon, pd.Series) else None
    x, y = np.asarray(lon, dtype="float64"), np.asarray(lat, dtype="float64")
    usable = np.isfinite(x) & np.isfinite(y)
    finest = np.zeros(len(x), dtype="int64")
    points = zip(y[usable].tolist(), x[usable].tolist(), strict=True)
    finest[usable] = [h3.latlng_to_cell(v, u, RESOLUTIONS[-1]) for v, u in points]
    columns = {
        f"h3_{resolution}": pd.arrays.IntegerArray(_parents(finest, resolution), ~usable)
        for resolution in RESOLUTIONS
    }
    return pd.DataFrame(columns, index=index)


def polygons(cells: Iterable[int]) -> gpd.GeoDataFrame:
    """Outlines of H3 `cells`, each once, in order: columns cell, geometry (EPSG:4326)."""
    unique = list(dict.fromkeys(int(cell) for cell in cells))
    outlines = [Polygon([(x, y) for y, x in h3.cell_to_boundary(cell)]) for cell in unique]
    frame = {"cell": np.array(unique, dtype="int64")}
    return gpd.GeoDataFrame(frame, geometry=outlines, crs="EPSG:4326")


def centres(cells: Iterable[int]) -> pd.DataFrame:
    """Centres of H3 `cells`, in their order: lon, lat in WGS-84 degrees."""
    points = [h3.cell_to_latlng(cell) for cell in cells]
    return pd.DataFrame([(x, y) for y, x in points], columns=["lon", "lat"], dtype="float64")


def _parents(finest: NDArray[np.int64], resolution: int) -> NDArray[np.int64]:
    """Ancestors of resolution-9 cells, by the bits of the H3 index (h3geo.org, "H3 index").

    Bits 52–55 hold the resolution; each finer digit takes three bits and reads 7 when unused.
    """
    if resolution == RESOLUTIONS[-1]:
        return finest
    steps = RESOLUTIONS[-1] - resolution
    unused = ((1 << 3 * steps) - 1) << 3 * (15 - RESOLUTIONS[-1])
    return np.where(finest == 0, 0, (finest - (steps << 52)) | unused)
