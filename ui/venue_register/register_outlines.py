"""Outlines of venues and clusters: drawn by clicks on the map, or uploaded as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import streamlit as st

from domain import reference
from geo import containment
from geo import outlines as shapes
from geo.outlines import OutlineError
from loaders.decisions import outline_decisions
from loaders.formats.outlines import outline_files
from loaders.kinds import KINDS
from loaders.reading import cell_parsing
from presentation.labels import plain
from queries import commitments
from queries.scope import Scope
from ui import page_maps, page_tables, selection, session
from ui.frame import errors_shown
from ui.session import nobody
from ui.venue_register import register_map

CRS = {
    "WGS-84、CGCS2000（天地图、GPS）": "wgs84",
    "GCJ-02（高德、腾讯）": "gcj02",
    "BD-09（百度）": "bd09",
}
DRAW, UPLOAD = "在图上画", "上传文件"
FEATURE_COLUMNS = ["feature", "target", "shops_inside", "shops_elsewhere", "reason"]

_NAMED = 5  # left-out shapes of a file that are named
_LONGEST = 40  # characters of what a file says of an outline that it does not name

Corners = list[tuple[float, float]]


@dataclass(frozen=True)
class Target:
    """A venue or a cluster that an outline is drawn for; `outline` is the one that holds."""

    subject: str
    name: str
    label: str
    outline: str | None
    lon: float
    lat: float
    county_code: str | None

    @property
    def venue_id(self) -> str:
        """Id of the venue; '' of a cluster."""
        return _venue_of(self.subject)


def _venue_of(subject: str | float) -> str:
    """Id of the venue that a decision is about; '' for a cluster or for nothing."""
    prefix = KINDS["venues"].prefix
    return str(subject).removeprefix(prefix) if str(subject).startswith(prefix) else ""


def part(scope: Scope, entries: pd.DataFrame) -> None:
    """Everything about outlines, for one venue of `entries` or one cluster."""
    known = _targets(scope, entries)
    if not known:
        st.caption("所选范围里没有场所，也没有聚集区。")
        return
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    label = left.selectbox("给谁画轮廓", list(known), key="outline_of")
    how = right.segmented_control(
        "怎么画", [DRAW, UPLOAD], default=DRAW, key="outline_how", required=True
    )
    target = known[label]
    if how == DRAW:
        _draw(scope, target)
    else:
        _upload(scope, target, known)


def _targets(scope: Scope, entries: pd.DataFrame) -> dict[str, Target]:
    """Venues and clusters by their labels, with the outlines that people settled last."""
    answers = session.ledger().latest(outline_decisions.TOPIC)
    clusters = commitments.rows(scope.snapshot_id, "clusters").sort_values("cluster_id")
    clusters = selection.within(clusters, scope, "area_id")
    found = {}
    listed = ((KINDS["venues"], entries, ""), (KINDS["clusters"], clusters, "聚集区 "))
    for kind, rows, what in listed:
        for row in outline_decisions.settled(rows, kind, answers).to_dict("records"):
            own_id = row[kind.key_column]
            label = f"{what}{row['name']}（{own_id}）"
            outline = row["outline"] if pd.notna(row["outline"]) else None
            place = row["lon"], row["lat"], row["county_code"]
            found[label] = Target(kind.prefix + own_id, row["name"], label, outline, *place)
    return found


def _draw(scope: Scope, target: Target) -> None:
    drafts: dict[str, Corners] = st.session_state.setdefault("_corners", {})
    corners = drafts.setdefault(target.subject, [])
    map_key = f"outline-{target.subject}"
    view = register_map.view(target.outline, target.lon, target.lat, target.county_code)
    layers: list[page_maps.Layer] = [partial(register_map.draft, corners)]
    if target.outline:
        layers.insert(0, page_maps.outline_layer(register_map.frame_of(target.outline)))
    around = register_map.looks(register_map.nearby(scope, page_maps.centre(view)))
    with st.grid(2, gap="medium", min_column_width=340):  # one below the other on a tablet
        left, right = st.container(), st.container()
    with left:
        page_maps.show(
            map_key,
            [page_maps.shop_layer(around), *layers],
            view,
            height=register_map.HEIGHT,
            returned="last_clicked",
            on_change=partial(_clicked, map_key, corners),
        )
        st.caption("蓝线是现在的轮廓，橙色虚线是正在画的；小圆点是附近的受理门店。滚轮放大缩小。")
    with right:
        _steps(scope, target, corners)


def _clicked(map_key: str, corners: Corners) -> None:
    """Take the place that was clicked for the next corner."""
    place = (st.session_state.get(map_key) or {}).get("last_clicked")
    if place:
        corners.append((round(place["lng"], 6), round(place["lat"], 6)))


def _steps(scope: Scope, target: Target, corners: Corners) -> None:
    """The buttons beside the map, and what the outline would hold."""
    st.markdown(f"**{plain(target.label)}**　{'已有轮廓' if target.outline else '还没有轮廓'}")
    st.markdown(f"在图上沿边界依次点击。已画 **{len(corners)}** 个点。")
    with st.container(horizontal=True):
        if st.button("撤销上一点", icon=":material/undo:", disabled=not corners):
            corners.pop()
            st.rerun()
        if st.button("清空", icon=":material/delete:", disabled=not corners):
            corners.clear()
            st.rerun()
    shape = None
    if len(corners) >= 3:
        with errors_shown(OutlineError):
            shape = shapes.drawn(corners)
            st.markdown(_described(scope, shape, target.venue_id))
    if st.button(
        "保存轮廓", type="primary", icon=":material/save:", disabled=shape is None or nobody()
    ):
        _keep({target.subject: shapes.text(shape)}, outline_decisions.BY_HAND)
        corners.clear()
        st.rerun()
    _withdraw(target)
    _notice()


def _notice() -> None:
    saved = st.session_state.pop("_outline_saved", None)
    if saved:
        st.success(saved, icon=":material/task_alt:")


def _withdraw(target: Target) -> None:
    """Take the outline back that holds now."""
    if target.outline and st.button(
        "撤回现有轮廓", icon=":material/undo:", disabled=nobody(), key=f"withdraw-{target.subject}"
    ):
        outline_decisions.withdraw(session.ledger(), target.subject, session.visitor())
        st.session_state["_outline_saved"] = "已撤回，发布后不再按它归店。"
        st.rerun()


def _keep(texts: dict[str, str], source: str) -> None:
    outline_decisions.keep(session.ledger(), texts, source, session.visitor())
    st.session_state["_outline_saved"] = f"已保存 {len(texts)} 个轮廓，发布后生效。"


def _described(scope: Scope, shape: shapely.Geometry, venue_id: str) -> str:
    """What an outline holds and where it lies, in a sentence."""
    inside, elsewhere = register_map.inside(scope, shape, venue_id)
    alone = np.array([shape], dtype=object)
    names = reference.labels("counties", "county_code", "name")
    shares = containment.county_shares(alone)
    where = "、".join(
        f"{names[code]} {share:.0%}"
        for code, share in zip(shares["county_code"], shares["share"], strict=True)
    )
    text = f"约 {containment.area_m2(alone)[0]:,.0f} 平方米，在{where}；圈住 **{inside:,}** 家门店"
    if elsewhere:
        text += f"，其中 **{elsewhere:,}** 家的报送文件写明在别的场所，仍算在那里"
    return text + "。"


def _upload(scope: Scope, target: Target, known: dict[str, Target]) -> None:
    turn = st.session_state.setdefault("_outline_turn", 0)
    left, right = st.columns([3, 2], vertical_alignment="top")
    file = left.file_uploader(
        "轮廓文件（GeoJSON、GPKG、KML、KMZ，或打成 zip 的 Shapefile）",
        type=list(outline_files.READERS),
        key=f"outline_file_{turn}",
    )
    crs = right.selectbox("图形的坐标系", list(CRS), key="outline_crs")
    right.caption(
        "有“区域编号”或“名称”列的，按它们对到名录；只有一个图形、又没有编号和名称的，"
        "就是所选场所的轮廓。"
        "文件自己写明投影的，会换算好；高德、百度图上描的，请选对坐标系。"
    )
    if file is not None:
        with errors_shown(OutlineError):
            found = outline_files.read(file.getvalue(), file.name, CRS[crs])
            _left_out(found.attrs["left_out"])
            _found(scope, _matched(found, target, known), file.name)
    _notice()
    _withdraw(target)


def _left_out(others: Sequence[str]) -> None:
    """Say what lay beside the polygons of a file."""
    if others:
        more = "等" if len(others) > _NAMED else ""
        told = plain("、".join(others[:_NAMED]))
        st.info(f"文件里有 {len(others)} 个图形不是面，没有采用：{told}{more}。")


def _matched(found: gpd.GeoDataFrame, target: Target, known: dict[str, Target]) -> gpd.GeoDataFrame:
    """Uploaded outlines with `subject` and `label` of what they are of, null for none.

    The only outline of a file is of the target, if it has no name or a person says so.
    """
    venues = pd.DataFrame(
        [(own.venue_id, own.name) for own in known.values() if own.venue_id],
        columns=["venue_id", "name"],
    )
    subject = KINDS["venues"].prefix + outline_decisions.matched(found, venues)
    if len(found) == 1 and subject.isna().all() and _is_of(found.iloc[0], target):
        subject[:] = target.subject
    labels = {own.subject: label for label, own in known.items()}
    names = subject.map({own.subject: own.name for own in known.values()})
    told, own = found["name"].map(cell_parsing.plain), names.map(cell_parsing.plain)
    other = (told != "") & names.notna() & (told != own)
    said = found["note"].where(found["note"] == "", found["note"] + "；")
    said += "文件里的名称是“" + found["name"] + "”，请核对"
    notes = found["note"].mask(other, said)
    return found.assign(subject=subject, label=subject.map(labels), note=notes)


def _is_of(outline: pd.Series, target: Target) -> bool:
    """Whether an outline that names no venue of the register is of the target."""
    named = outline["name"] or outline["venue_id"] or outline["told"][:_LONGEST]
    if not named or cell_parsing.plain(named) == cell_parsing.plain(target.name):
        return True
    st.warning(
        f"文件里写的是“{plain(named)}”，所选范围的名录里没有，所以没有算作“{plain(target.name)}”"
        "的轮廓。请核对是不是选错了场所，或先把它列入名录。",
        icon=":material/help:",
    )
    return st.checkbox(
        f"“{plain(named)}”就是所选的“{plain(target.name)}”",
        key=f"outline_same_{target.subject}_{named}",
    )


def _found(scope: Scope, found: gpd.GeoDataFrame, file: str) -> None:
    """The outlines of a file: whose they are, what they hold, their map, and the button."""
    counts = [
        register_map.inside(scope, shape, _venue_of(subject))
        for shape, subject in zip(found.geometry, found["subject"], strict=True)
    ]
    listed = found.assign(
        feature=found["name"].where(found["name"] != "", found["venue_id"]),
        target=found["label"].fillna("对不上名录，不保存"),
        shops_inside=[inside for inside, _ in counts],
        shops_elsewhere=[elsewhere for _, elsewhere in counts],
        reason=found["note"],
    )
    view = page_maps.view_of(found)
    page_maps.show("outline-upload", [partial(register_map.uploaded, found)], view, height=360)
    page_tables.show(pd.DataFrame(listed.drop(columns="geometry")), FEATURE_COLUMNS, "文件里的轮廓")
    matched = found.dropna(subset=["subject"]).dissolve("subject")
    label = f"保存对上的 {len(matched)} 个轮廓"
    if st.button(label, type="primary", icon=":material/save:", disabled=matched.empty or nobody()):
        _keep(matched.geometry.map(shapes.text).to_dict(), file)
        st.session_state["_outline_turn"] += 1
        st.rerun()
