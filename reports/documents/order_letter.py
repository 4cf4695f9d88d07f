"""The letter of a supervision order (督办单): one A4 page, as Word and as PDF, of the same texts.

Word is made with a template that the office may edit (``data/templates/order.docx``), PDF with
``order.typ``. No clock is asked: the letter was made when the order was issued.
"""

import io
from functools import partial
from typing import Any

from domain import reference
from domain.city import CITY
from domain.order_rules import Order, Task
from excel.cell_text import one_line
from presentation import labels, order_listings
from presentation.dispute_listings import party
from queries.scope import DEMO, Scope
from reports import document_codes
from reports.documents import brief_templates, typesetting
from reports.documents.template_fields import TEMPLATES
from reports.reproducible import sealed

DOCUMENT = "order"
"""What its templates and fields go by."""
LINES = {
    "matter": "督办事项",
    "basis": "督办依据",
    "measure": "办理要求",
    "due": "办理期限",
    "until": "销号条件",
}
"""Fields of what the letter asks, in its order: their headings."""
_LONGEST = 600  # characters of a text, more than any has


def word(order: Order, template: bytes | None = None) -> bytes:
    """The letter as DOCX, made with `template` or with the standard one.

    Raises `brief_templates.TemplateError` for a template that cannot be used.
    """
    values = {name: partial(_same, value) for name, value in texts(order).items()}
    made = brief_templates.filled(template or brief_templates.standard(DOCUMENT), DOCUMENT, values)
    made.docx.core_properties.title = f"督办单 {order.number}"
    made.docx.core_properties.author = CITY.dashboard
    buffer = io.BytesIO()
    made.save(buffer)
    return sealed(buffer.getvalue(), order.issued.at)


def pdf(order: Order) -> bytes:
    """The letter as PDF: real text, its fonts embedded."""
    made = order.issued.at.replace(microsecond=0)
    return typesetting.pdf(TEMPLATES / "order.typ", texts(order), {}, made)


def texts(order: Order) -> dict[str, Any]:
    """What the letter says, by field of its templates; each text is one line."""
    task = order.task
    said = asked(task) | {
        "demo_mark": DEMO if task.demo else "",
        "number": order.number,
        "issuer": task.issuer,
        "issued_on": labels.chinese_day(order.issued.day),
        "contact": task.contact,
        "stamp": task.stamp,
        "code": task.code,
        "code_note": f"查证代码：{task.code}，在看板“口径说明”页输入，可查各数的计算办法和名单。",
    }
    figures = [
        {
            "label": one_line(one.label),
            "value": one_line(one.value),
            "on": one.on.isoformat(),
            "version": task.snapshot_id,
        }
        for one in task.figures
    ]
    lines = {name: one_line(text, _LONGEST) for name, text in said.items()}
    return lines | {"figures": figures}


def asked(task: Task) -> dict[str, str]:
    """What the letter asks of whom: the texts of `LINES`, and the recipient."""
    return {
        "recipient": f"{recipient(task)}：",
        "matter": task.matter,
        "basis": f"{CITY.notice} {task.basis}",
        "measure": task.measure,
        "due": labels.chinese_day(task.due_on),
        "until": f"{order_listings.until_text(task.until)}，看板自动销号",
    }


def code(task: Task) -> str:
    """The code under which the figures of an order are found again: those of its area."""
    area = task.subject.zone_id or task.subject.county_code
    return document_codes.code(Scope(task.snapshot_id, task.as_of, area))


def check(template: bytes) -> tuple[str, ...]:
    """What is wrong with an uploaded template of the letter (`brief_templates.check`)."""
    return brief_templates.check(template, DOCUMENT)


def recipient(task: Task) -> str:
    """Whom the order is sent to: a county by its government, a zone by its full name."""
    role, unit = task.role, task.unit
    zones = reference.labels("zones", "zone_id", "full_name")
    if role == "county":
        return f"{zones[unit]}管理机构" if unit in zones else f"{party(role, unit)}人民政府"
    return party(role, unit)


def _same(value: Any) -> Any:
    return value
