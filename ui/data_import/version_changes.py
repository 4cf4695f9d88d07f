"""What a published version changed in the one before: files that came, decisions, rows."""

from collections.abc import Mapping
from typing import Any

from loaders.decisions import place_review
from loaders.kinds import KINDS
from store.ledger import Ledger
from store.statement_store import Statement, order
from ui.pending_entries import WORDS

_Manifest = Mapping[str, Any]
_DECIDED = {place_review.TOPIC: "项位置核定"} | WORDS
_COUNTED = ("merchants", "venues", "scenarios", "clusters", "filings")
_NAMED = 2  # files that are named; the others are counted


def changes(
    facts: _Manifest,
    before: _Manifest | None,
    ledger: Ledger,
    statements: Mapping[str, Statement],
) -> str:
    """A sentence on what the version with manifest `facts` changed in the one that it was made of.

    `before` is the manifest of that one, None where there was none; `ledger` holds the decisions,
    `statements` are those kept, by id.
    """
    if facts["demo"]:
        return "演示数据"
    if before is not None and before["demo"]:
        before = None
    parts = [
        _came(facts, before, statements),
        _decided(facts, before, ledger),
        _rows(facts, before),
    ]
    return "；".join(filter(None, parts)) or _rules(facts, before)


def moved(number: int, before: int | None) -> str:
    """A number of rows, and in brackets how many more or less than `before` (None: not known)."""
    more = "" if before in (None, number) else f"（{number - (before or 0):+,}）"
    return f"{number:,}{more}"


def _came(facts: _Manifest, before: _Manifest | None, statements: Mapping[str, Statement]) -> str:
    """The files that came, by sender and kind."""
    known = before["statements"] if before else []
    ids = set(facts["statements"]).difference(known) & statements.keys()
    new = sorted((statements[one] for one in ids), key=order)
    names = list(dict.fromkeys(one.file for one in new))
    if not names:
        return ""
    who = dict.fromkeys(f"{one.sender or '未注明单位'}的{KINDS[one.kind].label}" for one in new)
    rest = f"等 {len(names)} 个文件" if len(names) > _NAMED else ""
    return f"收到{'、'.join(who)}（{'、'.join(names[:_NAMED])}{rest}）"


def _decided(facts: _Manifest, before: _Manifest | None, ledger: Ledger) -> str:
    """The decisions that were folded in."""
    last = facts.get("ledger_version", 0)
    first = before.get("ledger_version", 0) if before else 0
    if last <= first:
        return ""
    counts = {
        topic: ledger.since(first, [topic]) - ledger.since(last, [topic]) for topic in _DECIDED
    }
    made = "、".join(f"{count} {_DECIDED[topic]}" for topic, count in counts.items() if count)
    return f"并入{made}" if made else ""


def _rows(facts: _Manifest, before: _Manifest | None) -> str:
    """Kinds of which there are more or fewer records."""
    rows, former = facts["rows"], before["rows"] if before else {}
    more = {kind: rows.get(kind, 0) - former.get(kind, 0) for kind in _COUNTED}
    return "、".join(f"{KINDS[kind].label} {count:+,}" for kind, count in more.items() if count)


def _rules(facts: _Manifest, before: _Manifest | None) -> str:
    """What remains where no file came, nothing was decided and no record came or went."""
    if before and facts["rules_version"] != before["rules_version"]:
        return f"规则由 {before['rules_version']} 改为 {facts['rules_version']}"
    return "没有增减，只有内容更正"
