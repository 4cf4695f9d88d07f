"""Streamlit's page as this dashboard serves it: in Chinese, with a script and a style of our own.

Streamlit has no other languages. Its own words on a page (`data/reference/ui_words.csv`) are put
into Chinese in the browser, by ``page_script/own_words.js``. Beside it ``page_script/tour.js``
offers to show people round the front page (`data/reference/tour_steps.csv`) until they saw it, and
``page_script/history_steps.js`` keeps Back and Forward to what the visitor did;
``page_script/page_top.js`` opens every page at its top; ``page_script/menu_drawer.js`` folds the
menu of a phone, ``page_script/scope_fold.js`` the selection. ``ui/style.css`` comes once with the
page, and not with every view; so do the other files of `ui.constant_files`.
"""

import html
import json
from pathlib import Path

import streamlit
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from domain import reference
from domain.city import CITY
from server.refusals import refuse
from ui import constant_files, menu

INDEX = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
"""Streamlit's own page."""


def _code(name: str) -> str:
    return (Path(__file__).parent / "page_script" / f"{name}.js").read_text(encoding="utf-8")


def _called(name: str, table: str) -> str:
    """The function in ``page_script/<name>.js``, called with the rows of a reference table."""
    rows = json.dumps(reference.table(table).to_numpy().tolist(), ensure_ascii=False)
    return f"{_code(name).rstrip()}({rows});\n"


_SCRIPT = (
    _called("own_words", "ui_words")
    + _called("tour", "tour_steps")
    + _code("history_steps")
    + _code("page_top")
    + _code("menu_drawer")
    + _code("scope_fold")
)
_STYLE = (Path(menu.__file__).parent / "style.css").read_text(encoding="utf-8")
_SCRIPT_PATH, _STYLE_PATH = constant_files.keep(_SCRIPT, "js"), constant_files.keep(_STYLE, "css")
_CHANGES = {
    '<html lang="en">': '<html lang="zh-CN">',
    "<title>Streamlit</title>": f"<title>{html.escape(CITY.dashboard)}</title>"
    f'<script defer src=".{_SCRIPT_PATH}"></script>',
    # After Streamlit's own styles, which are in the head, and before those of a view.
    "<body>": f'<body><link rel="stylesheet" href=".{_STYLE_PATH}">',
}
_FOR_EVER = {"cache-control": "public, immutable, max-age=31536000"}
_PAGES = frozenset({"/", *(f"/{entry.path}" for entry in menu.entries())})


def _page() -> str:
    """Streamlit's page with our changes; a Streamlit that lacks what they change is an error."""
    page = INDEX
    for old, new in _CHANGES.items():
        if page.count(old) != 1:
            raise RuntimeError(f"Streamlit's page has no single {old}")
        page = page.replace(old, new)
    return page


class OwnPage:
    """Answers for the addresses of pages, and for the files that they load once."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._page = HTMLResponse(_page(), headers={"cache-control": "no-cache"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        asked = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
        if asked and scope["path"] in _PAGES:
            await self._page(scope, receive, send)
        elif asked and scope["path"].startswith(constant_files.FOLDER):
            if file := constant_files.kept(scope["path"]):
                answer = Response(file.content, media_type=file.kind, headers=_FOR_EVER)
                await answer(scope, receive, send)
            else:  # Streamlit would answer with its page
                await refuse(scope, receive, send, 404, "本看板不提供这个地址")
        else:
            await self._app(scope, receive, send)
