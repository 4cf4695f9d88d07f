"""Points in metres of a projected system, as degrees.

Which system it is, nobody writes: it is the only one of the reference table in which the two
numbers, in either order, are a point in or near the city. Zones 39 and 20 without their number are
alike but for the scale of UTM, so those are left open.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer

from domain.city import CITY
from domain.reference import records
from geo.boundaries import DEGREES
from geo.point_placing import near_city

METRES = 1000.0
"""From which a number is no angle."""


class Degrees(NamedTuple):
    """A row of `degrees`."""

    lon: float = np.nan
    lat: float = np.nan
    crs: str = ""
    note: str = ""
    reason: str = ""


def degrees(x: NDArray[np.float64], y: NDArray[np.float64]) -> pd.DataFrame:
    """Points of two numbers each, of which one at least is in metres: lon, lat, crs, note, reason.

    `crs` is the system of these degrees, '' where the projection does not say. `note` says what
    was converted; `reason` why nothing was, and lon and lat are then NaN.
    """
    found: list[dict[str, Degrees]] = [{} for _ in x]
    for name, datum, transformer in _systems():
        for east, north in ((x, y), (y, x)):
            lon, lat = transformer.transform(east, north)
            for row in np.flatnonzero(near_city(lon, lat)).tolist():
                note = f"坐标以米为单位，按{name}换算成经纬度"
                found[row][name] = Degrees(lon[row], lat[row], datum, note)
    points = zip(x.tolist(), y.tolist(), found, strict=True)
    return pd.DataFrame([_settled(*point) for point in points], columns=Degrees._fields)


def _settled(x: float, y: float, found: dict[str, Degrees]) -> Degrees:
    """The only point that the numbers may be, or why there is none."""
    if len(found) == 1:
        return next(iter(found.values()))
    written = "、".join(f"{number:.10g}" for number in (x, y) if np.isfinite(number))
    why = f"换算后不在{CITY.name}附近，请换算成经纬度（度）后重填"
    if not (np.isfinite(x) and np.isfinite(y)):
        why = "缺另一半，请补上，或换算成经纬度"
    elif found:
        why = f"分不清是{'还是'.join(found)}，请换算成经纬度（度）后重填"
    return Degrees(reason=f"“{written}”像是以米为单位的投影坐标，{why}")


@cache
def _systems() -> list[tuple[str, str, Transformer]]:
    rows = records("projections")
    codes = (f"EPSG:{row['epsg']}" for row in rows)
    found = (Transformer.from_crs(code, DEGREES, always_xy=True) for code in codes)
    return [(row["name"], row["datum"], one) for row, one in zip(rows, found, strict=True)]
