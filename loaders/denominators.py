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
    one venue and day the later holds. An undated one that says what was said last is not new: the
    same file again changes nothing.
    """
    rows = venues.dropna(subset="eligible_count").reset_index(drop=True)
    grade = rows["eligible_grade"].replace("", None)
    dated = rows["eligible_on"].notna()
    day = rows["eligible_on"].fillna(pd.Timestamp(today))
    rows = rows.assign(stated_on=day, eligible_grade=grade)[list(known)].astype(known.dtypes)
    last = known.sort_values(_KEY).drop_duplicates("venue_id", keep="last")
    again = rows[_SAID].merge(last[_SAID].assign(again=True), on=_SAID, how="left")["again"]
    both = pd.concat([known, rows[dated | again.isna()]])
    return both.drop_duplicates(_KEY, keep="last", ignore_index=True)


def seeded(frames: dict[str, pd.DataFrame], day: date) -> dict[str, pd.DataFrame]:
    """Tables of a snapshot of `day`; venues of which no denominator is kept have their present one.

    That is so in a snapshot older than the table.
    """
    known, venues = frames["denominators"], frames["venues"]
    silent = venues[~venues["venue_id"].isin(known["venue_id"])]
    return frames | {"denominators": stated(known, silent, day)}
