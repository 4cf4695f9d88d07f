"""The coverage report: city, counties, zones and boards of one day, as plain data for JSON."""

from collections.abc import Callable, Hashable
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

Told = tuple[date, tuple[tuple[str, date], ...], tuple[tuple[str, tuple[date, ...]], ...]]
"""A day, `Knowledge.first`, and `Knowledge.banks` of the banks that are not heard by then."""


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
    merchants, scenarios = con.table("merchants_ever"), con.table("scenarios_ever")
    shops = backend.made(con, states.on_days, merchants, spells, (as_of,))
    instances = backend.made(con, states.on_days, scenarios, spells, (as_of,), "scenarios")
    told = _told(known, as_of)
    register = con.table("venues_ever")
    venues = backend.made(con, _judged, register, shops, instances, told, tiers)
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
        "city": _city(con, venues, shops, told),
        **{name: _areas(con, venues, shops, board, told) for name, board in boards.items()},
        "unlocated": {
            name: _rows(con, _nowhere, table, name)[0]["records"] if stated else None
            for name, (stated, table) in _on_record(venues, shops, instances, known, as_of).items()
        },
        "ranking": {
            name: _rows(con, _ranked, venues, *board, told) for name, board in boards.items()
        },
    }


def _told(known: Knowledge, as_of: date) -> Told:
    """What of `known` matters on a day, as a value that queries are compiled for."""
    silent = ((bank, known.banks[bank]) for bank in known.silent(as_of))
    return as_of, tuple(known.first.items()), tuple(silent)


def _known(told: Told) -> Knowledge:
    _day, first, silent = told
    return Knowledge(dict(first), dict(silent))


def _judged(
    register: ir.Table, shops: ir.Table, instances: ir.Table, told: Told, tiers: str
) -> ir.Table:
    rows = _known(told).judged(venue_coverage(register, shops, instances, [told[0]]))
    return coverage.headline(rows) if tiers == "headline" else rows


def _on_record(
    venues: ir.Table, shops: ir.Table, instances: ir.Table, known: Knowledge, as_of: date
) -> dict[str, tuple[bool, ir.Table]]:
    """What may be without a place: whether it was told, and the table that it stands in."""
    return {
        "merchants": (known.has("merchants"), shops),
        "merchants_eligible": (known.has("merchants"), shops),
        "venues": (known.has_by("venues", as_of), venues),
        "scenarios": (known.has("scenarios"), instances),
    }


def _nowhere(table: ir.Table, what: str) -> ir.Table:
    """Number of the records in no county: records."""
    if what == "merchants_eligible":
        table = table.filter(table.eligible)
    elif what != "venues":
        table = table.filter(states.in_city(table))
    return table.filter(_.county_code.isnull()).aggregate(records=_.count())


def _rows(
    con: ibis.BaseBackend, build: Callable[..., ir.Table], *given: ir.Table | Hashable
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = backend.rows(con, build, *given).to_pylist()
    return rows


def _no_merchants(of: Told) -> dict[str, Any]:
    """Merchants of an area without any: none of them, as far as anybody had told."""
    shares = dict.fromkeys(f"{basis}_share" for basis in BASES)
    known = _known(of)
    told, heard = known.has("merchants"), known.has_by("merchants", of[0])
    counts = dict.fromkeys(("eligible", "contracted", "heard"), 0 if told else None)
    return counts | dict.fromkeys(("verified", "active"), 0 if heard else None) | shares


def _city(con: ibis.BaseBackend, venues: ir.Table, shops: ir.Table, told: Told) -> dict[str, Any]:
    (whole,) = _rows(con, _whole, venues, told)
    merchants = _rows(con, _counted, shops, told)
    return whole | {"merchants": next(iter(merchants), _no_merchants(told))}


def _whole(venues: ir.Table, told: Told) -> ir.Table:
    return _known(told).attained(coverage.city(venues, [told[0]])).drop("as_of")


def _counted(shops: ir.Table, told: Told, attribution: str = "") -> ir.Table:
    """Shops counted, by the area that an `attribution` puts them in."""
    by = ["area_id"] if attribution else []
    if attribution:
        shops = shops.mutate(area_id=coverage.area_of(shops, attribution))
    return _known(told).counted(shops, by, [told[0]]).drop("as_of")


def _areas(
    con: ibis.BaseBackend, venues: ir.Table, shops: ir.Table, board: tuple[str, str], told: Told
) -> list[dict[str, Any]]:
    """Attainment of the areas of one `board`, each with its merchants in the three bases."""
    area_kind, attribution = board
    counted = _rows(con, _counted, shops, told, attribution)
    merchants = {row.pop("area_id"): row for row in counted}
    none = _no_merchants(told)
    return [
        row | {"merchants": merchants.get(row["area_id"], none)}
        for row in _rows(con, _attained, venues, attribution, told)
        if row["area_kind"] == area_kind
    ]


def _attained(venues: ir.Table, attribution: str, told: Told) -> ir.Table:
    areas = coverage.attainment(venues, attribution, [told[0]])
    return _known(told).attained(areas).drop("as_of")


def _ranked(venues: ir.Table, area_kind: str, attribution: str, told: Told) -> ir.Table:
    areas = coverage.attainment(venues, attribution, [told[0]])
    return _known(told).attained(ranking.ranking(areas, area_kind)).drop("as_of")
