"""The demo's register of venues (特定区域): what stands where, and how far each has come.

Every area has the number of venues, the share covered and the share graded that
``data/demo/areas.csv`` gives it. Which venues are covered is drawn, weighted by the ease of their
kind in ``data/demo/kinds.csv``. Names are a town and an ordinal or a coined word; none is taken
from a real venue.
"""

from math import floor

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demo.lifecycles import AS_OF, START, signing_days
from demo.street_places import banks, doors, facts, towns, words
from domain import owners, rules
from domain.reference import table

# How far a venue has come: COVERED is verified as the rule asks, LAPSED was and fell asleep,
# SHORT has begun, IDLE has not.
COVERED, LAPSED, SHORT, IDLE = range(4)
LAPSED_SHARE, IDLE_SHARE = 0.15, 0.15  # of the venues that are not covered
UNKNOWN_SHARE = 0.08  # of the area-type venues: nobody has counted their shops
SMALLEST = 3
ONE_SIGN = 6  # covered venues of which only the sign at the door, or two, was ever counted
EMPTY = 1  # venues without a shop on any bank's list
SOURCES = {"A": "主管部门名册", "B": "市场主体登记", "C": "现场估算", "": "尚未清点"}
DECLARING = "申报单位"  # owns the kinds that an area declares by itself: the area
BY_LINKS = "方案规定链路"


def venues(rng: np.random.Generator, streets: pd.DataFrame, most_shops: int) -> pd.DataFrame:
    """The register, one row a venue.

    Sizes are scaled down together where all would exceed `most_shops`. Columns, beside those of a
    venues file (venue_id … delisted_on, with WGS-84 lon and lat): area_id, county_code, town (row
    of `towns`), road, number, by_links (links count, not shops), size (true number of shops or
    links), progress (COVERED …), kept (how many of them are verified), unlisted (shops no bank has
    named), empty (all of them are unlisted), cash_points, cash_live (whether these are verified),
    start_on (first signing), radius_km.
    """
    frame = _entries(rng)
    frame = _placed(rng, frame, streets)
    frame["name"] = _names(rng, frame)
    frame["venue_id"] = [f"Q{i:04d}" for i in range(1, len(frame) + 1)]
    frame["by_links"] = frame["links"] != ""
    frame["size"] = _sizes(rng, frame, most_shops)
    unknown = ~frame["by_links"].to_numpy() & (rng.random(len(frame)) < UNKNOWN_SHARE)
    frame = _padded(rng, _progress(rng, frame, unknown), unknown)
    frame = _members(rng, frame)
    return _declared(rng, frame, unknown)


def threshold(size: NDArray[np.int64]) -> NDArray[np.int64]:
    """Fewest verified shops that cover a venue of `size` shops (rules.toml, full coverage)."""
    share = np.ceil(rules.number("full_coverage_share") * size - 1e-9).astype(int)
    small = np.maximum(size - 1, 1)
    return np.where(size < rules.count("small_venue_size"), small, share)


def _entries(rng: np.random.Generator) -> pd.DataFrame:
    """One row a venue: area_id, and its kind with what the reference and the demo say of it."""
    kinds = facts("kinds")
    parts = []
    for area in facts("areas").itertuples():
        exact = kinds["weight"] / kinds["weight"].sum() * area.venues + rng.uniform(-0.3, 0.3)
        count = exact.map(floor).clip(lower=0)
        left = area.venues - count.sum()
        count[(exact - count).nlargest(left).index] += 1
        parts.append(
            pd.DataFrame({"area_id": area.area_id, "kind_id": kinds["kind_id"].repeat(count)})
        )
    frame = pd.concat(parts, ignore_index=True)
    return frame.merge(table("venue_kinds").drop(columns=["source"]), on="kind_id").merge(
        kinds[["kind_id", "ease", "style", "suffixes", "parts", "smallest", "largest"]],
        on="kind_id",
    )


def _placed(rng: np.random.Generator, frame: pd.DataFrame, streets: pd.DataFrame) -> pd.DataFrame:
    """Each venue on a street of a town of its area, drawn by the towns' weights."""
    known = towns()
    town = np.empty(len(frame), dtype=int)
    for area_id, rows in frame.groupby("area_id").indices.items():
        weight = known["weight"].where(known["area_id"] == area_id, 0.0).to_numpy()
        town[rows] = rng.choice(len(known), len(rows), p=weight / weight.sum())
    choices = streets.groupby("town").indices
    street = np.array([rng.choice(choices[t]) for t in town])
    place = doors(rng, streets.iloc[street])
    county = known["county_code"].to_numpy()[town]
    road = streets["road"].to_numpy()[street]
    declared = frame["area_id"].map(owners.names(AS_OF.item()))
    owner = frame["owner"].where(frame["owner"] != DECLARING, declared)
    return frame.assign(town=town, road=road, county_code=county, owner=owner, **place)


def _names(rng: np.random.Generator, frame: pd.DataFrame) -> list[str]:
    """A town and an ordinal, or a town and a coined word, and what the venue is."""
    short = towns()["short"].to_numpy()[frame["town"]]
    coined = words("venue")
    used: dict[str, int] = {}
    names = []
    for town, row in zip(short, frame.itertuples(), strict=True):
        suffix = rng.choice(row.suffixes.split(";"))
        key = row.kind_id if row.style == "coined" else town + suffix
        used[key] = used.get(key, 0) + 1
        word = coined[used[key] % len(coined)] if row.style == "coined" else f"第{used[key]}"
        names.append(f"{town}{word}{suffix}")
    return names


def _sizes(rng: np.random.Generator, frame: pd.DataFrame, most: int) -> NDArray[np.int64]:
    low, high = frame["smallest"].to_numpy(), frame["largest"].to_numpy()
    shops = low + (high - low) * rng.beta(1.4, 2.4, len(frame))
    shops = np.maximum(np.rint(shops * min(1.0, most / shops.sum())), SMALLEST)
    links = frame["links"].str.split(";").str.len()
    return np.where(frame["by_links"], links, shops).astype(int)


def _progress(
    rng: np.random.Generator, frame: pd.DataFrame, unknown: NDArray[np.bool_]
) -> pd.DataFrame:
    """Adds progress and start_on; the easier kinds of an area are likelier to be covered."""
    areas = facts("areas").set_index("area_id")
    progress = np.full(len(frame), SHORT)
    start_on = signing_days(rng, areas["delay_months"][frame["area_id"]].to_numpy())
    lead = np.log(frame["ease"].to_numpy()) + rng.gumbel(0, 1, len(frame)) - 9.0 * unknown
    for area_id, rows in frame.groupby("area_id").indices.items():
        ranked = rows[np.argsort(-lead[rows])]
        covered = round(areas["covered"][area_id] * len(rows))
        rest = len(rows) - covered
        lapsed, idle = round(LAPSED_SHARE * rest), round(IDLE_SHARE * rest)
        progress[ranked[:covered]] = COVERED
        progress[ranked[covered : covered + lapsed]] = LAPSED
        progress[ranked[len(rows) - idle :]] = IDLE
    latest = np.where(progress == LAPSED, np.datetime64("2025-06-30"), np.datetime64("2026-09-01"))
    return frame.assign(progress=progress, start_on=np.minimum(start_on, latest))


def _padded(
    rng: np.random.Generator, frame: pd.DataFrame, unknown: NDArray[np.bool_]
) -> pd.DataFrame:
    """With `ONE_SIGN` covered venues of a shop or two, and `empty`, true of `EMPTY` others."""
    known = ~frame["by_links"].to_numpy() & ~unknown
    progress, size = frame["progress"].to_numpy(), frame["size"].to_numpy(copy=True)
    signs = rng.permutation(np.flatnonzero(known & (progress == COVERED)))[:ONE_SIGN]
    size[signs] = 1 + np.arange(len(signs)) % rules.count("one_sign_points")
    idle = rng.permutation(np.flatnonzero(known & (progress == IDLE)))[:EMPTY]
    return frame.assign(size=size, empty=np.isin(np.arange(len(frame)), idle))


def _members(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Adds kept, unlisted, cash_points, cash_live and radius_km, true to `progress`."""
    n = len(frame)
    size, by_links = frame["size"].to_numpy(), frame["by_links"].to_numpy()
    least = np.where(by_links, size, threshold(size))
    full = least + rng.integers(0, size - least + 1)
    progress = frame["progress"].to_numpy()
    cash_live = (progress <= LAPSED) | ((progress == SHORT) & (by_links | (rng.random(n) < 0.7)))
    begun = np.minimum((size * rng.beta(3.2, 1.6, n)).astype(int), least - cash_live)
    kept = np.select([progress == SHORT, progress == IDLE], [begun, 0], full)
    unlisted = np.where(rng.random(n) < 0.45, rng.integers(0, 1 + (size - kept) // 2), 0)
    unlisted = np.select([by_links, frame["empty"]], [0, size], unlisted)
    cash = np.where(by_links, 0, np.minimum(1 + size // 40, 3))
    return frame.assign(
        kept=kept,
        unlisted=unlisted,
        cash_points=cash,
        cash_live=cash_live,
        radius_km=0.02 + 0.008 * np.sqrt(size),
    )


def _declared(
    rng: np.random.Generator, frame: pd.DataFrame, unknown: NDArray[np.bool_]
) -> pd.DataFrame:
    """Adds what the register says of the denominator, and the days of listing."""
    n = len(frame)
    by_links = frame["by_links"].to_numpy()
    grade = rng.choice(["A", "B"], n, p=[0.62, 0.38])
    grade[by_links] = "A"
    grade[_estimated(rng, frame, unknown)] = "C"
    grade[unknown] = ""
    stale = rng.random(n) < 0.15
    age = np.where(stale, rng.integers(200, 500, n), rng.integers(5, 150, n))
    listed = START + rng.integers(0, 240, n) + np.where(rng.random(n) < 0.15, 400, 0)
    listed = np.minimum(listed, frame["start_on"].to_numpy().astype("datetime64[D]"))
    unopened = ((frame["progress"] == IDLE) & ~frame["empty"]).to_numpy()
    delisted = np.where(unopened & (rng.random(n) < 0.08), AS_OF - 120, np.datetime64("NaT"))
    blank = unknown | by_links
    return frame.assign(
        eligible_count=pd.array(np.where(blank, None, frame["size"]), dtype="Int64"),
        eligible_source=np.where(by_links, BY_LINKS, [SOURCES[one] for one in grade]),
        eligible_on=np.where(unknown, np.datetime64("NaT"), AS_OF - age).astype("datetime64[s]"),
        eligible_grade=grade,
        listed_on=listed.astype("datetime64[s]"),
        delisted_on=delisted.astype("datetime64[s]"),
        operator_id=banks(rng, n),
    )


def _estimated(
    rng: np.random.Generator, frame: pd.DataFrame, unknown: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Rows whose denominator is an estimate: with the unknown, as many as the area falls short."""
    graded = facts("areas").set_index("area_id")["graded"]
    picked = []
    for area_id, rows in frame.groupby("area_id").indices.items():
        open_rows = rows[~unknown[rows] & ~frame["by_links"].to_numpy()[rows]]
        short = round((1 - graded[area_id]) * len(rows)) - unknown[rows].sum()
        picked.append(rng.permutation(open_rows)[: max(short, 0)])
    return np.concatenate(picked)
