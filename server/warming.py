"""The server's own work: the usual questions answered before anyone asks, and garbage collection.

Streamlit would collect all garbage after each run of a page, and walk through everything that the
process caches; ``.streamlit/config.toml`` turns that off. Here the caches are taken out of the
collector's sight once they are filled, and the rest is collected every minute.
"""

import gc
import importlib
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date
from typing import Any

import anyio
import streamlit as st
from anyio.to_thread import run_sync
from streamlit import runtime
from streamlit.runtime.runtime import RuntimeState

from domain import reference
from geo.boundaries import BoundaryError
from presentation import basemap
from queries.scope import Scope, areas_by_name
from queries.usual_questions import usual
from store import snapshot_store
from store.errors import IntakeError

START = 60.0  # seconds after which pages are served even if the questions take longer
LOOK = 2.0  # seconds between two looks at which snapshot is in force
CALM = 15.0  # seconds without another publish, before parts of the city are prepared
COLLECT = 60.0  # seconds between two collections
_log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(_server: st.App) -> AsyncIterator[None]:
    """Answer the usual questions of the whole city, then serve, and follow the store."""
    ready = anyio.Event()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_follow, ready)
        with anyio.move_on_after(START):
            await ready.wait()
        yield
        tasks.cancel_scope.cancel()


async def _follow(ready: anyio.Event) -> None:
    """Prepare each snapshot that comes into force, whichever process published it.

    The city at once, which makes the server `ready`; parts of it one by one, while nobody is
    there.
    """
    await run_sync(_load)
    prepared: str | None = ""  # nothing yet, not even an empty store
    parts: list[dict[str, Any]] = []
    changed = collected = time.monotonic()
    while True:
        in_force = await run_sync(_in_force)
        now, pause = time.monotonic(), LOOK
        if in_force != prepared:
            prepared, changed = in_force, now
            parts = _parts() if await run_sync(_answer, in_force, {}) else []
            await run_sync(_freeze)
        elif parts and now - changed > CALM and _idle():
            await run_sync(_answer, in_force, parts.pop(0))
            pause = 0.0
            if not parts:
                await run_sync(_freeze)
        elif now - collected > COLLECT:
            collected = now
            await run_sync(gc.collect)
        ready.set()
        await anyio.sleep(pause)


def _load() -> None:
    """Import what takes long to import, and draw the base map: what no data change.

    No module of the interface: a component of Streamlit's must be declared while a script runs.
    """
    for name in ("folium", "plotly.graph_objects", "loaders.intake", "reports.document_set"):
        importlib.import_module(name)
    with suppress(BoundaryError):  # pages say what is wrong with a file of the office
        for drawn in (basemap.counties, basemap.towns, basemap.areas, basemap.surroundings):
            drawn()
    _freeze()  # or the collector walks all of it while the first questions are answered


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


def _parts() -> list[dict[str, Any]]:
    """What is asked about first: one bank, and one in an area, then the areas and the other banks.

    A question about one bank is compiled for all of them (`queries.engine`).
    """
    areas = list(areas_by_name().values())
    first, *banks = reference.table("operators")["operator_id"]
    return [
        {"operator_id": first},
        {"operator_id": first, "area_id": areas[0]},
        *({"area_id": area} for area in areas),
        *({"operator_id": bank} for bank in banks),
    ]


def _answer(snapshot_id: str | None, part: dict[str, Any]) -> bool:
    """Answer the usual questions about a part of the city; whether that was possible.

    The server goes on whatever is wrong with a snapshot: its pages say what it is.
    """
    if snapshot_id is None:
        return False
    try:
        manifest = snapshot_store.default().snapshot(snapshot_id).manifest
        usual(Scope(snapshot_id, date.fromisoformat(manifest["as_of"]), **part))
    except Exception:
        _log.exception("the usual questions about %s were not answered", snapshot_id)
        return False
    return True


def _freeze() -> None:
    """Hide from the collector all that is in memory and is no garbage now."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
