"""Plotly charts of the ranking page: frame in, figure out."""

from html import escape
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from domain.ranking import BANDS
from domain.typed_rows import rows
from presentation.palette import (
    BAND_COLOURS,
    DUE,
    MAIN,
    MUTED,
    UNKNOWN_COLOUR,
    UNKNOWN_LABEL,
)
from presentation.ranking_listings import UNSURE
from ui.page_charts import framed, note


class _Bar(NamedTuple):
    area: str
    area_id: str
    rank: float
    rank_label: str
    band: str
    small: bool


def _label(row: _Bar, chosen: str) -> str:
    """Name, rank and band of a bar, in bold of the area that is `chosen`."""
    rank = row.rank_label if pd.isna(row.rank) else f"第{row.rank_label}"
    words = [rank, BANDS[row.band], "场所少" if row.small else ""]
    text = f"{escape(row.area)}  " + " ".join(word for word in words if word)
    return _bold(text) if row.area_id == chosen else text


def _bold(text: str) -> str:
    """Text without tags of its own, as plotly shows it bold."""
    return f"<b>{text}</b>"


def board(ranks: pd.DataFrame, due: float, chosen: str = "") -> go.Figure:
    """Shares coloured by band, and in grey what the venues of unknown denominator would add.

    `ranks` are rows of `venue_listings.board` with venues; the id of the area that is `chosen`. A
    name may come from a file, and plotly reads tags.
    """
    frame = ranks.iloc[::-1]
    label = pd.Series([_label(row, chosen) for row in rows(frame, _Bar)], index=frame.index)
    figure = go.Figure()
    for band, colour in BAND_COLOURS.items():
        bars = frame[frame["band"] == band]
        figure.add_bar(
            x=bars["share"],
            y=label[bars.index],
            orientation="h",
            name=BANDS[band],
            marker_color=colour,
            customdata=bars[["covered", "venues"]],
            hovertemplate="%{y}<br>达标 %{customdata[0]}/%{customdata[1]} = %{x:.1%}"
            "<extra></extra>",
            showlegend=not bars.empty,
        )
    open_ends = frame[frame["unknown"] > 0]
    figure.add_bar(
        x=open_ends["unknown_share"],
        y=label[open_ends.index],
        orientation="h",
        name=UNKNOWN_LABEL,
        marker_color=UNKNOWN_COLOUR,
        customdata=open_ends[["unknown", "high"]],
        hovertemplate="%{y}<br>分母未知 %{customdata[0]} 个，都达标时 %{customdata[1]:.1%}"
        "<extra></extra>",
        showlegend=not open_ends.empty,
    )
    figure.add_vline(x=due, line={"color": DUE, "dash": "dash"})
    note(figure, due, f"应达 {due:.0%}", DUE)
    figure.update_xaxes(tickformat=".0%", range=[0, 1.02])
    figure.update_yaxes(categoryorder="array", categoryarray=label)
    figure.update_layout(barmode="stack", legend_traceorder="normal")
    return framed(figure, 60 + 40 * len(frame), notes=1)


def rank_intervals(ranks: pd.DataFrame, chosen: str = "") -> go.Figure:
    """The ranks that the board leaves open: rank (dot) between rank_best and rank_worst (line)."""
    frame = ranks.dropna(subset=["rank"]).iloc[::-1]
    names = frame["area"].map(escape)
    frame = frame.assign(area=names.mask(frame["area_id"] == chosen, names.map(_bold)))
    figure = go.Figure()
    figure.add_scatter(
        x=frame["rank"],
        y=frame["area"],
        mode="markers+text",
        marker={"color": MAIN, "size": 22},
        text=frame["rank"].astype(int).astype(str),
        textfont={"color": "white"},
        name="名次",
        error_x={
            "type": "data",
            "symmetric": False,
            "array": frame["rank_worst"] - frame["rank"],
            "arrayminus": frame["rank"] - frame["rank_best"],
            "color": MUTED,
            "thickness": 8,
            "width": 0,
        },
        customdata=frame[["rank_range"]],
        hovertemplate="%{y}：第 %{x} 名，可能在第 %{customdata[0]} 名<extra></extra>",
        showlegend=False,
    )
    figure.update_xaxes(dtick=1, range=[0.5, max(len(frame), 1) + 0.5], title="名次")
    return framed(figure, 60 + 40 * len(frame))


def gains(board: pd.DataFrame) -> go.Figure:
    """Change of the share with its bounds: area, change, change_low, change_high, sure.

    Filled where the bounds agree on its direction, hollow where unknown venues leave it open.
    """
    frame = board.iloc[::-1].assign(area=board["area"].map(escape))
    figure = go.Figure()
    for sure, name in ((True, "进退已定"), (False, UNSURE)):
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
            error_x={
                "type": "data",
                "symmetric": False,
                "array": areas["change_high"] - areas["change"],
                "arrayminus": areas["change"] - areas["change_low"],
                "color": MUTED,
            },
            customdata=areas[["newly", "lapsed", "change_low", "change_high"]],
            hovertemplate="%{y}：%{x:+.1%}，新达标 %{customdata[0]} 个，退出 %{customdata[1]} 个"
            "<br>未知的怎么定，都在 %{customdata[2]:+.1%} 至 %{customdata[3]:+.1%}<extra></extra>",
            showlegend=not areas.empty,
        )
    figure.add_vline(x=0, line={"color": DUE, "dash": "dash"})
    figure.update_xaxes(tickformat="+.0%", title="达标率的变化（1% 即 1 个百分点）")
    figure.update_yaxes(categoryorder="array", categoryarray=frame["area"])
    return framed(figure, 80 + 34 * len(frame))
