"""Sheets as files: PNG at 300 dpi, and SVG that needs nothing beside it."""

import io
import re
import threading

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from PIL import Image

from reports.figures.paper import DPI, Sheet

# What matplotlib writes beside the drawing: the address of a DTD, and all text in comments.
_ASIDE = re.compile(rb"<!DOCTYPE[^>]*>\s*|\s*<!--.*?-->", re.DOTALL)
_PLAIN = Image.Dither.NONE
# matplotlib is not made for threads: figures are drawn one at a time in a process.
_drawing = threading.RLock()


def png(sheet: Sheet) -> bytes:
    """The sheet as PNG at `DPI`, in 256 colours: a third of the bytes, in half of the time."""
    with _drawing:
        canvas = FigureCanvasAgg(sheet.figure)
        canvas.draw()
    pixels = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba())
    picture = pixels.convert("RGB").quantize(256, Image.Quantize.FASTOCTREE, dither=_PLAIN)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", dpi=(DPI, DPI), compress_level=6)
    return buffer.getvalue()


def svg(sheet: Sheet) -> bytes:
    """The sheet as SVG, its text as outlines."""
    buffer = io.BytesIO()
    none = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with _drawing:
        FigureCanvasSVG(sheet.figure).print_svg(buffer, metadata=none)
    return _ASIDE.sub(b"", buffer.getvalue())
