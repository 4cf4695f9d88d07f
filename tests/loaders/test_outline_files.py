"""Files of outlines: what is taken, what is mended and said, what is refused by name."""

import io
import json
import zipfile

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from geo import boundaries, coordinates, outlines
from geo.outlines import OutlineError
from loaders.formats.outlines import outline_files

WEST, SOUTH = 119.20, 34.60  # in 海州区
STEP = 0.002
SQUARE = box(WEST, SOUTH, WEST + STEP, SOUTH + STEP)
HOLE = box(WEST + STEP / 4, SOUTH + STEP / 4, WEST + STEP / 2, SOUTH + STEP / 2)
BOW = Polygon(  # crosses itself: two triangles that touch in the middle
    [(WEST, SOUTH), (WEST + STEP, SOUTH + STEP), (WEST + STEP, SOUTH), (WEST, SOUTH + STEP)]
)
DRIVERS = {"geojson": "GeoJSON", "gpkg": "GPKG", "kml": "KML", "zip": "ESRI Shapefile"}


def upload(folder, suffix, shapes, crs="EPSG:4326", **columns):
    """Bytes of a file of `shapes` as a drawing program would export it."""
    frame = gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs)
    if suffix == "zip":
        frame.to_file(folder / "outline.shp", driver=DRIVERS[suffix], encoding="UTF-8")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for part in sorted(folder.glob("outline.*")):
                archive.write(part, part.name)
        return packed.getvalue()
    path = folder / f"outline.{suffix}"
    frame.to_file(path, driver=DRIVERS[suffix])
    return path.read_bytes()


@pytest.mark.parametrize("suffix", DRIVERS)
def test_every_format_gives_named_polygons(suffix, tmp_path):
    content = upload(tmp_path, suffix, [SQUARE], name=["示例市场"])
    found = outline_files.read(content, f"轮廓.{suffix}")
    assert list(found["name"]) == ["示例市场"]
    assert found.crs.to_epsg() == 4326
    assert found.geometry.iloc[0].symmetric_difference(SQUARE).area < 1e-10
    assert list(found["note"]) == [""]


def test_ids_and_names_are_found_under_the_names_of_a_register(tmp_path):
    columns = {"区域编号": ["V1"], "场所名称": ["甲"], "其他": [3]}
    found = outline_files.read(upload(tmp_path, "geojson", [SQUARE], **columns), "a.geojson")
    assert found.loc[0, ["venue_id", "name"]].to_list() == ["V1", "甲"]


def test_a_metric_system_is_converted_and_holes_and_parts_stay(tmp_path):
    far = box(WEST + 0.01, SOUTH, WEST + 0.012, SOUTH + STEP)
    shape = MultiPolygon([SQUARE.difference(HOLE), far])
    metric = gpd.GeoSeries([shape], crs="EPSG:4326").to_crs(boundaries.METRIC)
    found = outline_files.read(upload(tmp_path, "gpkg", metric, crs=boundaries.METRIC), "a.gpkg")
    assert found.geometry.iloc[0].symmetric_difference(shape).area < 1e-10


def test_all_layers_of_a_file_are_read(tmp_path):
    path = tmp_path / "two.gpkg"
    for number, shift in enumerate((0, 0.01)):
        shape = shapely.affinity.translate(SQUARE, shift)
        frame = gpd.GeoDataFrame({"name": [f"层{number}"]}, geometry=[shape], crs="EPSG:4326")
        frame.to_file(path, layer=f"layer{number}", driver="GPKG")
    assert sorted(outline_files.read(path.read_bytes(), "two.gpkg")["name"]) == ["层0", "层1"]


def test_an_outline_from_a_chinese_map_is_shifted_when_its_system_is_told(tmp_path):
    corners = np.array(SQUARE.exterior.coords)
    moved = np.column_stack(coordinates.from_wgs84(corners[:, 0], corners[:, 1], "gcj02"))
    content = upload(tmp_path, "geojson", [Polygon(moved)])
    found = outline_files.read(content, "a.geojson", crs="gcj02").geometry.iloc[0]
    assert found.symmetric_difference(SQUARE).area < 1e-9
    assert (
        outline_files.read(content, "a.geojson").geometry.iloc[0].intersection(SQUARE).area < 1e-12
    )


def test_a_ring_that_crosses_itself_is_mended_and_said(tmp_path):
    found = outline_files.read(upload(tmp_path, "geojson", [BOW]), "a.geojson")
    assert list(found["note"]) == [outlines.MENDED]
    shape = found.geometry.iloc[0]
    assert shape.is_valid and shape.geom_type == "MultiPolygon"
    assert shape.area == pytest.approx(STEP * STEP / 2, rel=1e-3)


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (Point(WEST, SOUTH), "“市场”是点，不是面"),
        (LineString([(WEST, SOUTH), (WEST + STEP, SOUTH)]), "“市场”是线，不是面"),
        (Polygon(), "“市场”是空的"),
        (box(121.4, 31.2, 121.41, 31.21), "不在本市范围内（西南角 121.4000，31.2000）"),
        (box(SOUTH, WEST, SOUTH + STEP, WEST + STEP), "经度、纬度是否写反"),
        (box(WEST, SOUTH, WEST + 5e-5, SOUTH + 5e-5), "有 25 平方米"),
        (
            box(WEST - 0.2, SOUTH - 0.2, WEST + 0.2, SOUTH + 0.2),
            "平方公里，场所应在 50 平方米到 400",
        ),
    ],
)
def test_a_bad_feature_is_refused_by_its_name(shape, said, tmp_path):
    frame = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": "市场"},
         "geometry": shapely.geometry.mapping(shape) if not shape.is_empty else None}
    ]}  # fmt: skip
    with pytest.raises(OutlineError, match=r"“坏\.geojson”里的“市场”") as error:
        outline_files.read(json.dumps(frame).encode(), "坏.geojson")
    assert said in str(error.value)


def test_a_feature_without_a_name_is_quoted_by_its_number(tmp_path):
    content = upload(tmp_path, "geojson", [SQUARE, Point(WEST, SOUTH)])
    with pytest.raises(OutlineError, match=r"“a\.geojson”里的“第 2 个图形”是点"):
        outline_files.read(content, "a.geojson")


@pytest.mark.parametrize("suffix", ["gpkg", "zip"])
def test_a_file_without_a_coordinate_system_is_refused(suffix, tmp_path):
    with pytest.warns(UserWarning, match="crs"):
        content = upload(tmp_path, suffix, [SQUARE], crs=None)
    with pytest.raises(OutlineError, match=f"“a.{suffix}”没有写明坐标系"):
        outline_files.read(content, f"a.{suffix}")


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("a.png", b"\x89PNG", "不是能读的图形文件"),
        ("a.geojson", b"not json", "打不开"),
        ("a.kml", b"", "打不开"),
        ("a.gpkg", b"not a database", "打不开"),
        ("a.zip", b"PK nothing", "打不开"),
        ("a.geojson", b"x" * 20_000_001, "太大"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "里没有图形"),
    ],
)
def test_a_bad_file_is_refused_by_its_name(file, content, said):
    with pytest.raises(OutlineError, match=f"“{file}”") as error:
        outline_files.read(content, file)
    assert said in str(error.value)


def test_a_zip_that_unpacks_to_far_more_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.dbf", b"0" * 200_000_001)
    with pytest.raises(OutlineError, match="太大"):
        outline_files.read(packed.getvalue(), "a.zip")
