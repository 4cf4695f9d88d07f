"""A text and a point together: which of them counts, and what they contradict each other in."""

from dataclasses import replace

import numpy as np

from geo.addresses import Reading, join
from geo.places import boxes, county_name, county_of, seats, town_name, zone_of
from geo.points import BORDER, Point

_CONFIRMED = 0.04  # what an agreeing point adds to the confidence
_BY_VILLAGE = 0.85  # a village that is settled by the county of the point
_CONTRADICTED = 0.5
_FAR_KM = 6.0  # a point this much farther from the seat of its stated town than from another's


def located(text: Reading, point: Point) -> tuple[Reading, bool]:
    """Where text and point together place a record, and whether its town is inferred."""
    text = replace(text, reason=join(text.reason, point.reason))
    if not point.given:
        return _without_crs(text, point), False
    if text.outside:
        return _elsewhere(text, point), False
    if not text.county:
        return _point_alone(text, point)
    if not point.county or (point.county != text.county and text.county not in point.near):
        return _contradiction(text, point), False
    if point.county != text.county:
        confidence = min(text.confidence, BORDER + 0.1)
        return replace(text, confidence=confidence), False
    return _agreement(text, point)


def _without_crs(text: Reading, point: Point) -> Reading:
    """No usable point, though all three coordinate systems may agree on its county."""
    review = text.review or point.doubtful
    if not point.county or text.outside:
        return replace(text, review=review)
    if not text.county:
        return replace(
            text, county=point.county, method="point", confidence=point.confidence, review=review
        )
    if text.county == point.county:
        return replace(text, method=f"point+{text.method}", review=review)
    note = f"文字是{county_name(text.county)}，坐标是{county_name(point.county)}，请核对"
    return replace(
        text, town="", zone="", review=True, confidence=_CONTRADICTED,
        method=_coarse(text.method), reason=join(text.reason, note),
    )  # fmt: skip


def _elsewhere(text: Reading, point: Point) -> Reading:
    if not point.county:
        return text
    note = f"坐标却在{county_name(point.county)}，请核对"
    return replace(
        text, county=point.county, method="point", confidence=_CONTRADICTED, outside=False,
        review=True, reason=join(text.reason, note),
    )  # fmt: skip


def _point_alone(text: Reading, point: Point) -> tuple[Reading, bool]:
    if not point.county:
        away = not text.local and bool(point.neighbour)
        return replace(text, outside=away, review=not away), False
    inside = [code for code in text.villages if county_of(code) == point.county]
    if len(inside) == 1:
        zone = zone_of(inside[0])
        reason = "县区按坐标，乡镇按村名"
        return (
            replace(
                text, county=point.county, town=inside[0], zone=zone, method="point+village",
                confidence=_BY_VILLAGE, reason=reason,
            ),
            False,
        )  # fmt: skip
    base = replace(text, county=point.county, method="point", confidence=point.confidence)
    return _infer_town(base, point)


def _contradiction(text: Reading, point: Point) -> Reading:
    """Text and point in different counties: both are said; a place stated in full goes first."""
    where = county_name(point.county) if point.county else point.neighbour or "连云港市外"
    note = f"文字是{county_name(text.county)}，坐标在{where}，请核对"
    county = text.county if text.strong or not point.county else point.county
    return replace(
        text, county=county, town="", zone="", review=True, confidence=_CONTRADICTED,
        method=_coarse(text.method) if county == text.county else "point",
        reason=join(text.reason, note),
    )  # fmt: skip


def _agreement(text: Reading, point: Point) -> tuple[Reading, bool]:
    confidence = min(round(text.confidence + _CONFIRMED, 2), 0.99)
    if not text.town:
        inside = [code for code in text.villages if county_of(code) == point.county]
        if len(inside) == 1 and not text.review:
            zone = zone_of(inside[0])
            base = replace(
                text, town=inside[0], zone=zone, method="village", confidence=_BY_VILLAGE
            )
            return replace(base, method="point+village"), False
        base = replace(text, method=f"point+{text.method}", confidence=confidence)
        return _infer_town(base, point)
    if not _plausible(text.town, point):
        there = town_name(point.town)
        note = f"文字是{town_name(text.town)}，坐标更像在{there}，乡镇未定，请核对"
        method = f"point+{_coarse(text.method)}"
        return (
            replace(
                text, town="", zone="", review=True, confidence=_CONTRADICTED, method=method,
                reason=join(text.reason, note),
            ),
            False,
        )  # fmt: skip
    return replace(text, method=f"point+{text.method}", confidence=confidence), False


def _infer_town(text: Reading, point: Point) -> tuple[Reading, bool]:
    """The town of the point, inferred unless the town layer is official."""
    zone = zone_of(point.town)
    if not point.town or (text.zone and zone != text.zone):
        return text, False
    confidence = min(text.confidence, point.confidence)
    return (
        replace(text, town=point.town, zone=zone, confidence=confidence),
        not point.exact,
    )


def _plausible(town: str, point: Point) -> bool:
    """Whether a point of the right county may lie in the stated `town`."""
    if not point.town or point.town == town:
        return True
    if point.exact:
        return False
    seat, box = seats().get(town), boxes().get(town)
    if box is not None:
        west, south, east, north = box
        if west - 0.02 <= point.lon <= east + 0.02 and south - 0.02 <= point.lat <= north + 0.02:
            return True
    if seat is None:
        return True
    return _km(point, seat) - _km(point, seats()[point.town]) <= _FAR_KM


def _km(point: Point, seat: tuple[float, float]) -> float:
    east = (point.lon - seat[0]) * 111.32 * np.cos(np.radians(point.lat))
    return float(np.hypot(east, (point.lat - seat[1]) * 110.57))


def _coarse(method: str) -> str:
    return "name" if method.startswith("name") else "county"
