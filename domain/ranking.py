"""Ranking: boards with intervals and ties, and the composite view."""

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _

from domain import rules

NO_VENUES = "名录中没有场所"
UNGRADED = "名录中 A、B 级分母不足 75%"


def ranking(attainment: ir.Table, area_kind: str) -> ir.Table:
    """Board of one kind of area by the share of covered venues (verified basis).

    `low` and `high` are the Wilson interval (Wilson 1927) of the share at `wilson_z`. Equal
    shares share the best rank. `rank_best` counts the areas that are surely ahead (their interval
    lies above), `rank_worst` all that may be. Areas that may not be ranked have a null rank and a
    `reason`.
    """
    table = attainment.filter(_.area_kind == area_kind).select(
        "as_of", "area_id", "area", "venues", "unknown", "graded_share", "rankable",
        covered=_.covered_verified, share=_.share_verified,
    )  # fmt: skip
    table = _wilson(table)
    ranked = table.filter(table.rankable)
    pairs = ranked.join(ranked.view(), [("as_of", "as_of")], rname="{name}_other")
    others = pairs.filter(pairs.area_id != pairs.area_id_other)
    counted = others.group_by(["as_of", "area_id"]).agg(
        ahead=(_.share_other > _.share).sum(),
        level=(_.share_other == _.share).sum(),
        surely=(_.low_other > _.high).sum(),
        maybe=(_.high_other >= _.low).sum(),
    )
    table = table.left_join(counted, ["as_of", "area_id"]).drop("as_of_right", "area_id_right")
    reason = ibis.cases((table.venues == 0, NO_VENUES), (~table.rankable, UNGRADED), else_="")
    ahead, surely, maybe = (
        ibis.ifelse(table.rankable, table[name].fill_null(0) + 1, ibis.null("int64"))
        for name in ("ahead", "surely", "maybe")
    )
    return table.mutate(
        rank=ahead,
        rank_best=surely,
        rank_worst=maybe,
        tied=(table.level > 0).fill_null(False),
        reason=reason,
    ).drop("ahead", "surely", "maybe", "level")


def _wilson(table: ir.Table) -> ir.Table:
    z = rules.value("wilson_z")
    total = table.venues.nullif(0).cast("float64")
    centre = (table.share + z**2 / (2 * total)) / (1 + z**2 / total)
    spread = (table.share * (1 - table.share) / total + z**2 / (4 * total**2)).sqrt()
    half = z * spread / (1 + z**2 / total)
    # DuckDB's greatest() skips nulls: without venues there is no interval either.
    bounds = {"low": ibis.greatest(centre - half, 0.0), "high": ibis.least(centre + half, 1.0)}
    none = ibis.null("float64")
    return table.mutate(
        **{name: ibis.ifelse(total.isnull(), none, bound) for name, bound in bounds.items()}
    )


def composite(components: pd.DataFrame, weights: dict[str, float]) -> pd.DataFrame:
    """Weighted mean of the components (shares from 0 to 1) and the rank under it.

    `components` has area_id and a column a component. All weights zero gives score 0 for all.
    """
    names = list(weights)
    total = sum(weights.values()) or 1.0
    score = components[names].to_numpy() @ np.array([weights[name] / total for name in names])
    rank = pd.Series(score).round(9).rank(method="min", ascending=False).astype(int)
    return pd.DataFrame(
        {"area_id": components["area_id"].to_numpy(), "score": score, "rank": rank.to_numpy()}
    )


def stability(components: pd.DataFrame, draws: int = 2000, seed: int = 0) -> pd.DataFrame:
    """Share of weightings, uniform on the simplex, under which each area holds each rank.

    Columns: area_id, rank, share; ranks never held are left out.
    """
    values = components.drop(columns="area_id").to_numpy(dtype=float)
    weightings = np.random.default_rng(seed).dirichlet(np.ones(values.shape[1]), draws)
    scores = (weightings @ values.T).round(9)
    ranks = 1 + (scores[:, None, :] > scores[:, :, None]).sum(axis=2)
    frame = pd.DataFrame(ranks, columns=components["area_id"].to_list())
    counted = frame.melt(var_name="area_id", value_name="rank").value_counts(normalize=False)
    return (counted / draws).rename("share").reset_index().sort_values(["area_id", "rank"])
