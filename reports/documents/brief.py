"""The brief (工作通报): one month of the city, or of a county or zone, as a Word document."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from domain import reference
from domain.city import CITY
from presentation import labels, wording
from presentation.statements import statements
from queries import attainment, commitments
from queries.scope import DEMO, Scope, area_name
from queries.stamps import stamp_of
from reports import document_codes
from reports.documents import brief_tables, brief_templates, template_rendering
from reports.figures.figure_catalogue import Pictures
from store import snapshot_store

_WIDTH = 156.0  # millimetres of the type area
_PICTURES = {  # field of the template → figure, and what it shows for who cannot see it
    "map": ("map_areas", "县区与板块达标率地图"),
    "map_gaps": ("map_gaps", "缺口地图"),
    "map_venues": ("map_venues", "特定区域地图"),
    "map_clusters": ("map_clusters", "示范聚集区地图"),
    "trend": ("trend", "三种口径各月达标率与应达线"),
    "ranking": ("ranking", "县区和板块达标率与应达线"),
    "rank_intervals": ("rank_intervals", "可能的名次"),
    "plan": ("plan", "签约家数与新增达标"),
    "targets_picture": ("targets", "目标完成比例与今天应达"),
    "clusters_picture": ("clusters", "示范聚集区各月状态"),
    "reporting": ("reporting", "各月信息报送"),
}
_WHOLE = {"ranking", "rank_intervals", "targets_picture", "clusters_picture", "reporting"}
_REGISTER = _PICTURES.keys() - {"targets_picture", "clusters_picture", "reporting"}
_BLANK_DAY = "　　　　年　　月　　日"
Values = dict[str, Callable[[], Any]]
"""What gives the value of a field of the template, by field."""


@dataclass(frozen=True)
class Letter:
    """What the office adds to the brief: number, issuing body and day of issue.

    A blank number or day leaves room for it; a blank issuer is the office.
    """

    number: str = ""
    issuer: str = ""
    issued_on: date | None = None


def brief(
    scope: Scope, pictures: Pictures, template: bytes | None = None, letter: Letter | None = None
) -> bytes:
    """The brief as DOCX, made with `template` or with the standard one.

    No clock is asked: the document was made when its snapshot was. Raises
    `templates.TemplateError` for a template that cannot be used.
    """
    manifest = snapshot_store.default().snapshot(scope.snapshot_id).manifest
    texts = _texts(scope, manifest, letter or Letter())
    values: Values = {name: partial(str, text) for name, text in texts.items()}
    values |= _sentences(scope) | _tables(scope) | _pictures(scope, pictures)
    made = brief_templates.filled(template or brief_templates.standard("brief"), "brief", values)
    properties = made.docx.core_properties
    properties.title = title(scope)
    properties.author = properties.last_modified_by = CITY.dashboard
    properties.created = properties.modified = datetime.fromisoformat(manifest["created_at"])
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def title(scope: Scope) -> str:
    """The title of the brief of a scope."""
    return f"关于{_month(scope)}{area_name(scope)}数字人民币试点特定区域覆盖情况的通报"


def _month(scope: Scope) -> str:
    return f"{scope.as_of.year}年{scope.as_of.month}月"


def _texts(scope: Scope, manifest: dict[str, Any], letter: Letter) -> dict[str, str]:
    """Single texts by field: head, what the office adds, stamp and code."""
    day, code = labels.chinese_day(scope.as_of), document_codes.code(scope)
    area = area_name(scope) if scope.area_id else CITY.name
    return {
        "title": title(scope),
        "demo_mark": DEMO if manifest["demo"] else "",
        "opening": f"现将截至{day}{area}数字人民币试点特定区域覆盖情况通报如下。",
        "area": area_name(scope),
        "month": _month(scope),
        "day": day,
        "number": letter.number.strip() or f"　　　　〔{scope.as_of.year}〕　　号",
        "issuer": letter.issuer.strip() or f"{CITY.name}数字人民币试点工作领导小组办公室",
        "recipient": f"{_recipient(scope)}：",
        "issued_on": labels.chinese_day(letter.issued_on) if letter.issued_on else _BLANK_DAY,
        "stamp": stamp_of(scope, manifest),
        "code": code,
        "code_note": f"查证代码：{code}，在看板“口径说明”页输入，可查每个数怎么来的。",
    }


def _recipient(scope: Scope) -> str:
    if not scope.area_id:
        return "各县（区）人民政府，各功能板块管理机构，领导小组各成员单位，各试点运营机构"
    county = scope.area_id in set(reference.table("counties")["county_code"])
    return f"{area_name(scope)}{'人民政府' if county else '管理机构'}"


def _sentences(scope: Scope) -> Values:
    """The sentences of each section; what only the whole city has is left out of a part of it."""
    whole = not scope.area_id
    return {
        "overall_text": partial(wording.overall, scope),
        "areas_text": partial(wording.areas, scope),
        "gaps_text": partial(wording.gaps, scope),
        "notes_text": partial(wording.notes, scope),
        "clusters_text": partial(wording.clusters, scope) if whole else list,
        "targets_text": partial(wording.targets, scope) if whole else list,
        "tasks_text": partial(wording.tasks, scope) if whole else list,
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
        "counties_none": partial(str, "缺数据：还没有名录或银行报送，各县区不能排名。"),
        "zones_none": partial(str, "缺数据：还没有名录或银行报送，各功能板块不能排名。"),
        "venues_none": partial(_no_venues, scope),
        "venues_note": partial(_venues_note, scope),
        "clusters_none": partial(_no_clusters, scope),
        "targets_none": partial(str, "通知的目标按全市考核，见全市通报。"),
        "unreported_none": partial(_no_unreported, scope),
    }


def _venues_note(scope: Scope) -> str:
    more = "没有列出的场所在哪里见下表，" if brief_tables.rest(scope) else ""
    raised = brief_tables.raised(scope)
    return (
        f"注：按还差家数由少到多排。{more}名单见看板“缺口清单”。"
        "应覆盖是采用数，取名册数和名单数中较大的，括号内为名册数/名单数。"
        + (f"名单多于名册的：{raised}。" if raised else "")
    )


def _no_venues(scope: Scope) -> str:
    if attainment.venues(scope).empty:
        return "缺数据：名录里还没有特定区域，不知道缺口在哪里。"
    if statements(scope)["covered"].value is None:
        return "缺数据：还没有银行报送受理点，不知道缺口在哪里。"
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


def _pictures(scope: Scope, pictures: Pictures) -> Values:
    """Pictures by field, '' for those about the whole city or of venues where there are none."""
    left_out = (_WHOLE if scope.area_id else set()) | (
        _REGISTER if attainment.venues(scope).empty else set()
    )
    return {
        field: str if field in left_out else partial(_picture, pictures, name, words)
        for field, (name, words) in _PICTURES.items()
    }


def _picture(pictures: Pictures, name: str, words: str) -> template_rendering.Picture:
    return template_rendering.Picture(pictures.png(name, "inset"), _WIDTH, words)
