"""The frame of every page: title, demo mark, stamp, and the top-level handler of errors."""

import html
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec

import streamlit as st
from streamlit.errors import FragmentHandledException
from streamlit.navigation.page import Page

from demo import publishing
from domain.city import CITY
from presentation import term_meanings
from presentation.labels import plain
from queries.engine import waiting
from queries.scope import BASES, Scope, area_name
from store import unexpected_errors
from store.errors import IntakeError
from ui import menu, page_print, search_box, selection, session, sign_in, snapshot_picker
from ui.menu import Entry

WATERMARK = (
    '<div class="demo-grid" style="position:fixed;inset:0;pointer-events:none;z-index:900;'
    "overflow:hidden;"
    'display:grid;grid-template-columns:repeat(3,1fr);align-items:center;justify-items:center">'
    + '<span style="transform:rotate(-24deg);font-size:34px;font-weight:700;'
    'color:rgba(179,88,6,0.07);white-space:nowrap">演示数据</span>'
    * 9
    + f'</div><div class="demo-strip">演示数据：由程序按固定种子生成，不是{CITY.short_name}的'
    "真实数据；导入第一份真实文件后自动退出。</div>"
)
SCOPE_WIDTH = 118  # pixels
P = ParamSpec("P")
TOUR = '<a class="tour-start" href="./">再看一遍导览</a>'  # see server/page_script


def configure() -> None:
    """What every page has: its title, its width, and the name in the bar (see style.css)."""
    st.set_page_config(page_title=CITY.dashboard, layout="wide")
    st.html(f'<style>:root {{ --dashboard: "{CITY.dashboard}" }}</style>')


def front_title(scope: Scope | None) -> str:
    """What the front page is called: after the area that it is about."""
    return area_name(scope) if scope and scope.area_id else menu.FRONT


def name_tab(title: str) -> None:
    """Name the page in the browser's tab."""
    st.set_page_config(page_title=f"{title} · {CITY.dashboard}")


def select(entry: Entry) -> tuple[Scope | None, bool]:
    """The shared selection, None while there is nothing to select from; whether the store is sound.

    It folds into a line in the bar. A damaged version in force becomes an error message; pages
    that need no version still open.
    """
    scope, sound = None, False
    head = st.container(key="head", horizontal=True, vertical_alignment="center", gap="small")
    finding = head.container(key="finding")
    line = head.empty()
    # No popover: it forgets what is set in it while it is closed, and then sends what it was.
    with head.expander("换范围", icon=":material/tune:", key="scope", width=SCOPE_WIDTH):
        with errors_shown():
            scope, sound = selection.select_scope(drills=entry.drills), True
        st.html(TOUR)
        sign_in.who()
    if scope:
        with finding:
            _search(scope)
        line.html(f'<div class="told-scope">{html.escape(selection.told(scope))}</div>')
    return scope, sound


@contextmanager
def errors_shown(*others: type[Exception]) -> Iterator[None]:
    """A named error of the store or a file, or one of `others`, becomes a message on the page.

    Any other is a fault of ours: it becomes a sentence with a code, and the page stays usable.
    """
    named: tuple[type[Exception], ...] = (IntakeError, *others)
    try:
        yield
    except named as error:
        st.error(plain(str(error)), icon=":material/error:")
    except FragmentHandledException:  # is on the page already
        raise
    except Exception as error:
        st.error(unexpected_errors.told(error), icon=":material/error:")


def fragment(part: Callable[P, None], *, run_every: float | None = None) -> Callable[P, None]:
    """`part` of a page as one that runs again alone, every `run_every` seconds or when it is used.

    It runs without the page's script, so it looks again who is there: where that is no longer the
    visitor whom the page was made for, the whole page runs again.
    """

    @wraps(part)
    def for_the_same_visitor(*args: P.args, **kwargs: P.kwargs) -> None:
        with errors_shown():
            if not sign_in.unchanged()():
                st.rerun()
            part(*args, **kwargs)

    return st.fragment(for_the_same_visitor, run_every=run_every)


def head(title: str, scope: Scope | None, entry: Entry) -> None:
    """The title of the page, with the marks of demo data and of the past where they apply.

    A page that writes works on the version in force, whatever version is looked at. The front page
    has the map in place of a title.
    """
    demo = scope is not None and session.manifest(scope.snapshot_id)["demo"]
    with st.container(gap="xxsmall"):  # so that a mark that comes or goes moves nothing below it
        unseen = "" if entry.path else ' class="unseen"'
        st.html(f"<h1{unseen}>{html.escape(title)}</h1>" + (WATERMARK if demo else ""))
        page_print.make_room()
        if scope is None:
            return
        if entry.writes:
            st.caption("这一页总是按现行版本办理，不随所选的数据版本。")
        else:
            snapshot_picker.note(scope)


@fragment
def _search(scope: Scope) -> None:
    """The search, which reruns alone while one types."""
    search_box.draw(scope)


def run(page: Page) -> None:
    """Run `page`, with a spinner while a question is answered for the first time."""
    place = st.empty()  # an element of its own, so that the spinner moves nothing on the page
    waiting.set(lambda: place.spinner("正在计算…"))
    page.run()


def headline(text: str, term: str) -> None:
    """The finding of a page (Markdown), with the meaning of the term that it rests on."""
    st.header(text, anchor=False, help=term_meanings.meanings()[term])


def stamp(scope: Scope, basis: str = "verified") -> None:
    """The stamp of the figures of a page: a quiet line, with the rest on demand."""
    whole = session.stamp(scope, basis)
    line = f"{BASES[basis]}口径 · 截至 {scope.as_of} · {session.standing(scope)}"
    st.html(
        f'<details class="stamp"><summary>{html.escape(line)}</summary>'
        f"{html.escape(whole)}</details>"
    )


def not_for_you(title: str) -> None:
    """What is shown in place of a page that is not for the visitor's role."""
    st.title(title)
    st.warning("这一页不对您的角色开放。需要的，请联系领导小组办公室。", icon=":material/lock:")


def damaged_store() -> None:
    """What is shown below the error while the version in force cannot be read."""
    if not session.may("roll_back"):
        st.write("请联系领导小组办公室，由它退回到别的版本。")
        return
    menu.link("data_import", "去数据导入，退回到别的版本", ":material/history:")


def empty_store() -> None:
    """What is shown while nothing has been published yet."""
    st.title("还没有数据")
    if not session.may("publish"):
        st.write("领导小组办公室导入第一批文件以后，这里就有数据。")
        return
    hint = "，或者先装入演示数据看看看板的样子" if publishing.available() else ""
    st.write(f"导入第一批文件{hint}。")
    with st.container(horizontal=True):
        menu.link("data_import", "去导入数据", ":material/upload_file:")
        session.demo_button("装入演示数据")
