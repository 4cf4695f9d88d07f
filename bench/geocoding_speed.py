"""Addresses a second, and how many are right, side by side with jionlp and cpca on the same rows.

``python -m bench.geocoding_speed [FILE.csv]``: FILE has the columns name, address, lon, lat, crs,
county and town (the last two are the truth, blank where unknown). The invented rows are made from
the same reference tables that the geocoder reads, so they measure the forms an address can take,
not the knowledge of places; only a file of real rows measures that. All run in one process, on one
core.
"""

import importlib
import importlib.util
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from domain.reference import table
from geo.geocoding import geocode

ROWS = 5_000
MANY = 100_000
ROADS = ["海连中路", "人民东路", "东海路", "灌云路", "青口路", "黄海大道", "南京路", "建设巷"]
FORMER_COUNTY = {"海州区": "新浦区", "赣榆区": "赣榆县"}
Answers = list[tuple[str, str]]  # county and town of each row, '' where not given


def run(path: str | None = None) -> None:
    """Print every comparison."""
    print("# geocoding: rows a second of processor time, one core")
    _compare("invented rows", _invented(ROWS))
    if path is not None:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        _compare(path, frame[["name", "address", "county", "town"]])
        _compare(f"{path}, address and point", frame, others=False)
    many = _invented(MANY)
    _speed("text", many)
    _speed("text and point", many.join(_near_seats(many)))
    _speed("point", _near_seats(many))


def _compare(label: str, rows: pd.DataFrame, others: bool = True) -> None:
    print(f"\n{label}: {len(rows)} rows")
    print(f"{'':12}{'rows/s':>10}{'county right':>14}{'wrong':>8}{'town right':>12}{'wrong':>8}")
    _measure("this", _ours, rows)
    if not others:
        return
    for name, answer in (("jionlp", _jionlp), ("cpca", _cpca)):
        if importlib.util.find_spec(name) is None:
            print(f"{name:12}not installed: pip install -r requirements-bench.txt")
        else:
            _measure(name, answer, rows)


def _measure(label: str, answer: Callable[[pd.DataFrame], Answers], rows: pd.DataFrame) -> None:
    answer(rows.head(10))  # loads dictionaries
    start = time.process_time()
    found = answer(rows)
    seconds = time.process_time() - start
    figures = [f"{len(rows) / seconds:>10,.0f}"]
    for column, width in (("county", 14), ("town", 12)):
        truth = rows[column].tolist()
        given = [pair[column == "town"] for pair in found]
        known = [(t, g) for t, g in zip(truth, given, strict=True) if t]
        right = sum(t == g for t, g in known)
        wrong = sum(g not in {"", t} for t, g in known)
        figures.append(f"{right / max(len(known), 1):>{width}.1%}{wrong:>8}")
    print(f"{label:12}{''.join(figures)}")


def _ours(rows: pd.DataFrame) -> Answers:
    found = geocode(rows.drop(columns=["county", "town"]))
    sure = found["town"].where(~found["inferred"])
    return list(zip(found["county"].fillna(""), sure.fillna(""), strict=True))


def _jionlp(rows: pd.DataFrame) -> Answers:
    parse = importlib.import_module("jionlp").parse_location
    found = [parse(text, town_village=True) for text in _one_text(rows)]
    return [(f["county"] or "", f["town"] or "") for f in found]


def _cpca(rows: pd.DataFrame) -> Answers:
    found = importlib.import_module("cpca").transform(_one_text(rows))
    return [(county, "") for county in found["区"].fillna("")]


def _one_text(rows: pd.DataFrame) -> list[str]:
    """The address, or the name where there is none: the other two take one text."""
    return rows["address"].where(rows["address"] != "", rows["name"]).tolist()


def _invented(count: int) -> pd.DataFrame:
    """Rows in the forms that banks' files hold: name, address, county, town."""
    rng = np.random.default_rng(0)
    towns = table("towns").query("statutory == '1'")
    towns = towns.iloc[rng.integers(0, len(towns), count)]
    forms = rng.integers(0, 6, count)
    rows = []
    for number, (form, town) in enumerate(zip(forms, towns.itertuples(), strict=True)):
        tail = f"{ROADS[rng.integers(len(ROADS))]}{rng.integers(1, 999)}号"
        old = FORMER_COUNTY.get(town.county, town.county)
        address = [
            f"江苏省连云港市{town.county}{town.name}{tail}",
            f"{town.county}{town.name}{tail}",
            f"连云港市{old}{town.name} {tail}",
            f"{town.name}{tail}",
            f"连云港{town.county[:-1]}{town.name}{tail}",
            f"连云港市{town.county}{tail}",
        ][form]
        stated = "" if form == 5 else town.name
        rows.append((f"便民超市{number}店", address, town.county, stated))
    return pd.DataFrame(rows, columns=["name", "address", "county", "town"])


def _near_seats(rows: pd.DataFrame) -> pd.DataFrame:
    """Points about 1 km around the seat of each row's town, in three coordinate systems."""
    rng = np.random.default_rng(1)
    seats = table("towns").query("seat_lon != ''").set_index("name")
    at = seats.reindex(rows["town"].where(rows["town"] != "", "新浦街道"))
    spread = rng.normal(0, 0.01, (2, len(rows)))
    return pd.DataFrame(
        {
            "lon": at["seat_lon"].astype(float).to_numpy() + spread[0],
            "lat": at["seat_lat"].astype(float).to_numpy() + spread[1],
            "crs": rng.choice(["WGS84", "高德", "百度"], len(rows)),
        }
    )


def _speed(label: str, rows: pd.DataFrame) -> None:
    start = time.process_time()
    geocode(rows.drop(columns=["county", "town"], errors="ignore"))
    seconds = time.process_time() - start
    print(f"this, {label}: {len(rows):,} rows, {len(rows) / seconds:,.0f} rows/s")


if __name__ == "__main__":
    run(*sys.argv[1:2])
