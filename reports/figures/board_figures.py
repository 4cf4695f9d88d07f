"""Boards for print: shares with their bounds, the ranks they leave open, and what was gained."""

from datetime import date

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator

from domain.boards import KINDS
from domain.ranking import BANDS
from domain.typed_rows import cells
from presentation.labels import percent, rank_range
from presentation.palette import (
    BAND_COLOURS,
    DUE,
    INK,
    MAIN,
    MUTED,
    UNKNOWN_COLOUR,
    UNKNOWN_LABEL,
)
from presentation.ranking_listings import UNSURE
from reports.figures import figure_text
from reports.figures.chart_axes import PERCENT, Row, rows, swatch
from reports.figures.paper import Blank, Look, Sheet

Boards = dict[str, pd.DataFrame]  # the rows of a board by its kind, of `boards.KINDS`
_DASHED: Look = {"color": DUE, "linestyle": "--", "linewidth": 1.2}
_NO_VENUES = "名录里还没有场所，排不出名次。"


def ranking(blank: Blank, boards: Boards, due: float) -> Sheet:
    """Boards coloured by band, with what the unknown venues would add, against the `due` share.

    `boards` are of `ranking.banded`. Who is not ranked is named below, with the reason.
    """
    every = _joined(boards)
    shown = every[every["share"].notna()]
    if shown.empty:
        return blank.empty(_NO_VENUES)
    note = _unranked(boards)
    sheet = blank.sheet([note] if note else [])
    swatches = [
        (BANDS[band], swatch(sheet, colour))
        for band, colour in BAND_COLOURS.items()
        if (shown["band"] == band).any()
    ]
    if shown["unknown"].any():
        swatches.append((UNKNOWN_LABEL, swatch(sheet, UNKNOWN_COLOUR)))
    sheet.row([*swatches, (f"应达线 {due:.0%}", _DASHED)])
    ranks = [f"  第{rank:.0f}" if pd.notna(rank) else "" for rank in shown["rank"]]
    words = [
        f"{percent(share)}  {covered}/{venues}  {BANDS[band]}{'  场所少' if small else ''}"
        for share, covered, venues, band, small in cells(
            shown, "share", "covered", "venues", "band", "small"
        )
    ]
    axes, places = _axes(sheet, every, shown["area"] + ranks, words, lines=1.3)
    for y, (share, high, band) in zip(places, cells(shown, "share", "high", "band"), strict=True):
        axes.barh(y, high, height=0.66, color=UNKNOWN_COLOUR)
        axes.barh(y, share, height=0.66, color=BAND_COLOURS[band])
    axes.axvline(due, **_DASHED)
    axes.set_xlim(0, 1.02)
    axes.xaxis.set_major_formatter(PERCENT)
    axes.xaxis.set_major_locator(MultipleLocator(0.25))
    return sheet


def rank_intervals(blank: Blank, boards: Boards) -> Sheet:
    """The ranks that the boards leave open: a line, and a dot at the rank.

    `boards` are of `ranking.banded`; those that are not ranked are named below.
    """
    every = _joined(boards)
    shown = every[every["rank"].notna()]
    if shown.empty:
        return blank.empty(_NO_VENUES)
    note = "点是名次，粗线是分母未知的场所都不达标到都达标之间可能的名次。"
    sheet = blank.sheet([note + _unranked(boards)])
    ranks = cells(shown, "rank", "rank_best", "rank_worst")
    words = [f"第{rank_range(int(best), int(worst))}" for _, best, worst in ranks]
    axes, places = _axes(sheet, every, shown["area"], words, lines=2.4)
    size = sheet.shape.text
    line: Look = {"color": MUTED, "linewidth": size * 0.6, "solid_capstyle": "round", "alpha": 0.7}
    text: Look = {"fontsize": size, "color": "white", "ha": "center", "va": "center_baseline"}
    for y, (rank, best, worst) in zip(places, ranks, strict=True):
        axes.plot([best, worst], [y, y], **line)
        axes.plot([rank], [y], marker="o", color=MAIN, markersize=size * 1.45)
        axes.text(rank, y, f"{rank:.0f}", **text)
    axes.set_xlim(0.5, shown["rank_worst"].max() + 0.5)
    axes.xaxis.set_major_locator(MultipleLocator(1))
    axes.set_xlabel("名次", fontsize=size, color=INK)
    return sheet


def gains(blank: Blank, boards: Boards, since: date) -> Sheet:
    """Change of the share `since` a day with its bounds, of rows of `coverage_gains.progress`.

    Filled where the bounds agree on its direction, hollow where unknown venues leave it open.
    """
    shown = every = _joined(boards)
    if shown.empty:
        return blank.empty(f"没有 {since} 和截止日都有名次的，比不出进退。")
    note = "横线是分母未知的场所怎么定都不会超出的范围。两天都有名次的才列出。"
    sheet = blank.sheet([f"与 {since} 的达标率相减；{note}"])
    size = sheet.shape.text
    dot: Look = {"marker": "o", "markersize": size * 0.8, "markeredgecolor": MAIN, "linestyle": ""}
    looks = {sure: dot | {"markerfacecolor": MAIN if sure else "white"} for sure in (True, False)}
    sheet.row([("进退已定", looks[True]), (UNSURE, looks[False])])
    words = [
        f"{_signed(change, 1)}  新达标 {newly}，退出 {lapsed}"
        for change, newly, lapsed in cells(shown, "change", "newly", "lapsed")
    ]
    axes, places = _axes(sheet, every, shown["area"], words, lines=2.4)
    changes = cells(shown, "change", "change_low", "change_high", "sure")
    for y, (change, low, high, sure) in zip(places, changes, strict=True):
        axes.plot([low, high], [y, y], color=MUTED, linewidth=1.4)
        axes.plot([change], [y], **looks[bool(sure)])
    axes.axvline(0, **_DASHED)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _signed(value, 0)))
    axes.locator_params(axis="x", nbins=5)
    axes.set_xlabel("达标率的变化（百分点）", fontsize=size, color=INK)
    return sheet


def _joined(boards: Boards) -> pd.DataFrame:
    """The rows of all boards in the order of their ranks, with `kind`, the kind of the board."""
    ordered = [
        board.assign(kind=kind).sort_values(["rank", "area_id"], na_position="last")
        for kind, board in boards.items()
    ]
    return pd.concat([board for board in ordered if len(board)] or ordered, ignore_index=True)


def _axes(
    sheet: Sheet, every: pd.DataFrame, names: pd.Series, words: list[str], lines: float
) -> tuple[Axes, list[float]]:
    """Axes with rows of `names` and `words`, some of `every`, under the headings of their boards.

    `lines` is the room for the scale below. Returns where the rows lie.
    """
    table: list[Row] = []
    labels = dict(zip(names.index, map(Row, names, words), strict=True))
    for kind, board in every.groupby("kind", sort=False):
        table.append(Row(KINDS[str(kind)], heading=True))
        table += [labels[row] for row in board.index if row in labels]
    axes, places = rows(sheet, table, figure_text.height(sheet.shape.text, lines))
    return axes, [y for y, row in zip(places, table, strict=True) if not row.heading]


def _signed(change: float, digits: int) -> str:
    """A change in percentage points; zero has no sign."""
    text = f"{change * 100:+.{digits}f}"
    return text if float(text) else text.lstrip("+-")


def _unranked(boards: Boards) -> str:
    """Who is not ranked, and why."""
    every = pd.concat(boards.values())
    rows = cells(every[every["rank"].isna()], "area", "reason")
    names = "；".join(f"{area}（{reason}）" for area, reason in rows)
    return f"不排名：{names}。" if names else ""
