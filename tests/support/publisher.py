"""Publishers that are killed: they import a file into a store, and die where they are told to.

Each is a process of its own, forked from a server that has read the reference tables once: a fresh
interpreter for each would take longer than the publication.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pandas as pd

from domain.visitors import clerk
from geo.geocoding import geocode
from loaders import intake
from loaders.assessment import Assessment
from store.errors import StaleError
from store.snapshot_store import Store
from tests.support.bank_files import assess

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])

geocode(pd.DataFrame({"address": ["连云港市"], "lon": [119.2], "lat": [34.6], "crs": ["wgs84"]}))


def begun(target: Callable, *arguments: object) -> tuple[BaseProcess, Connection]:
    """A running process of `target`, and what it sends: its last argument is the sending end."""
    receiver, sender = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=target, args=(*arguments, sender))
    process.start()
    sender.close()
    return process, receiver


def bring(home: Path, path: Path, _: Connection) -> None:
    """Import `path` into the store at `home`, whatever others publish meanwhile."""
    store = Store(home)
    while True:
        try:
            intake.publish(assess([path], store), store, clerk("测试"))
            return
        except StaleError:
            continue


def publish(home: Path, found: Assessment, fatal: int, steps: Connection) -> None:
    """Publish what was `found` into the store at `home`, then send the number of steps.

    Steps are the reports of progress and the calls that change the disk, in the order in which
    they happen; at step `fatal` the process kills itself with SIGKILL, as a power cut would.
    """
    taken: list[str] = []

    def step(name: str) -> None:
        taken.append(name)
        if len(taken) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(function: Callable) -> Callable:
        def wrapper(*arguments: object, **options: object) -> object:
            result = function(*arguments, **options)
            step(function.__name__)
            return result

        return wrapper

    os.fsync = counted(os.fsync)
    Path.rename, Path.replace = counted(Path.rename), counted(Path.replace)
    intake.publish(found, Store(home), clerk("测试"), lambda stage, share: step(stage))
    steps.send(len(taken))


def hold(home: Path, held: Connection) -> None:
    """Hold the lock of the store at `home` until killed."""
    with Store(home).held():
        held.send(True)
        signal.pause()
