"""The README's pictures, taken of the demo: ``make screenshots``."""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from loaders import demo, store
from tests.browser.conftest import FLAGS, ROOT, Server, visitor_for

PICTURES = {
    "overview": "",
    "map": "coverage-map",
    "targets": "targets-progress",
    "clusters": "demonstration-clusters",
    "gaps": "gap-list?area=灌云县",
    "review": "review-queue",
}
MAPS = {"map", "review"}


def main() -> None:
    """Write ``docs/<name>.png`` for each picture, 1366 by 900 pixels."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        demo.publish(store.Store(Path(folder)))
        server = Server(Path(folder))
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for name, address in PICTURES.items():
            visitor = visitor_for(browser, server, (1366, 900))
            page = visitor.open(f"{server.url}/{address}")
            if name in MAPS:
                page.wait_for_selector("iframe[title*='folium']")
                chart = page.query_selector("iframe[title*='folium']").content_frame()
                chart.wait_for_selector(".leaflet-marker-icon", state="attached")
                chart.wait_for_selector(".leaflet-zoom-anim", state="detached")
            page.screenshot(path=ROOT / "docs" / f"{name}.png")
            page.context.close()
        browser.close()
        server.stop()


if __name__ == "__main__":
    main()
