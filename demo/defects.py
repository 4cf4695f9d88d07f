"""The demo's merchants as rows that banks might really send, with the usual defects.

The constants are shares of rows. Defects that lose or double a record (another city, an unheard
scenario or bank, a repeat) befall only shops on the street, so that venues come out as planned.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demo.bank_sheets import ids
from demo.street_places import facts, towns
from domain.city import CITY
from domain.reference import table
from geo import coordinates

NO_POINT = 0.08
NO_ADDRESS = 0.02
OLD_NAME = 0.12  # of the rows whose county or town has a former name
WRONG_CRS = 0.02  # said to be in WGS-84, really BD-09
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
    rng: np.random.Generator, shops: pd.DataFrame, venues: pd.DataFrame, latest: pd.DataFrame
) -> pd.DataFrame:
    """One row a line of some bank's file, under our column names, and `bank`, the sender.

    `latest` are the days of each shop's latest events. The index is the position in `shops`;
    a repeat and a second signing have the index of the first. Coordinates are in the system that
    `crs` states, except where that is the defect.
    """
    n = len(shops)
    street = (shops["venue"] < 0).to_numpy()
    elsewhere = street & _some(rng, n, ELSEWHERE)
    banks = facts("banks").reset_index().set_index("operator_id")
    bank = banks["index"][shops["operator_id"]].to_numpy()
    operator = banks["spelling"].to_numpy(dtype=object)[bank]
    operator = np.where(street & _some(rng, n, UNHEARD_BANK), BANK, operator)
    scenario = shops["scenario_id"].to_numpy(dtype=object)
    unheard = street & _some(rng, n, UNHEARD_SCENARIO)
    unstated = shops["outlined"].to_numpy() & _some(rng, n, UNSTATED)
    rows = pd.DataFrame(
        {
            "bank": shops["operator_id"].to_numpy(),
            "merchant_id": [f"{10 + code}{i:08d}" for i, code in enumerate(bank, start=1)],
            "operator": np.where(street & _some(rng, n, NO_BANK), "", operator),
            "name": shops["name"].to_numpy(),
            **_places(rng, shops, venues, elsewhere, (bank % 2 == 0) & ~elsewhere),
            **_points(rng, shops, banks["crs"].to_numpy(dtype=object)[bank], elsewhere, unstated),
            "scenario_id": np.where(unheard, rng.choice(SCENARIOS, n), scenario),
            "venue_id": np.where(unstated, "", ids(venues, shops["venue"])),
            "public_cash_point": np.where(shops["cash_point"], "是", "否"),
            "eligible": np.where(street & _some(rng, n, NOT_ELIGIBLE), "否", "是"),
            **latest,
        }
    )
    again = _second_signings(rng, rows[latest["contracted_on"].notna().to_numpy() & ~elsewhere])
    return pd.concat([rows, _repeats(rng, rows[street]), again])


def _places(
    rng: np.random.Generator,
    shops: pd.DataFrame,
    venues: pd.DataFrame,
    elsewhere: NDArray[np.bool_],
    stated: NDArray[np.bool_],
) -> dict[str, NDArray]:
    """Address, and the county and town where they are `stated` beside it."""
    n = len(shops)
    town = shops["town"].to_numpy()
    old = _some(rng, n, OLD_NAME)
    county_name = _spelling(towns()["county"], "counties", "former_names", town, old)
    town_name = _spelling(towns()["town"], "towns", "aliases", town, old)
    inside = np.append(venues["name"].to_numpy(dtype=object), "")[shops["venue"]]
    pattern = rng.choice(list(ADDRESSES), n, p=list(ADDRESSES.values())).astype(object)
    pattern = np.where(inside != "", INSIDE, pattern)
    address = np.array(
        [
            style.format(county=county, town=town, road=road, number=number, venue=venue)
            for style, county, town, road, number, venue in zip(
                pattern, county_name, town_name, shops["road"], shops["number"], inside, strict=True
            )
        ],
        dtype=object,
    )
    others = facts("elsewhere")["address"].to_numpy(dtype=object)
    blank = _some(rng, n, NO_ADDRESS) & (inside == "")
    address = np.select([elsewhere, blank], [rng.choice(others, n), ""], address)
    return {
        "address": address,
        "county": np.where(stated, county_name, ""),
        "town": np.where(stated, town_name, ""),
    }


def _spelling(
    names: pd.Series, source: str, column: str, town: NDArray, old: NDArray
) -> NDArray[np.object_]:
    """Names of the shops' counties or towns, the first former name where `old` and known."""
    former = table(source).set_index("name")[column].str.split(";").str[0]
    before = names.map(former[~former.index.duplicated()])
    before = before.where(before != "", names).to_numpy(dtype=object)
    return np.where(old, before[town], names.to_numpy(dtype=object)[town])


def _points(
    rng: np.random.Generator,
    shops: pd.DataFrame,
    crs: NDArray[np.object_],
    unknown: NDArray[np.bool_],
    needed: NDArray[np.bool_],
) -> dict[str, NDArray]:
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
    said = np.where(wrong, "WGS84", crs)
    return {"lon": lon.round(6), "lat": lat.round(6), "crs": said}


def _repeats(rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows sent a second time, every other one under a number of its own."""
    again = rows[_some(rng, len(rows), REPEATED)]
    renewed = np.arange(len(again)) % 2 == 0
    number = np.where(renewed, "9" + again["merchant_id"], again["merchant_id"])
    return again.assign(merchant_id=number)


def _second_signings(rng: np.random.Generator, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that a second bank sends of the shops it signed too."""
    again = rows[_some(rng, len(rows), TWO_BANKS)]
    banks = facts("banks")
    code = dict(zip(banks["operator_id"], banks.index, strict=True))
    step = rng.integers(1, len(banks), len(again))
    other = banks.iloc[(again["bank"].map(code).to_numpy() + step) % len(banks)]
    return again.assign(
        bank=other["operator_id"].to_numpy(),
        operator=other["spelling"].to_numpy(),
        merchant_id="7" + again["merchant_id"],
    )


def _some(rng: np.random.Generator, n: int, share: float) -> NDArray[np.bool_]:
    return rng.random(n) < share
