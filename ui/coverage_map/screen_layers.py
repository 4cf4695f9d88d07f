"""The layers of the whole map as pictures of the page, drawn from tables of any day."""

from dataclasses import dataclass, field

import pandas as pd

from presentation import basemap, labels, map_layers, venue_listings
from presentation.map_layers import Drawing, Source
from queries.scope import Scope, area_name
from reports.figures.map_figures import Ground, ground_of
from ui import page_maps

VENUE_COLUMNS = ["venue", "needed", "operator", "status_label", "kind", "town",
                 *venue_listings.DENOMINATOR, "verified", "venue_id"]  # fmt: skip
AREA_COLUMNS = ["area", "needed", "share", "covered", "venues", "unknown"]
TOWN_COLUMNS = ["town", "eligible", "contracted", "verified", "active", "verified_share"]


@dataclass(frozen=True)
class View:
    """One picture of the map and the table that belongs to it."""

    title: str
    names: pd.DataFrame
    columns: list[str]
    drawing: Drawing
    under: Ground
    place: page_maps.View | None = None
    layers: list[page_maps.Layer] = field(default_factory=list)


def drawn(scope: Scope, layer: str) -> str:
    """The layer that is drawn: inside an area, its towns instead of the areas."""
    return "town" if layer == "area" and scope.area_id else layer


def city_view(scope: Scope, layer: str, basis: str, source: Source) -> View:
    """The picture of a layer over the whole city, or inside the scope's area."""
    layer = drawn(scope, layer)
    drawing = map_layers.LAYERS[layer].draw(scope, basis, source)
    area = basemap.area(scope.area_id)
    layers = _groups(drawing, layer)
    return View(
        *_table(scope, layer, basis, source, drawing),
        drawing,
        ground_of(scope.area_id),
        page_maps.view_of(area),
        layers if area.empty else [*layers, page_maps.outline_layer(area)],
    )


def _groups(drawing: Drawing, layer: str) -> list[page_maps.Layer]:
    """What is drawn on the base map, areas below points."""
    groups = []
    if drawing.areas is not None:
        groups.append(page_maps.share_layer(drawing.areas, layer, dashed=drawing.dashed))
    if drawing.heat is not None:
        groups.append(page_maps.heat_layer(drawing.heat))
    if drawing.points is not None:
        groups.append(page_maps.venue_layer(drawing.points))
    return groups


def _table(
    scope: Scope, layer: str, basis: str, source: Source, drawing: Drawing
) -> tuple[str, pd.DataFrame, list[str]]:
    """Title, rows and columns of the table below a layer: areas, venues, or else towns."""
    if layer == "area":
        areas = source.areas().sort_values(["area_kind", "area_id"], ignore_index=True)
        areas = areas.assign(covered=areas[f"covered_{basis}"], share=areas[f"share_{basis}"])
        return labels.divisions(), areas, AREA_COLUMNS
    if layer == "venue" and drawing.points is not None:
        venues = drawing.points.sort_values("needed", ascending=False)
        return f"{area_name(scope)}的特定区域", venues, VENUE_COLUMNS
    shapes = drawing.areas if layer == "town" else map_layers.towns(scope, basis, source).areas
    towns = pd.DataFrame(shapes).dropna(subset=["eligible"]).sort_values("verified_share")
    return f"{area_name(scope)}各乡镇街道", towns, TOWN_COLUMNS
