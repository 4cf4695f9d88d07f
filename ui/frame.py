"""The frame of every page: title, demo mark, stamp, and the top-level handler of errors."""

import html
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.errors import FragmentHandledException
from streamlit.navigation.page import Page

from demo import publishing
from domain.city import CITY
from presentation.labels import plain
from queries.engine import waiting
from queries.scope import Scope
from store import unexpected_errors
from store.errors import IntakeError
from ui import menu, search_box, selection, session, snapshot_picker

WATERMARK = (
    '<div style="position:fixed;inset:0;pointer-events:none;z-index:900;overflow:hidden;'
    'display:grid;grid-template-columns:repeat(3,1fr);align-items:center;justify-items:center">'
    + '<span style="transform:rotate(-24deg);font-size:34px;font-weight:700;'
    'color:rgba(179,88,6,0.07);white-space:nowrap">演示数据</span>' * 9 + "</div>"
)
CHINESE = """<style>
[data-testid="stFileUploaderDropzone"] button p { display: none }
[data-testid="stFileUploaderDropzone"] button:has(p)::after { content: "选择文件" }
[data-testid="stFileUploaderDropzoneInstructions"] { visibility: hidden }
</style>"""
"""Streamlit's own English words, which no option sets, in Chinese or out of sight."""


def configure() -> None:
    """The page's title in the browser, and the dashboard's name above the selection."""
    st.set_page_config(page_title=CITY.dashboard, layout="wide")
    st.html(CHINESE)
    st.sidebar.markdown(f"**{plain(CITY.dashboard)}**")


def select() -> tuple[Scope | None, bool]:
    """The shared selection, None while there is nothing to select from; whether the store is sound.

    A damaged version in force becomes an error message; pages that need no version still open.
    """
    with errors_shown():
        return selection.select_scope(), True
    return None, False


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


def head(title: str, scope: Scope | None, *, writes: bool = False) -> None:
    """The title of the page, with the marks of demo data and of the past where they apply.

    A page that `writes` works on the version in force, whatever version is looked at.
    """
    with st.container():  # so that a mark that comes or goes moves nothing below it
        st.title(title)
        if scope is None:
            return
        _search(scope)
        if writes:
            st.caption("这一页总是按现行版本办理，不随左侧所选的数据版本。")
        else:
            snapshot_picker.note(scope)
        if session.manifest(scope.snapshot_id)["demo"]:
            st.html(WATERMARK)
            st.warning(
                f"**演示数据**：全部由程序按固定种子生成，不是{CITY.short_name}的真实数据。"
                "导入第一份真实文件后自动退出演示。",
                icon=":material/science:",
            )


@st.fragment
@errors_shown()
def _search(scope: Scope) -> None:
    """The search, which reruns alone while one types."""
    search_box.draw(scope)


def run(page: Page) -> None:
    """Run `page`, with a spinner while a question is answered for the first time."""
    place = st.empty()  # an element of its own, so that the spinner moves nothing on the page
    waiting.set(lambda: place.spinner("正在计算…"))
    page.run()


def stamp(scope: Scope, basis: str = "verified") -> None:
    """The stamp line under a figure or a table."""
    st.html(
        '<div style="color:#5a6773;font-size:12px">'
        f"{html.escape(session.stamp(scope, basis))}</div>"
    )


def not_for_you(title: str) -> None:
    """What is shown in place of a page that is not for the visitor's role."""
    st.title(title)
    st.warning("这一页不对您的角色开放。需要的，请联系领导小组办公室。", icon=":material/lock:")


def damaged_store() -> None:
    """What is shown below the error while the version in force cannot be read."""
    menu.link("data_import", "去数据导入，退回到别的版本", ":material/history:")


def empty_store() -> None:
    """What is shown while nothing has been published yet."""
    st.title("还没有数据")
    hint = "，或者先装入演示数据看看看板的样子" if publishing.available() else ""
    st.write(f"导入第一批文件{hint}。")
    with st.container(horizontal=True):
        menu.link("data_import", "去导入数据", ":material/upload_file:")
        session.demo_button("装入演示数据")
