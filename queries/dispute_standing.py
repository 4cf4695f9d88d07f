"""Disputes as they stand, how banks answer them, and what may be questioned."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

import ibis.expr.types as ir
import pandas as pd

from domain import dispute_rules, owners, reference
from domain.dispute_rules import Dispute
from domain.visitors import Visitor
from queries import commitments
from queries.engine import Engine, engine
from queries.scope import Scope
from store import dispute_register, snapshot_store

FOUND = 50  # records that one search gives
SUBJECT = ["kind", "key", "name", "county_code", "zone_id", "operator_id", "unit_id"]
"""What is questioned, and whom it concerns."""
COLUMNS = [
    "number", *SUBJECT, "reason", "sentence", "status", "raised_on", "raised_by", "due_on",
    "against_role", "against_unit", "answered", "answered_in", "reopened", "last_on",
]  # fmt: skip


def now() -> list[Dispute]:
    """Every dispute on the records of the version in force, the newest first."""
    store = snapshot_store.default()
    snapshot = store.current()
    if snapshot is None:
        return []
    return list(dispute_register.disputes(store.ledger_of(snapshot)).values())[::-1]


def of_version(scope: Scope) -> pd.DataFrame:
    """The disputes that the scope's version knew, as they stood when it was published.

    Those on which something was done since the month of the scope's day began, and those that were
    not ruled on yet; only of the scope's area and bank. So a document of a version stays the same.
    """
    store = snapshot_store.default()
    snapshot = store.snapshot(scope.snapshot_id)
    facts = snapshot.manifest
    known = replace(store.ledger_of(snapshot), until=facts["ledger_version"])
    published = datetime.fromisoformat(facts["created_at"]).astimezone().date()
    found = rows(list(dispute_register.disputes(known).values()), published)
    waiting = ~found["status"].isin(dispute_rules.ENDED)
    found = found[waiting | (found["last_on"] >= scope.as_of.replace(day=1))]
    if scope.area_id:
        here = (found["county_code"] == scope.area_id) | (found["zone_id"] == scope.area_id)
        found = found[here]
    if scope.operator_id:
        found = found[found["operator_id"] == scope.operator_id]
    return found.reset_index(drop=True)


def rows(disputes: Sequence[Dispute], today: date) -> pd.DataFrame:
    """`disputes` as a table: `COLUMNS`, days as dates, `answered_in` in working days."""
    found = [
        asdict(one.subject)
        | {
            "number": one.number,
            "reason": one.reason.reason,
            "sentence": one.steps[0].body["sentence"],
            "status": dispute_rules.status(one, today),
            "raised_on": one.steps[0].day,
            "raised_by": one.steps[0].by,
            "due_on": one.due_on,
            "against_role": one.subject.against[0],
            "against_unit": one.subject.against[1],
            "answered": one.answered,
            "answered_in": one.answered_in,
            "reopened": one.reopened,
            "last_on": one.steps[-1].day,
        }
        for one in disputes
    ]
    frame = pd.DataFrame(found, columns=COLUMNS)
    for name in ("answered", "reopened"):
        frame[name] = frame[name].astype("bool")
    frame["answered_in"] = frame["answered_in"].astype("Int64")
    return frame


def by_party(table: pd.DataFrame) -> pd.DataFrame:
    """How those who answer for what is questioned do: the most upheld first.

    `table` is that of `rows`. Columns: against_role, against_unit, disputes, answered_count,
    overdue, upheld, dismissed and median_days, working days to the first answer, null without any.
    """
    named = table[table["against_role"] != ""]
    groups = named.assign(
        answered_count=named["answered"],
        **{name: named["status"] == name for name in ("overdue", "upheld", "dismissed")},
        days=named["answered_in"].astype("Float64"),
    ).groupby(["against_role", "against_unit"], as_index=False)
    counts = groups.agg(
        disputes=("number", "size"),
        answered_count=("answered_count", "sum"),
        overdue=("overdue", "sum"),
        upheld=("upheld", "sum"),
        dismissed=("dismissed", "sum"),
        median_days=("days", "median"),
    )
    order = ["upheld", "overdue", "against_unit"]
    return counts.sort_values(order, ascending=[False, False, True], ignore_index=True)


def search(scope: Scope, kind: str, text: str, who: Visitor) -> pd.DataFrame:
    """Records of `kind` that `who` may question and that say every word of `text`.

    Columns are `SUBJECT`, but for the kind, and `about`, what tells one from another of its name.
    At most `FOUND`.
    """
    words = text.split()
    if kind == "cluster":
        found = _clusters(scope)
    elif kind == "figure":
        found = _figures(scope)
    else:
        ask = _shops if kind == "shop" else _venues
        found = engine(scope.snapshot_id).read(lambda data: ask(data, words, who))
        found = found.assign(unit_id="" if kind == "shop" else _units(found["owner"]))
    found = found.assign(kind=kind).fillna("")
    said = found["key"] + " " + found["name"] + " " + found["about"]
    hit = pd.Series(True, found.index)
    for word in words:
        hit &= said.str.contains(word, regex=False)
    found = found[hit]
    mine = [
        dispute_rules.concerns(who, dispute_rules.Subject(*cells))
        for cells in found[SUBJECT].itertuples(index=False, name=None)
    ]
    return found[pd.Series(mine, found.index, dtype="bool")].head(FOUND).reset_index(drop=True)


def _shops(data: Engine, words: list[str], who: Visitor) -> ir.Table:
    return _saying(data.table("merchants"), "merchant_key", words, who)


def _venues(data: Engine, words: list[str], who: Visitor) -> ir.Table:
    return _saying(data.table("venues"), "venue_id", words, who, "owner")


def _saying(table: ir.Table, key: str, words: list[str], who: Visitor, *more: str) -> ir.Table:
    """Records that say all `words`, of a bank or an area only its own."""
    own: dict[str, Callable[[], ir.BooleanValue]] = {
        "bank": lambda: table.operator_id == who.unit,
        "county": lambda: (table.county_code == who.unit) | (table.zone_id == who.unit),
    }
    if who.role in own:
        table = table.filter(own[who.role]())
    said = table[key] + " " + table.name.fill_null("") + " " + table.address.fill_null("")
    table = table.filter(*(said.contains(word) for word in words)) if words else table
    shown = table.select(
        *more, "name", "county_code", "zone_id", "operator_id", key=table[key], about=table.address
    )
    return shown.order_by("key").limit(FOUND if not more else FOUND * 20)


def _units(stated: pd.Series) -> pd.Series:
    """The departments with these names."""
    ids, units = owners.aliases(), reference.labels("units", "unit_id", "unit")
    return (
        stated.fillna("")
        .map(lambda name: ids.get(name.strip(), ""))
        .where(lambda found: found.isin(list(units)), "")
    )


def _clusters(scope: Scope) -> pd.DataFrame:
    found = commitments.rows(scope.snapshot_id, "clusters")
    ids = found["owners"].fillna("").str.split(";")
    banks = reference.labels("operators", "operator_id", "operator")
    units = reference.labels("units", "unit_id", "unit")
    return pd.DataFrame(
        {
            "key": found["cluster_id"],
            "name": found["name"],
            "about": found["address"],
            "county_code": found["county_code"],
            "zone_id": found["zone_id"],
            "operator_id": [next((i for i in one if i in banks), "") for one in ids],
            "unit_id": [next((i for i in one if i in units), "") for one in ids],
        }
    )


def _figures(scope: Scope) -> pd.DataFrame:
    """Monthly figures, the newest first."""
    found = commitments.rows(scope.snapshot_id, "indicators")
    found = found.sort_values("month", ascending=False, kind="stable").reset_index(drop=True)
    codes = {name: found[name].fillna("") for name in ("county_code", "operator_id")}
    month = found["month"].dt.strftime("%Y-%m-%d")
    county = codes["county_code"].map(reference.labels("counties", "county_code", "name"))
    bank = codes["operator_id"].map(reference.labels("operators", "operator_id", "operator"))
    name = found["indicator_id"].map(reference.labels("indicators", "indicator_id", "indicator"))
    parts = [month.str[:7], county.fillna("全市"), bank.fillna("全部机构"), name]
    keys = [month, codes["county_code"], codes["operator_id"], found["indicator_id"]]
    return pd.DataFrame(
        {
            "key": keys[0].str.cat(keys[1:], "|"),
            "name": parts[0].str.cat(parts[1:], " "),
            "about": found["value"].map("{:,g}".format),
            **codes,
            "zone_id": "",
            "unit_id": "",
        }
    )
