"""Rows of the workbook's tables: the answers to a scope's questions, with true days and shares."""

import pandas as pd

from domain import filings, pace, planner, reference
from domain.clusters import STATES
from presentation import (
    plan_wording,
    progress_listings,
    ranking_listings,
    venue_listings,
    wording,
)
from presentation.statements import statements
from queries import attainment, commitments, monthly_figures
from queries.scope import BASES, Scope
from reports.documents import brief_tables

UNKNOWN, NONE = "未知", "—"
ORIGINS = ["statement_number", "statement", "statement_text", "how_counted", "clause"]


def filled(values: pd.Series, word: str) -> pd.Series:
    """`values` with `word` where there is none."""
    return values.astype("object").where(values.notna(), word)


def overview(scope: Scope) -> pd.DataFrame:
    """Attainment of the scope in the three bases against the due line."""
    city, due = attainment.city(scope).iloc[0], pace.due_share(scope.as_of)
    share = pd.Series([city[f"share_{basis}"] for basis in BASES], dtype="float64")
    return pd.DataFrame(
        {
            "basis": list(BASES.values()),
            "covered": [city[f"covered_{basis}"] for basis in BASES],
            "venues": city["venues"],
            "share": share,
            "due_share": due,
            "lag": (share - due) * 100,
        }
    )


def trend(scope: Scope) -> pd.DataFrame:
    """Attainment at each month end in the three bases, with the due line."""
    months = attainment.trend(scope)
    return months.assign(
        month_end=months["as_of"],
        covered=months["covered_verified"],
        due_share=[pace.due_share(day) for day in months["as_of"]],
    )


def trend_said(scope: Scope) -> list[str]:
    """What of the months only follows from the days of signing."""
    note = wording.reaching_back(attainment.trend(scope))
    return [note.replace("不画", "空着").replace("，画虚线", "")] if note else []


def areas(scope: Scope) -> pd.DataFrame:
    """Counties and zones in the three bases."""
    rows = venue_listings.areas(scope)
    return rows.assign(lag=(rows["share"] - pace.due_share(scope.as_of)) * 100)


def board(kind: str, scope: Scope) -> pd.DataFrame:
    """The board of `kind`, those without a share last, with the venues to confirm."""
    _, ranks = ranking_listings.board(scope, kind)
    ranks = ranks.sort_values("share", key=pd.isna, kind="stable", ignore_index=True)
    return ranks.assign(due_share=pace.due_share(scope.as_of))


def register(scope: Scope) -> pd.DataFrame:
    """Every venue of the scope, with true days."""
    days = attainment.venues(scope).set_index("venue_id")["eligible_on"]
    rows = venue_listings.register(scope)
    days = days.reindex(rows["venue_id"]).set_axis(rows.index)
    return _by_links(rows.assign(eligible_on=filled(days, NONE)))


def plan(scope: Scope) -> pd.DataFrame:
    """The planner's venues with their denominators."""
    rows = brief_tables.plan(scope).rename(columns={"name": "venue"})
    return _by_links(venue_listings.with_denominators(rows, scope))


def unknown(scope: Scope) -> pd.DataFrame:
    """Venues whose denominator is unknown."""
    rows = venue_listings.unknown(attainment.venues(scope))
    return _by_links(venue_listings.with_denominators(rows, scope))


def _by_links(rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with no count of shops, rather than an unknown one, where a venue counts in links."""
    by_shops = rows["carrier"] == "区域型"
    counts = {name: rows[name].astype("object") for name in ("declared", "listed")}
    return rows.assign(**{name: count.where(by_shops, NONE) for name, count in counts.items()})


def ways(scope: Scope) -> pd.DataFrame:
    """Venues that a number of signings closes in three ways, at each number that closes one."""
    table = planner.ways(attainment.plan(scope))
    wide = table.groupby(["signings", "way"])["venues_closed"].max().unstack("way")
    wide = wide.reindex(columns=list(planner.WAYS))
    if len(wide):
        wide.loc[0] = 0
    return wide.sort_index().ffill().rename_axis("signings").reset_index()


def unknown_said(scope: Scope) -> list[str]:
    """What settling their denominators would bring."""
    rows = venue_listings.unknown(attainment.venues(scope))
    return [plan_wording.unknown_note(rows)] if len(rows) else []


def targets(scope: Scope) -> pd.DataFrame:
    """The targets with true days and shares."""
    rows, standings = progress_listings.targets(scope), commitments.standings(scope)
    due = pd.Series([one.target.due for one in standings], dtype="object")
    return rows.assign(
        due_text=due.where(due.notna(), rows["due_text"]),
        should_share=filled(pd.Series([one.should for one in standings], dtype="object"), NONE),
        share_now=[
            NONE if one.target.goal is None else UNKNOWN if one.share is None else one.share
            for one in standings
        ],
        missing_count=filled(rows["missing_count"], NONE),
    )


def target_parts(scope: Scope) -> pd.DataFrame:
    """The missing parts of all targets, by name."""
    parts = [
        commitments.measured(scope, one.target.target_id).missing.assign(
            target_id=one.target.target_id, target_text=one.target.target
        )
        for one in commitments.standings(scope)
        if one.status != "counted"
    ]
    return pd.concat(parts, ignore_index=True)


def clusters(scope: Scope) -> pd.DataFrame:
    """Clusters with true days."""
    rows = progress_listings.clusters(scope)
    return rows.assign(
        held_text=filled(rows["held_since"], NONE),
        inspected_text=filled(rows["inspected_on"], "没有复检"),
    )


def cluster_months(scope: Scope) -> pd.DataFrame:
    """Clusters in each state at each month end since the first was declared."""
    rows = commitments.cluster_history(scope.snapshot_id, scope.as_of)
    return _counted(rows.rename(columns={"as_of": "月末"}), "月末", STATES)


def reporting_months(scope: Scope) -> pd.DataFrame:
    """Monthly reports by what became of them."""
    rows = commitments.reports(scope.snapshot_id, scope.as_of)
    return _counted(rows.rename(columns={"month": "年月"}), "年月", filings.STATES)


def _counted(rows: pd.DataFrame, by: str, states: dict[str, str]) -> pd.DataFrame:
    """How many `rows` are in each of `states`, a column each, under their labels."""
    counts = pd.crosstab(rows[by], rows["state"]).reindex(columns=list(states), fill_value=0)
    return counts.rename(columns=states).rename_axis(columns=None).reset_index()


def reporters(scope: Scope) -> pd.DataFrame:
    """Units and banks by what they reported, with true days."""
    rows = progress_listings.reporters(scope)
    return rows.assign(last_text=filled(rows["last_on"], progress_listings.NEVER))


def tasks(scope: Scope) -> pd.DataFrame:
    """The tasks of the notice, with true days."""
    rows = progress_listings.task_progress(scope)
    days = filled(pd.to_datetime(rows["last_on"]), progress_listings.NEVER)
    return rows.assign(last_text=days.where(rows["filed"].notna(), UNKNOWN))


def indicators(scope: Scope) -> pd.DataFrame:
    """Monthly indicators, a column each, under their names and units."""
    known = reference.table("indicators")
    names = dict(
        zip(known["indicator_id"], known["indicator"] + "（" + known["unit"] + "）", strict=True)
    )
    rows = monthly_figures.indicators(scope)
    wide = rows.pivot(index="month", columns="indicator_id", values="value")
    wide = wide.reindex(columns=[name for name in names if name in wide]).rename(columns=names)
    wide.index = pd.to_datetime(wide.index)
    return wide.rename_axis(columns=None).rename_axis("年月").reset_index()


def origins(scope: Scope) -> pd.DataFrame:
    """Every number that documents on the scope state, with how it came about."""
    made = statements(scope).values()
    return pd.DataFrame(
        [(one.number, one.label, one.text, one.how, one.clause) for one in made], columns=ORIGINS
    )
