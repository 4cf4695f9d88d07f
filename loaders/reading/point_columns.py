"""Points as senders write them: in two columns or one, one way round or the other, in metres."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo import projected_points
from geo.point_placing import SWAPPED, unswapped
from loaders.reading import angles, cell_parsing, record_checks

_APART_M = 100.0  # from which two points of one record contradict each other
_DEGREE_M = 111_320.0  # metres of a degree of latitude


class Points(NamedTuple):
    """The points of rows: degrees, null where there are none.

    `crs` is the system of a point that was projected, null of any other. `note` says where a row
    contradicts itself, `mended` what was put right in reading. `reasons` are, by column, those of
    the cells that cannot be read.
    """

    lon: pd.Series
    lat: pd.Series
    crs: pd.Series
    note: pd.Series
    mended: pd.Series
    reasons: dict[str, pd.Series]


def read(
    sent: Mapping[str, pd.Series], rows: pd.Index, stated: pd.Series, default: str | None
) -> Points:
    """The points in the cells of the columns of points (lon, lat, lonlat) that a file has.

    `stated` is the system of each row as its cell or the headers name it, null where they do not;
    `default` is that of the other rows, None if nobody said.
    """
    columns, reasons = {}, {}
    for column, reader in {"lon": angles.degrees, "lat": angles.degrees}.items():
        columns[column] = cell_parsing.nothing(rows, "float64")
        if column in sent:
            columns[column], reasons[column] = cell_parsing.column(sent[column], reader, "float64")
    found, wrong = _unprojected(columns["lon"], columns["lat"], stated, default)
    _add(reasons, "lon" if "lon" in sent else "lat", wrong)
    if "lonlat" in sent:
        cells = sent["lonlat"]
        lon, reasons["lonlat"] = cell_parsing.column(cells, angles.longitude, "float64")
        lat, _ = cell_parsing.column(cells, angles.latitude, "float64")
        pair, wrong = _unprojected(lon, lat, stated, default)
        _add(reasons, "lonlat", wrong)
        found = _filled(found, pair)
    east, north, swapped = unswapped(found["lon"].to_numpy(), found["lat"].to_numpy())
    turned = record_checks.reason(pd.Series(swapped, index=rows), SWAPPED).reindex(rows)
    return Points(
        pd.Series(east, index=rows),
        pd.Series(north, index=rows),
        found["crs"],
        found["note"],
        record_checks.joined(found["mended"], turned),
        reasons,
    )


def _add(reasons: dict[str, pd.Series], column: str, more: pd.Series) -> None:
    """Add reasons of rows that have none yet to those of a column."""
    if len(more):
        before = reasons[column]
        reasons[column] = pd.concat([before, more.drop(before.index, errors="ignore")])


def _unprojected(
    lon: pd.Series, lat: pd.Series, stated: pd.Series, default: str | None
) -> tuple[pd.DataFrame, pd.Series]:
    """Points in degrees (lon, lat, crs, note, mended), and why those in metres are none."""
    texts = dict.fromkeys(("crs", "note", "mended"), cell_parsing.nothing(lon.index, "str"))
    found = pd.DataFrame({"lon": lon, "lat": lat} | texts)
    metres = found.index[found[["lon", "lat"]].max(axis=1) >= projected_points.METRES]
    named = stated[metres].astype(object).where(stated[metres].notna(), None).tolist()
    known = projected_points.degrees(lon[metres].to_numpy(), lat[metres].to_numpy(), named, default)
    known = known.set_axis(metres).astype(dict.fromkeys(("crs", "note", "reason"), "str"))
    wrong = known["reason"] != ""
    found.loc[metres, ["lon", "lat"]] = known[["lon", "lat"]]
    found.loc[metres, "crs"] = known["crs"].mask(wrong)
    found.loc[metres, "mended"] = known["note"].mask(wrong)
    return found, known.loc[wrong, "reason"]


def _filled(found: pd.DataFrame, pair: pd.DataFrame) -> pd.DataFrame:
    """Points of two columns, filled from those of one cell where one or both are not given."""
    open_ = found[["lon", "lat"]].isna().any(axis=1) & pair["lon"].notna() & pair["lat"].notna()
    notes = _contradictions(found["lon"], found["lat"], pair["lon"], pair["lat"])
    found = found.where(~open_, pair)
    found["note"] = notes.reindex(found.index)
    return found


def _contradictions(
    lon: pd.Series, lat: pd.Series, pair_lon: pd.Series, pair_lat: pd.Series
) -> pd.Series:
    """Notes of the rows whose two columns and one cell are points apart."""
    east, north, _ = unswapped(lon.to_numpy(), lat.to_numpy())
    pair_east, pair_north, _ = unswapped(pair_lon.to_numpy(), pair_lat.to_numpy())
    x = (east - pair_east) * np.cos(np.radians(pair_north))
    far = np.hypot(*np.nan_to_num([x, north - pair_north])) * _DEGREE_M  # 0 for what is not given
    apart = pd.Series(far, index=lon.index)
    apart = apart[apart > _APART_M]
    shown = pd.concat([lon, lat, pair_lon, pair_lat], axis=1).loc[apart.index].round(6)
    shown = shown.astype(object).where(shown.notna(), "空")
    notes = [
        f"经度、纬度两列是“{a}、{b}”，经纬度一列是“{c},{d}”，相距约 {_length(far)}，请核对"
        for (a, b, c, d), far in zip(shown.to_numpy().tolist(), apart, strict=True)
    ]
    return pd.Series(notes, index=apart.index, dtype="str")


def _length(metres: float) -> str:
    return f"{metres:.0f} 米" if metres < 1000 else f"{metres / 1000:.1f} 公里"
