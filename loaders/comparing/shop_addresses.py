"""Addresses of shops taken apart: which two may be one place where a point does not say so."""

import re
from dataclasses import dataclass

import pandas as pd

from geo import learned_places
from geo.addresses import normalise
from loaders.comparing import shop_names
from loaders.reading.cell_parsing import plain

_NUMERAL = "一二三四五六七八九十"
_NUMBERS = re.compile(
    rf"[A-Z]?\d+|[{_NUMERAL}]+(?=[号栋幢楼层室单摊铺排区座组])|[A-Z](?=[座区栋幢馆])"
)
_STREET = re.compile(r".{0,4}(?:路|街|大道|巷|弄)")  # which is no place without a number
_LEAST = 2  # characters that are left of an address that says more than its town


@dataclass(frozen=True)
class Address:
    """What an address says beyond county and town; texts are '' where it does not say it.

    `house` is road and house number, `landmark` a market, building or estate, `rest` all that is
    left without the names of city, county and town. `numbers` are those of stall, floor and room.
    """

    house: str
    landmark: str
    rest: str
    numbers: frozenset[str]

    def meets(self, other: "Address", same_town: bool) -> bool:
        """Whether both may be one place: the same house, landmark, or words in the same town.

        No number may speak against it; one that only one of them gives does not.
        """
        if self.house and other.house and self.house != other.house:
            return False
        if not (self.numbers <= other.numbers or other.numbers <= self.numbers):
            return False
        if self.house and self.house == other.house:
            return True
        if self.landmark and self.landmark == other.landmark:
            return True
        return same_town and bool(self.rest) and self.rest == other.rest

    @property
    def keys(self) -> list[str]:
        """Texts of which two addresses that meet share one."""
        return [key for key in (self.house, self.landmark, self.rest) if key]


NOWHERE = Address("", "", "", frozenset())


def read(addresses: pd.Series) -> list[Address]:
    """Each of `addresses`, in their order; `NOWHERE` for those that are null."""
    code, distinct = pd.factorize(addresses)
    known = [_read(normalise(text)) for text in distinct]
    return [known[one] if one >= 0 else NOWHERE for one in code]


def _read(text: str) -> Address:
    numbers = [shop_names.arabic(number) for number in _NUMBERS.findall(text.upper())]
    road = learned_places.house(text)
    house = ""
    if road is not None:
        house = f"{road[0]}{road[1]}"
        if str(road[1]) in numbers:
            numbers.remove(str(road[1]))
    marks = [mark for mark in learned_places.landmarks(text, "") if not _STREET.fullmatch(mark)]
    rest = shop_names.without_places(plain(text))
    vague = house or marks or len(rest) < _LEAST or _STREET.fullmatch(rest)
    return Address(house, marks[0] if marks else "", "" if vague else rest, frozenset(numbers))
