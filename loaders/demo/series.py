"""The demo's monthly indicators: wallets, their use and the amounts, by county and bank."""

import numpy as np
import pandas as pd

from domain.reference import table
from loaders.demo.history import MONTHS
from loaders.demo.places import facts

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


def series(rng: np.random.Generator) -> pd.DataFrame:
    """Indicators of every month: month, county_code, operator_id, indicator_id, value.

    Stocks (wallets) never fall; flows rise with the active wallets and the season.
    """
    counties, banks, areas = table("counties"), facts("banks"), facts("areas")
    vigour = areas.set_index("area_id")["signed"][counties["county_code"]].to_numpy()
    people = counties["population_2020"].astype(float).to_numpy()
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
    values = {
        "wallets_personal": np.rint(wallets),
        "wallets_corporate": np.rint(wallets * CORPORATE),
        "active_wallets": np.rint(active),
    }
    for indicator, each in USE.items():
        flow = active * each * _noise(rng, wallets.shape)
        values[indicator] = np.rint(flow) if indicator == "transactions" else flow.round(2)
    index = pd.MultiIndex.from_product(
        [
            MONTHS.astype("datetime64[s]"),
            counties["county_code"],
            banks["operator_id"],
        ],
        names=["month", "county_code", "operator_id"],
    )
    wide = pd.DataFrame({name: value.ravel() for name, value in values.items()}, index)
    return wide.melt(ignore_index=False, var_name="indicator_id").reset_index()


def _noise(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return np.exp(rng.normal(0, NOISE, shape))
