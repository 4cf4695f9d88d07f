"""Several clerks who take the same step of a ledger at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from domain.visitors import clerk
from store.errors import IntakeError
from store.ledger import Ledger


def at_once(*steps: Callable[[], Any]) -> list[str]:
    """What `steps` were told that all began together: '' where one was taken."""
    together = Barrier(len(steps))

    def taken(step: Callable[[], Any]) -> str:
        together.wait()
        try:
            step()
        except IntakeError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(len(steps)) as threads:
        return list(threads.map(taken, steps))


def one_writer_at_a_time(book: Ledger) -> None:
    """Check that of eight who each write what nobody wrote yet, one does."""

    def once() -> None:
        with Ledger(book.url).exclusive() as inside:
            if inside.history("word"):
                raise IntakeError("有了")
            inside.write("word", "一", {}, clerk("甲"))

    assert sorted(at_once(*[once] * 8)) == ["", *["有了"] * 7]
    assert len(book.history("word")) == 1
