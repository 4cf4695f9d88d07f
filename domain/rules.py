"""Every threshold the dashboard uses, with its clause and status."""

import tomllib
from datetime import date
from typing import Any, TypeVar

import pandas as pd

from domain.reference import DATA

_RULES: dict[str, dict[str, Any]] = tomllib.loads(
    (DATA / "reference" / "rules.toml").read_text(encoding="utf-8")
)
VERSION = str(_RULES.pop("version"))

T = TypeVar("T")


def number(rule_id: str) -> float:
    """Threshold `rule_id` as a number, in the unit that ``rules.toml`` names."""
    return _value(rule_id, (int, float))


def count(rule_id: str) -> int:
    """Threshold `rule_id` as a whole number, in the unit that ``rules.toml`` names."""
    return _value(rule_id, (int,))


def day(rule_id: str) -> date:
    """Threshold `rule_id` as a day."""
    return _value(rule_id, (date,))


def names(rule_id: str) -> list[str]:
    """Threshold `rule_id` as a list of names or ids."""
    return _value(rule_id, (list,))


def table() -> pd.DataFrame:
    """All rules, one row each: rule_id, value, unit, meaning, clause, status.

    A value is a number, a day, or the text of a list.
    """
    rows = [{"rule_id": rule_id, **rule} for rule_id, rule in _RULES.items()]
    values = [rule["value"] for rule in _RULES.values()]
    cells = ["、".join(value) if isinstance(value, list) else value for value in values]
    return pd.DataFrame(rows).assign(value=pd.Series(cells, dtype="object"))


def _value(rule_id: str, types: tuple[type[T], ...]) -> T:
    """The value of `rule_id`. Raises `TypeError` where ``rules.toml`` holds another type."""
    value = _RULES[rule_id]["value"]
    if not isinstance(value, types):
        expected = " / ".join(one.__name__ for one in types)
        raise TypeError(f"rules.toml: {rule_id} = {value!r}，应是 {expected}")
    return value
