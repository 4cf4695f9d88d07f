"""The brief (工作通报): one month of the city, or of a county or zone, as a Word document."""

import io
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any, Protocol

from domain import reference
from domain.city import CITY
from presentation import labels, wording
from queries import attainment, commitments
from queries.scope import Scope, area_name, stamp_of
from reports import document_codes
from reports.documents import brief_tables, brief_templates, template_rendering
from store import snapshot_store

WIDTH = 156.0  # millimetres of the type area
DEMO = "演示数据"
_PICTURES = {  # field of the template → figure, and what it shows for who cannot see it
    "map": ("map_areas", "县区与板块达标率地图"),
    "map_gaps": ("map_gaps", "缺口地图"),
    "map_venues": ("map_venues", "特定区域地图"),
    "map_clusters": ("map_clusters", "示范聚集区地图"),
    "trend": ("trend", "三种口径各月达标率与应达线"),
    "ranking": ("ranking", "县区和板块达标率与95%区间"),
    "rank_intervals": ("rank_intervals", "可能的名次"),
    "plan": ("plan", "签约家数与新增达标"),
    "targets_picture": ("targets", "目标完成比例与今天应达"),
    "clusters_picture": ("clusters", "示范聚集区各月状态"),
    "reporting": ("reporting", "各月信息报送"),
}
_WHOLE = {"ranking", "rank_intervals", "targets_picture", "clusters_picture", "reporting"}
_REGISTER = _PICTURES.keys() - {"targets_picture", "clusters_picture", "reporting"}
BLANK_DAY = "　　　　年　　月　　日"
Values = dict[str, Callable[[], Any]]


class Figures(Protocol):
    """Whatever draws the figures of a scope, as `figure_catalogue.Pictures` does."""

    def png(self, name: str, shape: str) -> bytes:
        """The figure `name` in a shape, as PNG."""


def brief(
    scope: Scope,
    pictures: Figures,
    template: bytes | None = None,
    *,
    number: str = "",
    issuer: str = "",
    recipient: str = "",
    issued_on: date | None = None,
) -> bytes:
    """The brief as DOCX, made with `template` or with the standard one.

    `number` is the document number; without one the form for it stays blank. The office issues it
    unless `issuer` says otherwise; without `issued_on` the day is left to be filled in. No clock is
    asked: the document was made when its snapshot was. Raises `templates.TemplateError` for a
    template that cannot be used.
    """
    manifest = snapshot_store.default().snapshot(scope.snapshot_id).manifest
    values = (
        _head(scope, manifest["demo"])
        | _office(scope, number, issuer, recipient, issued_on)
        | _checked(scope, manifest)
        | _sentences(scope)
        | _tables(scope)
        | _pictures(scope, pictures)
    )
    made = brief_templates.filled(template or brief_templates.standard("brief"), "brief", values)
    properties = made.docx.core_properties
    properties.title = title(scope)
    properties.author = properties.last_modified_by = CITY.dashboard
    moment = datetime.fromisoformat(manifest["created_at"])
    properties.created = properties.modified = moment
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def title(scope: Scope) -> str:
    """The title of the brief of a scope."""
    return f"关于{_month(scope)}{area_name(scope)}数字人民币试点特定区域覆盖情况的通报"


def _month(scope: Scope) -> str:
    return f"{scope.as_of.year}年{scope.as_of.month}月"


def _head(scope: Scope, demo: bool) -> Values:
    area = CITY.name if not scope.area_id else area_name(scope)
    opening = (
        f"现将截至{labels.chinese_day(scope.as_of)}{area}数字人民币试点特定区域覆盖情况通报如下。"
    )
    texts = {
        "title": title(scope),
        "demo_mark": DEMO if demo else "",
        "opening": opening,
        "area": area_name(scope),
        "month": _month(scope),
        "day": labels.chinese_day(scope.as_of),
    }
    return {name: partial(str, text) for name, text in texts.items()}


def _office(
    scope: Scope, number: str, issuer: str, recipient: str, issued_on: date | None
) -> Values:
    texts = {
        "number": number.strip() or f"　　　　〔{scope.as_of.year}〕　　号",
        "issuer": issuer.strip() or f"{CITY.name}数字人民币试点工作领导小组办公室",
        "recipient": f"{recipient.strip().rstrip('：:') or _recipient(scope)}：",
        "issued_on": labels.chinese_day(issued_on) if issued_on else BLANK_DAY,
    }
    return {name: partial(str, text) for name, text in texts.items()}


def _recipient(scope: Scope) -> str:
    if not scope.area_id:
        return "各县（区）人民政府，各功能板块管理机构，领导小组各成员单位，各试点运营机构"
    if scope.area_id in set(reference.table("counties")["county_code"]):
        return f"{area_name(scope)}人民政府"
    return f"{area_name(scope)}管理机构"


def _checked(scope: Scope, manifest: dict[str, Any]) -> Values:
    code = document_codes.code(scope)
    texts = {
        "stamp": stamp_of(scope, manifest),
        "code": code,
        "code_note": f"查证代码：{code}，在看板“口径说明”页输入，可查每个数怎么来的。",
    }
    return {name: partial(str, text) for name, text in texts.items()}


def _sentences(scope: Scope) -> Values:
    """The sentences of each section; what only the whole city has is not said of a part of it."""
    said = {
        "overall": wording.overall,
        "areas": wording.areas,
        "gaps": wording.gaps,
        "notes": wording.notes,
    }
    whole = {"clusters": wording.clusters, "targets": wording.targets, "tasks": wording.tasks}
    values: Values = {f"{name}_text": partial(say, scope) for name, say in said.items()}
    return values | {
        f"{name}_text": partial(say, scope) if not scope.area_id else list
        for name, say in whole.items()
    }


def _tables(scope: Scope) -> Values:
    return {
        "counties": partial(brief_tables.board, scope, "county"),
        "zones": partial(brief_tables.board, scope, "zone"),
        "venues": partial(brief_tables.venues, scope),
        "rest": partial(brief_tables.rest, scope),
        "clusters": partial(brief_tables.clusters, scope),
        "targets": partial(brief_tables.targets, scope),
        "unreported": partial(brief_tables.unreported, scope),
        "statements": partial(brief_tables.numbers, scope),
        "counties_none": partial(str, "缺数据：各县区名录里还没有特定区域，不能排名。"),
        "zones_none": partial(str, "缺数据：各功能板块名录里还没有特定区域，不能排名。"),
        "venues_none": partial(_no_venues, scope),
        "venues_note": partial(_venues_note, scope),
        "clusters_none": partial(_no_clusters, scope),
        "targets_none": partial(str, "通知的目标按全市考核，见全市通报。"),
        "unreported_none": partial(_no_unreported, scope),
    }


def _venues_note(scope: Scope) -> str:
    more = "没有列出的场所在哪里见下表，" if brief_tables.rest(scope) else ""
    return f"注：按还差家数由少到多排。{more}名单见看板“缺口清单”。"


def _no_venues(scope: Scope) -> str:
    if attainment.venues(scope).empty:
        return "缺数据：名录里还没有特定区域，不知道缺口在哪里。"
    return "没有分母已知而未达标的场所，缺口表从略。"


def _no_clusters(scope: Scope) -> str:
    if commitments.rows(scope.snapshot_id, "clusters").empty:
        return "缺数据：还没有收到示范聚集区台账。"
    return "登记的示范聚集区里，没有由本地负责或位于本地的。"


def _no_unreported(scope: Scope) -> str:
    if scope.area_id:
        return "信息由领导小组成员单位和试点银行报送，见全市通报。"
    if commitments.reports(scope.snapshot_id, scope.as_of).empty:
        return "缺数据：还没有登记过每月信息。"
    return "最近一个月应报信息的单位都已报送。"


def _pictures(scope: Scope, pictures: Figures) -> Values:
    """Pictures by field, '' for those about the whole city or of venues where there are none."""
    left_out = (_WHOLE if scope.area_id else set()) | (
        _REGISTER if attainment.venues(scope).empty else set()
    )
    return {
        field: str if field in left_out else partial(_picture, pictures, name, words)
        for field, (name, words) in _PICTURES.items()
    }


def _picture(pictures: Figures, name: str, words: str) -> template_rendering.Picture:
    return template_rendering.Picture(pictures.png(name, "inset"), WIDTH, words)
