"""The demo's merchants: the shops inside the venues, and those along the streets.

Both come as one frame, one row a shop: name, scenario_id, operator_id, venue (row of the register,
-1 on the street), cash_point, town (row of `street_places.towns`), road, number, lon, lat (WGS-84),
and what `lifecycles.events` needs: fate, signed_on, listed_on, pays, rounds. Names are coined; none
is a person's.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demo import lifecycles, street_places
from demo.lifecycles import ASLEEP, CLOSED, KEPT, REFUSED, SIGNED, SUSPENDED, TARGET
from demo.street_places import facts

TURNOVER = 0.05  # shops of a venue that have closed since, by its size
OWN_BANK = 0.85  # shops of a venue that its responsible bank signs
MISSED = {TARGET: 0.45, SIGNED: 0.2, ASLEEP: 0.2, REFUSED: 0.15}  # fates of unverified shops
ENDED = {REFUSED: 0.04, SUSPENDED: 0.03, CLOSED: 0.04}  # fates of street shops, beside use
RURAL = 0.92  # signing in 镇 and 乡 against 街道
LAST_SIGNING = np.datetime64("2026-09-25")  # of a kept shop of a venue, to be inspected in time
LAST_SLEEPER = np.datetime64("2026-03-01")  # signing after which a shop was never opened instead


def members(rng: np.random.Generator, venues: pd.DataFrame) -> pd.DataFrame:
    """The named shops of the venues, and some that have closed."""
    size = venues["size"].where(~venues["by_links"], 0).to_numpy()
    named = size - venues["unlisted"].to_numpy()
    closed = np.where(venues["empty"], 0, rng.binomial(size, TURNOVER))
    venue = np.repeat(np.arange(len(venues)), named + closed)
    place = np.arange(len(venue)) - np.searchsorted(venue, venue)
    rows = venues.iloc[venue].reset_index(drop=True)
    cash = place < rows["cash_points"].to_numpy()
    signed_on = rows["start_on"].to_numpy().astype("datetime64[D]")
    signed_on = signed_on + np.minimum(rng.exponential(30, len(rows)), 110).astype(int)
    banks = facts("banks")["operator_id"].to_numpy(dtype=object)
    own = rng.random(len(rows)) < OWN_BANK
    return pd.DataFrame(
        {
            "name": _stalls(rng, rows, place, cash),
            "scenario_id": rows["scenario_id"],
            "operator_id": np.where(own, rows["operator_id"], rng.choice(banks, len(rows))),
            "venue": venue,
            "cash_point": cash,
            "town": rows["town"],
            "road": rows["road"],
            "number": rows["number"],
            **street_places.around(rng, rows, rows["radius_km"].to_numpy()),
            "fate": _member_fates(rng, rows, place, signed_on, place >= named[venue]),
            "signed_on": np.minimum(signed_on, LAST_SIGNING).astype("datetime64[s]"),
            "listed_on": rows["listed_on"],
            "pays": rng.beta(9, 1.2, len(rows)),
            "rounds": rng.integers(110, 165, len(rows)),
        }
    )


def along_streets(rng: np.random.Generator, streets: pd.DataFrame, n: int) -> pd.DataFrame:
    """`n` shops on the streets, by the towns' weights; signing differs by area and bank."""
    towns, trades, areas = street_places.towns(), facts("trades"), facts("areas")
    crowds = rng.gamma(1.5, 1.0, len(streets))
    weight = towns["weight"].to_numpy()[streets["town"]] * crowds
    weight /= np.bincount(streets["town"], crowds)[streets["town"]]
    rows = streets.iloc[rng.choice(len(streets), n, p=weight / weight.sum())]
    town = towns.iloc[rows["town"]]
    trade = trades.iloc[rng.choice(len(trades), n, p=trades["weight"] / trades["weight"].sum())]
    words = rng.choice(street_places.words("shop"), n)
    bank = facts("banks").iloc[_banks(rng, town["county_code"])]
    area = areas.set_index("area_id").loc[town["area_id"]]
    signed_on = lifecycles.signing_days(rng, area["delay_months"].to_numpy())
    listed_on = lifecycles.START + (700 * rng.beta(1, 2.5, n)).astype(int)
    short = np.where(rng.random(n) < 0.3, town["short"], "").astype(object)
    return pd.DataFrame(
        {
            "name": short + words + trade["trade"].to_numpy(dtype=object),
            "scenario_id": trade["scenario_id"].to_numpy(),
            "operator_id": bank["operator_id"].to_numpy(),
            "venue": -1,
            "cash_point": False,
            "town": rows["town"].to_numpy(),
            "road": rows["road"].to_numpy(),
            **street_places.doors(rng, rows),
            "fate": _street_fates(rng, area, bank, town["kind"]),
            "signed_on": signed_on.astype("datetime64[s]"),
            "listed_on": listed_on.astype("datetime64[s]"),
            "pays": rng.beta(4, 1.8, n),
            "rounds": rng.integers(120, 300, n),
        }
    )


def _stalls(
    rng: np.random.Generator, rows: pd.DataFrame, place: NDArray[np.int64], cash: NDArray[np.bool_]
) -> list[str]:
    """Names of the shops of a venue, by their place in it."""
    words = rng.choice(street_places.words("shop"), len(rows))
    names = []
    for venue, parts, i, is_cash, word, draw in zip(
        rows["name"], rows["parts"], place, cash, words, rng.random(len(rows)), strict=True
    ):
        kinds = parts.split(";")
        part = "统一收银台" if is_cash else word + kinds[int(draw * len(kinds))]
        names.append(f"{venue}{i + 1}号{part}")
    return names


def _member_fates(
    rng: np.random.Generator,
    rows: pd.DataFrame,
    place: NDArray[np.int64],
    signed_on: NDArray[np.datetime64],
    gone: NDArray[np.bool_],
) -> NDArray[np.int8]:
    """KEPT for as many as the register says, cash points first or last; others draw a fate."""
    outcome = rows["outcome"].to_numpy()
    order = place - np.where(rows["cash_live"], 0, rows["cash_points"])
    kept = (order >= 0) & (order < rows["kept"].to_numpy())
    missed = rng.choice(list(MISSED), len(rows), p=list(MISSED.values()))
    missed = np.where((missed == ASLEEP) & (signed_on > LAST_SLEEPER), SIGNED, missed)
    missed = np.where((outcome == "idle") & (missed != REFUSED), TARGET, missed)
    used = np.where(outcome == "lapsed", ASLEEP, KEPT)
    return np.select([gone, kept], [CLOSED, used], missed).astype(np.int8)


def _street_fates(
    rng: np.random.Generator, area: pd.DataFrame, bank: pd.DataFrame, kind: pd.Series
) -> NDArray[np.int8]:
    """Fates by what `areas.csv` and `banks.csv` say of each shop's area and bank."""
    discipline = bank["discipline"].to_numpy()
    signs = area["signed"].to_numpy() * np.where(kind == "街道", 1.0, RURAL)
    sleeps = area["asleep"].to_numpy() / discipline
    n = len(area)
    signed = rng.random(n) < signs * np.sqrt(discipline)
    used = np.where(rng.random(n) < sleeps, ASLEEP, np.where(rng.random(n) < 0.05, SIGNED, KEPT))
    fate = np.where(signed, used, TARGET)
    ended = rng.choice([-1, *ENDED], n, p=[1 - sum(ENDED.values()), *ENDED.values()])
    return np.where(ended >= 0, ended, fate).astype(np.int8)


def _banks(rng: np.random.Generator, county: pd.Series) -> NDArray[np.int64]:
    """A bank (row of banks.csv) for each shop; each county leans to banks of its own."""
    share = facts("banks")["share"].to_numpy(dtype=float)
    bank = np.empty(len(county), dtype=int)
    for code in np.unique(county):
        rows = np.flatnonzero(county == code)
        leaning = share * rng.uniform(0.5, 1.5, len(share))
        bank[rows] = rng.choice(len(share), len(rows), p=leaning / leaning.sum())
    return bank
