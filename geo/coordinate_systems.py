"""How well each coordinate system fits the points of a file, and advice that follows from it.

GCJ-02 lies about 0.5 km from WGS-84, BD-09 about 1.2 km. Seats of towns, known to one to five
kilometres, hardly distinguish them; shops whose points were known before do.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from domain import rules
from domain.city import CITY
from geo import boundaries, coordinates
from geo.geocoding import geocode
from geo.place_names import seats

NAMES = {"wgs84": "WGS-84（GPS、天地图）", "gcj02": "GCJ-02（高德、腾讯）", "bd09": "BD-09（百度）"}
"""Label of each coordinate system."""

_SAMPLE = 2_000  # rows in the sample, of those known before and again of the others
_OVERLAP_M = 30.0
_Objects = NDArray[np.object_]
_RIGHT_SHARE = 0.9  # least share of points inside the city with the right system
_WRONG_SHARE = 0.5  # below it with every system, the points are no points of this city


def fits(
    frame: pd.DataFrame, known: pd.DataFrame, folder: Path = boundaries.FOLDER
) -> pd.DataFrame:
    """Fit of each coordinate system to the points of `frame`, one row each of `coordinates.CRS`.

    `frame` has name, address, county and town (as stated), lon and lat as sent, and key, the
    record's key (may be null); `known` has lon and lat (WGS-84) of records known before, indexed
    by key. The sample has at most 4,000 rows, evenly spaced and always the same.

    Columns: crs; rows, points in the sample; inside, share of them within the city; stated, rows
    whose text names a county; in_county and in_town, share of points in the county and the town of
    the text; median_km, median distance to the seat of that town; known, records known before;
    known_m, median distance to their former points, metres; overlap, share of them within 30 m.
    Shares and distances are null where there are no such rows.
    """
    rows = _sample(frame, known)
    stated = _stated(rows, folder)
    former = known.reindex(rows["key"]) if len(known) else rows[["lon", "lat"]] * np.nan
    before = _metric(former["lon"].to_numpy(float), former["lat"].to_numpy(float))
    lon, lat = rows["lon"].to_numpy(dtype="float64"), rows["lat"].to_numpy(dtype="float64")
    return pd.DataFrame(
        {"crs": crs, "rows": len(rows)}
        | _fit(*coordinates.to_wgs84(lon, lat, crs), stated, before, folder)
        for crs in coordinates.CRS
    )


def advice(fits: pd.DataFrame, chosen: str | None) -> str | None:
    """A Chinese sentence where `fits` are clearly against `chosen`, else None.

    With `chosen` None, the sentence names the one system that clearly fits best, if there is one.
    """
    table = fits.set_index("crs")
    if len(table) == 0 or table["rows"].iloc[0] < rules.count("crs_known_count"):
        return None
    if table["inside"].max() < _WRONG_SHARE:
        return (
            f"看了 {table['rows'].iloc[0]:,} 个点，无论按哪种坐标系，"
            f"落在{CITY.name}内的最多只有 {table['inside'].max():.0%}，请核对经纬度两列"
        )
    reason = _by_known(table, chosen) or _by_share(table, chosen)
    if reason is None:
        return None
    best, figures = reason
    if chosen is None:
        return f"这批点很可能是 {NAMES[best]}：{figures}。请向报送单位核实后选定"
    return f"选的是 {NAMES[chosen]}，但数据更像 {NAMES[best]}：{figures}。请向报送单位核实"


def _sample(frame: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Rows with a point, known ones and others: of each at most `_SAMPLE`, evenly spaced."""
    lon, lat = (pd.to_numeric(frame[name], errors="coerce") for name in ("lon", "lat"))
    usable = (lon.abs() <= 180) & (lat.abs() <= 90)
    rows = frame.assign(lon=lon, lat=lat)[usable.to_numpy(dtype=bool)]
    before = rows["key"].isin(known.index[known["lon"].notna() & known["lat"].notna()])
    return pd.concat([_spaced(rows[before]), _spaced(rows[~before])])


def _spaced(rows: pd.DataFrame) -> pd.DataFrame:
    if len(rows) <= _SAMPLE:
        return rows
    return rows.iloc[np.linspace(0, len(rows) - 1, _SAMPLE).astype("int64")]


def _stated(rows: pd.DataFrame, folder: Path) -> tuple[_Objects, _Objects, _Objects]:
    """County and town codes in the texts, and metric seats of the towns; None where unknown."""
    texts = rows[["name", "address"]].assign(county_hint=rows["county"], town_hint=rows["town"])
    places = geocode(texts, folder=folder)
    county, town = (
        places[name].astype(object).where(places[name].notna(), None).to_numpy()
        for name in ("county_code", "town_code")
    )
    nowhere = (np.nan, np.nan)
    lon, lat = np.array([seats().get(code, nowhere) for code in town]).reshape(-1, 2).T
    return county, town, _metric(lon, lat)


def _fit(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    stated: tuple[_Objects, _Objects, _Objects],
    before: _Objects,
    folder: Path,
) -> dict[str, float]:
    """Fit of WGS-84 points to the city, the texts and the records known before."""
    stated_county, stated_town, stated_seat = stated
    points = shapely.points(lon, lat)
    county = boundaries.codes_within(points, boundaries.counties(), "county_code")
    town = boundaries.codes_within(points, boundaries.towns(folder), "town_code")
    metric = _metric(lon, lat)
    far, seat = (
        pd.Series(metres[np.isfinite(metres)])
        for metres in (shapely.distance(metric, before), shapely.distance(metric, stated_seat))
    )
    named, placed = stated_county != None, stated_town != None  # noqa: E711 (elementwise)
    return {
        "inside": pd.Series(county != None).mean(),  # noqa: E711 (elementwise)
        "stated": int(named.sum()),
        "in_county": pd.Series((county == stated_county)[named]).mean(),
        "in_town": pd.Series((town == stated_town)[placed]).mean(),
        "median_km": seat.median() / 1000,
        "known": len(far),
        "known_m": far.median(),
        "overlap": (far <= _OVERLAP_M).mean(),
    }


def _metric(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> _Objects:
    """WGS-84 points in metres; None where a coordinate is missing."""
    points = np.full(len(lon), None, dtype=object)
    usable = np.isfinite(lon) & np.isfinite(lat)
    points[usable] = boundaries.metric(shapely.points(lon[usable], lat[usable]))
    return points


def _by_known(table: pd.DataFrame, chosen: str | None) -> tuple[str, str] | None:
    """The system that puts known shops at their former points, if `chosen` does not; figures."""
    if table["known"].iloc[0] < rules.count("crs_known_count"):
        return None
    distance = table["known_m"]
    best = str(distance.idxmin())
    other = chosen or str(distance.drop(best).idxmin())
    near = distance[best] <= rules.number("crs_near_m")
    if not near or distance[other] < rules.number("crs_far_m"):
        return None
    return best, (
        f"{table['known'].iloc[0]:,} 家以前就有坐标的商户，离原位置的中位距离按 {_short(best)} 是 "
        f"{distance[best]:,.0f} 米（{table['overlap'][best]:.0%} 在 30 米以内），"
        f"按 {_short(other)} 是 {distance[other]:,.0f} 米（若上次的坐标系填错，也会如此）"
    )


def _by_share(table: pd.DataFrame, chosen: str | None) -> tuple[str, str] | None:
    """The system with many more points in the city, or in the stated county; figures."""
    shares = (
        ("inside", "rows", f"落在{CITY.name}内"),
        ("in_county", "stated", "落在地址所写的县区"),
    )
    for column, count, what in shares:
        if table[count].iloc[0] < rules.count("crs_known_count"):
            continue
        share = table[column]
        best = str(share.idxmax())
        other = chosen or str(share.drop(best).idxmax())
        gap = share[best] - share[other]
        if share[best] >= _RIGHT_SHARE and gap >= rules.number("crs_share_gap"):
            return best, (
                f"{table[count].iloc[0]:,} 个点中，按 {_short(best)} 有 {share[best]:.0%} {what}，"
                f"按 {_short(other)} 只有 {share[other]:.0%}"
            )
    return None


def _short(crs: str) -> str:
    return NAMES[crs].partition("（")[0]
