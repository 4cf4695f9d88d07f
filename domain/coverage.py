"""Coverage: of merchants in three bases, of venues by their carrier's rule, of areas.

Tables in, tables out; every table has `as_of`, so one question can be asked of many days.
"""

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from domain import reference, rules

BASES = ("contracted", "verified", "active")


def in_area(table: ir.Table, area_id: str, attribution: str) -> ir.BooleanValue:
    """Whether rows with county_code and zone_id belong to `area_id`.

    Under 'management' a row of a zone belongs to the zone alone; under 'territory' to its county.
    """
    county = table.county_code == area_id
    if attribution == "territory":
        return (county | (table.zone_id == area_id)).fill_null(False)
    return (table.zone_id == area_id).fill_null(False) | (
        county.fill_null(False) & table.zone_id.isnull()
    )


def coverage(states: ir.Table, by: Sequence[str]) -> ir.Table:
    """Merchants by `as_of` and the columns `by`: eligible and the three bases, with shares.

    A share is null where nobody is eligible.
    """
    counts = {basis: states[basis].sum().fill_null(0) for basis in ("eligible", *BASES)}
    table = states.group_by(["as_of", *by]).agg(**counts)
    return table.mutate(
        **{f"{basis}_share": table[basis] / table.eligible.nullif(0) for basis in BASES}
    )


def _shops(states: ir.Table) -> ir.Table:
    """Counts of each venue's eligible merchants and public cash points."""
    shops = states.filter(_.venue_id.notnull() & _.eligible)
    return shops.group_by(["as_of", "venue_id"]).agg(
        listed=_.count(),
        shops_contracted=_.contracted.sum(),
        shops_verified=_.verified.sum(),
        shops_active=_.active.sum(),
        shops_opened=_.opened.sum(),
        shops_paid=(_.opened & _.paid).sum(),
        cash_points=_.public_cash_point.sum(),
        cash_points_contracted=(_.public_cash_point & _.contracted).sum(),
        cash_points_verified=(_.public_cash_point & _.verified).sum(),
        cash_points_active=(_.public_cash_point & _.active).sum(),
    )


def _links(venues: ir.Table, *records: ir.Table) -> ir.Table:
    """Required links of each venue that are live, on each basis.

    A link is live where any eligible record of the venue of that scenario is.
    """
    columns = [
        "as_of",
        "venue_id",
        "scenario_id",
        "contracted",
        "verified",
        "active",
        "opened",
        "paid",
    ]
    union = ibis.union(*(table.filter(_.eligible).select(*columns) for table in records))
    needed = venues.filter(_.links != "").select("venue_id", link=_.links.split(";").unnest())
    live = union.join(needed, [union.venue_id == needed.venue_id, union.scenario_id == needed.link])
    live = live.group_by(["as_of", "venue_id", "scenario_id"]).agg(
        contracted=_.contracted.any(),
        verified=_.verified.any(),
        active=_.active.any(),
        paid=(_.opened & _.paid).any(),
    )
    return live.group_by(["as_of", "venue_id"]).agg(
        links_contracted=_.contracted.sum(),
        links_verified=_.verified.sum(),
        links_active=_.active.sum(),
        links_paid=_.paid.sum(),
    )


def _in_force(venues: ir.Table, days: ir.Table) -> ir.Table:
    table = venues.cross_join(days)
    return table.filter(
        (_.listed_on.isnull() | (_.listed_on <= _.as_of))
        & (_.delisted_on.isnull() | (_.delisted_on > _.as_of))
    )


def venue_coverage(
    venues: ir.Table,
    merchant_states: ir.Table,
    scenario_states: ir.Table,
    days: Sequence[date],
) -> ir.Table:
    """Every venue in force on each of `days`, with what it has, what it needs and its status.

    Rules (`rules.toml`, design: full coverage): an area-type venue is covered when the verified
    reach `full_coverage_share` of the eligible (all but one, and at least one, below
    `small_venue_size`) and every public cash point is verified. Institution and line types need
    all their links; online types need them paid through. The eligible are the declared count, but
    never fewer than the eligible merchants on record. `needed` is null where the denominator is
    unknown.
    """
    table = _in_force(venues, ibis.memtable([(day,) for day in days], schema={"as_of": "date"}))
    for part in (_shops(merchant_states), _links(venues, merchant_states, scenario_states)):
        table = table.left_join(part, ["as_of", "venue_id"]).drop("as_of_right", "venue_id_right")
    counted = [name for name in table.columns if name.startswith(("shops_", "cash_", "links_"))]
    table = table.mutate(
        **{name: table[name].fill_null(0).cast("int64") for name in [*counted, "listed"]},
        links_required=ibis.ifelse(_.links == "", 0, _.links.split(";").length()).cast("int64"),
    )
    return _judge(table)


def _judge(table: ir.Table) -> ir.Table:
    by_links = table.carrier.isin(["机构型", "线路型", "线上型"])
    online = table.carrier == "线上型"
    table = table.mutate(
        by_links=by_links,
        eligible=ibis.ifelse(
            by_links,
            table.links_required,
            ibis.greatest(table.eligible_count.cast("int64"), table.listed),
        ),
        # DuckDB's greatest() skips nulls: an undeclared denominator must stay unknown.
        known=by_links | table.eligible_count.notnull(),
        contracted=ibis.ifelse(by_links, table.links_contracted, table.shops_contracted),
        verified=ibis.ifelse(
            by_links,
            ibis.ifelse(online, table.links_paid, table.links_verified),
            table.shops_verified,
        ),
        active=ibis.ifelse(by_links, table.links_active, table.shops_active),
    )
    table = table.mutate(eligible=ibis.ifelse(table.known, table.eligible, ibis.null("int64")))
    threshold = _threshold(table)
    table = table.mutate(threshold=threshold)
    needs = {basis: _needed(table, basis) for basis in BASES}
    table = table.mutate(
        denominator=ibis.ifelse(table.known, "known", "unknown"),
        grade=_grade(table),
        needed=needs["verified"],
        **{f"covered_{basis}": (needed == 0).fill_null(False) for basis, needed in needs.items()},
        named_missing=ibis.ifelse(table.by_links, 0, table.listed - table.shops_verified),
        unnamed_missing=ibis.ifelse(
            table.by_links, 0, (table.eligible - table.listed).fill_null(0)
        ),
    )
    near = (table.verified >= rules.value("near_share") * table.threshold).fill_null(False)
    return table.mutate(
        status=ibis.cases(
            (~table.known, "unknown"), (table.covered_verified, "covered"), (near, "near"),
            else_="short",
        )
    ).drop("known", "by_links", "threshold", *[c for c in table.columns if c.startswith("shops_")])  # fmt: skip


def _threshold(table: ir.Table) -> ir.IntegerValue:
    """Fewest live merchants (or links) that cover the venue."""
    share = (table.eligible * rules.value("full_coverage_share") - 1e-9).ceil().cast("int64")
    small = ibis.greatest(table.eligible - 1, 1)
    of_shops = ibis.ifelse(table.eligible < rules.value("small_venue_size"), small, share)
    return ibis.ifelse(table.by_links, ibis.greatest(table.eligible, 1), of_shops)


def _needed(table: ir.Table, basis: str) -> ir.IntegerValue:
    """Further merchants (or links) until the venue is covered; null where unknown."""
    short = table.threshold - table[basis]
    cash = ibis.ifelse(table.by_links, 0, table.cash_points - table[f"cash_points_{basis}"])
    needed = ibis.greatest(short, cash, 0).cast("int64")
    return ibis.ifelse(table.known, needed, ibis.null("int64"))


def _grade(table: ir.Table) -> ir.StringValue:
    """Grade of the denominator: a register older than the freshness rule falls from A to B.

    Links are prescribed by the notice, so their denominator is graded A.
    """
    oldest = table.as_of - ibis.interval(days=rules.value("register_fresh_days"))
    stale = (table.eligible_on.isnull() | (table.eligible_on < oldest.cast("date"))).fill_null(True)
    grade = table.eligible_grade.fill_null("")
    fallen = ibis.ifelse((grade == "A") & stale, "B", grade)
    return ibis.cases((table.by_links, "A"), (~table.known, ""), else_=fallen)


def areas() -> ir.Table:
    """The areas of the boards: area_id, area, area_kind, in the order of the reference."""
    counties = reference.table("counties")
    zones = reference.table("zones")
    rows = [
        (code, name, "county")
        for code, name in zip(counties["county_code"], counties["name"], strict=True)
    ]
    rows += [
        (code, name, "zone") for code, name in zip(zones["zone_id"], zones["name"], strict=True)
    ]
    return ibis.memtable(rows, schema={"area_id": "str", "area": "str", "area_kind": "str"})


def attainment(venues: ir.Table, attribution: str) -> ir.Table:
    """Attainment of every area (T06), from the rows of `venue_coverage`.

    Under 'management' a zone's venues count for the zone alone; under 'territory' for the county,
    and zones have no rows. Areas without a venue are present with null shares. `attained`: the
    covered reach `county_covered_share` and no kind of venue is at zero. `rankable`: the
    denominators of `ranked_graded_share` of the venues are graded A or B.
    """
    own = ibis.coalesce(venues.zone_id, venues.county_code)
    venues = venues.mutate(area_id=own if attribution == "management" else venues.county_code)
    board = areas()
    if attribution == "territory":
        board = board.filter(_.area_kind == "county")
    board = board.cross_join(venues.select("as_of").distinct())
    totals = _totals(venues, ["as_of", "area_id"])
    table = board.left_join(totals, ["as_of", "area_id"]).drop("as_of_right", "area_id_right")
    return _with_shares(table)


def city(venues: ir.Table) -> ir.Table:
    """Attainment of all `venues` together, one row a day, without a null row where there are none."""
    return _with_shares(_totals(venues, ["as_of"]))


def _totals(venues: ir.Table, by: list[str]) -> ir.Table:
    totals = venues.group_by(by).agg(
        venues=_.count(),
        **{f"covered_{basis}": venues[f"covered_{basis}"].sum() for basis in BASES},
        unknown=(_.denominator == "unknown").sum(),
        graded=_.grade.isin(["A", "B"]).sum(),
        needed=_.needed.sum().fill_null(0),
    )
    kinds = venues.group_by([*by, "kind"]).agg(any_covered=_.covered_verified.any())
    zero = (
        kinds.filter(~_.any_covered)
        .group_by(by)
        .agg(
            kinds_at_zero=_.count(),
            zero_kinds=_.kind.group_concat("、", order_by=_.kind),
        )
    )
    return totals.left_join(zero, by).drop(*(f"{name}_right" for name in by))


def _with_shares(table: ir.Table) -> ir.Table:
    counts = ["venues", "unknown", "needed", "kinds_at_zero", "graded"]
    counts += [f"covered_{basis}" for basis in BASES]
    table = table.mutate(
        **{name: table[name].fill_null(0).cast("int64") for name in counts},
        zero_kinds=table.zero_kinds.fill_null(""),
    )
    table = table.mutate(
        graded_share=table.graded / table.venues.nullif(0),
        **{f"share_{basis}": table[f"covered_{basis}"] / table.venues.nullif(0) for basis in BASES},
    ).drop("graded")
    return table.mutate(
        attained=(
            (table.share_verified >= rules.value("county_covered_share"))
            & (table.kinds_at_zero == 0)
        ).fill_null(False),
        rankable=(table.graded_share >= rules.value("ranked_graded_share")).fill_null(False),
    )
