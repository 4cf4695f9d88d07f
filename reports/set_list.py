"""清单.json: what a set was made from, in words for its reader and in ids for making it again.

The ids under `AGAIN` are all that a set follows from, beside the store and the program. Everything
else follows from them, so a list that was edited is not the one that is written again.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from domain import release, rules
from domain.city import CITY
from domain.visitors import OF_UNITS, Sight
from presentation import readiness_wording
from queries.scope import Scope, area_name, areas_by_name
from reports import document_codes
from reports.documents.brief import Letter
from reports.figures.figure_catalogue import Pictures
from store import snapshot_store
from store.errors import IntakeError

LIST = "清单.json"
FILES, HINTS, LEFT_OUT, AGAIN = "文件", "提示", "没有做的图", "重做"
RELEASE, RULES, CONTENT = "看板版本", "规则版本", "数据内容校验码"
LARGEST = 1_000_000  # bytes of a list
_LONGEST = 1_000  # characters of a text in it
_MOST_SHOWN = 60  # characters of a value that is told
_CHOICES = {
    "attribution": ("management", "territory"),
    "tiers": ("headline", "all"),
    "role": ("", *OF_UNITS),
}


class ListError(IntakeError):
    """A list that cannot be read."""


@dataclass(frozen=True)
class Recipe:
    """What a set follows from: its scope, its parts, what the office adds, and the template.

    `parts` are keys of `document_set.PARTS`, `template` is the SHA-256 of the brief's.
    """

    scope: Scope
    parts: tuple[str, ...]
    letter: Letter
    template: str


@dataclass(frozen=True)
class Listed:
    """A list as it was read: its facts, the hashes of its files by path, and the recipe.

    Lists of older releases have no recipe.
    """

    facts: dict[str, Any]
    hashes: dict[str, str]
    recipe: Recipe | None


def written(recipe: Recipe, hashes: Mapping[str, str]) -> bytes:
    """The list of a set made by `recipe`, with the SHA-256 of every file by path."""
    scope = recipe.scope
    manifest = snapshot_store.default().snapshot(scope.snapshot_id).manifest
    facts = {
        "看板": CITY.dashboard,
        RELEASE: release.VERSION,
        "范围": area_name(scope),
        "截止日": scope.as_of.isoformat(),
        "数据版本": scope.snapshot_id,
        CONTENT: manifest["content_hash"],
        "台账版本": manifest["ledger_version"],
        "演示数据": manifest["demo"],
        RULES: rules.VERSION,
        "查证代码": document_codes.code(scope),
        "通报模板": recipe.template,
        HINTS: readiness_wording.hints(scope),
        LEFT_OUT: Pictures(scope).left_out() if "figures" in recipe.parts else {},
        AGAIN: {
            "snapshot": scope.snapshot_id,
            "as_of": scope.as_of,
            "area": scope.area_id,
            "tiers": scope.tiers,
            "attribution": scope.attribution,
            "role": scope.sight.role,
            "unit": scope.sight.unit,
            "parts": recipe.parts,
            "template": recipe.template,
            "letter": {name: value for name, value in asdict(recipe.letter).items() if value},
        },
        FILES: dict(sorted(hashes.items())),
    }
    return json.dumps(facts, ensure_ascii=False, indent=2, default=date.isoformat).encode()


def read(content: bytes) -> Listed:
    """The list with the bytes `content`, which anybody may have written.

    Raises `ListError` where it is none, or says what no list of ours does.
    """
    if len(content) > LARGEST:
        raise ListError(f"{LIST}太大，不是本看板写的")
    try:
        facts = json.loads(content)
        hashes = {_text(path): _text(digest) for path, digest in facts[FILES].items()}
        hashes.pop(LIST, None)
        recipe = _recipe(facts[AGAIN]) if AGAIN in facts else None
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ListError(f"{LIST}读不懂，可能被改过，或不是本看板写的") from error
    return Listed(facts, hashes, recipe)


def _recipe(again: Mapping[str, Any]) -> Recipe:
    known = ("", *areas_by_name().values())
    scope = Scope(
        _text(again["snapshot"]),
        date.fromisoformat(again["as_of"]),
        known[known.index(again["area"])],
        tiers=_choice(again, "tiers"),
        attribution=_choice(again, "attribution"),
        sight=Sight(_choice(again, "role"), _text(again["unit"])),
    )
    letter: dict[str, Any] = {
        name: date.fromisoformat(value) if name.endswith("_on") else _text(value)
        for name, value in again["letter"].items()
    }
    parts = tuple(map(_text, again["parts"]))
    return Recipe(scope, parts, Letter(**letter), _text(again["template"]))


def _choice(again: Mapping[str, Any], name: str) -> Any:
    return _CHOICES[name][_CHOICES[name].index(again[name])]


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise ValueError("a list has texts of limited length")
    return value


def differences(ours: bytes, theirs: bytes) -> list[str]:
    """Where a list differs from the one that is written again, in words."""
    was, now = json.loads(ours), json.loads(theirs)
    hashes = was.pop(FILES), now.pop(FILES)
    again = was.pop(AGAIN), now.pop(AGAIN)
    found = [
        f"{name}：应为{_told(before.get(name))}，现为{_told(after.get(name))}"
        for before, after in ((was, now), again)
        for name in before | after
        if before.get(name) != after.get(name)
    ]
    for path in hashes[0] | hashes[1]:
        if path not in hashes[1]:
            found.append(f"少了“{path}”")
        elif path not in hashes[0]:
            found.append(f"多了“{path}”，这一套没有这个文件")
        elif hashes[0][path] != hashes[1][path]:
            found.append(f"“{path}”的校验码与重做的不符")
    return found or ["内容相同，写法不同"]


def _told(value: Any) -> str:
    if value is None:
        return "没有"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"“{text[:_MOST_SHOWN]}{'…' if len(text) > _MOST_SHOWN else ''}”"
