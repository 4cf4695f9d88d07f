"""Candidates for demonstration clusters (示范聚集区): groups of verified shops close together.

DBSCAN (Ester, Kriegel, Sander, Xu, KDD 1996) of scikit-learn: a shop with at least
``cluster_least_shops`` within ``cluster_reach_m`` of it, itself included, is dense; dense shops
within reach of each other, and those within reach of one, are a group. A person decides whether a
group becomes a cluster.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from domain import rules
from geo import boundaries

COLUMNS = ["candidate", "shops", "scenario_kinds", "county_code", "town_code", "lon", "lat"]

_GRID_M = 10.0  # points are rounded to this grid, far below the reach, so that memory stays small
_MARGIN_M = 20.0  # between the outermost shops and the outline
_HULL_RATIO = 0.4  # of the concave hull: 0 follows every point, 1 is the convex hull


def candidates(shops: pd.DataFrame, members: pd.DataFrame) -> gpd.GeoDataFrame:
    """Groups of verified shops that are no cluster yet, the largest first.

    `shops` are verified merchants: merchant_key, shop_key (null: itself), lon, lat (WGS-84),
    scenario_id, county_code, town_code; a shop that several records list counts once. `members`
    are those of existing clusters (cluster_id, merchant_key): a group with a share of
    ``cluster_same_share`` or more in existing clusters is left out.

    Columns: candidate (number), shops and scenario_kinds (counts), county_code and town_code (of
    most of its shops), lon and lat (mean, degrees), geometry, the outline (EPSG:4326).
    """
    shop = shops["shop_key"].fillna(shops["merchant_key"])
    taken = set(shop[shops["merchant_key"].isin(members["merchant_key"])])
    once = shops.assign(shop=shop).sort_values("merchant_key").drop_duplicates("shop")
    once = once.dropna(subset=["lon", "lat"]).reset_index(drop=True)
    points = boundaries.metric(gpd.points_from_xy(once["lon"], once["lat"]))
    once = once.assign(group=_groups(points), taken=once["shop"].isin(taken), point=points)
    groups = [
        _described(group)
        for _, group in once[once["group"] >= 0].groupby("group")
        if group["taken"].mean() < rules.number("cluster_same_share")
    ]
    frame = pd.DataFrame(groups, columns=[*COLUMNS, "geometry"])
    frame = frame.sort_values(["shops", "lon", "lat"], ascending=[False, True, True])
    frame = frame.assign(candidate=range(1, len(frame) + 1)).reset_index(drop=True)
    crs = boundaries.METRIC
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=crs).to_crs(boundaries.DEGREES)


def _groups(points: NDArray[np.object_]) -> NDArray[np.int64]:
    """Number of the group of each point (metres), −1 for none."""
    if not len(points):
        return np.empty(0, dtype="int64")
    # Here, for it takes half a second to load.
    from sklearn.cluster import DBSCAN

    spots = np.round(shapely.get_coordinates(points) / _GRID_M).astype("int64")
    distinct, spot, weight = np.unique(spots, axis=0, return_inverse=True, return_counts=True)
    scan = DBSCAN(
        eps=rules.number("cluster_reach_m"), min_samples=rules.count("cluster_least_shops")
    )
    labels: NDArray[np.int64] = scan.fit(distinct * _GRID_M, sample_weight=weight).labels_
    return labels[spot.ravel()]


def _described(group: pd.DataFrame) -> dict[str, object]:
    """One candidate; its geometry is still in metres."""
    points = shapely.MultiPoint(group["point"].to_list())
    outline = shapely.concave_hull(points, ratio=_HULL_RATIO).buffer(_MARGIN_M)
    codes = ("county_code", "town_code")
    commonest = {code: next(iter(group[code].mode()), None) for code in codes}
    return {
        "shops": len(group),
        "scenario_kinds": group["scenario_id"].nunique(),
        **commonest,  # the smaller of two alike
        "lon": group["lon"].mean(),
        "lat": group["lat"].mean(),
        "geometry": outline,
    }
