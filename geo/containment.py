"""Containment: points within outlines, and outlines within counties.

Outlines are polygons in WGS-84. Areas and shares are measured in the metric CRS. A point on the
edge of an outline lies within it.
"""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo import boundaries

Shapes = NDArray[np.object_]


def shapes(outlines: pd.Series) -> Shapes:
    """Polygons of outlines stored as GeoJSON text; None for a null or invalid text."""
    texts = outlines.astype(object).where(outlines.notna(), None).to_numpy(dtype=object)
    return np.asarray(shapely.from_geojson(texts, on_invalid="ignore"))


def holding(lon: ArrayLike, lat: ArrayLike, outlines: Shapes) -> pd.DataFrame:
    """Outlines that contain each point: point and outline (positions), the smallest first.

    `lon` and `lat` are WGS-84 degrees, NaN where a point is unknown. Sorted by point, then by the
    area of the outline, then by its position.
    """
    x, y = np.asarray(lon, dtype="float64"), np.asarray(lat, dtype="float64")
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    drawn = np.flatnonzero(~shapely.is_missing(outlines))
    tree = shapely.STRtree(shapely.points(x[known], y[known]))
    outline, point = tree.query(outlines[drawn], predicate="intersects")
    pairs = pd.DataFrame({"point": known[point], "outline": drawn[outline]})
    area = area_m2(outlines)[pairs["outline"].to_numpy()]
    order = pairs.assign(area=area).sort_values(["point", "area", "outline"])
    return order[["point", "outline"]].reset_index(drop=True)


def area_m2(outlines: Shapes) -> NDArray[np.float64]:
    """Area of each outline in square metres, NaN where there is none."""
    return np.asarray(shapely.area(boundaries.metric(outlines)), dtype="float64")


def county_shares(outlines: Shapes) -> pd.DataFrame:
    """Counties that each outline lies in: outline (position), county_code, share, inside.

    `share` (0 to 1) is of the part of the outline that lies in the city, the larger first; `inside`
    is a point of the outline within that county (WGS-84).
    """
    counties = boundaries.counties()
    tree = shapely.STRtree(counties.geometry.to_numpy())
    usable = np.flatnonzero(~shapely.is_missing(outlines))
    outline, county = tree.query(outlines[usable], predicate="intersects")
    outline = usable[outline]
    pieces = shapely.intersection(outlines[outline], counties.geometry.to_numpy()[county])
    parts = pd.DataFrame(
        {
            "outline": outline,
            "county_code": counties["county_code"].to_numpy()[county],
            "area": area_m2(pieces),
            "inside": shapely.point_on_surface(pieces),
        }
    )
    parts = parts[parts["area"] > 0]
    parts["share"] = parts["area"] / parts.groupby("outline")["area"].transform("sum")
    order = parts.sort_values(["outline", "share", "county_code"], ascending=[True, False, True])
    return order[["outline", "county_code", "share", "inside"]].reset_index(drop=True)
