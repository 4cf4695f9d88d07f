"""The tables of the brief: rows of text by the columns that a template may name."""

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
    """The board of counties or zones with intervals, whatever area the scope is about.

    Nobody is listed while nobody has a venue.
    """
    ranks = board_standings.ranks(replace(scope, area_id=""), kind)
    if not ranks["venues"].sum():
        return []
    return [
        {
            "rank": row.rank_label,
            "area": row.area,
            "covered": f"{row.covered:,.0f}/{row.venues:,.0f}",
            "share": labels.percent(row.share),
            "interval": NONE if pd.isna(row.low) else labels.between(row.low, row.high),
            "ranks": row.rank_range,
            "change": NONE if pd.isna(row.delta) else f"{row.delta:+.1f}",
            "tier": row.tier_label,
            "remark": row.caution,
        }
        for row in venue_listings.board(ranks, kind).itertuples()
    ]


def _plan(scope: Scope) -> pd.DataFrame:
    plan = labels.with_names(attainment.plan(scope))
    return plan.assign(area=labels.area_names(plan))


def venues(scope: Scope) -> Rows:
    """The venues that need the fewest, and what doing them one after another adds up to."""
    return [
        {
            "order": f"{place}",
            "venue": row.name,
            "kind": row.kind,
            "area": row.area,
            "operator": row.operator,
            "eligible": NONE if pd.isna(row.eligible) else f"{row.eligible:,.0f}",
            "verified": NONE if pd.isna(row.verified) else f"{row.verified:,.0f}",
            "needed": f"{row.needed:,.0f}",
            "signings": f"{row.signings:,.0f}",
        }
        for place, row in enumerate(_plan(scope).head(LISTED).itertuples(), start=1)
    ]


def rest(scope: Scope) -> Rows:
    """Where the venues are that `venues` leaves out, and how many they are in all."""
    left = _plan(scope).iloc[LISTED:]
    if left.empty:
        return []
    places = left.groupby("area", sort=False)["needed"].agg(["size", "sum"])
    places = places.sort_values(["size", "sum"], ascending=False, kind="stable")
    rows = [(row.Index, row.size, row.sum) for row in places.itertuples()]
    rows.append(("合计", len(left), left["needed"].sum()))
    return [
        {"area": area, "count": f"{count:,}", "needed": f"{needed:,.0f}"}
        for area, count, needed in rows
    ]


def clusters(scope: Scope) -> Rows:
    """Demonstration clusters of the scope."""
    return [
        {
            "cluster": row.cluster,
            "owner": row.owner_names or "未填报",
            "state": row.state_text,
            "points": row.points_text.replace(" ", ""),
            "lacking": row.lacking_gates,
        }
        for row in progress_listings.clusters(scope).itertuples()
    ]


def targets(scope: Scope) -> Rows:
    """The targets of the notice; none for a part of the city, which has none of its own."""
    if scope.area_id:
        return []
    status = {one.target.target_id: STATUS[one.status] for one in commitments.standings(scope)}
    return [
        {
            "number": row.target_id,
            "target": row.target_text.replace(";", "；"),
            "due": row.due_text,
            "should": row.should_text,
            "done": row.done_text,
            "status": status[row.target_id],
        }
        for row in progress_listings.targets(scope).itertuples()
    ]


def unreported(scope: Scope) -> Rows:
    """Who has not sent the last month's report; none for a part of the city, which owes none."""
    if scope.area_id:
        return []
    return [
        {
            "owner": row.owner,
            "kind": row.owner_kind_text,
            "month": row.month_text,
            "due": row.due_text,
            "state": row.report_state,
        }
        for row in progress_listings.reminders(scope).itertuples()
    ]


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
