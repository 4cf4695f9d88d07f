"""Where the demo's shops stand: towns by population, streets in each town, doors on a street.

No table of town populations is open. A town's weight is its county's population of the 2020
census, shared out by the town's residents' committees (社区) and villages, a committee counting
`COMMUNITY_VILLAGES` villages. Streets are straight lines near the town's seat, so that shops
line up as they do in a real town. The street names are common ones, not surveyed ones.
"""

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domain.reference import DATA, table
from geo import boundaries
from geo.place_names import zones

COMMUNITY_VILLAGES = 2.5
STREETS = {"街道": 12, "镇": 6, "乡": 4}  # streets in a town, by its kind
SPREAD_KM = {"街道": 0.9, "镇": 0.8, "乡": 0.6}  # distance of a street's middle from the seat
REACH = (1.0, 1.0, 3.0)  # every third street lies out towards the villages
SIDE_KM = 0.012  # half the width of a street
DOOR_KM = 0.011  # length of a shop's front
DRAWN_IN = (1.0, 0.6, 0.3, 0.1)  # a point outside its county moves this far towards its origin
KM_PER_DEGREE = 111.2
_CODES = dict.fromkeys(("area_id", "town_code", "对应任务"), "str")  # text though they are digits


@cache
def facts(name: str) -> pd.DataFrame:
    """Table `name` of ``data/demo``: numbers, days (columns …_on) and text, where a blank is ''."""
    frame = pd.read_csv(DATA / "demo" / f"{name}.csv", dtype=_CODES, encoding="utf-8")
    for column in map(str, frame.columns):
        if column.endswith("_on"):
            frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
        elif frame[column].dtype == "str":
            frame[column] = frame[column].fillna("")
    return frame


def words(use: str) -> NDArray[np.object_]:
    """Words of ``data/demo/words.csv`` for one `use`: shop or road."""
    return facts("words").query("use == @use")["word"].to_numpy(dtype=object)


@cache
def towns() -> pd.DataFrame:
    """Statutory towns that have a seat, with `weight`, the estimated population.

    Columns: town_code, town, short (name without 街道, 镇 or 乡), kind, county_code, county,
    area_id (the zone, else the county), lon, lat (the seat, degrees), weight.
    """
    frame = table("towns").query("seat_lon != '' and statutory == '1'").reset_index(drop=True)
    counties = table("counties").set_index("county_code")
    villages = table("villages")
    is_community = villages["name"].str.contains("社区|居委会")
    units = is_community.map({True: COMMUNITY_VILLAGES, False: 1.0})
    units = frame["town_code"].map(units.groupby(villages["town_code"]).sum()).fillna(1.0)
    seats = _seats(frame)
    population = frame["county_code"].map(counties["population_2020"].astype(float))
    return pd.DataFrame(
        {
            "town_code": frame["town_code"],
            "town": frame["name"],
            "short": frame["name"].str.replace(r"(街道|镇|乡)$", "", regex=True),
            "kind": frame["kind"],
            "county_code": frame["county_code"],
            "county": frame["county_code"].map(counties["name"]),
            "area_id": frame["town_code"].map(zones()).fillna(frame["county_code"]),
            "lon": seats[:, 0],
            "lat": seats[:, 1],
            "weight": population * units / units.groupby(frame["county_code"]).transform("sum"),
        }
    )


def town_rows(codes: pd.Series) -> NDArray[np.intp]:
    """Rows of `towns` by town_code."""
    return np.asarray(pd.Index(towns()["town_code"]).get_indexer(codes))


def streets(rng: np.random.Generator) -> pd.DataFrame:
    """Streets of every town: town (row of `towns`), road, lon, lat, county_code, east, north, half.

    (lon, lat) is the middle and lies within the county; (east, north) is the unit vector along
    the street; `half` is half its length in km.
    """
    frame = towns()
    town = np.repeat(np.arange(len(frame)), frame["kind"].map(STREETS))
    rows = frame.iloc[town]
    spread = rows["kind"].map(SPREAD_KM).to_numpy() * rng.choice(REACH, len(town))
    names = words("road")
    roads = np.concatenate([rng.permutation(len(names))[:n] for n in np.bincount(town)])
    bearing = rng.uniform(0, np.pi, len(town))
    lon, lat = _within_county(rows, rng.normal(0, spread), rng.normal(0, spread))
    return pd.DataFrame(
        {
            "town": town,
            "road": names[roads],
            "lon": lon,
            "lat": lat,
            "county_code": rows["county_code"].to_numpy(),
            "east": np.sin(bearing),
            "north": np.cos(bearing),
            "half": rng.uniform(0.3, 1.0, len(town)) * spread,
        }
    )


def doors(rng: np.random.Generator, roads: pd.DataFrame) -> pd.DataFrame:
    """A door on each street of `roads` (rows of `streets`): lon, lat (degrees), number.

    Doors crowd towards the middle of the street; the number grows along it, odd on one side.
    """
    half, east, north = (roads[column].to_numpy() for column in ("half", "east", "north"))
    along = np.clip(rng.normal(0, 0.4, len(roads)), -1, 1) * half
    side = rng.choice([-1.0, 1.0], len(roads))
    across = side * SIDE_KM + rng.normal(0, 0.004, len(roads))
    lon, lat = _within_county(roads, along * east + across * north, along * north - across * east)
    front = ((along + half) / DOOR_KM).astype(int)
    return pd.DataFrame({"lon": lon, "lat": lat, "number": 2 * front + 1 + (side > 0)})


def around(
    rng: np.random.Generator, centres: pd.DataFrame, radius_km: NDArray[np.float64]
) -> pd.DataFrame:
    """A point near each row of `centres` (lon, lat, county_code): lon, lat, in the county."""
    x, y = rng.normal(0, radius_km / 2), rng.normal(0, radius_km / 2)
    lon, lat = _within_county(centres, x, y)
    return pd.DataFrame({"lon": lon, "lat": lat})


def _seats(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Seats (lon, lat), each moved into the town's cell if the coarse county leaves it at sea."""
    seats = frame[["seat_lon", "seat_lat"]].astype(float).to_numpy()
    county = frame["county_code"].to_numpy(dtype=object)
    at_sea = boundaries.county_of(seats[:, 0], seats[:, 1]) != county
    cells = boundaries.towns().set_index("town_code").geometry
    inside = cells[frame["town_code"]].representative_point()
    return np.where(at_sea[:, None], np.column_stack([inside.x, inside.y]), seats)


def _within_county(
    origin: pd.DataFrame, east: NDArray[np.float64], north: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points `east` and `north` km from `origin`, drawn in until they lie within its county."""
    lon0, lat0 = origin["lon"].to_numpy(), origin["lat"].to_numpy()
    county = origin["county_code"].to_numpy(dtype=object)
    lon, lat = lon0.copy(), lat0.copy()
    outside = np.arange(len(origin))
    for scale in DRAWN_IN:
        x, y = lon0[outside], lat0[outside]
        lon[outside] = x + scale * east[outside] / (KM_PER_DEGREE * np.cos(np.radians(y)))
        lat[outside] = y + scale * north[outside] / KM_PER_DEGREE
        inside = boundaries.county_of(lon[outside], lat[outside]) == county[outside]
        outside = outside[~inside]
    lon[outside], lat[outside] = lon0[outside], lat0[outside]
    return lon, lat
