"""The demo's records as the banks and the office would send them: Chinese headers, own spelling."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demo.lifecycles import AS_OF
from demo.street_places import facts, towns
from domain import owners
from domain.city import CITY
from domain.reference import labels, table
from domain.typed_rows import rows

ALL_BANKS = "全部"


class Bank(NamedTuple):
    """A row of ``banks.csv``: how the bank's files look."""

    operator_id: str
    encoding: str
    date_format: str
    spelling: str


class Header(NamedTuple):
    """A row of ``columns.csv``: a column and the headers it may come under."""

    column: str
    label: str
    synonyms: str


def of_merchants(merchants: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """File name, encoding and sheet of each bank, from `defects.merchant_rows`.

    Every bank has headers (synonyms of ``columns.csv``) and a way of writing dates of its own.
    """
    for place, bank in enumerate(rows(facts("banks"), Bank)):
        own = merchants[merchants["bank"] == bank.operator_id]
        yield (
            f"{bank.spelling}受理点.csv",
            bank.encoding,
            sheet("merchants", own, bank.date_format, place),
        )


def of_indicators(series: pd.DataFrame) -> pd.DataFrame:
    """The monthly indicators as the office keeps them."""
    banks = series["operator_id"].map(labels("operators", "operator_id", "operator"))
    named = series.assign(
        county=series["county_code"].map(labels("counties", "county_code", "name")),
        operator=banks.fillna(ALL_BANKS),
        indicator_id=series["indicator_id"].map(labels("indicators", "indicator_id", "indicator")),
    )
    return sheet("indicators", named, "%Y-%m")


def of_clusters(clusters: pd.DataFrame) -> pd.DataFrame:
    """The ledger of clusters (示范聚集区台账) as the office keeps it."""
    names = owners.names(AS_OF.astype(object))
    codes = clusters["owners"].str.split(";")
    stated = placed(clusters).assign(
        owners=["、".join(names[code] for code in several) for several in codes],
        is_first=np.where(clusters["is_first"], "是", "否"),
        inspected_on=clusters["inspected"].str.split(";").str[-1],
    )
    return sheet("clusters", stated)


def placed(records: pd.DataFrame) -> pd.DataFrame:
    """Rows of the office with what they say of their place, and of their bank if they have one."""
    place = towns().iloc[records["town"]]
    parts = zip(place["county"], place["town"], records["road"], records["number"], strict=True)
    stated = records.assign(
        address=[
            f"{CITY.name}{county}{town}{road}{number}号" for county, town, road, number in parts
        ],
        crs="WGS84",
        county=place["county"].to_numpy(),
        town=place["town"].to_numpy(),
    )
    if "operator_id" in records:
        spelling = facts("banks").set_index("operator_id")["spelling"]
        stated["operator"] = records["operator_id"].map(spelling)
    return stated


def ids(venues: pd.DataFrame, positions: pd.Series) -> NDArray[np.object_]:
    """Venue ids of rows of the register, '' for row -1."""
    return np.append(venues["venue_id"].to_numpy(dtype=object), "")[positions]


def sheet(
    kind: str, records: pd.DataFrame, date_format: str = "%Y-%m-%d", dialect: int = 0
) -> pd.DataFrame:
    """Columns of a file of `kind` under the sender's headers: label 0, or a synonym."""
    columns = table("columns").query("kind == @kind")
    written = {}
    for header in rows(columns[columns["column"].isin(records.columns)], Header):
        names = [header.label, *filter(None, header.synonyms.split(";"))]
        values = records[header.column]
        is_day = values.dtype.kind == "M"
        written[names[dialect % len(names)]] = _text(values, date_format) if is_day else values
    return pd.DataFrame(written)


def _text(days: pd.Series, pattern: str) -> NDArray[np.object_]:
    """Days as text after a strftime `pattern`, '' where there is none."""
    codes, distinct = pd.factorize(days)
    texts = pd.DatetimeIndex(distinct).strftime(pattern)
    return np.append(texts.to_numpy(dtype=object), "")[codes]
