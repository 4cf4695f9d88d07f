"""Outlines (轮廓) of the demo's venues, drawn around their shops: polygons in `boundaries.METRIC`.

Two in five of the area-type venues have one. Some are drawn as the real ones would come out
awkwardly: a venue within another, a venue across the border of two counties, a venue whose outline
holds no shop at all.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from demo import lifecycles
from demo.venue_list import COVERED
from domain import rules
from geo import boundaries

OUTLINED = 0.4  # of the area-type venues
STRADDLING, NESTED = 2, 3  # venues across a border, venues within another
EDGE_M = 12.0  # between the outermost shop and the outline
CORE_M = 25.0  # least radius
ACROSS_M = 60.0  # how far beyond the border a straddling venue reaches
EMPTY_M = 50.0  # radius of the venue without a shop, if no shop is nearer
DECIMALS = 5  # of a degree: about a metre
_STEP = 10.0**-DECIMALS


def metres(points: pd.DataFrame) -> NDArray[np.float64]:
    """Points (lon, lat in WGS-84) as rows of x and y in metres."""
    series = gpd.GeoSeries(gpd.points_from_xy(points["lon"], points["lat"]), crs="EPSG:4326")
    return shapely.get_coordinates(series.to_crs(boundaries.METRIC).array)


def geojson(shapes: pd.Series) -> pd.Series:
    """Geometry text in WGS-84 of polygons in metres, null where there is none."""
    degrees = gpd.GeoSeries(shapes, crs=boundaries.METRIC).to_crs("EPSG:4326")
    rounded = shapely.set_precision(degrees.array, _STEP, mode="valid_output")
    rounded = shapely.transform(rounded, lambda xy: xy.round(DECIMALS))
    return pd.Series(shapely.to_geojson(rounded), shapes.index, dtype="str")


def of_venues(rng: np.random.Generator, venues: pd.DataFrame, shops: pd.DataFrame) -> pd.Series:
    """Polygon of each venue (the index of `venues`), None for those not outlined."""
    centre, door = metres(venues), metres(shops)
    signs = venues["size"] <= rules.count("one_sign_points")  # an outline would find more shops
    areas = venues.index[~venues["by_links"] & ~signs & ~venues["empty"]].to_numpy()
    border = _border(venues.loc[areas], centre[areas])
    across = areas[np.argsort(shapely.length(border), kind="stable")[:STRADDLING]]
    pairs = _neighbours(venues, centre, np.setdiff1d(areas, across))
    chosen = rng.permutation(areas)[: round(OUTLINED * len(areas))]
    shapes = pd.Series(None, index=venues.index, dtype=object)
    members = shops.groupby("venue").indices
    for row in np.unique([*chosen, *across, *pairs.ravel()]):
        shapes[row] = _around(centre[row], door[members.get(row, [])])
    for row in across:
        shapes[row] = _stretched(shapes[row], border[areas.searchsorted(row)])
    for inner, outer in pairs:
        both = shapely.union(shapes[outer], shapes[inner].buffer(EDGE_M))
        shapes[outer] = shapely.convex_hull(both)
    for row in venues.index[venues["empty"]]:
        nearest = np.hypot(*(door - centre[row]).T).min(initial=2 * EMPTY_M)
        shapes[row] = shapely.Point(centre[row]).buffer(min(EMPTY_M, nearest / 2), quad_segs=3)
    return shapes


def holding(shapes: pd.Series, door: NDArray[np.float64]) -> NDArray[np.int64]:
    """Index in `shapes` of the smallest polygon that holds each point, −1 where none does."""
    drawn = shapes.dropna()
    drawn = drawn.iloc[np.argsort(-shapely.area(drawn.to_numpy()), kind="stable")]
    held = np.full(len(door), -1)
    for row, shape in drawn.items():
        held[shapely.contains_xy(shape, door)] = row
    return held


def settled(venues: pd.DataFrame, shapes: pd.Series, shops: pd.DataFrame) -> pd.DataFrame:
    """Shops of the street that stand in an outline, faring as the venue does, and `outlined`.

    The outline makes them its shops, and it should still come out as the register means. Shops of
    a cluster (`site`) are left as they are. `outlined` is true of a venue's own shops that its
    outline alone would place there.
    """
    holder = holding(shapes, metres(shops))
    street = ((shops["venue"] < 0) & (shops["site"] < 0)).to_numpy()
    held = np.where(street, holder, -1)
    covered = np.append(venues["progress"].to_numpy() == COVERED, False)[held]
    fate = np.where(held < 0, shops["fate"], np.where(covered, lifecycles.KEPT, lifecycles.TARGET))
    early = np.where(covered, np.datetime64("2026-08-31"), lifecycles.AS_OF)
    signed_on = np.minimum(shops["signed_on"].to_numpy(), early.astype("datetime64[s]"))
    rounds = np.where(covered, np.minimum(shops["rounds"], 150), shops["rounds"])
    outlined = (holder >= 0) & (holder == shops["venue"].to_numpy())
    return shops.assign(
        fate=fate.astype(np.int8), signed_on=signed_on, rounds=rounds, outlined=outlined
    )


def _around(centre: NDArray, doors: NDArray) -> shapely.Polygon:
    core = shapely.Point(centre).buffer(CORE_M, quad_segs=2)
    hull = shapely.convex_hull(shapely.union(core, shapely.MultiPoint(doors)))
    return hull.buffer(EDGE_M, quad_segs=2).simplify(4.0)


def _border(venues: pd.DataFrame, centre: NDArray) -> NDArray[np.object_]:
    """Shortest line from each venue to another county of the city."""
    counties = boundaries.counties().set_index("county_code").to_crs(boundaries.METRIC).geometry
    lines = np.empty(len(venues), dtype=object)
    for code, rows in venues.reset_index().groupby("county_code").indices.items():
        others = counties.drop(code).union_all()
        lines[rows] = shapely.shortest_line(shapely.points(centre[rows]), others)
    return lines


def _stretched(shape: shapely.Polygon, border: shapely.LineString) -> shapely.Polygon:
    """The polygon drawn out across the border at the end of the line."""
    start, stop = shapely.get_coordinates(border)
    ahead = (stop - start) / max(border.length, 1e-9)
    beyond = shapely.Point(stop + ACROSS_M * ahead).buffer(ACROSS_M, quad_segs=2)
    return shapely.convex_hull(shapely.union(shape, beyond))


def _neighbours(venues: pd.DataFrame, centre: NDArray, areas: NDArray) -> NDArray[np.int64]:
    """The `NESTED` closest pairs of venues in one county, no venue twice: inner, outer.

    Both have come equally far, covered or not: what lies in both counts the same for either.
    """
    xy = centre[areas]
    county = venues["county_code"].to_numpy(dtype=object)[areas]
    covered = venues["progress"].to_numpy()[areas] == COVERED
    apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    unlike = (county[:, None] != county[None]) | (covered[:, None] != covered[None])
    apart[unlike | np.tri(len(areas), dtype=bool)] = np.inf
    size, pairs, used = venues["size"].to_numpy(), [], set()
    for flat in np.argsort(apart, axis=None, kind="stable"):
        one, other = areas[list(divmod(int(flat), len(areas)))]
        if len(pairs) < NESTED and not used & {one, other}:
            pairs.append((one, other) if size[one] < size[other] else (other, one))
            used |= {one, other}
    return np.array(pairs)
