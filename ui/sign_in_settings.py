"""How the server was told to let people in: Streamlit's own settings, and nothing beside them."""

import ipaddress
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from streamlit import config
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

LOGIN = "login"
"""What the trusted header with the login is called in ``st.user``."""


@cache
def auth() -> Mapping[str, Any]:
    """The section ``[auth]`` of the secrets; empty where sign-in by OIDC is not configured.

    As it is when the server starts: a file that breaks later does not open the doors.
    """
    if not secrets_singleton.load_if_toml_exists():
        return {}
    return secrets_singleton.get("auth") or {}


def visitors() -> Mapping[str, Any]:
    """The section ``[visitors]`` of the secrets, see `ui.sign_in`; empty where there is none."""
    if not secrets_singleton.load_if_toml_exists():
        return {}
    return secrets_singleton.get("visitors") or {}


def trusted_headers() -> dict[str, str]:
    """Names of the proxy's headers about who somebody is, to the keys in ``st.user``."""
    return config.get_option("server.trustedUserHeaders") or {}


def sign_in() -> bool:
    """Whether people have to sign in."""
    return bool(auth() or trusted_headers())


def origin() -> str:
    """Scheme and host under which people sign in by OIDC; '' where that is not configured."""
    address = urlsplit(str(auth().get("redirect_uri", "")))
    return f"{address.scheme}://{address.netloc}" if address.netloc else ""


def loopback(host: str | None) -> bool:
    """Whether a host's name or address is that of this machine only."""
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def own(netloc: str) -> bool:
    """Whether a ``Host`` is one of this server's: else its name was made to point here.

    This machine's own names, those of ``server.allowedHosts``, and the one that people sign in at.
    """
    try:
        host = urlsplit(f"//{netloc}").hostname
    except ValueError:
        return False
    allowed = bool(config.get_option("server.allowedHosts")) and is_host_allowed(netloc)
    return allowed or loopback(host) or (host is not None and host == urlsplit(origin()).hostname)
