"""What a document on a scope could not say, because nobody told it: found before it is made."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain import reference
from queries import attainment, commitments, monthly_figures
from queries.engine import engine, remembered
from queries.knowledge import bank_name
from queries.scope import Scope

LEDGERS = ("merchants", "scenarios", "clusters", "filings")
Sort = Literal[
    "nothing", "register", "no_venue", "merchants", "scenarios", "clusters", "filings",
    "indicators", "province", "cash_points", "part_month", "late", "silent", "unknown",
    "no_indicator",
]  # fmt: skip


@dataclass(frozen=True)
class Lack:
    """Something that is missing, of the kind `sort`.

    `banks` are those that lack something, each with the day of its last file where it sent one;
    `names` of what else is missing; `count` how many are concerned, of `of`; `month` is the month
    that was due, by its last day.
    """

    sort: Sort
    banks: tuple[tuple[str, date | None], ...] = ()
    names: tuple[str, ...] = ()
    count: int = 0
    of: int = 0
    month: date | None = None


@remembered
def lacks(scope: Scope) -> tuple[Lack, ...]:
    """What is missing for a document on `scope`, what weighs most first."""
    months = _indicator_months(scope)
    province = commitments.rows(scope.snapshot_id, "province")["month"]
    told = {"indicators": bool(months), "province": (province.dt.date <= scope.as_of).any()}
    known = engine(scope.snapshot_id).known
    told |= {name: known.has(name) for name in LEDGERS}
    told["register"] = known.has_by("venues", scope.as_of)
    if not any(told.values()):
        return (Lack("nothing"),)
    return (
        *_ledgers(scope, told),
        *_part_of_a_month(scope),
        *_banks(scope),
        *_venues(scope, told),
        *_indicators(scope, months),
    )


def whole_month(day: date) -> date:
    """The last month end up to `day`."""
    ends = monthrange(day.year, day.month)[1] == day.day
    return day if ends else attainment.month_before(day)


def _ledgers(scope: Scope, told: Mapping[str, bool]) -> Iterator[Lack]:
    order: tuple[Sort, ...] = (
        "register", "merchants", "scenarios", "clusters", "filings", "indicators", "province",
    )  # fmt: skip
    for sort in order:
        of_city = sort == "province" and scope.area_id  # its ranks are the city's alone
        if not told[sort] and not of_city:
            yield Lack(sort)


def _part_of_a_month(scope: Scope) -> Iterator[Lack]:
    days = monthrange(scope.as_of.year, scope.as_of.month)[1]
    if scope.as_of.day < days:
        yield Lack("part_month", count=scope.as_of.day, of=days, month=whole_month(scope.as_of))


def _banks(scope: Scope) -> Iterator[Lack]:
    """Banks whose last file is of a month before the last whole one, or that sent none."""
    known, month = engine(scope.snapshot_id).known, whole_month(scope.as_of)
    spoken = known.spoken(scope.as_of)
    late = {bank: day for bank, day in spoken.items() if day < month.replace(day=1)}
    silent = known.silent(scope.as_of)
    if late:
        banks = tuple((bank_name(bank), day) for bank, day in sorted(late.items()))
        yield Lack("late", banks=banks, count=len(late), of=len(spoken), month=month)
    if silent:
        yield Lack("silent", banks=tuple((bank_name(one), None) for one in silent))


def _venues(scope: Scope, told: Mapping[str, bool]) -> Iterator[Lack]:
    if not told["register"]:
        return
    venues = attainment.venues(scope)
    unknown = int((venues["denominator"] == "unknown").sum())
    if venues.empty:
        yield Lack("no_venue")
    elif told["merchants"] and not venues["cash_points"].sum():
        yield Lack("cash_points")
    if unknown:
        yield Lack("unknown", count=unknown, of=len(venues))


def _indicator_months(scope: Scope) -> dict[str, date]:
    """The last month, by its first day, of each indicator that the city was told."""
    city = monthly_figures.indicators(Scope(scope.snapshot_id, scope.as_of))
    last = city.groupby("indicator_id")["month"].max()
    return {str(indicator): month.date() for indicator, month in last.items()}


def _indicators(scope: Scope, months: Mapping[str, date]) -> Iterator[Lack]:
    """Indicators that the city has, but not of the last whole month."""
    month = whole_month(scope.as_of)
    missing = tuple(
        name
        for indicator, name in reference.labels("indicators", "indicator_id", "indicator").items()
        if months.get(indicator, date.min) < month.replace(day=1)
    )
    if months and missing:
        yield Lack("no_indicator", names=missing, month=month)
