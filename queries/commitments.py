"""Clusters, filings, tasks and targets of a scope: every question answered once and cached."""

from dataclasses import replace
from datetime import date

import ibis.expr.types as ir
import pandas as pd

from domain import (
    clusters,
    coverage,
    filings,
    inflated_coverage,
    owners,
    pace,
    register_overlaps,
    states,
    target_measures,
    targets,
    tasks,
)
from queries import attainment
from queries.engine import Engine, engine, remembered
from queries.scope import Scope, areas_by_name


def months(as_of: date) -> tuple[date, ...]:
    """Month ends from the start of the pilot to `as_of`, which closes the list."""
    return pace.month_ends(pace.first_day(), as_of)


@remembered
def rows(snapshot_id: str, name: str) -> pd.DataFrame:
    """A small table of the snapshot whole: clusters, filings, province, indicators."""
    frame = engine(snapshot_id).read(lambda data: data.table(name))
    days = [column for column in frame if column == "month" or column.endswith("_on")]
    return frame.assign(**{column: pd.to_datetime(frame[column]) for column in days})


@remembered
def cluster_history(snapshot_id: str, as_of: date) -> pd.DataFrame:
    """Every cluster at each month end since it was declared: counts, gates, state."""
    days = months(as_of)

    def question(data: Engine) -> ir.Table:
        members = data.table("cluster_members")
        shops = data.table("merchants").semi_join(members, "merchant_key")
        return clusters.counts(members, states.on_days(shops, data.table("spells"), days))

    def seen(data: Engine) -> ir.Table:
        events = data.table("events")
        prefix = states.PREFIXES["clusters"]
        mine = events.filter(events.record_key.startswith(prefix), events.event == "inspected")
        return mine.select("day", cluster_id=mine.record_key.substr(len(prefix)))

    return clusters.history(
        rows(snapshot_id, "clusters"),
        engine(snapshot_id).read(question),
        engine(snapshot_id).read(seen),
        days,
    )


@remembered
def cluster_pairs(snapshot_id: str) -> pd.DataFrame:
    """Pairs of clusters that are one place."""
    return engine(snapshot_id).read(lambda data: clusters.shared(data.table("cluster_members")))


@remembered
def cluster_standing(scope: Scope) -> pd.DataFrame:
    """Clusters of the scope on its day, with `place`: the id of the first that is the same place.

    A cluster belongs to an area that owns it or that it lies in, and to a bank that owns it.
    """
    table = clusters.standing(cluster_history(scope.snapshot_id, scope.as_of))
    where = rows(scope.snapshot_id, "clusters")[
        ["cluster_id", "county_code", "zone_id", "town_code", "lon", "lat", "outline", "venue_id"]
    ]
    table = table.merge(where, on="cluster_id")
    table["place"] = clusters.places(table["cluster_id"], cluster_pairs(scope.snapshot_id)).array
    if scope.area_id:
        lies = (table["county_code"] == scope.area_id) | (table["zone_id"] == scope.area_id)
        table = table[lies | _owned(table, scope.area_id)]
    if scope.operator_id:
        table = table[_owned(table, scope.operator_id)]
    return table.reset_index(drop=True)


def _owned(clusters: pd.DataFrame, owner_id: str) -> pd.Series:
    """Whether each cluster has `owner_id` among its owners."""
    return (";" + clusters["owners"].fillna("") + ";").str.contains(f";{owner_id};", regex=False)


@remembered
def cluster_owners(snapshot_id: str, as_of: date) -> pd.DataFrame:
    """Declared and mature clusters of every owner on a day."""
    history = cluster_history(snapshot_id, as_of)
    history = history[history["as_of"] == pd.Timestamp(as_of)]
    return clusters.by_owner(history, owners.owners(as_of), [as_of])


@remembered
def cluster_shops(snapshot_id: str, as_of: date, cluster_id: str) -> pd.DataFrame:
    """Shops of one cluster with their state on the day."""

    def question(data: Engine) -> ir.Table:
        members = data.table("cluster_members")
        members = members.filter(members.cluster_id == cluster_id)
        shops = data.merchants_on(as_of).semi_join(members, "merchant_key")
        return shops.filter(shops.state.notnull()).order_by("merchant_key")

    return engine(snapshot_id).read(question)


@remembered
def reports(snapshot_id: str, as_of: date) -> pd.DataFrame:
    """Monthly reports owed, one row an owner and month; none while none had come by the day."""
    known = filings.up_to(rows(snapshot_id, "filings"), as_of)
    owed = filings.reporting(known, owners.owners(as_of), as_of)
    return owed if (known["kind_id"] == filings.REPORT).any() else owed.iloc[:0]


@remembered
def cases(scope: Scope) -> pd.DataFrame:
    """What is open of every scenario kind in the scope on its day."""

    def question(data: Engine) -> ir.Table:
        instances = data.scenarios_on((scope.as_of,))
        shops = data.merchants_on(scope.as_of)
        return tasks.live_cases(
            attainment.of_scope(shops, scope), attainment.of_scope(instances, scope)
        )

    return engine(scope.snapshot_id).read(question)


@remembered
def task_progress(scope: Scope) -> pd.DataFrame:
    """The thirty tasks with what is live and what was filed."""
    return tasks.progress(cases(scope), rows(scope.snapshot_id, "filings"), scope.as_of)


@remembered
def target_facts(scope: Scope) -> target_measures.Facts:
    """What the fourteen targets are measured from; the whole city's, whatever is selected."""
    days = tuple(day for day in months(scope.as_of))

    def live(data: Engine) -> ir.Table:
        instances = data.scenarios_on(days)
        opened = instances.filter(instances.opened)
        return opened.group_by("as_of").agg(instances=opened.count()).order_by("as_of")

    def venues(data: Engine) -> ir.Table:
        return attainment.of_scope(data.venues_on(days), scope)

    return target_measures.Facts(
        as_of=scope.as_of,
        days=days,
        owners=owners.owners(scope.as_of),
        filings=rows(scope.snapshot_id, "filings"),
        indicators=rows(scope.snapshot_id, "indicators"),
        province=rows(scope.snapshot_id, "province"),
        clusters=cluster_history(scope.snapshot_id, scope.as_of),
        city=engine(scope.snapshot_id).read(lambda data: coverage.city(venues(data), days)),
        kinds=engine(scope.snapshot_id).read(lambda data: coverage.by_kind(data.venues_on(days))),
        venues=attainment.venues(scope),
        register=attainment.venues(replace(scope, tiers="all")),
        instances=engine(scope.snapshot_id).read(live),
        area_names={code: name for name, code in areas_by_name().items()},
    )


@remembered
def measured(scope: Scope, target_id: str) -> target_measures.Measured:
    """Series and missing parts of one target."""
    return target_measures.measured(target_id, target_facts(scope))


@remembered
def standings(scope: Scope) -> list[targets.Standing]:
    """Where every target stands on the scope's day."""
    return [
        targets.standing(one, measured(scope, one.target_id).series, scope.as_of)
        for one in targets.targets()
    ]


@remembered
def padded(scope: Scope) -> pd.DataFrame:
    """Venues of the scope with the signs of padding, judged once for all scopes of the day."""
    day = scope.as_of

    def judged(data: Engine) -> ir.Table:
        return inflated_coverage.venues(
            data.venues_on((day,)),
            data.merchants_on(day),
            data.scenarios_on((day,)),
            data.table("denominators"),
        )

    def question(data: Engine) -> ir.Table:
        return attainment.of_scope(data.keep(f"padded_{day:%Y%m%d}", lambda: judged(data)), scope)

    return engine(scope.snapshot_id).read(question)


@remembered
def asleep(scope: Scope) -> pd.DataFrame:
    """Signed shops of the scope that nobody has paid at for long."""

    def question(data: Engine) -> ir.Table:
        shops = attainment.of_scope(data.merchants_on(scope.as_of), scope)
        return inflated_coverage.sleeping(shops, data.table("spells"))

    return engine(scope.snapshot_id).read(question)


@remembered
def listed_again(scope: Scope) -> int:
    """Records beyond the first of the scope's shops that several records list."""

    def question(data: Engine) -> ir.Table:
        shops = attainment.of_scope(data.merchants_on(scope.as_of), scope)
        again = register_overlaps.listed_again(shops)
        return again.agg(beyond=again.count() - again.shop.nunique())

    return int(engine(scope.snapshot_id).read(question)["beyond"].iloc[0])


@remembered
def asleep_by_operator(scope: Scope) -> pd.DataFrame:
    """Signed and sleeping shops of the scope by the bank that lists them."""

    def question(data: Engine) -> ir.Table:
        shops = attainment.of_scope(data.merchants_on(scope.as_of), scope)
        return inflated_coverage.sleeping_by_operator(shops, data.table("spells"))

    return engine(scope.snapshot_id).read(question)
