"""The figures that there are, and the pictures of a scope: each drawn once a shape."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from domain import pace
from domain.city import CITY
from loaders import store
from reports import answers, map_layers, ranking_answers
from reports.figures import boards, charts, maps
from reports.figures.sheet import SHAPES, Blank, Sheet
from reports.scope import Scope, area_name, stamp_of

Draw = Callable[[Blank, Scope], Sheet]
BOARDS = ("county", "zone")


@dataclass(frozen=True)
class Entry:
    """A figure: its title, how it is drawn, and whether it is of the whole city alone."""

    title: str
    draw: Draw
    city_only: bool = False

    def applies(self, scope: Scope) -> bool:
        """Whether the figure is about a scope like this one."""
        return not (self.city_only and scope.area_id)


def _areas(blank: Blank, scope: Scope) -> Sheet:
    drawing = map_layers.areas("verified", map_layers.of_day(scope))
    return maps.layer(blank, drawing, maps.ground_of(scope.area_id))


def _ranking(blank: Blank, scope: Scope) -> Sheet:
    found = {kind: ranking_answers.ranks(scope, kind) for kind in BOARDS}
    return boards.ranking(blank, found, pace.due_share(scope.as_of))


def _trend(blank: Blank, scope: Scope) -> Sheet:
    months = answers.trend(scope)
    return charts.trend(blank, months, [pace.due_share(day) for day in months["as_of"]])


FIGURES: dict[str, Entry] = {
    "map_areas": Entry("县区、功能板块场所达标率", _areas),
    "ranking": Entry("县区、功能板块达标率排名", _ranking, city_only=True),
    "trend": Entry("场所达标率走势", _trend),
}


@dataclass
class _Drawn:
    """One figure in one shape: drawn when it is first asked for, written once a format."""

    draw: Callable[[], Sheet]
    lock: threading.Lock = field(default_factory=threading.Lock)
    sheet: Sheet | None = None
    files: dict[str, bytes] = field(default_factory=dict)

    def file(self, form: str) -> bytes:
        """The picture as a file of the `form` png or svg."""
        with self.lock:
            if form not in self.files:
                self.sheet = self.sheet or self.draw()
                self.files[form] = getattr(self.sheet, form)()
            return self.files[form]


class Pictures:
    """The pictures of one scope; any number of threads may ask for them at once."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._manifest = store.default().snapshot(scope.snapshot_id).manifest
        self._drawn = {
            (name, shape): _Drawn(lambda name=name, shape=shape: self._sheet(name, shape))
            for name in FIGURES
            for shape in SHAPES
        }

    def png(self, name: str, shape: str) -> bytes:
        """The figure `name` of `FIGURES` in a `shape` of `SHAPES` as PNG at 300 dpi."""
        return self._drawn[name, shape].file("png")

    def svg(self, name: str, shape: str) -> bytes:
        """The same drawing as SVG."""
        return self._drawn[name, shape].file("svg")

    def _sheet(self, name: str, shape: str) -> Sheet:
        entry, scope = FIGURES[name], self.scope
        where = area_name(scope) if scope.area_id else CITY.name
        blank = Blank(
            SHAPES[shape],
            f"{where}{entry.title}（截至 {scope.as_of}）",
            stamp_of(scope, self._manifest),
        )
        if not entry.applies(scope):
            return blank.empty(f"“{entry.title}”只对全市有意义，{where}没有这张图。")
        return entry.draw(blank, scope)
