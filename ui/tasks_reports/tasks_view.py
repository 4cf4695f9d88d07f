"""Cards of 任务与报送: monthly reports due and received."""

import streamlit as st

from presentation import labels
from queries import commitments
from queries.scope import Scope

_DUE = (
    "成员单位和试点银行每月至少 1 篇，从第一个有人报送的月份算起，以前的未知；"
    "次月 10 日以前算按时。"
)
_MISSING = "过了期限仍没有收到的。应报 = 按时 + 迟报 + 未报；没到期的不在内。"


def cards(scope: Scope) -> None:
    """Reports expected, on time, late and missing since the first month that anybody reported."""
    reports = commitments.reports(scope.snapshot_id, scope.as_of)
    due = reports[reports["state"] != "open"]
    expected = None if reports.empty else len(due)
    on_time, late, missing = (
        None if reports.empty else int((due["state"] == state).sum())
        for state in ("on_time", "late", "missing")
    )
    share = on_time / expected if on_time is not None and expected else None
    with st.grid(5, gap="small", min_column_width=150):
        st.metric("累计应报", labels.count(expected, " 篇"), border=True, help=_DUE)
        st.metric("按时", labels.count(on_time, " 篇"), border=True)
        st.metric("迟报", labels.count(late, " 篇"), border=True)
        st.metric("未报", labels.count(missing, " 篇"), border=True, help=_MISSING)
        st.metric("按时率", labels.percent(share), border=True)
