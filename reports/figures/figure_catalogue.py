"""The figures that there are, and the pictures of a scope: each drawn once a shape."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import RLock
from typing import NamedTuple

from domain.city import CITY
from presentation import map_layers, progress_listings, scope_charts
from presentation.chart_spec import Chart
from presentation.palette import NOTHING, UNKNOWN
from queries.scope import Scope, area_name
from queries.stamps import stamp_of
from reports import document_codes
from reports.figures import chart_sheets, figure_files, map_figures
from reports.figures.paper import SHAPES, Blank, Sheet
from store import snapshot_store

Write = Callable[[Sheet], bytes]


class Picture(NamedTuple):
    """What a figure shows of a scope: how it is drawn; why there is nothing, where that is so."""

    draw: Callable[[Blank], Sheet]
    empty: str = ""
    message: str = ""


@dataclass(frozen=True)
class Entry:
    """A figure: its title, what it shows of a scope, and whether it is of the whole city alone.

    `inside` is the title inside an area where it is another one.
    """

    title: str
    of: Callable[[Scope], Picture]
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

    def picture(self, scope: Scope) -> Picture:
        """What it shows of a scope."""
        if self.applies(scope):
            return self.of(scope)
        why = f"“{self.title}”是全市的图，{area_name(scope)}没有单独的一张。"
        return Picture(lambda blank: blank.empty(why), why)


def _map(layer: str, scope: Scope) -> Picture:
    """The map of `layer`; that of areas shows the venues inside one."""
    source = map_layers.of_day(scope)
    drawing = map_layers.LAYERS[layer].draw(scope, "verified", source)
    if map_layers.is_empty(drawing):
        why, notes = map_layers.LAYERS[layer].empty, [legend.note for legend in drawing.legends]
        return Picture(lambda blank: blank.empty(why, notes), why)
    return _on_map(drawing, scope, _message(layer, drawing, scope))


def _message(layer: str, drawing: map_layers.Drawing, scope: Scope) -> str:
    """What a map says in a sentence; '' of those that have to be looked at."""
    legend = drawing.legends[0]
    if layer == "area" and not scope.area_id:
        return scope_charts.ranking(scope).message
    if layer == "town":
        nothing = (UNKNOWN, NOTHING)
        known = [count or 0 for colour, _, count in legend.rows if colour not in nothing]
        return f"{sum(known)}个有应覆盖门店的乡镇街道中，{known[0]}个达到应达线"
    return legend.counted() if layer == "venue" else ""


def _clusters_map(scope: Scope) -> Picture:
    rows = progress_listings.clusters(scope)
    if rows.empty:
        why = "还没有登记示范聚集区。"
        return Picture(lambda blank: blank.empty(why), why)
    return _on_map(map_layers.clusters(scope, rows), scope, scope_charts.clusters(scope).message)


def _on_map(drawing: map_layers.Drawing, scope: Scope, message: str) -> Picture:
    under = map_figures.ground_of(scope.area_id)
    draw = partial(map_figures.layer, drawing=drawing, under=under)
    return Picture(draw, message=message)


def _charted(chart: Callable[[Scope], Chart]) -> Callable[[Scope], Picture]:
    """The picture of a chart of the scope."""

    def of(scope: Scope) -> Picture:
        made = chart(scope)
        why = made.empty if made.frame.empty else ""
        return Picture(partial(chart_sheets.sheet, chart=made), why)

    return of


def _indicators(scope: Scope) -> Picture:
    every = {
        title: scope_charts.indicator(scope, title) for title in scope_charts.indicator_titles()
    }
    found = {title: chart for title, chart in every.items() if len(chart.frame)}
    if not found:
        why = "还没有报送过月度指标。"
        return Picture(lambda blank: blank.empty(why), why)
    notes = [f"{title}：{note}" for title, chart in found.items() for note in chart.notes]
    return Picture(partial(chart_sheets.several, charts=found, notes=notes))


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
    "ranking": Entry("县区、功能板块达标率排名", _charted(scope_charts.ranking), city_only=True),
    "trend": Entry("场所达标率走势", _charted(scope_charts.trend)),
    "gains": Entry("县区、功能板块达标率进退", _charted(scope_charts.gains), city_only=True),
    "plan": Entry("再签家数与新增达标场所", _charted(scope_charts.plan)),
    "targets": Entry(
        "通知各项目标进度",
        _charted(scope_charts.targets),
        city_only=True,
    ),
    "clusters": Entry("示范聚集区各月状态", _charted(scope_charts.clusters)),
    "reporting": Entry(
        "每月信息报送情况",
        _charted(scope_charts.reporting),
        city_only=True,
    ),
    "indicators": Entry("各项月度指标", _indicators),
}


@dataclass
class _Drawn:
    """One figure in one shape: drawn when it is first asked for, written once a format."""

    draw: Callable[[], Sheet]
    lock: RLock = field(default_factory=RLock)
    drawn: Sheet | None = None
    files: dict[Write, bytes] = field(default_factory=dict)

    def sheet(self) -> Sheet:
        """The drawing."""
        with self.lock:
            self.drawn = self.drawn or self.draw()
            return self.drawn

    def file(self, write: Write) -> bytes:
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
        self._shown: dict[str, Picture] = {}
        self._asking = RLock()

    def names(self) -> list[str]:
        """The figures that show something of the scope."""
        return [
            name
            for name, entry in FIGURES.items()
            if entry.applies(self.scope) and not self._picture(name).empty
        ]

    def left_out(self) -> dict[str, str]:
        """The titles of the others that are about a scope like this one, and why there is none."""
        return {
            entry.title: self._picture(name).empty
            for name, entry in FIGURES.items()
            if entry.applies(self.scope) and self._picture(name).empty
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

    def drawing(self, name: str, shape: str, formats: Sequence[Write]) -> Callable[[], list[bytes]]:
        """How another process, which asks no question, makes the drawing in each of `formats`."""
        return partial(_written, formats, self._picture(name).draw, self._blank(name, shape))

    def _picture(self, name: str) -> Picture:
        """What a figure shows, asked once for all its shapes."""
        with self._asking:
            if name not in self._shown:
                self._shown[name] = FIGURES[name].picture(self.scope)
            return self._shown[name]

    def _draw(self, name: str, shape: str) -> Sheet:
        return self._picture(name).draw(self._blank(name, shape))

    def _blank(self, name: str, shape: str) -> Blank:
        entry, paper, scope = FIGURES[name], SHAPES[shape], self.scope
        stamp = f"{stamp_of(scope, self._manifest)} | 查证代码：{document_codes.code(scope)}"
        if not paper.whole and scope.tiers == "headline":
            # For one line: without the tiers, which are the headline's and so what is expected.
            parts = [part for part in stamp.split(" | ") if not part.startswith("名录：")]
            stamp = " | ".join(parts)
        return Blank(paper, entry.title_of(scope), stamp, self._picture(name).message)


def _written(formats: Sequence[Write], draw: Callable[[Blank], Sheet], blank: Blank) -> list[bytes]:
    sheet = draw(blank)
    return [write(sheet) for write in formats]
