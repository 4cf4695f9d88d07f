"""A small set of documents and what it hashes to, in this process or in another one."""

import hashlib
import json
import sys
from datetime import date
from unittest import mock

from queries.scope import Scope
from reports import document_set
from reports.documents.brief import Letter
from reports.figures.figure_catalogue import Pictures
from store.step_progress import Progress, silent

AREA = "YTS"
FIGURES = ["map_venues", "trend"]
LETTER = Letter(number="连数办〔2026〕3号", contact="王工", issued_on=date(2026, 11, 5))


def built(snapshot_id: str, day: date, progress: Progress = silent) -> dict[str, bytes]:
    """The set of one small zone, with two of its figures."""
    scope = Scope(snapshot_id, day, AREA)
    with mock.patch.object(Pictures, "names", lambda _: FIGURES):
        return document_set.build(scope, document_set.PARTS, progress, LETTER)


def hashes(files: dict[str, bytes], snapshot_id: str, day: date) -> dict[str, str]:
    """SHA-256 of the files of a set, and of four figures of the whole city in both formats."""
    pictures = Pictures(Scope(snapshot_id, day))
    drawn = {
        f"{name}.{form}": draw(name, "inset")
        for name in ("map_areas", "map_heat", "ranking", "clusters")
        for form, draw in (("png", pictures.png), ("svg", pictures.svg))
    }
    return {path: hashlib.sha256(content).hexdigest() for path, content in (files | drawn).items()}


if __name__ == "__main__":
    SNAPSHOT, DAY = sys.argv[1], date.fromisoformat(sys.argv[2])
    print(json.dumps(hashes(built(SNAPSHOT, DAY), SNAPSHOT, DAY)))
