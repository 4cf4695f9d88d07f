"""Tables on a page: Chinese headings, formats, and the Excel that takes them away."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from excel import table_sheets
from presentation import labels
from presentation.columns import COLUMNS, kind_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _shown(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """`labelled`, with shares times a hundred for the screen's percent format."""
    shares = [name for name in columns if COLUMNS[name][1] == "percent"]
    return labels.labelled(frame.assign(**{name: frame[name] * 100 for name in shares}), columns)


def _height(frame: pd.DataFrame, rows: int) -> int | str:
    return "content" if len(frame) <= rows else rows * 35 + 40


def _config(columns: list[str]) -> dict:
    config = {}
    for name in columns:
        heading, kind = COLUMNS[name]
        if kind == "percent":
            config[heading] = st.column_config.NumberColumn(format="%.1f%%")
        elif kind == "points":
            config[heading] = st.column_config.NumberColumn(format="%+.1f 个百分点")
        elif kind == "long":
            config[heading] = st.column_config.TextColumn(width=260)
        elif kind == "note":  # mostly blank at the top, from which the browser takes the width
            config[heading] = st.column_config.TextColumn(width="medium")
        elif kind in {"number", "integer"}:
            config[heading] = st.column_config.NumberColumn(format="localized")
    return config


def show(frame: pd.DataFrame, columns: list[str], title: str, *, rows: int = 12) -> None:
    """Draw the columns of `frame` as a table named `title`."""
    if frame.empty:
        st.info(f"{title}:没有符合条件的记录。")
        return
    st.dataframe(
        _shown(frame, columns),
        column_config=_config(columns),
        hide_index=True,
        placeholder="—",
        height=_height(frame, rows),
        alt=title,
    )


def static(frame: pd.DataFrame, columns: list[str], title: str) -> None:
    """Draw the columns of `frame` as a plain table whose long texts wrap."""
    st.table(labels.labelled(frame, columns), hide_index=True, alt=title)


def pick(
    frame: pd.DataFrame, columns: list[str], title: str, key: str, rows: int = 12
) -> int | None:
    """Draw a table of which one row can be chosen; the chosen row's position, or None."""
    if frame.empty:
        st.info(f"{title}:没有符合条件的记录。")
        return None
    event = st.dataframe(
        _shown(frame, columns),
        column_config=_config(columns),
        hide_index=True,
        placeholder="—",
        height=_height(frame, rows),
        on_select="rerun",
        selection_mode="single-row",
        key=key,
        alt=title,
    )
    chosen = event.selection.rows
    return chosen[0] if chosen and chosen[0] < len(frame) else None


def pick_many(
    frame: pd.DataFrame, columns: list[str], title: str, key: str, rows: int = 12
) -> list[int]:
    """Draw a table of which rows can be chosen; the positions of the chosen ones."""
    event = st.dataframe(
        _shown(frame, columns),
        column_config=_config(columns),
        hide_index=True,
        height=_height(frame, rows),
        on_select="rerun",
        selection_mode="multi-row",
        key=key,
        alt=title,
    )
    return [place for place in event.selection.rows if place < len(frame)]


def download(
    label: str, sheets: Callable[[], dict[str, pd.DataFrame]], file_name: str, stamp: str
) -> None:
    """A button that makes the Excel workbook of `sheets` when it is pressed."""
    st.download_button(
        label,
        data=lambda: table_sheets.workbook(sheets(), stamp, kind_of),
        file_name=f"{file_name}.xlsx",
        mime=XLSX,
        on_click="ignore",
        icon=":material/download:",
        key=f"download_{file_name}",
    )
