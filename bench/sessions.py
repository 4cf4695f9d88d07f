"""How long a view takes while many people use the dashboard at once.

``python -m bench.sessions [--sessions 10,50,200] [--seconds 120] [--merchants 20000] [--before]``.
Each session opens another page or another area every 5 to 15 seconds, over Streamlit's own
protocol. A view lasts from the request until its script has run to its end; a script that raises,
and a view of more than a minute, are errors. With ``--before`` the same is measured on the server
as it was in version 0.4.0: garbage collected after every view, nothing answered before anyone asks.
People come to a server that started a while ago, so the first views wait for `SETTLED` seconds. The
sessions run on the same machine as the server, and share its processors.

``--processes 2`` measures the whole city's way: that many servers on one store, a real PostgreSQL
for the ledger, each session on one of the servers, and a new version published every minute.
"""

import argparse
import asyncio
import itertools
import os
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
from websockets import ConnectionClosed

from demo import publishing
from domain.visitors import clerk
from loaders import intake
from loaders.decisions import manual_entries
from queries.scope import CITY, areas_by_name
from store import snapshot_store
from store.snapshot import Snapshot
from tests.support import postgres_server
from tests.support.dashboard_server import ROOT, Server
from tests.support.streamlit_session import Session, connected
from ui import menu

PUBLISHED = 60.0  # seconds between two publications, where several processes serve
FIGURE = {
    "city": "南京市", "month": "2026-06-01", "measure_id": "wallets", "source": "bench",
    "published_on": "2026-07-10",
}  # fmt: skip
PAUSE = (5.0, 15.0)  # seconds between two views of a session
LONGEST = 60.0  # seconds after which a view is given up
SETTLED = 90.0  # seconds between the start of a server and the first view
BEFORE, NOW = "before", "now"
PATHS = [entry.path for entry in menu.entries()]
AREAS = [CITY, *areas_by_name()]


@dataclass
class Views:
    """Seconds of the views that ended well, and what the others ended in."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def person(port: int, seed: int, seconds: float, views: Views) -> None:
    """Open views for `seconds` seconds, the first after a pause of one's own."""
    chance = random.Random(seed)
    end = time.monotonic() + seconds
    path, area = PATHS[0], CITY
    await asyncio.sleep(chance.uniform(0, PAUSE[1]))
    async with connected(port) as socket:
        session = Session(socket)
        while time.monotonic() < end:
            started = time.perf_counter()
            await asyncio.wait_for(session.open(path, area), LONGEST)
            views.seconds.append(time.perf_counter() - started)
            views.errors.extend(f"{path}: {name}" for name in session.exceptions())
            if chance.random() < 0.5:
                path = chance.choice(PATHS)
            else:
                area = chance.choice(AREAS)
            await asyncio.sleep(chance.uniform(*PAUSE))


async def load(servers: list[Server], sessions: int, seconds: float) -> tuple[Views, float]:
    """The views of `sessions` people, and what each added to the servers' memory, in MB."""
    await asyncio.sleep(SETTLED)
    views = Views()
    before = sum(memory(server, "VmRSS") for server in servers)
    people = [
        person(servers[seed % len(servers)].port, seed, seconds, views) for seed in range(sessions)
    ]
    for ended in await asyncio.gather(*people, return_exceptions=True):
        if isinstance(ended, TimeoutError | OSError | ConnectionClosed):
            views.errors.append(type(ended).__name__)
        elif ended is not None:
            raise ended
    return views, (sum(memory(server, "VmHWM") for server in servers) - before) / sessions


def memory(server: Server, measure: str) -> float:
    """The server's memory in MB: VmRSS that of now, VmHWM the most it ever was."""
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    return int(status.split(f"{measure}:")[1].split()[0]) / 1024


@contextmanager
def running(store: Path, name: str, processes: int) -> Iterator[list[Server]]:
    """The server as it was, or as many as asked as they are now."""
    with ExitStack() as stack:
        if processes > 1:
            database = stack.enter_context(postgres_server.running())
            os.environ["COVERAGE_LEDGER"] = database.new_database()
            stack.callback(os.environ.pop, "COVERAGE_LEDGER")
        if name == BEFORE:
            # Without app.py nothing is answered early.
            before = Server(store, ROOT / "ui" / "dashboard.py", "runner.postScriptGC=true")
            servers = [before]
        else:
            servers = [Server(store) for _ in range(processes)]
        for server in servers:
            stack.callback(server.stop)
        if processes > 1:
            stack.enter_context(publishing_meanwhile(store))
        yield servers


@contextmanager
def publishing_meanwhile(folder: Path) -> Iterator[None]:
    """A new version comes into force every `PUBLISHED` seconds."""
    store, ended = snapshot_store.Store(folder), threading.Event()

    def publish() -> None:
        for value in itertools.count(1):
            if ended.wait(PUBLISHED):
                return
            ledger = store.ledger_of(cast(Snapshot, store.current()))
            manual_entries.enter(ledger, "figure", FIGURE | {"value": value}, clerk("bench"))
            intake.fold(store, clerk("bench"))

    thread = threading.Thread(target=publish)
    thread.start()
    yield
    ended.set()
    thread.join()


def run(
    counts: tuple[int, ...] = (10, 50, 200),
    seconds: float = 120.0,
    merchants: int = 20_000,
    servers: tuple[str, ...] = (NOW,),
    processes: int = 1,
) -> None:
    """Print the times of views, errors and memory for each number of sessions."""
    print(f"# sessions: a view every {PAUSE[0]:.0f} to {PAUSE[1]:.0f} s, {merchants:,} merchants")
    print(f"{'server':8}{'sessions':>9}{'views':>7}{'p50 s':>8}{'p95 s':>8}{'p99 s':>8}", end="")
    print(f"{'errors':>8}{'MB a session':>14}")
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder)
        publishing.publish(snapshot_store.Store(store), merchants)
        for count in counts:
            for name in servers:
                with running(store, name, processes) as started:
                    views, each = asyncio.run(load(started, count, seconds))
                p50, p95, p99 = np.percentile(views.seconds or [np.nan], [50, 95, 99])
                print(
                    f"{name:8}{count:>9}{len(views.seconds):>7}{p50:>8.2f}{p95:>8.2f}{p99:>8.2f}"
                    f"{len(views.errors):>8}{each:>14.1f}",
                    flush=True,
                )
                for error in sorted(set(views.errors)):
                    print(f"    {views.errors.count(error)} × {error}")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--sessions", default="10,50,200", help="how many at once, with commas")
    parser.add_argument("--seconds", type=float, default=120.0, help="how long each of them goes")
    parser.add_argument("--merchants", type=int, default=20_000, help="size of the demo store")
    parser.add_argument("--before", action="store_true", help="with the settings of 0.4.0, too")
    parser.add_argument("--processes", type=int, default=1, help="how many servers on one store")
    asked = parser.parse_args()
    counts = tuple(int(count) for count in asked.sessions.split(","))
    servers = (BEFORE, NOW) if asked.before else (NOW,)
    run(counts, asked.seconds, asked.merchants, servers, asked.processes)


if __name__ == "__main__":
    main()
