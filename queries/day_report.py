"""The coverage report: city, counties, zones and boards of one day, as plain data for JSON."""

from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from domain import coverage, pace, ranking, reference, rules, states
from domain.venues import venue_coverage
from queries import knowledge
from queries.knowledge import Knowledge
from store import backend

BASES = {
    "contracted": "宽口径：已签约",
    "verified": "中口径：已验证（主口径）",
    "active": f"严口径：近 {rules.count('active_days')} 天有交易",
}


def report(
    con: ibis.BaseBackend, manifest: dict[str, Any], as_of: date, tiers: str = "headline"
) -> dict[str, Any]:
    """Coverage on `as_of` from a snapshot's tables on `con` and its `manifest`.

    `counties` and `zones` are by management (a zone's venues and merchants count for the zone
    alone), `counties_territory` by territory. Under territory the counties and `unlocated` add up
    to the city. Venues are those of the headline's tiers, or of 'all' `tiers`; merchants have none
    and are all counted. Shares run from 0 to 1 and are null where there is nothing to divide by.
    What nobody had told by the day is null: `queries.knowledge`.
    """
    known = knowledge.of(con)
    spells = con.table("spells")
    merchants = states.on_days(con.table("merchants_ever"), spells, [as_of])
    scenarios = states.on_days(con.table("scenarios_ever"), spells, [as_of], "scenarios")
    shops, instances = backend.kept(con, merchants), backend.kept(con, scenarios)
    register = venue_coverage(con.table("venues_ever"), shops, instances, [as_of])
    register = known.judged(register)
    counted = coverage.headline(register) if tiers == "headline" else register
    venues = backend.kept(con, counted)
    every_tier = sorted(set(reference.table("venue_kinds")["tier"]))
    boards = {
        "counties": ("county", "management"),
        "zones": ("zone", "management"),
        "counties_territory": ("county", "territory"),
    }
    return {
        "snapshot_id": manifest["id"],
        "as_of": as_of.isoformat(),
        "data_as_of": manifest["as_of"],
        "demo": manifest["demo"],
        "rules_version": rules.VERSION,
        "tiers": tiers,
        "tiers_counted": rules.names("headline_tiers") if tiers == "headline" else every_tier,
        "bases": BASES,
        "due_share": pace.due_share(as_of),
        "banks": {
            "as_at": {bank: day.isoformat() for bank, day in known.spoken(as_of).items()},
            "late": list(known.late(as_of)),
            "silent": known.silent(as_of),
        },
        "city": _city(venues, shops, as_of, known),
        **{name: _areas(venues, shops, board, as_of, known) for name, board in boards.items()},
        "unlocated": {
            name: _count(table.filter(_.county_code.isnull())) if told else None
            for name, (told, table) in _on_record(venues, shops, instances, known, as_of).items()
        },
        "ranking": {name: _board(venues, *board, as_of) for name, board in boards.items()},
    }


def _on_record(
    venues: ir.Table, shops: ir.Table, instances: ir.Table, known: Knowledge, as_of: date
) -> dict[str, tuple[bool, ir.Table]]:
    """What may be without a place: whether it was told, and its rows."""
    return {
        "merchants": (known.has("merchants"), shops.filter(states.in_city(shops))),
        "merchants_eligible": (known.has("merchants"), shops.filter(shops.eligible)),
        "venues": (known.has_by("venues", as_of), venues),
        "scenarios": (known.has("scenarios"), instances.filter(states.in_city(instances))),
    }


def _count(table: ir.Table) -> int:
    return int(table.count().to_pyarrow().as_py())


def _rows(table: ir.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.drop("as_of").to_pyarrow().to_pylist()
    return rows


def _no_merchants(known: Knowledge, as_of: date) -> dict[str, Any]:
    """Merchants of an area without any: none of them, as far as anybody had told."""
    shares = dict.fromkeys(f"{basis}_share" for basis in BASES)
    told, heard = known.has("merchants"), known.has_by("merchants", as_of)
    counts = dict.fromkeys(("eligible", "contracted", "heard"), 0 if told else None)
    return counts | dict.fromkeys(("verified", "active"), 0 if heard else None) | shares


def _city(venues: ir.Table, shops: ir.Table, as_of: date, known: Knowledge) -> dict[str, Any]:
    (whole,) = _rows(known.attained(coverage.city(venues, [as_of])))
    merchants = _rows(known.counted(shops, [], [as_of]))
    return whole | {"merchants": next(iter(merchants), _no_merchants(known, as_of))}


def _areas(
    venues: ir.Table, shops: ir.Table, board: tuple[str, str], as_of: date, known: Knowledge
) -> list[dict[str, Any]]:
    """Attainment of the areas of one `board`, each with its merchants in the three bases."""
    area_kind, attribution = board
    placed = shops.mutate(area_id=coverage.area_of(shops, attribution))
    counted = known.counted(placed, ["area_id"], [as_of])
    merchants = {row.pop("area_id"): row for row in _rows(counted)}
    areas = known.attained(coverage.attainment(venues, attribution, [as_of]))
    none = _no_merchants(known, as_of)
    return [
        row | {"merchants": merchants.get(row["area_id"], none)}
        for row in _rows(areas.filter(_.area_kind == area_kind))
    ]


def _board(venues: ir.Table, area_kind: str, attribution: str, as_of: date) -> list[dict[str, Any]]:
    return _rows(ranking.ranking(coverage.attainment(venues, attribution, [as_of]), area_kind))
