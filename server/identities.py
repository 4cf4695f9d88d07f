"""Who a request is from, by the cookie that Streamlit signed or the header that the proxy set."""

import hashlib
from typing import Any

from starlette.requests import HTTPConnection
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import (
    _get_signed_cookie_with_chunks,
    _parse_decoded_user_cookie,
    gather_user_info,
)

from ui import sign_in_settings


def of_header(request: HTTPConnection) -> str:
    """The login that the office's proxy states; '' where it states none, or any header twice.

    A header that stands there twice was not set by the proxy alone.
    """
    stated = {
        key: request.headers.getlist(name)
        for name, key in sign_in_settings.trusted_headers().items()
    }
    if any(len(values) > 1 for values in stated.values()):
        return ""
    return "".join(stated.get(sign_in_settings.LOGIN, []))


def of_cookie(request: HTTPConnection) -> str:
    """What stands for one sign-in by OIDC; '' for a cookie that Streamlit would not believe."""
    if not _signed(request).get("is_logged_in"):
        return ""
    return hashlib.sha256(request.cookies[USER_COOKIE_NAME].encode()).hexdigest()


def claims(request: HTTPConnection) -> dict[str, Any]:
    """What is said of who a request is from, as ``st.user`` has it for a page, nothing empty."""
    told = gather_user_info(request.headers) or _signed(request)
    return {name: value for name, value in told.items() if value}


def _signed(request: HTTPConnection) -> dict[str, Any]:
    """What the cookie of a sign-in says; nothing for one that Streamlit would not believe."""
    signed = _get_signed_cookie_with_chunks(request.cookies, USER_COOKIE_NAME)
    return _parse_decoded_user_cookie(signed, sign_in_settings.origin()) if signed else {}


def fresh(request: HTTPConnection, seconds: float) -> bool:
    """Whether the cookie of a sign-in was made in the last `seconds`."""
    value = request.cookies.get(USER_COOKIE_NAME, "")
    days = seconds / 86_400
    return decode_signed_value(get_cookie_secret(), USER_COOKIE_NAME, value, days) is not None
