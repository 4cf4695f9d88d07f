"""Parts of a slide: title, text that fits its box, cards, tables, notes, and the foot."""

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Inches, Pt

from excel.cell_text import text, width_of
from presentation.palette import DUE, INK, MAIN

WIDE, HIGH, MARGIN = 13.333, 7.5, 0.6  # inches
BODY = 1.55  # inches from the top to what stands below the title
FOOT = 6.95
INSIDE = WIDE - 2 * MARGIN
FONT = "微软雅黑"
_BLANK = 6  # layout without placeholders
_LINE = 1.3  # height of a line, in sizes of its letters
_FIGURE = re.compile(r"[\d,./% ]+|—|未知")
_GREY, _PALE, _DEMO = "#5a6773", "#eef3f8", "#c0392b"


@dataclass(frozen=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float


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


def _chinese(theme: object) -> None:
    """Set the Latin and East Asian typefaces of a theme to the Chinese font."""
    root = etree.fromstring(theme.blob)
    for fonts in (qn("a:majorFont"), qn("a:minorFont")):
        for found in root.iter(fonts):
            for name in ("a:latin", "a:ea"):
                found.find(qn(name)).set("typeface", FONT)
    theme._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def slide(made: Deck, title: str, stamp: str, demo: bool) -> Slide:
    """A new slide with its title, the stamp at its foot, its number and the mark of demo data."""
    new = made.slides.add_slide(made.slide_layouts[_BLANK])
    if title:
        bar = new.shapes.add_shape(
            MSO_SHAPE.RECTANGLE, Inches(MARGIN), Inches(0.55), Inches(0.09), Inches(0.75)
        )
        _fill(bar, MAIN)
        room = INSIDE - 0.25 - (1.6 if demo else 0)
        write(
            new, Box(MARGIN + 0.2, 0.45, room, 0.95), [title], Look(24, 14, bold=True, middle=True)
        )
    if demo:
        mark = new.shapes.add_shape(
            MSO_SHAPE.RECTANGLE, Inches(WIDE - MARGIN - 1.3), Inches(0.5), Inches(1.3), Inches(0.4)
        )
        _plain(mark)
        mark.fill.background()
        mark.line.color.rgb = RGBColor.from_string(_DEMO[1:])
        _paragraphs(
            mark.text_frame, ["演示数据"], Look(14, colour=_DEMO, bold=True, centred=True), 14
        )
    write(new, Box(MARGIN, FOOT, INSIDE - 0.8, 0.4), [stamp], Look(9, 6, _GREY, middle=True))
    number = Box(WIDE - MARGIN - 0.6, FOOT, 0.6, 0.4)
    write(new, number, [str(len(made.slides))], Look(10, colour=_GREY, middle=True))
    return new


def write(on: Slide, box: Box, lines: Sequence[str], look: Look) -> None:
    """Write the paragraphs `lines` into `box`, as large as fits; what no size fits is cut."""
    shape = on.shapes.add_textbox(*map(Inches, (box.left, box.top, box.width, box.height)))
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = Inches(0.05)
    frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE if look.middle else MSO_ANCHOR.TOP
    size, fitted = fit(lines, box, look)
    _paragraphs(frame, fitted, look, size)


def fit(lines: Sequence[str], box: Box, look: Look) -> tuple[float, list[str]]:
    """The size, in points, at which `lines` fit the box, and the lines, cut where none does."""
    told = [text(line) for line in lines]
    size = look.size
    while size > look.least and _height(told, box.width, size) > box.height:
        size -= 0.5
    while told and _height(told, box.width, size) > box.height:
        told = [*told[:-1], told[-1][: -max(len(told[-1]) // 10, 2)] + "…"]
        told = told[:-1] if len(told[-1]) < 6 and len(told) > 1 else told
    return size, told


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
    _fill(
        on.shapes.add_shape(
            MSO_SHAPE.RECTANGLE, *map(Inches, (box.left, box.top, box.width, box.height))
        ),
        _PALE,
    )
    third = box.height / 4
    inner = box.left + 0.1, box.width - 0.2
    write(on, Box(inner[0], box.top + 0.1, inner[1], third), [label],
          Look(15, colour=_GREY, centred=True, middle=True))  # fmt: skip
    write(on, Box(inner[0], box.top + third, inner[1], 2 * third), [number],
          Look(40, 16, DUE if label == "应达线" else MAIN, True, True, True))  # fmt: skip
    write(on, Box(inner[0], box.top + 3 * third - 0.1, inner[1], third), [below],
          Look(13, colour=_GREY, centred=True, middle=True))  # fmt: skip


@dataclass(frozen=True)
class Grid:
    """A table to be drawn: headings, rows of text, shares of the width, points at the most."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    size: float


def table(on: Slide, box: Box, grid: Grid) -> None:
    """A table whose cells take one line each; figures stand on the right."""
    lines = [grid.headings, *grid.rows]
    high = min(box.height / len(lines), 0.42)
    size = min(grid.size, high * 72 / 1.6)
    place = map(Inches, (box.left, box.top, box.width, high * len(lines)))
    made = on.shapes.add_table(len(lines), len(grid.headings), *place).table
    across = [box.width * share / sum(grid.widths) for share in grid.widths]
    for column, wide in zip(made.columns, across, strict=True):
        column.width = Inches(wide)
    for number, (row, cells) in enumerate(zip(made.rows, lines, strict=True)):
        row.height = Inches(high)
        for cell, value, wide in zip(row.cells, cells, across, strict=True):
            _cell(cell, shortened(value, wide, size), size, number)


def _cell(cell: object, value: str, size: float, number: int) -> None:
    """One cell of row `number`, of which 0 is the heading."""
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Inches(0.08)
    cell.margin_top = cell.margin_bottom = 0
    shade = MAIN if number == 0 else "#ffffff" if number % 2 else _PALE
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(shade[1:])
    look = Look(size, colour="#ffffff" if number == 0 else INK, bold=number == 0)
    _paragraphs(cell.text_frame, [value], look, size)
    if _FIGURE.fullmatch(value):
        cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


def picture(on: Slide, png: bytes, box: Box, about: str) -> None:
    """A picture as large as fits the box, in its own proportions, with words for who cannot see."""
    shape = on.shapes.add_picture(io.BytesIO(png), Inches(box.left), Inches(box.top))
    scale = min(Inches(box.width) / shape.width, Inches(box.height) / shape.height)
    shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
    shape._element._nvXxPr.cNvPr.set("descr", text(about))


def notes(on: Slide, lines: Sequence[str]) -> None:
    """Write the notes page."""
    on.notes_slide.notes_text_frame.text = "\n".join(text(line) for line in lines)


def _paragraphs(frame: object, lines: Sequence[str], look: Look, size: float) -> None:
    for place, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.CENTER if look.centred else PP_ALIGN.LEFT
        paragraph.line_spacing = 1.1
        if place:
            paragraph.space_before = Pt(size * 0.4)
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold = Pt(size), look.bold
        run.font.color.rgb = RGBColor.from_string(look.colour[1:])
        run.font.name = FONT
        run._r.get_or_add_rPr().append(_typeface())


def _typeface() -> etree._Element:
    """The East Asian typeface of a run, which python-pptx has no word for."""
    return etree.Element(qn("a:ea"), typeface=FONT)


def _fill(shape: object, colour: str) -> None:
    _plain(shape)
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(colour[1:])
    shape.line.fill.background()


def _plain(shape: object) -> None:
    """Take from a shape the look of the theme, its shadow too."""
    shape._element.remove(shape._element.find(qn("p:style")))


def content(made: Deck) -> bytes:
    """The finished file."""
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()
