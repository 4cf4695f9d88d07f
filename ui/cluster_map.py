"""The map of demonstration clusters: outlines or points coloured by state."""

import folium
import geopandas as gpd
import pandas as pd
import shapely
import streamlit as st
from shapely.geometry.base import BaseGeometry
from streamlit_folium import st_folium

from domain.clusters import STATES
from ui import maps, places

COLOURS = {
    "declared": "#9aa5b1",
    "building": "#fdb863",
    "reached": "#b2abd2",
    "mature": "#8073ac",
    "kept": "#542788",
    "returned": "#b35806",
}


def shapes(rows: pd.DataFrame) -> gpd.GeoDataFrame:
    """Clusters that can be drawn: their outline, else their point, with tip and fill."""
    geometry = [_shape(row) for row in rows.itertuples()]
    tips = [
        maps.escape(
            f"{row.cluster}\n{STATES[row.state]}，受理点 {row.points_text}\n{row.owner_names}"
        )
        for row in rows.itertuples()
    ]
    frame = gpd.GeoDataFrame(
        {
            "kind": "cluster",
            "name": rows["cluster_id"],
            "tip": tips,
            "fill": rows["state"].map(COLOURS),
        },
        geometry=gpd.GeoSeries(geometry, rows.index),
        crs="EPSG:4326",
    )
    return frame[frame.geometry.notna()]


def layer(drawn: gpd.GeoDataFrame) -> folium.FeatureGroup:
    """Outlines and points of `shapes`, clickable."""
    group = folium.FeatureGroup(name="clusters")
    if drawn.empty:
        return group
    folium.GeoJson(
        maps.geojson(drawn),
        marker=folium.CircleMarker(radius=6, weight=1, fill=True, fill_opacity=0.9),
        style_function=lambda feature: {
            "color": "#44505c",
            "weight": 1.5,
            "fillColor": feature["properties"]["fill"],
            "fillOpacity": 0.75,
        },
        highlight_function=lambda _: {"weight": 3},
        tooltip=folium.GeoJsonTooltip(["tip"], labels=False, sticky=True),
    ).add_to(group)
    return group


def centres(drawn: gpd.GeoDataFrame) -> folium.FeatureGroup:
    """A dot in the middle of each outline, so that a small one is seen from afar."""
    group = folium.FeatureGroup(name="cluster_dots")
    middle = drawn.set_geometry(drawn.geometry.representative_point())
    if drawn.empty:
        return group
    folium.GeoJson(
        maps.geojson(middle),
        marker=folium.CircleMarker(radius=5, weight=1, color="#ffffff", fill=True, fill_opacity=1),
        style_function=lambda feature: {"fillColor": feature["properties"]["fill"]},
        tooltip=folium.GeoJsonTooltip(["tip"], labels=False, sticky=True),
    ).add_to(group)
    return group


def legend(rows: pd.DataFrame, drawn: gpd.GeoDataFrame) -> maps.Legend:
    """Colours of the states with their counts, and how many cannot be drawn."""
    counts = rows["state"].value_counts()
    lines = tuple(
        (COLOURS[state], label, int(counts.get(state, 0))) for state, label in STATES.items()
    )
    without = len(rows) - len(drawn)
    note = f"其中 {without} 个没有轮廓也没有坐标，不在图上。" if without else "点一个，看它的门槛。"
    return maps.Legend("示范聚集区状态", lines, note)


def show(rows: pd.DataFrame, chosen: pd.Series | None) -> str | None:
    """Draw the map; the id of the cluster that was clicked, or None."""
    drawn = shapes(rows)
    focus = drawn[drawn["name"] == chosen["cluster_id"]] if chosen is not None else drawn.iloc[:0]
    centre, zoom = maps.view_of(focus) if len(focus) else (maps.CITY_CENTRE, maps.CITY_ZOOM)
    left, right = st.columns([4, 1], gap="small")
    with left:
        answer = st_folium(
            maps.base(places.counties()),
            key="cluster_map",
            height=560,
            use_container_width=True,
            center=centre,
            zoom=zoom,
            feature_group_to_add=[layer(drawn), centres(drawn)],
            returned_objects=["last_active_drawing"],
        )
    with right:
        st.html(legend(rows, drawn).to_html())
    drawing = (answer or {}).get("last_active_drawing") or {}
    return drawing.get("properties", {}).get("name")


def _shape(row: tuple) -> BaseGeometry | None:
    if isinstance(row.outline, str) and row.outline:
        return shapely.from_geojson(row.outline)
    if pd.notna(row.lon) and pd.notna(row.lat):
        return shapely.Point(row.lon, row.lat)
    return None
