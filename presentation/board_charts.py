"""The charts that compare areas or cities, as specifications: rows of a board in, `Chart` out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from domain.boards import KINDS
from domain.ranking import BANDS
from domain.typed_rows import cells
from presentation import labels
from presentation.chart_spec import Chart, Line, Series
from presentation.labels import percent
from presentation.legends import GAP_BREAKS
from presentation.palette import (
    BAND_COLOURS,
    MAIN,
    UNKNOWN_COLOUR,
    UNKNOWN_LABEL,
    WARN,
)
from presentation.ranking_listings import UNSURE


def board(boards: Mapping[str, pd.DataFrame], due: float, chosen: str = "") -> Chart:
    """Boards by kind (`boards.KINDS`): bars coloured by band, what the unknown venues would add.

    `boards` are rows of `ranking.banded`, those without a share last and left out, with the reason
    in the notes. The area of the id `chosen` stands out.
    """
    every = joined(boards)
    shown = every[every["share"].notna()]
    several = shown["kind"].nunique() > 1
    ranks = [f"  第{rank:.0f}" if pd.notna(rank) else "" for rank in shown["rank"]]
    *_, edge = GAP_BREAKS
    looks = shown["band"].mask(due - shown["share"] > edge, "furthest")
    names = BANDS | {"furthest": f"{BANDS['far_behind']}，差 {edge * 100:.0f} 点以上"}
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
            f"应覆盖数待核 {unknown:,} 个，都达标时 {percent(high)}"
            for unknown, high in cells(shown, "unknown", "high")
        ],
        **{band: shown["share"].where(looks == band) for band in BAND_COLOURS},
    )
    bars = [
        Series(band, names[band], "bar", colour, told="told")
        for band, colour in BAND_COLOURS.items()
    ]
    shown_as = frame.set_index("area_id")["name"]
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
        chosen=str(shown_as.get(chosen, "")),
        notes=(note,) if note else (),
        empty=f"{'、'.join(every['reason'].unique()) or '名录里没有场所'}，排不出名次。",
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
            f"与 {since} 的达标率相减；横线是应覆盖数待核的场所怎么定都不会超出的范围。"
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
    text += "" if best["sure"] else "（核定应覆盖数后可能改变）"
    return f"{text}；{fell}个下降" if fell else f"{text}；没有下降的"


def _points(change: float) -> str:
    return labels.signed(change * 100, "")


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
