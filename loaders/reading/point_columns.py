"""Points as senders write them: in two columns or one, one way round or the other."""

import numpy as np
import pandas as pd

from geo.point_placing import unswapped
from loaders.reading import angles, cell_parsing, record_checks

_APART_M = 100.0  # from which two points of one record contradict each other
_DEGREE_M = 111_320.0  # metres of a degree of latitude


def paired(values: dict[str, pd.Series], cells: pd.Series) -> pd.Series:
    """Fill lon and lat of `values` from cells that hold both, where one or both are not given.

    `note` of `values` says where the two contradict each other. Returns the reasons of the cells
    that cannot be read.
    """
    lon, reasons = cell_parsing.column(cells, angles.longitude, "float64")
    lat, _ = cell_parsing.column(cells, angles.latitude, "float64")
    notes = _contradictions(values["lon"], values["lat"], lon, lat)
    values["note"] = record_checks.joined(values["note"], notes.reindex(cells.index))
    open_ = (values["lon"].isna() | values["lat"].isna()) & lon.notna() & lat.notna()
    values["lon"] = values["lon"].mask(open_, lon)
    values["lat"] = values["lat"].mask(open_, lat)
    return reasons


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


def turned(values: dict[str, pd.Series]) -> pd.Series:
    """Put lon and lat of `values` the right way round; which rows had them the other way."""
    index = values["lon"].index
    lon, lat, swapped = unswapped(values["lon"].to_numpy(), values["lat"].to_numpy())
    values["lon"], values["lat"] = pd.Series(lon, index=index), pd.Series(lat, index=index)
    return pd.Series(swapped, index=index)
