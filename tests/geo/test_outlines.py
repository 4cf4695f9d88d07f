"""Outlines: drawn by hand, and what lies within what."""

import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon, box

from geo import boundaries, containment, outlines
from geo.outlines import OutlineError

WEST, SOUTH = 119.20, 34.60  # in 海州区
STEP = 0.002
SQUARE = box(WEST, SOUTH, WEST + STEP, SOUTH + STEP)
BOW = Polygon(  # crosses itself: two triangles that touch in the middle
    [(WEST, SOUTH), (WEST + STEP, SOUTH + STEP), (WEST + STEP, SOUTH), (WEST, SOUTH + STEP)]
)

# ---- drawn by hand ----------------------------------------------------------------------------


def test_clicked_corners_become_an_outline():
    corners = list(SQUARE.exterior.coords)[:-1]
    shape = outlines.drawn(corners)
    assert shape.symmetric_difference(SQUARE).area < 1e-12
    assert shapely.from_geojson(outlines.text(shape)).equals(shape)


@pytest.mark.parametrize("corners", [[], [(WEST, SOUTH)] * 3, [(WEST, SOUTH), (WEST, SOUTH + 1)]])
def test_fewer_than_three_corners_are_too_few(corners):
    with pytest.raises(OutlineError, match="至少要 3 个不同的点"):
        outlines.drawn(corners)


def test_drawn_lines_that_cross_are_refused():
    with pytest.raises(OutlineError, match="互相交叉"):
        outlines.drawn(list(BOW.exterior.coords)[:-1])


def test_corners_on_one_line_enclose_nothing():
    with pytest.raises(OutlineError):
        outlines.drawn([(WEST, SOUTH), (WEST + 0.01, SOUTH), (WEST + 0.02, SOUTH)])


# ---- what lies within what --------------------------------------------------------------------


def test_the_smallest_outline_that_holds_a_point_comes_first():
    shapes = np.array([box(0, 0, 3, 3), None, box(0, 0, 2, 2), box(1, 1, 4, 4)], dtype=object)
    found = containment.holding([1.5, 0.5, 9.0, np.nan, 2.0], [1.5, 0.5, 9.0, 1.0, 2.0], shapes)
    held = found.groupby("point")["outline"].agg(list).to_dict()
    assert held[1] == [2, 0]
    assert held[0][0] == 2 and set(held[0]) == {0, 2, 3}
    assert 2 in held[4], "a point on the edge lies within"
    assert set(held) == {0, 1, 4}


def test_shares_of_counties_are_of_area_and_add_up():
    haizhou, ganyu = box(119.1, 34.55, 119.2, 34.6), boundaries.counties().geometry.iloc[0]
    border = ganyu.boundary.interpolate(0.5, normalized=True)
    across = border.buffer(0.01)
    found = containment.county_shares(np.array([haizhou, across, None], dtype=object))
    assert found.groupby("outline")["share"].sum().to_list() == pytest.approx([1, 1])
    assert set(found["outline"]) == {0, 1}
    for row in found.itertuples():
        assert boundaries.county_of([row.inside.x], [row.inside.y])[0] == row.county_code
