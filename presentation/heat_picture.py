"""Heat pictures: smoothed counts on a fixed grid, drawn on the server."""

import io
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib import colors, image

STEP = 0.004  # degrees of latitude per pixel, about 450 m
SIGMA = 2.2  # pixels, about 1 km
PALETTE = ("#fee8c8", "#fdbb84", "#ef6548", "#b30000", "#67000d")


@dataclass(frozen=True)
class Heat:
    """A smoothed count with its place and its classes.

    `grid` is a `surface`, `bounds` ((south, west), (north, east)) in WGS-84 degrees; `breaks` are
    the lower edges of the five classes, in shops within about one kilometre (Gaussian weights, peak
    1).
    """

    grid: np.ndarray
    bounds: tuple[tuple[float, float], tuple[float, float]]
    breaks: tuple[float, ...]

    def classes(self) -> list[tuple[str, float, float | None]]:
        """(colour, lower edge, upper edge or None) of each class, rising."""
        uppers = (*self.breaks[1:], None)
        return list(zip(PALETTE, self.breaks, uppers, strict=True))

    def shades(self) -> list[tuple[float, float, float, float]]:
        """Red, green, blue and opacity (0 to 1) of each class, rising."""
        return [
            (*colors.to_rgb(colour), 0.55 + 0.08 * level)
            for level, colour in enumerate(PALETTE, start=1)
        ]

    def degrees(self) -> tuple[np.ndarray, np.ndarray]:
        """Longitudes of the columns of the grid and latitudes of its rows."""
        (south, west), (north, _) = self.bounds
        rows, columns = (np.arange(size) + 0.5 for size in self.grid.shape)
        return west + columns * STEP / _narrow(south, north), north - rows * STEP

    def png(self) -> bytes:
        """The picture as a PNG file, a pixel a cell of the grid."""
        shades = np.array([(0, 0, 0, 0), *self.shades()])
        buffer = io.BytesIO()
        image.imsave(buffer, shades[np.digitize(self.grid, self.breaks)], format="png")
        return buffer.getvalue()


def surface(cells: pd.DataFrame, box: tuple[float, float, float, float]) -> np.ndarray:
    """Smoothed count on the grid of `box` (west, south, east, north), rows from north to south.

    `cells` has lon, lat (WGS-84 degrees) and value. The kernel is Gaussian with peak 1, so a
    lone shop reads 1 where it stands.
    """
    west, south, east, north = box
    aspect = _narrow(south, north)
    shape = int((north - south) / STEP) + 1, int((east - west) * aspect / STEP) + 1
    rows = ((north - cells["lat"].to_numpy()) / STEP).astype(int)
    cols = ((cells["lon"].to_numpy() - west) * aspect / STEP).astype(int)
    inside = (rows >= 0) & (rows < shape[0]) & (cols >= 0) & (cols < shape[1])
    grid = np.zeros(shape)
    np.add.at(grid, (rows[inside], cols[inside]), cells["value"].to_numpy(dtype=float)[inside])
    reach = int(3 * SIGMA)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / SIGMA) ** 2)
    for axis in (0, 1):
        grid = np.apply_along_axis(np.convolve, axis, grid, kernel, mode="same")
    return grid


def heat(cells: pd.DataFrame, box: tuple[float, float, float, float]) -> Heat:
    """Heat picture of `cells` (lon, lat, value) over `box` (west, south, east, north)."""
    grid = surface(cells, box)
    peak = grid.max(initial=0)
    breaks = tuple(sorted({_tidy(max(peak, 5) * part) for part in (0.02, 0.06, 0.16, 0.38, 0.7)}))
    while len(breaks) < len(PALETTE):
        breaks = (*breaks, breaks[-1] + 1)
    west, south, east, north = box
    return Heat(grid, ((south, west), (north, east)), breaks)


def _narrow(south: float, north: float) -> float:
    """Degrees of latitude to one of longitude between two latitudes."""
    return np.cos(np.radians((south + north) / 2))


def _tidy(value: float) -> float:
    """`value` rounded to one significant figure, at least 1."""
    size = 10 ** np.floor(np.log10(max(value, 1)))
    return float(max(1, round(value / size) * size))
