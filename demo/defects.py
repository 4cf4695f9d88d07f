"""The demo's merchants as rows that banks might really send, with the usual defects.

The constants are shares of rows. Defects that lose or double a record (another city, an unheard
scenario or bank, a repeat) befall only shops on the street, so that venues come out as planned.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demo.street_places import facts, towns
from domain.city import CITY
from domain.reference import table
from geo import coordinates

NO_POINT = 0.08
NO_ADDRESS = 0.02
OLD_NAME = 0.12  # of the rows whose county or town has a former name
WRONG_CRS = 0.02  # stated as WGS-84, really BD-09
ELSEWHERE = 0.004
UNHEARD_SCENARIO = 0.006
UNHEARD_BANK = 0.003
NO_BANK = 0.004
NOT_ELIGIBLE = 0.004
REPEATED = 0.015  # half under the same number, half under a new one
TWO_BANKS = 0.01  # of the signed shops: signed by a second bank, under the same name and address
UNSTATED = 0.15  # of the shops that an outline places: the bank does not say in which venue

SCENARIOS = ("其他零售", "夜市经济", "综合服务")
BANK = "港城示例村镇银行"
ADDRESSES = {  # how an address on the street is written, and how often
    CITY.province + CITY.name + "{county}{town}{road}{number}号": 0.2,
    CITY.name + "{county}{town}{road}{number}号": 0.3,
    "{county}{town}{road}{number}号": 0.2,
    "{town}{road}{number}号": 0.1,
    "{county}{road}{number}号": 0.15,
    CITY.short_name + "{county}{town}{road}": 0.05,
}
INSIDE = CITY.name + "{county}{town}{road}{number}号({venue}内)"


def merchant_rows(
    rng: np.random.Generator,
    shops: pd.DataFrame,
    venues: pd.DataFrame,
    signed: NDArray[np.bool_],
) -> pd.DataFrame:
    """One row a line of some bank's file, under our column names, and `bank`, the sender.

    Days are left to others; `signed` tells which shops have a contract. The index is the position
    in `shops`; a repeat and a second signing have the index of the first. Coordinates are in the
    system that `crs` states, except where that is the defect.
    """
    n, banks = len(shops), facts("banks")
    street = (shops["venue"] < 0).to_numpy()
    elsewhere = street & _some(rng, n, ELSEWHERE)
    bank = pd.Index(banks["operator_id"]).get_indexer(shops["operator_id"])
    operator = banks["spelling"].to_numpy(dtype=object)[bank]
    operator = np.where(street & _some(rng, n, UNHEARD_BANK), BANK, operator)
    unheard = street & _some(rng, n, UNHEARD_SCENARIO)
    unstated = shops["outlined"].to_numpy() & _some(rng, n, UNSTATED)
    venue_id = _of_venue(venues["venue_id"], shops)
    rows = pd.DataFrame(
        {
            "bank": shops["operator_id"].to_numpy(),
            "merchant_id": [f"{10 + code}{i:08d}" for i, code in enumerate(bank, start=1)],
            "operator": np.where(street & _some(rng, n, NO_BANK), "", operator),
            "name": shops["name"].to_numpy(),
            **_places(rng, shops, venues, elsewhere, (bank % 2 == 0) & ~elsewhere),
            **_points(rng, shops, banks["crs"].to_numpy(dtype=object)[bank], elsewhere, unstated),
            "scenario_id": np.where(unheard, rng.choice(SCENARIOS, n), shops["scenario_id"]),
            "venue_id": np.where(unstated, "", venue_id),
            "public_cash_point": np.where(shops["cash_point"], "是", "否"),
            "eligible": np.where(street & _some(rng, n, NOT_ELIGIBLE), "否", "是"),
        }
    )
    again = _second_signings(rng, rows[signed & ~elsewhere])
    return pd.concat([rows, _repeats(rng, rows[street]), again])


def _places(
    rng: np.random.Generator,
    shops: pd.DataFrame,
    venues: pd.DataFrame,
    elsewhere: NDArray[np.bool_],
    stated: NDArray[np.bool_],
) -> dict[str, NDArray[np.object_]]:
    """Address, and the county and town where they are `stated` beside it."""
    n = len(shops)
    place = towns().iloc[shops["town"]]
    old = _some(rng, n, OLD_NAME)
    counties = _spelling(place["county"], "counties", "former_names", old)
    town_names = _spelling(place["town"], "towns", "aliases", old)
    inside = _of_venue(venues["name"], shops)
    pattern = rng.choice(list(ADDRESSES), n, p=list(ADDRESSES.values())).astype(object)
    pattern = np.where(inside != "", INSIDE, pattern)
    columns = (pattern, counties, town_names, shops["road"], shops["number"], inside)
    addresses = [
        style.format(county=county, town=town, road=road, number=number, venue=venue)
        for style, county, town, road, number, venue in zip(*columns, strict=True)
    ]
    others = facts("elsewhere")["address"].to_numpy(dtype=object)
    blank = _some(rng, n, NO_ADDRESS) & (inside == "")
    return {
        "address": np.select(
            [elsewhere, blank], [rng.choice(others, n), ""], np.array(addresses, dtype=object)
        ),
        "county": np.where(stated, counties, ""),
        "town": np.where(stated, town_names, ""),
    }


def _spelling(
    names: pd.Series, source: str, column: str, old: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """Names of counties or towns, the first former one where `old` and there is one."""
    former = table(source).set_index("name")[column].str.split(";").str[0]
    before = names.map(former[~former.index.duplicated()])
    return names.where(~old | (before == "") | before.isna(), before).to_numpy(dtype=object)


def _points(
    rng: np.random.Generator,
    shops: pd.DataFrame,
    crs: NDArray[np.object_],
    unknown: NDArray[np.bool_],
    needed: NDArray[np.bool_],
) -> dict[str, NDArray[np.generic]]:
    """Longitude and latitude, and the coordinate system that the bank says they are in.

    Points that are `needed` to place a shop are there and right.
    """
    n = len(shops)
    wrong = _some(rng, n, WRONG_CRS) & ~needed
    system = np.array([coordinates.crs_code(name) for name in crs], dtype=object)
    system[wrong] = "bd09"
    lon, lat = shops["lon"].to_numpy(copy=True), shops["lat"].to_numpy(copy=True)
    for code in coordinates.CRS:
        rows = system == code
        lon[rows], lat[rows] = coordinates.from_wgs84(lon[rows], lat[rows], code)
    missing = unknown | (_some(rng, n, NO_POINT) & ~needed)
    lon[missing], lat[missing] = np.nan, np.nan
    return {"lon": lon.round(6), "lat": lat.round(6), "crs": np.where(wrong, "WGS84", crs)}


def _repeats(rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows sent a second time, every other one under a number of its own."""
    again = rows[_some(rng, len(rows), REPEATED)]
    renewed = np.arange(len(again)) % 2 == 0
    number = np.where(renewed, "9" + again["merchant_id"], again["merchant_id"])
    return again.assign(merchant_id=number)


def _second_signings(rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that a second bank sends of the shops it signed too."""
    again, banks = rows[_some(rng, len(rows), TWO_BANKS)], facts("banks")
    bank = pd.Index(banks["operator_id"]).get_indexer(again["bank"])
    other = banks.iloc[(bank + rng.integers(1, len(banks), len(again))) % len(banks)]
    return again.assign(
        bank=other["operator_id"].to_numpy(),
        operator=other["spelling"].to_numpy(),
        merchant_id="7" + again["merchant_id"],
    )


def _of_venue(texts: pd.Series, shops: pd.DataFrame) -> NDArray[np.object_]:
    """A text of each shop's venue, '' on the street."""
    return np.append(texts.to_numpy(dtype=object), "")[shops["venue"]]


def _some(rng: np.random.Generator, n: int, share: float) -> NDArray[np.bool_]:
    return rng.random(n) < share
