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
    far = box(121.4, 31.2, 121.41, 31.21)
    content = upload(tmp_path, "geojson", [SQUARE, far])
    with pytest.raises(OutlineError, match=r"“a\.geojson”里的“第 2 个图形”不在本市"):
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


# ---- shapes beside polygons, parts that overlap --------------------------------------------------


def corners(shape):
    return [list(corner) for corner in shape.exterior.coords]


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "kml"])
def test_polygons_are_taken_and_what_lies_beside_them_is_told(suffix, tmp_path):
    line = LineString([(WEST, SOUTH), (WEST + STEP, SOUTH)])
    content = upload(
        tmp_path, suffix, [Point(WEST, SOUTH), SQUARE, line], name=["钉", "市场", "路"]
    )
    found = outline_files.read(content, f"a.{suffix}")
    assert list(found["name"]) == ["市场"]
    assert found.attrs["left_out"] == ["“钉”是点", "“路”是线"]


@pytest.mark.parametrize("broken", [[], [WEST], ["x", "y"]])
def test_a_broken_pin_is_left_out_like_any_other(broken):
    frame = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": stated}}
        for kind, stated in (("Polygon", [corners(SQUARE)]), ("Point", broken))
    ]}  # fmt: skip
    found = outline_files.read(json.dumps(frame).encode(), "a.geojson")
    assert (len(found), len(found.attrs["left_out"])) == (1, 1)


def test_of_a_collection_the_polygons_are_taken_and_the_rest_is_told():
    far = box(WEST + 0.01, SOUTH, WEST + 0.012, SOUTH + STEP)
    whole = shapely.GeometryCollection([SQUARE, far, Point(WEST, SOUTH)])
    found = outline_files.read(shapely.to_geojson(whole).encode(), "a.geojson")
    assert found.geometry.iloc[0].symmetric_difference(SQUARE.union(far)).area < 1e-12
    assert list(found["note"]) == [outlines.PARTLY]


@pytest.mark.parametrize("more", [[0], [0, 1], [None], [None, None]])
def test_heights_and_measures_of_corners_are_left_out(more):
    shape = {"type": "Polygon", "coordinates": [[corner + more for corner in corners(SQUARE)]]}
    found = outline_files.read(json.dumps(shape).encode(), "a.geojson")
    assert found.geometry.iloc[0].symmetric_difference(SQUARE).area < 1e-12


SHIFTED = shapely.affinity.translate(SQUARE, STEP / 2, STEP / 2)


@pytest.mark.parametrize("parts", [(SQUARE, SHIFTED), (SQUARE, HOLE), (SQUARE, SQUARE)])
def test_parts_that_overlap_are_one_without_a_hole(parts):
    content = shapely.to_geojson(MultiPolygon(parts)).encode()
    found = outline_files.read(content, "a.geojson")
    assert found.geometry.iloc[0].symmetric_difference(shapely.union_all(parts)).area < 1e-12
    assert list(found["note"]) == [outlines.MERGED]


def test_parts_of_many_corners_that_overlap_are_still_one():
    parts = [Point(WEST + shift, SOUTH).buffer(0.002, 100) for shift in (0, 0.002)]
    content = shapely.to_geojson(MultiPolygon(parts)).encode()
    found = outline_files.read(content, "a.geojson").geometry.iloc[0]
    assert found.symmetric_difference(shapely.union_all(parts)).area < 1e-7


def test_a_courtyard_that_touches_the_edge_stays_open():
    yard = box(WEST, SOUTH + STEP / 4, WEST + STEP / 2, SOUTH + STEP / 2)
    shape = Polygon(SQUARE.exterior, [yard.exterior])
    found = outline_files.read(shapely.to_geojson(shape).encode(), "a.geojson")
    assert found.geometry.iloc[0].symmetric_difference(SQUARE.difference(yard)).area < 1e-12


# ---- ids and names as programs leave them -------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "read"),
    [(7.0, "7"), ("7.0", "7"), (" V1 ", "V1"), (7, "7"), (7.5, "7.5"), (None, ""),
     (float("nan"), ""), ("0007", "0007"), ("V\ud800", "V?")],
)  # fmt: skip
def test_an_id_is_read_as_people_write_it(stated, read):
    feature = {"type": "Feature", "properties": {"编号": stated},
               "geometry": shapely.geometry.mapping(SQUARE)}  # fmt: skip
    found = outline_files.read(json.dumps(feature).encode(), "a.geojson")
    assert list(found["venue_id"]) == [read]


@pytest.mark.parametrize(
    ("number", "name"),
    [("区域编号*", "场所\n名称"), ("場所編號", "場所名稱"), ("区域 编号", " 名 称 "),
     ("场所编号（必填）", "名称(必填)"), ("区域编号\u200b", "\u200b名称"), ("ＩＤ", "ＮＡＭＥ")],
)  # fmt: skip
def test_headings_and_texts_are_read_as_those_of_a_table(number, name):
    properties = {number: "Ｖ-9\u200b", name: "示例\u200b广场", "MC": "别的"}
    feature = {"type": "Feature", "properties": properties, "id": 3,
               "geometry": shapely.geometry.mapping(SQUARE)}  # fmt: skip
    found = outline_files.read(json.dumps(feature).encode(), "a.geojson")
    assert found.loc[0, ["venue_id", "name", "told"]].to_list() == ["V-9", "示例广场", ""]


def test_a_feature_that_its_columns_do_not_name_has_its_number_or_what_they_say():
    shape = shapely.geometry.mapping(SQUARE)
    numbered = {"type": "Feature", "id": "V-9", "properties": None, "geometry": shape}
    told = {"type": "Feature", "properties": {"MC": "示例广场", "fill": "#fff"}, "geometry": shape}
    listed = {"type": "FeatureCollection", "features": [numbered, told]}
    found = outline_files.read(json.dumps(listed).encode(), "a.geojson")
    assert list(found["venue_id"]) == ["V-9", ""]
    assert list(found["told"]) == ["", "示例广场"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("stated", ["UTF-8", "GBK", "gb2312", None])
def test_kml_and_geojson_are_read_in_any_encoding_whatever_they_state(encoding, stated):
    declared = f'<?xml version="1.0" encoding="{stated}"?>' if stated else ""
    written = " ".join(f"{x},{y}" for x, y in corners(SQUARE))
    kml = (
        f'{declared}<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>宏业市场</name>'
        "<Polygon><outerBoundaryIs><LinearRing>"
        f"<coordinates>{written}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        "</Placemark></kml>"
    )
    feature = {"type": "Feature", "properties": {"名称": "宏业市场"},
               "geometry": shapely.geometry.mapping(SQUARE)}  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("files/picture.png", b"x")
        archive.writestr("doc.kml", kml.encode(encoding))
    for content, file in [
        (kml.encode(encoding), "a.kml"),
        (packed.getvalue(), "a.KMZ"),
        (json.dumps(feature, ensure_ascii=False).encode(encoding), "a.geojson"),
    ]:
        assert list(outline_files.read(content, file)["name"]) == ["宏业市场"]


@pytest.mark.parametrize(
    "form", ["{},{}", "{}, {}", "{} , {}, 0", "{},{},12.5", "{},{},", "{}, {},", "{},\n{},\n0"]
)
@pytest.mark.parametrize("between", [" ", "\n"])
def test_corners_of_kml_may_have_blanks_and_heights(form, between):
    written = between.join(form.format(x, y) for x, y in corners(SQUARE))
    kml = (
        "<kml><Placemark><Polygon><outerBoundaryIs><LinearRing>"
        f"<coordinates>{written}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        "</Placemark></kml>"
    )
    found = outline_files.read(kml.encode(), "a.kml").geometry.iloc[0]
    assert found.symmetric_difference(SQUARE).area < 1e-12


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "EPSG", "properties": {"code": 4549}},
        {"type": "EPSG", "properties": {"code": "4549"}},
        {"type": "name", "properties": {"name": "http://www.opengis.net/def/crs/EPSG/0/4549"}},
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG:8.8.1:4549"}},
        {
            "type": "link",
            "properties": {"href": "http://spatialreference.org/ref/epsg/4549/proj4/"},
        },
        "EPSG:4549",
    ],
)
def test_a_system_is_known_by_its_name_its_number_or_its_link(crs):
    metric = gpd.GeoSeries([SQUARE], crs="EPSG:4326").to_crs("EPSG:4549").iloc[0]
    feature = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(metric)}
    frame = {"type": "FeatureCollection", "crs": crs, "features": [feature]}
    found = outline_files.read(json.dumps(frame).encode(), "a.geojson")
    assert found.geometry.iloc[0].symmetric_difference(SQUARE).area < 1e-8
