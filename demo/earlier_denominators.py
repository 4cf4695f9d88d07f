"""Denominators that earlier editions of the demo's register stated, before the last one."""

import numpy as np
import pandas as pd

from demo.venue_list import COVERED
from domain import rules

FILE = "特定区域名录（历次）.csv"
TOLD_BEFORE = 0.6  # of the counted venues were counted before, up to `MOST` times
MOST = 3
APART = (150, 210)  # days between two counts
GROWTH = (0.88, 1.0)  # an earlier count, by the next; shops are opened
SHRUNK = 9  # venues, covered ones, that once stated more
LARGER = (1.15, 1.6)  # by so many times, before the count was cut


def earlier(rng: np.random.Generator, venues: pd.DataFrame) -> pd.DataFrame:
    """Earlier counts of `venues`: the columns of the table ``denominators``, no day twice."""
    counted = venues[venues["eligible_count"].notna()]
    few = counted["eligible_count"] <= 2 * rules.count("one_sign_points")
    cut = rng.permutation(counted.index[~few & (counted["progress"] == COVERED)])[:SHRUNK]
    times = np.where(
        rng.random(len(counted)) < TOLD_BEFORE, rng.integers(1, MOST + 1, len(counted)), 0
    )
    times = np.where(counted.index.isin(cut), MOST, times)
    rows = counted.loc[counted.index.repeat(times)]
    back = rows.groupby(level=0).cumcount().to_numpy() + 1
    factor = rng.uniform(*GROWTH, len(rows)) ** back
    larger = rows.index.isin(cut) & (back >= 2)
    factor = np.where(larger, rng.uniform(*LARGER, len(rows)), factor)
    count = np.maximum(np.rint(rows["eligible_count"].to_numpy(dtype=float) * factor), 1)
    days = (back * rng.integers(*APART, len(rows))).astype("m8[D]")
    return pd.DataFrame(
        {
            "venue_id": rows["venue_id"].to_numpy(),
            "stated_on": rows["eligible_on"].to_numpy() - days,
            "eligible_count": count.astype("int64"),
            "eligible_grade": rows["eligible_grade"].to_numpy(),
            "eligible_source": rows["eligible_source"].to_numpy(),
            "source_file": FILE,
        }
    )
