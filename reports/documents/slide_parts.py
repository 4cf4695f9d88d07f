"""Parts of a slide: title, text that fits its box, cards, tables, notes, and the foot."""

import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.package import Part
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.shapes.autoshape import Shape
from pptx.slide import Slide
from pptx.table import _Cell as Cell
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Length, Pt

from excel.cell_text import text, width_of
from presentation.palette import DUE, FAINT, INK, MAIN
from queries.scope import DEMO

WIDE, HIGH, MARGIN = 13.333, 7.5, 0.6  # inches
BODY = 1.55  # inches from the top to what stands below the title
FOOT = 6.95
INSIDE = WIDE - 2 * MARGIN
FONT = "微软雅黑"
_BLANK = 6  # layout without placeholders
_LINE = 1.3  # height of a line, in sizes of its letters
_FIGURE = re.compile(r"[\d,./% ]+|—|未知")
_PALE, _DEMO_COLOUR = "#eef3f8", "#c0392b"


@dataclass(frozen=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def inches(self) -> tuple[Length, Length, Length, Length]:
        """Left, top, width and height as python-pptx takes them."""
        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)


@dataclass(frozen=True)
class Look:
    """How text looks: points at the most and at the least, colour, weight, side."""

    size: float
    least: float = 10
    colour: str = INK
    bold: bool = False
    centred: bool = False
    middle: bool = False


def deck(title: str) -> Deck:
    """An empty deck, 16:9, in a Chinese font."""
    made = Presentation()
    made.slide_width, made.slide_height = Inches(WIDE), Inches(HIGH)
    made.core_properties.title = text(title)
    made.core_properties.author = made.core_properties.last_modified_by = ""
    for part in made.slide_master.part.package.iter_parts():
        if part.partname.startswith("/ppt/theme/"):
            _chinese(part)
    return made


def _chinese(theme: Part) -> None:
    """Set the Latin and East Asian typefaces of a theme to the Chinese font."""
    root = etree.fromstring(theme.blob)
    for fonts in (qn("a:majorFont"), qn("a:minorFont")):
        for font in root.iter(fonts):
            for name in ("a:latin", "a:ea"):
                font.find(qn(name)).set("typeface", FONT)
    theme._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def slide(made: Deck, title: str, stamp: str, demo: bool) -> Slide:
    """A new slide with its title, the stamp at its foot, its number and the mark of demo data."""
    new: Slide = made.slides.add_slide(made.slide_layouts[_BLANK])
    if title:
        _rectangle(new, Box(MARGIN, 0.55, 0.09, 0.75), MAIN)
        head = Box(MARGIN + 0.2, 0.45, INSIDE - 0.25 - (1.6 if demo else 0), 0.95)
        write(new, head, [title], Look(24, 14, bold=True, middle=True))
    if demo:
        mark = _rectangle(new, Box(WIDE - MARGIN - 1.3, 0.5, 1.3, 0.4))
        mark.line.color.rgb = rgb(_DEMO_COLOUR)
        look = Look(14, colour=_DEMO_COLOUR, bold=True, centred=True)
        _paragraphs(mark.text_frame, [DEMO], look, 14)
    write(new, Box(MARGIN, FOOT, INSIDE - 0.8, 0.4), [stamp], Look(9, 6, FAINT, middle=True))
    number = Box(WIDE - MARGIN - 0.6, FOOT, 0.6, 0.4)
    write(new, number, [str(len(made.slides))], Look(10, colour=FAINT, middle=True))
    return new


def rgb(colour: str) -> RGBColor:
    """A colour written as #0f5fa8."""
    red_green_blue: RGBColor = RGBColor.from_string(colour[1:])
    return red_green_blue


def write(on: Slide, box: Box, lines: Sequence[str], look: Look) -> None:
    """Write the paragraphs `lines` into `box`, as large as fits; what no size fits is cut."""
    frame = on.shapes.add_textbox(*box.inches).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = Inches(0.05)
    frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE if look.middle else MSO_ANCHOR.TOP
    size, fitted = fit(lines, box, look)
    _paragraphs(frame, fitted, look, size)


def fit(lines: Sequence[str], box: Box, look: Look) -> tuple[float, list[str]]:
    """The size, in points, at which `lines` fit the box, and the lines, cut where none does."""
    fitted = [text(line) for line in lines]
    size = look.size
    while size > look.least and _height(fitted, box.width, size) > box.height:
        size -= 0.5
    while fitted and _height(fitted, box.width, size) > box.height:
        last = fitted.pop()
        last = last[: -max(len(last) // 10, 2)] + "…"
        if len(last) >= 6 or not fitted:
            fitted.append(last)
    return size, fitted


def _height(lines: Sequence[str], width: float, size: float) -> float:
    """Inches that `lines` take; a Chinese character is as wide as its size."""
    across = (width - 0.1) * 72 / (size / 2) - 1  # a line breaks a little before the edge
    rows = sum(max(math.ceil(width_of(line) / across), 1) for line in lines)
    return rows * size * _LINE / 72 + max(len(lines) - 1, 0) * size * 0.4 / 72


def shortened(value: str, width: float, size: float) -> str:
    """`value` cut to one line of `width` inches at `size` points."""
    clean, room = text(value).replace("\n", " "), int((width - 0.2) * 72 / (size / 2) * 0.92)
    if width_of(clean) <= room:
        return clean
    while width_of(clean) > room - 2:
        clean = clean[:-1]
    return clean + "…"


def card(on: Slide, box: Box, label: str, number: str, below: str) -> None:
    """A big number with what it is above it and more about it below."""
    _rectangle(on, box, _PALE)
    quarter, left, width = box.height / 4, box.left + 0.1, box.width - 0.2
    big = Look(40, 16, DUE if label == "应达线" else MAIN, True, True, True)
    lines = (
        (0.1, quarter, label, Look(15, colour=FAINT, centred=True, middle=True)),
        (quarter, 2 * quarter, number, big),
        (3 * quarter - 0.1, quarter, below, Look(13, colour=FAINT, centred=True, middle=True)),
    )
    for top, height, line, look in lines:
        write(on, Box(left, box.top + top, width, height), [line], look)


@dataclass(frozen=True)
class Grid:
    """A table to be drawn: headings, rows of text, shares of the width, points at the most."""

    headings: Sequence[str]
    rows: Iterable[Sequence[str]]
    widths: Sequence[float]
    size: float


def table(on: Slide, box: Box, grid: Grid) -> None:
    """A table whose cells take one line each; figures stand on the right."""
    lines = [grid.headings, *grid.rows]
    high = min(box.height / len(lines), 0.42)
    size = min(grid.size, high * 72 / 1.6)
    place = replace(box, height=high * len(lines)).inches
    made = on.shapes.add_table(len(lines), len(grid.headings), *place).table
    across = [box.width * share / sum(grid.widths) for share in grid.widths]
    for place_across, wide in enumerate(across):
        made.columns[place_across].width = Inches(wide)
    for number, cells in enumerate(lines):
        made.rows[number].height = Inches(high)
        for place_across, (value, wide) in enumerate(zip(cells, across, strict=True)):
            cell = made.cell(number, place_across)
            _cell(cell, shortened(value, wide, size), size, number)


def _cell(cell: Cell, value: str, size: float, number: int) -> None:
    """One cell of row `number`, of which 0 is the heading."""
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Inches(0.08)
    cell.margin_top = cell.margin_bottom = Emu(0)
    shade = MAIN if number == 0 else "#ffffff" if number % 2 else _PALE
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb(shade)
    look = Look(size, colour="#ffffff" if number == 0 else INK, bold=number == 0)
    _paragraphs(cell.text_frame, [value], look, size)
    if _FIGURE.fullmatch(value):
        cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def picture(on: Slide, png: bytes, box: Box, about: str) -> None:
    """A picture as large as fits the box, in its own proportions, with words for who cannot see."""
    shape = on.shapes.add_picture(io.BytesIO(png), Inches(box.left), Inches(box.top))
    scale = min(Inches(box.width) / shape.width, Inches(box.height) / shape.height)
    shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
    shape._element._nvXxPr.cNvPr.set("descr", text(about))


def notes(on: Slide, lines: Sequence[str]) -> None:
    """Write the notes page."""
    frame = on.notes_slide.notes_text_frame
    assert frame is not None  # python-pptx's own layout of notes has one
    frame.text = "\n".join(text(line) for line in lines)


def _paragraphs(frame: TextFrame, lines: Sequence[str], look: Look, size: float) -> None:
    for place, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.CENTER if look.centred else PP_ALIGN.LEFT
        paragraph.line_spacing = 1.1
        if place:
            paragraph.space_before = Pt(size * 0.4)
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold = Pt(size), look.bold
        run.font.color.rgb = rgb(look.colour)
        run.font.name = FONT
        # python-pptx cannot set the East Asian typeface.
        run._r.get_or_add_rPr().append(etree.Element(qn("a:ea"), typeface=FONT))


def _rectangle(on: Slide, box: Box, colour: str = "") -> Shape:
    """A rectangle filled with `colour`, without the look of the theme and its shadow."""
    shape = on.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.inches)
    shape._element.remove(shape._element.find(qn("p:style")))
    if colour:
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(colour)
        shape.line.fill.background()
    else:
        shape.fill.background()
    return shape


def content(made: Deck) -> bytes:
    """The finished file."""
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()
