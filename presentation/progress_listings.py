"""Targets, clusters, tasks and reporters as pages and documents list them."""

from datetime import date

import pandas as pd

from domain import filings, owners, reference, rules
from domain import tasks as task_rules
from domain.clusters import STATES
from domain.forecast import Reach
from domain.targets import STATUS, Standing
from presentation import labels
from presentation.labels import whole_percent
from queries import commitments
from queries.engine import remembered
from queries.scope import Scope

TASKS = [
    "task_no", "task", "lead_unit", "moving_text", "kinds_text", "live_instances", "live_shops",
    "filed", "last_text", "task_scenarios",
]  # fmt: skip
REPORTERS = [
    "owner", "owner_kind_text", "expected", "received", "on_time", "on_time_share",
    "missing_reports", "missing_months", "last_text",
]  # fmt: skip
REMINDERS = ["owner", "owner_kind_text", "month_text", "due_text", "report_state"]
BLANKS = ["blank", "subject", "blank_why"]
FILINGS = ["filed_text", "owner", "filing_kind", "title", "month_text", "task_no", "evidence"]
NEVER = "从未"
GOOD, WAITING = ("held", "reached", "late"), ("on_pace", "open", "counted")
_MARK = dict.fromkeys(GOOD, "✓") | {"on_pace": "→", "open": "→", "counted": "·"}
_MARK |= {"behind": "!", "lost": "✗", "missed": "✗", "unknown": "?"}


@remembered
def targets(scope: Scope) -> pd.DataFrame:
    """The fourteen targets as the page shows them, one row each."""
    return pd.DataFrame([_row(scope, standing) for standing in commitments.standings(scope)])


def _row(scope: Scope, standing: Standing) -> dict[str, object]:
    target, status = standing.target, standing.status
    counted = status == "counted"  # a number without a goal
    no_forecast = target.monthly or counted or status in GOOD
    missing = commitments.measured(scope, target.target_id).missing
    return {
        "target_id": target.target_id,
        "target_text": target.target,
        "owner_kinds": _owners(target.owner_kinds, scope.as_of),
        "clause": target.clause,
        "due_text": "每月" if target.monthly else str(target.due or "没有期限"),
        "should_text": "—" if standing.should is None else whole_percent(standing.should),
        "done_text": done(standing),
        "share_now": standing.share if target.goal is not None else None,
        "status_text": f"{_MARK[status]} {STATUS[status]}",
        "forecast_text": "—" if no_forecast else reach(standing.reach),
        "missing_count": None if counted else len(missing),
    }


def _owners(kinds: str, as_of: date) -> str:
    """The owners of a target, units under their name on the day."""
    ids, names = owners.aliases(), owners.names(as_of)
    return "、".join(names.get(ids.get(kind, ""), kind) for kind in kinds.split(";"))


def done(standing: Standing) -> str:
    """What is done of a target, in its unit."""
    if standing.done is None:
        return "未知"
    whole = "" if standing.owed is None else f" / {standing.owed:,.0f}"
    return f"{standing.done:,.0f}{whole} {standing.target.unit}"


def reach(forecast: Reach) -> str:
    """When a target is likely to be reached."""
    if forecast.likely is None:
        return "看不出何时能达到"
    last = f"{forecast.latest:%Y-%m}" if forecast.latest is not None else "说不准"
    return f"约 {forecast.likely:%Y-%m}（{forecast.earliest:%Y-%m}至{last}）"


@remembered
def clusters(scope: Scope) -> pd.DataFrame:
    """Clusters of the scope with labels: those that fell back, then the ripest first."""
    rows = commitments.cluster_standing(scope)
    names = owners.names(scope.as_of)
    order = {state: place for place, state in enumerate(reversed(list(STATES)))}
    return (
        rows.assign(
            cluster=rows["name"],
            owner_names=[_named(ids, names) for ids in rows["owners"].fillna("")],
            state_text=rows["state"].map(STATES),
            points_text=_of(rows["points"], rows["points_needed"]),
            held_text=rows["held_since"].dt.strftime("%Y-%m-%d").fillna("—"),
            inspected_text=rows["inspected_on"].dt.strftime("%Y-%m-%d").fillna("没有复检"),
            lacking_gates=rows["lacking"].replace("", "—"),
        )
        .sort_values("cluster_id", kind="stable")
        .sort_values("state", key=lambda states: states.map(order), kind="stable")
        .reset_index(drop=True)
    )


@remembered
def cluster_owners(scope: Scope) -> pd.DataFrame:
    """Owners that the notice names and their mature clusters, those in arrears first."""
    rows = commitments.cluster_owners(scope.snapshot_id, scope.as_of)
    rows = rows[rows["obliged"] | (rows["declared"] > 0)]
    floor, stretch = rules.count("cluster_floor"), rules.count("cluster_stretch")
    short = "差 " + (floor - rows["mature"]).astype("string") + " 个"
    reached = short.where(rows["obliged"], "通知没有点名")
    reached = reached.mask(rows["reached_floor"], f"达到下限 {floor}")
    reached = reached.mask(rows["reached_stretch"], f"达到争取数 {stretch}")
    return rows.assign(
        owner_kind_text=rows["owner_kind"].map(owners.KINDS),
        declared_count=rows["declared"],
        mature_count=rows["mature"],
        floor_text=reached,
    ).sort_values(["obliged", "mature"], ascending=[False, True], kind="stable", ignore_index=True)


def _named(ids: str, names: dict[str, str]) -> str:
    return "、".join(names.get(owner_id, owner_id) for owner_id in ids.split(";") if owner_id)


def _of(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part.astype("str") + " / " + whole.astype("str")


@remembered
def task_progress(scope: Scope) -> pd.DataFrame:
    """The thirty tasks with labels."""
    rows = commitments.task_progress(scope)
    return rows.assign(
        task_scenarios=rows["scenarios"],
        kinds_text=_of(rows["kinds_live"].map(labels.count), rows["kinds"]),
        live_instances=rows["instances"],
        live_shops=rows["shops"],
        last_text=days(rows["last_on"]).where(rows["filed"].notna(), labels.UNKNOWN),
        moving_text=rows["moving"].map({True: "有进展", False: "没有进展"}).fillna(labels.UNKNOWN),
    )


@remembered
def reporters(scope: Scope) -> pd.DataFrame:
    """Units and banks by what they reported, those in arrears first."""
    rows = filings.by_owner(commitments.reports(scope.snapshot_id, scope.as_of))
    return rows.assign(
        owner_kind_text=rows["owner_kind"].map(owners.KINDS),
        missing_reports=rows["missing"],
        last_text=days(rows["last_on"]),
    )


@remembered
def reminders(scope: Scope) -> pd.DataFrame:
    """Who has not sent the last month's report yet."""
    rows = filings.reminders(commitments.reports(scope.snapshot_id, scope.as_of))
    return rows.assign(
        owner_kind_text=rows["owner_kind"].map(owners.KINDS),
        month_text=rows["month"].dt.strftime("%Y-%m"),
        due_text=rows["due_on"].dt.strftime("%Y-%m-%d"),
        report_state=rows["state"].map(filings.STATES),
    )


@remembered
def blanks(scope: Scope) -> pd.DataFrame:
    """Tasks and scenarios without a responsible unit or without progress."""
    rows = task_rules.blanks(commitments.cases(scope), commitments.task_progress(scope))
    return rows.assign(blank_why=rows["why"])


def days(dates: pd.Series) -> pd.Series:
    """Days as text, 从未 where there is none."""
    return pd.to_datetime(dates).dt.strftime("%Y-%m-%d").fillna(NEVER)


@remembered
def filed(scope: Scope) -> pd.DataFrame:
    """Everything filed up to the day, the newest first."""
    rows = commitments.filings_sent(scope)
    kinds = reference.labels("filing_kinds", "kind_id", "kind")
    return rows.assign(
        owner=rows["owner_id"].map(owners.names(scope.as_of)).fillna(rows["owner_id"]),
        filing_kind=rows["kind_id"].map(kinds),
        filed_text=days(rows["filed_on"]),
        month_text=rows["month"].dt.strftime("%Y-%m").fillna("—"),
        evidence=rows["evidence"].fillna("—"),
        task_no=rows["task_no"].fillna("—"),
    ).sort_values(["filed_on", "filing_id"], ascending=[False, True], ignore_index=True)


def reminder(asked: pd.DataFrame) -> str:
    """A text to send to those who owe a report."""
    if asked.empty:
        return "没有要提醒的单位。"
    month, due = asked["month_text"].iloc[0], asked["due_text"].iloc[0]
    names = "、".join(asked["owner"])
    return (
        f"请以下单位报送 {month} 数字人民币试点工作信息（每月至少 1 篇，{due} 前为按时）：{names}。"
    )
