"""What the notice asks for in a scope: clusters, filings, tasks and targets."""

from dataclasses import replace
from datetime import date

import ibis.expr.types as ir
import pandas as pd
import shapely

from domain import (
    clusters,
    coverage,
    filings,
    owners,
    pace,
    states,
    target_measures,
    targets,
    tasks,
)
from domain.visitors import Sight
from geo import clustering
from queries import attainment, sights
from queries.engine import Engine, engine, question, remembered
from queries.scope import Scope, areas_by_name, of_scope

_CANDIDATE = ["merchant_key", "shop_key", "lon", "lat", "scenario_id", "county_code", "town_code"]


def months(as_of: date) -> tuple[date, ...]:
    """Month ends from the start of the plan to `as_of`, which closes the list."""
    return pace.month_ends(pace.first_day(), as_of)


def _known_months(snapshot_id: str, as_of: date) -> tuple[date, ...]:
    """Those of `months` for which shops are known; `as_of` alone where there are none."""
    first = engine(snapshot_id).known.first.get("merchants", as_of)
    return tuple(day for day in months(as_of) if day >= first) or (as_of,)


@remembered
def rows(snapshot_id: str, name: str) -> pd.DataFrame:
    """A small table of the snapshot whole: clusters, filings, province, indicators.

    Clusters that are not in this city are left out.
    """
    frame = engine(snapshot_id).read(lambda data: data.table(name))
    if "method" in frame:
        frame = frame[frame["method"] != states.ELSEWHERE].reset_index(drop=True)
    days = [name for name in map(str, frame) if name == "month" or name.endswith("_on")]
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in days})


@remembered
def cluster_history(snapshot_id: str, as_of: date) -> pd.DataFrame:
    """Every cluster at each month end since it was declared and shops are known.

    Columns: those of `clusters.history`.
    """
    return clusters.history(
        rows(snapshot_id, "clusters"),
        _cluster_counts(snapshot_id, as_of),
        _inspections(snapshot_id),
        _known_months(snapshot_id, as_of),
    )


@question
def _cluster_counts(data: Engine, snapshot_id: str, as_of: date) -> ir.Table:
    return data.cluster_counts_on(_known_months(snapshot_id, as_of))


@question
def _inspections(data: Engine, _snapshot_id: str) -> ir.Table:
    """Inspections of clusters: day, cluster_id."""
    events = data.table("events")
    prefix = states.PREFIXES["clusters"]
    events = events.filter(events.record_key.startswith(prefix), events.event == "inspected")
    return events.select("day", cluster_id=events.record_key.substr(len(prefix)))


@question
def _cluster_pairs(data: Engine, _snapshot_id: str) -> ir.Table:
    """Pairs of clusters that are one place."""
    return clusters.shared(data.table("cluster_members"))


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
    table["place"] = clusters.places(
        list(table["cluster_id"]), _cluster_pairs(scope.snapshot_id)
    ).array
    if scope.area_id:
        lies = (table["county_code"] == scope.area_id) | (table["zone_id"] == scope.area_id)
        table = table[lies | owned(table["owners"], scope.area_id)]
    if scope.operator_id:
        table = table[owned(table["owners"], scope.operator_id)]
    return named(table.reset_index(drop=True), scope.sight)


def named(table: pd.DataFrame, sight: Sight) -> pd.DataFrame:
    """Clusters or filings with the names of those only that `sight` has a part in.

    It has one in what its unit owns or filed, and in what lies in its area or is about it.
    """
    if sight.whole:
        return table
    owners = table["owners"] if "owners" in table else table["owner_id"]
    part = owned(owners, sight.unit)
    for place in ("county_code", "zone_id"):
        if sight.role == "county" and place in table:
            part |= (table[place] == sight.unit).fillna(False).astype(bool)
    return sights.concealed(table, ~part, "name", "title", "evidence", "outline", "lon", "lat")


def filings_sent(scope: Scope) -> pd.DataFrame:
    """Everything filed up to the scope's day."""
    return named(filings.up_to(rows(scope.snapshot_id, "filings"), scope.as_of), scope.sight)


@remembered
def unsent(scope: Scope) -> pd.DataFrame:
    """Documents and events past their day that have not come, one row an owner and item.

    Columns: those of `filings.delivered`, and `due`. Of an area its own; none of a kind of which
    nothing was ever filed, since nobody knows then what was sent.
    """
    sent = filings.up_to(rows(scope.snapshot_id, "filings"), scope.as_of)
    asked = filings.delivered(filings.owed(owners.owners(scope.as_of)), sent, scope.as_of)
    days = {one.target_id: one.due for one in targets.targets()}
    asked = asked.assign(due=pd.to_datetime(asked["target_id"].map(days)))
    late = asked["filed_on"].isna() & (asked["due"] < pd.Timestamp(scope.as_of))
    found = asked[late & asked["filing_kind"].isin(sent["kind_id"])]
    if scope.area_id:
        found = found[found["owner_id"] == scope.area_id]
    return found.reset_index(drop=True)


def owned(owners: pd.Series, owner_id: str) -> pd.Series:
    """Whether `owner_id` is among each of `owners`, ids joined by ';' or null."""
    return (";" + owners.fillna("") + ";").str.contains(f";{owner_id};", regex=False)


@remembered
def cluster_owners(snapshot_id: str, as_of: date) -> pd.DataFrame:
    """Declared and mature clusters of every owner on a day; no rows without a ledger of them."""
    history = cluster_history(snapshot_id, as_of)
    history = history[history["as_of"] == pd.Timestamp(as_of)]
    table = clusters.by_owner(history, owners.owners(as_of), [as_of])
    return table if engine(snapshot_id).known.has("clusters") else table.iloc[:0]


@question
def cluster_shops(data: Engine, scope: Scope, cluster_id: str) -> ir.Table:
    """Shops of one cluster with their state on the scope's day."""
    members = data.table("cluster_members")
    members = members.filter(members.cluster_id == cluster_id)
    shops = data.merchants_on(scope.as_of).semi_join(members, "merchant_key")
    return shops.filter(shops.state.notnull()).order_by("merchant_key")


@remembered
def cluster_candidates(snapshot_id: str, as_of: date) -> pd.DataFrame:
    """Groups of verified shops that are no cluster yet, with their `outline` as GeoJSON text.

    Columns: those of `clustering.candidates`, with outline for geometry.
    """
    groups = clustering.candidates(
        _verified_points(snapshot_id, as_of), rows(snapshot_id, "cluster_members")
    )
    outline = shapely.to_geojson(shapely.set_precision(groups.geometry.array, 1e-5))
    return pd.DataFrame(groups.drop(columns="geometry")).assign(outline=outline)


@question
def _verified_points(data: Engine, _snapshot_id: str, as_of: date) -> ir.Table:
    shops = data.merchants_on(as_of)
    return shops.filter(shops.verified).select(_CANDIDATE)


@remembered
def reports(snapshot_id: str, as_of: date) -> pd.DataFrame:
    """Monthly reports owed, one row an owner and month; none while none had come by the day."""
    return filings.reporting(rows(snapshot_id, "filings"), owners.owners(as_of), as_of)


@question
def cases(data: Engine, scope: Scope) -> ir.Table:
    """What is open of every scenario kind in the scope on its day."""
    shops, instances = data.merchants_on(scope.as_of), data.scenarios_on((scope.as_of,))
    return tasks.live_cases(of_scope(shops, scope), of_scope(instances, scope))


@remembered
def task_progress(scope: Scope) -> pd.DataFrame:
    """The thirty tasks with what is live and what was filed, null where no ledger tells it."""
    known = engine(scope.snapshot_id).known
    told = {name for name in ("scenarios", "merchants", "filings") if known.has(name)}
    return tasks.progress(cases(scope), rows(scope.snapshot_id, "filings"), scope.as_of, told)


@remembered
def target_facts(scope: Scope) -> target_measures.Facts:
    """What the fourteen targets are measured from; the whole city's, whatever is selected."""
    days, data = months(scope.as_of), engine(scope.snapshot_id)

    def live(data: Engine) -> ir.Table:
        instances = data.scenarios_on(days)
        opened = instances.filter(instances.opened)
        return opened.group_by("as_of").agg(instances=opened.count()).order_by("as_of")

    return target_measures.Facts(
        as_of=scope.as_of,
        days=days,
        owners=owners.owners(scope.as_of),
        filings=rows(scope.snapshot_id, "filings"),
        indicators=rows(scope.snapshot_id, "indicators"),
        province=rows(scope.snapshot_id, "province"),
        clusters=cluster_history(scope.snapshot_id, scope.as_of),
        city=data.read(lambda data: _city(data, scope, days)),
        kinds=data.read(lambda data: coverage.by_kind(data.venues_on(days))),
        venues=attainment.venues(scope),
        register=attainment.venues(replace(scope, tiers="all")),
        instances=data.read(live),
        area_names={code: name for name, code in areas_by_name().items()},
    )


def _city(data: Engine, scope: Scope, days: tuple[date, ...]) -> ir.Table:
    return data.known.attained(coverage.city(of_scope(data.venues_on(days), scope), days))


@remembered
def measured(scope: Scope, target_id: str) -> target_measures.Measured:
    """Series and missing parts of one target."""
    return target_measures.measured(target_id, target_facts(scope))


@remembered
def standings(scope: Scope) -> list[targets.Standing]:
    """Where every target stands on the scope's day."""
    return [
        targets.standing(target, measured(scope, target.target_id).series, scope.as_of)
        for target in targets.targets()
    ]
