"""Pages laid out with Typst, in the fonts that the project brings."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib as mpl
import typst


def options(root: Path) -> dict[str, Any]:
    """How Typst is run on a template that can read nothing but the folder `root`."""
    return {"root": root, "font_paths": _fonts(), "ignore_system_fonts": True}


@cache
def _fonts() -> typst.Fonts:
    """The Chinese fonts of the wheel ``mplfonts``, and what matplotlib has for other signs."""
    folders = [files("mplfonts") / "fonts", Path(mpl.get_data_path()) / "fonts" / "ttf"]
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders],
    )
