"""What the axes of charts have in common: shares, months, and rows with names."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from presentation.palette import FAINT, INK
from reports.figures import figure_text
from reports.figures.paper import Look, Sheet

PERCENT = FuncFormatter(lambda value, _: f"{value:.0%}")
NUMBER = FuncFormatter(lambda value, _: f"{value:,.0f}")
_GRID: Look = {"color": "#e3e8ed", "linewidth": 0.5}
_STEPS = (1, 2, 3, 6, 12, 24, 48)  # months between labels
_NAMES = 0.38  # of the width, at most, for the names of rows


@dataclass(frozen=True)
class Row:
    """A row of a chart: its name on the left and its words on the right; a heading has no words."""

    name: str
    words: str = ""
    heading: bool = False


def rows(sheet: Sheet, table: Sequence[Row], bottom: float) -> tuple[Axes, list[float]]:
    """Axes with a row for each of `table`, the first on top, and where each lies.

    `bottom` is the room for the scale below in millimetres. Names are cut where they are too long
    for their part of the sheet, and take two lines where there is room.
    """
    size, body = sheet.shape.text, sheet.body
    pitch = (body.height - bottom) / (len(table) + 0.4)
    names = [figure_text.printable(row.name) for row in table]
    left = min(max(figure_text.width(name, size) for name in names) + 2, body.width * _NAMES)
    lines = max(1, min(2, int(pitch / figure_text.height(size, 0.9))))
    words = [figure_text.printable(row.words) for row in table]
    right = max(figure_text.width(text, size) for text in words)
    axes = sheet.axes(left=left, right=right + 4, bottom=bottom)
    places = [float(number) for number in range(len(table))]
    axes.set_ylim(len(table) - 0.3, -0.7)
    axes.set_yticks(places, [figure_text.fitted(name, left - 1.5, size, lines) for name in names])
    axes.tick_params(axis="y", length=0)
    look: Look = {"fontsize": size, "color": INK, "va": "center"}
    for place, row, text, label in zip(places, table, words, axes.get_yticklabels(), strict=True):
        label.set_color(FAINT if row.heading else INK)
        axes.text(1, place, "  " + text, transform=axes.get_yaxis_transform(), **look)
    return axes, places


def plain(sheet: Sheet, widest: str = "100%", bottom: float = 0) -> Axes:
    """Axes with lines across, room for scales whose widest label is `widest`, and a last month."""
    size = sheet.shape.text
    month = figure_text.width("0000-00", size)
    axes = sheet.axes(
        left=figure_text.width(widest, size) + 2,
        bottom=figure_text.height(size, 1.3) + bottom,
        right=month / 2,
        top=1.5,
    )
    axes.grid(axis="y", **_GRID)
    axes.set_axisbelow(True)
    return axes


def counts(axes: Axes, most: float) -> None:
    """A scale of whole numbers from zero to `most`."""
    axes.set_ylim(0, max(most, 1) * 1.05)
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.yaxis.set_major_formatter(NUMBER)


def months(axes: Axes, days: pd.Series, sheet: Sheet) -> None:
    """Label the months of `days`, as many as stand apart, the last one always."""
    left, right = axes.get_xlim()
    wide = axes.get_position().width * sheet.shape.width
    room = figure_text.width("0000-00", sheet.shape.text) * 1.25
    days = pd.Series(days).drop_duplicates().reset_index(drop=True)
    numbers = axes.convert_xunits(days.to_numpy())
    apart = min((b - a for a, b in pairwise(numbers)), default=1) / (right - left) * wide
    step = next((step for step in _STEPS if apart * step >= room), _STEPS[-1])
    shown = np.arange(len(days) - 1, -1, -step)
    axes.set_xticks(numbers[shown], [f"{days[place]:%Y-%m}" for place in shown])


def swatch(sheet: Sheet, colour: str) -> Look:
    """Look of a bar's colour in the legend above a chart."""
    wide = sheet.shape.text * 0.7
    return {"color": colour, "linewidth": wide, "linestyle": "-", "solid_capstyle": "butt"}
