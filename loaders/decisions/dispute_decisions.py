"""Steps of disputes, checked where they are written: raised, answered, ruled, reopened.

Whoever has no right to a step, or whose business it is not, is refused, and that is written down.
A ruling that upholds a dispute is a decision: where another topic says the same (one shop, another
place, a cluster withdrawn) that decision is written under the office's name, all others are carried
out by `dispute_effects`.

Whether a step may come next is looked at in the transaction that writes it, and the decisions that
go with it are written in the same one: of two at once the second is told, and changes nothing.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from domain import dispute_rules, reference
from domain.dispute_rules import ANSWERS, STATUS, Dispute, Subject
from domain.visitors import Right, Visitor
from loaders.decisions import (
    dispute_subjects,
    manual_entries,
    place_candidates,
    place_review,
    same_shops,
)
from loaders.decisions.decision_basis import row_dicts, sent
from loaders.formats import proof_files
from loaders.kinds import KINDS
from store import dispute_register
from store.errors import IntakeError, StaleError
from store.ledger import Ledger
from store.snapshot import Snapshot
from store.snapshot_store import Store

Details = Mapping[str, Any]
_PLACED = {"shop": "merchants", "venue": "venues"}
_GRADES = ("A", "B", "C")


def raise_dispute(
    store: Store,
    kind: str,
    key: str,
    reason_id: str,
    sentence: str,
    *,
    by: Visitor,
    found_on: date | None = None,
    proof: bytes | None = None,
    fields: Details | None = None,
) -> str:
    """Question the record `key` of the version in force, and return the number of the dispute.

    `found_on` is the day on which it was seen (today), `fields` describe a venue that is not on the
    register (reason unlisted, key ''): name, kind_id, county_code, address, operator_id,
    eligible_count. Raises `IntakeError` where something is missing or wrong, `NotAllowedError`
    where it is not the visitor's business.
    """
    snapshot, ledger = _in_force(store)
    if reason_id not in dispute_rules.reasons(kind):
        raise IntakeError("没有选质询的理由，没有提出")
    listed = dispute_rules.reasons(kind)[reason_id].effect == "listed"
    given = _described(dict(fields or {})) if listed else {}
    about = (
        dispute_subjects.unlisted(given)
        if listed
        else dispute_subjects.subject(snapshot, kind, key)
    )
    concerned = dispute_rules.concerns(by, about)
    zones = reference.labels("zones", "zone_id", "member_towns")
    if listed and not concerned and by.unit in zones:
        raise IntakeError(
            f"地址“{given['address']}”看不出在本板块，没有提出。"
            f"请写明乡镇街道（{zones[by.unit].replace(';', '、')}）"
        )
    _require(ledger, by, "dispute", f"质询 {about.name}", concerned)
    today = date.today()
    body = {
        "subject": about.body(),
        "reason_id": reason_id,
        "sentence": _said(sentence, "情况"),
        "found_on": _past(found_on or today).isoformat(),
        "role": by.role,
        "unit": by.unit,
        "fields": given,
        "snapshot": snapshot.id,
        "proof": _kept(store, proof),
    }
    return ledger.write_numbered("dispute", f"质询-{today:%Y}-{{entry}}", body, by)


def answer(
    store: Store,
    number: str,
    answer_id: str,
    sentence: str,
    *,
    by: Visitor,
    proof: bytes | None = None,
) -> None:
    """Answer a dispute: admitted, proven or changed.

    Only whom it is against may, or the office for them: then the answer says so.
    """
    _, ledger = _in_force(store)
    dispute = _dispute(ledger, number)
    _require(ledger, by, "answer", f"答复 {number}", dispute_rules.answers(by, dispute))
    if answer_id not in ANSWERS:
        raise IntakeError("没有选怎样答复，没有保存")
    said, kept = _said(sentence, "答复"), _kept(store, proof)
    on_paper = by.role == "office"
    body = {"answer": answer_id, "sentence": said, "proof": kept, "on_paper": on_paper}
    with ledger.exclusive() as book:
        _next(book, number, "answered", "open", "overdue")
        book.write("dispute_answer", number, body, by)


def rule(
    store: Store,
    number: str,
    upheld: bool,
    sentence: str,
    by: Visitor,
    *,
    on: date | None = None,
    details: Details | None = None,
) -> None:
    """Rule on a dispute that was answered, or is overdue. Only the office may.

    `on` is the day from which an upheld one holds (that on which it was found). `details` by its
    effect: same_shop takes other (merchant_key), place county_code ('' for another city) and
    town_code, denominator eligible_count and grade, figure value.
    """
    snapshot, ledger = _in_force(store)
    _require(ledger, by, "rule", f"裁定 {number}")
    said = _said(sentence, "裁定的理由")
    with ledger.exclusive() as book:
        dispute = _next(book, number, "ruled", "to_rule", "overdue")
        found = date.fromisoformat(dispute.steps[0].body["found_on"])
        body: dict[str, Any] = {"upheld": upheld, "sentence": said, "effect": dispute.reason.effect}
        body["on"] = _past(on or found).isoformat()
        if upheld:
            body |= _detailed(snapshot, dispute, dict(details or {}))
        _carry(snapshot, book, dispute, body, by)
        book.write("dispute_ruling", number, body, by)


def reopen(store: Store, number: str, sentence: str, proof: bytes, by: Visitor) -> None:
    """Raise a dispute that was ruled once more, with a new proof; once only."""
    _, ledger = _in_force(store)
    dispute = _dispute(ledger, number)
    concerned = dispute_rules.concerns(by, dispute.subject) or dispute_rules.raised_by(by, dispute)
    _require(ledger, by, "dispute", f"再次提出 {number}", concerned)
    if not proof:
        raise IntakeError("再次提出要有新的佐证，没有保存。请附照片或 PDF")
    said, kept = _said(sentence, "情况"), _kept(store, proof)
    body = {"sentence": said, "proof": kept, "role": by.role, "unit": by.unit}
    with ledger.exclusive() as book:
        dispute = _next(book, number, "reopened", *dispute_rules.ENDED)
        if kept in [step.body.get("proof") for step in dispute.steps]:
            raise IntakeError("这份佐证以前交过，没有保存。再次提出要有新的佐证")
        book.write("dispute_reopened", number, body, by)


def _in_force(store: Store) -> tuple[Snapshot, Ledger]:
    snapshot = store.current()
    if snapshot is None:
        raise IntakeError("还没有发布过数据，没有可以质询的记录")
    return snapshot, store.ledger_of(snapshot)


def _require(ledger: Ledger, by: Visitor, right: Right, about: str, concerned: bool = True) -> None:
    if not by.name.strip():
        raise IntakeError("没有填经办人，没有办理。每一步都要记下是谁办的")
    ledger.require(by, right, about, concerned=concerned)


def _dispute(ledger: Ledger, number: str) -> Dispute:
    found = dispute_register.disputes(ledger).get(number)
    if found is None:
        raise IntakeError(f"没有质询“{number}”，没有办理")
    return found


def _next(
    ledger: Ledger, number: str, sort: dispute_rules.Sort, *expected: dispute_rules.Status
) -> Dispute:
    """The dispute, of which a step of `sort` can be taken now. Raises `StaleError` otherwise."""
    dispute = _dispute(ledger, number)
    now = dispute_rules.status(dispute, date.today())
    if now not in expected or not dispute_rules.follows(dispute.steps, sort):
        last = dispute.steps[-1]
        again = "，已经再次提出过一次" if dispute.reopened and now in dispute_rules.ENDED else ""
        raise StaleError(
            f"{number} 已由“{last.by}”{dispute_rules.SORTS[last.sort]}，"
            f"现在是“{STATUS[now]}”{again}，不能再{dispute_rules.SORTS[sort]}，没有保存。请刷新后再看"
        )
    return dispute


def _said(sentence: str, what: str) -> str:
    if not sentence.strip():
        raise IntakeError(f"没有写{what}，没有保存")
    return sentence.strip()


def _past(day: date) -> date:
    if day > date.today():
        raise IntakeError(f"日期 {day} 还没有到，没有保存")
    return day


def _kept(store: Store, content: bytes | None) -> str | None:
    """Keep a proof with the originals; its SHA-256, None without any."""
    if not content:
        return None
    name, kept = proof_files.proof(content)
    store.keep({name: kept})
    return name.partition(".")[0]


def _described(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a venue that is not on the register."""
    lacking = {
        "name": "场所名称",
        "kind_id": "场所类别",
        "county_code": "所在县区",
        "address": "地址",
    }
    for name, label in lacking.items():
        if not str(fields.get(name) or "").strip():
            raise IntakeError(f"没有填{label}，没有提出")
    if fields["kind_id"] not in reference.labels("venue_kinds", "kind_id", "kind"):
        raise IntakeError(f"没有场所类别“{fields['kind_id']}”，没有提出")
    if fields["county_code"] not in reference.labels("counties", "county_code", "name"):
        raise IntakeError(f"没有县区“{fields['county_code']}”，没有提出")
    count = fields.get("eligible_count")
    return {
        **{name: str(fields[name]).strip() for name in lacking},
        "operator_id": fields.get("operator_id") or "",
        "eligible_count": int(count) if count else None,
    }


def _detailed(snapshot: Snapshot, dispute: Dispute, details: dict[str, Any]) -> dict[str, Any]:
    """What an upheld dispute says beyond its day, checked; what it is about is on record."""
    about, effect = dispute.subject, dispute.reason.effect
    if dispute_subjects.gone(snapshot, [about]):
        raise IntakeError(
            f"现行版本里已没有“{about.name}”（{about.key}）这条记录，没有保存。"
            "只能裁定不成立，或等报送恢复后再裁定"
        )
    if effect == "same_shop":
        other = str(details.get("other") or "")
        if other == dispute.subject.key:
            raise IntakeError("重复的两条记录不能是同一条，没有保存")
        dispute_subjects.subject(snapshot, "shop", other)
        return {"other": other}
    if effect == "place":
        county, town = details.get("county_code") or "", details.get("town_code") or None
        towns = reference.labels("towns", "town_code", "county_code")
        if county and county not in reference.labels("counties", "county_code", "name"):
            raise IntakeError(f"没有县区“{county}”，没有保存")
        if town and towns.get(town) != county:
            raise IntakeError("乡镇街道不在所选的县区里，没有保存")
        return {"county_code": county, "town_code": town}
    if effect == "denominator":
        count, grade = int(details.get("eligible_count") or 0), details.get("grade")
        if count < 1 or grade not in _GRADES:
            raise IntakeError("没有填核定的应覆盖数和等级（A、B、C），没有保存")
        return {"eligible_count": count, "grade": grade}
    if effect == "figure":
        if details.get("value") is None or float(details["value"]) < 0:
            raise IntakeError("没有填核定的数，没有保存")
        return {"value": float(details["value"])}
    return {}


def _carry(
    snapshot: Snapshot, ledger: Ledger, dispute: Dispute, body: Details, by: Visitor
) -> None:
    """Write the decision that a ruling is, where another topic says it; or take it back."""
    before = dispute.ruling
    was = before.body if before is not None and before.body["upheld"] else None
    key, effect = dispute.subject.key, dispute.reason.effect
    if effect == "same_shop" and (body["upheld"] or was):
        if was and was["other"] != body.get("other"):
            same_shops.answer(ledger, [(key, was["other"])], False, by)
        if body["upheld"]:
            same_shops.answer(ledger, [(key, body["other"])], True, by)
    elif effect == "withdrawn" and (body["upheld"] or was):
        on = body["on"] if body["upheld"] else ""
        manual_entries.enter(ledger, "cluster", {"cluster_id": key, "withdrawn_on": on}, by)
    elif effect == "place":
        subject = KINDS[_PLACED[dispute.subject.kind]].prefix + key
        if was:
            place_review.withdraw(ledger, [subject], by)
        if body["upheld"]:
            _placed(snapshot, ledger, dispute.subject, body, by)


def _placed(snapshot: Snapshot, ledger: Ledger, about: Subject, body: Details, by: Visitor) -> None:
    """Settle the place of a shop or a venue."""
    kind = KINDS[_PLACED[about.kind]]
    table = snapshot.frame(kind.name)
    rows = table[table[kind.key_column] == about.key]
    rows = rows.set_index(kind.prefix + rows[kind.key_column])
    answers = ledger.latest(place_review.TOPIC)
    (row,) = row_dicts(rows)
    known = answers.get(row["record"])
    lon, lat = sent(row, known.body if known else None) or (np.nan, np.nan)
    asked = rows.assign(sent_lon=lon, sent_lat=lat, question="质询：不在本地")
    if body["county_code"]:
        to = place_candidates.chosen(asked, body["county_code"], body["town_code"])
    else:
        to = dict.fromkeys(asked.index, place_candidates.ELSEWHERE)
    place_review.answer(ledger, asked, by, to)
