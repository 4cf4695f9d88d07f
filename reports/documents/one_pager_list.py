"""The list of a county one-pager: what is to be done where, or what is to be kept up."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

import pandas as pd

from domain import rules, typed_rows
from excel.cell_text import one_line
from presentation import labels, plan_wording
from queries import attainment
from queries.plans import Outlook
from queries.scope import Scope

LINES = 80  # more than any page takes
PLACE = 24  # signs of a venue beside its shops
KEPT_UP = "巡检或做成一笔真实交易"


@dataclass(frozen=True)
class Line:
    """One line of the list: what is to be done where, for how many units."""

    number: int
    place: str
    name: str
    address: str
    operator: str
    todo: str
    units: int


class Listed(NamedTuple):
    """The list of a sheet: its title, first lines, units in all, venues with theirs, and page."""

    title: str
    lines: tuple[Line, ...]
    total: int
    venues: tuple[tuple[str, int], ...]
    page: str


def work(outlook: Outlook) -> Listed:
    """The first lines of the planner's work list, and the units of the whole of it."""
    total = int(outlook.plan["needed"].sum())
    steps = plan_wording.work(outlook, int(outlook.steps["so_far"].head(LINES).iloc[-1]))
    again = steps["number"].duplicated()
    lines = _lines(steps.assign(place=steps["place"].mask(again, "")))
    names = outlook.venues.set_index("venue_id")["name"].loc[outlook.plan["venue_id"]]
    units = map(int, outlook.plan["needed"])
    venues = tuple(zip((one_line(name, PLACE) for name in names), units, strict=True))
    title = f"要补的名单（共{total:,}家、项，差得最少的场所在前）"
    return Listed(title, lines, total, venues, "缺口清单")


def upkeep(scope: Scope) -> Listed:
    """Where nothing is missing: what runs out in the next days."""
    shops = attainment.running_out(scope)
    first = shops.head(LINES)
    days = [scope.as_of + timedelta(days=left) for left in first["left"]]
    lines = _lines(
        first.assign(
            order=range(1, len(first) + 1),
            place=first["venue"],
            operator=labels.bank_names(first["operator_id"]),
            todo=[f"{day.month}月{day.day}日前{KEPT_UP}" for day in days],
            units=1,
        )
    )
    due = f"到期{len(shops):,}家" if lines else "没有到期的"
    title = f"要保持的名单（{rules.count('upkeep_days')}天内{due}）"
    return Listed(title, lines, len(shops), (), "到期与新情况")


def _lines(work: pd.DataFrame) -> tuple[Line, ...]:
    columns = ("order", "place", "name", "address", "operator", "todo", "units")
    return tuple(
        Line(number, one_line(place, PLACE), one_line(name), one_line(address), *rest)
        for number, place, name, address, *rest in typed_rows.cells(work, *columns)
    )
