"""What a request asks: its parameters, what each may be, and the scope that they make."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.datastructures import QueryParams

from api.answer_formats import FORMATS
from api.problems import ProblemError, quoted
from domain import pace
from domain.visitors import Sight
from queries.scope import BASES, Scope, areas_by_name
from store import snapshot_store
from store.snapshot import Snapshot

_AREAS = {code: name for name, code in areas_by_name().items()}
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile("[0-9]{1,7}")


def _named(choices: dict[str, str]) -> str:
    return "、".join(f"{code} {name}" for code, name in choices.items())


PARAMETERS: dict[str, dict[str, Any]] = {
    "snapshot": {
        "description": "数据版本的编号，见 snapshots。不写，就是现行版本。",
        "type": "string",
        "minLength": 1,
        "maxLength": 100,
    },
    "as_of": {
        "description": "截止日（年-月-日）：看那一天的情况。不写，就是数据版本自己的截止日。",
        "type": "string",
        "format": "date",
    },
    "area": {
        "description": f"县区代码或功能板块编号：{_named(_AREAS)}。不写，就是全市。",
        "type": "string",
        "enum": [*_AREAS],
    },
    "basis": {
        "description": f"口径：{_named(BASES)}。",
        "type": "string",
        "enum": [*BASES],
        "default": "verified",
    },
    "tiers": {
        "description": "名录范围：headline 主口径的层级、all 全部名录。",
        "type": "string",
        "enum": ["headline", "all"],
        "default": "headline",
    },
    "page": {
        "description": "第几页。",
        "type": "integer",
        "minimum": 1,
        "maximum": 1_000_000,
        "default": 1,
    },
    "size": {
        "description": "一页几行。",
        "type": "integer",
        "minimum": 1,
        "maximum": 1000,
        "default": 100,
    },
    "format": {
        "description": "格式。不写，就看请求头 Accept；都没有，就是 json。",
        "type": "string",
        "enum": [*FORMATS],
    },
}
"""The parameters by name, each as JSON Schema: it is checked by what the document says of it."""


@dataclass(frozen=True)
class Question:
    """A scope, the basis of its figures, and which page of the rows is wanted.

    `snapshot` is the scope's.
    """

    scope: Scope
    snapshot: Snapshot
    basis: str
    page: int
    size: int


def values(query: QueryParams, accepted: tuple[str, ...]) -> dict[str, Any]:
    """The parameters of a request, each checked, and the defaults of those that are missing.

    Raises `ProblemError` for one that is unknown, written twice, or not what it may be.
    """
    given: dict[str, Any] = {}
    for name, text in query.multi_items():
        if name not in accepted:
            raise ProblemError(
                400, f"没有{quoted(name)}这个参数。这里可以用的有：{'、'.join(accepted)}"
            )
        if name in given:
            raise ProblemError(400, f"参数 {name} 写了不止一次，只能写一次")
        given[name] = _value(name, text)
    return {name: PARAMETERS[name].get("default") for name in accepted} | given


def _value(name: str, text: str) -> Any:
    """The value that a parameter's `text` stands for."""
    schema = PARAMETERS[name]
    if "enum" in schema:
        if text not in schema["enum"]:
            raise _wrong(name, text, f"可以写的有：{'、'.join(schema['enum'])}")
        return text
    if schema["type"] == "integer":
        low, high = schema["minimum"], schema["maximum"]
        if not _NUMBER.fullmatch(text) or not low <= int(text) <= high:
            raise _wrong(name, text, f"请写 {low} 到 {high} 的整数")
        return int(text)
    if schema.get("format") == "date":
        try:
            return date.fromisoformat(text if _DAY.fullmatch(text) else "")
        except ValueError as error:
            raise _wrong(name, text, "请写成 2026-10-31 这样的日期") from error
    if not schema["minLength"] <= len(text) <= schema["maxLength"]:
        raise _wrong(name, text, f"请写 1 到 {schema['maxLength']} 个字")
    return text


def _wrong(name: str, text: str, advice: str) -> ProblemError:
    return ProblemError(400, f"参数 {name} 不能是{quoted(text)}。{advice}")


def question(asked: dict[str, Any], sight: Sight) -> Question:
    """The question that checked parameters make for somebody with this `sight`.

    Raises `ProblemError` where there is no such version, or no such day in it, and `StoreError`
    where the version cannot be read.
    """
    snapshot = _snapshot(asked.get("snapshot"))
    last = date.fromisoformat(snapshot.manifest["as_of"])
    first, day = min(pace.first_day(), last), asked.get("as_of") or last
    if not first <= day <= last:
        raise ProblemError(
            404,
            f"数据版本“{snapshot.id}”里没有“{day}”这一天，可以看的是 {first} 到 {last}",
        )
    scope = Scope(
        snapshot_id=snapshot.id,
        as_of=day,
        area_id=asked.get("area") or "",
        tiers=asked.get("tiers") or "headline",
        sight=sight,
    )
    basis = asked.get("basis") or "verified"
    return Question(scope, snapshot, basis, asked["page"], asked["size"])


def _snapshot(asked: str | None) -> Snapshot:
    store = snapshot_store.default()
    if asked is None:
        current = store.current()
        if current is None:
            raise ProblemError(404, "还没有发布过数据")
        return current
    if asked not in {path.name for path in store.folders()}:
        raise ProblemError(404, f"没有数据版本{quoted(asked)}。有哪些版本，见 snapshots")
    return store.snapshot(asked)
