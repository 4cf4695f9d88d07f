"""What is new since a moment: versions, the headline, venues, disputes and statements."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pandas as pd

from domain.dispute_rules import Dispute, Sort
from queries import attainment, coverage_comparison, dispute_standing
from queries.scope import Scope
from store import snapshot_store, statement_store
from store.snapshot import Snapshot
from store.snapshot_store import Store

STATEMENTS = ["sender", "kind", "as_at", "became"]


@dataclass(frozen=True)
class News:
    """What came about for `now`, a scope on the version in force, since a moment.

    `since` is that moment: of the last visit, or, where nobody was here before (`visited` false),
    of when the version in force was put in force. `then` is the scope on the version that was in
    force before, on its last day but no later than that of `now`; None where there was none.
    `versions` are manifests, the newest first; `moves` rows of `coverage_comparison.moves`;
    `statements` have `STATEMENTS`: `became` is a key of `statement_store.STATES`.
    """

    since: datetime
    visited: bool
    then: Scope | None
    now: Scope
    versions: Sequence[dict[str, Any]]
    moves: pd.DataFrame
    raised: Sequence[Dispute]
    ruled: Sequence[Dispute]
    statements: pd.DataFrame

    @property
    def shares(self) -> tuple[float | None, float]:
        """The share of covered venues then and now; None where there was no version before."""
        was = None if self.then is None else _share(self.then)
        return was, _share(self.now)


def since(scope: Scope, moment: datetime | None) -> News:
    """What is new in `scope`, which is on the version in force, since `moment`.

    None: since that version was put in force.
    """
    store = snapshot_store.default()
    current = store.snapshot(scope.snapshot_id)
    switches = _switches(store, current)
    began = moment or switches[-1][0]
    earlier = [one for at, one in switches if (at <= began if moment else at < began)]
    known = {facts["id"]: facts for facts in store.snapshots()}
    base = next((known[one] for one in reversed(earlier) if one in known), None)
    then = None
    if base is not None:
        day = min(date.fromisoformat(base["as_of"]), scope.as_of)
        then = replace(scope, snapshot_id=base["id"], as_of=day)
    moves = coverage_comparison.moves(scope, then or scope)
    disputes = [one for one in dispute_standing.now() if _concerns(scope, one)]
    return News(
        since=began,
        visited=moment is not None,
        then=then,
        now=scope,
        versions=[
            facts
            for facts in known.values()
            if facts["demo"] == current.manifest["demo"]
            and (_published(facts) > began if moment else facts["id"] == current.id)
        ],
        moves=moves,
        raised=[one for one in disputes if _stepped(one, ("raised", "reopened"), began)],
        ruled=[one for one in disputes if _stepped(one, ("ruled",), began)],
        statements=_statements(store, current, base),
    )


def _share(scope: Scope) -> float:
    return float(attainment.city(scope)["share_verified"].iloc[0])


def _published(facts: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(facts["created_at"])


def _switches(store: Store, current: Snapshot) -> list[tuple[datetime, str]]:
    """When which version was put in force, oldest first: those that are like `current`."""
    like = [facts for facts in store.snapshots() if facts["demo"] == current.manifest["demo"]]
    published = [(_published(facts), str(facts["id"])) for facts in like]
    ids = {one for _, one in published}
    again = [
        (entry.at, entry.subject) for entry in store.ledger.history("force") if entry.subject in ids
    ]
    return sorted([*published, *again])


def _concerns(scope: Scope, dispute: Dispute) -> bool:
    about = dispute.subject
    here = not scope.area_id or scope.area_id in (about.county_code, about.zone_id)
    return here and scope.operator_id in ("", about.operator_id)


def _stepped(dispute: Dispute, sorts: tuple[Sort, ...], since: datetime) -> bool:
    return any(step.sort in sorts and step.at > since for step in dispute.steps)


def _statements(store: Store, current: Snapshot, base: dict[str, Any] | None) -> pd.DataFrame:
    """Statements that are in force and were not, and those that no longer are."""
    force = set(current.manifest["statements"])
    before = set(base["statements"]) if base else force
    changed = [one for one in store.statements.all() if one.id in force ^ before]
    withdrawn = store.ledger.latest("withdrawn")
    rows = [
        (one.sender, one.kind, one.as_at, statement_store.standing(one, force, withdrawn))
        for one in changed
    ]
    return pd.DataFrame(rows, columns=STATEMENTS)
