"""Counts at points smoothed on a grid of latitude and longitude, by a Gaussian kernel."""

import numpy as np
from numpy.typing import NDArray

STEP = 0.004  # degrees of latitude per cell, about 450 m
SIGMA = 2.2  # cells, about 1 km

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]  # west, south, east, north in WGS-84 degrees


def surface(lon: Floats, lat: Floats, value: Floats, box: Box) -> Floats:
    """Smoothed sum of `value` on the grid of `box`, rows from north to south.

    The kernel has peak 1, so a lone value is itself where it stands.
    """
    west, south, east, north = box
    aspect = _narrow(box)
    shape = int((north - south) / STEP) + 1, int((east - west) * aspect / STEP) + 1
    rows = ((north - lat) / STEP).astype(int)
    cols = ((lon - west) * aspect / STEP).astype(int)
    inside = (rows >= 0) & (rows < shape[0]) & (cols >= 0) & (cols < shape[1])
    grid = np.zeros(shape)
    np.add.at(grid, (rows[inside], cols[inside]), value[inside])
    reach = int(3 * SIGMA)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / SIGMA) ** 2)
    for axis in (0, 1):
        grid = np.apply_along_axis(np.convolve, axis, grid, kernel, mode="same")
    return grid


def degrees(grid: Floats, box: Box) -> tuple[Floats, Floats]:
    """Longitudes of the columns of a `surface` on `box` and latitudes of its rows."""
    west, _, _, north = box
    rows, columns = (np.arange(size, dtype=np.float64) + 0.5 for size in grid.shape)
    return west + columns * STEP / _narrow(box), north - rows * STEP


def _narrow(box: Box) -> float:
    """Degrees of latitude to one of longitude in the middle of `box`."""
    _, south, _, north = box
    return float(np.cos(np.radians((south + north) / 2)))
