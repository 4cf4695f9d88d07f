"""The thirty tasks of annex 2: lead unit, live scenario kinds, and gaps in responsibility."""

from collections.abc import Set
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd
from ibis import _

from domain import owners, reference
from domain.venues import shop_of

PROGRESS = ("PROGRESS", "FIRST")  # filings that report on a task
LEDGERS = {"scenarios": "instances", "merchants": "shops", "filings": "filed"}
"""Tables that tell how tasks move, and the column of `progress` that each fills."""
BEYOND = {"X1": "宣传推广", "X2": "舆情应对"}  # tasks that no scenario kind stands for


def live_cases(merchant_states: ir.Table, scenario_states: ir.Table) -> ir.Table:
    """Open records of every scenario kind by day: as_of, scenario_id, instances, shops, verified.

    `instances` are records of the scenario ledger and `shops` merchants (each once) that are open;
    the two are never added. `verified` counts the records of either that are verified.
    """
    flags = ("as_of", "scenario_id", "opened", "verified")
    shops = merchant_states.select(
        *flags, shop=shop_of(merchant_states), instance=ibis.literal(False)
    )
    instances = scenario_states.select(*flags, shop=_.scenario_key, instance=ibis.literal(True))
    rows = ibis.union(shops, instances).filter(_.opened, _.scenario_id.notnull())
    return (
        rows.group_by("as_of", "scenario_id")
        .agg(
            instances=rows.shop.nunique(where=rows.instance),
            shops=rows.shop.nunique(where=~rows.instance),
            verified=rows.shop.nunique(where=rows.verified),
        )
        .order_by("as_of", "scenario_id")
    )


def progress(
    cases: pd.DataFrame, filings: pd.DataFrame, as_of: date, told: Set[str] = LEDGERS.keys()
) -> pd.DataFrame:
    """The tasks in order, with their live scenario kinds and filings.

    `cases` are rows of `live_cases` of one day, `filings` those of the snapshot. What a table tells
    that is not among the `told` is null, and so are kinds_live where none is known. Columns:
    task_no, task, lead_unit (as named on the day), owner_id, scenarios (names), kinds, kinds_live,
    instances, shops, filed (number of filings on it), last_on (day of the last), moving (whether
    anything is live or was filed; null where nothing is known of it and something is not told).
    """
    tasks = reference.table("tasks")
    names = owners.names(as_of)
    scenario = reference.labels("scenarios", "scenario_id", "scenario") | BEYOND
    owner_id = tasks["lead_unit"].map(owners.aliases())
    each = tasks.assign(scenario_id=tasks["scenario_ids"].str.split(";")).explode("scenario_id")
    each = each.merge(cases, on="scenario_id", how="left").fillna({"instances": 0, "shops": 0})
    each["live"] = each["instances"] + each["shops"] > 0
    sums = each.groupby("task_no").agg(
        kinds=("scenario_id", lambda ids: int((~ids.isin(list(BEYOND))).sum())),
        kinds_live=("live", "sum"),
        instances=("instances", "sum"),
        shops=("shops", "sum"),
        scenarios=("scenario_id", lambda ids: "、".join(ids.map(scenario))),
    )
    sent = filings[filings["filed_on"] <= pd.Timestamp(as_of)]
    sent = sent[sent["kind_id"].isin(PROGRESS) & sent["task_no"].notna()]
    filed = sent.groupby("task_no").agg(filed=("filing_id", "size"), last_on=("filed_on", "max"))
    table = tasks.drop(columns="scenario_ids").assign(
        owner_id=owner_id, lead_unit=owner_id.map(names).fillna(tasks["lead_unit"])
    )
    table = table.merge(sums, on="task_no").merge(filed, on="task_no", how="left")
    numbers = ["kinds_live", "instances", "shops", "filed"]
    table[numbers] = table[numbers].fillna(0).astype("Int64")
    moving = ((table["kinds_live"] > 0) | (table["filed"] > 0)).astype("boolean")
    if not LEDGERS.keys() <= told:
        moving = moving.where(moving)
    if not {"scenarios", "merchants"} <= told:
        table["kinds_live"] = table["kinds_live"].where(table["kinds_live"] > 0)
    table[[column for ledger, column in LEDGERS.items() if ledger not in told]] = pd.NA
    return table.assign(moving=moving)


def blanks(cases: pd.DataFrame, tasks: pd.DataFrame) -> pd.DataFrame:
    """Gaps in responsibility or progress (责任空白): blank (the kind of gap), subject, why.

    They are scenario kinds without a task, kinds without a live case, and tasks without progress.
    `cases` are rows of `live_cases` of one day, `tasks` rows of `progress`: where these do not know
    what is live, nothing is said of what is not.
    """
    scenarios = reference.table("scenarios")
    covered = set(";".join(reference.table("tasks")["scenario_ids"]).split(";"))
    live = cases[cases["instances"] + cases["shops"] > 0]["scenario_id"]
    where = scenarios["field_id"].map(reference.labels("fields", "field_id", "clause"))
    label = scenarios["scenario_id"] + " " + scenarios["scenario"]
    free = ~scenarios["scenario_id"].isin(covered)
    known = bool(tasks[["instances", "shops"]].notna().all(axis=None))
    idle = ~scenarios["scenario_id"].isin(live) & known
    stuck = tasks[~tasks["moving"].fillna(value=True)]
    led = free[idle].map({True: "也没有任务覆盖", False: "有牵头单位，尚无实例"})
    parts = {
        "没有任务覆盖的场景": (label[free], "见通知" + where[free]),
        "没有一例上线的场景": (label[idle], led),
        "没有进展的任务": (stuck["task_no"] + " " + stuck["task"], stuck["lead_unit"]),
    }
    tables = [
        pd.DataFrame({"blank": blank, "subject": subject, "why": why})
        for blank, (subject, why) in parts.items()
    ]
    return pd.concat(tables, ignore_index=True)
