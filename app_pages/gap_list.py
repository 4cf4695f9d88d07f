"""缺口清单： which venues are short, which shops by name, and how few signings close the gap."""

import streamlit as st

from domain import gaps
from ui import answers, charts, facts, frame, session, tables

scope = session.scope()
plan = tables.with_names(answers.plan(scope)).rename(columns={"name": "venue"})
missing = facts.missing_table(answers.missing(scope))
links = facts.links_table(answers.missing_links(scope))
unknown = facts.unknown_venues(answers.venues(scope))

st.subheader(facts.gap_headline(scope, plan, unknown), anchor=False)
if plan.empty:
    st.success("选定范围内没有分母已知而未达标的场所。", icon=":material/task_alt:")
else:
    most = int(plan["signings"].iloc[-1])
    left, right = st.columns([2, 3], gap="medium")
    with left:
        signings = st.slider("如果再补多少家", 0, most, min(50, most), key="signings")
        st.metric("能多达标的区域", f"{gaps.within(plan, signings)} 个", border=True)
        st.caption(
            "按每个场所还差的家数从少到多安排，同样的家数能让最多的场所达标。"
            "“补”包括签约、开通和巡检验证，清单里逐家写明。"
        )
    with right:
        st.plotly_chart(
            charts.plan(plan, signings, session.stamp(scope)),
            config=charts.CONFIG,
            alt="补足家数与新增达标区域",
        )

st.markdown("**未达标的场所**(点一行，只看它的名单)")
venue_columns = [
    "venue_id", "venue", "kind", "county", "zone", "operator", "eligible", "verified", "needed",
    "named_missing", "unnamed_missing", "signings", "venues_closed", "grade",
]  # fmt: skip
chosen = tables.pick(plan, venue_columns, "未达标的场所", "gap_venues")
shop_columns = [
    "venue", "name", "action", "state_label", "operator", "address", "merchant_id", "cash_point",
]  # fmt: skip
names = missing
if chosen is not None:
    names = missing[missing["venue_id"] == plan["venue_id"].iloc[chosen]]
    st.markdown(f"**{plan['venue'].iloc[chosen]}:还没有验证的门店**")
else:
    st.markdown("**还没有验证的门店**(公共收银点在前)")
tables.show(names, shop_columns, "还没有验证的门店")

link_columns = ["venue", "kind", "link", "recorded_label", "county", "zone", "operator"]
st.markdown("**机构、线路和线上平台缺的环节**")
tables.show(links, link_columns, "机构、线路和线上平台缺的环节", rows=8)

st.markdown("**欠账最多的运营机构**")
tables.show(facts.owed_by_operator(missing), ["operator", "owed"], "欠账最多的运营机构", rows=6)
if not unknown.empty:
    st.markdown("**分母未知的场所**(先核定应覆盖商户数)")
    tables.show(
        unknown, ["venue_id", "venue", "kind", "county", "zone", "operator"], "分母未知的场所"
    )
tables.download(
    "下载缺口清单",
    lambda: {
        "未达标的场所": tables.labelled(plan, venue_columns),
        "要补的门店": tables.labelled(missing, shop_columns),
        "缺的环节": tables.labelled(links, link_columns),
        "分母未知": tables.labelled(unknown, ["venue_id", "venue", "kind", "county", "zone"]),
    },
    f"缺口清单_{facts.area_name(scope)}_{scope.as_of}",
    session.stamp(scope),
)
frame.stamp(scope)
