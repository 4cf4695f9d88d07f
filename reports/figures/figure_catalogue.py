"""The figures that there are, and the pictures of a scope: each drawn once a shape."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from threading import RLock

import pandas as pd

from domain import coverage_gains, indicator_series, pace, reference
from domain.city import CITY
from domain.typed_rows import cells
from presentation import map_layers, progress_listings
from queries import attainment, board_standings, commitments, monthly_figures, plans
from queries.scope import Scope, area_name
from queries.stamps import stamp_of
from reports import document_codes
from reports.figures import (
    board_figures,
    course_figures,
    figure_files,
    map_figures,
    progress_figures,
)
from reports.figures.paper import SHAPES, Blank, Sheet
from store import snapshot_store

Draw = Callable[[Blank, Scope], Sheet]
BOARDS = ("county", "zone")


@dataclass(frozen=True)
class Entry:
    """A figure: its title, how it is drawn, and whether it is of the whole city alone.

    `inside` is the title inside an area where it is another one.
    """

    title: str
    draw: Draw
    city_only: bool = False
    inside: str = ""

    def title_of(self, scope: Scope) -> str:
        """The title with the place and the day that it is about."""
        where = area_name(scope) if scope.area_id else CITY.name
        title = self.inside if self.inside and scope.area_id else self.title
        return f"{where}{title}（截至 {scope.as_of}）"

    def applies(self, scope: Scope) -> bool:
        """Whether the figure is about a scope like this one."""
        return not (self.city_only and scope.area_id)


def _map(layer: str, blank: Blank, scope: Scope) -> Sheet:
    """The map of `layer`; that of areas shows the venues inside one."""
    source = map_layers.of_day(scope)
    drawing = map_layers.LAYERS[layer].draw(scope, "verified", source)
    if map_layers.is_empty(drawing):
        notes = [legend.note for legend in drawing.legends]
        return blank.empty(map_layers.LAYERS[layer].empty, notes)
    return map_figures.layer(blank, drawing, map_figures.ground_of(scope.area_id))


def _clusters_map(blank: Blank, scope: Scope) -> Sheet:
    rows = progress_listings.clusters(scope)
    if rows.empty:
        return blank.empty("还没有登记示范聚集区。")
    return map_figures.layer(blank, map_layers.clusters(rows), map_figures.ground_of(scope.area_id))


def _boards(scope: Scope) -> dict[str, pd.DataFrame]:
    return {kind: board_standings.ranks(scope, kind) for kind in BOARDS}


def _ranking(blank: Blank, scope: Scope) -> Sheet:
    return board_figures.ranking(blank, _boards(scope), pace.due_share(scope.as_of))


def _gains(blank: Blank, scope: Scope) -> Sheet:
    boards = {kind: board_standings.gains(scope, kind) for kind in BOARDS}
    return board_figures.gains(blank, boards, coverage_gains.since(scope.as_of))


def _trend(blank: Blank, scope: Scope) -> Sheet:
    months = attainment.trend(scope)
    return course_figures.trend(blank, months, [pace.due_share(day) for day in months["as_of"]])


def _plan(blank: Blank, scope: Scope) -> Sheet:
    outlook = plans.outlook(scope)
    unknown = int(outlook.venues["eligible"].isna().sum())
    return course_figures.plan(blank, outlook.ways, len(outlook.venues), unknown)


def _clusters(blank: Blank, scope: Scope) -> Sheet:
    history = commitments.cluster_history(scope.snapshot_id, scope.as_of)
    own = commitments.cluster_standing(scope)["cluster_id"]
    return progress_figures.clusters(blank, history[history["cluster_id"].isin(own)])


def _reporting(blank: Blank, scope: Scope) -> Sheet:
    return progress_figures.reporting(blank, commitments.reports(scope.snapshot_id, scope.as_of))


def _indicator(indicator_id: str, kind: str, unit: str, blank: Blank, scope: Scope) -> Sheet:
    months = monthly_figures.indicators(scope)
    months = indicator_series.judged(months[months["indicator_id"] == indicator_id], kind)
    months = months.assign(month=pd.to_datetime(months["month"]))
    return course_figures.indicator(blank, months, unit)


FIGURES: dict[str, Entry] = {
    "map_areas": Entry(
        "县区、功能板块场所达标率", partial(_map, "area"), inside="场所达标率和场所分布"
    ),
    "map_towns": Entry("各乡镇街道受理点验证率", partial(_map, "town")),
    "map_cells": Entry("网格受理点验证率", partial(_map, "cell")),
    "map_heat": Entry("已验证受理门店分布热力", partial(_map, "heat")),
    "map_gaps": Entry("缺口热力：应覆盖而未验证的门店", partial(_map, "gap")),
    "map_venues": Entry("特定区域（场所）状态分布", partial(_map, "venue")),
    "map_clusters": Entry("示范聚集区分布", _clusters_map),
    "ranking": Entry("县区、功能板块达标率排名", _ranking, city_only=True),
    "rank_intervals": Entry(
        "县区、功能板块可能的名次",
        lambda blank, scope: board_figures.rank_intervals(blank, _boards(scope)),
        city_only=True,
    ),
    "trend": Entry("场所达标率走势", _trend),
    "gains": Entry("县区、功能板块达标率进退", _gains, city_only=True),
    "plan": Entry("再签家数与新增达标场所", _plan),
    "targets": Entry(
        "通知各项目标进度",
        lambda blank, scope: progress_figures.targets(blank, commitments.standings(scope)),
        city_only=True,
    ),
    "clusters": Entry("示范聚集区各月状态", _clusters),
    "reporting": Entry("每月信息报送情况", _reporting, city_only=True),
    **{
        f"indicator_{number}": Entry(f"{name}（{unit}）", partial(_indicator, number, kind, unit))
        for number, name, kind, unit in cells(
            reference.table("indicators"), "indicator_id", "indicator", "kind", "unit"
        )
    },
}


def names(scope: Scope) -> list[str]:
    """The figures that are about a scope like this one, indicators only where any was reported."""
    reported = {
        f"indicator_{number}" for number in monthly_figures.indicators(scope)["indicator_id"]
    }
    return [
        name
        for name, entry in FIGURES.items()
        if entry.applies(scope) and (name in reported or not name.startswith("indicator_"))
    ]


@dataclass
class _Drawn:
    """One figure in one shape: drawn when it is first asked for, written once a format."""

    draw: Callable[[], Sheet]
    lock: RLock = field(default_factory=RLock)
    drawn: Sheet | None = None
    files: dict[Callable[[Sheet], bytes], bytes] = field(default_factory=dict)

    def sheet(self) -> Sheet:
        """The drawing."""
        with self.lock:
            self.drawn = self.drawn or self.draw()
            return self.drawn

    def file(self, write: Callable[[Sheet], bytes]) -> bytes:
        """The drawing as `write` writes it."""
        with self.lock:
            if write not in self.files:
                self.files[write] = write(self.sheet())
            return self.files[write]


class Pictures:
    """The pictures of one scope; any number of threads may ask for them at once."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._manifest = snapshot_store.default().snapshot(scope.snapshot_id).manifest
        self._drawn = {
            (name, shape): _Drawn(partial(self._draw, name, shape))
            for name in FIGURES
            for shape in SHAPES
        }

    def png(self, name: str, shape: str) -> bytes:
        """The figure `name` of `FIGURES` in a `shape` of `SHAPES` as PNG at 300 dpi."""
        return self._drawn[name, shape].file(figure_files.png)

    def svg(self, name: str, shape: str) -> bytes:
        """The same drawing as SVG."""
        return self._drawn[name, shape].file(figure_files.svg)

    def sheet(self, name: str, shape: str) -> Sheet:
        """The drawing itself."""
        return self._drawn[name, shape].sheet()

    def _draw(self, name: str, shape: str) -> Sheet:
        entry, paper, scope = FIGURES[name], SHAPES[shape], self.scope
        stamp = f"{stamp_of(scope, self._manifest)} | 查证代码：{document_codes.code(scope)}"
        if not paper.whole and scope.tiers == "headline":
            # For one line: without the tiers, which are the headline's and so what is expected.
            parts = [part for part in stamp.split(" | ") if not part.startswith("名录：")]
            stamp = " | ".join(parts)
        blank = Blank(paper, entry.title_of(scope), stamp)
        if not entry.applies(scope):
            return blank.empty(f"“{entry.title}”是全市的图，{area_name(scope)}没有单独的一张。")
        return entry.draw(blank, scope)
