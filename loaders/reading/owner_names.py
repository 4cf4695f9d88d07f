"""Names of owners as senders write them: with the city before them or without, one or several."""

import re
from collections.abc import Callable
from functools import cache

from domain import owners
from domain.city import CITY
from loaders.formats.cell_sheet import Cell
from loaders.reading.cell_parsing import CellError, half_width, plain, text

Bank = Callable[[Cell], str]
"""Reads a bank's id from a name that holds the bank's; raises `CellError`."""

BRANCH = re.compile(r"(?:行|部|公司|中心|所|处|室)$")
"""How the name of a part of a bank ends."""

_BODIES = ("", "人民政府", "政府", "管委会", "管理委员会")
_BETWEEN = re.compile(r"[、,;/|\r\n]+")  # several owners in one cell
_OR_JOINED = re.compile(r"(和|\s+)")  # which may as well stand within a name


@cache
def names() -> dict[str, str]:
    """Every plain name of an owner to its id, the names of the reference before what they imply.

    市商务局 is 商务局 and 连云港市商务局 as well, 海州区 is 连云港市海州区.
    """
    listed = {plain(name): owner_id for name, owner_id in owners.aliases().items()}
    listed |= {plain(owner_id): owner_id for owner_id in listed.values()}
    implied = {other: owner_id for name, owner_id in listed.items() for other in otherwise(name)}
    return implied | listed


def otherwise(name: str) -> list[str]:
    """What else an owner of this name is called, by adding the city's name or leaving it out."""
    city = CITY.name
    short = city.removesuffix("市")
    if name.startswith("市"):
        return [short + name, name[1:]]
    if name.startswith(short):
        bare = name.removeprefix(city).removeprefix(short)
        return [bare, city + bare]
    return [city + name]


def code(name: str, bank: Bank) -> str | None:
    """Id of the owner that a text names, a bank's branch by its bank; None if it names none."""
    found = _exactly(name)
    if found is None and BRANCH.search(plain(name)):
        try:
            return bank(name)
        except CellError:
            return None
    return found


def parts(cell: Cell, bank: Bank) -> list[str]:
    """The names in a cell of one or several owners, at least one.

    和 and blanks part names only where both sides are names: 市住房和城乡建设局 is one.
    """
    written = half_width(cell if isinstance(cell, str) else text(cell))
    result: list[str] = []
    for chunk in filter(None, (piece.strip() for piece in _BETWEEN.split(written))):
        runs = _runs(_OR_JOINED.split(chunk))
        known = [code(name, bank) is not None for name in runs]
        result += runs if any(known) and ("和" in chunk or all(known)) else [chunk]
    return result or [text(cell)]


def _runs(pieces: list[str]) -> list[str]:
    """Pieces and what is between them, in turn, as names: the longest that is known, each time."""
    found: list[str] = []
    start = 0
    while start < len(pieces):
        runs = ((stop, "".join(pieces[start:stop])) for stop in range(len(pieces), start + 1, -2))
        stop = next((stop for stop, run in runs if _exactly(run)), start + 1)
        found.append("".join(pieces[start:stop]))
        start = stop + 1
    return [name for name in found if name]


def _exactly(name: str) -> str | None:
    """Id of the owner of this very name, a government's by its area."""
    known, bare = names(), plain(name).removeprefix(CITY.province)
    bodies = (body for body in _BODIES if bare.endswith(body))
    return next((known[one] for one in map(bare.removesuffix, bodies) if one in known), None)
