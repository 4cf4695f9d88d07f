"""The demo's records as the banks and the office would send them: Chinese headers, own spelling."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demo.lifecycles import AS_OF
from demo.street_places import facts, towns
from domain import owners
from domain.city import CITY
from domain.reference import labels, table

DATES = {
    "target_on": "target",
    "contracted_on": "contracted",
    "opened_on": "opened",
    "inspected_on": "inspected",
    "paid_on": "paid",
    "suspended_on": "suspended",
    "closed_on": "closed",
    "refused_on": "refused",
}
"""Event of each date column of a file: it holds the day of the latest."""

ALL_BANKS = "全部"
_ADDRESS = CITY.name + "{county}{town}{road}{number}号"
_INDICATORS = {  # columns of the file: label table, code, label
    "county": ("counties", "county_code", "name"),
    "operator": ("operators", "operator_id", "operator"),
    "indicator_id": ("indicators", "indicator_id", "indicator"),
}


def of_merchants(rows: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """File name, encoding and table of each bank, from `defects.merchant_rows`.

    Every bank has headers (synonyms of `columns.csv`) and a way of writing dates of its own.
    """
    for place, bank in enumerate(facts("banks").itertuples()):
        mine = rows[rows["bank"] == bank.operator_id]
        mine = mine.assign(**{column: written(mine[column], bank.date_format) for column in DATES})
        yield f"{bank.spelling}受理点.csv", bank.encoding, _sheet("merchants", mine, place)


def of_venues(venues: pd.DataFrame) -> pd.DataFrame:
    """The register as the office keeps it."""
    days = {
        column: written(venues[column], "%Y-%m-%d")
        for column in ("eligible_on", "listed_on", "delisted_on")
    }
    return _sheet("venues", venues.assign(**_stated(venues), **days))


def of_scenarios(instances: pd.DataFrame, latest: pd.DataFrame) -> pd.DataFrame:
    """The scenario ledger as the office keeps it; `latest` are its days by event."""
    days = {column: written(latest[event], "%Y-%m-%d") for column, event in DATES.items()}
    return _sheet("scenarios", instances.assign(**_stated(instances), **days))


def of_indicators(series: pd.DataFrame) -> pd.DataFrame:
    """The monthly indicators as the office keeps them."""
    rows = series.rename(columns={"county_code": "county", "operator_id": "operator"})
    names = {column: rows[column].map(labels(*source)) for column, source in _INDICATORS.items()}
    names["operator"] = names["operator"].fillna(ALL_BANKS)
    return _sheet("indicators", rows.assign(month=written(rows["month"], "%Y-%m"), **names))


def of_clusters(clusters: pd.DataFrame) -> pd.DataFrame:
    """The ledger of clusters (示范聚集区台账) as the office keeps it."""
    days = {
        column: written(clusters[column], "%Y-%m-%d")
        for column in ("declared_on", "planned_on", "plaque_on", "withdrawn_on")
    }
    names = owners.names(AS_OF.item())
    listed = clusters["owners"].str.split(";")
    return _sheet(
        "clusters",
        clusters.assign(
            owners=listed.map(lambda codes: "、".join(names[code] for code in codes)),
            is_first=np.where(clusters["is_first"], "是", "否"),
            inspected_on=clusters["inspected"].str.split(";").str[-1],
            **_places(clusters),
            **days,
        ),
    )


def ids(venues: pd.DataFrame, rows: pd.Series) -> NDArray[np.object_]:
    """Venue ids of rows of the register, '' for row -1."""
    return np.append(venues["venue_id"].to_numpy(dtype=object), "")[rows]


def written(days: pd.Series, pattern: str) -> NDArray[np.object_]:
    """Days as text after a strftime `pattern`, '' where there is none."""
    codes, distinct = pd.factorize(days.to_numpy().astype("datetime64[s]"))
    texts = pd.DatetimeIndex(distinct).strftime(pattern)
    return np.append(texts.to_numpy(dtype=object), "")[codes]


def _stated(rows: pd.DataFrame) -> dict[str, object]:
    """What every row of the office says of its place and bank."""
    spelling = facts("banks").set_index("operator_id")["spelling"]
    return _places(rows) | {"operator": rows["operator_id"].map(spelling)}


def _places(rows: pd.DataFrame) -> dict[str, object]:
    """What every row of the office says of its place."""
    place = towns().iloc[rows["town"]]
    parts = zip(place["county"], place["town"], rows["road"], rows["number"], strict=True)
    return {
        "address": [
            _ADDRESS.format(county=county, town=town, road=road, number=number)
            for county, town, road, number in parts
        ],
        "crs": "WGS84",
        "county": place["county"].to_numpy(),
        "town": place["town"].to_numpy(),
    }


def _sheet(kind: str, rows: pd.DataFrame, dialect: int = 0) -> pd.DataFrame:
    """Columns of a file of `kind` under the sender's headers: label 0, or a synonym."""
    columns = table("columns").query("kind == @kind")
    headers = {}
    for column in columns[columns["column"].isin(rows.columns)].itertuples():
        names = [column.label, *filter(None, column.synonyms.split(";"))]
        headers[column.column] = names[dialect % len(names)]
    return rows[list(headers)].rename(columns=headers)
