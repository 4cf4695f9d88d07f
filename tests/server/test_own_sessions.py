"""A session belongs to the browser that began it, whoever knows its id."""

import re
from http.cookies import SimpleCookie

import pytest
from google.protobuf.json_format import MessageToDict
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from server import own_sessions
from tests.support.dashboard_server import Server
from tests.support.guarded_dashboard import answered, begun, files, sent, small_dashboard
from tests.support.streamlit_session import connected, run


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    server = Server(folder / "store", small_dashboard(folder))
    yield server
    server.stop()


def new_browser(server):
    """The cookie header of a browser that has just opened the first page."""
    with server.ask("GET", "/", {"Accept": "text/html"}) as answer:
        given = SimpleCookie(answer.headers["set-cookie"])
    assert given["browser"]["httponly"] and given["browser"]["samesite"] == "lax"
    assert not given["browser"]["secure"], "over HTTP a browser would not send it"
    return {"Cookie": f"browser={given['browser'].value}"}


def visit(server, cookie, *more):
    """The session's id that a browser gets which asks to go on with another, as it closes."""

    async def open_page():
        async with connected(server.port, *more, headers=cookie) as socket:
            return (await begun(socket))[0]

    return run(open_page)


def test_a_browser_goes_on_with_its_session_and_another_gets_one_of_its_own(server):
    mine, other = new_browser(server), new_browser(server)
    session = visit(server, mine)
    assert re.fullmatch(r"[0-9a-f-]{36}", session)
    assert visit(server, other, "x", session) != session
    assert visit(server, {}, "x", session) != session, "nor does one without a cookie"
    assert visit(server, mine, "x", session) == session


def test_a_session_that_is_open_is_not_taken_over(server):
    mine, other = new_browser(server), new_browser(server)

    async def while_open():
        async with connected(server.port, headers=mine) as socket:
            session, _ = await begun(socket)
            async with connected(server.port, "x", session, headers=other) as thief:
                assert (await begun(thief))[0] != session
            assert (await begun(socket))[0] == session, "and goes on"

    run(while_open)


def test_files_go_to_the_own_session_only(server):
    mine, other = new_browser(server), new_browser(server)

    async def while_open():
        async with connected(server.port, headers=mine) as socket:
            session, _ = await begun(socket)
            return [sent(server, session, who)[0] for who in (mine, other, {})]

    assert run(while_open) == [204, 403, 403]


def test_a_page_that_comes_back_to_a_new_server_may_upload_before_it_runs(server):
    mine = new_browser(server)

    async def upload():
        async with connected(server.port, headers=mine) as socket:
            asked = {"request_id": "1", "file_names": ["a"], "session_id": "of-before"}
            await socket.send(BackMsg(file_urls_request=asked).SerializeToString())
            told = ForwardMsg.FromString(await socket.recv(decode=False)).file_urls_response
            session = told.file_urls[0].upload_url.split("/")[-2]
            return [sent(server, session, who)[0] for who in (mine, new_browser(server))]

    assert run(upload) == [204, 403]


def test_a_file_is_served_to_the_browser_whose_page_gives_it(server):
    mine, other = new_browser(server), new_browser(server)

    async def while_open():
        async with connected(server.port, headers=mine) as socket:
            given = await files(socket)
            theirs = [[answered(server, path, who)[0] for path in given] for who in (other, {})]
            async with connected(server.port, headers=other) as another:
                equal, _ = await files(another)
            assert equal == given[0], "the same list has the same address"
            return [answered(server, path, mine)[1] for path in given], theirs

    assert run(while_open) == (["张三的店", "本机的店"], [[404, 404], [404, 404]])


def test_a_page_that_only_says_an_address_gives_no_file():
    said = ForwardMsg(delta={"new_element": {"text": {"body": "/media/a.txt"}}})
    given = ForwardMsg(delta={"new_element": {"download_button": {"url": "/media/b.txt"}}})
    found = [list(own_sessions._urls(MessageToDict(one))) for one in (said, given)]
    assert found == [[], ["/media/b.txt"]]


def test_a_browser_keeps_its_secret(server):
    cookie = new_browser(server)
    with server.ask("GET", "/", {"Accept": "text/html", **cookie}) as answer:
        assert "browser=" not in answer.headers.get("set-cookie", "")
