"""What nobody had told by the day of a scope: asked before any sum, 'none' or 'all is well'.

The answer is the kind of statement that is lacking, '' where it is told. An empty table is not
zero: nothing may be on record because nobody spoke.
"""

from typing import Literal

import pandas as pd

from queries import attainment
from queries.engine import engine
from queries.scope import Scope

Lack = Literal["", "venues", "merchants", "clusters", "filings"]


def coverage(scope: Scope) -> Lack:
    """What is lacking to know which venues of the scope are covered: a register, or lists."""
    city = attainment.city(scope).iloc[0]
    if pd.isna(city["venues"]):
        return "venues"
    return "merchants" if pd.isna(city["covered_verified"]) else ""


def statements(scope: Scope, kind: Literal["merchants", "clusters", "filings"]) -> Lack:
    """`kind`, where nobody made a statement of that kind for the scope's day or before."""
    return "" if engine(scope.snapshot_id).known.has_by(kind, scope.as_of) else kind
