"""Candidates for demonstration clusters (示范聚集区): where verified shops stand close together.

DBSCAN (Ester, Kriegel, Sander, Xu, KDD 1996), as scikit-learn has it: a shop with at least
``cluster_least_shops`` within ``cluster_reach_m`` of it, itself counted, is dense; dense shops
within reach of each other, and those within reach of one, are a group. A person decides whether a
group becomes a cluster.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sklearn.cluster import DBSCAN

from domain import rules
from geo import boundaries

COLUMNS = ["candidate", "shops", "scenario_kinds", "county_code", "town_code", "lon", "lat"]

_DEGREES = "EPSG:4326"
_GRID_M = 10.0  # points are gathered on such a grid: far below the reach, and memory stays small
_MARGIN_M = 20.0  # between the outermost shops and the outline
_HUGGING = 0.4  # ratio of the concave hull: 0 hugs every point, 1 is the convex hull


def candidates(shops: pd.DataFrame, members: pd.DataFrame) -> gpd.GeoDataFrame:
    """Groups of verified shops that are no cluster yet, the largest first.

    `shops` are verified merchants: merchant_key, shop_key (null: itself), lon, lat (WGS-84),
    scenario_id, county_code, town_code; a shop that several records list counts once. `members`
    are those of existing clusters (cluster_id, merchant_key): a group of which
    ``cluster_same_share`` or more is in some cluster already is left out.

    Columns: `COLUMNS` and geometry, the outline (EPSG:4326). `candidate` numbers them, shops and
    scenario_kinds count, county and town are those of most of its shops, lon and lat its middle.
    """
    shop = shops["shop_key"].fillna(shops["merchant_key"])
    taken = set(shop[shops["merchant_key"].isin(members["merchant_key"])])
    once = shops.assign(shop=shop).sort_values("merchant_key").drop_duplicates("shop")
    once = once.dropna(subset=["lon", "lat"]).reset_index(drop=True)
    points = gpd.GeoSeries(
        gpd.points_from_xy(once["lon"], once["lat"]), crs=_DEGREES
    ).to_crs(boundaries.METRIC)  # fmt: skip
    once = once.assign(group=_groups(points), taken=once["shop"].isin(taken), point=points)
    found = [
        _described(group)
        for _, group in once[once["group"] >= 0].groupby("group")
        if group["taken"].mean() < rules.number("cluster_same_share")
    ]
    found.sort(key=lambda one: (-one["shops"], one["lon"], one["lat"]))
    rows = [one | {"candidate": number} for number, one in enumerate(found, 1)]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "geometry"])
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=boundaries.METRIC).to_crs(_DEGREES)


def _groups(points: gpd.GeoSeries) -> NDArray[np.int64]:
    """Number of the group of each point (metres), −1 for none."""
    if points.empty:
        return np.empty(0, dtype="int64")
    spots = np.round(np.column_stack([points.x, points.y]) / _GRID_M).astype("int64")
    distinct, spot, weight = np.unique(spots, axis=0, return_inverse=True, return_counts=True)
    scan = DBSCAN(
        eps=float(rules.count("cluster_reach_m")),
        min_samples=int(rules.count("cluster_least_shops")),
    )
    return scan.fit(distinct * _GRID_M, sample_weight=weight).labels_[spot.ravel()]


def _described(group: pd.DataFrame) -> dict[str, object]:
    """One candidate; its geometry is still in metres."""
    points = shapely.MultiPoint(group["point"].to_list())
    outline = shapely.concave_hull(points, ratio=_HUGGING).buffer(_MARGIN_M)
    return {
        "shops": len(group),
        "scenario_kinds": group["scenario_id"].nunique(),
        "county_code": _most(group["county_code"]),
        "town_code": _most(group["town_code"]),
        "lon": group["lon"].mean(),
        "lat": group["lat"].mean(),
        "geometry": outline,
    }


def _most(codes: pd.Series) -> str | None:
    """The commonest code, the smaller of two alike; None where there is none."""
    common = codes.mode()
    return None if common.empty else common.iloc[0]
