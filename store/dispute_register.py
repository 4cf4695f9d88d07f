"""The disputes of a ledger, each with its steps in the order in which they were taken."""

from dataclasses import replace
from typing import Any

from domain import dispute_rules
from domain.dispute_rules import Dispute, Sort, Step, Subject
from store.ledger import Ledger

TOPICS: dict[str, Sort] = {
    "dispute": "raised",
    "dispute_answer": "answered",
    "dispute_ruling": "ruled",
    "dispute_reopened": "reopened",
}
"""Topic of each step."""


def disputes(ledger: Ledger) -> dict[str, Dispute]:
    """Every dispute by its number, the oldest first.

    A step that could not follow the one before is left out: of two at once the first holds.
    """
    steps: dict[str, list[Step]] = {}
    for entry in ledger.history(*TOPICS):
        taken = steps.setdefault(entry.subject, [])
        sort = TOPICS[entry.topic.removeprefix(ledger.realm)]
        if dispute_rules.follows(taken, sort):
            taken.append(Step(sort, entry.body, entry.by, entry.at))
    return {
        number: Dispute(number, Subject(**taken[0].body["subject"]), tuple(taken))
        for number, taken in steps.items()
        if taken
    }


def unpublished(ledger: Ledger, version: int) -> int:
    """Number of disputes whose ruling does otherwise than it did at `version` of the ledger."""
    then, now = _in_effect(replace(ledger, until=version)), _in_effect(ledger)
    return sum(then.get(number) != now.get(number) for number in {*then, *now})


def _in_effect(ledger: Ledger) -> dict[str, dict[str, Any]]:
    """Rulings that uphold a dispute and do something, by its number."""
    rulings = {number: one.ruling for number, one in disputes(ledger).items()}
    return {
        number: step.body
        for number, step in rulings.items()
        if step is not None and step.body["upheld"] and step.body["effect"] != "none"
    }
