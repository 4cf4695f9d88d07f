"""The tables of the brief: rows of text by the columns that a template may name."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pandas as pd

from domain import dispute_rules, order_rules, rules
from domain.owners import KINDS
from domain.targets import STATUS
from presentation import (
    brief_steps,
    dispute_listings,
    front_wording,
    labels,
    order_listings,
    progress_listings,
    venue_listings,
)
from presentation.brief_wording import Annexes
from presentation.statements import statements
from queries import attainment, board_standings, commitments, order_standing
from queries.scope import Scope
from reports.documents import one_pager_due

LISTED = 100  # venues that an annex names; the page has them all
NONE = "—"
Rows = list[dict[str, str]]


def board(scope: Scope, kind: str) -> Rows:
    """The board of counties or zones with its bounds, whatever area the scope is about.

    No rows while the register is empty.
    """
    ranks = board_standings.ranks(replace(scope, area_id=""), kind)
    if not ranks["share"].notna().any():
        return []
    rows = venue_listings.board(ranks, kind)
    return _rows(
        rank=[
            "并列" + text.removesuffix("（并列）") if "并" in text else text
            for text in rows["rank_label"]
        ],
        area=rows["area"],
        covered=_counts(rows["covered"]) + "/" + _counts(rows["venues"]),
        share=rows["share"].map(labels.percent),
        interval=map(_between, rows["low"], rows["high"]),
        ranks=rows["rank_range"],
        change=rows["delta"].map(front_wording.points),
        tier=rows["band_label"],
        remark=rows["caution"],
    )


def plan(scope: Scope) -> pd.DataFrame:
    """The planner's venues with names for codes, and `area`: the zone, else the county."""
    rows = labels.with_names(attainment.plan(scope))
    return rows.assign(area=labels.area_names(rows))


def venues(scope: Scope) -> Rows:
    """The venues that need the fewest, and what doing them one after another adds up to."""
    rows = _listed(scope)
    return _rows(
        order=map(str, range(1, len(rows) + 1)),
        venue=rows["name"],
        kind=rows["kind"],
        area=rows["area"],
        operator=rows["operator"],
        eligible=rows["adopted_text"],
        verified=_counts(rows["verified"]),
        needed=_counts(rows["needed"]),
        signings=_counts(rows["signings"]),
    )


def raised(scope: Scope) -> Rows:
    """The venues of `venues` whose lists hold more than the register says, with both sources."""
    rows = _listed(scope)
    rows = rows[rows["denominator_note"] != ""]
    return _rows(venue=rows["name"], note=rows["denominator_note"])


def _listed(scope: Scope) -> pd.DataFrame:
    return venue_listings.with_denominators(plan(scope).head(LISTED), scope)


def rest(scope: Scope) -> Rows:
    """Where the venues are that `venues` leaves out, and how many they are in all."""
    left = plan(scope).iloc[LISTED:]
    if left.empty:
        return []
    places = left.groupby("area", sort=False)["needed"].agg(["size", "sum"])
    places = places.sort_values(["size", "sum"], ascending=False, kind="stable")
    return _rows(
        area=[*places.index, "合计"],
        count=[*_counts(places["size"]), f"{len(left):,}"],
        needed=[*_counts(places["sum"]), f"{left['needed'].sum():,.0f}"],
    )


def unknown(scope: Scope) -> Rows:
    """Venues whose denominator is to be confirmed, by area."""
    found = venue_listings.unconfirmed(scope)
    rows = found.assign(area=labels.area_names(found)).sort_values(["area", "venue_id"])
    rows = rows.head(LISTED)
    return _rows(
        order=map(str, range(1, len(rows) + 1)),
        venue=rows["venue"],
        kind=rows["kind"],
        area=rows["area"],
        department=rows["owner"].fillna("未填报"),
    )


def steps(scope: Scope, since: date, annexes: Annexes) -> Rows:
    """What is asked for, of whom, by when."""
    return [one._asdict() for one in brief_steps.steps(scope, since, annexes)]


def cluster_owners(scope: Scope) -> Rows:
    """Owners that owe more mature clusters; none for a part of the city, whose own is a target."""
    if scope.area_id:
        return []
    rows = commitments.cluster_owners(scope.snapshot_id, scope.as_of)
    rows = rows[rows["obliged"] & ~rows["reached_floor"]]
    rows = rows.sort_values(["mature", "declared"], kind="stable")
    return _rows(
        owner=rows["owner"],
        kind=rows["owner_kind"].map(KINDS),
        declared=_counts(rows["declared"]),
        mature=_counts(rows["mature"]),
        short=_counts(rules.count("cluster_floor") - rows["mature"]),
    )


def unsent(scope: Scope) -> Rows:
    """Documents of the notice that are past their day and have not come."""
    rows = commitments.unsent(scope)
    return _rows(item=rows["item"], owner=rows["owner"], due=map(labels.chinese_day, rows["due"]))


def pending(scope: Scope) -> Rows:
    """Supervision orders that are not done, and disputes, as the scope's version knew them."""
    orders = order_listings.listed(order_standing.of_version(scope))
    orders = orders[orders["light"].notna()]
    disputes = dispute_listings.of_documents(scope)
    about = disputes["dispute_subject"] + "：" + disputes["dispute_reason"]
    return [
        *_rows(
            number=orders["number"],
            matter=orders["order_matter"],
            unit=orders["order_unit"],
            due=map(labels.chinese_day, orders["due_on"]),
            state=orders["state"].map(order_rules.STATES),
        ),
        *_rows(
            number=disputes["number"],
            matter=about,
            unit=disputes["against"],
            due=[_day(day) for day in disputes["answer_due"]],
            state=disputes["status"].map(dispute_rules.STATUS),
        ),
    ]


def clusters(scope: Scope) -> Rows:
    """Demonstration clusters of the scope."""
    rows = progress_listings.clusters(scope)
    return _rows(
        cluster=rows["cluster"],
        owner=rows["owner_names"].replace("", "未填报"),
        state=rows["state_text"],
        points=[text.replace(" ", "") for text in rows["points_text"]],
        lacking=rows["lacking_gates"],
    )


def targets(scope: Scope) -> Rows:
    """The targets of the notice; of a part of the city what the notice asks of it."""
    if scope.area_id:
        return _own_targets(scope)
    rows = progress_listings.targets(scope)
    status = {one.target.target_id: STATUS[one.status] for one in commitments.standings(scope)}
    return _rows(
        number=rows["target_id"],
        target=[text.replace(";", "；") for text in rows["target_text"]],
        due=map(_in_chinese, rows["due_text"]),
        should=rows["should_text"],
        done=rows["done_text"],
        status=rows["target_id"].map(status),
    )


def _own_targets(scope: Scope) -> Rows:
    """What the notice asks of an area, and how it stands."""
    areas = attainment.areas(scope)
    (row,) = (one for _, one in areas[areas["area_id"] == scope.area_id].iterrows())
    found = []
    for one in one_pager_due.due(scope, row):
        number, _, target = one.item.rpartition(" ")
        found.append(
            {
                "number": number or NONE,
                "target": target,
                "due": one.day,
                "should": NONE,
                "done": one.state,
                "status": one.days,
            }
        )
    return found


def _day(day: date | None) -> str:
    return NONE if day is None or pd.isna(day) else labels.chinese_day(day)


def _in_chinese(text: str) -> str:
    """A day as documents write it; any other text as it is."""
    try:
        return labels.chinese_day(date.fromisoformat(text))
    except ValueError:
        return text


def unreported(scope: Scope) -> Rows:
    """Who has not sent the last month's report; none for a part of the city."""
    if scope.area_id:
        return []
    rows = progress_listings.reminders(scope)
    return _rows(
        owner=rows["owner"],
        kind=rows["owner_kind_text"],
        month=[f"{month.year}年{month.month}月" for month in rows["month"]],
        due=map(labels.chinese_day, rows["due_on"]),
        state=rows["report_state"],
    )


def numbers(scope: Scope) -> Rows:
    """Every number that the brief states, and how it came about."""
    return [
        {
            "number": one.number,
            "label": one.label,
            "value": one.text,
            "how": one.how,
            "clause": one.clause,
        }
        for one in statements(scope).values()
    ]


def _rows(**columns: Iterable[str]) -> Rows:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _counts(values: pd.Series) -> pd.Series:
    return values.map("{:,.0f}".format).where(values.notna(), NONE)


def _between(low: float, high: float) -> str:
    return NONE if pd.isna(low) else labels.between(low, high)
