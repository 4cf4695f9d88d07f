"""What stands on the slides below their messages: cards, maps, charts, tables and sentences."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
from pptx.slide import Slide

from domain import reference
from domain.clusters import MATURE
from domain.targets import STATUS
from domain.typed_rows import cells
from presentation import (
    brief_steps,
    brief_wording,
    labels,
    plan_wording,
    progress_listings,
    province_listings,
    requests,
    scope_charts,
    slide_messages,
    wording,
)
from presentation.brief_facts import PAYMENTS
from presentation.palette import FAINT, MAIN
from presentation.statements import statements
from queries import attainment, plans
from queries.scope import BASES, Scope, area_name
from reports import document_codes
from reports.documents import brief_tables, slide_charts, slide_parts, slide_tables
from reports.documents.data_workbook import CODE
from reports.documents.slide_parts import BODY, FOOT, INSIDE, MARGIN, Box, Look
from reports.documents.slide_tables import Grid
from reports.figures.figure_catalogue import Pictures

_VENUES_SHOWN = 10
_GAPS = ("序号", "还差最少的场所", "类别", "县区、板块", "负责机构", "还差", "累计补", "累计达标")
_WHO_WHEN = ("责任单位", "完成时限")
_TEXT = Look(20, 11)
_SMALL = Look(16, 10)
_HIGH = FOOT - BODY - 0.1  # inches between title and foot
_LATE = {STATUS[one] for one in ("missed", "lost", "behind")}
_BODY = Box(MARGIN, BODY, INSIDE, _HIGH)


@dataclass(frozen=True)
class Report:
    """What all slides share."""

    scope: Scope
    pictures: Pictures


def overall(report: Report, new: Slide) -> None:
    """The shares in three bases beside the due line, and the conclusions of the brief."""
    say, city = statements(report.scope), attainment.city(report.scope).iloc[0]
    lines = brief_wording.conclusions(report.scope)
    if not lines:
        slide_parts.write(new, _BODY, [slide_messages.missing(report.scope)], _TEXT)
        return
    keys = {"verified": "share"}
    cards = [
        (
            f"达标率（{label}）",
            say[keys.get(basis, f"share_{basis}")].text,
            f"{labels.count(city[f'covered_{basis}'])} / {city['venues']:,} 个场所",
        )
        for basis, label in BASES.items()
    ]
    cards.append(("应达线", say["due"].text, f"到应达线还差{say['to_due']}场所"))
    wide = (INSIDE - 0.25 * (len(cards) - 1)) / len(cards)
    for place, (label, number, below) in enumerate(cards):
        left = MARGIN + place * (wide + 0.25)
        slide_parts.card(new, Box(left, BODY, wide, 2.1), label, number, below)
    rest = Box(MARGIN, BODY + 2.4, INSIDE, _HIGH - 2.4)
    slide_parts.write(new, rest, _bullets(lines), _TEXT)


def _bullets(lines: Sequence[str]) -> list[str]:
    return [f"• {line}" for line in lines]


def places(report: Report, new: Slide) -> None:
    """The map of the city's areas beside their shares; of an area, of its venues by status."""
    png = report.pictures.png("map_areas", "inset")
    box = Box(MARGIN + 8.1, BODY, INSIDE - 8.1, _HIGH)
    if report.scope.area_id:
        statuses = attainment.venues(report.scope)["status"].value_counts()
        rows: list[tuple[str, ...]] = [
            (label, f"{statuses[status]:,}")
            for status, label in labels.STATUS_LABELS.items()
            if status in statuses
        ]
        grid = Grid("各种状态的场所个数", ("状态", "场所（个）"), rows, (3, 2), 16)
        about = f"{area_name(report.scope)}地图：各场所按状态着色，"
    else:
        areas = attainment.areas(report.scope)
        areas = areas[areas["share_verified"].notna()].sort_values("share_verified")
        columns = ("area", "covered_verified", "venues", "share_verified")
        rows = [
            (area, f"{covered:,} / {venues:,}", labels.percent(share))
            for area, covered, venues, share in cells(areas, *columns)
        ]
        headings = ("县区、板块", "达标", "达标率")
        grid = Grid("县区和板块的达标率，由低到高", headings, rows, (5, 3, 3))
        about = "县区与板块达标率地图，由低到高："
    about += "、".join(f"{row[0]}{row[-1]}" for row in rows)
    slide_parts.picture(new, png, Box(MARGIN, BODY, 7.9, _HIGH), about)
    slide_tables.table(new, box, grid)


def ranking(report: Report, new: Slide) -> None:
    """Both boards; of an area, its own."""
    whole = replace(report.scope, area_id="")
    every = [scope_charts.board(whole, kind) for kind in scope_charts.BOARDS]
    boards = [
        chart
        for chart in every
        if len(chart.frame) and report.scope.area_id in {"", *chart.frame["area_id"]}
    ]
    room = INSIDE - 0.3 * (len(boards) - 1)
    left, bars = MARGIN, sum(len(chart.frame) for chart in boards)
    for chart in boards:
        wide = room * len(chart.frame) / bars
        slide_charts.board(new, Box(left, BODY, wide, _HIGH - 0.9), chart)
        left += wide + 0.3
    low = FOOT - 0.95
    slide_parts.key(new, Box(MARGIN, low, INSIDE, 0.3), slide_charts.key(boards))
    if not report.scope.area_id:
        told = [f"{brief_wording.standing(report.scope)}。"]
        slide_parts.write(new, Box(MARGIN, low + 0.35, INSIDE, 0.6), told, Look(14, 9))


def trend(report: Report, new: Slide) -> None:
    """The course of the three bases, and what changed this month."""
    chart = scope_charts.trend(report.scope)
    slide_charts.trend(new, replace(_BODY, height=_HIGH - 0.6), chart)
    turns = brief_wording.turns(report.scope)
    lines = [turns and f"本月{turns}。", *chart.notes]
    box = Box(MARGIN, FOOT - 0.6, INSIDE, 0.55)
    slide_parts.write(new, box, ["".join(filter(None, lines))], Look(14, 9))


def gaps(report: Report, new: Slide) -> None:
    """The venues that need the fewest, in the order of the plan."""
    plan = brief_tables.plan(report.scope)
    lines = brief_wording.gaps(report.scope, {})
    if plan.empty:
        parts = [part.text for part in brief_wording.problems(report.scope, {})[:1]]
        slide_parts.write(new, _BODY, parts, _TEXT)
        return
    half = int(statements(report.scope)["half_units"].value)
    effect = plans.effect(plans.outlook(report.scope), half)
    text = "".join([*lines, plan_wording.comparison(effect).replace(" ", "")])
    slide_parts.write(new, replace(_BODY, height=0.75), [text], replace(_SMALL, middle=True))
    columns = ("name", "kind", "area", "operator", "needed", "signings", "venues_closed")
    rows = [
        (str(place), *texts, f"{needed:,}", f"{signings:,}", f"{closed:,}")
        for place, (*texts, needed, signings, closed) in enumerate(
            cells(plan.head(_VENUES_SHOWN), *columns), start=1
        )
    ]
    about = f"还差最少的{len(rows)}个场所，依次补齐累计要补多少、累计达标多少"
    box = Box(MARGIN, BODY + 0.9, INSIDE, _HIGH - 0.9)
    slide_tables.table(new, box, Grid(about, _GAPS, rows, (2.2, 10, 4, 4.4, 5, 2.6, 3.2, 4)))


def clusters(report: Report, new: Slide) -> None:
    """Who owes mature clusters; of an area, its own clusters."""
    if not report.scope.area_id:
        owners = progress_listings.cluster_owners(report.scope)
        short = owners[owners["obliged"] & ~owners["reached_floor"]]
        columns = ("owner", "owner_kind_text", "declared_count", "mature_count", "floor_text")
        headings = ("未到下限的责任单位", "类别", "登记", "成熟", "到下限")
        grid = Grid("未到下限的责任单位", headings, _texts(short, columns), (8, 5, 3, 3, 4))
        _table_and_rest(new, grid, wording.clusters(report.scope), "示范聚集区")
        return
    own = labels.listed(slide_messages.clusters_of(report.scope))
    columns = ("cluster", "owner_names", "state_text", "points_text", "lacking_gates")
    headings = ("示范聚集区", "责任单位", "状态", "受理点", "还差的门槛")
    grid = Grid("本地的示范聚集区", headings, _texts(own, columns), (8, 5, 2.5, 3, 8), lines=2)
    ripe = int(own["state"].isin(MATURE).sum())
    told = f"由本地负责或位于本地的示范聚集区{len(own)}个，其中成熟（含保持）{ripe}个。"
    _table_and_rest(new, grid, [told], "示范聚集区")


def _texts(frame: pd.DataFrame, columns: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(map(str, row)) for row in cells(frame, *columns)]


def _table_and_rest(new: Slide, grid: Grid, lines: Sequence[str], page: str) -> None:
    """Sentences, a table under them, and how many of its rows there is no room for."""
    slide_parts.write(new, replace(_BODY, height=0.7), lines, replace(_SMALL, middle=True))
    if not grid.rows:
        return
    shown = slide_tables.table(new, Box(MARGIN, BODY + 0.8, INSIDE, _HIGH - 1.2), grid)
    if shown < len(grid.rows):
        rest = f"其余{len(grid.rows) - shown}项见看板“{page}”页。"
        slide_parts.write(new, Box(MARGIN, FOOT - 0.4, INSIDE, 0.35), [rest], Look(13, 10, FAINT))


def payments(report: Report, new: Slide) -> None:
    """Indicators with the month's moves, and ranks in the province; what nobody sent is 未知."""
    facts = statements(report.scope)
    names = reference.labels("indicators", "indicator_id", "indicator")
    rows = []
    for key in PAYMENTS if "paid_month" in facts else ():
        moved = brief_wording.moved_by(key, facts.get(f"{key}_move")).removeprefix("，")
        moved = moved.removeprefix("比上月") or labels.UNKNOWN
        rows.append((names[key], str(facts.get(key, labels.UNKNOWN)), moved))
    told = "paid_month" in facts
    left = Box(MARGIN, BODY, 7.2, _HIGH) if told else _BODY
    if told:
        headings = (str(facts["paid_month"]), "数", "比上月")
        slide_tables.table(new, left, Grid("钱包和交易指标", headings, rows, (4, 3.2, 3.6), 16))
    if report.scope.area_id:
        return
    right = Box(MARGIN + 7.5, BODY, INSIDE - 7.5, _HIGH) if told else _BODY
    standing = province_listings.standing(report.scope)
    ranks = [
        (measure, rank.replace(" ", ""), month)
        for measure, rank, month in _texts(standing, ("measure", "rank_text", "month_text"))
    ]
    grid = Grid("在全省各市中的位次", ("全省", "位次", "公布数"), ranks, (4.2, 4, 3))
    top = right.top
    if "province" in facts:
        slide_tables.table(new, right, grid)
        top += 2.2
    text = brief_wording.province(report.scope) or "各市公布数还没有收到，全省位次未知。"
    slide_parts.write(new, replace(right, top=top, height=FOOT - top), [text], _SMALL)


def targets(report: Report, new: Slide) -> None:
    """The targets that are late; of an area all that is asked of it."""
    rows = brief_tables.targets(report.scope)
    if not report.scope.area_id:
        rows = [row for row in rows if row["status"] in _LATE]
    columns = ("target", "due", "done", "status")
    headings = ("事项", "期限", "现状", "到期情况")
    texts = [tuple(row[name] for name in columns) for row in rows]
    grid = Grid("通知要求的事项和进展", headings, texts, (10, 5, 8, 5), lines=3)
    lines = wording.targets(report.scope) or ["通知要求本地办理的事项和进展。"]
    _table_and_rest(new, grid, lines, "目标进度")


def problems(report: Report, new: Slide) -> None:
    """What is wrong, as the brief says it."""
    parts = brief_wording.problems(report.scope, {})
    lines = [f"{part.heading}：{part.text}" for part in parts]
    slide_parts.write(new, _BODY, lines, _TEXT)


def asked(report: Report, new: Slide) -> None:
    """What is asked for."""
    found = [one[:4] for one in requests.requests(report.scope)]
    headings = ("请审定的事项", *_WHO_WHEN, "效果")
    grid = Grid("请审定的事项", headings, found, (8, 6, 6, 7), 17, 3)
    slide_tables.table(new, _BODY, grid)


def steps(report: Report, new: Slide) -> None:
    """What the units have to do."""
    found = list(brief_steps.steps(report.scope, report.scope.as_of, {}))
    grid = Grid("各单位下一步要做的", ("事项", *_WHO_WHEN), found, (13, 11.5, 4.4), 13, 2)
    shown = slide_tables.table(new, replace(_BODY, height=_HIGH - 0.4), grid)
    if shown < len(found):
        rest = f"其余{len(found) - shown}项见工作通报“下一步要求”。"
        slide_parts.write(new, Box(MARGIN, FOOT - 0.4, INSIDE, 0.35), [rest], Look(13, 10, FAINT))


def meaning(report: Report, new: Slide) -> None:
    """What the figures mean, what nobody sent, and the code."""
    lines = [*wording.notes(report.scope), slide_messages.missing(report.scope)]
    box = replace(_BODY, height=_HIGH - 0.8)
    slide_parts.write(new, box, _bullets(list(filter(None, lines))), replace(_TEXT, size=18))
    code = CODE.format(code=document_codes.code(report.scope))
    box = Box(MARGIN, FOOT - 0.75, INSIDE, 0.65)
    slide_parts.write(new, box, [code], Look(18, 12, MAIN, bold=True, middle=True))
