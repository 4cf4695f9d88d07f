"""Lettering: text as a file can carry it, and how wide it stands."""

import re

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


def width_of(value: object) -> int:
    """Half-width characters that `value` takes; a Chinese one takes two."""
    lines = str(value).split("\n")
    return max(sum(1 if sign.isascii() else 2 for sign in line) for line in lines)
