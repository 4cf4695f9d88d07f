"""What lapses in the next days unless somebody acts: proofs of shops and links, and clusters."""

from dataclasses import replace
from datetime import date, timedelta

import ibis.expr.types as ir
import pandas as pd

from domain import expiring_verification, reference, rules
from domain.clusters import MATURE
from queries import attainment, commitments
from queries.engine import Engine, engine, listing, remembered
from queries.scope import Scope, of_scope
from queries.sights import CONCEALED

LAPSING = 30  # days that the front page looks ahead
CLUSTER = "reinspection"
KINDS = expiring_verification.PROOFS | {CLUSTER: "复检"}
"""What keeps something up, and lapses."""
COLUMNS = [
    "holds", "left", "until", "venue_id", "venue", "carrier", "name", "address", "merchant_key",
    "operator_id", "owners", "county_code", "zone_id", "falls",
]  # fmt: skip
_TEXTS = ("venue_id", "venue", "carrier", "address", "merchant_key", "operator_id", "owners")


@remembered
def rows(scope: Scope, within: int) -> pd.DataFrame:
    """What lapses within so many days of the scope's day, the first to lapse first: `COLUMNS`.

    Verified shops and links of the scope's venues, under the record that holds longest, and the
    re-inspection of its clusters. `holds` is one of `KINDS`; `left` the days until the last day, 0
    for today; `falls` whether the venue, or the cluster's maturity, would fall with what lapses.
    `venue` is null for a cluster, whose `name` is its own; `owners` are a cluster's, ids joined by
    ';'. A bank has its own records, whichever bank answers for the venue. No rows on a day on which
    nobody had told yet what is verified.
    """
    units = _units(replace(scope, operator_id=""), within)
    if scope.operator_id:
        units = units[units["operator_id"] == scope.operator_id]
    links = reference.labels("scenarios", "scenario_id", "scenario")
    link_names = units["scenario_id"].map(links).mask(units["venue"] == CONCEALED, CONCEALED)
    units = units.assign(
        holds=units["proof"], name=units["name"].where(units["merchant_key"].notna(), link_names)
    )
    parts = [
        part.reindex(columns=COLUMNS).astype(dict.fromkeys(_TEXTS, "object"))
        for part in (units, _clusters(scope, within))
    ]
    table = pd.concat([part for part in parts if len(part)] or parts[:1])
    table = table.sort_values("left", kind="stable", ignore_index=True)
    days = [scope.as_of + timedelta(days=int(left)) for left in table["left"]]
    return table.assign(until=days, falls=table["falls"].astype("bool"))


@listing
def _units(data: Engine, scope: Scope, within: int) -> ir.Table:
    venues = of_scope(data.venues_on((scope.as_of,)), scope)
    units = expiring_verification.running_out(
        venues,
        data.merchants_on(scope.as_of),
        data.scenarios_on((scope.as_of,)),
        data.table("events"),
        scope.as_of,
        within=within,
    )
    places = venues.select("venue_id", "county_code", "zone_id")
    found = units.join(places, "venue_id").order_by("left", "venue_id", "merchant_key")
    return found if data.known.has_by("merchants", scope.as_of) else found.limit(0)


def _clusters(scope: Scope, within: int) -> pd.DataFrame:
    """Clusters of the scope whose re-inspection lapses; none of one that was withdrawn."""
    table = commitments.cluster_standing(scope)
    table = table[table["inspected"] & ~(table["withdrawn_on"] <= table["as_of"])]
    age = (table["as_of"] - table["inspected_on"]).dt.days
    left = rules.count("cluster_inspected_days") - age
    table = table.assign(holds=CLUSTER, left=left, falls=table["state"].isin(MATURE))
    return table[(left >= 0) & (left < within)].drop(columns="venue_id")


def unheard(scope: Scope, within: int) -> dict[str, date]:
    """Late banks with records among `rows`, and the last day that each was heard of."""
    late = engine(scope.snapshot_id).known.late(scope.as_of)
    own = set(rows(scope, within)["operator_id"])
    return {bank: last for bank, last in late.items() if bank in own}


def kept_by(scope: Scope, within: int) -> pd.DataFrame:
    """Banks that alone keep covered venues from falling, by what each has to renew for that.

    A venue counts where all that lapses in it is of one bank. Columns: operator_id, venues, names
    (of these venues, the first to fall first), units (records that lapse in any place).
    """
    table = rows(replace(scope, operator_id=""), within)
    banks = table.groupby("venue_id")["operator_id"].agg(["nunique", "count", "size"])
    alone = banks[(banks["nunique"] == 1) & (banks["count"] == banks["size"])].index
    own = table[table["falls"] & table["venue_id"].isin(alone)]
    own = own.drop_duplicates("venue_id")  # the first to lapse stands first
    kept = own.groupby("operator_id").agg(venues=("venue_id", "size"), names=("venue", tuple))
    units = table.groupby("operator_id").size().rename("units")
    return kept.join(units).reset_index()


def falling(scope: Scope, within: int) -> tuple[int, float | None]:
    """How many venues fall if nothing is done, and the share that is left; None where unknown.

    Of a bank's scope the venues that it has a part in, whatever else lapses in them.
    """
    table = rows(scope, within)
    venues = table.loc[table["falls"] & table["venue_id"].notna(), "venue_id"].nunique()
    city = attainment.city(replace(scope, operator_id="")).iloc[0]
    if not city["venues"] > 0 or pd.isna(city["covered_verified"]):
        return venues, None
    return venues, (city["covered_verified"] - venues) / city["venues"]
