"""What a county one-pager says, as plain text: both its forms, PDF and Word, are made of it."""

from dataclasses import dataclass, replace
from itertools import islice

import pandas as pd

from domain import pace, typed_rows
from domain.boards import KINDS
from excel.cell_text import one_line
from presentation import brief_steps, brief_wording, labels, venue_listings
from presentation.labels import chinese_day, percent
from presentation.statements import about_coverage
from queries import attainment, board_standings, plans
from queries.engine import remembered
from queries.plans import Outlook
from queries.scope import BASES, Scope, area_name, areas_by_name
from queries.stamps import stamp_of
from reports import document_codes
from reports.documents import one_pager_due, one_pager_list
from reports.documents.one_pager_due import Due
from reports.documents.one_pager_list import Line
from store import snapshot_store

ASKS = 3  # on the front
UNIT_SIGNS = 48  # signs of those who are asked
MONTHS = 13  # month ends of the line: this one, and back to that of a year ago
_NAMED = 3  # venues of which the rest of a list is


@dataclass(frozen=True)
class Basis:
    """Covered venues in one basis, all as text."""

    label: str
    covered: str
    share: str
    change: str


@dataclass(frozen=True)
class Month:
    """A month end of the line: the share, None where it is unknown, and where it should be."""

    label: str
    share: float | None
    text: str
    due: float


@dataclass(frozen=True)
class Ask:
    """What is asked of whom until when."""

    matter: str
    unit: str
    due: str


@dataclass(frozen=True)
class Fact:
    """One more thing to know of where the area stands."""

    label: str
    value: str


@dataclass(frozen=True)
class Sheet:
    """A county or zone: its front for the wall, and overleaf what is to be done where.

    `behind` says whether the share is below the due line. `lines` are the first of `total` units
    (shops and links) of the `venues`, which have so many each; `page` has them all. Where nothing
    is missing, they are what must be kept up.
    """

    title: str
    area: str
    as_of: str
    demo: bool
    share: str
    distance: str
    behind: bool
    standing: tuple[str, ...]
    bases: tuple[Basis, ...]
    year: tuple[Month, ...]
    map_about: str
    asks: tuple[Ask, ...]
    gain: str
    list_title: str
    lines: tuple[Line, ...]
    total: int
    venues: tuple[tuple[str, int], ...]
    page: str
    due: tuple[Due, ...]
    facts: tuple[Fact, ...]
    stamp: str
    code: str

    @property
    def rest(self) -> str:
        """What the list leaves out: how many, where, and where they stand; '' where it is whole."""
        shown = sum(line.units for line in self.lines)
        left = self.total - shown
        if not left:
            return ""
        where = []
        for name, units in self.venues:
            if units > shown:
                where.append(name)
            shown = max(shown - units, 0)
        places = f"，在{labels.named(where, _NAMED, '个场所')}" if where else ""
        return f"其余{left:,}家（项）没有排下{places}，见看板“{self.page}”页。"

    @property
    def year_about(self) -> str:
        """The line in words, for who cannot see it."""
        told = "、".join(f"{month.label}{month.text}" for month in self.year)
        return f"近一年各月末达标率：{told}" if told else "还没有各月达标率"

    def cut(self, count: int) -> "Sheet":
        """The sheet with the first `count` lines of its list."""
        return replace(self, lines=self.lines[:count])


@remembered
def sheet(scope: Scope) -> Sheet:
    """The sheet of the scope's area, with more lines than fit a page.

    A zone exists under the management attribution only, and is shown under it. Raises
    `ValueError` where the scope has no area, or one that the city does not have.
    """
    if scope.area_id not in areas_by_name().values():
        raise ValueError(f"a one-pager is about a county or zone, which {scope.area_id!r} is not")
    areas = venue_listings.areas(replace(scope, area_id=""))
    row = areas[areas["area_id"] == scope.area_id]
    if row.empty:
        return sheet(replace(scope, attribution="management"))
    return _filled(scope, row.iloc[0])


def _filled(scope: Scope, row: pd.Series) -> Sheet:
    area, manifest = area_name(scope), snapshot_store.default().snapshot(scope.snapshot_id).manifest
    outlook = plans.outlook(scope)
    listed = one_pager_list.work(outlook) if len(outlook.plan) else one_pager_list.upkeep(scope)
    facts, steps = about_coverage(scope), brief_steps.steps(scope, scope.as_of, {})
    return Sheet(
        title=f"{area}数字人民币场景覆盖一页纸",
        area=area,
        as_of=chinese_day(scope.as_of),
        demo=manifest["demo"],
        share=facts["share"].text,
        distance="" if facts["lag"].value is None else brief_wording.against(scope),
        behind=facts["lag"].value is not None and bool(facts["lag"].value < 0),
        standing=_standing(scope),
        bases=_bases(scope, row),
        year=_year(scope),
        map_about=_map_about(scope),
        asks=tuple(
            Ask(one_line(step.matter), one_line(step.unit, UNIT_SIGNS), step.due)
            for step in islice(steps, ASKS)
        ),
        gain=_gain(outlook, row),
        list_title=listed.title,
        lines=listed.lines,
        total=listed.total,
        venues=listed.venues,
        page=listed.page,
        due=one_pager_due.due(scope, row),
        facts=_facts(scope, row),
        stamp=stamp_of(scope, manifest),
        code=document_codes.code(scope),
    )


def _standing(scope: Scope) -> tuple[str, ...]:
    """What stands under the big number."""
    facts = about_coverage(scope)
    if not facts["venues"].value:
        return (labels.no_venues(facts["venues"].value),)
    if facts["covered"].value is None:
        return (f"名录内特定区域{facts['venues']}，还没有银行报送受理点",)
    counts = f"达标{facts['covered'].value:,} / {facts['venues'].value:,}个场所"
    rank = brief_wording.rank(scope)
    told = (
        "，".join(filter(None, (counts, brief_wording.month_move(scope)))),
        f"列{rank}，进度为“{facts['band']}”" if rank else "",
        f"{facts['unknown']}场所应覆盖数待核，不算达标" if facts["unknown"].value else "",
    )
    return tuple(filter(None, told))


def _bases(scope: Scope, row: pd.Series) -> tuple[Basis, ...]:
    month = attainment.month_before(scope.as_of)
    table = attainment.areas(replace(scope, area_id="", as_of=month))
    before = table[table["area_id"] == scope.area_id].iloc[0]
    return tuple(
        Basis(
            label,
            f"{labels.count(row[f'covered_{basis}'])} / {labels.count(row['venues'])}",
            percent(row[f"share_{basis}"]),
            labels.moved(row[f"share_{basis}"], before[f"share_{basis}"]),
        )
        for basis, label in BASES.items()
    )


def _year(scope: Scope) -> tuple[Month, ...]:
    months = attainment.trend(scope).tail(MONTHS)
    return tuple(
        Month(
            f"{day.year}年{day.month}月",
            None if pd.isna(share) else float(share),
            percent(share),
            pace.due_share(day),
        )
        for day, share in typed_rows.cells(months, "as_of", "share_verified")
    )


def _map_about(scope: Scope) -> str:
    """The map in words, for who cannot see it."""
    statuses = attainment.venues(scope)["status"].value_counts()
    told = [
        f"{label}{statuses[status]:,}个"
        for status, label in labels.STATUS_LABELS.items()
        if status in statuses
    ]
    return f"{area_name(scope)}地图，场所" + ("、".join(told) if told else "还没有")


def _facts(scope: Scope, row: pd.Series) -> tuple[Fact, ...]:
    say = about_coverage(scope)
    if not row["venues"] > 0:
        return ()
    moved = "未知" if say["newly"].value is None else brief_wording.turns(scope)
    padded = f"{say['padded']}达标场所存疑，剔除后达标率{say['share_firm']}"
    facts = {
        "名次": _rank(scope, row["area_kind"]),
        "近一月": moved or "没有场所新达标，也没有退出达标的",
        "存疑": padded if say["padded"].value else "没有看出存疑的达标场所",
        "还差": f"{say['short']}场所，共{say['needed']}（应覆盖数已知的）",
        "受理点": f"应覆盖{say['eligible']}，验证率{say['verified_share']}，"
        f"活跃率{say['active_share']}",
    }
    return tuple(Fact(label, value) for label, value in facts.items())


def _rank(scope: Scope, kind: str) -> str:
    say = about_coverage(scope)
    board = venue_listings.board(board_standings.ranks(replace(scope, area_id=""), kind), kind)
    own = board[board["area_id"] == scope.area_id].iloc[0]
    if pd.isna(own["rank"]):
        return f"不排名；上月{_place(own['rank_before'])}"
    open_ranks = f"，可能{say['rank_range']}（达标率{say['bounds']}）"
    told = "" if own["rank_best"] == own["rank_worst"] else open_ranks
    few = f"；{own['caution']}" if own["caution"] else ""
    ranked = int(board["rank"].notna().sum())
    return f"{ranked}个{KINDS[kind]}中{say['rank']}{told}；上月{_place(own['rank_before'])}{few}"


def _place(rank: float | None) -> str:
    return "不排名" if pd.isna(rank) else f"第{rank:.0f}名"


def _gain(outlook: Outlook, row: pd.Series) -> str:
    """What closing all gaps brings, or that there are none."""
    plan = outlook.plan
    if len(plan):
        after = percent((row["covered"] + len(plan)) / row["venues"])
        return (
            f"补齐这{len(plan):,}个场所的{int(plan['needed'].sum()):,}家（项），"
            f"达标率由{percent(row['share'])}到{after}。"
        )
    if pd.notna(row["venues"]) and pd.isna(row["covered"]):
        return "还没有银行报送受理点，达标和缺口未知。"
    if not row["venues"] > 0:
        return f"{labels.no_venues(row['venues'])}，没有缺口可列。先把特定区域报进名录。"
    if row["unknown"]:
        return f"应覆盖数已知的场所已全部达标；另有{row['unknown']:,}个待核，先核定应覆盖商户数。"
    return "已全部达标，要按期巡检，防止过期退出。"
