"""The demo's figures of the 13 cities: invented, every quarter, and not every city keeps up."""

import numpy as np
import pandas as pd

from demo.street_places import facts
from domain.reference import table

SOURCE = "演示数据（虚构）"
QUARTERS = np.arange("2023-06", "2026-10", 3, dtype="datetime64[M]")
MIDDLE, WIDTH = 5.5, 2.6  # quarters since the first
NOISE = 0.1
PUBLISHED = (12, 31)  # days after the end of the month
DECIMALS = {"scenarios": 0, "wallets": 1, "amount": 2}


def province(rng: np.random.Generator) -> pd.DataFrame:
    """One row a city, quarter and measure: city, month, measure_id, value, source, published_on.

    What ``data/demo/province.csv`` gives is reached in September 2026; a city's series ends in its
    `last_month`. Values never fall.
    """
    cities, measures = facts("province"), table("province_measures")["measure_id"]
    curve = 1 / (1 + np.exp(-(np.arange(len(QUARTERS)) - MIDDLE) / WIDTH))
    curve = curve / curve[-1]
    last = cities["last_month"].to_numpy().astype("datetime64[M]")
    parts = []
    for measure in measures:
        steps = np.diff(curve, prepend=0.0)[:, None]
        steps = steps * np.exp(rng.normal(0, NOISE, (len(QUARTERS), len(cities))))
        values = np.cumsum(steps, axis=0)
        values = values / values[-1] * cities[measure].to_numpy(dtype=float)
        quarter, city = np.nonzero(QUARTERS[:, None] <= last)
        ends = (QUARTERS[quarter] + 1).astype("datetime64[D]")
        parts.append(
            pd.DataFrame(
                {
                    "city": cities["city"].to_numpy()[city],
                    "month": QUARTERS[quarter].astype("datetime64[s]"),
                    "measure_id": measure,
                    "value": values[quarter, city].round(DECIMALS[measure]),
                    "source": SOURCE,
                    "published_on": (ends + rng.integers(*PUBLISHED, len(ends))).astype(
                        "datetime64[s]"
                    ),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
