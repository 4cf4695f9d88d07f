"""Parts of a slide: title, text that fits its box, cards, tables, notes, and the foot."""

import io
import math
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.package import Part
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.shapes.autoshape import Shape
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.text.text import _Paragraph as Paragraph
from pptx.util import Emu, Inches, Length, Pt

from excel.cell_text import text, width_of
from presentation.palette import DUE, FAINT, INK, MAIN
from queries.scope import DEMO

WIDE, HIGH, MARGIN = 13.333, 7.5, 0.6  # inches
BODY = 1.55  # inches from the top to what stands below the title
FOOT = 6.95
INSIDE = WIDE - 2 * MARGIN
FONT = "微软雅黑"
_LAYOUTS = {0: "封面", 5: "标题"}  # of python-pptx's own deck, those with a title, and their names
_LINE = 1.3  # height of a line, in sizes of its letters
PALE, _DEMO_COLOUR = "#eef3f8", "#c0392b"


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


_PLACES = {
    PP_PLACEHOLDER.TITLE: Box(MARGIN, 0.4, INSIDE - 1.5, 0.9),
    PP_PLACEHOLDER.FOOTER: Box(MARGIN, FOOT, INSIDE - 0.8, 0.4),
    PP_PLACEHOLDER.SLIDE_NUMBER: Box(WIDE - MARGIN - 0.7, FOOT, 0.7, 0.4),
}
_COVER = {
    PP_PLACEHOLDER.CENTER_TITLE: Box(MARGIN, 2.2, INSIDE, 1.4),
    PP_PLACEHOLDER.SUBTITLE: Box(MARGIN, 3.8, INSIDE, 1.6),
}


@dataclass(frozen=True)
class Look:
    """How text looks: points at the most and at the least, colour, weight, side."""

    size: float
    least: float = 10
    colour: str = INK
    bold: bool = False
    centred: bool = False
    middle: bool = False


def deck(title: str, subject: str, author: str) -> Deck:
    """An empty deck, 16:9, in a Chinese font, with the layouts that its slides use."""
    made = Presentation()
    made.slide_width, made.slide_height = Inches(WIDE), Inches(HIGH)
    about = made.core_properties
    about.title, about.subject = text(title), text(subject)
    about.author = about.last_modified_by = text(author)
    _places(made.slide_master, _PLACES)
    for number, layout in enumerate(list(made.slide_layouts)):
        if number in _LAYOUTS:
            layout._element.cSld.set("name", _LAYOUTS[number])
        else:
            made.slide_layouts.remove(layout)
    _places(made.slide_layouts[0], _COVER)
    for part in made.slide_master.part.package.iter_parts():
        if part.partname.startswith("/ppt/theme/"):
            _chinese(part)
    return made


def _places(of: Any, boxes: Mapping[PP_PLACEHOLDER, Box]) -> None:
    """Put the placeholders of a master or layout where they stand on wide paper, which is 16:9."""
    for one in of.placeholders:
        box = boxes.get(one.placeholder_format.type)
        if box:
            one.left, one.top, one.width, one.height = box.inches


def _chinese(theme: Part) -> None:
    """Set the Latin and East Asian typefaces of a theme to the Chinese font."""
    root = etree.fromstring(theme.blob)
    for fonts in (qn("a:majorFont"), qn("a:minorFont")):
        for font in root.iter(fonts):
            for name in ("a:latin", "a:ea"):
                font.find(qn(name)).set("typeface", FONT)
    theme._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def cover(made: Deck, title: str, below: Sequence[str]) -> Slide:
    """The first slide: its title, and lines in its subtitle."""
    new: Slide = made.slides.add_slide(made.slide_layouts[0])
    _titled(new, title, Look(40, colour=MAIN, bold=True, centred=True))
    subtitle = Look(24, colour=INK, centred=True)
    paragraphs(new.placeholders[1].text_frame, list(map(text, below)), subtitle, subtitle.size)
    return new


def slide(made: Deck, message: str) -> Slide:
    """A new slide with its message in the placeholder of its title."""
    new: Slide = made.slides.add_slide(made.slide_layouts[1])
    _titled(new, message, Look(30, colour=MAIN, bold=True))
    return new


def _titled(new: Slide, title: str, look: Look) -> None:
    shape = new.shapes.title
    assert shape is not None  # both layouts have one
    paragraphs(shape.text_frame, [text(title)], look, look.size)


def foot(on: Slide, stamp: str, demo: bool) -> None:
    """The stamp and the number of the slide in their placeholders, and the mark of demo data."""
    size, lines = fit([stamp], _PLACES[PP_PLACEHOLDER.FOOTER], Look(9, 6))
    footer = _placeholder(on, PP_PLACEHOLDER.FOOTER)
    paragraphs(footer.text_frame, lines, Look(size, colour=FAINT), size)
    _placeholder(on, PP_PLACEHOLDER.SLIDE_NUMBER)
    if demo:
        mark = _rectangle(on, Box(WIDE - MARGIN - 1.3, 0.5, 1.3, 0.4))
        mark.line.color.rgb = rgb(_DEMO_COLOUR)
        look = Look(14, colour=_DEMO_COLOUR, bold=True, centred=True)
        paragraphs(mark.text_frame, [DEMO], look, 14)


def _placeholder(on: Slide, kind: PP_PLACEHOLDER) -> Any:
    """A placeholder of the layout on the slide, which python-pptx leaves out at the foot."""
    placeholders: Any = on.slide_layout.placeholders
    own = next(one for one in placeholders if one.placeholder_format.type == kind)
    element = deepcopy(own._element)
    element.nvSpPr.cNvPr.set("id", str(on.shapes._next_shape_id))
    on.shapes._spTree.append(element)
    return on.shapes[-1]


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
    paragraphs(frame, fitted, look, size)


def key(on: Slide, box: Box, colours: Mapping[str, str]) -> None:
    """One line of what colours mean: a square in each, and its words."""
    frame = on.shapes.add_textbox(*box.inches).text_frame
    frame.margin_top = frame.margin_bottom = 0
    for words, colour in colours.items():
        _run(frame.paragraphs[0], "■", Look(14, colour=colour), 14)
        _run(frame.paragraphs[0], f" {words}　　", Look(14), 14)


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


def card(on: Slide, box: Box, label: str, number: str, below: str) -> None:
    """A big number with what it is above it and more about it below."""
    _rectangle(on, box, PALE)
    quarter, left, width = box.height / 4, box.left + 0.1, box.width - 0.2
    big = Look(40, 16, DUE if label == "应达线" else MAIN, True, True, True)
    lines = (
        (0.1, quarter, label, Look(15, colour=FAINT, centred=True, middle=True)),
        (quarter, 2 * quarter, number, big),
        (3 * quarter - 0.1, quarter, below, Look(13, colour=FAINT, centred=True, middle=True)),
    )
    for top, height, line, look in lines:
        write(on, Box(left, box.top + top, width, height), [line], look)


def picture(on: Slide, png: bytes, box: Box, about: str) -> None:
    """A picture as large as fits the box, in its own proportions, with words for who cannot see."""
    shape = on.shapes.add_picture(io.BytesIO(png), Inches(box.left), Inches(box.top))
    scale = min(Inches(box.width) / shape.width, Inches(box.height) / shape.height)
    shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
    described(shape, about)


def described(shape: Any, about: str) -> None:
    """Say of a picture, chart or table what it shows, for who cannot see it."""
    shape._element._nvXxPr.cNvPr.set("descr", text(about))


def notes(on: Slide, lines: Sequence[str]) -> None:
    """Write the notes page."""
    frame = on.notes_slide.notes_text_frame
    assert frame is not None  # python-pptx's own layout of notes has one
    frame.text = "\n".join(text(line) for line in lines)


def paragraphs(frame: TextFrame, lines: Sequence[str], look: Look, size: float) -> None:
    """Write `lines` into an empty frame at `size` points."""
    for place, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.CENTER if look.centred else PP_ALIGN.LEFT
        paragraph.line_spacing = 1.1
        if place:
            paragraph.space_before = Pt(size * 0.4)
        _run(paragraph, line, look, size)


def _run(paragraph: Paragraph, line: str, look: Look, size: float) -> None:
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
