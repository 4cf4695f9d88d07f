"""The small map on a work list: the venues of a plan, each under its number on the list."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from domain import typed_rows
from presentation import basemap, labels, legends, map_layers
from presentation.palette import FAINT, PLAN_COLOURS
from reports.figures import figure_files, figure_text, map_figures
from reports.figures.label_placement import apart
from reports.figures.paper import Blank, Look, Shape, Sheet

SHAPE = Shape(254, 127, False, 9, 8, 0, 2, 56)  # ten by five inches
CROWD = 300  # numbers on a map that are too many to stand apart
MARK = 4.2  # millimetres across
_LINE = "#44505c"


def png(venues: pd.DataFrame, stamp: str) -> bytes:
    """The map of `venues` as PNG of ten by five inches."""
    return figure_files.png(sheet(Blank(SHAPE, "", stamp), venues))


def sheet(blank: Blank, venues: pd.DataFrame) -> Sheet:
    """The map of `venues` (number, done, lon and lat).

    Those without a point are left out, and the note says how many. Numbers that would hide each
    other stand apart, with a line to where they belong.
    """
    points = labels.listed(venues).dropna(subset=["lon", "lat"])
    legend = legends.plan_legend(venues)
    paper = blank.sheet([legend.note + map_layers.SOURCE_NOTE])
    paper.column([legend])
    counties = basemap.counties()
    axes = map_figures.base(paper, map_figures.around(points))
    look: Look = {"fontsize": 9, "color": FAINT, "ha": "center", "zorder": 2, "clip_on": True}
    for name, place in zip(counties["county"], counties.representative_point(), strict=True):
        axes.text(place.x, place.y, name, **look)
    places = map_figures.on_paper(paper, axes, points[["lon", "lat"]].to_numpy(float))
    _numbers(paper, list(typed_rows.rows(points, _Venue)), places)
    map_figures.furnish(paper, axes)
    return paper


class _Venue(NamedTuple):
    number: int
    done: bool


def _numbers(paper: Sheet, venues: list[_Venue], places: np.ndarray) -> None:
    """The numbers of `venues`, which stand apart from each other, with lines to their `places`."""
    boxes = np.full((len(venues), 2), MARK)
    marks = apart(places, boxes, paper.body) if len(venues) <= CROWD else places
    marks = np.where(np.isnan(marks), places, marks)
    line: Look = {"color": _LINE, "linewidth": 0.6, "zorder": 3}
    dot: Look = {"marker": "o", "markersize": MARK / figure_text.MM, "zorder": 3.5}
    dot |= {"markeredgecolor": "white", "markeredgewidth": 0.5}
    text: Look = {"color": "white", "ha": "center", "va": "center_baseline", "zorder": 4}
    for venue, (x, y), (mark_x, mark_y) in zip(venues, places, marks, strict=True):
        paper.line([x, mark_x], [y, mark_y], line)
        paper.line([mark_x], [mark_y], dot | {"color": PLAN_COLOURS[venue.done]})
        paper.write(str(venue.number), mark_x, mark_y, 7, **text)
