"""The county one-pager (县区一页纸): a front for the wall, and overleaf what is to be done where.

The sheet is laid out with Typst; a list that is too long for its page is shortened, and what is
left out is counted. Both forms are made of the same sheet, so they say the same. Their layouts are
templates: ``data/templates/one_pager.typ`` and ``one_pager.docx``; the line of the year is
``one_pager_year.typ``.
"""

import base64
import io
import json
import tempfile
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2.sandbox import SandboxedEnvironment

from queries.scope import Scope
from reports.documents import typesetting
from reports.documents.one_pager_sheet import Sheet, sheet
from reports.documents.template_fields import TEMPLATES
from reports.figures.figure_catalogue import Pictures
from reports.reproducible import sealed
from store import snapshot_store

MAP, SHAPE = "map_venues", "inset"
PREVIEW_PPI = 110
WIDTHS = {True: 130, False: 110}  # millimetres of the map, by whether a list stands overleaf
YEAR = 96
_DOT = base64.b64decode(  # a PNG of one white dot, to measure the page with
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)


def pdf(scope: Scope, pictures: Pictures) -> bytes:
    """The one-pager of the scope's area as PDF: real text, its fonts embedded.

    Two pages, or one where there is no list. Raises `ValueError` where the scope has no area.
    """
    (document,) = _printed(fitting(sheet(scope)), pictures.png(MAP, SHAPE), _made(scope))
    return document


def pages(scope: Scope, pictures: Pictures) -> list[bytes]:
    """The same pages as PNG, for a look at them on a screen."""
    shown = pictures.png(MAP, SHAPE)
    return _printed(fitting(sheet(scope)), shown, _made(scope), "png", PREVIEW_PPI)


def word(scope: Scope, pictures: Pictures) -> bytes:
    """The one-pager of the scope's area as DOCX, with the lines that the PDF has.

    Raises `ValueError` where the scope has no area.
    """
    shown, made = fitting(sheet(scope)), _made(scope)
    document = DocxTemplate(TEMPLATES / "one_pager.docx")
    width = WIDTHS[bool(shown.lines)]
    parts = {"map": (pictures.png(MAP, SHAPE), width), "year": (_year(shown, made), YEAR)}
    content = _content(shown) | {
        name: InlineImage(document, io.BytesIO(png), width=Mm(wide))
        for name, (png, wide) in parts.items()
    }
    document.render(content, SandboxedEnvironment(autoescape=True))
    about = (shown.year_about, shown.map_about)
    for words, picture in zip(about, document.docx.inline_shapes, strict=True):
        picture._inline.docPr.set("descr", words)
    document.core_properties.title = shown.title
    document.core_properties.subject = f"数据截至{shown.as_of}"
    buffer = io.BytesIO()
    document.save(buffer)
    return sealed(buffer.getvalue(), made)


def fitting(whole: Sheet) -> Sheet:
    """`whole` with as many lines of its list as the second page takes."""
    return _measured(whole, _layout())


@lru_cache(maxsize=64)
def _measured(whole: Sheet, layout: bytes) -> Sheet:
    with tempfile.TemporaryDirectory() as name:
        folder = _folder(Path(name), layout, {"map": _DOT, "year": _DOT})  # their room is fixed
        counts = range(1, len(whole.lines) + 1)
        most = bisect_left(counts, True, key=lambda count: _count(whole.cut(count), folder) > 2)
    return whole.cut(most)


def _printed(
    shown: Sheet,
    picture: bytes,
    made: datetime,
    form: Literal["pdf", "png"] = "pdf",
    ppi: float | None = None,
) -> list[bytes]:
    """The PDF, or each of its pages as a picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = _folder(Path(name), _layout(), {"map": picture, "year": _year(shown, made)})
        source, options = _written(shown, folder), typesetting.options(folder)
        printed = typst.compile(source, **options, format=form, ppi=ppi, timestamp=made)
        return printed if isinstance(printed, list) else [printed]


def _year(shown: Sheet, made: datetime) -> bytes:
    """The line of the year as PNG."""
    layout = (TEMPLATES / "one_pager_year.typ").read_bytes()
    with tempfile.TemporaryDirectory() as name:
        source = _written(shown, _folder(Path(name), layout, {}))
        options = typesetting.options(Path(name))
        png: bytes = typst.compile(source, **options, format="png", ppi=300, timestamp=made)
        return png


def _count(shown: Sheet, folder: Path) -> int:
    """How many pages `shown` takes, without printing them."""
    source = _written(shown, folder)
    return int(
        typst.query(source, "<pages>", field="value", one=True, **typesetting.options(folder))
    )


def _layout() -> bytes:
    return (TEMPLATES / "one_pager.typ").read_bytes()


def _folder(folder: Path, layout: bytes, pictures: Mapping[str, bytes]) -> Path:
    """`folder` with the template and its pictures, all that the template can read."""
    for name, picture in pictures.items():
        (folder / f"{name}.png").write_bytes(picture)
    (folder / "one_pager.typ").write_bytes(layout)
    return folder


def _content(shown: Sheet) -> dict[str, Any]:
    return asdict(shown) | {"rest": shown.rest, "year_about": shown.year_about}


def _written(shown: Sheet, folder: Path) -> Path:
    """The template's path, beside which `shown` is now written as JSON."""
    content = json.dumps(_content(shown), ensure_ascii=False)
    (folder / "sheet.json").write_text(content, encoding="utf-8")
    return folder / "one_pager.typ"


def _made(scope: Scope) -> datetime:
    """When the scope's version was published: a document has no clock of its own."""
    manifest = snapshot_store.default().snapshot(scope.snapshot_id).manifest
    return datetime.fromisoformat(manifest["created_at"]).replace(microsecond=0)
