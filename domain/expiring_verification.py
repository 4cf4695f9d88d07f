"""Verified shops of covered venues whose proof, an inspection or a payment, expires soon."""

from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from domain import rules
from domain.states import DISPROVED, ENDED, PREFIXES
from domain.venues import shop_of

_ENDS = (*ENDED, DISPROVED)
_ABOUT = ("merchant_key", "name", "address", "operator_id")


def running_out(
    venues: ir.Table, states: ir.Table, events: ir.Table, as_of: date, within: int
) -> ir.Table:
    """Verified shops of the covered `venues` whose proof expires in the next `within` days.

    A proof is an inspection or a payment, valid for the days of ``rules.toml``; a suspension, a
    refusal, a closure or the finding that it is none ends it, and events after `as_of` are not
    counted. A shop that several banks list is shown under the record whose proof lasts longest.
    Only area-type venues are listed: all others count links, not shops.

    `venues` are rows of `venue_coverage` and `states` merchants, both on `as_of`. Columns:
    venue_id, venue (its name), merchant_key, name, address, operator_id and `left`, the days until
    its last verified day (0 is today); the first to expire come first.
    """
    covered = venues.filter(_.covered_verified, _.carrier == "区域型")
    shops = states.filter(_.verified).join(covered.select("venue_id", venue=_.name), "venue_id")
    shops = shops.mutate(shop=shop_of(shops), record_key=PREFIXES["merchants"] + shops.merchant_key)
    proofs = lasting(events.filter(_.day <= as_of).semi_join(shops, "record_key"))
    shops = shops.join(proofs, "record_key")
    last = shops.group_by("venue_id", "venue", "shop").agg(
        last=shops["lasts"].max(), **{name: shops[name].argmax(shops["lasts"]) for name in _ABOUT}
    )
    today = (as_of - date(1970, 1, 1)).days
    return (
        last.mutate(left=last["last"] - today)
        .filter(_.left >= 0, _.left < within)
        .select("venue_id", "venue", *_ABOUT, "left")
        .order_by("left", "venue_id", "merchant_key")
    )


def lasting(events: ir.Table) -> ir.Table:
    """Last day on which each record is verified by its `events`, if nothing else happens.

    Columns: record_key, lasts, in days from 1970-01-01. Records without a proof are left out.
    """
    ended = events.filter(_.event.isin(_ENDS)).group_by("record_key").agg(ended=_.day.max())
    proofs = events.filter(_.event.isin(["inspected", "paid"])).left_join(ended, "record_key")
    proofs = proofs.filter(proofs.ended.isnull() | (proofs.day > proofs.ended))
    days = ibis.ifelse(
        proofs.event == "paid",
        rules.count("payment_valid_days"),
        rules.count("inspection_valid_days"),
    )
    return proofs.group_by("record_key").agg(lasts=(proofs.day.epoch_days() + days).max())
