"""The cities of the province and their published figures as pages list them."""

import pandas as pd

from domain import province
from queries import commitments
from queries.engine import remembered
from queries.scope import Scope

STANDING = ["measure", "own_value", "unit", "month_text", "rank_text", "cities", "age_text",
            "source"]  # fmt: skip
CITIES = ["rank_label", "city", "city_value", "month_text", "same_text", "published_text",
          "age_text", "source"]  # fmt: skip


@remembered
def standing(scope: Scope) -> pd.DataFrame:
    """The own city on every measure, with labels."""
    rows = province.standing(commitments.rows(scope.snapshot_id, "province"), scope.as_of)
    return rows.assign(
        own_value=rows["value"],
        month_text=pd.to_datetime(rows["month"]).dt.strftime("%Y-%m").fillna("—"),
        rank_text=[_rank(*ranks) for ranks in zip(rows["rank"], rows["rank_worst"], strict=True)],
        age_text=_ages(rows),
    )


@remembered
def cities(scope: Scope, measure_id: str) -> pd.DataFrame:
    """All cities on one measure, with labels."""
    rows = province.comparison(
        commitments.rows(scope.snapshot_id, "province"), measure_id, scope.as_of
    )
    if rows.empty:
        return rows
    return rows.assign(
        rank_label=rows["rank"].astype("string").fillna("不排名"),
        city_value=rows["value"],
        month_text=rows["month"].dt.strftime("%Y-%m").fillna("没有数"),
        same_text=rows["same_month"].map({True: "", False: "不是同一个月"}),
        published_text=rows["published_on"].dt.strftime("%Y-%m-%d").fillna("—"),
        age_text=_ages(rows),
    )


def _rank(rank: int | None, worst: int | None) -> str:
    if rank is None or pd.isna(rank):
        return "未知"
    return f"{rank}" if rank == worst else f"{rank}（最差 {worst}）"


def _ages(rows: pd.DataFrame) -> list[str]:
    """How long ago each figure was published."""
    return [
        "—" if pd.isna(days) else f"{days} 天前公布" + ("，已过时" if stale else "")
        for days, stale in zip(rows["age_days"], rows["stale"], strict=True)
    ]
