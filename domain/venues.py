"""Coverage of each venue by the rule of its carrier, on any number of days."""

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from domain import rules
from domain.states import PREFIXES, calendar, holding, in_city

BASES = ("contracted", "verified", "active")  # 宽, 中 (the headline), 严
_LISTED = (  # what follows from lists and the days in them, so that it reaches back
    *("listed", "contracted", "cash_points", "cash_points_contracted"),
    *("unnamed_missing", "covered_contracted"),
)
_SEEN = (  # what nobody knows of a venue before its shops were told
    *("verified", "active", "cash_points_verified", "cash_points_active"),
    *("needed", "named_missing", "covered_verified", "covered_active"),
)
_COUNTS = ("listed", *BASES, "cash_points", *(f"cash_points_{basis}" for basis in BASES))


def venue_coverage(
    venues: ir.Table,
    merchant_states: ir.Table,
    scenario_states: ir.Table,
    days: Sequence[date] | ir.Table,
) -> ir.Table:
    """Coverage and status of every venue in the register on each of `days`.

    Rows of `venues` with `since` and `until` hold on the days between, both included. Those that a
    person found not to be in this city are left out.

    A venue counts in *units*: eligible shops for the area type (区域型), required links for all
    others. Columns are those of `venues`, as_of and, in units:

    - listed (units with an eligible record), contracted, verified, active;
    - eligible, the denominator: the declared count, but never fewer than the listed; or the number
      of links. Null, and `denominator` 'unknown', where no count is declared or it is zero;
    - required for full coverage: all links, or `required` of the shops; needed: how many more must
      be verified until the venue is covered, public cash points included; both null where the
      denominator is unknown;
    - named_missing (listed, not verified) and unnamed_missing (not even listed).

    Also cash_points and cash_points_<basis>, the eligible public cash points; grade (A, B, C or ''
    after the freshness rule); covered_<basis>, false where unknown; status (covered, near, short,
    unknown). Thresholds and their clauses: ``rules.toml``.
    """
    in_force = holding(venues.filter(in_city(venues)).cross_join(calendar(days))).filter(
        _.listed_on.isnull() | (_.listed_on <= _.as_of),
        _.delisted_on.isnull() | (_.delisted_on > _.as_of),
    )
    units = _units(in_force, merchant_states, scenario_states)
    table = in_force.left_join(units, ["as_of", "venue_id"]).drop("as_of_right", "venue_id_right")
    table = table.mutate(**{name: table[name].fill_null(0) for name in _COUNTS})
    return _judged(_with_denominator(table)).order_by("as_of", "venue_id")


def as_told(
    table: ir.Table, register: date | None, shops: date | None, links: date | None
) -> ir.Table:
    """Rows of `venue_coverage` as far as they were known: none before the `register`.

    Before `shops`, the first day that lists of shops speak for, what is verified and what is active
    is null, and so is whether that covers the venue: its status is 'untold', or 'unknown' where its
    denominator is; for a venue of links before `links`. None: nobody has told it yet, so that what
    is listed and signed is null, too.
    """
    listed = ibis.ifelse(
        _by_links(table), ibis.literal(links is not None), ibis.literal(shops is not None)
    )
    told = ibis.ifelse(_by_links(table), _from(table, links), _from(table, shops))
    rows = table.filter(_from(table, register))
    return rows.mutate(
        **{name: ibis.ifelse(listed, table[name], None) for name in _LISTED},
        **{name: ibis.ifelse(told, table[name], None) for name in _SEEN},
        status=ibis.ifelse(told | (table.status == "unknown"), table.status, "untold"),
    )


def _from(table: ir.Table, first: date | None) -> ir.BooleanValue:
    """Whether rows are of `first` or a later day."""
    return ibis.literal(False) if first is None else table.as_of >= ibis.literal(first)


def _by_links(venues: ir.Table) -> ir.BooleanValue:
    return venues.carrier != "区域型"


def shop_of(table: ir.Table) -> ir.StringValue:
    """The shop that a merchant record stands for: several banks may list one shop."""
    return ibis.coalesce(table.shop_key, table.merchant_key)


def unit_records(
    venues: ir.Table, merchant_states: ir.Table, scenario_states: ir.Table
) -> ir.Table:
    """Eligible records that count in `venues`, by day: which unit each of them stands for.

    A unit is a shop, or a link: live where any eligible record of it is, so a shop that two banks
    list counts once. For the online type only a real payment verifies. `venues` has as_of,
    venue_id, carrier and links. Columns: as_of, venue_id, carrier, unit, record_key, cash_point
    (whether it is a public cash point) and the three bases.
    """
    kept = ("as_of", "venue_id", "scenario_id", "eligible", *BASES, "paid")
    merchants = merchant_states.select(
        *kept,
        "public_cash_point",
        shop=shop_of(merchant_states),
        record_key=PREFIXES["merchants"] + merchant_states.merchant_key,
    )
    scenarios = scenario_states.select(
        *kept,
        public_cash_point=False,
        shop=ibis.null("string"),
        record_key=PREFIXES["scenarios"] + scenario_states.scenario_key,
    )
    rules_of = venues.select("as_of", "venue_id", "carrier", "links", by_links=_by_links(venues))
    rows = ibis.union(merchants, scenarios).filter(_.eligible)
    rows = rows.join(rules_of, ["as_of", "venue_id"])
    rows = rows.mutate(verified=ibis.ifelse(_.carrier == "线上型", _.paid, _.verified))
    required = (";" + rows.links + ";").contains(";" + rows.scenario_id + ";")
    link = ibis.ifelse(required, rows.scenario_id, None)
    rows = rows.mutate(
        unit=ibis.ifelse(rows.by_links, link, rows.shop),
        cash_point=~rows.by_links & rows.public_cash_point.fill_null(False),
    ).filter(_.unit.notnull())
    return rows.select("as_of", "venue_id", "carrier", "unit", "record_key", "cash_point", *BASES)


def _units(venues: ir.Table, merchant_states: ir.Table, scenario_states: ir.Table) -> ir.Table:
    """Units of each venue in force by day: listed, live on each basis, and public cash points."""
    rows = unit_records(venues, merchant_states, scenario_states)
    units = rows.group_by("as_of", "venue_id", "unit").agg(
        cash_point=rows.cash_point.any(), **{basis: rows[basis].any() for basis in BASES}
    )
    counts = {basis: units.count(where=units[basis]) for basis in BASES}
    cash_points = {
        f"cash_points_{basis}": units.count(where=units.cash_point & units[basis])
        for basis in BASES
    }
    return units.group_by("as_of", "venue_id").agg(
        listed=units.count(),
        **counts,
        cash_points=units.count(where=units.cash_point),
        **cash_points,
    )


def _with_denominator(table: ir.Table) -> ir.Table:
    """`table` with eligible, denominator and grade.

    A register (A) dated more than `register_fresh_days` from the day counts as B. The links are
    prescribed by the notice, so their grade is A.
    """
    by_links = _by_links(table)
    # DuckDB's greatest() skips nulls: a count that was not declared must stay unknown.
    declared = ibis.ifelse(
        table.eligible_count.notnull(), ibis.greatest(table.eligible_count, table.listed), None
    )
    prescribed = ibis.ifelse(table.links == "", 0, table.links.split(";").length())
    age = table.as_of.epoch_days() - table.eligible_on.epoch_days()
    fresh = (age.abs() <= rules.count("register_fresh_days")).fill_null(False)
    register = ibis.ifelse(
        (table.eligible_grade == "A") & ~fresh, "B", table.eligible_grade.fill_null("")
    )
    table = table.mutate(
        eligible=ibis.ifelse(by_links, prescribed, declared).cast("int64").nullif(0)
    )
    known = table.eligible.notnull()
    return table.mutate(
        denominator=ibis.ifelse(known, "known", "unknown"),
        grade=ibis.cases((~known, ""), (by_links, "A"), else_=register),
    )


def required(eligible: ir.IntegerValue) -> ir.IntegerValue:
    """Fewest verified of `eligible` shops that cover a venue of the area type; null where unknown.

    `full_coverage_share` of them, or below `small_venue_size` all but one, and never none. The
    product is rounded first: 0.07 × 100 is a little more than 7.
    """
    portion = (eligible * rules.number("full_coverage_share")).round(6).ceil()
    all_but_one = ibis.greatest(eligible - 1, 1)
    shops = ibis.ifelse(eligible < rules.count("small_venue_size"), all_but_one, portion)
    return shops.cast("int64")


def awaits_only_its_count(table: ir.Table) -> ir.BooleanValue:
    """Whether a venue of unknown denominator is covered once somebody says how many shops it has.

    A declared count is never taken for fewer than the listed, so what is verified must be enough
    for those; no other venue of unknown denominator is covered by a declaration alone.
    """
    enough = table.verified >= required(ibis.greatest(table.listed, 1))
    points = table.cash_points_verified == table.cash_points
    return ((table.denominator == "unknown") & enough & points).fill_null(False)


def _judged(table: ir.Table) -> ir.Table:
    """`table` with required, needed, the missing units, covered_<basis> and status."""
    links_or_shops = ibis.ifelse(_by_links(table), table.eligible, required(table.eligible))
    table = table.mutate(required=links_or_shops)
    covered = {
        f"covered_{basis}": (
            (table[basis] >= table.required) & (table[f"cash_points_{basis}"] == table.cash_points)
        ).fill_null(False)
        for basis in BASES
    }
    short = ibis.greatest(
        table.required - table.verified, table.cash_points - table.cash_points_verified, 0
    )
    table = table.mutate(
        **covered,
        needed=ibis.ifelse(table.eligible.notnull(), short, None),
        named_missing=table.listed - table.verified,
        unnamed_missing=table.eligible - table.listed,
    )
    near = (table.verified >= table.required * rules.number("near_share")).fill_null(False)
    status = ibis.cases(
        (table.eligible.isnull(), "unknown"),
        (table.covered_verified, "covered"),
        (near, "near"),
        else_="short",
    )
    return table.mutate(status=status)
