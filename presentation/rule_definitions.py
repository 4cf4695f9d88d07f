"""What the numbers mean: indicators and thresholds, as pages and documents list them."""

import pandas as pd

from domain import reference, rules


def indicators() -> pd.DataFrame:
    """Indicators: name, definition (with the thresholds that hold), clause."""
    table = rules.table()
    values = dict(zip(table["rule_id"], table["value"], strict=True))
    definitions = reference.table("definitions")
    texts = [text.format(**values) for text in definitions["definition"]]
    return definitions.assign(definition=texts)


def thresholds() -> pd.DataFrame:
    """Rules: definition, threshold, unit, clause, status."""
    return rules.table().rename(columns={"meaning": "definition", "value": "threshold"})
