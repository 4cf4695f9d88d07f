"""Pages set with Typst: a template, its words as JSON, and the fonts that the project brings."""

import json
import tempfile
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib as mpl
import typst


def options(root: Path) -> dict[str, Any]:
    """What Typst may read: the folder `root` and our fonts, none of the machine's."""
    return {"root": root, "font_paths": _fonts(), "ignore_system_fonts": True}


def pdf(layout: Path, content: dict[str, Any], parts: dict[str, bytes], made: datetime) -> bytes:
    """The template `layout` as PDF, with real text and its fonts embedded.

    The template reads `content` from ``sheet.json`` and `parts`, files by name, beside it. The
    same content makes the same bytes: `made` is the moment that the file tells.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part, data in parts.items():
            (folder / part).write_bytes(data)
        words = json.dumps(content, ensure_ascii=False)
        (folder / "sheet.json").write_text(words, encoding="utf-8")
        source = folder / layout.name
        source.write_bytes(layout.read_bytes())
        printed: bytes = typst.compile(source, **options(folder), format="pdf", timestamp=made)
        return printed


@cache
def _fonts() -> typst.Fonts:
    """The Chinese fonts of the wheel ``mplfonts``, and what matplotlib has for other signs."""
    folders = [files("mplfonts") / "fonts", Path(mpl.get_data_path()) / "fonts" / "ttf"]
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders],
    )
