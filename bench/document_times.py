"""Time of each document of a set, of all one-pagers and of the whole set, on the demo.

``python -m bench.document_times``. Beside it: the same figures drawn anew for every document that
shows them, which is what one gets without sharing.
"""

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from demo import publishing
from presentation import wording
from queries.scope import Scope, areas_by_name
from reports import document_set
from reports.documents import brief, brief_templates, data_workbook, one_pager, slides
from reports.figures.figure_catalogue import Pictures
from store import snapshot_store

MERCHANTS = 20_000
SET, PAGERS = 33, 11  # seconds of 0.4.0 for a set of 124 files and ten one-pagers, two quiet cores


def run() -> None:
    """Print seconds and sizes."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COVERAGE_STORE"] = folder
        snapshot = publishing.publish(snapshot_store.default(), MERCHANTS)
        scope = Scope(snapshot.id, date.fromisoformat(snapshot.manifest["as_of"]))
        print(f"# documents: demo of {MERCHANTS:,} merchants, each on its own with fresh figures")
        alone = _each(scope)
        print("# documents: a whole set; two other processes draw the figures")
        together = _timed(
            "全套", lambda: document_set.zipped(document_set.build(scope, document_set.PARTS))
        )
        print(f"{'sum of the parts above':<28}{alone:8.2f} s; together {together:.2f} s")
        print(f"{'0.4.0':<28}{SET:8.2f} s; its ten one-pagers {PAGERS} s")
    del os.environ["COVERAGE_STORE"]


def _each(scope: Scope) -> float:
    """Every document by itself; the sum of their seconds."""
    pagers = [replace(scope, area_id=area_id) for area_id in areas_by_name().values()]
    template = brief_templates.standard("brief")
    parts = {
        "tables of the scope": lambda: _asked(scope),
        "工作通报.docx": lambda: brief.brief(scope, Pictures(scope), template),
        "数据表.xlsx": lambda: data_workbook.workbook(scope),
        "领导汇报.pptx": lambda: slides.slides(scope, Pictures(scope)),
        f"一页纸 PDF × {len(pagers)}": lambda: b"".join(
            one_pager.pdf(here, Pictures(here)) for here in pagers
        ),
        f"一页纸 Word × {len(pagers)}": lambda: b"".join(
            one_pager.word(here, Pictures(here)) for here in pagers
        ),
        "图": lambda: b"".join(document_set.build(scope, ["figures"]).values()),
    }
    return sum(_timed(name, make) for name, make in parts.items())


def _asked(scope: Scope) -> bytes:
    """The questions that all documents share, asked for the first time."""
    wordings = (wording.overall, wording.areas, wording.gaps, wording.targets, wording.tasks)
    return "".join("".join(section(scope)) for section in wordings).encode()


def _timed(name: str, make: Callable[[], bytes]) -> float:
    started = time.perf_counter()
    size = len(make())
    seconds = time.perf_counter() - started
    print(f"{name:<28}{seconds:8.2f} s{size / 1e6:10.2f} MB")
    return seconds


if __name__ == "__main__":
    run()
