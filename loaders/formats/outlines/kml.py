"""KML: placemarks, whose corners are longitudes and latitudes in WGS-84."""

from typing import Any
from xml.etree.ElementTree import Element

from geo.outlines import OutlineError
from loaders.formats.outlines.outline_features import UNREADABLE, Feature, of_geojson
from loaders.formats.untrusted_xml import RefusedXmlError, local, tree


def features(content: bytes) -> list[Feature]:
    """Every placemark of a document, however deep in its folders."""
    try:
        root = tree(content)
    except RefusedXmlError as error:
        raise OutlineError(UNREADABLE) from error
    if local(root) != "kml":
        raise OutlineError(UNREADABLE)
    return [of_geojson(_attributes(one), _geometry(one)) for one in _under(root, "Placemark")]


def _under(element: Element, *tags: str) -> list[Element]:
    return [one for one in element.iter() if local(one) in tags]


def _attributes(mark: Element) -> dict[str, str]:
    attributes = {}
    for one in _under(mark, "SimpleData", "Data"):
        values = [one] if local(one) == "SimpleData" else [v for v in one if local(v) == "value"]
        attributes[one.get("name", "")] = "".join(value.text or "" for value in values)
    name = "".join(one.text or "" for one in mark if local(one) == "name")
    return attributes | {"name": name or attributes.get("name", "")}


def _geometry(mark: Element) -> dict[str, Any] | None:
    """The shapes of a placemark as one GeoJSON geometry, None where it has none."""
    shapes: list[dict[str, Any]] = []
    for one in _under(mark, "Polygon", "LineString", "Point"):
        tag = local(one)
        if tag == "Polygon":
            shapes.append(
                {"type": tag, "coordinates": [_corners(r) for r in _under(one, "LinearRing")]}
            )
        elif tag == "LineString":
            shapes.append({"type": tag, "coordinates": _corners(one)})
        else:
            shapes.append({"type": tag, "coordinates": next(iter(_corners(one)), [])})
    if len(shapes) < 2:
        return shapes[0] if shapes else None
    if all(one["type"] == "Polygon" for one in shapes):
        return {"type": "MultiPolygon", "coordinates": [one["coordinates"] for one in shapes]}
    return {"type": "GeometryCollection", "geometries": shapes}


def _corners(shape: Element) -> list[list[float]]:
    """Longitudes and latitudes of a ring, a line or a point; NaN for what is no number."""
    text = " ".join(one.text or "" for one in _under(shape, "coordinates"))
    return [[_number(part) for part in pair.split(",")[:2]] for pair in text.split()]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
