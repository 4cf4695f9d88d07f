"""Maps: the offline base map, its layers and their legends, and how a page shows them.

Leaflet comes from an installed package and is served by this server, so a map asks nothing of the
internet. The base map never changes and is asked for once; a page swaps the feature groups on it,
and the map is updated in place.
"""

import base64
import html
from collections.abc import Callable, Iterable
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import pandas as pd
import streamlit.components.v1 as components
from streamlit_folium import st_folium

from domain.city import CITY
from domain.typed_rows import cells
from geo import own_layers
from geo.own_layers import OwnLayer
from presentation import basemap
from presentation.heat_picture import Heat
from presentation.legends import Legend
from presentation.palette import (
    ABROAD,
    ABROAD_LINE,
    FAINT,
    INK,
    LAND,
    SHOP_COLOURS,
    SKETCH,
    UNKNOWN,
)
from ui import constant_files, leaflet_shapes
from ui.leaflet_shapes import Label, escape

LEAFLET = components.declare_component(
    "leaflet", path=str(files("js_lib_leaflet") / "static" / "js_lib_leaflet")
)

SCRIPT = components.declare_component("city_map", path=str(Path(__file__).parent / "map_script"))
RADII = {"covered": 6, "near": 6, "short": 6, "unknown": 5, "untold": 5}  # of venues, by status
FARTHEST, NEAREST = CITY.map_zoom - 1.5, 19  # zoom levels
CLOSEST = 0.0015  # degrees of latitude in the smallest view, some 170 m
View = tuple[float, float, float, float]
"""What a map is fitted to: west, south, east and north in degrees."""
Layer = Callable[[], folium.FeatureGroup]
"""Makes a layer for one map: a group belongs to the map that it is added to."""


class OfflineMap(folium.Map):
    """A folium map whose scripts are served by this server."""


_SCRIPTS = [
    ("leaflet", f"../{LEAFLET.name}/leaflet.js"),
    ("city_map", f"../{SCRIPT.name}/city_map.js"),
]
OfflineMap.default_css = [
    ("leaflet", f"../{LEAFLET.name}/leaflet.css"),
    ("city_map", f"../{SCRIPT.name}/city_map.css"),
]


def legend_html(legend: Legend) -> str:
    """A legend as escaped HTML, in one line where there is room for it."""
    shape = "50%" if legend.dots else "2px"
    rows = "".join(
        f'<span><i style="border-radius:{shape};background:{_swatch(colour)}"></i>'
        f"{html.escape(label)}{'' if count is None else f' <b>{count:,}</b> {legend.unit}'}</span>"
        for colour, label, count in legend.rows
    )
    note = f"<em>{html.escape(legend.note)}</em>" if legend.note else ""
    return f'<div class="legend"><strong>{html.escape(legend.title)}</strong>{rows}{note}</div>'


def _swatch(colour: str) -> str:
    return _HATCH if colour == UNKNOWN else colour


_HATCH = "repeating-linear-gradient(45deg,#aab3bc 0 2px,#f4f6f8 2px 5px)"


def base() -> folium.Map:
    """The constant base map: sea, the cities around, county outlines, names of places; no tiles."""
    chart = OfflineMap(
        location=CITY.map_centre,
        zoom_start=CITY.map_zoom,
        tiles=None,
        zoom_control=False,  # the script adds one in Chinese
        attributionControl=False,  # the source stands in the legend; Leaflet's mark is left out
        minZoom=FARTHEST,
        max_zoom=NEAREST,
        zoomSnap=0.25,  # so that a view fills its frame
        keyboard=False,  # focus on a click would scroll the page away from under the pointer
    )
    # From a component's address, /component/<name>/index.html, it is two folders up.
    chart.default_js = [*_SCRIPTS, ("base_map", f"../..{_base_map()}")]
    leaflet_shapes.Call("cityMap", "BASE_MAP").add_to(chart)
    return chart


@cache
def _base_map() -> str:
    """The address of a script with what never changes of a map, which a browser asks for once.

    It holds land, counties, the office's layers, and names.
    """
    abroad = {"color": ABROAD_LINE, "weight": 0.7, "fillColor": ABROAD, "fillOpacity": 1}
    own = {"color": FAINT, "weight": 1.2, "fillColor": LAND, "fillOpacity": 1}
    layers = [(basemap.surroundings(), abroad, False), (basemap.counties(), own, False)]
    layers += [(layer.shapes, _look(layer), True) for layer in own_layers.own_layers()]
    shapes = [
        f'{{"data":{leaflet_shapes.geojson(shapes[["geometry"]])},'
        f'"look":{leaflet_shapes.in_script(look)},"over":{"true" if over else "false"}}}'
        for shapes, look, over in layers
    ]
    names = cells(basemap.names(), "name", "kind", "lon", "lat", "zoom")
    labels = [
        [html.escape(name), kind, _RANKS[kind], lat, lon, zoom]
        for name, kind, lon, lat, zoom in names
    ]
    content = f'{{"shapes":[{",".join(shapes)}],"names":{leaflet_shapes.in_script(labels)}}}'
    return constant_files.keep(f"const BASE_MAP = {content};\n", "js")


def _look(layer: OwnLayer) -> dict[str, Any]:
    fill = {"fill": bool(layer.fill), "fillColor": layer.fill, "fillOpacity": 0.5}
    return {"color": layer.colour, "weight": layer.width} | fill


_RANKS = {"sea": 4, "bay": 4, "city": 5, "seat": 3, "landmark": 2}  # which label goes first


def show(
    key: str,
    layers: Iterable[Layer],
    view: View | None = None,
    *,
    height: int = 560,
    returned: str | None = None,
    on_change: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Draw `layers` on the base map fitted to `view`; what the map `returned` under that name.

    Without a view it shows the whole city. Only what a page uses is returned: any more would run
    the page again at every move of the map.
    """
    answer = st_folium(
        base(),
        key=key,
        height=height,
        use_container_width=True,
        feature_group_to_add=[make() for make in (*layers, _frame(view or _city()))],
        returned_objects=[returned] if returned else [],
        on_change=on_change,
    )
    return (answer or {}).get(returned) or {}


def _city() -> View:
    west, south, east, north = basemap.counties().total_bounds
    return west, south, east, north


def _frame(view: View) -> Layer:
    """What the script fits the map to, drawn as nothing."""
    return partial(_calling, "frame", "addFrame", leaflet_shapes.in_script(view))


def _calling(name: str, function: str, argument: str) -> folium.FeatureGroup:
    group = folium.FeatureGroup(name=name)
    leaflet_shapes.Call(function, argument).add_to(group)
    return group


def features(
    name: str, shapes: gpd.GeoDataFrame, look: dict[str, Any], labels: Iterable[Label] = ()
) -> Layer:
    """A layer of `shapes`, see `leaflet_shapes.shapes`, worked out once for any number of maps."""
    return partial(_calling, name, "addShapes", leaflet_shapes.shapes(shapes, look, labels))


def share_layer(areas: gpd.GeoDataFrame, kind: str, *, dashed: bool = False) -> Layer:
    """Areas of `map_layers.Drawing`, each in one opaque colour, named where they are to be.

    `kind` tells the handler what was clicked, and `area` which one is around it.
    """
    kept = [column for column in ("name", "area", "fill", "tip", "geometry") if column in areas]
    frame = areas[kept].assign(kind=kind)
    frame["tip"] = frame["tip"].map(escape)
    frame["fill"] = frame["fill"].replace(UNKNOWN, "url(#unknown)")
    line = {"color": "#ffffff", "weight": 1.2, "fillOpacity": 1} | (
        {"dashArray": "4 4"} if dashed else {}
    )
    labels: list[Label] = []
    if "label_at" in areas:
        worst = areas["worst"] if "worst" in areas else [False] * len(areas)
        labels = [
            (
                f"{html.escape(name)}<b>{html.escape(figure)}</b>",
                "area worst" if last else "area",
                0 if last else 1,
                point.y,
                point.x,
            )
            for (name, figure, point), last in zip(
                cells(areas, "name", "figure", "label_at"), worst, strict=True
            )
        ]
    return features(kind, frame, line, labels)


def venue_layer(venues: pd.DataFrame) -> Layer:
    """Venues of `map_layers.labelled` as circles coloured by status."""
    sizes = venues["status"].map(RADII)
    columns = {"name": venues["label"], "area": venues["area"], "size": sizes}
    return circles("venue", venues, venues["fill"], columns)


def names_layer(venues: pd.DataFrame) -> Layer:
    """Names of venues beside their dots, as many as have room."""
    placed = cells(venues.dropna(subset=["lon", "lat"]), "venue", "lon", "lat")
    labels = [(html.escape(name), "seat", 2, lat, lon) for name, lon, lat in placed]
    return features("names", gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"), {}, labels)


def shop_layer(shops: pd.DataFrame) -> Layer:
    """Shops coloured by state; `shops` has merchant_key, look, tip, lon, lat."""
    return circles(
        "shop", shops, shops["look"].map(SHOP_COLOURS), {"size": 5, "name": shops["merchant_key"]}
    )


def heat_layer(picture: Heat) -> Layer:
    """A heat picture drawn on the server; its bytes do not grow with the data."""
    source = "data:image/png;base64," + base64.b64encode(picture.png()).decode()
    return partial(_pictured, source, picture)


def _pictured(source: str, picture: Heat) -> folium.FeatureGroup:
    group = folium.FeatureGroup(name="heat")
    folium.raster_layers.ImageOverlay(
        source, bounds=picture.bounds, opacity=0.8, interactive=False, pane="shadowPane"
    ).add_to(group)
    return group


def outline_layer(area: gpd.GeoDataFrame) -> Layer:
    """The outline of the selected area, on top of the other layers and not clickable."""
    look = {"color": INK, "weight": 2.2, "fill": False, "interactive": False}
    return features("outline", area[["geometry"]], look)


def view_of(area: gpd.GeoDataFrame) -> View | None:
    """The view of `area`, no closer than `CLOSEST`; None, of the city, where it is empty."""
    if area.empty:
        return None
    west, south, east, north = area.total_bounds
    more = max(CLOSEST - (north - south), 0) / 2
    return west, south - more, east, north + more


def centre(view: View | None) -> tuple[float, float]:
    """Latitude and longitude of the middle of a view, of the city without one."""
    if view is None:
        return CITY.map_centre
    west, south, east, north = view
    return (south + north) / 2, (west + east) / 2


def placed(places: pd.DataFrame) -> gpd.GeoDataFrame:
    """The rows of `places` that have a point (lon, lat), as a layer."""
    known = places.dropna(subset=["lon", "lat"])
    points = gpd.points_from_xy(known["lon"], known["lat"])
    return gpd.GeoDataFrame(known, geometry=points, crs="EPSG:4326")


def around(lat: float, lon: float, degrees: float = CLOSEST) -> View:
    """The view around a point, so many degrees high."""
    return lon - degrees / 2, lat - degrees / 2, lon + degrees / 2, lat + degrees / 2


def circles(kind: str, places: pd.DataFrame, fill: pd.Series, columns: dict[str, Any]) -> Layer:
    """The rows of `places` that have a point, as circles that know their `kind`."""
    points = gpd.GeoDataFrame(
        {"kind": kind, "tip": places["tip"].map(escape), "fill": fill, **columns},
        geometry=gpd.points_from_xy(places["lon"], places["lat"]),
        index=places.index,
        crs="EPSG:4326",
    )[places["lon"].notna()]
    points["line"] = points["fill"].map(lambda fill: SKETCH if fill == "#ffffff" else "#ffffff")
    return features(kind, points, {"radius": 5, "weight": 1.2, "fillOpacity": 1})


def text_marker(place: tuple[float, float], text: str, style: str, **options: Any) -> folium.Marker:
    """A text (HTML) at a point (lat, lon), in the given style."""
    icon = folium.DivIcon(icon_size=(0, 0), html=f'<div style="{style}">{text}</div>')
    return folium.Marker(place, icon=icon, **(options or {"interactive": False}))
