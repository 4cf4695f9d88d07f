"""The right side of the front page at a town and at a venue: its card, its list, what to do."""

import html

import pandas as pd
import streamlit as st

from domain.typed_rows import cells
from presentation import labels, palette
from queries import attainment, shop_records
from queries.scope import Scope, area_name
from ui import menu, page_tables, panel, place_selection
from ui.coverage_map import map_page
from ui.disputes import dispute_link
from ui.overview import venue_card
from ui.place_selection import Place

SHOP_COLUMNS = ["name", "state_label", "operator", "address", "merchant_id"]


def town(scope: Scope, place: Place) -> None:
    """A town: how many of its venues are covered, and which."""
    venues = attainment.venues(scope)
    venues = labels.with_names(venues[venues["town_code"] == place.town_code])
    if venues.empty:
        shops = map_page.shops_of(shop_records.shops(scope, town_code=place.town_code))
        st.html(
            f'<div class="hero"><span class="big">无场所</span><div class="told">{place.town}'
            f"名录里没有特定区域；有受理点 {len(shops):,} 家，"
            f"其中已验证 {int(shops['verified'].sum()):,} 家。</div></div>"
        )
        page_tables.show(shops, SHOP_COLUMNS, "受理点", rows=12)
        return
    told = venues["covered_verified"].notna().all()
    covered = labels.count(venues["covered_verified"].sum() if told else None)
    unknown = int((venues["denominator"] == "unknown").sum())
    note = f"，其中 {unknown} 个分母未知" if unknown else ""
    st.html(
        f'<div class="hero"><span class="big">{covered}/{len(venues)}</span>'
        f'<div class="told">{html.escape(place.town)}有特定区域 <b>{len(venues)}</b> 个，'
        f"达标 <b>{covered}</b> 个{note}。</div></div>"
    )
    _venues(scope, place, venues)


def _venues(scope: Scope, place: Place, venues: pd.DataFrame) -> None:
    named = labels.listed(venues).sort_values("needed", na_position="first")
    columns = ("venue_id", "name", "kind", "verified", "eligible", "needed", "operator", "status")
    rows = [
        panel.Row(
            f"{name}({code})",
            f"{name}({code})",
            panel.named(name, dot=palette.VENUE_COLOURS[status]),
            (
                panel.cell(kind, "soft", "spare"),
                panel.cell(f"{labels.count(verified)} / {labels.count(eligible)}", "number"),
                panel.cell(venue_card.owing(needed), "number", "strong"),
                panel.cell(operator, "soft"),
            ),
        )
        for code, name, kind, verified, eligible, needed, operator, status in cells(named, *columns)
    ]
    area = area_name(scope)
    panel.show(
        "town_venues",
        f"{place.town}的场所",
        ("场所", "类别", "已验证/应覆盖", "还差", "责任银行"),
        rows,
        lambda chosen: place_selection.go_to_venue(area, chosen, place.town),
    )
    others = len(venues) - len(named)
    if others:
        st.caption(f"另有 {others:,} 个不在本单位范围，只计数，不列名。")


def venue(scope: Scope, place: Place) -> None:
    """A venue: its card and its shops, those not verified first."""
    venue_card.show(scope, place.venue_id)
    with st.container(horizontal=True):
        dispute_link.row([("venue", place.venue_id), ("denominator", place.venue_id)])
        menu.link("gap_list", "缺口清单", ":material/checklist:")
    shops = map_page.shops_of(shop_records.shops(scope, venue_id=place.venue_id))
    page_tables.show(shops, SHOP_COLUMNS, "门店", rows=9)
