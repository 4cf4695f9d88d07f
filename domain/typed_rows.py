"""Rows of a table as tuples: typed, so that a checker knows what a cell is, or of any cells."""

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar

import pandas as pd

Row = TypeVar("Row", bound=NamedTuple)


def rows(frame: pd.DataFrame, row: type[Row]) -> Iterator[Row]:
    """The rows of `frame` in order, each a `row`: its fields name the columns that it takes."""
    return map(row._make, cells(frame, *row._fields))


def cells(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """Cells of `columns`, row by row."""
    return list(zip(*(frame[name] for name in columns), strict=True))
