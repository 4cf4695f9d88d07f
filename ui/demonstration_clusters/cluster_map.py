"""The map of demonstration clusters: outlines or points coloured by state."""

import folium
import geopandas as gpd
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from presentation import basemap, map_layers
from ui import page_maps


def layer(drawn: gpd.GeoDataFrame) -> folium.FeatureGroup:
    """Outlines and points of clusters, clickable: kind, name, tip (HTML), fill."""
    group = folium.FeatureGroup(name="clusters")
    if drawn.empty:
        return group
    folium.GeoJson(
        page_maps.geojson(drawn),
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
        page_maps.geojson(middle),
        marker=folium.CircleMarker(radius=5, weight=1, color="#ffffff", fill=True, fill_opacity=1),
        style_function=lambda feature: {"fillColor": feature["properties"]["fill"]},
        tooltip=folium.GeoJsonTooltip(["tip"], labels=False, sticky=True),
    ).add_to(group)
    return group


def show(rows: pd.DataFrame, chosen: pd.Series | None) -> str | None:
    """Draw the map; the id of the cluster that was clicked, or None."""
    drawing = map_layers.clusters(rows)
    drawn = drawing.areas.assign(kind="cluster", tip=drawing.areas["tip"].map(page_maps.escape))
    focus = drawn[drawn["name"] == chosen["cluster_id"]] if chosen is not None else drawn.iloc[:0]
    centre, zoom = (
        page_maps.view_of(focus) if len(focus) else (page_maps.CITY_CENTRE, page_maps.CITY_ZOOM)
    )
    left, right = st.columns([4, 1], gap="small")
    with left:
        answer = st_folium(
            page_maps.base(basemap.counties()),
            key="cluster_map",
            height=560,
            use_container_width=True,
            center=centre,
            zoom=zoom,
            feature_group_to_add=[layer(drawn), centres(drawn)],
            returned_objects=["last_active_drawing"],
        )
    with right:
        st.html(page_maps.legend_html(drawing.legends[0]))
        st.caption("点一个，看它的门槛。")
    clicked = (answer or {}).get("last_active_drawing") or {}
    return clicked.get("properties", {}).get("name")
