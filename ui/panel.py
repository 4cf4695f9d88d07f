"""Tables of rows to choose, drawn as HTML, that light up with the map beside them."""

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
import streamlit.components.v1 as components

from presentation import labels

_PANEL = components.declare_component("panel", path=str(Path(__file__).parent / "panel_script"))


@dataclass(frozen=True)
class Row:
    """A row: what choosing it gives, the name that the map knows, its heading and cells (HTML)."""

    value: str
    name: str
    heading: str
    cells: Sequence[str]


def show(
    key: str,
    title: str,
    headings: Sequence[str],
    rows: Sequence[Row],
    on_choose: Callable[[str], None],
    *,
    most: int = 0,
) -> None:
    """Draw the rows; `on_choose` gets the value of the one that is chosen, before the next run.

    The table scrolls where it is higher than `most` pixels and what a window is higher than 768.
    `headings` (HTML) are cells of `heading`; `title` is for readers that do not see the page.
    """

    def chosen() -> None:
        answer = st.session_state.get(key)
        if answer:
            on_choose(answer["row"])

    table = (
        f"<table><caption>{html.escape(title)}</caption><thead><tr>{''.join(headings)}</tr></thead>"
        f"<tbody>{''.join(map(_line, rows))}</tbody></table>"
    )
    _PANEL(html=table, most=most, key=key, default=None, on_change=chosen)


def _line(row: Row) -> str:
    return (
        f'<tr data-row="{html.escape(row.value)}" data-name="{html.escape(row.name)}">'
        f'<th scope="row"><button type="button">{row.heading}</button></th>'
        f"{''.join(row.cells)}</tr>"
    )


def heading(text: str, *kinds: str) -> str:
    """The heading of a column of cells of these `kinds`."""
    return f'<th scope="col" class="{" ".join(kinds)}">{html.escape(text)}</th>'


def cell(text: str, *kinds: str) -> str:
    """A cell of plain text; `kinds` are number, strong, soft and spare (left out on a phone)."""
    return f'<td class="{" ".join(kinds)}">{html.escape(text)}</td>'


def named(name: str, note: str = "", dot: str = "") -> str:
    """The heading of a row: a dot of a colour, a name, and a small note."""
    mark = f'<span class="dot" style="background:{dot}"></span>' if dot else ""
    return f"{mark}{html.escape(name)}" + (f"<small>{html.escape(note)}</small>" if note else "")


def due_heading(due: float) -> str:
    """The heading of a column of bars: what their tick is, where it stands."""
    text = f"应达 {labels.percent(due)}"
    return (
        '<th scope="col" class="wide spare"><span class="due">'
        f'<span style="left:{due:.1%}">{text}</span></span></th>'
    )


def bar(share: float | None, high: float | None, due: float, colour: str) -> str:
    """A bar of a share, hatched up to where it could be (`high`), with the due line."""
    low = share or 0.0
    reach = max((high or low) - low, 0.0)
    return (
        f'<span class="bar"><b style="width:{low:.1%};background:{colour}"></b>'
        f'<u style="left:{low:.1%};width:{reach:.1%}"></u><s style="left:{due:.1%}"></s></span>'
    )
