"""Basis of a decision on a place, and what was sent of the record since."""

import re
from collections.abc import Hashable
from typing import Any

import pandas as pd

from domain.states import ELSEWHERE
from geo.addresses import normalise
from geo.coordinates import km

Row = dict[Hashable, Any]
"""One record: missing cells are None."""
Point = tuple[float, float]
"""Longitude and latitude, WGS-84."""

BY_HAND = ("human", ELSEWHERE)
"""Methods of a place that a person settled."""
_MOVED_KM = 0.1  # a point sent again this far off is another point
_SENTENCE = re.compile(r"(?:“[^”]*”|[^；“])+")
_ELSE = re.compile(r"^“[^”]*”不是|^特定区域“|日期早于(?:签约|申报)日期$")  # not of the place
_NOW_AT = re.compile(r"人工核定后坐标改了：.*现“([\d.]+)，([\d.]+)”")


def row_dicts(frame: pd.DataFrame) -> list[Row]:
    """Rows of `frame` as dictionaries, missing cells None, with their index as `record`."""
    plain = frame.astype(object).where(frame.notna(), None).assign(record=frame.index)
    return plain.to_dict("records")


def changed(row: Row, body: dict[str, Any]) -> str:
    """Changes in what was sent of a record since its answer `body`, in Chinese; '' if none."""
    changes = []
    if row["address"] and normalise(row["address"]) != normalise(body["address"]):
        changes.append(f"人工核定后地址改了：原“{body['address'] or '无'}”，现“{row['address']}”")
    then, now = _point(body["lon"], body["lat"]), sent(row, body)
    if now and now != then and (then is None or km(now, then) > _MOVED_KM):
        changes.append(f"人工核定后坐标改了：原“{_written(then)}”，现“{_written(now)}”")
    return "；".join(changes)


def sent(row: Row, body: dict[str, Any] | None) -> Point | None:
    """The point that was last sent of a record, if any.

    A record that holds a settled place no longer holds the point that was sent: it is the one
    that the answer `body` was based on, or the one that the record's reason says came since.
    """
    if row["method"] not in BY_HAND or body is None:
        return _point(row["lon"], row["lat"])
    moved = _NOW_AT.search(row["reason"] or "")
    return (float(moved[1]), float(moved[2])) if moved else _point(body["lon"], body["lat"])


def about_place(reason: str | None) -> list[str]:
    """The sentences of a reason that are about the place."""
    return [one for one in _SENTENCE.findall(reason or "") if not _ELSE.search(one)]


def about_others(reason: str | None) -> list[str]:
    """The sentences of a reason that are about anything but the place."""
    return [one for one in _SENTENCE.findall(reason or "") if _ELSE.search(one)]


def joined(sentences: list[str]) -> str | None:
    """Sentences as one reason, each once; None where there are none."""
    return "；".join(dict.fromkeys(one for one in sentences if one)) or None


def _point(lon: float | None, lat: float | None) -> Point | None:
    return None if lon is None or lat is None else (lon, lat)


def _written(point: Point | None) -> str:
    return f"{point[0]:.5f}，{point[1]:.5f}" if point else "无"
