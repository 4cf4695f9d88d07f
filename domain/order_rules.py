"""Supervision orders (督办单): what may be ordered, when it is done, and where it stands.

An order is issued to one unit, with a deadline and the condition that the data must show. It is
done (销号) on the first day on which they show it, and has relapsed (反弹) on the day on which they
no longer do: where it stands follows from the order, the data and the day, and is never written
down. What is written is that it was issued, and that it was cancelled.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from domain import rules
from domain.dispute_rules import Subject
from domain.visitors import Role, Visitor

State = Literal["open", "overdue", "done", "relapsed", "cancelled"]
Light = Literal["blue", "yellow", "red", ""]
Kind = Literal["area", "venue", "confirm", "late", "report", "dispute"]

KINDS: dict[Kind, str] = {
    "area": "进度落后",
    "venue": "场所缺口",
    "confirm": "应覆盖数核定",
    "late": "名单迟报",
    "report": "信息迟报",
    "dispute": "质询办理",
}
"""What an order may be about: what is said of it."""
STATES: dict[State, str] = {
    "open": "办理中",
    "overdue": "逾期",
    "done": "已销号",
    "relapsed": "反弹",
    "cancelled": "已撤销",
}
LIGHTS: dict[Light, str] = {"blue": "蓝", "yellow": "黄", "red": "红"}
UNDONE: tuple[State, ...] = ("open", "overdue", "relapsed")
BASIS = "五（三）加大督导考核：现场督办或约谈"
"""The clause of the notice that orders rest on."""
LONGEST = {"matter": 160, "measure": 220, "contact": 36, "issuer": 32}
"""Characters that a text of an order may have, so that its letter is one page."""
MOST_FIGURES = 6

Condition = Literal[
    "venue_covered", "area_share", "confirmed", "heard", "reported", "dispute_answered"
]


@dataclass(frozen=True)
class Until:
    """What the data must show for an order to be done.

    `key` is a venue, an area, an owner or the number of a dispute; `share` the share (0 to 1) that
    an area must have, None for the due line of the day; `month` (its first day) that of a report,
    or from which on a bank's list must be;
    `venues` those whose denominators an area has to confirm.
    """

    condition: Condition
    key: str
    share: float | None = None
    month: date | None = None
    venues: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A figure that an order rests on, as text, and the day that it is of."""

    label: str
    value: str
    on: date


@dataclass(frozen=True)
class Task:
    """What an order asks: of whom, what, how, by when; and what shows that it is done.

    `role` and `unit` are those of the visitors of the unit. `figures` are of the version
    `snapshot_id`, whose line on basis, day and version is `stamp`, and under whose `code` they are
    found again; `demo`: it is demo data.
    """

    subject: Subject
    role: Role
    unit: str
    matter: str
    measure: str
    due_on: date
    until: Until
    figures: tuple[Figure, ...]
    snapshot_id: str
    as_of: date
    stamp: str
    demo: bool = False
    basis: str = BASIS
    issuer: str = ""
    contact: str = ""
    code: str = ""


@dataclass(frozen=True)
class Signed:
    """That somebody issued an order, or cancelled it for a `reason`, and when."""

    by: str
    at: datetime
    reason: str = ""

    @property
    def day(self) -> date:
        """The day by this machine's clock."""
        return self.at.astimezone().date()


@dataclass(frozen=True)
class Order:
    """An order that was issued, and its cancellation, if any."""

    number: str
    task: Task
    issued: Signed
    cancelled: Signed | None = None


@dataclass(frozen=True)
class Standing:
    """Where an order stands on a day.

    `light` says how near the deadline is, of orders that are not done; `days_left` is negative
    after it. `turns` are the days on which it was done, had relapsed, was done again and so on.
    """

    state: State
    light: Light
    days_left: int
    turns: tuple[date, ...]

    @property
    def done_on(self) -> date | None:
        """The day since which the data show it done; None while they do not."""
        return self.turns[-1] if len(self.turns) % 2 else None

    @property
    def relapsed_on(self) -> date | None:
        """The last day on which it was done no longer; None for one that never relapsed."""
        return self.turns[(len(self.turns) // 2) * 2 - 1] if len(self.turns) > 1 else None


Shown = Iterable[tuple[date, bool | None]]
"""Whether the data show a condition met, by day, ascending; None where they do not tell."""


def turns(shown: Shown, since: date) -> tuple[date, ...]:
    """The days from `since` on when a condition came to be met, was met no longer, and so on.

    What nobody can tell changes nothing. What was so before `since` is so on that day.
    """
    met, days = False, list[date]()
    for day, now in shown:
        if now is None or now == met:
            continue
        met = now
        if day <= since and days:  # it is as it was before
            days.pop()
        else:
            days.append(max(day, since))
    return tuple(days)


def standing(order: Order, shown: Shown, today: date) -> Standing:
    """Where `order`, issued by `today`, stands on that day, if the data show this."""
    left = (order.task.due_on - today).days
    past = tuple(day for day in turns(shown, order.issued.day) if day <= today)
    if order.cancelled is not None and order.cancelled.day <= today:
        until = order.cancelled.day
        return Standing("cancelled", "", left, tuple(day for day in past if day <= until))
    if len(past) % 2:
        return Standing("done", "", left, past)
    return Standing(
        "relapsed" if past else "overdue" if left < 0 else "open", light(left), left, past
    )


def same(issued: Task, task: Task, today: date) -> bool:
    """Whether `issued` asks the same of the same unit as `task`, and is not past its deadline."""
    asked = [(one.role, one.unit, one.until) for one in (issued, task)]
    return asked[0] == asked[1] and issued.due_on >= today


def light(days_left: int) -> Light:
    """The light of an order that is not done."""
    if days_left < 0:
        return "red"
    return "yellow" if days_left <= rules.count("order_yellow_days") else "blue"


def concerns(who: Visitor, task: Task) -> bool:
    """Whether an order is shown to `who` by name.

    Its unit is shown it, and a county or zone what is about it or lies in it.
    """
    if who.sight.whole or (who.role, who.unit) == (task.role, task.unit):
        return True
    return who.role == "county" and who.unit in (task.subject.county_code, task.subject.zone_id)


def seen(who: Visitor, orders: Sequence[Order]) -> list[Order]:
    """Those of `orders` that `who` is shown by name."""
    return [one for one in orders if concerns(who, one.task)]


def body(task: Task) -> dict[str, Any]:
    """`task` as the ledger keeps it."""
    month = task.until.month
    return vars(task) | {
        "subject": task.subject.body(),
        "due_on": task.due_on.isoformat(),
        "as_of": task.as_of.isoformat(),
        "until": vars(task.until) | {"month": month.isoformat() if month else None},
        "figures": [vars(one) | {"on": one.on.isoformat()} for one in task.figures],
    }


def read(kept: dict[str, Any]) -> Task:
    """The task that `body` made `kept` of."""
    until = kept["until"]
    month = date.fromisoformat(until["month"]) if until["month"] else None
    venues = tuple(until.get("venues", ()))  # the first orders were kept without
    return Task(
        **kept
        | {
            "subject": Subject(**kept["subject"]),
            "due_on": date.fromisoformat(kept["due_on"]),
            "as_of": date.fromisoformat(kept["as_of"]),
            "until": Until(**until | {"month": month, "venues": venues}),
            "figures": tuple(
                Figure(**one | {"on": date.fromisoformat(one["on"])}) for one in kept["figures"]
            ),
        }
    )
