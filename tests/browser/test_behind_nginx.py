"""The dashboard behind nginx, with the settings that the office is given."""

import base64
import json
import os
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import expect
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.support.dashboard_server import ROOT, Server, free_port
from tests.support.guarded_dashboard import begun, small_dashboard
from tests.support.sign_in_provider import certified_provider, settings
from tests.support.streamlit_session import run

NAME = "kanban.localhost"  # of its own, and a browser finds it on this machine
NGINX = """
daemon off;
master_process off;
pid {home}/nginx.pid;
error_log {home}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    include {home}/kanban.conf;
}}
"""


@contextmanager
def nginx(home, public, dashboard, *, signs_in=False):
    """nginx at `public`, before the dashboard's port, with what ``deploy/nginx.conf`` says."""
    subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    keys = ["-keyout", "kanban.key", "-out", "kanban.crt"]
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    subprocess.run([*make, "-nodes", *subject, *keys], cwd=home, check=True, capture_output=True)
    (home / "kanban.users").write_text("wang:{PLAIN}secret\n")
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for written, here in {
        "listen 443 ssl": f"listen 127.0.0.1:{public} ssl",
        "server_name kanban.example.gov.cn": f"server_name {NAME}",
        "/etc/nginx/": f"{home}/",
        "127.0.0.1:8501": f"127.0.0.1:{dashboard}",
        **({"#乙 ": ""} if signs_in else {}),
    }.items():
        assert written in text
        text = text.replace(written, here)
    (home / "kanban.conf").write_text(text, encoding="utf-8")
    main = home / "main.conf"
    main.write_text(NGINX.format(home=home), encoding="utf-8")
    path = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    process = subprocess.Popen([path, "-p", home, "-c", main], stderr=subprocess.PIPE)
    try:
        end = time.monotonic() + 60
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", public)):
                break
            assert process.poll() is None, process.stderr.read().decode()
            assert time.monotonic() < end
        yield f"https://{NAME}:{public}"
    finally:
        process.terminate()
        process.communicate()


@pytest.fixture
def serve(tmp_path):
    """Start the small dashboard with some settings; it ends with the test."""
    servers = []

    def start(*options, port=None):
        app = small_dashboard(tmp_path)
        servers.append(Server(tmp_path / "store", app, *options, port=port))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def context(browser):
    """The browser of somebody who says that they are Li."""
    context = browser.new_context(
        locale="zh-CN",
        ignore_https_errors=True,  # the certificate is our own
        extra_http_headers={"X-Remote-User": "li"},
        http_credentials={"username": "wang", "password": "secret"},
    )
    yield context
    context.close()


def keeps_a_note(page):
    """What is typed comes back over the web socket."""
    page.get_by_label("便条").fill("经过代理")
    page.keyboard.press("Enter")
    expect(page.get_by_text("便条写着：经过代理")).to_be_visible()


def test_people_sign_in_at_a_certified_provider_through_nginx(context, serve, tmp_path):
    public, port = free_port(), free_port()
    with certified_provider(tmp_path, f"https://{NAME}:{public}/oauth2callback") as provider:
        prompt = 'client_kwargs = { prompt = "login" }'
        option = settings(tmp_path, f"https://{NAME}:{public}", provider, prompt)
        serve(option, port=port)
        with nginx(tmp_path, public, port) as url:
            page = context.new_page()
            page.goto(url)
            page.get_by_role("button", name="登录").click()
            page.locator("[name=login]").fill("wang")
            page.locator("[name=password]").fill("any")
            page.get_by_role("button", name="Sign-in").click()
            page.get_by_role("button", name="Continue").click()
            expect(page.get_by_role("heading", name="wang的看板")).to_be_visible()
            keeps_a_note(page)
            given = {one["name"]: one for one in context.cookies(url)}
            for name in ("_streamlit_user", "browser"):
                assert given[name]["secure"] and given[name]["httpOnly"]
            page.get_by_role("button", name="退出").click()
            page.get_by_role("button", name="Yes, sign me out").click()
            expect(page.get_by_role("heading", name="请登录")).to_be_visible()


def test_nginx_says_who_somebody_is_and_nobody_else_does(context, serve, tmp_path):
    public = free_port()
    header = "server.trustedUserHeaders=" + json.dumps({"X-Remote-User": "login"})
    server = serve(header, f"server.allowedHosts={NAME}")
    with nginx(tmp_path, public, server.port, signs_in=True) as url:
        page = context.new_page()
        page.goto(url)
        expect(page.get_by_role("heading", name="wang的看板")).to_be_visible()
        keeps_a_note(page)

        assert "wang的看板" in shown(url, {"X-Remote-User": "li", "Authorization": basic("secret")})
        for forged in ({"X-Remote-User": "wang"}, {"Authorization": basic("guessed")}):
            with pytest.raises(InvalidStatus) as refused:
                shown(url, forged)
            assert refused.value.response.status_code == 401
        page.goto(f"{url}/healthz")
        expect(page.get_by_text('"status":"ok"')).to_be_visible()


def basic(password):
    return "Basic " + base64.b64encode(f"wang:{password}".encode()).decode()


def shown(url, headers):
    """What a program is shown that asks for a session with `headers`."""
    unchecked = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE

    async def open_page():
        async with connect(
            f"{url.replace('https', 'wss')}/_stcore/stream",
            host="127.0.0.1",
            origin=url,
            subprotocols=["streamlit"],
            additional_headers=headers,
            ssl=unchecked,
            max_size=None,
            proxy=None,
        ) as socket:
            return (await begun(socket))[1]

    return run(open_page)
