"""Points in metres and in other shapes are converted where only one reading is possible."""

import pandas as pd
import pyproj
import pytest

from loaders.reading import point_columns

LON, LAT = 119.1733, 34.6045


def read(**columns):
    sent = {name: pd.Series([cell], dtype=object) for name, cell in columns.items()}
    found = point_columns.read(sent, pd.RangeIndex(1))
    reasons = [reason for part in found.reasons.values() for reason in part]
    return found, reasons


def projected(epsg):
    at = pyproj.Transformer.from_crs("EPSG:4326", f"EPSG:{epsg}", always_xy=True)
    return [f"{number:.2f}" for number in at.transform(LON, LAT)]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize(
    ("epsg", "words", "crs"),
    [
        (4528, "3 度带第 40 带", "wgs84"),
        (4527, "3 度带第 39 带", "wgs84"),
        (4498, "6 度带第 20 带", "wgs84"),
        (4549, "中央经线 120°", "wgs84"),
        (3857, "墨卡托", None),
    ],
)
def test_metres_become_degrees_and_are_named(epsg, words, crs, turned, single):
    x, y = projected(epsg)[:: -1 if turned else 1]
    found, reasons = read(lonlat=f"{x}, {y}") if single else read(lon=x, lat=y)
    assert reasons == []
    assert (found.lon[0], found.lat[0]) == pytest.approx((LON, LAT), abs=1e-6)
    assert words in found.mended[0]
    assert (found.crs[0] if crs else pd.isna(found.crs[0])) == (crs or True)


@pytest.mark.parametrize(
    ("lon", "lat", "words"),
    [
        (*projected(4548), "分不清是"),  # with UTM, which is 1.5 km off
        (*projected(32650), "UTM"),
        ("500000.00", "4400000.00", "不在连云港市附近"),
        (projected(4528)[0], "", "缺另一半"),
        (projected(4528)[0], "34.6", "不在连云港市附近"),
    ],
)
def test_metres_that_are_not_certain_are_rejected_by_name_with_what_to_do(lon, lat, words):
    found, (reason,) = read(lon=lon, lat=lat)
    assert pd.isna(found.lon[0])
    assert f"“{float(lon):.10g}" in reason and "投影坐标" in reason
    assert words in reason and "换算成经纬度" in reason


@pytest.mark.parametrize(
    "cell",
    [
        "POINT(119.1733 34.6045)", "POINT (119.1733 34.6045)", "point z (119.1733 34.6045 12)",
        "SRID=4326;POINT(119.1733 34.6045)", "119.1733,34.6045,12.5", "34.6045,119.1733,0",
        "119.1733，34.6045，", "119173300,34604500", "119-10-23.88,34-36-16.2",
        "119°10′23.88″，34°36′16.2″，",
    ],
)  # fmt: skip
def test_a_point_in_one_cell_in_more_shapes(cell):
    found, reasons = read(lonlat=cell)
    assert reasons == []
    assert (found.lon[0], found.lat[0]) == pytest.approx((LON, LAT), abs=1e-6)


@pytest.mark.parametrize(
    "lon", ["119.1733，", "119.1733,", 119173300, 119173300.0, "1191733000", "119-10-23.88"]
)
def test_a_longitude_in_more_shapes(lon):
    found, reasons = read(lon=lon, lat="34.6045")
    assert reasons == []
    assert (found.lon[0], found.lat[0]) == pytest.approx((LON, LAT), abs=1e-6)


@pytest.mark.parametrize(("cell", "words"), [("119 12 30", "是三个数"), ("119.2,34.6,5,6", "一对")])
def test_more_than_a_point_is_rejected(cell, words):
    _, (reason,) = read(lonlat=cell)
    assert f"“{cell}”" in reason and words in reason
