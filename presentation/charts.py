"""The charts that there are, as specifications: rows of a question in, `Chart` out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from domain import clusters, filings, rules
from domain.boards import KINDS
from domain.ranking import BANDS
from domain.targets import STATUS, Standing
from domain.typed_rows import cells
from presentation import progress_listings, wording
from presentation.chart_spec import Chart, Dash, Line, Series, rounded
from presentation.labels import percent
from presentation.palette import (
    BAND_COLOURS,
    BASIS_COLOURS,
    BASIS_LABELS,
    CLUSTER_COLOURS,
    DUE,
    MAIN,
    MUTED,
    REPORT_COLOURS,
    STATUS_COLOURS,
    UNKNOWN_COLOUR,
    UNKNOWN_LABEL,
    WARN,
    WAYS,
)
from presentation.ranking_listings import UNSURE

_NO_VENUES = "名录里还没有场所，排不出名次。"
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
        empty="名录里还没有场所，画不出走势。",
    )  # fmt: skip


def _of_trend(frame: pd.DataFrame) -> str:
    """Where the share is against the due line, and what it gained in a year."""
    last = frame.iloc[-1]
    share, gap = last["share_verified"], last["share_verified"] - last["due"]
    if pd.isna(share):
        return "达标率未知：还没有银行报送"
    side = "高出" if gap >= 0 else "低于"
    text = f"达标率{percent(share)}，{side}应达线{abs(gap) * 100:.1f}个百分点"
    year = frame[frame["as_of"] <= last["as_of"] - pd.DateOffset(years=1)]["share_verified"]
    if len(year) and pd.notna(year.iloc[-1]):
        moved = (share - year.iloc[-1]) * 100
        text += f"，一年{'升' if moved >= 0 else '降'}{abs(moved):.1f}个百分点"
    return text


def plan(ways: pd.DataFrame, venues: int, unknown: int, signings: int = 0) -> Chart:
    """Venues closed against signings made, in three ways: way, signings, venues_closed.

    `unknown` of the `venues` have no known denominator and are in no plan; a line stands at
    `signings`.
    """
    left_out = f"{unknown:,} 个场所分母未知，不在计划里。" if unknown else ""
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
        empty=f"分母已知的场所全部达标，没有要补的家数。{left_out}"
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


def board(boards: Mapping[str, pd.DataFrame], due: float, chosen: str = "") -> Chart:
    """Boards by kind (`boards.KINDS`): bars coloured by band, what the unknown venues would add.

    `boards` are rows of `ranking.banded`, those without a share last and left out, with the reason
    in the notes. The area of the id `chosen` stands out.
    """
    every = joined(boards)
    shown = every[every["share"].notna()]
    several = shown["kind"].nunique() > 1
    ranks = [f"  第{rank:.0f}" if pd.notna(rank) else "" for rank in shown["rank"]]
    frame = shown.assign(
        name=shown["area"] + pd.Series(ranks, shown.index, dtype=str),
        group=shown["kind"].map(KINDS) if several else "",
        rest=(shown["high"] - shown["share"]).where(shown["unknown"] > 0),
        words=[
            f"{percent(share)}  {covered:,}/{venues:,}  {BANDS[band]}{'，场所少' if small else ''}"
            for share, covered, venues, band, small in cells(
                shown, "share", "covered", "venues", "band", "small"
            )
        ],
        told=[f"达标 {part:,}/{whole:,}" for part, whole in cells(shown, "covered", "venues")],
        rest_told=[
            f"分母未知 {unknown:,} 个，都达标时 {percent(high)}"
            for unknown, high in cells(shown, "unknown", "high")
        ],
        **{band: shown["share"].where(shown["band"] == band) for band in BAND_COLOURS},
    )
    bars = [
        Series(band, BANDS[band], "bar", colour, told="told")
        for band, colour in BAND_COLOURS.items()
    ]
    names = frame.set_index("area_id")["name"]
    note = _unranked(every)
    return Chart(
        frame,
        "name",
        (*bars, Series("rest", UNKNOWN_LABEL, "bar", UNKNOWN_COLOUR, told="rest_told")),
        "share",
        message=_of_board(shown),
        lying=True,
        stacked=True,
        top=1,
        lines=(Line(due, f"应达 {due:.0%}"),),
        words="words",
        group="group",
        chosen=str(names.get(chosen, "")),
        notes=(note,) if note else (),
        empty=_NO_VENUES,
    )


def joined(boards: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The rows of all boards in the order of their ranks, with `kind`, the kind of the board."""
    ordered = [
        rows.assign(kind=kind).sort_values(["rank", "area_id"], na_position="last", kind="stable")
        for kind, rows in boards.items()
    ]
    return pd.concat([rows for rows in ordered if len(rows)] or ordered, ignore_index=True)


def _of_board(shown: pd.DataFrame) -> str:
    if shown.empty:
        return ""
    reached = int((shown["band"] == "reached").sum())
    lowest = shown.loc[shown["share"] == shown["share"].min(), "area"]
    text = f"{len(shown)}个中{reached}个达到应达线" if reached else "都没有达到应达线"
    return f"{text}，最低的是{'、'.join(lowest.head(2))}，{percent(shown['share'].min())}"


def _unranked(every: pd.DataFrame) -> str:
    """Who is not ranked, and why."""
    rows = cells(every[every["rank"].isna()], "area", "reason")
    names = "；".join(f"{area}（{reason}）" for area, reason in rows)
    return f"不排名：{names}。" if names else ""


def gains(boards: Mapping[str, pd.DataFrame], since: date) -> Chart:
    """Change of the share `since` a day with its bounds, of rows of `coverage_gains.progress`.

    Filled where the bounds agree on its direction, hollow where unknown venues leave it open.
    """
    shown = joined(boards)
    several = shown["kind"].nunique() > 1 if len(shown) else False
    sure = shown["sure"].astype(bool) if len(shown) else np.array([], bool)
    frame = shown.assign(
        group=shown["kind"].map(KINDS) if several else "",
        settled=shown["change"].where(sure),
        open=shown["change"].mask(sure),
        words=[
            f"{_points(change)}  新达标 {newly}，退出 {lapsed}"
            for change, newly, lapsed in cells(shown, "change", "newly", "lapsed")
        ],
        told=[
            f"未知的怎么定，都在 {_points(low)} 至 {_points(high)} 个百分点"
            for low, high in cells(shown, "change_low", "change_high")
        ],
    )
    bounds: dict[str, Any] = {"low": "change_low", "high": "change_high", "told": "told"}
    return Chart(
        frame,
        "area",
        (
            Series("settled", "进退已定", "dot", **bounds),
            Series("open", UNSURE, "dot", hollow=True, **bounds),
        ),
        "points",
        axis="达标率的变化（百分点）",
        message=_of_gains(frame),
        lying=True,
        lines=(Line(0.0),),
        words="words",
        group="group",
        notes=(
            f"与 {since} 的达标率相减；横线是分母未知的场所怎么定都不会超出的范围。"
            "两天都有名次的才列出。",
        ),
        empty=f"没有 {since} 和截止日都有名次的，比不出进退。",
    )


def _of_gains(frame: pd.DataFrame) -> str:
    if frame.empty:
        return ""
    best = frame.iloc[int(frame["change"].argmax())]
    fell = int((frame["change"] < 0).sum())
    text = f"升得最多的是{best['area']}，{_points(best['change'])}个百分点"
    text += "" if best["sure"] else "（核定分母后可能改变）"
    return f"{text}；{fell}个下降" if fell else f"{text}；没有下降的"


def _points(change: float) -> str:
    """A change in percentage points; none has no sign."""
    text = f"{change * 100:+.1f}"
    return text if float(text) else "持平"


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
    return _saying(chart, f"示范聚集区登记{last.sum():,.0f}个，成熟{ripe:,.0f}个")


def reporting(reports: pd.DataFrame) -> Chart:
    """Monthly reports by what became of them, stacked: rows of `filings.reporting`."""
    empty = "还没有登记过每月信息，报送情况未知。"
    chart = _stacked(reports, filings.STATES, REPORT_COLOURS, "篇", empty)
    if chart.frame.empty:
        return chart
    last = chart.frame.iloc[-1]
    text = f"{last['month']:%Y年%-m月}应报{last[list(filings.STATES)].sum():,.0f}篇"
    text += f"，按时{last['on_time']:,.0f}篇，未报{last['missing']:,.0f}篇"
    return _saying(chart, text)


def _saying(chart: Chart, message: str) -> Chart:
    return Chart(**{**vars(chart), "message": message})


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


def stability(shares: pd.DataFrame) -> Chart:
    """Share of weightings under which each area holds each rank: area, rank, share."""
    grid = shares.pivot(index="area", columns="rank", values="share").fillna(0)
    grid = grid.loc[(grid * grid.columns).sum(axis=1).sort_values().index]
    return Chart(
        grid.rename(columns=str).rename_axis(columns=None).reset_index(),
        "area",
        tuple(Series(str(rank), f"第{rank}", "tile") for rank in grid.columns),
        "share",
        lying=True,
        top=1,
    )


def province(rows: pd.DataFrame, own: str, unit: str) -> Chart:
    """Cities with a figure of the month, the `own` one marked: city, city_value, rank_label."""
    same = rows[rows["same_month"]].reset_index(drop=True)
    mine = same["city"] == own
    frame = pd.DataFrame({"name": same["rank_label"].astype(str) + "  " + same["city"],
                          "own": same["city_value"].where(mine),
                          "others": same["city_value"].mask(mine)})  # fmt: skip
    frame["words"] = [f"{value:,.10g}" for value in same["city_value"]]
    place = same.loc[mine, "rank_label"]
    return Chart(
        frame,
        "name",
        (Series("own", own, "bar", WARN), Series("others", "其他市", "bar", MAIN)),
        axis=unit,
        unit=unit,
        message=f"{own}排第{place.iloc[0]}" if len(place) else f"{own}还没有这个月的数",
        lying=True,
        words="words",
        empty="这个月没有城市公布。",
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
