"""What came from a file stays text: on the map, in Markdown and in a workbook."""

import io

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from geo import own_layers
from presentation import basemap
from presentation.labels import plain
from ui import constant_files, page_downloads, page_maps


def test_a_name_on_the_map_cannot_become_html():
    shops = pd.DataFrame(
        {
            "merchant_key": ["ABC:1"],
            "look": ["target"],
            "tip": ["<img src=x onerror=alert(1)>"],
            "lon": [119.2],
            "lat": [34.6],
        }
    )
    chart = page_maps.OfflineMap()
    page_maps.shop_layer(shops)().add_to(chart)
    assert "<img" not in chart.get_root().render().replace("\\u003c", "<")


def test_the_name_of_an_offices_landmark_cannot_become_html(monkeypatch):
    point = pd.DataFrame({"name": ["<img src=x onerror=alert(1)>"], "lon": 119.2, "lat": 34.6})
    none = gpd.GeoDataFrame(geometry=[], crs="EPSG:4326")
    layer = own_layers.OwnLayer("地标", none, "#000000", 1.0, "", point)
    monkeypatch.setattr(own_layers, "own_layers", lambda: (layer,))
    for kept in (basemap.names, page_maps._base_map):
        kept.cache_clear()
    drawn = constant_files.kept(page_maps._base_map()).content.replace("\\u003c", "<")
    for kept in (basemap.names, page_maps._base_map):
        kept.cache_clear()
    assert "onerror" in drawn and "<img" not in drawn


@pytest.mark.parametrize(
    "name", ["![x](http://a.example/x.png)", "[点我](http://a.example)", "**粗**"]
)
def test_a_name_in_markdown_stays_as_written(name):
    escaped = plain(name)
    assert escaped.replace("\\", "") == name
    assert "](" not in escaped and "**" not in escaped


def test_full_width_punctuation_is_left_alone():
    assert plain("新浦农贸市场（东门）") == "新浦农贸市场（东门）"


@pytest.mark.parametrize(
    "name", ["=1+1", "+86", "-1", "@SUM(A1)", '=HYPERLINK("http://a.example")']
)
def test_a_name_in_a_workbook_cannot_run(name):
    book = page_downloads.workbook({"名单": pd.DataFrame({"名称": [name]})}, "=口径")
    sheet = openpyxl.load_workbook(io.BytesIO(book))["名单"]
    assert sheet["A3"].value == name and sheet["A3"].data_type == "s"
    assert sheet["A1"].data_type == "s"
