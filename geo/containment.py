"""What lies within what: points within outlines, and outlines within counties.

Outlines are polygons in WGS-84. Areas and shares are measured in the metric CRS. A point on the
edge of an outline lies within it.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from geo import boundaries

_DEGREES = "EPSG:4326"

Shapes = NDArray[np.object_]


def shapes(outlines: pd.Series) -> Shapes:
    """Polygons of outlines stored as GeoJSON text; None where there is none."""
    texts = outlines.astype(object).where(outlines.notna(), None)
    return shapely.from_geojson(texts.to_numpy(dtype=object), on_invalid="ignore")


def holding(lon: ArrayLike, lat: ArrayLike, outlines: Shapes) -> pd.DataFrame:
    """Which outlines hold which points: positions `point` and `outline`, the smallest first.

    `lon` and `lat` are WGS-84 degrees, NaN where a point is unknown. Sorted by point, then by the
    area of the outline, then by its position.
    """
    x, y = np.asarray(lon, dtype="float64"), np.asarray(lat, dtype="float64")
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    drawn = np.flatnonzero(~shapely.is_missing(outlines))
    tree = shapely.STRtree(shapely.points(x[known], y[known]))
    outline, point = tree.query(outlines[drawn], predicate="intersects")
    found = pd.DataFrame({"point": known[point], "outline": drawn[outline]})
    area = area_m2(outlines)[found["outline"].to_numpy()]
    order = found.assign(area=area).sort_values(["point", "area", "outline"])
    return order[["point", "outline"]].reset_index(drop=True)


def area_m2(outlines: Shapes) -> NDArray[np.float64]:
    """Area of each outline in square metres, NaN where there is none."""
    return np.asarray(shapely.area(_metric(outlines)), dtype="float64")


def county_shares(outlines: Shapes) -> pd.DataFrame:
    """Counties that each outline lies in: `outline` (position), county_code, share, inside.

    `share` is of that part of the outline that lies in the city, the larger first; `inside` is a
    point of the outline within that county (WGS-84).
    """
    counties = boundaries.counties()
    tree = shapely.STRtree(counties.geometry.to_numpy())
    usable = np.flatnonzero(~shapely.is_missing(outlines))
    outline, county = tree.query(outlines[usable], predicate="intersects")
    outline = usable[outline]
    pieces = shapely.intersection(outlines[outline], counties.geometry.to_numpy()[county])
    found = pd.DataFrame(
        {
            "outline": outline,
            "county_code": counties["county_code"].to_numpy()[county],
            "area": area_m2(pieces),
            "inside": shapely.point_on_surface(pieces),
        }
    )
    found = found[found["area"] > 0]
    found["share"] = found["area"] / found.groupby("outline")["area"].transform("sum")
    order = found.sort_values(["outline", "share", "county_code"], ascending=[True, False, True])
    return order[["outline", "county_code", "share", "inside"]].reset_index(drop=True)


def _metric(outlines: Shapes) -> gpd.GeoSeries:
    return gpd.GeoSeries(outlines, crs=_DEGREES).to_crs(boundaries.METRIC)
