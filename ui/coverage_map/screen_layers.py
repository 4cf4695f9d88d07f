"""The layers of the whole map as pictures of the page, drawn from tables of any day."""

from dataclasses import dataclass, field, replace

import folium
import pandas as pd

from presentation import basemap, map_layers
from presentation.map_layers import Drawing, Source
from queries.scope import Scope, area_name
from reports.figures.map_figures import Ground, ground_of
from ui import page_maps
from ui.coverage_map import map_choices

VENUE_COLUMNS = ["venue_id", "venue", "kind", "town", "operator", "status_label", "eligible",
                 "verified", "needed"]  # fmt: skip
AREA_COLUMNS = ["area", "venues", "covered", "share", "unknown", "needed"]
TOWN_COLUMNS = ["town", "eligible", "contracted", "verified", "active", "verified_share"]


@dataclass(frozen=True)
class View:
    """One picture of the map and the table that belongs to it."""

    title: str
    names: pd.DataFrame
    columns: list[str]
    drawing: Drawing
    under: Ground
    centre: tuple[float, float] = page_maps.CITY_CENTRE
    zoom: int = page_maps.CITY_ZOOM
    layers: list[folium.FeatureGroup] = field(default_factory=list)
    inside: bool = False


def drawn(scope: Scope, layer: str) -> str:
    """The layer that is drawn: inside an area, its towns instead of the areas."""
    return "town" if layer == "area" and scope.area_id else layer


def city_view(scope: Scope, layer: str, basis: str, source: Source) -> View:
    """The picture of a layer over the whole city, or inside the scope's area."""
    layer = drawn(scope, layer)
    make = {
        "area": _area_view,
        "town": _town_view,
        "cell": _cell_view,
        "heat": _heat_view,
        "gap": _heat_view,
        "venue": _venue_view,
    }[layer]
    shown = make(scope, layer, basis, source)
    if not scope.area_id:
        return shown
    area = basemap.areas()[basemap.areas()["area_id"] == scope.area_id]
    centre, zoom = page_maps.view_of(area)
    return replace(
        shown,
        centre=centre,
        zoom=zoom,
        layers=[*shown.layers, page_maps.outline_layer(area)],
        inside=True,
    )


def _area_view(scope: Scope, layer: str, basis: str, source: Source) -> View:
    drawing = map_layers.areas(basis, source)
    table = source.areas().sort_values(["area_kind", "area_id"], ignore_index=True)
    return View(
        map_choices.divisions(),
        table.assign(covered=table[f"covered_{basis}"], share=table[f"share_{basis}"]),
        AREA_COLUMNS,
        drawing,
        ground_of(scope.area_id),
        layers=[page_maps.share_layer(drawing.areas, "area")],
    )


def _town_view(scope: Scope, layer: str, basis: str, source: Source) -> View:
    drawing = map_layers.towns(scope, basis, source)
    layers = [page_maps.share_layer(drawing.areas, "town", dashed=drawing.dashed)]
    if drawing.points is not None:
        layers.append(page_maps.venue_layer(drawing.points))
    return View(
        f"{area_name(scope)}各乡镇街道",
        drawing.areas.dropna(subset=["eligible"]).sort_values("verified_share"),
        TOWN_COLUMNS,
        drawing,
        ground_of(scope.area_id),
        layers=layers,
    )


def _cell_view(scope: Scope, layer: str, basis: str, source: Source) -> View:
    drawing = map_layers.cells(scope, basis, source)
    layers = [page_maps.share_layer(drawing.areas, "cell")]
    return replace(_town_view(scope, layer, basis, source), drawing=drawing, layers=layers)


def _heat_view(scope: Scope, layer: str, basis: str, source: Source) -> View:
    drawing = map_layers.heats(scope, layer, source)
    layers = [page_maps.heat_layer(drawing.heat)]
    return replace(_town_view(scope, layer, basis, source), drawing=drawing, layers=layers)


def _venue_view(scope: Scope, layer: str, basis: str, source: Source) -> View:
    drawing = map_layers.venues(source)
    return View(
        f"{area_name(scope)}的特定区域",
        drawing.points.sort_values("needed", ascending=False),
        VENUE_COLUMNS,
        drawing,
        ground_of(scope.area_id),
        layers=[page_maps.venue_layer(drawing.points)],
    )
