"""What was published of a past month, beside what is known of it today."""

from dataclasses import replace

from queries.scope import Scope
from store import snapshot_store
from ui import session


def published_then(scope: Scope) -> Scope | None:
    """The scope on the version last published with data up to the scope's month; None if none.

    The day is the scope's, or that version's own where it ends earlier. Demo and real versions are
    not compared with each other; nor is the version in force with itself.
    """
    current = session.current()
    for version in snapshot_store.default().snapshots():  # newest first
        own = session.last_day(version)
        same_month = (own.year, own.month) == (scope.as_of.year, scope.as_of.month)
        comparable = version["id"] != current["id"] and version["demo"] == current["demo"]
        if comparable and same_month:
            return replace(scope, snapshot_id=version["id"], as_of=min(scope.as_of, own))
    return None
