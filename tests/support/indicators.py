"""Every indicator of ``domain/`` over Ibis tables, in one table: the same on every engine.

A new indicator is one line of `INDICATORS`; ``tests/engines/test_engines.py`` fails while it is
missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq

from domain import (
    boards,
    change,
    clusters,
    coverage,
    coverage_gains,
    coverage_moves,
    denominators,
    expiring_verification,
    gaps,
    inflated_coverage,
    lives,
    planner,
    ranking,
    register_overlaps,
    states,
    tasks,
    venues,
)
from domain.constant_tables import constants
from tests.support.engines import in_text


@dataclass(frozen=True)
class Data:
    """A snapshot's tables on one engine, and what the indicators are asked of.

    What many of them are asked of is worked out once and read from `folder`: Spark would plan it
    anew for each.
    """

    connection: ibis.BaseBackend
    days: tuple[date, ...]
    folder: Path

    def table(self, name: str) -> ir.Table:
        """Table `name` of the snapshot."""
        return self.connection.table(name)

    def _kept(self, name: str, table: ir.Table) -> ir.Table:
        path, schema = self.folder / f"{name}.parquet", table.schema()
        pq.write_table(in_text(table).to_pyarrow(), path)
        return self.connection.read_parquet(str(path), table_name=f"kept_{name}").cast(schema)

    @cached_property
    def merchants(self) -> ir.Table:
        """Merchants as they stood on the days."""
        merchants, spells = self.table("merchants"), self.table("spells")
        return self._kept("merchants", states.on_days(merchants, spells, self.days))

    @cached_property
    def scenarios(self) -> ir.Table:
        """Scenario records as they stood on the days."""
        scenarios, spells = self.table("scenarios"), self.table("spells")
        return self._kept("scenarios", states.on_days(scenarios, spells, self.days, "scenarios"))

    @cached_property
    def venues(self) -> ir.Table:
        """Venues with their coverage on the days."""
        register = self.table("venues")
        return self._kept(
            "venues", venues.venue_coverage(register, self.merchants, self.scenarios, self.days)
        )

    def venues_on(self, day: date) -> ir.Table:
        """Venues with their coverage on one of the days."""
        return self.venues.filter(self.venues.as_of == ibis.literal(day))

    @cached_property
    def inflated(self) -> ir.Table:
        """Venues with the signs of inflated coverage."""
        denominators = self.table("denominators")
        return self._kept(
            "inflated",
            inflated_coverage.venues(self.venues, self.merchants, self.scenarios, denominators),
        )

    @cached_property
    def areas(self) -> ir.Table:
        """Attainment of the areas by management."""
        return self._kept("areas", coverage.attainment(self.venues, "management", self.days))


@dataclass(frozen=True)
class Indicator:
    """One question to one public function of ``domain/``; `case` tells its questions apart."""

    function: Callable
    build: Callable[[Data], ir.Table]
    case: str = ""

    @property
    def name(self) -> str:
        """Module, function and case."""
        module = self.function.__module__.removeprefix("domain.")
        return "-".join(filter(None, (f"{module}.{self.function.__name__}", self.case)))


_BEGINS, _ENDS = ("contracted",), ("closed",)


def _accounts() -> ir.Table:
    """Accounts of a shop that closed and came back, of a mistake, and of one that is barred."""
    day = {0: None} | {month: date(2026, month, 1) for month in range(1, 7)}
    told = [  # record, turn, signed, closed, paid, in force, whether it should accept, status
        ("m:A/1", 0, 1, 0, 2, None, None, "live"), ("m:A/1", 1, 1, 3, 2, None, None, "closed"),
        ("m:A/1", 2, 5, 0, 5, None, True, "live"), ("m:B/2", 0, 1, 2, 0, None, True, None),
        ("m:B/2", 1, 1, 0, 3, 2, False, "suspended"), ("m:B/2", 2, 2, 0, 3, 3, True, "closed"),
        ("m:C/3", 0, 0, 0, 0, None, False, "closed"), ("m:C/3", 1, 0, 0, 0, 6, False, "closed"),
        ("m:D/4", 0, 1, 0, 0, None, None, "closed"), ("m:D/4", 1, 1, 0, 0, None, None, "live"),
    ]  # fmt: skip
    rows = [
        (key, turn, date(2026, 2 + 2 * turn - turn % 2, 28), ";contracted_on;closed_on;paid_on;",
         day[signed], day[closed], day[paid], day[target or 0], eligible, status)
        for key, turn, signed, closed, paid, target, eligible, status in told
    ]  # fmt: skip
    schema = {
        "record_key": "str", "turn": "int64", "as_at": "date", "columns_sent": "str",
        "contracted_on": "date", "closed_on": "date", "paid_on": "date", "target_on": "date",
        "eligible": "bool", "status": "str",
    }  # fmt: skip
    return ibis.memtable(rows, schema=schema)


INDICATORS = (
    Indicator(lives.events, lambda _: lives.events(_accounts(), _BEGINS, _ENDS, ("paid",))),
    Indicator(lives.of, lambda _: lives.of(_accounts(), _BEGINS, _ENDS)),
    Indicator(lives.targets, lambda _: lives.targets(_accounts())),
    Indicator(lives.barred, lambda _: lives.barred(_accounts())),
    Indicator(lives.reported, lambda _: lives.reported(_accounts(), _BEGINS, _ENDS)),
    Indicator(
        states.holding,
        lambda data: states.holding(data.venues.mutate(since="listed_on", until="delisted_on")),
    ),
    Indicator(
        states.in_city,
        lambda data: data.merchants.select(
            "merchant_key", "as_of", here=states.in_city(data.merchants)
        ),
    ),
    Indicator(constants, lambda _: constants([("甲", 1)], name="str", number="int64")),
    Indicator(states.calendar, lambda data: states.calendar(data.days)),
    Indicator(states.spells, lambda data: states.spells(data.table("events"))),
    Indicator(states.on_days, lambda data: data.merchants, "merchants"),
    Indicator(states.on_days, lambda data: data.scenarios, "scenarios"),
    Indicator(venues.venue_coverage, lambda data: data.venues),
    Indicator(
        venues.awaits_only_its_count,
        lambda data: data.venues.select(
            "venue_id", "as_of", awaits=venues.awaits_only_its_count(data.venues)
        ),
    ),
    Indicator(coverage.coverage, lambda data: coverage.coverage(data.merchants, []), "city"),
    Indicator(
        coverage.coverage,
        lambda data: coverage.coverage(data.merchants, ["county_code", "scenario_id"]),
        "areas",
    ),
    Indicator(
        coverage.heard,
        lambda data: coverage.heard(data.merchants, {"ICBC": data.days[-1], "ABC": data.days[0]}),
    ),
    Indicator(
        coverage.area_of,
        lambda data: data.merchants.select(
            "merchant_key", "as_of", area_id=coverage.area_of(data.merchants, "management")
        ),
    ),
    Indicator(
        coverage.in_area,
        lambda data: data.venues.filter(coverage.in_area(data.venues, "ETDZ", "territory")),
    ),
    Indicator(coverage.attainment, lambda data: data.areas, "management"),
    Indicator(
        coverage.attainment,
        lambda data: coverage.attainment(data.venues, "territory", data.days),
        "territory",
    ),
    Indicator(
        coverage.attainment,
        lambda data: coverage.attainment(data.venues, "territory"),
        "days_of_the_register",
    ),
    Indicator(coverage.city, lambda data: coverage.city(data.venues, data.days)),
    Indicator(
        coverage.as_listed,
        lambda data: coverage.as_listed(coverage.city(data.venues, data.days), data.days[1]),
    ),
    Indicator(
        venues.as_told,
        lambda data: venues.as_told(data.venues, data.days[0], data.days[1], None).order_by(
            "as_of", "venue_id"
        ),
    ),
    Indicator(gaps.missing, lambda data: gaps.missing(data.merchants, data.venues)),
    Indicator(
        gaps.missing_links,
        lambda data: gaps.missing_links(data.venues, data.merchants, data.scenarios),
    ),
    Indicator(gaps.plan, lambda data: gaps.plan(data.venues)),
    Indicator(
        denominators.denominators,
        lambda data: denominators.denominators(data.venues, data.merchants),
    ),
    Indicator(ranking.ranking, lambda data: ranking.ranking(data.areas, "county"), "counties"),
    Indicator(ranking.ranking, lambda data: ranking.ranking(data.areas, "zone"), "zones"),
    Indicator(
        change.changes,
        lambda data: change.changes(data.venues_on(data.days[0]), data.venues_on(data.days[-1])),
    ),
    Indicator(
        coverage_moves.moves,
        lambda data: coverage_moves.moves(
            data.venues_on(data.days[-2]),
            data.venues_on(data.days[-1]),
            register=data.venues,
            merchants=data.merchants,
            scenarios=data.scenarios,
            events=data.table("events"),
            rulings=data.table("events").filter(data.table("events").event == "closed"),
            since=data.days[-2],
            until=data.days[-1],
        ),
    ),
    Indicator(
        venues.unit_records,
        lambda data: venues.unit_records(data.venues, data.merchants, data.scenarios),
    ),
    Indicator(coverage.headline, lambda data: coverage.headline(data.venues)),
    Indicator(coverage.by_kind, lambda data: coverage.by_kind(data.venues)),
    Indicator(
        venues.shop_of,
        lambda data: data.merchants.select(
            "merchant_key", "as_of", shop=venues.shop_of(data.merchants)
        ),
    ),
    Indicator(
        clusters.counts,
        lambda data: clusters.counts(data.table("cluster_members"), data.merchants),
    ),
    Indicator(clusters.shared, lambda data: clusters.shared(data.table("cluster_members"))),
    Indicator(tasks.live_cases, lambda data: tasks.live_cases(data.merchants, data.scenarios)),
    Indicator(inflated_coverage.venues, lambda data: data.inflated),
    Indicator(
        inflated_coverage.sleeping,
        lambda data: inflated_coverage.sleeping(data.merchants),
    ),
    Indicator(
        inflated_coverage.sleeping_by_operator,
        lambda data: inflated_coverage.sleeping_by_operator(data.merchants),
    ),
    *(
        Indicator(
            boards.board,
            lambda data, kind=kind: boards.board(
                data.venues_on(data.days[-1]), kind, "management", data.days[-1]
            ),
            kind,
        )
        for kind in ("county", "zone", "owner", "operator")
    ),
    Indicator(boards.of_board, lambda data: boards.of_board(data.venues, "owner", "management")),
    Indicator(
        coverage.of_groups,
        lambda data: coverage.of_groups(
            data.venues.mutate(area_id=data.venues.kind_id),
            data.venues.select(
                area_kind=ibis.literal("kind"),
                area_id="kind_id",
                area="kind",
                position=ibis.literal(0),
            ).distinct(),
            data.days,
        ),
    ),
    Indicator(
        ranking.banded,
        lambda data: ranking.banded(
            boards.board(data.venues_on(data.days[-1]), "county", "territory", data.days[-1]), 0.9
        ),
    ),
    Indicator(
        coverage_gains.pairs,
        lambda data: coverage_gains.pairs(
            *(
                boards.of_board(data.venues_on(day), "county", "management")
                for day in (data.days[0], data.days[-1])
            )
        ),
    ),
    Indicator(
        planner.steps,
        lambda data: planner.steps(
            gaps.plan(data.venues_on(data.days[-1])),
            gaps.missing(data.merchants, data.venues_on(data.days[-1])),
            gaps.missing_links(data.venues_on(data.days[-1]), data.merchants, data.scenarios),
        ),
    ),
    Indicator(
        expiring_verification.lasting,
        lambda data: expiring_verification.lasting(data.table("events")),
    ),
    Indicator(
        expiring_verification.running_out,
        lambda data: expiring_verification.running_out(
            data.venues_on(data.days[-1]),
            data.merchants.filter(data.merchants.as_of == data.days[-1]),
            data.scenarios.filter(data.scenarios.as_of == data.days[-1]),
            data.table("events"),
            data.days[-1],
            within=60,
        ),
    ),
    Indicator(
        register_overlaps.in_several, lambda data: register_overlaps.in_several(data.merchants)
    ),
    Indicator(
        register_overlaps.listed_again, lambda data: register_overlaps.listed_again(data.merchants)
    ),
)
