"""What an uploaded outline must not do: open another file, ask the network, or keep us busy."""

import io
import json
import socket
import sqlite3
import zipfile
from contextlib import closing

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon, box, mapping

from geo.outlines import OutlineError
from loaders.formats.outlines import outline_files

WEST, SOUTH = 119.20, 34.60  # in 海州区
SQUARE = box(WEST, SOUTH, WEST + 0.01, SOUTH + 0.01)
NAMES = ("a.geojson", "a.json", "a.kml", "a.gpkg")


def collection(geometry, **more):
    """Bytes of GeoJSON with one feature named 市场; `geometry` is a shape or its dictionary."""
    shape = geometry if isinstance(geometry, dict) else mapping(geometry)
    feature = {"type": "Feature", "properties": {"name": "市场"}, "geometry": shape}
    told = {"type": "FeatureCollection", "features": [feature]} | more
    return json.dumps(told).encode()


def ring(*corners):
    return {"type": "Polygon", "coordinates": [[list(corner) for corner in corners]]}


def packed(members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in members.items():
            archive.writestr(name, part)
    return content.getvalue()


def virtual(source):
    """What GDAL would take, under any name, for a pointer to the layer `secret` of `source`."""
    return (
        '<OGRVRTDataSource><OGRVRTLayer name="secret">'
        f"<SrcDataSource>{source}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


@pytest.fixture
def shapefile(tmp_path):
    """The parts of a Shapefile, by name."""
    frame = gpd.GeoDataFrame({"name": ["市场"]}, geometry=[SQUARE], crs="EPSG:4326")
    frame.to_file(tmp_path / "s.shp", driver="ESRI Shapefile", encoding="UTF-8")
    return {path.name: path.read_bytes() for path in tmp_path.glob("s.*")}


# ---- pointers to somewhere else ----------------------------------------------------------------


@pytest.mark.parametrize("name", [*NAMES, "a.zip"])
def test_a_pointer_to_a_file_of_the_server_is_not_followed(name, tmp_path):
    secret = tmp_path / "secret.geojson"
    secret.write_bytes(collection(SQUARE))
    pointer = virtual(secret)
    content = packed({"a.vrt": pointer}) if name.endswith("zip") else pointer
    with pytest.raises(OutlineError, match=f"“{name}”"):
        outline_files.read(content, name)


@pytest.mark.parametrize("name", [*NAMES, "a.zip"])
def test_a_pointer_to_an_address_asks_nobody(name):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        pointer = virtual(f"/vsicurl/http://127.0.0.1:{server.getsockname()[1]}/secret.geojson")
        content = packed({"a.vrt": pointer}) if name.endswith("zip") else pointer
        with pytest.raises(OutlineError, match=f"“{name}”"):
            outline_files.read(content, name)
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_shapefile_takes_nothing_else_out_of_its_zip(shapefile, tmp_path):
    secret = tmp_path / "secret.geojson"
    secret.write_bytes(collection(SQUARE))
    beside = {"a.vrt": virtual(secret), "../../s.txt": b"x", "__MACOSX/._s.shp": b"x"}
    found = outline_files.read(packed(shapefile | beside), "a.zip")
    assert list(found["name"]) == ["市场"]
    disguised = shapefile | {"s.shp": b"\0\0\x27\x0a" + virtual(secret)}
    with pytest.raises(OutlineError, match="打不开"):
        outline_files.read(packed(disguised), "a.zip")


@pytest.mark.parametrize(
    "link",
    [
        {"type": "link", "properties": {"href": "http://127.0.0.1:1/x", "type": "proj4"}},
        {"type": "name", "properties": {"name": "/etc/passwd"}},
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::99999"}},
        {"type": "name", "properties": {"name": "EPSG:5773"}},  # heights
    ],
)
def test_a_coordinate_system_that_nobody_knows_is_refused(link):
    with pytest.raises(OutlineError, match=r"“a\.json”写的坐标系.*认不出"):
        outline_files.read(collection(SQUARE, crs=link), "a.json")


@pytest.mark.parametrize(
    "name", ["EPSG:4490", "urn:ogc:def:crs:EPSG::4490", "urn:ogc:def:crs:OGC:1.3:CRS84"]
)
def test_a_coordinate_system_that_is_known_is_taken(name):
    crs = {"type": "name", "properties": {"name": name}}
    assert len(outline_files.read(collection(SQUARE, crs=crs), "a.json")) == 1


def test_an_entity_of_kml_is_not_resolved(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密")
    content = (
        f'<?xml version="1.0"?><!DOCTYPE k [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        "<kml><Placemark><name>&x;</name></Placemark></kml>"
    )
    with pytest.raises(OutlineError, match="打不开"):
        outline_files.read(content.encode(), "a.kml")


def test_views_and_computed_columns_of_a_geopackage_are_passed_over(tmp_path):
    path = tmp_path / "a.gpkg"
    frame = gpd.GeoDataFrame({"name": ["市场"]}, geometry=[SQUARE], crs="EPSG:4326")
    frame.to_file(path, layer="real", driver="GPKG")
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("drop trigger if exists trigger_delete_feature_count_real")
        opened.execute("alter table real add column 场所名称 text as (hex(zeroblob(9)))")
        opened.execute("create view sight as select * from real")
        opened.execute(
            "insert into gpkg_contents (table_name, data_type, identifier, srs_id)"
            " values ('sight', 'features', 'sight', 4326)"
        )
        opened.execute(
            "insert into gpkg_geometry_columns values ('sight', 'geom', 'POLYGON', 4326, 0, 0)"
        )
        opened.commit()
    assert list(outline_files.read(path.read_bytes(), "a.gpkg")["name"]) == ["市场"]


# ---- files that are not whole -----------------------------------------------------------------


@pytest.mark.parametrize("part", ["shp", "shx", "dbf"])
def test_a_part_that_is_missing_from_a_shapefile_is_named(part, shapefile):
    del shapefile[f"s.{part}"]
    with pytest.raises(OutlineError, match=rf"“a\.zip”里缺少 \.{part} 文件"):
        outline_files.read(packed(shapefile), "a.zip")


def test_two_shapefiles_in_one_zip_are_told_apart_by_nobody(shapefile):
    other = {name.replace("s.", "t."): part for name, part in shapefile.items()}
    with pytest.raises(OutlineError, match="不止一个 Shapefile"):
        outline_files.read(packed(shapefile | other), "a.zip")


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        (ring((WEST, SOUTH), (WEST + 0.01, SOUTH)), "读不出：边界没有闭合、顶点太少"),
        (ring((WEST, SOUTH), (WEST + 0.01, SOUTH), (WEST, SOUTH + 0.01)), "读不出：边界没有闭合"),
        (ring((WEST, SOUTH), (float("nan"), SOUTH), (WEST, SOUTH + 0.01), (WEST, SOUTH)), "读不出"),
        (ring((WEST, SOUTH), (1e308, SOUTH), (WEST, SOUTH + 0.01), (WEST, SOUTH)), "不是经纬度"),
        (ring((WEST, SOUTH), (WEST, 200), (WEST + 1, SOUTH), (WEST, SOUTH)), "不是经纬度"),
        ({"type": "Polygon", "coordinates": "x"}, "读不出"),
        ({"type": "Polygon"}, "读不出"),
    ],
)
@pytest.mark.parametrize("crs", ["wgs84", "gcj02"])
def test_corners_that_make_no_shape_are_said_of_their_feature(geometry, said, crs):
    with pytest.raises(OutlineError, match=r"“a\.json”里的“市场”") as error:
        outline_files.read(collection(geometry), "a.json", crs)
    assert said in str(error.value)


@pytest.mark.parametrize("corners", ["119.2,34.6 119.21,34.6", "119.2,34.6 x,y 119.2,34.7", ""])
def test_corners_of_kml_that_make_no_shape_are_said_of_their_feature(corners):
    content = (
        "<kml><Placemark><name>市场</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
        f"{corners}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></kml>"
    )
    with pytest.raises(OutlineError, match=r"“a\.kml”里的“市场”"):
        outline_files.read(content.encode(), "a.kml")


@pytest.mark.parametrize(
    "content", [b"[1, 2]", b'"x"', b'{"a":' * 20_000, b'{"error": 1}', b"\xff"]
)
def test_json_that_is_no_geojson_is_refused(content):
    with pytest.raises(OutlineError, match="打不开"):
        outline_files.read(content, "a.json")


# ---- more than an outline needs ---------------------------------------------------------------


def circle(count, noise=0.0):
    """A ring of `count` corners about 900 m around a point, each moved outwards at random."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    radius = 0.01 + noise * np.random.default_rng(1).random(count)
    return Polygon(np.column_stack([WEST + radius * np.cos(angle), SOUTH + radius * np.sin(angle)]))


def tangle(count):
    """A ring through `count` points at random."""
    return Polygon(np.random.default_rng(0).random((count, 2)) * 0.02 + (WEST, SOUTH))


@pytest.mark.parametrize("count", [100, 300, 3_000, 100_000])
def test_a_tangle_is_refused_before_the_work_that_takes_the_square_of_its_corners(
    count, monkeypatch
):
    for work in ("make_valid", "simplify", "union_all"):
        monkeypatch.setattr(shapely, work, lambda *_, work=work, **__: pytest.fail(work))
    with pytest.raises(OutlineError, match=r"“市场”边线互相交叉.*按顺序重新画一圈"):
        outline_files.read(collection(tangle(count)), "a.json")


def test_corners_on_a_smooth_line_are_left_out():
    shape = outline_files.read(collection(circle(100_000)), "a.json").geometry.iloc[0]
    assert shapely.get_num_coordinates(shape) < 500
    assert shape.symmetric_difference(circle(1_000)).area < 0.003 * shape.area
    corners = shapely.get_coordinates(shape)
    assert np.abs(corners - corners.round(5)).max() < 1e-9


def test_an_outline_of_too_many_corners_is_refused():
    with pytest.raises(OutlineError, match="个顶点，一个轮廓最多 2,000 个"):
        outline_files.read(collection(circle(20_000, noise=1e-3)), "a.json")
    with pytest.raises(OutlineError, match=r"“a\.json”里共有 500,002 个顶点"):
        circles = shapely.MultiPolygon([circle(500_001)])
        outline_files.read(shapely.to_geojson(circles).encode(), "a.json")
