"""Where the demo's clusters (示范聚集区) are: a venue and the street around it.

``data/demo/clusters.csv`` says in which area, of which kind and with which story. Shops of the
street are moved in until a site has the points that its story speaks of.
"""

from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from demo import drawn_outlines, lifecycles, street_places
from demo.cluster_stories import changed, stories
from demo.venue_list import COVERED, IDLE, LAPSED, SHORT

REACH_KM, VENUE_REACH = 0.06, 1.2  # radius of a site: the first and so many radii of its venue
APART = 1.3  # sites do not come nearer than their radii together, times this
CORNERS = 10
RAGGED = 0.08  # by how much a corner lies nearer or farther
LEAST_STREET = 9  # shops of the street on a site: a market alone has one kind of scenario
CROWD = 0.6  # shops moved in stand within this share of the radius, mostly
_SUITED = {"covered": (COVERED,), "lapsed": (LAPSED,), "short": (SHORT, IDLE)}


def sites(rng: np.random.Generator, venues: pd.DataFrame, shops: pd.DataFrame) -> pd.DataFrame:
    """The sites, each where the fewest shops must be changed to tell its story.

    Columns: cluster_id (that claimed it first), story, venue (row), x, y and reach (m), shape (a
    polygon in metres).
    """
    reach = 1000 * (REACH_KM + VENUE_REACH * venues["radius_km"])
    x, y = drawn_outlines.metres(venues).T
    spots = venues[["area_id", "kind_id", "progress"]].assign(x=x, y=y, reach=reach)
    door = drawn_outlines.metres(shops)
    progress = np.append(venues["progress"].to_numpy(), -1)[shops["venue"]]
    claims, chosen = _first_claims(), []
    for claim in claims.to_dict("records"):
        free = _free(spots, claim, spots.loc[chosen])
        efforts = [_effort(spot, claim, door, progress) for spot in free.to_dict("records")]
        chosen.append(free.index[min(range(len(free)), key=efforts.__getitem__)])
    found = spots.loc[chosen, ["x", "y", "reach"]].reset_index(drop=True)
    shapes = [drawn(rng, *spot) for spot in found.itertuples(index=False)]
    return claims[["cluster_id", "story"]].assign(
        venue=chosen, **found, shape=pd.Series(shapes, dtype=object)
    )


def drawn(rng: np.random.Generator, x: float, y: float, reach: float) -> shapely.Polygon:
    """A ragged polygon of radius `reach` about a point, in metres."""
    angle = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    far = reach * rng.uniform(1 - RAGGED, 1 + RAGGED, CORNERS)
    return shapely.Polygon(np.column_stack([x + far * np.sin(angle), y + far * np.cos(angle)]))


def populated(
    rng: np.random.Generator, venues: pd.DataFrame, shops: pd.DataFrame, spots: pd.DataFrame
) -> pd.DataFrame:
    """Shops with those that the sites lack moved in, and `site` (row of `spots`, −1 outside)."""
    points = stories()["points"][spots["story"]].to_numpy()
    before = drawn_outlines.holding(spots["shape"], drawn_outlines.metres(shops))
    site = before.copy()
    living = (shops["fate"] != lifecycles.CLOSED).to_numpy()
    street = (shops["venue"] < 0).to_numpy()
    homes, theirs = _homes(shops["town"].to_numpy()), _homes(venues["town"].to_numpy())
    for row, venue in enumerate(spots["venue"]):
        inside = living & (site == row)
        lacking = max(points[row] - inside.sum(), LEAST_STREET - (inside & street).sum(), 0)
        free = np.flatnonzero(street & (site < 0))
        strange = (homes[free] != theirs[venue]).sum(axis=1)
        order = np.lexsort((rng.random(len(free)), strange))
        site[free[order[:lacking]]] = row
    moved = np.flatnonzero(site != before)
    return _moved(rng, shops.assign(site=site), moved, venues, spots)


def _first_claims() -> pd.DataFrame:
    """Rows of ``clusters.csv`` that claim a place of their own, with what their story needs."""
    frame = street_places.facts("clusters").query("again == ''")
    return frame.merge(stories()[["progress", "points"]], on="story", how="left")


def _free(spots: pd.DataFrame, claim: dict[str, Any], taken: pd.DataFrame) -> pd.DataFrame:
    """Spots of the area and kind, those clear of the sites `taken` if there are any."""
    same = (spots["area_id"] == claim["area_id"]) & (spots["kind_id"] == claim["kind_id"])
    spots = spots[same]
    away = np.hypot(
        spots["x"].to_numpy()[:, None] - taken["x"].to_numpy(),
        spots["y"].to_numpy()[:, None] - taken["y"].to_numpy(),
    )
    near = APART * (spots["reach"].to_numpy()[:, None] + taken["reach"].to_numpy())
    clear = (away > near).all(axis=1)
    return spots[clear] if clear.any() else spots


def _effort(
    spot: dict[str, Any], claim: dict[str, Any], door: NDArray, progress: NDArray
) -> tuple[bool, int, int]:
    """What the story would change at a spot: its venue, other venues' shops, the points.

    `progress` is that of each shop's venue, −1 on the street.
    """
    suited = _SUITED[claim["progress"]]
    inside = np.hypot(*(door - (spot["x"], spot["y"])).T) < spot["reach"]
    misfits = inside & ~np.isin(progress, (-1, *suited))
    points = abs(int(inside.sum()) - claim["points"])
    return spot["progress"] not in suited, int(misfits.sum()), points


def _homes(town: NDArray) -> NDArray[np.int64]:
    """Town, area and county by number, one row for each of `town`: the nearer, the more agree."""
    known = street_places.towns()
    codes = [pd.factorize(known[column])[0] for column in ("town_code", "area_id", "county_code")]
    return np.column_stack(codes)[town]


def _moved(
    rng: np.random.Generator,
    shops: pd.DataFrame,
    rows: NDArray,
    venues: pd.DataFrame,
    spots: pd.DataFrame,
) -> pd.DataFrame:
    """Shops with `rows` of them standing around the venue of their site, on its street."""
    spot = spots.iloc[shops["site"].to_numpy()[rows]]
    venue = venues.loc[spot["venue"]].reset_index(drop=True)
    place = street_places.around(rng, venue, CROWD * spot["reach"].to_numpy() / 1000)
    names = shops["name"].to_numpy(dtype=object)[rows]
    old = street_places.towns()["short"].to_numpy()[shops["town"].to_numpy()[rows]]
    values = {
        "name": [name.removeprefix(town) for name, town in zip(names, old, strict=True)],
        "number": venue["number"] + rng.integers(1, 60, len(rows)),
        **venue[["town", "road"]],
        **place,
    }
    return changed(shops, rows, values)
