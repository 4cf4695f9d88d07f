"""What the server must not start with: an address for others, and nobody asked who they are."""

import sys
from collections.abc import Iterator
from pathlib import Path

from streamlit import config
from streamlit.runtime.secrets import secrets_singleton

from ui import sign_in_settings

_SECRET = 32  # characters: whoever guesses it signs in as anybody


def refuse_unsafe() -> None:
    """End the process with a sentence that says what to do, if the settings are not safe."""
    for reason in _reasons():
        sys.exit(f"看板没有启动：{reason}")


def _reasons() -> Iterator[str]:
    """Why the server must not start with its settings, and what to do."""
    for file in config.get_option("secrets.files"):
        if Path(file).is_file() and not secrets_singleton.load_if_toml_exists():
            yield f"登录设置文件“{file}”读不出来。请改正它的写法，或把它移走"
    if config.get_option("server.baseUrlPath"):
        yield "看板不能放在网址的下一级（server.baseUrlPath）。请给它单独的主机名或端口"
    auth, headers = sign_in_settings.auth(), sign_in_settings.trusted_headers()
    if auth and headers:
        yield (
            "同时设了统一登录（[auth]）和代理传来的登录名（server.trustedUserHeaders）。请只留一种"
        )
    if auth and len(str(auth.get("cookie_secret", ""))) < _SECRET:
        yield (
            f"[auth] 里的 cookie_secret 没有写，或不足 {_SECRET} 个字，猜中它的人就能冒充任何人。"
            '请写一个随机的：python -c "import secrets; print(secrets.token_hex(32))"'
        )
    if auth and not sign_in_settings.origin():
        yield (
            "[auth] 里没有写 redirect_uri。请写成看板的网址加 /oauth2callback，"
            "例如 https://看板的主机名/oauth2callback"
        )
    if headers and sign_in_settings.LOGIN not in headers.values():
        yield (
            "server.trustedUserHeaders 没有写明哪一个请求头是登录名。"
            '请写成 "X-Remote-User" = "login"'
        )
    exposed = _exposed()
    if headers and not _here():
        yield (
            f"{exposed}，登录名却由代理的请求头传来：谁连得上这个端口，谁就能自己写一个登录名。"
            "请把 server.address 设为 127.0.0.1，让代理在本机转发（样例见 deploy/nginx.conf）"
        )
    if exposed and not auth and not headers:
        yield (
            f"{exposed}，却没有设登录，连得上的人都能看、能改。请选一种：\n"
            "  一、只在本机用：把 server.address 设为 127.0.0.1，不设 server.allowedHosts；\n"
            "  二、统一登录：在 .streamlit/secrets.toml 里写 [auth]；\n"
            "  三、由代理登录：把 server.address 设为 127.0.0.1，在 server.trustedUserHeaders 里"
            "写明代理传登录名的请求头（样例见 deploy/nginx.conf）"
        )


def _here() -> bool:
    """Whether only this machine reaches the server."""
    return sign_in_settings.loopback(config.get_option("server.address"))


def _exposed() -> str:
    """By what others reach the server; '' where they do not."""
    address = config.get_option("server.address")
    if not address:
        return "没有设监听地址（等于所有地址）"
    if not _here():
        return f"监听地址是“{address}”"
    hosts = config.get_option("server.allowedHosts")
    named = [host for host in hosts if not sign_in_settings.loopback(host)]
    return f"允许从“{'、'.join(named)}”打开" if named else ""
