"""The map of the front page: the way down as a breadcrumb, the map of the level, its legend."""

from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from presentation import basemap, legends, map_layers, venue_listings
from presentation.map_layers import Drawing
from queries import attainment, shop_records
from queries.engine import remembered
from queries.scope import Scope, area_name
from reports.figures.map_figures import Ground, around, ground_of
from ui import (
    breadcrumb,
    menu,
    page_downloads,
    page_maps,
    page_pictures,
    place_selection,
    session,
)
from ui.coverage_map import map_page, screen_layers
from ui.overview import front_paper
from ui.page_downloads import Sheets
from ui.place_selection import Place
from ui.wall_screen import wall_view

HEIGHT = 560
BELOW, LEGEND = 254, 50  # pixels of the page that the map leaves to the rest, and to a legend more
KEY = "front_map"


@dataclass(frozen=True)
class Level:
    """What the map shows of a place: layers and view; the same on paper, and as tables."""

    layers: list[page_maps.Layer]
    view: page_maps.View | None
    drawing: Drawing
    under: Ground
    sheets: Sheets


def show(scope: Scope, place: Place) -> None:
    """Draw the breadcrumb, the map of the level and its legend."""
    level, stamp = level_of(scope, place), session.stamp(scope)
    where = place.venue or place.town or area_name(scope)
    figure = page_pictures.of_map(f"{where}场所达标情况", level.drawing, level.under)
    with breadcrumb.row(scope, place):
        workbook = partial(page_downloads.workbook, level.sheets, stamp)
        page_pictures.control(figure, stamp, workbook, KEY)
        front_paper.button(scope, place, figure, level.sheets)
        menu.link("compare_days", "和上月比", ":material/compare_arrows:")
        screen = wall_view.address(scope, area_name(scope))
        st.link_button("大屏", screen, type="tertiary", icon=":material/tv:")
        menu.link("coverage_map", "热力和逐月", ":material/map:")
    with st.container(key="front-map"):
        page_maps.show(
            KEY,
            level.layers,
            level.view,
            height=HEIGHT,
            returned="last_active_drawing",
            on_change=lambda: place_selection.follow_click(KEY),
        )
    shown = "".join(page_maps.legend_html(legend) for legend in level.drawing.legends)
    below = BELOW + LEGEND * (len(level.drawing.legends) - 1)
    st.html(f"<style>:root {{ --below-map: {below}px }}</style>")
    st.html(shown)


def level_of(scope: Scope, place: Place) -> Level:
    """The level of the drill that a place is at."""
    if place.venue_id:
        return _venue(scope, place)
    if place.town_code:
        return _town(scope, place)
    return _areas(scope)


@remembered
def _areas(scope: Scope) -> Level:
    """The areas of the city, or the towns of one with its venues."""
    drawing = map_layers.areas(scope, "verified", map_layers.of_day(scope))
    assert drawing.areas is not None
    kind = "town" if scope.area_id else "area"
    layers = [page_maps.share_layer(drawing.areas, kind, dashed=drawing.dashed)]
    under = ground_of(scope.area_id)
    if not scope.area_id:
        areas = venue_listings.areas(scope), screen_layers.AREA_COLUMNS
        return Level(layers, None, drawing, under, {"县区、板块": areas})
    area = basemap.area(scope.area_id)
    layers.append(page_maps.outline_layer(area))
    sheets = {"乡镇街道": (drawing.areas, ["town", "venues", "covered", "share"])}
    if drawing.points is not None:
        layers.append(page_maps.venue_layer(drawing.points))
        sheets["特定区域"] = (drawing.points, screen_layers.VENUE_COLUMNS)
    return Level(layers, page_maps.view_of(area), drawing, under, sheets)


def _town(scope: Scope, place: Place) -> Level:
    """A town with its venues; with its shops where it has no venue."""
    outline = basemap.towns()[basemap.towns()["town_code"] == place.town_code]
    venues = map_layers.labelled(attainment.venues(scope))
    venues = venues[venues["town_code"] == place.town_code]
    layers = [page_maps.outline_layer(outline)]
    view, under = page_maps.view_of(outline), Ground(tuple(outline.total_bounds), outline, outline)
    if len(venues):
        layers += [page_maps.venue_layer(venues), page_maps.names_layer(venues)]
        legend = legends.venue_legend(venues, map_layers.TOWN_NOTE)
        drawing = Drawing((legend,), points=venues)
        sheets: Sheets = {"特定区域": (venues, screen_layers.VENUE_COLUMNS)}
        return Level(layers, view, drawing, under, sheets)
    shops = map_page.shops_of(shop_records.shops(scope, town_code=place.town_code))
    layers.append(page_maps.shop_layer(shops))
    note = "这里没有特定区域，图上是受理点。" + map_layers.TOWN_NOTE + "。"
    drawing = Drawing((legends.shop_legend(shops, note),), points=shops)
    return Level(layers, view, drawing, under, {"受理点": (shops, map_page.SHOP_COLUMNS)})


def _venue(scope: Scope, place: Place) -> Level:
    """A venue with its shops, those at one point spread."""
    venues = map_layers.labelled(attainment.venues(scope))
    venue = venues[venues["venue_id"] == place.venue_id]
    shops = map_page.shops_of(shop_records.shops(scope, venue_id=place.venue_id))
    places = page_maps.placed(pd.concat([shops, venue]))
    note = map_layers.unplaced(scope, shop_records.without_point(scope, venue_id=place.venue_id))
    return Level(
        [page_maps.venue_layer(venue), page_maps.shop_layer(shops)],
        page_maps.view_of(places),
        Drawing((legends.shop_legend(shops, note),), points=pd.concat([shops, venue])),
        around(places, map_page.NEARBY),
        {"门店": (shops, map_page.SHOP_COLUMNS)},
    )
