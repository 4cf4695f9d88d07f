"""Cells without what programs leave in their text and no person sees or means.

Every table that is opened comes through here, so that no reader of a cell has to know of it.
"""

import re
import unicodedata
from dataclasses import replace
from functools import cache

from domain import reference
from loaders.formats.cell_sheet import Sheet

_HIDDEN = (  # controls that are no space, Unicode's default ignorable characters, blank letters
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_RADICALS = r"\u2e80-\u2fdf\uf900-\ufaff"  # and the characters that only other standards have
_INVISIBLE, _RADICAL = re.compile(f"[{_HIDDEN}]"), re.compile(f"[{_RADICALS}]")
_MARK = re.compile(r"\s*(?:`+|'+(?=\d))")  # before a cell, so that Excel takes it for text
_ODD = re.compile(f"[{_HIDDEN}{_RADICALS}`']")


def mended_text(text: str) -> str:
    """Text without invisible characters, and with the characters that its radicals look like."""
    return _RADICAL.sub(lambda found: _characters(found[0]), _INVISIBLE.sub("", text))


def mended(sheet: Sheet) -> Sheet:
    """The sheet with its texts mended; its notes say how many cells were, and of what."""
    rows, invisible, marked = list(sheet.rows), 0, 0
    radicals: dict[str, str] = {}
    for line, row in enumerate(rows):
        if not _ODD.search("\n".join([cell for cell in row if isinstance(cell, str)])):
            continue
        rows[line] = cells = list(row)
        for place, cell in enumerate(cells):
            if not isinstance(cell, str) or not _ODD.search(cell):
                continue
            seen = _INVISIBLE.sub("", cell)
            meant = mended_text(seen)
            cells[place] = bare = _MARK.sub("", meant, count=1) if _MARK.match(meant) else meant
            invisible += seen != cell
            marked += bare != meant
            if meant != seen:
                radicals.setdefault(seen, meant)
    notes = list(sheet.notes)
    if invisible:
        notes.append(f"有 {invisible} 个单元格里有看不见的字符，已去掉")
    if radicals:
        seen, meant = next(iter(radicals.items()))
        notes.append(f"有 {len(radicals)} 种写法用了部首字，如“{seen}”，已读作“{meant}”")
    if marked:
        notes.append(f"有 {marked} 个单元格前面有防止改成数字的符号（` 或 '），已去掉")
    return replace(sheet, rows=rows, notes=tuple(notes)) if len(notes) > len(sheet.notes) else sheet


@cache
def _characters(radical: str) -> str:
    known = reference.labels("radicals", "radical", "character")
    return known.get(radical) or unicodedata.normalize("NFKC", radical)
