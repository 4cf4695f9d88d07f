"""The fourteen targets of the notice: the share due, the share reached and the status of each.

Every target is measured by a *series*: as_of (ascending), done and owed, counted in the target's
own unit. A target's share is done ÷ owed; where the notice gives no number, it has no goal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from domain import forecast, pace, reference
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
"""Status code → Chinese label."""


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
        """Share due on `as_of` (应达线, `pace.due`); a monthly target is always due in full.

        None for a target without a goal or a due day.
        """
        if self.goal is None or self.start is None:
            return None
        if self.due is None:
            return self.goal if self.monthly else None
        return pace.due(self.goal, self.start, self.due, as_of)


@dataclass(frozen=True)
class Standing:
    """A target on a day: done, owed and their share, the share due, status (`STATUS`), forecast.

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
        for row in reference.records("targets")
    ]


def standing(target: Target, series: pd.DataFrame, as_of: date) -> Standing:
    """Standing of `target` on `as_of`, by its `series` (as_of, done, owed) up to that day.

    The share is unknown where nothing is owed or where `done` is null.
    """
    series = series[series["as_of"] <= pd.Timestamp(as_of)]
    shares = (series["done"] / series["owed"].where(series["owed"] > 0)).to_numpy(dtype=float)
    share = pd.Series(shares, pd.DatetimeIndex(series["as_of"]))
    last = series.iloc[-1] if len(series) else pd.Series({"done": None, "owed": None})
    now = share.iloc[-1] if len(share) and pd.notna(share.iloc[-1]) else None
    reached_on, since = _reached(target, share)
    ahead = target.goal if now is not None and since is None else None
    return Standing(
        target,
        None if pd.isna(last["done"]) else float(last["done"]),
        None if pd.isna(last["owed"]) else float(last["owed"]),
        now,
        target.should(as_of),
        _status(target, now, reached_on, since, as_of),
        reached_on,
        since,
        Reach(None, None, None) if ahead is None else forecast.reach(share, ahead),
    )


def _status(
    target: Target, share: float | None, reached_on: date | None, since: date | None, as_of: date
) -> str:
    if target.goal is None:
        return "counted"
    if share is None:
        return "unknown"
    over = target.due is not None and as_of > target.due
    if since is not None:
        if target.due is None or not over:
            return "reached"
        return "held" if since <= target.due else "late"
    should = target.should(as_of)
    if over or (should is None and reached_on is not None):
        return "missed" if reached_on is None else "lost"
    return "open" if should is None else "on_pace" if share >= should else "behind"


def _reached(target: Target, share: pd.Series) -> tuple[date | None, date | None]:
    """First day on which the goal was reached, and first of the unbroken run up to the last day."""
    if target.goal is None or share.empty:
        return None, None
    met = (share >= target.goal - 1e-9).to_numpy()
    days = [day.date() for day in pd.DatetimeIndex(share.index)]
    first = days[met.argmax()] if met.any() else None
    if not met[-1]:
        return first, None
    run = len(met) - int((~met)[::-1].argmax()) if not met.all() else 0
    return first, days[run]


def at_days(
    days: Sequence[date], measure: Callable[[date], tuple[float | None, float | None]]
) -> pd.DataFrame:
    """A series (as_of, done, owed) of what `measure` gives for each day: done and owed."""
    rows = [(day, *measure(day)) for day in days]
    frame = pd.DataFrame(rows, columns=["as_of", "done", "owed"])
    return frame.assign(as_of=pd.to_datetime(frame["as_of"])).astype({"done": float, "owed": float})


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text not in ("", "monthly") else None
