"""任务与报送： thirty tasks, monthly reports, reminders, and gaps of responsibility."""

import streamlit as st

from presentation import labels, order_proposals, page_headlines, progress_listings
from queries import untold
from ui import frame, page_downloads, page_print, page_tables, pending_entries, session
from ui.supervision_orders import order_link
from ui.tasks_reports import filing_entry, tasks_view

FILED = "收到的材料"

session.ask_person()
scope = session.scope()
board = progress_listings.task_progress(scope)
asked = progress_listings.reminders(scope)
senders = progress_listings.reporters(scope)
blanks = progress_listings.blanks(scope)
filed = progress_listings.filed(scope)

headline = page_headlines.tasks_reports(scope, board, asked)
st.header(headline, anchor=False)
pending_entries.pending()
tasks_view.cards(scope)
lack = labels.UNTOLD[untold.statements(scope, "filings")]

tabs = ["三十项任务", "每月信息", "责任空白", FILED]
duties, reports, empty, documents, *entering = st.tabs(
    tabs + ["登记材料"] * session.may("enter"), key="task_tabs"
)
with duties:
    st.caption(
        "进展看两样：任务对应的场景有没有上线，牵头单位有没有报进展。实例和门店分开数，不相加。"
    )
    page_tables.show(board, progress_listings.TASKS, "三十项任务", rows=30, null=labels.UNKNOWN)
with reports:
    st.markdown("**要提醒的单位**")
    st.code(progress_listings.reminder(asked), language=None, wrap_lines=True)
    late = page_tables.pick(
        asked, progress_listings.REMINDERS, "要提醒的单位", "reminders", rows=8, lack=lack
    )
    if late is not None:
        order_link.button("report", order_proposals.report_keys(asked)[late])
    st.markdown("**各单位报送情况**（欠得多的在前）")
    page_tables.show(senders, progress_listings.REPORTERS, "各单位报送情况", rows=14, lack=lack)
with empty:
    st.caption("通知第二部分提到、但没有任务覆盖的场景；没有一例上线的场景；没有进展的任务。")
    page_tables.show(blanks, progress_listings.BLANKS, "责任空白", rows=20)
with documents:
    page_tables.show(filed, progress_listings.FILINGS, FILED, rows=16, lack=lack)
    if entering:
        filing_entry.taken_back(progress_listings.filed(session.in_force(scope)))
for enter in entering:
    with enter:
        st.caption("成批的材料请在“数据导入”里用模板导入；零星的在这里登记。")
        filing_entry.form(pending_entries.at_work(scope))
sheets: page_downloads.Sheets = {
    "任务": (board, progress_listings.TASKS),
    "要提醒的单位": (asked, progress_listings.REMINDERS),
    "报送情况": (senders, progress_listings.REPORTERS),
    "责任空白": (blanks, progress_listings.BLANKS),
    FILED: (filed, progress_listings.FILINGS),
}
page_downloads.tables("下载以上各表", sheets, f"任务与报送_{scope.as_of}", session.stamp(scope))
printed = {name: sheet for name, sheet in sheets.items() if name != FILED}  # a ledger, not read
page_print.at_top("任务与报送", scope, printed, sentence=headline)
frame.stamp(scope)
