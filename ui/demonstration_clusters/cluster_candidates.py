"""Candidates for demonstration clusters: proposed by density, confirmed by a person."""

from datetime import date

import folium
import geopandas as gpd
import pandas as pd
import shapely
import streamlit as st
from streamlit_folium import st_folium

from domain import owners, rules
from geo import clustering
from loaders.decisions import outline_decisions
from loaders.kinds import KINDS
from presentation import basemap, labels
from queries.engine import engine
from queries.scope import Scope
from ui import page_maps, page_tables, pending_entries, session
from ui.coverage_map import map_choices
from ui.demonstration_clusters import cluster_entry

COLUMNS = ["candidate", "candidate_shops", "scenario_kinds", "county", "town"]
_SHOP = ["merchant_key", "shop_key", "lon", "lat", "scenario_id", "county_code", "town_code"]


@st.cache_data(max_entries=10, show_spinner="正在找候选聚集区…")
def _found(snapshot_id: str, as_of: date) -> pd.DataFrame:
    """Candidates with their outline as GeoJSON text."""
    here = engine(snapshot_id)
    verified = here.read(
        lambda data: data.merchants_on(as_of).filter(lambda shop: shop.verified).select(_SHOP)
    )
    members = here.read(lambda data: data.table("cluster_members"))
    found = clustering.candidates(verified, members)
    outline = shapely.to_geojson(shapely.set_precision(found.geometry.array, 1e-5))
    return pd.DataFrame(found.drop(columns="geometry")).assign(outline=outline)


def table(scope: Scope) -> pd.DataFrame:
    """Candidates of the selected area with names."""
    found = _found(scope.snapshot_id, scope.as_of)
    if scope.area_id:
        zones = map_choices.zone_of(found["town_code"])
        found = found[(found["county_code"] == scope.area_id) | (zones == scope.area_id)]
    return labels.with_names(found.assign(candidate_shops=found["shops"])).reset_index(drop=True)


def part(scope: Scope) -> None:
    """The list of candidates, their map, and the form that makes one a cluster."""
    st.caption(
        f"相距不超过 {rules.count('cluster_reach_m')} 米、至少 "
        f"{rules.count('cluster_least_shops')} 家的已验证受理点连成一片，且不在已登记的聚集区里"
        "（DBSCAN 算法）。只是建议，确认后才登记。"
    )
    found = table(scope)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        picked = page_tables.pick(found, COLUMNS, "候选聚集区", "cluster_candidates")
    chosen = found.iloc[picked] if picked is not None else None
    with right:
        _map(found, chosen)
    if chosen is None:
        st.info("点一行，可以把它登记为示范聚集区。", icon=":material/info:")
    else:
        _confirm(scope, chosen)


def _map(found: pd.DataFrame, chosen: pd.Series | None) -> None:
    """Outlines of the candidates, the one at hand in view."""
    shapes = gpd.GeoDataFrame(
        {
            "tip": [
                page_maps.escape(f"候选 {row.candidate}\n{row.county}{row.town}\n{row.shops} 家")
                for row in found.itertuples()
            ]
        },
        geometry=gpd.GeoSeries([shapely.from_geojson(one) for one in found["outline"]]),
        crs="EPSG:4326",
    )
    group = folium.FeatureGroup(name="candidates")
    if len(shapes):
        folium.GeoJson(
            page_maps.geojson(shapes),
            style_function=lambda _: {
                "color": "#b35806",
                "weight": 2,
                "dashArray": "4 4",
                "fillOpacity": 0.2,
            },
            tooltip=folium.GeoJsonTooltip(["tip"], labels=False, sticky=True),
        ).add_to(group)
    centre, zoom = page_maps.CITY_CENTRE, page_maps.CITY_ZOOM
    if chosen is not None:
        centre, zoom = page_maps.view_of(shapes.loc[[chosen.name]])
    st_folium(
        page_maps.base(basemap.counties()),
        key="candidate_map",
        height=430,
        use_container_width=True,
        center=centre,
        zoom=zoom,
        feature_group_to_add=[group],
        returned_objects=[],
    )


def _confirm(scope: Scope, chosen: pd.Series) -> None:
    """Enter the candidate as a cluster, with its outline."""
    everyone = owners.owners(scope.as_of)
    names = dict(zip(everyone["owner_id"], everyone["owner"], strict=True))
    with st.form("candidate", border=True):
        left, right = st.columns(2, gap="medium")
        number = f"HX{scope.as_of:%y%m%d}-{chosen['candidate']:02d}"
        cluster_id = left.text_input("聚集区编号", number, max_chars=32)
        name = left.text_input("名称", f"{chosen['town']}示范聚集区", max_chars=60)
        mine = [chosen["county_code"]] if chosen["county_code"] in names else []
        asked = right.multiselect(
            "责任单位", list(names), mine, format_func=names.get, placeholder="请选"
        )
        declared = right.date_input("申报日期", scope.as_of, max_value="today", format="YYYY-MM-DD")
        if not st.form_submit_button("确认为示范聚集区", icon=":material/check:"):
            return
        row = {
            "cluster_id": cluster_id.strip(), "name": name.strip(), "owners": ";".join(asked),
            "declared_on": pending_entries.day(declared), "lon": round(chosen["lon"], 5),
            "lat": round(chosen["lat"], 5), "is_first": False,
        }  # fmt: skip
        if pending_entries.asked(cluster_entry.problems(row, None, cluster_entry.taken(scope))):
            subject = KINDS["clusters"].prefix + row["cluster_id"]
            outline_decisions.keep(
                session.ledger(), {subject: chosen["outline"]}, "候选", session.person()
            )
            pending_entries.save(
                "cluster", row, f"已登记“{row['name']}”。发布后计入各页。", declared
            )
