"""Tables on a page: Chinese headings, formats, and the choice of rows."""

from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from excel.cell_text import width_of
from presentation import labels, order_listings, term_meanings
from presentation.columns import COLUMNS

NONE = "—"
LISTED = 200  # rows of a table to read that the browser gets; downloads have all of them
CHOICES = 1_000  # rows of a table to choose from
ROW, TALL = 35, 62  # pixels of a row, and of one of up to three lines
_ROOM = {"long": 34, "note": 26}  # half-width characters in a line, by format


def show(
    frame: pd.DataFrame,
    columns: list[str],
    title: str,
    *,
    rows: int = 12,
    of: int | None = None,
    null: str = NONE,
    lack: str = "",
) -> None:
    """Draw the columns of `frame` as a table named `title`.

    `of` is how many rows there are where `frame` has the first of them. `null` stands for what is
    missing. Without rows it says that there are none, or, where nobody told, the `lack` that makes
    it unknown (`labels.UNTOLD`).
    """
    frame = _listed(frame)
    if frame.empty:
        st.caption(f"{title}：未知，{lack}。" if lack else f"{title}：没有符合条件的记录。")
        return
    first = frame.iloc[:LISTED]
    st.dataframe(
        _shown(first, columns),
        column_config=_config(columns),
        row_height=_row_height(first, columns),
        hide_index=True,
        placeholder=null,
        height=height(frame, rows),
        alt=title,
    )
    _tell_rest(of or len(frame), LISTED)


def static(frame: pd.DataFrame, columns: list[str], title: str) -> None:
    """Draw the columns of `frame` as a plain table whose long texts wrap."""
    st.table(labels.labelled(frame, columns), hide_index=True, alt=title)


def pick(
    frame: pd.DataFrame,
    columns: list[str],
    title: str,
    key: str,
    *,
    rows: int = 12,
    null: str = NONE,
    lack: str = "",
) -> int | None:
    """Draw a table of which one row can be chosen; the chosen row's position, or None.

    `null` and `lack` as of `show`.
    """
    if labels.listed(frame).empty:
        show(frame, columns, title, lack=lack)
        return None
    chosen = _chosen(frame, columns, title, key=key, rows=rows, mode="single-row", placeholder=null)
    return chosen[0] if chosen else None


def pick_many(
    frame: pd.DataFrame, columns: list[str], title: str, key: str, rows: int = 12
) -> list[int]:
    """Draw a table of which rows can be chosen; the positions of the chosen ones."""
    return _chosen(frame, columns, title, key=key, rows=rows, mode="multi-row")


def height(frame: pd.DataFrame, rows: int) -> int | Literal["content"]:
    """Height of a table that shows at most `rows` rows at once."""
    return "content" if len(frame) <= rows else rows * ROW + 40


def _row_height(frame: pd.DataFrame, columns: list[str]) -> int:
    """Height of the rows of a table: of those with a sentence that is longer than its line, `TALL`.

    Streamlit breaks lines in rows that are higher than 4 rem.
    """
    for name in columns:
        room = _ROOM.get(COLUMNS[name][1])
        if room and any(width_of(str(text)) > room for text in frame[name]):
            return TALL
    return ROW


def _chosen(
    frame: pd.DataFrame,
    columns: list[str],
    title: str,
    *,
    key: str,
    rows: int,
    mode: Literal["single-row", "multi-row"],
    **options: Any,
) -> list[int]:
    places = np.flatnonzero(~labels.unnamed(frame))
    frame = _listed(frame)
    first = frame.iloc[:CHOICES]
    event = st.dataframe(
        _shown(first, columns),
        column_config=_config(columns),
        row_height=_row_height(first, columns),
        hide_index=True,
        height=height(frame, rows),
        on_select="rerun",
        selection_mode=mode,
        key=key,
        alt=title,
        **options,
    )
    _tell_rest(len(frame), CHOICES)
    return [int(places[row]) for row in event.selection.rows if row < len(frame)]


def _listed(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that the visitor may see by name; how many others there are is said."""
    named = labels.listed(frame)
    others = len(frame) - len(named)
    if others:
        st.caption(f"另有 {others:,} 行不在本单位范围，只计数，不列名。")
    return named


def _tell_rest(rows: int, shown: int) -> None:
    """Say how many rows there are where not all of them are sent to the browser."""
    if rows > shown:
        st.caption(f"共 {rows:,} 行，这里列前 {shown:,} 行。")


def _shown(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame | Styler:
    """`labelled`, with shares times a hundred for the screen's percent format.

    Changes are written as words and sorted as numbers.
    """
    shares = [name for name in columns if COLUMNS[name][1] == "percent"]
    shown = labels.labelled(frame.assign(**{name: frame[name] * 100 for name in shares}), columns)
    changes: dict[Any, Any] = {
        COLUMNS[name][0]: labels.signed for name in columns if COLUMNS[name][1] == "points"
    }
    return shown.style.format(changes, na_rep=NONE) if changes else shown


def _config(columns: list[str]) -> dict[str, Any]:
    """How each column is shown, with the meaning of its heading where that is a term."""
    meanings = term_meanings.meanings()
    config: dict[str, Any] = {}
    for heading, kind in (COLUMNS[name] for name in columns):
        told = meanings.get(heading)
        if kind in _COLUMNS:
            config[heading] = _COLUMNS[kind](help=told)
        elif told:
            config[heading] = st.column_config.Column(help=told)
    return config


_COLUMNS: dict[str, Callable[..., Any]] = {
    "percent": partial(st.column_config.NumberColumn, format="%.1f%%"),
    "long": partial(st.column_config.TextColumn, width=260),
    # Mostly blank at the top, from which the browser takes the width.
    "note": partial(st.column_config.TextColumn, width="medium"),
    "light": partial(
        st.column_config.MultiselectColumn,
        options=list(order_listings.LIT),
        color=list(order_listings.LIT.values()),
    ),
    "number": partial(st.column_config.NumberColumn, format="localized"),
    "integer": partial(st.column_config.NumberColumn, format="localized"),
}
