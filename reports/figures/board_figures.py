"""Boards for print: shares with intervals, the ranks they leave open, and what was gained."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple, TypeVar

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator

from domain import typed_rows
from domain.boards import KINDS
from domain.ranking import TIERS
from presentation.labels import percent
from presentation.palette import DUE, INK, MAIN, MUTED, TIER_COLOURS, UNRANKED
from reports.figures import figure_text
from reports.figures.chart_axes import PERCENT, Row, rows, swatch
from reports.figures.paper import Blank, Look, Sheet

Boards = dict[str, pd.DataFrame]  # the rows of a board by its kind, of `boards.KINDS`
_DASHED: Look = {"color": DUE, "linestyle": "--", "linewidth": 1.2}
_NO_VENUES = "名录里还没有场所，排不出名次。"


class _Standing(NamedTuple):
    """An area on its board."""

    area: str
    share: float
    low: float
    high: float
    covered: int
    venues: int
    rank: float
    rank_best: float
    rank_worst: float
    tier: str | None
    small: bool
    reason: str

    @property
    def tier_id(self) -> str:
        """The tier, '' for one that is not ranked."""
        return self.tier if isinstance(self.tier, str) else ""

    @property
    def words(self) -> str:
        """What stands beside its bar."""
        tier = TIERS.get(self.tier_id, UNRANKED)
        words = percent(self.share), f"{self.covered}/{self.venues}", tier
        return "  ".join([*words, "场所少"] if self.small else words)


class _Gain(NamedTuple):
    """The change of an area's share, of `progress.progress`."""

    area: str
    change: float
    change_low: float
    change_high: float
    sure: bool
    newly: int
    lapsed: int


_Place = TypeVar("_Place", _Standing, _Gain)


def ranking(blank: Blank, boards: Boards, due: float) -> Sheet:
    """Boards with Wilson intervals, coloured by tier, against the `due` share.

    `boards` are of `ranking.tiered`. Who is not ranked is named below, with the reason.
    """
    shown = _by_board(boards, _Standing, lambda board: board["venues"] > 0)
    if not any(shown.values()):
        return blank.empty(_NO_VENUES)
    sheet = blank.sheet([f"横线是达标率的 95% 区间（威尔逊法）。{_unranked(boards)}"])
    tiers = {row.tier_id for board in shown.values() for row in board}
    swatches = [
        (TIERS.get(tier, UNRANKED), swatch(sheet, colour))
        for tier, colour in TIER_COLOURS.items()
        if tier in tiers
    ]
    sheet.row([*swatches, (f"应达线 {due:.0%}", _DASHED)])
    axes, places = _axes(
        sheet,
        shown,
        lambda row: row.area if pd.isna(row.rank) else f"{row.area}  第{row.rank:.0f}",
        lambda row: row.words,
        scale=1.3,
    )
    for y, row in places:
        axes.barh(y, row.share, height=0.66, color=TIER_COLOURS[row.tier_id])
        sides = [[row.share - row.low], [row.high - row.share]]
        cap = sheet.shape.text * 0.2
        axes.errorbar(
            row.share, y, xerr=sides, color=INK, elinewidth=0.9, capsize=cap, capthick=0.9
        )
    axes.axvline(due, **_DASHED)
    axes.set_xlim(0, 1.02)
    axes.xaxis.set_major_formatter(PERCENT)
    axes.xaxis.set_major_locator(MultipleLocator(0.25))
    return sheet


def rank_intervals(blank: Blank, boards: Boards) -> Sheet:
    """The ranks that the intervals leave open: a line, and a dot at the rank.

    `boards` are of `ranking.tiered`; those that are not ranked are named below.
    """
    shown = _by_board(boards, _Standing, lambda board: board["rank"].notna())
    if not any(shown.values()):
        venues = any(board["venues"].any() for board in boards.values())
        return blank.empty(f"没有一个可以排名。{_unranked(boards)}" if venues else _NO_VENUES)
    sheet = blank.sheet([f"点是名次，粗线是 95% 区间之内可能的名次。{_unranked(boards)}"])
    axes, places = _axes(
        sheet,
        shown,
        lambda row: row.area,
        lambda row: f"第{row.rank_best:.0f}–{row.rank_worst:.0f}",
        scale=2.4,
    )
    size = sheet.shape.text
    line: Look = {"color": MUTED, "linewidth": size * 0.6, "solid_capstyle": "round", "alpha": 0.7}
    text: Look = {"fontsize": size, "color": "white", "ha": "center", "va": "center_baseline"}
    for y, row in places:
        axes.plot([row.rank_best, row.rank_worst], [y, y], **line)
        axes.plot([row.rank], [y], marker="o", color=MAIN, markersize=size * 1.45)
        axes.text(row.rank, y, f"{row.rank:.0f}", **text)
    axes.set_xlim(0.5, max(row.rank_worst for _, row in places) + 0.5)
    axes.xaxis.set_major_locator(MultipleLocator(1))
    axes.set_xlabel("名次", fontsize=size, color=INK)
    return sheet


def gains(blank: Blank, boards: Boards, since: date) -> Sheet:
    """Change of the share `since` a day with its interval, of the rows of `progress.progress`.

    Filled where the interval leaves out zero, hollow where the change may be noise.
    """
    shown = _by_board(boards, _Gain)
    if not any(shown.values()):
        return blank.empty(f"没有 {since} 和截止日都参加排名的，比不出进退。")
    note = (
        f"与 {since} 的达标率相减；横线是 95% 区间，跨 0 的可能只是波动。两天都参加排名的才列出。"
    )
    sheet = blank.sheet([note])
    size = sheet.shape.text
    dot: Look = {"marker": "o", "markersize": size * 0.8, "markeredgecolor": MAIN, "linestyle": ""}
    looks = {sure: dot | {"markerfacecolor": MAIN if sure else "white"} for sure in (True, False)}
    sheet.row([("区间不含 0", looks[True]), ("区间跨 0", looks[False])])
    axes, places = _axes(
        sheet,
        shown,
        lambda row: row.area,
        lambda row: f"{_signed(row.change, 1)}  新达标 {row.newly}，退出 {row.lapsed}",
        scale=2.4,
    )
    for y, row in places:
        axes.plot([row.change_low, row.change_high], [y, y], color=MUTED, linewidth=1.4)
        axes.plot([row.change], [y], **looks[bool(row.sure)])
    axes.axvline(0, **_DASHED)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _signed(value, 0)))
    axes.locator_params(axis="x", nbins=5)
    axes.set_xlabel("达标率的变化（百分点）", fontsize=size, color=INK)
    return sheet


def _by_board(
    boards: Boards,
    place: type[_Place],
    wanted: Callable[[pd.DataFrame], pd.Series] | None = None,
) -> dict[str, list[_Place]]:
    """The `wanted` rows of every board that has any row, in the order of its ranks."""
    ordered = {
        kind: board.sort_values(["rank", "area_id"], na_position="last")
        for kind, board in boards.items()
        if len(board)
    }
    return {
        kind: list(typed_rows.rows(board[wanted(board)] if wanted else board, place))
        for kind, board in ordered.items()
    }


def _axes(
    sheet: Sheet,
    shown: dict[str, list[_Place]],
    name: Callable[[_Place], str],
    words: Callable[[_Place], str],
    scale: float,
) -> tuple[Axes, list[tuple[float, _Place]]]:
    """Axes with a row for every place under the heading of its board, and where each row lies.

    `scale` is the room for the scale below, in lines.
    """
    table: list[tuple[Row, _Place | None]] = []
    for kind, board in shown.items():
        table.append((Row(KINDS[kind], heading=True), None))
        table += [(Row(name(row), words(row)), row) for row in board]
    height = figure_text.height(sheet.shape.text, scale)
    axes, places = rows(sheet, [row for row, _ in table], height)
    return axes, [(y, row) for y, (_, row) in zip(places, table, strict=True) if row]


def _signed(change: float, digits: int) -> str:
    """A change in percentage points; zero has no sign."""
    text = f"{change * 100:+.{digits}f}"
    return text if float(text) else text.lstrip("+-")


def _unranked(boards: Boards) -> str:
    """Who is not ranked, and why."""
    names = [
        f"{area}（{reason}）"
        for board in boards.values()
        for area, reason, rank in zip(board["area"], board["reason"], board["rank"], strict=True)
        if pd.isna(rank)
    ]
    return f"不排名：{'；'.join(names)}。" if names else ""
