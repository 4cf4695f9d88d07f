"""The demo's register of venues (特定区域), from ``data/demo/venues.csv``.

Names are a town and an ordinal or a coined word; none is taken from a real venue. A venue's
`outcome` is how far it comes: "covered" is verified as the rule asks, "lapsed" was and is no
longer used, "short" has begun, "idle" has not.
"""

from datetime import date

import ibis
import numpy as np
import pandas as pd

from demo.street_places import facts, town_rows, towns
from domain.reference import table
from domain.venues import required

VENUE_SHARE = 0.3  # of all shops, at most, stand inside venues
SMALLEST = 3  # shops of a venue that is scaled down


def venues(merchants: int) -> pd.DataFrame:
    """The register for a city of `merchants` shops, one row a venue.

    Sizes are scaled down together where `VENUE_SHARE` of the shops are fewer. Columns: those of
    ``venues.csv`` and a venues file (size is the true number of shops or links, kept how many of
    them are verified, unlisted the shops that no bank has named, cash_live whether the public cash
    points are verified, outline well-known text in WGS-84 or ''), and scenario_id, parts (what its
    shops sell), by_links (links count, not shops), scale (size by that of the file), empty (all
    shops are unlisted), cash_points, town (row of `towns`), county_code, radius_km.
    """
    kinds = table("venue_kinds")[["kind_id", "scenario_id", "links"]]
    kinds = kinds.merge(facts("kinds"), on="kind_id", how="left").fillna({"parts": ""})
    frame = facts("venues").merge(kinds, on="kind_id", how="left")
    by_links, stated = frame["links"] != "", frame["size"]
    scale = min(1.0, VENUE_SHARE * merchants / stated[~by_links].sum())
    scaled = (stated * scale).round().clip(lower=SMALLEST)
    size = stated.where(by_links | (stated < SMALLEST), scaled).astype(int)
    frame = frame.assign(by_links=by_links, size=size, scale=size / stated)
    kept = _kept(frame)
    unlisted = np.minimum((frame["unlisted"] * frame["scale"]).round(), size - kept).astype(int)
    town = town_rows(frame["town_code"])
    return frame.assign(
        kept=kept,
        unlisted=unlisted,
        empty=unlisted == size,
        cash_points=np.where(by_links, 0, np.minimum(1 + size // 40, 3)),
        town=town,
        county_code=towns()["county_code"].to_numpy()[town],
        radius_km=0.02 + 0.008 * np.sqrt(size),
        eligible_count=size.astype("Int64").mask(by_links | (frame["eligible_grade"] == "")),
    )


def earlier_counts(register: pd.DataFrame) -> pd.DataFrame:
    """Denominators before the last: venue_id, and eligible_on, _count, _grade and _source."""
    columns = ["venue_id", "eligible_grade", "eligible_source", "scale"]
    rows = facts("denominators").merge(register[columns], on="venue_id")
    count = (rows["eligible_count"] * rows.pop("scale")).round().clip(lower=1).astype("Int64")
    return rows.assign(eligible_count=count)


def edition(register: pd.DataFrame, earlier: pd.DataFrame, on: date) -> pd.DataFrame:
    """Denominators of the register as its edition of a day states them, row by row.

    What is said of a venue that has no number is said from its first day on the register.
    """
    stated = pd.concat([register[earlier.columns], earlier], ignore_index=True)
    listed_on = stated["venue_id"].map(register.set_index("venue_id")["listed_on"])
    since = stated["eligible_on"].where(stated["eligible_count"].notna(), listed_on)
    known = stated.assign(since=since)[since <= np.datetime64(on)].sort_values("since")
    latest = known.drop_duplicates("venue_id", keep="last").set_index("venue_id")
    found = latest.reindex(register["venue_id"]).reset_index()
    past = found["eligible_on"] <= np.datetime64(on)
    grade = found["eligible_grade"].replace("", None)
    found = found.assign(eligible_on=found["eligible_on"].where(past), eligible_grade=grade)
    return found[["eligible_count", "eligible_source", "eligible_on", "eligible_grade"]]


def _kept(frame: pd.DataFrame) -> pd.Series:
    """Verified shops or links, scaled as the size is; enough, or too few, for the outcome."""
    size, outcome = frame["size"], frame["outcome"]
    shops = required(ibis.memtable(frame[["size"]])["size"]).to_pyarrow().to_numpy()
    least = size.where(frame["by_links"], shops)
    enough = least.where(outcome.isin(["covered", "lapsed"]), 0)
    most = size.where(outcome != "short", least - frame["cash_live"])
    return (frame["kept"] * frame["scale"]).round().clip(enough, most).astype(int)
