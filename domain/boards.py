"""Boards: who answers for each venue, and the ranking of those who do.

A county or zone answers for what lies in it, a department for what it owns, a bank for what it
serves. All are measured alike: the same attainment, intervals and guards.
"""

from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from domain import coverage, owners, ranking, reference

KINDS = {"county": "县区", "zone": "功能板块", "owner": "责任单位", "operator": "运营机构"}
_NOBODY = "未填报"
_UNHEARD = "名称对不上责任单位，请核对名录"
_UNSAID = "名录没有填报"


def of_board(venues: ir.Table, kind: str, attribution: str) -> ir.Table:
    """`venues` with `area_id`, under which the board of `kind` counts each.

    Null where an area board has no place for it. The owner is the id of whoever has or had the
    stated name (`owners.aliases`); a name that nobody has stands for itself, and a blank is ''.
    """
    if kind == "owner":
        return _owned(venues)
    if kind == "operator":
        return venues.mutate(area_id=venues.operator_id.fill_null(""))
    return venues.mutate(area_id=coverage.area_of(venues, attribution))


def board(venues: ir.Table, kind: str, attribution: str, as_of: date) -> ir.Table:
    """The ranking (`ranking.ranking`) of one kind on `as_of` from rows of `venue_coverage`.

    Areas and banks without a venue have a row all the same, owners only where a venue names them.
    Venues that name nobody, or somebody unheard of, are counted in rows that are not ranked.
    """
    if kind in ("county", "zone"):
        return ranking.ranking(coverage.attainment(venues, attribution, [as_of]), kind)
    counted = of_board(venues, kind, attribution)
    names = _operators() if kind == "operator" else owners.names(as_of)
    table = coverage.of_groups(counted, _groups(counted, kind, names), [as_of])
    table = table.mutate(rankable=_.rankable & _.area_id.isin(list(names)))
    found = ranking.ranking(table, kind)
    reason = ibis.cases(
        (found.area_id == "", _UNSAID),
        (found.area_id.isin(list(names)), found.reason),
        else_=_UNHEARD,
    )
    return found.mutate(reason=reason)


def _operators() -> dict[str, str]:
    return reference.labels("operators", "operator_id", "operator")


def _owned(venues: ir.Table) -> ir.Table:
    stated = venues.mutate(stated=venues.owner.strip().fill_null(""))
    known = ibis.memtable(
        list(owners.aliases().items()), schema={"known_as": "str", "owner_id": "str"}
    )
    table = stated.left_join(known, stated.stated == known.known_as)
    return table.mutate(area_id=_.owner_id.fill_null(_.stated)).drop(
        "stated", "known_as", "owner_id"
    )


def _groups(counted: ir.Table, kind: str, names: dict[str, str]) -> ir.Table:
    """Groups of the board of `kind`: those in `names` by that name, all others by their id."""
    rows = [(area_id, name, i) for i, (area_id, name) in enumerate(names.items())]
    known = ibis.memtable(rows, schema={"area_id": "str", "name": "str", "position": "int64"})
    found = counted.select("area_id").distinct()
    if kind == "operator":
        found = ibis.union(found, known.select("area_id"), distinct=True)
    table = found.left_join(known, "area_id")
    return table.select(
        "area_id",
        area_kind=ibis.literal(kind),
        area=ibis.coalesce(table.name, table.area_id.nullif(""), _NOBODY),
        position=table.position.fill_null(len(rows)),
    )
