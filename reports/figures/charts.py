"""Charts for print."""

import pandas as pd
from matplotlib.axes import Axes

from reports.figures import lettering
from reports.figures.boards import PERCENT
from reports.figures.sheet import Blank, Sheet
from reports.palette import BASIS_COLOURS, BASIS_LABELS, DUE


def trend(blank: Blank, months: pd.DataFrame, due: list[float]) -> Sheet:
    """Share of covered venues by month in three bases, against where it should be.

    `months` has as_of, venues and share_<basis> (0 to 1); `due` is the due share of each row.
    """
    if months.empty or not months["venues"].any():
        return blank.empty("名录里还没有场所，画不出走势。")
    sheet = blank.sheet()
    looks = {
        basis: {"color": colour, "linewidth": 2.2 if basis == "verified" else 1.4}
        for basis, colour in BASIS_COLOURS.items()
    }
    line = {"color": DUE, "linestyle": "--", "linewidth": 1.4}
    sheet.row([*[(BASIS_LABELS[basis], look) for basis, look in looks.items()], ("应达线", line)])
    size = sheet.shape.text
    axes = sheet.axes(left=size * 1.2, bottom=size * 0.6, right=size * 1.6, top=1)
    days = pd.to_datetime(months["as_of"])
    for basis, look in looks.items():
        axes.plot(days, months[f"share_{basis}"], **look)
    axes.plot(days, due, **line)
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(PERCENT)
    _months(axes, days, sheet)
    axes.grid(axis="y", color="#e3e8ed", linewidth=0.5)
    return sheet


def _months(axes: Axes, days: pd.Series, sheet: Sheet) -> None:
    """Label the months of `days`, as many as stand apart, the last one always."""
    left, right = axes.get_xlim()
    wide = axes.bbox.width / sheet.millimetres.get_matrix()[0, 0]
    room = lettering.width("0000-00", sheet.shape.text) * 1.25
    span = max((days.max() - days.min()).days, 1) / (right - left) * wide
    step = next((n for n in (1, 2, 3, 6, 12, 24) if span / max(len(days) - 1, 1) * n >= room), 48)
    shown = days.iloc[::-1].iloc[::step]
    axes.set_xticks(shown, [f"{day:%Y-%m}" for day in shown])
