"""Rows below a header that are no data: totals, notes, signatures, the header once more.

What is not clearly one of these is data: it is better rejected with a reason than lost.
"""

import re
from collections.abc import Sequence

import pandas as pd

from loaders.formats.cell_sheet import Cell, Sheet
from loaders.kinds import KINDS
from loaders.reading.cell_parsing import plain
from loaders.reading.column_names import Header, known
from loaders.reading.header_matching import Layout
from loaders.reading.header_rows import nameless, shown

LEFT_OUT = ["row", "text", "why"]

TOTAL, NOTE, HEADER, TITLE = "合计行", "表尾说明", "重复的表头", "重复的标题"
ABOVE = "表头上方的另一张表，没有读取，请放到另一张工作表或另一个文件"
OTHER = "从这里起是另一张表，列的次序与上面不同，没有读取，请放到另一张工作表或另一个文件"

_PLACES = ("county", "town", "operator")  # a total of one of these names it
_TOTAL = re.compile(
    r"(?:.{0,6}[区县市镇乡道行页表月类]|以上|上述)?(?:总?合计|总计|小计|共计|累计|总数)[数额]?"
    r"(?:\d+(?:\.\d+)?)?[家户个条笔处]?"
)
_REMARK = re.compile(r"[(（][^()（）]{0,20}[)）]\s*$")  # what a total is of: （户）, （海州区）
_ROLES = (
    "填[表报]人|填[表报]单位|填[表报]日期|填[表报]时间|制表人?|制表日期|审核人?|复核人?|经办人?|(?:单位)?负责人"
    "|联系人|报送单位|报送日期|报送人|数据来源|统计口径|单位\\(?盖章\\)?"
)
_WORDS = f"(?:{_ROLES}|注|附注|备注|说明|填[表报]说明|联系电话|电话|盖章|日期)"
_BRACKETS = r"(?:\(.{0,10}\))?"
_NOTE = re.compile(rf"{_WORDS}{_BRACKETS}[\d\s]*[:.、]")
_LABEL = re.compile(rf"{_WORDS}{_BRACKETS}\s*")  # a note's word, and nothing else
_SIGNED = re.compile(rf"(?:{_ROLES}){_BRACKETS}[\d\s]*:|{_WORDS}{_BRACKETS}\s*:\s*$")
_SENTENCE = re.compile(r"[。；！]|\d{4}年\d{1,2}月(?:\d{1,2}日)?$")
_LONG = 30  # characters: longer than a shop's name
_FIGURE = re.compile(r"\d+(?:万|亿)?(?:[家户个条笔处元])?")
_SHORTEST_ID = 7  # digits: fewer, beside the word 合计, are a count of rows
_MOST_SIGNED = 8  # cells of a line of signatures
_FIRST = 3  # texts of a row among which another header has one of ours
_QUOTED = 20  # characters of a cell that a reason quotes
_HALF_WIDTH = str.maketrans("：（）．", ":().")
_SPLITTERS = {",": "逗号", "\t": "制表符", ";": "分号", "|": "竖线"}


def filled(sheet: Sheet, layout: Layout) -> tuple[list[int], pd.DataFrame]:
    """Positions of the rows below the header that are data; and the others, one a row.

    Among the others are those of another table, below or above the header.
    The second has the number of the row that a person sees, its text, and why it is no data
    (`LEFT_OUT`). Blank rows are in neither.
    """
    top = layout.header_row + 1
    table = _Known(sheet, layout)
    lines, left = [], dict.fromkeys(table.above(), ABOVE)
    other = False
    for line, row in enumerate(sheet.rows[top:], start=top):
        if not any(not isinstance(cell, str) or cell.strip() for cell in row):
            continue
        other = other or table.is_other(row)
        why = OTHER if other else table.why(row)
        if why:
            left[line] = why
        else:
            lines.append(line)
    while lines and table.is_note(sheet.rows[lines[-1]]):
        left[lines.pop()] = NOTE
    left_out = [(line + 1, _text(sheet.rows[line]), left[line]) for line in sorted(left)]
    return lines, pd.DataFrame(left_out, columns=LEFT_OUT)


class _Known:
    """Header, titles and columns of one table, by which rows that are no data are recognised."""

    def __init__(self, sheet: Sheet, layout: Layout) -> None:
        last = layout.header_row
        first = last + 1 - layout.header_rows
        self._headers = [_texts(sheet.rows[line]) for line in range(first, last + 1)]
        self._top = sheet.rows[:first]
        self._titles = {tuple(_texts(row).values()) for row in self._top} - {()}
        kind = KINDS[layout.kind]
        self._id = layout.columns.get(kind.id_column, layout.columns.get("venue_id"))
        self._name = layout.columns.get("name", layout.columns.get("title"))
        self._address = layout.columns.get("address")
        self._places = {layout.columns[name] for name in _PLACES if name in layout.columns}
        self._layout, self._splitter = layout, sheet.splitter
        named = layout.headers["position"].tolist()
        self._columns = {*named, *nameless(sheet, named, last)}
        self._last = max(self._columns, default=-1)
        synonyms = ";".join(kind.columns["synonyms"]).split(";")
        self._words = {*kind.labels.values(), *synonyms}
        whole = kind.city_wide if kind.figures else ()  # 合计 of figures: the whole city, all banks
        self._whole = {layout.columns[column] for column in whole if column in layout.columns}
        self._narrow = len(layout.columns) == 1 and len(layout.headers) == 1

    def why(self, row: Sequence[Cell]) -> str:
        """Why a row is no data wherever it stands; '' if it may be."""
        written = [cell for cell in row if isinstance(cell, str) and cell and not cell.isspace()]
        if any("计" in cell or "总数" in cell for cell in written) and self._is_total(row):
            return TOTAL
        if self._splitter and len(row) > self._last + 1 and (beyond := self._beyond(row)):
            return beyond
        if not written or not self._familiar(written[0]):
            return ""
        texts = _texts(row)
        for header in self._headers:
            same = sum(header.get(place) == text for place, text in texts.items())
            if same >= max(min(2, len(header)), 0.8 * len(texts)):
                return HEADER
        return TITLE if tuple(texts.values()) in self._titles else ""

    def above(self) -> list[int]:
        """Lines of a table that stands above the header: one that names columns, and its rows."""
        full = [line for line, row in enumerate(self._top) if _texts(row)]
        first = next((line for line in full if self._names(self._top[line])), len(self._top))
        lines = [line for line in full if line >= first]
        return lines if len(lines) > 1 else []

    def is_other(self, row: Sequence[Cell]) -> bool:
        """Whether a row is the header of another table: our names, not all where ours stand."""
        return any(
            self._layout.columns.get(column) != place
            and not any(line.get(place) == plain(row[place]) for line in self._headers)
            for place, column in self._names(row).items()
        )

    def _names(self, row: Sequence[Cell]) -> dict[int, str]:
        """Our columns that a row names, by position, if most of the row are such names."""
        written = [cell.strip() for cell in row if isinstance(cell, str) and not cell.isspace()]
        first = [text for text in written if text][:_FIRST]
        if not any(re.split("[（(]", text)[0] in self._words for text in first):
            return {}
        texts = {place: shown(cell) for place, cell in enumerate(row) if str(cell).strip()}
        ours = {
            place: column
            for place, text in texts.items()
            if (column := known(Header(text, (text,)), self._layout.kind, {}))
        }
        return ours if len(ours) >= max(2, len(texts) / 2) else {}

    def _beyond(self, row: Sequence[Cell]) -> str:
        """Why a line that reaches beyond the header is not read; '' if it does not."""
        extra = [shown(cell) for cell in row[self._last + 1 :] if cell.strip()]
        if not extra:
            return ""
        quoted = "、".join(f"“{text[:_QUOTED]}”" for text in extra[:2])
        sign = _SPLITTERS.get(self._splitter, f"“{self._splitter}”")
        return (
            f"这一行比表头多出 {len(extra)} 格（{quoted}），可能是内容里有{sign}，"
            "没有读取，请给这一格加引号或改正"
        )

    def _familiar(self, text: str) -> bool:
        """Whether a text stands in the header or in the titles: a quick look."""
        text = plain(text)
        return any(text in line.values() for line in self._headers) or any(
            text in title for title in self._titles
        )

    def _is_total(self, row: Sequence[Cell]) -> bool:
        """Whether a row has a word for a total, figures, and at most the place that it is of."""
        words = {place: _REMARK.sub("", cell) for place, cell in enumerate(row) if _wordy(cell)}
        found = [place for place, word in words.items() if _TOTAL.fullmatch(plain(word))]
        others = words.keys() - set(found) - self._places
        if not found or others or set(found) & self._whole:
            return False
        number = row[self._id] if self._id is not None and self._id < len(row) else ""
        return self._id in found or len(plain(number)) < _SHORTEST_ID

    def is_note(self, row: Sequence[Cell]) -> bool:
        """Whether a row that has no data below it is a note or a line of signatures."""
        texts = [(place, shown(cell)) for place, cell in enumerate(row) if str(cell).strip()]
        place, text = texts[0]
        if not isinstance(row[place], str):
            return False
        half_width = text.translate(_HALF_WIDTH)
        if len(texts) > 1 and (len(texts) > _MOST_SIGNED or self._is_shop(row)):
            return len(texts) <= _MOST_SIGNED and bool(_SIGNED.match(half_width))
        if _NOTE.match(half_width):
            return True
        if _LABEL.fullmatch(half_width):
            return place != self._name
        if len(texts) > 1 or self._narrow:
            return False
        return len(text) > _LONG or bool(_SENTENCE.search(text))

    def _is_shop(self, row: Sequence[Cell]) -> bool:
        """Whether a row has a name, and an address or an id."""
        name, *others = (
            place is not None and place < len(row) and bool(str(row[place]).strip())
            for place in (self._name, self._address, self._id)
        )
        return name and any(others)


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
