"""Names, zones, seats and bounding boxes of counties and towns by their codes."""

from functools import cache

from domain.reference import labels, records


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
    return {row["town_code"]: ids[row["zone"]] for row in records("towns") if row["zone"]}


@cache
def seats() -> dict[str, tuple[float, float]]:
    """Seat (lon, lat) of each town that has one, to 0.01 degree."""
    return {
        row["town_code"]: (float(row["seat_lon"]), float(row["seat_lat"]))
        for row in records("towns")
        if row["seat_lon"]
    }


@cache
def boxes() -> dict[str, tuple[float, float, float, float]]:
    """Real bounding box (west, south, east, north) of each town for which it is known."""
    return {
        row["town_code"]: (
            float(row["west"]),
            float(row["south"]),
            float(row["east"]),
            float(row["north"]),
        )
        for row in records("towns")
        if row["west"]
    }


@cache
def _labels(name: str, code: str, label: str) -> dict[str, str]:
    return labels(name, code, label)
