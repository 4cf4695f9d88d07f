"""What the map page shows for a selection: layers, legends, view and the names below the map."""

from functools import partial

import pandas as pd
import streamlit as st

from geo import geocoding
from presentation import basemap, labels, legends, map_layers, palette, venue_listings
from presentation.map_layers import CODES, LAYERS
from queries import attainment, shop_records
from queries.engine import remembered
from queries.scope import Scope
from reports.figures.map_figures import Ground, around
from ui import page_downloads, page_maps, page_pictures, page_print, session
from ui.coverage_map import screen_layers
from ui.coverage_map.screen_layers import View

NEARBY = 0.004  # degrees of latitude around a venue in print, about 450 m
SHOP_COLUMNS = ["merchant_id", "name", "address", "operator", "state_label", "cash_point",
                "located"]  # fmt: skip


def label(scope: Scope, layer: str) -> str:
    """Name of what the layer called `layer` draws: inside an area its towns stand for the areas."""
    return LAYERS[screen_layers.drawn(scope, CODES[layer])].title


def view(scope: Scope, layer: str, basis: str, town_code: str, venue_id: str) -> View:
    """The picture for a selection."""
    if venue_id:
        return _venue_view(scope, venue_id)
    if town_code:
        return _town_view(scope, town_code)
    return _whole_view(scope, layer, basis)


@remembered
def _whole_view(scope: Scope, layer: str, basis: str) -> View:
    """The picture of the whole city, or of an area with its towns."""
    return screen_layers.city_view(scope, layer, basis, map_layers.of_day(scope))


def _unplaced(scope: Scope, venue_id: str = "", town_code: str = "") -> str:
    return map_layers.unplaced(scope, shop_records.without_point(scope, venue_id, town_code))


def _town_view(scope: Scope, town_code: str) -> View:
    town = basemap.towns()[basemap.towns()["town_code"] == town_code]
    venues = _venues(scope)
    venues = venues[venues["town_code"] == town_code]
    shops = shops_of(shop_records.shops(scope, town_code=town_code))
    note = f"图上最多画 {shop_records.SHOPS_SHOWN:,} 家。" + _unplaced(scope, town_code=town_code)
    return View(
        f"{town['town'].iloc[0]}的受理点（未验证在前）",
        shops,
        SHOP_COLUMNS,
        map_layers.Drawing(
            (legends.shop_legend(shops, note), legends.venue_legend(venues, "")),
            points=pd.concat([shops, venues]),
        ),
        Ground(tuple(town.total_bounds), town, town),
        page_maps.view_of(town),
        [page_maps.outline_layer(town), page_maps.shop_layer(shops), page_maps.venue_layer(venues)],
    )


def _venue_view(scope: Scope, venue_id: str) -> View:
    venues = _venues(scope)
    venue = venues[venues["venue_id"] == venue_id]
    shops = shops_of(shop_records.shops(scope, venue_id=venue_id))
    row = venue.iloc[0]
    points = pd.concat([shops, venue])
    needed = "应覆盖数待核" if pd.isna(row["needed"]) else f"还差 {row['needed']:.0f} 家"
    return View(
        f"{row['name']}：{row['status_label']}，{needed}（未验证的门店在前）",
        shops,
        SHOP_COLUMNS,
        map_layers.Drawing(
            (
                legends.shop_legend(shops, _unplaced(scope, venue_id=venue_id)),
                legends.venue_legend(venue, ""),
            ),
            points=points,
        ),
        around(points, NEARBY),
        page_maps.view_of(page_maps.placed(points)),
        [page_maps.venue_layer(venue), page_maps.shop_layer(shops)],
    )


def _venues(scope: Scope) -> pd.DataFrame:
    return map_layers.labelled(attainment.venues(scope))


def shops_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Shops with labels, the unverified and public cash points first."""
    named = venue_listings.missing(labels.listed(frame))
    look = legends.shop_look(named)
    return named.assign(
        look=look,
        fill=look.map(palette.SHOP_COLOURS),
        located=named["method"].map(geocoding.METHODS),
        tip=named["name"] + "\n" + named["state_label"],
    ).sort_values(
        ["eligible", "verified", "public_cash_point", "name"], ascending=[False, True, False, True]
    )


def downloads(title: str, scope: Scope, basis: str, shown: View) -> None:
    """Offer the picture and the table below it, and both for print."""
    figure = page_pictures.of_map(title, shown.drawing, shown.under)
    stamp = session.stamp(scope, basis)
    sheets: page_downloads.Sheets = {shown.title: (shown.names, shown.columns)}
    with st.container(horizontal=True, horizontal_alignment="right", key="map-tools"):
        page_pictures.control(figure, stamp, partial(page_downloads.workbook, sheets, stamp), "map")
        page_print.button("覆盖热力图", scope, sheets, figures=[figure])
