"""What the statements of a snapshot could tell, and from when on: unknown is not zero.

A fact with a day (signed, opened, listed) reaches back before the statement that told it. What was
observed (verified, active) does not: it is unknown before the first statement of its bank, and so
is the coverage of venues before the first register.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import ibis.expr.types as ir

from domain import coverage, reference, rules, venues

ALWAYS = date.min
"""The first day of a table whose rows no statement told: they stand as their dates say."""
_TABLES = {
    "merchants": "merchants_ever",
    "venues": "venues_ever",
    "scenarios": "scenarios_ever",
    "clusters": "clusters",
    "filings": "filings",
}


class Tables(Protocol):
    """Where the tables of a snapshot are found by name."""

    def table(self, name: str) -> ir.Table:
        """Table `name`."""
        ...


@dataclass(frozen=True)
class Knowledge:
    """First days of what a snapshot tells.

    `first` by kind of table: the day of its first statement, `ALWAYS` for rows without one; a kind
    of which nothing is on record is not in it. `banks` are the days, ascending, that each source of
    merchants made statements for: a bank's id, or a sender where no bank is named.
    """

    first: Mapping[str, date]
    banks: Mapping[str, tuple[date, ...]]

    def has(self, kind: str) -> bool:
        """Whether anything of `kind` was ever told."""
        return kind in self.first

    def has_by(self, kind: str, day: date) -> bool:
        """Whether anything of `kind` was told for `day` or before."""
        return kind in self.first and self.first[kind] <= day

    @property
    def begins(self) -> date | None:
        """Where lines of coverage begin: both the register and shops are known; else either."""
        days = [self.first[kind] for kind in ("venues", "merchants") if kind in self.first]
        return max(days, default=None)

    def spoken(self, day: date) -> dict[str, date]:
        """The last day up to `day` that each bank made a statement for, of those that made one."""
        return {
            bank: max(one for one in days if one <= day)
            for bank, days in self.banks.items()
            if days[0] <= day
        }

    def silent(self, day: date) -> list[str]:
        """Banks of which shops are on record, and that made no statement for `day` or before."""
        return [bank for bank, days in self.banks.items() if days[0] > day]

    def late(self, day: date) -> dict[str, date]:
        """Of `spoken`, the banks whose last statement is older than `statement_fresh_days`."""
        fresh = rules.count("statement_fresh_days")
        return {bank: last for bank, last in self.spoken(day).items() if (day - last).days > fresh}

    def heard(self, merchants: ir.Table, days: Sequence[date]) -> ir.Table:
        """Merchants on `days` with `heard`: whether their bank had made a statement by then."""
        first = {bank: stated[0] for bank, stated in self.banks.items() if stated[0] > min(days)}
        return coverage.heard(merchants, first)

    def counted(self, merchants: ir.Table, by: Sequence[str], days: Sequence[date]) -> ir.Table:
        """`coverage.coverage` of merchants on `days`, as far as their banks were heard."""
        return coverage.coverage(self.heard(merchants, days), by)

    def judged(self, rows: ir.Table) -> ir.Table:
        """Rows of `venue_coverage` as far as it was known on their days."""
        shops = self.first.get("merchants")
        links = [day for day in (shops, self.first.get("scenarios")) if day is not None]
        return venues.as_told(rows, self.first.get("venues"), shops, min(links, default=None))

    def attained(self, rows: ir.Table) -> ir.Table:
        """Rows of `coverage.attainment`, `city` or a board, null on days without a register."""
        return coverage.as_listed(rows, self.first.get("venues"))


def of(tables: Tables) -> Knowledge:
    """What the snapshot that `tables` are of tells."""
    stated = tables.table("statement_days").to_pyarrow().to_pylist()
    days: dict[str, dict[str, set[date]]] = {}
    for row in stated:
        days.setdefault(row["kind"], {}).setdefault(row["source"], set()).add(row["as_at"])
    first = {kind: min(min(own) for own in sources.values()) for kind, sources in days.items()}
    for kind, name in _TABLES.items():
        if kind not in first and tables.table(name).limit(1).to_pyarrow().num_rows:
            first[kind] = ALWAYS
    banks = days.get("merchants", {})
    return Knowledge(first, {bank: tuple(sorted(own)) for bank, own in sorted(banks.items())})


def bank_name(bank: str) -> str:
    """What a source of merchants is called."""
    if bank == "-":
        return "未填运营机构"
    return reference.labels("operators", "operator_id", "operator").get(bank, bank)
