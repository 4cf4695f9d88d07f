"""The day that a table speaks for: what its cells, its title or its file's name say of it."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from loaders.formats.cell_sheet import Cell, Sheet
from loaders.kinds import KINDS
from loaders.reading.cell_parsing import CellError, half_width, plain, read_cell, text
from loaders.reading.day_parsing import day
from loaders.reading.header_matching import Layout

WHERE = {
    "column": "列",
    "title": "表头上方",
    "name": "文件名",
    "rows": "所属月份",
    "asked": "由人填写",
}
"""Where a day may be found, and what to call it."""

_COLUMNS = {
    *("数据日期", "数据截止日期", "截止日期", "截至日期", "统计截止", "统计截止日期", "统计截止日"),
    *("填报日期", "报送日期", "报表日期", "数据时点", "统计时点", "统计日期", "数据截止日"),
}
_TO = "[-‐-―−~、至到]"  # between the first and the last of a range
_SPACES = re.compile(rf"\s*([年月日号./]|{_TO})\s*")
_WRITTEN = (  # days and months of one style each, which become 2025/6/30 and 2025/6
    (re.compile(r"(20\d\d)([.-])(\d{1,2})\2(\d{1,2})(?!\d)日?"), r"\1/\3/\4"),
    (re.compile(r"(20\d\d)年(\d{1,2})月(\d{1,2})(?!\d)[日号]?"), r"\1/\2/\3"),
    (re.compile(rf"(20\d\d)年(\d{{1,2}})(?:月(?!\d)|(?={_TO}+\d))"), r"\1/\2"),
    (re.compile(r"(20\d\d)[.-](\d{1,2})(?!月?\d)月?"), r"\1/\2"),
)
_IN_NAME = (  # of files: 20250630, 2025_06, 20250101-0331
    (re.compile(r"(?<!\d)(20\d\d)(_?)(0[1-9]|1[0-2])\2([0-3]\d)(?!\d)"), r"\1/\3/\4"),
    (re.compile(r"(?<!\d)(20\d\d)_?(0[1-9]|1[0-2])(?!\d)"), r"\1/\2"),
    (re.compile(rf"(?<=/\d\d/\d\d{_TO})(\d\d)(\d\d)(?![\d/])"), r"\1.\2"),
)
_SAID = re.compile(
    r"((?:截[止至]|时点|数据日期|统计日期)\D{0,8})?"
    r"(?<!\d)(20\d\d)/(\d{1,2})(?:/(\d{1,2}))?(?!月?\d)"
    rf"(?:{_TO}+(?:(20\d\d)/)?(?:(\d{{1,2}})[月./])?(\d{{1,2}})(?!\d)([月日号]?))?"
)
_AS_AT, _MONTH, _DAY = range(3)  # what a title is said to speak for, the surest first


@dataclass(frozen=True)
class StatedDay:
    """A day, where it was found (`WHERE`) and the text that says it.

    `others` are the other days that may as well be meant.
    """

    day: date
    where: str
    words: str
    others: tuple[date, ...] = ()

    @property
    def choice(self) -> str:
        """The day, and what else may be meant."""
        return "，也可能是 ".join(map(str, (self.day, *self.others)))


def found(sheet: Sheet, layout: Layout, file: str, today: date) -> StatedDay | None:
    """The day that a table speaks for, as far as it says so; None where it says nothing.

    A column goes before the title, the title before the name of the file, and in a title an “as at”
    before a month, a month before the day on which the form was filled in. A month stands for its
    last day, or for today while it lasts; a range for its end. A day to come is none.
    """
    kind = KINDS[layout.kind]
    found = _of_column(sheet, layout) or _of_title(sheet, layout)
    if found is None and kind.figures:
        found = _of_rows(sheet, layout)
    if found is None:
        found = _of_name(file)
    if found is None or found.day > _month_end(today):
        return None
    return replace(found, day=min(found.day, today))


def _of_column(sheet: Sheet, layout: Layout) -> StatedDay | None:
    """The latest day in a column that says of what day the rows are, and is not one of ours."""
    free = layout.headers[layout.headers["column"].isna()]
    for header, place in zip(free["header"], free["position"], strict=True):
        if plain(header) in _COLUMNS:
            days = _days(sheet, layout, place)
            if days:
                return StatedDay(max(days), "column", header)
    return None


def _of_rows(sheet: Sheet, layout: Layout) -> StatedDay | None:
    """The last day of the latest month that the rows are of, or the latest day of publication."""
    kind = KINDS[layout.kind]
    column = kind.came_on or "month"
    place = layout.columns.get(column)
    days = _days(sheet, layout, place) if place is not None else []
    if not days:
        return None
    last = max(days) if kind.came_on else _month_end(max(days))
    return StatedDay(last, "rows", layout.written(column))


def _days(sheet: Sheet, layout: Layout, place: int) -> list[date]:
    """The days that can be read in a column below the header."""
    below = (row[place] for row in sheet.rows[layout.header_row + 1 :] if place < len(row))
    return [one for one in map(_day, dict.fromkeys(below)) if one]


def _day(cell: Cell) -> date | None:
    try:
        found: date | None = read_cell(cell, day)
    except CellError:
        return None
    return found


def _of_title(sheet: Sheet, layout: Layout) -> StatedDay | None:
    above = sheet.rows[: layout.header_row + 1 - layout.header_rows]
    words = [text(cell) for row in above for cell in row if text(cell)]
    found = [(how, day_, one) for one in words for how, day_ in _said(one)]
    first = min((how for how, *_ in found), default=_DAY)
    return _first([(day_, one) for how, day_, one in found if how == first], "title")


def _of_name(file: str) -> StatedDay | None:
    found = list(_said(file, of_file=True))
    as_at = [one for one in found if one[0] == _AS_AT]
    return _first([(day_, file) for _, day_ in as_at or found], "name")


def _first(found: list[tuple[date, str]], where: str) -> StatedDay | None:
    """The first of days and the texts that say them, with the others."""
    if not found:
        return None
    (day_, words), *_ = found
    others = dict.fromkeys(other for other, _ in found if other != day_)
    return StatedDay(day_, where, words, tuple(others))


def _said(words: str, of_file: bool = False) -> Iterator[tuple[int, date]]:
    """The days in a text and how each is said; of a range of days or months only the last.

    2025.1-6 may be a range or the sixth file of January: it gives both.
    """
    words = _SPACES.sub(r"\1", half_width(words))
    for pattern, form in (*_WRITTEN, *(_IN_NAME if of_file else ())):
        words = pattern.sub(form, words)
    for match in _SAID.finditer(words):
        until, *parts, unit = match.groups()
        first = [int(part) for part in parts[:3] if part]
        last = [int(part) for part in parts[3:] if part]
        year, month = parts[3:5]
        if last and not year:
            kept = 1 if month or unit == "月" else 2 if unit else len(first) - 1
            last = first[:kept] + last
        start, end = _last_day(first), _last_day(last) if last else None
        clear, later = bool(year or month or unit), bool(start and end and start <= end)
        days = [end] if clear and later else [start, end if clear or later else None]
        how = _AS_AT if until else _DAY if len(last or first) > 2 else _MONTH
        yield from ((how, day_) for day_ in days if day_)


def _last_day(parts: list[int]) -> date | None:
    """The day of year, month and perhaps day; the last of the month without one."""
    try:
        if len(parts) > 2:
            return date(*parts[:3])
        return _month_end(date(parts[0], parts[1], 1))
    except ValueError:
        return None


def _month_end(day_: date) -> date:
    return day_.replace(day=calendar.monthrange(day_.year, day_.month)[1])
