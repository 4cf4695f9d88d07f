"""The coordinate system that a header names is read, said, and never overruled in silence."""

import json

import pandas as pd
import pytest

from geo.coordinates import to_wgs84
from loaders.__main__ import main
from loaders.formats.cell_sheet import Sheet
from loaders.reading import header_matching, named_systems, records
from loaders.reading.typed_cells import Source
from store.errors import HeaderError, MissingCrsError
from tests.support.bank_files import write

LON, LAT = "119.1733", "34.6045"
HEADERS = [
    ("经度(百度)", "纬度(百度)", "bd09"),
    ("百度经度", "百度纬度", "bd09"),
    ("lng_bd09", "lat_bd09", "bd09"),
    ("高德经度", "高德纬度", "gcj02"),
    ("经度（GCJ-02）", "纬度（GCJ-02）", "gcj02"),
    ("经度【火星坐标】", "纬度【火星坐标】", "gcj02"),
    ("WGS84经度", "WGS84纬度", "wgs84"),
    ("CGCS2000经度", "CGCS2000纬度", "wgs84"),
    ("经度（天地图）", "纬度（天地图）", "wgs84"),
]
PAIRS = [
    ("经纬度（高德）", "gcj02"), ("百度坐标", "bd09"), ("WGS84坐标", "wgs84"),
    ("CGCS2000坐标", "wgs84"), ("天地图坐标", "wgs84"), ("经纬度-BD09", "bd09"),
]  # fmt: skip


def read(header, row, **known):
    """The first record of a sheet of one row, as read with what is known."""
    sheet = Sheet("表", [["商户编号", "银行", "商户名称", *header], ["1", "工行", "甲店", *row]])
    layout = header_matching.layouts([sheet], "merchants", "来件.csv")[0][0]
    source = Source("来件.csv", sheet, layout)
    return records.records(source, records.Known(**known))


def where(lon, lat, crs):
    x, y = to_wgs84(float(lon), float(lat), crs)
    return pytest.approx((x[0], y[0]), abs=1e-6)


@pytest.mark.parametrize(("east", "north", "crs"), HEADERS)
@pytest.mark.parametrize("remembered", [None, "wgs84", "gcj02"])
def test_two_columns_are_in_the_system_that_their_headers_name(east, north, crs, remembered):
    found = read([east, north], [LON, LAT], crs=remembered)
    (shop,) = found.accepted.to_dict("records")
    assert (shop["lon"], shop["lat"]) == where(LON, LAT, crs)
    assert found.crs == crs and not shop["in_review"]


@pytest.mark.parametrize(("header", "crs"), PAIRS)
def test_one_column_is_in_the_system_that_its_header_names(header, crs):
    (shop,) = read([header], [f"{LON},{LAT}"]).accepted.to_dict("records")
    assert (shop["lon"], shop["lat"]) == where(LON, LAT, crs)


@pytest.mark.parametrize("stated", [{}, {"坐标系": "BD09"}])
def test_metres_are_in_the_system_that_a_header_or_a_cell_names(stated):
    header = ["经度", "纬度"] if stated else ["经度(百度)", "纬度(百度)"]
    row = ["13266318.83", "4085895.72", *stated.values()]
    (shop,) = read([*header, *stated], row, crs="wgs84").accepted.to_dict("records")
    assert (shop["lon"], shop["lat"]) == pytest.approx((119.1620, 34.5923), abs=0.01)
    assert "百度墨卡托" in shop["reason"]


def test_a_person_is_told_and_also_that_something_else_was_remembered():
    (note,) = named_systems.note(["经度(百度)", "纬度(百度)"], "wgs84")
    assert "“经度(百度)”" in note and "BD-09" in note and "WGS-84" in note
    assert "记住" not in named_systems.note(["经度(百度)"], "bd09")[0]
    assert named_systems.note(["经度", "纬度"], "bd09") == ()


@pytest.mark.parametrize("headers", [["经度", "纬度"], ["GPS经度", "GPS纬度"]])
def test_a_header_that_names_nothing_still_needs_a_system(headers):
    with pytest.raises(MissingCrsError):
        read(headers, [LON, LAT])


def test_headers_of_two_systems_are_refused_by_name():
    with pytest.raises(HeaderError, match=r"百度经度.*高德纬度"):
        read(["百度经度", "高德纬度"], [LON, LAT])


@pytest.mark.parametrize(("cell", "kept"), [("百度", True), ("", True), ("WGS84", False)])
def test_a_cell_against_the_header_goes_to_a_person(cell, kept):
    (shop,) = read(["百度经度", "百度纬度", "坐标系"], [LON, LAT, cell]).accepted.to_dict("records")
    assert pd.notna(shop["lon"]) == kept
    assert shop["in_review"] != kept
    assert kept or "坐标系一列与列名写的 BD-09" in shop["note"]


@pytest.mark.parametrize("command", ["import", "geocode"])
def test_an_option_against_the_header_is_refused_and_one_that_agrees_is_not(
    command, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("COVERAGE_STORE", str(tmp_path / "store"))
    header = ["商户编号", "银行", "商户名称", "地址", "经度(百度)", "纬度(百度)", "签约日期"]
    row = ["1", "工行", "甲店", "海州区新浦街道", LON, LAT, "2025-03-01"]
    path = write(tmp_path / "来件", [header, row], "csv-utf8")
    options = {
        "import": ["import", "--kind", "merchants", str(path), "--as-at", "2025-12-31"],
        "geocode": ["geocode", str(path), "--out", str(tmp_path / "答.csv")],
    }[command]
    assert main([*options, "--crs", "wgs84"]) != 0
    message = capsys.readouterr().err
    assert "“经度(百度)”写的是 BD-09" in message and "WGS-84" in message
    assert main([*options, "--crs", "bd09"]) == 0
    said = json.loads(capsys.readouterr().out)
    notes = said["notes"] if command == "geocode" else said["files"][0]["notes"]
    assert any("“经度(百度)”写明坐标系是 BD-09" in note for note in notes)
