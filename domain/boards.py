"""Boards: who is responsible for each venue, and the ranking of those responsible.

A county or zone is responsible for the venues in it, a department for those it owns, a bank for
those it serves. All boards have the same attainment and bounds.
"""

from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from domain import coverage, owners, ranking, reference
from domain.constant_tables import constants

KINDS = {"county": "县区", "zone": "功能板块", "owner": "责任单位", "operator": "运营机构"}
_BLANK = "未填报"
_BLANK_REASON = "名录没有填报"
_UNKNOWN_REASON = "名称对不上责任单位，请核对名录"


def of_board(venues: ir.Table, kind: str, attribution: str) -> ir.Table:
    """`venues` with `area_id`, under which the board of `kind` counts each.

    Null for a venue that is not located, on the boards of areas. On the board of owners it is the
    id that has or had the stated name (`owners.aliases`), else the name itself, '' for a blank.
    """
    if kind == "owner":
        return _owned(venues)
    if kind == "operator":
        return venues.mutate(area_id=venues.operator_id.fill_null(""))
    return venues.mutate(area_id=coverage.area_of(venues, attribution))


def board(venues: ir.Table, kind: str, attribution: str, as_of: date) -> ir.Table:
    """The ranking (`ranking.ranking`) of one kind on `as_of` from rows of `venue_coverage`.

    Areas and banks without a venue have a row too, owners only where a venue names them. Venues
    with a blank or unknown owner or bank are counted in rows that are not ranked.
    """
    if kind in ("county", "zone"):
        return ranking.ranking(coverage.attainment(venues, attribution, [as_of]), kind)
    counted = of_board(venues, kind, attribution)
    operators = reference.labels("operators", "operator_id", "operator")
    names = operators if kind == "operator" else owners.names(as_of)
    table = coverage.of_groups(counted, _groups(counted, kind, names), [as_of])
    ranks = ranking.ranking(table, kind, names)
    reason = ibis.cases(
        (ranks.area_id == "", _BLANK_REASON),
        (ranks.area_id.isin(list(names)), ranks.reason),
        else_=_UNKNOWN_REASON,
    )
    return ranks.mutate(reason=reason)


def _owned(venues: ir.Table) -> ir.Table:
    stated = venues.mutate(stated=venues.owner.strip().fill_null(""))
    aliases = constants(owners.aliases().items(), known_as="str", owner_id="str")
    table = stated.left_join(aliases, stated.stated == aliases.known_as)
    return table.mutate(area_id=_.owner_id.fill_null(_.stated)).drop(
        "stated", "known_as", "owner_id"
    )


def _groups(counted: ir.Table, kind: str, names: dict[str, str]) -> ir.Table:
    """Groups of the board of `kind`: those in `names` by that name, all others by their id."""
    rows = [(area_id, name, i) for i, (area_id, name) in enumerate(names.items())]
    known = constants(rows, area_id="str", name="str", position="int64")
    ids = counted.select("area_id").distinct()
    if kind == "operator":
        ids = ibis.union(ids, known.select("area_id"), distinct=True)
    table = ids.left_join(known, "area_id")
    return table.select(
        "area_id",
        area_kind=ibis.literal(kind),
        area=ibis.coalesce(table.name, table.area_id.nullif(""), _BLANK),
        position=table.position.fill_null(len(rows)),
    )
