"""The small map beside a plan: its venues, numbered in the order of the work list."""

import html

import folium
import geopandas as gpd
import pandas as pd

from presentation import basemap
from presentation.palette import PLAN_COLOURS
from queries.scope import Scope
from ui import page_maps

_MARK = (
    '<div style="width:20px;height:20px;line-height:19px;border-radius:10px;text-align:center;'
    "font-size:11px;font-weight:700;color:#fff;background:{};border:1px solid #fff;"
    'margin:-11px 0 0 -11px">{}</div>'
)


def view(
    scope: Scope, venues: pd.DataFrame
) -> tuple[tuple[float, float], int, list[folium.FeatureGroup]]:
    """Centre, zoom and layers of the map of `venues` (number, name, units, done, lon, lat)."""
    layers = [_numbered(venues.dropna(subset=["lon", "lat"]))]
    if not scope.area_id:
        return page_maps.CITY_CENTRE, page_maps.CITY_ZOOM - 1, layers
    area = basemap.areas()[basemap.areas()["area_id"] == scope.area_id]
    centre, zoom = page_maps.view_of(area)
    return centre, zoom - 1, [page_maps.outline_layer(area), *layers]


def _numbered(venues: pd.DataFrame) -> folium.FeatureGroup:
    group = folium.FeatureGroup(name="plan")
    if venues.empty:
        return group
    marks = gpd.GeoDataFrame(
        {
            "mark": [
                _MARK.format(PLAN_COLOURS[row.done], row.number) for row in venues.itertuples()
            ],
            "tip": [
                f"{row.number}. {html.escape(row.venue)}<br>要做 {row.units} 家（项）"
                for row in venues.itertuples()
            ],
        },
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
