"""A web page as its tags and texts, in one pass over it.

No other module reads one. The time is linear in the length of the page whatever it holds, and the
attributes of a tag are no more than a piece of the page until somebody asks for one.
"""

import html
import re
from collections.abc import Iterator

_NAME = re.compile(r"</?[a-zA-Z][^\s/>]*")
_REST = re.compile(r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+>""")
_RAW = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "textarea")}
_ATTRIBUTE = re.compile(r"""([^\s=/>"']++)\s*+(?:=\s*+("[^"]*"|'[^']*'|[^\s"'>]*))?""")
_LONGEST = 4_000  # characters of the attributes of a cell that are looked at
_FAR_CHARACTER = re.compile(r"&#(?:x[0-9a-f]{7,}|\d{8,});?", re.IGNORECASE)


class CutPageError(Exception):
    """A page that ends within a tag or a remark, which begins at `place`."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


def pieces(page: str) -> Iterator[tuple[str, str]]:
    """Tags in small letters (``td``, ``/td``) with their attributes; '' with a text between them.

    Remarks, scripts and styles are left out. Raises `CutPageError`.
    """
    place = 0
    while (start := page.find("<", place)) >= 0:
        if start > place:
            yield "", unescaped(page[place:start])
        name = _NAME.match(page, start)
        if name:
            rest = _REST.match(page, name.end())
            if not rest:
                raise CutPageError(start)
            tag, place = name[0][1:].lower(), rest.end()
            yield tag, page[name.end() : place - 1]
            if tag in _RAW:
                close = _RAW[tag].search(page, place)
                if not close:
                    raise CutPageError(start)
                place = close.start()
        elif page[start + 1 : start + 2] in ("!", "?", "/"):
            end = "-->" if page.startswith("<!--", start) else ">"
            place = page.find(end, start + 2) + len(end)
            if place < len(end):
                raise CutPageError(start)
        else:
            yield "", "<"
            place = start + 1
    yield "", unescaped(page[place:])


def attributes(written: str) -> dict[str, str]:
    """Values of the attributes of a tag by their names in small letters, '' where none is given."""
    found = _ATTRIBUTE.findall(written[:_LONGEST])
    return {name.lower(): unescaped(value.strip("\"'")) for name, value in reversed(found)}


def unescaped(text: str) -> str:
    """Text with the characters that its references (``&nbsp;``) stand for."""
    return html.unescape(_FAR_CHARACTER.sub("\ufffd", text)) if "&" in text else text
