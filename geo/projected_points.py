"""Points in metres of a projected system, as degrees.

Which projection it is, nobody writes: it is the only one of the reference table in which the two
numbers, in either order, are a point in or near the city, and whose degrees are of the system that
is stated, if one is. Zones 39 and 20 without their number are alike but for the scale of UTM, so
those are left open; so are the Mercators of the web and of Baidu, 20 km apart, without a system.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer

from domain.city import CITY
from domain.reference import records
from geo import baidu_metres
from geo.boundaries import DEGREES
from geo.coordinate_systems import NAMES
from geo.point_placing import near_city

_Numbers = NDArray[np.float64]
_Converter = Callable[[_Numbers, _Numbers], tuple[_Numbers, _Numbers]]

METRES = 1000.0
"""From which a number is no angle."""


class Degrees(NamedTuple):
    """A row of `degrees`."""

    lon: float = np.nan
    lat: float = np.nan
    crs: str = ""
    note: str = ""
    reason: str = ""


def degrees(
    x: _Numbers,
    y: _Numbers,
    stated: Sequence[str | None],
    default: str | None,
) -> pd.DataFrame:
    """Points of two numbers each, of which one at least is in metres: lon, lat, crs, note, reason.

    `stated` are the systems that a cell or the headers name for each point, None where none does;
    `default` is that of such points if it decides between several. `crs` is the system of the
    degrees. `note` says what was converted; `reason` why nothing was, and lon and lat are then NaN.
    """
    found: list[dict[str, Degrees]] = [{} for _ in stated]
    for name, datum, converted in _systems():
        for east, north in ((x, y), (y, x)):
            lon, lat = converted(east, north)
            for row in np.flatnonzero(near_city(lon, lat)).tolist():
                note = f"坐标以米为单位，按{name}换算成经纬度"
                found[row][name] = Degrees(lon[row], lat[row], datum, note)
    points = zip(x.tolist(), y.tolist(), found, stated, strict=True)
    return pd.DataFrame([_settled(*point, default) for point in points], columns=Degrees._fields)


def _settled(
    x: float, y: float, found: dict[str, Degrees], stated: str | None, default: str | None
) -> Degrees:
    """The only point that the numbers may be, or why there is none."""
    fitting = _of_system(found, stated) if stated else found
    if len(fitting) > 1:
        fitting = _of_system(fitting, default) or fitting
    if len(fitting) == 1:
        return next(iter(fitting.values()))
    written = "、".join(f"{number:.10g}" for number in (x, y) if np.isfinite(number))
    why = f"换算后不在{CITY.name}附近，请换算成经纬度（度）后重填"
    if not (np.isfinite(x) and np.isfinite(y)):
        why = "缺另一半，请补上，或换算成经纬度"
    elif fitting:
        why = f"分不清是{'还是'.join(fitting)}，请写明坐标系，或换算成经纬度（度）后重填"
    elif stated and found:
        why = (
            f"写明的坐标系是 {NAMES[stated]}，换算后在{CITY.name}附近的却是{'、'.join(found)}，"
            "请核对坐标系，或换算成经纬度（度）后重填"
        )
    return Degrees(reason=f"“{written}”像是以米为单位的投影坐标，{why}")


def _of_system(found: dict[str, Degrees], crs: str | None) -> dict[str, Degrees]:
    return {name: point for name, point in found.items() if point.crs == crs}


@cache
def _systems() -> list[tuple[str, str, _Converter]]:
    """Name, system of the degrees, and conversion into them, of each projection."""
    return [(row["name"], row["datum"], _converter(row["epsg"])) for row in records("projections")]


def _converter(epsg: str) -> _Converter:
    if not epsg:  # in no register
        return baidu_metres.degrees
    return Transformer.from_crs(f"EPSG:{epsg}", DEGREES, always_xy=True).transform
