"""Readings of a sender's files, as a person confirmed them: columns, coordinate system, words.

They are kept in the ledger and recalled when the sender's next file comes. A sender is a bank, a
department, a county or a zone, by name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from domain import reference
from domain.visitors import Visitor
from loaders.kinds import KINDS
from loaders.reading import vocabulary
from loaders.reading.cell_parsing import CellError, plain
from loaders.reading.header_matching import Layout
from loaders.reading.vocabulary import Words
from loaders.senders import reject_sheets
from store.ledger import Ledger


@dataclass(frozen=True)
class Reading:
    """How a sender's files of one kind are to be read.

    `columns` maps every header that the person saw to our column, '' where it is not used. `crs`
    is that of rows that state none. `whole` says that a file lists all the sender's records, so
    that a missing one is gone. `day_from` is where the day that a file speaks for is found
    (`stated_days.WHERE`).
    """

    kind: str
    columns: dict[str, str]
    crs: str | None
    whole: bool
    day_from: str = "asked"

    def unlike(self, layout: Layout) -> int:
        """Number of headers that only one of the two layouts has."""
        return len(self.columns.keys() ^ columns(layout).keys())

    def changes(self, layout: Layout) -> list[str]:
        """What is different in `layout`, as Chinese sentences; nothing if it is the same shape."""
        kind = KINDS[self.kind].label
        shown = columns(layout)
        new = [header for header in shown if header not in self.columns]
        gone = [header for header in self.columns if header not in shown]
        changes = []
        if new:
            changes.append(f"“{kind}”文件里新出现的列：{_quoted(new)}")
        if gone:
            changes.append(f"“{kind}”文件里上次有、这次没有的列：{_quoted(gone)}")
        return changes


@dataclass(frozen=True)
class Memory:
    """What is remembered of a sender: every layout of its files, newest first, and its words.

    `sent_back` are the days that its files with send-backs spoke for, by number of the send-back.
    """

    readings: tuple[Reading, ...] = ()
    words: Words = field(default_factory=dict)
    sent_back: dict[str, date] = field(default_factory=dict)

    def reading(self, layout: Layout) -> Reading | None:
        """The reading of the layout that this one is most like, of those of its kind."""
        ours = [one for one in self.readings if one.kind == layout.kind]
        return min(ours, key=lambda one: one.unlike(layout), default=None)


def recall(ledger: Ledger, sender: str | None) -> Memory:
    """What is remembered of `sender`; nothing of a file whose sender is not known."""
    if sender is None:
        return Memory()
    shapes = {}
    for entry in ledger.history("layout"):
        name, kind = entry.subject.split("|", 1)
        if name == sender:
            reading = Reading(kind, **entry.body)
            shapes[kind, frozenset(reading.columns)] = entry.id, reading
    newest = sorted(shapes.values(), key=lambda one: one[0], reverse=True)
    words: dict[str, dict[str, str]] = {}
    for subject, entry in ledger.latest("word").items():
        name, type_, word = subject.split("|", 2)
        if name == sender:
            words.setdefault(type_, {})[word] = entry.body["meaning"]
    sent_back = {
        number: date.fromisoformat(entry.body["as_at"])
        for number, entry in ledger.latest("return").items()
        if entry.body["sender"] == sender and entry.body.get("as_at")
    }
    return Memory(tuple(reading for _, reading in newest), words, sent_back)


def confirm(ledger: Ledger, sender: str, reading: Reading, by: Visitor) -> None:
    """Remember that `by` found this reading of the sender's files right."""
    body = {"columns": reading.columns, "crs": reading.crs, "whole": reading.whole}
    body |= {"day_from": reading.day_from}
    ledger.write("layout", f"{sender}|{reading.kind}", body, by)


def teach(ledger: Ledger, sender: str, type_: str, words: Mapping[str, str], by: Visitor) -> None:
    """Remember what a sender's own words stand for; '' for a word that stands for nothing."""
    bodies = {
        f"{sender}|{type_}|{plain(word)}": {"meaning": code, "written": word}
        for word, code in words.items()
    }
    ledger.write_all("word", bodies, by)


def senders(ledger: Ledger) -> list[str]:
    """Names that a file may come from: banks, lead units, counties, zones, and any used before."""
    listed = [
        *reference.table("operators")["operator"],
        *sorted(reference.table("tasks")["lead_unit"].unique()),
        *reference.table("counties")["name"],
        *reference.table("zones")["name"],
    ]
    used = [subject.split("|", 1)[0] for subject in ledger.latest("layout")]
    return list(dict.fromkeys([*listed, *used]))


def named(sender: str) -> str:
    """The name under which a sender is remembered: a bank's is that of the reference."""
    bank = operator_of(sender)
    if bank is None:
        return " ".join(sender.replace("|", " ").split())
    return reference.labels("operators", "operator_id", "operator")[bank]


def operator_of(sender: str | None) -> str | None:
    """Id of the bank that a sender is; None for any other sender."""
    try:
        return vocabulary.operator(sender) if sender else None
    except CellError:
        return None


def columns(layout: Layout) -> dict[str, str]:
    """Every header of a layout to our column, '' where it is not used, in the file's order."""
    used = zip(layout.headers["header"], layout.headers["column"].fillna(""), strict=True)
    found: dict[str, str] = {}
    for header, column in used:
        if not reject_sheets.return_number([header]):  # the reasons of a send-back are no column
            found[header] = found.get(header) or column
    return found


def _quoted(names: Iterable[str]) -> str:
    return "、".join(f"“{name}”" for name in names)
