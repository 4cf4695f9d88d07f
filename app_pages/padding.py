"""注水核查： covered venues that rest on something weak, and shops that signed and sleep."""

import streamlit as st

from reports import labels
from ui import frame, padding_view, session, tables

scope = session.scope()
venues = padding_view.venues(scope)
asleep = padding_view.shops(scope)
banks = padding_view.banks(scope)

st.subheader(padding_view.headline(scope), anchor=False)
padding_view.cards(scope, asleep)
st.caption("这里不改总指标，只指出哪些“达标”靠不住，请主管部门和责任银行核实。")

st.markdown("**有水分的达标场所**")
tables.show(venues, padding_view.VENUES, "有水分的达标场所")
left, right = st.columns([2, 3], gap="medium")
with left:
    st.markdown("**各银行的沉睡门店**")
    tables.show(banks, padding_view.BANKS, "各银行的沉睡门店")
with right:
    st.markdown("**沉睡门店**（签得早的在前）")
    tables.show(asleep, padding_view.SHOPS, "沉睡门店")
tables.download(
    "下载核查名单",
    lambda: {
        "有水分的场所": labels.labelled(venues, padding_view.VENUES),
        "各银行": labels.labelled(banks, padding_view.BANKS),
        "沉睡门店": labels.labelled(asleep, padding_view.SHOPS),
    },
    f"注水核查_{scope.as_of}",
    session.stamp(scope),
)
frame.stamp(scope)
