"""Shops and scenario records of a scope: counted, listed, and where they stand."""

from datetime import date

import ibis
import ibis.expr.types as ir

from domain import coverage
from domain.states import PREFIXES
from domain.venues import shop_of
from queries.engine import Engine, engine, question
from queries.scope import Scope, of_scope

SHOPS_SHOWN = 3000  # shops on one map or list; a town has fewer


@question
def merchants(data: Engine, scope: Scope, by: tuple[str, ...]) -> ir.Table:
    """Merchants of the scope counted in the three bases by the columns `by`, none of them null.

    Nulls are left out in the engine: one of them would turn a column of cells into floats, which
    are too short for the cells' numbers.
    """
    table = of_scope(data.merchants_on(scope.as_of), scope)
    for name in by:
        table = table.filter(table[name].notnull())
    return data.known.counted(table, by, [scope.as_of])


@question
def area_merchants(data: Engine, scope: Scope) -> ir.Table:
    """Merchants counted in the three bases by the area they count for under the attribution."""
    table = of_scope(data.merchants_on(scope.as_of), scope, area=False)
    table = table.mutate(area_id=coverage.area_of(table, scope.attribution))
    return data.known.counted(table.filter(table.area_id.notnull()), ["area_id"], [scope.as_of])


def counts(scope: Scope) -> dict[str, int | None]:
    """Scenario kinds live, scenario instances live and shops open: three things, never added.

    None where nothing was ever told of them; kinds are those of what was told, if there are any.
    """
    (row,) = _counts(scope).to_dict("records")
    known = engine(scope.snapshot_id).known
    instances, shops = known.has("scenarios"), known.has("merchants")
    told = {"instances": instances, "shops": shops}
    told["kinds"] = row["kinds"] > 0 or all(told.values())
    return {name: int(row[name]) if has else None for name, has in told.items()}


@question
def _counts(data: Engine, scope: Scope) -> ir.Table:
    instances = of_scope(data.scenarios_on((scope.as_of,)), scope)
    shops = of_scope(data.merchants_on(scope.as_of), scope)
    instances, shops = instances.filter(instances.opened), shops.filter(shops.opened)
    kinds = ibis.union(instances.select("scenario_id"), shops.select("scenario_id"))
    return kinds.agg(kinds=kinds.scenario_id.nunique()).mutate(
        instances=instances.count().as_scalar(), shops=shop_of(shops).nunique().as_scalar()
    )


@question
def shops(data: Engine, scope: Scope, venue_id: str = "", town_code: str = "") -> ir.Table:
    """Merchants of one venue or one town with their state, at most `SHOPS_SHOWN`."""
    table = _on_record(data, scope, venue_id, town_code)
    return table.order_by("merchant_key").limit(SHOPS_SHOWN)


def without_point(scope: Scope, venue_id: str = "", town_code: str = "") -> int:
    """Merchants of the scope, or of one venue or town in it, that no map can show."""
    return int(_without_point(scope, venue_id, town_code)["rows"].iloc[0])


@question
def _without_point(data: Engine, scope: Scope, venue_id: str, town_code: str) -> ir.Table:
    table = _on_record(data, scope, venue_id, town_code)
    table = table.filter(table.lon.isnull())
    return table.agg(rows=table.count())


def _on_record(data: Engine, scope: Scope, venue_id: str, town_code: str) -> ir.Table:
    """Merchants of the scope, of one venue or town where it is given, on record on the day."""
    table = of_scope(data.merchants_on(scope.as_of), scope)
    table = table.filter(table.state.notnull())
    if venue_id:
        table = table.filter(table.venue_id == venue_id)
    if town_code:
        table = table.filter(table.town_code == town_code)
    return table


@question
def last_inspected(data: Engine, scope: Scope, venue_id: str) -> ir.Table:
    """The last day up to the scope's on which a shop of a venue was inspected; one row, `day`."""
    shops = _on_record(data, scope, venue_id, "")
    keys = shops.select(record_key=PREFIXES["merchants"] + shops.merchant_key)
    events = data.table("events")
    events = events.filter(events.event == "inspected", events.day <= scope.as_of)
    return events.semi_join(keys, "record_key").agg(day=lambda rows: rows.day.max())


@question
def points(data: Engine, _snapshot_id: str, as_of: date) -> ir.Table:
    """Eligible merchants of the city with a point on a day: what an outline may hold.

    Columns: merchant_key, shop, name, lon, lat, venue_id, joined_by, eligible, contracted,
    verified.
    """
    table = data.merchants_on(as_of)
    table = table.filter(table.eligible, table.lon.notnull())
    return table.select(
        "merchant_key", "name", "lon", "lat", "venue_id", "joined_by", "eligible",
        "contracted", "verified",
        shop=shop_of(table),
    )  # fmt: skip


@question
def named(data: Engine, _snapshot_id: str, keys: tuple[str, ...]) -> ir.Table:
    """Names (merchant_key, name) of the merchants with `keys`."""
    table = data.table("merchants")
    return table.filter(table.merchant_key.isin(keys)).select("merchant_key", "name")
