"""Candidates for clusters: dense groups are found, counted by shop, and none that exists again."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from domain import rules
from geo import boundaries, clustering

MIDDLE = gpd.GeoSeries(gpd.points_from_xy([119.2], [34.6]), crs="EPSG:4326").to_crs(
    boundaries.METRIC
)[0]
LEAST = rules.count("cluster_least_shops")
REACH = rules.count("cluster_reach_m")


def street(name, count, gap, east=0.0, **cells):
    """`count` verified shops `gap` metres apart on a line that begins `east` metres along."""
    x = [MIDDLE.x + east + gap * place for place in range(count)]
    points = gpd.GeoSeries(gpd.points_from_xy(x, [MIDDLE.y] * count), crs=boundaries.METRIC)
    points = points.to_crs("EPSG:4326")
    keys = [f"{name}/{place:03}" for place in range(count)]
    about = {"merchant_key": keys, "shop_key": keys, "lon": points.x, "lat": points.y,
             "scenario_id": "F2-12", "county_code": "320706", "town_code": None}  # fmt: skip
    return pd.DataFrame(about | cells)


def found(*streets, members=()):
    inside = pd.DataFrame(list(members), columns=["cluster_id", "merchant_key"])
    return clustering.candidates(pd.concat(streets, ignore_index=True), inside)


def test_a_dense_group_is_proposed_with_its_outline_and_one_too_small_is_not():
    kinds = ["F2-12"] * 10 + ["F2-13"] * (LEAST - 9)
    dense = street("A", LEAST + 1, 10, scenario_id=kinds)
    small = street("B", LEAST - 1, 10, east=5000)
    sparse = street("C", LEAST + 5, REACH + 20, east=10_000)
    (row,) = found(dense, small, sparse).to_dict("records")
    assert (row["candidate"], row["shops"], row["scenario_kinds"]) == (1, LEAST + 1, 2)
    assert row["county_code"] == "320706"
    points = shapely.points(dense["lon"], dense["lat"])
    assert shapely.contains(row["geometry"], points).all()
    assert shapely.contains_xy(row["geometry"], row["lon"], row["lat"])


def test_the_largest_comes_first_and_the_order_of_the_rows_does_not_matter():
    rows = [street("A", 20, 10), street("B", 30, 10, east=5000), street("C", 20, 10, east=9000)]
    first = found(*rows)
    assert list(first["shops"]) == [30, 20, 20]
    assert list(first["candidate"]) == [1, 2, 3]
    assert first["lon"].iloc[1] < first["lon"].iloc[2]
    shuffled = pd.concat(rows).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(pd.DataFrame(found(shuffled)), pd.DataFrame(first))


def test_a_shop_of_several_records_counts_once():
    rows = street("A", LEAST + 4, 10)
    rows.loc[10:, "shop_key"] = rows.loc[10, "merchant_key"]
    assert found(rows).empty


def test_a_shop_without_a_point_is_in_no_group():
    rows = street("A", LEAST, 10)
    rows.loc[0, ["lon", "lat"]] = None
    assert found(rows).empty


@pytest.mark.parametrize(("inside", "proposed"), [(9, 1), (10, 0)])
def test_what_is_mostly_a_cluster_already_is_left_out(inside, proposed):
    rows = street("A", 20, 10)
    members = [("C1", key) for key in rows["merchant_key"].head(inside)]
    assert len(found(rows, members=members)) == proposed


def test_shops_at_one_door_are_a_group_too():
    (row,) = found(street("A", 20, 0)).to_dict("records")
    assert row["shops"] == 20 and row["geometry"].area > 0


def test_nobody_verified_gives_no_candidates():
    nothing = found(street("A", 1, 10).head(0))
    assert nothing.empty and list(nothing.columns) == [*clustering.COLUMNS, "geometry"]
