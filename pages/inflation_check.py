"""注水核查： covered venues with signs of inflation, and signed shops without payments."""

import streamlit as st

from presentation import inflation_listings, labels, page_headlines
from queries import data_quality, untold
from ui import frame, page_downloads, page_print, page_tables, session
from ui.inflation_check import inflation_view

scope = session.scope()
venues = inflation_listings.venues(scope)
asleep = inflation_listings.shops(data_quality.longest_asleep(scope, page_tables.LISTED))
banks = inflation_listings.banks(scope)

headline = page_headlines.inflation_check(scope)
frame.headline(headline, "剔除存疑")
lack, silent = (
    labels.UNTOLD[one] for one in (untold.coverage(scope), untold.statements(scope, "merchants"))
)
sleeping = None if silent else int(banks["asleep"].sum())
banks = labels.few(banks, scope.sight, "asleep", "sleeping_share")
inflation_view.cards(scope, sleeping)
st.caption("这里不改总指标，只指出哪些“达标”存疑，请主管部门和责任银行核实。")

st.markdown("**有水分的达标场所**")
page_tables.show(venues, inflation_listings.VENUES, "有水分的达标场所", lack=lack)
left, right = st.columns([2, 3], gap="medium")
with left:
    st.markdown("**各银行的沉睡门店**")
    page_tables.show(
        banks, inflation_listings.BANKS, "各银行的沉睡门店", null=labels.FEW, lack=silent
    )
with right:
    st.markdown("**沉睡门店**（签得早的在前）")
    page_tables.show(asleep, inflation_listings.SHOPS, "沉睡门店", of=sleeping, lack=silent)


def sheets() -> page_downloads.Sheets:
    """The tables of the page, all sleeping shops among them."""
    every = inflation_listings.shops(data_quality.asleep(scope))
    return {
        "有水分的场所": (venues, inflation_listings.VENUES),
        "各银行": (banks, inflation_listings.BANKS),
        "沉睡门店": (every, inflation_listings.SHOPS),
    }


page_downloads.tables("下载核查名单", sheets, f"注水核查_{scope.as_of}", session.stamp(scope))
page_print.at_top("注水核查", scope, sheets, sentence=headline)
frame.stamp(scope)
