"""Paper for print: shapes, and sheets with title, legend, notes and stamp around a drawing.

All places and sizes are millimetres from the lower left corner of the paper, text in points, as
they are when it is printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from presentation.labels import stamp_lines
from presentation.legends import Legend
from presentation.palette import FAINT, INK, MUTED, UNKNOWN
from queries.scope import DEMO
from reports.figures import figure_text

DPI = 300
_INCH = 25.4
_GAP = 2.0  # between the parts of a sheet
Look = dict[str, Any]
"""How matplotlib draws a line."""


@dataclass(frozen=True)
class Shape:
    """A size of paper: `width` and `height` in millimetres, sizes of text in points.

    A `whole` sheet has a title and margins of its own; the others stand in a document that says
    what they are.
    """

    width: float
    height: float
    whole: bool
    text: float
    small: float  # of stamp and notes
    title: float
    margin: float
    column: float  # width of the legend

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height at `DPI`."""
        return round(self.width / _INCH * DPI), round(self.height / _INCH * DPI)


SHAPES = {
    "a4": Shape(297, 210, True, 10.5, 9, 20, 12, 62),
    "wide": Shape(13.333 * _INCH, 7.5 * _INCH, True, 11.5, 9, 22, 12, 70),
    "inset": Shape(156, 105, False, 8, 7, 0, 1.5, 40),
}


@dataclass(frozen=True)
class Box:
    """A part of the paper in millimetres."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom


@dataclass(frozen=True)
class Blank:
    """Paper before anything is drawn on it: its shape, title, stamp, and what the drawing says.

    A whole sheet has the `message` as its heading, where there is one, and the title below it.
    """

    shape: Shape
    title: str
    stamp: str
    message: str = ""

    def sheet(self, notes: Sequence[str] = ()) -> "Sheet":
        """A sheet with title, `notes` (sentences) and stamp, and room for the rest."""
        return Sheet(self, notes)

    def empty(self, why: str, notes: Sequence[str] = ()) -> "Sheet":
        """A sheet that says in words why there is nothing to see."""
        sheet = self.sheet(notes)
        body, size = sheet.body, self.shape.text * 1.2
        lines = "\n".join(figure_text.wrapped(why, body.width * 0.8, size))
        middle = (body.left + body.right) / 2, (body.bottom + body.top) / 2
        sheet.write(lines, *middle, size, ha="center", va="center", color=FAINT)
        return sheet


class Sheet:
    """A sheet being drawn: `body` is the part of the paper that is still free."""

    def __init__(self, blank: Blank, notes: Sequence[str]) -> None:
        self.shape = shape = blank.shape
        # A hundredth of a pixel more: matplotlib rounds the size in pixels down.
        width, height = ((side + 0.01) / DPI for side in shape.pixels)
        self.figure = Figure((width, height), dpi=DPI)
        self.millimetres = Affine2D().scale(1 / _INCH) + self.figure.dpi_scale_trans
        edge = shape.margin
        self.body = Box(edge, edge, shape.width - edge, shape.height - edge)
        self._foot(blank.stamp, notes)
        if shape.whole:
            self._head(blank.message or blank.title, blank.title if blank.message else "")
        if blank.stamp.startswith(f"【{DEMO}】"):
            self._mark()

    def write(self, text: str, x: float, y: float, size: float, **look: Any) -> Text:
        """Write printable `text` at `x`, `y`; by default its lower left corner is there."""
        usual: Look = {"color": INK, "va": "baseline", "linespacing": 1.15, "fontsize": size}
        return self.figure.text(x, y, text, transform=self.millimetres, **(usual | look))

    def line(self, x: Sequence[float], y: Sequence[float], look: Look) -> None:
        """Draw a line through points of the paper."""
        self.figure.add_artist(Line2D(x, y, transform=self.millimetres, **look))

    def axes(self, left: float = 0, bottom: float = 0, right: float = 0, top: float = 0) -> Axes:
        """Axes that fill the body but for these margins."""
        body, shape = self.body, self.shape
        axes = self.figure.add_axes(
            (
                (body.left + left) / shape.width,
                (body.bottom + bottom) / shape.height,
                (body.width - left - right) / shape.width,
                (body.height - bottom - top) / shape.height,
            )
        )
        axes.tick_params(labelsize=shape.text, labelcolor=INK, color=FAINT, length=2)
        for side, line in axes.spines.items():
            line.set_visible(side in ("left", "bottom"))
            line.set_color(FAINT)
            line.set_linewidth(0.6)
        return axes

    def column(self, legends: Sequence[Legend]) -> None:
        """Legends one below the other on the right of the body."""
        left, y = self.body.right - self.shape.column, self.body.top
        for legend in legends:
            y = self._legend(legend, left, y) - figure_text.height(self.shape.text, 0.6)
        self.body = replace(self.body, right=left - _GAP)

    def row(self, entries: Sequence[tuple[str, Look]]) -> None:
        """Entries of a legend side by side above the body: text and the look of its line.

        A look without a line style is that of a marker.
        """
        shape, body = self.shape, self.body
        step, swatch = figure_text.height(shape.text), shape.text * 0.75
        x, y = body.left, body.top - step
        for label, look in entries:
            text = figure_text.printable(label)
            wide = swatch + 1.2 + figure_text.width(text, shape.text)
            if x > body.left and x + wide > body.right:
                x, y = body.left, y - step
            middle = y + step * 0.27
            ends = [x, x + swatch] if look.get("linestyle") else [x + swatch / 2]
            self.line(ends, [middle] * len(ends), look)
            self.write(text, x + swatch + 1.2, y, shape.text)
            x += wide + shape.text * 0.5
        self.body = replace(body, top=y - _GAP)

    def _foot(self, stamp: str, notes: Sequence[str]) -> None:
        """Notes and, below them, the stamp, at the foot of the body."""
        body, size = self.body, self.shape.small

        def fits(line: str) -> bool:
            return figure_text.width(figure_text.printable(line), size) <= body.width

        texts = [*notes, *stamp_lines(stamp, fits)]
        lines = [line for text in texts for line in figure_text.wrapped(text, body.width, size)]
        step, y = figure_text.height(size), body.bottom + 0.4
        for line in reversed(list(filter(None, lines))):
            self.write(line, body.left, y, size, color=FAINT)
            y += step
        self.body = replace(body, bottom=y + _GAP / 2)

    def _head(self, heading: str, below: str) -> None:
        """The heading, as large as fits, and a small line `below` it."""
        body, size = self.body, self.shape.title
        heading = figure_text.printable(heading)
        while figure_text.width(heading, size) > body.width and size > self.shape.text:
            size -= 0.5
        top = body.top - figure_text.height(size, 0.8)
        self.write(figure_text.shortened(heading, body.width, size), body.left, top, size)
        if below:
            small = self.shape.text
            top -= figure_text.height(small, 1.3)
            text = figure_text.shortened(below, body.width, small)
            self.write(text, body.left, top, small, color=FAINT)
        self.body = replace(body, top=top - 3 * _GAP)

    def _mark(self) -> None:
        """The mark of demo data across the sheet, faint enough to read through."""
        shape = self.shape
        size = shape.width * 0.5 / figure_text.width(DEMO, 1)
        look = {"ha": "center", "va": "center", "rotation": 28, "color": FAINT, "alpha": 0.13}
        self.write(DEMO, shape.width / 2, shape.height / 2, size, zorder=9, **look)

    def _legend(self, legend: Legend, left: float, top: float) -> float:
        """One legend whose upper left corner is at `left`, `top`; where it ends."""
        width, size = self.shape.column, self.shape.text
        step, y = figure_text.height(size), top
        for line in figure_text.wrapped(legend.title, width, size):
            y -= step
            self.write(line, left, y, size)
        y -= step * 0.15
        dot = {"markersize": size * 0.8, "markeredgecolor": FAINT, "markeredgewidth": 0.4,
               "marker": "o" if legend.dots else "s"}  # fmt: skip
        for colour, label, count in legend.rows:
            text = label + ("" if count is None else f"  {count:,} {legend.unit}")
            middle = y - step + step * 0.27
            self.line([left + size * 0.15], [middle], dot | {"color": colour})
            if colour == UNKNOWN:
                self._hatch(left + size * 0.15, middle, size * 0.8 * figure_text.MM)
            for line in figure_text.wrapped(text, width - size * 0.5, size):
                y -= step
                self.write(line, left + size * 0.5, y, size)
        return y

    def _hatch(self, x: float, y: float, side: float) -> None:
        """The pattern of the unknown over a square of the legend."""
        corner = (x - side / 2, y - side / 2)
        look: Look = {"fill": False, "hatch": "//////", "edgecolor": MUTED, "linewidth": 0}
        self.figure.add_artist(Rectangle(corner, side, side, transform=self.millimetres, **look))
