"""The coordinate system that the headers of points name: 经度(百度), 高德坐标, WGS84坐标.

What a header says holds for every row of its file: before what is remembered of the sender, and
never against what a person chooses or a cell says, which is an error of one of the two.
"""

import re
from collections.abc import Collection, Sequence

import pandas as pd

from geo.coordinate_systems import NAMES
from geo.coordinates import crs_code
from loaders.reading import record_checks
from store.errors import HeaderError


def named(headers: Sequence[str]) -> dict[str, str]:
    """Coordinate systems that the headers of points name, each with its first such header.

    GPS in a header is no more than a word for a point.
    """
    found: dict[str, str] = {}
    for header in headers:
        if code := crs_code(re.sub(r"[()（）\[\]【】]|GPS", "", header, flags=re.IGNORECASE)):
            found.setdefault(code, header)
    return found


def system(headers: Sequence[str], file: str, chosen: str | None = None) -> str | None:
    """The system that the headers of points of a file name, None if they name none.

    Raises `HeaderError` where they name several, or another one than was `chosen`.
    """
    found = named(headers)
    said = "、".join(f"“{header}”写的是 {NAMES[code]}" for code, header in found.items())
    if len(found) > 1:
        raise HeaderError(f"文件“{file}”的列名{said}，两处不同。请只用一种坐标系，或改正列名")
    if chosen and found and chosen not in found:
        raise HeaderError(
            f"文件“{file}”的列名{said}，选的坐标系却是 {NAMES[chosen]}，没有读取。"
            "请向报送单位核实：列名对的，不用再选坐标系；列名错的，请改正列名"
        )
    return next(iter(found), None)


def note(headers: Sequence[str], remembered: str | None) -> tuple[str, ...]:
    """What a person should know where the headers of points name their system."""
    found = named(headers)
    if len(found) != 1:
        return ()
    ((code, header),) = found.items()
    other = f"（以前记住的是 {NAMES[remembered]}）" if remembered and remembered != code else ""
    return (f"列名“{header}”写明坐标系是 {NAMES[code]}，坐标按此换算{other}",)


def stated(cells: pd.Series, headers: Sequence[str]) -> pd.Series:
    """The system that each row states: its cell (`cells`, null where blank), else the headers."""
    found = next(iter(named(headers)), None)
    return cells.fillna(found) if found else cells


def of_points(
    stated: pd.Series, projected: pd.Series, headers: Collection[str], default: str | None
) -> tuple[pd.Series, pd.Series]:
    """The system of each point, null where it is not known, and the notes of contradictions.

    `stated` is that of its cell, `projected` that of a projection, `headers` the systems that the
    headers name; `default` is for rows that state none. A cell against the headers leaves it open.
    """
    against = stated.notna() & ~stated.isin(list(headers)) & bool(headers)
    names = "、".join(NAMES[code] for code in headers)
    sentence = f"坐标系一列与列名写的 {names} 不同，坐标未采用，请核对"
    crs = stated.fillna(projected)
    crs = crs.fillna(default) if default else crs
    return crs.mask(against), record_checks.reason(against, sentence).reindex(stated.index)
