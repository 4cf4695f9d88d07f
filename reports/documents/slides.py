"""Slides for the leading group (领导汇报): few, 16:9, with native charts that can be edited."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pptx.presentation import Presentation as Deck
from pptx.slide import Slide

from domain import pace
from domain.city import CITY
from domain.typed_rows import cells
from presentation import labels, plan_wording, progress_listings, wording
from presentation.palette import FAINT, MAIN
from presentation.statements import Statement, statements
from queries import attainment, board_standings, plans
from queries.scope import BASES, Scope, area_name
from queries.stamps import stamp_of
from reports import document_codes
from reports.documents import brief_tables, slide_charts, slide_parts
from reports.documents.data_workbook import CODE
from reports.documents.slide_parts import BODY, FOOT, INSIDE, MARGIN, Box, Grid, Look
from reports.figures.figure_catalogue import Pictures
from store import snapshot_store

TITLE = "数字人民币特定区域覆盖情况汇报"
_VENUES_SHOWN, _AREAS_SHOWN = 10, 10
_OVERALL = (
    "venues", "covered", "share", "due", "lag", "share_contracted", "share_active", "unknown",
    "share_before", "delta", "newly", "lapsed", "padded", "share_firm",
)  # fmt: skip
_PROGRESS = (
    "targets", "met", "failed", "behind", "no_data", "clusters", "mature", "mature_places",
    "obliged", "floor", "tasks", "moving", "asked", "came", "silent",
)  # fmt: skip
_GAPS = ("序号", "还差最少的场所", "类别", "县区、板块", "负责机构", "还差", "累计补", "新增达标")
_TEXT = Look(18, 11)
_HIGH = FOOT - BODY - 0.1  # inches between title and foot


@dataclass(frozen=True)
class _Report:
    """What all slides share."""

    deck: Deck
    scope: Scope
    pictures: Pictures
    stamp: str
    demo: bool

    def slide(self, title: str, sources: Sequence[str], where: str) -> Slide:
        """A new slide; its notes say where its numbers are from: statements by key, and a page."""
        new = slide_parts.slide(self.deck, title, self.stamp, self.demo)
        made = {**statements(_whole(self.scope)), **statements(self.scope)}
        origins = [_source(made[key]) for key in sources if key in made]
        slide_parts.notes(new, ["数字来源：", *origins, where, self.stamp])
        return new


def slides(scope: Scope, pictures: Pictures) -> bytes:
    """The slides on `scope` as a PPTX file, with the map of `pictures`.

    Raises `ValueError` for a scope narrowed to a field or a bank, which has no code.
    """
    manifest = snapshot_store.default().snapshot(scope.snapshot_id).manifest
    deck = slide_parts.deck(f"{_city(scope)}{TITLE}")
    made = datetime.fromisoformat(manifest["created_at"]).astimezone(UTC).replace(tzinfo=None)
    deck.core_properties.created = deck.core_properties.modified = made
    report = _Report(deck, scope, pictures, stamp_of(scope, manifest), manifest["demo"])
    for add_slide in (_title, _overall, _map, _ranking, _trend, _gaps, _progress, _meaning):
        add_slide(report)
    return slide_parts.content(deck)


def _whole(scope: Scope) -> Scope:
    return replace(scope, area_id="")


def _city(scope: Scope) -> str:
    return CITY.name + (area_name(scope) if scope.area_id else "")


def _source(made: Statement) -> str:
    return f"{made.number} {made.label} {made.text}：{made.how}（{made.clause}；/{made.page}）"


def _title(report: _Report) -> None:
    new = report.slide("", ("venues", "covered", "share"), "看板：/overview-city")
    box = Box(MARGIN + 0.4, 2.2, INSIDE - 0.8, 1.1)
    slide_parts.write(new, box, [_city(report.scope)], Look(40, 24, bold=True, centred=True))
    below = Box(box.left, 3.3, box.width, 1.0)
    slide_parts.write(new, below, [TITLE], Look(36, 24, MAIN, bold=True, centred=True))
    day = Box(box.left, 4.7, box.width, 0.6)
    line = f"数据截至{labels.chinese_day(report.scope.as_of)}"
    slide_parts.write(new, day, [line], Look(20, colour=FAINT, centred=True))


def _overall(report: _Report) -> None:
    new = report.slide(wording.headline(report.scope), _OVERALL, "看板：/overview-city")
    say, city = statements(report.scope), attainment.city(report.scope).iloc[0]
    keys = {"verified": "share"}
    cards = [
        (
            f"达标率（{label}）",
            say[keys.get(basis, f"share_{basis}")].text,
            f"{city[f'covered_{basis}']:,} / {city['venues']:,} 个场所",
        )
        for basis, label in BASES.items()
    ]
    cards.append(("应达线", say["due"].text, f"已验证与之差{say['lag'].text}"))
    wide = (INSIDE - 0.25 * (len(cards) - 1)) / len(cards)
    for place, (label, number, below) in enumerate(cards):
        left = MARGIN + place * (wide + 0.25)
        slide_parts.card(new, Box(left, BODY, wide, 2.1), label, number, below)
    rest = Box(MARGIN, BODY + 2.35, INSIDE, _HIGH - 2.35)
    slide_parts.write(new, rest, [f"• {line}" for line in wording.overall(report.scope)[1:]], _TEXT)


def _map(report: _Report) -> None:
    whole = _whole(report.scope)
    title = "县区与板块达标率" if not report.scope.area_id else "在全市的位置"
    new = report.slide(title, ("share", "due"), "看板：/coverage-map、/county-ranking")
    left = Box(MARGIN, BODY, 7.9, _HIGH)
    png = report.pictures.png("map_areas", "inset")
    slide_parts.picture(new, png, left, "县区与板块达标率地图")
    areas = attainment.areas(whole)
    areas = areas[areas["share_verified"].notna()].sort_values("share_verified", ascending=False)
    box = Box(MARGIN + 8.1, BODY, INSIDE - 8.1, _HIGH)
    if areas.empty:
        slide_parts.write(new, box, wording.overall(whole), _TEXT)
        return
    columns = ("area", "covered_verified", "venues", "share_verified")
    rows = [
        (area, f"{covered:,} / {venues:,}", labels.percent(share))
        for area, covered, venues, share in cells(areas.head(_AREAS_SHOWN), *columns)
    ]
    slide_parts.table(new, box, Grid(("县区、板块", "达标", "达标率"), rows, (5, 3, 3), 14))


def _ranking(report: _Report) -> None:
    sentences = wording.areas(report.scope)
    place = ("rank", "rank_range", "bounds", "band")
    keys = (*place, "bands", "highest", "lowest", "unranked", "unsettled")
    new = report.slide(sentences[0], keys, "看板：/county-ranking")
    due = pace.due_share(report.scope.as_of)
    boards = []
    for kind in ("county", "zone"):
        ranks = board_standings.ranks(_whole(report.scope), kind)
        shown = ranks[ranks["share"].notna()]
        if len(shown):
            boards.append(shown.sort_values("rank", na_position="last", kind="stable"))
    if not boards:
        slide_parts.write(new, Box(MARGIN, BODY, INSIDE, 1), ["没有可以比较的县区和板块。"], _TEXT)
        return
    room = INSIDE - 0.3 * (len(boards) - 1)
    left, bars = MARGIN, sum(map(len, boards))
    for rows in boards:
        wide = room * len(rows) / bars
        slide_charts.board(new, Box(left, BODY, wide, _HIGH - 0.7), rows, due)
        left += wide + 0.3
    legend = "柱为达标率（已验证），颜色为分档，灰色为分母未知的场所，虚线为应达线。"
    notes = Box(MARGIN, FOOT - 0.75, INSIDE, 0.6)
    slide_parts.write(new, notes, [" ".join([legend, *sentences[1:]])], Look(13, 9))


def _trend(report: _Report) -> None:
    months = attainment.trend(report.scope)
    sentences = wording.overall(report.scope)
    title = next((line for line in sentences[1:] if line.startswith("与")), "各月达标率与应达线")
    new = report.slide(title, ("share", "share_before", "delta", "due"), "看板：/overview-city")
    box = Box(MARGIN, BODY, INSIDE, _HIGH)
    if not months["venues"].any():
        slide_parts.write(new, box, sentences[:1], _TEXT)
        return
    slide_charts.trend(new, box, months, list(map(pace.due_share, months["as_of"])))


def _gaps(report: _Report) -> None:
    sentences = wording.gaps(report.scope)
    keys = ("short", "needed", "half_units", "half_venues", "unknown")
    new = report.slide(sentences[0], keys, "看板：/gap-list")
    plan = brief_tables.plan(report.scope)
    top = Box(MARGIN, BODY, INSIDE, 0.75)
    if plan.empty:
        slide_parts.write(new, replace(top, height=_HIGH), sentences[1:], _TEXT)
        return
    outlook = plans.outlook(report.scope)
    effect = plans.effect(outlook, int(statements(report.scope)["half_units"].value or 0))
    text = plan_wording.sentence(area_name(report.scope), effect) + plan_wording.comparison(effect)
    slide_parts.write(new, top, [text], Look(16, 11, middle=True))
    columns = ("name", "kind", "area", "operator", "needed", "signings", "venues_closed")
    rows = [
        (str(place), *texts, f"{needed:,}", f"{signings:,}", f"{closed:,}")
        for place, (*texts, needed, signings, closed) in enumerate(
            cells(plan.head(_VENUES_SHOWN), *columns), start=1
        )
    ]
    box = Box(MARGIN, BODY + 0.9, INSIDE, _HIGH - 0.9)
    slide_parts.table(new, box, Grid(_GAPS, rows, (2.2, 10, 4, 4.4, 5, 2.6, 3.2, 4), 14))


def _progress(report: _Report) -> None:
    whole = _whole(report.scope)
    pages = "看板：/targets-progress、/demonstration-clusters、/tasks-reports（全市）"
    new = report.slide("".join(wording.targets(whole)), _PROGRESS, pages)
    lines = [*wording.clusters(whole), *wording.tasks(whole)]
    slide_parts.write(new, Box(MARGIN, BODY, INSIDE, 0.8), lines, Look(14, 10, middle=True))
    columns = ("target_id", "target_text", "done_text", "should_text", "due_text", "status_text")
    rows = cells(progress_listings.targets(whole), *columns)
    headings = ("编号", "目标（全市）", "现在", "今天应达", "期限", "到期情况")
    box = Box(MARGIN, BODY + 0.95, INSIDE, _HIGH - 1.1)
    slide_parts.table(new, box, Grid(headings, rows, (1.8, 12, 5, 3.2, 3.4, 6.4), 12))


def _meaning(report: _Report) -> None:
    new = report.slide("口径与查证", (), "看板：/definitions-rules")
    lines = [f"• {line}" for line in wording.notes(report.scope)]
    slide_parts.write(new, Box(MARGIN, BODY, INSIDE, _HIGH - 1.3), lines, _TEXT)
    code = CODE.format(code=document_codes.code(report.scope))
    box = Box(MARGIN, FOOT - 1.2, INSIDE, 0.9)
    slide_parts.write(new, box, [code], Look(18, 12, MAIN, bold=True, middle=True))
