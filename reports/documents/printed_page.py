"""A page of the dashboard on A4: its title, its sentence, its figures and its tables, whole.

Set with Typst, as the one-pagers are: text wraps in its column, headings stand on every page, every
page has its number, the stamp and the mark of demo data. The layout is a template:
``data/templates/printed_page.typ``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from excel.cell_text import width_of
from presentation import labels
from presentation.columns import kind_of
from queries.scope import DEMO
from reports.documents import typesetting
from reports.documents.template_fields import TEMPLATES

LAYOUT = TEMPLATES / "printed_page.typ"
MOST = 2_000  # rows of a table that are printed; its Excel has all of them
_UPRIGHT, _ACROSS = 112, 172  # half-width characters of a line of text on A4 upright, and across
_NARROW, _WIDE = 6, 34  # of a column
_SAMPLE = 300  # rows by which widths are chosen
_TYPICAL = 0.9  # of the texts of a column stand on one line, where it may be so wide
_SHORT = 12  # of a text that stands on one line
_MISSING = "—"


@dataclass(frozen=True)
class Table:
    """A table: its title, the frame under its Chinese headings, and a note below it.

    `null` stands for what is missing.
    """

    title: str
    frame: pd.DataFrame
    note: str = ""
    null: str = _MISSING


@dataclass(frozen=True)
class Content:
    """What a page says: title, sentence, figures (title and SVG) and tables, under a stamp."""

    title: str
    sentence: str
    stamp: str
    figures: Sequence[tuple[str, bytes]] = ()
    tables: Sequence[Table] = ()


def pdf(content: Content, made: datetime) -> bytes:
    """`content` as PDF. The same content makes the same bytes: `made` is the moment that it tells.

    The paper lies across where a table is too wide for it upright.
    """
    tables = [_set(table) for table in content.tables]
    across = any(sum(table["widths"]) > _UPRIGHT for table in tables)
    for table in tables:
        table["widths"] = _fitting(table["widths"], _ACROSS if across else _UPRIGHT)
    parts = {f"figure-{number}.svg": svg for number, (_, svg) in enumerate(content.figures)}
    sheet = {
        "title": content.title,
        "sentence": content.sentence,
        "stamp": content.stamp,
        "demo": content.stamp.startswith(f"【{DEMO}】"),
        "across": across,
        "figures": [
            {"file": name, "title": title}
            for name, (title, _) in zip(parts, content.figures, strict=True)
        ],
        "tables": tables,
    }
    return typesetting.pdf(LAYOUT, sheet, parts, made)


def _set(table: Table) -> dict[str, Any]:
    """A table as text, with a width for every column."""
    frame = table.frame.head(MOST)
    kinds = {name: kind_of(str(name)) for name in frame}
    columns = [[_text(value, kinds[name], table.null) for value in frame[name]] for name in frame]
    note = table.note
    if len(table.frame) > MOST:
        note += f"共 {len(table.frame):,} 行，这里印前 {MOST:,} 行；全部在 Excel 里。"
    return {
        "title": table.title,
        "headings": [str(name) for name in frame],
        "kinds": ["number" if _counts(frame[name], kinds[name]) else "text" for name in frame],
        "widths": [_width(str(name), texts) for name, texts in zip(frame, columns, strict=True)],
        "rows": [list(row) for row in zip(*columns, strict=True)],
        "note": note,
    }


def _text(value: Any, kind: str, null: str) -> str:
    """A cell as the screen shows it."""
    if isinstance(value, str):
        return value
    if value is None or pd.isna(value):
        return null
    if isinstance(value, bool | np.bool_):
        return labels.YES_NO[bool(value)]
    if isinstance(value, date):
        return f"{value:%Y-%m}" if kind == "month" else f"{value:%Y-%m-%d}"
    forms: dict[str, Callable[[Any], str]] = {
        "percent": labels.percent,
        "points": labels.signed,
        "number": "{:,.10g}".format,
    }
    return forms.get(kind, labels.count)(value)


def _counts(values: pd.Series, kind: str) -> bool:
    return kind in ("percent", "points", "number") or pd.api.types.is_numeric_dtype(values)


def _width(heading: str, texts: Sequence[str]) -> int:
    """Half-width characters that a column takes: those of most of its texts, within bounds."""
    widths = sorted(map(width_of, texts[:_SAMPLE])) or [0]
    typical = max(widths[int((len(widths) - 1) * _TYPICAL)], min(widths[-1], _SHORT))
    return min(max(typical, (width_of(heading) + 1) // 2, _NARROW), _WIDE) + 2


def _fitting(widths: list[int], room: int) -> list[int]:
    """`widths` with the widest made narrower until a line has room for all."""
    most = max(widths, default=0)
    while sum(widths) > room and most > _NARROW:
        most -= 1
        widths = [min(width, most) for width in widths]
    return widths


def of_sheets(
    sheets: Mapping[str, tuple[pd.DataFrame, list[str]] | pd.DataFrame],
) -> list[Table]:
    """The tables of a workbook's sheets; rows that the visitor may not see by name are counted."""
    return [_of_sheet(title, sheet) for title, sheet in sheets.items()]


def _of_sheet(title: str, sheet: tuple[pd.DataFrame, list[str]] | pd.DataFrame) -> Table:
    if isinstance(sheet, pd.DataFrame):
        return Table(title, sheet)
    frame, columns = sheet
    shown = labels.labelled(frame, columns)
    others = len(frame) - len(shown)
    note = f"另有 {others:,} 行不在本单位范围，只计数，不列名。" if others else ""
    return Table(title, shown, note)
