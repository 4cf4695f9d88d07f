"""Sign-ins and when somebody last did something with each: one left alone for long has ended."""

import time
from dataclasses import dataclass, field

import anyio
from cachetools import TTLCache
from starlette.types import Message, Receive

from domain import rules

LIMIT = 60.0 * rules.count("idle_minutes")
"""Seconds after which a sign-in that nobody used has ended."""


@dataclass
class _Visit:
    used: float
    ended: bool = False
    waiting: set[anyio.CancelScope] = field(default_factory=set)

    def left(self) -> float:
        """Seconds until it ends, if nobody does anything."""
        return 0.0 if self.ended else self.used + LIMIT - time.monotonic()


class Visits:
    """The sign-ins that this process knows; one that has ended is forgotten some time later.

    A sign-in that is not known is believed only while its cookie is fresh: so one that was
    forgotten, or ended, or was made before the server started, does not come back.
    """

    def __init__(self) -> None:
        self._visits: TTLCache[str, _Visit] = TTLCache(100_000, 2 * LIMIT)

    def holds(self, key: str, *, fresh: bool) -> bool:
        """Whether the sign-in `key` goes on; `fresh` says that it was made within the limit."""
        visit = self._visits.get(key)
        if visit is None:
            if fresh:
                self._visits[key] = _Visit(time.monotonic())
            return fresh
        return visit.left() > 0

    def use(self, key: str) -> None:
        """Somebody did something: the limit begins anew."""
        visit = self._visits.get(key)
        if visit is not None and visit.left() > 0:
            visit.used = time.monotonic()
            self._visits[key] = visit  # kept for as long again

    def end(self, key: str) -> None:
        """End a sign-in, and what waits for its next message."""
        visit = self._visits.get(key)
        if visit is not None:
            visit.ended = True
            self._visits[key] = visit  # known as ended until its cookie is no longer fresh
            for scope in visit.waiting:
                scope.cancel()

    def signed_out(self, key: str) -> bool:
        """Whether somebody ended the sign-in `key`, and not the time."""
        visit = self._visits.get(key)
        return visit is not None and visit.ended

    async def next(self, key: str, receive: Receive) -> Message | None:
        """The next message of a web socket; None once the sign-in has ended."""
        while (visit := self._visits.get(key)) is not None and (left := visit.left()) > 0:
            with anyio.move_on_after(left) as waiting:
                visit.waiting.add(waiting)
                try:
                    message = await receive()
                finally:
                    visit.waiting.discard(waiting)
                return message if visit.left() > 0 else None
        return None
