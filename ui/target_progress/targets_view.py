"""Cards by status, and one target in detail: course, forecast, what is missing by name."""

import streamlit as st

from domain.targets import Standing
from presentation import charts, page_headlines, progress_listings
from presentation.labels import plain
from queries import commitments
from queries.scope import Scope
from ui import page_charts, page_downloads, page_tables, session
from ui.page_pictures import Figure

COLUMNS = [
    "target_id", "status_text", "target_text", "done_text", "share_now", "should_text", "due_text",
    "forecast_text", "missing_count", "owner_kinds", "clause",
]  # fmt: skip
MISSING = ["subject", "owner", "lacking"]


def cards(standings: list[Standing]) -> None:
    """How many targets are met, under way, behind, missed and unknown."""
    statuses = [one.status for one in standings]
    groups = {
        "达到": (progress_listings.GOOD, "期限内或逾期达到，现在仍保持。"),
        "进行中": (progress_listings.WAITING, "还没到期，或通知没有定数、没有期限。"),
        "落后进度": (("behind",), "还没到期（或按月到期），低于今天应达的位置。"),
        "到期未达到": (("missed", "lost"), "过了期限没有达到，或达到后没有保持。"),
        "缺数据": (("unknown",), "没有收到用来计算的数据，不当作零。"),
    }
    with st.grid(5, gap="small", min_column_width=150):
        for label, (group, about) in groups.items():
            count = sum(status in group for status in statuses)
            st.metric(label, f"{count} 项", border=True, help=about)


def detail(scope: Scope, one: Standing) -> tuple[Figure, page_downloads.Sheets]:
    """One target: where it is, its course, its forecast and what is missing by name.

    The course and the list of what is missing, for print.
    """
    st.subheader(f"{one.target.target_id} {plain(one.target.target)}", anchor=False)
    st.markdown(page_headlines.target(one, scope.as_of))
    found = commitments.measured(scope, one.target.target_id)
    stamp, number = session.stamp(scope), one.target.target_id
    left, right = st.columns([3, 2], gap="medium")
    with left:
        title = f"{number} {one.target.target}，各月进度"
        shown = page_charts.show(
            charts.target_course(found.series, one), title, stamp, key="target_course"
        )
    with right:
        what = "各项情况" if one.status == "counted" else "还缺什么"
        st.markdown(f"**{what}**（{len(found.missing)} 条）")
        page_tables.show(found.missing, MISSING, "还缺的", rows=10)
    sheets: page_downloads.Sheets = {f"{number}还缺的": (found.missing, MISSING)}
    page_downloads.tables("下载还缺的名单", sheets, f"{number}还缺的_{scope.as_of}", stamp)
    return shown, sheets
