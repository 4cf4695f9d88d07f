"""Cells as days and months, and what senders write where there is no day."""

import re
from datetime import date, datetime, time, timedelta, timezone

from loaders.formats.cell_sheet import Cell
from loaders.reading.cell_parsing import CellError, half_width, quoted, text
from loaders.reading.traditional_characters import simplified

FIRST_YEAR, LAST_YEAR = 2000, 2100  # a date outside of these is a slip of the keyboard

_EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of the 1900 date system, its leap-year slip included
_NEVER_SERIAL = "2958465"  # 9999-12-31 in that system
_NO_DAY = re.compile(  # words for: not yet, without end
    r"(?!.*[√✓✔☑✅●■])(?:"  # a tick says that there is one
    r"(?:长期|永久|永续|持续)(?:有效|使用|经营|合作)?|无.{0,5}|[尚还暂仍]?未.{0,4}|尚无|没有?|不适用|不详|至今"
    r"|(?:正常|在用|在营|营业|存续).{0,2}|null|none|nil|nan|nat|n/?a|forever|[0\W_年月日号]+)",
    re.IGNORECASE,
)
_NOT_BEFORE, _NOT_AFTER = 1970, 2099  # years from and to which first and last days mean no day
_CLOCK_STARTS = {(0, 0, 0), (1899, 12, 30), (1899, 12, 31)}

_CHINA = timezone(timedelta(hours=8))
_ZONED = re.compile(  # 2025-02-28T16:00:00.000Z, as programs write midnight in China
    r"20\d\d-\d\d-\d\d(?:T\d\d:\d\d|[T ]\d\d:\d\d:\d\d(?:\.\d+)?)(?:Z|[+-]\d\d(?::?\d\d)?)",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"[(\[【]?(?:星期|周|礼拜)[一二三四五六日天1-7][)\]】]?")
_HALF_DAY = r"(?:上午|下午|凌晨|清晨|早上|早晨|中午|傍晚|晚上|夜间|[ap]\.?m\.?)"
_TIME = re.compile(
    rf"(?:(?<=[日号])|[\sT]+|(?={_HALF_DAY})){_HALF_DAY}?\s*"
    rf"(?:(?<!\d)\d{{1,2}}(?:[:时点]\d{{0,2}}.*|\s*{_HALF_DAY}))?$",
    re.IGNORECASE,
)
_DASH = re.compile("[‐-―−]")
_BETWEEN = re.compile(r"(?<=\d)\s*([-/\\.,、_\s])\s*(?=\d)")
_DATE = re.compile(r"(?!\d{4}年\d{1,2}-\d)(\d{4})[-年](\d{1,2})(?:[-月](\d{1,2})[日号]?|月)?[-.,]?")
_COMPACT = re.compile(  # with a time, or the .0 of a number
    r"(\d{4})(\d{2})(?:(\d{2})(?:[-T]?(?:[01]\d|2[0-4])(?:[0-5]\d){0,2}|-0)?)?"
)
_SERIAL = re.compile(r"(\d{5})(?:[-.]\d+)?")
_SHORT_YEAR = re.compile(r"\d{2}[-年]\d{1,2}[-月]\d{1,2}[日号]?|\d{1,2}-\d{1,2}-\d{2}")

_NUMERALS = str.maketrans("〇零○壹贰叁肆伍陆柒捌玖拾元", "000一二三四五六七八九十1")
_FIGURES = str.maketrans("一二三四五六七八九", "123456789")
_TENS = re.compile("([一二三]?)([十廿卅])([一二三四五六七八九]?)")
_IN_WORDS = re.compile(r"[〇零○一二三四五六七八九十廿卅壹贰叁肆伍陆柒捌玖拾元]")


def day(cell: Cell) -> date | None:
    """A day; None where the cell says that there is none (9999-12-31, 长期, 未注销, 0).

    A month without a day is its first day: the reading that claims least.
    """
    if isinstance(cell, (time, timedelta)) and cell in (time(), timedelta()):
        return None  # a 0 that is shown as a date
    whole = simplified(half_width(text(cell))).strip()
    at = _in_china(whole) if _ZONED.fullmatch(whole) else cell
    if isinstance(at, date):
        return _plausible(at.year, at.month, at.day, cell)
    if not isinstance(cell, bool) and _NO_DAY.fullmatch(whole):
        return None
    written = _in_figures(_WEEKDAY.sub("", whole))
    if re.fullmatch(r"20\d\d\.1", written):  # of 2025.10 a spreadsheet drops the zero
        raise CellError(f"“{written}”分不清是 1 月还是 10 月，请写成 {written[:4]}-01 或 -10")
    if isinstance(cell, float) and written == _NEVER_SERIAL:
        return None
    written = _DASH.sub("-", _TIME.sub("", written).strip())
    if len(set(_BETWEEN.findall(written))) > 1:  # 2025.1-6: from January to June
        raise CellError(f"{quoted(cell)}不是日期，请写成 2024-03-05 这样")
    written = re.sub(r"\s+", "", _BETWEEN.sub("-", written))
    if serial := _SERIAL.fullmatch(written):
        found = _EXCEL_EPOCH + timedelta(days=int(serial[1]))
        return _plausible(found.year, found.month, found.day, cell)
    if _SHORT_YEAR.fullmatch(written):
        raise CellError(f"{quoted(cell)}的年份只有两位，分不清年月日，请写成 2024-03-05 这样")
    parts = _DATE.fullmatch(written) or _COMPACT.fullmatch(written)
    if not parts:
        raise CellError(f"{quoted(cell)}不是日期，请写成 2024-03-05 这样")
    return _plausible(int(parts[1]), int(parts[2]), int(parts[3] or 1), cell)


def month(cell: Cell) -> date | None:
    """First day of a month."""
    found = day(cell)
    return found and found.replace(day=1)


def _in_china(written: str) -> datetime:
    """The time in China of one that states its zone."""
    try:
        return datetime.fromisoformat(written.upper()).astimezone(_CHINA)
    except ValueError as error:
        raise CellError(f"{quoted(written)}不是日历上有的日期") from error


def _plausible(year: int, month_: int, day_: int, cell: Cell) -> date | None:
    """The day, None for one that stands for no day; `CellError` for one that cannot be meant."""
    turn = (month_, day_) in ((1, 0), (1, 1), (12, 31))
    if (turn and not _NOT_BEFORE < year < _NOT_AFTER) or year == date.max.year:
        return None
    if (year, month_, day_) in _CLOCK_STARTS:
        return None
    try:
        found = date(year, month_, day_)
    except ValueError as error:
        raise CellError(f"{quoted(cell)}不是日历上有的日期") from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise CellError(f"{quoted(cell)}的年份不对，应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间")
    return found


def _in_figures(written: str) -> str:
    """二〇二五年十二月三十一日 with figures: 2025年12月31日."""
    if not _IN_WORDS.search(written):
        return written
    words = re.sub(r"(?<=[一二三四五六七八九])[oO](?=[一二三四五六七八九oO])", "0", written)
    return _TENS.sub(_tens, words.translate(_NUMERALS)).translate(_FIGURES)


def _tens(found: re.Match[str]) -> str:
    before, ten, after = found.groups()
    tens = {"廿": 2, "卅": 3}.get(ten) or int(before.translate(_FIGURES) or 1)
    return str(10 * tens + int(after.translate(_FIGURES) or 0))
