"""Pages of the dashboard run without a browser: opened at their address, and read as text."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from domain.visitors import Visitor, clerk
from store import people, snapshot_store
from ui import menu

ROOT = Path(__file__).resolve().parents[2]
PAGES = [entry.stem for entry in menu.entries()]
PATIENCE = 300  # seconds: a machine that is busy is slow, not wrong
_ADDRESSES = {entry.stem: entry.path for entry in menu.entries()}


def open_page(stem: str, user: dict[str, str] | None = None, **query: str) -> AppTest:
    """The page of script `stem`, opened by a link with `query` parameters, by `user`
    where they sign in.

    A first run would open 全市总览 only to be told of the pages: the page is asked for by the hash
    of its address, as the browser does.
    """
    app = AppTest.from_file(str(ROOT / "ui" / "dashboard.py"), default_timeout=PATIENCE)
    app.query_params.update(query)
    app.user = user or {}
    app._page_hash = calc_hash(_ADDRESSES[stem])
    app._bidi_component_manager = _components()
    return app.run()


@cache
def _components() -> BidiComponentManager:
    """The components of the installed packages: to look for them takes longer than many a page."""
    manager = BidiComponentManager()
    manager.discover_and_register_components(start_file_watching=False)
    return manager


def open_as(who: Visitor, stem: str, **query: str) -> AppTest:
    """The page opened by `who`, whom the proxy names and the office enrolled.

    The test asks for the fixture `trusted_header`.
    """
    named = replace(who, login=who.login or who.name)
    ledger = snapshot_store.default().ledger
    if people.by_login(ledger, named.login) is None:
        people.enrol(ledger, named, clerk("测试"))
    return open_page(stem, user={"login": named.login}, **query)


def text_of(app: AppTest) -> str:
    """Sentences, notices and cards of a page."""
    elements = [
        *app.markdown,
        *app.header,
        *app.subheader,
        *app.warning,
        *app.caption,
        *app.metric,
        *app.info,
    ]
    pieces = [re.sub(r"<style>.*?</style>|<[^>]+>", "", one.value) for one in app.get("html")]
    return "\n".join([*(str(element.value) for element in elements), *pieces])


def stamps(app: AppTest) -> list[str]:
    """The stamp lines of a page."""
    return [element.value for element in app.get("html") if "口径：" in element.value]


def press(app: AppTest, label: str) -> None:
    """Press the button whose label ends so."""
    next(button for button in app.button if button.label.endswith(label)).click().run()
    assert not app.exception


def share(app: AppTest) -> float:
    """The number of the front page, in percent."""
    found = re.search(r'class="big">([\d.]+)%', "".join(one.value for one in app.get("html")))
    assert found
    return float(found[1])
