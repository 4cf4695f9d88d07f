"""Maps of the register: a venue with its outline and shops, and an outline as it is drawn."""

from functools import partial
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import streamlit as st

from geo import containment
from presentation import basemap, labels, legends, palette
from presentation.map_layers import Drawing
from queries import shop_records
from queries.scope import Scope
from reports.figures.map_figures import Ground, around
from ui import page_downloads, page_maps, page_pictures, session
from ui.page_downloads import Sheets

NEARBY = 0.03  # degrees, about 3 km: shops around that help a person who draws
SHOWN = 1500  # of them on one map
DRAFT = "#c2410c"
HEIGHT = 480
_CORNER = (
    f"background:{DRAFT};color:#fff;font:700 11px/18px sans-serif;width:18px;height:18px;"
    "text-align:center;border-radius:9px;border:1px solid #fff;transform:translate(-50%,-50%);"
    "pointer-events:none"
)


def inside(scope: Scope, shape: shapely.Geometry, venue_id: str) -> tuple[int, int]:
    """Number of shops within `shape`, and of those whose files name another venue.

    A cluster has no `venue_id`: it takes nothing from a venue.
    """
    shops = shop_records.points(scope.snapshot_id, scope.as_of)
    found = containment.holding(shops["lon"], shops["lat"], np.array([shape], dtype=object))
    held = shops.iloc[found["point"].to_numpy()]
    stated = held["joined_by"].isin(["stated", "overruled"])
    elsewhere = held[stated & (held["venue_id"] != venue_id) & bool(venue_id)]
    return held["shop"].nunique(), elsewhere["shop"].nunique()


def looks(shops: pd.DataFrame) -> pd.DataFrame:
    """`shops` with the look, fill and tip that the map's circles have."""
    look = legends.shop_look(shops)
    return shops.assign(look=look, fill=look.map(palette.SHOP_COLOURS), tip=shops["name"])


def frame_of(outline: str | None) -> gpd.GeoDataFrame:
    """The outline (GeoJSON text) as a layer of one row, of none without an outline."""
    shapes = [shapely.from_geojson(outline)] if isinstance(outline, str) else []
    return gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4326")


def venue(row: pd.Series, shops: pd.DataFrame, scope: Scope, sheets: Sheets) -> None:
    """The map of one venue: its outline, itself and its shops; `sheets` are what it draws."""
    outline = frame_of(row["outline"])
    shown, own = looks(labels.listed(shops)), row[["lon", "lat"]].to_frame().T.astype(float)
    layers = [page_maps.shop_layer(shown)]
    if len(outline):
        layers.insert(0, page_maps.outline_layer(outline))
    places = page_maps.placed(pd.concat([shown, row.to_frame().T]))
    place = page_maps.view_of(outline if len(outline) else places)
    page_maps.show("register-map", layers, place, height=HEIGHT)
    without = int(shown["lon"].isna().sum())
    note = "蓝线是轮廓；" if len(outline) else ""
    note += (
        f"{without:,} 家没有坐标，不在图上。" if len(shown) else "没有收到门店名单，图上没有门店。"
    )
    legend = legends.shop_legend(shown, note)
    st.html(page_maps.legend_html(legend))
    under = Ground(place, outline) if place and len(outline) else around(pd.concat([shown, own]))
    figure = page_pictures.of_map(row["venue"], Drawing((legend,), points=shown), under)
    stamp = session.stamp(scope)
    workbook = partial(page_downloads.workbook, sheets, stamp)
    page_pictures.control(figure, stamp, workbook, "register_map")


def view(
    outline: str | None, lon: float, lat: float, county_code: str | None
) -> page_maps.View | None:
    """The view of an outline, else of a point, else of a county, else of the city."""
    if isinstance(outline, str):
        return page_maps.view_of(frame_of(outline))
    if pd.notna(lon):
        return page_maps.around(lat, lon, 0.015)
    counties = basemap.counties()
    return page_maps.view_of(counties[counties["county_code"] == county_code])


def nearby(scope: Scope, centre: tuple[float, float]) -> pd.DataFrame:
    """The shops around `centre` (lat, lon), the nearest first, at most `SHOWN`."""
    shops = shop_records.points(scope.snapshot_id, scope.as_of)
    away = pd.Series(np.hypot(shops["lat"] - centre[0], shops["lon"] - centre[1]), shops.index)
    nearest: pd.DataFrame = shops.loc[away[away < NEARBY].nsmallest(SHOWN).index]
    return nearest


def draft(corners: list[tuple[float, float]]) -> folium.FeatureGroup:
    """The outline as far as it is drawn: its corners by number, and the line through them."""
    group = folium.FeatureGroup(name="draft")
    line = [(lat, lon) for lon, lat in corners]
    look: dict[str, Any] = {
        "color": DRAFT, "weight": 2.5, "dash_array": "6 4", "interactive": False,
    }  # fmt: skip
    if len(line) > 2:
        folium.Polygon(line, fill=True, fill_color=DRAFT, fill_opacity=0.12, **look).add_to(group)
    elif len(line) == 2:
        draw: Any = folium.PolyLine  # whose constructor in folium has no types
        draw(line, **look).add_to(group)
    for number, place in enumerate(line, 1):
        page_maps.text_marker(place, str(number), _CORNER).add_to(group)
    return group


def uploaded(shapes: gpd.GeoDataFrame) -> folium.FeatureGroup:
    """Outlines of an upload, before they are saved."""
    group = folium.FeatureGroup(name="uploaded")
    look = {"color": DRAFT, "weight": 2.5, "dashArray": "6 4", "fillOpacity": 0.12}
    folium.GeoJson(
        shapes[["geometry"]].to_json(drop_id=True), style_function=lambda _: look, interactive=False
    ).add_to(group)
    return group
