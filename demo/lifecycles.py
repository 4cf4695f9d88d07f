"""What happens to the demo's records, and when: signings along an S-curve, then months of use.

Each record gets the days it was put on the list, signed, opened, fell asleep and ended; from them
come the events that the banks' monthly files would have added one by one: the last payment of each
month, each inspection. All days are ``datetime64[D]``; NaT is never.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

START = np.datetime64("2023-04-01")
AS_OF = np.datetime64("2026-10-31")
MONTHS = np.arange("2023-04", "2026-11", dtype="datetime64[M]")
MONTH_ENDS: list[date] = ((MONTHS + 1).astype("datetime64[D]") - 1).tolist()
NEVER = np.datetime64("NaT", "D")

# Signings a month follow a logistic curve's slope, times the season: banks close their year in
# December, nobody signs over the spring festival, and phase P3 ends in August 2025.
MIDDLE, WIDTH, FLOOR = 17.0, 6.5, 0.14  # months since START, months, share of the peak
SEASON = {1: 0.7, 2: 0.5, 6: 1.2, 8: 1.1, 11: 1.3, 12: 2.3}

# How a record ends up. KEPT is inspected and used to the last day; ASLEEP was opened and then left
# alone; SIGNED never opened; TARGET was never signed.
KEPT, ASLEEP, SIGNED, TARGET, REFUSED, SUSPENDED, CLOSED = range(7)
LATEST_SLEEP = np.datetime64("2026-04-20")  # so that a sleeper's last inspection has lapsed

EVENTS = ("target", "contracted", "opened", "inspected", "paid", "suspended", "closed", "refused")
ENDS = EVENTS[5:]


def signing_days(
    rng: np.random.Generator, delay_months: NDArray[np.int64]
) -> NDArray[np.datetime64]:
    """Random days along the S-curve, one for each entry of `delay_months` behind the city."""
    days = np.empty(len(delay_months), dtype="datetime64[D]")
    for delay in np.unique(delay_months):
        rows = np.flatnonzero(delay_months == delay)
        month = rng.choice(MONTHS, len(rows), p=_signing_shares(float(delay)))
        first, following = month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]")
        length = (following - first).astype(int)
        days[rows] = first + (rng.random(len(rows)) * length).astype(int)
    return days


def events(rng: np.random.Generator, records: pd.DataFrame) -> pd.DataFrame:
    """Events of the records: row (position in `records`), event, day; no event twice on a day.

    `records` has fate (how the record ends up: KEPT …), signed_on (the day it signs or refuses),
    listed_on (the day it becomes a target), pays (the chance of a payment in a month) and rounds
    (days between inspections); it may have quiet_on, the last day of use of those ASLEEP, where
    that is not left to chance.
    """
    pays, rounds = records["pays"].to_numpy(), records["rounds"].to_numpy()
    plan = _plan(rng, records)
    opened, quiet = plan["opened"], plan.pop("quiet")
    happened = []
    for event, days in plan.items():
        rows = np.flatnonzero(~np.isnat(days))
        happened.append(_happened(rows, event, days[rows]))
    due = opened + rng.integers(0, 10, len(records))
    for month in MONTHS:
        first, last = month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]") - 1
        until = np.minimum(quiet, last)
        pay = rng.random(len(records)) < pays
        used = np.flatnonzero((opened <= until) & (quiet >= first) & pay)
        back = np.minimum(rng.geometric(0.2, len(used)) - 1, 24)  # days since the last payment
        day = np.maximum(until[used] - back, np.maximum(opened[used], first))
        happened.append(_happened(used, "paid", day))
        seen = np.flatnonzero(due <= until)
        happened.append(_happened(seen, "inspected", due[seen]))
        due[seen] += rounds[seen] + rng.integers(-8, 9, len(seen))
    events: pd.DataFrame = pd.concat(happened, ignore_index=True)
    return events


def _happened(rows: NDArray[np.int64], event: str, days: NDArray[np.datetime64]) -> pd.DataFrame:
    """One event of each of `rows`, in types that take little room: there are many events."""
    codes = np.full(len(rows), EVENTS.index(event), np.int8)
    kinds = pd.Categorical.from_codes(codes, categories=pd.Index(EVENTS))
    days = days.astype("datetime64[s]")
    return pd.DataFrame({"row": rows.astype(np.int32), "event": kinds, "day": days})


def monthly(happened: pd.DataFrame, records: int) -> Iterator[tuple[date, pd.DataFrame]]:
    """The last day of each month, and the latest day of each event by then.

    The frame has one row for each of `records` (target_on, contracted_on …). An end before the
    latest signing is of a life that is over: it is left out.
    """
    row, day = happened["row"].to_numpy(), happened["day"].to_numpy()
    codes = pd.Categorical(happened["event"], categories=EVENTS).codes
    month = (day.astype("datetime64[M]") - MONTHS[0]).astype(np.int16)
    order = np.argsort(month, kind="stable")
    until = np.searchsorted(month, np.arange(len(MONTHS)), side="right", sorter=order)
    days = {f"{event}_on": np.full(records, NEVER.astype("datetime64[s]")) for event in EVENTS}
    for end, first, last in zip(MONTH_ENDS, [0, *until], until, strict=False):
        fresh = order[first:last]
        for code, known in enumerate(days.values()):
            of = fresh[codes[fresh] == code]
            known[row[of]] = day[of]
        frame = pd.DataFrame(days)
        begun = frame["contracted_on"]
        ends = [f"{event}_on" for event in ENDS]
        yield end, frame.assign(**{name: frame[name].mask(frame[name] < begun) for name in ends})


def latest(happened: pd.DataFrame, records: int, on: date) -> pd.DataFrame:
    """The latest day of each event by the end `on` of a month: see `monthly`."""
    return next(days for end, days in monthly(happened, records) if end == on)


def _plan(rng: np.random.Generator, records: pd.DataFrame) -> dict[str, NDArray[np.datetime64]]:
    """Days by record of what happens once, and `quiet`, the last day of use."""
    n, fate = len(records), records["fate"].to_numpy()
    signed_on, listed_on = _days(records, "signed_on"), _days(records, "listed_on")
    signs = np.isin(fate, (KEPT, ASLEEP, SIGNED, SUSPENDED, CLOSED))
    contracted = np.where(signs, signed_on, NEVER)
    opened = contracted + 1 + np.minimum(rng.geometric(0.12, n), 25)
    opened = np.where((fate != SIGNED) & (opened <= AS_OF), opened, NEVER)
    sleeps = np.maximum(np.minimum(opened + rng.integers(15, 240, n), LATEST_SLEEP), opened)
    if "quiet_on" in records:
        given = _days(records, "quiet_on")
        sleeps = np.where(np.isnat(given), sleeps, np.maximum(given, opened))
    ends = opened + rng.integers(60, 700, n)
    ends = np.where(ends <= AS_OF, ends, NEVER)
    ending = np.isin(fate, (SUSPENDED, CLOSED)) & ~np.isnat(ends)
    quiet = np.select([fate == ASLEEP, ending], [sleeps, ends - 1], AS_OF)
    return {
        "target": np.minimum(listed_on, signed_on),
        "contracted": contracted,
        "opened": opened,
        "quiet": np.where(np.isnat(opened), NEVER, quiet),
        "suspended": np.where(fate == SUSPENDED, ends, NEVER),
        "closed": np.where(fate == CLOSED, ends, NEVER),
        "refused": np.where(fate == REFUSED, signed_on, NEVER),
    }


def _signing_shares(delay: float) -> NDArray[np.float64]:
    month = np.arange(len(MONTHS))
    slope = 1 / np.cosh((month - MIDDLE - delay) / (2 * WIDTH)) ** 2
    season = np.array([SEASON.get(int(m) % 12 + 1, 1.0) for m in MONTHS.astype(int)])
    shares = (slope + FLOOR) * season
    return np.asarray(shares / shares.sum())


def _days(records: pd.DataFrame, column: str) -> NDArray[np.datetime64]:
    return records[column].to_numpy().astype("datetime64[D]")
