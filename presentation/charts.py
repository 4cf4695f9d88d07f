"""The charts of courses and of progress, as specifications: rows of a question in, `Chart` out."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from domain import clusters, filings, rules
from domain.targets import STATUS, Standing
from presentation import labels, progress_listings, wording
from presentation.chart_spec import Chart, Dash, Line, Series, rounded
from presentation.labels import percent
from presentation.palette import (
    BASIS_COLOURS,
    BASIS_LABELS,
    CLUSTER_COLOURS,
    DUE,
    MAIN,
    MUTED,
    REPORT_COLOURS,
    STATUS_COLOURS,
    WARN,
    WAYS,
)

_PHASE = "#9fbcd9"
TARGETS = {"已达到": "held", "进行中": "on_pace", "落后进度": "behind", "到期未达到": "missed"}
_DASHES: dict[str, Dash] = {"solid": "solid", "dot": "dot", "dash": "dash"}


def trend(months: pd.DataFrame, due: list[float]) -> Chart:
    """Share of covered venues by month in three bases, against where it should be.

    `months` has as_of, venues, share_<basis> (0 to 1) and dated, where what is signed follows
    from the days of signing alone; `due` is the due share of each row.
    """
    dated, signed = months["dated"], months["share_contracted"]
    frame = months.assign(
        as_of=pd.to_datetime(months["as_of"]),
        due=due,
        share_contracted=signed.mask(dated),
        share_dated=signed.where(dated | dated.shift(fill_value=False)),  # up to the others
    )
    lines = tuple(
        Series(f"share_{basis}", BASIS_LABELS[basis], colour=colour,
               width=3 if basis == "verified" else 1.8)
        for basis, colour in BASIS_COLOURS.items()
    )  # fmt: skip
    back = Series(
        "share_dated",
        f"{BASIS_LABELS['contracted']}（按签约日期）",
        colour=BASIS_COLOURS["contracted"],
        width=1.8,
        dash="dot",
    )
    known = len(months) and months["venues"].any()
    note = wording.reaching_back(months) if known else ""
    return Chart(
        frame if known else frame.iloc[:0],
        "as_of",
        (*([back] if dated.any() else []), *lines,
         Series("due", "应达线", colour=DUE, width=2, dash="dash")),
        "share",
        message=_of_trend(frame) if known else "",
        top=1,
        notes=(note,) if note else (),
        empty="没有名录，或者名录里没有场所，画不出走势。",
    )  # fmt: skip


def _of_trend(frame: pd.DataFrame) -> str:
    """Where the share is against the due line, and what it gained in a year."""
    last = frame.iloc[-1]
    share, due = last["share_verified"], last["due"]
    if pd.isna(share):
        return "达标率未知：还没有银行报送"
    side = "高出" if share >= due else "低于"
    away = labels.apart(share, due)
    text = f"达标率{percent(share)}，" + (f"{side}应达线{away}" if away else "正好在应达线")
    year = frame[frame["as_of"] <= last["as_of"] - pd.DateOffset(years=1)]["share_verified"]
    if len(year) and pd.notna(year.iloc[-1]):
        gained = (share - year.iloc[-1]) * 100
        moved = labels.rounded(abs(gained), 1)
        way = "升" if gained > 0 else "降"
        text += f"，一年{way}{moved}个百分点" if float(moved) else "，与一年前持平"
    return text


def plan(ways: pd.DataFrame, venues: int, unknown: int, signings: int = 0) -> Chart:
    """Venues closed against signings made, in three ways: way, signings, venues_closed.

    `unknown` of the `venues` have no known denominator and are in no plan; a line stands at
    `signings`.
    """
    left_out = f"{unknown:,} 个场所应覆盖数待核，不在计划里。" if unknown else ""
    frame = ways.pivot_table(index="signings", columns="way", values="venues_closed", aggfunc="max")
    frame = frame.reindex(columns=list(WAYS))
    if len(frame):
        frame.loc[0] = 0
    frame = frame.sort_index().rename_axis(columns=None).reset_index()
    return Chart(
        frame,
        "signings",
        tuple(
            Series(way, label, "step", colour, width, _DASHES[style])
            for way, (label, colour, width, style) in WAYS.items()
        ),
        axis="新增达标场所数（横轴：累计再签家数）",
        unit="个",
        message=_of_plan(frame),
        whole=True,
        lines=(Line(signings, f"{signings:,} 家", upright=True),) if signings else (),
        notes=(f"“签”包括签约、开通和巡检验证；每个场所权重相同。{left_out}",),
        empty=f"应覆盖数已知的场所全部达标，没有要补的家数。{left_out}"
        if venues
        else "名录里还没有场所，没有可以计划的。",
    )


def _of_plan(frame: pd.DataFrame) -> str:
    """What half of all signings closes in the order of the plan, and spread evenly."""
    if frame.empty:
        return ""
    half = int(frame["signings"].max()) // 2
    closed = frame[frame["signings"] <= half].max()
    text = f"先补差得少的场所，{half:,}家多{closed['plan']:,.0f}个达标"
    if closed["even"] >= closed["plan"]:
        return text
    return f"{text}；平均铺开多{closed['even']:,.0f}个"


def targets(standings: list[Standing]) -> Chart:
    """Share of each target now (bar) against where it should be (mark), with what became of it.

    A target without a number, or of which nothing is known, has words and no bar.
    """
    groups = {STATUS_COLOURS[status]: label for label, status in TARGETS.items()}
    rows = []
    for one in standings:
        known = one.target.goal is not None and one.share is not None
        share = percent(one.share) if known else ""
        words = (share, STATUS[one.status], progress_listings.done(one))
        row: dict[str, Any] = {
            "name": f"{one.target.target_id} {one.target.target}",
            "words": "  ".join(filter(None, words)),
            "should": one.should if one.target.goal is not None else None,
        }
        if known:
            row[groups.get(STATUS_COLOURS[one.status], "")] = min(one.share or 0.0, 1.0)
        rows.append(row)
    frame = pd.DataFrame(rows).reindex(columns=["name", "words", "should", *TARGETS])
    frame = frame.astype(dict.fromkeys(("should", *TARGETS), float))
    bars = [
        Series(label, label, "bar", STATUS_COLOURS[status]) for label, status in TARGETS.items()
    ]
    met = sum(one.status in progress_listings.GOOD for one in standings)
    failed = sum(one.status in ("missed", "lost") for one in standings)
    return Chart(
        frame,
        "name",
        (*bars, Series("should", "应达", "tick", DUE)),
        "share",
        message=f"{len(standings)}项目标中{met}项达到，{failed}项到期未达到",
        lying=True,
        top=1,
        words="words",
        notes=("竖线是截止日应达的位置；没有横条的，通知没有定数或缺数据，不当作零。",),
    )


def cluster_states(history: pd.DataFrame) -> Chart:
    """Clusters by state at each month's end, stacked: rows of `clusters.history`."""
    months = history.rename(columns={"as_of": "month"})
    chart = _stacked(months, clusters.STATES, CLUSTER_COLOURS, "个", "还没有登记示范聚集区。")
    if chart.frame.empty:
        return chart
    last = chart.frame.iloc[-1][list(clusters.STATES)]
    ripe = last[[one for one in clusters.STATES if one in clusters.MATURE]].sum()
    return replace(chart, message=f"示范聚集区登记{last.sum():,.0f}个，成熟{ripe:,.0f}个")


def reporting(reports: pd.DataFrame) -> Chart:
    """Monthly reports by what became of them, stacked: rows of `filings.reporting`."""
    empty = "还没有登记过每月信息，报送情况未知。"
    chart = _stacked(reports, filings.STATES, REPORT_COLOURS, "篇", empty)
    if chart.frame.empty:
        return chart
    last = chart.frame.iloc[-1]
    text = f"{last['month']:%Y年%-m月}应报{last[list(filings.STATES)].sum():,.0f}篇"
    text += f"，按时{last['on_time']:,.0f}篇，未报{last['missing']:,.0f}篇"
    return replace(chart, message=text)


def _stacked(
    rows: pd.DataFrame, names: dict[str, str], colours: dict[str, str], unit: str, empty: str
) -> Chart:
    """Rows counted by month and state, the states of `names` on top of each other in order."""
    counted = rows.groupby(["month", "state"]).size().unstack(fill_value=0)
    counted = counted.reindex(columns=list(names), fill_value=0).rename_axis(columns=None)
    counted.index = pd.to_datetime(counted.index)
    shown = [state for state in names if counted[state].any()]
    return Chart(
        counted.reset_index(names="month"),
        "month",
        tuple(Series(state, names[state], "bar", colours[state]) for state in shown),
        unit=unit,
        axis=f"{unit}数",
        stacked=True,
        whole=True,
        empty=empty,
    )


def indicator(months: pd.DataFrame, name: str, unit: str) -> Chart:
    """One monthly indicator as a line: month, value, broken, of `indicator_series.judged`.

    The line is interrupted at a break, where both sides cannot be compared, and where a month was
    never reported.
    """
    days = pd.to_datetime(months["month"])
    frame = pd.DataFrame({"month": days, "value": months["value"].astype(float)})
    broken, absent = days[months["broken"].astype(bool)], _absent(days)
    gaps = [*absent, *(broken - pd.Timedelta(days=1))]
    frame = pd.concat([frame, pd.DataFrame({"month": gaps, "value": np.nan})], ignore_index=True)
    frame["month"] = pd.to_datetime(frame["month"])
    notes = {"虚线处口径有变或数据有误，前后不能相比：": list(broken), "缺数据的月份：": absent}
    return Chart(
        frame.sort_values("month", ignore_index=True),
        "month",
        (Series("value", ""),),
        axis=unit,
        unit=unit,
        message=_of_indicator(months, name, unit) if len(months) else "",
        lines=tuple(Line(day, upright=True) for day in broken),
        notes=tuple(
            f"{text}{'、'.join(f'{day:%Y-%m}' for day in found)}。"
            for text, found in notes.items()
            if found
        ),
        empty="还没有报送过这项数据。",
    )


def _absent(days: pd.Series) -> list[pd.Timestamp]:
    """The months between the first and the last that have no figure."""
    if days.empty:
        return []
    every = pd.date_range(days.min(), days.max(), freq="MS")
    return list(every.difference(pd.DatetimeIndex(days)))


def _of_indicator(months: pd.DataFrame, name: str, unit: str) -> str:
    last = months.iloc[-1]
    text = f"{pd.Timestamp(last['month']):%-m}月{name}{rounded(last['value'], unit)}{unit}"
    growth = last.get("growth")
    if growth is None or pd.isna(growth):
        return text
    moved = f"{abs(growth):.1%}"
    way = "增" if growth > 0 else "减"
    return f"{text}，比上月{'持平' if moved == '0.0%' else way + moved}"


def phases(rows: pd.DataFrame, today: date) -> Chart:
    """The phases of the plan over time: phase, start and end, ISO text, blank while it lasts."""
    day = pd.Timestamp(today)
    last = max(
        day + pd.DateOffset(months=3), pd.Timestamp(rows["start"].max()) + pd.DateOffset(years=1)
    )
    start = pd.to_datetime(rows["start"])
    end = pd.to_datetime(rows["end"].replace("", None)).fillna(last)
    now = (start <= day) & (day < end)
    frame = pd.DataFrame({
        "phase": rows["phase"], "start": start, "now": end.where(now), "other": end.mask(now),
        "told": rows["start"] + " 至 " + rows["end"].replace("", "今"),
    })  # fmt: skip
    spans: dict[str, Any] = {"mark": "span", "low": "start", "told": "told"}
    return Chart(
        frame,
        "phase",
        (Series("other", "", colour=_PHASE, **spans), Series("now", "", colour=MAIN, **spans)),
        lying=True,
        lines=(Line(day, f"截止日 {today}", upright=True),),
    )


def target_course(series: pd.DataFrame, one: Standing) -> Chart:
    """The target's share by month, where it should have been, its due day and its forecast.

    `series` has as_of, done and owed; without a goal the number done is drawn, not a share.
    """
    days, shares = pd.to_datetime(series["as_of"]), one.target.goal is not None
    done = series["done"].astype(float)
    frame = pd.DataFrame({"as_of": days, "value": done})
    drawn = [Series("value", "已达到" if shares else f"已有（{one.target.unit}）", told="told")]
    if shares:
        owed = series["owed"].astype(float)
        frame["value"] = done / owed.where(owed > 0)
        frame["told"] = [f"{a:,.0f} / {b:,.0f}" for a, b in zip(done, owed, strict=True)]
        frame["should"] = pd.Series([one.target.should(day.date()) for day in days], dtype=float)
        drawn.append(Series("should", "应达", colour=DUE, width=2, dash="dash"))
        frame, drawn = _with_reach(frame, one, drawn)
    else:
        frame["told"] = [f"{value:,.0f}" for value in done]
    due = one.target.due
    return Chart(
        frame,
        "as_of",
        tuple(drawn),
        "share" if shares else "count",
        unit=one.target.unit,
        top=1 if shares else None,
        whole=not shares,
        lines=() if due is None else (_deadline(due),),
        empty="这项目标还没有数据，画不出进度。",
    )


def _deadline(due: date) -> Line:
    return Line(pd.Timestamp(due), f"期限 {due}", MUTED, "dot", upright=True)


def _with_reach(
    frame: pd.DataFrame, one: Standing, drawn: list[Series]
) -> tuple[pd.DataFrame, list[Series]]:
    """The likely month and the interval of the forecast, on the line of the goal."""
    if one.reach.likely is None:
        return frame, drawn
    goal = one.target.goal
    ahead = pd.DataFrame({"as_of": [pd.Timestamp(one.reach.likely)], "likely": [goal]})
    if one.reach.earliest is not None and one.reach.latest is not None:
        ends = [pd.Timestamp(one.reach.earliest), pd.Timestamp(one.reach.latest)]
        ahead = pd.concat([ahead, pd.DataFrame({"as_of": ends})], ignore_index=True)
        ahead = ahead.assign(interval=goal)
        label = "预计达到（95% 区间）"
        drawn = [*drawn, Series("interval", label, colour="#f9cf9b", width=7)]
    found = pd.concat([frame, ahead], ignore_index=True).sort_values("as_of", kind="stable")
    return found.reset_index(drop=True), [
        *drawn, Series("likely", "最可能达到的月份", "dot", WARN)
    ]  # fmt: skip


def cluster_course(history: pd.DataFrame) -> Chart:
    """Accepting and active share of one cluster by month, against what the gates ask."""
    asked = {"accepting_share": "cluster_accepting_share", "active_share": "cluster_active_share"}
    looks = {
        "accepting_share": ("受理率", MAIN),
        "active_share": ("活跃率", BASIS_COLOURS["active"]),
    }
    return Chart(
        history.assign(as_of=pd.to_datetime(history["as_of"])),
        "as_of",
        tuple(Series(column, label, colour=colour) for column, (label, colour) in looks.items()),
        "share",
        top=1,
        lines=tuple(
            Line(rules.number(asked[column]), f"{label}门槛", colour, "dot")
            for column, (label, colour) in looks.items()
        ),
    )
