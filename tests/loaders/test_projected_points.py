"""Points in metres and in other shapes are converted where only one reading is possible."""

import numpy as np
import pandas as pd
import pyproj
import pytest

from geo import baidu_metres
from loaders.reading import point_columns

LON, LAT = 119.1733, 34.6045


def read(stated=None, default=None, **columns):
    sent = {name: pd.Series([cell], dtype=object) for name, cell in columns.items()}
    system = pd.Series([stated], dtype="str")
    found = point_columns.read(sent, pd.RangeIndex(1), system, default)
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
        (4528, "3 度带第 40 带", None),
        (4527, "3 度带第 39 带", None),
        (4498, "6 度带第 20 带", "wgs84"),
        (4549, "中央经线 120°", None),
        (3857, "Web 墨卡托", "wgs84"),
    ],
)
def test_metres_become_degrees_and_are_named(epsg, words, crs, turned, single):
    x, y = projected(epsg)[:: -1 if turned else 1]
    columns = {"lonlat": f"{x}, {y}"} if single else {"lon": x, "lat": y}
    found, reasons = read(crs, **columns)
    assert reasons == []
    assert (found.lon[0], found.lat[0]) == pytest.approx((LON, LAT), abs=1e-6)
    assert words in found.mended[0]
    assert found.crs[0] == "wgs84"


BAIDU = ["13266318.83", "4085895.72"]


@pytest.mark.parametrize(("stated", "default"), [("bd09", None), (None, "bd09"), ("bd09", "wgs84")])
def test_baidu_s_metres_are_those_of_no_web_mercator(stated, default):
    found, reasons = read(stated, default, lon=BAIDU[0], lat=BAIDU[1])
    assert reasons == [] and found.crs[0] == "bd09"
    assert "百度墨卡托" in found.mended[0]
    web = pyproj.Transformer.from_crs("EPSG:3857", "EPSG:4326", always_xy=True)
    assert abs(web.transform(*map(float, BAIDU))[1] - found.lat[0]) > 0.15


def test_baidu_s_metres_follow_its_published_pair():
    lon, lat = baidu_metres.degrees(np.array([12958175.0]), np.array([4825923.77]))
    assert (lon[0], lat[0]) == pytest.approx((116.404, 39.915), abs=1e-6)


@pytest.mark.parametrize(
    ("point", "stated", "default", "words"),
    [
        (BAIDU, None, None, "分不清是Web 墨卡托还是百度墨卡托（BD-09MC），请写明坐标系"),
        (BAIDU, None, "gcj02", "分不清是Web 墨卡托还是百度墨卡托"),
        (BAIDU, "gcj02", None, "写明的坐标系是 GCJ-02（高德、腾讯），换算后在连云港市附近的却是"),
        (projected(4528), "bd09", None, "却是CGCS2000 高斯-克吕格 3 度带第 40 带，请核对坐标系"),
    ],
)
def test_metres_that_are_not_of_the_stated_system_are_rejected(point, stated, default, words):
    found, (reason,) = read(stated, default, lon=point[0], lat=point[1])
    assert pd.isna(found.lon[0]) and pd.isna(found.crs[0])
    assert words in reason and "换算成经纬度" in reason


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
