"""Tables of slides: cells that wrap to a few lines, as many rows as there is room for."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.slide import Slide
from pptx.table import _Cell as Cell
from pptx.util import Emu, Inches

from excel.cell_text import text, width_of
from presentation.palette import INK, MAIN
from reports.documents.slide_parts import PALE, Box, Look, described, paragraphs, rgb

_LINE = 1.45  # height of a line, in sizes of its letters
_LEAST = 11  # points of a table
_HEAD = 4  # signs that are left of what names begin with
_FIGURE = re.compile(r"[\d,./% ]+|—|未知")  # columns of nothing else stand on the right


@dataclass(frozen=True)
class Grid:
    """A table to be drawn: headings, rows of text, shares of the width, points at the most.

    Cells take up to `lines` lines; `about` tells who cannot see it what it shows.
    """

    about: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    size: float = 14
    lines: int = 1


def table(on: Slide, box: Box, grid: Grid) -> int:
    """A table as large as fits, figures on the right; how many of its rows there was room for."""
    across = [box.width * share / sum(grid.widths) for share in grid.widths]
    sizes = (grid.size - step / 2 for step in range(int((grid.size - _LEAST) * 2) + 1))
    fitting = (size for size in sizes if sum(_highs(grid, across, size)) <= box.height)
    size = next(fitting, grid.size)  # where none has room for all, the first rows are readable
    highs = _highs(grid, across, size)
    while sum(highs) > box.height:
        highs.pop()
    more = min((box.height - sum(highs)) / len(highs), 0.12)  # airier where there is room
    lines = [grid.headings, *grid.rows][: len(highs)]
    place = replace(box, height=sum(highs) + more * len(highs)).inches
    shape: Any = on.shapes.add_table(len(lines), len(grid.headings), *place)
    described(shape, grid.about)
    for column, wide in zip(shape.table.columns, across, strict=True):
        column.width = Inches(wide)
    texts = zip(
        *(
            distinct(column, wide, size, grid.lines)
            for column, wide in zip(zip(*lines, strict=True), across, strict=True)
        ),
        strict=True,
    )
    right = [all(map(_FIGURE.fullmatch, column)) for column in zip(*lines[1:], strict=True)]
    for number, (row, cells, high) in enumerate(zip(shape.table.rows, texts, highs, strict=True)):
        row.height = Inches(high + more)
        for cell, value, figure in zip(row.cells, cells, right, strict=True):
            _cell(cell, value, size, number)
            if figure:
                cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    return len(lines) - 1


def _highs(grid: Grid, across: Sequence[float], size: float) -> list[float]:
    """Inches that the rows take, the heading first."""

    def most(cells: Sequence[str]) -> int:
        lines = (
            math.ceil(width_of(value) / _across(wide, size))
            for value, wide in zip(cells, across, strict=True)
        )
        return min(max(1, *lines), grid.lines)

    return [0.1 + most(cells) * _LINE * size / 72 for cells in [grid.headings, *grid.rows]]


def _cell(cell: Cell, value: str, size: float, number: int) -> None:
    """One cell of row `number`, of which 0 is the heading."""
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Inches(0.08)
    cell.margin_top = cell.margin_bottom = Emu(0)
    shade = MAIN if number == 0 else "#ffffff" if number % 2 else PALE
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb(shade)
    look = Look(size, colour="#ffffff" if number == 0 else INK, bold=number == 0)
    paragraphs(cell.text_frame, [value], look, size)


def distinct(values: Sequence[str], width: float, size: float, lines: int = 1) -> list[str]:
    """The `values` of a column `shortened`, so that different ones stay different.

    Of those that would look the same, what they all begin with is left out.
    """
    cut = [shortened(value, width, size, lines) for value in values]
    for same in {one for one in cut if cut.count(one) > 1}:
        alike = [value for value, short in zip(values, cut, strict=True) if short == same]
        signs = enumerate(zip(*alike, strict=False))
        common = next((place for place, here in signs if len(set(here)) > 1), None)
        if common is not None:
            own = {value: f"{value[:_HEAD]}…{value[common:]}" for value in alike}
            cut = [
                shortened(own[value], width, size, lines) if short == same else short
                for value, short in zip(values, cut, strict=True)
            ]
    return cut


def shortened(value: str, width: float, size: float, lines: int = 1) -> str:
    """`value` cut to `lines` lines of `width` inches at `size` points.

    It is cut in its middle: many names begin with the same words and end with others.
    """
    clean, room = text(value).replace("\n", " "), lines * _across(width, size)
    if width_of(clean) <= room:
        return clean
    head, tail = "", ""
    for sign in clean:
        if width_of(head + sign) > room * 0.6:
            break
        head += sign
    for sign in reversed(clean):
        if width_of(head + tail + sign) > room - 2:
            break
        tail = sign + tail
    return f"{head}…{tail}"


def _across(width: float, size: float) -> int:
    """Half-width characters in one line of a cell."""
    return int((width - 0.2) * 72 / (size / 2) * 0.92)
