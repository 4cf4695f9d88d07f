"""Vocabularies of the reference: banks, owners, scenarios, kinds, counties and more, in cells."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, partial

from rapidfuzz import fuzz, process

from domain import owners, reference
from domain.city import CITY
from geo import coordinates, gazetteer
from loaders.formats.cell_sheet import Cell
from loaders.reading import owner_names
from loaders.reading.cell_parsing import CellError, Reader, half_width, plain, quoted, text

Words = Mapping[str, Mapping[str, str]]
"""By type of column: a sender's own word, made plain, to the code it stands for ('' for none)."""

ALL = frozenset(["全市", CITY.name, "合计", "总计", "全部", "全市合计"])
"""How a file of indicators writes 'of the whole city' or 'of all banks'."""

_TABLES = {  # of types of columns: reference table and its columns of names, ';' between several
    "operator": ("operators", "operator", "aliases"),
    "scenario": ("scenarios", "scenario"),
    "venue_kind": ("venue_kinds", "kind"),
    "indicator": ("indicators", "indicator", "aliases"),
    "filing_kind": ("filing_kinds", "kind", "aliases"),
    "measure": ("province_measures", "measure", "aliases"),
    "status": ("statuses", "status", "aliases"),
}
_EXPECTED = {  # of those whose names an error lists
    "venue_kind": "名录类别之一",
    "indicator": "月度指标之一",
    "filing_kind": "材料类型之一",
    "measure": "省内比较的指标之一",
    "status": "认得的状态",
}
_GRADES = ("A", "B", "C")
_LONG_NAME = 4  # characters from which a bank's name is found inside a longer text
_OTHER_BODY = re.compile("银行|农商|信用社|联社|保险|证券|监[管督]|协会")  # beside a bank's name
_ALIKE = 3  # names shown beside one that is not known
_TASK = re.compile(
    r"(?:重点)?(?:任务)?第?0?(\d{1,2})(?:项|号|条)?(?:重点)?(?:任务)?(?:[.、:,\s]\s*[^\d\s].*)?"
)


def operator(cell: Cell) -> str:
    """Operator id of a bank by name or alias, branch names included (中国工商银行连云港分行)."""
    written = plain(cell)
    names = NAMES["operator"]()
    if written in names:
        return names[written]
    banks, rest = set(), written
    for name in sorted(names, key=len, reverse=True):
        if name in rest and (_names_bank(name) or names[name] in banks):
            banks.add(names[name])
            rest = rest.replace(name, " ")
    if len(banks) == 1 and _is_of_bank(rest):
        return banks.pop()
    if len(banks) > 1:
        raise CellError(f"{quoted(cell)}写了不止一家运营机构，请每行只写一家")
    known = "、".join(reference.table("operators")["operator"])
    raise CellError(f"{quoted(cell)}不是已登记的运营机构。已登记：{known}")


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
    names = NAMES["scenario"]()
    found = names.get(plain(text(cell).split()[0]))
    if found is not None:
        return found
    ids = reference.table("scenarios")["scenario_id"]
    return _known(names, cell, f"{len(ids)} 类场景之一，请写场景编号，如 {ids.iloc[-1]}")


def listed(type_: str) -> Reader:
    """Reader of the codes of a small reference table, by id, name or alias."""
    table, name, *_ = _TABLES[type_]

    def read(cell: Cell) -> str:
        known = "、".join(reference.table(table)[name])
        return _known(NAMES[type_](), cell, f"{_EXPECTED[type_]}：{known}")

    return read


def owner(cell: Cell) -> str:
    """Owner id of a county, zone, unit, the office or a bank, by any name it has or had."""
    parts = owner_names.parts(cell, operator)
    if len(parts) > 1:
        raise CellError(f"{quoted(cell)}写了不止一个单位，请只写一个")
    found = owner_names.code(parts[0], operator)
    if found is None:
        named = owners.names(date.today())
        alike = "、".join(named[code] for code in likely("owner", parts[0], _ALIKE))
        raise CellError(
            f"{quoted(parts[0])}不是已登记的县区、功能板块、成员单位、办公室或银行，最像的是：{alike}"
        )
    return found


def several(reader: Reader) -> Reader:
    """Reader of cells that name several: the codes, each once, in their order, joined by ';'."""

    def read(cell: Cell) -> object:
        codes = [reader(part) for part in owner_names.parts(cell, operator)]
        return ";".join(dict.fromkeys(str(code) for code in codes if code)) or None

    return read


def task(cell: Cell) -> str:
    """Number of a task of the notice: 5, 任务5, 第5项, or with words after it (5 市教育局)."""
    known = reference.table("tasks")["task_no"]
    found = _TASK.fullmatch(half_width(text(cell)))
    if not found or found[1] not in set(known):
        raise CellError(f"{quoted(cell)}不是重点任务的序号，应为 {known.iloc[0]} 到 {len(known)}")
    return found[1]


def city(cell: Cell) -> str:
    """City of the province by name, with 市 or without, or by code: its name."""
    known = "、".join(reference.table("province_cities")["city"])
    return _known(_cities(), cell, f"省内设区市之一：{known}")


def grade(cell: Cell) -> str:
    """Grade of a denominator: A, B or C, with 级 or without."""
    written = plain(cell).upper().removesuffix("级")
    if written not in _GRADES:
        raise CellError(f"{quoted(cell)}不是分母等级，应为 A、B 或 C")
    return written


def crs(cell: Cell) -> str:
    """Code of a coordinate system by any of its usual names."""
    found = coordinates.crs_code(half_width(text(cell)))
    if found is None:
        raise CellError(f"{quoted(cell)}不是认得的坐标系，请写 WGS84、GCJ02 或 BD09")
    return found


def with_words(type_: str, reader: Reader, words: Words) -> Reader:
    """`reader` of columns of a type that maps the sender's own `words` too."""
    if type_ in SEVERAL:
        single = SEVERAL[type_]
        return several(_with(READERS[single], words.get(single, {})))
    return _with(reader, words[type_]) if type_ in words else reader


def _with(reader: Reader, words: Mapping[str, str]) -> Reader:
    """`reader` with a mapping of plain words to codes ('' = deliberately unmapped)."""

    def read(cell: Cell) -> object:
        meaning = words.get(plain(cell))
        return reader(cell) if meaning is None else meaning or None

    return read


def unread(type_: str, cell: Cell, words: Words) -> list[str]:
    """The words of a cell of a type that are in no vocabulary."""
    single = SEVERAL.get(type_)
    if single is None:
        return [text(cell)]
    known = words.get(single, {})
    parts = [part for part in owner_names.parts(cell, operator) if plain(part) not in known]
    return [part for part in parts if owner_names.code(part, operator) is None]


def likely(type_: str, word: str, limit: int = 5) -> list[str]:
    """Codes of a vocabulary whose names are most like `word`, best first."""
    names = NAMES[type_]()
    found = process.extract(plain(word), names.keys(), scorer=fuzz.WRatio, limit=4 * limit)
    return list(dict.fromkeys(names[name] for name, _, _ in found))[:limit]


def _known(names: dict[str, str], cell: Cell, expected: str) -> str:
    found = names.get(plain(cell))
    if found is None:
        raise CellError(f"{quoted(cell)}不是{expected}")
    return found


def _names_bank(name: str) -> bool:
    """Whether a name is a bank's wherever it stands in a text; 兴业 is not."""
    return len(name) >= _LONG_NAME or name.endswith("行") or name.isascii()


def _is_of_bank(rest: str) -> bool:
    """Whether what stands beside a bank's name is of it: a place, or a part of the bank."""
    for start, end, _ in reversed(list(gazetteer.scan(rest))):
        rest = rest[:start] + rest[end:]
    rest = re.sub(r"[\d\s市]", "", rest)
    return not rest or bool(owner_names.BRANCH.search(rest) and not _OTHER_BODY.search(rest))


@cache
def _counties() -> dict[str, str]:
    names = _by_names("counties", "name", "short_name", "former_names")
    former = reference.labels("division_codes", "code", "name")
    names |= {code: names[name] for code, name in former.items() if name in names}
    return names | {f"{CITY.name}{name}": county for name, county in names.items()}


@cache
def _cities() -> dict[str, str]:
    cities = reference.table("province_cities")
    names: dict[str, str] = {}
    for code, name in zip(cities["city_code"], cities["city"], strict=True):
        names |= dict.fromkeys((code, name, name.removesuffix("市")), name)
    return names


@cache
def _by_names(table: str, *columns: str) -> dict[str, str]:
    """Every plain name in `columns`, and the code in the first column itself, to the code."""
    rows = reference.table(table)
    codes = rows[rows.columns[0]]
    return {
        plain(name): code
        for code, *cells in zip(codes, codes, *(rows[column] for column in columns), strict=True)
        for cell in cells
        for name in cell.split(";")
        if name
    }


READERS: dict[str, Reader] = {
    "operator": operator,
    "scenario": scenario,
    "owner": owner,
    "owners": several(owner),
    "task": task,
    "city": city,
    "grade": grade,
    "crs": crs,
    **{type_: listed(type_) for type_ in _EXPECTED},
}

NAMES: dict[str, Callable[[], dict[str, str]]] = {
    **{type_: partial(_by_names, *table) for type_, table in _TABLES.items()},
    "owner": owner_names.names,
}
"""Names of the vocabularies in which a sender may have words of its own."""

SEVERAL = {"owners": "owner"}
"""Types of columns whose cells hold several words, and the type of each word."""
