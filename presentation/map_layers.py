"""The layers of the map and their legends, from tables of any day: for the screen and for print."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from domain import pace, typed_rows
from domain.city import CITY
from domain.clusters import STATES
from geo import boundaries, grid
from presentation import basemap, labels, legends, venue_listings
from presentation.heat_picture import Heat, heat
from presentation.legends import Legend
from presentation.palette import CLUSTER_COLOURS, NOTHING, PALE, VENUE_COLOURS
from queries import attainment, data_quality, monthly_figures, shop_records, untold
from queries.scope import BASES, Scope, area_name, areas_by_name

TOWN_NOTE = "示意分区，非行政界线"
SOURCE_NOTE = "县区界线来源：天地图。" + (
    f"审图号：{CITY.map_approval}。" if CITY.map_approval else "示意图，不作划界依据。"
)


@dataclass(frozen=True)
class Drawing:
    """What a layer shows, with its legends in that order: areas, points and a heat picture.

    `areas` has name, fill, share (0 to 1 or null; clusters have none) and tip (plain text), where
    they are named on the map the point `label_at` and the `figure` under the name, whether they are
    of the `worst` where these are to stand out, and where they are towns the `area` around them.
    They are `dashed` where their outlines are a sketch. `points` have lon, lat (null where unknown)
    and fill; venues are those of `labelled`.
    """

    legends: tuple[Legend, ...]
    areas: gpd.GeoDataFrame | None = None
    dashed: bool = False
    points: pd.DataFrame | None = None
    heat: Heat | None = None


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
        areas=lambda: attainment.areas(scope),
        merchants=lambda by: shop_records.merchants(scope, by),
        venues=lambda: attainment.venues(scope),
        without_point=lambda: shop_records.without_point(scope),
    )


def of_month_end(scope: Scope, day: date) -> Source:
    """The tables of `day`, a month end of the scope; those of all months are asked for at once."""
    return Source(
        areas=lambda: monthly_figures.areas(scope)[day],
        merchants=lambda by: monthly_figures.merchants(scope, by)[day],
        venues=lambda: monthly_figures.venues(scope)[day],
        without_point=lambda: monthly_figures.without_point(scope)[day],
    )


def unplaced(scope: Scope, shown: int) -> str:
    """The note on merchants that the map cannot show, `shown` of them in what it shows."""
    city = data_quality.intake_state(scope.snapshot_id)["unlocated"]
    return f"其中 {shown:,} 家没有坐标，计入总数，不在图上；全市另有 {city:,} 家未定位到县区。"


def is_empty(drawing: Drawing) -> bool:
    """Whether a layer has nothing to show: no share known, no point, no heat."""
    shares = drawing.areas is None or not drawing.areas["share"].notna().any()
    points = drawing.points is None or not drawing.points["lon"].notna().any()
    return shares and points and (drawing.heat is None or not drawing.heat.grid.any())


def with_venues(drawing: Drawing, scope: Scope, source: Source) -> Drawing:
    """The `drawing` with the venues of the scope on it."""
    over = venues(scope, "", source)
    return replace(drawing, points=over.points, legends=(*drawing.legends, *over.legends))


def areas(scope: Scope, basis: str, source: Source) -> Drawing:
    """Counties and zones by their share of covered venues; inside one its towns by theirs."""
    if scope.area_id:
        return _venues_by_town(scope, basis, source)
    table = source.areas().sort_values(["area_kind", "area_id"], ignore_index=True)
    worst = legends.furthest(table[f"share_{basis}"], pace.due_share(scope.as_of))
    shapes = basemap.areas().merge(table.assign(worst=worst), on="area_id")
    columns = ("area", f"covered_{basis}", "venues", f"share_{basis}")
    share = shapes[f"share_{basis}"]
    shapes = shapes.assign(
        name=shapes["area"],
        share=share,
        figure=["未知" if pd.isna(one) else f"{one:.0%}" for one in share],
        tip=[
            f"{area}\n达标 {labels.count(covered)}/{labels.count(venues)}"
            f" = {labels.percent(share)}\n点击进入"
            for area, covered, venues, share in typed_rows.cells(shapes, *columns)
        ],
    )
    zones = "zone" in set(table["area_kind"])
    note = ("功能板块按乡镇示意分区拼成。" if zones else "") + SOURCE_NOTE
    return _by_distance(f"场所达标率（{BASES[basis]}）", scope, shapes, note)


def _by_distance(
    title: str, scope: Scope, shapes: gpd.GeoDataFrame, note: str, *, dashed: bool = False
) -> Drawing:
    """Areas with a share, coloured by how far it is below the due line of the scope's day."""
    due = pace.due_share(scope.as_of)
    fills = shapes["share"].map(lambda share: legends.gap_class(share, due))
    if "venues" in shapes:
        fills = fills.mask(shapes["venues"].isna(), NOTHING)
    legend = legends.gap_legend(title, due, fills, note)
    return Drawing((legend,), shapes.assign(fill=fills), dashed)


def _venues_by_town(scope: Scope, basis: str, source: Source) -> Drawing:
    """Towns of the scope's area by the share of their venues that are covered, with the venues."""
    register = source.venues()
    covered = f"covered_{basis}"
    by_town = register.groupby("town_code")[covered].agg(["size", "sum"]).reset_index()
    by_town = by_town.set_axis(["town_code", "venues", "covered"], axis=1)
    shapes = inside(basemap.towns(), scope.area_id).merge(by_town, on="town_code", how="left")
    told = register[covered].notna().all()
    counts = [
        "无场所" if pd.isna(venues) else f"{labels.count(done if told else None)}/{venues:.0f}"
        for done, venues in typed_rows.cells(shapes, "covered", "venues")
    ]
    shapes = shapes.assign(
        name=shapes["town"],
        area=area_name(scope),
        share=shapes["covered"] / shapes["venues"] if told else np.nan,
        figure=counts,
        label_at=shapes.geometry.representative_point(),
        tip=[
            f"{town}（{TOWN_NOTE}）\n达标场所 {text}\n点击进入"
            for town, text in zip(shapes["town"], counts, strict=True)
        ],
    )
    elsewhere = len(register) - int(shapes["venues"].sum())
    note = "数字是达标场所/场所。" + ("" if boundaries.towns_are_official() else TOWN_NOTE + "。")
    if elsewhere:
        note += f"另有 {elsewhere} 个场所没有定到本区域的乡镇，计入合计。"
    title = f"各乡镇场所达标率（{BASES[basis]}）"
    sketched = not boundaries.towns_are_official()
    drawing = _under_dots(_by_distance(title, scope, shapes, note, dashed=sketched))
    return with_venues(drawing, scope, source)


def _under_dots(drawing: Drawing) -> Drawing:
    """The areas of a drawing in pale colours, so that the dots on them can be told apart.

    The legend says so: the same classes are darker on a map without dots.
    """
    assert drawing.areas is not None
    (legend,) = drawing.legends
    shapes = drawing.areas.assign(fill=drawing.areas["fill"].replace(PALE))
    rows = tuple((PALE.get(colour, colour), text, count) for colour, text, count in legend.rows)
    note = legend.note + "底色比全市图淡，好看清圆点。"
    return replace(drawing, areas=shapes, legends=(replace(legend, rows=rows, note=note),))


def towns(scope: Scope, basis: str, source: Source) -> Drawing:
    """Towns by the share of their merchants; inside an area with names and its venues."""
    shapes = basemap.towns().merge(source.merchants(("town_code",)), on="town_code", how="left")
    if scope.area_id:
        shapes = inside(shapes, scope.area_id)
        shares = shapes[f"{basis}_share"]
        shapes = shapes.assign(
            label_at=shapes.geometry.representative_point(),
            figure=["无" if pd.isna(share) else f"{share:.0%}" for share in shares],
        )
    names = {code: name for name, code in areas_by_name().items()}
    zone = shapes["zone_id"]
    shapes = shapes.assign(
        name=shapes["town"],
        area=zone.where(zone.fillna("") != "", shapes["county_code"]).map(names),
        share=shapes[f"{basis}_share"],
        tip=[
            f"{town}（{TOWN_NOTE}）\n{counts}\n点击进入"
            for town, counts in zip(shapes["town"], _counts(shapes, basis), strict=True)
        ],
    )
    official = boundaries.towns_are_official()
    note = ("" if official else TOWN_NOTE + "。") + unplaced(scope, source.without_point())
    title = f"受理点{BASES[basis]}占应覆盖"
    drawing = _by_distance(title, scope, shapes, note, dashed=not official)
    return with_venues(_under_dots(drawing), scope, source) if scope.area_id else drawing


def inside(towns: gpd.GeoDataFrame, area_id: str) -> gpd.GeoDataFrame:
    """The `towns` of a county or zone."""
    return towns[(towns["county_code"] == area_id) | (towns["zone_id"] == area_id)]


def cells(scope: Scope, basis: str, source: Source) -> Drawing:
    """H3 cells by the share of their merchants; finer ones inside an area."""
    size = "h3_7" if scope.area_id else "h3_6"
    counted = source.merchants((size,)).dropna(subset=[size])
    counted = counted[counted["eligible"] > 0]
    shapes = grid.polygons(counted[size].astype("int64")).merge(
        counted.astype({size: "int64"}), left_on="cell", right_on=size
    )
    shapes = shapes.assign(name="", share=shapes[f"{basis}_share"], tip=_counts(shapes, basis))
    note = unplaced(scope, source.without_point())
    return _by_distance(f"网格{BASES[basis]}占应覆盖", scope, shapes, note)


def _heat(kind: str, what: str, scope: Scope, _basis: str, source: Source) -> Drawing:
    """The heat picture of shops of a `kind` of `HEAT_COLOURS`, of classes that the kinds share."""
    counted = source.merchants(("h3_8",)).dropna(subset=["h3_8"])
    centres = grid.centres(counted["h3_8"].astype("int64"))
    verified, eligible = counted["verified"].to_numpy(), counted["eligible"].to_numpy()
    values = {"coverage": verified, "gap": eligible - verified}
    parts = {name: centres.assign(value=value) for name, value in values.items()}
    picture = heat(parts, kind, tuple(basemap.counties().total_bounds))
    title = f"{what}：约 1 公里内家数（高斯加权，两种热力同一分级）"
    note = unplaced(scope, source.without_point())
    return Drawing((legends.heat_legend(title, picture, note),), heat=picture)


def venues(_scope: Scope, _basis: str, source: Source) -> Drawing:
    """Venues by status; the note counts those without a point."""
    points = labelled(source.venues())
    without = int(points["lon"].isna().sum())
    note = f"另有 {without} 个场所没有坐标，不在图上。" if without else ""
    return Drawing((legends.venue_legend(points, note),), points=points)


def clusters(scope: Scope, rows: pd.DataFrame) -> Drawing:
    """Clusters with a `fill` by state: their outline, else their point, and a dot in its middle.

    The dot shows a small one from afar. `rows` are those of `progress_listings.clusters`; the
    note counts those that cannot be drawn.
    """
    rows = labels.listed(rows)
    places = [place(*where) for where in typed_rows.cells(rows, "outline", "lon", "lat")]
    shapes = gpd.GeoDataFrame(
        {
            "name": rows["cluster_id"],
            "tip": [
                f"{cluster}\n{STATES[state]}，受理点 {points}\n{owners}"
                for cluster, state, points, owners in typed_rows.cells(
                    rows, "cluster", "state", "points_text", "owner_names"
                )
            ],
            "fill": rows["state"].map(CLUSTER_COLOURS),
        },
        geometry=gpd.GeoSeries(places, rows.index),
        crs="EPSG:4326",
    )
    shapes = shapes[shapes.geometry.notna()]
    without = len(rows) - len(shapes)
    note = f"其中 {without} 个没有轮廓也没有坐标，不在图上。" if without else ""
    middle = shapes.geometry.representative_point()
    dots = pd.DataFrame({"lon": middle.x, "lat": middle.y, "fill": shapes["fill"]})
    told = not untold.statements(scope, "clusters")
    return Drawing((legends.cluster_legend(rows, note, told=told),), shapes, points=dots)


def place(outline: str | None, lon: float, lat: float) -> BaseGeometry | None:
    """The outline of a cluster (GeoJSON text), else its point, else nothing."""
    if isinstance(outline, str) and outline:
        return shapely.from_geojson(outline)
    return shapely.Point(lon, lat) if pd.notna(lon) and pd.notna(lat) else None


def labelled(venues: pd.DataFrame) -> pd.DataFrame:
    """Venues with names for codes, their label and their tip on the map, and their `fill`.

    Those that the visitor may not see by name are left out.
    """
    frame = labels.with_names(labels.listed(venues))
    by_shops = frame["carrier"] == "区域型"
    frame = frame.assign(
        status_label=frame["status"].map(labels.STATUS_LABELS),
        declared=frame["eligible_count"].where(by_shops),
        listed=frame["listed"].where(by_shops),
        adopted=frame["eligible"],
    )
    return frame.assign(
        venue=frame["name"],
        label=frame["name"] + "(" + frame["venue_id"] + ")",
        area=labels.area_names(frame),
        fill=frame["status"].map(VENUE_COLOURS),
        tip=[
            f"{name} {label}\n已验证 {_known(verified)} / 应覆盖 {_known(adopted)}"
            + (f"（名册 {_known(declared)}，名单 {_known(listed)}）" if pd.notna(listed) else "")
            + "\n点击看门店"
            for name, label, verified, declared, listed, adopted in typed_rows.cells(
                frame, "name", "status_label", "verified", *venue_listings.DENOMINATOR
            )
        ],
    )


def _known(count: float) -> str:
    return "未知" if pd.isna(count) else f"{count:,.0f}"


def _counts(shapes: pd.DataFrame, basis: str) -> list[str]:
    """The merchants of each town or cell in `basis` against the eligible ones, in words."""
    columns = (basis, "eligible", f"{basis}_share")
    return [
        f"{BASES[basis]} {reached:.0f}/{eligible:.0f} = {labels.percent(share)}"
        if pd.notna(eligible) and eligible
        else "没有应覆盖的受理点"
        for reached, eligible, share in typed_rows.cells(shapes, *columns)
    ]


@dataclass(frozen=True)
class Layer:
    """A layer of the whole map: its name on the page and how it is drawn in a basis.

    `empty` is shown where it has nothing to show; `played` layers can be played month by month.
    """

    title: str
    draw: Callable[[Scope, str, Source], Drawing]
    empty: str
    played: bool = True


LAYERS = {
    "area": Layer(
        "县区与板块达标率",
        areas,
        "没有名录，或者还没有银行报送，算不出达标率。",
    ),
    "town": Layer("乡镇街道验证率（示意分区）", towns, "还没有应覆盖的受理点，算不出验证率。"),
    "cell": Layer("网格验证率", cells, "图上没有应覆盖的受理点。"),
    "heat": Layer(
        "受理门店热力",
        partial(_heat, "coverage", "已验证受理门店"),
        "图上没有已验证的受理门店。",
        played=False,
    ),
    "gap": Layer(
        "缺口热力（应覆盖未验证）",
        partial(_heat, "gap", "应覆盖而未验证的门店"),
        "图上没有应覆盖而未验证的门店。",
        played=False,
    ),
    "venue": Layer("特定区域状态", venues, "名录里没有可以上图的场所。"),
}
CODES = {layer.title: code for code, layer in LAYERS.items()}
