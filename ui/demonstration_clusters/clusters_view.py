"""The parts of the page of demonstration clusters: whose they are and what they lack."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from domain import rules
from domain.clusters import GATES, MATURE, STATES
from presentation import labels, palette, venue_listings
from queries import commitments
from queries.scope import Scope, area_name
from ui import frame, page_charts, page_tables, session

CLUSTERS = [
    "cluster_id", "cluster", "owner_names", "state_text", "points_text", "accepting_share",
    "active_share", "held_text", "scenario_kinds", "inspected_text", "lacking_gates",
]  # fmt: skip
OWNERS = ["owner", "owner_kind_text", "declared_count", "mature_count", "floor_text"]
_SHORT = 7  # months that are labelled one by one
_CLICKED = "_cluster_clicked"
SHOPS = ["merchant_id", "name", "address", "operator", "state_label"]


def headline(scope: Scope, rows: pd.DataFrame, owners: pd.DataFrame) -> str:
    """How many are mature, by name and by place, and how many owners have enough."""
    ripe = rows[rows["state"].isin(MATURE)]
    text = (
        f"截至 {scope.as_of}，{area_name(scope)}有 **{len(ripe)}** 个成熟的示范聚集区，"
        f"同一处只算一个是 **{ripe['place'].nunique()}** 个（登记共 {len(rows)} 个）"
    )
    if scope.area_id:
        own = ripe["owners"].fillna("").str.split(";").map(lambda ids: scope.area_id in ids)
        return text + f"，其中{area_name(scope)}自己打造的 **{sum(own)}** 个。"
    if scope.operator_id:
        return text + "。"
    obliged = owners[owners["obliged"]]
    return text + (
        f"；应打造的 {len(obliged)} 个责任单位中，**{obliged['reached_floor'].sum()}** 个达到 "
        f"{rules.count('cluster_floor')} 个，{obliged['reached_stretch'].sum()} 个达到 "
        f"{rules.count('cluster_stretch')} 个。"
    )


def cards(rows: pd.DataFrame) -> None:
    """How many clusters are in each state."""
    about = {
        "declared": "已申报，还没有方案或挂牌。",
        "building": "有方案或已挂牌，受理点、受理率、活跃率还没有都达到。",
        "reached": "受理点、受理率、活跃率都达到。",
        "mature": "各道门槛都过了。",
        "kept": "成熟并又保持了三个月以上。",
        "returned": "达到过又掉下来，或已撤销。",
    }
    with st.grid(6, gap="small", min_column_width=120):
        for state, label in STATES.items():
            count = int((rows["state"] == state).sum())
            st.metric(label, f"{count} 个", border=True, help=about[state])


def chosen(rows: pd.DataFrame, picked: int | None) -> pd.Series | None:
    """The cluster at hand: the row picked in the table, else the one last clicked on the map."""
    if picked is not None:
        st.session_state.pop(_CLICKED, None)
        return rows.iloc[picked]
    clicked = rows[rows["cluster_id"] == st.session_state.get(_CLICKED)]
    return clicked.iloc[0] if len(clicked) else None


def follow(clicked: str | None, picked: int | None) -> None:
    """Go to the cluster that was clicked on the map, unless a row of the table is picked."""
    if clicked and picked is None and st.session_state.get(_CLICKED) != clicked:
        st.session_state[_CLICKED] = clicked
        st.rerun()


def detail(scope: Scope, row: pd.Series) -> None:
    """One cluster: every gate with its figure, its course and its shops by name."""
    st.subheader(f"{frame.plain(row['cluster'])}：{STATES[row['state']]}", anchor=False)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.markdown("**七道门槛**")
        st.table(gates(row), hide_index=True, alt="七道门槛")
        if row["place"] != row["cluster_id"]:
            st.caption(f"与 {frame.plain(row['place'])} 是同一处，全市去重时只算一个。")
    with right:
        history = commitments.cluster_history(scope.snapshot_id, scope.as_of)
        mine = history[history["cluster_id"] == row["cluster_id"]]
        st.markdown("**各月受理率和活跃率**")
        st.plotly_chart(
            course(mine, session.stamp(scope)), config=page_charts.CONFIG, alt="各月走势"
        )
    shops = shops_table(scope, row["cluster_id"])
    title = f"{row['cluster']}的受理点（未验证在前）"
    st.markdown(f"**{frame.plain(title)}**")
    page_tables.show(shops, SHOPS, "聚集区的受理点")
    page_tables.download(
        "下载受理点名单",
        lambda: {"受理点": labels.labelled(shops, SHOPS)},
        f"{row['cluster_id']}_受理点_{scope.as_of}",
        session.stamp(scope),
    )


def shops_table(scope: Scope, cluster_id: str) -> pd.DataFrame:
    """Shops of a cluster, those not verified first."""
    shops = commitments.cluster_shops(scope.snapshot_id, scope.as_of, cluster_id)
    shops = shops[shops["eligible"]]
    return venue_listings.missing(shops).sort_values(["verified", "name"], ignore_index=True)


def gates(row: pd.Series) -> pd.DataFrame:
    """The gates of one cluster: what is asked, what is there, whether it is open."""
    share, held = rules.number("cluster_accepting_share"), rules.count("cluster_held_months")
    active, age = rules.number("cluster_active_share"), rules.count("cluster_inspected_days")
    asked = {
        "planned": ("建设方案或挂牌", _first_day(row)),
        "points_enough": (f"不少于 {row['points_needed']} 个", f"{row['points']} 个"),
        "accepting": (f"{share:.0%} 以上", labels.percent(row["accepting_share"])),
        "lively": (f"{active:.0%} 以上", labels.percent(row["active_share"])),
        "held": (
            f"前三项连续 {held} 个月",
            "现在没有都达到" if row["held_text"] == "—" else f"自 {row['held_text']}",
        ),
        "varied": (
            f"{rules.count('cluster_scenario_kinds')} 种以上或首创",
            f"{row['scenario_kinds']} 种"
            + ("，有首创" if pd.notna(row["is_first"]) and row["is_first"] else ""),
        ),
        "inspected": (f"{age} 天以内", row["inspected_text"]),
    }
    return pd.DataFrame(
        {
            "门槛": [GATES[gate] for gate in GATES],
            "要求": [asked[gate][0] for gate in GATES],
            "现在": [asked[gate][1] for gate in GATES],
            "": ["✓" if row[gate] else "✗" for gate in GATES],
        }
    )


def course(history: pd.DataFrame, stamp: str) -> go.Figure:
    """Accepting and active share of one cluster by month, against what the gates ask."""
    figure = go.Figure()
    lines = (
        ("accepting_share", "受理率", palette.MAIN, "cluster_accepting_share"),
        ("active_share", "活跃率", palette.BASIS_COLOURS["active"], "cluster_active_share"),
    )
    for column, name, colour, rule in lines:
        figure.add_scatter(
            x=history["as_of"],
            y=history[column],
            name=name,
            mode="lines",
            line={"color": colour, "width": 2.5},
            hovertemplate="%{x|%Y-%m-%d} %{y:.1%}",
        )
        figure.add_hline(y=rules.count(rule), line={"color": colour, "dash": "dot", "width": 1.2})
    figure.update_yaxes(tickformat=".0%", range=[0, 1.04])
    figure.update_xaxes(tickformat="%Y-%m", dtick="M1" if len(history) < _SHORT else None)
    return page_charts.framed(figure, stamp, 330)


def same_place(rows: pd.DataFrame) -> pd.DataFrame:
    """Clusters that share a place with another one."""
    twice = rows[rows["place"].duplicated(keep=False)]
    return twice.assign(same_as=twice["place"]).sort_values(
        ["place", "cluster_id"], ignore_index=True
    )


def _first_day(row: pd.Series) -> str:
    known = {"方案": row["planned_on"], "挂牌": row["plaque_on"]}
    said = [f"{name} {day:%Y-%m-%d}" for name, day in known.items() if pd.notna(day)]
    return "、".join(said) or "都没有"
