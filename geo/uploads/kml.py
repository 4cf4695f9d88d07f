"""KML: placemarks, whose corners are longitudes and latitudes in WGS-84."""

from typing import Any
from xml.etree import ElementTree

from geo.uploads.feature import Feature, of_geojson, unreadable


class _Tree(ElementTree.TreeBuilder):
    """A tree of XML without a document type: entities can name files, and grow without end."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ElementTree.ParseError("document type")


def features(content: bytes, file: str) -> list[Feature]:
    """Every placemark of a document, however deep in its folders."""
    try:
        root = ElementTree.XML(content, ElementTree.XMLParser(target=_Tree()))
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise unreadable(file) from error
    if _plain_tag(root) != "kml":
        raise unreadable(file)
    marks = [one for one in root.iter() if _plain_tag(one) == "Placemark"]
    return [of_geojson(_said(one), _geometry(one)) for one in marks]


def _plain_tag(element: ElementTree.Element) -> str:
    """The tag without its namespace; '' for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _said(mark: ElementTree.Element) -> dict[str, str]:
    said = {}
    for one in mark.iter():
        tag = _plain_tag(one)
        if tag == "SimpleData":
            said[one.get("name", "")] = one.text or ""
        elif tag == "Data":
            values = [part.text or "" for part in one if _plain_tag(part) == "value"]
            said[one.get("name", "")] = "".join(values)
    names = [one.text or "" for one in mark if _plain_tag(one) == "name"]
    return said | {"name": "".join(names) or said.get("name", "")}


def _geometry(mark: ElementTree.Element) -> dict[str, Any] | None:
    """The shapes of a placemark as one GeoJSON geometry, None where it has none."""
    shapes: list[dict[str, Any]] = []
    for one in mark.iter():
        tag = _plain_tag(one)
        if tag == "Polygon":
            rings = [_corners(ring) for ring in one.iter() if _plain_tag(ring) == "LinearRing"]
            shapes.append({"type": "Polygon", "coordinates": rings})
        elif tag == "LineString":
            shapes.append({"type": tag, "coordinates": _corners(one)})
        elif tag == "Point":
            shapes.append({"type": tag, "coordinates": next(iter(_corners(one)), [])})
    if len(shapes) < 2:
        return shapes[0] if shapes else None
    if all(one["type"] == "Polygon" for one in shapes):
        parts = [one["coordinates"] for one in shapes]
        return {"type": "MultiPolygon", "coordinates": parts}
    return {"type": "GeometryCollection", "geometries": shapes}


def _corners(shape: ElementTree.Element) -> list[list[float]]:
    """Longitudes and latitudes of a ring, a line or a point; NaN for what is no number."""
    texts = [one.text or "" for one in shape.iter() if _plain_tag(one) == "coordinates"]
    return [[_number(part) for part in pair.split(",")[:2]] for pair in " ".join(texts).split()]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
