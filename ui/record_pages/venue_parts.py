"""Parts of the page of a venue, from its state to its history."""

import pandas as pd
import streamlit as st

from presentation import labels, record_cards, record_timelines, register_listings, venue_listings
from presentation.labels import plain
from queries import attainment, record_history, shop_records, untold
from queries.scope import Scope, areas_by_name
from ui import menu, page_tables, place_selection, session
from ui.disputes import dispute_link
from ui.page_downloads import Sheets
from ui.record_pages import record_address, record_parts
from ui.venue_register import register_map, register_view

_MONTHS = ["month_end", "status_label", "eligible", "contracted", "verified", "active"]
_COUNTS = ["eligible_on", "declared", "grade", "eligible_source", "source_file"]
_SHOPS = ["name", "operator", "state_label", "merchant_id", "address", "joined_label"]
_BANKS = ["operator", "eligible", "contracted", "verified", "active"]


def head(versions: pd.DataFrame) -> None:
    """The name of the venue as it is now, its kind, and the trail of places above it."""
    (row,) = labels.with_names(versions.iloc[[-1]]).to_dict("records")
    name = str(row["name"] or row["venue_id"])
    record_address.trail(row, name)
    st.header(plain(name), anchor=False)
    st.caption(plain(f"{row['tier'] or ''} {row['kind'] or ''}　编号 {row['venue_id']}"))


def standing(scope: Scope, venue_id: str) -> None:
    """How the venue stands on the day, its card and map, and what can be done about it."""
    entries = venue_listings.register(scope)
    found = entries[entries["venue_id"] == venue_id]
    if found.empty:
        st.info(f"{scope.as_of} 这一天，它不在名录里。")
        return
    row = found.iloc[0]
    st.markdown(f"**{plain(record_cards.venue_sentence(row.to_dict()))}**")
    if required := record_cards.requirement(row):
        st.caption(required)
    with st.grid(2, gap="medium", min_column_width=340):  # one below the other on a tablet
        left, right = st.container(), st.container()
    with left:
        st.table(register_view.card(row), border="horizontal")
        _links(row)
        dispute_link.row((kind, venue_id) for kind in ("venue", "denominator"))
    with right:
        found = labels.listed(shop_records.shops(scope, venue_id=venue_id))
        register_map.venue(row, found, scope, {"门店": (register_listings.shops(found), _SHOPS)})
    lacking = attainment.missing_links(scope)
    lacking = venue_listings.links(lacking[lacking["venue_id"] == venue_id])
    if not lacking.empty:
        page_tables.show(lacking, ["link", "recorded_label"], "缺的环节", rows=8)


def _links(row: pd.Series) -> None:
    """Buttons that open the gap list of the venue's area, and the map at the venue."""
    sight = session.visitor().sight
    area = row["zone"] if pd.notna(row["zone_id"]) else row["county"]
    mine = sight.role != "county" or areas_by_name().get(area) == sight.unit
    chosen = {"area": area} if area in areas_by_name() and mine else {}
    at = {"town": place_selection.ANY, "venue": f"{row['name']}({row['venue_id']})"}
    with st.container(horizontal=True):
        for stem, label, icon, more in (
            ("gap_list", "缺口清单", ":material/list_alt:", {}),
            ("overview", "地图", ":material/map:", at if chosen else {}),
        ):
            pressed = st.button(
                label,
                key=f"to-{stem}",
                icon=icon,
                on_click=st.session_state.update,
                args=(chosen | more,),
            )
            if pressed:
                menu.go(stem)


def shops(scope: Scope, venue_id: str) -> Sheets:
    """The venue's shops by bank, and each of them, those not verified first; tables to print."""
    every = shop_records.shops(scope, venue_id=venue_id)
    if every.empty:
        st.subheader("门店", anchor=False)
        lack = labels.UNTOLD[untold.statements(scope, "merchants")]
        st.caption(f"{lack}，有哪些门店未知。" if lack else "名单上没有这个场所的门店。")
        return {}
    st.subheader(f"门店（{len(every):,} 条记录）", anchor=False)
    counts = labels.with_names(every).groupby("operator", as_index=False)
    banks = counts[["eligible", "contracted", "verified", "active"]].sum()
    banks = labels.few(banks, scope.sight, "eligible", "contracted", "verified", "active")
    page_tables.show(banks, _BANKS, "各银行的门店", rows=12, null=labels.FEW)
    named = register_listings.shops(every).sort_values(
        ["verified", "public_cash_point", "name"], ascending=[True, False, True], ignore_index=True
    )
    picked = page_tables.pick(named, _SHOPS, "这个场所的门店（点一行）", "venue_shops", rows=10)
    if picked is not None:
        key = str(named["merchant_key"].iloc[picked])
        record_address.links([("shop_record", key, "打开这家门店")])
        dispute_link.row([("shop", key)])
    return {"门店": (named, _SHOPS)}


def denominators(scope: Scope, venue_id: str) -> Sheets:
    """The denominators that were stated, and the venue at every month end; tables to print."""
    st.subheader("分母和各月末", anchor=False)
    stated = record_history.denominators(scope, venue_id)
    stated = stated.rename(
        columns={
            "stated_on": "eligible_on", "eligible_count": "declared", "eligible_grade": "grade"
        }
    )  # fmt: skip
    stated = stated.assign(eligible_on=pd.to_datetime(stated["eligible_on"]).dt.date)
    page_tables.show(stated, _COUNTS, "名册数", rows=8)
    months = record_history.months(scope, venue_id)
    months = months.assign(
        month_end=months["as_of"].astype(str),
        status_label=months["status"].map(labels.STATUS_LABELS),
    )[::-1]
    with st.expander("各月末的情况"):
        page_tables.show(months, _MONTHS, "各月末的情况", rows=12)
    return {"名册数": (stated, _COUNTS), "各月末的情况": (months, _MONTHS)}


def history(scope: Scope, venue_id: str) -> Sheets:
    """What happened to the venue, the clusters that it is in, and disputes; tables to print."""
    disputes = record_history.disputes(scope, "venues", venue_id, session.visitor())
    record_parts.clusters(scope, "venues", venue_id)
    told = record_parts.told(scope.snapshot_id, "venues", venue_id)
    sheets = record_parts.history(record_timelines.venue(scope, venue_id, told, disputes))
    record_parts.disputes(disputes)
    return sheets
