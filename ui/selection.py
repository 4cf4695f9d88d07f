"""The shared selection in the head: the version, the day, and what of the city is looked at."""

from datetime import date

import pandas as pd
import streamlit as st

from domain import pace, reference
from queries.scope import CITY, Scope, area_name, areas_by_name, tiers_by_name
from ui import place_selection, session, snapshot_picker
from ui.session import ALL


def select_scope(*, drills: bool) -> Scope | None:
    """Draw the shared selection and return it; None while the store is empty.

    A page that `drills` asks for a town and a venue too.
    """
    in_force = session.current_id()
    if in_force is None:
        return None
    fields = {ALL: ""} | reference.labels("fields", "field", "field_id")
    operators = {ALL: ""} | reference.labels("operators", "operator", "operator_id")
    tiers, areas = tiers_by_name(), areas_by_name()
    sight = session.visitor().sight
    places, banks = [CITY, *areas], list(operators)
    if sight.role == "county":
        places = [name for name, code in areas.items() if code == sight.unit] + [CITY]
    if sight.role == "bank":
        banks = [name for name, code in operators.items() if code in {"", sight.unit}]
    area = st.selectbox("县区或功能板块", places, key="area", bind="query-params")
    inside = st.container()
    version = snapshot_picker.choose(session.manifest(in_force))
    as_of = _choose_day(version, in_force)
    field = st.selectbox("领域", list(fields), key="field", bind="query-params")
    operator = st.selectbox("运营机构", banks, key="operator", bind="query-params")
    register = st.selectbox(
        "名录范围",
        list(tiers),
        key="tiers",
        bind="query-params",
        help="场所只算这些层级；受理点不分层级。",
    )
    scope = Scope(
        snapshot_id=version["id"],
        as_of=as_of,
        area_id=areas.get(area, ""),
        field_id=fields[field],
        operator_id=operators[operator],
        tiers=tiers[register],
        sight=sight,
    )
    if drills:
        with inside:
            session.set_place(place_selection.choose(scope))
    return scope


def told(scope: Scope) -> str:
    """The selection in a line."""
    fields = {code: name for name, code in reference.labels("fields", "field", "field_id").items()}
    banks = reference.labels("operators", "operator_id", "operator")
    parts = (
        area_name(scope),
        fields.get(scope.field_id, ""),
        banks.get(scope.operator_id, ""),
        f"截至 {scope.as_of}",
    )
    return "　".join(filter(None, parts))


def _choose_day(version: session.Manifest, in_force: str) -> date:
    """Ask for the day: of the version in force any past one, of an older one none after its own."""
    latest = session.last_day(version)
    _follow(version["id"], latest, in_force)
    as_of = st.date_input(
        "截止日",
        value=latest,
        min_value=min(pace.first_day(), latest),
        max_value=latest,
        key="as_of",
        bind="query-params",
        format="YYYY-MM-DD",
        help="状态都由日期推算，可以看过去任何一天，到所选版本自己的截止日为止。",
    )
    return as_of or latest


def _follow(version_id: str, latest: date, in_force: str) -> None:
    """Go on to the last day of a version that has just come into force or been chosen.

    A past day that someone chose stays, as far as the version has data of it; and it stays when
    they go from an older version back to the one in force, so that the two can be compared.
    """
    shown = st.session_state.get("as_of")
    before = st.session_state.get("_looked_at")  # id, last day, whether it was in force
    if shown is not None and before is not None:
        same_id, last, was_in_force = before
        if version_id == in_force:
            ahead = was_in_force and latest != last and shown == last
        else:
            ahead = version_id != same_id
        if ahead or shown > latest:
            st.session_state["as_of"] = latest
    st.session_state["_looked_at"] = (version_id, latest, version_id == in_force)


def within(rows: pd.DataFrame, scope: Scope, *parts: str) -> pd.DataFrame:
    """The `rows` inside the named parts of `scope`: area_id, field_id, operator_id."""
    for part in parts:
        code = getattr(scope, part)
        if code and part == "area_id":
            rows = rows[(rows["county_code"] == code) | (rows["zone_id"] == code)]
        elif code:
            rows = rows[rows[part] == code]
    return rows
