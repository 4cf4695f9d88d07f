"""Measure of each target of the notice: its series by month, and what is missing by name.

The inputs are small tables of the other modules of ``domain``, so that every figure here can be
opened into their rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import pandas as pd

from domain import clusters, filings, province, reported_figures, rules, targets
from domain.typed_rows import cells

HOSPITAL, CAMPUS = "K10", "K11"
FIRST = "FIRST"
ASSESSMENT = ("APPRAISAL", "PRAISE", "SUPERVISION")

MISSING = ["subject", "owner", "lacking"]


@dataclass(frozen=True)
class Facts:
    """Inputs of the measures, of one scope.

    `days` are the ends of the months up to `as_of`, which is the last. `owners` as of
    `domain.owners`; `filings`, `indicators` and `province` rows of the snapshot; `clusters` rows of
    `clusters.history`; `city` of `coverage.city` and `kinds` of `coverage.by_kind` on `days`;
    `venues` rows of `venue_coverage` on the last day, those of the headline, and `register` of all
    tiers; `instances` live scenario instances by day
    (as_of, instances); `area_names` names of counties and zones by id.
    """

    as_of: date
    days: tuple[date, ...]
    owners: pd.DataFrame
    filings: pd.DataFrame
    indicators: pd.DataFrame
    province: pd.DataFrame
    clusters: pd.DataFrame
    city: pd.DataFrame
    kinds: pd.DataFrame
    venues: pd.DataFrame
    register: pd.DataFrame
    instances: pd.DataFrame
    area_names: dict[str, str]


@dataclass(frozen=True)
class Measured:
    """A target's series (as_of, done, owed) and its missing parts: subject, owner, lacking."""

    series: pd.DataFrame
    missing: pd.DataFrame


def measured(target_id: str, facts: Facts) -> Measured:
    """Series and missing parts of `target_id`; filings after `as_of` are left out.

    Raises `KeyError` for a target without a measure.
    """
    known = filings.up_to(facts.filings, facts.as_of)
    return MEASURES[target_id](replace(facts, filings=known))


def _items(target_id: str, facts: Facts) -> Measured:
    """Documents and events that ``target_items.csv`` requires of owners."""
    asked = filings.owed(facts.owners)
    asked = asked[asked["target_id"] == target_id]
    sent = facts.filings[facts.filings["kind_id"].isin(asked["filing_kind"])]
    if sent.empty:
        return _unknown(facts, "还没有登记过这类材料")
    first = sent["filed_on"].min().date()
    items = filings.delivered(asked, facts.filings, facts.as_of)
    absent = items[items["filed_on"].isna()]
    series = targets.at_days(
        facts.days, lambda day: (_filed(items, day) if day >= first else None, len(items))
    )
    names = absent["owner"] + "：" + absent["item"]
    return Measured(series, _missing(names, absent["owner"], "没有收到材料"))


def _growth(facts: Facts) -> Measured:
    """All four series are required; a series without data counts as not rising."""
    known = reported_figures.growth(facts.indicators, facts.instances)

    def at(day: date) -> tuple[float | None, float | None]:
        rising = reported_figures.rising(known, day)["rising"]
        if not rising.notna().any():
            return None, None
        return float(rising.fillna(False).sum()), len(reported_figures.GROWTH)

    now = reported_figures.rising(known, facts.as_of)
    standing = now[~now["rising"].fillna(False).astype(bool)]
    lacking = [
        "上年同月没有数据"
        if pd.isna(before)
        else f"{month:%Y-%m} 为 {value:,.0f}，上年同月 {before:,.0f}，没有上升"
        for month, value, before in cells(standing, "month", "value", "before")
    ]
    absent = [name for name in reported_figures.GROWTH if name not in set(now["name"])]
    missing = _missing([*standing["name"], *absent], "全体", lacking + ["没有数据"] * len(absent))
    return Measured(targets.at_days(facts.days, at), missing)


def _clusters(facts: Facts) -> Measured:
    if facts.clusters.empty:
        return _unknown(facts, "还没有登记过示范聚集区")
    known = facts.clusters["as_of"].min().date()
    days = [day for day in facts.days if day >= known]
    table = clusters.by_owner(facts.clusters, facts.owners, days)
    obliged = table[table["obliged"]]
    series = obliged.groupby("as_of", as_index=False).agg(
        done=("reached_floor", "sum"), owed=("owner_id", "size")
    )
    last = obliged[obliged["as_of"].eq(obliged["as_of"].max())]
    short = last[~last["reached_floor"]]
    floor = rules.count("cluster_floor")
    lacking = [
        f"成熟 {mature} 个，还差 {floor - mature} 个（已申报 {declared} 个）"
        for mature, declared in cells(short, "mature", "declared")
    ]
    return Measured(series, _missing(short["owner"], short["owner"], lacking))


def _coverage(facts: Facts) -> Measured:
    series = facts.city.rename(columns={"covered_verified": "done", "venues": "owed"})
    return Measured(_dated(series), _uncovered(facts, facts.venues))


def _kind(kind_id: str, facts: Facts) -> Measured:
    """Venues of one kind that reach full coverage."""
    kind = facts.kinds[facts.kinds["kind_id"] == kind_id]
    series = kind.rename(columns={"covered": "done", "venues": "owed"})
    venues = facts.register[facts.register["kind_id"] == kind_id]
    return Measured(_dated(series), _uncovered(facts, venues))


def _dated(series: pd.DataFrame) -> pd.DataFrame:
    return series.assign(as_of=pd.to_datetime(series["as_of"]))[["as_of", "done", "owed"]]


def _filed(frame: pd.DataFrame, day: date) -> int:
    """Number of rows filed by `day`."""
    return int((frame["filed_on"] <= pd.Timestamp(day)).sum())


def _province(facts: Facts) -> Measured:
    table = province.standing(facts.province, facts.as_of)
    known = int(table["value"].notna().sum())
    lacking = [
        "没有登记本市的公布数"
        if pd.isna(rank)
        else f"全省第 {rank} 名，最差第 {worst} 名（{month:%Y-%m}，{cities} 市有数）"
        for rank, worst, month, cities in cells(table, "rank", "rank_worst", "month", "cities")
    ]
    series = targets.at_days([facts.as_of], lambda _: (known, len(table)))
    return Measured(series, _missing(table["measure"], "全市", lacking))


def _firsts(facts: Facts) -> Measured:
    firsts = facts.filings[facts.filings["kind_id"] == FIRST]
    if firsts.empty:
        return _unknown(facts, "还没有登记过首创首单")
    proven = firsts["evidence"].fillna("") != ""
    series = targets.at_days(
        facts.days, lambda day: (_filed(firsts[proven], day), _filed(firsts, day))
    )
    bare = firsts[~proven]
    names = bare["owner_id"].map(facts.owners.set_index("owner_id")["owner"])
    return Measured(series, _missing(bare["title"], names, "没有登记文号或佐证"))


def _units(facts: Facts) -> Measured:
    """Units that pay wages, dues or fees in e-CNY, of the units obliged to do so."""
    known = reported_figures.enrolment(facts.indicators)
    last = reported_figures.newest_whole(known, facts.as_of)
    if last.empty:
        return _unknown(facts, "没有收到各县区都报齐的应开展和已开展的单位数")
    enrolled, obliged = reported_figures.ENROLLED, reported_figures.OBLIGED

    def at(day: date) -> tuple[float | None, float | None]:
        table = reported_figures.newest_whole(known, day)
        return (table[enrolled].sum(), table[obliged].sum()) if len(table) else (None, None)

    short = last[last[enrolled] < last[obliged]]
    lacking = [
        f"{month:%Y-%m} 已开展 {units:,.0f} 个，应开展 {due:,.0f} 个"
        for month, units, due in cells(short, "month", enrolled, obliged)
    ]
    names = short["county_code"].map(facts.area_names | {"": "全市"})
    return Measured(targets.at_days(facts.days, at), _missing(names, names, lacking))


def _reports(facts: Facts) -> Measured:
    """Reports on time, of the months whose due day has passed."""
    if not (facts.filings["kind_id"] == filings.REPORT).any():
        return _unknown(facts, "还没有登记过每月信息")
    reports = filings.reporting(facts.filings, facts.owners, facts.as_of)
    due = reports[reports["due_on"] < pd.Timestamp(facts.as_of)]
    due = due.assign(punctual=(due["state"] == "on_time").astype(float))
    by_month = due.groupby("month", as_index=False).agg(
        done=("punctual", "sum"), owed=("punctual", "size")
    )
    series = _dated(by_month.assign(as_of=by_month["month"] + pd.offsets.MonthEnd(0)))
    owing = due[due["month"].eq(due["month"].max()) & (due["state"] != "on_time")]
    lacking = [
        f"{month:%Y-%m} 的信息{filings.STATES[state]}，{due_on:%Y-%m-%d} 前应报"
        + (f"，{received:%Y-%m-%d} 收到" if pd.notna(received) else "")
        for month, state, due_on, received in cells(
            owing, "month", "state", "due_on", "received_on"
        )
    ]
    return Measured(series, _missing(owing["owner"], owing["owner"], lacking))


def _assessment(facts: Facts) -> Measured:
    sent = facts.filings[facts.filings["kind_id"].isin(ASSESSMENT)]
    if sent.empty:
        return _unknown(facts, "还没有登记过考核、表彰、督办材料")
    series = targets.at_days(facts.days, lambda day: (_filed(sent, day), None))
    return Measured(series, _missing([], "", []))


def _unknown(facts: Facts, why: str) -> Measured:
    """A target without any report: unknown, which is not zero."""
    series = targets.at_days(facts.days, lambda _: (None, None))
    return Measured(series, _missing(["全部"], "办公室", why))


def _uncovered(facts: Facts, venues: pd.DataFrame) -> pd.DataFrame:
    short = venues[~venues["covered_verified"].fillna(False)].sort_values(
        "needed", na_position="first"
    )
    where = short["zone_id"].fillna(short["county_code"]).map(facts.area_names).fillna("未定位")
    lacking = [
        f"还差 {needed:,.0f} 家（项）"
        if pd.notna(needed)
        else "应覆盖数待核，先核定"
        if denominator == "unknown"
        else "银行还没有报送，不知道还差多少"
        for needed, denominator in cells(short, "needed", "denominator")
    ]
    return _missing(short["name"], where, lacking)


def _missing(
    subject: pd.Series | list[str], owner: pd.Series | str, lacking: list[str] | str
) -> pd.DataFrame:
    """Rows of `MISSING`; a text stands for all of them."""
    subject = pd.Series(subject, dtype="str").reset_index(drop=True)
    owner = owner if isinstance(owner, str) else owner.astype("str").reset_index(drop=True)
    return pd.DataFrame({"subject": subject, "owner": owner, "lacking": lacking})[MISSING]


MEASURES: dict[str, Callable[[Facts], Measured]] = {
    **{target_id: partial(_items, target_id) for target_id in ("T01", "T02", "T03", "T14")},
    "T04": _growth,
    "T05": _clusters,
    "T06": _coverage,
    "T07": _province,
    "T08": _firsts,
    "T09": partial(_kind, HOSPITAL),
    "T10": partial(_kind, CAMPUS),
    "T11": _units,
    "T12": _reports,
    "T13": _assessment,
}
"""How each target is measured, by its id."""
