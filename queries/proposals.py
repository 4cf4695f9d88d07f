"""What a leader can agree to: who does what by when, and what it would change."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import pandas as pd

from queries import attainment, board_standings, lapsing_soon, plans
from queries.engine import remembered
from queries.scope import Scope, area_name
from queries.sights import CONCEALED

SIGNINGS = 50  # of the plan that is offered
MOST = 3  # that are put to a leader at once
Sort = Literal["plan", "renew", "confirm", "venue"]


@dataclass(frozen=True)
class Proposal:
    """One thing to agree to.

    A bank (`unit`) closes a venue (`subject_id`) with `units` signings; an area (`unit`, and
    `subject_id`) confirms the denominators of `units` venues, which takes it from rank `now` to
    `best` where they show what is covered already; a bank that was last heard of on `heard` hands
    in its lists and renews the `units` that lapse; or the `units` signings of the plan are done.
    `more` venues would be covered, or stay so where proofs are renewed, the share going from
    `before` to `after` (0 to 1, None where it is unknown). All by the day `due`.
    """

    sort: Sort
    due: date
    units: int
    unit: str = ""
    subject_id: str = ""
    subject: str = ""
    more: int = 0
    before: float | None = None
    after: float | None = None
    now: tuple[int, int] = (0, 0)
    best: int = 0
    heard: date | None = None


@remembered
def proposals(scope: Scope) -> tuple[Proposal, ...]:
    """What bears on most venues, first: at most `MOST`, one of a sort."""
    return tuple(sorted(every(scope), key=lambda one: -one.more)[:MOST])


def every(scope: Scope) -> tuple[Proposal, ...]:
    """At most one of each sort: the plan, what lapses, what is to confirm, a venue."""
    due = deadline(scope.as_of)
    found = (_plan(scope, due), _renew(scope), _confirm(scope, due), _venue(scope, due))
    return tuple(one for one in found if one)


def deadline(as_of: date) -> date:
    """The end of the month after next: a full month to act from when the data are read."""
    month = as_of.year * 12 + as_of.month - 1 + 3
    return date(month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _venue(scope: Scope, due: date) -> Proposal | None:
    """The venue that takes the fewest signings in the lowest area that has one, and its bank."""
    plan = attainment.plan(scope)
    plan = plan[plan["operator_id"].notna() & (plan["name"] != CONCEALED)]
    if plan.empty:
        return None
    shares = attainment.areas(scope).set_index("area_id")["share_verified"]
    area = plan["zone_id"].where(plan["zone_id"].notna(), plan["county_code"])
    plan = plan.assign(area_share=area.map(shares))
    first = plan.sort_values(["area_share", "needed", "venue_id"]).iloc[0]
    return Proposal(
        "venue",
        due,
        int(first["needed"]),
        str(first["operator_id"]),
        str(first["venue_id"]),
        str(first["name"]),
        1,
    )


def _renew(scope: Scope) -> Proposal | None:
    """The late bank that alone keeps the most venues from falling, by the last day that counts."""
    late = lapsing_soon.unheard(scope, lapsing_soon.LAPSING)
    kept = lapsing_soon.kept_by(scope, lapsing_soon.LAPSING)
    kept = kept[kept["operator_id"].isin(late)]
    if kept.empty:
        return None
    row = kept.sort_values(["venues", "operator_id"], ascending=[False, True]).iloc[0]
    bank, more = str(row["operator_id"]), int(row["venues"])
    due = scope.as_of + timedelta(days=lapsing_soon.LAPSING)
    return Proposal("renew", due, int(row["units"]), bank, bank, more=more, heard=late[bank])


def _confirm(scope: Scope, due: date) -> Proposal | None:
    """The area whose rank rises most once its unknown denominators are confirmed.

    Only venues that are covered by that alone count: the others then have a gap that is known.
    """
    boards = [_confirmed(scope, kind) for kind in ("county", "zone")]
    found = pd.concat([board for board in boards if len(board)] or [pd.DataFrame()])
    if found.empty:
        return None
    if scope.area_id:
        found = found[found["area_id"] == scope.area_id]
    found = found[(found["unknown"] > 0) & found["rank"].notna()]
    if found.empty:
        return None
    gain = (found["rank"] - found["best"]).astype(float)
    order = ["gain", "more", "unknown"]
    row = found.assign(gain=gain).sort_values(order, ascending=False).iloc[0]
    return Proposal(
        "confirm",
        due,
        int(row["unknown"]),
        str(row["area_id"]),
        str(row["area_id"]),
        str(row["area"]),
        int(row["more"]),
        before=float(row["low"]),
        after=float(row["after"]),
        now=(int(row["rank"]), int(row["rank_worst"])),
        best=int(row["best"]),
    )


def _confirmed(scope: Scope, kind: str) -> pd.DataFrame:
    """The board with `more` venues covered by being confirmed, the share `after`, the rank `best`.

    The other areas stay as they are.
    """
    board = board_standings.ranks(scope, kind)
    board = board.merge(board_standings.by_confirming(scope, kind), on="area_id", how="left")
    more = board["more"].fillna(0).astype(int)
    after = (board["covered"] + more) / board["venues"]
    others = board["share"].astype(float).to_numpy()
    best = [1 + int((others > share).sum()) for share in after.astype(float)]
    return board.assign(more=more, after=after, best=best)


def _plan(scope: Scope, due: date) -> Proposal | None:
    """The plan's first signings, those that close the most venues."""
    outlook = plans.outlook(scope)
    if outlook.plan.empty:
        return None
    effect = plans.effect(outlook, min(SIGNINGS, int(outlook.plan["needed"].sum())))
    more = effect.closed["plan"]
    if not more:
        return None
    share, after = effect.share(), effect.share(more)
    return Proposal(
        "plan",
        due,
        effect.signings - effect.left,
        subject=area_name(scope),
        more=more,
        before=share,
        after=after,
    )
