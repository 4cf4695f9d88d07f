"""Candidates for demonstration clusters: proposed by density, confirmed by a person."""

import geopandas as gpd
import pandas as pd
import shapely
import streamlit as st

from domain import rules
from domain.typed_rows import cells
from geo import boundaries
from loaders.decisions import outline_decisions
from loaders.kinds import KINDS
from presentation import labels
from queries import commitments
from queries.scope import Scope
from ui import leaflet_shapes, page_maps, page_tables, pending_entries, selection, session
from ui.demonstration_clusters import cluster_entry

COLUMNS = ["candidate", "candidate_shops", "scenario_kinds", "county", "town"]


def table(scope: Scope) -> pd.DataFrame:
    """Candidates of the selected area with names, and their outline as GeoJSON text."""
    found = commitments.cluster_candidates(scope.snapshot_id, scope.as_of)
    zones = boundaries.towns().set_index("town_code")["zone_id"].dropna()
    found = selection.within(found.assign(zone_id=found["town_code"].map(zones)), scope, "area_id")
    found = found.drop(columns="zone_id").assign(candidate_shops=found["shops"])
    return labels.with_names(found).reset_index(drop=True)


def part(scope: Scope) -> None:
    """The list of candidates, their map, and the form that makes one a cluster."""
    st.caption(
        f"相距不超过 {rules.count('cluster_reach_m')} 米、至少 "
        f"{rules.count('cluster_least_shops')} 家的已验证受理点连成一片，且不在已登记的聚集区里"
        "。只是建议，确认后才登记。"
    )
    found = table(scope)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        picked = page_tables.pick(found, COLUMNS, "候选聚集区", "cluster_candidates")
    chosen = found.iloc[picked] if picked is not None else None
    with right:
        _map(found, chosen)
    if chosen is None:
        st.caption("点一行，可以把它登记为示范聚集区。")
    else:
        _confirm(scope, chosen)


def _map(found: pd.DataFrame, chosen: pd.Series | None) -> None:
    """Outlines of the candidates; the chosen one fills the view."""
    tips = [
        leaflet_shapes.escape(f"候选 {number}\n{county}{town}\n{shops} 家")
        for number, county, town, shops in cells(found, "candidate", "county", "town", "shops")
    ]
    shapes = gpd.GeoDataFrame(
        {"tip": tips},
        geometry=gpd.GeoSeries(shapely.from_geojson(found["outline"].to_numpy(dtype=object))),
        crs="EPSG:4326",
    )
    look = {"color": "#b35806", "weight": 2, "dashArray": "4 4", "fillOpacity": 0.2}
    layer = page_maps.features("candidates", shapes, look)
    focus = shapes.iloc[:0] if chosen is None else shapes.loc[[chosen.name]]
    page_maps.show("candidate_map", [layer], page_maps.view_of(focus), height=430)


def _confirm(scope: Scope, chosen: pd.Series) -> None:
    """Enter the candidate as a cluster, with its outline."""
    with st.form("candidate", border=True):
        left, right = st.columns(2, gap="medium")
        number = f"HX{scope.as_of:%y%m%d}-{chosen['candidate']:02d}"
        cluster_id = left.text_input("聚集区编号", number, max_chars=32)
        name = left.text_input("名称", f"{chosen['town']}示范聚集区", max_chars=60)
        with right:
            asked = cluster_entry.ask_owners(scope, [chosen["county_code"]])
        declared = right.date_input("申报日期", scope.as_of, max_value="today", format="YYYY-MM-DD")
        if not st.form_submit_button("确认为示范聚集区", icon=":material/check:"):
            return
        row = {
            "cluster_id": cluster_id.strip(), "name": name.strip(), "owners": asked,
            "declared_on": pending_entries.day(declared), "lon": round(chosen["lon"], 5),
            "lat": round(chosen["lat"], 5), "is_first": False,
        }  # fmt: skip
        problems = cluster_entry.problems(row, cluster_entry.taken(scope), new=True)
        if pending_entries.may_save(problems):
            subject = KINDS["clusters"].prefix + row["cluster_id"]
            outline_decisions.keep(
                session.ledger(), {subject: chosen["outline"]}, "候选", session.visitor()
            )
            pending_entries.save(
                "cluster", row, f"已登记“{row['name']}”。发布后计入各页。", declared
            )
