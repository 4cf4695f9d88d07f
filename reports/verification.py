"""Whether the files of a set are as this dashboard made them, and where they are not.

A list can be edited as well as a file. So the set is made again from the store and compared byte by
byte; only where that cannot be done are files held against the hashes in the list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from domain import pace, release, rules
from domain.visitors import Visitor
from loaders.formats import reading_process
from queries.scope import area_name
from reports import document_set, office_differences, set_list
from reports.documents import brief_templates
from reports.documents.brief_templates import TemplateError
from reports.set_list import LIST, Listed, ListError, Recipe
from store import snapshot_store
from store.errors import FileUnreadableError, StoreError
from store.step_progress import Progress, silent

State = Literal["same", "changed", "foreign", "absent", "listed", "unchecked"]
STATES: dict[State, str] = {
    "same": "未改动",
    "changed": "已改动",
    "foreign": "不是本看板做的",
    "absent": "缺少",
    "listed": "没有重做，只与清单相符",
    "unchecked": "核对不了",
}
_OFFICE = (".docx", ".xlsx", ".pptx")


@dataclass(frozen=True)
class Finding:
    """What was found of a file: `where` says in words what is different."""

    path: str
    state: State
    where: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verified:
    """What was found of the files of a set.

    `limits` are why some could only be held against the list, or not at all.
    """

    listed: Listed
    limits: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def unchanged(self) -> bool:
        """Whether every file was made again with the same bytes."""
        return all(one.state == "same" for one in self.findings)


@dataclass(frozen=True)
class _Again:
    """What could be made again: files by path, of those `expected`, and why not more.

    With a `doubt`, what differs may differ for that reason.
    """

    recipe: Recipe | None
    files: Mapping[str, bytes]
    expected: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


def verify(
    files: Mapping[str, bytes], who: Visitor, progress: Progress = silent, *, whole: bool = True
) -> Verified:
    """What became of the `files` of a set, by path, among them its list.

    A file that is not there is missing only where they are the `whole` set. Raises `ListError`
    without a list that can be read, and `NotAllowedError` for a set that is not for `who`.
    """
    if LIST not in files:
        raise ListError(f"没有找到{LIST}。请连同它一起核对：它写明这一套是由什么做的")
    listed = set_list.read(files[LIST])
    again = _made_again(listed, files, who, progress)
    known = again.expected if again.recipe and not again.doubts else tuple(listed.hashes)
    findings = [_of_list(listed, again, files[LIST])]
    for path in [*known, *(path for path in files if path not in known and path != LIST)]:
        if path in files:
            findings.append(_of_file(path, files[path], again, listed, path in known))
        elif whole:
            findings.append(Finding(path, "absent"))
    return Verified(listed, (*again.doubts, *again.limits), tuple(findings))


def _made_again(
    listed: Listed, files: Mapping[str, bytes], who: Visitor, progress: Progress
) -> _Again:
    """The documents among `files` made again, as far as this store and `who` may."""
    recipe = listed.recipe
    if recipe is None:
        return _Again(None, {}, (), (f"{LIST}是旧版看板写的，没有写明怎样重做",))
    store = snapshot_store.default()
    try:
        manifest = store.snapshot(recipe.scope.snapshot_id).manifest
    except StoreError:
        return _Again(None, {}, (), (f"本机没有数据版本“{recipe.scope.snapshot_id}”，不能重做",))
    _require_day(recipe.scope.as_of, date.fromisoformat(manifest["as_of"]))
    about = f"核对{area_name(recipe.scope)}的文件"
    own = who.sight.whole or who.unit == recipe.scope.area_id
    store.ledger.require(who, "see", about, concerned=own)
    doubts = list(_doubts(listed.facts, manifest))
    if not who.sight.whole and who.sight != recipe.scope.sight:
        doubts.append("这一套是按更宽的权限做的，这里按本单位能看的重做，不同的地方只能对照清单")
        recipe = replace(recipe, scope=replace(recipe.scope, sight=who.sight))
    asked = document_set.documents(recipe)
    expected = tuple(path for document in asked for path in document.paths)
    wanted = [document for document in asked if not files.keys().isdisjoint(document.paths)]
    limits = []
    if document_set.BRIEF in files:
        try:
            brief_templates.by_hash(store, recipe.template)
        except TemplateError as error:
            limits.append(f"{error}，{document_set.BRIEF}只能对照清单")
            wanted = [one for one in wanted if document_set.BRIEF not in one.paths]
    made = document_set.made(wanted, progress)
    return _Again(recipe, made, expected, tuple(doubts), tuple(limits))


def _require_day(day: date, last: date) -> None:
    if not min(pace.first_day(), last) <= day <= last:
        raise ListError(f"{LIST}里的截止日 {day} 不在那一版数据里，可能被改过")


def _doubts(facts: Mapping[str, Any], manifest: Mapping[str, Any]) -> list[str]:
    """Why a set made again may differ though nobody changed it."""
    own = {
        set_list.RELEASE: release.VERSION,
        set_list.RULES: rules.VERSION,
        set_list.CONTENT: manifest["content_hash"],
    }
    return [
        f"{name}不同：清单上是“{str(facts.get(name))[:70]}”，本机是“{here}”，"
        "重做的文件若有不同，不一定是改动，只能对照清单"
        for name, here in own.items()
        if facts.get(name) != here
    ]


def _of_list(listed: Listed, again: _Again, content: bytes) -> Finding:
    """What was found of the list, which is written again from what was made again."""
    if again.recipe is None:
        return Finding(LIST, "unchecked")
    hashes = {path: listed.hashes.get(path, "") for path in again.expected}
    ours = set_list.written(again.recipe, hashes | document_set.hashes(again.files))
    if content == ours:
        return Finding(LIST, "same")
    if again.doubts:
        return Finding(LIST, "unchecked")
    return Finding(LIST, "changed", tuple(set_list.differences(ours, content)))


def _of_file(path: str, content: bytes, again: _Again, listed: Listed, known: bool) -> Finding:
    ours = again.files.get(path)
    if ours == content:
        return Finding(path, "same")
    if ours is not None and not again.doubts:
        return Finding(path, "changed", _where(path, ours, content))
    if not known:
        return Finding(path, "foreign")
    if document_set.hashes({path: content})[path] == listed.hashes.get(path):
        return Finding(path, "listed")
    return Finding(path, "changed", ("与清单里的校验码不符",))


def _where(path: str, ours: bytes, theirs: bytes) -> tuple[str, ...]:
    """Where a file differs; nothing for a kind of file that only its bytes are compared of."""
    if not path.endswith(_OFFICE):
        return ()
    both = document_set.zipped({"ours": ours, "theirs": theirs})
    try:
        return tuple(reading_process.read(office_differences.differences, both))
    except FileUnreadableError:
        return ("内容相差太大，看不出改在哪里",)
