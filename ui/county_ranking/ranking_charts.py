"""Plotly charts of the ranking page: frame in, figure out."""

from html import escape
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from domain.ranking import TIERS
from domain.typed_rows import rows
from presentation.palette import DUE, INK, MAIN, MUTED, TIER_COLOURS, UNRANKED
from ui.page_charts import add_line, framed


class _Bar(NamedTuple):
    area: str
    rank: float
    rank_label: str
    tier: str
    small: bool


def _label(row: _Bar) -> str:
    """Name, rank and tier of a bar. A name may come from a file, and plotly reads tags."""
    rank = row.rank_label if pd.isna(row.rank) else f"第{row.rank_label}"
    words = [rank, TIERS.get(row.tier, ""), "场所少" if row.small else ""]
    return f"{escape(row.area)}  " + " ".join(word for word in words if word)


def board(ranks: pd.DataFrame, due: float, stamp: str) -> go.Figure:
    """Ranking with Wilson intervals, coloured by tier: the columns of `ranking.tiered`."""
    frame = ranks.iloc[::-1]
    tiers = frame["tier"].fillna("")
    label = pd.Series([_label(row) for row in rows(frame, _Bar)], index=frame.index)
    figure = go.Figure()
    for tier, colour in TIER_COLOURS.items():
        bars = frame[tiers == tier]
        figure.add_bar(
            x=bars["share"],
            y=label[bars.index],
            orientation="h",
            name=TIERS.get(tier, UNRANKED),
            marker_color=colour,
            error_x=_interval(bars, "share", "low", "high") | {"color": INK, "thickness": 1.4},
            customdata=bars[["covered", "venues", "low", "high"]],
            hovertemplate="%{y}<br>达标 %{customdata[0]}/%{customdata[1]} = %{x:.1%}"
            "<br>95% 区间 %{customdata[2]:.1%}–%{customdata[3]:.1%}<extra></extra>",
            showlegend=not bars.empty,
        )
    figure.add_vline(x=due, line={"color": DUE, "dash": "dash"}, annotation_text=f"应达 {due:.0%}")
    figure.update_xaxes(tickformat=".0%", range=[0, 1.02])
    figure.update_yaxes(categoryorder="array", categoryarray=label)
    figure.update_layout(barmode="overlay")
    return framed(figure, stamp, 130 + 40 * len(frame))


def rank_intervals(ranks: pd.DataFrame, stamp: str) -> go.Figure:
    """Interval of possible ranks: rank (dot) between rank_best and rank_worst (line)."""
    frame = ranks.dropna(subset=["rank"]).iloc[::-1]
    frame = frame.assign(area=frame["area"].map(escape))
    figure = go.Figure()
    for area, *ends in zip(frame["area"], frame["rank_best"], frame["rank_worst"], strict=True):
        add_line(figure, ends, [area, area], MUTED, width=8, hoverinfo="skip", showlegend=False)
    figure.add_scatter(
        x=frame["rank"],
        y=frame["area"],
        mode="markers+text",
        marker={"color": MAIN, "size": 22},
        text=frame["rank"].astype(int),
        textfont={"color": "white"},
        customdata=frame[["rank_best", "rank_worst"]],
        hovertemplate="%{y}：第 %{x} 名，"
        "可能在第 %{customdata[0]}–%{customdata[1]} 名<extra></extra>",
        showlegend=False,
    )
    figure.update_xaxes(dtick=1, range=[0.5, max(len(frame), 1) + 0.5], title="名次")
    return framed(figure, stamp, 130 + 40 * len(frame))


def gains(board: pd.DataFrame, stamp: str) -> go.Figure:
    """Change of the share with its interval: area, change, change_low, change_high, sure.

    Filled where the interval leaves out zero, hollow where the change may be noise.
    """
    frame = board.iloc[::-1].assign(area=board["area"].map(escape))
    figure = go.Figure()
    for sure, name in ((True, "区间不含 0"), (False, "区间跨 0，可能只是波动")):
        areas = frame[frame["sure"] == sure]
        figure.add_scatter(
            x=areas["change"],
            y=areas["area"],
            mode="markers",
            name=name,
            marker={
                "color": MAIN if sure else "white",
                "size": 13,
                "line": {"color": MAIN, "width": 2},
            },
            error_x=_interval(areas, "change", "change_low", "change_high") | {"color": MUTED},
            customdata=areas[["newly", "lapsed", "change_low", "change_high"]],
            hovertemplate="%{y}：%{x:+.1%}，新达标 %{customdata[0]} 个，退出 %{customdata[1]} 个"
            "<br>95% 区间 %{customdata[2]:+.1%} 至 %{customdata[3]:+.1%}<extra></extra>",
            showlegend=not areas.empty,
        )
    figure.add_vline(x=0, line={"color": DUE, "dash": "dash"})
    figure.update_xaxes(tickformat="+.0%", title="达标率的变化（1% 即 1 个百分点）")
    figure.update_yaxes(categoryorder="array", categoryarray=frame["area"])
    return framed(figure, stamp, 150 + 34 * len(frame))


def _interval(frame: pd.DataFrame, value: str, low: str, high: str) -> dict[str, Any]:
    """Error bars from the column `low` to the column `high` around `value`."""
    return {
        "type": "data",
        "symmetric": False,
        "array": frame[high] - frame[value],
        "arrayminus": frame[value] - frame[low],
    }
