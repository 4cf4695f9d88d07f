"""The composite view: weights in sight, and how far each rank holds under other weights."""

import streamlit as st

from presentation import board_charts, composite_ranking
from presentation.columns import COLUMNS
from queries.scope import Scope
from ui import page_charts, page_downloads, page_print, page_tables, session


def draw(scope: Scope) -> None:
    """Composite scores under the weights of the sliders, and the stability of the ranks."""
    st.caption(
        "权重可以自己调。右图是在所有可能的权重组合下，各县区排在每个名次的机会，用来看名次是否经得起换权重。"
    )
    left, right = st.columns([2, 3], gap="medium")
    with left:
        weights: dict[str, float] = {
            column: st.slider(COLUMNS[column][0], 0, 100, weight, 5, key=f"w_{column}")
            for column, weight in composite_ranking.WEIGHTS.items()
        }
        composite = composite_ranking.scores(scope, weights)
        parts = ["rank_label", "area", "score", *composite_ranking.WEIGHTS]
        title = "综合得分"
        page_tables.show(composite, parts, title)
        sheets: page_downloads.Sheets = {title: (composite, parts)}
        below = st.container(horizontal=True)
    with right:
        figure = page_charts.show(
            board_charts.stability(composite_ranking.stability(scope)),
            "综合视角：名次稳定性",
            session.stamp(scope),
        )
    with below:
        page_downloads.tables("下载综合得分", sheets, title, session.stamp(scope))
        page_print.button(title, scope, sheets, figures=[figure])
