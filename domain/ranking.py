"""Ranking: boards with bounds, possible ranks, ties and bands; and the composite view."""

from collections.abc import Collection

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from ibis import _

from domain import rules

BANDS = {"reached": "达标", "in_step": "基本同步", "behind": "落后", "far_behind": "明显落后"}
_COMPARED = ("area_id", "share", "low", "high")
_KEPT = (
    *("as_of", "area_id", "area", "venues", "unknown"),
    *("graded_share", "zero_kinds", "attained"),
)


def ranking(attainment: ir.Table, area_kind: str, named: Collection[str] | None = None) -> ir.Table:
    """Board of the areas of one kind by their share of covered venues (verified basis).

    `attainment` may be of any groups (`coverage.of_groups`): departments and banks too. Every area
    with venues is ranked, however little is known of them; of groups only those whose ids are
    `named`, for the others are nobody.

    Columns: as_of, area_id, area, venues, unknown, graded_share, zero_kinds, attained, covered,
    share; `small`, fewer venues than `small_board`; rank (equal shares have the same), tied; `low`
    and `high`, the share with no and with every venue of unknown denominator covered; rank_best
    and rank_worst, the ranks that these bounds leave open: behind each area that is ahead whatever
    the unknown ones are, ahead of each that is behind whatever they are. The register is the whole,
    not a sample of it, so that the bounds are exact. Where there is no rank all of these are null,
    and `reason` says why; the others have '' there.
    """
    board = attainment.filter(_.area_kind == area_kind).select(
        *_KEPT,
        covered=_.covered_verified,
        share=_.share_verified,
        small=_.venues < rules.count("small_board"),
        low=_.share_verified,
        high=(_.covered_verified + _.unknown) / _.venues.nullif(0),
    )
    ranked = board.filter(_.venues > 0, _.covered.notnull())
    if named is not None:
        ranked = ranked.filter(_.area_id.isin(list(named)))
    other = ranked.select("as_of", *(ranked[name].name(f"{name}_other") for name in _COMPARED))
    ranks = ranked.join(other, "as_of").group_by("as_of", "area_id")
    another = _.area_id_other != _.area_id
    ranks = ranks.agg(
        rank=1 + _.count(where=_.share_other > _.share),
        tied=_.count(where=another & (_.share_other == _.share)) > 0,
        rank_best=1 + _.count(where=another & (_.low_other > _.high)),
        rank_worst=1 + _.count(where=another & (_.high_other > _.low)),
    )
    keys = ["as_of", "area_id"]
    board = board.left_join(ranks, keys).drop("as_of_right", "area_id_right")
    untold = (board.venues > 0) & board.covered.isnull()
    reason = ibis.cases((untold, "还没有银行报送"), (board.venues == 0, "名录中没有场所"), else_="")
    board = board.mutate(tied=_.tied.fill_null(False), reason=reason)
    return board.order_by("as_of", _.rank.asc(nulls_first=False), "area_id")


def banded(board: ir.Table, due: float) -> ir.Table:
    """One day's `board` with `band` (`BANDS`), against the share `due` on that day.

    reached: at the due line or above. in_step, behind: at most `in_step_gap`, `behind_gap` below
    it. far_behind: further below. Null without venues. The gap is rounded first: 0.9 − 0.8 is a
    little less than 0.1.
    """
    gap = (due - board.share).round(9)
    band = ibis.cases(
        (gap <= 0, "reached"),
        (gap <= rules.number("in_step_gap"), "in_step"),
        (gap <= rules.number("behind_gap"), "behind"),
        (gap > rules.number("behind_gap"), "far_behind"),
    )
    return board.mutate(band=band)


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
