"""Courses for print: shares by month, signings against venues, one monthly indicator."""

import pandas as pd

from presentation import wording
from presentation.labels import percent
from presentation.palette import BASIS_COLOURS, BASIS_LABELS, DUE, INK, MAIN, WAYS
from reports.figures import chart_axes, figure_text
from reports.figures.paper import Blank, Look, Sheet

_STYLES = {"solid": "-", "dash": "--", "dot": ":"}


def trend(blank: Blank, months: pd.DataFrame, due: list[float]) -> Sheet:
    """Share of covered venues by month in three bases, against where it should be.

    `months` has as_of, venues and share_<basis> (0 to 1); `due` is the due share of each row.
    """
    if months.empty or not months["venues"].any():
        return blank.empty("名录里还没有场所，画不出走势。")
    note = wording.reaching_back(months)
    sheet = blank.sheet([note] if note else [])
    looks: dict[str, Look] = {
        basis: {"color": colour, "linestyle": "-", "linewidth": 2.4 if basis == "verified" else 1.4}
        for basis, colour in BASIS_COLOURS.items()
    }
    line: Look = {"color": DUE, "linestyle": "--", "linewidth": 1.4}
    last = months.iloc[-1]
    entries = [
        (f"{BASIS_LABELS[basis]} {percent(last[f'share_{basis}'])}", look)
        for basis, look in looks.items()
    ]
    sheet.row([*entries, (f"应达 {due[-1]:.0%}", line)])
    axes = chart_axes.plain(sheet)
    days = pd.to_datetime(months["as_of"])
    marker = "." if len(days) == 1 else ""
    dated = months["dated"]
    axes.plot(
        days[dated],
        months.loc[dated, "share_contracted"],
        marker=marker,
        **looks["contracted"] | {"linestyle": ":"},
    )
    months = months.assign(share_contracted=months["share_contracted"].mask(dated))
    for basis, look in looks.items():
        axes.plot(days, months[f"share_{basis}"], marker=marker, **look)
    axes.plot(days, due, marker=marker, **line)
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(chart_axes.PERCENT)
    chart_axes.months(axes, days, sheet)
    return sheet


def plan(blank: Blank, ways: pd.DataFrame, venues: int, unknown: int) -> Sheet:
    """Venues closed against signings made, in three ways: way, signings, venues_closed.

    `unknown` of the `venues` have no known denominator and are in no plan.
    """
    left_out = f"{unknown:,} 个场所分母未知，不在计划里。" if unknown else ""
    if not venues:
        return blank.empty("名录里还没有场所，没有可以计划的。")
    if ways.empty:
        return blank.empty(f"分母已知的场所全部达标，没有要补的家数。{left_out}")
    sheet = blank.sheet([f"“签”包括签约、开通和巡检验证；每个场所权重相同。{left_out}"])
    looks: dict[str, Look] = {
        way: {"color": colour, "linewidth": width * 0.9, "linestyle": _STYLES[style]}
        for way, (_, colour, width, style) in WAYS.items()
    }
    sheet.row([(WAYS[way][0], look) for way, look in looks.items()])
    size = sheet.shape.text
    most = int(ways["venues_closed"].max())
    axes = chart_axes.plain(sheet, f"{most:,}", bottom=figure_text.height(size))
    for way, look in looks.items():
        steps = ways[ways["way"] == way]
        axes.step([0, *steps["signings"]], [0, *steps["venues_closed"]], where="post", **look)
    chart_axes.counts(axes, most)
    axes.set_xlim(0, int(ways["signings"].max()) * 1.01)
    axes.locator_params(axis="x", nbins=6, integer=True)
    axes.xaxis.set_major_formatter(chart_axes.NUMBER)
    axes.set_xlabel("累计再签家数（纵轴：新增达标场所数）", fontsize=size, color=INK)
    return sheet


def indicator(blank: Blank, months: pd.DataFrame, unit: str) -> Sheet:
    """One monthly indicator as a line: month, value, broken, of `series.judged`.

    The line is interrupted at a break, where both sides cannot be compared, and where a month was
    never reported.
    """
    if months.empty:
        return blank.empty("还没有报送过这项数据。")
    broken = months.loc[months["broken"], "month"]
    every = pd.date_range(months["month"].min(), months["month"].max(), freq="MS")
    absent = every.difference(pd.DatetimeIndex(months["month"]))
    sheet = blank.sheet(_gaps(list(broken), list(absent)))
    newest = months.iloc[-1]
    look: Look = {"color": MAIN, "linewidth": 2}
    label = f"{newest['month']:%Y-%m} 为 {newest['value']:,.0f} {unit}"
    sheet.row([(label, look | {"linestyle": "-"})])
    axes = chart_axes.plain(sheet, f"{months['value'].max() * 1.05:,.0f}")
    apart = months["month"].dt.year * 12 + months["month"].dt.month
    for _, part in months.groupby((months["broken"] | (apart.diff() > 1)).cumsum()):
        dot: Look = {"marker": "o" if len(part) == 1 else "", "markersize": sheet.shape.text * 0.5}
        axes.plot(part["month"], part["value"], **look, **dot)
    for month in broken:
        axes.axvline(month, color=DUE, linestyle="--", linewidth=1)
    chart_axes.counts(axes, months["value"].max())
    chart_axes.months(axes, months["month"], sheet)
    return sheet


def _gaps(broken: list[pd.Timestamp], absent: list[pd.Timestamp]) -> list[str]:
    """Notes on breaks and on months without a report."""
    texts = {"虚线处口径有变或数据有误，前后不能相比：": broken, "缺数据的月份：": absent}
    return [
        f"{text}{'、'.join(f'{day:%Y-%m}' for day in days)}。"
        for text, days in texts.items()
        if days
    ]
