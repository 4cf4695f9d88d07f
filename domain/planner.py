"""The planner: the steps that close venues, in order, and the effect of a number of signings.

A *step* is one unit of a venue to be verified: a named shop (签约、开通、验证 …), a required link,
or a shop that no list names yet. `gaps.plan` gives the order of the venues, this module the steps
that each of them needs.
"""

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _

from domain import gaps

READINESS = ("verified", "opened", "contracted", "suspended", "target", "refused")
WAYS = ("plan", "even", "largest")  # orders in which to spend the same signings
_TEXTS = ("merchant_key", "name", "scenario_id", "address", "operator_id", "state")
_COLUMNS = ("as_of", "venue_id", "part", "step", "units", *_TEXTS, "action", "public_cash_point")
_ONE = ibis.literal(1, "int64")


def steps(plan: ir.Table, missing: ir.Table, links: ir.Table) -> ir.Table:
    """Steps of each venue of the `plan`, as many units as it needs, in order.

    `missing` and `links` come from `gaps.missing` and `gaps.missing_links` of the same venues.
    The shops of an area-type venue are: every public cash point that is not verified, because the
    venue is not covered without them; then the ones nearest to verified (`READINESS`); among
    equals by street and house number, so that one walk does them. Where a venue needs more shops
    than are named, one row stands for all unnamed ones. Other venues need all their missing links.

    One row per step: as_of, venue_id; part (shop, link or unnamed); step, its place in the venue;
    units it stands for (1, or the number of unnamed shops); so_far, the cumulative units along the
    whole plan; merchant_key, name, address, operator_id, state and public_cash_point of the shop;
    scenario_id of the shop or link; action. Cells that do not apply are null.
    """
    named = ibis.union(_shops(plan, missing), _links(plan, links))
    rows = ibis.union(named, _unnamed(plan, named))
    order = plan.select("as_of", "venue_id", before=_.signings - _.needed)
    table = rows.join(order, ["as_of", "venue_id"])
    return (
        table.mutate(so_far=_.before + _.step)
        .select(*_COLUMNS[:5], "so_far", *_COLUMNS[5:])
        .order_by("as_of", "so_far")
    )


def _shops(plan: ir.Table, missing: ir.Table) -> ir.Table:
    area_type = plan.filter(_.carrier == "区域型").select("as_of", "venue_id")
    shops = missing.semi_join(area_type, ["as_of", "venue_id"]).mutate(
        public_cash_point=_.public_cash_point.fill_null(False), address=_.address.fill_null("")
    )
    readiness = ibis.cases(
        *((shops.state == state, place) for place, state in enumerate(READINESS)),
        else_=len(READINESS),
    )
    # The house number as a number, so that 9 comes before 10; longer ones are no house numbers.
    number = shops.address.re_extract(r"[0-9]{1,9}", 0).nullif("").cast("int64")
    order = ibis.window(
        group_by=["as_of", "venue_id"],
        order_by=[
            shops.public_cash_point.desc(),
            readiness,
            shops.address == "",
            shops.address.re_replace(r"[0-9].*$", ""),
            number.fill_null(0),
            shops.address,
            shops.merchant_key,
        ],
    )
    shops = shops.mutate(part=ibis.literal("shop"), step=_number(order), units=_ONE)
    due = shops.filter(_.step <= _.needed)
    return due.mutate(address=_.address.nullif("")).select(*_COLUMNS)


def _links(plan: ir.Table, links: ir.Table) -> ir.Table:
    by_links = plan.filter(_.carrier != "区域型").select("as_of", "venue_id")
    order = ibis.window(group_by=["as_of", "venue_id"], order_by="scenario_id")
    table = links.semi_join(by_links, ["as_of", "venue_id"]).mutate(
        part=ibis.literal("link"),
        step=_number(order),
        units=_ONE,
        action=ibis.ifelse(_.recorded, "验证", "开通"),
        public_cash_point=ibis.literal(False),
        **_nulls("merchant_key", "name", "address", "operator_id", "state"),
    )
    return table.select(*_COLUMNS)


def _unnamed(plan: ir.Table, named: ir.Table) -> ir.Table:
    keys = ["as_of", "venue_id"]
    counts = named.group_by(keys).agg(named=_.count())
    table = plan.left_join(counts, keys).drop("as_of_right", "venue_id_right")
    table = table.mutate(units=_.needed - _.named.fill_null(0)).filter(_.units > 0)
    table = table.mutate(
        part=ibis.literal("unnamed"),
        step=_.needed,
        action=ibis.literal("摸底"),
        public_cash_point=ibis.literal(False),
        **_nulls(*_TEXTS),
    )
    return table.select(*_COLUMNS)


def _number(order: ir.Value) -> ir.IntegerValue:
    return (ibis.row_number().over(order) + 1).cast("int64")


def _nulls(*columns: str) -> dict[str, ir.Value]:
    return {name: ibis.null("string") for name in columns}


def first(steps: pd.DataFrame, signings: int) -> pd.DataFrame:
    """The first of one day's `steps`, as far as `signings` go.

    Signings left after the last venue that they close begin the next one; `units` of the last row
    may be cut to the number of signings left.
    """
    before = steps["so_far"] - steps["units"]
    done = steps[before < signings]
    return done.assign(units=np.minimum(done["units"], signings - before[done.index]))


def left_over(plan: pd.DataFrame, signings: int) -> tuple[int, str]:
    """Signings left after the last venue of one day's `plan` that they close, and the next venue.

    The venue is an id, '' where all are closed.
    """
    closed = gaps.within(plan, signings)
    spent = int(plan["signings"].iloc[closed - 1]) if closed else 0
    return signings - spent, plan["venue_id"].iloc[closed] if closed < len(plan) else ""


def ways(plan: pd.DataFrame) -> pd.DataFrame:
    """Venues closed by the same signings in three orders: way, signings, venues_closed.

    - plan: the venue that needs the fewest first;
    - even: one unit to each venue in turn by its id, as long as it needs any;
    - largest: venue after venue, the one with the most eligible units first.

    The k-th row of a way has the signings at which its k-th venue is closed.
    """
    closing = {
        "plan": plan["signings"],
        "even": _even(plan),
        "largest": plan.sort_values(["eligible", "venue_id"], ascending=[False, True])[
            "needed"
        ].cumsum(),
    }
    parts = [
        pd.DataFrame({"way": way, "signings": np.sort(signings.to_numpy(dtype="int64"))})
        for way, signings in closing.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    return table.assign(venues_closed=table.groupby("way").cumcount() + 1)


def _even(plan: pd.DataFrame) -> pd.Series:
    """Signings that close each venue if all get one in turn: a need of n is met in round n."""
    needed = plan.sort_values("venue_id")["needed"].to_numpy(dtype="int64")
    rounds = np.minimum(needed[:, None], needed[None, :] - 1).sum(axis=0)
    turn = [int((needed[: place + 1] >= need).sum()) for place, need in enumerate(needed)]
    return pd.Series(rounds + np.array(turn, dtype="int64"))


def split(
    venues: pd.DataFrame, plan: pd.DataFrame, work: pd.DataFrame, signings: int, by: str
) -> pd.DataFrame:
    """Effect of `signings` on each group of `venues` by column `by`, the most closed first.

    `venues` are all venues of the scope (rows of `venue_coverage`), `work` the rows of `first`.
    Columns: `by`, venues, covered, closed (newly), units (of the work), share and share_after (0
    to 1, of the register). Venues without a group are left out.
    """
    closed = plan.loc[plan["signings"] <= signings, "venue_id"]
    units = work.groupby("venue_id")["units"].sum()
    frame = venues.assign(
        closed=venues["venue_id"].isin(closed),
        units=venues["venue_id"].map(units).fillna(0).astype("int64"),
    )
    table = frame.groupby(by, as_index=False).agg(
        venues=("venue_id", "size"),
        covered=("covered_verified", "sum"),
        closed=("closed", "sum"),
        units=("units", "sum"),
    )
    table = table.assign(
        share=table["covered"] / table["venues"],
        share_after=(table["covered"] + table["closed"]) / table["venues"],
    )
    return table.sort_values(
        ["closed", "units", by], ascending=[False, False, True], ignore_index=True
    )
