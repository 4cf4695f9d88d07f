"""What moved between two scopes: the map of change, the reasons, venues and areas."""

import pandas as pd
import streamlit as st

from presentation import basemap, change_map, comparison_listings, labels
from presentation.map_layers import Drawing
from queries import attainment
from queries.scope import Scope
from ui import page_maps, page_tables

SIDES = {"in": "新达标的场所", "out": "掉下的场所"}


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


def map_of(areas: pd.DataFrame, scope: Scope) -> Drawing:
    """Draw counties and zones by their change; what was drawn."""
    drawing = change_map.drawing(areas)
    assert drawing.areas is not None
    area = basemap.area(scope.area_id)
    layers = [page_maps.share_layer(drawing.areas, "change")]
    page_maps.show(
        "change_map",
        layers if area.empty else [*layers, page_maps.outline_layer(area)],
        page_maps.view_of(area),
        height=430,
    )
    return drawing


def lists(venues: pd.DataFrame, lack: str) -> None:
    """The venues that came in and those that fell out, each with its reason.

    Unknown where something is lacking to know them (`labels.UNTOLD`).
    """
    for move, title in SIDES.items():
        rows = venues[venues["move"] == move]
        st.markdown(f"**{title}**（{labels.count(None if lack else len(rows), ' 个')}）")
        page_tables.show(rows, comparison_listings.VENUES, title, rows=8, lack=lack)
