"""What changed tables do to the ranks of counties and zones."""

from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from domain import boards
from loaders.comparing import consequences
from loaders.comparing.state_changes import Tables, Versions
from store import backend, day_tables

_BOARDS = ("county", "zone")
_SHOWN = ("area_id", "area", "covered", "venues", "share", "rank")


def ranks(versions: Versions) -> pd.DataFrame:
    """The boards of areas by the management attribution, on the last day of each version.

    Columns: kind, area_id, area, and rank, share, covered and venues with <column>_before, null
    where an area has no rank. Ordered by board and rank.
    """
    was = _boards(versions.connection, versions.was, versions.day_before or versions.day_after)
    now = _boards(versions.connection, versions.now, versions.day_after)
    before = was.drop(columns="area")
    both = now.merge(before, on=["kind", "area_id"], how="left", suffixes=("", "_before"))
    order = both["kind"].map(_BOARDS.index)
    return (
        both.assign(order=order)
        .sort_values(["order", "rank", "area_id"], ignore_index=True)
        .drop(columns="order")
    )


def _boards(connection: ibis.BaseBackend, tables: Tables, day: date) -> pd.DataFrame:
    asked, told = day_tables.calendar(connection, [day]), consequences.told(tables)
    parts = [
        backend.frame(connection, _board, kind, day, asked, *told).assign(kind=kind)
        for kind in _BOARDS
    ]
    return pd.concat(parts, ignore_index=True)


def _board(kind: str, day: date, days: ir.Table, *told: ir.Table) -> ir.Table:
    venues = consequences.headline(days, *told)
    return boards.board(venues, kind, "management", day).select(_SHOWN)
