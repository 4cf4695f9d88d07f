"""Words that stand for something in the reference: banks, scenarios, kinds, counties, grades."""

import unicodedata
from collections.abc import Callable, Mapping
from functools import cache

from rapidfuzz import fuzz, process

from domain import reference
from domain.city import CITY
from geo import coordinates
from loaders.formats.files import Cell
from loaders.reading.parsing import CellError, plain, text

Words = Mapping[str, Mapping[str, str]]
"""By type of column: a sender's own word, made plain, to the code it stands for ('' for none)."""

ALL = frozenset(["全市", CITY.name, "合计", "总计", "全部", "全市合计"])
"""How a file of indicators writes 'of the whole city' or 'of all banks'."""

_GRADES = ("A", "B", "C")
_LONG_NAME = 4  # characters from which a bank's name is told inside a longer text


def operator(cell: Cell) -> str:
    """Operator id of a bank by name or alias, branch names included (中国工商银行连云港分行)."""
    written = plain(cell)
    names = _operators()
    if written in names:
        return names[written]
    found = [name for name in names if _names_bank(name, written)]
    longest = [name for name in found if not any(name != more and name in more for more in found)]
    banks = {names[name] for name in longest}
    if len(banks) == 1:
        return banks.pop()
    if banks:
        raise CellError(f"“{text(cell)}”写了不止一家运营机构，请每行只写一家")
    known = "、".join(reference.table("operators")["operator"])
    raise CellError(f"“{text(cell)}”不是已登记的运营机构。已登记：{known}")


def operator_or_all(cell: Cell) -> str:
    """Operator id, '' for all banks together."""
    return "" if text(cell) in ALL else operator(cell)


def county_or_city(cell: Cell) -> str:
    """County code by name, short or former name or code, '' for the whole city."""
    if text(cell) in ALL:
        return ""
    return _known(_counties(), cell, f"{len(reference.table('counties'))} 个县区之一")


def county_of(sender: str | None) -> str | None:
    """Code of the county that a sender is, or is a department of; None for any other sender."""
    named = plain(sender or "").removeprefix(CITY.name)
    counties = reference.labels("counties", "name", "county_code")
    return next((code for name, code in counties.items() if named.startswith(name)), None)


def scenario(cell: Cell) -> str:
    """Scenario id by id, name, or both together (F2-12 农贸市场)."""
    found = _scenarios().get(plain(text(cell).split()[0]))
    if found is not None:
        return found
    known = reference.table("scenarios")["scenario_id"]
    expected = f"{len(known)} 类场景之一，请写场景编号，如 {known.iloc[-1]}"
    return _known(_scenarios(), cell, expected)


def venue_kind(cell: Cell) -> str:
    """Venue kind id by id or name."""
    known = "、".join(reference.table("venue_kinds")["kind"])
    return _known(_by_names("venue_kinds", "kind_id", "kind"), cell, f"名录类别之一：{known}")


def indicator(cell: Cell) -> str:
    """Indicator id by id, name or alias."""
    known = "、".join(reference.table("indicators")["indicator"])
    names = _by_names("indicators", "indicator_id", "indicator", "aliases")
    return _known(names, cell, f"月度指标之一：{known}")


def grade(cell: Cell) -> str:
    """Grade of a denominator: A, B or C, with 级 or without."""
    written = plain(cell).upper().removesuffix("级")
    if written not in _GRADES:
        raise CellError(f"“{text(cell)}”不是分母等级，应为 A、B 或 C")
    return written


def crs(cell: Cell) -> str:
    """Code of a coordinate system by any of its usual names."""
    found = coordinates.crs_code(unicodedata.normalize("NFKC", text(cell)))
    if found is None:
        raise CellError(f"“{text(cell)}”不是认得的坐标系，请写 WGS84、GCJ02 或 BD09")
    return found


def taught(reader: Callable[[Cell], str], words: Mapping[str, str]) -> Callable[[Cell], str | None]:
    """`reader` that knows a sender's own words too: plain word to code, '' for none of ours."""

    def read(cell: Cell) -> str | None:
        meaning = words.get(plain(cell))
        return reader(cell) if meaning is None else meaning or None

    return read


def likely(type_: str, word: str, limit: int = 5) -> list[str]:
    """Codes of a vocabulary whose names are most like `word`, best first."""
    names = NAMES[type_]()
    found = process.extract(plain(word), names.keys(), scorer=fuzz.WRatio, limit=4 * limit)
    return list(dict.fromkeys(names[name] for name, _, _ in found))[:limit]


def _known(names: dict[str, str], cell: Cell, expected: str) -> str:
    found = names.get(plain(cell))
    if found is None:
        raise CellError(f"“{text(cell)}”不是{expected}")
    return found


def _names_bank(name: str, written: str) -> bool:
    """Whether a longer text names a bank: by its full name anywhere, by a short one in front."""
    if len(name) >= _LONG_NAME and not name.isascii():
        return name in written
    return name.endswith("行") and written.startswith(name)


@cache
def _operators() -> dict[str, str]:
    return _by_names("operators", "operator_id", "operator", "aliases")


@cache
def _scenarios() -> dict[str, str]:
    return _by_names("scenarios", "scenario_id", "scenario")


@cache
def _counties() -> dict[str, str]:
    columns = ("name", "short_name", "former_names")
    names = _by_names("counties", "county_code", *columns)
    return names | {f"{CITY.name}{name}": county for name, county in names.items()}


@cache
def _by_names(table: str, code: str, *columns: str) -> dict[str, str]:
    """Every plain name in `columns` (';' between several), and the code itself, to the code."""
    rows = reference.table(table)
    return {
        plain(name): row[code]
        for row in rows.to_dict("records")
        for column in (code, *columns)
        for name in row[column].split(";")
        if name
    }


READERS: dict[str, Callable[[Cell], str]] = {
    "operator": operator,
    "scenario": scenario,
    "venue_kind": venue_kind,
    "indicator": indicator,
    "grade": grade,
    "crs": crs,
}

NAMES: dict[str, Callable[[], dict[str, str]]] = {
    "operator": _operators,
    "scenario": _scenarios,
    "venue_kind": lambda: _by_names("venue_kinds", "kind_id", "kind"),
    "indicator": lambda: _by_names("indicators", "indicator_id", "indicator", "aliases"),
}
"""Names of the vocabularies in which a sender may have words of its own."""
