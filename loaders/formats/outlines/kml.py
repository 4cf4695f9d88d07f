"""KML and KMZ: placemarks, whose corners are longitudes and latitudes in WGS-84."""

import math
import re
from typing import Any
from xml.etree.ElementTree import Element

from loaders.formats.outlines import outline_features
from loaders.formats.outlines.outline_features import UNREADABLE, Feature, of_geojson
from loaders.formats.untrusted_xml import RefusedXmlError, local, tree
from loaders.formats.untrusted_zip import RefusedZipError, UntrustedZip, beside
from store.errors import FileUnreadableError

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")  # may name an encoding that the parser lacks
_CORNER = re.compile(  # “119.17,34.6,0”, also with blanks, or with a comma at its end
    r"(?<![^\s,])([^\s,]+)\s*,\s*([^\s,]+)(?:\s*,\s*[^\s,]+(?![^\s,]|\s*,))?\s*,?"
)


def features(content: bytes) -> list[Feature]:
    """Every placemark of a document, however deep in its folders."""
    written = _DECLARATION.sub("", outline_features.text(content), count=1)
    try:
        root = tree(written.encode())
    except RefusedXmlError as error:
        raise FileUnreadableError(UNREADABLE) from error
    if local(root) != "kml":
        raise FileUnreadableError(UNREADABLE)
    return [of_geojson(_attributes(one), _geometry(one)) for one in _under(root, "Placemark")]


def zipped_features(content: bytes) -> list[Feature]:
    """Every placemark of the documents of a KMZ, which is a zip of KML and pictures."""
    try:
        archive = UntrustedZip(content)
        names = [name for name in archive.names if name.lower().endswith(".kml")]
        names = [name for name in names if not beside(name)]
        if not archive.fits(outline_features.MOST_BYTES, names):
            raise FileUnreadableError(outline_features.TOO_LARGE)
        documents = [archive.read(name) for name in names]
    except RefusedZipError as error:
        raise FileUnreadableError(UNREADABLE) from error
    if not documents:
        raise FileUnreadableError("里没有 .kml 文件，请在软件里重新导出 KML 或 KMZ。")
    return [feature for document in documents for feature in features(document)]


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
    corners = [[_number(lon), _number(lat)] for lon, lat in _CORNER.findall(text)]
    return corners + ([[math.nan] * 2] if _CORNER.sub("", text).strip() else [])


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
