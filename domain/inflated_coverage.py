"""Inflated coverage (注水): covered venues on weak evidence. It changes no headline."""

import ibis
import ibis.expr.types as ir
from ibis import _

from domain import rules
from domain.venues import required, shop_of

_KEYS = ["as_of", "venue_id"]
SIGNS = {"one_sign": "应覆盖数过少", "shrunk": "应覆盖数缩减", "unpaid": "只巡检、无交易"}
"""Signs of inflated coverage; each is a flag of `venues`."""


def venues(
    coverage: ir.Table, merchant_states: ir.Table, scenario_states: ir.Table, stated: ir.Table
) -> ir.Table:
    """Rows of `venue_coverage` with the signs of inflated coverage, by day and venue.

    `stated` are all denominators ever reported (venue_id, stated_on, eligible_count). Added
    columns:

    - one_sign: an area-type venue covered with a denominator of at most `one_sign_points`;
    - largest, shrunk: the largest count stated up to the day; whether the denominator is below it
      by `shrunk_share` or more, and the venue would not be covered against it;
    - paid_units, unpaid: number of shops and scenario records with a payment within
      `payment_valid_days`; whether the venue is covered with none;
    - padded: covered, with any of the three signs.

    The signs are null where it is unknown whether the venue is covered.
    """
    table = coverage
    for counts in (_largest(coverage, stated), _paid(merchant_states, scenario_states)):
        table = table.left_join(counts, _KEYS).drop("as_of_right", "venue_id_right")
    table = table.mutate(paid_units=table.paid_units.fill_null(0))
    area = table.carrier == "区域型"
    fewer = table.eligible <= table.largest * (1 - rules.number("shrunk_share"))
    uncovered = table.verified < required(table.largest)
    signs = {
        "one_sign": area & (table.eligible <= rules.count("one_sign_points")),
        "shrunk": area & fewer & uncovered,
        "unpaid": table.paid_units == 0,
    }
    covered = table.covered_verified
    table = table.mutate(
        **{
            name: ibis.ifelse(covered.isnull(), None, (covered & sign).fill_null(False))
            for name, sign in signs.items()
        }
    )
    return table.mutate(padded=table.one_sign | table.shrunk | table.unpaid).order_by(*_KEYS)


def sleeping(merchant_states: ir.Table) -> ir.Table:
    """Signed merchants without payments: rows of `merchant_states`.

    Contracted for `sleeping_days` or longer, and without a payment within `payment_valid_days`.
    Merchants without a contract on the day, and those suspended, are left out.
    """
    signed = merchant_states.filter(_.contracted, ~_.paid, _.state != "suspended")
    age = signed.as_of.epoch_days() - signed.signed_since.epoch_days()
    return signed.filter(age >= rules.count("sleeping_days")).order_by("as_of", "merchant_key")


def sleeping_by_operator(merchant_states: ir.Table) -> ir.Table:
    """Signed and sleeping merchants of each bank.

    Columns: as_of, operator_id ('' for shops without a bank), contracted, asleep, sleeping_share
    (0 to 1, null where no merchant is signed).
    """
    merchant_states = merchant_states.mutate(operator_id=_.operator_id.fill_null(""))
    signed = merchant_states.group_by("as_of", "operator_id").agg(
        contracted=_.count(where=_.contracted)
    )
    asleep = sleeping(merchant_states).group_by("as_of", "operator_id").agg(asleep=_.count())
    table = signed.left_join(asleep, ["as_of", "operator_id"])
    table = table.drop("as_of_right", "operator_id_right").mutate(asleep=_.asleep.fill_null(0))
    share = table.asleep / table.contracted.nullif(0)
    return table.mutate(sleeping_share=share).order_by("as_of", "operator_id")


def _largest(coverage: ir.Table, stated: ir.Table) -> ir.Table:
    """Largest count ever stated of each venue up to each day."""
    days = coverage.select("as_of").distinct()
    known = stated.cross_join(days).filter(_.stated_on <= _.as_of)
    return known.group_by(_KEYS).agg(largest=_.eligible_count.max())


def _paid(merchant_states: ir.Table, scenario_states: ir.Table) -> ir.Table:
    columns = ("as_of", "venue_id", "eligible", "paid")
    shops = merchant_states.select(*columns, unit=shop_of(merchant_states))
    rows = ibis.union(shops, scenario_states.select(*columns, unit="scenario_key"))
    paid = rows.filter(_.eligible & _.paid & _.venue_id.notnull())
    return paid.group_by(_KEYS).agg(paid_units=_.unit.nunique())
