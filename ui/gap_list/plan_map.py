"""The small map beside a plan: its venues, numbered in the order of the work list."""

import html
from functools import partial
from typing import NamedTuple

import folium
import geopandas as gpd
import pandas as pd

from domain.typed_rows import rows
from presentation import basemap
from presentation.palette import PLAN_COLOURS
from queries.scope import Scope
from ui import page_maps

_MARK = (
    '<div style="width:20px;height:20px;line-height:19px;border-radius:10px;text-align:center;'
    "font-size:11px;font-weight:700;color:#fff;background:{};border:1px solid #fff;"
    'margin:-11px 0 0 -11px">{}</div>'
)


def layers(
    scope: Scope, venues: pd.DataFrame
) -> tuple[list[page_maps.Layer], page_maps.View | None]:
    """Layers and view of the map of `venues` (number, venue, units, done, lon, lat)."""
    numbers = partial(_numbered, venues.dropna(subset=["lon", "lat"]))
    area = basemap.area(scope.area_id)
    return [
        *([page_maps.outline_layer(area)] if len(area) else []),
        numbers,
    ], page_maps.view_of(area)


class _Venue(NamedTuple):
    number: int
    venue: str
    units: int
    done: bool


def _numbered(venues: pd.DataFrame) -> folium.FeatureGroup:
    group = folium.FeatureGroup(name="plan")
    if venues.empty:
        return group
    marks = gpd.GeoDataFrame(
        [
            {
                "mark": _MARK.format(PLAN_COLOURS[row.done], row.number),
                "tip": f"{row.number}. {html.escape(row.venue)}<br>要做 {row.units} 家（项）",
            }
            for row in rows(venues, _Venue)
        ],
        geometry=gpd.points_from_xy(venues["lon"].round(5), venues["lat"].round(5)),
        crs="EPSG:4326",
    )
    # As GeoJSON: a tooltip of a lone marker would stand in a script, where a name could break it.
    folium.GeoJson(
        marks.to_json(drop_id=True),
        marker=folium.Marker(icon=folium.DivIcon(icon_size=(0, 0))),
        style_function=lambda feature: {"html": feature["properties"]["mark"]},
        tooltip=folium.GeoJsonTooltip(["tip"], labels=False),
    ).add_to(group)
    return group
