"""Heat pictures: smoothed counts in five colours, drawn on the server."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib import colors, image

from geo import smoothing
from geo.smoothing import Box, Floats
from presentation.palette import HEAT_COLOURS


@dataclass(frozen=True)
class Heat:
    """A smoothed count with its place and its classes.

    `grid` is a `smoothing.surface` of `box`; `breaks` are the lower edges of the five classes, in
    shops within about one kilometre (Gaussian weights, peak 1), and `colours` theirs.
    """

    grid: Floats
    box: Box
    breaks: tuple[float, ...]
    colours: tuple[str, ...]

    @property
    def bounds(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """((south, west), (north, east)) in WGS-84 degrees."""
        west, south, east, north = self.box
        return (south, west), (north, east)

    def classes(self) -> list[tuple[str, float, float | None]]:
        """(colour, lower edge, upper edge or None) of each class, rising."""
        uppers = (*self.breaks[1:], None)
        return list(zip(self.colours, self.breaks, uppers, strict=True))

    def shades(self) -> list[tuple[float, float, float, float]]:
        """Red, green, blue and opacity (0 to 1) of each class, rising."""
        return [
            (*colors.to_rgb(colour), 0.55 + 0.08 * level)
            for level, colour in enumerate(self.colours, start=1)
        ]

    def png(self) -> bytes:
        """The picture as a PNG file, a pixel a cell of the grid."""
        shades = np.array([(0, 0, 0, 0), *self.shades()])
        buffer = io.BytesIO()
        image.imsave(buffer, shades[np.digitize(self.grid, self.breaks)], format="png")
        return buffer.getvalue()


def heat(cells: Mapping[str, pd.DataFrame], kind: str, box: Box) -> Heat:
    """Heat picture of the `cells` (lon, lat, value) of one `kind` over `box`.

    `cells` are those of all kinds of `HEAT_COLOURS`, which share their classes, so that two
    pictures can be compared; `box` is (west, south, east, north).
    """
    grids = {name: _surface(part, box) for name, part in cells.items()}
    grid = grids[kind]
    peak = max(one.max(initial=0) for one in grids.values())
    breaks = tuple(sorted({_tidy(max(peak, 5) * part) for part in (0.02, 0.06, 0.16, 0.38, 0.7)}))
    colours = HEAT_COLOURS[kind]
    while len(breaks) < len(colours):
        breaks = (*breaks, breaks[-1] + 1)
    return Heat(grid, box, breaks, colours)


def _surface(cells: pd.DataFrame, box: Box) -> Floats:
    lon, lat, value = (cells[name].to_numpy(dtype=float) for name in ("lon", "lat", "value"))
    some = value > 0
    return smoothing.surface(lon[some], lat[some], value[some], box)


def _tidy(value: float) -> float:
    """`value` rounded to one significant figure, at least 1."""
    size = 10 ** np.floor(np.log10(max(value, 1)))
    return float(max(1, round(value / size) * size))
