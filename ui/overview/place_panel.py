"""The right side of the front page at a town and at a venue: its card, its list, what to do."""

import html

import pandas as pd
import streamlit as st

from domain.typed_rows import cells
from presentation import labels, palette
from queries import attainment, shop_records, untold
from queries.scope import Scope, area_name
from ui import menu, page_tables, panel, place_selection
from ui.coverage_map import map_page
from ui.disputes import dispute_link
from ui.overview import venue_card, venue_rows
from ui.place_selection import Place
from ui.record_pages import record_address
from ui.supervision_orders import order_link

MOST = 440  # pixels of the list of shops
ADDRESS = 14  # characters of an address in the list


def town(scope: Scope, place: Place) -> None:
    """A town: how many of its venues are covered, and which."""
    venues = attainment.venues(scope)
    venues = labels.with_names(venues[venues["town_code"] == place.town_code])
    if venues.empty:
        shops = map_page.shops_of(shop_records.shops(scope, town_code=place.town_code))
        none = labels.UNKNOWN if untold.coverage(scope) == "venues" else "无场所"
        st.html(
            f'<div class="hero"><span class="big">{none}</span><div class="told">{place.town}'
            f"{labels.no_venues(None if none == labels.UNKNOWN else 0)}；{_counted(scope, shops)}。"
            "</div></div>"
        )
        _shops(shops, "front_town_shops")
        return
    covered = labels.count(venues["covered_verified"].sum(skipna=False))
    unknown = int((venues["denominator"] == "unknown").sum())
    note = f"，其中 {unknown} 个应覆盖数待核" if unknown else ""
    st.html(
        f'<div class="hero"><span class="big">{covered}/{len(venues)}</span>'
        f'<div class="told">{html.escape(place.town)}有特定区域 <b>{len(venues)}</b> 个，'
        f"达标 <b>{covered}</b> 个{note}。</div></div>"
    )
    _venues(scope, place, venues)


def _counted(scope: Scope, shops: pd.DataFrame) -> str:
    """How many shops a town has, and how many of them are verified."""
    if lack := untold.statements(scope, "merchants"):
        return labels.UNTOLD[lack]
    return f"有受理点 {len(shops):,} 家，其中已验证 {int(shops['verified'].sum()):,} 家"


def _venues(scope: Scope, place: Place, venues: pd.DataFrame) -> None:
    named = labels.listed(venues).sort_values("needed", na_position="first")
    area = area_name(scope)
    venue_rows.show(
        "town_venues",
        f"{place.town}的场所",
        named,
        lambda chosen: place_selection.go_to_venue(area, chosen, place.town),
    )
    others = len(venues) - len(named)
    if others:
        st.caption(f"另有 {others:,} 个不在本单位范围，只计数，不列名。")


def venue(scope: Scope, place: Place) -> None:
    """A venue: its card and its shops, those not verified first."""
    venue_card.show(scope, place.venue_id)
    with st.container(horizontal=True):
        record_address.links([("venue_record", place.venue_id, "全部情况")])
        dispute_link.row([("venue", place.venue_id), ("denominator", place.venue_id)])
        order_link.button("venue", place.venue_id)
    _shops(map_page.shops_of(shop_records.shops(scope, venue_id=place.venue_id)), "front_shops")


def _shops(shops: pd.DataFrame, key: str) -> None:
    """Shops as rows that light up on the map; choosing one opens its page."""
    asked = place_selection.shop_asked_for()
    if asked:
        menu.go("shop_record", shop_id=asked)
    columns = ("merchant_key", "name", "look", "state_label", "operator", "address")
    rows = [
        panel.Row(
            merchant_key,
            merchant_key,
            panel.named(name, dot=palette.SHOP_COLOURS[look]),
            (
                panel.cell(state, "soft"),
                panel.cell(operator, "soft"),
                panel.cell(labels.shortened(address, ADDRESS), "soft", "spare"),
            ),
        )
        for merchant_key, name, look, state, operator, address in cells(
            shops.head(page_tables.LISTED), *columns
        )
    ]
    headings = (
        *map(panel.heading, ("门店", "状态", "运营机构")),
        panel.heading("地址", "spare"),
    )
    panel.show(key, "门店", headings, rows, place_selection.ask_for_shop, most=MOST)
    if len(shops) > page_tables.LISTED:
        st.caption(f"共 {len(shops):,} 家，这里列前 {page_tables.LISTED} 家，未验证的在前。")
