"""Verified shops and links of venues whose proof, an inspection or a payment, expires soon."""

from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from domain import rules
from domain.states import DISPROVED, ENDED, PREFIXES
from domain.venues import unit_records

_ENDS = (*ENDED, DISPROVED)
PROOFS = {"inspection": "巡检", "payment": "支付"}
"""What verifies a unit, longest."""


def running_out(
    venues: ir.Table,
    merchants: ir.Table,
    scenarios: ir.Table,
    events: ir.Table,
    as_of: date,
    *,
    within: int,
) -> ir.Table:
    """Verified units of `venues` whose proof expires in the next `within` days.

    A proof is an inspection or a payment, valid for the days of ``rules.toml``, of a venue of the
    online type a payment alone; a suspension, a refusal, a closure or the finding that it is none
    ends it, and events after `as_of` are not counted. A unit is a shop or a link
    (`venues.unit_records`); one that several records stand for is shown under the record whose
    proof lasts longest.

    `venues` are rows of `venue_coverage`, `merchants` and `scenarios` states, all on `as_of`.
    Columns: venue_id, venue (its name), carrier, covered, `falls` (whether the venue is covered and
    would not be without these units), merchant_key (null where the record is one of a scenario),
    name and address (of a shop), scenario_id, operator_id (of the record, else of the venue),
    `proof` (`PROOFS`) and `left`, the days until its last verified day (0 is today); the first to
    expire come first.
    """
    units = unit_records(venues, merchants, scenarios).filter(_.verified)
    proofs = lasting(events.filter(_.day <= as_of).semi_join(units, "record_key"))
    units = units.join(proofs, "record_key")
    inspected = ibis.ifelse(units.carrier == "线上型", ibis.null("int64"), units.inspected)
    by_payment = (units.paid > inspected) | inspected.isnull()
    units = units.mutate(
        proof=ibis.ifelse(by_payment.fill_null(False), "payment", "inspection"),
        lasts=ibis.ifelse(by_payment.fill_null(False), units.paid, inspected),
    ).filter(_.lasts.notnull())
    longest = ibis.window(
        group_by=["venue_id", "unit"], order_by=[ibis.desc("lasts"), "record_key"]
    )
    units = units.mutate(turn=ibis.row_number().over(longest)).filter(_.turn == 0)
    today = (as_of - date(1970, 1, 1)).days
    units = units.mutate(left=units["lasts"] - today).filter(_.left >= 0, _.left < within)
    rows = units.select("venue_id", "record_key", "cash_point", "proof", "left")
    rows = rows.join(_about(venues, rows), "venue_id")
    records = _records(merchants, scenarios)
    rows = rows.join(records, "record_key")
    return rows.select(
        "venue_id", "venue", "carrier", "covered", "falls", "merchant_key", "name", "address",
        "scenario_id", "proof", "left",
        operator_id=ibis.coalesce(rows.operator_id, rows.venue_operator),
    ).order_by("left", "venue_id", "merchant_key", "scenario_id")  # fmt: skip


def _about(venues: ir.Table, rows: ir.Table) -> ir.Table:
    """Venues of `rows`, and whether they would cease to be covered without them."""
    lost = rows.group_by("venue_id").agg(units=_.count(), cash=_.count(where=_.cash_point))
    table = venues.join(lost, "venue_id")
    short = (table.verified - table.units < table.required) | (
        table.cash_points_verified - table.cash < table.cash_points
    )
    return table.select(
        "venue_id",
        "carrier",
        venue="name",
        venue_operator="operator_id",
        covered="covered_verified",
        falls=(table.covered_verified & short).fill_null(False),
    )


def _records(merchants: ir.Table, scenarios: ir.Table) -> ir.Table:
    """What names a record: of one of a scenario only its kind and its bank."""
    shops = merchants.select(
        "merchant_key", "name", "address", "scenario_id", "operator_id",
        record_key=PREFIXES["merchants"] + merchants.merchant_key,
    )  # fmt: skip
    nothing = dict.fromkeys(("merchant_key", "name", "address"), ibis.null("string"))
    links = scenarios.select(
        **nothing,
        scenario_id=scenarios.scenario_id,
        operator_id=scenarios.operator_id,
        record_key=PREFIXES["scenarios"] + scenarios.scenario_key,
    )
    return ibis.union(shops, links.select(*shops.columns))


def lasting(events: ir.Table) -> ir.Table:
    """Last days on which the proofs of each record hold by its `events`, if nothing else happens.

    Columns: record_key, inspected, paid and the later of the two, `lasts`, in days from 1970-01-01.
    Records without a proof are left out.
    """
    ended = events.filter(_.event.isin(_ENDS)).group_by("record_key").agg(ended=_.day.max())
    proofs = events.filter(_.event.isin(["inspected", "paid"])).left_join(ended, "record_key")
    proofs = proofs.filter(proofs.ended.isnull() | (proofs.day > proofs.ended))
    day = proofs.day.epoch_days()
    days = proofs.group_by("record_key").agg(
        inspected=day.max(where=proofs.event == "inspected") + rules.count("inspection_valid_days"),
        paid=day.max(where=proofs.event == "paid") + rules.count("payment_valid_days"),
    )
    later = ibis.greatest(ibis.coalesce(days.inspected, days.paid), days.paid.fill_null(0))
    return days.mutate(lasts=later)
