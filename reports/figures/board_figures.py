"""Boards for print: shares with intervals, the ranks they leave open, and what was gained."""

from datetime import date

import pandas as pd
from matplotlib.ticker import FuncFormatter, MultipleLocator

from domain.boards import KINDS
from domain.ranking import TIERS
from presentation.labels import percent
from presentation.palette import DUE, MAIN, MUTED, TIER_COLOURS, UNRANKED
from reports.figures import figure_text
from reports.figures.chart_axes import PERCENT, Row, rows, swatch
from reports.figures.paper import INK, Blank, Sheet

Boards = dict[str, pd.DataFrame]  # the rows of a board by its kind, of `boards.KINDS`
DASHED = {"color": DUE, "linestyle": "--", "linewidth": 1.2}
NOBODY = "名录里还没有场所，排不出名次。"


def ranking(blank: Blank, boards: Boards, due: float) -> Sheet:
    """Boards with Wilson intervals, coloured by tier, against the `due` share.

    `boards` are of `ranking.tiered`. Who is not ranked is named below, with the reason.
    """
    shown = [(kind, row) for kind, row in _by_board(boards) if row is None or row.venues]
    if not any(row for _, row in shown):
        return blank.empty(NOBODY)
    sheet = blank.sheet([f"横线是达标率的 95% 区间（威尔逊法）。{_unranked(boards)}"])
    found = {_tier(row) for _, row in shown if row}
    swatches = [(TIERS.get(tier, UNRANKED), swatch(sheet, colour))
                for tier, colour in TIER_COLOURS.items() if tier in found]  # fmt: skip
    sheet.row([*swatches, (f"应达线 {due:.0%}", DASHED)])
    table = [Row(_place(row), _words(row)) if row else _heading(kind) for kind, row in shown]
    axes, places = rows(sheet, table, figure_text.height(sheet.shape.text, 1.3))
    for y, (_, row) in zip(places, shown, strict=True):
        if row:
            axes.barh(y, row.share, height=0.66, color=TIER_COLOURS[_tier(row)])
            axes.errorbar(
                row.share, y, xerr=[[row.share - row.low], [row.high - row.share]], color=INK,
                elinewidth=0.9, capsize=sheet.shape.text * 0.2, capthick=0.9,
            )  # fmt: skip
    axes.axvline(due, **DASHED)
    axes.set_xlim(0, 1.02)
    axes.xaxis.set_major_formatter(PERCENT)
    axes.xaxis.set_major_locator(MultipleLocator(0.25))
    return sheet


def rank_intervals(blank: Blank, boards: Boards) -> Sheet:
    """The ranks that the intervals leave open: a line, and a dot at the rank.

    `boards` are of `ranking.tiered`; those that are not ranked are named below.
    """
    shown = [(kind, row) for kind, row in _by_board(boards) if row is None or pd.notna(row.rank)]
    if not any(row for _, row in shown):
        return blank.empty(NOBODY if _none(boards) else f"没有一个可以排名。{_unranked(boards)}")
    sheet = blank.sheet([f"点是名次，粗线是 95% 区间之内可能的名次。{_unranked(boards)}"])
    table = [
        Row(row.area, f"第{row.rank_best:.0f}–{row.rank_worst:.0f}")
        if row
        else Row(KINDS[kind], heading=True)
        for kind, row in shown
    ]
    size = sheet.shape.text
    axes, places = rows(sheet, table, figure_text.height(size, 2.4))
    for y, (_, row) in zip(places, shown, strict=True):
        if row:
            axes.plot([row.rank_best, row.rank_worst], [y, y], color=MUTED, linewidth=size * 0.6,
                      solid_capstyle="round", alpha=0.7)  # fmt: skip
            axes.plot([row.rank], [y], marker="o", color=MAIN, markersize=size * 1.45)
            axes.text(row.rank, y, f"{row.rank:.0f}", fontsize=size, color="white", ha="center",
                      va="center_baseline")  # fmt: skip
    last = max(row.rank_worst for _, row in shown if row)
    axes.set_xlim(0.5, last + 0.5)
    axes.xaxis.set_major_locator(MultipleLocator(1))
    axes.set_xlabel("名次", fontsize=size, color=INK)
    return sheet


def gains(blank: Blank, boards: Boards, since: date) -> Sheet:
    """Change of the share `since` a day with its interval, of the rows of `progress.progress`.

    Filled where the interval leaves out zero, hollow where the change may be noise.
    """
    shown = list(_by_board(boards))
    if not any(row for _, row in shown):
        return blank.empty(f"没有 {since} 和截止日都参加排名的，比不出进退。")
    note = (
        f"与 {since} 的达标率相减；横线是 95% 区间，跨 0 的可能只是波动。两天都参加排名的才列出。"
    )
    sheet = blank.sheet([note])
    size = sheet.shape.text
    looks = {
        sure: {"marker": "o", "markersize": size * 0.8, "markeredgecolor": MAIN, "linestyle": "",
               "markerfacecolor": MAIN if sure else "white"}
        for sure in (True, False)
    }  # fmt: skip
    sheet.row([("区间不含 0", looks[True]), ("区间跨 0", looks[False])])
    table = [Row(row.area, _gained(row)) if row else _heading(kind) for kind, row in shown]
    axes, places = rows(sheet, table, figure_text.height(size, 2.4))
    for y, (_, row) in zip(places, shown, strict=True):
        if row:
            axes.plot([row.change_low, row.change_high], [y, y], color=MUTED, linewidth=1.4)
            axes.plot([row.change], [y], **looks[bool(row.sure)])
    axes.axvline(0, **DASHED)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _signed(value, 0)))
    axes.locator_params(axis="x", nbins=5)
    axes.set_xlabel("达标率的变化（百分点）", fontsize=size, color=INK)
    return sheet


def _by_board(boards: Boards) -> list[tuple[str, tuple | None]]:
    """The rows of every board in the order of its ranks, each board after a heading (None)."""
    found: list[tuple[str, tuple | None]] = []
    for kind, board in boards.items():
        if len(board):
            ordered = board.sort_values(["rank", "area_id"], na_position="last")
            found += [(kind, None), *((kind, row) for row in ordered.itertuples())]
    return found


def _none(boards: Boards) -> bool:
    return not any(board["venues"].any() for board in boards.values())


def _bar(sheet: Sheet, colour: str) -> dict:
    return {
        "color": colour,
        "linewidth": sheet.shape.text * 0.7,
        "solid_capstyle": "butt",
        "linestyle": "-",
    }


def _tier(row: tuple) -> str:
    return row.tier if isinstance(row.tier, str) else ""


def _place(row: tuple) -> str:
    return row.area if pd.isna(row.rank) else f"{row.area}  第{row.rank:.0f}"


def _words(row: tuple) -> str:
    words = (percent(row.share), f"{row.covered}/{row.venues}", TIERS.get(_tier(row), UNRANKED),
             "场所少" if row.small else "")  # fmt: skip
    return "  ".join(word for word in words if word)


def _gained(row: tuple) -> str:
    return f"{_signed(row.change, 1)}  新达标 {row.newly}，退出 {row.lapsed}"


def _signed(change: float, digits: int) -> str:
    """A change in percentage points; zero has no sign."""
    text = f"{change * 100:+.{digits}f}"
    return text if float(text) else text.lstrip("+-")


def _heading(kind: str) -> Row:
    return Row(KINDS[kind], heading=True)


def _unranked(boards: Boards) -> str:
    """Who is not ranked, and why."""
    rows = [row for board in boards.values() for row in board.itertuples() if pd.isna(row.rank)]
    named = "；".join(f"{row.area}（{row.reason}）" for row in rows)
    return f"不排名：{named}。" if named else ""
