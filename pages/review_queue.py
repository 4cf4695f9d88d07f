"""待复核： records whose place is in question, a map of the candidates, one key an answer."""

import streamlit as st

from ui import session
from ui.review_queue import review_lists, review_map, review_view

session.ask_person()
scope = session.scope()
found = review_view.work(scope)
st.caption(
    "地址与坐标对不上、写的是外地、或位置拿不准的记录。看图选一个答案，按对应的数字键即可；"
    "不在本市的按 9，哪里都不再计数。"
    "每个答案当即记入台账，以后每次导入都照此定位，并用来推断邻近地址；"
    "发布新版本之前，其他页面仍按原来的位置统计。"
)
review_view.progress(found)
key = review_view.current(found)
if key is None:
    st.success("所选范围里没有待核定的位置。", icon=":material/task_alt:")
    review_view.undo()
else:
    offered = review_view.choices(scope, key)
    left, right = st.columns([3, 2], gap="medium")
    with right:
        review_view.record(found, key)
        review_view.keys(found, key, offered)
        review_view.by_hand(found, key)
    with left:
        review_map.chart(found.row(key), offered)
    review_lists.bulk(scope, found, key)
review_lists.given(scope)
