"""Rows below a header that are no data: totals, notes, signatures, the header once more.

What is not clearly one of these is data: it is better rejected with a reason than lost.
"""

import re
from collections.abc import Sequence

import pandas as pd

from loaders.formats.sheet import Cell, Sheet
from loaders.reading.header_rows import shown
from loaders.reading.headers import Layout
from loaders.reading.parsing import plain

LEFT_OUT = ["row", "text", "why"]

TOTAL, NOTE, HEADER, TITLE = "合计行", "表尾说明", "重复的表头", "重复的标题"

_IDS = ("merchant_id", "venue_id", "scenario_no")
_WHOLE = ("county", "operator")  # of indicators: 合计 in these means the whole city, all banks
_TOTAL = re.compile(
    r"(?:.{0,6}[区县市镇乡道行页表月类])?(?:总?合计|总计|小计|共计|累计|总数)"
    r"(?:\d+(?:\.\d+)?[家户个条笔处]?)?"
)
_NOTE = re.compile(
    r"(?:注|附注|备注|说明|填[表报]说明|填[表报]人|填[表报]单位|填[表报]日期|填[表报]时间|制表人?|制表日期"
    r"|审核人?|复核人?|经办人?|(?:单位)?负责人|联系人|联系电话|电话|报送单位|报送日期|报送人|统计口径"
    r"|数据来源|单位\(?盖章\)?|盖章|日期)[\d\s]*(?:[:.、]|$|\(.{0,10}\)[:\s]*$)"
)
_SENTENCE = re.compile(r"[。；！]|^(?:以上|本表|截至|截止|数据)|[:：].{6}|\d{4}年\d{1,2}月")
_FIGURE = re.compile(r"\d+(?:万|亿)?(?:[家户个条笔处元])?")
_SHORTEST_ID = 7  # digits: fewer, beside the word 合计, are a count of rows
_MOST_SIGNED = 8  # cells of a line of signatures


def filled(sheet: Sheet, layout: Layout) -> tuple[list[int], pd.DataFrame]:
    """Positions of the rows below the header that are data; and the others, one a row.

    The second has the number of the row that a person sees, its text, and why it is no data
    (`LEFT_OUT`). Blank rows are in neither.
    """
    top = layout.header_row + 1
    known = _Known(sheet, layout)
    lines, left = [], {}
    for line, row in enumerate(sheet.rows[top:], start=top):
        if not any(not isinstance(cell, str) or cell.strip() for cell in row):
            continue
        why = known.why(row)
        if why:
            left[line] = why
        else:
            lines.append(line)
    while lines and known.is_note(sheet.rows[lines[-1]]):
        left[lines.pop()] = NOTE
    said = [(line + 1, _text(sheet.rows[line]), left[line]) for line in sorted(left)]
    return lines, pd.DataFrame(said, columns=LEFT_OUT)


class _Known:
    """What the rows of one table are told by: its header, its titles, its columns."""

    def __init__(self, sheet: Sheet, layout: Layout) -> None:
        last = layout.header_row
        first = last + 1 - layout.header_rows
        self._headers = [_texts(sheet.rows[line]) for line in range(first, last + 1)]
        self._titles = {tuple(_texts(row).values()) for row in sheet.rows[:first]} - {()}
        ids = [layout.columns[column] for column in _IDS if column in layout.columns]
        self._id = ids[0] if ids else None
        self._name = layout.columns.get("name")
        whole = _WHOLE if layout.kind == "indicators" else ()
        self._whole = {layout.columns[column] for column in whole if column in layout.columns}
        self._narrow = len(layout.columns) == 1 and len(layout.headers) == 1

    def why(self, row: Sequence[Cell]) -> str:
        """Why a row is no data wherever it stands; '' if it may be."""
        said = [cell for cell in row if isinstance(cell, str) and cell and not cell.isspace()]
        if any("计" in cell or "总数" in cell for cell in said) and self._is_total(row):
            return TOTAL
        if not said or not self._familiar(said[0]):
            return ""
        texts = _texts(row)
        for header in self._headers:
            same = sum(header.get(place) == text for place, text in texts.items())
            if same >= max(min(2, len(header)), 0.8 * len(texts)):
                return HEADER
        return TITLE if tuple(texts.values()) in self._titles else ""

    def _familiar(self, text: str) -> bool:
        """Whether a text stands in the header or in the titles: a quick look."""
        text = plain(text)
        return any(text in line.values() for line in self._headers) or any(
            text in title for title in self._titles
        )

    def _is_total(self, row: Sequence[Cell]) -> bool:
        """Whether a row has a word for a total, figures, and nothing else: no id, no address."""
        words = {place: plain(cell) for place, cell in enumerate(row) if _wordy(cell)}
        found = [place for place, word in words.items() if _TOTAL.fullmatch(word)]
        if not found or len(found) < len(words) or set(found) & self._whole:
            return False
        number = row[self._id] if self._id is not None and self._id < len(row) else ""
        return self._id in found or len(plain(number)) < _SHORTEST_ID

    def is_note(self, row: Sequence[Cell]) -> bool:
        """Whether a row that has no data below it is a note or a line of signatures."""
        texts = [(place, shown(cell)) for place, cell in enumerate(row) if str(cell).strip()]
        place, text = texts[0]
        if not isinstance(row[place], str):
            return False
        half_width = (
            text.replace("：", ":").replace("（", "(").replace("）", ")").replace("．", ".")
        )
        if _NOTE.match(half_width) and len(texts) <= _MOST_SIGNED:
            return True
        if len(texts) > 1 or self._narrow:
            return False
        return place not in (self._name, self._id) or bool(_SENTENCE.search(text))


def _wordy(cell: Cell) -> bool:
    """Whether a cell has words in it, not only figures, signs or a formula."""
    if not isinstance(cell, str) or cell[:1] in ("=", "#"):
        return False
    text = plain(cell)
    return bool(text) and not _FIGURE.fullmatch(text)


def _texts(row: Sequence[Cell]) -> dict[int, str]:
    """The plain text of the cells of a row that say something, by position."""
    return {place: plain(cell) for place, cell in enumerate(row) if str(cell).strip()}


def _text(row: Sequence[Cell]) -> str:
    return "｜".join(shown(cell) for cell in row if str(cell).strip())
