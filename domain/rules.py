"""Every threshold the dashboard uses, with its clause and status."""

import tomllib
from datetime import date

import pandas as pd

from domain.reference import DATA

_RULES = tomllib.loads((DATA / "reference" / "rules.toml").read_text(encoding="utf-8"))
VERSION: str = _RULES.pop("version")


def value(rule_id: str) -> float | int | date | list[str]:
    """Threshold `rule_id`, in the unit that ``rules.toml`` names."""
    return _RULES[rule_id]["value"]


def table() -> pd.DataFrame:
    """All rules, one row each: rule_id, value (text), unit, meaning, clause, status."""
    rows = [{"rule_id": rule_id, **rule} for rule_id, rule in _RULES.items()]
    return pd.DataFrame(rows).assign(value=[_text(rule["value"]) for rule in rows])


def _text(value: float | int | date | list[str]) -> str:
    return "、".join(value) if isinstance(value, list) else str(value)
