"""注水核查： covered venues that rest on something weak, and shops that signed and sleep."""

import streamlit as st

from presentation import labels
from ui import frame, page_tables, session
from ui.inflation_check import inflation_view

scope = session.scope()
venues = inflation_view.venues(scope)
asleep = inflation_view.shops(scope)
banks = inflation_view.banks(scope)

st.subheader(inflation_view.headline(scope), anchor=False)
inflation_view.cards(scope, asleep)
st.caption("这里不改总指标，只指出哪些“达标”靠不住，请主管部门和责任银行核实。")

st.markdown("**有水分的达标场所**")
page_tables.show(venues, inflation_view.VENUES, "有水分的达标场所")
left, right = st.columns([2, 3], gap="medium")
with left:
    st.markdown("**各银行的沉睡门店**")
    page_tables.show(banks, inflation_view.BANKS, "各银行的沉睡门店")
with right:
    st.markdown("**沉睡门店**（签得早的在前）")
    page_tables.show(asleep, inflation_view.SHOPS, "沉睡门店")
page_tables.download(
    "下载核查名单",
    lambda: {
        "有水分的场所": labels.labelled(venues, inflation_view.VENUES),
        "各银行": labels.labelled(banks, inflation_view.BANKS),
        "沉睡门店": labels.labelled(asleep, inflation_view.SHOPS),
    },
    f"注水核查_{scope.as_of}",
    session.stamp(scope),
)
frame.stamp(scope)
