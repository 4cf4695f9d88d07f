"""Points fall into H3 cells, and cells have outlines."""

import h3.api.basic_int as h3
import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

from geo import grid

COLUMNS = ["h3_6", "h3_7", "h3_8", "h3_9"]


@given(lon=st.floats(-179, 179), lat=st.floats(-85, 85))
def test_every_cell_is_the_parent_of_the_finer_ones(lon, lat):
    cells = grid.cells([lon], [lat]).iloc[0]
    finest = h3.latlng_to_cell(lat, lon, 9)
    assert cells.tolist() == [h3.cell_to_parent(finest, resolution) for resolution in (6, 7, 8, 9)]


def test_a_missing_point_has_no_cell_and_the_index_is_kept():
    lon = pd.Series([119.2, np.nan, 118.7], index=[7, 8, 9])
    cells = grid.cells(lon, pd.Series([34.6, 34.6, np.nan], index=[7, 8, 9]))
    assert list(cells.columns) == COLUMNS
    assert cells.index.tolist() == [7, 8, 9]
    assert (cells.dtypes == "Int64").all()
    assert cells.isna().all(axis=1).tolist() == [False, True, True]


def test_no_points_give_no_cells():
    assert grid.cells([], []).shape == (0, 4)
    assert grid.polygons([]).empty


def test_the_outline_of_a_cell_holds_its_point():
    lon, lat = 119.2213, 34.6013
    cells = grid.cells([lon], [lat])
    shapes = grid.polygons(cells["h3_8"])
    assert shapes.crs == "EPSG:4326"
    assert shapes["cell"].tolist() == cells["h3_8"].tolist()
    assert shapes.geometry.iloc[0].contains(Point(lon, lat))


def test_each_cell_is_drawn_once():
    cell = int(grid.cells([119.2], [34.6])["h3_7"].iloc[0])
    assert grid.polygons([cell, cell])["cell"].tolist() == [cell]
