"""Counties are the package's polygons; towns are cells of seats, or a layer that was dropped in."""

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from domain.reference import table
from geo import boundaries

CITY_KM2 = 7483  # of the coarse polygons; the city states 7,615
SEATS = table("towns").query("seat_lon != ''")


def test_the_six_counties_are_there_in_degrees():
    counties = boundaries.counties()
    assert counties.crs == "EPSG:4326"
    assert list(counties.columns) == ["county_code", "county", "geometry"]
    assert set(counties["county_code"]) == set(table("counties")["county_code"])
    assert counties.to_crs(boundaries.METRIC).area.sum() / 1e6 == pytest.approx(CITY_KM2, rel=0.01)


def test_the_outer_islands_belong_to_lianyun():
    assert boundaries.county_of([119.89], [35.0])[0] in {"320703", None}
    lianyun = boundaries.counties().query("county_code == '320703'").geometry.iloc[0]
    assert len(lianyun.geoms) >= 7


def test_counties_do_not_overlap_each_other():
    counties = boundaries.counties().to_crs(boundaries.METRIC)
    union = counties.union_all().area
    assert counties.area.sum() == pytest.approx(union, rel=1e-3)


@given(lon=st.floats(118.3, 119.9), lat=st.floats(33.9, 35.2))
def test_a_point_is_in_the_county_that_holds_it(lon, lat):
    found = boundaries.county_of([lon], [lat])[0]
    counties = boundaries.counties()
    holding = counties[counties.intersects(shapely.Point(lon, lat))]["county_code"].tolist()
    assert (found in holding) if holding else found is None


def test_a_missing_point_is_in_no_county():
    found = boundaries.county_of([float("nan"), 119.2, 116.4], [34.6, float("nan"), 39.9])
    assert found.tolist() == [None, None, None]


def test_interiors_lie_within_their_county_and_away_from_the_others():
    inside = boundaries.interiors().to_crs(boundaries.METRIC).set_index("county_code").geometry
    counties = boundaries.counties().to_crs(boundaries.METRIC).set_index("county_code").geometry
    for code, shape in inside.items():
        assert shape.difference(counties[code].buffer(1)).is_empty
        others = counties.drop(code).distance(shape)
        assert (others > boundaries.UNCERTAINTY_M - 20).all()


def test_voronoi_cells_cover_each_county_once(tmp_path):
    towns = boundaries.towns(tmp_path).to_crs(boundaries.METRIC)
    counties = boundaries.counties().to_crs(boundaries.METRIC).set_index("county_code").geometry
    assert not boundaries.towns_are_official(tmp_path)
    assert set(towns["town_code"]) == set(SEATS["town_code"])
    for code, group in towns.groupby("county_code"):
        assert group.area.sum() == pytest.approx(counties[code].area, rel=1e-4)
        assert group.union_all().area == pytest.approx(counties[code].area, rel=1e-4)


def test_a_seat_is_in_the_cell_of_its_town(tmp_path):
    towns = boundaries.towns(tmp_path).set_index("town_code").geometry
    shared = SEATS.duplicated(["seat_lon", "seat_lat"], keep=False)
    counties = boundaries.county_of(
        SEATS["seat_lon"].astype(float), SEATS["seat_lat"].astype(float)
    )
    for row in SEATS[~shared & (counties == SEATS["county_code"])].itertuples():
        assert towns[row.town_code].covers(shapely.Point(float(row.seat_lon), float(row.seat_lat)))


def test_zones_come_with_their_towns(tmp_path):
    towns = boundaries.towns(tmp_path).set_index("town")
    assert towns.loc["猴嘴街道", "zone_id"] == "ETDZ"
    assert towns.loc["徐圩街道", "zone_id"] == "XUWEI"
    assert towns.loc["青口镇", "zone_id"] is None


@pytest.mark.parametrize("name", ["towns.gpkg", "towns.geojson"])
def test_a_town_layer_replaces_the_cells(tmp_path, name):
    shapes = {"town_code": ["320707100", "320707101"]}
    squares = [box(119.0, 34.7, 119.2, 34.9), box(119.1, 35.0, 119.3, 35.1)]
    layer = gpd.GeoDataFrame(shapes, geometry=squares, crs="EPSG:4326")
    layer.to_file(tmp_path / name)
    towns = boundaries.towns(tmp_path)
    assert boundaries.towns_are_official(tmp_path)
    assert towns["town"].tolist() == ["青口镇", "柘汪镇"]
    assert towns.crs == "EPSG:4326"
    assert list(towns.columns) == [*boundaries.TOWN_COLUMNS, "geometry"]


def test_a_town_layer_in_metres_is_brought_to_degrees(tmp_path):
    layer = gpd.GeoDataFrame(
        {"town_code": ["320707100"]}, geometry=[box(119.0, 34.7, 119.2, 34.9)], crs="EPSG:4326"
    )
    layer.to_crs(boundaries.METRIC).to_file(tmp_path / "towns.gpkg")
    west, _, east, _ = boundaries.towns(tmp_path).total_bounds
    assert (west, east) == pytest.approx((119.0, 119.2), abs=1e-6)


def test_a_town_layer_without_codes_is_refused(tmp_path):
    layer = gpd.GeoDataFrame({"name": ["青口镇"]}, geometry=[box(119, 34, 120, 35)], crs=4326)
    layer.to_file(tmp_path / "towns.geojson")
    with pytest.raises(boundaries.BoundaryError, match=r"towns\.geojson 缺少列“town_code”"):
        boundaries.towns(tmp_path)


def test_a_town_layer_with_unknown_codes_is_refused(tmp_path):
    layer = gpd.GeoDataFrame({"town_code": ["999"]}, geometry=[box(119, 34, 120, 35)], crs=4326)
    layer.to_file(tmp_path / "towns.geojson")
    with pytest.raises(boundaries.BoundaryError, match=r"代码“999”等 1 个不在 towns\.csv 中"):
        boundaries.towns(tmp_path)
