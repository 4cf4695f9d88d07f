"""The fourteen targets of the notice: where each should be, where it is, and what became of it.

Every target is measured by a *series*: as_of (ascending), done and owed, counted in the target's
own unit. A target's share is done ÷ owed; where the notice gives no number, it has no goal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from domain import forecast, reference
from domain.forecast import Reach

STATUS = {
    "held": "按期达到，保持至今",
    "reached": "已达到",
    "late": "逾期达到",
    "lost": "达到过，没有保持",
    "missed": "到期未达到",
    "on_pace": "进行中，按进度",
    "behind": "进行中，落后进度",
    "open": "进行中，没有期限",
    "counted": "通知没有定数，只列数",
    "unknown": "缺数据，未知",
}
"""What is to be said of a target on a day."""


@dataclass(frozen=True)
class Target:
    """A row of ``targets.csv``, typed.

    `start` and `due` are None where the notice sets no day, `goal` where it gives no number.
    """

    target_id: str
    target: str
    clause: str
    owner_kinds: str
    start: date | None
    due: date | None
    monthly: bool
    goal: float | None
    unit: str
    measure: str

    def should(self, as_of: date) -> float | None:
        """Share due on `as_of` (应达线): the goal times the elapsed share of its time.

        Linear from the morning of `start` to the evening of `due`, then the goal. A target without
        a due day has none; a monthly one is always due in full.
        """
        if self.goal is None or self.start is None:
            return None
        if self.due is None:
            return self.goal if self.monthly else None
        elapsed = ((as_of - self.start).days + 1) / ((self.due - self.start).days + 1)
        return self.goal * min(max(elapsed, 0.0), 1.0)


@dataclass(frozen=True)
class Standing:
    """A target on a day: share, status (`STATUS`), what is done and owed, and when it gets there.

    `reached_on` is the first day of the series on which the goal was reached, `since` the first of
    the unbroken run up to the day. `reach` is empty where the goal is reached or there is none.
    """

    target: Target
    done: float | None
    owed: float | None
    share: float | None
    should: float | None
    status: str
    reached_on: date | None
    since: date | None
    reach: Reach


def targets() -> list[Target]:
    """All targets in the order of the reference."""
    return [
        Target(
            **{name: row[name] for name in ("target_id", "target", "clause", "owner_kinds")},
            start=_day(row["start"]),
            due=_day(row["due"]),
            monthly=row["due"] == "monthly",
            goal=float(row["goal"]) if row["goal"] else None,
            unit=row["unit"],
            measure=row["measure"],
        )
        for row in reference.table("targets").to_dict("records")
    ]


def standing(target: Target, series: pd.DataFrame, as_of: date) -> Standing:
    """Where `target` stands on `as_of`, by its `series` of as_of, done and owed up to that day.

    The share is unknown where nothing is owed or where `done` is null.
    """
    series = series[series["as_of"] <= pd.Timestamp(as_of)]
    shares = (series["done"] / series["owed"].where(series["owed"] > 0)).to_numpy(dtype=float)
    share = pd.Series(shares, pd.DatetimeIndex(series["as_of"]))
    last = series.iloc[-1] if len(series) else pd.Series({"done": None, "owed": None})
    now = share.iloc[-1] if len(share) and pd.notna(share.iloc[-1]) else None
    reached = _reached(target, share)
    ahead = target.goal is not None and now is not None and reached.since is None
    return Standing(
        target,
        None if pd.isna(last["done"]) else float(last["done"]),
        None if pd.isna(last["owed"]) else float(last["owed"]),
        now,
        target.should(as_of),
        _status(target, now, reached, as_of),
        reached.first,
        reached.since,
        forecast.reach(share, target.goal) if ahead else Reach(None, None, None),
    )


def _status(target: Target, share: float | None, reached: "_Reached", as_of: date) -> str:
    if target.goal is None:
        return "counted"
    if share is None:
        return "unknown"
    over = target.due is not None and as_of > target.due
    if reached.since is not None:
        in_time = over and reached.since <= target.due
        return "held" if in_time else "late" if over else "reached"
    should = target.should(as_of)
    if over or (should is None and reached.first is not None):
        return "missed" if reached.first is None else "lost"
    return "open" if should is None else "on_pace" if share >= should else "behind"


@dataclass(frozen=True)
class _Reached:
    """First day on which a goal was reached, and first of the unbroken run up to the last day."""

    first: date | None
    since: date | None


def _reached(target: Target, share: pd.Series) -> _Reached:
    if target.goal is None or share.empty:
        return _Reached(None, None)
    met = share >= target.goal - 1e-9
    first = share.index[met.to_numpy()][0].date() if met.any() else None
    if not met.iloc[-1]:
        return _Reached(first, None)
    breaks = share.index[~met.to_numpy()]
    run = share.index if breaks.empty else share.index[share.index > breaks[-1]]
    return _Reached(first, run[0].date())


def at_months(
    days: list[date], measured: Callable[[date], tuple[float | None, float | None]]
) -> pd.DataFrame:
    """A series of what `measured` gives for each day: (done, owed)."""
    rows = [(day, *measured(day)) for day in days]
    frame = pd.DataFrame(rows, columns=["as_of", "done", "owed"])
    return frame.assign(as_of=pd.to_datetime(frame["as_of"])).astype({"done": float, "owed": float})


def rising(series: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Monthly series against a year before (T04): name, month, value, before, rising.

    `series` has name, month (first day), value and complete, as of `reported.growth`; the newest
    complete month of each is compared. `rising` is null where the same month of the year before is
    not known.
    """
    known = series[series["month"] <= pd.Timestamp(as_of)]
    last = known[known["complete"]].sort_values("month").groupby("name", sort=False).tail(1)
    before = known.assign(month=known["month"] + pd.DateOffset(years=1))
    table = last.merge(
        before.rename(columns={"value": "before"})[["name", "month", "before"]],
        on=["name", "month"],
        how="left",
    )[["name", "month", "value", "before"]]
    up = (table["value"] > table["before"]).astype("boolean")
    return table.assign(rising=up.mask(table["before"].isna()))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text not in ("", "monthly") else None
