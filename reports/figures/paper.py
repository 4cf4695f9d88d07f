"""Sheets: paper with title, legend, notes and stamp, on which a map or a chart is drawn.

All places and sizes are millimetres from the lower left corner of the paper, text in points, as
they are when it is printed.
"""

import io
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform
from PIL import Image

from presentation.legends import Legend
from reports.figures import figure_text

DPI = 300
INK, FAINT, BORDER = "#1b2733", "#5a6773", "#5a6773"
DEMO = "演示数据"
_INCH = 25.4
_GAP = 2.0  # between the parts of a sheet
_FOOT = 0.35  # of the sheet, at most, for notes
# What matplotlib writes beside the drawing: the address of a DTD, and all text in comments.
_ASIDE = re.compile(rb"<!DOCTYPE[^>]*>\s*|\s*<!--.*?-->", re.DOTALL)
# matplotlib is not made for threads: figures are drawn one at a time in a process.
_drawing = threading.RLock()


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
    "small": Shape(86, 74, False, 7, 7, 0, 1, 29),
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
    """Paper before anything is drawn on it: its shape, title and stamp."""

    shape: Shape
    title: str
    stamp: str

    @property
    def demo(self) -> bool:
        """Whether the stamp says that the data is a demo."""
        return self.stamp.startswith(f"【{DEMO}】")

    def sheet(self, notes: Sequence[str] = ()) -> "Sheet":
        """A sheet with title, `notes` (sentences) and stamp, and room for the rest."""
        return Sheet(self, notes)

    def empty(self, why: str, notes: Sequence[str] = ()) -> "Sheet":
        """A sheet that says in words why there is nothing to see."""
        sheet = self.sheet(notes)
        body, size = sheet.body, self.shape.text * 1.2
        lines = figure_text.wrapped(why, body.width * 0.8, size)
        sheet.write(
            "\n".join(lines),
            (body.left + body.right) / 2,
            (body.bottom + body.top) / 2,
            size,
            ha="center",
            va="center",
            color=FAINT,
        )
        return sheet


@dataclass
class Sheet:
    """A sheet being drawn: `body` is the part of the paper that is still free."""

    blank: Blank
    notes: Sequence[str] = ()
    shape: Shape = field(init=False)
    figure: Figure = field(init=False)
    millimetres: Transform = field(init=False)
    body: Box = field(init=False)

    def __post_init__(self) -> None:
        shape = self.shape = self.blank.shape
        # A hundredth of a pixel more, so that nothing is lost when pixels are cut to whole ones.
        self.figure = Figure([(side + 0.01) / DPI for side in shape.pixels], dpi=DPI)
        self.millimetres = Affine2D().scale(1 / _INCH) + self.figure.dpi_scale_trans
        edge = shape.margin
        self.body = Box(edge, edge, shape.width - edge, shape.height - edge)
        self._foot()
        if shape.whole:
            self._head()
        if self.blank.demo:
            self._mark()

    def write(self, text: str, x: float, y: float, size: float, **look: object) -> Text:
        """Write printable `text` at `x`, `y`; by default its lower left corner is there."""
        look = {"color": INK, "va": "baseline", "linespacing": 1.15} | look
        return self.figure.text(x, y, text, fontsize=size, transform=self.millimetres, **look)

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
        shape, body = self.shape, self.body
        left, y = body.right - shape.column, body.top
        for legend in legends:
            y = self._legend(legend, left, y) - figure_text.height(shape.text, 0.6)
        self.body = Box(body.left, body.bottom, left - _GAP, body.top)

    def row(self, entries: Sequence[tuple[str, dict]]) -> None:
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
        self.body = Box(body.left, body.bottom, body.right, y - _GAP)

    def png(self) -> bytes:
        """The sheet as PNG at `DPI`."""
        with _drawing:
            canvas = FigureCanvasAgg(self.figure)
            canvas.draw()
            pixels = np.asarray(canvas.buffer_rgba())[:, :, :3].copy()
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "PNG", dpi=(DPI, DPI), compress_level=6)
        return buffer.getvalue()

    def svg(self) -> bytes:
        """The sheet as SVG, its text as outlines, which nothing outside of it is needed to show."""
        buffer = io.BytesIO()
        none = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        with _drawing:
            FigureCanvasSVG(self.figure).print_svg(buffer, metadata=none)
        return _ASIDE.sub(b"", buffer.getvalue())

    def _foot(self) -> None:
        """Notes and, below them, the stamp, at the foot of the body."""
        shape, body = self.shape, self.body
        stamp = _stamped(self.blank.stamp, body.width, shape.small)
        notes = [
            line
            for note in self.notes
            for line in figure_text.wrapped(note, body.width, shape.small)
        ]
        step, y = figure_text.height(shape.small), body.bottom + 0.4
        for line in reversed([*filter(None, notes), *stamp]):
            self.write(line, body.left, y, shape.small, color=FAINT)
            y += step
        self.body = Box(body.left, y + _GAP / 2, body.right, body.top)

    def _head(self) -> None:
        shape, body = self.shape, self.body
        size = shape.title
        title = figure_text.printable(self.blank.title)
        while figure_text.width(title, size) > body.width and size > shape.text:
            size -= 0.5
        top = body.top - figure_text.height(size, 0.8)
        title = figure_text.shortened(title, body.width, size)
        self.write(title, body.left, top, size)
        self.body = Box(body.left, body.bottom, body.right, top - 3 * _GAP)

    def _mark(self) -> None:
        """演示数据 across the sheet, faint enough to read through."""
        shape = self.shape
        size = shape.width * 0.5 / figure_text.width(DEMO, 1)
        self.write(DEMO, shape.width / 2, shape.height / 2, size, ha="center", va="center",
                   rotation=28, color=FAINT, alpha=0.13, zorder=9)  # fmt: skip

    def _legend(self, legend: Legend, left: float, top: float) -> float:
        """One legend whose upper left corner is at `left`, `top`; where it ends."""
        shape = self.shape
        size, step = shape.text, figure_text.height(shape.text)
        y = top
        for line in figure_text.wrapped(legend.title, shape.column, size):
            y -= step
            self.write(line, left, y, size)
        y -= step * 0.15
        for colour, label, count in legend.rows:
            text = label + ("" if count is None else f"  {count:,}")
            first, *others = figure_text.wrapped(text, shape.column - size * 0.5, size)
            y -= step
            self._dot(left + size * 0.15, y + step * 0.27, "o" if legend.dots else "s", colour)
            for line in (first, *others):
                self.write(line, left + size * 0.5, y, size)
                y -= step
            y += step
        return y

    def _dot(self, x: float, y: float, marker: str, colour: str) -> None:
        look = {"marker": marker, "color": colour, "markersize": self.shape.text * 0.8}
        self.line([x], [y], look | {"markeredgecolor": FAINT, "markeredgewidth": 0.4})

    def line(self, x: Sequence[float], y: Sequence[float], look: dict) -> None:
        """Draw a line through points of the paper; `look` is matplotlib's."""
        self.figure.add_artist(Line2D(x, y, transform=self.millimetres, **look))


def _stamped(stamp: str, room: float, size: float) -> list[str]:
    """The parts of a stamp in lines of `room` millimetres; a part is broken only if it must be."""
    lines: list[str] = []
    for part in stamp.split(" | "):
        longer = f"{lines[-1]} | {part}" if lines else part
        if lines and figure_text.width(figure_text.printable(longer), size) <= room:
            lines[-1] = longer
        else:
            lines.append(part)
    return [part for line in lines for part in figure_text.wrapped(line, room, size)]
