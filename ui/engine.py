"""A snapshot opened for queries, with the tables that pages share kept in memory."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import date

import ibis.expr.types as ir
import pandas as pd
import streamlit as st

from domain import states
from domain.venues import venue_coverage
from loaders import backend, store

DAYS_KEPT = 6  # materialised days kept per snapshot before the oldest is dropped


class Engine:
    """One snapshot opened for queries, with the tables that pages share kept in memory.

    A connection serves one thread at a time, and Streamlit runs a thread per session, so
    every query goes through `read`.
    """

    def __init__(self, snapshot_id: str) -> None:
        self._backend = store.default().snapshot(snapshot_id).connect()
        self._lock = threading.RLock()
        self._kept: OrderedDict[str, ir.CachedTable] = OrderedDict()

    def table(self, name: str) -> ir.Table:
        """Table `name` of the snapshot."""
        return self._backend.table(name)

    def keep(self, name: str, build: Callable[[], ir.Table]) -> ir.Table:
        """The table `name`, built once by `build` and kept in memory; the oldest goes first."""
        with self._lock:
            if name not in self._kept:
                self._kept[name] = backend.kept(self._backend, build())
            self._kept.move_to_end(name)
            while len(self._kept) > 2 * DAYS_KEPT:
                self._kept.popitem(last=False)[1].release()
            return self._kept[name]

    def read(self, question: Callable[["Engine"], ir.Table]) -> pd.DataFrame:
        """The rows of the table that `question` builds on this engine."""
        with self._lock:
            return question(self).to_pandas()

    def merchants_on(self, day: date) -> ir.Table:
        """Every merchant with its state on `day`."""

        def build() -> ir.Table:
            return states.on_days(self.table("merchants"), self.table("spells"), [day])

        return self.keep(f"merchants_{day:%Y%m%d}", build)

    def venues_on(self, days: tuple[date, ...]) -> ir.Table:
        """Every venue with its coverage on each of `days`."""

        def build() -> ir.Table:
            spells = self.table("spells")
            merchants = self.table("merchants")
            scenarios = self.table("scenarios")
            return venue_coverage(
                self.table("venues"),
                states.on_days(merchants.filter(merchants.venue_id.notnull()), spells, list(days)),
                states.on_days(
                    scenarios.filter(scenarios.venue_id.notnull()),
                    spells,
                    list(days),
                    key="scenario_key",
                    prefix="s:",
                ),
                days,
            )

        return self.keep(f"venues_{days[0]:%Y%m%d}_{days[-1]:%Y%m%d}_{len(days)}", build)


@st.cache_resource(max_entries=3, show_spinner="正在打开数据版本…")
def engine(snapshot_id: str) -> Engine:
    """The opened snapshot `snapshot_id`, shared by all sessions."""
    return Engine(snapshot_id)
