"""Two scopes side by side that differ in their day, their version or both: what moved, and why.

From what was published of a day to what is known of it, later files corrected; from that day to a
later one, shops and venues moved. Each step has its reasons, so each venue that moved has one.
"""

from collections import Counter
from dataclasses import replace
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from domain import coverage_moves, states
from domain.constant_tables import constants
from domain.revision import revision
from queries import attainment, board_standings, untold
from queries.engine import Engine, question, remembered
from queries.scope import Scope, of_scope
from store import dispute_register, snapshot_store

CORRECTED = "corrected"
REASONS = coverage_moves.REASONS | {CORRECTED: "更正"}
"""Why a venue came to be covered or ceased to be; the last: a file that came later said so."""

_REVISED = {"covered": "in", "listed": "in", "lapsed": "out", "delisted": "out"}
_NO_EFFECT = ("figure", "withdrawn", "none")  # effects of rulings that move no venue


def untold_of(now: Scope, then: Scope) -> untold.Lack:
    """What is lacking to know what was covered in both scopes: nothing else is compared."""
    return untold.coverage(then) or untold.coverage(now)


@remembered
def moves(now: Scope, then: Scope) -> pd.DataFrame:
    """Venues that were covered in one of two scopes only, and why.

    Columns: those of `coverage_moves.moves`, and `revised` (`revision.REASONS`), null but where a
    later file corrected. `reason` is one of `REASONS`. No rows where one of the days is unknown.
    """
    moved = _moves(now, then.as_of, rulings(now.snapshot_id))
    moved = moved.assign(revised=pd.Series(None, moved.index, dtype="object"))
    if untold_of(now, then):
        return moved.iloc[:0]
    if then.snapshot_id == now.snapshot_id:
        return moved
    found = corrections(now, then)
    found = found[found["revised"].isin(list(_REVISED))]
    found = found.assign(move=found["revised"].map(_REVISED), reason=CORRECTED)
    again = set(found["venue_id"]) & set(moved["venue_id"])  # moved, and moved back
    parts = [part[~part["venue_id"].isin(again)] for part in (found, moved)]
    rows = pd.concat([part for part in parts if len(part)] or [moved.iloc[:0]])
    rows = rows.reindex(columns=moved.columns)
    return rows.sort_values(["move", "venue_id"], ignore_index=True)


def corrections(now: Scope, then: Scope) -> pd.DataFrame:
    """What later files changed of the day of `then`: rows of `revision.revision`."""
    return revision(attainment.venues(then), attainment.venues(replace(now, as_of=then.as_of)))


@question
def _moves(
    data: Engine, scope: Scope, since: date, ruled: tuple[tuple[str, date], ...]
) -> ir.Table:
    days = tuple(dict.fromkeys((since, scope.as_of)))
    every = [data.venues_on((day,)) for day in days]
    before, after = (of_scope(venues, scope) for venues in (every[0], every[-1]))
    covered = [venues.filter(_.covered_verified).select("venue_id") for venues in (before, after)]
    moved = ibis.union(
        covered[0].anti_join(covered[1], "venue_id"), covered[1].anti_join(covered[0], "venue_id")
    )
    shops, instances = data.table("merchants_ever"), data.table("scenarios_ever")
    shops = shops.semi_join(shops.semi_join(moved, "venue_id"), "merchant_key")
    instances = instances.semi_join(instances.semi_join(moved, "venue_id"), "scenario_key")
    spells = data.table("spells")
    return coverage_moves.moves(
        before,
        after,
        register=ibis.union(*every),
        merchants=states.on_days(shops, spells, days),
        scenarios=states.on_days(instances, spells, days, "scenarios"),
        events=data.table("events"),
        rulings=constants(ruled, record_key="str", day="date"),
        since=since,
        until=scope.as_of,
    )


@remembered
def rulings(snapshot_id: str) -> tuple[tuple[str, date], ...]:
    """Upheld disputes that a version was made with: the key of the shop or venue, and the day."""
    store = snapshot_store.default()
    snapshot = store.snapshot(snapshot_id)
    ledger = replace(store.ledger_of(snapshot), until=snapshot.manifest["ledger_version"])
    found = []
    for one in dispute_register.disputes(ledger).values():
        body = one.ruling.body if one.ruling else {}
        if body.get("upheld") and body["effect"] not in _NO_EFFECT:
            key = one.subject.key or one.number  # a venue that was left out has its number
            prefix = states.PREFIXES["merchants" if one.subject.kind == "shop" else "venues"]
            found.append((prefix + key, date.fromisoformat(body["on"])))
    return tuple(found)


@remembered
def areas(now: Scope, then: Scope) -> pd.DataFrame:
    """How every county and zone moved, whichever is selected.

    Columns: area_kind, area_id, area, share_from, share_to, rank_from, rank_to (null where unknown
    or without venues), points (the difference in percentage points), newly and lapsed: the venues
    that count for it now and did not, and the other way round; they may have come from another.
    """
    table = pd.concat([_boards(now, then, kind) for kind in ("county", "zone")], ignore_index=True)
    was, known = (_covered(replace(scope, area_id="")) for scope in (then, now))
    counts = {"newly": known - was, "lapsed": was - known}
    for name, pairs in counts.items():
        of_area = Counter(area for _, area in pairs)
        table[name] = pd.Series([of_area[area] for area in table["area_id"]], dtype="Int64")
    if untold_of(now, then):
        table[list(counts)] = pd.NA
    return table.assign(points=(table["share_to"] - table["share_from"]) * 100)


def _boards(now: Scope, then: Scope, kind: str) -> pd.DataFrame:
    was, known = (
        board_standings.board_on(scope, kind, scope.as_of).set_index("area_id")
        for scope in (then, now)
    )
    return pd.DataFrame(
        {
            "area_kind": kind,
            "area": known["area"],
            "share_from": was["share"],
            "share_to": known["share"],
            "rank_from": was["rank"].astype("Int64"),
            "rank_to": known["rank"].astype("Int64"),
        }
    ).reset_index(names="area_id")


def _covered(scope: Scope) -> set[tuple[str, str]]:
    """Covered venues with the area that each counts for."""
    venues = attainment.venues(scope)
    venues = venues[venues["covered_verified"]]
    area = venues["county_code"]
    if scope.attribution == "management":
        area = venues["zone_id"].fillna(area)
    return set(zip(venues["venue_id"], area.fillna(""), strict=True))
