"""What moved between two scopes: the map of change, the reasons, venues and areas."""

import folium
import geopandas as gpd
import pandas as pd
import streamlit as st

from domain.typed_rows import cells
from presentation import basemap, change_map, comparison_listings, labels
from presentation.legends import Legend
from queries import attainment
from queries.scope import Scope
from ui import page_maps, page_tables

SIDES = {"in": "新达标的场所", "out": "掉下的场所"}
_LABEL = (
    "font-size:11.5px;line-height:1.15;text-align:center;color:#1b2733;width:80px;"
    "margin-left:-40px;margin-top:-16px;text-shadow:0 0 3px #fff,0 0 3px #fff,0 0 3px #fff;"
    "pointer-events:none"
)


def cards(then: Scope, now: Scope, names: tuple[str, str]) -> None:
    """The share on both sides."""
    with st.grid(2, gap="small", min_column_width=130):
        for name, scope in zip(names, (then, now), strict=True):
            row = attainment.city(scope).iloc[0]
            covered, venues = (labels.count(row[one]) for one in ("covered_verified", "venues"))
            st.metric(
                name,
                labels.percent(row["share_verified"]),
                delta=f"{covered} / {venues} 个",
                delta_color="off",
                delta_arrow="off",
                border=True,
                height="stretch",
            )


def map_of(areas: pd.DataFrame, scope: Scope) -> Legend:
    """Draw counties and zones by their change; the legend of its classes."""
    drawing = change_map.drawing(areas)
    assert drawing.areas is not None
    area = basemap.area(scope.area_id)
    layers = [_layer(drawing.areas)]
    page_maps.show(
        "change_map",
        layers if area.empty else [*layers, page_maps.outline_layer(area)],
        page_maps.view_of(area),
        height=430,
    )
    return drawing.legends[0]


def _layer(areas: gpd.GeoDataFrame) -> folium.FeatureGroup:
    """Areas in the colour of their change, with their names and the change on them."""
    shown = areas.assign(tip=areas["tip"].map(page_maps.escape))
    group = page_maps.features(
        "change",
        shown[["name", "tip", "fill", "geometry"]],
        lambda feature: {
            "color": "#44505c",
            "weight": 1.2,
            "fillColor": feature["properties"]["fill"],
            "fillOpacity": 1,
        },
        highlight=True,
    )
    for name, points, place in cells(areas, "name", "points", "label_at"):
        text = f"{page_maps.escape(name)}<br><b>{change_map.signed(points)}</b>"
        page_maps.text_marker((place.y, place.x), text, _LABEL).add_to(group)
    return group


def lists(venues: pd.DataFrame) -> None:
    """The venues that came in and those that fell out, each with its reason."""
    for move, title in SIDES.items():
        rows = venues[venues["move"] == move]
        st.markdown(f"**{title}**（{len(rows)} 个）")
        page_tables.show(rows, comparison_listings.VENUES, title, rows=8)
