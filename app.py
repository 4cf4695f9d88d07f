"""The server: the dashboard's script as an ASGI application, and its work behind the pages."""

import sys
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import streamlit as st
from anyio.to_thread import run_sync
from starlette.routing import Route

from api.routes import ROUTES
from server import gate, health, start_check, warming

start_check.refuse_unsafe()


@asynccontextmanager
async def lifespan(server: st.App) -> AsyncIterator[None]:
    """Prepare the usual views, then open the dashboard where somebody sits at the machine."""
    async with warming.lifespan(server), anyio.create_task_group() as tasks:
        address = f"http://{st.get_option('server.address')}:{st.get_option('server.port')}"
        print(f"看板已启动：{address}", file=sys.stderr)
        if not st.get_option("server.headless"):
            tasks.start_soon(run_sync, webbrowser.open, address)
        yield


app = st.App(
    Path(__file__).parent / "ui" / "dashboard.py",
    lifespan=lifespan,
    routes=[Route(health.PATH, health.health), *ROUTES],
    middleware=gate.middleware(),
)
