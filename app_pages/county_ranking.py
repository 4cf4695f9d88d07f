"""县区排名： two boards with intervals and ties, and the composite view with its weights."""

from dataclasses import replace

import streamlit as st

from domain import pace
from ui import answers, charts, facts, frame, session, tables

scope = replace(session.scope(), area_id="")
attribution = st.segmented_control(
    "归属",
    ["管理归属", "属地"],
    default="管理归属",
    key="attribution",
    bind="query-params",
    required=True,
    help="管理归属：功能板块的场所算在板块头上；属地：算在所在县区头上。",
)
scope = replace(scope, attribution="territory" if attribution == "属地" else "management")
due = pace.due_share(scope.as_of)
columns = ["rank_label", "area", "covered", "venues", "share", "low", "high", "rank_range",
           "rank_last", "delta", "graded_share", "reason"]  # fmt: skip

boards = {"county": "县区榜"} | ({} if attribution == "属地" else {"zone": "功能板块榜"})
for kind, title in boards.items():
    board = facts.board_table(answers.ranks(scope, kind))
    if board.empty:
        continue  # a city need not have zones
    st.subheader(title, anchor=False)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown("**达标率与 95% 区间**")
        st.plotly_chart(
            charts.board(board, due, session.stamp(scope)),
            config=charts.CONFIG,
            key=f"board_{kind}",
            alt=title,
        )
    with right:
        st.markdown("**可能的名次**")
        st.plotly_chart(
            charts.rank_intervals(board, session.stamp(scope)),
            config=charts.CONFIG,
            key=f"ranks_{kind}",
            alt="可能的名次",
        )
    tables.show(board, columns, title)
    tables.download(
        f"下载{title}",
        lambda board=board, title=title: {title: tables.labelled(board, columns)},
        title,
        session.stamp(scope),
    )

st.subheader("综合视角（辅助）", anchor=False)
st.caption(
    "权重可以自己调。右图是在所有可能的权重组合下，各县区排在每个名次的机会，用来看名次是否经得起换权重。"
)
left, right = st.columns([2, 3], gap="medium")
with left:
    weights = facts.weight_sliders()
    composite = facts.composite_table(scope, weights)
    parts = ["rank_label", "area", "score", *facts.COMPONENTS]
    tables.show(composite, parts, "综合得分")
    tables.download(
        "下载综合得分",
        lambda: {"综合得分": tables.labelled(composite, parts)},
        "综合得分",
        session.stamp(scope),
    )
with right:
    st.plotly_chart(
        charts.stability(facts.stability(scope), session.stamp(scope)),
        config=charts.CONFIG,
        alt="名次稳定性",
    )
frame.stamp(scope)
