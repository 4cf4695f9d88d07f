"""The forms that an answer may have, and which of them a request wants."""

import re
from collections.abc import Sequence

from api.problems import ProblemError, quoted

FORMATS = {"json": "application/json", "csv": "text/csv", "geojson": "application/geo+json"}
"""Name → media type."""
_QUALITY = re.compile(r"q=([01](?:\.[0-9]{0,3})?)")


def chosen(offered: Sequence[str], asked: str | None, accept: str) -> str:
    """The one of the `offered` forms that is `asked` for, else the one that `accept` likes best.

    `accept` is the header of that name (RFC 9110); of equals the first offered. Raises
    `ProblemError` where none of them will do.
    """
    known = "、".join(offered)
    if asked is not None:
        if asked not in offered:
            raise ProblemError(400, f"这里没有{quoted(asked)}这种格式，可以要的有：{known}")
        return asked
    liked = _liked(accept)
    best = max(offered, key=lambda form: _quality(FORMATS[form], liked))
    if not _quality(FORMATS[best], liked):
        raise ProblemError(
            406, f"请求头 Accept 要的是{quoted(accept)}，这里没有。可以用 ?format= 要的有：{known}"
        )
    return best


def _liked(accept: str) -> dict[str, float]:
    """Media ranges of a header Accept with their quality."""
    ranges = {}
    for part in accept.lower().split(","):
        media, *rest = (one.strip() for one in part.split(";"))
        found = next(filter(None, map(_QUALITY.fullmatch, rest)), None)
        ranges[media] = float(found[1]) if found else 1.0
    return ranges


def _quality(media: str, liked: dict[str, float]) -> float:
    """How well `media` is liked: by the narrowest range that it is in."""
    ranges = (media, f"{media.partition('/')[0]}/*", "*/*")
    return next((liked[one] for one in ranges if one in liked), 0.0)
