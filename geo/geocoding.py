"""County, town and zone of records, from their text, their point, or both.

An address outranks a name, a text that names a place in full outranks a point, and a point confirms
or contradicts the text. An unsure record has only a county, is sent to review, and has a reason.
`confidence` is that of the finest level given: of the town if there is one, else of the county.
"""

from collections.abc import Callable, Hashable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from geo import boundaries, confidence, point_placing
from geo.addresses import Reading, join, normalise, read_address
from geo.agreement import located
from geo.learned_places import NOTHING, Learned, inferred
from geo.names_of_records import read_name
from geo.place_names import county_name, county_of, town_name, zone_of
from geo.stated_columns import Stated, stated

METHODS = {
    "town": "报送写明乡镇街道",
    "village": "报送写明村或社区",
    "zone": "报送写明功能板块",
    "county": "报送写明县区",
    "landmark": "报送写明熟知的地点",
    "name_town": "名称写明乡镇街道",
    "name": "名称写明县区",
    "point": "仅凭坐标",
    "point+town": "报送写明乡镇街道，坐标相符",
    "point+village": "报送写明村或社区，坐标相符",
    "point+zone": "报送写明功能板块，坐标相符",
    "point+county": "报送写明县区，坐标相符",
    "point+landmark": "报送写明熟知的地点，坐标相符",
    "point+name_town": "名称写明乡镇街道，坐标相符",
    "point+name": "名称写明县区，坐标相符",
    "learned": "由人工核定的邻近地址推得",
    "point+learned": "由人工核定的邻近地址推得，坐标相符",
    "human": "人工核定",
    "outline": "按场所或聚集区的轮廓",
    "outside": "地址写的是外地，待核定",
    "elsewhere": "人工核定不在本市",
    "none": "未能定位",
}
COLUMNS = [
    "county_code", "county", "town_code", "town", "zone_id", "lon", "lat",
    "method", "confidence", "inferred", "review", "outside", "reason",
]  # fmt: skip

Placed = tuple[Reading, bool]
"""The place of a record, and whether its town is inferred."""

_TEXT = ["county_hint", "town_hint", "address", "name"]
_ROWS = 10_000  # rows at a time, so that memory does not grow with the number of records


def geocode(
    frame: pd.DataFrame,
    known: pd.DataFrame | None = None,
    folder: Path = boundaries.FOLDER,
    learned: Learned = NOTHING,
    disputed: bool = False,
) -> pd.DataFrame:
    """Places of the records of `frame`: columns `COLUMNS`, the index of `frame`.

    `frame` may have name, address, lon, lat, crs (a code or any text that names one), county_hint
    and town_hint (as stated in a bank's file); absent columns are taken as empty. `known` (lon,
    lat, town_code; WGS-84) are labelled records, which give the town of points nearby. `folder`
    may have an official town layer. `learned` are answers of people, for texts that name no town.
    A record whose address names another city, or of which only a shop's name says where it is, has
    no county, unless `disputed` asks for what else in it says where it is here.

    Codes are null where unsure, lon and lat (WGS-84 degrees) NaN without a usable point in or near
    the city; confidence is 0 to 1 and `method` a key of `METHODS`.
    """
    full = frame.reindex(columns=[*_TEXT, "lon", "lat", "crs"])
    parts = []
    for start in range(0, max(len(full), 1), _ROWS):
        part = full.iloc[start : start + _ROWS]
        points = point_placing.read(part, known, folder)
        texts = _texts(part)
        placed = [
            (reading, False) if point is None else located(reading, point)
            for reading, point in zip(texts, points, strict=True)
        ]
        if learned:
            placed = _with_learned(learned, part, texts, placed, points)
        if not disputed:
            placed = [(_undecided(reading), inferred) for reading, inferred in placed]
        parts.append(_table(placed, points, part.index))
    return pd.concat(parts)


def _undecided(reading: Reading) -> Reading:
    """The reading without its place, where a person has to say whether it is there."""
    if not (reading.disputed or reading.guess):
        return reading
    method = "outside" if reading.disputed else "none"
    return reading._replace(county="", town="", zone="", method=method, confidence=0.0)


def _with_learned(
    learned: Learned,
    part: pd.DataFrame,
    texts: list[Reading],
    placed: list[Placed],
    points: list[point_placing.Point | None],
) -> list[Placed]:
    """`placed` with the towns of people's answers where the text names none."""
    result = list(placed)
    addresses, names = part["address"].to_numpy(object), part["name"].to_numpy(object)
    for row, pair in enumerate(zip(texts, placed, strict=True)):
        # An answer of a person outranks the name of a shop.
        text, there = (one.without_place() if one.guess else one for one in (pair[0], pair[1][0]))
        if text.town:
            continue
        words = normalise(addresses[row]), normalise(names[row])
        reading = inferred(learned, words, text, there, points[row])
        if reading is not None:
            result[row] = reading, True
    return result


def _texts(frame: pd.DataFrame) -> list[Reading]:
    """Readings of the texts of each row; a text that repeats is read once."""
    hint = cache(_code)
    readers: list[Callable[[Hashable], str]] = [hint, hint, normalise, normalise]
    columns = [
        [""] * len(frame)
        if frame[column].isna().all()
        else [read(cell) for cell in frame[column].astype(object)]
        for column, read in zip(_TEXT, readers, strict=True)
    ]
    return list(map(cache(_read), *columns))


def _code(cell: object) -> str:
    """A cell of a county or town column as text: a code may have been taken for a number."""
    whole = isinstance(cell, (int, float)) and not isinstance(cell, bool) and np.isfinite(cell)
    return f"{cell:.0f}" if whole else normalise(cell)


def _read(county_hint: str, town_hint: str, address: str, name: str) -> Reading:
    columns = stated(county_hint, town_hint)
    reading = read_address(address, columns.text)
    if not (reading.town or reading.outside or reading.disputed) and name:
        reading = _with_name(reading, read_name(name, address))
    return reading if not columns.note else _noted(reading, columns)


def _noted(reading: Reading, columns: Stated) -> Reading:
    """The reading with what is not understood in the columns of county and town.

    It goes to a person where that is a code, or where nothing else gives a county.
    """
    sure = reading.county and not reading.guess and not columns.unknown
    review = reading.review or not (sure or reading.outside)
    return reading._replace(review=review, reason=join(columns.note, reading.reason))


def _with_name(reading: Reading, named: Reading) -> Reading:
    """The reading of an address without a town, together with that of the name of the record."""
    if not reading.county:
        if named.method == "none" or reading.review:
            return reading if reading.reason else named
        if reading.villages and named.county not in set(map(county_of, reading.villages)):
            note = f"名称里写的是{county_name(named.county)}，那里没有地址写的村，请核对"
            return reading._replace(review=True, reason=join(reading.reason, note))
        villages = reading.villages or named.villages
        return named._replace(villages=villages, reason=join(reading.reason, named.reason))
    if named.county and named.strong and named.county != reading.county:
        stated, other = county_name(reading.county), county_name(named.county)
        reason = join(reading.reason, f"名称里写的是{other}，与地址的{stated}不符，请核对")
        level = min(reading.confidence, confidence.NAME_DISAGREES)
        return reading._replace(review=True, confidence=level, reason=reason)
    if reading.review or reading.villages:
        return reading
    return _town_by_name(reading, named)


def _town_by_name(reading: Reading, named: Reading) -> Reading:
    """The reading of an address with a county only, with the town or village of the name."""
    if named.town and named.county == reading.county:
        reason = join(reading.reason, "乡镇按名称")
        return named._replace(strong=reading.strong, reason=reason)
    inside = [code for code in named.villages if county_of(code) == reading.county]
    if len(inside) != 1:
        return reading
    return reading._replace(
        town=inside[0],
        zone=zone_of(inside[0]),
        method="name_town",
        confidence=confidence.VILLAGE_IN_NAME,
        reason=join(reading.reason, "乡镇按名称里的村名"),
    )


def _table(
    placed: list[Placed], points: list[point_placing.Point | None], index: pd.Index
) -> pd.DataFrame:
    readings = [reading for reading, _ in placed]
    counties, towns = [r.county for r in readings], [r.town for r in readings]
    columns = {
        "county_code": _text(counties),
        "county": _text(counties, county_name),
        "town_code": _text(towns),
        "town": _text(towns, town_name),
        "zone_id": _text([r.zone for r in readings]),
        "lon": np.array([np.nan if p is None else p.lon for p in points], dtype="float64"),
        "lat": np.array([np.nan if p is None else p.lat for p in points], dtype="float64"),
        "method": _text([r.method for r in readings]),
        "confidence": np.array([r.confidence for r in readings], dtype="float64"),
        "inferred": np.array([by_inference for _, by_inference in placed], dtype=bool),
        "review": np.array([r.review for r in readings], dtype=bool),
        "outside": np.array([r.outside for r in readings], dtype=bool),
        "reason": _text([r.reason for r in readings]).fillna(""),
    }
    return pd.DataFrame(columns, index=index)[COLUMNS]


def _text(values: list[str], name: Callable[[str], str] = str) -> pd.api.extensions.ExtensionArray:
    """Text column of `values` or of their names, missing where ''; each value is built once."""
    codes, unique = pd.factorize(np.array(values, dtype=object))
    texts = [name(value) if value else None for value in unique]
    return pd.array(texts, dtype="str").take(codes)
