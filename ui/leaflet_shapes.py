"""Shapes and labels as calls of ``map_script/city_map.js``: one text of JSON for a whole layer."""

import html
import json
from collections.abc import Iterable, Mapping
from typing import Any

import folium
import geopandas as gpd

GRAIN, COARSE, WIDE = 1e-5, 1e-4, 0.1  # degrees: of rounding, and of what is rounded coarsely
_UNSAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"})
Label = tuple[str, str, int, float, float]
"""Text (HTML), kind, rank (those of a lower one are placed first), latitude and longitude."""


class Call(folium.MacroElement):
    """A call of a function of the script with the map or the layer that it is added to."""

    _template = folium.template.Template(
        """
        {% macro script(this, kwargs) %}
        {{ this.function }}({{ this._parent.get_name() }}, {{ this.argument }});
        {% endmacro %}
        """
    )

    def __init__(self, function: str, argument: str) -> None:
        """`argument` is JSON that can stand in a script, see `in_script`."""
        super().__init__()  # type: ignore[no-untyped-call]
        self.function, self.argument = function, argument


def shapes(frame: gpd.GeoDataFrame, look: Mapping[str, Any], labels: Iterable[Label] = ()) -> str:
    """The rows of `frame`, points as circles, in the `look` of Leaflet's path options, and labels.

    The argument of ``addShapes``, for a `Call`.
    A row's own `fill` (colour), `line` (colour) and `size` (radius in pixels) come before the look.
    Its `tip` (HTML) is shown under the pointer; what has none cannot be chosen.
    """
    data = geojson(frame) if len(frame) else "null"
    words = in_script({"look": look, "labels": list(labels)})
    return f'{{"data":{data},"more":{words}}}'


def geojson(frame: gpd.GeoDataFrame) -> str:
    """Features as GeoJSON that can stand in a script; to a metre, whole areas to about ten."""
    points = (frame.geom_type == "Point").all()
    west, south, east, north = frame.total_bounds
    grain = GRAIN if points or max(east - west, north - south) < WIDE else COARSE
    rounded = frame.set_geometry(frame.geometry.set_precision(grain))
    text: str = rounded.to_json(drop_id=True, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_UNSAFE)


def in_script(value: object) -> str:
    """`value` as JSON that can stand in a script, whatever its texts say."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)


def escape(text: str) -> str:
    """Plain text as HTML that a tooltip can show."""
    return html.escape(text).replace("\n", "<br>")
