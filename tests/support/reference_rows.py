"""Checks of single rows of the reference tables, and the rows that fail them."""

import re
import traceback
from collections.abc import Callable

import pyproj
from shapely.geometry import Point, box

from domain.reference import table
from geo import boundaries, coordinates


def problems(checks: dict[str, Callable]) -> list[str]:
    """Rows of the tables that fail their check, each with the line of the check that failed."""
    found = []
    for name, check in checks.items():
        for row in table(name).itertuples(index=False):
            try:
                check(row)
            except (AssertionError, LookupError, ValueError) as error:
                line = traceback.extract_tb(error.__traceback__)[-1].line
                found.append(f"{name}.csv: {row}: {line} ({error})")
    return found


# ---- the geographic tables ---------------------------------------------------------------------

COUNTIES = set(table("counties")["county_code"])
TOWNS = table("towns").set_index("town_code")
ZONES = set(table("zones")["name"])
STATUSES = {"已确认", "待确认"}
MARGIN = 0.02  # degrees: the county polygons are coarse, most of all at the coast


def shape(county_code):
    counties = boundaries.counties().set_index("county_code").geometry
    return counties[county_code]


def check_counties(row):
    assert re.fullmatch(r"3207\d\d", row.county_code)
    assert row.name in {row.short_name + suffix for suffix in ("区", "县")}
    assert row.county_code in set(boundaries.counties()["county_code"])


def check_neighbours(row):
    assert row.county_code not in COUNTIES
    neighbour = boundaries.neighbours().set_index("county_code").geometry[row.county_code]
    assert min(neighbour.distance(shape(code)) for code in COUNTIES) < MARGIN


def check_waters(row):
    assert row.name and row.kind in {"sea", "bay"} and row.source
    west, south, east, north = boundaries.counties().total_bounds
    place = Point(float(row.lon), float(row.lat))
    assert box(west - 0.5, south - 0.5, east + 0.5, north + 0.5).contains(place)
    assert not boundaries.cities_around().contains(place).any(), "water is where no land is"


def check_towns(row):
    assert re.fullmatch(r"3207\d{7}|3207\d{5}", row.town_code)
    assert row.county_code in COUNTIES
    names = dict(zip(table("counties")["county_code"], table("counties")["name"], strict=True))
    assert row.county == names[row.county_code]
    assert row.zone in {"", *ZONES}
    assert row.statutory == str(int(row.kind in {"街道", "镇", "乡"}))
    assert row.matched in {"0", "1"}
    assert row.alone == "0" or row.short_name
    for short in filter(None, row.short_name.split(";")):
        assert row.name.startswith(short)
    if row.seat_lon:
        seat = Point(float(row.seat_lon), float(row.seat_lat))
        assert shape(row.county_code).distance(seat) < MARGIN
        assert row.basis
        assert float(row.seat_precision_km) >= 1
    if row.west:
        bounds = box(float(row.west), float(row.south), float(row.east), float(row.north))
        assert bounds.intersection(shape(row.county_code)).area > 0.15 * bounds.area
        assert bounds.distance(Point(float(row.seat_lon), float(row.seat_lat))) < 0.01


def check_zones(row):
    assert row.alone in {"0", "1"}
    members = row.member_towns.split(";")
    zone = TOWNS[TOWNS["zone"] == row.name]
    assert set(zone["name"]) == set(members)
    assert zone["county_code"].nunique() == 1  # a zone named alone gives its county


def check_former_places(row):
    assert row.kind in {"区", "县", "镇", "乡", "归属变动", "片区"}
    assert row.status in STATUSES
    assert row.source
    assert row.county_code in COUNTIES | ({""} if row.kind == "区" else set())
    for code in filter(None, (row.town_code, row.seat_town_code)):
        assert TOWNS.at[code, "county_code"] == row.county_code
    if row.kind == "归属变动":
        assert row.name == TOWNS.at[row.town_code, "name"]
        assert row.former_county not in {"", row.county_code}
    elif row.kind in {"镇", "乡"}:
        assert row.name.endswith(row.kind)
        assert row.name not in set(TOWNS["name"])
        assert row.former_county


def check_division_codes(row):
    assert re.fullmatch(r"3207\d\d", row.code)
    assert row.code not in COUNTIES
    assert row.status in STATUSES
    assert row.source
    zone = row.name in set(table("zones")["full_name"])
    gone = row.name in set(table("former_places")["name"])
    assert zone or (gone and re.fullmatch(r"\d{4}", row.until))


def check_landmarks(row):
    assert row.county_code in COUNTIES | {""}
    assert row.town_code == "" or TOWNS.at[row.town_code, "county_code"] == row.county_code
    assert row.kind in {
        "景区",
        "公园",
        "车站",
        "机场",
        "学校",
        "医院",
        "港口",
        "市场",
        "商场",
        "楼宇",
        "场馆",
        "其他",
    }
    assert row.alone in {"0", "1"}
    assert row.status in STATUSES
    assert row.source


def check_namesake_towns(row):
    assert row.name in set(TOWNS["name"])
    assert any(row.elsewhere.startswith(city) for city in table("other_places")["name"])
    assert row.status in STATUSES
    assert row.source


def check_projections(row):
    assert pyproj.CRS.from_epsg(int(row.epsg)).is_projected if row.epsg else row.datum == "bd09"
    assert row.name
    assert row.datum in coordinates.CRS
    assert row.source


def check_other_places(row):
    assert re.fullmatch(r"\d{6}", row.code)
    assert not row.code.startswith("3207")
    assert row.code != "320000"
    assert row.level in {"省级", "地级", "县级"}
    assert len(row.name) >= 2


def check_villages(row):
    assert row.village_code.startswith(row.town_code)
    assert TOWNS.at[row.town_code, "county_code"] == row.county_code
    assert row.name


GEOGRAPHIC = {
    "counties": check_counties,
    "neighbours": check_neighbours,
    "waters": check_waters,
    "towns": check_towns,
    "zones": check_zones,
    "former_places": check_former_places,
    "division_codes": check_division_codes,
    "landmarks": check_landmarks,
    "namesake_towns": check_namesake_towns,
    "projections": check_projections,
    "other_places": check_other_places,
    "villages": check_villages,
}
