"""The city that ``data/`` describes: its names, its map, and the notice its targets come from."""

import tomllib
from dataclasses import dataclass

from domain.reference import DATA


@dataclass(frozen=True)
class City:
    """Facts of ``data/reference/city.toml``.

    `short_name` and `province_short` are the names without 市 and 省; `dashboard` is the title of
    the dashboard and `notice` the document number of the notice. `metric_crs` is a projected
    system in metres whose meridian runs by the city. `map_centre` (latitude, longitude in
    degrees) and `map_zoom` show the whole city; `map_approval` is the 审图号 of its map, or ''.
    """

    name: str
    short_name: str
    province: str
    province_short: str
    dashboard: str
    notice: str
    metric_crs: str
    map_centre: tuple[float, float]
    map_zoom: int
    map_approval: str


def _read() -> City:
    facts = tomllib.loads((DATA / "reference" / "city.toml").read_text(encoding="utf-8"))
    latitude, longitude = facts.pop("map_centre")
    return City(**facts, map_centre=(latitude, longitude))


CITY = _read()
