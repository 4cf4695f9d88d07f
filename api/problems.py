"""What is wrong with a request, as ``application/problem+json`` (RFC 9457)."""

import json
from collections.abc import Mapping

from starlette.responses import Response

MEDIA = "application/problem+json"
TITLES = {
    400: "请求写得不对",
    401: "没有有效的令牌",
    404: "没有所问的",
    405: "不能这样请求",
    406: "没有所要的格式",
    500: "程序出错",
    503: "暂时不能回答",
}
"""Status → what it is called."""
_QUOTED = 60  # characters of a value that a message repeats


class ProblemError(Exception):
    """A request that cannot be answered; the message is in Chinese and quotes what is wrong."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self._status, self._headers = status, headers

    def answer(self) -> Response:
        """What is sent for it."""
        return problem(self._status, str(self), self._headers)


def problem(status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """An answer that says what is wrong."""
    body = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": message}
    return Response(json.dumps(body, ensure_ascii=False), status, headers, MEDIA)


def quoted(value: str) -> str:
    """`value` as a message repeats it."""
    return f"“{value[:_QUOTED]}…”" if len(value) > _QUOTED else f"“{value}”"
