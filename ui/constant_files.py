"""Files that browsers may keep for ever: what they hold is part of their addresses."""

import hashlib
from typing import NamedTuple


class ConstantFile(NamedTuple):
    """What a file holds, and its media type."""

    content: str
    kind: str


FOLDER = "/kept/"
"""Where they are, from the dashboard's own address."""
_KINDS = {"js": "text/javascript", "css": "text/css"}
_kept: dict[str, ConstantFile] = {}


def keep(content: str, ending: str) -> str:
    """The address, from the dashboard's own, under which the server has `content` from now on."""
    path = f"{FOLDER}{hashlib.sha256(content.encode()).hexdigest()[:16]}.{ending}"
    _kept[path] = ConstantFile(content, _KINDS[ending])
    return path


def kept(path: str) -> ConstantFile | None:
    """The file at an address of `keep`; None where there is none."""
    return _kept.get(path)
