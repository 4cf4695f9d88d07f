"""Demonstration clusters (示范聚集区): their gates and states, and their number by owner.

Clause 三(三) of the notice asks every county, department and bank for two to three of them. The
shops of a cluster are linked to it at import (``cluster_members``).
"""

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _

from domain import rules
from domain.venues import shop_of

STATES = {
    "declared": "申报",
    "building": "在建",
    "reached": "达标",
    "mature": "成熟",
    "kept": "保持",
    "returned": "退回",
}
"""States of a cluster in their order; 退回 is a cluster that fell back or was withdrawn."""

MATURE = ("mature", "kept")
GATES = {
    "planned": "有方案或挂牌",
    "points_enough": "受理点够数",
    "accepting": "受理率达到",
    "lively": "活跃率达到",
    "held": "连续保持",
    "varied": "场景类型够数或有首创",
    "inspected": "按期复检",
}
"""Gates in their order: a cluster that meets all of them is mature."""

LACKING = {
    "planned": "没有方案或挂牌",
    "points_enough": "受理点不够数",
    "accepting": "受理率没达到",
    "lively": "活跃率没达到",
    "held": "没有连续保持",
    "varied": "场景类型不够数，也没有首创",
    "inspected": "没有按期复检",
}
"""Chinese label for each unmet gate."""

_BASE = ["points_enough", "accepting", "lively"]
_DATES = ["declared_on", "planned_on", "plaque_on"]
_ABOUT = ["cluster_id", "name", "owners", "kind_id", "is_first", *_DATES, "withdrawn_on"]
_COUNTS = ["points", "verified", "active", "scenario_kinds"]
OBLIGED = ("county", "unit", "operator")  # kinds of owner that clause 三(三) names


def counts(members: ir.Table, merchant_states: ir.Table) -> ir.Table:
    """Shops of each cluster by day.

    `members` has cluster_id and merchant_key, `merchant_states` comes from `states.on_days`. A shop
    that several banks list counts once (shop_key). Columns: as_of, cluster_id, points (eligible
    shops), verified, active, scenario_kinds (of verified shops). One row for each as_of and cluster
    that has an eligible shop.
    """
    rows = merchant_states.filter(_.eligible).join(members, "merchant_key")
    return (
        rows.mutate(shop=shop_of(rows))
        .group_by("as_of", "cluster_id")
        .agg(
            points=_.shop.nunique(),
            verified=_.shop.nunique(where=_.verified),
            active=_.shop.nunique(where=_.active),
            scenario_kinds=_.scenario_id.nunique(where=_.verified),
        )
        .order_by("as_of", "cluster_id")
    )


def shared(members: ir.Table) -> ir.Table:
    """Pairs of clusters in the same place: cluster_id, other_id (the greater id second).

    They have at least `cluster_same_share` of the smaller one's shops in common.
    """
    sizes = members.group_by("cluster_id").agg(size=_.count())
    other = members.select("merchant_key", other_id="cluster_id")
    pairs = (
        members.join(other, "merchant_key")
        .filter(_.cluster_id < _.other_id)
        .group_by("cluster_id", "other_id")
        .agg(common=_.count())
    )
    pairs = pairs.join(sizes, "cluster_id").rename(first_size="size")
    pairs = pairs.join(sizes.select(other_id="cluster_id", second_size="size"), "other_id")
    smaller = ibis.least(pairs.first_size, pairs.second_size)
    same = pairs.filter(pairs.common >= smaller * rules.number("cluster_same_share"))
    return same.select("cluster_id", "other_id").order_by("cluster_id", "other_id")


def places(cluster_ids: Sequence[str], pairs: pd.DataFrame) -> pd.Series:
    """First cluster id of the place of each cluster; the index is `cluster_ids`.

    A place is a connected group of `pairs` (rows of `shared`).
    """
    # Here, for it takes long to load.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ids = pd.Index(sorted({*cluster_ids, *pairs["cluster_id"], *pairs["other_id"]}))
    ends = [ids.get_indexer(pd.Index(pairs[column])) for column in ("cluster_id", "other_id")]
    graph = coo_array((np.ones(len(pairs)), ends), shape=(len(ids), len(ids)))
    _, label = connected_components(graph, directed=False)
    first = pd.Series(ids, index=ids).groupby(label).transform("first")
    return first.loc[list(cluster_ids)]


def history(
    clusters: pd.DataFrame, counted: pd.DataFrame, inspections: pd.DataFrame, days: Sequence[date]
) -> pd.DataFrame:
    """Every cluster on each of `days` (ascending) since it was declared: counts, gates and state.

    `clusters` are rows of the snapshot's table, `counted` rows of `counts` for the same days,
    `inspections` re-inspections (cluster_id, day). Columns: as_of, cluster_id, name, owners, the
    counts, `points_needed`, `accepting_share` and `active_share` (0 to 1, null without points), a
    flag for each of `GATES`, `held_since` (first of the days on which the first three number gates
    hold without a break), `inspected_on` and `state` (`STATES`).
    """
    calendar = pd.DataFrame({"as_of": pd.to_datetime(list(days))})
    frame = clusters[_ABOUT].merge(calendar, how="cross")
    frame = frame[~(frame[_DATES].min(axis=1) > frame["as_of"])]
    counted = counted.assign(as_of=pd.to_datetime(counted["as_of"]))
    frame = frame.merge(counted, on=["as_of", "cluster_id"], how="left")
    frame[_COUNTS] = frame[_COUNTS].fillna(0).astype("int64")
    frame = _with_inspection(frame, inspections).sort_values(
        ["cluster_id", "as_of"], ignore_index=True
    )
    return _with_state(_with_gates(frame))


def standing(history: pd.DataFrame) -> pd.DataFrame:
    """Rows of `history` on its last day, with `lacking`: the labels of unmet gates (`LACKING`)."""
    last = history[history["as_of"].eq(history["as_of"].max())].reset_index(drop=True)
    lacking = [
        "、".join(label for gate, label in LACKING.items() if not row[gate])
        for row in last.to_dict("records")
    ]
    return last.assign(lacking=lacking)


def by_owner(history: pd.DataFrame, owners: pd.DataFrame, days: Sequence[date]) -> pd.DataFrame:
    """Number of clusters of every owner on each of `days`, those of `history`.

    Columns: owner_id, owner, owner_kind, industry, as_of, declared, mature, reached_floor and
    reached_stretch (`mature` against 2 and 3), and obliged: whether clause 三(三) names the owner,
    as it does counties, departments of an industry and banks. `owners` are rows of `owners.owners`.
    A cluster with several owners counts for each of them, a withdrawn one for none.
    """
    history = history[~(history["withdrawn_on"] <= history["as_of"])]
    each = history.assign(owner_id=history["owners"].fillna("").str.split(";")).explode("owner_id")
    each = each.assign(is_mature=each["state"].isin(MATURE))
    tally = each.groupby(["as_of", "owner_id"], as_index=False).agg(
        declared=("cluster_id", "size"), mature=("is_mature", "sum")
    )
    calendar = pd.DataFrame({"as_of": pd.to_datetime(list(days))})
    others = owners[owners["owner_kind"] != "office"]
    table = others.merge(calendar, how="cross").merge(tally, on=["as_of", "owner_id"], how="left")
    table = table.fillna({"declared": 0, "mature": 0}).astype({"declared": int, "mature": int})
    kind = table["owner_kind"]
    return table.assign(
        obliged=kind.isin(OBLIGED) & ((kind != "unit") | table["industry"]),
        reached_floor=table["mature"] >= rules.count("cluster_floor"),
        reached_stretch=table["mature"] >= rules.count("cluster_stretch"),
    )


def _with_inspection(frame: pd.DataFrame, inspections: pd.DataFrame) -> pd.DataFrame:
    """`frame` with inspected_on, the last re-inspection up to each day."""
    if frame.empty or inspections.empty:
        return frame.assign(inspected_on=pd.Series(pd.NaT, frame.index, dtype="datetime64[us]"))
    days = inspections.assign(day=pd.to_datetime(inspections["day"])).sort_values("day")
    return pd.merge_asof(
        frame.assign(as_of=frame["as_of"].astype(days["day"].dtype)).sort_values("as_of"),
        days.rename(columns={"day": "inspected_on"})[["cluster_id", "inspected_on"]],
        left_on="as_of",
        right_on="inspected_on",
        by="cluster_id",
    )


def _with_gates(frame: pd.DataFrame) -> pd.DataFrame:
    day, points = frame["as_of"], frame["points"]
    small = frame["kind_id"].isin(rules.names("cluster_small_kinds"))
    needed = small.map(
        {True: rules.count("cluster_points_small"), False: rules.count("cluster_points")}
    ).astype("int64")
    some = points.where(points > 0)
    accepting, active = frame["verified"] / some, frame["active"] / some
    age = (day - frame["inspected_on"]).dt.days
    frame = frame.assign(
        points_needed=needed,
        accepting_share=accepting,
        active_share=active,
        planned=frame[["planned_on", "plaque_on"]].min(axis=1) <= day,
        points_enough=points >= needed,
        accepting=accepting >= rules.number("cluster_accepting_share"),
        lively=active >= rules.number("cluster_active_share"),
        varied=(frame["scenario_kinds"] >= rules.count("cluster_scenario_kinds"))
        | frame["is_first"].fillna(False).astype(bool),
        inspected=age <= rules.count("cluster_inspected_days"),
    )
    base = frame[_BASE].all(axis=1)
    since = _run_start(frame, base)
    return frame.assign(base=base, held_since=since, held=since <= _months_before(day))


def _months_before(day: pd.Series) -> pd.Series:
    """The day `cluster_held_months` before `day`; of a month's end the end of that month."""
    months = pd.DateOffset(months=rules.count("cluster_held_months"))
    one = pd.Timedelta(days=1)
    return day + one - months - one


def _run_start(frame: pd.DataFrame, holds: pd.Series) -> pd.Series:
    """First day of the unbroken run of days on which a condition holds; null where it does not."""
    cluster = frame["cluster_id"]
    starts = holds & ~holds.groupby(cluster).shift(fill_value=False)
    return frame["as_of"].where(starts).groupby(cluster).ffill().where(holds)


def _with_state(frame: pd.DataFrame) -> pd.DataFrame:
    mature = frame[list(GATES)].all(axis=1)
    kept = _run_start(frame, mature) <= _months_before(frame["as_of"])
    reached = frame["base"] & frame["planned"]
    before = reached.groupby(frame["cluster_id"]).cummax()
    withdrawn = frame["withdrawn_on"] <= frame["as_of"]
    state = np.select(
        [withdrawn, mature & kept, mature, reached, before, frame["planned"]],
        ["returned", "kept", "mature", "reached", "returned", "building"],
        default="declared",
    )
    return frame.assign(state=state).drop(columns="base")
