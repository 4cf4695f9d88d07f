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
from domain.ranking import TIERS
from presentation import progress_listings
from presentation.labels import between, percent, rounded
from queries import attainment, board_standings, commitments, data_quality, shop_records
from queries.engine import remembered
from queries.scope import Scope

Value = Any  # a count, a share or a text as computed; None where unknown


@dataclass(frozen=True)
class Statement:
    """One number of a document: `value` as computed, None where unknown, and `text` as written.

    `how` says in words how it came about, `clause` on what ground, `page` is the page (its script
    in ``pages``) that opens it into names.
    """

    number: str
    key: str
    label: str
    value: Value
    text: str
    how: str
    clause: str
    page: str

    def __str__(self) -> str:
        return self.text


_OVERVIEW, _MAP, _REGISTER, _GAPS = "overview", "coverage_map", "venue_register", "gap_list"
_PADDING, _RANKS, _REVIEW = "inflation_check", "county_ranking", "review_queue"
_CLUSTERS, _TARGETS = "demonstration_clusters", "target_progress"
_TASKS, _RULES = "tasks_reports", "definitions"

# number, key, label, unit, how it comes about, clause, page
_TABLE = (
    ("S01", "venues", "名录场所", "个", "所选名录范围内、截止日在册的场所", "二（二）、二（七）",
     _REGISTER),
    ("S02", "covered", "达标场所", "个", "名录场所中按已验证口径达标的", "三（四）", _REGISTER),
    ("S03", "share", "达标率（已验证）", "%", "S02 ÷ S01", "三（四）", _OVERVIEW),
    ("S04", "due", "应达线", "%", "目标 × 推广期已过去的时间份额", "三", _RULES),
    ("S05", "lag", "与应达线之差", "点", "S03 − S04（按没有取整的数算）", "三", _OVERVIEW),
    ("S06", "share_contracted", "达标率（已签约，宽口径）", "%", "按已签约口径达标的场所 ÷ S01",
     "二（二）", _OVERVIEW),
    ("S07", "share_active", "达标率（近30天活跃，严口径）", "%", "按活跃口径达标的场所 ÷ S01",
     "三（三）", _OVERVIEW),
    ("S08", "unknown", "分母未知的场所", "个",
     "名录场所中没有应覆盖商户数的，不算达标，也不当作零", "二（十）", _GAPS),
    ("S09", "share_before", "上月末达标率", "%", "上月最后一天的 S02 ÷ S01", "三（四）",
     _OVERVIEW),
    ("S10", "delta", "较上月末", "点", "S03 − S09（按没有取整的数算）", "三（四）", _OVERVIEW),
    ("S11", "newly", "新达标", "个", "上月末不达标、截止日达标的场所", "三（四）", _OVERVIEW),
    ("S12", "lapsed", "退出达标", "个", "上月末达标、截止日在册而不达标的场所", "三（四）",
     _OVERVIEW),
    ("S13", "padded", "达标但靠不住的场所", "个", "门口一块牌、分母缩水或全靠巡检的达标场所",
     "三（四）", _PADDING),
    ("S14", "share_firm", "挤掉水分后的达标率", "%", "（S02 − S13）÷ S01", "三（四）", _PADDING),
    ("S15", "short", "未达标且分母已知的场所", "个", "缺口清单上的场所", "三（四）", _GAPS),
    ("S16", "needed", "共差", "家（项）", "S15 各场所还差家数之和；候选的门店比它多，补够就行",
     "三（四）", _GAPS),
    ("S17", "half_units", "补到一半场所要补", "家（项）", "差得最少的一半场所还差家数之和",
     "三（四）", _GAPS),
    ("S18", "half_venues", "补后多达标", "个", "差得最少的一半场所", "三（四）", _GAPS),
    ("S19", "eligible", "应覆盖受理点", "家", "在营、能受理的门店，一店只算一次", "三（四）",
     _MAP),
    ("S20", "verified", "已验证受理点", "家", "S19 中巡检或真实交易在有效期内的", "一（二）1",
     _MAP),
    ("S21", "verified_share", "受理点验证率", "%", "S20 ÷ S19", "一（二）1", _MAP),
    ("S22", "active_share", "受理点活跃率", "%", "S19 中近 30 天有真实交易的 ÷ S19", "三（三）",
     _MAP),
    ("S23", "kinds", "已上线场景类型", "种", "门店或场景台账里有一例开通的场景类型", "二",
     _OVERVIEW),
    ("S24", "instances", "已上线场景实例", "个", "场景台账中开通的", "二", _OVERVIEW),
    ("S25", "shops", "已开通受理门店", "家", "状态为已开通及以后的门店，一店只算一次", "二",
     _OVERVIEW),
    ("S26", "in_review", "待复核记录", "条",
     "位置拿不准的受理点记录（全市，这一版数据里的，不随截止日变）", "二（十）", _REVIEW),
    ("S27", "unlocated", "未定位记录", "条",
     "定位不到县区的受理点记录，计入总数（全市，这一版数据里的，不随截止日变）", "二（十）",
     _REVIEW),
    ("S31", "rank", "名次", "字", "县区（板块）按 S03 排，相同即并列", "五（三）", _RANKS),
    ("S32", "rank_range", "可能名次", "字", "由各家达标率的 95% 区间互相比较得出", "五（三）",
     _RANKS),
    ("S33", "interval", "达标率的 95% 区间", "字", "威尔逊区间", "五（三）", _RANKS),
    ("S34", "tier", "分档", "字", "与应达线和目标比较，见口径说明", "五（三）", _RANKS),
    ("S35", "highest", "县区最高", "字", "场所数够多、参加排名的县区中达标率最高的", "五（三）",
     _RANKS),
    ("S36", "lowest", "县区最低", "字", "场所数够多、参加排名的县区中达标率最低的", "五（三）",
     _RANKS),
    ("S37", "tiers", "县区各档个数", "字", "参加排名的县区按分档计数", "五（三）", _RANKS),
    ("S38", "unranked", "不排名的县区", "个", "A、B 级分母不够或没有场所的县区", "五（三）",
     _RANKS),
    ("S41", "clusters", "登记的示范聚集区", "个", "申报过的，含已撤销的", "三（三）", _CLUSTERS),
    ("S42", "mature", "成熟的示范聚集区", "个", "七道门槛都过了的（成熟和保持），按名称计",
     "三（三）", _CLUSTERS),
    ("S43", "mature_places", "成熟的，同一处只算一个", "个", "S42 中受理点大半相同的算一处",
     "三（三）", _CLUSTERS),
    ("S44", "obliged", "应打造的责任单位", "个", "通知点名的县区、行业主管部门和试点银行",
     "三（三）", _CLUSTERS),
    ("S45", "floor", "达到下限的责任单位", "个", "S44 中成熟个数达到下限的", "三（三）",
     _CLUSTERS),
    ("S51", "targets", "目标", "项", "通知提出的目标", "三", _TARGETS),
    ("S52", "met", "已达到的目标", "项", "期限内或逾期达到、现在仍保持的", "三", _TARGETS),
    ("S53", "failed", "到期未达到的目标", "项", "过了期限没有达到，或达到后没有保持的", "三",
     _TARGETS),
    ("S54", "behind", "落后进度的目标", "项", "没有到期、低于今天应达位置的", "三", _TARGETS),
    ("S55", "no_data", "缺数据的目标", "项", "没有收到用来计算的数据，不当作零", "三", _TARGETS),
    ("S56", "open", "没有期限或没有定数的目标", "项", "S51 − S52 − S53 − S54 − S55", "三",
     _TARGETS),
    ("S61", "tasks", "重点任务", "项", "通知附件 2 的任务", "附件 2", _TASKS),
    ("S62", "moving", "有进展的任务", "项", "有场景上线或报过进展的", "附件 2", _TASKS),
    ("S63", "asked", "最近一个月应报信息", "家", "成员单位和试点银行，每家每月至少 1 篇",
     "五（三）", _TASKS),
    ("S64", "came", "已收到信息", "家", "S63 中截止日前收到的", "五（三）", _TASKS),
    ("S65", "silent", "还没报信息", "家", "S63 − S64", "五（三）", _TASKS),
    ("S66", "punctual", "按时报信息", "家", "S64 中在期限以前收到的", "五（三）", _TASKS),
    ("S67", "late", "迟报信息", "家", "S64 − S66", "五（三）", _TASKS),
)  # fmt: skip


@remembered
def statements(scope: Scope) -> dict[str, Statement]:
    """The statements of documents on `scope` by key, in the order of their numbers.

    Those about the whole city, such as targets, are not made for a part of it.
    """
    values = _coverage(scope) | _gaps(scope) | _merchants(scope)
    values |= _standing(scope) if scope.area_id else _city(scope)
    return {
        key: Statement(number, key, label, values[key], _text(values[key], unit), how, clause, page)
        for number, key, label, unit, how, clause, page in _TABLE
        if key in values
    }


def _text(value: Value, unit: str) -> str:
    """`value` as a document writes it; 未知 where there is none."""
    if value is None or pd.isna(value):
        return "未知"
    if unit == "%":
        return percent(float(value))
    if unit == "点":
        size = rounded(value * 100, 1)
        sign = "+" if float(size) > 0 else ""
        return ("0.0" if float(size) == 0 else sign + size) + "个百分点"
    if unit == "字":
        return str(value)
    return f"{value:,.0f}{unit}"


def _coverage(scope: Scope) -> dict[str, Value]:
    now, due = attainment.city(scope).iloc[0], pace.due_share(scope.as_of)
    month = replace(scope, as_of=attainment.month_before(scope.as_of))
    before = attainment.city(month).iloc[0]
    changed = attainment.changes(scope)["change"].value_counts()
    padded = int(data_quality.inflated(scope)["padded"].sum())
    share, share_before = now["share_verified"], before["share_verified"]
    return {
        "venues": now["venues"],
        "covered": now["covered_verified"],
        "share": share,
        "due": due,
        "lag": share - due,
        "share_contracted": now["share_contracted"],
        "share_active": now["share_active"],
        "unknown": now["unknown"],
        "share_before": share_before,
        "delta": share - share_before,
        "newly": int(changed.get("covered", 0)),
        "lapsed": int(changed.get("lapsed", 0)),
        "padded": padded,
        "share_firm": (now["covered_verified"] - padded) / now["venues"] if now["venues"] else None,
    }


def _gaps(scope: Scope) -> dict[str, Value]:
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
    names = ("eligible", "verified", "verified_share", "active_share")
    none = {"eligible": 0, "verified": 0, "verified_share": None, "active_share": None}
    shops = {name: counted[name].iloc[0] for name in names} if len(counted) else none
    queues = data_quality.intake_state(scope.snapshot_id)
    return (
        shops
        | shop_records.counts(scope)
        | {"in_review": queues["in_review"], "unlocated": queues["unlocated"]}
    )


def _standing(scope: Scope) -> dict[str, Value]:
    """Where one county or zone stands on its board."""
    zones = set(reference.table("zones")["zone_id"])
    whole = replace(scope, area_id="")
    board = board_standings.ranks(whole, "zone" if scope.area_id in zones else "county")
    row = board[board["area_id"] == scope.area_id]
    if row.empty:
        return {}
    here = row.iloc[0]
    if pd.isna(here["rank"]):
        return {"rank": None, "tier": f"不排名：{here['reason']}"}
    return {
        "rank": f"第{here['rank']:.0f}名" + ("（并列）" if here["tied"] else ""),
        "rank_range": f"第{here['rank_best']:.0f}–{here['rank_worst']:.0f}名",
        "interval": between(here["low"], here["high"]),
        "tier": TIERS[here["tier"]],
    }


def _city(scope: Scope) -> dict[str, Value]:
    return _board(scope) | _clusters(scope) | _targets(scope) | _tasks(scope)


def _board(scope: Scope) -> dict[str, Value]:
    board = board_standings.ranks(scope, "county")
    ranked = board.dropna(subset=["rank"])
    values: dict[str, Value] = {"unranked": len(board) - len(ranked)}
    tiers = ranked["tier"].map(TIERS).value_counts()
    if len(ranked):
        counted = [f"{tier}{tiers[tier]}个" for tier in TIERS.values() if tier in tiers]
        values["tiers"] = "、".join(counted)
    firm = ranked[~ranked["small"]]  # a rank of few venues is no headline
    if firm["share"].nunique() > 1:
        values["highest"] = _named(firm, firm["share"].max())
        values["lowest"] = _named(firm, firm["share"].min())
    return values


def _named(board: pd.DataFrame, share: float) -> str:
    return "、".join(board.loc[board["share"] == share, "area"]) + f"（{percent(share)}）"


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
    statuses = [one.status for one in commitments.standings(scope)]
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
    values: dict[str, Value] = {"tasks": len(rows), "moving": int(rows["moving"].sum())}
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
