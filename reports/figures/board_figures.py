"""Boards for print: shares with intervals, the ranks they leave open, and what was gained."""

from datetime import date

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator

from domain.boards import KINDS
from domain.ranking import TIERS
from domain.typed_rows import cells
from presentation.labels import percent
from presentation.palette import DUE, INK, MAIN, MUTED, TIER_COLOURS, UNRANKED
from reports.figures import figure_text
from reports.figures.chart_axes import PERCENT, Row, rows, swatch
from reports.figures.paper import Blank, Look, Sheet

Boards = dict[str, pd.DataFrame]  # the rows of a board by its kind, of `boards.KINDS`
_DASHED: Look = {"color": DUE, "linestyle": "--", "linewidth": 1.2}
_NO_VENUES = "名录里还没有场所，排不出名次。"


def ranking(blank: Blank, boards: Boards, due: float) -> Sheet:
    """Boards with Wilson intervals, coloured by tier, against the `due` share.

    `boards` are of `ranking.tiered`. Who is not ranked is named below, with the reason.
    """
    every = _joined(boards)
    shown = every[every["venues"] > 0].assign(tier=lambda rows: rows["tier"].fillna(""))
    if shown.empty:
        return blank.empty(_NO_VENUES)
    sheet = blank.sheet([f"横线是达标率的 95% 区间（威尔逊法）。{_unranked(boards)}"])
    tiers = {"": UNRANKED, **TIERS}
    swatches = [
        (tiers[tier], swatch(sheet, colour))
        for tier, colour in TIER_COLOURS.items()
        if (shown["tier"] == tier).any()
    ]
    sheet.row([*swatches, (f"应达线 {due:.0%}", _DASHED)])
    ranks = [f"  第{rank:.0f}" if pd.notna(rank) else "" for rank in shown["rank"]]
    words = [
        f"{percent(share)}  {covered}/{venues}  {tiers[tier]}{'  场所少' if small else ''}"
        for share, covered, venues, tier, small in cells(
            shown, "share", "covered", "venues", "tier", "small"
        )
    ]
    axes, places = _axes(sheet, every, shown["area"] + ranks, words, lines=1.3)
    look: Look = {"color": INK, "elinewidth": 0.9, "capthick": 0.9}
    look["capsize"] = sheet.shape.text * 0.2
    for y, (share, low, high, tier) in zip(
        places, cells(shown, "share", "low", "high", "tier"), strict=True
    ):
        axes.barh(y, share, height=0.66, color=TIER_COLOURS[tier])
        axes.errorbar(share, y, xerr=[[share - low], [high - share]], **look)
    axes.axvline(due, **_DASHED)
    axes.set_xlim(0, 1.02)
    axes.xaxis.set_major_formatter(PERCENT)
    axes.xaxis.set_major_locator(MultipleLocator(0.25))
    return sheet


def rank_intervals(blank: Blank, boards: Boards) -> Sheet:
    """The ranks that the intervals leave open: a line, and a dot at the rank.

    `boards` are of `ranking.tiered`; those that are not ranked are named below.
    """
    every = _joined(boards)
    shown = every[every["rank"].notna()]
    if shown.empty:
        ranked_none = f"没有一个可以排名。{_unranked(boards)}"
        return blank.empty(ranked_none if every["venues"].any() else _NO_VENUES)
    sheet = blank.sheet([f"点是名次，粗线是 95% 区间之内可能的名次。{_unranked(boards)}"])
    ranks = cells(shown, "rank", "rank_best", "rank_worst")
    words = [f"第{best:.0f}–{worst:.0f}" for _, best, worst in ranks]
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
    """Change of the share `since` a day with its interval, of the rows of `progress.progress`.

    Filled where the interval leaves out zero, hollow where the change may be noise.
    """
    shown = every = _joined(boards)
    if shown.empty:
        return blank.empty(f"没有 {since} 和截止日都参加排名的，比不出进退。")
    note = "横线是 95% 区间，跨 0 的可能只是波动。两天都参加排名的才列出。"
    sheet = blank.sheet([f"与 {since} 的达标率相减；{note}"])
    size = sheet.shape.text
    dot: Look = {"marker": "o", "markersize": size * 0.8, "markeredgecolor": MAIN, "linestyle": ""}
    looks = {sure: dot | {"markerfacecolor": MAIN if sure else "white"} for sure in (True, False)}
    sheet.row([("区间不含 0", looks[True]), ("区间跨 0", looks[False])])
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
