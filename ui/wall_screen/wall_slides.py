"""What stands on the wall, as HTML: a slide a question, in type that is read from afar."""

import base64
import html
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from domain import pace
from domain.city import CITY
from domain.clusters import STATES
from domain.typed_rows import cells
from presentation import (
    front_wording,
    labels,
    legends,
    map_layers,
    page_headlines,
    palette,
    progress_listings,
    scope_charts,
    venue_listings,
)
from queries import attainment, commitments, untold
from queries.engine import remembered
from queries.scope import BASES, DEMO, Scope, area_name
from reports.figures import chart_sheets, figure_files, map_figures
from reports.figures.paper import Blank, Shape
from ui import panel

MAP = Shape(190, 152, False, 11.5, 8, 0, 1, 48)  # type is legible from afar
COURSE = Shape(190, 150, False, 13, 8, 0, 1, 48)
LAGGARDS, NAMED, LISTED = 5, 6, 10


def wall(scope: Scope, stamp: str) -> str:
    """All slides of a scope, with its title, day and stamp around them."""
    where = area_name(scope) if scope.area_id else CITY.name
    mark = f"<b class='mark'>{DEMO}</b>" if stamp.startswith(f"【{DEMO}】") else ""
    slides = [_now(scope), _rows(scope), _month(scope), _aims(scope)]
    shown = "".join(
        f'<section class="slide" style="--turn:{number}">{slide}</section>'
        for number, slide in enumerate(slides)
    )
    return (
        f'<div class="wall"><div class="stage"><header><h1>{html.escape(where)}'
        f"数字人民币场景覆盖</h1>{mark}<span>{BASES['verified']}口径 · 截至 {scope.as_of}</span>"
        f"</header>{shown}<footer>{html.escape(stamp)}</footer></div></div>"
    )


def _now(scope: Scope) -> str:
    """The map with its numbers, three numbers, who is furthest behind, the month's moves."""
    city, due = attainment.city(scope).iloc[0], pace.due_share(scope.as_of)
    known = not untold.coverage(scope) and city["venues"]
    lag = (due - city["share_verified"]) * 100 if known else None
    distance = "未知" if lag is None else f"落后 {lag:.1f} 点" if lag > 0 else "已达到"
    short = (
        f"{pace.still_needed(city['covered_verified'], city['venues'], due):,} 个"
        if known
        else labels.UNKNOWN
    )
    numbers = (
        ("达标率", labels.percent(city["share_verified"]), distance),
        ("应达", labels.percent(due), "今天应到的位置"),
        ("还差", short, f"共 {labels.count(city['venues'])} 个场所"),
    )
    tiles = "".join(
        f"<li><span>{name}</span><strong>{value}</strong><em>{html.escape(about)}</em></li>"
        for name, value, about in numbers
    )
    moved = _unmoved(scope) or "".join(
        f"<p>{html.escape(_moved(*move))}</p>" for move in _moves(scope).items()
    )
    if scope.area_id:
        listed = f"<h2>差得最少的场所</h2>{_short(scope, LAGGARDS)}"
    else:
        worst = venue_listings.worst_first(scope).head(LAGGARDS)
        listed = f"<h2>离应达线最远</h2>{_bars(worst, due)}"
    return (
        f'<div class="left">{_picture("地图", _map(scope))}</div>'
        f'<div class="right"><ul class="tiles">{tiles}</ul>{listed}'
        f"<h2>近一个月</h2>{moved}</div>"
    )


def _unmoved(scope: Scope) -> str:
    """That it is unknown which venues moved in the month, and why; '' where it is known."""
    lack = front_wording.unmoved(scope)
    return f"<p>未知：{html.escape(lack)}。</p>" if lack else ""


def _moved(title: str, rows: pd.DataFrame) -> str:
    """How many venues moved so, and the first of them by name."""
    names = labels.listed(rows)["venue"]
    return f"{title} {len(rows):,} 个" + (f"：{labels.named(names, 2)}" if len(names) else "")


def _picture(about: str, svg: bytes) -> str:
    source = base64.b64encode(svg).decode()
    return f'<img alt="{html.escape(about)}" src="data:image/svg+xml;base64,{source}">'


@remembered
def _course(scope: Scope) -> bytes:
    """The course of the scope's share as SVG; nothing where it is unknown."""
    chart = scope_charts.trend(scope)
    if chart.frame.empty:
        return b""
    return figure_files.svg(chart_sheets.sheet(Blank(COURSE, "", ""), chart))


@remembered
def _map(scope: Scope) -> bytes:
    """The map of the scope as SVG."""
    drawing = map_layers.areas(scope, "verified", map_layers.of_day(scope))
    under = map_figures.ground_of(scope.area_id)
    return figure_files.svg(map_figures.layer(Blank(MAP, "", ""), drawing, under))


def _bars(areas: pd.DataFrame, due: float) -> str:
    high = ((areas["covered"] + areas["unknown"]) / areas["venues"]).fillna(0)
    columns = ("area", "share", "delta", "more", "units", "uncounted")
    lines = [
        (
            html.escape(area),
            panel.bar(share, most, due, legends.gap_class(share, due)),
            f"<b>{labels.percent(share)}</b>",
            front_wording.points(delta),
            ("差 " if more > 0 else "") + front_wording.owed(more, units, uncounted),
        )
        for (area, share, delta, more, units, uncounted), most in zip(
            cells(areas, *columns), high, strict=True
        )
    ]
    return _table("bars", lines)


def _short(scope: Scope, most: int) -> str:
    """Venues of an area that are short, those that take the fewest signings first."""
    plan = labels.listed(labels.with_names(attainment.plan(scope))).head(most)
    columns = ("name", "kind", "verified", "eligible", "needed", "operator")
    lines = [
        (
            html.escape(name),
            html.escape(kind),
            f"{labels.count(verified)} / {labels.count(eligible)}",
            f"<b>差 {labels.count(needed, ' 家')}</b>",
            html.escape(bank),
        )
        for name, kind, verified, eligible, needed, bank in cells(plan, *columns)
    ]
    return _table("venues", lines) or f"<p>{_none_short(scope)}。</p>"


def _none_short(scope: Scope) -> str:
    """Why no venue that is short is listed."""
    lack = untold.coverage(scope)
    return f"未知：{labels.UNTOLD[lack]}" if lack else "没有可以列名的场所"


def _table(kind: str, lines: Iterable[tuple[str, ...]]) -> str:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in lines)
    return f'<table class="{kind}">{rows}</table>' if rows else ""


def _rows(scope: Scope) -> str:
    """Every county and zone; of an area its venues that are short."""
    if scope.area_id:
        return f"<h2>还差的场所，差得最少的在前</h2>{_short(scope, LISTED)}"
    due = pace.due_share(scope.as_of)
    heading = f"<h2>{labels.divisions()}，离应达线 {labels.percent(due)} 最远的在前</h2>"
    return heading + _bars(venue_listings.worst_first(scope), due)


def _moves(scope: Scope) -> dict[str, pd.DataFrame]:
    """Venues that came in and that fell out in the month."""
    changes = venue_listings.changes(attainment.changes(scope))
    return {title: changes[changes["change"] == title] for title in ("新达标", "退出达标")}


def _month(scope: Scope) -> str:
    """The month's moves by name, and the course up to it."""
    columns = _unmoved(scope) or "".join(
        f"<h3>{title} {len(rows):,} 个</h3>{_named(rows)}" for title, rows in _moves(scope).items()
    )
    course = _picture("各月达标率与应达线", drawn) if (drawn := _course(scope)) else ""
    return (
        f'<div class="month"><div><h2>近一个月的变化</h2>{columns}</div>'
        f"<div><h2>各月达标率与应达线</h2>{course}</div></div>"
    )


def _named(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "<p>没有。</p>"
    shown = labels.listed(rows).head(NAMED)
    names = "".join(
        f"<li>{html.escape(venue)}<em>{html.escape(f'{kind}，{county}')}</em></li>"
        for venue, kind, county in cells(shown, "venue", "kind", "county")
    )
    rest = len(rows) - len(shown)
    return f"<ul>{names}</ul>" + (f"<p>另有 {rest:,} 个。</p>" if rest else "")


def _aims(scope: Scope) -> str:
    """The clusters by state, and where the notice's targets stand."""
    rows = progress_listings.clusters(scope)
    owners = progress_listings.cluster_owners(scope)
    said = page_headlines.demonstration_clusters(scope, rows, owners)
    counts = rows["state"].value_counts()
    told = not untold.statements(scope, "clusters")
    states = "".join(
        f'<li><i style="background:{palette.CLUSTER_COLOURS[state]}"></i>{label}'
        f"<b>{labels.count(counts.get(state, 0) if told else None)}</b></li>"
        for state, label in STATES.items()
    )
    whole = replace(scope, area_id="", field_id="", operator_id="")
    standings = commitments.standings(whole)
    targets = _table(
        "targets",
        [
            (number, html.escape(text), html.escape(status))
            for number, text, status in cells(
                progress_listings.targets(whole), "target_id", "target_text", "status_text"
            )
        ],
    )
    heading = labels.unmarked(page_headlines.target_progress(whole, standings))
    return (
        f'<div class="aims"><div><h2>示范聚集区</h2><p>{html.escape(labels.unmarked(said))}</p>'
        f'<ul class="states">{states}</ul></div>'
        f"<div><h2>通知的目标</h2><p>{html.escape(heading)}</p>{targets}</div></div>"
    )
