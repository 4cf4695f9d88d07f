"""Parts of 特定区域名录: filters, cards by tier, the card of a venue, the special cases."""

import pandas as pd
import streamlit as st

from domain import reference
from presentation import labels, register_listings
from presentation.labels import plain
from queries import shop_records, untold
from queries.scope import BASES, Scope, areas_by_name
from ui import menu, page_tables
from ui.disputes import dispute_link
from ui.record_pages import record_address
from ui.venue_register import register_map

ANY = "不限"
COVERED = {True: "（达标）"}
LIST = "名录"
_COUNTS = {"名册数": "declared", "名单数": "listed"}
KIND_COLUMNS = [
    "tier", "kind", "venues", "covered_contracted", "covered", "covered_active", "share", "unknown",
    "drawn",
]  # fmt: skip
SHOP_COLUMNS = ["merchant_id", "name", "operator", "state_label", "joined_label", "address"]


def filters(entries: pd.DataFrame) -> pd.DataFrame:
    """The entries of the register that the chosen tier, kind and status leave."""
    offered = {
        "tier": ("层级", "register_tier", sorted(entries["tier"].dropna().unique())),
        "kind": ("类别", "register_kind", list(entries["kind"].dropna().unique())),
        "status_label": ("达标情况", "register_status", list(labels.STATUS_LABELS.values())),
        "outline_label": ("轮廓", "register_outline", ["有", "没有"]),
    }
    columns = st.columns(len(offered))
    for column, (name, (label, key, options)) in zip(columns, offered.items(), strict=True):
        chosen = column.selectbox(label, [ANY, *options], key=key, bind="query-params")
        if chosen != ANY:
            entries = entries[entries[name] == chosen]
    return entries.reset_index(drop=True)


def link_to_unknown(row: pd.Series) -> None:
    """A button that opens the register at the venues of unknown denominator around one of them."""
    area = row["zone"] if pd.notna(row["zone_id"]) else row["county"]
    chosen = {"area": area} if area in areas_by_name() else {}
    pressed = st.button(
        f"到特定区域名录看{area}应覆盖数待核的场所",
        icon=":material/list_alt:",
        on_click=lambda: st.session_state.update(
            chosen, register_part=LIST, register_status=labels.STATUS_LABELS["unknown"]
        ),
    )
    if pressed:
        menu.go("venue_register")


def venue(scope: Scope, row: pd.Series) -> None:
    """The card of one venue, its map and its shops."""
    shops = shop_records.shops(scope, venue_id=row["venue_id"])
    named = register_listings.shops(shops)
    st.subheader(plain(row["venue"]), anchor=False)
    with st.grid(2, gap="medium", min_column_width=340):  # one below the other on a tablet
        left, right = st.container(), st.container()
    with left:
        st.table(card(row), border="horizontal")
        record_address.links([("venue_record", row["venue_id"], "打开这个场所")])
        dispute_link.row((kind, row["venue_id"]) for kind in ("venue", "denominator"))
    with right:
        register_map.venue(row, shops, scope, {"门店": (named, SHOP_COLUMNS)})
    picked = page_tables.pick(named, SHOP_COLUMNS, "这个场所的门店", "register_shops", rows=8)
    if picked is not None:
        key = str(named["merchant_key"].iloc[picked])
        record_address.links([("shop_record", key, "打开这家门店")])
        dispute_link.row([("shop", key)])


def card(row: pd.Series) -> dict[str, str]:
    """The register's entry of a venue, as a description list."""
    counts = {name: labels.count(row[column]) for name, column in _COUNTS.items()}
    used = f"采用数 {labels.count(row['adopted'])}（{row['grade'] or '—'} 级）"
    if row["carrier"] == "区域型":
        used = "，".join(f"{name} {count}" for name, count in counts.items()) + f"，{used}"
    bases = "，".join(
        f"{label} {labels.count(row[basis])}{COVERED.get(row[f'covered_{basis}'], '')}"
        for basis, label in BASES.items()
    )
    card = {
        "编号": row["venue_id"],
        "层级、类别": f"{row['tier']} {row['kind']}（{row['carrier']}）",
        "位置": f"{row['county']}，功能板块：{row['zone']}",
        "主管部门": row["department"],
        "责任银行": row["operator"],
        "应覆盖": used,
        "分母": row["denominator_note"] or f"{row['eligible_source']}，{row['eligible_on']}",
        "三种口径": bases,
        "达标情况": row["status_label"],
        "轮廓": row["outline_label"],
    }
    return {name: plain(str(text)) for name, text in card.items()}


def cases(scope: Scope, entries: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Each special case: how it is handled, and the list of those concerned."""
    found = register_listings.cases(scope, entries)
    for title, rows in found.items():
        columns, answer = register_listings.CASES[title]
        lack = labels.UNTOLD[register_listings.untold_of(scope, title)]
        st.markdown(f"**{title}**（{labels.UNKNOWN if lack else f'{len(rows):,}'}）")
        st.caption(answer)
        page_tables.show(rows, columns, title, rows=6, lack=lack)
    return found


def tier_cards(scope: Scope, entries: pd.DataFrame) -> None:
    """A card for each tier with its venues and how many of them are covered."""
    listed = untold.coverage(scope) != "venues"
    kinds = reference.table("venue_kinds")
    with st.grid(4, gap="small", min_column_width=150):
        for tier in ("A1", "A2", "B", "C"):
            venues = entries[entries["tier"] == tier]
            covered = venues["covered_verified"].sum(skipna=False)
            st.metric(
                f"{tier} 类",
                labels.count(len(venues) if listed else None, " 个"),
                delta=f"达标 {labels.count(covered if listed else None, ' 个')}",
                delta_color="off",
                delta_arrow="off",
                border=True,
                help="已验证口径。" + "、".join(kinds.loc[kinds["tier"] == tier, "kind"]),
            )
