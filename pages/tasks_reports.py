"""任务与报送： thirty tasks, monthly reports, whom to remind, and where nobody is responsible."""

import streamlit as st

from presentation import labels, progress_listings
from ui import frame, page_tables, pending_entries, session
from ui.tasks_reports import filing_entry, tasks_view

session.ask_person()
scope = session.scope()
board = progress_listings.task_progress(scope)
asked = progress_listings.reminders(scope)
senders = progress_listings.reporters(scope)
blanks = progress_listings.blanks(scope)
filed = tasks_view.known_filings(scope)

st.subheader(tasks_view.headline(scope, board, asked), anchor=False)
pending_entries.pending()
tasks_view.cards(scope)

duties, reports, empty, documents, enter = st.tabs(
    ["三十项任务", "每月信息", "责任空白", "收到的材料", "登记材料"], key="task_tabs"
)
with duties:
    st.caption(
        "进展看两样：任务对应的场景有没有上线，牵头单位有没有报进展。实例和门店分开数，不相加。"
    )
    page_tables.show(board, tasks_view.TASKS, "三十项任务", rows=30)
with reports:
    st.markdown("**要提醒的单位**")
    st.code(tasks_view.reminder_text(asked), language=None, wrap_lines=True)
    page_tables.show(asked, tasks_view.REMINDERS, "要提醒的单位", rows=8)
    st.markdown("**各单位报送情况**（欠得多的在前）")
    page_tables.show(senders, tasks_view.REPORTERS, "各单位报送情况", rows=14)
with empty:
    st.caption("通知第二部分提到、但没有任务覆盖的场景；没有一例上线的场景；没有进展的任务。")
    page_tables.show(blanks, tasks_view.BLANKS, "责任空白", rows=20)
with documents:
    page_tables.show(filed, tasks_view.FILINGS, "收到的材料", rows=16)
    filing_entry.taken_back(tasks_view.known_filings(session.in_force(scope)))
with enter:
    st.caption("成批的材料请在“数据导入”里用模板导入；零星的在这里登记。")
    filing_entry.form(pending_entries.at_work(scope))
page_tables.download(
    "下载以上各表",
    lambda: {
        "任务": labels.labelled(board, tasks_view.TASKS),
        "要提醒的单位": labels.labelled(asked, tasks_view.REMINDERS),
        "报送情况": labels.labelled(senders, tasks_view.REPORTERS),
        "责任空白": labels.labelled(blanks, tasks_view.BLANKS),
        "收到的材料": labels.labelled(filed, tasks_view.FILINGS),
    },
    f"任务与报送_{scope.as_of}",
    session.stamp(scope),
)
frame.stamp(scope)
