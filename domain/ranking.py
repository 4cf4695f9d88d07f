"""Ranking: boards with intervals and ties, and the composite view."""

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _

from domain import rules

TIERS = {"attained": "已达标", "near": "接近", "behind": "滞后", "alarm": "预警"}
_COMPARED = ("share", "low", "high")
_KEPT = (
    *("as_of", "area_id", "area", "venues", "unknown"),
    *("graded_share", "zero_kinds", "attained", "rankable"),
)


def ranking(attainment: ir.Table, area_kind: str) -> ir.Table:
    """Board of the areas of one kind by their share of covered venues (verified basis).

    `attainment` may be of any groups (`coverage.of_groups`): departments and banks too.

    Columns: as_of, area_id, area, venues, unknown, graded_share, zero_kinds, attained, rankable,
    covered, share; `small`, fewer venues than `small_board`, so that ranks change easily; `low` and
    `high`, the Wilson interval; rank (equal shares have the same), tied; rank_best and rank_worst,
    the ranks that the intervals leave open: behind every area whose interval lies wholly above,
    ahead of every area whose interval lies wholly below. An area that may not be ranked has null
    ranks and a `reason`; the others have '' there.
    """
    board = attainment.filter(_.area_kind == area_kind).select(
        *_KEPT,
        covered=_.covered_verified,
        share=_.share_verified,
        small=_.venues < rules.count("small_board"),
    )
    board = _with_interval(board)
    ranked = board.filter(_.rankable)
    other = ranked.select("as_of", *(ranked[name].name(f"{name}_other") for name in _COMPARED))
    ranks = ranked.join(other, "as_of").group_by("as_of", "area_id")
    ranks = ranks.agg(
        rank=1 + _.count(where=_.share_other > _.share),
        tied=_.count(where=_.share_other == _.share) > 1,  # an area meets itself
        rank_best=1 + _.count(where=_.low_other > _.high),
        rank_worst=_.count(where=_.high_other >= _.low),
    )
    keys = ["as_of", "area_id"]
    board = board.left_join(ranks, keys).drop("as_of_right", "area_id_right")
    board = board.mutate(tied=_.tied.fill_null(False), reason=_reason(board))
    return board.order_by("as_of", _.rank.asc(nulls_first=False), "area_id")


def _with_interval(board: ir.Table) -> ir.Table:
    """`board` with the Wilson score interval of `share` (Wilson 1927), null without venues.

    The bounds are clipped to the share: rounding could put it outside them at 0 and 1.
    """
    z = rules.number("wilson_z")
    n = board.venues.nullif(0)
    middle = (board.share + z**2 / (2 * n)) / (1 + z**2 / n)
    spread = (board.share * (1 - board.share) / n + z**2 / (4 * n * n)).sqrt()
    half = spread * z / (1 + z**2 / n)
    # DuckDB's greatest() and least() skip nulls, so the null is set again below.
    low = ibis.greatest(ibis.least(middle - half, board.share), 0.0)
    high = ibis.least(ibis.greatest(middle + half, board.share), 1.0)
    return board.mutate(
        low=ibis.ifelse(n.isnull(), None, low), high=ibis.ifelse(n.isnull(), None, high)
    )


def _reason(board: ir.Table) -> ir.StringValue:
    needed = f"不足 {rules.number('ranked_graded_share'):.0%}"
    graded = (board.graded_share * 100).floor().cast("int64").cast("string")
    return ibis.cases(
        (board.venues == 0, "名录中没有场所"),
        (~board.rankable, "名录中 A、B 级分母占 " + graded + f"%，{needed}"),
        else_="",
    )


def tiered(board: ir.Table, due: float) -> ir.Table:
    """One day's `board` with `tier` (`TIERS`), against the share `due` on that day.

    attained: T06 is reached. alarm: the share is below `late_share` of the due line. behind: the
    interval lies wholly below the line. near: the line lies in the interval or below it. Null for
    an area that is not ranked.
    """
    tier = ibis.cases(
        (~board.rankable, None),
        (board.attained, "attained"),
        (board.share < rules.number("late_share") * due, "alarm"),
        (board.high < due, "behind"),
        else_="near",
    )
    return board.mutate(tier=tier)


def composite(components: pd.DataFrame, weights: dict[str, float]) -> pd.DataFrame:
    """Weighted mean of shares and its rank: area_id, score, rank (equal scores have the same).

    `components` has area_id and a column (0 to 1) for each of `weights`, which are scaled to sum
    to one. Score and rank are null for an area with an unknown share of non-zero weight. Where all
    weights are zero, all scores are 0.
    """
    used = {name: weight for name, weight in weights.items() if weight > 0}
    shares = components[list(used)].to_numpy(dtype=float)
    weight = np.array(list(used.values()), dtype=float)
    mean = (shares @ (weight / weight.sum())).round(9) if used else 0.0
    score = pd.Series(mean, index=components.index)
    rank = score.rank(method="min", ascending=False).astype("Int64")
    return components[["area_id"]].assign(score=score, rank=rank)


def stability(components: pd.DataFrame, draws: int = 2000, seed: int = 0) -> pd.DataFrame:
    """Share of random weightings under which each area has each rank: area_id, rank, share.

    Weightings are drawn uniformly from the simplex (Dirichlet, all ones). Ranks with a share of
    zero, and areas with an unknown component, are left out.
    """
    known = components.dropna()
    shares = known.drop(columns="area_id").to_numpy(dtype=float)
    weightings = np.random.default_rng(seed).dirichlet(np.ones(shares.shape[1]), draws)
    scores = (weightings @ shares.T).round(9)
    ranks = 1 + (scores[:, None, :] > scores[:, :, None]).sum(axis=2)
    held = pd.DataFrame(ranks, columns=known["area_id"].to_list())
    held = held.melt(var_name="area_id", value_name="rank")
    counted = held.groupby(["area_id", "rank"]).size()
    return (counted / draws).rename("share").reset_index()
