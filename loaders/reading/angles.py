"""Longitudes and latitudes as people write them: decimal, in degrees and minutes, or as a pair.

A number too large for an angle is in metres and is returned as it is written: only together with
the other half can `point_columns` tell of which projection.
"""

import re
import unicodedata

from geo.point_placing import around_city
from geo.projected_points import METRES
from loaders.formats.cell_sheet import Cell
from loaders.reading.cell_parsing import CellError, quoted, text

_SIGNS = str.maketrans(  # before NFKC, which makes other letters of some
    {
        "º": "°", "˚": "°", "゜": "°", "∘": "°",
        "′": "'", "’": "'", "‘": "'", "´": "'", "ˊ": "'", "`": "'", "＇": "'", "分": "'",
        "″": '"', "”": '"', "“": '"', "〃": '"', "＂": '"', "秒": '"',
    }
)  # fmt: skip
_SIDE = r"(?:东经|北纬|经度|纬度|[EN东北])"
_ANGLE = re.compile(
    rf"{_SIDE}?:?(\d{{1,3}}(?:\.\d+)?)"
    r"(?:°?|[°:-](\d{1,2}(?:\.\d+)?)(?:'?|[':-](\d{1,2}(?:\.\d+)?)(?:\"|'')?))"
    rf"{_SIDE}?",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"^[(\[{【](.*)[)\]}】]$")
_PARTS = re.compile(r"\s*[,;、/|]\s*|\s+")
_LARGE = re.compile(r"\d{6,10}(?:\.\d+)?")  # metres, or whole parts of a degree
_WKT = re.compile(r"(?:SRID=\d+;\s*)?POINT\s*(?:ZM|Z|M)?\s*\((.*)\)", re.IGNORECASE)
_HEIGHT = re.compile(r"-?\d{1,4}(?:\.\d+)?(?:米|m)?", re.IGNORECASE)
_PARTS_OF_A_DEGREE = (1e5, 1e6, 1e7)  # as some systems write it: 119173300
_MINUTE, _SECOND = 60, 3600
_BETWEEN = 60.0  # in China every latitude is less, every longitude more


def degrees(cell: Cell) -> float:
    """Degrees of one longitude or latitude, east or north: 119.2083, 119°12′30″, E119°12.5′.

    Metres where the number is one of a projection.
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        written = repr(float(cell))
    else:
        written = _half_width(text(cell))
    written = "".join(written.split()).strip(",;、")
    found = _ANGLE.fullmatch(written)
    if not found and _LARGE.fullmatch(written):
        return _whole(float(written))
    if not found:
        raise CellError(f"{quoted(cell)}不是经纬度，请写成 119.2083 或 119°12′30″ 这样")
    whole, minutes, seconds = float(found[1]), float(found[2] or 0), float(found[3] or 0)
    if found[2] and (not whole.is_integer() or minutes >= _MINUTE or seconds >= _MINUTE):
        raise CellError(f"{quoted(cell)}的度分秒不对，分和秒都应小于 60，请核对")
    return whole + minutes / _MINUTE + seconds / _SECOND


def pair(cell: Cell) -> tuple[float, float]:
    """Longitude and latitude of one cell, in either order: ``119.22,34.60``, ``(34.60 119.22)``."""
    written = _half_width(text(cell)).strip()
    inside = _WKT.fullmatch(written) or _BRACKETS.match(written)
    parts = [part for part in _PARTS.split(inside[1] if inside else written) if part]
    high = len(parts) == 3 and bool(_HEIGHT.fullmatch(parts[2]))
    parts = parts[:2] if high else parts
    if len(parts) != 2:
        parts = _halves("".join(parts))
    if len(parts) != 2:
        raise CellError(f"{quoted(cell)}不是一对经纬度，请写成 119.2083,34.6012 这样")
    first, second = degrees(parts[0]), degrees(parts[1])
    lon, lat = (second, first) if first < _BETWEEN < second else (first, second)
    west, south, east, north = around_city()
    if high and not (west < lon < east and south < lat < north) and min(lon, lat) < METRES:
        raise CellError(f"{quoted(cell)}是三个数，分不清哪两个是经度和纬度，请只写经度,纬度")
    return lon, lat


def _whole(number: float) -> float:
    """Degrees of a whole number of parts of a degree; any other number as it is, in metres."""
    west, south, east, north = around_city()
    for degrees_ in (number / parts for parts in _PARTS_OF_A_DEGREE):
        if west < degrees_ < east or south < degrees_ < north:
            return degrees_
    return number


def longitude(cell: Cell) -> float:
    """Longitude of a cell that holds both."""
    return pair(cell)[0]


def latitude(cell: Cell) -> float:
    """Latitude of a cell that holds both."""
    return pair(cell)[1]


def _half_width(written: str) -> str:
    plain = unicodedata.normalize("NFKC", written.translate(_SIGNS)).translate(_SIGNS)
    return re.sub(r"(?<![经纬])度", "°", plain)


def _halves(written: str) -> list[str]:
    """Two angles without a separator, cut at their letters or signs: E119°12′30″N34°36′0″."""
    led = re.findall(rf"{_SIDE}:?[\d.°'\":]+", written, re.IGNORECASE)
    if "".join(led) == written:
        return led
    ended = re.findall(rf"[\d.°'\":]+{_SIDE}|[\d.]+°[\d.]+'(?:[\d.]+\")?", written, re.IGNORECASE)
    return ended if "".join(ended) == written else []
