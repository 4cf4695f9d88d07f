"""The right side of the front page for the whole city: the number, the areas, what to decide."""

import html
from dataclasses import replace

import streamlit as st

from domain import pace
from domain.typed_rows import cells
from presentation import (
    dispute_listings,
    front_wording,
    labels,
    legends,
    page_headlines,
    term_meanings,
    venue_listings,
)
from queries import (
    attainment,
    data_quality,
    dispute_standing,
    monthly_figures,
    order_standing,
    untold,
)
from queries.scope import Scope, tiers_text
from ui import menu, panel, place_selection
from ui.overview import decisions

WALLETS = "wallets_personal"


def show(scope: Scope) -> None:
    """Draw the number, the small figures, the ten areas worst first, and what to decide."""
    number(scope)
    _areas(scope)
    decisions.show(scope)
    _attention(scope)
    smalls(scope)


def number(scope: Scope) -> None:
    """The share of covered venues with its distance to the due line and its month's move."""
    city = attainment.city(scope).iloc[0]
    due = pace.due_share(scope.as_of)
    lack = untold.coverage(scope)
    if lack or not city["venues"]:
        said = page_headlines.coverage_untold(lack, city) if lack else page_headlines.NO_VENUES
        st.html(
            '<div class="hero"><span class="big">未知</span><div class="told">'
            f"{html.escape(said)}</div></div>"
        )
        return
    before = attainment.city(replace(scope, as_of=attainment.month_before(scope.as_of))).iloc[0]
    short = pace.still_needed(city["covered_verified"], city["venues"], due)
    distance = f'<span class="short">还差 {short:,} 个</span>' if short else "<b>已达到</b>"
    moved = front_wording.since_last_month(city, before, attainment.changes(scope))
    ceiling = front_wording.ceiling(city)
    lines = [
        f"{term_meanings.marked('特定区域达标')} "
        f"<b>{city['covered_verified']:,.0f} / {city['venues']:,.0f}</b> 个"
        f"（名录{tiers_text(scope)}），"
        f"{term_meanings.marked('应达')} {labels.percent(due)}，{distance}",
        html.escape("；".join(filter(None, (moved, ceiling)))),
    ]
    high = (city["covered_verified"] + city["unknown"]) / city["venues"]
    colour = legends.gap_class(city["share_verified"], due)
    st.html(
        f'<div class="hero"><span class="big">{labels.percent(city["share_verified"])}</span>'
        f'<div class="told">{"<br>".join(lines)}</div></div>'
        + panel.bar(city["share_verified"], high, due, colour)
    )


def smalls(scope: Scope) -> None:
    """One line of other figures: signed, active, without the inflated, wallets, disputes."""
    city = attainment.city(scope).iloc[0]
    facts = [
        ("签约", labels.percent(city["share_contracted"])),
        ("活跃", labels.percent(city["share_active"])),
        ("剔除存疑", _sound(scope)),
        _wallets(scope),
        ("应覆盖数待核", labels.count(city["unknown"], " 个")),
    ]
    disputes = dispute_standing.rows(dispute_standing.now(), scope.as_of)
    text = "".join(
        f"<span>{_name(name)} <b>{html.escape(value)}</b></span>" for name, value in facts
    )
    if len(disputes):
        text += f"<span>{html.escape(dispute_listings.total(disputes))}</span>"
    st.html(f'<div class="smalls">{text}</div>')


def _name(name: str) -> str:
    """What a figure is called, with its meaning where it is a term."""
    return term_meanings.marked(name) if name in term_meanings.meanings() else html.escape(name)


def _sound(scope: Scope) -> str:
    """The share without venues whose coverage is in doubt."""
    rows = data_quality.inflated(scope)
    if untold.coverage(scope) or rows.empty:
        return labels.UNKNOWN
    return labels.percent((rows["covered_verified"].sum() - rows["padded"].sum()) / len(rows))


def _wallets(scope: Scope) -> tuple[str, str]:
    """The last month's personal wallets, in 万: of which month, and how many."""
    months = monthly_figures.indicators(scope)
    own = months[months["indicator_id"] == WALLETS]
    if own.empty:
        return "个人钱包", labels.UNKNOWN
    last = own.iloc[-1]
    return f"{last['month']:%-m} 月末个人钱包", f"{labels.rounded(last['value'] / 10_000, 1)} 万"


def _areas(scope: Scope) -> None:
    """The areas from the worst to the best; choosing one makes the page that of the area."""
    due = pace.due_share(scope.as_of)
    areas = venue_listings.worst_first(scope)
    if worst := front_wording.worst(areas, due):
        st.html(f'<p class="fact worst">{html.escape(worst)}</p>')
    high = (areas["covered"] + areas["unknown"]) / areas["venues"]
    columns = ("area", "area_kind", "share", "delta", "more", "units", "uncounted")
    rows = [
        panel.Row(
            area,
            area,
            panel.named(area, "板块" if kind == "zone" else ""),
            (
                f'<td class="wide spare">'
                f"{panel.bar(share, most, due, legends.gap_class(share, due))}</td>",
                panel.cell(labels.percent(share), "number", "strong"),
                panel.cell(front_wording.below(share, due), "number", "spare"),
                panel.cell(front_wording.points(delta), "number", "soft", "spare"),
                panel.cell(front_wording.owed(more, units, uncounted), "number", "soft"),
            ),
        )
        for (area, kind, share, delta, more, units, uncounted), most in zip(
            cells(areas, *columns), high.fillna(0), strict=True
        )
    ]
    headings = (
        panel.heading("县区、板块"),
        panel.due_heading(due),
        panel.heading("达标率", "number"),
        panel.heading("差几点", "number", "spare"),
        panel.heading("比上月", "number", "spare"),
        panel.heading("各自到线还差（最少补）", "number"),
    )
    panel.show("areas", labels.divisions(), headings, rows, place_selection.go)


def _attention(scope: Scope) -> None:
    """What lapses soon and what is new, and the supervision orders that are overdue."""
    late = order_standing.overdue(scope)
    with st.container(horizontal=True):
        if len(late):
            longest = -int(late["days_left"].iloc[0])
            text = f"督办逾期 {len(late):,} 件，最久的过了 {longest:,} 天"
            menu.link("supervision_orders", text, ":material/assignment_late:")
        nothing = "有没有快到期的未知" if untold.coverage(scope) else "没有快到期的"
        ending = front_wording.ending(scope) or nothing
        menu.link("lapsing", f"{ending}；上次来以后的新情况", ":material/schedule:")
