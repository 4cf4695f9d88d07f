"""The demo's ledger of clusters (示范聚集区台账), as their owners declare them.

A place may be claimed twice: by another owner, under another name, with an outline drawn anew.
Every cluster lives the story that ``data/demo/clusters.csv`` gives it.
"""

import numpy as np
import pandas as pd

from demo import cluster_sites, street_places
from demo.cluster_stories import stories

DAYS = ("declared_on", "planned_on", "plaque_on", "withdrawn_on")
SHIFT = 12  # days by which a cluster is ahead of its story or behind
ROUND = (60, 81)  # days between re-inspections; more than 90 would interrupt a mature cluster
NARROWER = 0.93  # radius of a second claim, by the first's
NAMES_VENUE = 0.6  # of the first claims say which venue they stand on


def clusters(
    rng: np.random.Generator, venues: pd.DataFrame, spots: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The ledger, one row a cluster, and its re-inspections: row, event, day.

    `spots` are `sites.sites`. Columns: cluster_id, name, owners, kind_id, story, site (row of
    `venues`, on which it stands), venue (the same if stated, else −1), is_first, town, road,
    number, lon, lat, the `DAYS`, and shape (a polygon in metres).
    """
    rows = street_places.facts("clusters")
    first = rows["again"].where(rows["again"] != "", rows["cluster_id"])
    spot = spots.set_index("cluster_id").loc[first].reset_index(drop=True)
    own = (rows["again"] == "").to_numpy()
    site = venues.loc[spot["venue"]].reset_index(drop=True)
    story = stories().loc[rows["story"]].reset_index()
    shift = rng.integers(-SHIFT, SHIFT + 1, len(rows)).astype("m8[D]")
    shapes = [
        one.shape if mine else cluster_sites.drawn(rng, one.x, one.y, NARROWER * one.reach)
        for one, mine in zip(spot.itertuples(), own, strict=True)
    ]
    named = own & (rng.random(len(rows)) < NAMES_VENUE)
    words = rng.permutation(street_places.words("venue"))
    town = street_places.towns()["short"].to_numpy()[site["town"]]
    ledger = pd.DataFrame(
        {
            "cluster_id": rows["cluster_id"],
            "name": town + np.resize(words, len(rows)) + rows["label"],
            "owners": rows["owners"],
            "kind_id": rows["kind_id"],
            "story": rows["story"],
            "site": spot["venue"],
            "venue": np.where(named, spot["venue"], -1),
            "is_first": story["is_first"] == 1,
            **site[["town", "road", "number", "lon", "lat"]],
            **{day: story[day] + shift for day in DAYS},
            "shape": pd.Series(shapes, dtype=object),
        }
    )
    return ledger, _inspections(rng, story, shift)


def _inspections(rng: np.random.Generator, story: pd.DataFrame, shift: np.ndarray) -> pd.DataFrame:
    """Re-inspections, back from the last to the first of the story."""
    parts = []
    for row, (first, last) in enumerate(
        zip(story["inspected_from"] + shift, story["inspected_to"] + shift, strict=True)
    ):
        day = last
        while day >= first:  # never, where the story has no day
            parts.append((row, "inspected", day))
            day = day - pd.Timedelta(days=int(rng.integers(*ROUND)))
    frame = pd.DataFrame(parts, columns=["row", "event", "day"])
    return frame.astype({"row": "int32", "day": "datetime64[s]"})
