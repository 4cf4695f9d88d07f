"""Filings (报送): what every owner has to report to the office, and what arrived when.

Tables are those of the snapshot as frames (a few thousand rows). A month is its first day.
"""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from domain import owners, reference, rules

REPORT = "INFO"  # the monthly piece of news that clause 五(三) asks for
REPORTERS = ("unit", "operator")  # kinds of owner that have to send it
INDUSTRY = "行业主管部门"
STATES = {"on_time": "按时", "late": "迟报", "missing": "未报", "open": "未到期"}
"""States of the report of an owner for a month."""


def due_on(month: date) -> date:
    """Last day on which a report on `month` is on time (`report_due_day` of the next month)."""
    following = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    return following.replace(day=rules.count("report_due_day"))


def months(as_of: date, first: date | None = None) -> list[date]:
    """Months for which a report is required by `as_of`: whole ones, from `first` on.

    None: from `pace_start` on, as is every earlier `first`.
    """
    start, last = rules.day("pace_start"), as_of.replace(day=1)
    first = max(start, first or start)
    return [day.date() for day in pd.date_range(first, last, freq="MS", inclusive="left")]


def reporting(filings: pd.DataFrame, all_owners: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Monthly reports (T12), one row per owner and month.

    `filings` are rows of the snapshot's table, those after `as_of` are not counted; `all_owners`
    rows of `owners.owners`, of which the `REPORTERS` have to send at least one piece a month,
    from the first that anybody reported: nobody knows what was sent before. Columns: owner_id,
    owner, owner_kind, month, due_on, received_on, pieces, state (`STATES`).
    """
    sent = up_to(filings, as_of)
    sent = sent[sent["kind_id"] == REPORT]
    reporters = all_owners[all_owners["owner_kind"].isin(REPORTERS)]
    owed = reporters[["owner_id", "owner", "owner_kind"]]
    begun = sent["month"].min()
    owing = [] if pd.isna(begun) else months(as_of, begun.date())
    calendar = pd.DataFrame({"month": pd.to_datetime(owing)})
    calendar["due_on"] = pd.to_datetime([due_on(day.date()) for day in calendar["month"]])
    first = sent.groupby(["owner_id", "month"], as_index=False).agg(
        received_on=("filed_on", "min"), pieces=("filing_id", "size")
    )
    table = owed.merge(calendar, how="cross").merge(first, on=["owner_id", "month"], how="left")
    received = table["received_on"].notna()
    in_time, over = table["received_on"] <= table["due_on"], table["due_on"] < pd.Timestamp(as_of)
    conditions = [received & in_time, received, over]
    state = np.select(conditions, ["on_time", "late", "missing"], default="open")
    return table.assign(pieces=table["pieces"].fillna(0).astype(int), state=state)


def by_owner(reports: pd.DataFrame) -> pd.DataFrame:
    """Rows of `reporting` by owner, those with the most missing first.

    Columns: owner_id, owner, owner_kind, expected (months past their due day or with a report),
    received, on_time, last_on (last day on which a report came), missing, on_time_share (0 to 1),
    missing_months (the newest three without a report).
    """
    due = reports[reports["state"] != "open"]
    due = due.assign(punctual=(due["state"] == "on_time").astype("int64"))
    by = due.groupby(["owner_id", "owner", "owner_kind"], as_index=False, sort=False)
    table = by.agg(
        expected=("month", "size"),
        received=("received_on", "count"),
        on_time=("punctual", "sum"),
        last_on=("received_on", "max"),
    )
    without = due[due["state"] == "missing"].sort_values("month", ascending=False)
    newest = without.assign(text=without["month"].dt.strftime("%Y-%m")).groupby("owner_id").head(3)
    named = newest.groupby("owner_id")["text"].agg("、".join)
    table = table.assign(
        missing=table["expected"] - table["received"],
        on_time_share=table["on_time"] / table["expected"],
        missing_months=table["owner_id"].map(named).fillna(""),
    )
    order = ["missing", "on_time_share", "owner_id"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def reminders(reports: pd.DataFrame) -> pd.DataFrame:
    """Rows of `reporting` for the last month whose report has not come, banks last.

    State 'open' before the due day, 'missing' after it.
    """
    last = reports[reports["month"].eq(reports["month"].max())]
    return last[last["received_on"].isna()].reset_index(drop=True)


def owed(all_owners: pd.DataFrame) -> pd.DataFrame:
    """Every single document or event that ``target_items.csv`` requires of an owner.

    Columns: target_id, item, filing_kind, owner_id, owner, owner_kind.
    """
    items = reference.table("target_items")
    kinds = {name: kind for kind, name in owners.KINDS.items()} | {INDUSTRY: "industry"}
    industry = all_owners[all_owners["industry"]].assign(asked="industry")
    asked = pd.concat([all_owners.assign(asked=all_owners["owner_kind"]), industry])
    table = items.assign(asked=items["owed_by"].map(kinds)).merge(asked, on="asked")
    return table[["target_id", "item", "filing_kind", "owner_id", "owner", "owner_kind"]]


def delivered(asked: pd.DataFrame, filings: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Rows of `owed` with the first filing that meets each: filed_on, title, evidence, or null."""
    sent = up_to(filings, as_of).sort_values("filed_on")
    first = sent.drop_duplicates(["owner_id", "kind_id"]).rename(columns={"kind_id": "filing_kind"})
    columns = ["owner_id", "filing_kind", "filed_on", "title", "evidence"]
    return asked.merge(first[columns], on=["owner_id", "filing_kind"], how="left")


def up_to(filings: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Rows of `filings` received by `as_of`."""
    return filings[filings["filed_on"] <= pd.Timestamp(as_of)]
