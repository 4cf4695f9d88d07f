"""Venues that came to be covered or ceased to be between two days, each with its reason.

The reason of a venue is what moved most of its units; of reasons that moved equally many it is the
first of `REASONS`. So every venue has one reason, and the venues of all reasons are the difference
between the two days.
"""

from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from domain import rules
from domain.states import ENDED, PREFIXES
from domain.venues import unit_records

REASONS = {
    "ruled": "质询成立",
    "listed": "列入名录",
    "delisted": "移出名录",
    "denominator": "分母变化",
    "closed": "注销、停用",
    "moved": "迁址",
    "signed": "新签",
    "proven": "新验证",
    "inspection": "巡检过期",
    "payment": "支付过期",
    "other": "其他",
}
"""Reasons in their order. `proven` is a record signed before that was inspected or paid at."""
BY_UNITS = ("ruled", "closed", "moved", "signed", "proven", "inspection", "payment", "other")
"""Reasons for which single shops or links moved; of several records of one the first counts."""

_RANKS = {reason: rank for rank, reason in enumerate(REASONS)}
_NUMBERS = ("eligible", "listed", "required", "verified", "cash_points", "cash_points_verified")
_DECISIVE = 1_000_000  # units: more than a venue has, for a denominator that was or is unknown


def moves(
    before: ir.Table,
    after: ir.Table,
    *,
    register: ir.Table,
    merchants: ir.Table,
    scenarios: ir.Table,
    events: ir.Table,
    rulings: ir.Table,
    since: date,
    until: date,
) -> ir.Table:
    """Venues covered on one of two days only (verified basis), and why.

    `before` and `after` are the rows of `venue_coverage` that are compared, on `since` and `until`;
    `register` those of the whole register on both days, by which a venue that only left what is
    compared is told from one that left the register. `merchants` and `scenarios` are states on both
    days of every record that was in one of the venues. `rulings` are upheld disputes: record_key
    (of a shop, or ``v:`` and the id of a venue) and day.

    Columns: those of the venue on the day on which it was covered; `move`, 'in' or 'out'; `reason`
    (`REASONS`); units_<reason> for each of `BY_UNITS`, the shops or links that were verified on
    that day and not on the other; and <number>_before and _after of eligible, listed, required,
    verified, cash_points and cash_points_verified, null where the venue was not compared.
    """
    venues = _moved(before, after)
    between = (_.day > ibis.literal(since)) & (_.day <= ibis.literal(until))
    ruled = rulings.filter(between).select(ruled_key="record_key").distinct()
    venues = venues.mutate(record_key=ibis.literal(PREFIXES["venues"]) + venues.venue_id)
    venues = venues.left_join(ruled, venues.record_key == ruled.ruled_key)
    venues = venues.mutate(
        held_on=ibis.ifelse(venues.move == "in", ibis.literal(until), ibis.literal(since)),
        other_on=ibis.ifelse(venues.move == "in", ibis.literal(since), ibis.literal(until)),
        by_ruling=venues.ruled_key.notnull(),
    ).drop("ruled_key", "record_key")
    units = _units(venues, before, after, merchants, scenarios)
    stood = _stood(merchants, scenarios)
    units = _with_reason(units, stood, events, ruled, since=since, until=until)
    counts = units.group_by("venue_id").agg(
        **{f"units_{name}": _counted(units, name) for name in BY_UNITS}
    )
    main = _main(venues, units)
    found = venues.left_join(counts, "venue_id").drop("venue_id_right")
    found = found.left_join(main, "venue_id").drop("venue_id_right")
    found = found.left_join(_listings(venues, register), "venue_id").drop("venue_id_right")
    found = found.mutate(
        reason=ibis.coalesce(found.listing, found.main, ibis.literal("other")),
        **{name: found[name].fill_null(0) for name in map("units_{}".format, BY_UNITS)},
    )
    return found.drop(
        "listing", "main", "held_on", "other_on", "by_ruling", "cash_only", "absent"
    ).order_by("move", "venue_id")


def _counted(units: ir.Table, reason: str) -> ir.IntegerValue:
    return units.count(where=units["rank"] == _RANKS[reason])


def _moved(before: ir.Table, after: ir.Table) -> ir.Table:
    """Venues covered on one day only, with the numbers of both days.

    `absent`: it is not compared on the other day. `cash_only`: on the other day nothing but public
    cash points keeps it from being covered.
    """
    came = after.filter(_.covered_verified).anti_join(before.filter(_.covered_verified), "venue_id")
    went = before.filter(_.covered_verified).anti_join(after.filter(_.covered_verified), "venue_id")
    venues = ibis.union(
        came.mutate(move=ibis.literal("in")),
        went.mutate(move=ibis.literal("out")).select(*came.columns, "move"),
    )
    for day, table in (("before", before), ("after", after)):
        numbers = {f"{name}_{day}": table[name] for name in _NUMBERS}
        own = table.select(**{f"id_{day}": table.venue_id}, **numbers)
        venues = venues.left_join(own, venues.venue_id == own[f"id_{day}"])
    other = {
        name: ibis.ifelse(venues.move == "in", venues[f"{name}_before"], venues[f"{name}_after"])
        for name in ("id", "verified", "required")
    }
    return venues.mutate(
        absent=other["id"].isnull(),
        cash_only=(other["verified"] >= other["required"]).fill_null(False),
    ).drop("id_before", "id_after")


def _units(
    venues: ir.Table,
    before: ir.Table,
    after: ir.Table,
    merchants: ir.Table,
    scenarios: ir.Table,
) -> ir.Table:
    """Records of units that were verified only on the day on which their venue was covered."""
    rules_of = ("as_of", "venue_id", "carrier", "links")
    rows = ibis.union(before.select(rules_of), after.select(rules_of))
    records = unit_records(rows.semi_join(venues, "venue_id"), merchants, scenarios)
    about = venues.select("venue_id", "move", "held_on", "other_on", "cash_only")
    records = records.filter(_.verified).join(about, "venue_id")
    held = records.filter(_.as_of == _.held_on, ~_.cash_only | _.cash_point)
    other = records.filter(_.as_of == _.other_on).select("venue_id", "unit").distinct()
    return held.anti_join(other, ["venue_id", "unit"])


def _stood(merchants: ir.Table, scenarios: ir.Table) -> ir.Table:
    """Where records that were on record stood: on, stood_key, stood_in ('' for no venue)."""
    return ibis.union(
        *(
            states.filter(states.state.notnull()).select(
                "signed_since",
                on="as_of",
                stood_key=ibis.literal(PREFIXES[name]) + states[key],
                stood_in=states.venue_id.fill_null(""),
            )
            for name, key, states in (
                ("merchants", "merchant_key", merchants),
                ("scenarios", "scenario_key", scenarios),
            )
        )
    )


def _with_reason(
    records: ir.Table,
    stood: ir.Table,
    events: ir.Table,
    ruled: ir.Table,
    *,
    since: date,
    until: date,
) -> ir.Table:
    """Units of `_units`: venue_id, unit, and the rank of their reason among `REASONS`."""
    own = events.filter(_.day <= ibis.literal(until)).semi_join(records, "record_key")
    proofs = own.group_by(proof_key="record_key").agg(
        ended=((_.event.isin(ENDED)) & (_.day > ibis.literal(since))).any(),
        inspected=_.day.max(where=_.event == "inspected"),
        paid=_.day.max(where=_.event == "paid"),
    )
    other = stood.select(other_day="on", other_key="stood_key", other_in="stood_in")
    held = stood.select("signed_since", held_day="on", held_key="stood_key")
    table = records.left_join(
        other, [records.record_key == other.other_key, records.other_on == other.other_day]
    )
    table = table.left_join(
        held, [table.record_key == held.held_key, table.held_on == held.held_day]
    )
    table = table.left_join(proofs, table.record_key == proofs.proof_key)
    table = table.left_join(ruled, table.record_key == ruled.ruled_key)
    paid = table.paid.epoch_days() + rules.count("payment_valid_days")
    inspected = table.inspected.epoch_days() + rules.count("inspection_valid_days")
    inspected = ibis.ifelse(table.carrier == "线上型", ibis.null("int64"), inspected)
    last_day = (until - date(1970, 1, 1)).days
    by_payment = (paid > inspected) | inspected.isnull()
    lapsed = ibis.coalesce(ibis.ifelse(by_payment, paid, inspected) < last_day, False)
    moved = table.other_in.notnull() & (table.other_in != table.venue_id)
    came, out = table.move == "in", table.move == "out"
    reason = ibis.cases(
        (table.ruled_key.notnull(), _RANKS["ruled"]),
        (out & table.ended.fill_null(False), _RANKS["closed"]),
        (moved, _RANKS["moved"]),
        (came & (table.signed_since > ibis.literal(since)).fill_null(False), _RANKS["signed"]),
        (came, _RANKS["proven"]),
        (lapsed & by_payment, _RANKS["payment"]),
        (lapsed, _RANKS["inspection"]),
        else_=_RANKS["other"],
    )
    table = table.mutate(rank=reason.cast("int64"))
    return table.group_by("venue_id", "unit").agg(rank=_["rank"].min())


def _main(venues: ir.Table, units: ir.Table) -> ir.Table:
    """The reason that moved most units of each venue: venue_id, main."""
    rise = venues.required_after - venues.required_before
    weight = ibis.ifelse(venues.move == "in", -rise, rise)
    unknown = venues.required_before.isnull() | venues.required_after.isnull()
    weight = ibis.ifelse(unknown, _DECISIVE, weight)
    rank = ibis.ifelse(venues.by_ruling, _RANKS["ruled"], _RANKS["denominator"])
    counted = venues.filter(~venues.absent, ~venues.cash_only).select(
        "venue_id", rank=rank.cast("int64"), weight=weight.cast("int64")
    )
    moved = units.group_by("venue_id", "rank").agg(weight=_.count())
    parts = ibis.union(counted.filter(_.weight > 0), moved)
    parts = parts.group_by("venue_id", "rank").agg(weight=_.weight.sum())
    most = parts.group_by("venue_id").agg(
        rank=parts["rank"].argmax(parts.weight * len(REASONS) - parts["rank"])
    )
    named = ibis.cases(*((most["rank"] == rank, name) for name, rank in _RANKS.items()))
    return most.select("venue_id", main=named)


def _listings(venues: ir.Table, register: ir.Table) -> ir.Table:
    """Reasons of venues that are compared on one day only: venue_id, listing."""
    gone = venues.filter(venues.absent)
    there = register.select(
        there_id="venue_id", there_on="as_of", there_county="county_code", there_zone="zone_id"
    )
    gone = gone.left_join(there, [gone.venue_id == there.there_id, gone.other_on == there.there_on])
    elsewhere = (gone.there_county.fill_null("") != gone.county_code.fill_null("")) | (
        gone.there_zone.fill_null("") != gone.zone_id.fill_null("")
    )
    listing = ibis.cases(
        (gone.by_ruling, "ruled"),
        (gone.there_id.isnull() & (gone.move == "in"), "listed"),
        (gone.there_id.isnull(), "delisted"),
        (elsewhere, "moved"),
        else_="other",
    )
    return gone.select("venue_id", listing=listing)
