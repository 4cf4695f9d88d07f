"""What changed tables do to the figures of the front page: covered venues and shops, by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from domain import coverage, pace, revision, states
from domain.venues import BASES, venue_coverage
from loaders.comparing.state_changes import Tables, Versions
from store import backend, day_tables

SHOPS = ("eligible", *BASES)
FIGURES = ("venues", "covered", *SHOPS)
"""Figures of a day: venues of the headline, covered ones, and shops in each state."""
_SHOWN = [
    "as_of", "venue_id", "name", "kind", "county_code", "zone_id", "operator_id",
    "verified", "required", "needed", "covered_verified",
]  # fmt: skip
_UNIT = [
    "merchant_key", "shop_key", "venue_id", "scenario_id", "public_cash_point", "since", "until",
]  # fmt: skip


@dataclass(frozen=True)
class Consequences:
    """What publishing would change in the figures.

    `days` has a row for the last day and for each past month end of which a figure changes:
    as_of_before and as_of (the same except for the last day), `FIGURES` and <figure>_before, null
    where no bank's statement could tell them yet. `venues` are those of the headline that count
    otherwise on the last day: rows of `domain.revision`, with verified_before and `by_time`,
    whether it is only because days have passed. `counties` has, for each county with
    venues, county_code, venues_before, covered_before, gained, lapsed, added, removed (covered ones
    that came to the register and left it), covered and venues: covered_before + gained − lapsed +
    added − removed = covered.
    """

    days: pd.DataFrame
    venues: pd.DataFrame
    counties: pd.DataFrame


def consequences(versions: Versions) -> Consequences:
    """Consequences of the later of two versions in place of the other."""
    connection, was, now = versions.connection, versions.was, versions.now
    day_before, day_after = versions.day_before, versions.day_after
    first = _first(connection, was), _first(connection, now)
    past = _past([min(days.values()) for days in first if days], day_before, day_after)
    days = tuple(sorted({day for day in (*past, day_before, day_after) if day}))
    before, after = (_venues(connection, tables, days) for tables in (was, now))
    counts_before = _figures(connection, was, before, days, first[0])
    counts = _figures(connection, now, after, days, first[1])
    figures = _changed(counts_before, counts, past, day_before, day_after)
    last, known = _of(before, day_before), _of(after, day_after)
    return Consequences(figures, _revised(last, known, _of(before, day_after)), _by(last, known))


def _past(first: Sequence[date], day_before: date | None, day_after: date) -> list[date]:
    """Month ends by both last days, from the `first` that a statement of either speaks for."""
    if not first or day_before is None:
        return []
    last = min(day_before, day_after)
    return [day for day in pace.month_ends(min(first), last) if day >= min(first)]


def _first(connection: ibis.BaseBackend, tables: Tables) -> dict[str, date]:
    """The first day that each bank made a statement of shops for."""
    found = backend.rows(connection, _first_stated, tables["statement_days"]).to_pylist()
    return {row["source"]: row["day"] for row in found}


def _first_stated(days: ir.Table) -> ir.Table:
    shops = days.filter(_.kind == "merchants").group_by("source").agg(day=_.as_at.min())
    return shops.order_by("source")


def _venues(connection: ibis.BaseBackend, tables: Tables, days: Sequence[date]) -> pd.DataFrame:
    """Venues of the headline with their coverage on each of `days`."""
    asked = day_tables.calendar(connection, days)
    found = backend.frame(connection, _shown, asked, *told(tables))
    return found.assign(as_of=pd.to_datetime(found["as_of"]).dt.date)


def told(tables: Tables) -> list[ir.Table]:
    """The tables that `headline` is worked out from, in its order."""
    ever = [table for name in ("merchants", "scenarios", "venues") for table in _ever(tables, name)]
    return [tables["spells"], *ever]


def _shown(days: ir.Table, spells: ir.Table, *ever: ir.Table) -> ir.Table:
    return headline(days, spells, *ever).select(_SHOWN)


def headline(days: ir.Table, spells: ir.Table, *ever: ir.Table) -> ir.Table:
    """Rows of `venue_coverage` of the venues of the headline on each of `days`."""
    merchants, scenarios, venues = (ibis.union(*ever[place : place + 2]) for place in (0, 2, 4))
    shops = merchants.filter(_.venue_id.notnull()).select(_UNIT)
    instances = scenarios.filter(_.venue_id.notnull())
    rows = venue_coverage(
        venues,
        states.on_days(shops, spells, days),
        states.on_days(instances, spells, days, "scenarios"),
        days,
    )
    return coverage.headline(rows)


def _ever(tables: Tables, name: str) -> tuple[ir.Table, ir.Table]:
    """Records as they are and as they were before."""
    return tables[name], tables[f"{name}_before"]


def _of(venues: pd.DataFrame, day: date | None) -> pd.DataFrame:
    return venues[venues["as_of"] == day]


def _counted(
    spells: ir.Table,
    merchants: ir.Table,
    merchants_before: ir.Table,
    days: ir.Table,
    later: tuple[tuple[str, date], ...],
) -> ir.Table:
    """Shops on `days`, as pages count them: of the banks heard `later` none is verified before."""
    records = ibis.union(merchants, merchants_before)
    records = records.select("merchant_key", "shop_key", "since", "until")
    shops = states.on_days(records, spells, days)
    return coverage.coverage(coverage.heard(shops, dict(later)), []).select("as_of", *SHOPS)


def _figures(
    connection: ibis.BaseBackend,
    tables: Tables,
    venues: pd.DataFrame,
    days: tuple[date, ...],
    first: Mapping[str, date],
) -> pd.DataFrame:
    """`FIGURES` of each of `days`, null before the `first` statement of shops, or no register."""
    ever = _ever(tables, "merchants")
    asked = day_tables.calendar(connection, days)
    later = tuple((bank, day) for bank, day in first.items() if day > min(days))
    counts = backend.frame(connection, _counted, tables["spells"], *ever, asked, later)
    counts = counts.set_index(pd.to_datetime(counts.pop("as_of")).dt.date)
    counts = counts.reindex(list(days), fill_value=0)
    by_day = venues.groupby("as_of")["covered_verified"]
    covered = {"venues": by_day.size(), "covered": by_day.sum()}
    told_of = {name: by.reindex(list(days), fill_value=0) for name, by in covered.items()}
    table = counts.assign(**told_of)[list(FIGURES)].astype("Int64")
    known = [any(told <= day for told in first.values()) for day in days]
    told: pd.DataFrame = table.loc[known].reindex(list(days))
    if venues.empty:  # no register, so nobody knows
        told.loc[:, ["venues", "covered"]] = pd.NA
    return told


def _changed(
    before: pd.DataFrame,
    after: pd.DataFrame,
    past: Sequence[date],
    day_before: date | None,
    day_after: date,
) -> pd.DataFrame:
    """The last day, then the past days of which a figure differs, the newest first."""
    same = (before == after).fillna(False) | (before.isna() & after.isna())
    turned = set(same.index[~same.all(axis=1)])
    pairs: list[tuple[date | None, date | None]] = [(day_before, day_after)]
    pairs += [(day, day) for day in reversed(past) if day in turned and (day, day) != pairs[0]]
    was, now = ([pair[at] for pair in pairs] for at in (0, 1))
    rows = after.reindex(now).reset_index(names="as_of")
    old = before.reindex(was).reset_index(names="as_of").add_suffix("_before")
    return pd.concat([old, rows], axis=1)


def _revised(last: pd.DataFrame, known: pd.DataFrame, untouched: pd.DataFrame) -> pd.DataFrame:
    """Venues that count otherwise, and whether they would without new statements, too."""
    rows = revision.revision(last, known)
    was = last.set_index("venue_id")["verified"]
    alike = untouched.set_index("venue_id")["covered_verified"]
    turned = rows["revised"].isin(["covered", "lapsed"])
    same = rows["venue_id"].map(alike) == rows["covered_verified"]
    rows = rows.assign(
        verified_before=rows["venue_id"].map(was),
        by_time=(turned & same).fillna(False).astype(bool),
    )
    gone = ["delisted", "delisted_short"]
    rows.loc[rows["revised"].isin(gone), ["verified", "required", "needed"]] = None
    return rows


def _by(last: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Covered venues before and after by county; null: no county is known."""
    columns = ["county_code", "covered_verified"]
    before, after = (rows.set_index("venue_id")[columns] for rows in (last, known))
    both = pd.concat([before.add_suffix("_before"), after], axis=1)
    was, now = (both[f"covered_verified{end}"].astype("boolean") for end in ("_before", ""))
    here, there = both["county_code"].fillna(""), both["county_code_before"].fillna("")
    stays = was.notna() & now.notna() & (here == there)
    yes, no = was.fillna(False), now.fillna(False)
    parts = {
        "venues_before": there[was.notna()],
        "covered_before": there[yes],
        "gained": here[stays & no & ~yes],
        "lapsed": there[stays & yes & ~no],
        "added": here[~stays & no],
        "removed": there[~stays & yes],
        "covered": here[no],
        "venues": here[now.notna()],
    }
    counts = pd.DataFrame({name: part.value_counts() for name, part in parts.items()})
    counts = counts.reindex(columns=list(parts)).fillna(0).astype("int64").sort_index()
    counts = counts.rename_axis("county_code").reset_index()
    code = counts["county_code"].astype("str")
    return counts.assign(county_code=code.mask(code == ""))
