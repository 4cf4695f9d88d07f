"""Disputes (质询): what may be questioned and why, whom it concerns, and where it stands.

A dispute is raised, answered by the bank or unit it is against, and ruled by the office; once it
may be reopened. Where it stands follows from these steps and the day.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from domain import reference, rules, working_days
from domain.visitors import Role, Visitor

Status = Literal["open", "overdue", "to_rule", "upheld", "dismissed"]
Sort = Literal["raised", "answered", "ruled", "reopened"]

KINDS = {
    "shop": "门店",
    "venue": "场所",
    "denominator": "应覆盖数",
    "cluster": "示范聚集区",
    "figure": "月度指标",
}
"""What may be questioned."""
STATUS: dict[Status, str] = {
    "open": "待答复",
    "overdue": "逾期未答复",
    "to_rule": "待裁定",
    "upheld": "成立",
    "dismissed": "不成立",
}
ENDED: tuple[Status, ...] = ("upheld", "dismissed")
ANSWERS = {"admitted": "认可", "proven": "举证", "changed": "情况已变"}
SORTS: dict[Sort, str] = {
    "raised": "提出",
    "answered": "答复",
    "ruled": "裁定",
    "reopened": "再次提出",
}


class Reason(NamedTuple):
    """A reason for which things of a kind may be questioned, and the effect of upholding it."""

    reason_id: str
    reason: str
    kind: str
    effect: str
    about: str


@dataclass(frozen=True)
class Subject:
    """What is questioned: its kind and key, its name at the time, and whom it concerns.

    Without a key it is what should be there and is not. '' where there is no such unit.
    """

    kind: str
    key: str
    name: str
    county_code: str = ""
    zone_id: str = ""
    operator_id: str = ""
    unit_id: str = ""

    def body(self) -> dict[str, str]:
        """The subject as it is kept."""
        return asdict(self)

    @property
    def against(self) -> tuple[Role | Literal[""], str]:
        """Role and unit of whoever answers for it; a pair of '' where nobody does.

        A bank answers for its shops, figures and venues, a department for a register's count.
        """
        named: list[tuple[Role | Literal[""], str]] = [
            ("bank", self.operator_id),
            ("department", self.unit_id),
        ]
        if self.kind == "denominator":
            named.reverse()
        if self.kind in ("cluster", "figure"):
            named.append(("county", self.zone_id or self.county_code))
        return next((one for one in named if one[1]), ("", ""))


@dataclass(frozen=True)
class Step:
    """One step of a dispute: who did it, of which role and unit, and when; `body` says what."""

    sort: Sort
    body: dict[str, Any]
    by: str
    at: datetime

    @property
    def day(self) -> date:
        """The day of the step by this machine's clock."""
        return self.at.astimezone().date()


@dataclass(frozen=True)
class Dispute:
    """One dispute with all its steps, the first of which raised it."""

    number: str
    subject: Subject
    steps: tuple[Step, ...]

    @property
    def reason_id(self) -> str:
        """Id of the reason that was given."""
        return str(self.steps[0].body["reason_id"])

    @property
    def reason(self) -> Reason:
        """The reason that was given."""
        return reasons(self.subject.kind)[self.reason_id]

    @property
    def reopened(self) -> bool:
        """Whether it was reopened, which happens once."""
        return any(step.sort == "reopened" for step in self.steps)

    @property
    def answered(self) -> bool:
        """Whether an answer came since it was raised, or reopened."""
        return [one.sort for one in self.steps if one.sort != "ruled"][-1] == "answered"

    @property
    def asked_on(self) -> date:
        """The day from which an answer is due: it was raised then, or reopened."""
        return [one for one in self.steps if one.sort in ("raised", "reopened")][-1].day

    @property
    def due_on(self) -> date:
        """The last day on which an answer is in time."""
        return working_days.after(self.asked_on, rules.count("dispute_answer_days"))

    @property
    def ruling(self) -> Step | None:
        """The last ruling, if any; that of a dispute that was reopened holds until the next."""
        return next((one for one in reversed(self.steps) if one.sort == "ruled"), None)

    @property
    def answered_in(self) -> int | None:
        """Working days from the raising to the first answer; None without any."""
        answer = next((one for one in self.steps if one.sort == "answered"), None)
        return None if answer is None else working_days.between(self.steps[0].day, answer.day)


def reasons(kind: str) -> dict[str, Reason]:
    """The reasons for which things of `kind` may be questioned, by id."""
    rows = (Reason(**row) for row in reference.records("dispute_reasons"))
    return {one.reason_id: one for one in rows if one.kind == kind}


def status(dispute: Dispute, today: date) -> Status:
    """Where `dispute` stands on `today`; one that nobody has to answer waits for the ruling."""
    last = dispute.steps[-1]
    if last.sort == "ruled":
        return "upheld" if last.body["upheld"] else "dismissed"
    if last.sort == "answered" or not dispute.subject.against[0]:
        return "to_rule"
    return "overdue" if today > dispute.due_on else "open"


def follows(steps: Sequence[Step], sort: Sort) -> bool:
    """Whether a step of `sort` may come next."""
    if not steps:
        return sort == "raised"
    if steps[-1].sort in ("raised", "reopened"):
        return sort in ("answered", "ruled")
    if steps[-1].sort == "answered":
        return sort == "ruled"
    return sort == "reopened" and all(step.sort != "reopened" for step in steps)


def concerns(who: Visitor, subject: Subject) -> bool:
    """Whether `subject` is the business of `who`: then they may question it."""
    if who.sight.whole:
        return True
    if who.role == "bank":
        return subject.operator_id == who.unit
    if who.role == "county":
        return who.unit in (subject.county_code, subject.zone_id)
    return subject.kind != "shop" and subject.unit_id == who.unit


def answers(who: Visitor, dispute: Dispute) -> bool:
    """Whether `who` is the one that `dispute` is against.

    Or the office, which writes down an answer that came on paper.
    """
    against = dispute.subject.against
    return against == (who.role, who.unit) or (who.role == "office" and against[0] != "")


def raised_by(who: Visitor, dispute: Dispute) -> bool:
    """Whether somebody of the unit of `who` raised `dispute`."""
    first = dispute.steps[0].body
    return (first["role"], first["unit"]) == (who.role, who.unit)


def seen(who: Visitor, disputes: Sequence[Dispute]) -> list[Dispute]:
    """Those of `disputes` that `who` is shown: raised by them, against them, or their business."""
    return [
        one
        for one in disputes
        if concerns(who, one.subject) or answers(who, one) or raised_by(who, one)
    ]
