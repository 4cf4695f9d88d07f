"""The map of demonstration clusters: outlines or points coloured by state."""

from functools import partial

import geopandas as gpd
import pandas as pd
import streamlit as st

from presentation import cluster_listings, map_layers, progress_listings
from presentation.map_layers import Drawing
from queries.engine import remembered
from queries.scope import Scope, area_name
from reports.figures import map_figures
from ui import leaflet_shapes, page_downloads, page_maps, page_pictures, session


def show(rows: pd.DataFrame, chosen: pd.Series | None, scope: Scope) -> str | None:
    """Draw the map; the id of the cluster that was clicked, or None."""
    drawing, layers = _drawn(scope)
    drawn = drawing.areas
    assert drawn is not None
    focus = drawn[drawn["name"] == chosen["cluster_id"]] if chosen is not None else drawn.iloc[:0]
    left, right = st.columns([4, 1], gap="small")
    with left:
        clicked = page_maps.show(
            "cluster_map",
            layers,
            page_maps.view_of(focus),
            returned="last_active_drawing",
        )
    with right:
        st.html(page_maps.legend_html(drawing.legends[0]))
        st.caption("点一个，看它的门槛。")
        stamp, sheets = session.stamp(scope), {"聚集区": (rows, cluster_listings.CLUSTERS)}
        workbook = partial(page_downloads.workbook, sheets, stamp)
        page_pictures.control(figure(scope), stamp, workbook, "cluster_map")
    name: str | None = clicked.get("properties", {}).get("name")
    return name


def figure(scope: Scope) -> page_pictures.Figure:
    """The map on paper."""
    under = map_figures.ground_of(scope.area_id)
    return page_pictures.of_map(f"{area_name(scope)}示范聚集区分布", _drawn(scope)[0], under)


@remembered
def _drawn(scope: Scope) -> tuple[Drawing, list[page_maps.Layer]]:
    """The clusters as the map shows them, on paper and on the screen."""
    drawing = map_layers.clusters(scope, progress_listings.clusters(scope))
    assert drawing.areas is not None
    drawn = drawing.areas.assign(
        kind="cluster", tip=drawing.areas["tip"].map(leaflet_shapes.escape)
    )
    return drawing, [_outlines(drawn), _centres(drawn)]


def _outlines(drawn: gpd.GeoDataFrame) -> page_maps.Layer:
    """Outlines and points of clusters, clickable: kind, name, tip (HTML), fill."""
    look = {"color": "#44505c", "weight": 1.5, "radius": 6, "fillOpacity": 0.75}
    return page_maps.features("clusters", drawn, look)


def _centres(drawn: gpd.GeoDataFrame) -> page_maps.Layer:
    """A dot in the middle of each outline, so that a small one is seen from afar."""
    middle = drawn.set_geometry(drawn.geometry.representative_point())
    look = {"color": "#ffffff", "weight": 1, "radius": 5, "fillOpacity": 1}
    return page_maps.features("cluster_dots", middle, look)
