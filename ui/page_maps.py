"""Maps: the offline base map, its layers and their legends, and how a page shows them.

Leaflet comes from an installed package and is served by this server, so a map asks nothing of the
internet. The base map never changes; a page swaps the feature groups on it, and the map is
updated in place.
"""

import base64
import html
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import folium
import geopandas as gpd
import pandas as pd
import streamlit.components.v1 as components
from streamlit_folium import st_folium

from domain.city import CITY
from domain.typed_rows import cells
from presentation import basemap
from presentation.heat_picture import Heat
from presentation.legends import Legend, share_class
from presentation.palette import SHOP_COLOURS

LEAFLET = components.declare_component(
    "leaflet", path=str(files("js_lib_leaflet") / "static" / "js_lib_leaflet")
)
LEAFLET_URL = f"../{LEAFLET.name}"

_LABEL = (
    "font-size:11.5px;line-height:1.15;text-align:center;color:#1b2733;width:80px;"
    "margin-left:-40px;margin-top:-16px;text-shadow:0 0 3px #fff,0 0 3px #fff,0 0 3px #fff;"
    "pointer-events:none"
)
RADII = {"covered": 6, "near": 6, "short": 6, "unknown": 5}  # of venues, by status
FARTHEST, NEAREST = CITY.map_zoom - 1, 17  # zoom levels
View = tuple[tuple[float, float], int]
"""What a map shows: its centre (lat, lon) and its zoom level."""
CITY_VIEW: View = (CITY.map_centre, CITY.map_zoom)


class OfflineMap(folium.Map):
    """A folium map whose scripts are served by this server."""


OfflineMap.default_js = [("leaflet", f"{LEAFLET_URL}/leaflet.js")]
OfflineMap.default_css = [("leaflet", f"{LEAFLET_URL}/leaflet.css")]


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
        location=CITY.map_centre,
        zoom_start=CITY.map_zoom,
        tiles=None,
        attributionControl=False,  # the source stands in the legend; Leaflet's mark is left out
        min_zoom=FARTHEST,
        max_zoom=NEAREST,
        prefer_canvas=True,
        keyboard=False,  # focus on a click would scroll the page away from under the pointer
    )
    scale: Any = MetricScale  # whose constructor in folium has no types
    scale().add_to(chart)
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


def show(
    key: str,
    layers: list[folium.FeatureGroup],
    view: View = CITY_VIEW,
    *,
    height: int = 560,
    returned: str | None = None,
    on_change: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Draw `layers` on the base map; what the map `returned` under that name, if anything.

    Only what a page uses is returned: any more would run the page again at every move of the map.
    """
    answer = st_folium(
        base(basemap.counties()),
        key=key,
        height=height,
        use_container_width=True,
        center=view[0],
        zoom=view[1],
        feature_group_to_add=layers,
        returned_objects=[returned] if returned else [],
        on_change=on_change,
    )
    return (answer or {}).get(returned) or {}


def features(
    name: str,
    shapes: gpd.GeoDataFrame,
    style: Callable[[dict[str, Any]], dict[str, Any]],
    *,
    marker: folium.CircleMarker | None = None,
    highlight: bool = False,
) -> folium.FeatureGroup:
    """A layer of `shapes` with a `tip` (HTML), drawn in the `style` of each feature."""
    group = folium.FeatureGroup(name=name)
    if shapes.empty:
        return group
    folium.GeoJson(
        geojson(shapes),
        marker=marker,
        style_function=style,
        highlight_function=(lambda _: {"weight": 3}) if highlight else None,
        tooltip=folium.GeoJsonTooltip(["tip"], labels=False, sticky=True),
    ).add_to(group)
    return group


def share_layer(areas: gpd.GeoDataFrame, kind: str, *, dashed: bool = False) -> folium.FeatureGroup:
    """Areas coloured by their share.

    `areas` has the columns name, share (0 to 1 or NA), tip (plain text) and geometry in
    EPSG:4326, where the click handler needs it the `area` around it, and where names are to be
    written on the map the point `label_at`; `kind` tells the handler what was clicked.
    """
    kept = [column for column in ("name", "area", "tip", "geometry") if column in areas]
    frame = areas[kept].assign(kind=kind, fill=[share_class(share) for share in areas["share"]])
    frame["tip"] = frame["tip"].map(escape)
    line = {"color": "#6b7680", "weight": 0.8, "dashArray": "4 4"}
    if not dashed:
        line = {"color": "#44505c", "weight": 1.2, "dashArray": None}
    group = features(
        kind,
        frame,
        lambda feature: line | {"fillColor": feature["properties"]["fill"], "fillOpacity": 0.75},
        highlight=True,
    )
    if "label_at" in areas:
        for name, share, point in cells(areas, "name", "share", "label_at"):
            shown = "未知" if pd.isna(share) else f"{share:.0%}"
            text_marker((point.y, point.x), f"{name}<br><b>{shown}</b>", _LABEL).add_to(group)
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


def view_of(area: gpd.GeoDataFrame) -> View:
    """The view of `area` in a map of about 700 by 560 pixels; of the city where it is empty."""
    if area.empty:
        return CITY_VIEW
    west, south, east, north = area.total_bounds
    span = max((east - west) / 1.25, (north - south) * 1.2, 0.004)
    levels = range(NEAREST - 1, FARTHEST, -1)
    zoom = next((level for level in levels if 360 / 2**level * 2.4 >= span), FARTHEST)
    return (round((south + north) / 2, 4), round((west + east) / 2, 4)), zoom


def circles(
    kind: str, places: pd.DataFrame, fill: pd.Series, columns: dict[str, Any]
) -> folium.FeatureGroup:
    """The rows of `places` that have a point, as circles that know their `kind`."""
    points = gpd.GeoDataFrame(
        {"kind": kind, "tip": places["tip"].map(escape), "fill": fill, **columns},
        geometry=gpd.points_from_xy(places["lon"], places["lat"]),
        index=places.index,
        crs="EPSG:4326",
    )[places["lon"].notna()]
    return features(
        kind,
        points,
        lambda feature: {
            "fillColor": feature["properties"]["fill"],
            "radius": feature["properties"]["size"],
        },
        marker=folium.CircleMarker(
            radius=5, weight=1, color="#ffffff", fill=True, fill_opacity=0.95
        ),
    )


def text_marker(place: tuple[float, float], text: str, style: str, **options: Any) -> folium.Marker:
    """A text (HTML) at a point (lat, lon), in the given style."""
    icon = folium.DivIcon(icon_size=(0, 0), html=f'<div style="{style}">{text}</div>')
    return folium.Marker(place, icon=icon, **(options or {"interactive": False}))


def geojson(frame: gpd.GeoDataFrame) -> str:
    """Features of `frame` to 1e-5 degree, about a metre, as GeoJSON text."""
    return str(frame.set_geometry(frame.geometry.set_precision(1e-5)).to_json(drop_id=True))


def escape(text: str) -> str:
    """Plain text as HTML that a tooltip can show."""
    return html.escape(text).replace("\n", "<br>")
