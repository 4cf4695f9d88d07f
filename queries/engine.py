"""A snapshot opened for queries, which remembers what it was asked.

Pages and documents ask the same questions of a scope. Each is a function of a scope, or of a
snapshot's id, and plain values, marked `remembered`: the engine of the snapshot answers it once.
Another snapshot is another engine, so no answer is ever stale.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from datetime import date
from functools import wraps
from typing import Any, TypeVar

import ibis
import ibis.expr.types as ir
import pandas as pd

from domain import pace, states
from domain.venues import venue_coverage
from queries.scope import Scope
from store import backend, snapshot_store

DAYS_KEPT = 6  # materialised days kept per snapshot before the oldest is dropped
ANSWERS_KEPT = 400
ENGINES_KEPT = 3
Answer = TypeVar("Answer")

waiting: ContextVar[Callable[[], AbstractContextManager]] = ContextVar(
    "waiting", default=nullcontext
)
"""What is shown while a question is answered for the first time."""


class Engine:
    """One snapshot opened for queries, with the tables and answers that are shared.

    A connection serves one thread at a time, and Streamlit runs a thread per session, so
    every query goes through `read`.
    """

    def __init__(self, snapshot_id: str) -> None:
        self._snapshot = snapshot_store.default().snapshot(snapshot_id)
        self._backend = self._snapshot.connect()
        self._lock = threading.RLock()
        self._kept: OrderedDict[str, ir.CachedTable] = OrderedDict()
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        latest = date.fromisoformat(self._snapshot.manifest["as_of"])
        self._month_ends = pace.month_ends(pace.first_day(), latest)

    def table(self, name: str) -> ir.Table:
        """Table `name` of the snapshot."""
        return self._backend.table(name)

    def keep(self, name: str, build: Callable[[], ir.Table]) -> ir.Table:
        """The table `name`, built once by `build` and kept in memory; the oldest goes first."""
        with self._lock:
            if name not in self._kept:
                with self._snapshot.reading():
                    self._kept[name] = backend.kept(self._backend, build())
            self._kept.move_to_end(name)
            while len(self._kept) > 2 * DAYS_KEPT:
                self._kept.popitem(last=False)[1].release()
            return self._kept[name]

    def read(self, question: Callable[["Engine"], ir.Table]) -> pd.DataFrame:
        """The rows of the table that `question` builds on this engine."""
        with self._lock, self._snapshot.reading():
            return question(self).to_pandas()

    def remember(self, key: Hashable, answer: Callable[[], Any]) -> Any:
        """What `answer` gave when `key` was first asked for; the longest unasked goes first."""
        with self._lock:
            if key not in self._answers:
                with waiting.get()():
                    self._answers[key] = answer()
            self._answers.move_to_end(key)
            while len(self._answers) > ANSWERS_KEPT:
                self._answers.popitem(last=False)
            return self._answers[key]

    def merchants_on(self, day: date) -> ir.Table:
        """Every merchant with its state on `day`."""

        def build() -> ir.Table:
            return states.on_days(self.table("merchants"), self.table("spells"), [day])

        return self.keep(f"merchants_{day:%Y%m%d}", build)

    def scenarios_on(self, days: tuple[date, ...]) -> ir.Table:
        """Every scenario instance with its state on each of `days`."""
        return states.on_days(
            self.table("scenarios"), self.table("spells"), list(days), "scenarios"
        )

    def venues_on(self, days: tuple[date, ...]) -> ir.Table:
        """Every venue with its coverage on each of `days`.

        Pages ask for month ends again and again, alone and in rows. One day costs an engine
        about as much as all of them, so they are computed together; other days as asked for.
        """
        usual = [day for day in days if day in self._month_ends]
        others = tuple(day for day in days if day not in self._month_ends)
        parts = []
        if usual:
            every = self.keep("venues", lambda: self._venues(self._month_ends))
            parts.append(every.filter(every.as_of.isin(usual)))
        if others:
            name = f"venues_{others[0]:%Y%m%d}_{others[-1]:%Y%m%d}_{len(others)}"
            parts.append(self.keep(name, lambda: self._venues(others)))
        return ibis.union(*parts)

    def _venues(self, days: tuple[date, ...]) -> ir.Table:
        spells, merchants = self.table("spells"), self.table("merchants")
        shops = merchants.filter(merchants.venue_id.notnull())
        instances = self.scenarios_on(days)
        return venue_coverage(
            self.table("venues"),
            states.on_days(shops, spells, list(days)),
            instances.filter(instances.venue_id.notnull()),
            days,
        )


_engines: OrderedDict[tuple[str, str], Engine] = OrderedDict()
_opening = threading.Lock()


def engine(snapshot_id: str) -> Engine:
    """The opened snapshot `snapshot_id`, shared by all who ask in this process."""
    key = (str(snapshot_store.default().path), snapshot_id)
    with _opening:
        if key not in _engines:
            _engines[key] = Engine(snapshot_id)
        _engines.move_to_end(key)
        while len(_engines) > ENGINES_KEPT:
            _engines.popitem(last=False)
        return _engines[key]


def forget() -> None:
    """Close every engine, as when the process starts."""
    with _opening:
        _engines.clear()


def remembered(question: Callable[..., Answer]) -> Callable[..., Answer]:
    """`question`, answered once for the same arguments, of which the first names the snapshot.

    A frame is handed out as a copy on write: whoever changes it changes their own.
    """

    @wraps(question)
    def answer(subject: Scope | str, *args: Any, **kwargs: Any) -> Answer:
        snapshot_id = subject if isinstance(subject, str) else subject.snapshot_id
        key = (question.__module__, question.__qualname__, subject, args, tuple(kwargs.items()))
        found = engine(snapshot_id).remember(key, lambda: question(subject, *args, **kwargs))
        return found.copy(deep=False) if isinstance(found, pd.DataFrame) else found

    return answer
