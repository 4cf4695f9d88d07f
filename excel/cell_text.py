"""Text as a cell can carry it, and how wide it is."""

import re
from collections.abc import Iterable

_LONGEST = 32_767  # UTF-16 units that a cell takes
# What XML cannot carry: control characters, half of a surrogate pair, no characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def text(value: object) -> str:
    """`value` as text that a cell takes: without control characters, cut where it is too long."""
    clean = _UNPRINTABLE.sub(" ", str(value))
    units = clean.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST:
        return clean
    return units[: 2 * (_LONGEST - 1)].decode("utf-16-le", errors="ignore") + "…"


def one_line(text: object, most: int = 60) -> str:
    """`text` in one line of printable characters, at most `most` of them, '' where null.

    Control characters, of which XML allows few, and marks without a width become blanks; what is
    cut off is marked with “…”.
    """
    if not isinstance(text, str):
        return ""
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    line = " ".join(printable.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def width_of(value: object) -> int:
    """Half-width characters that `value` takes; a Chinese one takes two."""
    lines = str(value).split("\n")
    return max(sum(1 if sign.isascii() else 2 for sign in line) for line in lines)


def column_width(texts: Iterable[str], most: int, least: int = 8, margin: int = 3) -> int:
    """Width of a column by the widest of its `texts`, in half-width characters."""
    return min(max(max(map(width_of, texts), default=0) + margin, least), most)
