"""Headings and formats of all table columns, on the screen and in Excel."""

from domain import reference
from domain.typed_rows import cells

COLUMNS: dict[str, tuple[str, str]] = {
    column: (heading, form)
    for column, heading, form in cells(reference.table("headings"), "column", "heading", "format")
}
"""Column → (heading, format), from the reference table ``headings``. What is not there does not
reach the screen."""

_KINDS = dict(COLUMNS.values())
_SHARES = ("率", "占比", "得分", "限")  # how headings of shares end


def kind_of(heading: str) -> str:
    """Format of the column under a Chinese `heading`; '' where neither it nor its name is known."""
    named = "percent" if heading.split("（", maxsplit=1)[0].endswith(_SHARES) else ""
    return _KINDS.get(heading, named)
