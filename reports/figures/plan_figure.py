"""The small map on a work list: the venues of a plan, each under its number on the list."""

import numpy as np
import pandas as pd

from presentation import basemap, legends, map_layers, palette
from reports.figures import figure_text, map_figures
from reports.figures.label_placement import apart
from reports.figures.paper import BORDER, Blank, Shape, Sheet

SHAPE = Shape(254, 127, False, 9, 8, 0, 2, 56)  # ten by five inches
CROWD = 300  # numbers on a map that are too many to stand apart
MARK = 4.2  # millimetres across
_INK = "#44505c"


def png(venues: pd.DataFrame, stamp: str) -> bytes:
    """The map of `venues` (number, done, lon and lat) as PNG of ten by five inches.

    Those without a point are left out, and the note says how many. Numbers that would hide each
    other stand apart, with a line to where they belong.
    """
    return sheet(venues, stamp).png()


def sheet(venues: pd.DataFrame, stamp: str) -> Sheet:
    """The sheet of `png`."""
    points = venues.dropna(subset=["lon", "lat"])
    legend = legends.plan_legend(venues)
    paper = Blank(SHAPE, "", stamp).sheet([legend.note + map_layers.SOURCE_NOTE])
    paper.column([legend])
    counties = basemap.counties()
    axes = map_figures.base(paper, map_figures.around(points))
    for row in counties.itertuples():
        place = row.geometry.representative_point()
        axes.text(place.x, place.y, row.county, fontsize=9, color=BORDER, ha="center", zorder=2,
                  clip_on=True)  # fmt: skip
    _numbers(
        paper, points, map_figures.on_paper(paper, axes, points[["lon", "lat"]].to_numpy(float))
    )
    map_figures.furnish(paper, axes)
    return paper


def _numbers(paper: Sheet, points: pd.DataFrame, places: np.ndarray) -> None:
    """The `points` under their numbers, which stand apart from each other."""
    boxes = np.full((len(points), 2), MARK)
    marks = apart(places, boxes, paper.body) if len(points) <= CROWD else places
    marks = np.where(np.isnan(marks), places, marks)
    size = MARK / figure_text.MM
    for row, (x, y), (there_x, there_y) in zip(points.itertuples(), places, marks, strict=True):
        colour = palette.PLAN_COLOURS[row.done]
        paper.line([x, there_x], [y, there_y], {"color": _INK, "linewidth": 0.6, "zorder": 3})
        paper.line([there_x], [there_y], {"marker": "o", "color": colour, "markersize": size,
                                          "markeredgecolor": "white", "markeredgewidth": 0.5,
                                          "zorder": 3.5})  # fmt: skip
        paper.write(str(row.number), there_x, there_y, 7, color="white", ha="center",
                    va="center_baseline", zorder=4)  # fmt: skip
