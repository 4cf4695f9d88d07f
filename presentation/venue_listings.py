"""Venues, gaps and ranks as pages and documents list them: with names for codes."""

from dataclasses import replace

import pandas as pd

from domain import reference
from domain.ranking import TIERS
from presentation.labels import STATE_LABELS, STATUS_LABELS, YES_NO, with_names
from queries import attainment
from queries.scope import Scope

FEW = "场所少，名次易变"
SUBJECTS = {"owner": "responsible", "operator": "operator"}  # column of the name on its board


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


def changes(changed: pd.DataFrame) -> pd.DataFrame:
    """Venues newly covered or lapsed, with names for codes."""
    labels = {"covered": "新达标", "lapsed": "退出达标"}
    frame = with_names(changed).rename(columns={"name": "venue"})
    return frame.assign(change=frame["change"].map(labels)).sort_values(
        ["change", "venue"], ignore_index=True
    )


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


def unknown(venues: pd.DataFrame) -> pd.DataFrame:
    """Venues whose denominator is unknown."""
    frame = venues[venues["denominator"] == "unknown"]
    return with_names(frame).rename(columns={"name": "venue"})


def register(scope: Scope) -> pd.DataFrame:
    """Venues of the scope with labels for all that the table of the register shows."""
    frame = with_names(attainment.venues(scope))
    return frame.assign(
        venue=frame["name"],
        department=frame["owner"].fillna("—"),
        declared=frame["eligible_count"],
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
    """A board with its labels: rank, tie, tier, possible ranks, change since last month."""
    frame = ranks.sort_values(["rank", "area_id"], na_position="last", ignore_index=True)
    ranked = frame["rank"].notna()
    best, worst = frame["rank_best"].astype("Int64"), frame["rank_worst"].astype("Int64")
    return frame.assign(
        **{SUBJECTS.get(kind, "area"): frame["area"]},
        rank_label=rank_label(frame),
        rank_range=(best.astype("string") + "–" + worst.astype("string")).fillna("—"),
        delta=(frame["share"] - frame["share_before"]) * 100,
        rank_last=frame["rank_before"].astype("Int64").astype("string").fillna("—"),
        tier_label=frame["tier"].map(TIERS).fillna("—"),
        caution=frame["reason"].where(~(ranked & frame["small"]), FEW),
    )


def rank_label(frame: pd.DataFrame) -> pd.Series:
    """Ranks as text, with ties marked; 不排名 where there is none."""
    label = frame["rank"].astype("Int64").astype("string").fillna("不排名")
    return label.where(~(frame["rank"].notna() & frame["tied"]), label + "(并列)")
