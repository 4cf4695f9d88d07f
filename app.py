"""The frame of the dashboard: shared selection, demo mark and list of pages."""

import streamlit as st

from ui import frame, session

# No icons: Streamlit fetches a page's icon from the internet to make it the tab's picture.
PAGES = {
    "覆盖": [
        ("overview", "全市总览", "overview-city", "一眼看清全市离全覆盖多远。"),
        ("coverage_map", "覆盖热力图", "coverage-map", "从县区点到乡镇、场所、门店。"),
        ("venue_register", "特定区域名录", "venue-register", "名录、轮廓、归店，一店只算一次。"),
        ("gap_list", "缺口清单", "gap-list", "缺哪些场所、哪些门店、差几家。"),
        ("padding", "注水核查", "padding-check", "哪些达标靠不住，哪些门店在沉睡。"),
    ],
    "进度": [
        ("county_ranking", "县区排名", "county-ranking", "排名及其可能区间。"),
        ("targets", "目标进度", "targets-progress", "应到哪里、现在到哪里、还缺什么。"),
        ("demonstration_clusters", "示范聚集区", "demonstration-clusters", "门槛、状态和个数。"),
        ("tasks_reports", "任务与报送", "tasks-reports", "重点任务、每月信息和责任空白。"),
        ("province", "省内对比", "province-cities", "在全省排在哪里，数有多新。"),
    ],
    "数据": [
        ("data_import", "数据导入", "data-import", "导入、核对、发布、回退。"),
        ("review_queue", "待复核", "review-queue", "位置拿不准的记录，逐条核定。"),
        ("report_export", "报告导出", "report-export", "通报、一页纸、数据表、汇报和图。"),
        ("definitions", "口径说明", "definitions-rules", "每个数怎么来的。"),
    ],
}
WRITING = {"data-import", "review-queue"}  # pages whose work is on the version in force

frame.configure()
page = st.navigation(
    {
        group: [
            st.Page(f"app_pages/{stem}.py", title=title, url_path=path, help=about)
            for stem, title, path, about in pages
        ]
        for group, pages in PAGES.items()
    },
    position="top",
)
selected = frame.select()
if selected is None and page.url_path != "data-import":
    frame.empty_store()
else:
    writes = page.url_path in WRITING
    shown = session.in_force(selected) if writes else selected
    session.set_scope(shown)
    frame.head(page.title, shown, writes=writes)
    frame.run(page)
