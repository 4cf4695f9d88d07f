"""The county one-pager (县区一页纸): one A4 page, whatever the data, as PDF and as Word.

The page is laid out with Typst; a list that is too long for it is shortened, and what is left out
is counted. Both forms are made of the same sheet, so they say the same. Their layouts are
templates: ``data/templates/one_pager.typ`` and ``one_pager.docx``.
"""

import base64
import io
import json
import tempfile
from bisect import bisect_left
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

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

MAP, SHAPE = "map_venues", "small"
PREVIEW_PPI = 110
_DOT = base64.b64decode(  # a PNG of one white dot, to measure the page with
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)


def pdf(scope: Scope, pictures: Pictures) -> bytes:
    """The one-pager of the scope's area as PDF: real text, its fonts embedded.

    Raises `ValueError` where the scope has no area.
    """
    return _printed(fitting(sheet(scope)), pictures.png(MAP, SHAPE), _made(scope))


def picture(scope: Scope, pictures: Pictures) -> bytes:
    """The same page as PNG, for a look at it on a screen."""
    shown = pictures.png(MAP, SHAPE)
    return _printed(fitting(sheet(scope)), shown, _made(scope), form="png", ppi=PREVIEW_PPI)


def word(scope: Scope, pictures: Pictures) -> bytes:
    """The one-pager of the scope's area as DOCX, with the lines that the PDF has.

    Raises `ValueError` where the scope has no area.
    """
    shown = fitting(sheet(scope))
    picture = io.BytesIO(pictures.png(MAP, SHAPE))
    document = DocxTemplate(TEMPLATES / "one_pager.docx")
    content = asdict(shown) | {"rest": shown.rest}
    content["map"] = InlineImage(document, picture, width=Mm(86), height=Mm(74))
    document.render(content, SandboxedEnvironment(autoescape=True))
    document.core_properties.title = shown.title
    buffer = io.BytesIO()
    document.save(buffer)
    return sealed(buffer.getvalue(), _made(scope))


def fitting(whole: Sheet) -> Sheet:
    """`whole` with as many lines of its list as one page takes."""
    return _measured(whole, _layout())


@lru_cache(maxsize=64)
def _measured(whole: Sheet, layout: bytes) -> Sheet:
    with tempfile.TemporaryDirectory() as name:
        folder = _folder(Path(name), layout, _DOT)  # the room for the picture is fixed
        counts = range(1, len(whole.lines) + 1)
        most = bisect_left(counts, True, key=lambda count: _pages(whole.cut(count), folder) > 1)
    return whole.cut(most)


def _printed(
    shown: Sheet,
    picture: bytes,
    made: datetime,
    form: Literal["pdf", "png"] = "pdf",
    ppi: float | None = None,
) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        source = _written(shown, _folder(Path(name), _layout(), picture))
        options = typesetting.options(Path(name))
        page: bytes = typst.compile(source, **options, format=form, ppi=ppi, timestamp=made)
        return page


def _pages(shown: Sheet, folder: Path) -> int:
    """How many pages `shown` takes, without printing them."""
    source = _written(shown, folder)
    return int(
        typst.query(source, "<pages>", field="value", one=True, **typesetting.options(folder))
    )


def _layout() -> bytes:
    return (TEMPLATES / "one_pager.typ").read_bytes()


def _folder(folder: Path, layout: bytes, picture: bytes) -> Path:
    """`folder` with the template and its picture, all that the template can read."""
    (folder / "map.png").write_bytes(picture)
    (folder / "one_pager.typ").write_bytes(layout)
    return folder


def _written(shown: Sheet, folder: Path) -> Path:
    """The template's path, beside which `shown` is now written as JSON."""
    content = asdict(shown) | {"rest": shown.rest}
    (folder / "sheet.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return folder / "one_pager.typ"


def _made(scope: Scope) -> datetime:
    """When the scope's version was published: a document has no clock of its own."""
    manifest = snapshot_store.default().snapshot(scope.snapshot_id).manifest
    return datetime.fromisoformat(manifest["created_at"]).replace(microsecond=0)
