"""What a county one-pager says, as plain text: both its forms, PDF and Word, are made of it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

import pandas as pd

from domain import rules, typed_rows
from domain.boards import KINDS
from excel.cell_text import one_line
from presentation import labels, plan_wording, venue_listings, wording
from presentation.statements import statements
from queries import attainment, board_standings, plans
from queries.engine import remembered
from queries.plans import Outlook
from queries.scope import BASES, Scope, area_name, areas_by_name
from queries.stamps import stamp_of
from reports import document_codes
from reports.documents import one_pager_due
from reports.documents.one_pager_due import Due
from store import snapshot_store

GAPS = 5  # of the most valuable gaps
LINES = 40  # of the list, more than any page takes
PLACE = 24  # signs of a venue beside its shops: its whole name stands above
KEPT_UP = "巡检或做成一笔真实交易"


@dataclass(frozen=True)
class Basis:
    """Covered venues in one basis, all as text."""

    label: str
    covered: str
    share: str
    change: str


@dataclass(frozen=True)
class Fact:
    """One more thing to know of where the area stands."""

    label: str
    value: str


@dataclass(frozen=True)
class Gap:
    """A venue that is short, and the share once it and those before it are closed."""

    number: int
    venue: str
    kind: str
    operator: str
    counts: str
    needed: int
    share: str


@dataclass(frozen=True)
class Line:
    """One line of the list: what is to be done where, for how many units."""

    number: int
    place: str
    name: str
    address: str
    operator: str
    todo: str
    units: int


@dataclass(frozen=True)
class Sheet:
    """A county or zone on one page.

    `lines` are the first of `total` units (shops and links), and `others` says where the rest is.
    Where nothing is missing, they are what must be kept up.
    """

    title: str
    area: str
    as_of: str
    demo: bool
    headline: str
    bases: tuple[Basis, ...]
    facts: tuple[Fact, ...]
    gaps: tuple[Gap, ...]
    gain: str
    list_title: str
    lines: tuple[Line, ...]
    total: int
    others: str
    due: tuple[Due, ...]
    stamp: str
    code: str

    @property
    def rest(self) -> str:
        """What the list leaves out, counted; '' where it is whole."""
        left = self.total - sum(line.units for line in self.lines)
        return f"其余{left:,}家（项）没有排下{self.others}。" if left else ""

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
    whole = plans.outlook(replace(scope, area_id=""))
    outlook = plans.part(whole, attainment.venues(scope)["venue_id"])
    title, lines, total = _work(outlook) if len(outlook.plan) else _upkeep(scope)
    return Sheet(
        title=f"{area}数字人民币场景覆盖一页纸",
        area=area,
        as_of=scope.as_of.isoformat(),
        demo=manifest["demo"],
        headline=wording.headline(scope),
        bases=_bases(scope, row),
        facts=_facts(scope, row),
        gaps=_gaps(scope, outlook, row),
        gain=_gain(outlook, row),
        list_title=title,
        lines=lines,
        total=total,
        others=f"：在看板“缺口清单”填再签{total:,}家，下载工作单" if len(outlook.plan) else "",
        due=one_pager_due.due(scope, row),
        stamp=stamp_of(scope, manifest),
        code=document_codes.code(scope),
    )


def _bases(scope: Scope, row: pd.Series) -> tuple[Basis, ...]:
    month = attainment.month_before(scope.as_of)
    table = attainment.areas(replace(scope, area_id="", as_of=month))
    before = table[table["area_id"] == scope.area_id].iloc[0]
    return tuple(
        Basis(
            label,
            f"{labels.count(row[f'covered_{basis}'])} / {labels.count(row['venues'])}",
            labels.percent(row[f"share_{basis}"]),
            labels.points(row[f"share_{basis}"], before[f"share_{basis}"]) or "未知",
        )
        for basis, label in BASES.items()
    )


def _facts(scope: Scope, row: pd.Series) -> tuple[Fact, ...]:
    say = {key: made.text for key, made in statements(scope).items()}
    if not row["venues"] > 0:
        return (Fact("应达线", say["due"]), Fact("名次", say["band"]))
    padded = f"{say['padded']}达标场所存疑，剔除后达标率{say['share_firm']}"
    facts = {
        "应达线": f"{say['due']}，{wording.against(scope)}",
        "名次": _rank(scope, row["area_kind"], say),
        "分档": say.get("band", "—"),
        "近一月": f"新达标{say['newly']}，退出达标{say['lapsed']}",
        "水分": padded if statements(scope)["padded"].value else "没有看出存疑的达标场所",
        "分母未知": f"{say['unknown']}场所，不当作零，也不算达标",
        "还差": f"{say['short']}场所，共{say['needed']}（分母已知的）",
        "受理点": f"应覆盖{say['eligible']}，验证率{say['verified_share']}，"
        f"活跃率{say['active_share']}",
    }
    return tuple(Fact(label, value) for label, value in facts.items())


def _rank(scope: Scope, kind: str, say: dict[str, str]) -> str:
    board = venue_listings.board(board_standings.ranks(replace(scope, area_id=""), kind), kind)
    own = board[board["area_id"] == scope.area_id].iloc[0]
    if pd.isna(own["rank"]):
        return f"不排名；上月{_place(own['rank_before'])}"
    tie = "（并列）" if own["tied"] else ""
    few = f"；{own['caution']}" if own["caution"] else ""
    ranked = int(board["rank"].notna().sum())
    return (
        f"{ranked}个{KINDS[kind]}中{say['rank']}{tie}{_open(own, say)}；"
        f"上月{_place(own['rank_before'])}{few}"
    )


def _open(own: pd.Series, say: dict[str, str]) -> str:
    """The ranks that unknown venues leave open; '' where they leave none."""
    if own["rank_best"] == own["rank_worst"]:
        return ""
    return f"，可能{say['rank_range']}（达标率{say['bounds']}）"


def _place(rank: float | None) -> str:
    return "不排名" if pd.isna(rank) else f"第{rank:.0f}名"


class _Planned(NamedTuple):
    name: str
    kind: str
    operator: str
    verified: int
    adopted_text: str
    needed: int
    venues_closed: int


def _gaps(scope: Scope, outlook: Outlook, row: pd.Series) -> tuple[Gap, ...]:
    about = plan_wording.named(outlook.venues)
    about = about[["venue_id", "name", "kind", "operator", "verified"]]
    plan = outlook.plan.head(GAPS).merge(about, on="venue_id")
    plan = venue_listings.with_denominators(plan, scope)
    return tuple(
        Gap(
            number=gap.venues_closed,
            venue=one_line(gap.name),
            kind=gap.kind,
            operator=gap.operator,
            counts=f"{gap.verified:,} / {gap.adopted_text}",
            needed=gap.needed,
            share=labels.percent((row["covered"] + gap.venues_closed) / row["venues"]),
        )
        for gap in typed_rows.rows(plan, _Planned)
    )


def _gain(outlook: Outlook, row: pd.Series) -> str:
    """What closing the most valuable gaps brings, or that there are none."""
    gaps = outlook.plan.head(GAPS)
    if len(gaps):
        after = labels.percent((row["covered"] + len(gaps)) / row["venues"])
        return (
            f"补上这{len(gaps)}个场所要{int(gaps['needed'].sum()):,}家（项），"
            f"达标率{labels.percent(row['share'])} → {after}。"
        )
    if pd.notna(row["venues"]) and pd.isna(row["covered"]):
        return "还没有银行报送受理点，达标和缺口未知。"
    if not row["venues"] > 0:
        return "名录里没有场所，没有缺口可列。先把特定区域报进名录。"
    if row["unknown"]:
        return f"分母已知的场所已全部达标；另有{row['unknown']:,}个分母未知，先核定应覆盖商户数。"
    return "已全部达标，要按期巡检，防止过期退出。"


def _work(outlook: Outlook) -> tuple[str, tuple[Line, ...], int]:
    """The first lines of the planner's work list, and the units of the whole of it."""
    total = int(outlook.plan["needed"].sum())
    work = plan_wording.work(outlook, int(outlook.steps["so_far"].head(LINES).iloc[-1]))
    again = work["number"].duplicated()
    lines = _lines(work.assign(place=work["place"].mask(again, "")))
    return f"要签的名单（共{total:,}家、项，差得最少的场所在前）", lines, total


def _upkeep(scope: Scope) -> tuple[str, tuple[Line, ...], int]:
    """Where nothing is missing: what runs out in the next days."""
    shops = attainment.running_out(scope)
    first = shops.head(LINES)
    days = [scope.as_of + timedelta(days=left) for left in first["left"]]
    lines = _lines(
        first.assign(
            order=range(1, len(first) + 1),
            place=first["venue"],
            operator=labels.bank_names(first["operator_id"]),
            todo=[f"{day:%m-%d}前{KEPT_UP}" for day in days],
            units=1,
        )
    )
    due = f"到期{len(shops):,}家" if lines else "没有到期的"
    return f"要保持的名单（{rules.count('upkeep_days')}天内{due}）", lines, len(shops)


def _lines(work: pd.DataFrame) -> tuple[Line, ...]:
    columns = ("order", "place", "name", "address", "operator", "todo", "units")
    return tuple(
        Line(number, one_line(place, PLACE), one_line(name), one_line(address), *rest)
        for number, place, name, address, *rest in typed_rows.cells(work, *columns)
    )
