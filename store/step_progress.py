"""Progress of a long import, for the page or the terminal."""

from collections.abc import Callable

Progress = Callable[[str, float], None]
"""Called with the stage in Chinese and the share done, 0 to 1."""


def silent(stage: str, share: float) -> None:
    """Progress that is not shown."""


def part(progress: Progress, start: float, stop: float) -> Progress:
    """Progress of a step that fills only `start` to `stop` of the whole."""
    return lambda stage, share: progress(stage, start + (stop - start) * share)
