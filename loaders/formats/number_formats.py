"""Number formats of Excel that say more than how a number looks.

Some make ids of whole numbers: ``000000`` shows 1 as 000001, ``"GH"0000`` as GH0001. Some show a
number smaller than it is: ``0.00,,`` in millions, ``0!.0,`` in 万. Other formats of amounts, shares
and days show the same number in another way, and are none of these.
"""

import re
from functools import cache

_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]|(General|G/通用格式)|(.)', re.DOTALL)
_LITERAL = re.compile(r'"[^"]*"|[\\!_*].|\[[^\]]*\]')
_SMALLER = re.compile(r"[0#?],+(?![0#?,])")  # a comma behind the last digit is a thousandth
_POINT = re.compile(r'[0#?](?:[\\!]\.|"\.")[0#?]')  # one that is only drawn between digits
_DIGITS, _SIGNS = "0#?", "-()/ :+'"
_LONGEST = 100  # characters of a format that is read: an id has some twenty places
_EXACT = 1e15  # Excel keeps 15 digits of a number

Part = tuple[str, int]  # a literal, or a place for a digit: '' and the least digits there


@cache
def parts(code: str) -> tuple[Part, ...]:
    """The parts of the format of a positive number; none for one that makes no id of a number."""
    found: list[Part] = []
    if len(code) > _LONGEST:
        return ()
    for quoted, escaped, general, sign in _TOKEN.findall(_section(code)):
        if general or sign in tuple(_DIGITS):
            found.append(("", 1 if sign == "0" else 0))
        elif quoted or escaped or sign in tuple(_SIGNS):
            found.append((quoted or escaped or sign, 0))
        elif sign:
            return ()
    digits = [least for text, least in found if not text]
    is_plain = len(digits) == 1 and len(found) == 1
    return tuple(found) if digits and not is_plain else ()


def shown(code: str, value: object) -> str | None:
    """A whole number as the format shows it; None where it shows the number itself."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if not 0 <= value < _EXACT or value != int(value) or not (found := parts(code)):
        return None
    left, text = str(int(value)), ""
    open_places = sum(not literal for literal, _ in found)
    for literal, least in reversed(found):
        if literal:
            text = literal + text
            continue
        open_places -= 1
        taken = left if not open_places else left[-1:]
        left = left[: len(left) - len(taken)]
        text = (taken or "0" * least) + text
    return text if text != str(int(value)) else None


@cache
def divides(code: str) -> bool:
    """Whether a format shows a positive number as a part of itself."""
    if len(code) > _LONGEST:
        return False
    section = _section(code)
    return bool(_POINT.search(section) or _SMALLER.search(_LITERAL.sub("", section)))


def matters(code: str) -> bool:
    """Whether a reader has to know of a format."""
    return divides(code) or bool(parts(code))


def _section(code: str) -> str:
    """The part of a format before its first ``;``, which is of positive numbers."""
    found = re.match(r'(?:"[^"]*"|\\.|[^;"\\])*', code)
    return found[0] if found else ""
