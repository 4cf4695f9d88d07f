"""打印: what a page says as a clean A4 PDF, made by the documents' engine when it is asked for."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

import streamlit as st

from presentation.labels import unmarked
from queries.scope import Scope, area_name
from reports.documents import printed_page
from reports.figures import figure_files
from ui import page_downloads, session
from ui.page_downloads import Sheets
from ui.page_pictures import Figure

_PLACE = "_print_place"


def make_room() -> None:
    """Keep the place of the button of this run, beside the title of the page."""
    st.session_state[_PLACE] = st.container(key="print")


def at_top(
    title: str,
    scope: Scope,
    sheets: Sheets | Callable[[], Sheets],
    *,
    sentence: str | Callable[[], str] = "",
    figures: Sequence[Figure] | Callable[[], Sequence[Figure]] = (),
) -> None:
    """The button of the page, beside its title; arguments as of `button`."""
    place: AbstractContextManager[object] = st.session_state[_PLACE]
    with place:
        button(title, scope, sheets, sentence=sentence, figures=figures)


def button(
    title: str,
    scope: Scope,
    sheets: Sheets | Callable[[], Sheets],
    *,
    sentence: str | Callable[[], str] = "",
    figures: Sequence[Figure] | Callable[[], Sequence[Figure]] = (),
    label: str = "打印",
) -> None:
    """A button that prints what the page shows, or a part of it that the `label` names.

    `sheets` are tables as `page_downloads.tables` takes them, the `sentence` is Markdown, and
    `figures` are those that the page drew. What is a function is called when it is printed.
    """
    stamp, facts = session.stamp(scope), session.manifest(scope.snapshot_id)
    made = datetime.fromisoformat(facts["created_at"]).replace(microsecond=0)
    named = f"{area_name(scope)} · {title}"

    def content() -> bytes:
        said = printed_page.Content(
            named,
            unmarked(sentence() if callable(sentence) else sentence),
            stamp,
            [
                (one.title, figure_files.svg(one.sheet("", "inset")))
                for one in (figures() if callable(figures) else figures)
            ],
            printed_page.of_sheets(sheets() if callable(sheets) else sheets),
        )
        return printed_page.pdf(said, made)

    name = f"{area_name(scope)}_{title}_{scope.as_of}.pdf".replace("/", "_")
    page_downloads.file(label, content, name, icon="print", key=f"print_{title}")
