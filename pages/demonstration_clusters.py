"""示范聚集区： clusters with their gates and states, owners, candidates and entry."""

import streamlit as st

from presentation import cluster_listings, page_headlines, progress_listings
from presentation.labels import UNTOLD
from queries import untold
from ui import frame, page_downloads, page_print, page_tables, pending_entries, session
from ui.demonstration_clusters import cluster_candidates, cluster_entry, cluster_map, clusters_view

session.ask_person()
scope = session.scope()
rows = progress_listings.clusters(scope)
owners = progress_listings.cluster_owners(scope)

headline = page_headlines.demonstration_clusters(scope, rows, owners)
frame.headline(headline, "示范聚集区的状态")
lack = untold.statements(scope, "clusters")
pending_entries.pending()
clusters_view.cards(rows, known=not lack)

tabs = ["聚集区", "责任单位"] + (["候选", "登记"] if session.may("enter") else [])
found, whose, *entering = st.tabs(tabs, key="cluster_tabs", on_change="rerun", bind="query-params")
with found:
    st.markdown("**登记的聚集区**（点一行或图上一处，看门槛、走势和受理点）")
    picked = page_tables.pick(
        rows, cluster_listings.CLUSTERS, "登记的聚集区", "clusters", lack=UNTOLD[lack]
    )
    chosen = clusters_view.chosen(rows, picked)
    clicked = cluster_map.show(rows, chosen, scope)
    clusters_view.follow(clicked, picked)
    if chosen is not None:
        clusters_view.detail(scope, chosen)
    same = cluster_listings.same_place(rows)
    if len(same):
        st.markdown("**同一处登记了不止一次**（全市去重时只算一个）")
        page_tables.show(same, cluster_listings.SAME_PLACE, "同一处的聚集区", rows=8)
with whose:
    st.caption("通知三（三）要求各县区、各行业主管部门、各试点银行至少打造 2 至 3 个。")
    page_tables.show(owners, cluster_listings.OWNERS, "责任单位", rows=20, lack=UNTOLD[lack])
if entering:
    maybe, enter = entering
    with maybe:
        if maybe.open:
            cluster_candidates.part(pending_entries.at_work(scope))
    with enter:
        cluster_entry.form(pending_entries.at_work(scope))
sheets: page_downloads.Sheets = {
    "聚集区": (rows, cluster_listings.CLUSTERS),
    "责任单位": (owners, cluster_listings.OWNERS),
}
page_downloads.tables("下载以上各表", sheets, f"示范聚集区_{scope.as_of}", session.stamp(scope))
figures = [cluster_map.figure(scope)]
page_print.at_top("示范聚集区", scope, sheets, sentence=headline, figures=figures)
frame.stamp(scope)
