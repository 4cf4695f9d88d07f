"""Points as senders write them: in two columns or one, one way round or the other."""

import pandas as pd

from geo.points import unswapped
from loaders.reading import angles, parsing


def paired(values: dict[str, pd.Series], cells: pd.Series) -> pd.Series:
    """Fill lon and lat of `values` from cells that hold both, where neither is given.

    Returns the reasons of the cells that cannot be read.
    """
    lon, reasons = parsing.column(cells, angles.longitude, "float64")
    lat, _ = parsing.column(cells, angles.latitude, "float64")
    open_ = values["lon"].isna() & values["lat"].isna()
    values["lon"] = values["lon"].mask(open_, lon)
    values["lat"] = values["lat"].mask(open_, lat)
    return reasons


def turned(values: dict[str, pd.Series]) -> pd.Series:
    """Put lon and lat of `values` the right way round; which rows had them the other way."""
    index = values["lon"].index
    lon, lat, swapped = unswapped(values["lon"].to_numpy(), values["lat"].to_numpy())
    values["lon"], values["lat"] = pd.Series(lon, index=index), pd.Series(lat, index=index)
    return pd.Series(swapped, index=index)
