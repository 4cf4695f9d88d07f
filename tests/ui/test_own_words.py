"""Streamlit's own words are Chinese, out of sight, or never come up; axes say each month once."""

import asyncio

import pytest
from starlette.responses import PlainTextResponse

from server.unknown_addresses import UnknownAddresses
from ui import menu


def answer(path, accept, query=b""):
    """Status and place of the answer to a request for `path` by one who would `accept` so."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": query,
             "headers": [(b"accept", accept.encode())]}  # fmt: skip
    asyncio.run(UnknownAddresses(PlainTextResponse("served"))(scope, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"]).get(b"location")


def asked_by_browser(path):
    return answer(path, "text/html,application/xhtml+xml")


@pytest.mark.parametrize("path", ["/", *(f"/{entry.path}" for entry in menu.entries()[1:])])
def test_a_page_is_served(path):
    assert asked_by_browser(path) == (200, None)


@pytest.mark.parametrize("path", ["/overview", "/数据导入", "/data-imports"])
def test_an_address_that_no_page_has_opens_the_first_page(path):
    assert asked_by_browser(path) == (307, b"./")


def test_the_first_page_by_its_name_is_the_first_page_with_what_was_selected():
    found = answer("/overview-city", "text/html", b"area=%E7%81%8C%E4%BA%91%E5%8E%BF")
    assert found == (307, b"./?area=%E7%81%8C%E4%BA%91%E5%8E%BF")


@pytest.mark.parametrize("path", ["/_stcore/health", "/static/js/a.js", "/favicon.png"])
def test_what_is_no_page_is_passed_on(path):
    assert asked_by_browser(path) == (200, None)


def test_what_is_not_asked_for_as_a_page_is_passed_on():
    assert answer("/healthz", "*/*") == (200, None)
