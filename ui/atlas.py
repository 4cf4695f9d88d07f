"""What the map page shows for a selection: layers, legends, view and the names below the map."""

import pandas as pd
import streamlit as st

from reports import answers, figures, labels, listings
from reports.scope import Scope, area_name
from ui import layers, maps, places, session, tables
from ui.layers import View

LAYERS = {
    "县区与板块达标率": "area",
    "乡镇街道验证率（示意分区）": "town",
    "网格验证率": "cell",
    "受理门店热力": "heat",
    "缺口热力（应覆盖未验证）": "gap",
    "特定区域状态": "venue",
}
SHOP_COLUMNS = [
    "merchant_id",
    "name",
    "address",
    "operator",
    "state_label",
    "cash_point",
    "located",
]


def label(scope: Scope, layer: str) -> str:
    """Name of what the layer called `layer` draws: inside an area its towns stand for the areas."""
    code = layers.drawn(scope, LAYERS[layer])
    return next(name for name, one in LAYERS.items() if one == code)


def view(scope: Scope, layer: str, basis: str, town_code: str, venue_id: str) -> View:
    """The picture for a selection."""
    if venue_id:
        return _venue_view(scope, venue_id)
    if town_code:
        return _town_view(scope, town_code)
    return layers.city_view(scope, layer, basis, layers.of_day(scope))


def _unplaced(scope: Scope, venue_id: str = "", town_code: str = "") -> str:
    return layers.unplaced(scope, answers.without_point(scope, venue_id, town_code))


def _town_view(scope: Scope, town_code: str) -> View:
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


def _venue_view(scope: Scope, venue_id: str) -> View:
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


def _venues(scope: Scope) -> pd.DataFrame:
    return layers.labelled(answers.venues(scope))


def _shops(frame: pd.DataFrame) -> pd.DataFrame:
    """Shops with labels, the unverified and public cash points first."""
    named = listings.missing(frame)
    look = named["verified"].map({True: "verified", False: "waiting"})
    look = look.mask(~named["contracted"], "target")
    return named.assign(
        look=look,
        located=named["method"].map(session.METHODS),
        tip=named["name"] + "\n" + named["state_label"],
    ).sort_values(["verified", "public_cash_point", "name"], ascending=[True, False, True])


def _fills(shops: pd.DataFrame) -> list[str]:
    return [maps.STATES[look][1] for look in shops["look"]]


def downloads(scope: Scope, layer: str, basis: str, shown: View) -> None:
    """Buttons that take the picture and the table away."""
    stamp = session.stamp(scope, basis)
    with st.container(horizontal=True):
        st.download_button(
            "下载地图 PNG",
            data=lambda: figures.map_png(
                places.counties(),
                shown.drawing,
                f"{area_name(scope)} {layer}",
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
            lambda: {"名单": labels.labelled(shown.names, shown.columns)},
            f"{layer}_{scope.as_of}",
            stamp,
        )
