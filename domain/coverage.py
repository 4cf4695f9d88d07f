"""Coverage of merchants on three bases, and attainment of areas and of the city.

Tables in, tables out. Every table has `as_of`, so that one expression serves many days.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from domain import reference, rules
from domain.constant_tables import constants
from domain.states import calendar
from domain.venues import BASES, shop_of

_COVERED = tuple(f"covered_{basis}" for basis in BASES)
_SEEN = ("verified", "active")  # bases that only the statement of a bank can tell
_SUMS = ("venues", *_COVERED, "unknown", "graded", "needed")
_CITY = {
    "area_kind": ibis.literal("city"),
    "area_id": ibis.literal("city"),
    "area": ibis.literal("全市"),
}


def coverage(states: ir.Table, by: Sequence[str]) -> ir.Table:
    """Shops by `as_of` and the columns `by`: eligible, contracted, verified, active, and shares.

    Where `states` have `heard` (whether the bank had made a statement by then), `heard` counts the
    eligible shops of which that holds: verified and active are counted among them alone, and null
    where there is nobody to tell.

    `states` are merchants from `states.on_days`. A shop that several records list counts once, with
    every flag that any of them has. It counts in one place only, that of its first eligible record
    with a value, so that counties add up to the city; under operator_id it counts for each bank.
    A share is null where there is nobody to divide by.
    """
    own = [name for name in by if name == "operator_id"]
    heard = states.heard if "heard" in states.columns else ibis.literal(True)
    states = states.mutate(
        told=heard,
        heard=heard & states.eligible,
        **{basis: states[basis] & heard for basis in _SEEN},
    )
    table = states.mutate(
        shop=shop_of(states), turn=ibis.ifelse(states.eligible, "0", "1") + states.merchant_key
    )
    shops = table.group_by("as_of", "shop", *own).agg(
        **{name: table[name].any() for name in ("eligible", *BASES, "heard", "told")},
        **{
            name: table[name].argmin(table.turn, where=table[name].notnull())
            for name in by
            if name not in own
        },
    )
    keys = ["as_of", *by]
    counts = shops.group_by(keys).agg(
        **{name: shops.count(where=shops[name]) for name in ("eligible", *BASES, "heard")},
        told=shops.told.any(),
    )
    counts = counts.mutate(**{name: ibis.ifelse(counts.told, counts[name], None) for name in _SEEN})
    among = {"contracted": counts.eligible} | dict.fromkeys(_SEEN, counts.heard)
    shares = {f"{basis}_share": counts[basis] / among[basis].nullif(0) for basis in BASES}
    return counts.drop("told").mutate(**shares).order_by(keys)


def heard(merchants: ir.Table, first: Mapping[str, date]) -> ir.Table:
    """`merchants` on their days with `heard`: whether their bank had made a statement by then.

    `first` are the days of the first statements by the bank that a merchant_key begins with; only
    those after a day that is asked for make a difference.
    """
    unheard = [
        merchants.merchant_key.startswith(f"{bank}/") & (merchants.as_of < day)
        for bank, day in first.items()
    ]
    return merchants.mutate(heard=~ibis.or_(*unheard)) if unheard else merchants


def area_of(table: ir.Table, attribution: str) -> ir.StringValue:
    """Area that a row with county_code and zone_id counts for; null where it is not located.

    Under 'management' the zone, if the row lies in one, else the county; under 'territory' always
    the county.
    """
    if attribution == "territory":
        return table.county_code
    return ibis.coalesce(table.zone_id, table.county_code)


def in_area(table: ir.Table, area_id: str, attribution: str) -> ir.BooleanValue:
    """Whether rows count for `area_id`; a zone may be `area_id` under either attribution."""
    return ((area_of(table, attribution) == area_id) | (table.zone_id == area_id)).fill_null(False)


def headline(venues: ir.Table) -> ir.Table:
    """The `venues` that the headline counts: those of the tiers `headline_tiers` (A1 and A2)."""
    return venues.filter(venues.tier.isin(rules.names("headline_tiers")))


def attainment(venues: ir.Table, attribution: str, days: Sequence[date] | None = None) -> ir.Table:
    """Attainment of every area (T06) from the rows of `venue_coverage`, in reference order.

    Columns: as_of, area_kind (county or zone), area_id, area, venues, covered_<basis>,
    share_<basis> (of the register, unknown ones included), unknown, graded_share, kinds_at_zero
    and zero_kinds (kinds present of which no venue is covered, unless all of them are unknown),
    needed (units short in venues with a known denominator), attained.

    Areas without a venue have null shares. What is covered and needed is null where it is unknown
    what is verified (`venues.as_told`). Under 'territory' zones have no rows. Without `days`
    the days of `venues` are reported, of which there are none where the register is empty.
    """
    areas = _areas()
    if attribution == "territory":
        areas = areas.filter(_.area_kind == "county")
    return of_groups(venues.mutate(area_id=area_of(venues, attribution)), areas, days)


def of_groups(venues: ir.Table, groups: ir.Table, days: Sequence[date] | None = None) -> ir.Table:
    """Attainment of any `groups` of venues: the columns of `attainment`, in order of position.

    `groups` has area_kind, area_id, area and position; `venues` are rows of `venue_coverage` with
    the `area_id` that each counts for.
    """
    table = groups.cross_join(_calendar(venues, days))
    keys = ["as_of", "area_id"]
    table = table.left_join(_totals(venues, keys), keys).drop("as_of_right", "area_id_right")
    return _with_shares(table).order_by("as_of", "position").drop("position")


def city(venues: ir.Table, days: Sequence[date] | None = None) -> ir.Table:
    """Attainment of all `venues` together, located or not: the columns of `attainment`."""
    table = _calendar(venues, days).left_join(_totals(venues, ["as_of"]), "as_of")
    table = table.drop("as_of_right").mutate(**_CITY)
    return _with_shares(table).order_by("as_of")


def as_listed(table: ir.Table, register: date | None) -> ir.Table:
    """Rows of `attainment` or `city`, or of a board of them, null on days before the `register`.

    None: there is no register yet.
    """
    listed = ibis.literal(False) if register is None else table.as_of >= ibis.literal(register)
    counts = {"venues", *_COVERED, "covered", "unknown", "needed", "kinds_at_zero"}
    known = {
        name: ibis.ifelse(listed, table[name], None) for name in table.columns if name in counts
    }
    if "reason" in table.columns:
        known["reason"] = ibis.ifelse(listed, table.reason, "还没有名录")
    return table.mutate(**known)


def by_kind(venues: ir.Table) -> ir.Table:
    """Rows of `venue_coverage` by day and kind: as_of, kind_id, kind, venues, covered, unknown.

    covered is null where it is unknown what is verified.
    """
    kinds = venues.group_by("as_of", "kind_id", "kind").agg(
        venues=_.count(),
        covered=_.count(where=_.covered_verified),
        unknown=_.count(where=_.denominator == "unknown"),
        untold=_.count(where=_.verified.isnull()),
    )
    covered = ibis.ifelse(kinds.untold > 0, None, kinds.covered)
    return kinds.mutate(covered=covered).drop("untold").order_by("as_of", "kind_id")


def _areas() -> ir.Table:
    rows = [("county", row["county_code"], row["name"]) for row in reference.records("counties")]
    rows += [("zone", row["zone_id"], row["name"]) for row in reference.records("zones")]
    numbered = [(*row, place) for place, row in enumerate(rows)]
    return constants(numbered, area_kind="str", area_id="str", area="str", position="int64")


def _calendar(venues: ir.Table, days: Sequence[date] | None) -> ir.Table:
    if days is None:
        return venues.select("as_of").distinct()
    return calendar(days)


def _totals(venues: ir.Table, by: list[str]) -> ir.Table:
    kinds = venues.group_by([*by, "kind"]).agg(
        venues=_.count(),
        **{name: venues.count(where=venues[name]) for name in _COVERED},
        unknown=_.count(where=_.denominator == "unknown"),
        graded=_.count(where=_.grade.isin(["A", "B"])),
        needed=_.needed.sum().fill_null(0),
        untold=_.count(where=_.verified.isnull()),
        unsigned=_.count(where=_.contracted.isnull()),
    )
    told = kinds.untold == 0
    at_zero = told & (kinds.covered_verified == 0) & (kinds.unknown < kinds.venues)
    totals = kinds.group_by(by).agg(
        **{name: kinds[name].sum() for name in _SUMS},
        untold=kinds.untold.sum(),
        unsigned=kinds.unsigned.sum(),
        kinds_at_zero=kinds.count(where=at_zero),
        zero_kinds=kinds.kind.collect(where=at_zero).sort().join("、"),
    )
    lacks = dict.fromkeys(("covered_verified", "covered_active", "needed"), totals.untold)
    lacks["covered_contracted"] = totals.unsigned
    known = {name: ibis.ifelse(unknown == 0, totals[name], None) for name, unknown in lacks.items()}
    return totals.mutate(**known).drop("untold", "unsigned")


def _with_shares(table: ir.Table) -> ir.Table:
    table = table.mutate(
        **{
            name: ibis.ifelse(table.venues.isnull(), 0, table[name]).cast("int64")
            for name in (*_SUMS, "kinds_at_zero")
        },
        zero_kinds=table.zero_kinds.fill_null(""),
    )
    register = table.venues.nullif(0)
    table = table.mutate(
        graded_share=table.graded / register,
        **{f"share_{basis}": table[f"covered_{basis}"] / register for basis in BASES},
    )
    enough = table.share_verified >= rules.number("county_covered_share")
    table = table.mutate(attained=(enough & (table.kinds_at_zero == 0)).fill_null(False))
    return table.drop("graded").relocate("as_of", "area_kind", "area_id", "area")
