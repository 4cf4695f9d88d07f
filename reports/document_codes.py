"""Short codes of documents: twelve signs that say version, day, part of the city and rules.

A code is computed, not looked up: the same document has the same code on every machine, and a
store that has the version can read it back after every other record is lost.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from domain import rules
from queries.scope import Scope, areas_by_name

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to misread
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_FIRST_DAY = date(2019, 1, 1)  # before the pilot
_ATTRIBUTIONS = ("management", "territory")
_TIERS = ("headline", "all")
_WIDTHS = {"version": 4, "day": 3, "part": 2, "rules": 2}  # signs of five bits
_AREA_BITS = 8  # of the fingerprint of an area's id


class CodeError(ValueError):
    """A code that says nothing, or nothing that this store has."""


@dataclass(frozen=True)
class Found:
    """What a code stands for; `same_rules` is False where the rules have changed since."""

    scope: Scope
    same_rules: bool


def code(scope: Scope) -> str:
    """The code of documents on `scope`, as three groups of four signs.

    Raises `ValueError` for a scope narrowed to a field or a bank: no document is.
    """
    if scope.field_id or scope.operator_id:
        raise ValueError("a document is about an area, not about one field or bank")
    if scope.as_of < _FIRST_DAY:
        raise ValueError(f"no document is of a day before {_FIRST_DAY}, the start of the pilot")
    part = _area_numbers()[scope.area_id] * 4
    part += _TIERS.index(scope.tiers) * 2 + _ATTRIBUTIONS.index(scope.attribution)
    numbers = {
        "version": _bits(scope.snapshot_id, 20),
        "day": (scope.as_of - _FIRST_DAY).days,
        "part": part,
        "rules": _bits(rules.VERSION, 10),
    }
    signs = "".join(_written(numbers[name], width) for name, width in _WIDTHS.items())
    signs += _check(signs)
    return "-".join(signs[start : start + 4] for start in range(0, len(signs), 4))


def found(text: str, snapshot_ids: Iterable[str]) -> Found:
    """What the code `text` stands for, looked for among `snapshot_ids`.

    Raises `CodeError`, in Chinese, where it was copied wrong or stands for a version not there.
    """
    signs = re.sub(r"查证代码|[\s\-—–：:]", "", text).upper().translate(_MISREAD)
    if len(signs) != sum(_WIDTHS.values()) + 1 or set(signs) - set(_SIGNS):
        raise CodeError(f"“{text[:40]}”不是查证代码。代码有 12 位数字和字母，印在文件末尾，请照抄")
    if _check(signs[:-1]) != signs[-1]:
        raise CodeError(f"查证代码“{text}”抄错了至少一位，请对照文件再输一遍")
    numbers, start = {}, 0
    for name, width in _WIDTHS.items():
        numbers[name] = _read(signs[start : start + width])
        start += width
    matching = [name for name in snapshot_ids if _bits(name, 20) == numbers["version"]]
    if not matching:
        raise CodeError(
            f"查证代码“{text}”出自本机没有的数据版本：文件是在别的机器上做的，或那一版已经移走"
        )
    if len(matching) > 1:
        raise CodeError(
            f"查证代码“{text}”对得上 {len(matching)} 个数据版本：{'、'.join(matching)}。"
            "请看文件上印的数据版本，在“换范围”里选它"
        )
    (snapshot_id,) = matching
    return Found(_scope(snapshot_id, numbers, text), numbers["rules"] == _bits(rules.VERSION, 10))


def _scope(snapshot_id: str, numbers: dict[str, int], text: str) -> Scope:
    area, rest = divmod(numbers["part"], 4)
    areas = {number: area_id for area_id, number in _area_numbers().items()}
    if area not in areas:
        raise CodeError(f"查证代码“{text}”说的县区或板块，本市没有")
    return Scope(
        snapshot_id,
        _FIRST_DAY + timedelta(days=numbers["day"]),
        area_id=areas[area],
        tiers=_TIERS[rest // 2],
        attribution=_ATTRIBUTIONS[rest % 2],
    )


def _area_numbers() -> dict[str, int]:
    """A number for each area, made of its id to last when the list changes; the city is 0."""
    numbers = {"": 0}
    for area_id in sorted(areas_by_name().values()):
        number = _bits(area_id, _AREA_BITS)
        while number in numbers.values():  # taken by another id: the next free number
            number = (number + 1) % 2**_AREA_BITS
        numbers[area_id] = number
    return numbers


def _bits(text: str, count: int) -> int:
    """The first bits of the fingerprint of `text`."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> (64 - count)


def _check(signs: str) -> str:
    """A sign that changes when any one sign does, and when most neighbours are exchanged."""
    weighted = sum((2 * place + 1) * _SIGNS.index(sign) for place, sign in enumerate(signs))
    return _SIGNS[weighted % 32]


def _written(number: int, width: int) -> str:
    return "".join(_SIGNS[number >> 5 * place & 31] for place in reversed(range(width)))


def _read(signs: str) -> int:
    return sum(_SIGNS.index(sign) << 5 * place for place, sign in enumerate(reversed(signs)))
