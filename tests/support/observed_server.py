"""The dashboard's server in a hurry, with one area, and one more address: what it has done so far.

``/done`` says how many questions its engines have been asked, how often it has hidden what it
keeps from the garbage collector, and how often it has collected.
"""

import gc
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from queries.engine import Engine
from server import warming

done: Counter[str] = Counter()


def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def counting(*args: Any) -> Any:
        result = function(*args)
        done[name] += 1
        return result

    return counting


def report(_request: Request) -> JSONResponse:
    return JSONResponse(done)


Engine.read = counted("questions", Engine.read)
Engine.filled = counted("questions", Engine.filled)
gc.freeze = counted("hidden", gc.freeze)
gc.collect = counted("collected", gc.collect)
warming.areas_by_name = lambda: {"灌云县": "320723"}
warming.LOOK, warming.CALM, warming.COLLECT = 0.2, 0.0, 1.0
app = st.App(
    Path(__file__).parents[2] / "ui" / "dashboard.py",
    lifespan=warming.lifespan,
    routes=[Route("/done", report)],
)
