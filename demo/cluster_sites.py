"""The demo's clusters (示范聚集区), from ``data/demo/clusters.csv``, and the shops on their sites.

A cluster stands on a venue and the street around it; a place may be claimed `again` by another
owner. Shops of the street are moved in until a site has the points of its story, and the story in
``stories.csv`` says how many sign, how late, and how they are used.
"""

from collections.abc import Mapping

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

    Columns: those of ``clusters.csv`` with `site` as a row of `venues`, inspected_on (the last
    re-inspection), and town, road, number, lon and lat of that venue.
    """
    frame = facts("clusters")
    site = pd.Index(venues["venue_id"]).get_indexer(frame["site"])
    place = venues.loc[site, ["town", "road", "number", "lon", "lat"]].reset_index(drop=True)
    inspected_on = frame["inspected"].str.split(";").str[-1]
    return frame.assign(site=site, inspected_on=inspected_on, **place)


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
    sites = ledger[ledger["again"] == ""].merge(facts("stories"), on="story", how="left")
    return _fates(rng, _moved_in(rng, venues, shops, sites), sites)


def _moved_in(
    rng: np.random.Generator, venues: pd.DataFrame, shops: pd.DataFrame, sites: pd.DataFrame
) -> pd.DataFrame:
    """Shops with `site`, those that a site lacks moved there: the nearer by town, the sooner."""
    shapes = drawn_outlines.polygons(sites["outline"])
    before = drawn_outlines.holding(shapes, drawn_outlines.metres(shops))
    site = before.copy()
    living = (shops["fate"] != lifecycles.CLOSED).to_numpy()
    street = (shops["venue"] < 0).to_numpy()
    homes, home = _homes()[shops["town"]], _homes()[sites["town"]]
    for row, points in enumerate(sites["points"]):
        inside = living & (site == row)
        lacking = max(points - inside.sum(), LEAST_STREET - (inside & street).sum(), 0)
        free = np.flatnonzero(street & (site < 0))
        strange = (homes[free] != home[row]).sum(axis=1)
        order = np.lexsort((rng.random(len(free)), strange))
        site[free[order[:lacking]]] = row
    rows = np.flatnonzero(site != before)
    venue = venues.loc[sites["site"].iloc[site[rows]]].reset_index(drop=True)
    reach_km = (REACH_KM + VENUE_REACH * venue["radius_km"]).to_numpy()
    place = street_places.around(rng, venue, CROWD * reach_km)
    old = shops.iloc[rows]
    short = street_places.towns()["short"].iloc[old["town"]]
    values = {
        "name": [name.removeprefix(town) for name, town in zip(old["name"], short, strict=True)],
        "number": venue["number"] + rng.integers(1, 60, len(rows)),
        **venue[["town", "road"]],
        **place,
    }
    return _changed(shops.assign(site=site), rows, values)


def _homes() -> NDArray[np.int64]:
    """Town, area and county of each town by number: the nearer two are, the more agree."""
    towns = street_places.towns()
    codes = [pd.factorize(towns[column])[0] for column in ("town_code", "area_id", "county_code")]
    return np.column_stack(codes)


def _fates(rng: np.random.Generator, shops: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Shops with the fates that the story of their site gives them, and `quiet_on`.

    The story of an unfinished site leaves the venue's own shops as they are: unfinished already.
    """
    site = shops["site"].to_numpy()
    own, short = (shops["venue"] >= 0).to_numpy(), (sites["outcome"] == "short").to_numpy()[site]
    living = (shops["fate"] != lifecycles.CLOSED).to_numpy()
    rows = np.flatnonzero((site >= 0) & (living | ~own) & ~(own & short))
    site, story = site[rows], sites.iloc[site[rows]]
    signs = own[rows] | (_ranked(rng, site) <= story["signed"].to_numpy())
    quiet_on = story["quiet_on"].to_numpy()
    fate = np.select(
        [~signs, ~np.isnat(quiet_on)], [lifecycles.TARGET, lifecycles.ASLEEP], lifecycles.KEPT
    )
    limit = story["ready_on"].fillna(LAST) - rng.integers(*LEAD, len(rows)).astype("m8[D]")
    late = _ranked(rng, site) < story["late"].to_numpy()
    in_time = np.minimum(shops["signed_on"].to_numpy()[rows], limit.to_numpy())
    values = {
        "fate": fate,
        "signed_on": np.where(late, rng.choice(LATE, len(rows)), in_time),
        "pays": (story["pays"] + rng.uniform(-0.04, 0.04, len(rows))).clip(0.01, 1),
        "rounds": rng.integers(*ROUNDS, len(rows)),
        "quiet_on": np.where(signs, quiet_on, np.datetime64("NaT")),
    }
    shops = shops.assign(quiet_on=np.full(len(shops), np.datetime64("NaT", "s")))
    return _eateries(rng, _changed(shops, rows, values), rows[story["mixed"] == 0])


def _eateries(
    rng: np.random.Generator, shops: pd.DataFrame, rows: NDArray[np.int64]
) -> pd.DataFrame:
    trades = facts("trades").query("scenario_id == @EATERY")["trade"].to_numpy(dtype=object)
    shops = _changed(shops, rows, {"scenario_id": EATERY})
    street = rows[shops["venue"].to_numpy()[rows] < 0]
    names = rng.choice(street_places.words("shop"), len(street)) + rng.choice(trades, len(street))
    return _changed(shops, street, {"name": names})


def _ranked(rng: np.random.Generator, site: NDArray[np.int64]) -> NDArray[np.float64]:
    """A random place of each shop in its site, 0 to 1: exact shares, however few the shops."""
    draw = pd.Series(rng.random(len(site)))
    return np.asarray(draw.groupby(site).rank(pct=True))


def _changed(
    shops: pd.DataFrame, rows: NDArray[np.int64], values: Mapping[str, object]
) -> pd.DataFrame:
    """Shops with other `values` in some `rows`, column by column."""
    columns = {}
    for name, value in values.items():
        columns[name] = shops[name].to_numpy(copy=True)
        columns[name][rows] = value
    return shops.assign(**columns)
