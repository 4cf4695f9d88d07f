"""The tables of the brief: rows of text by the columns that a template may name."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from domain.targets import STATUS
from presentation import labels, progress_listings, venue_listings
from presentation.statements import statements
from queries import attainment, board_standings, commitments
from queries.scope import Scope

LISTED = 20  # venues that the brief names; the page has them all
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
        rank=rows["rank_label"],
        area=rows["area"],
        covered=_counts(rows["covered"]) + "/" + _counts(rows["venues"]),
        share=rows["share"].map(labels.percent),
        interval=map(_between, rows["low"], rows["high"]),
        ranks=rows["rank_range"],
        change=rows["delta"].map("{:+.1f}".format).where(rows["delta"].notna(), NONE),
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


def raised(scope: Scope) -> str:
    """The venues of `venues` whose lists hold more than the register says, with both sources."""
    rows = _listed(scope)
    notes = zip(rows["name"], rows["denominator_note"], strict=True)
    return "；".join(f"{name}：{note}" for name, note in notes if note)


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
    """The targets of the notice; none for a part of the city, which has none of its own."""
    if scope.area_id:
        return []
    rows = progress_listings.targets(scope)
    status = {one.target.target_id: STATUS[one.status] for one in commitments.standings(scope)}
    return _rows(
        number=rows["target_id"],
        target=[text.replace(";", "；") for text in rows["target_text"]],
        due=rows["due_text"],
        should=rows["should_text"],
        done=rows["done_text"],
        status=rows["target_id"].map(status),
    )


def unreported(scope: Scope) -> Rows:
    """Who has not sent the last month's report; none for a part of the city."""
    if scope.area_id:
        return []
    rows = progress_listings.reminders(scope)
    return _rows(
        owner=rows["owner"],
        kind=rows["owner_kind_text"],
        month=rows["month_text"],
        due=rows["due_text"],
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
