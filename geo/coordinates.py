"""Conversions between WGS-84, GCJ-02 (火星坐标) and BD-09 (百度坐标), vectorised and exact.

GCJ-02 is the publicly known offset formula on the Krasovsky 1940 ellipsoid (as in the EvilTransform
project); BD-09 is Baidu's further shift of GCJ-02. Neither has a closed inverse: the inverses here
iterate the forward formula until the residual is below 1e-9 degree (0.1 mm). CGCS2000 differs from
WGS-84 by less than a metre and is taken as WGS-84.
"""

import re
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

CRS = ("wgs84", "gcj02", "bd09")

_Degrees = NDArray[np.float64]
_Pair = tuple[_Degrees, _Degrees]

_KRASOVSKY_A = 6378245.0
_KRASOVSKY_EE = 0.00669342162296594323
_BD_PI = np.pi * 3000.0 / 180.0
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)  # the rectangle outside which GCJ-02 is the identity
_TOLERANCE = 1e-10
_ROUNDS = 20

_NAMES = (
    ("bd09", re.compile(r"BD[-_]?0?9(?:LL)?|百度|BAIDU", re.IGNORECASE)),
    (
        "wgs84",
        re.compile(
            r"WGS[-_]?(?:19)?84|CGCS[-_]?2000|天地图|国家?2000|EPSG:?4326|EPSG:?4490|GPS",
            re.IGNORECASE,
        ),
    ),
    ("gcj02", re.compile(r"GCJ[-_]?0?2|高德|腾讯|火星|国测局|AMAP", re.IGNORECASE)),
)


def crs_code(text: object) -> str | None:
    """Code of the coordinate system that `text` names (``高德`` → ``gcj02``), None if unknown.

    A source in brackets is ignored: ``WGS84(from GCJ02)`` is WGS-84. A text that names two systems
    side by side is unknown.
    """
    if not isinstance(text, str):
        return None
    plain = re.split(r"[(（]", text.replace(" ", ""))[0]
    codes = {code for code, pattern in _NAMES if pattern.search(plain)}
    return codes.pop() if len(codes) == 1 else None


def without_crs(text: str) -> str:
    """`text` without the names of coordinate systems."""
    for _, pattern in _NAMES:
        text = pattern.sub("", text)
    return text


def to_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str) -> _Pair:
    """Points in `crs` as WGS-84 longitude and latitude in degrees; NaN stays NaN.

    Raises `ValueError` for a `crs` that is not one of `CRS`.
    """
    x, y = _arrays(lon, lat)
    if _known(crs) == "bd09":
        x, y = _inverse(_gcj_to_bd, x, y)
    if crs != "wgs84":
        x, y = _inverse(_wgs_to_gcj, x, y)
    return x, y


def from_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str) -> _Pair:
    """WGS-84 points as longitude and latitude in `crs`, in degrees.

    Raises `ValueError` for a `crs` that is not one of `CRS`.
    """
    x, y = _arrays(lon, lat)
    if _known(crs) != "wgs84":
        x, y = _wgs_to_gcj(x, y)
    if crs == "bd09":
        x, y = _gcj_to_bd(x, y)
    return x, y


def km(point: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance of two WGS-84 points (lon, lat) some kilometres apart, in kilometres."""
    east = (point[0] - other[0]) * 111.32 * np.cos(np.radians(point[1]))
    return float(np.hypot(east, (point[1] - other[1]) * 110.57))


def _known(crs: str) -> str:
    if crs not in CRS:
        raise ValueError(f"不认识的坐标系“{crs}”，请用 {'、'.join(CRS)} 之一。")
    return crs


def _arrays(lon: ArrayLike, lat: ArrayLike) -> _Pair:
    return np.array(lon, dtype="float64", ndmin=1), np.array(lat, dtype="float64", ndmin=1)


def _inverse(forward: Callable[[_Degrees, _Degrees], _Pair], x: _Degrees, y: _Degrees) -> _Pair:
    """Solve ``forward(u, v) == (x, y)`` by fixed-point iteration (the shift is a contraction)."""
    u, v = x.copy(), y.copy()
    for _ in range(_ROUNDS):
        fx, fy = forward(u, v)
        dx, dy = x - fx, y - fy
        u, v = u + dx, v + dy
        if not (np.maximum(np.abs(dx), np.abs(dy)) > _TOLERANCE).any():
            break
    return u, v


def _wgs_to_gcj(lon: _Degrees, lat: _Degrees) -> _Pair:
    west, south, east, north = _CHINA
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = 20.0 * (np.sin(6.0 * np.pi * x) + np.sin(2.0 * np.pi * x))
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north_m += (waves + 20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi / 3.0 * y)) * 2.0 / 3.0
    north_m += (160.0 * np.sin(np.pi / 12.0 * y) + 320.0 * np.sin(np.pi / 30.0 * y)) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east_m += (waves + 20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi / 3.0 * x)) * 2.0 / 3.0
    east_m += (150.0 * np.sin(np.pi / 12.0 * x) + 300.0 * np.sin(np.pi / 30.0 * x)) * 2.0 / 3.0
    phi = np.radians(lat)
    magic = 1.0 - _KRASOVSKY_EE * np.sin(phi) ** 2
    meridian = np.radians(_KRASOVSKY_A * (1.0 - _KRASOVSKY_EE) / (magic * np.sqrt(magic)))
    parallel = np.radians(_KRASOVSKY_A / np.sqrt(magic) * np.cos(phi))
    shift_x = np.where(inside, east_m / parallel, 0.0)
    shift_y = np.where(inside, north_m / meridian, 0.0)
    return lon + shift_x, lat + shift_y


def _gcj_to_bd(lon: _Degrees, lat: _Degrees) -> _Pair:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
