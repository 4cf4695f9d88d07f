"""操作记录： who changed what and when, from where, and what was refused."""

from datetime import datetime

import streamlit as st

from presentation import activity_listings
from store import snapshot_store
from ui import page_downloads, page_print, page_tables, session

rows = activity_listings.rows(snapshot_store.default())
st.caption("每一项都在台账里，只增不改；没有权限而被拒绝的也记在这里。")
left, right = st.columns(2)
by = left.text_input("经办人或登录名", key="log_person", placeholder="输入一部分即可")
done = right.selectbox("做了什么", sorted(set(rows["log_done"])), index=None, key="log_topic",
                       placeholder="全部")  # fmt: skip
shown = rows
if by.strip():
    text = by.strip()
    shown = shown[
        shown["log_by"].str.contains(text, regex=False)
        | shown["log_login"].str.contains(text, regex=False)
    ]
if done:
    shown = shown[shown["log_done"] == done]
page_tables.show(shown, activity_listings.COLUMNS, "操作记录", rows=18)
sheets: page_downloads.Sheets = {"操作记录": (shown, activity_listings.COLUMNS)}
page_downloads.tables(
    "下载操作记录",
    sheets,
    f"操作记录_{datetime.now():%Y-%m-%d}",
    f"操作记录，{datetime.now():%Y-%m-%d %H:%M} 导出",
)
page_print.at_top("操作记录", session.scope(), sheets)
