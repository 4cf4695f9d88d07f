"""Denominators as they were stated, day by day: a venue's register shows the last one only.

What was stated stays, so that a denominator that shrank can be seen.
"""

from datetime import date

import pandas as pd

_KEY = ["venue_id", "stated_on"]
_SAID = ["venue_id", "eligible_count", "eligible_grade", "eligible_source"]


def stated(known: pd.DataFrame, venues: pd.DataFrame, today: date) -> pd.DataFrame:
    """Table `denominators` with those that `venues` of a file state, on their day, else `today`.

    `venues` has eligible_count, eligible_on, eligible_grade, eligible_source and source_file. Of
    one venue and day the largest count holds: a smaller one for a day of which another is known is
    of `today`, so that a correction downwards hides nothing. An undated one that says what was said
    last is not new, nor is such a correction that was told before: the same file again changes
    nothing.
    """
    rows = venues.dropna(subset="eligible_count").reset_index(drop=True)
    grade = rows["eligible_grade"].replace("", None)
    undated = rows["eligible_on"].isna()
    day = rows["eligible_on"].fillna(pd.Timestamp(today))
    rows = rows.assign(stated_on=day, eligible_grade=grade)[list(known)].astype(known.dtypes)
    fewer = _fewer(rows, known) & ~undated
    rows["stated_on"] = rows["stated_on"].mask(fewer, pd.Timestamp(today))
    last = known.sort_values(_KEY).drop_duplicates("venue_id", keep="last")
    told = (undated & _said(rows, last)) | (fewer & _said(rows, known))
    both = pd.concat([known, rows[~told]], ignore_index=True)
    largest = both.sort_values([*_KEY, "eligible_count"], kind="stable")
    kept = largest.drop_duplicates(_KEY, keep="last")
    return kept.sort_index().reset_index(drop=True)


def _fewer(rows: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Whether a larger count of the same venue and day is known."""
    counts = known.set_index(_KEY)["eligible_count"]
    before = counts.reindex(pd.MultiIndex.from_frame(rows[_KEY])).set_axis(rows.index)
    return (rows["eligible_count"] < before).fillna(False).astype(bool)


def _said(rows: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Whether `known` says the same of the venue, whatever the day."""
    ever = known[_SAID].drop_duplicates().assign(again=True)
    return rows[_SAID].merge(ever, on=_SAID, how="left")["again"].notna()


def seeded(frames: dict[str, pd.DataFrame], day: date) -> dict[str, pd.DataFrame]:
    """Tables of a snapshot of `day`; venues of which no denominator is kept have their present one.

    That is so in a snapshot older than the table.
    """
    known, venues = frames["denominators"], frames["venues"]
    silent = venues[~venues["venue_id"].isin(known["venue_id"])]
    return frames | {"denominators": stated(known, silent, day)}
