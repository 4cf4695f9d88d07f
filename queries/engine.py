"""A snapshot opened for queries, and the one cache of what is asked of it.

Pages and documents ask the same questions of a scope. Each is a function of a scope, or of a
snapshot's id, and plain values, marked `question` or `remembered`, and is answered once. Another
snapshot is another key, so no answer is ever stale.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import replace
from datetime import date
from functools import update_wrapper, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import ibis
import ibis.expr.types as ir
import pandas as pd
from cachetools import LRUCache, cached
from cachetools.keys import hashkey

from domain.visitors import EVERYTHING, Sight
from queries import knowledge, sights
from queries.scope import NARROWING, Scope, inside
from store import backend, day_tables, snapshot_store

JUDGED = "venues_judged"  # the table of an engine: venues on the days worked out at publishing
DAYS_KEPT = 6  # tables of other days kept per snapshot before the oldest is dropped
PREPARED = 1_000  # compiled questions kept per snapshot
SIGHTS_KEPT = 8  # units whose own records are kept per snapshot
ENGINES_KEPT = 3
CELLS_KEPT = 20_000_000  # of all answers together, some 200 MB
SMALL = 2_000  # cells that an answer without a table counts for

Subject = TypeVar("Subject", Scope, str)  # a scope, or the id of a snapshot
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

DayTable = Callable[[ibis.BaseBackend, Sequence[date]], day_tables.Question]

waiting: ContextVar[Callable[[], AbstractContextManager[Any]]] = ContextVar(
    "waiting", default=nullcontext
)
"""What is shown while a question is answered for the first time."""


class Engine:
    """One snapshot opened for queries, with the tables that questions share.

    A connection serves one thread at a time, and Streamlit runs a thread per session, so
    every query goes through `read`.
    """

    def __init__(self, snapshot_id: str) -> None:
        self._snapshot = snapshot_store.default().snapshot(snapshot_id)
        self.backend = self._snapshot.connect()
        self._lock = threading.RLock()
        self._tables: dict[str, ir.Table] = {}
        self._kept: OrderedDict[str, ir.Table] = OrderedDict()
        with self._snapshot.reading():
            self.known = knowledge.of(self.backend)
            judged = self.known.judged(self.backend.table("venues_on"))
            backend.call(self.backend, JUDGED, judged)  # most questions are about it
        self._prepared: LRUCache[Hashable, backend.Prepared] = LRUCache(PREPARED)
        self._own: LRUCache[Sight, tuple[pd.Series, pd.Series]] = LRUCache(SIGHTS_KEPT)
        self.snapshot_id = snapshot_id
        self.last_day = date.fromisoformat(self._snapshot.manifest["as_of"])
        self._days = day_tables.days(self.last_day)

    def has(self, name: str) -> bool:
        """Whether the snapshot has table `name`, which older software did not make."""
        return self._snapshot.has(name)

    def table(self, name: str) -> ir.Table:
        """Table `name` of the snapshot.

        It belongs to no connection, so that a question is the same table for every version.
        """
        with self._lock:
            if name not in self._tables:
                self._tables[name] = self.backend.table(name).unbind()
            return self._tables[name]

    def keep(self, name: str, build: Callable[[], ir.Table]) -> ir.Table:
        """The table `name`, made by `build` once and kept in memory; the oldest goes first."""
        with self._lock:
            if name not in self._kept:
                with self._snapshot.reading():
                    self._kept[name] = build()
            self._kept.move_to_end(name)
            while len(self._kept) > DAYS_KEPT:
                self._kept.popitem(last=False)
                self._prepared.clear()  # they may name it
            return self._kept[name]

    def read(self, build: Callable[["Engine"], ir.Table]) -> pd.DataFrame:
        """The rows of the table that `build` makes on this engine; unknown as in `_with_nan`."""
        with self._lock, self._snapshot.reading():
            table = build(self)
            return _with_nan(self.backend.execute(table), table.schema())

    def prepared(
        self,
        build: Callable[Concatenate["Engine", Subject, Asked], ir.Table],
        subject: Subject,
        /,
        *args: Asked.args,
        **kwargs: Asked.kwargs,
    ) -> pd.DataFrame:
        """The rows of the table that `build` makes of a subject, compiled once for all like it.

        Scopes of different areas, fields and banks are alike: `build` is given a text that stands
        for each, so it may compare them with columns, and know whether they are there, but no more.
        """
        like: Any = subject
        texts: dict[str, str] = {}
        if isinstance(subject, Scope):
            parts: dict[str, Any] = {p: f"<{p}>" for p in NARROWING if getattr(subject, p)}
            like = replace(subject, **parts)
            texts = {stands_for: getattr(subject, part) for part, stands_for in parts.items()}
        return self.filled(build, texts, like, *args, **kwargs)

    def filled(
        self,
        build: Callable[Concatenate["Engine", Asked], ir.Table],
        texts: Mapping[str, str],
        /,
        *args: Asked.args,
        **kwargs: Asked.kwargs,
    ) -> pd.DataFrame:
        """The rows of the table that `build` makes, compiled once for all `texts`.

        Each is put in the place of the literal, such as <name>, that stands for it in the table.
        """
        key = _key(build, *args, **kwargs)
        with self._lock, self._snapshot.reading():
            if key not in self._prepared:
                table = build(self, *args, **kwargs)
                self._prepared[key] = backend.Prepared(self.backend, table)
            found = self._prepared[key]
            return _with_nan(found.rows(texts), found.schema)

    def narrowed(self, frame: pd.DataFrame, sight: Sight) -> pd.DataFrame:
        """`frame` with the names only of what `sight` names, see `queries.sights`."""
        if sight.whole:
            return frame
        with self._lock:
            if sight not in self._own:
                self._own[sight] = (
                    self.read(lambda data: sights.venues(data.table, sight))["venue_id"],
                    self.read(lambda data: sights.shops(data.table, sight))["merchant_key"],
                )
            return sights.narrowed(frame, *self._own[sight])

    def merchants_on(self, day: date) -> ir.Table:
        """Every merchant with its state on `day`."""
        if day == self.last_day:
            return self.table("merchants_on")
        name = f"merchants_{day:%Y%m%d}"
        return self.keep(name, lambda: self._made(day_tables.merchants, [day]))

    def scenarios_on(self, days: tuple[date, ...]) -> ir.Table:
        """Every scenario instance with its state on each of `days`."""
        return self._on("scenarios_on", day_tables.scenarios, days)

    def venues_on(self, days: tuple[date, ...]) -> ir.Table:
        """Every venue with its coverage on each of `days`, as far as it was known then."""
        rows = self._on(JUDGED, day_tables.venues, days)
        return rows if set(days) <= set(self._days) else self.known.judged(rows)

    def venues_daily(self, ids: tuple[str, ...], days: Sequence[date]) -> ir.Table:
        """The venues of `ids` with their coverage on each of `days`, as `venues_on`; not kept."""
        return self.known.judged(
            backend.made(self.backend, *day_tables.venues(self.backend, days, ids))
        )

    def cluster_counts_on(self, days: tuple[date, ...]) -> ir.Table:
        """Shops of every cluster on each of `days`, counted."""
        return self._on("cluster_counts", day_tables.cluster_counts, days)

    def _made(self, compute: DayTable, days: Sequence[date]) -> ir.Table:
        return backend.made(self.backend, *compute(self.backend, days))

    def _on(
        self,
        name: str,
        compute: DayTable,
        days: tuple[date, ...],
    ) -> ir.Table:
        """Table `name` on `days`: as worked out at publishing, other days computed and kept."""
        others = [day for day in days if day not in self._days]
        every = self.table(name)
        parts = [every if days == self._days else every.filter(every.as_of.isin(days))]
        if others:
            kept = f"{name}_{others[0]:%Y%m%d}_{others[-1]:%Y%m%d}_{len(others)}"
            parts.append(self.keep(kept, lambda: self._made(compute, others)))
        return ibis.union(*parts) if len(others) < len(days) else parts[-1]


def _with_nan(rows: pd.DataFrame, schema: ibis.Schema) -> pd.DataFrame:
    """`rows` whose numbers are NaN and whose flags are NA where they are unknown."""
    unknown = {
        name: "boolean" if kind.is_boolean() else "float64"
        for name, kind in schema.items()
        if (kind.is_boolean() or kind.is_numeric()) and rows[name].dtype == object
    }
    return rows.astype(unknown)


def _key(*parts: Any, **named: Any) -> Hashable:
    return hashkey(*parts, **named)


def _of_this_store(*parts: Hashable, **named: Hashable) -> Hashable:
    return hashkey(snapshot_store.default().path, *parts, **named)


@cached(LRUCache(ENGINES_KEPT), key=_of_this_store, condition=threading.Condition())
def engine(snapshot_id: str) -> Engine:
    """The opened snapshot `snapshot_id`, shared by all who ask in this process."""
    return Engine(snapshot_id)


def _cells(answer: object) -> int:
    """What an answer counts for in the cache: the cells of its tables."""
    if isinstance(answer, dict):
        return sum(map(_cells, answer.values()))
    return max(answer.size, SMALL) if isinstance(answer, pd.DataFrame) else SMALL


_answers: LRUCache[Hashable, Any] = LRUCache(CELLS_KEPT, _cells)
_answering = threading.Condition()


def remembered(ask: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """`ask`, answered once for the same arguments, of which the first names the snapshot.

    Who asks what another session is being answered already waits for that answer; every other
    answer is at hand meanwhile. A frame is handed out as a copy on write: whoever changes it
    changes their own. All else is shared, so do not write to it.
    """

    def key(*args: Hashable, **kwargs: Hashable) -> Hashable:
        return _of_this_store(ask, *args, **kwargs)

    @cached(_answers, key=key, condition=_answering)
    def first(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        with waiting.get()():
            return ask(*args, **kwargs)

    @wraps(ask)
    def answer(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        found = first(*args, **kwargs)
        return cast(Answer, found.copy(deep=False)) if isinstance(found, pd.DataFrame) else found

    return answer


def question(
    build: Callable[Concatenate[Engine, Subject, Asked], ir.Table],
) -> Callable[Concatenate[Subject, Asked], pd.DataFrame]:
    """The rows of the table that `build` makes on the engine of its subject, `remembered`.

    So a question is written as (engine, subject, …) → table and asked as (subject, …) → frame. It
    is answered once for all visitors; each is given the names that the scope's sight has.
    """

    def rows(subject: Subject, /, *args: Asked.args, **kwargs: Asked.kwargs) -> pd.DataFrame:
        if isinstance(subject, str):
            return engine(subject).prepared(build, subject, *args, **kwargs)
        return engine(subject.snapshot_id).prepared(build, subject, *args, **kwargs)

    update_wrapper(rows, build)
    asked = remembered(rows)

    @wraps(build)
    def answer(subject: Subject, /, *args: Asked.args, **kwargs: Asked.kwargs) -> pd.DataFrame:
        if isinstance(subject, str) or subject.sight.whole:
            return asked(subject, *args, **kwargs)
        found = asked(replace(subject, sight=EVERYTHING), *args, **kwargs)
        return engine(subject.snapshot_id).narrowed(found, subject.sight)

    return answer


def listing(
    build: Callable[Concatenate[Engine, Scope, Asked], ir.Table],
) -> Callable[Concatenate[Scope, Asked], pd.DataFrame]:
    """As `question`, of rows that each stand in one place: asked once for the city, and cut.

    So all areas together cost one question. `build` is given no area.
    """
    whole = question(build)

    @remembered
    def part(scope: Scope, /, *args: Asked.args, **kwargs: Asked.kwargs) -> pd.DataFrame:
        return inside(whole(replace(scope, area_id=""), *args, **kwargs), scope)

    @wraps(build)
    def answer(scope: Scope, /, *args: Asked.args, **kwargs: Asked.kwargs) -> pd.DataFrame:
        return (part if scope.area_id else whole)(scope, *args, **kwargs)

    return answer
