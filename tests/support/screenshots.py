"""The README's pictures, taken of the demo: ``make screenshots``."""

import io
import os
import tempfile
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from demo import publishing
from queries.scope import Scope, areas_by_name
from reports.documents import one_pager
from reports.figures.figure_catalogue import Pictures
from store import snapshot_store
from store.snapshot import Snapshot
from tests.browser.conftest import Windows, chromium
from tests.support.dashboard_server import ROOT, Server

PICTURES = {
    "overview": "",
    "map": "coverage-map",
    "targets": "targets-progress",
    "clusters": "demonstration-clusters",
    "gaps": "gap-list?area=灌云县",
    "review": "review-queue",
    "reports": "report-export",
}
MAPS = {"overview", "map", "review", "gaps"}


def main() -> None:
    """Write ``docs/<name>.png`` for each picture, 1366 by 900 pixels."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        os.environ["COVERAGE_STORE"] = folder
        snapshot = publishing.publish(snapshot_store.default())
        _one_pager(snapshot)
        server = Server(Path(folder))
        browser = chromium(playwright)
        windows = Windows(browser)
        for name, address in PICTURES.items():
            visitor = windows.visitor(server, (1366, 900))
            page = visitor.open(f"{server.url}/{address}")
            if name in MAPS:
                page.wait_for_selector("iframe[title='地图']")
                chart = page.query_selector("iframe[title='地图']").content_frame()
                chart.wait_for_selector(".leaflet-marker-icon", state="attached")
                chart.wait_for_selector(".leaflet-zoom-anim", state="detached")
            visitor.settle()
            page.screenshot()  # which makes the browser paint what is drawn and not yet shown
            _write(name, page.screenshot())
            windows.take_back(visitor)
        browser.close()
        server.stop()


def _one_pager(snapshot: Snapshot) -> None:
    """``docs/one_pager.png``: the page of the first county."""
    day = date.fromisoformat(snapshot.manifest["as_of"])
    scope = Scope(snapshot.id, day, next(iter(areas_by_name().values())))
    _write("one_pager", one_pager.pages(scope, Pictures(scope))[0])


def _write(name: str, png: bytes) -> None:
    """``docs/<name>.png`` in 256 colours: half the size.

    No colour of a legend moves, as it would by the usual method.
    """
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture = picture.quantize(256, Image.Quantize.FASTOCTREE, dither=0)
    picture.save(ROOT / "docs" / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
