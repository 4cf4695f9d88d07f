"""What the demo's units and banks filed with the office: invented, and every title says so.

``data/demo/filings.csv`` gives the day of what is filed once, ``filers.csv`` how regularly each
owner files its monthly report.
"""

import numpy as np
import pandas as pd

from demo.lifecycles import AS_OF, MONTHS, START
from demo.street_places import facts
from domain import owners, rules
from domain.reference import labels, table

TITLES = {
    "INFO": "{owner}{month}数字人民币工作信息",
    "PROGRESS": "{owner}重点任务进展第{number}期",
    "FIRST": "{scenario}首单应用",
}
TITLE = "{owner}{kind}"  # of all other kinds
INVENTED = "（演示）"
EARLY, TWICE = 0.3, 0.05  # of the reports on time come within the month; a second one is sent
SILENT_TASKS = ("3", "10", "21", "29")  # of which nobody ever reported
MOST_PROGRESS = 8
FIRSTS = 20
EVIDENCE = "演示首单第{number}号"
OLD_NAME_DAYS = 60  # a renamed unit still signs with its old name


def filings(rng: np.random.Generator) -> pd.DataFrame:
    """One row a filing, by day; '' or NaT where there is nothing to say.

    Columns: filing_id, owner_id, owner (the name it signs with), kind_id, title, month, filed_on,
    task_no, scenario_id, county_code, evidence.
    """
    once = facts("filings").assign(filed_on=lambda t: pd.to_datetime(t["filed_on"]))
    frame = pd.concat([once, _monthly(rng), _progress(rng), _firsts(rng)], ignore_index=True)
    frame["month"] = frame["month"].astype("datetime64[s]")
    frame["filed_on"] = frame["filed_on"].astype("datetime64[s]")
    frame = frame.sort_values(["filed_on", "kind_id", "owner_id"], kind="stable", ignore_index=True)
    said = ["number", "task_no", "scenario_id", "county_code", "evidence"]
    frame[said] = frame[said].fillna("")
    frame["owner"] = _signed_by(frame)
    frame["filing_id"] = [f"B{i:05d}" for i in range(1, len(frame) + 1)]
    return frame.assign(title=_titles(frame)).drop(columns="number")


def _monthly(rng: np.random.Generator) -> pd.DataFrame:
    """Reports of every month, on time, late or missing as each owner is used to."""
    filers = facts("filers")
    owner, month = map(np.ravel, np.indices((len(filers), len(MONTHS))))
    again = rng.random(len(owner)) < TWICE
    owner, month = np.append(owner, owner[again]), np.append(month, month[again])
    draw = rng.random(len(owner))
    on_time = draw < filers["on_time"].to_numpy()[owner]
    missing = draw >= 1 - filers["missing"].to_numpy()[owner]
    due = rules.count("report_due_day")
    early = rng.random(len(owner)) < EARLY
    days = np.select(
        [on_time & early, on_time],
        [rng.integers(-6, 0, len(owner)), rng.integers(0, due, len(owner))],
        rng.integers(due, due + 25, len(owner)),
    )
    filed_on = (MONTHS[month] + 1).astype("datetime64[D]") + days
    sent = ~missing & (filed_on <= AS_OF)
    frame = pd.DataFrame(
        {
            "owner_id": filers["owner_id"].to_numpy()[owner],
            "kind_id": "INFO",
            "month": MONTHS[month].astype("datetime64[s]"),
            "filed_on": filed_on.astype("datetime64[s]"),
        }
    )
    return frame[sent]


def _progress(rng: np.random.Generator) -> pd.DataFrame:
    """Reports on the tasks by the units that lead them; of some tasks there is none."""
    tasks = table("tasks")
    tasks = tasks[~tasks["task_no"].isin(SILENT_TASKS)]
    rows = tasks.loc[tasks.index.repeat(rng.integers(1, MOST_PROGRESS + 1, len(tasks)))]
    days = START + rng.integers(30, (AS_OF - START).astype(int), len(rows))
    kinds = set(table("scenarios")["scenario_id"])
    scenarios = [
        rng.choice([one for one in ids.split(";") if one in kinds] or [""])
        for ids in rows["scenario_ids"]
    ]
    frame = pd.DataFrame(
        {
            "owner_id": rows["lead_unit"].map(owners.aliases()),
            "kind_id": "PROGRESS",
            "filed_on": days.astype("datetime64[s]"),
            "task_no": rows["task_no"],
            "scenario_id": scenarios,
        }
    ).sort_values(["task_no", "filed_on"], kind="stable")
    return frame.assign(number=(frame.groupby("task_no").cumcount() + 1).astype(str))


def _firsts(rng: np.random.Generator) -> pd.DataFrame:
    """First applications (首单): each with its county and an evidence number that is invented."""
    banks = facts("banks")
    county = rng.choice(table("counties")["county_code"].to_numpy(dtype=object), FIRSTS)
    bank = rng.choice(
        banks["operator_id"].to_numpy(dtype=object), FIRSTS, p=banks["share"] / banks["share"].sum()
    )
    days = START + np.sort(rng.integers(60, (AS_OF - START).astype(int), FIRSTS))
    scenarios = table("scenarios")["scenario_id"].to_numpy(dtype=object)
    return pd.DataFrame(
        {
            "owner_id": np.where(rng.random(FIRSTS) < 0.4, county, bank),
            "kind_id": "FIRST",
            "filed_on": days.astype("datetime64[s]"),
            "scenario_id": rng.permutation(scenarios)[:FIRSTS],
            "county_code": county,
            "evidence": [EVIDENCE.format(number=i) for i in range(1, FIRSTS + 1)],
        }
    )


def _signed_by(frame: pd.DataFrame) -> list[str]:
    """Name that the owner signs with: that of some weeks before."""
    renamed = sorted({pd.Timestamp(day) for day in table("unit_names")["start"] if day})
    names = [owners.names(day) for day in (MONTHS[0].item(), *(one.date() for one in renamed))]
    day = frame["filed_on"] - pd.Timedelta(days=OLD_NAME_DAYS)
    period = np.searchsorted(np.array(renamed, dtype="datetime64[s]"), day, side="right")
    return [names[i][code] for i, code in zip(period, frame["owner_id"], strict=True)]


def _titles(frame: pd.DataFrame) -> list[str]:
    kinds = labels("filing_kinds", "kind_id", "kind")
    scenarios = labels("scenarios", "scenario_id", "scenario")
    months = frame["month"].dt.strftime("%Y年%m月").fillna("").str.replace("年0", "年")
    return [
        TITLES.get(row.kind_id, TITLE).format(
            owner=row.owner,
            kind=kinds[row.kind_id],
            month=month,
            number=row.number,
            scenario=scenarios.get(row.scenario_id, ""),
        )
        + INVENTED
        for row, month in zip(frame.itertuples(), months, strict=True)
    ]
