"""A PostgreSQL server in a folder of its own, that lives as long as the tests that use it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import sqlalchemy as sa

SUPERUSER = "postgres"
# It refuses to run as root; the account comes with Debian's package.
ACCOUNT = {"user": SUPERUSER, "group": SUPERUSER, "extra_groups": []} if os.getuid() == 0 else {}


class PostgresServer:
    """A running server, reached through a socket in its `folder` only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count()

    def new_database(self) -> str:
        """The address of an empty database."""
        name = f"ledger{next(self._numbers)}"
        engine = sa.create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return self._url(name)

    def _url(self, database: str) -> str:
        return f"postgresql://{SUPERUSER}@/{database}?host={self.folder}"


@contextmanager
def running() -> Iterator[PostgresServer]:
    """A server that is ready; it ends, and its files go, afterwards."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[-2]))
    # Not in pytest's folder, which the account may not enter; and the path of a socket is short.
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    data = folder / "data"

    def run(program: str, *options: str) -> None:
        command = [programs / program, "--pgdata", data, *options]
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True, **ACCOUNT)

    try:
        if ACCOUNT:
            shutil.chown(folder, SUPERUSER, SUPERUSER)
        run(
            "initdb", "--username", SUPERUSER, "--auth", "trust", "--locale", "C.UTF-8", "--no-sync"
        )
        settings = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        run("pg_ctl", "start", "--wait", "--log", str(folder / "log"), "--options", settings)
        try:
            yield PostgresServer(folder)
        finally:
            run("pg_ctl", "stop", "--wait", "--mode", "immediate")
    finally:
        shutil.rmtree(folder)
