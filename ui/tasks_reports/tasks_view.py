"""The parts of the page of tasks and reports: who moves, who reports, who is missing."""

import pandas as pd
import streamlit as st

from domain import owners, reference
from presentation import labels, progress_listings
from queries import commitments
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


def known_filings(scope: Scope) -> pd.DataFrame:
    """Everything filed up to the day, the newest first."""
    rows = commitments.rows(scope.snapshot_id, "filings")
    rows = rows[rows["filed_on"] <= pd.Timestamp(scope.as_of)]
    kinds = reference.labels("filing_kinds", "kind_id", "kind")
    return rows.assign(
        owner=rows["owner_id"].map(owners.names(scope.as_of)).fillna(rows["owner_id"]),
        filing_kind=rows["kind_id"].map(kinds),
        filed_text=progress_listings.days(rows["filed_on"]),
        month_text=rows["month"].dt.strftime("%Y-%m").fillna("—"),
        evidence=rows["evidence"].fillna("—"),
        task_no=rows["task_no"].fillna("—"),
    ).sort_values(["filed_on", "filing_id"], ascending=[False, True], ignore_index=True)


def headline(scope: Scope, board: pd.DataFrame, asked: pd.DataFrame) -> str:
    """The one sentence about tasks and the last month's reports."""
    moving = int(board["moving"].sum())
    text = f"截至 {scope.as_of}，{len(board)} 项任务中 **{moving}** 项有进展"
    reports = commitments.reports(scope.snapshot_id, scope.as_of)
    if reports.empty:
        return text + "；还没有登记过每月信息，不知道谁报了、谁没报。"
    last = reports[reports["month"] == reports["month"].max()]
    came = int(last["received_on"].notna().sum())
    text += f"；{last['month'].iloc[0]:%Y 年 %-m 月}的信息应报 {len(last)} 篇，收到 **{came}** 篇"
    return text + (f"，还有 **{len(asked)}** 家没报。" if len(asked) else "，全部收齐。")


def cards(scope: Scope) -> None:
    """Reports expected, received and on time over all months."""
    reports = commitments.reports(scope.snapshot_id, scope.as_of)
    due = reports[reports["state"] != "open"]
    expected = len(due)
    on_time, late = (int((due["state"] == state).sum()) for state in ("on_time", "late"))
    with st.grid(4, gap="small", min_column_width=150):
        st.metric("累计应报", f"{expected:,} 篇", border=True, help=_owed())
        st.metric("按时", f"{on_time:,} 篇", border=True)
        st.metric("迟报", f"{late:,} 篇", border=True)
        st.metric("按时率", labels.percent(on_time / expected if expected else None), border=True)


def reminder_text(asked: pd.DataFrame) -> str:
    """A text to send to those who owe a report."""
    if asked.empty:
        return "没有要提醒的单位。"
    month, due = asked["month_text"].iloc[0], asked["due_text"].iloc[0]
    names = "、".join(asked["owner"])
    return (
        f"请以下单位报送 {month} 数字人民币试点工作信息（每月至少 1 篇，{due} 前为按时）：{names}。"
    )


def _owed() -> str:
    return "成员单位和试点银行每月至少 1 篇，从推广启动（2023 年 4 月）算起；次月 10 日以前算按时。"
