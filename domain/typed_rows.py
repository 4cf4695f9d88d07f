"""Rows of a table as typed tuples, so that a checker knows what a cell is."""

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

import pandas as pd

Row = TypeVar("Row", bound=NamedTuple)


def rows(frame: pd.DataFrame, row: type[Row]) -> Iterator[Row]:
    """The rows of `frame` in order, each a `row`: its fields name the columns that it takes."""
    return map(row._make, zip(*(frame[name] for name in row._fields), strict=True))
