"""The demo's records as the banks and the office would send them: Chinese headers, own spelling."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demo.street_places import facts, towns
from domain.city import CITY
from domain.reference import labels, table

ALL_BANKS = "全部"


def of_merchants(merchants: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """File name, encoding and sheet of each bank, from `defects.merchant_rows`.

    Every bank has headers (synonyms of ``columns.csv``) and a way of writing dates of its own.
    """
    looks = ("operator_id", "spelling", "encoding", "date_format")
    banks = zip(*(facts("banks")[column] for column in looks), strict=True)
    for place, (bank, spelling, encoding, date_format) in enumerate(banks):
        own = merchants[merchants["bank"] == bank]
        yield f"{spelling}受理点.csv", encoding, sheet("merchants", own, date_format, place)


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
    """Columns of a file of `kind` under the sender's headers: label 0, or a synonym."""
    columns = table("columns").query("kind == @kind and column in @records.columns")
    written = {}
    for column, label, synonyms in columns[["column", "label", "synonyms"]].to_numpy():
        names = [label, *filter(None, synonyms.split(";"))]
        values = records[column]
        is_day = values.dtype.kind == "M"
        written[names[dialect % len(names)]] = _text(values, date_format) if is_day else values
    return pd.DataFrame(written)


def _text(days: pd.Series, pattern: str) -> NDArray[np.object_]:
    """Days as text after a strftime `pattern`, '' where there is none."""
    codes, distinct = pd.factorize(days)
    texts = pd.DatetimeIndex(distinct).strftime(pattern)
    return np.append(texts.to_numpy(dtype=object), "")[codes]
