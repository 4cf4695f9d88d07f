"""Progress for print: targets against where they should be, clusters and reports by month."""

import pandas as pd

from domain import clusters as cluster_rules
from domain import filings
from domain.targets import STATUS, Standing
from presentation import progress_listings
from presentation.labels import percent
from presentation.palette import CLUSTER_COLOURS, INK, REPORT_COLOURS, STATUS_COLOURS
from reports.figures import chart_axes, figure_text
from reports.figures.paper import Blank, Look, Sheet

_WIDTH = 24  # days of a month that its bar takes


def targets(blank: Blank, standings: list[Standing]) -> Sheet:
    """Share of each target now (bar) against where it should be (mark), with what became of it.

    A target without a number, or of which nothing is known, has words and no bar.
    """
    sheet = blank.sheet(["竖线是截止日应达的位置；没有横条的，通知没有定数或缺数据，不当作零。"])
    size = sheet.shape.text
    due: Look = {"marker": "|", "color": INK, "markersize": size * 1.5, "linestyle": ""}
    due["markeredgewidth"] = 1.6
    groups = {"已达到": "held", "进行中": "on_pace", "落后进度": "behind", "到期未达到": "missed"}
    bars = [
        (text, chart_axes.swatch(sheet, STATUS_COLOURS[status])) for text, status in groups.items()
    ]
    sheet.row([*bars, ("应达", due)])
    table = [
        chart_axes.Row(f"{one.target.target_id} {one.target.target}", _words(one, sheet))
        for one in standings
    ]
    axes, places = chart_axes.rows(sheet, table, figure_text.height(size, 1.3))
    for y, one in zip(places, standings, strict=True):
        if one.target.goal is not None and one.share is not None:
            axes.barh(y, min(one.share, 1), height=0.6, color=STATUS_COLOURS[one.status])
        if one.target.goal is not None and one.should is not None:
            axes.plot([one.should], [y], **due)
    axes.set_xlim(0, 1.03)
    axes.xaxis.set_major_formatter(chart_axes.PERCENT)
    axes.locator_params(axis="x", nbins=4)
    return sheet


def clusters(blank: Blank, history: pd.DataFrame) -> Sheet:
    """Clusters by state at each month's end, stacked: rows of `clusters.history`."""
    if history.empty:
        return blank.empty("还没有登记示范聚集区。")
    months = history.rename(columns={"as_of": "month"})
    return _stacked(blank, months, cluster_rules.STATES, CLUSTER_COLOURS, "个")


def reporting(blank: Blank, reports: pd.DataFrame) -> Sheet:
    """Monthly reports by what became of them, stacked: rows of `filings.reporting`."""
    if reports.empty:
        return blank.empty("还没有登记过每月信息，报送情况未知。")
    return _stacked(blank, reports, filings.STATES, REPORT_COLOURS, "篇")


def _stacked(
    blank: Blank, rows: pd.DataFrame, names: dict[str, str], colours: dict[str, str], unit: str
) -> Sheet:
    """Rows counted by month and state, the states of `names` on top of each other in order."""
    counted = rows.groupby(["month", "state"]).size().unstack(fill_value=0)
    counted = counted.reindex(columns=list(names), fill_value=0)
    last = counted.index[-1]
    sheet = blank.sheet([f"图例里的数是 {last:%Y 年 %-m 月}的{unit}数。"])
    shown = [state for state in names if counted[state].any()]
    sheet.row(
        [
            (
                f"{names[state]} {counted[state].iloc[-1]:,}",
                chart_axes.swatch(sheet, colours[state]),
            )
            for state in shown
        ]
    )
    axes = chart_axes.plain(sheet, f"{counted.sum(axis=1).max():,}")
    below = pd.Series(0, counted.index)
    for state in shown:
        axes.bar(counted.index, counted[state], bottom=below, width=_WIDTH, color=colours[state])
        below = below + counted[state]
    chart_axes.counts(axes, below.max())
    chart_axes.months(axes, counted.index.to_series(), sheet)
    return sheet


def _words(one: Standing, sheet: Sheet) -> str:
    """What became of a target; on a whole sheet also what is done of it."""
    known = one.target.goal is not None and one.share is not None
    share = f"{percent(one.share)}  " if known else ""
    done = f"  {progress_listings.done(one)}" if sheet.shape.whole else ""
    return share + STATUS[one.status] + done
