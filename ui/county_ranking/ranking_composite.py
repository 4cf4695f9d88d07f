"""The composite view: weights in sight, and how far each rank holds under other weights."""

import streamlit as st

from presentation import labels
from queries.scope import Scope
from ui import page_charts, page_tables, session
from ui.overview import overview_view


def draw(scope: Scope) -> None:
    """Composite scores under the weights of the sliders, and the stability of the ranks."""
    st.caption(
        "权重可以自己调。右图是在所有可能的权重组合下，各县区排在每个名次的机会，用来看名次是否经得起换权重。"
    )
    left, right = st.columns([2, 3], gap="medium")
    with left:
        composite = overview_view.composite_table(scope, overview_view.weight_sliders())
        parts = ["rank_label", "area", "score", *overview_view.COMPONENTS]
        page_tables.show(composite, parts, "综合得分")
        page_tables.download(
            "下载综合得分",
            lambda: {"综合得分": labels.labelled(composite, parts)},
            "综合得分",
            session.stamp(scope),
        )
    with right:
        st.plotly_chart(
            page_charts.stability(overview_view.stability(scope), session.stamp(scope)),
            config=page_charts.CONFIG,
            alt="名次稳定性",
        )
