"""Layers that an office drops in are read with their style, or refused with what to do."""

import sqlite3
from contextlib import closing

import geopandas as gpd
import pytest
import shapely

from geo.boundaries import BoundaryError
from geo.own_layers import own_layers

ROAD = shapely.LineString([(119.0, 34.5), (119.2, 34.6), (119.4, 34.5)])
STYLE = (
    '<StyledLayerDescriptor xmlns="http://www.opengis.net/sld"><LineSymbolizer><Stroke>'
    '<SvgParameter name="stroke">#e31a1c</SvgParameter>'
    '<SvgParameter name="stroke-width">3</SvgParameter>'
    "</Stroke></LineSymbolizer></StyledLayerDescriptor>"
)


def layer(folder, name, crs="EPSG:4490", style=None):
    path = folder / f"{name}.gpkg"
    shapes = gpd.GeoDataFrame({"name": ["路"]}, geometry=[ROAD], crs="EPSG:4490")
    shapes = shapes.to_crs(crs) if crs else shapes.set_crs(None, allow_override=True)
    shapes.to_file(path, layer=name, driver="GPKG")
    if style is not None:
        with closing(sqlite3.connect(path)) as opened:
            columns = "f_table_name TEXT, styleSLD TEXT, useAsDefault BOOLEAN"
            opened.execute(f"CREATE TABLE layer_styles ({columns})")
            opened.execute("INSERT INTO layer_styles VALUES (?, ?, 1)", (name, style))
            opened.commit()
    return path


def test_a_layer_is_drawn_with_the_style_that_was_saved_with_it(tmp_path):
    layer(tmp_path, "roads", style=STYLE)
    (found,) = own_layers(tmp_path)
    assert (found.name, found.colour, found.width, found.fill) == ("roads", "#e31a1c", 3.0, "")


@pytest.mark.parametrize("style", [None, "", "<broken", "<a><b name='stroke'></b></a>"])
def test_a_layer_without_a_style_that_can_be_read_has_ours(tmp_path, style):
    layer(tmp_path, "rivers", style=style)
    (found,) = own_layers(tmp_path)
    assert found.colour == "#7a8792"


def test_a_layer_in_metres_lands_where_it_is(tmp_path):
    layer(tmp_path, "roads", crs="EPSG:4549")
    (found,) = own_layers(tmp_path)
    assert found.shapes.total_bounds == pytest.approx(ROAD.bounds, abs=1e-4)


def test_points_are_landmarks_by_their_name(tmp_path):
    points = [shapely.Point(119.2, 34.6), shapely.Point(119.3, 34.7), shapely.Point(119.25, 34.6)]
    frame = gpd.GeoDataFrame({"名称": [" 示例车站 ", None, ""]}, geometry=points, crs="EPSG:4490")
    frame.to_file(tmp_path / "landmarks.gpkg", driver="GPKG")
    (found,) = own_layers(tmp_path)
    assert found.shapes.empty
    assert found.landmarks.to_dict("records") == [{"name": "示例车站", "lon": 119.2, "lat": 34.6}]


def test_points_without_a_column_of_names_are_left_out(tmp_path):
    frame = gpd.GeoDataFrame({"编号": [1]}, geometry=[shapely.Point(119.2, 34.6)], crs="EPSG:4326")
    frame.to_file(tmp_path / "points.gpkg", driver="GPKG")
    (found,) = own_layers(tmp_path)
    assert found.shapes.empty and found.landmarks.empty


def test_the_towns_are_no_layer_of_this_kind(tmp_path):
    layer(tmp_path, "towns")
    assert own_layers(tmp_path) == ()


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_layer_without_a_coordinate_system_is_refused_by_name(tmp_path):
    layer(tmp_path, "roads", crs=None)
    with pytest.raises(BoundaryError, match=r"roads\.gpkg 没有写明坐标系"):
        own_layers(tmp_path)


def test_a_file_that_is_no_geopackage_is_refused_by_name(tmp_path):
    (tmp_path / "roads.gpkg").write_bytes(b"not a database")
    with pytest.raises(BoundaryError, match=r"roads\.gpkg 不是能读的"):
        own_layers(tmp_path)
