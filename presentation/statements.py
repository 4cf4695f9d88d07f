"""Statements: every number that a document says, with how it came about.

Each has a number of its own (S01 …), which is never given to another. Documents write sentences
from the texts of statements alone (`presentation.wording`), and 口径说明 lists them for the code of
a document, so that whatever stands in a brief can be recomputed and opened into names.
"""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from domain import pace, reference
from domain.clusters import MATURE
from domain.ranking import BANDS
from presentation import brief_facts, progress_listings
from presentation.labels import (
    between,
    large,
    percent,
    places,
    rank_range,
    rounded,
    share_of,
)
from queries import attainment, board_standings, commitments, data_quality, shop_records
from queries.engine import engine, remembered
from queries.scope import Scope

_FROM = {"lag": "due", "delta": "share_before"}
"""What the share is less, by the key of the difference."""
Value = Any  # a count, a share or a text as computed; None where unknown


@dataclass(frozen=True)
class Statement:
    """One number of a document: its `value`, None where unknown, and a row of ``statements.csv``.

    `unit` is also how the value is written. `how` says in words how it came about, `clause` on
    what ground, `page` is the address of the page that opens it into names.
    """

    value: Value
    number: str
    key: str
    label: str
    unit: str
    how: str
    clause: str
    page: str
    places: int = 1
    """Decimals of a difference in points."""

    @property
    def text(self) -> str:
        """The value as documents write it; 未知 where there is none."""
        if self.value is None or pd.isna(self.value):
            return "未知"
        if self.unit == "%":
            return percent(float(self.value))
        if self.unit == "点":
            size = rounded(self.value * 100, self.places)
            sign = "+" if float(size) > 0 else ""
            return ("0.0" if float(size) == 0 else sign + size) + "个百分点"
        if self.unit.startswith("万"):  # written in 万 or 亿
            return ("-" if self.value < 0 else "") + large(self.value, self.unit[1:])
        return str(self.value) if self.unit == "字" else f"{self.value:,.0f}{self.unit}"

    def __str__(self) -> str:
        return self.text


@remembered
def statements(scope: Scope) -> dict[str, Statement]:
    """The statements of documents on `scope` by key, in the order of their numbers.

    Those about the whole city, such as targets, are not made for a part of it.
    """
    city = {} if scope.area_id else _city(scope)
    made = about_coverage(scope) | _made(city | brief_facts.values(scope))
    return {key: made[key] for key in reference.table("statements")["key"] if key in made}


@remembered
def about_coverage(scope: Scope) -> dict[str, Statement]:
    """Those of `statements` on venues, gaps, shops, and the place of an area on its board."""
    values = _coverage(scope) | _gaps(scope) | _merchants(scope)
    made = _made(values | (_standing(scope) if scope.area_id else {}))
    for key, base in _FROM.items():
        if made[key].value is not None:
            made[key] = replace(made[key], places=places(values["share"], values[base]))
    return made


def _made(values: dict[str, Value]) -> dict[str, Statement]:
    return {
        row[1]: Statement(None if pd.isna(values[row[1]]) else values[row[1]], *row)
        for row in reference.table("statements").to_numpy()
        if row[1] in values
    }


def _coverage(scope: Scope) -> dict[str, Value]:
    now, due = attainment.city(scope).iloc[0], pace.due_share(scope.as_of)
    month = replace(scope, as_of=attainment.month_before(scope.as_of))
    before = attainment.city(month).iloc[0]
    changed = attainment.changes(scope)["change"].value_counts()
    told = pd.notna(now["covered_verified"])
    padded = int(data_quality.inflated(scope)["padded"].sum()) if told else None
    compared = told and pd.notna(before["covered_verified"])
    share, share_before = now["share_verified"], before["share_verified"]
    return {
        "venues": now["venues"],
        "covered": now["covered_verified"],
        "share": share,
        "due": due,
        "lag": share - due,
        "to_due": pace.still_needed(now["covered_verified"], now["venues"], due)
        if told and now["venues"]
        else None,
        "share_contracted": now["share_contracted"],
        "share_active": now["share_active"],
        "unknown": now["unknown"],
        "share_before": share_before,
        "delta": share - share_before,
        "newly": int(changed.get("covered", 0)) if compared else None,
        "lapsed": int(changed.get("lapsed", 0)) if compared else None,
        "padded": padded,
        "share_firm": (now["covered_verified"] - padded) / now["venues"]
        if padded is not None and now["venues"]
        else None,
    }


def _gaps(scope: Scope) -> dict[str, Value]:
    if pd.isna(attainment.city(scope)["covered_verified"].iloc[0]):
        return dict.fromkeys(("short", "needed", "half_units", "half_venues"))
    plan = attainment.plan(scope)
    half = plan.head(max(len(plan) // 2, min(len(plan), 1)))
    return {
        "short": len(plan),
        "needed": int(plan["needed"].sum()),
        "half_units": int(half["needed"].sum()),
        "half_venues": len(half),
    }


def _merchants(scope: Scope) -> dict[str, Value]:
    counted = shop_records.merchants(scope, ())
    names = ("eligible", "heard", "verified", "verified_share", "active_share")
    known = engine(scope.snapshot_id).known.has("merchants")
    none: dict[str, int | None] = {"verified_share": None, "active_share": None}
    none |= dict.fromkeys(("eligible", "verified", "unheard"), 0 if known else None)
    shops: dict[str, Value] = {name: counted[name].iloc[0] for name in names if len(counted)}
    if shops:
        shops["unheard"] = shops["eligible"] - shops.pop("heard")
    queues = data_quality.intake_state(scope.snapshot_id)
    return (
        none
        | shops
        | shop_records.counts(scope)
        | {name: queues[name] if known else None for name in ("in_review", "unlocated")}
    )


def _standing(scope: Scope) -> dict[str, Value]:
    """Where one county or zone stands on its board."""
    zones = set(reference.table("zones")["zone_id"])
    whole = replace(scope, area_id="")
    board = board_standings.ranks(whole, "zone" if scope.area_id in zones else "county")
    row = board[board["area_id"] == scope.area_id]
    if row.empty:
        return {}
    place = row.iloc[0]
    if pd.isna(place["rank"]):
        return {"rank": None, "band": f"不排名：{place['reason']}"}
    return {
        "rank": f"第{place['rank']:.0f}名" + ("（并列）" if place["tied"] else ""),
        "rank_range": f"第{rank_range(int(place['rank_best']), int(place['rank_worst']))}名",
        "bounds": between(place["low"], place["high"]),
        "band": BANDS[place["band"]],
    }


def _city(scope: Scope) -> dict[str, Value]:
    return _board(scope) | _clusters(scope) | _targets(scope) | _tasks(scope)


def _board(scope: Scope) -> dict[str, Value]:
    board = board_standings.ranks(scope, "county")
    ranked = board.dropna(subset=["rank"])
    values: dict[str, Value] = {"unranked": len(board) - len(ranked)}
    bands = ranked["band"].map(BANDS).value_counts()
    if len(ranked):
        counted = [f"{band}{bands[band]}个" for band in BANDS.values() if band in bands]
        values["bands"] = "、".join(counted)
        values["unsettled"] = int((ranked["rank_best"] < ranked["rank_worst"]).sum())
    if ranked["share"].nunique() > 1:
        values["highest"] = _named(ranked, ranked["share"].max())
        values["lowest"] = _named(ranked, ranked["share"].min())
    return values


def _named(board: pd.DataFrame, share: float) -> str:
    areas = board[board["share"] == share]
    return "、".join(areas["area"]) + f"（{share_of(areas)}）"


def _clusters(scope: Scope) -> dict[str, Value]:
    rows = progress_listings.clusters(scope)
    if rows.empty:
        return {}
    ripe = rows[rows["state"].isin(MATURE)]
    owners = commitments.cluster_owners(scope.snapshot_id, scope.as_of)
    obliged = owners[owners["obliged"]]
    return {
        "clusters": len(rows),
        "mature": len(ripe),
        "mature_places": ripe["place"].nunique(),
        "obliged": len(obliged),
        "floor": int(obliged["reached_floor"].sum()),
    }


def _targets(scope: Scope) -> dict[str, Value]:
    statuses = [standing.status for standing in commitments.standings(scope)]
    counted: dict[str, Value] = {
        "targets": len(statuses),
        "met": sum(status in progress_listings.GOOD for status in statuses),
        "failed": sum(status in ("missed", "lost") for status in statuses),
        "behind": statuses.count("behind"),
        "no_data": statuses.count("unknown"),
    }
    return counted | {"open": len(statuses) - sum(list(counted.values())[1:])}


def _tasks(scope: Scope) -> dict[str, Value]:
    rows = commitments.task_progress(scope)
    moving = int(rows["moving"].sum())
    unsure = not moving and rows["moving"].isna().any()
    values: dict[str, Value] = {"tasks": len(rows), "moving": None if unsure else moving}
    reports = commitments.reports(scope.snapshot_id, scope.as_of)
    if reports.empty:
        return values
    last = reports[reports["month"] == reports["month"].max()]
    came = int(last["received_on"].notna().sum())
    punctual = int((last["state"] == "on_time").sum())
    return values | {
        "asked": len(last),
        "came": came,
        "silent": len(last) - came,
        "punctual": punctual,
        "late": came - punctual,
    }
