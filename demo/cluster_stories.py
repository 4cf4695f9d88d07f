"""What the demo's clusters (示范聚集区) go through: the stories of ``data/demo/stories.csv``.

A story says which state a cluster ends in, how its shops fare and on which days what was declared,
planned, unveiled and inspected again.
"""

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demo import lifecycles, street_places

LATE = np.arange("2026-08-01", "2026-08-26", dtype="datetime64[D]")  # signings of late shops
LAST = pd.Timestamp("2026-09-30")  # of the signings where a story names no day
LEAD = (50, 110)  # days from a signing to the day a site is ready
ROUNDS = (100, 150)  # days between inspections of a shop
EATERY = "F2-14"  # the scenario of a site where nothing is mixed


@cache
def stories() -> pd.DataFrame:
    """``stories.csv`` by story, its days ``datetime64[s]``."""
    frame = street_places.facts("stories").set_index("story")
    days = [column for column in frame if column.endswith(("_on", "_from", "_to"))]
    return frame.assign(**{day: pd.to_datetime(frame[day].replace("", None)) for day in days})


def told(rng: np.random.Generator, shops: pd.DataFrame, spots: pd.DataFrame) -> pd.DataFrame:
    """Shops faring as the story of their site tells, and `quiet_on`, the last day of use if given.

    A story of the unfinished leaves the venue's own shops alone: they are unfinished already.
    """
    rows = np.flatnonzero(shops["site"] >= 0)
    site = shops["site"].to_numpy()[rows]
    story = stories().loc[spots["story"].to_numpy()[site]]
    short = (story["progress"] == "short").to_numpy()
    own = shops["venue"].to_numpy()[rows] >= 0
    living = shops["fate"].to_numpy()[rows] != lifecycles.CLOSED
    ruled = (living | ~own) & ~(own & short)
    rows, site, story = rows[ruled], site[ruled], story[ruled]
    never = np.full(len(shops), np.datetime64("NaT", "s"))
    shops = shops.assign(quiet_on=never)
    signs = own[ruled] & ~short[ruled] | (_ranked(rng, site) <= story["signed"].to_numpy())
    quiet_on = story["quiet_on"].to_numpy()
    fate = np.select(
        [~signs, ~np.isnat(quiet_on)], [lifecycles.TARGET, lifecycles.ASLEEP], lifecycles.KEPT
    )
    values = {
        "fate": fate.astype(np.int8),
        "signed_on": _signed_on(rng, shops["signed_on"].to_numpy()[rows], site, story),
        "pays": np.clip(story["pays"] + rng.uniform(-0.04, 0.04, len(rows)), 0.01, 1).to_numpy(),
        "rounds": rng.integers(*ROUNDS, len(rows)),
        "quiet_on": np.where(signs, quiet_on, np.datetime64("NaT")),
    }
    return _alike(rng, changed(shops, rows, values), rows[story["mixed"] == 0])


def changed(shops: pd.DataFrame, rows: NDArray, values: dict[str, object]) -> pd.DataFrame:
    """Shops with other `values` in some `rows`, column by column."""
    columns = {}
    for name, value in values.items():
        column = shops[name].to_numpy(copy=True)
        column[rows] = value
        columns[name] = column
    return shops.assign(**columns)


def _signed_on(
    rng: np.random.Generator, days: NDArray, site: NDArray, story: pd.DataFrame
) -> NDArray[np.datetime64]:
    """Days of signing: in time for the story's `ready_on`, but for the share that comes `late`."""
    ready = story["ready_on"].fillna(LAST).to_numpy()
    limit = ready - rng.integers(*LEAD, len(days)).astype("m8[D]")
    late = _ranked(rng, site) < story["late"].to_numpy()
    return np.where(late, rng.choice(LATE, len(days)), np.minimum(days, limit)).astype(days.dtype)


def _ranked(rng: np.random.Generator, site: NDArray) -> NDArray[np.float64]:
    """A random place of each shop in its site, 0 to 1: exact shares, however few the shops."""
    draw = pd.Series(rng.random(len(site)))
    return draw.groupby(site).rank(pct=True).to_numpy()


def _alike(rng: np.random.Generator, shops: pd.DataFrame, rows: NDArray) -> pd.DataFrame:
    """Shops with `rows` of them all of one scenario: eateries."""
    trades = street_places.facts("trades")
    eateries = trades.loc[trades["scenario_id"] == EATERY, "trade"].to_numpy(dtype=object)
    shops = changed(shops, rows, {"scenario_id": EATERY})
    street = rows[shops["venue"].to_numpy()[rows] < 0]
    names = rng.choice(street_places.words("shop"), len(street)) + rng.choice(eateries, len(street))
    return changed(shops, street, {"name": names})
