"""Maps: the offline base map, its layers and their legends.

Every function takes frames and returns folium objects or plain values; only pages display them.
Leaflet comes from an installed package and is served by this server, so a map asks nothing of the
internet. The base map never changes; a page swaps the feature groups on it, and the map is
updated in place.
"""

import base64
import html
from importlib.resources import files
from typing import ClassVar

import folium
import geopandas as gpd
import pandas as pd
import streamlit.components.v1 as components

from domain.city import CITY
from presentation.heat_picture import Heat
from presentation.legends import Legend, share_class
from presentation.palette import SHOP_COLOURS

LEAFLET = components.declare_component(
    "leaflet", path=str(files("js_lib_leaflet") / "static" / "js_lib_leaflet")
)
LEAFLET_URL = f"../{LEAFLET.name}"

RADII = {"covered": 6, "near": 6, "short": 6, "unknown": 5}  # of venues, by status
CITY_CENTRE = CITY.map_centre
CITY_ZOOM = CITY.map_zoom
FARTHEST, NEAREST = CITY_ZOOM - 1, 17  # zoom levels


class OfflineMap(folium.Map):
    """A folium map whose scripts are served by this server."""

    default_js: ClassVar = [("leaflet", f"{LEAFLET_URL}/leaflet.js")]
    default_css: ClassVar = [("leaflet", f"{LEAFLET_URL}/leaflet.css")]


class MetricScale(folium.MacroElement):
    """A scale bar in kilometres only."""

    _template = folium.template.Template(
        """
        {% macro script(this, kwargs) %}
        L.control.scale({imperial: false}).addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )


def legend_html(legend: Legend) -> str:
    """A legend as escaped HTML."""
    swatch = (
        '<span style="display:inline-block;width:14px;height:14px;border-radius:3px;'
        'margin-right:6px;vertical-align:-2px;border:1px solid #8894a0;background:{}"></span>'
    )
    lines = [
        f'<div style="white-space:nowrap">{swatch.format(colour)}{html.escape(label)}'
        + ("" if count is None else f"<b> {count:,}</b>")
        + "</div>"
        for colour, label, count in legend.rows
    ]
    note = f'<div style="color:#5a6773;margin-top:4px">{html.escape(legend.note)}</div>'
    return (
        '<div style="font-size:13px;line-height:1.7">'
        f"<b>{html.escape(legend.title)}</b>{''.join(lines)}{note if legend.note else ''}</div>"
    )


def base(counties: gpd.GeoDataFrame) -> folium.Map:
    """The constant base map: county outlines and names, no tiles."""
    chart = OfflineMap(
        location=CITY_CENTRE,
        zoom_start=CITY_ZOOM,
        tiles=None,
        attributionControl=False,  # the source stands in the legend; Leaflet's mark is left out
        min_zoom=FARTHEST,
        max_zoom=NEAREST,
        prefer_canvas=True,
        keyboard=False,  # focus on a click would scroll the page away from under the pointer
    )
    MetricScale().add_to(chart)
    folium.GeoJson(
        geojson(counties),
        style_function=lambda _: {
            "color": "#5a6773",
            "weight": 1.5,
            "fillColor": "#f6f8fa",
            "fillOpacity": 1,
        },
        interactive=False,
    ).add_to(chart)
    return chart


def share_layer(areas: gpd.GeoDataFrame, kind: str, *, dashed: bool = False) -> folium.FeatureGroup:
    """Areas coloured by their share.

    `areas` has the columns name, share (0 to 1 or NA), tip (plain text) and geometry in
    EPSG:4326, where the click handler needs it the `area` around it, and where names are to be
    written on the map the point `label_at`; `kind` tells the handler what was clicked.
    """
    group = folium.FeatureGroup(name=kind)
    if areas.empty:
        return group
    kept = [column for column in ("name", "area", "tip", "geometry") if column in areas]
    frame = areas[kept].assign(kind=kind, fill=[share_class(share) for share in areas["share"]])
    frame["tip"] = frame["tip"].map(escape)
    folium.GeoJson(
        geojson(frame),
        style_function=lambda feature: {
            "color": "#44505c" if not dashed else "#6b7680",
            "weight": 1.2 if not dashed else 0.8,
            "dashArray": "4 4" if dashed else None,
            "fillColor": feature["properties"]["fill"],
            "fillOpacity": 0.75,
        },
        highlight_function=lambda _: {"weight": 3},
        tooltip=folium.GeoJsonTooltip(["tip"], labels=False, sticky=True),
    ).add_to(group)
    if "label_at" in areas:
        for row in areas.itertuples():
            point = row.label_at
            share = "未知" if pd.isna(row.share) else f"{row.share:.0%}"
            _label(f"{row.name}<br><b>{share}</b>", point.y, point.x).add_to(group)
    return group


def venue_layer(venues: pd.DataFrame) -> folium.FeatureGroup:
    """Venues of `map_layers.labelled` as circles coloured by status."""
    sizes = venues["status"].map(RADII)
    columns = {"name": venues["label"], "area": venues["area"], "size": sizes}
    return circles("venue", venues, venues["fill"], columns)


def shop_layer(shops: pd.DataFrame) -> folium.FeatureGroup:
    """Shops of one town or venue, coloured by state; `shops` has look, tip, lon, lat."""
    return circles("shop", shops, shops["look"].map(SHOP_COLOURS), {"size": 4})


def heat_layer(picture: Heat) -> folium.FeatureGroup:
    """A heat picture drawn on the server; its bytes do not grow with the data."""
    group = folium.FeatureGroup(name="heat")
    source = "data:image/png;base64," + base64.b64encode(picture.png()).decode()
    folium.raster_layers.ImageOverlay(
        source, bounds=picture.bounds, opacity=0.8, interactive=False, pane="shadowPane"
    ).add_to(group)
    return group


def outline_layer(area: gpd.GeoDataFrame) -> folium.FeatureGroup:
    """The outline of the selected area, on top of the other layers and not clickable."""
    group = folium.FeatureGroup(name="outline")
    folium.GeoJson(
        geojson(area[["geometry"]]),
        style_function=lambda _: {"color": "#0f5fa8", "weight": 3, "fill": False},
        interactive=False,
    ).add_to(group)
    return group


def view_of(area: gpd.GeoDataFrame) -> tuple[tuple[float, float], int]:
    """Centre (lat, lon) and zoom that show `area` in a map of about 700 by 560 pixels."""
    west, south, east, north = area.total_bounds
    span = max((east - west) / 1.25, (north - south) * 1.2, 0.004)
    levels = range(NEAREST - 1, FARTHEST, -1)
    zoom = next((level for level in levels if 360 / 2**level * 2.4 >= span), FARTHEST)
    return (round((south + north) / 2, 4), round((west + east) / 2, 4)), zoom


def circles(kind: str, places: pd.DataFrame, fill: pd.Series, columns: dict) -> folium.FeatureGroup:
    """The rows of `places` that have a point, as circles that know their `kind`."""
    group = folium.FeatureGroup(name=kind)
    points = gpd.GeoDataFrame(
        {"kind": kind, "tip": places["tip"].map(escape), "fill": fill, **columns},
        geometry=gpd.points_from_xy(places["lon"], places["lat"]),
        index=places.index,
        crs="EPSG:4326",
    )[places["lon"].notna()]
    if points.empty:
        return group
    folium.GeoJson(
        geojson(points),
        marker=folium.CircleMarker(
            radius=5, weight=1, color="#ffffff", fill=True, fill_opacity=0.95
        ),
        style_function=lambda feature: {
            "fillColor": feature["properties"]["fill"],
            "radius": feature["properties"]["size"],
        },
        tooltip=folium.GeoJsonTooltip(["tip"], labels=False, sticky=True),
    ).add_to(group)
    return group


def _label(text: str, lat: float, lon: float) -> folium.Marker:
    style = (
        "font-size:11.5px;line-height:1.15;text-align:center;color:#1b2733;width:80px;"
        "margin-left:-40px;margin-top:-16px;text-shadow:0 0 3px #fff,0 0 3px #fff,0 0 3px #fff;"
        "pointer-events:none"
    )
    icon = folium.DivIcon(icon_size=(0, 0), html=f'<div style="{style}">{text}</div>')
    return folium.Marker((lat, lon), icon=icon, interactive=False)


def geojson(frame: gpd.GeoDataFrame) -> str:
    """Features of `frame` to 1e-5 degree, about a metre, as GeoJSON text."""
    return frame.set_geometry(frame.geometry.set_precision(1e-5)).to_json(drop_id=True)


def escape(text: str) -> str:
    """Plain text as HTML that a tooltip can show."""
    return html.escape(text).replace("\n", "<br>")
