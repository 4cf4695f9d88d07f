"""缺口清单： venues that are short, their missing shops by name, and the shortest plan."""

import streamlit as st

from presentation import labels, page_headlines, plan_wording, venue_listings
from presentation.labels import plain
from queries import attainment, untold
from queries.scope import area_name
from ui import frame, page_downloads, page_print, page_tables, session
from ui.disputes import dispute_link
from ui.gap_list import whatif
from ui.record_pages import record_address
from ui.supervision_orders import order_link

scope = session.scope()
plan = venue_listings.short(scope)
missing = venue_listings.missing(attainment.missing(scope))
links = venue_listings.links(attainment.missing_links(scope))
unknown = venue_listings.unconfirmed(scope)

headline = page_headlines.gap_list(scope, plan, unknown)
frame.headline(headline, "还差")
lack = labels.UNTOLD[untold.coverage(scope)]
if plan.empty and not lack:
    st.success("选定范围内没有应覆盖数已知而未达标的场所。", icon=":material/task_alt:")
elif not lack:
    whatif.show(scope)

st.markdown("**未达标的场所**(点一行，只看它的名单)")
venue_columns = [
    "venue", "needed", "operator", "kind", "county", "zone", *venue_listings.DENOMINATOR,
    "verified", "named_missing", "unnamed_missing", "signings", "venues_closed",
    "denominator_note",
]  # fmt: skip
chosen = page_tables.pick(plan, venue_columns, "未达标的场所", "gap_venues", lack=lack)
shop_columns = [
    "state_label", "operator", "name", "action", "venue", "address", "merchant_id", "cash_point",
]  # fmt: skip
names = missing
if chosen is not None:
    names = missing[missing["venue_id"] == plan["venue_id"].iloc[chosen]]
    st.markdown(f"**{plain(plan['venue'].iloc[chosen])}：还没有验证的门店**")
else:
    st.markdown("**还没有验证的门店**(公共收银点在前)")
st.caption(
    "达标不必家家验证，所以这里的门店比“还差”多；除公共收银点必须补外，补哪家都算，最省的几家见工作单。"
)
if chosen is None:
    page_tables.show(names, shop_columns, "还没有验证的门店", lack=lack)
else:
    picked = page_tables.pick(names, shop_columns, "还没有验证的门店", "gap_shops")
    venue_id = plan["venue_id"].iloc[chosen]
    shops = [] if picked is None else [names["merchant_key"].iloc[picked]]
    record_address.links(
        [("venue_record", venue_id, "打开这个场所")]
        + [("shop_record", key, "打开这家门店") for key in shops]
    )
    dispute_link.row(
        [("venue", venue_id), ("denominator", venue_id)] + [("shop", key) for key in shops]
    )
    order_link.button("venue", plan["venue_id"].iloc[chosen])

link_columns = ["venue", "link", "recorded_label", "operator", "kind", "county", "zone"]
st.markdown("**机构、线路和线上平台缺的环节**")
page_tables.show(links, link_columns, "机构、线路和线上平台缺的环节", rows=8, lack=lack)

st.markdown("**欠账最多的运营机构**")
owed = labels.few(venue_listings.owed_by_operator(missing), scope.sight, "owed")
page_tables.show(
    owed, ["operator", "owed"], "欠账最多的运营机构", rows=6, null=labels.FEW, lack=lack
)
unknown_columns = [
    "venue", "operator", "kind", "county", "zone", *venue_listings.DENOMINATOR, "verified",
    "venue_id",
]  # fmt: skip
if not unknown.empty:
    st.markdown("**先核定应覆盖数**")
    st.caption(plan_wording.unknown_note(unknown))
    page_tables.show(unknown, unknown_columns, "应覆盖数待核的场所")
sheets: page_downloads.Sheets = {
    "未达标的场所": (plan, [*venue_columns, "grade", "venue_id"]),
    "要补的门店": (missing, shop_columns),
    "缺的环节": (links, link_columns),
    "应覆盖数待核": (unknown, unknown_columns),
}
name = f"缺口清单_{area_name(scope)}_{scope.as_of}"
page_downloads.tables("下载缺口清单", sheets, name, session.stamp(scope))
page_print.at_top(
    "缺口清单", scope, sheets, sentence=headline, figures=lambda: whatif.figures(scope)
)
frame.stamp(scope)
