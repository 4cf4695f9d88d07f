"""The demo's monthly indicators.

Wallets, their use and the amounts come by county and bank; the public bodies that pay wages, party
or union dues in e-CNY by county.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demo.lifecycles import MONTHS
from demo.street_places import facts
from domain.reference import table

WALLETS = 0.42  # personal wallets at the end, by inhabitant
CORPORATE = 0.011  # corporate wallets, by personal wallet
ACTIVE = 0.16  # of the wallets are used in a month
NOISE = 0.06
# A month's figure for each active wallet: transactions, then amounts in 万元.
USE = {
    "transactions": 4.2,
    "amount_retail": 0.018,
    "amount_bills": 0.007,
    "amount_corporate": 0.06,
    "amount_disbursed": 0.012,
}
RECOUNTED = ("320723", np.datetime64("2025-01", "M"), 0.7)
"""County that counted its personal wallets anew, from when, and what was left of them."""

BODIES = 0.00042  # public bodies, by inhabitant
REORGANISED = 0.0012  # by so much their number falls in a month
ENROLLED = 0.85  # of them take part at the end, by the area's vigour


def series(rng: np.random.Generator) -> pd.DataFrame:
    """Indicators of every month: month, county_code, operator_id, indicator_id, value.

    Stocks (wallets) never fall, unless they are `RECOUNTED`; flows rise with the active wallets
    and the season. What is counted by county alone has the operator_id ''.
    """
    counties, banks = table("counties"), facts("banks")
    codes = counties["county_code"]
    vigour = facts("areas").set_index("area_id")["signed"][codes].to_numpy(dtype=float)
    people = np.asarray(counties["population_2020"].astype(float))
    share = (banks["share"] / banks["share"].sum()).to_numpy()
    lean = rng.uniform(0.6, 1.4, (len(counties), len(banks)))
    final = (people * vigour)[:, None] * share * lean * WALLETS  # county × bank
    month = np.arange(len(MONTHS))
    curve = 1 / (1 + np.exp(-(month - 19) / 6.5))
    steps = np.diff(curve, prepend=0.0)[:, None, None] * _noise(rng, (len(month), *final.shape))
    wallets = np.cumsum(steps, axis=0) * final  # month × county × bank
    calendar = MONTHS.astype(int) % 12 + 1
    season = np.select([calendar == 12, calendar == 2], [1.25, 0.85], 1.0)[:, None, None]
    active = wallets * ACTIVE * season * _noise(rng, wallets.shape)
    code, since, left = RECOUNTED
    recounted = (since <= MONTHS)[:, None, None] & (codes == code).to_numpy()[:, None]
    values = {
        "wallets_personal": np.rint(wallets * np.where(recounted, left, 1.0)),
        "wallets_corporate": np.rint(wallets * CORPORATE),
        "active_wallets": np.rint(active),
    }
    for indicator, each in USE.items():
        flow = active * each * _noise(rng, wallets.shape)
        values[indicator] = np.rint(flow) if indicator == "transactions" else flow.round(2)
    bodies = _bodies(rng, people, vigour)
    parts = [_long(values, codes, banks["operator_id"]), _long(bodies, codes, [""])]
    return pd.concat(parts, ignore_index=True)


def _bodies(
    rng: np.random.Generator, people: NDArray[np.float64], vigour: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """Public bodies of each month and county, and how many of them have begun."""
    month = np.arange(len(MONTHS))[:, None]
    obliged = np.rint(people * BODIES * (1 - REORGANISED * month))
    curve = 1 / (1 + np.exp(-(month - 16 - rng.uniform(-4, 4, len(people))) / 5.5))
    enrolled = np.minimum(np.floor(people * BODIES * vigour * ENROLLED * curve), obliged)
    return {"units_obliged": obliged, "units_enrolled": enrolled}


def _long(
    values: dict[str, NDArray[np.float64]], counties: pd.Series, banks: Sequence[str] | pd.Series
) -> pd.DataFrame:
    """Arrays by month, county and bank as rows of `series`."""
    names = ["month", "county_code", "operator_id"]
    months = MONTHS.astype("datetime64[s]")
    index = pd.MultiIndex.from_product([months, counties, banks], names=names)
    wide = pd.DataFrame({name: value.ravel() for name, value in values.items()}, index)
    return wide.melt(ignore_index=False, var_name="indicator_id").reset_index()


def _noise(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    return np.exp(rng.normal(0, NOISE, shape))
