"""A city small enough to count by hand: a few venues, shops and their events, as Ibis tables."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import ibis
import pyarrow as pa

from domain import reference, states
from domain.venues import venue_coverage
from tests.support.prepared import cells, in_memory, prepared

DAY = date(2026, 6, 30)
FRESH = date(2026, 5, 1)  # of a register that is an A on DAY

SCHEMAS = {
    "venues": {
        "venue_id": "str", "name": "str", "kind_id": "str", "kind": "str", "tier": "str",
        "carrier": "str", "links": "str", "county_code": "str", "zone_id": "str",
        "eligible_count": "int64", "eligible_source": "str", "eligible_on": "date",
        "eligible_grade": "str", "listed_on": "date", "delisted_on": "date", "outline": "str",
        "spans": "str", "owner": "str", "operator_id": "str", "method": "str",
    },
    "merchants": {
        "merchant_key": "str", "merchant_id": "str", "operator_id": "str", "name": "str",
        "address": "str", "scenario_id": "str", "venue_id": "str", "public_cash_point": "bool",
        "county_code": "str", "zone_id": "str", "joined_by": "str", "also_in": "str",
        "shop_key": "str", "method": "str",
    },
    "scenarios": {
        "scenario_key": "str", "scenario_id": "str", "operator_id": "str", "venue_id": "str",
        "county_code": "str", "zone_id": "str", "method": "str",
    },
    "events": {"record_key": "str", "event": "str", "day": "date"},
}  # fmt: skip


def ago(days: int) -> date:
    """The day `days` before DAY."""
    return DAY - timedelta(days=days)


LONG_AGO = ago(700)

_spells = prepared(states.spells)
_on_days = prepared(states.on_days)
_venue_coverage = prepared(venue_coverage)


@dataclass
class City:
    """Rows of the snapshot's tables, added one by one."""

    rows: dict[str, list[dict]] = field(default_factory=lambda: {name: [] for name in SCHEMAS})
    _answers: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def venue(self, venue_id, kind="农贸市场", **cells):
        """A venue of a reference kind; its register is fresh and graded A unless said."""
        kinds = reference.table("venue_kinds").set_index("kind")
        about = kinds.loc[kind, ["kind_id", "tier", "carrier", "links"]].to_dict()
        given = {
            "name": f"{venue_id}号", "county_code": "320706", "eligible_on": FRESH,
            "eligible_grade": "A",
        }  # fmt: skip
        row = dict.fromkeys(SCHEMAS["venues"]) | {"venue_id": venue_id, "kind": kind} | about
        self.rows["venues"].append(row | given | cells)
        return venue_id

    def shop(self, venue_id=None, cash_point=False, target=LONG_AGO, events=(), **cells):
        """A merchant with its events, given as pairs of event and day."""
        number = f"{len(self.rows['merchants']):04}"
        key = f"ICBC/{number}"
        given = {
            "merchant_key": key, "merchant_id": number, "operator_id": "ICBC",
            "name": f"店{number}", "scenario_id": "F2-12", "venue_id": venue_id,
            "public_cash_point": cash_point, "county_code": "320706",
        }  # fmt: skip
        row = dict.fromkeys(SCHEMAS["merchants"])
        self.rows["merchants"].append(row | given | cells)
        self._events(f"m:{key}", target, events)
        return key

    def shops(self, count, venue_id, **cells):
        """`count` merchants alike."""
        return [self.shop(venue_id, **cells) for _ in range(count)]

    def occur(self, key, events):
        """Add events to the merchant with this key."""
        self.rows["events"] += [
            {"record_key": f"m:{key}", "event": event, "day": day} for event, day in events
        ]

    def instance(self, venue_id, scenario_id, events=(), target=LONG_AGO):
        """A scenario record with its events."""
        key = f"-/{len(self.rows['scenarios']):04}"
        row = {
            "scenario_key": key, "scenario_id": scenario_id, "venue_id": venue_id,
            "county_code": "320706", "zone_id": None,
        }  # fmt: skip
        self.rows["scenarios"].append(row)
        self._events(f"s:{key}", target, events)

    def _events(self, record_key, target, events):
        self.rows["events"] += [
            {"record_key": record_key, "event": event, "day": day}
            for event, day in [("target", target), *events]
        ]

    def table(self, name):
        """Table `name` as the snapshot would have it."""
        schema = ibis.schema(SCHEMAS[name])
        return ibis.memtable(
            pa.Table.from_pylist(self.rows[name], schema=schema.to_pyarrow()), schema=schema
        )

    def _once(self, question, days, answer):
        """What `answer` gives, found once for the rows as they are."""
        key = question, days, repr(self.rows)
        if key not in self._answers:
            self._answers[key] = answer()
        return self._answers[key]

    def spells(self):
        """Spells of all events."""
        return self._once("spells", (), lambda: _spells(self.table("events")))

    def merchants_on(self, *days):
        """Merchants as they stood on `days`."""
        days = days or (DAY,)
        table, spells = self.table("merchants"), self.spells()
        return self._once("merchants", days, lambda: _on_days(table, spells, days))

    def scenarios_on(self, *days):
        """Scenario records as they stood on `days`."""
        days = days or (DAY,)
        table, spells = self.table("scenarios"), self.spells()
        return self._once("scenarios", days, lambda: _on_days(table, spells, days, "scenarios"))

    def judged(self, *days):
        """Venue coverage on `days`."""
        days = days or (DAY,)
        shops, instances = self.merchants_on(*days), self.scenarios_on(*days)
        venues = self.table("venues")
        return self._once("judged", days, lambda: _venue_coverage(venues, shops, instances, days))

    def verdict(self, venue_id, day=DAY):
        """The row of one venue on one day."""
        (row,) = (row for row in rows(self.judged(day)) if row["venue_id"] == venue_id)
        return row


SIGNED = (("contracted", ago(600)),)
VERIFIED = (*SIGNED, ("opened", ago(590)), ("inspected", ago(20)))
PAID = (*SIGNED, ("opened", ago(590)), ("paid", ago(5)))


def rows(table):
    """Rows of an Ibis table as dictionaries, nulls as None."""
    return cells(table).to_pylist()


def kept(table):
    """The table computed once, so that a test can ask it several things."""
    return in_memory(table.to_pyarrow(), table.schema())
