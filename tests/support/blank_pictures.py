"""Blank pictures in place of a document's figures, which are slow and have tests of their own."""

import io

from PIL import Image

from reports.figures.paper import SHAPES

DPI = 60  # enough for paper without a line on it


class BlankPictures:
    """Stands for `figure_catalogue.Pictures`, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def png(self, name: str, shape: str) -> bytes:
        """White paper of the size of `shape`."""
        self.asked.append((name, shape))
        size = [round(side / 25.4 * DPI) for side in (SHAPES[shape].width, SHAPES[shape].height)]
        buffer = io.BytesIO()
        Image.new("RGB", size, "white").save(buffer, "PNG", dpi=(DPI, DPI))
        return buffer.getvalue()
