"""What the brief says beyond coverage: payments, who does well and who is slow, what is wrong.

Values of statements (`presentation.statements`) by key. A key is left out where there is nothing to
say, so that no sentence is written of it.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from domain import indicator_series, pace, province, reference, rules
from domain.clusters import MATURE
from domain.inflated_coverage import SIGNS
from domain.typed_rows import cells, rows
from presentation import labels, province_listings
from presentation.labels import apart, percent
from queries import (
    attainment,
    board_standings,
    commitments,
    data_quality,
    dispute_standing,
    lapsing_soon,
    monthly_figures,
    order_standing,
    shop_records,
)
from queries.engine import remembered
from queries.scope import Scope

Values = dict[str, Any]
NAMED = 5  # names in a sentence; an annex has them all
PAYMENTS = {  # indicators in the order of the sentence, and what one of its units is
    "wallets_personal": 1,
    "wallets_corporate": 1,
    "active_wallets": 1,
    "transactions": 1,
    "amount_retail": 10_000,
    "amount_bills": 10_000,
    "amount_corporate": 10_000,
    "amount_disbursed": 10_000,
}


@remembered
def values(scope: Scope) -> Values:
    """Values of the brief's own statements on `scope` by key; texts, counts and shares."""
    parts = (
        _payments(scope), _province(scope), _areas(scope), _moved_venues(scope), _leaders(scope),
        _unsound(scope), _clusters(scope), _reports(scope), _lapsing(scope), _asked(scope),
    )  # fmt: skip
    return {key: value for part in parts for key, value in part.items() if _said(value)}


def _said(value: Any) -> bool:
    """Whether there is something to say; no move of a month is, no case of a fault is not."""
    return isinstance(value, float) or bool(value)


def _payments(scope: Scope) -> Values:
    """The newest month of each indicator, and its move where two months can be compared."""
    table = monthly_figures.indicators(scope)
    kinds = reference.labels("indicators", "indicator_id", "kind")
    found: Values = {}
    newest = table["month"].max()
    for key, size in PAYMENTS.items():
        series = indicator_series.judged(table[table["indicator_id"] == key], kinds[key])
        if series.empty or series["month"].iloc[-1] != newest:
            continue
        last = series.iloc[-1]
        found[key] = last["value"] * size
        if pd.notna(last["growth"]):
            stock = kinds[key] == indicator_series.STOCK
            before = last["value"] / (1 + last["growth"])
            found[f"{key}_move"] = (last["value"] - before) * size if stock else last["growth"]
    month = pd.Timestamp(newest)
    return found | {"paid_month": f"{month.year}年{month.month}月"} if found else {}


def _province(scope: Scope) -> Values:
    """Ranks among the cities of the province, with their move since the month before."""
    if scope.area_id:
        return {}
    now = province_listings.standing(scope)
    figures = commitments.rows(scope.snapshot_id, "province")
    before = province.standing(figures, attainment.month_before(scope.as_of))
    told = []
    ranks = zip(cells(now, "measure", "rank", "month"), before["rank"], strict=True)
    for (measure, rank, month), was in ranks:
        if pd.notna(rank):
            of = f"{month.year}年{month.month}月"
            told.append(f"{measure}第{rank}位（{of}{_climbed(int(rank), was)}）")
    return {"province": "、".join(told)}


def _climbed(rank: int, before: int | None) -> str:
    if before is None or pd.isna(before):
        return ""
    moved = int(before) - rank
    if not moved:
        return "，与上月持平"
    return f"，比上月{'前进' if moved > 0 else '后退'}{abs(moved)}位"


class Area(NamedTuple):
    """A county or zone on its board; the share is null where it is unknown, and `reason` says why.

    `zone_id` and `county_code` say which of both it is.
    """

    area_id: str
    area: str
    venues: int
    covered: float
    unknown: int
    share: float
    share_before: float
    reason: str


@remembered
def areas(scope: Scope) -> tuple[Area, ...]:
    """Counties and zones that have venues, the worst first; those of unknown share come last."""
    city = replace(scope, area_id="")
    boards = [board_standings.ranks(city, kind) for kind in ("county", "zone")]
    table = pd.concat([board for board in boards if len(board)] or boards[:1], ignore_index=True)
    table = table[table["venues"] > 0].sort_values(["share", "area_id"], ignore_index=True)
    return tuple(rows(table, Area))


def below(scope: Scope) -> list[Area]:
    """The areas below the due line, the worst first, with those whose share nobody can tell."""
    due = pace.due_share(scope.as_of)
    return [one for one in areas(scope) if pd.isna(one.share) or round(one.share - due, 9) < 0]


def _areas(scope: Scope) -> Values:
    """How the counties and zones of the city stand and move."""
    if scope.area_id:
        return {}
    every, slow = areas(scope), below(scope)
    known = [one for one in every if pd.notna(one.share)]
    both = [one for one in known if pd.notna(one.share_before)]
    far = pace.due_share(scope.as_of) - rules.number("behind_gap")  # no praise for those below it
    rose = [one for one in both if one.share > one.share_before and round(one.share - far, 9) >= 0]
    rose = sorted(rose, key=_gain, reverse=True)
    fell = sorted((one for one in both if one.share < one.share_before), key=_gain)
    unknown = sorted((one for one in every if one.unknown), key=lambda one: -one.unknown)
    slow_ids = {one.area_id for one in slow}
    return {
        "gained": "；".join(
            f"{one.area}提高{apart(one.share, one.share_before)}，达到{percent(one.share)}"
            for one in rose[:3]
        ),
        "fell": _list(f"{one.area}下降{apart(one.share, one.share_before)}" for one in fell),
        "on_line": _list(
            f"{one.area}{percent(one.share)}" for one in known[::-1] if one.area_id not in slow_ids
        ),
        "below": len(slow),
        "slow": _list(f"{one.area}{one.reason or percent(one.share)}" for one in slow),
        "worst": _worst(known, slow_ids),
        "unknown_where": _list(f"{one.area}{one.unknown}个" for one in unknown),
    }


def _gain(area: Area) -> float:
    return area.share - area.share_before


def _worst(known: list[Area], slow: set[str]) -> str:
    """The areas with the lowest share, if that is below the line."""
    least = [one for one in known if one.share == known[0].share and one.area_id in slow]
    return "、".join(one.area for one in least) + f"（{percent(known[0].share)}）" if least else ""


def _moved_venues(scope: Scope) -> Values:
    """Venues of an area that came to be covered or fell back, by name."""
    if not scope.area_id:
        return {}
    moved = labels.listed(attainment.changes(scope))
    return {
        key: labels.named(moved.loc[moved["change"] == change, "name"], NAMED)
        for key, change in (("newly_named", "covered"), ("lapsed_named", "lapsed"))
    }


def _leaders(scope: Scope) -> Values:
    """The bank with the highest verified share, of those with no fewer shops than the median."""
    banks = shop_records.merchants(scope, ("operator_id",))
    banks = banks[banks["verified_share"].notna()]
    banks = banks[banks["eligible"] >= banks["eligible"].median()]
    if len(banks) < 2 or banks["verified_share"].nunique() == 1:
        return {}
    best = banks.sort_values(["verified_share", "operator_id"], ascending=[False, True]).iloc[0]
    names = reference.labels("operators", "operator_id", "operator")
    name = names.get(best["operator_id"], best["operator_id"])
    return {"best_bank": f"{name}（{percent(best['verified_share'])}）"}


def _unsound(scope: Scope) -> Values:
    """Why covered venues may not hold."""
    found = data_quality.inflated(scope)
    found = found[found["padded"]]
    counts = {word: int(found[sign].sum()) for sign, word in SIGNS.items()}
    return {"padded_why": _list(f"{word}的{count}个" for word, count in counts.items() if count)}


def expired(scope: Scope) -> pd.DataFrame:
    """Clusters of the scope whose re-inspection has lapsed; none that was withdrawn."""
    table = commitments.cluster_standing(scope)
    kept = ~(table["withdrawn_on"] <= table["as_of"])
    return table[kept & table["inspected_on"].notna() & ~table["inspected"]]


def _clusters(scope: Scope) -> Values:
    """Clusters against what is owed of them; of an area its own."""
    if commitments.cluster_history(scope.snapshot_id, scope.as_of).empty:
        return {}
    owners = commitments.cluster_owners(scope.snapshot_id, scope.as_of)
    found: Values = {"reinspect": len(expired(scope))}
    if scope.area_id:
        standing = labels.listed(commitments.cluster_standing(scope))
        ripe = standing.loc[standing["state"].isin(MATURE), "name"]
        own = owners[(owners["owner_id"] == scope.area_id) & owners["obliged"]]
        short = (rules.count("cluster_floor") - own["mature"]).clip(lower=0).sum()
        return found | {
            "mature_named": labels.named(ripe, NAMED),
            "mature_own": int(own["mature"].sum()),
            "mature_short": int(short),
        }
    obliged = owners[owners["obliged"]]
    best = obliged.loc[obliged["reached_stretch"], "owner"]
    return found | {
        "stretched": labels.named(best, NAMED, "家"),
        "clusters_short": int((~obliged["reached_floor"]).sum()),
    }


def unreported(scope: Scope) -> pd.DataFrame:
    """Rows of `filings.reporting` of the last month that are past their day and have not come."""
    table = commitments.reports(scope.snapshot_id, scope.as_of)
    last = table[table["month"].eq(table["month"].max())]
    return last[last["state"] == "missing"]


def _reports(scope: Scope) -> Values:
    """What was not sent: the month's news, which no area owes, and the notice's documents."""
    unsent = commitments.unsent(scope)["item"].value_counts(sort=False)
    found: Values = {"unsent": _list(f"{item}{count}项" for item, count in unsent.items())}
    silent = unreported(scope)
    if scope.area_id or silent.empty:
        return found
    month = silent["month"].iloc[0]
    return found | {
        "report_month": f"{month.year}年{month.month}月",
        "overdue_reports": len(silent),
        "overdue_named": labels.named(silent["owner"], NAMED, "家"),
    }


def _lapsing(scope: Scope) -> Values:
    """What lapses soon."""
    within = rules.count("upkeep_days")
    soon = lapsing_soon.rows(scope, within)
    venues, share = lapsing_soon.falling(scope, within)
    return {
        "lapsing": len(soon),
        "lapsing_falls": venues,
        "lapsing_share": share if venues else None,
    }


def _asked(scope: Scope) -> Values:
    """Disputes and supervision orders, as the scope's version knew them."""
    states = dispute_standing.of_version(scope)["status"].value_counts()
    orders = order_standing.of_version(scope)
    undone = orders[orders["light"].notna()]
    return {
        "disputes_upheld": int(states.get("upheld", 0)),
        "disputes_late": int(states.get("overdue", 0)),
        "orders_open": len(undone),
        "orders_late": int((undone["light"] == "red").sum()),
    }


def _list(parts: Iterable[str]) -> str:
    return "、".join(parts)
