"""The demo's records as the banks and the office would send them: Chinese headers, own spelling."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demo.street_places import facts, towns
from domain.city import CITY
from domain.reference import labels, table
from geo.coordinates import crs_code
from loaders.kinds import KINDS

ALL_BANKS = "全部"


@dataclass(frozen=True)
class Habits:
    """How a bank writes its files: its name in them, encoding, dates, and which headers."""

    operator_id: str
    spelling: str
    encoding: str
    date_format: str
    dialect: int

    @property
    def sender(self) -> str:
        """The bank as a sender."""
        return labels("operators", "operator_id", "operator")[self.operator_id]

    def file(self, on: date, remark: str = "") -> str:
        """Name of the file of a month."""
        return f"{self.spelling}受理点{on:%Y-%m}{remark}.csv"


def banks() -> list[Habits]:
    """The banks that report; every one has a way of writing of its own."""
    looks = facts("banks")
    columns = (looks[name] for name in ("operator_id", "spelling", "encoding", "date_format"))
    return [
        Habits(bank, spelling, encoding, dates, dialect)
        for dialect, (bank, spelling, encoding, dates) in enumerate(zip(*columns, strict=True))
    ]


def office_file(kind: str, on: date) -> str:
    """Name of the office's file of a kind and a month."""
    return f"{KINDS[kind].label}{on:%Y-%m}.csv"


def of_indicators(series: pd.DataFrame) -> pd.DataFrame:
    """The monthly indicators as the office keeps them."""
    banks = series["operator_id"].map(labels("operators", "operator_id", "operator"))
    named = series.assign(
        county=series["county_code"].map(labels("counties", "county_code", "name")),
        operator=banks.fillna(ALL_BANKS),
        indicator_id=series["indicator_id"].map(labels("indicators", "indicator_id", "indicator")),
    )
    return sheet("indicators", named, "%Y-%m")


def placed(records: pd.DataFrame) -> pd.DataFrame:
    """Rows of the office with what they say of their place, and of their bank if they have one."""
    place = towns().iloc[records["town"]]
    parts = zip(place["county"], place["town"], records["road"], records["number"], strict=True)
    stated = records.assign(
        address=[f"{CITY.name}{county}{town}{road}{door}号" for county, town, road, door in parts],
        crs="WGS84",
        county=place["county"].to_numpy(),
        town=place["town"].to_numpy(),
    )
    if "operator_id" in records:
        spelling = facts("banks").set_index("operator_id")["spelling"]
        stated["operator"] = records["operator_id"].map(spelling)
    return stated


def sheet(
    kind: str, records: pd.DataFrame, date_format: str = "%Y-%m-%d", dialect: int = 0
) -> pd.DataFrame:
    """Columns of a file of `kind` under the sender's headers (see `headers`)."""
    written = {}
    for column, header in headers(kind, records.columns, dialect).items():
        values = records[column]
        is_day = values.dtype.kind == "M"
        written[header] = _text(values, date_format) if is_day else values
    return pd.DataFrame(written)


def headers(kind: str, known: Iterable[str], dialect: int = 0) -> dict[str, str]:
    """Header of each of our columns, of those `known`: label 0, or a synonym.

    None names a coordinate system, for the column of systems does.
    """
    columns = table("columns").query("kind == @kind and column in @known")
    written = {}
    for column, label, synonyms in columns[["column", "label", "synonyms"]].to_numpy():
        others = (name for name in synonyms.split(";") if name and not crs_code(name))
        names = [label, *others]
        written[column] = names[dialect % len(names)]
    return written


def _text(days: pd.Series, pattern: str) -> NDArray[np.object_]:
    """Days as text after a strftime `pattern`, '' where there is none."""
    codes, distinct = pd.factorize(days)
    texts = pd.DatetimeIndex(distinct).strftime(pattern)
    return np.append(texts.to_numpy(dtype=object), "")[codes]
