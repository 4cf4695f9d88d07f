"""Venues, gaps and ranks as pages and documents list them: with names for codes."""

from dataclasses import asdict, fields, replace
from datetime import date
from typing import NamedTuple

import pandas as pd

from domain import reference
from domain.ranking import BANDS
from domain.typed_rows import cells, rows
from presentation import labels
from presentation.labels import STATE_LABELS, STATUS_LABELS, YES_NO, with_names
from queries import attainment, plans
from queries.engine import remembered
from queries.scope import Scope

FEW = "场所少，名次易变"
DENOMINATOR = ("declared", "listed", "adopted")  # 名册数、名单数、采用数, wherever one stands
SUBJECTS = {"owner": "responsible", "operator": "operator"}  # column of the name on its board


@remembered
def areas(scope: Scope) -> pd.DataFrame:
    """Counties and zones: covered, share, change since last month, what is missing."""
    now = attainment.areas(scope)
    before = attainment.areas(replace(scope, as_of=attainment.month_before(scope.as_of)))
    frame = now.merge(
        before[["area_id", "share_verified"]], on="area_id", how="left", suffixes=("", "_before")
    )
    return frame.assign(
        covered=frame["covered_verified"],
        share=frame["share_verified"],
        delta=(frame["share_verified"] - frame["share_verified_before"]) * 100,
    ).sort_values(["area_kind", "area_id"], ignore_index=True)


def worst_first(scope: Scope) -> pd.DataFrame:
    """`areas` of the whole city from the worst to the best, with what takes each to the due line.

    The columns are those of `plans.ToDue`, null where it is unknown.
    """
    table = areas(replace(scope, area_id=""))
    table = table.sort_values("share", na_position="first", kind="stable", ignore_index=True)
    ways = [plans.to_due(replace(scope, area_id=area)) for area in table["area_id"]]
    columns = [field.name for field in fields(plans.ToDue)]
    return table.join(pd.DataFrame([asdict(way) if way else {} for way in ways], columns=columns))


def changes(changed: pd.DataFrame) -> pd.DataFrame:
    """Venues newly covered or lapsed, with names for codes."""
    labels = {"covered": "新达标", "lapsed": "退出达标"}
    frame = with_names(changed).rename(columns={"name": "venue"})
    return frame.assign(change=frame["change"].map(labels)).sort_values(
        ["change", "venue"], ignore_index=True
    )


@remembered
def short(scope: Scope) -> pd.DataFrame:
    """`attainment.plan` with names for codes, `department` and `with_denominators`."""
    plan = with_names(attainment.plan(scope)).rename(columns={"name": "venue"})
    return with_denominators(plan.assign(department=plan["owner"]), scope)


@remembered
def unconfirmed(scope: Scope) -> pd.DataFrame:
    """`unknown` venues of the scope `with_denominators`."""
    return with_denominators(unknown(attainment.venues(scope)), scope)


def missing(shops: pd.DataFrame) -> pd.DataFrame:
    """Named missing shops with names for codes."""
    frame = with_names(shops)
    return frame.assign(
        state_label=frame["state"].map(STATE_LABELS),
        cash_point=frame["public_cash_point"].map(YES_NO),
    )


def links(lacking: pd.DataFrame) -> pd.DataFrame:
    """Missing links with their names, and whether a record of it exists."""
    frame = with_names(lacking).rename(columns={"name": "venue"})
    return frame.assign(
        link=frame["scenario_id"].map(reference.labels("scenarios", "scenario_id", "scenario")),
        recorded_label=frame["recorded"].map({True: "有记录，未验证", False: "还没有"}),
    )


def with_denominators(frame: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """`frame`, which has venue_id, with `DENOMINATOR`, and in words `adopted_text` and a note.

    `adopted_text` has the register's and the lists' count in brackets; `denominator_note` names
    both sources of a denominator that the lists raise above the register's count.
    """
    day = _denominators(Scope(scope.snapshot_id, scope.as_of, sight=scope.sight))
    own = frame.drop(columns=[name for name in day if name in frame and name != "venue_id"])
    return own.merge(day, on="venue_id", how="left").set_axis(frame.index)


@remembered
def _denominators(city: Scope) -> pd.DataFrame:
    """Denominators of every venue of the city on its day, in numbers and words."""
    table = attainment.denominators_of(city)
    found = list(rows(table, _Denominator))
    return table.assign(
        adopted_text=[_counted(row) for row in found],
        denominator_note=[_raised(row) for row in found],
    )


class _Denominator(NamedTuple):
    declared: float
    listed: float
    adopted: float
    raised: bool
    eligible_source: str
    eligible_on: date
    listed_by: str


def _counted(row: _Denominator) -> str:
    adopted, declared, listed = (
        "未知" if pd.isna(count) else f"{count:,.0f}"
        for count in (row.adopted, row.declared, row.listed)
    )
    return adopted if pd.isna(row.listed) else f"{adopted}（{declared}/{listed}）"


def _raised(row: _Denominator) -> str:
    if not row.raised:
        return ""
    day = "" if pd.isna(row.eligible_on) else f"，{row.eligible_on:%Y-%m-%d}"
    source = "未写来源" if pd.isna(row.eligible_source) else row.eligible_source
    banks = labels.named(labels.bank_names(pd.Series(row.listed_by.split(";"))))
    return (
        f"名册{row.declared:.0f}家（{source}{day}），名单{row.listed:.0f}家（{banks}报送），"
        f"采用{row.adopted:.0f}家"
    )


def unknown(venues: pd.DataFrame) -> pd.DataFrame:
    """Venues whose denominator is unknown."""
    frame = venues[venues["denominator"] == "unknown"]
    return with_names(frame).rename(columns={"name": "venue"})


@remembered
def register(scope: Scope) -> pd.DataFrame:
    """Venues of the scope with labels for all that the table of the register shows."""
    frame = with_denominators(with_names(attainment.venues(scope)), scope)
    return frame.assign(
        venue=frame["name"],
        department=frame["owner"].fillna("—"),
        eligible_on=pd.to_datetime(frame["eligible_on"]).dt.strftime("%Y-%m-%d").fillna("—"),
        eligible_source=frame["eligible_source"].fillna("—"),
        status_label=frame["status"].map(STATUS_LABELS),
        covered_contracted_label=frame["covered_contracted"].map(YES_NO),
        covered_active_label=frame["covered_active"].map(YES_NO),
        outline_label=frame["outline"].notna().map({True: "有", False: "没有"}),
    ).sort_values(["tier", "kind_id", "venue_id"], ignore_index=True)


def owed_by_operator(shops: pd.DataFrame) -> pd.DataFrame:
    """Operators by the named shops they still owe."""
    return shops["operator"].value_counts().rename_axis("operator").reset_index(name="owed")


def board(ranks: pd.DataFrame, kind: str) -> pd.DataFrame:
    """A board with its labels: rank, tie, band, possible ranks, change since last month.

    `unknown_share` is what the venues of unknown denominator would add if all were covered.
    """
    frame = ranks.sort_values(["rank", "area_id"], na_position="last", ignore_index=True)
    ranked = frame["rank"].notna()
    return frame.assign(
        **{SUBJECTS.get(kind, "area"): frame["area"]},
        rank_label=rank_label(frame),
        rank_range=[
            "—" if pd.isna(best) else labels.rank_range(int(best), int(worst))
            for best, worst in cells(frame, "rank_best", "rank_worst")
        ],
        unknown_share=frame["high"] - frame["low"],
        delta=(frame["share"] - frame["share_before"]) * 100,
        rank_last=frame["rank_before"].astype("Int64").astype("string").fillna("—"),
        band_label=frame["band"].map(BANDS).fillna("—"),
        caution=frame["reason"].where(~(ranked & frame["small"]), FEW),
    )


def rank_label(frame: pd.DataFrame) -> pd.Series:
    """Ranks as text, with ties marked; 不排名 where there is none."""
    label = frame["rank"].astype("Int64").astype("string").fillna("不排名")
    return label.where(~(frame["rank"].notna() & frame["tied"]), label + "（并列）")
