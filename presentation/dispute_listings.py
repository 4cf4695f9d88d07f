"""Disputes as pages and documents list them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from domain import dispute_rules, reference, rules, working_days
from domain.dispute_rules import ANSWERS, Dispute, Step, Subject
from presentation import labels
from queries import dispute_standing, record_history
from queries.scope import Scope
from queries.sights import CONCEALED

LIST = [
    "number", "dispute_status", "dispute_subject", "dispute_reason", "against", "answer_due",
    "raised_on", "raised_by", "answered_in", "dispute_kind",
]  # fmt: skip
PARTIES = [
    "against", "disputes", "answered_count", "overdue", "upheld", "dismissed", "median_days",
]  # fmt: skip
STEPS = ["step_at", "step_by", "said"]
OFFICE = "办公室直接裁定"
_ELSEWHERE = "不在本市"


def listed(disputes: pd.DataFrame) -> pd.DataFrame:
    """Rows of `dispute_standing.rows` with labels: `LIST`."""
    return disputes.assign(
        dispute_kind=disputes["kind"].map(dispute_rules.KINDS),
        dispute_subject=disputes["name"],
        dispute_reason=disputes["reason"],
        dispute_status=disputes["status"].map(dispute_rules.STATUS),
        against=_parties(disputes),
        answer_due=disputes["due_on"].where(disputes["against_role"] != "", None),
    )


def parties(disputes: pd.DataFrame) -> pd.DataFrame:
    """How each bank and unit answers, of rows of `dispute_standing.rows`: `PARTIES`."""
    found = dispute_standing.by_party(disputes)
    return found.assign(against=_parties(found))


def of_documents(scope: Scope) -> pd.DataFrame:
    """The disputes that documents of a scope list: `LIST`."""
    return listed(dispute_standing.of_version(scope))


def party(role: str, unit: str) -> str:
    """Name of a bank, department, county or zone; of nobody, that the office rules at once."""
    names = {
        "bank": reference.labels("operators", "operator_id", "operator"),
        "department": reference.labels("units", "unit_id", "unit"),
        "county": reference.labels("counties", "county_code", "name")
        | reference.labels("zones", "zone_id", "name"),
    }
    return names[role].get(unit, unit) if role else OFFICE


def _parties(rows: pd.DataFrame) -> pd.Series:
    pairs = zip(rows["against_role"], rows["against_unit"], strict=True)
    return pd.Series([party(*pair) for pair in pairs], rows.index, dtype="object")


def steps(scope: Scope, dispute: Dispute) -> pd.DataFrame:
    """Everything that was done about a dispute, the first step first: `STEPS`.

    Another shop has its number for those only who are shown it by name.
    """
    found = [
        {
            "step_at": f"{step.at.astimezone():%Y-%m-%d %H:%M}",
            "step_by": step.by,
            "said": f"{dispute_rules.SORTS[step.sort]}：{_said(scope, dispute, step)}",
        }
        for step in dispute.steps
    ]
    return pd.DataFrame(found, columns=STEPS)


def _said(scope: Scope, dispute: Dispute, step: Step) -> str:
    body = step.body
    parts = [body["sentence"]]
    if step.sort == "raised":
        parts = [dispute.reason.reason, *parts, f"发现日期 {body['found_on']}"]
        parts += _venue(body["fields"])
    elif step.sort == "answered":
        parts = [ANSWERS[body["answer"]], *parts]
        parts += ["办公室按书面答复登记"] if body.get("on_paper") else []
    elif step.sort == "ruled":
        parts = ["成立" if body["upheld"] else "不成立", *parts, *_effect(scope, dispute, step)]
    if body.get("proof"):
        parts.append(f"附佐证 {body['proof'][:8]}")
    return "；".join(part.rstrip("。；") for part in parts)


def _venue(fields: dict[str, Any]) -> list[str]:
    """A venue that was left out, as it was described."""
    if not fields:
        return []
    kind = reference.labels("venue_kinds", "kind_id", "kind")[fields["kind_id"]]
    count = labels.count(fields["eligible_count"], " 家")
    return [f"{kind}，{fields['address']}，应覆盖 {count}"]


def _effect(scope: Scope, dispute: Dispute, step: Step) -> list[str]:
    """What an upheld dispute changes, and from when."""
    body = step.body
    if not body["upheld"]:
        return []
    counties = reference.labels("counties", "county_code", "name")
    towns = reference.labels("towns", "town_code", "name")
    detail = {
        "same_shop": lambda: f"与 {_named(scope, body['other'])} 是同一家",
        "place": lambda: (
            counties.get(body["county_code"], _ELSEWHERE) + towns.get(body["town_code"] or "", "")
        ),
        "denominator": lambda: f"应覆盖 {body['eligible_count']:,} 家（{body['grade']} 级）",
        "figure": lambda: f"核定为 {body['value']:,g}",
    }
    own = detail.get(body["effect"])
    about = dispute.reason.about
    return [f"自 {body['on']} 起：{about}", *([own()] if own else [])]


def _named(scope: Scope, merchant_key: str) -> str:
    seen = record_history.seen(scope, "merchants", merchant_key)
    return merchant_key if seen else f"另一条记录{CONCEALED}"


def lost(subjects: Mapping[str, Subject]) -> str:
    """The warning about upheld disputes, by number, whose `subjects` are not in a new version."""
    named = "、".join(f"{number} {one.name}（{one.key}）" for number, one in subjects.items())
    return (
        f"{len(subjects):,} 项成立的质询在新版本里找不到对象，发布后不起作用：{named}。"
        "请核对编号；是报送漏了的，请报送单位补报后再发布"
    )


def headline(disputes: pd.DataFrame) -> str:
    """The sentence at the head of the page."""
    if disputes.empty:
        return "还没有质询"
    counts = disputes["status"].value_counts()
    waiting = int(counts.get("open", 0) + counts.get("overdue", 0))
    return (
        f"{total(disputes)}；待答复 {waiting} 件，其中逾期 {int(counts.get('overdue', 0))} 件；"
        f"待裁定 {int(counts.get('to_rule', 0))} 件；成立 {int(counts.get('upheld', 0))} 件"
    )


def total(disputes: pd.DataFrame) -> str:
    """How many disputes there are, and how many were answered."""
    return f"质询 {len(disputes):,} 件，已答 {int(disputes['answered'].sum()):,}"


def clock(today: date) -> str:
    """How long an answer may take, and of which years up to the last due day no notice is known."""
    days = rules.count("dispute_answer_days")
    text = (
        f"答复期限 {days} 个工作日（待确认），从提出的次日算起，"
        "法定节假日除外，调休上班日算工作日。"
    )
    unknown = working_days.unknown_years(today, working_days.after(today, days))
    if unknown:
        years = "、".join(f"{year} 年" for year in unknown)
        text += f"{years}的放假安排还没有录入，暂时只除去周末和日期固定的节日。"
    return text
