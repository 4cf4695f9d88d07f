"""Traditional characters, understood as the simplified ones of the gazetteer and vocabularies."""

from functools import cache

from domain import reference


def simplified(text: str) -> str:
    """Text with the simplified characters that the reference table knows for traditional ones."""
    return text if text.isascii() else text.translate(_table())


@cache
def _table() -> dict[int, str]:
    return str.maketrans(reference.labels("traditional", "traditional", "simplified"))
