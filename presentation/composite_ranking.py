"""The composite view of the ranking: scores of counties, and how far their ranks hold."""

import pandas as pd

from domain import ranking
from queries import attainment, shop_records
from queries.scope import Scope

WEIGHTS = {"share_verified": 60, "verified_share": 20, "active_share": 10, "graded_share": 10}


def components(scope: Scope) -> pd.DataFrame:
    """The components of the composite, one row a county: shares from 0 to 1, NaN if unknown."""
    areas = attainment.areas(scope)
    areas = areas[areas["area_kind"] == "county"]
    shops = shop_records.area_merchants(scope)
    frame = areas.merge(shops[["area_id", "verified_share", "active_share"]], "left", "area_id")
    return frame[["area_id", "area", *WEIGHTS]]


def scores(scope: Scope, weights: dict[str, float]) -> pd.DataFrame:
    """Composite scores under `weights`, with the components in sight."""
    parts = components(scope)
    frame = ranking.composite(parts.drop(columns="area"), weights).merge(parts, on="area_id")
    return frame.assign(
        rank_label=frame["rank"].astype("Int64").astype("string").fillna("未知")
    ).sort_values("rank", ignore_index=True)


def stability(scope: Scope) -> pd.DataFrame:
    """Share of all weightings under which each county holds each rank."""
    parts = components(scope)
    return ranking.stability(parts.drop(columns="area")).merge(
        parts[["area_id", "area"]], on="area_id"
    )
