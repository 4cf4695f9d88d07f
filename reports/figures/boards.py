"""Boards for print: shares with intervals, the ranks they leave open, and what was gained."""

from collections.abc import Callable

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator

from domain.boards import KINDS
from domain.ranking import TIERS
from reports.figures import lettering
from reports.figures.sheet import INK, Blank, Sheet
from reports.palette import DUE, TIER_COLOURS, UNRANKED

PERCENT = FuncFormatter(lambda value, _: f"{value:.0%}")


def ranking(blank: Blank, boards: dict[str, pd.DataFrame], due: float) -> Sheet:
    """Boards with Wilson intervals, coloured by tier, against the `due` share.

    `boards` gives the rows of `ranking.tiered` of each of `boards.KINDS`.
    """
    shown = {kind: board[board["venues"] > 0] for kind, board in boards.items()}
    shown = {kind: board for kind, board in shown.items() if len(board)}
    if not shown:
        return blank.empty("名录里还没有场所，排不出名次。")
    sheet = blank.sheet([f"横线是 95% 区间（威尔逊法）。{_unranked(boards)}"])
    found = {tier for board in shown.values() for tier in board["tier"].fillna("")}
    sheet.row(
        [
            *[(TIERS.get(tier, UNRANKED), _swatch(colour, sheet))
              for tier, colour in TIER_COLOURS.items() if tier in found],
            (f"应达线 {due:.0%}", {"color": DUE, "linestyle": "--", "linewidth": 1.2}),
        ]
    )  # fmt: skip
    axes, rows = _rows(sheet, shown, _place)
    for y, row in rows:
        tier = row.tier if isinstance(row.tier, str) else ""
        axes.barh(y, row.share, height=0.62, color=TIER_COLOURS[tier])
        axes.errorbar(
            row.share, y, xerr=[[row.share - row.low], [row.high - row.share]], color=INK,
            elinewidth=0.9, capsize=sheet.shape.text * 0.2, capthick=0.9,
        )  # fmt: skip
        words = [f"{row.share:.1%}", f"{row.covered}/{row.venues}", TIERS.get(tier, UNRANKED),
                 "场所少" if row.small else ""]  # fmt: skip
        axes.text(1.03, y, "  ".join(words), fontsize=sheet.shape.text, color=INK, va="center")
    axes.axvline(due, color=DUE, linestyle="--", linewidth=1.2)
    axes.set_xlim(0, 1.02)
    axes.xaxis.set_major_formatter(PERCENT)
    axes.xaxis.set_major_locator(MultipleLocator(0.25))
    return sheet


def _swatch(colour: str, sheet: Sheet) -> dict:
    return {"color": colour, "linewidth": sheet.shape.text * 0.7, "solid_capstyle": "butt"}


def _place(row: tuple) -> str:
    return row.area if pd.isna(row.rank) else f"{row.area}  第{row.rank:.0f}"


def _unranked(boards: dict[str, pd.DataFrame]) -> str:
    """Who is not ranked, and why."""
    rows = [row for board in boards.values() for row in board.itertuples() if pd.isna(row.rank)]
    named = "；".join(f"{row.area}（{row.reason}）" for row in rows)
    return f"不排名：{named}。" if named else ""


def _rows(
    sheet: Sheet, boards: dict[str, pd.DataFrame], label: Callable[[tuple], str]
) -> tuple[Axes, list]:
    """Axes with a row for each area, the first on top, under a heading for each board."""
    size = sheet.shape.text
    names, rows, y = [], [], 0.0
    for kind, board in boards.items():
        names.append((y, KINDS[kind]))
        for row in board.itertuples():
            y += 1
            rows.append((y, row))
            names.append((y, label(row)))
        y += 1.4
    left = min(max(lettering.width(name, size) for _, name in names) + 2, sheet.body.width * 0.35)
    right = lettering.width("100.0%  100/100  已达标  场所少", size) + 2
    axes = sheet.axes(left=left, right=right, bottom=lettering.height(size, 1.3))
    axes.set_ylim(y - 0.6, -0.6)
    axes.set_yticks([at for at, _ in names], [text for _, text in names])
    axes.tick_params(axis="y", length=0)
    return axes, rows
