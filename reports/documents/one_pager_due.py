"""What is due of one county or zone: targets, filings and upkeep, each with its day."""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

from domain import filings, owners, rules, targets, typed_rows
from domain.targets import Target
from excel.cell_text import one_line
from presentation.labels import chinese_day, no_venues
from queries import attainment, commitments
from queries.scope import Scope

NO_DATA = "缺数据：还没有登记过这类材料"
SHOWN = 2  # names in a sentence
FIRST = "FIRST"  # the filing of something done first


@dataclass(frozen=True)
class Due:
    """One thing that is due: what, until when, how it stands, and the days left or past.

    `late` marks what is past its day and not done.
    """

    item: str
    day: str
    state: str
    days: str
    late: bool


def due(scope: Scope, row: pd.Series) -> tuple[Due, ...]:
    """What is due of the scope's area, of which `row` is the attainment.

    The targets that the notice sets for such an area, the filings that ``target_items.csv`` asks
    of it, the inspections of its clusters, and the shops whose verification runs out.
    """
    by_id = {target.target_id: target for target in targets.targets()}
    return (
        _covered(by_id["T06"], scope, row),
        _clusters(by_id["T05"], scope, row),
        *_filings(by_id, scope),
        *_firsts(by_id["T08"], scope, row),
        *_inspections(scope),
        _running_out(scope),
    )


def days_to(day: date, as_of: date) -> str:
    """How far `day` is from `as_of`, in words."""
    left = (day - as_of).days
    return "今天到期" if left == 0 else f"还有{left:,}天" if left > 0 else f"已过{-left:,}天"


def _open(item: str, day: date | None, state: str, as_of: date) -> Due:
    """Something that is not done yet."""
    if day is None:
        return _done(item, day, state)
    return Due(item, chinese_day(day), state, days_to(day, as_of), day < as_of)


def _done(item: str, day: date | None, state: str) -> Due:
    """Something that is done, that is unknown, or that has no day."""
    return Due(item, "—" if day is None else chinese_day(day), state, "—", False)


def _covered(target: Target, scope: Scope, row: pd.Series) -> Due:
    item, goal = f"{target.target_id} 特定区域基本全覆盖", rules.number("county_covered_share")
    if not row["venues"] > 0:
        return _done(item, target.due, f"未知：{no_venues(row['venues'])}")
    if pd.isna(row["covered_verified"]):
        return _done(item, target.due, "未知：还没有银行报送受理点")
    state = f"达标{row['covered_verified']:,.0f} / {row['venues']:,.0f}个"
    if row["attained"]:
        return _done(item, target.due, f"已达到，{state}")
    lacking = math.ceil(round(goal * row["venues"], 6)) - row["covered_verified"]
    if lacking > 0:
        state += f"，到{goal:.0%}还差{lacking:,.0f}个"
    if row["kinds_at_zero"]:
        state += f"；整类未达标：{row['zero_kinds']}"
    return _open(item, target.due, state, scope.as_of)


def _clusters(target: Target, scope: Scope, row: pd.Series) -> Due:
    item = f"{target.target_id} 示范聚集区2至3个"
    if commitments.cluster_history(scope.snapshot_id, scope.as_of).empty:
        return _done(item, target.due, "缺数据：还没有登记过示范聚集区")
    table = commitments.cluster_owners(scope.snapshot_id, scope.as_of)
    own = table[table["owner_id"] == scope.area_id].iloc[0]
    state = f"成熟{own['mature']}个（登记{own['declared']}个）"
    if not own["obliged"]:
        return _done(item, None, f"{state}；通知没有点名{owners.KINDS[row['area_kind']]}")
    floor, stretch = rules.count("cluster_floor"), rules.count("cluster_stretch")
    if own["reached_floor"]:
        more = "，已到争取数" if own["reached_stretch"] else f"，争取{stretch}个"
        return _done(item, target.due, f"已到下限，{state}{more}")
    state += f"，到下限{floor}个还差{floor - own['mature']}个"
    return _open(item, target.due, state, scope.as_of)


class _Delivered(NamedTuple):
    target_id: str
    item: str
    filing_kind: str
    filed_on: pd.Timestamp


def _filings(by_id: dict[str, Target], scope: Scope) -> list[Due]:
    """Documents asked of the area, with the day on which they came."""
    sent = filings.up_to(commitments.rows(scope.snapshot_id, "filings"), scope.as_of)
    asked = filings.owed(owners.owners(scope.as_of))
    asked = asked[asked["owner_id"] == scope.area_id]
    due = []
    for row in typed_rows.rows(filings.delivered(asked, sent, scope.as_of), _Delivered):
        item, last = f"{row.target_id} {row.item}", by_id[row.target_id].due
        if not (sent["kind_id"] == row.filing_kind).any():
            due.append(_done(item, last, NO_DATA))
        elif pd.isna(row.filed_on):
            due.append(_open(item, last, "没有收到", scope.as_of))
        else:
            late = "，晚于期限" if last and row.filed_on.date() > last else ""
            due.append(_done(item, last, f"{chinese_day(row.filed_on)}收到{late}"))
    return due


def _firsts(target: Target, scope: Scope, row: pd.Series) -> list[Due]:
    """First uses, of which the notice wants many and names no number."""
    if owners.KINDS[row["area_kind"]] not in target.owner_kinds.split(";"):
        return []
    item = f"{target.target_id} 首创首单"
    sent = filings.up_to(commitments.rows(scope.snapshot_id, "filings"), scope.as_of)
    sent = sent[sent["kind_id"] == FIRST]
    if sent.empty:
        return [_done(item, target.due, "缺数据：还没有登记过首创首单")]
    own = sent[sent["owner_id"] == scope.area_id]
    proven = int((own["evidence"].fillna("") != "").sum())
    state = f"登记{len(own)}例，其中{proven}例有文号或佐证（通知没有定数）"
    return [_done(item, target.due, state)]


def _inspections(scope: Scope) -> list[Due]:
    """The re-inspection of the area's clusters, the one that is due first."""
    table = commitments.cluster_standing(Scope(scope.snapshot_id, scope.as_of, sight=scope.sight))
    withdrawn = table["withdrawn_on"] <= table["as_of"]
    own = table[commitments.owned(table["owners"], scope.area_id) & ~withdrawn]
    if own.empty:
        return []
    valid = rules.count("cluster_inspected_days")
    item = f"示范聚集区复检（每{valid}天）"
    never = own[own["inspected_on"].isna()]
    none = f"；{len(never)}个没有复检记录：{_names(never['name'])}" if len(never) else ""
    if len(never) == len(own):
        return [_done(item, None, none[1:])]
    until = own["inspected_on"] + pd.Timedelta(days=valid)
    first = until.min().date()
    over = own[until < pd.Timestamp(scope.as_of)]
    if len(over):
        state = f"{len(own)}个中{len(over)}个过期：{_names(over['name'])}"
    else:
        soonest = _names(own[until == until.min()]["name"])
        state = f"{len(own) - len(never)}个在有效期内，最早到期：{soonest}"
    return [_open(item, first, state + none, scope.as_of)]


def _running_out(scope: Scope) -> Due:
    """Shops of covered venues whose verification runs out soon."""
    item = f"达标场所的复验（{rules.count('upkeep_days')}天内）"
    shops = attainment.running_out(scope)
    if shops.empty:
        return _done(item, None, "没有要过期的巡检或交易")
    first = scope.as_of + timedelta(days=int(shops["left"].min()))
    venues = shops["venue"].drop_duplicates()
    state = f"{len(shops):,}家门店的巡检或交易要过期，在{len(venues):,}个场所：{_names(venues)}"
    return _open(item, first, state, scope.as_of)


def _names(names: pd.Series) -> str:
    """The first names, and 等 where there are more."""
    shown = "、".join(one_line(name, 20) for name in names.head(SHOWN))
    return shown + ("等" if len(names) > SHOWN else "")
