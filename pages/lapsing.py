"""到期与新情况： what lapses soon and who has to act; what is new since the last visit."""

import streamlit as st

from presentation import labels, lapsing_listings, news_wording
from presentation.labels import plain
from queries import lapsing_soon, news
from queries.scope import area_name
from ui import frame, last_visit, page_downloads, page_print, page_tables, session
from ui.lapsing import news_view

SOON, NEW = "快到期的", "新情况"
scope = session.scope()
part = st.segmented_control(
    "看什么",
    [SOON, NEW],
    default=SOON,
    key="lapsing_part",
    bind="query-params",
    required=True,
    label_visibility="collapsed",
)
if part == SOON:
    within: int = st.segmented_control(
        "几天以内",
        list(lapsing_listings.CHOICES),
        default=30,
        key="within",
        bind="query-params",
        format_func=lambda days: f"{days} 天内",
        required=True,
        label_visibility="collapsed",
    )
    listed = lapsing_listings.listed(lapsing_soon.rows(scope, within), scope)
    acting = lapsing_listings.by_acting(listed, scope.sight)

    headline = lapsing_listings.headline(scope, within)
    frame.headline(headline, "快到期")
    if late := lapsing_listings.late_note(scope, within):
        st.warning(plain(late), icon=":material/schedule:")
    st.caption(lapsing_listings.rules_note(scope))
    lack = "，".join(lapsing_listings.lacks(scope).values())
    st.markdown("**由谁办**")
    page_tables.show(acting, lapsing_listings.ACTING, "由谁办", rows=8, null=labels.FEW, lack=lack)
    st.markdown("**到期名单**（先到期的在前）")
    page_tables.show(listed, lapsing_listings.LIST, "到期名单", rows=14, lack=lack)
    sheets: page_downloads.Sheets = {
        "到期名单": (listed, lapsing_listings.LIST),
        "由谁办": (acting, lapsing_listings.ACTING),
    }
    name = f"到期名单_{area_name(scope)}_{scope.as_of}_{within}天"
    page_downloads.tables("下载到期名单", sheets, name, session.stamp(scope))
    page_print.at_top(f"{within} 天内到期", scope, sheets, sentence=headline + late)
else:
    found = news.since(session.in_force(scope), last_visit.moment())
    st.header(news_wording.headline(found), anchor=False)
    news_view.show(found)
frame.stamp(scope)
