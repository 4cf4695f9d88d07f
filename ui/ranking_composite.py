"""The composite view: weights in sight, and how far each rank holds under other weights."""

import streamlit as st

from reports import labels
from reports.scope import Scope
from ui import charts, facts, session, tables


def draw(scope: Scope) -> None:
    """Composite scores under the weights of the sliders, and the stability of the ranks."""
    st.caption(
        "权重可以自己调。右图是在所有可能的权重组合下，各县区排在每个名次的机会，用来看名次是否经得起换权重。"
    )
    left, right = st.columns([2, 3], gap="medium")
    with left:
        composite = facts.composite_table(scope, facts.weight_sliders())
        parts = ["rank_label", "area", "score", *facts.COMPONENTS]
        tables.show(composite, parts, "综合得分")
        tables.download(
            "下载综合得分",
            lambda: {"综合得分": labels.labelled(composite, parts)},
            "综合得分",
            session.stamp(scope),
        )
    with right:
        st.plotly_chart(
            charts.stability(facts.stability(scope), session.stamp(scope)),
            config=charts.CONFIG,
            alt="名次稳定性",
        )
