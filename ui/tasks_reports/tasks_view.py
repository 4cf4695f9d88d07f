"""Cards of 任务与报送: monthly reports due and received."""

import streamlit as st

from presentation import labels
from queries import commitments
from queries.scope import Scope

_DUE = "成员单位和试点银行每月至少 1 篇，从推广启动（2023 年 4 月）算起；次月 10 日以前算按时。"


def cards(scope: Scope) -> None:
    """Reports expected, received and on time over all months."""
    reports = commitments.reports(scope.snapshot_id, scope.as_of)
    due = reports[reports["state"] != "open"]
    expected = len(due)
    on_time, late = (int((due["state"] == state).sum()) for state in ("on_time", "late"))
    with st.grid(4, gap="small", min_column_width=150):
        st.metric("累计应报", f"{expected:,} 篇", border=True, help=_DUE)
        st.metric("按时", f"{on_time:,} 篇", border=True)
        st.metric("迟报", f"{late:,} 篇", border=True)
        st.metric("按时率", labels.percent(on_time / expected if expected else None), border=True)
