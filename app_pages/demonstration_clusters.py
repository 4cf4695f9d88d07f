"""示范聚集区： clusters with their gates and states, whose they are, candidates and entry."""

import streamlit as st

from reports import labels, progress_lists
from ui import (
    cluster_candidates,
    cluster_entry,
    cluster_map,
    clusters_view,
    entry,
    frame,
    session,
    tables,
)

session.ask_person()
scope = session.scope()
rows = progress_lists.clusters(scope)
owners = progress_lists.cluster_owners(scope)

st.subheader(clusters_view.headline(scope, rows, owners), anchor=False)
entry.pending()
clusters_view.cards(rows)

found, whose, maybe, enter = st.tabs(
    ["聚集区", "责任单位", "候选", "登记"],
    key="cluster_tabs",
    on_change="rerun",
    bind="query-params",
)
with found:
    st.markdown("**登记的聚集区**（点一行或图上一处，看门槛、走势和受理点）")
    picked = tables.pick(rows, clusters_view.CLUSTERS, "登记的聚集区", "clusters")
    chosen = clusters_view.chosen(rows, picked)
    clicked = cluster_map.show(rows, chosen)
    clusters_view.follow(clicked, picked)
    if chosen is not None:
        clusters_view.detail(scope, chosen)
    same = clusters_view.same_place(rows)
    if len(same):
        st.markdown("**同一处登记了不止一次**（全市去重时只算一个）")
        tables.show(same, ["same_as", *clusters_view.CLUSTERS[:4]], "同一处的聚集区", rows=8)
with whose:
    st.caption("通知三（三）要求各县区、各行业主管部门、各试点银行至少打造 2 至 3 个。")
    tables.show(owners, clusters_view.OWNERS, "责任单位", rows=20)
with maybe:
    if maybe.open:
        cluster_candidates.part(entry.at_work(scope))
with enter:
    cluster_entry.form(entry.at_work(scope))
tables.download(
    "下载以上各表",
    lambda: {
        "聚集区": labels.labelled(rows, clusters_view.CLUSTERS),
        "责任单位": labels.labelled(owners, clusters_view.OWNERS),
    },
    f"示范聚集区_{scope.as_of}",
    session.stamp(scope),
)
frame.stamp(scope)
