"""Buttons that take files away: tables as Excel, pictures, documents."""

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from excel import table_sheets
from excel.workbook_writer import Book
from presentation import labels
from presentation.columns import kind_of
from store.errors import NotAllowedError
from ui import sign_in

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "svg": "image/svg+xml",
    "json": "application/json",
    "zip": "application/zip",
}
Sheets = Mapping[str, tuple[pd.DataFrame, list[str]] | pd.DataFrame]
"""Sheets by name: a frame and its columns, or a frame under Chinese headings already."""


def tables(label: str, sheets: Sheets | Callable[[], Sheets], file_name: str, stamp: str) -> None:
    """A button that makes the Excel workbook of `sheets` when it is pressed.

    `sheets` is a function where they are more than the page shows: it is called then.
    """
    key = f"download_{file_name}"

    def content() -> bytes:
        return workbook(sheets() if callable(sheets) else sheets, stamp)

    file(label, content, f"{file_name}.xlsx", key=key)


def workbook(sheets: Sheets, stamp: str, kind: Callable[[str], str] = kind_of) -> bytes:
    """The tables of `sheets` as an XLSX file; `stamp`, the line on basis and day, heads each.

    `kind` tells the format of a column by its heading.
    """
    book = Book()
    for name, sheet in sheets.items():
        frame = sheet if isinstance(sheet, pd.DataFrame) else labels.labelled(*sheet)
        table_sheets.add(book, name, stamp, [(stamp, "stamp")], kind).table(frame)
    return book.content()


def file(
    label: str,
    content: bytes | Callable[[], bytes],
    name: str,
    *,
    icon: str = "download",
    key: str | None = None,
    disabled: bool = False,
) -> None:
    """A button that gives the file `name`; nothing on the page runs again for it.

    The file is made when the button is pressed, and only for the visitor whom the page was made
    for: somebody who has been shut out or moved to another unit meanwhile gets nothing.
    """
    unchanged = sign_in.unchanged()

    def given() -> bytes:
        if not unchanged():
            raise NotAllowedError("登录名已停用，或换了角色、单位。请刷新页面")
        return content() if callable(content) else content

    st.download_button(
        label,
        data=given,
        file_name=name,
        mime=TYPES.get(name.rpartition(".")[2].lower()),
        on_click="ignore",
        icon=f":material/{icon}:",
        key=key,
        disabled=disabled,
    )
