"""The day that a table speaks for: what its cells, its title or its file's name say of it."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from loaders.formats.cell_sheet import Cell, Sheet
from loaders.kinds import KINDS
from loaders.reading.cell_parsing import CellError, half_width, plain, text
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
_DATE = r"(20\d\d)\s*[年.\-/]\s*(\d{1,2})\s*[月.\-/]\s*(\d{1,2})\s*日?"
_MONTH = r"(20\d\d)\s*[年.\-/]\s*(\d{1,2})(?:\s*月)?(?!\s*[月.\-/]?\s*\d)"
_UNTIL = re.compile(rf"(?:截[止至]|时点|数据日期|统计日期)\D{{0,8}}(?:{_DATE}|{_MONTH})")
_OF_DAY, _OF_MONTH = re.compile(_DATE), re.compile(_MONTH)
_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[年.\-_]?(0[1-9]|1[0-2])[月.\-_]?([0-3]\d)?(?!\d)")


@dataclass(frozen=True)
class StatedDay:
    """A day, where it was found (`WHERE`) and the text that says it."""

    day: date
    where: str
    words: str


def found(sheet: Sheet, layout: Layout, file: str, today: date) -> StatedDay | None:
    """The day that a table speaks for, as far as it says so; None where it says nothing.

    A column goes before the title, the title before the name of the file, and in a title an “as at”
    before a month, a month before the day on which the form was filled in. A month stands for its
    last day, or for today while it lasts. A day to come is none.
    """
    kind = KINDS[layout.kind]
    found = _of_column(sheet, layout) or _of_title(sheet, layout)
    if found is None and kind.figures:
        found = _of_rows(sheet, layout)
    if found is None:
        found = _of_name(file)
    if found is None or found.day > _month_end(today):
        return None
    return StatedDay(min(found.day, today), found.where, found.words)


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
        return day(cell)
    except CellError:
        return None


def _of_title(sheet: Sheet, layout: Layout) -> StatedDay | None:
    above = sheet.rows[: layout.header_row + 1 - layout.header_rows]
    words = [half_width(text(cell)) for row in above for cell in row if text(cell)]
    for pattern in (_UNTIL, _OF_MONTH, _OF_DAY):
        for one in words:
            match = pattern.search(one)
            if match and (last := _last_day([part for part in match.groups() if part])):
                return StatedDay(last, "title", one)
    return None


def _of_name(file: str) -> StatedDay | None:
    for pattern in (_OF_DAY, _OF_MONTH, _IN_NAME):
        match = pattern.search(half_width(file))
        if match and (last := _last_day([part for part in match.groups() if part])):
            return StatedDay(last, "name", file)
    return None


def _last_day(parts: list[str]) -> date | None:
    """The day of year, month and perhaps day; the last of the month without one."""
    try:
        if len(parts) > 2:
            return date(*map(int, parts[:3]))
        return _month_end(date(int(parts[0]), int(parts[1]), 1))
    except ValueError:
        return None


def _month_end(day_: date) -> date:
    return day_.replace(day=calendar.monthrange(day_.year, day_.month)[1])
