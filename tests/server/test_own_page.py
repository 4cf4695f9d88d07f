"""Streamlit's page as the dashboard serves it, and the table of Streamlit's words."""

import json
import re
import urllib.error
from pathlib import Path

import pytest
import streamlit
import streamlit_folium
from streamlit.runtime import backend_operation_handler

from domain import reference
from tests.support.dashboard_server import ROOT, Server
from tests.support.guarded_dashboard import answered
from ui import panel

STATIC = Path(streamlit.__file__).parent / "static" / "static" / "js"
ROWS = reference.records("ui_words")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("store"), ROOT / "app.py")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def said():
    """All that Streamlit's scripts and its server, and our components' names, may say."""
    names = [panel._PANEL.name, streamlit_folium._component_func.name]
    sources = [*STATIC.glob("*.js"), Path(backend_operation_handler.__file__)]
    return "\n".join([*names, *(path.read_text("utf-8") for path in sources)])


@pytest.mark.parametrize("path", ["/", "/gap-list", "/venue?venue_id=1"])
def test_a_page_is_in_chinese_and_loads_its_script_and_its_style(server, path):
    page = server.get(path).decode()
    assert '<html lang="zh-CN">' in page
    assert "Streamlit</title>" not in page
    for kind, form, holds in (("js", "text/javascript", "跳到正文"), ("css", "text/css", ".hero")):
        (file,) = re.findall(rf'(?:src|href)="\.(/kept/[0-9a-f]+\.{kind})"', page)
        with server.ask("GET", file) as answer:
            assert answer.headers["content-type"].startswith(form)
            assert "immutable" in answer.headers["cache-control"]
            assert holds in answer.read().decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api", 404),
        ("/api/", 404),
        ("/api/v1", 404),
        ("/api/v1x", 404),
        ("/api/v2/coverage", 404),
        ("/api/v1/%00", 400),
        ("/api/v1/..%2Fcoverage", 400),
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_whatever_lies_under_the_interface_is_answered_by_it(server, path, status, accept):
    with pytest.raises(urllib.error.HTTPError) as refused:
        server.ask("GET", path, {"Accept": accept})
    with refused.value as answer:
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert json.load(answer)["status"] == answer.status == status


@pytest.mark.parametrize("path", ["/%00", "/static/..%2F..%2Fa", "//evil.example/a"])
def test_what_leads_out_of_a_folder_is_refused_in_chinese(server, path):
    assert answered(server, path, {}) == (400, "地址里有不能用的字符，请检查后再试")


def test_what_is_not_kept_is_not_found(server):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        server.get("/kept/0123456789abcdef.js")


def test_a_page_is_asked_for_anew_each_time(server):
    with server.ask("GET", "/") as answer:
        assert answer.headers["cache-control"] == "no-cache"
        assert "etag" not in answer.headers


@pytest.mark.parametrize("english", [row["english"] for row in ROWS])
def test_streamlit_still_says_it(english, said):
    for part in re.split(r"\{\d\}", english):
        word = part.strip(" .,:–•+")
        assert word in said, f"Streamlit no longer says “{word}”"


def test_a_word_has_one_row_and_keeps_what_streamlit_puts_into_it():
    assert len({row["english"] for row in ROWS}) == len(ROWS)
    for row in ROWS:
        given = set(re.findall(r"\{\d\}", row["english"]))
        assert set(re.findall(r"\{\d\}", row["chinese"])) <= given
        assert row["place"]
