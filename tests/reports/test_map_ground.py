"""Maps on paper look as on the screen: sea, neighbours and names, hatches, own layers."""

import io
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib import colors, image

from geo import own_layers
from geo.own_layers import OwnLayer
from presentation import basemap, map_layers
from presentation.legends import Legend
from presentation.map_layers import Drawing
from presentation.palette import ABROAD, GOOD, NOTHING, SEA, SKETCH, UNKNOWN
from queries.scope import DEMO, Scope
from reports.figures import figure_files, map_figures
from reports.figures.paper import SHAPES, Blank
from store import snapshot_store

DAY = date(2026, 10, 31)
STAMP = "口径：已验证 | 截止日：2026-10-31"
LEGEND = Legend("图例", ((UNKNOWN, "未知", 1),))


@pytest.fixture
def whole(demo_store, use_store):
    use_store(demo_store)
    return Scope(snapshot_store.default().current().id, DAY)


def drawn(drawing, under=None, shape="inset"):
    under = under or map_figures.ground_of("")
    return map_figures.layer(Blank(SHAPES[shape], "图", STAMP), drawing, under)


def share_of(colour, sheet):
    """The share of a sheet's pixels that have a colour."""
    pixels = image.imread(io.BytesIO(figure_files.png(sheet)))[:, :, :3].reshape(-1, 3)
    return (np.abs(pixels - np.array(colors.to_rgb(colour))).max(axis=1) < 0.01).mean()


def square(fill):
    shape = shapely.box(119.0, 34.4, 119.4, 34.8)
    return gpd.GeoDataFrame({"fill": [fill], "name": "甲"}, geometry=[shape], crs="EPSG:4326")


def test_the_sea_and_the_cities_around_are_drawn_and_named(whole):
    drawing = map_layers.areas(whole, "verified", map_layers.of_day(whole))
    sheet = drawn(drawing)
    words = {one.get_text() for one in sheet.figure.texts}
    assert {"海州湾", "日照市", "临沂市", "徐州市", "盐城市"} <= words
    assert share_of(SEA, sheet) > 0.05 and share_of(ABROAD, sheet) > 0.1


def test_names_around_never_take_the_place_of_an_areas(whole):
    drawing = map_layers.areas(whole, "verified", map_layers.of_day(whole))
    for shape in SHAPES:
        words = "".join(one.get_text() for one in drawn(drawing, shape=shape).figure.texts)
        assert all(name in words for name in drawing.areas["name"])


def test_the_unknown_is_hatched_on_the_map_and_in_the_legend():
    known, unknown = (
        drawn(Drawing((LEGEND,), square(GOOD))),
        drawn(Drawing((LEGEND,), square(UNKNOWN))),
    )

    def hatched(sheet):
        parts = [*sheet.figure.axes[0].collections, *sheet.figure.artists]
        return sum(bool(part.get_hatch()) for part in parts if hasattr(part, "get_hatch"))

    assert (hatched(known), hatched(unknown)) == (1, 2)


def test_a_white_dot_has_an_edge_that_is_seen():
    points = pd.DataFrame({"lon": [119.1, 119.3], "lat": [34.5, 34.6], "fill": [NOTHING, GOOD]})
    (dots,) = [
        one
        for one in drawn(Drawing((LEGEND,), points=points)).figure.axes[-1].collections
        if len(one.get_offsets()) == 2
    ]
    assert [colors.to_hex(edge) for edge in dots.get_edgecolors()] == [SKETCH, "#ffffff"]


def test_dots_stand_above_names_in_the_same_view():
    points = pd.DataFrame({"lon": [119.1, 119.3], "lat": [34.5, 34.6], "fill": [NOTHING, GOOD]})
    figure = drawn(Drawing((LEGEND,), points=points)).figure
    ground, dots = figure.axes
    names = [one for one in figure.texts if one.get_text() != DEMO]
    assert dots.get_zorder() > max(one.get_zorder() for one in names)
    assert (dots.get_xlim(), dots.get_ylim()) == (ground.get_xlim(), ground.get_ylim())
    assert (dots.get_position().bounds) == ground.get_position().bounds


def test_the_offices_own_layers_are_drawn_in_their_style(monkeypatch):
    road = gpd.GeoDataFrame(
        geometry=[shapely.LineString([(118.6, 34.3), (119.6, 34.9)])], crs="EPSG:4326"
    )
    layer = OwnLayer("道路", road, "#aa00aa", 4.0, "", pd.DataFrame())
    bare = drawn(Drawing((LEGEND,), square(GOOD)))
    monkeypatch.setattr(own_layers, "own_layers", lambda: (layer,))
    assert (
        share_of("#aa00aa", bare)
        == 0
        < share_of("#aa00aa", drawn(Drawing((LEGEND,), square(GOOD))))
    )


@pytest.fixture
def landmark(monkeypatch):
    """An office's layer with one point, in 灌云县."""
    point = pd.DataFrame({"name": ["示例车站"], "lon": [119.26], "lat": [34.29]})
    nothing = gpd.GeoDataFrame(geometry=[], crs="EPSG:4326")
    monkeypatch.setattr(
        own_layers, "own_layers", lambda: (OwnLayer("地标", nothing, "#000000", 1.0, "", point),)
    )
    basemap.names.cache_clear()
    yield
    basemap.names.cache_clear()


def test_landmarks_are_named_inside_an_area_and_not_on_the_citys_map(landmark):
    words = {
        area: {
            one.get_text()
            for one in drawn(Drawing((LEGEND,)), map_figures.ground_of(area)).figure.texts
        }
        for area in ("", "320723")
    }
    assert "◆ 示例车站" in words["320723"] and "◆ 示例车站" not in words[""]
