"""From a filter change to the new picture, in Chromium, at several numbers of merchants.

Side by side in one run: the gap-heat map of this dashboard, an empty Streamlit page that reruns,
and the usual page with a folium HeatMap of the same points. The HeatMap page is timed until the
browser has the points; drawing them comes on top, and is not counted.
"""

import contextlib
import os
import statistics
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
from playwright.sync_api import Browser, Page, sync_playwright

from demo import publishing
from domain import reference
from store import snapshot_store
from tests.browser.conftest import chromium
from tests.support.dashboard_server import Server

SIZES = (10_000, 200_000, 1_000_000)
ROUNDS = 7
BANKS = list(reference.table("operators")["operator"])
EMPTY = """
    import streamlit as st
    st.html(f"<p id='answer'>{st.selectbox('运营机构', BANKS)}</p>")
"""
HEATMAP = """
    import folium, pandas as pd, streamlit as st
    from folium.plugins import HeatMap
    from streamlit_folium import st_folium
    points = pd.read_parquet(POINTS)
    bank = st.selectbox("运营机构", BANKS)
    chart = folium.Map((34.5, 119.2), zoom_start=9, tiles=None)
    HeatMap(points[["lat", "lon"]].assign(weight=1 + BANKS.index(bank) / 100)).add_to(chart)
    st_folium(chart, returned_objects=[])
    st.html(f"<p id='answer'>{bank}</p>")
"""


class Traffic:
    """Bytes that the server sent over a page's web sockets."""

    def __init__(self, page: Page) -> None:
        self.received = 0
        page.on("websocket", lambda socket: socket.on("framereceived", self._count))

    def _count(self, frame: str | bytes) -> None:
        self.received += len(frame)


def choose(page: Page, option: str) -> float:
    """Pick `option` of the bank selector; the moment of the click, in seconds."""
    scope = page.locator("summary", has_text="换范围")  # folds after each choice; ours alone has it
    if scope.count() and not page.get_by_label("运营机构").is_visible():
        scope.click()
    page.get_by_label("运营机构").click()
    target = page.get_by_role("option", name=option, exact=True)
    target.wait_for()
    started = time.perf_counter()
    target.click()
    return started


def rounds(page: Page, traffic: Traffic, wait: Callable[[str], None]) -> tuple[float, float]:
    """Median seconds and median bytes from a filter change to what `wait` waits for."""
    seconds, sizes = [], []
    for option in BANKS[1 : ROUNDS + 1]:
        before = traffic.received
        started = choose(page, option)
        wait(option)
        seconds.append(time.perf_counter() - started)
        page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']")
        sizes.append(traffic.received - before)
    return statistics.median(seconds), statistics.median(sizes)


@contextlib.contextmanager
def script(source: str, folder: Path) -> Iterator[str]:
    """A Streamlit server for a small script; its address."""
    path = folder / "page.py"
    path.write_text(f"BANKS = {BANKS!r}\n" + textwrap.dedent(source), encoding="utf-8")
    server = Server(folder, script=path)
    try:
        yield server.url
    finally:
        server.stop()


def plain_page(browser: Browser, source: str, folder: Path) -> tuple[float, float]:
    """Seconds and bytes of a filter change on a small page of its own."""
    with script(source, folder) as url:
        page = browser.new_page()
        traffic = Traffic(page)
        page.goto(url)
        answer = page.locator("#answer")
        answer.wait_for(timeout=300_000)

        def wait(option: str) -> None:
            answer.filter(has_text=option).wait_for(timeout=300_000)

        figures = rounds(page, traffic, wait)
        page.close()
        return figures


def dashboard(browser: Browser, folder: Path) -> tuple[float, float]:
    """Seconds and bytes of a filter change on the gap-heat map of this dashboard."""
    server = Server(folder)
    page = browser.new_page()
    traffic = Traffic(page)
    page.goto(f"{server.url}/coverage-map?layer=缺口热力（应覆盖未验证）")
    page.wait_for_selector("iframe[title='地图']", timeout=300_000)
    chart = page.query_selector("iframe[title='地图']").content_frame()
    chart.wait_for_selector("img.leaflet-image-layer", timeout=300_000)
    shown = [chart.get_attribute("img.leaflet-image-layer", "src")]

    def wait(_option: str) -> None:
        chart.wait_for_function(
            "old => { const image = document.querySelector('img.leaflet-image-layer');"
            " return image && image.complete && image.src !== old }",
            arg=shown[0],
            polling="raf",
        )
        shown[0] = chart.get_attribute("img.leaflet-image-layer", "src")

    figures = rounds(page, traffic, wait)
    page.close()
    server.stop()
    return figures


def run() -> None:
    """Print the figures."""
    print("地图页：改一个筛选到新图出现（中位数），浏览器收到的字节")
    print(f"{'受理点':>10} {'本看板':>16} {'空白 Streamlit 页':>18} {'常见 HeatMap 页':>20}")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as temp:
        browser = chromium(playwright)
        empty_folder = Path(temp) / "empty"
        empty_folder.mkdir()
        empty = plain_page(browser, EMPTY, empty_folder)
        for size in SIZES:
            folder = Path(temp) / str(size)
            snapshot = publishing.publish(snapshot_store.Store(folder), merchants=size)
            points = folder / "points.parquet"
            duckdb.sql(
                f"copy (select round(lat, 5) lat, round(lon, 5) lon from"
                f" '{snapshot.table_path('merchants')}' where lon is not null) to '{points}'"
            )
            ours = dashboard(browser, folder)
            usual = plain_page(
                browser, f"POINTS = {os.fspath(points)!r}\n" + textwrap.dedent(HEATMAP), folder
            )
            cells = [
                f"{seconds * 1000:.0f} ms {size_ / 1000:.0f} kB"
                for seconds, size_ in (ours, empty, usual)
            ]
            print(f"{size:>10,} {cells[0]:>18} {cells[1]:>20} {cells[2]:>22}", flush=True)
        browser.close()


if __name__ == "__main__":
    run()
