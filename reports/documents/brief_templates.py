"""Templates that the office may edit in Word: the standard one, uploaded ones, the one in force."""

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jinja2
from docx.opc.exceptions import OpcError
from docx.oxml.exceptions import InvalidXmlError
from docxtpl import DocxTemplate
from lxml import etree

from domain.visitors import Visitor
from loaders.formats.word import word_package
from reports.documents import required_marks, template_rendering
from reports.documents.template_fields import TEMPLATES, fields
from store.errors import FileUnreadableError, IntakeError
from store.ledger import Entry
from store.snapshot_store import Store

TOPIC = "template"


class TemplateError(IntakeError):
    """A template that cannot be used; the message is for the office."""


def standard(document: str) -> bytes:
    """The template of `document` (brief) that comes with the dashboard."""
    return (TEMPLATES / f"{document}.docx").read_bytes()


@dataclass(frozen=True)
class _Looked:
    """An uploaded file made anew, what is wrong with its tags, and what was left out of it."""

    content: bytes
    problems: tuple[str, ...]
    left: tuple[str, ...] = ()


@lru_cache(maxsize=4)
def _looked(content: bytes, document: str) -> _Looked:
    try:
        made = word_package.rebuilt(content)
        tags = tuple(dict.fromkeys(_of_tags(DocxTemplate(io.BytesIO(made.content)), document)))
    except FileUnreadableError as error:
        return _Looked(b"", (str(error),))
    except (OpcError, InvalidXmlError, KeyError, ValueError, AttributeError, etree.LxmlError):
        return _Looked(b"", ("文件打不开，可能已经损坏。请在 Word 里另存为 .docx 再传。",))
    return _Looked(made.content, tags, made.left)


def check(content: bytes, document: str = "brief") -> tuple[str, ...]:
    """What is wrong with an uploaded template, as Chinese sentences; nothing if it can be used."""
    return _looked(content, document).problems


def left_out(content: bytes) -> tuple[str, ...]:
    """What an uploaded template holds that no letter needs, and that is therefore not taken."""
    return word_package.rebuilt(content).left


def _of_tags(template: DocxTemplate, document: str) -> list[str]:
    """Faults of the tags of a sound file, of the first check that finds any."""
    known = fields(document)
    return (
        list(template_rendering.untidy(template, known))
        or list(template_rendering.misuse(template, known))
        or list(template_rendering.broken(template, known))
        or list(required_marks.missing(template))
    )


def _sound(content: bytes, document: str) -> bytes:
    """The template `content` made anew. Raises `TemplateError` where it does not pass `check`."""
    found = _looked(content, document)
    if found.problems:
        raise TemplateError("\n".join(found.problems))
    return found.content


def filled(content: bytes, document: str, values: Mapping[str, Callable[[], Any]]) -> DocxTemplate:
    """The template `content` with its fields filled in (`template_rendering.filled`).

    Raises `TemplateError` for a template that does not pass `check`.
    """
    try:
        return template_rendering.filled(_sound(content, document), values)
    except jinja2.TemplateError as error:
        raise TemplateError(f"模板填不进数：{error}。请改回标准模板，或改好再传。") from error


def in_force(store: Store, document: str = "brief") -> bytes:
    """The template of `document` in force in `store`: the last uploaded, else the standard one.

    Raises `TemplateError` where the uploaded file is no longer there.
    """
    entry = store.ledger.latest(TOPIC).get(document)
    if entry is None or entry.body["sha256"] is None:
        return standard(document)
    return _uploaded(store, entry)


def by_hash(store: Store, digest: str, document: str = "brief") -> bytes:
    """The template of `document` with the SHA-256 `digest`: the standard one, or an uploaded one.

    Raises `TemplateError` where there is none.
    """
    content = standard(document)
    if hashlib.sha256(content).hexdigest() == digest:
        return content
    for entry in history(store, document):
        if entry.body["sha256"] == digest:
            return _uploaded(store, entry)
    raise TemplateError("做文件时用的模板不在本机")


def _uploaded(store: Store, entry: Entry) -> bytes:
    content = store.original(entry.body["sha256"])
    if content is None:
        raise TemplateError(
            f"上传过的模板“{entry.body['file']}”找不到了，请重新上传，或改回标准模板。"
        )
    return content


def keep(store: Store, content: bytes, file: str, by: Visitor, document: str = "brief") -> None:
    """Put the uploaded template `content` in force, made anew; `by` is who uploaded it.

    Raises `TemplateError` for one that does not pass `check`: nothing changes then.
    """
    store.ledger.require(by, "template", f"更换模板 {document}")
    content = _sound(content, document)
    digest = hashlib.sha256(content).hexdigest()
    store.keep({f"{digest}.docx": content})
    store.ledger.write(TOPIC, document, {"sha256": digest, "file": file}, by)


def withdraw(store: Store, by: Visitor, document: str = "brief") -> None:
    """Go back to the standard template; those uploaded stay where they are."""
    store.ledger.write(TOPIC, document, {"sha256": None, "file": None}, by)


def history(store: Store, document: str = "brief") -> list[Entry]:
    """Who put which template in force and when, oldest first."""
    return [entry for entry in store.ledger.history(TOPIC) if entry.subject == document]
