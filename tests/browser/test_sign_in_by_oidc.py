"""Sign-in by OpenID Connect, in a browser, at a provider that runs."""

import json
import shutil
import time

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from playwright.sync_api import expect

from tests.browser.conftest import LAUNCHER
from tests.support.dashboard_server import ROOT, Server, free_port
from tests.support.guarded_dashboard import answered, begun, sent, small_dashboard
from tests.support.sign_in_provider import SECRET, quick_provider, settings
from tests.support.streamlit_session import connected, run

USER = "_streamlit_user"
XSRF = "2|00000000|00|0"  # the same in a cookie and beside the protocol, as a page has it
DAY = 24 * 3600


@pytest.fixture(scope="module")
def provider():
    with quick_provider() as url:
        yield url


@pytest.fixture
def serve(provider, tmp_path):
    """Start the small dashboard with sign-in at the provider; it ends with the test."""
    servers = []

    def start(**options):
        port = free_port()
        office = '[visitors]\nlogin_claim = "login"\noffice = ["wang"]'
        option = settings(tmp_path, f"http://127.0.0.1:{port}", provider, office)
        app = small_dashboard(tmp_path, **options)
        servers.append(Server(tmp_path / "store", app, option, port=port))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def context(browser):
    context = browser.new_context(locale="zh-CN", accept_downloads=True)
    yield context
    context.close()


def signed_in(context, server):
    """The dashboard's page of somebody who has signed in."""
    page = context.new_page()
    page.goto(server.url)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="wang").click()
    expect(page.get_by_role("heading", name="wang的看板")).to_be_visible()
    return page


def cookies(context):
    return {one["name"]: one for one in context.cookies()}


def as_header(**values):
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in values.items())}


def titles(server, headers, *more):
    """The session, and the titles that it shows, of somebody with a cookie."""
    headers = {"Cookie": f"{headers['Cookie']}; _streamlit_xsrf={XSRF}"}

    async def open_page():
        async with connected(server.port, XSRF, *more, headers=headers) as socket:
            return await begun(socket)

    return run(open_page)


def signed_before(cookie, seconds):
    """The same sign-in, signed `seconds` ago."""

    class Earlier(TimestampSigner):
        def get_timestamp(self):
            return int(time.time()) - seconds

    said = URLSafeTimedSerializer(SECRET, salt=USER).loads(cookie)
    assert json.loads(said)["is_logged_in"]
    return URLSafeTimedSerializer(SECRET, salt=USER, signer=Earlier).dumps(said)


def test_who_signs_in_is_shown_the_dashboard_and_who_signs_out_is_not(serve, context):
    server = serve()
    page = signed_in(context, server)
    cookie, browser = (cookies(context)[name] for name in (USER, "browser"))
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    assert page.evaluate(f"!document.cookie.includes('{USER}=')")
    good = as_header(**{USER: cookie["value"], "browser": browser["value"]})

    with page.expect_download() as download:
        page.get_by_role("button", name="下载名单").click()
    path = "/" + download.value.url.split("/", 3)[3]
    assert answered(server, path, good) == (200, "张三的店")
    assert "wang的看板" in titles(server, good)[1]

    other_tab = context.new_page()
    other_tab.goto(server.url)
    expect(other_tab.get_by_role("heading", name="wang的看板")).to_be_visible()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="End Session")).to_be_visible()  # the provider's
    assert USER not in cookies(context)
    other_tab.get_by_label("便条").fill("还在吗")
    other_tab.keyboard.press("Enter")
    expect(other_tab.get_by_role("heading", name="请登录")).to_be_visible()
    # What was a sign-in is none any more, for whoever may have kept it.
    assert answered(server, path, good)[0] == 401
    assert "请登录" in titles(server, good)[1]


def test_a_cookie_that_was_changed_or_is_too_old_opens_nothing(serve, context):
    server = serve()
    page = signed_in(context, server)
    with page.expect_download() as download:
        page.get_by_role("button", name="下载名单").click()
    path = "/" + download.value.url.split("/", 3)[3]
    mine = cookies(context)
    value, browser = mine[USER]["value"], mine["browser"]["value"]
    good = as_header(**{USER: value, "browser": browser})
    session, shown = titles(server, good)
    assert "wang的看板" in shown
    head, _, signature = value.rpartition(".")
    assert answered(server, path, good)[0] == 200
    for bad in (
        f"x{value}",
        f"{head}.{signature[::-1]}",
        value.replace(value[:8], signed_before(value, 0)[:7] + "A", 1),
        signed_before(value, 32 * DAY),
        signed_before(value, 3600),  # unknown here, and older than a sign-in lasts unused
        "",
    ):
        headers = as_header(**{USER: bad, "browser": browser})
        assert answered(server, path, headers) == (401, "请先登录，再打开这个地址")
        assert sent(server, session, headers)[0] == 401
        other, shown = titles(server, headers, session)
        assert other != session
        assert "请登录" in shown and "wang的看板" not in shown


def test_a_sign_in_that_nobody_uses_ends_by_itself(serve, context):
    server = serve(idle=15.0)
    page = signed_in(context, server)
    good = as_header(**{USER: cookies(context)[USER]["value"]})
    page.get_by_label("便条").fill("给李工")
    page.keyboard.press("Enter")
    expect(page.get_by_text("便条写着：给李工")).to_be_visible()
    expect(page.get_by_role("heading", name="请登录")).to_be_visible(timeout=90_000)
    assert page.get_by_text("给李工").count() == 0
    assert answered(server, "/media/0.txt", good)[0] == 401
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="wang").first.click()
    expect(page.get_by_role("heading", name="wang的看板")).to_be_visible()


def test_files_are_sent_by_a_page_of_somebody_who_signed_in(serve, context):
    server = serve()
    page = signed_in(context, server)
    page.locator("input[type=file]").set_input_files(
        [{"name": "a.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}]
    )
    expect(page.get_by_text("收到 1 个文件")).to_be_visible()


def whole_dashboard(folder, provider, store, visitors):
    """The dashboard itself on a copy of `store`, with who is who in its secrets."""
    port = free_port()
    more = f'[visitors]\nlogin_claim = "login"\n{visitors}'
    option = settings(folder, f"http://127.0.0.1:{port}", provider, more)
    copy = shutil.copytree(store, folder / "store")
    return Server(copy, ROOT / "app.py", option, launcher=LAUNCHER, port=port)


@pytest.mark.parametrize(
    ("visitors", "shown"),
    [('office = ["wang"]', "用户与权限"), ("", "还不能使用")],
    ids=["the office", "a stranger"],
)
def test_the_dashboard_knows_who_signed_in(
    visitors, shown, provider, demo_store, tmp_path, context
):
    server = whole_dashboard(tmp_path, provider, demo_store, visitors)
    try:
        page = context.new_page()
        page.goto(f"{server.url}/user-rights")
        expect(page.get_by_role("heading", name="请先登录")).to_be_visible()
        expect(page.get_by_test_id("stMetric")).to_have_count(0)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("button", name="wang").click()
        expect(page.get_by_role("button", name="退出登录").or_(
            page.locator("summary", has_text="换范围"))).to_be_visible()  # fmt: skip
        page.goto(f"{server.url}/user-rights")
        expect(page.get_by_role("heading", name=shown)).to_be_visible()
        page.close()
    finally:
        server.stop()
