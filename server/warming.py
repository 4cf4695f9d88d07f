"""The server's own work: its pages opened before anyone comes, and garbage collection.

Streamlit would collect all garbage after each run of a page, and walk through everything that the
process caches; ``.streamlit/config.toml`` turns that off. Here the caches are taken out of the
collector's sight once they are filled, and the rest is collected every minute.
"""

import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import anyio
import pyarrow as pa
import streamlit as st
from anyio.to_thread import run_sync
from streamlit import runtime
from streamlit.runtime.runtime import RuntimeState

from domain import reference
from queries.scope import areas_by_name
from server.own_visits import visit
from store import snapshot_store
from store.errors import IntakeError
from ui import menu

START = 60.0  # seconds after which pages are served even if the questions take longer
LOOK = 2.0  # seconds between two looks at which snapshot is in force
CALM = 15.0  # seconds without another publish, before parts of the city are prepared
COLLECT = 60.0  # seconds between two collections


@asynccontextmanager
async def lifespan(_server: st.App) -> AsyncIterator[None]:
    """Open the front page, then serve, and follow the store."""
    ready = anyio.Event()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_follow, ready)
        with anyio.move_on_after(START):
            await ready.wait()
        yield
        tasks.cancel_scope.cancel()


async def _follow(ready: anyio.Event) -> None:
    """Open the pages of each snapshot that comes into force, whichever process published it.

    The front page at once, which makes the server `ready`; then the city's other pages, slowly
    where people are there, and the pages of its parts while nobody is.
    """
    gc.freeze()  # the libraries, or the collector walks them while the first page is drawn
    pa.set_memory_pool(pa.system_memory_pool())  # Arrow's own keeps 100 MB that nobody uses
    prepared: str | None = ""  # nothing yet, not even an empty store
    city: list[tuple[str, str]] = []
    parts: list[tuple[str, str]] = []
    changed = collected = time.monotonic()
    while True:
        in_force = await run_sync(_in_force)
        now, pause = time.monotonic(), LOOK
        if in_force != prepared:
            prepared, changed = in_force, now
            front, *city = _pages()
            parts = _parts() if in_force else []
            await visit(*front)
            await run_sync(_freeze)
            ready.set()
            pause = 0.0
        elif city:
            await visit(*city.pop(0))
            pause = 0.0 if _idle() else LOOK
        elif parts and now - changed > CALM and _idle():
            await visit(*parts.pop(0))
            pause = 0.0
            if not parts:
                await run_sync(_freeze)
        elif now - collected > COLLECT:
            collected = now
            await run_sync(gc.collect)
        await anyio.sleep(pause)


def _idle() -> bool:
    """Whether nobody has the dashboard open."""
    return runtime.get_instance().state is RuntimeState.NO_SESSIONS_CONNECTED


def _in_force() -> str | None:
    """Id of the snapshot in force; None while there is none, or none that can be read."""
    try:
        snapshot = snapshot_store.default().current()
    except (IntakeError, OSError):
        return None
    return snapshot.id if snapshot else None


def _pages(**part: str) -> list[tuple[str, str]]:
    """Paths and queries of all pages about a part of the city, the front page first."""
    return [(entry.path, urlencode(part)) for entry in menu.entries()]


def _parts() -> list[tuple[str, str]]:
    """The front pages of areas and banks, of a bank in an area, then the areas' other pages.

    A question about one bank is compiled for all of them (`queries.engine`).
    """
    areas, banks = list(areas_by_name()), list(reference.table("operators")["operator"])
    parts = [{"area": area} for area in areas] + [{"operator": bank} for bank in banks]
    parts.append({"area": areas[0], "operator": banks[0]})
    fronts = [_pages(**part)[0] for part in parts]
    return fronts + [page for area in areas for page in _pages(area=area)[1:]]


def _freeze() -> None:
    """Hide from the collector all that is in memory and is no garbage now."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
