"""What becomes of a file: read and used as far as a page would, refused, or unexplained."""

import json
import multiprocessing
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from random import Random
from typing import NamedTuple

from geo import outlines
from geo.outlines import OutlineError
from loaders.formats import opened_files, reading_process
from loaders.formats.outlines import outline_files
from loaders.reading import header_matching
from loaders.reading.records import Known, records
from loaders.reading.typed_cells import Source
from reports.documents import brief_templates
from store.errors import IntakeError
from tests.fuzz.mutations import mutant

READ, REFUSED = "read", "refused"
_SECONDS = 120  # for one file, by the clock of a machine that may be busy


class Outcome(NamedTuple):
    """`what` is `READ`, `REFUSED`, or the trace of an error that nothing explains."""

    kind: str
    number: int
    what: str


def outcomes(sound: Mapping[str, bytes], count: int, seed: int) -> Iterator[Outcome]:
    """The outcome of each of `count` mutants, the kinds in turn."""
    kinds = sorted(sound)
    workers = _worker()
    for number in range(count):
        kind = kinds[number % len(kinds)]
        content = mutant(sound[kind], Random(f"{seed}/{kind}/{number}"))
        try:
            what = workers.submit(outcome, kind, content).result(_SECONDS)
        except (BrokenProcessPool, TimeoutError) as error:
            for process in list((workers._processes or {}).values()):
                process.kill()
            workers.shutdown()
            workers = _worker()
            what = _as_the_server(kind, content, error)
        yield Outcome(kind, number, what)
    workers.shutdown()


def _worker() -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    # It imports more than the process of the server does, so it needs more address space.
    limits = (50 * _SECONDS, 2 * reading_process.MOST_MEMORY)
    return ProcessPoolExecutor(1, context, reading_process.limit, limits)


def _as_the_server(kind: str, content: bytes, error: Exception) -> str:
    """What the server's own process makes of a file whose reading ended or never ends."""
    with suppress(IntakeError):
        reading_process.read(reader(kind), content)
        return f"{type(error).__name__} after reading"
    return REFUSED


def outcome(kind: str, content: bytes) -> str:
    """What becomes of a file of `kind`, in this process."""
    try:
        opened = reader(kind)(content)
        if kind == "docx":
            return REFUSED if opened else READ  # a list of what is wrong
        _use(kind, opened)
    except (IntakeError, OutlineError):
        return REFUSED
    except BaseException:
        return traceback.format_exc()
    return READ


def reader(kind: str) -> Callable[[bytes], object]:
    """The function that opens a file of `kind`."""
    if kind == "docx":
        return brief_templates.check
    return outline_files.READERS.get(kind, opened_files.cells)


def _use(kind: str, opened: object) -> None:
    """Do with an opened file what a page would do next."""
    if kind in outline_files.READERS:
        found = outline_files.of_features(opened, f"a.{kind}")
        for shape in found.geometry:
            assert shape.is_valid
            json.loads(outlines.text(shape))
        found[["venue_id", "name", "note"]].to_json().encode()
    else:
        for layout, sheet in header_matching.layouts(opened, "merchants", f"来件.{kind}"):
            read = records(Source(f"来件.{kind}", sheet, layout), Known(crs="wgs84"))
            assert len(read.accepted) + read.rejected + len(read.left_out) <= len(sheet.rows)
