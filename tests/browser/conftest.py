"""A real server and a real browser that may reach nothing else."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    Download,
    Frame,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.support.dashboard_server import Server
from ui import menu

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
         "--disable-component-update", "--no-first-run",
         "--host-resolver-rules=MAP * ~NOTFOUND,EXCLUDE 127.0.0.1,EXCLUDE *.localhost"]  # fmt: skip
LAUNCHER = "tests.support.unprepared"
BY_PROXY = 'server.trustedUserHeaders={"X-Remote-User":"login"}'
# Streamlit looks for its server below a page's own address first; nothing of ours is missing.
PROBES = re.compile(r"404 \(Not Found\)")
SETTLED = (
    "body:has([data-testid='stApp'][data-test-script-state='notRunning'])"
    ":not(:has([data-stale='true'], [data-testid='stSkeleton']:visible))"
    ":not(:has([data-testid='stPlotlyChart']:visible:not(:has(.main-svg))))"
)
"""The page where nothing runs, nothing is stale, and no element or chart is still to be drawn,
which would move the rest. A selector, for the page lets no text become a script."""

expect.set_options(timeout=30_000)  # a machine that is busy is slow, not wrong


def chromium(playwright: Playwright) -> Browser:
    """Chromium without windows of its own, which takes two thirds of the whole one's time."""
    path = shutil.which("chromium-headless-shell")
    assert path, "Chromium is missing: run `make test`, which installs it"
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


@pytest.fixture(scope="package")
def browser() -> Browser:
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def demo_server(demo_store) -> Server:
    server = Server(demo_store, launcher=LAUNCHER)
    yield server
    server.stop()


@pytest.fixture(scope="package")
def writable_server(tmp_path_factory) -> Server:
    """One server for all tests that write: each replaces its store first."""
    server = Server(tmp_path_factory.mktemp("writable") / "store", launcher=LAUNCHER)
    yield server
    server.stop()


@pytest.fixture
def fresh_server(writable_server, demo_store) -> Server:
    """A server whose store a test may write to; it starts with the demo."""
    writable_server.replace_store(demo_store)
    return writable_server


@pytest.fixture(scope="module")
def signed_in_server(tmp_path_factory) -> Server:
    """A server that a proxy tells who is there; each test replaces its store first."""
    server = Server(
        tmp_path_factory.mktemp("city") / "store", "app.py", BY_PROXY, launcher=LAUNCHER
    )
    yield server
    server.stop()


class Visitor:
    """A page with all outside traffic blocked, which remembers what was asked and said."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page, self.own = page, f"127.0.0.1:{server.port}"
        page.set_default_timeout(90_000)
        self.outside: list[str] = []
        self.errors: list[str] = []
        self._heard = {"request": self._note, "pageerror": self._fail, "console": self._listen}
        for event, listener in self._heard.items():
            page.on(event, listener)

    def leave(self) -> Page:
        """The window, which this visitor no longer looks at."""
        for event, listener in self._heard.items():
            self.page.remove_listener(event, listener)
        return self.page

    def _fail(self, error) -> None:
        self.errors.append(str(error))

    def _note(self, request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in {"data", "blob"} and f"{url.hostname}:{url.port}" != self.own:
            self.outside.append(request.url)

    def _listen(self, message) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def open(self, url: str) -> Page:
        self.page.goto(url)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the script has run and nothing on the page is stale."""
        self.page.wait_for_selector(SETTLED, state="attached")

    def check(self) -> None:
        """No exception on the page, no error in the browser, nothing asked of the internet."""
        assert self.page.locator("[data-testid='stException']").count() == 0
        assert self.outside == []
        assert [error for error in self.errors if not PROBES.search(error)] == []

    def map(self) -> Frame:
        """The first map of the page, once its markers are drawn."""
        self.page.wait_for_selector("iframe[title='地图']")
        frame = self.page.query_selector("iframe[title='地图']").content_frame()
        frame.wait_for_selector(".leaflet-marker-icon", state="attached")
        return frame

    def download(self, button: str) -> Download:
        """What the button gives, once the page stands still: a run renews where files lie."""
        self.settle()
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name=button).click()
        return download.value


Visit = Callable[..., Visitor]


class Windows:
    """Windows of one browser, taken again: in a new one all scripts would be compiled anew.

    They are of people who have been here before, to whom no tour is offered, unless not `used`.
    """

    def __init__(self, browser: Browser, *, used: bool = True) -> None:
        self._browser, self._used = browser, used
        self._free: list[Page] = []

    def visitor(
        self,
        server: Server,
        size: tuple[int, int] = (1366, 768),
        headers: dict[str, str] | None = None,
    ) -> Visitor:
        """A visitor in a window of `size`; `headers` are what the office's proxy adds."""
        page = self._free.pop() if self._free else self._new()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.context.set_extra_http_headers(headers or {})
        return Visitor(page, server)

    def _new(self) -> Page:
        context = self._browser.new_context(locale="zh-CN", accept_downloads=True)
        if self._used:
            context.add_init_script("try { localStorage.setItem('tour-seen', '1') } catch {}")
        return context.new_page()

    def take_back(self, visitor: Visitor) -> None:
        """Take a visitor's window, and make it as new: nothing kept, nothing visited."""
        page = visitor.leave()
        for other in page.context.pages:
            if other is not page:
                other.close()
        page.evaluate("try { localStorage.clear(); sessionStorage.clear() } catch {}")
        page.emulate_media(media="null")
        page.context.clear_cookies()
        page.goto("about:blank")
        page.context.new_cdp_session(page).send("Page.resetNavigationHistory")
        self._free.append(page)


@contextmanager
def clerk_at(visit: Visit, server: Server, address: str) -> Iterator[Visitor]:
    """A clerk who has said who they are, on the page at `address`; no error may have shown.

    Of the first clerk this is the first link that anyone opens after the server's start.
    """
    visitor = visit(server)
    visitor.open(f"{server.url}/{address}")
    (title,) = [one.title for one in menu.entries() if one.path == address.partition("?")[0]]
    expect(visitor.page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    visitor.page.get_by_label("经办人", exact=True).fill("王工")
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_text("没有填经办人时")).to_be_hidden()
    visitor.settle()
    yield visitor
    visitor.check()


@pytest.fixture(scope="package")
def windows(browser) -> Windows:
    return Windows(browser)


@pytest.fixture
def visit(windows) -> Iterator[Visit]:
    """Gives visitors, as `Windows.visitor` does, until the test ends."""
    visitors: list[Visitor] = []

    def visit(*asked, **more) -> Visitor:
        visitors.append(windows.visitor(*asked, **more))
        return visitors[-1]

    yield visit
    for visitor in visitors:
        windows.take_back(visitor)


@pytest.fixture
def visitor(visit, demo_server) -> Visitor:
    return visit(demo_server)
