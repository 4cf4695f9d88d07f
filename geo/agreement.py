"""A text and a point together: which of them counts, and where they contradict each other."""

from functools import lru_cache

from domain.city import CITY
from geo import confidence, coordinates
from geo.addresses import Reading, join
from geo.place_names import boxes, county_name, county_of, seats, town_name, zone_of
from geo.point_placing import Point

_FAR_KM = 6.0  # a point this much farther from the seat of its stated town than from another's
_FAR_OF_WIDE_KM = 9.0  # the same for a town in the country whose extent is not known
_BOX_MARGIN = 0.02  # degrees: town boxes are drawn around the points known, not the border


def located(text: Reading, point: Point) -> tuple[Reading, bool]:
    """The place of a record by text and point together, and whether its town is inferred."""
    if text.guess and point.county:
        text = _judged(text, point)
    if not point.given and not text.disputed:
        return _without_crs(text, point), False
    if text.outside or text.disputed:
        return _elsewhere(text, point), False
    if not text.county:
        return _point_alone(text, point)
    if point.county == text.county:
        return _same_county(text, point)
    if text.county in point.near:
        level = min(text.confidence, confidence.ACROSS_BORDER)
        return text._replace(confidence=level, reason=join(text.reason, point.reason)), False
    return _contradiction(text, point), False


def _judged(text: Reading, point: Point) -> Reading:
    """A guess in the county of the point, or what is left of it elsewhere: the point is right."""
    if text.county != point.county:
        return text.without_place()
    return text._replace(guess=False, review=False, reason="县区按坐标，与文字相符")


def _without_crs(text: Reading, point: Point) -> Reading:
    """A point of unknown CRS; its county counts where all three coordinate systems agree on it."""
    text = text._replace(
        review=text.review or point.doubtful, reason=join(text.reason, point.reason)
    )
    if not point.county or text.outside:
        return text
    if not text.county:
        return text._replace(county=point.county, method="point", confidence=point.confidence)
    if text.county == point.county:
        return text._replace(method=f"point+{text.method}")
    return _contradiction(text, point)


def _elsewhere(text: Reading, point: Point) -> Reading:
    """An address of another city: rejected, disputed where its point or else lies here."""
    if text.disputed:
        where = point.county and f"坐标在{county_name(point.county)}"
        return text._replace(reason=join(text.reason, where or point.reason))
    if not point.county:
        return text._replace(reason=join(text.reason, point.reason))
    note = f"坐标却在{county_name(point.county)}，请核对"
    here = text._replace(county=point.county, outside=False, disputed=True)
    return _doubt(here, "point", note)


def _point_alone(text: Reading, point: Point) -> tuple[Reading, bool]:
    if not point.county:
        away = not text.local and bool(point.neighbour) and not point.near
        reason = join(text.reason, point.reason)
        return text._replace(outside=away, review=not away, reason=reason), False
    village = _village(text, point)
    if village:
        return _in_town(text._replace(county=point.county, reason="县区按坐标"), village), False
    base = text._replace(county=point.county, method="point", confidence=point.confidence)
    found, by_inference = _infer_town(base._replace(reason=join(text.reason, point.reason)), point)
    return found._replace(review=found.review or point.doubtful), by_inference


def _same_county(text: Reading, point: Point) -> tuple[Reading, bool]:
    if text.town and not plausible(text.town, point):
        note = f"文字是{town_name(text.town)}，坐标更像在{town_name(point.town)}，乡镇未定，请核对"
        return _doubt(text, f"point+{_coarse(text.method)}", note), False
    if text.town:
        return _confirmed(text), False
    village = _village(text, point)
    if village:
        return _in_town(text, village), False
    return _infer_town(_confirmed(text), point)


def _contradiction(text: Reading, point: Point) -> Reading:
    """Text and point in different counties: a place stated in full counts; both are noted."""
    where = county_name(point.county) if point.county else point.neighbour or f"{CITY.name}外"
    note = f"文字是{county_name(text.county)}，坐标在{where}，请核对"
    if text.strong or not point.county:
        return _doubt(text, _coarse(text.method), note)
    return _doubt(text._replace(county=point.county), "point", note)


def _doubt(text: Reading, method: str, note: str) -> Reading:
    text = text._replace(town="", zone="", method=method, confidence=confidence.CONTRADICTION)
    return text._replace(review=True, reason=join(text.reason, note))


@lru_cache(maxsize=4096)
def _confirmed(text: Reading) -> Reading:
    level = min(round(text.confidence + confidence.POINT_GAIN, 2), confidence.MOST)
    return text._replace(method=f"point+{text.method}", confidence=level)


def _village(text: Reading, point: Point) -> str:
    """The only town in the county of the point with the named village; '' if not exactly one."""
    inside = [code for code in text.villages if county_of(code) == point.county]
    return inside[0] if len(inside) == 1 and not text.review else ""


def _in_town(text: Reading, town: str) -> Reading:
    text = text._replace(town=town, zone=zone_of(town), reason=join(text.reason, "乡镇按村名"))
    return text._replace(method="point+village", confidence=confidence.VILLAGE_AT_POINT)


def _infer_town(text: Reading, point: Point) -> tuple[Reading, bool]:
    """The town of the point, inferred unless the town layer is official.

    No town is given where the text leaves several open or names a zone that the town is not in.
    """
    zone = zone_of(point.town)
    unlikely = (text.zone and zone != text.zone) or (text.review and not point.exact)
    if not point.town or unlikely:
        return text, False
    level = min(text.confidence, point.confidence)
    return text._replace(town=point.town, zone=zone, confidence=level), not point.exact


def plausible(town: str, point: Point) -> bool:
    """Whether a point of the right county may lie in the stated `town`."""
    if point.town in {"", town}:
        return True
    if point.exact:
        return False
    box = boxes().get(town)
    if box is not None and _inside(point, box):
        return True
    stated, nearest = seats().get(town), seats().get(point.town)
    if stated is None or nearest is None:
        return True
    where = point.lon, point.lat
    wide = box is None and not town_name(town).endswith("街道")
    far = _FAR_OF_WIDE_KM if wide else _FAR_KM
    return coordinates.km(where, stated) - coordinates.km(where, nearest) <= far


def _inside(point: Point, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return (
        west - _BOX_MARGIN <= point.lon <= east + _BOX_MARGIN
        and south - _BOX_MARGIN <= point.lat <= north + _BOX_MARGIN
    )


def _coarse(method: str) -> str:
    return "name" if method.startswith("name") else "county"
