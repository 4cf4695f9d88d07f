"""Settings with which the server must not start: it says what to do, and ends."""

import json
import os
import subprocess
import sys

import pytest

from tests.support.dashboard_server import ROOT

HEADER = "server.trustedUserHeaders=" + json.dumps({"X-Remote-User": "login"})
SECRET = "cookie_secret = 'ein-langes-geheimnis-nur-fuer-den-test-0123456789'"
CALLBACK = "redirect_uri = 'http://127.0.0.1:8501/oauth2callback'"


ALONE = """
import streamlit as st

from server import start_check

start_check.refuse_unsafe()
app = st.App("page.py")
"""
"""The check without the dashboard behind it, which takes long to import."""


def started(folder, *options, secrets="", script=ROOT / "app.py"):
    """What a server says that ends by itself, and its exit code."""
    file = folder / "secrets.toml"
    if secrets:
        file.write_text(secrets, encoding="utf-8")
    settings = ["server.headless=true", "server.port=0", f"secrets.files={file}", *options]
    ended = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", str(script), *(f"--{one}" for one in settings)],
        cwd=ROOT,
        env={**os.environ, "COVERAGE_STORE": str(folder / "store")},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return ended.stdout + ended.stderr, ended.returncode


@pytest.mark.parametrize("address", ["0.0.0.0", "::", ""])
def test_without_sign_in_it_starts_on_this_machine_only(address, tmp_path):
    said, code = started(tmp_path, f"server.address={address}")
    assert code == 1
    assert said.startswith("看板没有启动：")
    for way in ("127.0.0.1", "[auth]", "server.trustedUserHeaders"):
        assert way in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("options", "secrets", "told"),
    [
        ([HEADER, "server.address=0.0.0.0"], "", "自己写一个登录名"),
        (["server.allowedHosts=kanban.example"], "", "允许从“kanban.example”打开"),
        ([HEADER.replace("login", "name")], "", "哪一个请求头是登录名"),
        ([HEADER], f"[auth]\n{SECRET}\n{CALLBACK}", "请只留一种"),
        ([], f"[auth]\ncookie_secret = 'short'\n{CALLBACK}", "cookie_secret"),
        ([], f"[auth]\n{SECRET}", "redirect_uri"),
        ([], "[auth\n", "读不出来"),
        (["server.baseUrlPath=kanban"], "", "server.baseUrlPath"),
    ],
)
def test_settings_that_are_not_safe_are_refused(options, secrets, told, tmp_path):
    script = tmp_path / "alone.py"
    script.write_text(ALONE, encoding="utf-8")
    said, code = started(tmp_path, *options, secrets=secrets, script=script)
    assert code == 1
    assert "看板没有启动：" in said
    assert told in said
    assert "Traceback" not in said
