"""A set of documents on one scope: made from the same tables and figures, named, hashed, packed.

The same scope, template and program give the same bytes, whenever and wherever they are made: no
document says when it was made, only what it was made from.
"""

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from joblib.externals.loky import get_reusable_executor

from queries.scope import Scope, area_name, areas_by_name
from reports import set_list
from reports.documents import brief, brief_templates, data_workbook, one_pager, slides
from reports.figures import figure_files
from reports.figures.figure_catalogue import FIGURES, Pictures
from reports.reproducible import sealed
from reports.set_list import LIST, Recipe
from store import snapshot_store
from store.errors import NotAllowedError
from store.step_progress import Progress, silent

PARTS = {
    "brief": "工作通报（Word）",
    "pagers": "县区一页纸（PDF 和 Word）",
    "tables": "数据表（Excel）",
    "slides": "领导汇报（PPT）",
    "figures": "图（PNG 和 SVG，A4 和 16:9）",
}
BRIEF = "工作通报.docx"
SHAPES = {"a4": "A4", "wide": "16比9"}


@dataclass(frozen=True)
class Document:
    """A document of the set: its files, how their bytes are made, and whether by another process.

    A figure has two files, which are one drawing.
    """

    paths: tuple[str, ...]
    make: Callable[[], Sequence[bytes]]
    apart: bool = False


def documents(recipe: Recipe) -> list[Document]:
    """What a set is made of, the slowest first.

    Raises `NotAllowedError` for a visitor of a unit who asks for more than their own area.
    """
    scope = recipe.scope
    if not scope.sight.whole and scope.area_id != scope.sight.unit:
        raise NotAllowedError(f"{area_name(scope)}的文件不在本单位范围，没有做")
    manifest = snapshot_store.default().snapshot(scope.snapshot_id).manifest
    moment = datetime.fromisoformat(manifest["created_at"])
    pictures = Pictures(scope)
    one = partial(_document, moment)
    make: dict[str, Callable[[], list[Document]]] = {
        "brief": lambda: [one(BRIEF, partial(_brief, recipe, pictures))],
        "slides": lambda: [one("领导汇报.pptx", partial(slides.slides, scope, pictures))],
        "tables": lambda: [one("数据表.xlsx", partial(data_workbook.workbook, scope))],
        "pagers": lambda: [one(*pager) for pager in _pagers(scope)],
        "figures": lambda: _figures(pictures),
    }
    return [document for part in make if part in recipe.parts for document in make[part]()]


def made(asked: Sequence[Document], progress: Progress = silent) -> dict[str, bytes]:
    """The bytes of documents by path.

    Two other processes draw the figures meanwhile. Raises what the documents raise, such as
    `TemplateError`.
    """
    done: dict[str, bytes] = {}
    drawers, writer = get_reusable_executor(max_workers=2), ThreadPoolExecutor(1)
    waiting = {
        (drawers if one.apart else writer).submit(one.make): one.paths
        for one in sorted(asked, key=lambda one: not one.apart)
    }
    try:
        for number, finished in enumerate(as_completed(waiting), start=1):
            paths = waiting[finished]
            done |= zip(paths, finished.result(), strict=True)
            progress(f"已做好 {paths[0]}", number / len(asked))
    finally:
        for one in waiting:
            one.cancel()  # once one has failed, no other is begun
        writer.shutdown()
    return {path: done[path] for document in asked for path in document.paths}


def build(
    scope: Scope,
    parts: Iterable[str],
    progress: Progress = silent,
    letter: brief.Letter | None = None,
) -> dict[str, bytes]:
    """The files of a set by path, with `LIST`, which says what they are and how to check them.

    Raises as `made`.
    """
    template = hashlib.sha256(brief_templates.in_force(snapshot_store.default())).hexdigest()
    recipe = Recipe(scope, tuple(parts), letter or brief.Letter(), template)
    files = made(documents(recipe), progress)
    return files | {LIST: set_list.written(recipe, hashes(files))}


def hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each file by path."""
    return {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files of a set as one zip, the same for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:  # all are packed already
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path), content)
    return buffer.getvalue()


def write(files: dict[str, bytes], folder: Path) -> None:
    """Write a set into `folder`, each file whole or not at all. Raises `OSError`."""
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=place.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(draft).chmod(0o644)
            Path(draft).replace(place)
        finally:
            Path(draft).unlink(missing_ok=True)


def name(scope: Scope) -> str:
    """The name of a set, for a folder or a zip."""
    return f"{area_name(scope)}数字人民币覆盖报告_{scope.as_of}"


def _brief(recipe: Recipe, pictures: Pictures) -> bytes:
    template = brief_templates.by_hash(snapshot_store.default(), recipe.template)
    return brief.brief(recipe.scope, pictures, template, recipe.letter)


def _pagers(scope: Scope) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Sheets for the area, or for every county and zone of the city: path, and how it is made."""
    for area, area_id in areas_by_name().items():
        if scope.area_id in ("", area_id):
            part = replace(scope, area_id=area_id)
            pictures = Pictures(part)
            yield f"县区一页纸/{area}.pdf", partial(one_pager.pdf, part, pictures)
            yield f"县区一页纸/{area}.docx", partial(one_pager.word, part, pictures)


def _figures(pictures: Pictures) -> list[Document]:
    return [
        Document(
            tuple(f"图/{folder}/{FIGURES[figure].title}.{kind}" for kind in ("png", "svg")),
            pictures.drawing(figure, shape, (figure_files.png, figure_files.svg)),
            apart=True,
        )
        for figure in pictures.names()
        for shape, folder in SHAPES.items()
    ]


def _document(moment: datetime, path: str, make: Callable[[], bytes]) -> Document:
    """A document of one file, which tells `moment` as its own where it tells one."""
    if path.endswith(".pdf"):
        return Document((path,), lambda: [make()])
    return Document((path,), lambda: [sealed(make(), moment)])
