"""The demo's clusters (示范聚集区), from ``data/demo/clusters.csv``, and the shops on their sites.

A cluster stands on a venue and the street around it; a place may be claimed `again` by another
owner. Shops of the street are moved in until a site has the points of its story, and the story in
``stories.csv`` says how many sign, how late, and how they are used.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demo import drawn_outlines, lifecycles, street_places
from demo.street_places import facts

REACH_KM, VENUE_REACH = 0.06, 1.2  # radius of a site: the first and so many radii of its venue
LEAST_STREET = 9  # shops of the street on a site: a market alone has one kind of scenario
CROWD = 0.6  # shops moved in stand within this share of the radius, mostly
LATE = np.arange("2026-08-01", "2026-08-26", dtype="datetime64[D]")  # signings of late shops
LAST = np.datetime64("2026-09-30", "s")  # of the signings where a story names no day
LEAD = (50, 110)  # days from a signing to the day a site is ready
ROUNDS = (100, 150)  # days between inspections of a shop
EATERY = "F2-14"  # the scenario of a site where nothing is mixed


def clusters(venues: pd.DataFrame) -> pd.DataFrame:
    """The ledger, one row a cluster.

    Columns: those of ``clusters.csv`` with `site` as a row of `venues`, and town, road, number,
    lon and lat of that venue.
    """
    frame = facts("clusters")
    site = pd.Index(venues["venue_id"]).get_indexer(frame["site"])
    place = venues.loc[site, ["town", "road", "number", "lon", "lat"]].reset_index(drop=True)
    return frame.assign(site=site, **place)


def inspections(ledger: pd.DataFrame) -> pd.DataFrame:
    """Re-inspections of the clusters: row (of `ledger`), event, day."""
    days = ledger["inspected"].str.split(";").explode().replace("", None).dropna()
    frame = pd.DataFrame({"row": days.index, "event": "inspected", "day": pd.to_datetime(days)})
    return frame.astype({"row": "int32", "day": "datetime64[s]"}).reset_index(drop=True)


def populated(
    rng: np.random.Generator, venues: pd.DataFrame, shops: pd.DataFrame, ledger: pd.DataFrame
) -> pd.DataFrame:
    """Shops with those of the sites as the stories have them.

    Beside the columns of `shops`: site (position among the clusters that claim a place first, −1
    outside), and quiet_on, the last day of use if the story names one.
    """
    spots = ledger[ledger["again"] == ""].reset_index(drop=True)
    spots = spots.merge(facts("stories"), on="story", how="left")
    return _fates(rng, _moved_in(rng, venues, shops, spots), spots)


def _moved_in(
    rng: np.random.Generator, venues: pd.DataFrame, shops: pd.DataFrame, spots: pd.DataFrame
) -> pd.DataFrame:
    """Shops with `site`, those that a site lacks moved there: the nearer by town, the sooner."""
    before = drawn_outlines.holding(
        drawn_outlines.polygons(spots["outline"]), drawn_outlines.metres(shops)
    )
    site = before.copy()
    living = (shops["fate"] != lifecycles.CLOSED).to_numpy()
    street = (shops["venue"] < 0).to_numpy()
    homes, theirs = _homes(shops["town"]), _homes(spots["town"])
    for row, points in enumerate(spots["points"]):
        inside = living & (site == row)
        lacking = max(points - inside.sum(), LEAST_STREET - (inside & street).sum(), 0)
        free = np.flatnonzero(street & (site < 0))
        strange = (homes[free] != theirs[row]).sum(axis=1)
        order = np.lexsort((rng.random(len(free)), strange))
        site[free[order[:lacking]]] = row
    rows = np.flatnonzero(site != before)
    venue = venues.loc[spots["site"].iloc[site[rows]]].reset_index(drop=True)
    reach_km = (REACH_KM + VENUE_REACH * venue["radius_km"]).to_numpy()
    place = street_places.around(rng, venue, CROWD * reach_km)
    names = shops["name"].to_numpy(dtype=object)[rows]
    old = street_places.towns()["short"].to_numpy()[shops["town"].to_numpy()[rows]]
    values = {
        "name": [name.removeprefix(town) for name, town in zip(names, old, strict=True)],
        "number": venue["number"] + rng.integers(1, 60, len(rows)),
        **venue[["town", "road"]],
        **place,
    }
    return _changed(shops.assign(site=site), rows, values)


def _homes(town: pd.Series) -> NDArray[np.int64]:
    """Town, area and county by number, one row for each of `town`: the nearer, the more agree."""
    known = street_places.towns()
    codes = [pd.factorize(known[column])[0] for column in ("town_code", "area_id", "county_code")]
    return np.column_stack(codes)[town]


def _fates(rng: np.random.Generator, shops: pd.DataFrame, spots: pd.DataFrame) -> pd.DataFrame:
    """Shops with the fates that the story of their site gives them, and `quiet_on`.

    The story of an unfinished site leaves the venue's own shops as they are: unfinished already.
    """
    site = shops["site"].to_numpy()
    own, short = (shops["venue"] >= 0).to_numpy(), (spots["outcome"] == "short").to_numpy()[site]
    living = (shops["fate"] != lifecycles.CLOSED).to_numpy()
    rows = np.flatnonzero((site >= 0) & (living | ~own) & ~(own & short))
    site, story = site[rows], spots.iloc[site[rows]]
    signs = own[rows] | (_ranked(rng, site) <= story["signed"].to_numpy())
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
    shops = shops.assign(quiet_on=np.full(len(shops), np.datetime64("NaT", "s")))
    return _eateries(rng, _changed(shops, rows, values), rows[story["mixed"] == 0])


def _changed(shops: pd.DataFrame, rows: NDArray, values: dict[str, object]) -> pd.DataFrame:
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


def _eateries(rng: np.random.Generator, shops: pd.DataFrame, rows: NDArray) -> pd.DataFrame:
    """Shops with `rows` of them all of one scenario."""
    trades = facts("trades")
    trades = trades.loc[trades["scenario_id"] == EATERY, "trade"].to_numpy(dtype=object)
    shops = _changed(shops, rows, {"scenario_id": EATERY})
    street = rows[shops["venue"].to_numpy()[rows] < 0]
    names = rng.choice(street_places.words("shop"), len(street)) + rng.choice(trades, len(street))
    return _changed(shops, street, {"name": names})
