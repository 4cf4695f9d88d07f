"""A sound file of every kind that is read, for the fuzzer to damage."""

import io
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
from shapely.geometry import MultiPolygon, Point, box

from tests.support import bank_files, messy, word_files

_WEST, _SOUTH = 119.20, 34.60  # in 海州区
_SQUARE = box(_WEST, _SOUTH, _WEST + 0.002, _SOUTH + 0.002)
_SHAPES = [
    _SQUARE.difference(box(_WEST + 0.0005, _SOUTH + 0.0005, _WEST + 0.001, _SOUTH + 0.001)),
    MultiPolygon([_SQUARE, box(_WEST + 0.01, _SOUTH, _WEST + 0.012, _SOUTH + 0.002)]),
    Point(_WEST, _SOUTH),
]
_DRIVERS = {"geojson": "GeoJSON", "gpkg": "GPKG", "kml": "KML"}


def files() -> dict[str, bytes]:
    """Content by kind: the suffix, and what is not told by it."""
    found = {"html.xls": _page(), "docx": word_files.written("{{ title }}", "一段话")}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for form in bank_files.FORMATS:
            kind = form.partition("-")[0]
            path = bank_files.write(folder / "来件", [messy.HEADER, *messy.ROWS], form)
            found[kind] = path.read_bytes()
        outlines = gpd.GeoDataFrame(
            {
                "编号": ["V1", "V2", "V3"],
                "名称": ["示例市场", "示例商圈", "钉"],
                "数": [1, 2.5, None],
            },
            geometry=_SHAPES,
            crs=4326,
        )
        for kind, driver in _DRIVERS.items():
            outlines.to_file(folder / f"a.{kind}", driver=driver)
            found[kind] = (folder / f"a.{kind}").read_bytes()
        outlines[:2].to_file(folder / "s.shp", encoding="UTF-8")
        found["zip"] = _packed({path.name: path.read_bytes() for path in folder.glob("s.*")})
    found["kmz"] = _packed({"doc.kml": found["kml"], "files/a.png": b"\x89PNG"})
    return found


def _page() -> bytes:
    rows = [messy.HEADER, *messy.TEXTS]
    lines = ["<tr>" + "".join(f"<td x:str>{cell}</td>" for cell in row) + "</tr>" for row in rows]
    return f"<html><meta charset=utf-8><table border=1>{''.join(lines)}</table></html>".encode()


def _packed(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in sorted(members.items()):
            archive.writestr(zipfile.ZipInfo(name), part)
    return content.getvalue()
