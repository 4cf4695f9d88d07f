"""五、下一步要求 of the brief: who does what by when, made from what the data lack."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

import pandas as pd

from domain import owners, pace, rules
from domain.typed_rows import cells
from presentation import brief_facts, brief_wording, labels, lapsing_listings, order_listings
from presentation.brief_facts import NAMED
from presentation.brief_wording import Annexes
from presentation.dispute_listings import party
from queries import (
    attainment,
    commitments,
    dispute_standing,
    lapsing_soon,
    order_standing,
    proposals,
)
from queries.scope import Scope, area_name

ORDERS = 10  # that the table names; the annex has them all
_LONGEST = 16  # signs of a name
_WAITING = ("open", "overdue")


HEADINGS = ["事项", "责任单位", "完成时限"]


class Step(NamedTuple):
    """One row of the table, under `HEADINGS`."""

    matter: str
    unit: str
    due: str


def steps(scope: Scope, since: date, annexes: Annexes) -> Iterator[Step]:
    """What is asked for in a brief of `scope` that is issued on the day `since`, the first first.

    What takes paper is due when those named report back, what takes work at the end of the month
    after next of the day of the data, or of the issue where that is too soon; what lapses, and what
    has a day already, by its own day.
    """
    soon = _day(brief_wording.reply_by(since), since)
    ends = proposals.deadline(scope.as_of), proposals.deadline(since)
    late = _day(next(day for day in ends if day > brief_wording.reply_by(since)), since)
    yield from _denominators(scope, late, annexes)
    yield from (_banks if scope.area_id else _areas)(scope, late, annexes)
    yield from _clusters(scope, late, annexes)
    yield from _reinspections(scope, soon)
    yield from _documents(scope, soon)
    yield from _reports(scope, soon, annexes)
    yield from _lapsing(scope, since)
    yield from _disputes(scope, since, soon)
    yield from _orders(scope, since, annexes)


def _denominators(scope: Scope, due: str, annexes: Annexes) -> Iterator[Step]:
    """Venues whose denominator is to be confirmed, by their areas and departments."""
    venues = attainment.venues(scope)
    unknown = _with_area(labels.with_names(venues[venues["denominator"] == "unknown"]))
    if unknown.empty:
        return
    areas, departments = unknown["area"].value_counts(), unknown["owner"].dropna().unique()
    units = (labels.named(areas.index, NAMED), labels.named(departments, 3))
    yield Step(
        f"核定{len(unknown)}个场所的应覆盖商户数{_see(annexes, 'venues')}",
        "；".join(filter(None, units)),
        due,
    )


def _areas(scope: Scope, due: str, annexes: Annexes) -> Iterator[Step]:
    """How far each area below the line is from it, and the banks that close most of that."""
    plan = _with_area(labels.with_names(attainment.plan(scope)))
    line = pace.due_share(scope.as_of)
    for one in brief_facts.below(scope):
        first = plan[plan["area"] == one.area]
        if pd.isna(one.share) or first.empty:
            continue
        need = pace.still_needed(one.covered, one.venues, line)
        first = first.head(need)
        of = "" if len(first) == need else f"，其中应覆盖数已知的{len(first)}个"
        yield Step(
            f"再达标{need}个场所{of}，补齐受理点（环节）{first['needed'].sum():,.0f}家（项）"
            f"{_see(annexes, 'venues')}",
            "，".join(filter(None, (one.area, operators(first)))),
            due,
        )


def _banks(scope: Scope, due: str, annexes: Annexes) -> Iterator[Step]:
    """What each bank has to close in an area, the most first."""
    plan = labels.with_names(attainment.plan(scope))
    parts = sorted(plan.groupby("operator"), key=lambda one: -one[1]["needed"].sum())
    for operator, part in parts:
        named = labels.named(_short_names(part), 2)
        yield Step(
            f"补齐{named or f'{len(part)}个场所'}的受理点（环节）"
            f"{part['needed'].sum():,.0f}家（项）{_see(annexes, 'venues')}",
            str(operator) if operator != "未填报" else f"{area_name(scope)}（责任银行未填报）",
            due,
        )


def _clusters(scope: Scope, due: str, annexes: Annexes) -> Iterator[Step]:
    """Owners that owe more mature clusters."""
    if commitments.cluster_history(scope.snapshot_id, scope.as_of).empty:
        return  # nobody said how many there are
    table = commitments.cluster_owners(scope.snapshot_id, scope.as_of)
    short = table[table["obliged"] & ~table["reached_floor"]]
    if scope.area_id:
        short = short[short["owner_id"] == scope.area_id]
    if short.empty:
        return
    floor = rules.count("cluster_floor")
    each = "每家" if len(short) > 1 else ""
    yield Step(
        f"{each}至少建成{floor}个成熟示范聚集区",
        _units(short["owner"], annexes, "clusters"),
        due,
    )


def _reinspections(scope: Scope, due: str) -> Iterator[Step]:
    """Clusters whose re-inspection has lapsed."""
    table = brief_facts.expired(scope)
    if table.empty:
        return
    names = owners.names(scope.as_of)
    ids = table["owners"].fillna("").str.split(";").explode()
    units = [names.get(one, one) for one in ids.unique() if one]
    named = labels.named(_short_names(table), 2)
    yield Step(f"复检{named or f'{len(table)}个示范聚集区'}", labels.named(units, NAMED, "家"), due)


def _documents(scope: Scope, due: str) -> Iterator[Step]:
    """Documents of the notice that have not come."""
    for item, part in commitments.unsent(scope).groupby("item", sort=False):
        yield Step(f"补报{item}", labels.named(part["owner"], NAMED, "家"), due)


def _reports(scope: Scope, due: str, annexes: Annexes) -> Iterator[Step]:
    """The last month's news; no area owes it."""
    silent = brief_facts.unreported(scope)
    if scope.area_id or silent.empty:
        return
    month = silent["month"].iloc[0]
    yield Step(
        f"补报{month.year}年{month.month}月信息", _units(silent["owner"], annexes, "reports"), due
    )


def _lapsing(scope: Scope, since: date) -> Iterator[Step]:
    """What lapses soon and makes a venue fall, under who acts."""
    rows = lapsing_soon.rows(scope, rules.count("upkeep_days"))
    rows = rows[rows["falls"]]
    if rows.empty:
        return
    acting = lapsing_listings.listed(rows, scope)["acting"].value_counts()
    venues = rows["venue_id"].nunique()
    kept = f"，防止{venues}个场所退出达标" if venues else ""
    yield Step(
        f"对即将到期的{len(rows):,}处完成巡检、交易或复检{kept}",
        labels.named(acting.index, NAMED, "家"),
        f"各自到期日前，最早{_day(rows['until'].min(), since)}",
    )


def _disputes(scope: Scope, since: date, soon: str) -> Iterator[Step]:
    """Disputes that wait for an answer."""
    found = dispute_standing.of_version(scope)
    found = found[found["status"].isin(_WAITING) & (found["against_role"] != "")]
    columns = ("number", "against_role", "against_unit", "due_on", "status")
    for number, role, unit, day, status in cells(found, *columns):
        due = soon if status == "overdue" else _day(day, since)
        yield Step(f"答复质询{number}", party(role, unit), due)


def _orders(scope: Scope, since: date, annexes: Annexes) -> Iterator[Step]:
    """Orders that are not done, those longest overdue first."""
    found = order_standing.of_version(scope)
    found = found[found["light"].notna()].sort_values("days_left", kind="stable")
    table = order_listings.listed(found).sort_values("days_left", kind="stable")
    for number, matter, unit, day, light in cells(
        table.head(ORDERS), "number", "order_matter", "order_unit", "due_on", "light"
    ):
        late = "（已逾期）" if light == "red" else ""
        yield Step(f"{number}：{matter}", unit, f"{_day(day, since)}{late}")
    if len(table) > ORDERS:
        rest = table.iloc[ORDERS:]
        units = labels.named(rest["order_unit"].unique(), NAMED, "家")
        yield Step(f"其余{len(rest)}件督办单{_see(annexes, 'pending')}", units, "各自期限前")


def _with_area(named: pd.DataFrame) -> pd.DataFrame:
    return named.assign(area=labels.area_names(named))


def operators(plan: pd.DataFrame) -> str:
    """The banks that answer for the venues of a plan, those with the most to do first."""
    banks = (
        labels.with_names(plan)
        .groupby("operator")["needed"]
        .sum()
        .sort_values(ascending=False, kind="stable")
    )
    return labels.named((name for name in banks.index if name != "未填报"), 3, "家")


def _short_names(rows: pd.DataFrame) -> list[str]:
    return [labels.abridged(name, _LONGEST) for name in labels.listed(rows)["name"]]


def _units(names: pd.Series, annexes: Mapping[str, str], key: str) -> str:
    """The units by name, or the annex that names them where there are many."""
    if len(names) > NAMED and annexes.get(key):
        return f"{annexes[key]}所列{len(names)}家单位"
    return labels.named(names, NAMED, "家")


def _see(annexes: Mapping[str, str], key: str) -> str:
    return f"（{annexes[key]}）" if annexes.get(key) else ""


def _day(day: date, since: date) -> str:
    text = labels.chinese_day(day)
    return text.split("年")[1] if day.year == since.year else text
