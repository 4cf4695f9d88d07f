"""The frame of the dashboard: shared selection, demo mark and list of pages."""

import streamlit as st

from ui import frame, session

# No icons: Streamlit fetches a page's icon from the internet to make it the tab's picture.
PAGES = [
    ("overview", "全市总览", "overview-city", "一眼看清全市离全覆盖多远。"),
    ("coverage_map", "覆盖热力图", "coverage-map", "从县区点到乡镇、场所、门店。"),
    ("gap_list", "缺口清单", "gap-list", "缺哪些场所、哪些门店、差几家。"),
    ("county_ranking", "县区排名", "county-ranking", "排名及其可能区间。"),
    ("data_import", "数据导入", "data-import", "导入、核对、发布、回退。"),
    ("review_queue", "待复核", "review-queue", "位置拿不准的记录，逐条核定。"),
    ("definitions", "口径说明", "definitions-rules", "每个数怎么来的。"),
]

frame.configure()
page = st.navigation(
    [
        st.Page(f"app_pages/{stem}.py", title=title, url_path=path, help=about)
        for stem, title, path, about in PAGES
    ],
    position="top",
)
selected = frame.select()
if selected is None and page.url_path != "data-import":
    frame.empty_store()
else:
    session.set_scope(selected)
    frame.head(page.title, selected)
    frame.run(page)
