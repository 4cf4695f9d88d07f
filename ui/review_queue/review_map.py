"""The map of a record in question: candidates by number, and the point that was sent."""

import folium
import geopandas as gpd
import pandas as pd
import streamlit as st

from loaders.decisions.place_candidates import Candidate
from presentation import basemap
from ui import leaflet_shapes, page_maps

COLOURS = ("#0f5fa8", "#b35806", "#542788", "#44505c")  # of candidates 1, 2, 3 and 4


def chart(row: pd.Series, offered: list[Candidate]) -> None:
    """The map of the record: its candidates by number, and the point that was sent."""
    group = folium.FeatureGroup(name="candidates")
    shapes = [_shape(one) for one in offered]
    for number, (one, shape) in enumerate(zip(offered, shapes, strict=True)):
        look = {"color": COLOURS[number], "weight": 2.5, "dashArray": "5 5", "fillOpacity": 0.06}
        tip = leaflet_shapes.escape(f"{number + 1} {one.label}")
        folium.GeoJson(
            shape.to_json(drop_id=True), style_function=lambda _, look=look: look, tooltip=tip
        ).add_to(group)
    points: dict[tuple[float, float], list[int]] = {}
    for number, one in enumerate(offered):
        if one.lat is not None and one.lon is not None:
            points.setdefault((one.lat, one.lon), []).append(number)
    for place, numbers in points.items():
        tip = "\n".join(f"{number + 1} {offered[number].label}" for number in numbers)
        _pin(place, numbers, tip).add_to(group)
    if pd.notna(row["sent_lon"]):
        folium.CircleMarker(
            (row["sent_lat"], row["sent_lon"]),
            radius=5,
            color="#1b2733",
            weight=2,
            fill_opacity=0,
            tooltip="报送的坐标",
        ).add_to(group)
    towns = [shape for one, shape in zip(offered, shapes, strict=True) if one.town_code]
    page_maps.show("review-map", [lambda: group], _view(row, towns or shapes), height=440)
    st.caption(
        "虚线是各个答案所指的乡镇（示意分区，非行政界线）或县区，编号在乡镇驻地或报送的坐标上；"
        "空心圆是报送的坐标。点过地图后，先点一下页面空白处，再用键盘。"
    )


def _shape(one: Candidate) -> gpd.GeoDataFrame:
    """The town of a candidate, else its county."""
    if one.town_code:
        towns = basemap.towns()
        found = towns[towns["town_code"] == one.town_code]
        if len(found):
            return found[["geometry"]]
    counties = basemap.counties()
    return counties.loc[counties["county_code"] == one.county_code, ["geometry"]]


def _pin(place: tuple[float, float], numbers: list[int], tip: str) -> folium.Marker:
    text = "·".join(str(number + 1) for number in numbers)
    style = (
        f"background:{COLOURS[numbers[0]]};color:#fff;font:700 13px/22px sans-serif;"
        "width:max-content;min-width:22px;height:22px;padding:0 5px;box-sizing:border-box;"
        "text-align:center;border-radius:11px;border:1px solid #fff;transform:translate(-50%,-130%)"
    )
    return page_maps.text_marker(place, text, style, tooltip=leaflet_shapes.escape(tip))


def _view(row: pd.Series, shapes: list[gpd.GeoDataFrame]) -> page_maps.View | None:
    """The view that shows the towns in question and the point sent."""
    parts = [shape.geometry for shape in shapes]
    if pd.notna(row["sent_lon"]):
        point = gpd.points_from_xy([row["sent_lon"]], [row["sent_lat"]], crs="EPSG:4326")
        parts.append(gpd.GeoSeries(point))
    shown = pd.concat(parts, ignore_index=True) if parts else []
    return page_maps.view_of(gpd.GeoDataFrame(geometry=shown))
