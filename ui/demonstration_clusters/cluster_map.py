"""The map of demonstration clusters: outlines or points coloured by state."""

from functools import partial

import folium
import geopandas as gpd
import pandas as pd
import streamlit as st

from presentation import cluster_listings, map_layers
from queries.scope import Scope, area_name
from reports.figures import map_figures
from ui import leaflet_shapes, page_downloads, page_maps, page_pictures, session


def show(rows: pd.DataFrame, chosen: pd.Series | None, scope: Scope) -> str | None:
    """Draw the map; the id of the cluster that was clicked, or None."""
    drawing = map_layers.clusters(rows)
    assert drawing.areas is not None
    drawn = drawing.areas.assign(
        kind="cluster", tip=drawing.areas["tip"].map(leaflet_shapes.escape)
    )
    focus = drawn[drawn["name"] == chosen["cluster_id"]] if chosen is not None else drawn.iloc[:0]
    left, right = st.columns([4, 1], gap="small")
    with left:
        clicked = page_maps.show(
            "cluster_map",
            [layer(drawn), centres(drawn)],
            page_maps.view_of(focus),
            returned="last_active_drawing",
        )
    with right:
        st.html(page_maps.legend_html(drawing.legends[0]))
        st.caption("点一个，看它的门槛。")
        stamp, sheets = session.stamp(scope), {"聚集区": (rows, cluster_listings.CLUSTERS)}
        workbook = partial(page_downloads.workbook, sheets, stamp)
        page_pictures.control(figure(rows, scope), stamp, workbook, "cluster_map")
    name: str | None = clicked.get("properties", {}).get("name")
    return name


def figure(rows: pd.DataFrame, scope: Scope) -> page_pictures.Figure:
    """The map on paper."""
    under = map_figures.ground_of(scope.area_id)
    title = f"{area_name(scope)}示范聚集区分布"
    return page_pictures.of_map(title, map_layers.clusters(rows), under)


def layer(drawn: gpd.GeoDataFrame) -> folium.FeatureGroup:
    """Outlines and points of clusters, clickable: kind, name, tip (HTML), fill."""
    look = {"color": "#44505c", "weight": 1.5, "radius": 6, "fillOpacity": 0.75}
    return page_maps.features("clusters", drawn, look)


def centres(drawn: gpd.GeoDataFrame) -> folium.FeatureGroup:
    """A dot in the middle of each outline, so that a small one is seen from afar."""
    middle = drawn.set_geometry(drawn.geometry.representative_point())
    look = {"color": "#ffffff", "weight": 1, "radius": 5, "fillOpacity": 1}
    return page_maps.features("cluster_dots", middle, look)
