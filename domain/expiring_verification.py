"""Upkeep: what is verified now and runs out unless somebody comes by or pays."""

from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from domain import rules
from domain.states import PREFIXES
from domain.venues import shop_of

_ENDS = ("suspended", "refused", "closed")
_ABOUT = ("merchant_key", "name", "address", "operator_id")


def running_out(
    venues: ir.Table, states: ir.Table, events: ir.Table, as_of: date, within: int
) -> ir.Table:
    """Verified shops of the covered `venues` whose proof runs out in the next `within` days.

    A proof is an inspection or a payment, and holds as long as ``rules.toml`` says; one before a
    suspension, a refusal or a closure is none any more, and what came after `as_of` is not known.
    A shop that several banks list lasts as long as the best of its records, under which it
    stands. Only of area-type venues: all others count links, not shops.

    `venues` are rows of `venue_coverage` and `states` merchants, both on `as_of`. Columns:
    venue_id, venue (its name), merchant_key, name, address, operator_id and `left`, the days until
    its last verified day (0 is today); those that run out first come first.
    """
    covered = venues.filter(_.covered_verified, _.carrier == "区域型")
    shops = states.filter(_.verified).join(covered.select("venue_id", venue=_.name), "venue_id")
    shops = shops.mutate(shop=shop_of(shops), record_key=PREFIXES["merchants"] + shops.merchant_key)
    proofs = _lasting(events.filter(_.day <= as_of).semi_join(shops, "record_key"))
    shops = shops.join(proofs, "record_key")
    last = shops.group_by("venue_id", "venue", "shop").agg(
        last=shops["until"].max(), **{name: shops[name].argmax(shops["until"]) for name in _ABOUT}
    )
    today = (as_of - date(1970, 1, 1)).days
    return (
        last.mutate(left=last["last"] - today)
        .filter(_.left >= 0, _.left < within)
        .select("venue_id", "venue", *_ABOUT, "left")
        .order_by("left", "venue_id", "merchant_key")
    )


def _lasting(events: ir.Table) -> ir.Table:
    """The last day for which the `events` of each record prove it: record_key, until.

    Days are counted from 1970-01-01.
    """
    ended = events.filter(_.event.isin(_ENDS)).group_by("record_key").agg(ended=_.day.max())
    proofs = events.filter(_.event.isin(["inspected", "paid"])).left_join(ended, "record_key")
    proofs = proofs.filter(proofs.ended.isnull() | (proofs.day > proofs.ended))
    days = ibis.ifelse(
        proofs.event == "paid",
        rules.count("payment_valid_days"),
        rules.count("inspection_valid_days"),
    )
    return proofs.group_by("record_key").agg(until=(proofs.day.epoch_days() + days).max())
