"""What the reference tables say of a county or town, looked up by its code."""

from functools import cache

from domain.reference import labels, table


def county_name(county: str) -> str:
    """Name of a county."""
    return _labels("counties", "county_code", "name")[county]


def town_name(town: str) -> str:
    """Name of a town."""
    return _labels("towns", "town_code", "name")[town]


def county_of(town: str) -> str:
    """County code of a town."""
    return _labels("towns", "town_code", "county_code")[town]


def zone_of(town: str) -> str:
    """Zone id of a town, '' where it belongs to none."""
    return zones().get(town, "")


@cache
def zones() -> dict[str, str]:
    """Zone id of each town that belongs to a zone."""
    ids = _labels("zones", "name", "zone_id")
    named = table("towns").query("zone != ''")
    return {row.town_code: ids[row.zone] for row in named.itertuples()}


@cache
def seats() -> dict[str, tuple[float, float]]:
    """Seat (lon, lat) of each town that has one, to 0.01 degree."""
    known = table("towns").query("seat_lon != ''")
    return {row.town_code: (float(row.seat_lon), float(row.seat_lat)) for row in known.itertuples()}


@cache
def boxes() -> dict[str, tuple[float, float, float, float]]:
    """Real bounding box (west, south, east, north) of each town for which it is known."""
    known = table("towns").query("west != ''")
    return {
        row.town_code: (float(row.west), float(row.south), float(row.east), float(row.north))
        for row in known.itertuples()
    }


@cache
def _labels(name: str, code: str, label: str) -> dict[str, str]:
    return labels(name, code, label)
