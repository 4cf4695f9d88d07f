"""Conversions are exact both ways and agree with an independent library."""

import eviltransform
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import coordinates

CENTIMETRE = 1e-7  # degree of latitude: 1.1 cm
longitudes = st.floats(73.5, 134.5)
latitudes = st.floats(18.5, 53.5)


@pytest.mark.parametrize("crs", coordinates.CRS)
@given(lon=longitudes, lat=latitudes)
def test_round_trip_is_exact_to_a_centimetre(crs, lon, lat):
    x, y = coordinates.to_wgs84(*coordinates.from_wgs84(lon, lat, crs), crs)
    assert abs(x[0] - lon) < CENTIMETRE
    assert abs(y[0] - lat) < CENTIMETRE


@given(lon=st.floats(118.3, 120.0), lat=st.floats(33.9, 35.2))
def test_gcj02_agrees_with_eviltransform(lon, lat):
    far_lat, far_lon = eviltransform.wgs2gcj(lat, lon)
    x, y = coordinates.to_wgs84(far_lon, far_lat, "gcj02")
    assert abs(x[0] - lon) < 2 * CENTIMETRE  # its ellipsoid radius differs by 0.002 %
    assert abs(y[0] - lat) < 2 * CENTIMETRE


@given(lon=st.floats(118.3, 120.0), lat=st.floats(33.9, 35.2))
def test_bd09_agrees_with_eviltransform(lon, lat):
    far_lat, far_lon = eviltransform.wgs2gcj(lat, lon)
    bd_lat, bd_lon = eviltransform.gcj2bd(far_lat, far_lon)
    x, y = coordinates.from_wgs84(lon, lat, "bd09")
    assert abs(x[0] - bd_lon) < 2 * CENTIMETRE
    assert abs(y[0] - bd_lat) < 2 * CENTIMETRE


def test_shifts_are_those_known_for_the_city():
    metres = {}
    for crs in ("gcj02", "bd09"):
        x, y = coordinates.from_wgs84(119.2, 34.6, crs)
        metres[crs] = np.hypot((x[0] - 119.2) * 91_600, (y[0] - 34.6) * 110_900)
    assert 450 < metres["gcj02"] < 600
    assert 1000 < metres["bd09"] < 1400


@given(lon=st.floats(-180, 71.9), lat=st.floats(-90, 90))
def test_gcj02_is_the_identity_outside_china(lon, lat):
    for convert in (coordinates.from_wgs84, coordinates.to_wgs84):
        x, y = convert(lon, lat, "gcj02")
        assert (x[0], y[0]) == (lon, lat)


def test_arrays_keep_their_order_and_their_gaps():
    lon, lat = np.array([119.2, np.nan, 118.8]), np.array([34.6, 34.6, 34.5])
    x, y = coordinates.to_wgs84(lon, lat, "bd09")
    assert np.isnan(x[1])
    assert np.isnan(y[1])
    one_x, one_y = coordinates.to_wgs84(118.8, 34.5, "bd09")
    assert (x[2], y[2]) == pytest.approx((one_x[0], one_y[0]), abs=1e-12)
    assert lon[0] == 119.2  # the input is untouched


def test_wgs84_is_returned_as_it_is():
    x, y = coordinates.to_wgs84([119.2], [34.6], "wgs84")
    assert (x[0], y[0]) == (119.2, 34.6)


def test_an_unknown_system_is_refused_by_name():
    with pytest.raises(ValueError, match="不认识的坐标系“mars”"):
        coordinates.to_wgs84(119.2, 34.6, "mars")


NAMES = {
    "BD-09": "bd09",
    "bd09": "bd09",
    "BD09LL": "bd09",
    "百度": "bd09",
    "百度坐标系": "bd09",
    "GCJ02": "gcj02",
    "gcj-02": "gcj02",
    "高德": "gcj02",
    "腾讯地图": "gcj02",
    "火星坐标": "gcj02",
    "WGS84": "wgs84",
    "wgs-84": "wgs84",
    "CGCS2000": "wgs84",
    "CGCS2000/WGS84": "wgs84",
    "WGS84(from GCJ02)": "wgs84",
    "天地图": "wgs84",
    "国家2000": "wgs84",
    "EPSG:4326": "wgs84",
    "": None,
    "百度/高德": None,
    "北京54": None,
    "不详": None,
}


def test_names_of_systems():
    assert {text: coordinates.crs_code(text) for text in NAMES} == NAMES


@pytest.mark.parametrize("cell", [None, float("nan"), 84])
def test_a_cell_that_is_no_text_names_no_system(cell):
    assert coordinates.crs_code(cell) is None
