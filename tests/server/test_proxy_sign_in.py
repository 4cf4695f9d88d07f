"""Sign-in by the office's proxy, which says in a header who somebody is."""

from contextlib import AsyncExitStack
from urllib.error import HTTPError

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus

from domain.visitors import Visitor, clerk
from server import visit_limits
from store import people
from store.snapshot_store import Store
from tests.support.dashboard_server import Server
from tests.support.guarded_dashboard import answered, begun, files, sent, small_dashboard
from tests.support.streamlit_session import connected, run

WANG = {"X-Remote-User": "wang"}
LI = {"X-Remote-User": "li"}
HEADER = 'server.trustedUserHeaders={"X-Remote-User": "login"}'
FILES = ["/media/0.txt", "/_stcore/upload_file/a/0", "/_stcore/agent/openapi.json"]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    for login in ("wang", "li", "sender", "other"):
        enrol(folder / "store", login)
    server = Server(folder / "store", small_dashboard(folder), HEADER)
    yield server
    server.stop()


def enrol(store, login):
    people.enrol(Store(store).ledger, Visitor(login, "leader", login=login), clerk("测试"))


def opened(server, headers, *more):
    async def open_page():
        async with connected(server.port, *more, headers=headers) as socket:
            return await begun(socket)

    return run(open_page)


def welcome(server, headers):
    try:
        return bool(opened(server, headers))
    except InvalidStatus:
        return False


@pytest.mark.parametrize("path", ["/", *FILES])
@pytest.mark.parametrize("headers", [{}, {"X-Remote-User": ""}])
def test_whom_the_proxy_does_not_name_is_refused(server, path, headers):
    status, text = answered(server, path, headers)
    assert (status, text) == (401, "请从单位的统一登录入口打开看板")


@pytest.mark.parametrize("headers", [{}, {"X-Remote-User": ""}])
def test_whom_the_proxy_does_not_name_gets_no_session(server, headers):
    with pytest.raises(InvalidStatus) as refused:
        opened(server, headers)
    assert refused.value.response.status_code == 401


def test_a_name_that_stands_there_twice_was_not_set_by_the_proxy_alone(server):
    async def twice():
        names = [("X-Remote-User", "wang"), ("X-Remote-User", "li")]
        async with connected(server.port, headers=names):
            pass

    with pytest.raises(InvalidStatus) as refused:
        run(twice)
    assert refused.value.response.status_code == 401


def test_whom_the_proxy_names_is_shown_the_dashboard_and_served(server):
    _, texts = opened(server, WANG)
    assert "wang的看板" in texts
    assert answered(server, "/media/0.txt", WANG)[0] == 404
    assert answered(server, "/", WANG)[0] == 200


def test_whom_the_office_does_not_know_or_has_shut_out_is_served_no_file(server):
    gone = {"X-Remote-User": "gone", "Cookie": "browser=the-secret-of-one-who-left"}
    for path in FILES:
        assert answered(server, path, {"X-Remote-User": "nobody"})[0] == 403
    enrol(server.store, "gone")

    async def while_open():
        async with connected(server.port, headers=gone) as socket:
            session, given = (await begun(socket))[0], await files(socket)
            before = [answered(server, path, gone)[0] for path in given]
            people.dismiss(Store(server.store).ledger, "gone", clerk("测试"))
            after = [answered(server, path, gone) for path in given]
            return before, {*after, sent(server, session, gone)}

    told = "登录名没有登记，或已经停用。请联系领导小组办公室"
    assert run(while_open) == ([200, 200], {(403, told)})


def test_nobody_is_served_the_counters_of_the_server(server):
    assert answered(server, "/_stcore/metrics", WANG)[0] == 404


def test_another_visitor_of_the_same_browser_gets_a_session_of_their_own(server):
    browser = {"Cookie": "browser=the-secret-of-this-browser"}
    session, _ = opened(server, {**WANG, **browser})
    other, texts = opened(server, {**LI, **browser}, "x", session)
    assert other != session
    assert "li的看板" in texts
    assert opened(server, {**WANG, **browser}, "x", session)[0] == session


def test_a_visitor_has_only_so_many_pages_open_and_others_are_not_kept_out(server):
    async def many():
        async with AsyncExitStack() as stack:
            for _ in range(visit_limits.PAGES):
                await stack.enter_async_context(connected(server.port, headers=LI))
            async with connected(server.port, headers=LI) as one_more:
                told = ForwardMsg.FromString(await one_more.recv(decode=False)).auth_redirect.url
                with pytest.raises(ConnectionClosed):
                    await one_more.recv()
            status, text = answered(server, told.removeprefix("."), LI)
            assert status == 429 and "请关掉不用的" in text
            await stack.enter_async_context(connected(server.port, headers=WANG))

    run(many)
    server.until(lambda: welcome(server, LI))  # they have closed them


def test_a_visitor_sends_the_files_of_months_but_only_so_many_in_a_minute(server):
    """Two minutes may meet in the middle of this, so twice as many are certainly too many."""
    who = {"X-Remote-User": "sender", "Cookie": "browser=the-secret-of-the-sender"}
    other = {"X-Remote-User": "other", "Cookie": "browser=the-secret-of-another"}

    async def many():
        async with (
            connected(server.port, headers=who) as socket,
            connected(server.port, headers=other) as another,
        ):
            session, _ = await begun(socket)
            answers = [sent(server, session, who) for _ in range(2 * visit_limits.UPLOADS + 1)]
            return answers, sent(server, (await begun(another))[0], other)

    answers, another = run(many)
    assert answers[:200] == [(204, "")] * 200
    assert {status for status, _ in answers[200:]} == {204, 429}
    assert any("请一分钟后再传" in text for _, text in answers)
    assert another == (204, "")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(server):
    who = {**WANG, "Cookie": "browser=the-secret-of-wang"}

    async def large():
        async with connected(server.port, headers=who) as socket:
            session, _ = await begun(socket)
            return sent(server, session, who, **{"Content-Length": str(201 * 1024 * 1024)})

    assert run(large) == (413, "文件超过 200 MB，没有收下。请拆成几个再传")


def test_a_list_of_names_is_kept_by_no_browser(server):
    with pytest.raises(HTTPError) as lost:
        server.get("/media/0.txt", WANG)
    with lost.value:
        assert lost.value.headers["cache-control"] == "no-store"


def test_a_page_loads_from_no_other_host_and_is_framed_by_none(server):
    with server.ask("GET", "/", WANG) as answer:
        headers = answer.headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "//" not in policy and "*" not in policy, "no other host"
    assert "'unsafe-eval'" not in policy
