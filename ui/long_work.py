"""Work that runs to its end whatever is clicked meanwhile: everything that publishes.

Streamlit stops the script of a page as soon as somebody clicks. So such work has a thread of its
own, and the next run of any page, which may be the one that stopped the last, waits for it.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, NoReturn

import streamlit as st

from presentation.labels import plain
from store.errors import IntakeError
from store.step_progress import Progress

_LOOKS = 0.2  # seconds from one look at the progress to the next
_threads = ThreadPoolExecutor(thread_name_prefix="long_work")


@dataclass
class _Work:
    """Work that was begun, how far it is, and what follows from its result or its error."""

    stage: str
    then: Callable[[Any], None]
    otherwise: Callable[[IntakeError], None]
    share: float = 0.0
    outcome: Future[Any] = field(default_factory=Future)

    def advance(self, stage: str, share: float) -> None:
        self.stage, self.share = stage, min(share, 1.0)


def _say(error: IntakeError) -> None:
    st.error(plain(str(error)), icon=":material/error:")


def begin(
    title: str,
    work: Callable[[Progress], Any],
    then: Callable[[Any], None],
    otherwise: Callable[[IntakeError], None] = _say,
) -> NoReturn:
    """Begin `work`, which must not use Streamlit, and run the page again to wait for it.

    `then` is called with what it returns, `otherwise` with a named error that it raises.
    """
    begun = _Work(title, then, otherwise)
    begun.outcome = _threads.submit(work, begun.advance)
    st.session_state["_long_work"] = begun
    st.rerun()


def going() -> bool:
    """Whether this session has begun work that it still has to wait for."""
    return "_long_work" in st.session_state


def finish() -> None:
    """Wait for the work of this session, if any was begun, and do what follows from it."""
    begun: _Work | None = st.session_state.get("_long_work")
    if begun is None:
        return
    place = st.empty()
    while not begun.outcome.done():
        told = f"{begun.stage}…（已经开始，会做到底；点别处不会中断）"
        place.progress(begun.share, told)
        wait([begun.outcome], _LOOKS)
    place.empty()
    del st.session_state["_long_work"]
    try:
        result = begun.outcome.result()
    except IntakeError as error:
        begun.otherwise(error)
    else:
        begun.then(result)
