"""The brief (工作通报): one month of the city, or of a county or zone, as a Word document."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from domain import reference
from domain.city import CITY
from presentation import brief_wording, labels, wording
from presentation.order_proposals import ISSUER
from queries import attainment
from queries.scope import DEMO, Scope, area_name
from queries.stamps import stamp_of
from reports import document_codes
from reports.documents import brief_tables, brief_templates, template_rendering
from reports.figures.figure_catalogue import Pictures
from store import snapshot_store

_WIDTH = 156.0  # millimetres of the type area
_SHORT = 9  # rows of a table that stays on one page, its header among them
_ALONE = 2  # rows that stay with their neighbours, so that none is alone on a page
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
_BLANK_DAY, _BLANK_WORD = "　　　　年　　月　　日", "　　　　"
Values = dict[str, Callable[[], Any]]
"""What gives the value of a field of the template, by field."""


_ANNEXES = {  # annexes in their order, by key: the title, and the tables that make it up
    "boards": ("县区和功能板块达标情况", ("counties", "zones")),
    "venues": ("未达标和应覆盖数待核的场所名单", ("venues", "unknown")),
    "clusters": ("示范聚集区和责任单位情况", ("cluster_owners", "clusters")),
    "targets": ("通知各项要求的进展", ("targets",)),
    "reports": ("逾期未报的信息和材料", ("unreported", "unsent")),
    "pending": ("督办和质询事项", ("pending",)),
    "method": ("口径说明和查证代码", ("statements",)),
}


@dataclass(frozen=True)
class Letter:
    """What the office adds to the brief by GB/T 9704; a blank leaves room, or is left out.

    `number` is 发文字号; without one, `code_word` (机关代字) begins it. `masthead` (发文机关标志)
    is the issuer where blank, `issuer` the office. `issued_on` is 成文日期, `printed_on` (印发日期)
    the same day where blank; `copies_to` 抄送, `contact` 联系人 with a number.
    """

    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    code_word: str = ""
    masthead: str = ""
    copies_to: str = ""
    contact: str = ""
    printed_on: date | None = None


def brief(
    scope: Scope, pictures: Pictures, template: bytes | None = None, letter: Letter | None = None
) -> bytes:
    """The brief as DOCX, made with `template` or with the standard one.

    No clock is asked: the document was made when its snapshot was. Raises
    `templates.TemplateError` for a template that cannot be used.
    """
    manifest = snapshot_store.default().snapshot(scope.snapshot_id).manifest
    letter = letter or Letter()
    texts = _texts(scope, manifest, letter)
    values: Values = {name: partial(str, text) for name, text in texts.items()}
    values |= _text_of(Text(scope, letter)) | _tables(scope) | _pictures(scope, pictures)
    made = brief_templates.filled(template or brief_templates.standard("brief"), "brief", values)
    _hold_together(made.docx)
    properties = made.docx.core_properties
    properties.title = title(scope)
    properties.author = properties.last_modified_by = CITY.dashboard
    properties.created = properties.modified = datetime.fromisoformat(manifest["created_at"])
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _hold_together(document: Document) -> None:
    """Keep a short table on one page; of a long one no row alone on its first or last page."""
    for table in document.tables:
        rows = table._tbl.tr_lst
        ends = [*rows[:_ALONE], *rows[-1 - _ALONE : -1]]
        for row in rows if len(rows) <= _SHORT else ends:
            for paragraph in row.iter(qn("w:p")):
                paragraph.get_or_add_pPr().get_or_add_keepNext()


def title(scope: Scope) -> str:
    """The title of the brief of a scope."""
    return f"关于{_month(scope)}{area_name(scope)}数字人民币特定区域全覆盖进展情况的通报"


class Text:
    """The text of the brief of a scope: sections with their headings, and the annexes."""

    def __init__(self, scope: Scope, letter: Letter) -> None:
        since = letter.issued_on or scope.as_of
        self.annexes = _annexes(scope)
        self.conclusions = brief_wording.conclusions(scope)
        self.overall = brief_wording.overall(scope, self.annexes)
        self.good = brief_wording.good(scope)
        self.slow = brief_wording.slow(scope, self.annexes)
        self.problems = brief_wording.problems(scope, self.annexes)
        self.steps = brief_tables.steps(scope, since, self.annexes)
        self.asks = brief_wording.asks(scope, since) if self.steps else []
        parts = ("overall", "good", "slow", "problems", "steps")
        self.headings = brief_wording.headings({name: bool(getattr(self, name)) for name in parts})

    def sections(self) -> dict[str, list[str]]:
        """The paragraphs by heading, as a page previews them; the conclusions come first.

        The table of `steps` comes under the last of them.
        """
        told = {
            "overall": _lines(self.overall),
            "good": self.good,
            "slow": self.slow,
            "problems": _lines(self.problems),
            "steps": self.asks,
        }
        parts = {self.headings[name]: lines for name, lines in told.items() if lines}
        return {"主要结论": self.conclusions} | parts if self.conclusions else parts


def _lines(parts: list[brief_wording.Part]) -> list[str]:
    return [f"{one.heading}：{one.text}" for one in parts]


def _annexes(scope: Scope) -> dict[str, str]:
    """The annexes that there are by key: 附件1 and so on."""
    tables = _tables(scope)
    there = [key for key, (_, names) in _ANNEXES.items() if any(tables[name]() for name in names)]
    return {key: f"附件{place}" for place, key in enumerate(there, start=1)}


def _listed(annexes: dict[str, str]) -> list[str]:
    """The list of annexes under the text, the first line after 附件：."""
    lines = [f"{place}．{_ANNEXES[key][0]}" for place, key in enumerate(annexes, start=1)]
    return [f"{'　　　' if place else '附件：'}{line}" for place, line in enumerate(lines)]


def _text_of(text: Text) -> Values:
    """The fields of the sections and the annexes."""
    found: Values = {
        "conclusions": lambda: text.conclusions,
        "overall": lambda: _rows(text.overall),
        "good_text": lambda: text.good,
        "slow_text": lambda: text.slow,
        "problems": lambda: _rows(text.problems),
        "steps": lambda: text.steps,
        "steps_text": lambda: text.asks,
        "annexes": lambda: _listed(text.annexes),
    }
    found |= {f"{key}_heading": partial(str, one) for key, one in text.headings.items()}
    return found | {f"annex_{key}": partial(str, text.annexes.get(key, "")) for key in _ANNEXES}


def _rows(parts: list[brief_wording.Part]) -> list[dict[str, str]]:
    return [one._asdict() for one in parts]


def _month(scope: Scope) -> str:
    """The month that the brief is of; a day that does not end one stands for itself."""
    day = scope.as_of
    whole = (day + timedelta(days=1)).day == 1
    return f"{day.year}年{day.month}月" if whole else f"截至{labels.chinese_day(day)}"


def _texts(scope: Scope, manifest: dict[str, Any], letter: Letter) -> dict[str, str]:
    """Single texts by field: head, what the office adds, stamp and code."""
    day, code = labels.chinese_day(scope.as_of), document_codes.code(scope)
    issuer = letter.issuer.strip() or ISSUER
    printed, contact = letter.printed_on or letter.issued_on, letter.contact.strip()
    number = f"{letter.code_word.strip() or _BLANK_WORD}〔{scope.as_of.year}〕　　号"
    copies = letter.copies_to.strip().rstrip("。")
    return {
        "title": title(scope),
        "demo_mark": DEMO if manifest["demo"] else "",
        "opening": f"现将截至{day}的进展情况通报如下。",
        "area": area_name(scope),
        "month": _month(scope),
        "day": day,
        "masthead": letter.masthead.strip() or issuer,
        "number": letter.number.strip() or number,
        "issuer": issuer,
        "recipient": f"{_recipient(scope)}：",
        "issued_on": labels.chinese_day(letter.issued_on) if letter.issued_on else _BLANK_DAY,
        "contact": f"（联系人：{contact}）" if contact else "",
        "copies_to": f"抄送：{copies}。" if copies else "",
        "printed_on": f"{labels.chinese_day(printed) if printed else _BLANK_DAY}印发",
        "stamp": stamp_of(scope, manifest).replace(" | ", "；"),
        "code": code,
        "code_note": f"查证代码：{code}，在看板“口径说明”页输入，可查各数的计算办法和名单。",
    }


def _recipient(scope: Scope) -> str:
    """Whom the brief is sent to, by the names that they go by."""
    if scope.area_id:
        zone = reference.labels("zones", "zone_id", "full_name").get(scope.area_id)
        return f"{zone}管理委员会" if zone else f"{area_name(scope)}人民政府"
    zones = "、".join(f"{name}管委会" for name in reference.table("zones")["name"])
    named = ("各县、区人民政府", zones, "领导小组各成员单位", "各试点运营机构")
    return "，".join(filter(None, named))


def _tables(scope: Scope) -> Values:
    """The tables, and the sentences on the method."""
    return {
        "counties": partial(brief_tables.board, scope, "county"),
        "zones": partial(brief_tables.board, scope, "zone"),
        "venues": partial(brief_tables.venues, scope),
        "raised": partial(brief_tables.raised, scope),
        "rest": partial(brief_tables.rest, scope),
        "unknown": partial(brief_tables.unknown, scope),
        "cluster_owners": partial(brief_tables.cluster_owners, scope),
        "clusters": partial(brief_tables.clusters, scope),
        "targets": partial(brief_tables.targets, scope),
        "unreported": partial(brief_tables.unreported, scope),
        "unsent": partial(brief_tables.unsent, scope),
        "pending": partial(brief_tables.pending, scope),
        "statements": partial(brief_tables.numbers, scope),
        "notes_text": partial(wording.notes, scope),
    }


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
