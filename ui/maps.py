"""Maps: the offline base map, its layers and their legends.

Every function takes frames and returns folium objects or plain values; only pages display them.
Leaflet comes from an installed package and is served by this server, so a map asks nothing of the
internet. The base map never changes; a page swaps the feature groups on it, and the map is
updated in place.
"""

import base64
import html
import itertools
from dataclasses import dataclass
from importlib.resources import files
from typing import ClassVar

import folium
import geopandas as gpd
import pandas as pd
import streamlit.components.v1 as components

from domain.city import CITY
from reports import heat

LEAFLET = components.declare_component(
    "leaflet", path=str(files("js_lib_leaflet") / "static" / "js_lib_leaflet")
)
LEAFLET_URL = f"../{LEAFLET.name}"

# Five classes of a share, from short to full, legible to colour-blind readers and in print
# (ColorBrewer PuOr without its middle, T. Brewer 2013); the last class is full coverage.
SHARE_BREAKS = (0.25, 0.5, 0.75, 0.9)
SHARE_COLOURS = ("#b35806", "#f1a340", "#fee0b6", "#b2abd2", "#542788")
UNKNOWN_COLOUR = "#9aa5b1"
STATUS = {  # status of a venue: label, colour, radius of its marker
    "covered": ("已全覆盖", "#542788", 6),
    "near": ("接近达标", "#b2abd2", 6),
    "short": ("缺口较大", "#e08214", 6),
    "unknown": ("分母未知", UNKNOWN_COLOUR, 5),
}
STATES = {  # state of a merchant on the map: label, colour
    "verified": ("已验证", "#542788"),
    "waiting": ("已签约未验证", "#998ec3"),
    "target": ("未签约", "#e08214"),
}
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


@dataclass(frozen=True)
class Legend:
    """What a layer's colours mean: rows of (colour, label, count or None), and a note."""

    title: str
    rows: tuple[tuple[str, str, int | None], ...]
    note: str = ""

    def to_html(self) -> str:
        """The legend as escaped HTML."""
        swatch = (
            '<span style="display:inline-block;width:14px;height:14px;border-radius:3px;'
            'margin-right:6px;vertical-align:-2px;border:1px solid #8894a0;background:{}"></span>'
        )
        lines = [
            f'<div style="white-space:nowrap">{swatch.format(colour)}{html.escape(label)}'
            + ("" if count is None else f"<b> {count:,}</b>")
            + "</div>"
            for colour, label, count in self.rows
        ]
        note = f'<div style="color:#5a6773;margin-top:4px">{html.escape(self.note)}</div>'
        return (
            '<div style="font-size:13px;line-height:1.7">'
            f"<b>{html.escape(self.title)}</b>{''.join(lines)}{note if self.note else ''}</div>"
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


def share_class(share: float | None) -> str:
    """Colour of a share between 0 and 1; grey where it is unknown."""
    if share is None or pd.isna(share):
        return UNKNOWN_COLOUR
    return SHARE_COLOURS[sum(share >= edge for edge in SHARE_BREAKS)]


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


def share_legend(title: str, shares: pd.Series, note: str) -> Legend:
    """Legend of a share layer, with the number of areas in each class."""
    edges = (0, *SHARE_BREAKS)
    texts = [f"{low:.0%}–{high:.0%}" for low, high in itertools.pairwise(edges)]
    texts.append(f"{edges[-1]:.0%} 及以上")
    colours = [share_class(share) for share in shares]
    rows = [
        (colour, text, colours.count(colour))
        for colour, text in zip(SHARE_COLOURS, texts, strict=True)
    ]
    rows.append((UNKNOWN_COLOUR, "无应覆盖对象或未知", colours.count(UNKNOWN_COLOUR)))
    return Legend(title, (*reversed(rows[:-1]), rows[-1]), note)


def venue_layer(venues: pd.DataFrame) -> folium.FeatureGroup:
    """Venues as circles coloured by status; `venues` has label, area, tip, status, lon, lat."""
    looks = venues["status"].map(STATUS)
    columns = {"name": venues["label"], "area": venues["area"], "size": looks.str[2]}
    return circles("venue", venues, looks.str[1], columns)


def venue_legend(venues: pd.DataFrame, note: str) -> Legend:
    """Legend of the venue layer, with the number of venues by status."""
    counts = venues["status"].value_counts()
    rows = tuple(
        (colour, label, int(counts.get(status, 0))) for status, (label, colour, _) in STATUS.items()
    )
    return Legend("特定区域（场所）状态", rows, note)


def shop_layer(shops: pd.DataFrame) -> folium.FeatureGroup:
    """Shops of one town or venue, coloured by state; `shops` has look, tip, lon, lat."""
    return circles("shop", shops, shops["look"].map(STATES).str[1], {"size": 4})


def shop_legend(shops: pd.DataFrame, note: str) -> Legend:
    """Legend of the shop layer, with the number of shops by state."""
    counts = shops["look"].value_counts()
    rows = tuple(
        (colour, label, int(counts.get(look, 0))) for look, (label, colour) in STATES.items()
    )
    return Legend("受理门店状态", rows, note)


def heat_layer(picture: heat.Heat) -> folium.FeatureGroup:
    """A heat picture drawn on the server; its bytes do not grow with the data."""
    group = folium.FeatureGroup(name="heat")
    source = "data:image/png;base64," + base64.b64encode(picture.png).decode()
    folium.raster_layers.ImageOverlay(
        source, bounds=picture.bounds, opacity=0.8, interactive=False, pane="shadowPane"
    ).add_to(group)
    return group


def heat_legend(title: str, picture: heat.Heat, note: str) -> Legend:
    """Legend of a heat picture: the classes of its smoothed count."""
    rows = tuple(
        (colour, f"{low:,.0f}–{high:,.0f}" if high else f"{low:,.0f} 以上", None)
        for colour, low, high in picture.classes()
    )
    return Legend(title, tuple(reversed(rows)), note)


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
