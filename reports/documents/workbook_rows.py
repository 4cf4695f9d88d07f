"""Rows of the workbook's tables: the answers to a scope's questions, as numbers, days and words.

What is unknown stays blank, and a column of words says why.
"""

from numbers import Real

import pandas as pd

from domain import filings, owners, pace, planner, reference, rules
from domain.clusters import STATES
from domain.targets import STATUS
from presentation import (
    dispute_listings,
    labels,
    plan_wording,
    progress_listings,
    ranking_listings,
    rule_definitions,
    venue_listings,
)
from presentation.columns import COLUMNS
from presentation.statements import Statement, statements
from queries import attainment, commitments, monthly_figures
from queries.scope import DEMO, Scope, areas_by_name
from store import snapshot_store

MONTH = COLUMNS["month_on"][0]
CLUSTERS = {state: f"聚集区：{label}" for state, label in STATES.items()}
REPORTS = {state: f"信息报送：{label}" for state, label in filings.STATES.items()}
"""Headings of what a month counts by state."""
_FLAGS = ("covered_contracted", "covered_verified", "covered_active")
_ATTAINED = (
    "as_of", "venues", "covered_contracted", "covered_verified", "covered_active",
    "share_contracted", "share_verified", "share_active", "due_share",
)  # fmt: skip
_OF_BOARD = (
    "area_id", "rank", "tied", "rank_best", "rank_worst", "rank_before", "band_label", "high",
    "unknown_share", "confirm_names", "caution",
)  # fmt: skip
_OF_VENUE = ("county", "zone", "town", "kind", "needed", "plan_order")
_UNITS = {"点": "个百分点", "字": ""}  # as the workbook writes those of statements


def venues(scope: Scope) -> pd.DataFrame:
    """Every venue of the scope: where it is, who owes it, how far it is, its place in the plan.

    What is counted of a venue is 1 or 0, so that sums over an area are the area's attainment.
    """
    rows = venue_listings.register(scope)
    days = attainment.venues(scope).set_index("venue_id")[["eligible_on"]]
    changed = venue_listings.changes(attainment.changes(scope)).set_index("venue_id")[["change"]]
    demo = snapshot_store.default().snapshot(scope.snapshot_id).manifest["demo"]
    known, territory = rows["adopted"].notna(), scope.attribution == "territory"
    return _with(
        rows,
        _plan(scope),
        days.rename(columns={"eligible_on": "eligible_day"}),
        changed.rename(columns={"change": "month_change"}),
    ).assign(
        **{name: rows[name].astype("Float64") for name in _FLAGS},
        venues=1,
        unknown=(~known).astype("int64"),
        area=rows["county"] if territory else labels.area_names(rows),
        denominator_known=known.map(labels.YES_NO),
        note=_why_blank(rows),
        figure_version=(f"{DEMO} " if demo else "") + scope.snapshot_id,
    )


def _with(rows: pd.DataFrame, *facts: pd.DataFrame) -> pd.DataFrame:
    """`rows` with the columns of `facts`, which stand under the ids of venues.

    Not a merge: pandas 3 fails where both sides are empty.
    """
    ids = rows["venue_id"]
    found = {str(name): ids.map(part[name].to_dict()) for part in facts for name in part}
    return rows.assign(**found)


def _plan(scope: Scope) -> pd.DataFrame:
    """The venues of the plan by id: their place in it, and what it adds up to there."""
    plan = attainment.plan(scope).set_index("venue_id")[["signings", "venues_closed"]]
    return plan.assign(plan_order=range(1, len(plan) + 1))


def _why_blank(rows: pd.DataFrame) -> pd.Series:
    """What there is to say of a venue's counts: why they are blank, or which lists raised them."""
    said = (
        ("按规定环节计，没有名册数和名单数", rows["carrier"] != "区域型"),
        ("应覆盖数没有填报，不能判定是否达标", rows["adopted"].isna()),
        ("还没有报送，已验证、活跃和还差未知", rows["verified"].isna()),
    )
    notes = [rows["denominator_note"]] + [holds.map({True: why, False: ""}) for why, holds in said]
    return pd.Series(
        ["；".join(filter(None, texts)) for texts in zip(*notes, strict=True)], rows.index
    )


def lacking(scope: Scope) -> pd.DataFrame:
    """What the scope's uncovered venues lack by name, shops and links, with the venue's place."""
    shops = labels.listed(venue_listings.missing(attainment.missing(scope)))
    links = labels.listed(venue_listings.links(attainment.missing_links(scope)))
    steps = {state: action for action, state in plan_wording.LINK_STATES.items()}
    links = links.assign(
        name=links["link"],
        state_label=links["recorded_label"],
        action=links["recorded_label"].map(steps),
    )
    rows = pd.concat([shops.assign(sort="门店"), links.assign(sort="环节")], ignore_index=True)
    place = venues(scope).set_index("venue_id")[list(_OF_VENUE)]
    return _with(rows, place.rename(columns={"needed": "venue_needed"}))


def areas(scope: Scope) -> pd.DataFrame:
    """Counties, then zones, each in the order of its board, in the three bases."""
    boards = [ranking_listings.board(scope, kind)[1] for kind in ("county", "zone")]
    rows = venue_listings.areas(scope).merge(
        pd.concat([board[list(_OF_BOARD)] for board in boards]), on="area_id", how="left"
    )
    due = pace.due_share(scope.as_of)
    return rows.assign(
        sort=rows["area_kind"].map(owners.KINDS),
        tied_label=rows["tied"].map(labels.YES_NO),
        due_share=due,
        lag=(rows["share"] - due) * 100,
        delta_points=rows["delta"],
    ).sort_values(["area_kind", "rank"], kind="stable", ignore_index=True)


def months(scope: Scope) -> pd.DataFrame:
    """What is known of each month, under Chinese headings: attainment, and what was reported."""
    parts = [_attained(scope), _clusters(scope), _reports(scope), _indicators(scope)]
    dated = [part.set_axis(pd.DatetimeIndex(part.index, dtype="datetime64[s]")) for part in parts]
    return pd.concat(dated, axis=1).sort_index().rename_axis(MONTH).reset_index()


def _attained(scope: Scope) -> pd.DataFrame:
    rows = attainment.trend(scope)
    rows = rows.assign(due_share=[pace.due_share(day) for day in rows["as_of"]])
    return labels.labelled(rows, list(_ATTAINED)).set_axis(
        [day.replace(day=1) for day in rows["as_of"]]
    )


def _clusters(scope: Scope) -> pd.DataFrame:
    """The scope's clusters in each state at the month's end."""
    rows = commitments.cluster_history(scope.snapshot_id, scope.as_of)
    rows = rows[rows["cluster_id"].isin(commitments.cluster_standing(scope)["cluster_id"])]
    return _by_state(rows, rows["as_of"].dt.to_period("M").dt.start_time, CLUSTERS)


def _reports(scope: Scope) -> pd.DataFrame:
    """The city's monthly reports by what became of them."""
    rows = commitments.reports(scope.snapshot_id, scope.as_of)
    return _by_state(rows, rows["month"], REPORTS)


def _by_state(rows: pd.DataFrame, months: pd.Series, states: dict[str, str]) -> pd.DataFrame:
    counts = pd.crosstab(months, rows["state"]).reindex(columns=list(states), fill_value=0)
    return counts.rename(columns=states)


def _indicators(scope: Scope) -> pd.DataFrame:
    """Monthly indicators, a column each."""
    names = indicator_headings()
    rows = monthly_figures.indicators(scope)
    wide = rows.pivot(index="month", columns="indicator_id", values="value")
    return wide.reindex(columns=list(names)).rename(columns=names)


def indicator_headings() -> dict[str, str]:
    """Headings of the monthly indicators, with their units, by id."""
    return {
        row["indicator_id"]: f"{row['indicator']}（{row['unit']}）"
        for row in reference.records("indicators")
    }


def ways(scope: Scope) -> pd.DataFrame:
    """Venues that a number of signings closes in three ways, at each number that closes one."""
    table = planner.ways(attainment.plan(scope))
    wide = table.groupby(["signings", "way"])["venues_closed"].max().unstack("way")
    wide = wide.reindex(columns=list(planner.WAYS))
    if len(wide):
        wide.loc[0] = 0
    return wide.sort_index().ffill().rename_axis("signings").reset_index()


def promises(scope: Scope) -> pd.DataFrame:
    """The targets and the tasks of the notice, with what is done of each and what is owed."""
    return pd.concat([_targets(scope), _tasks(scope)], ignore_index=True)


def _targets(scope: Scope) -> pd.DataFrame:
    rows, standings = progress_listings.targets(scope), commitments.standings(scope)
    due = pd.Series([one.target.due for one in standings], dtype="object")
    return rows.assign(
        sort="目标",
        number=rows["target_id"],
        commitment=rows["target_text"],
        owner=rows["owner_kinds"],
        standing=[STATUS[one.status] for one in standings],
        done_count=pd.Series([one.done for one in standings], dtype="Float64"),
        owed_count=pd.Series([one.owed for one in standings], dtype="Float64"),
        unit=[one.target.unit for one in standings],
        should_share=pd.Series([one.should for one in standings], dtype="Float64"),
        due_day=due,
        note=rows["due_text"].where(due.isna()),
    )


def _tasks(scope: Scope) -> pd.DataFrame:
    rows = progress_listings.task_progress(scope)
    never = rows["last_on"].isna() & rows["filed"].notna()
    return rows.assign(
        sort="任务",
        number=rows["task_no"],
        commitment=rows["task"],
        owner=rows["lead_unit"],
        standing=rows["moving_text"],
        done_count=rows["kinds_live"],
        owed_count=rows["kinds"],
        unit="种场景",
        share_now=rows["kinds_live"] / rows["kinds"].where(rows["kinds"] > 0),
        reported_on=rows["last_on"],
        note=never.map({True: "从未报过进展", False: ""}),
    )


def target_parts(scope: Scope) -> pd.DataFrame:
    """The missing parts of all targets, by name, with the area where one owes them."""
    parts = [
        commitments.measured(scope, one.target.target_id).missing.assign(
            target_id=one.target.target_id, target_text=one.target.target
        )
        for one in commitments.standings(scope)
        if one.status != "counted"
    ]
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(area=rows["owner"].where(rows["owner"].isin(areas_by_name())))


def clusters(scope: Scope) -> pd.DataFrame:
    """Clusters of the scope with their places."""
    rows = labels.with_names(progress_listings.clusters(scope))
    never = rows["inspected_on"].isna()
    return rows.assign(
        cluster_points=rows["points"],
        held_on=rows["held_since"],
        inspected_day=rows["inspected_on"],
        note=never.map({True: "没有复检", False: ""}),
    )


def units(scope: Scope) -> pd.DataFrame:
    """Units, banks and areas: their clusters against what they owe, and their monthly reports."""
    keys = ["owner_id", "owner", "owner_kind"]
    rows = progress_listings.cluster_owners(scope).merge(
        progress_listings.reporters(scope), on=keys, how="outer", suffixes=("", "_reports")
    )
    short = (rules.count("cluster_floor") - rows["mature_count"]).clip(lower=0)
    return rows.assign(
        owner_kind_text=rows["owner_kind"].map(owners.KINDS),
        obliged_label=rows["obliged"].map(labels.YES_NO),
        clusters_short=short.where(rows["obliged"].eq(True)),
        reported_on=rows["last_on"],
    )


def disputes(scope: Scope) -> pd.DataFrame:
    """The disputes that documents list, with the place of what is questioned."""
    rows = dispute_listings.of_documents(scope)
    named = labels.with_names(rows)
    placed = rows["county_code"].isin(reference.table("counties")["county_code"])
    return named.assign(county=named["county"].where(placed))


def definitions(scope: Scope) -> pd.DataFrame:
    """What figures mean: indicators, thresholds, and every number that documents state."""
    measures, limits = rule_definitions.indicators(), rule_definitions.thresholds()
    measures = measures.assign(
        sort="指标", statement=measures["name"], meaning=measures["definition"]
    )
    is_number = limits["threshold"].map(lambda limit: isinstance(limit, int | float))
    limits = limits.assign(
        sort="阈值",
        statement=limits["definition"],
        amount=limits["threshold"].where(is_number, None),
        amount_text=limits["threshold"].where(~is_number, None).astype("string"),
    )
    made = [
        {
            "sort": "数字",
            "number": one.number,
            "statement": one.label,
            "meaning": one.how,
            "amount": _amount(one),
            "unit": _UNITS.get(one.unit, one.unit.removeprefix("万")),
            "amount_text": one.text,
            "clause": one.clause,
        }
        for one in statements(scope).values()
    ]
    return pd.concat([measures, limits, pd.DataFrame(made)], ignore_index=True)


def _amount(one: Statement) -> float | None:
    """The number of a statement in its unit; None for words, and where it is unknown."""
    if not isinstance(one.value, Real):
        return None
    return round(float(one.value) * (100 if one.unit in ("%", "点") else 1), 4)
