"""Opened files: their tables, what the columns mean, and what a person has to confirm."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import islice
from pathlib import Path

from loaders.formats import opened_files
from loaders.formats.cell_sheet import Cell, Sheet
from loaders.formats.opened_files import SentFile
from loaders.kinds import KINDS
from loaders.reading import cell_parsing, header_matching, named_systems, stated_days
from loaders.reading.header_matching import Layout
from loaders.reading.header_rows import TITLE_ROWS
from loaders.reading.stated_days import StatedDay
from loaders.reading.typed_cells import Source
from loaders.senders import reject_sheets, sender_memory
from loaders.senders.sender_memory import Memory
from store.errors import HeaderError
from store.step_progress import Progress, silent

Found = tuple[Layout, Sheet]

_EXAMPLES = 3  # different cells of a column that are shown


@dataclass(frozen=True)
class Opened:
    """One table of one file, its rows not read yet.

    `original` is the file as it came, `digest` its SHA-256, `sheets` the names of its sheets that
    hold anything. `notes` say what a person should know of the file; `questions` what a person has
    to confirm before its rows may be published. `found_day` is the day that the table says it
    speaks for, `as_at` the one that holds, None until it is known; a `part` adds to what its sender
    states for that day instead of replacing it.
    """

    source: Source
    original: bytes
    digest: str
    sheets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    found_day: StatedDay | None = None
    as_at: date | None = None
    part: bool = False

    @property
    def name(self) -> str:
        """Name under which the original is kept."""
        suffix = Path(self.source.file).suffix.lower()
        return self.digest + (suffix if re.fullmatch(r"\.[a-z]{1,5}", suffix) else ".bin")

    @property
    def title(self) -> str:
        """What a person calls the table: the file, and the sheet where there is one."""
        return f"{self.source.file} {self.source.sheet.name}".strip()

    @property
    def shape(self) -> tuple[str, ...]:
        """Kind and headers: tables of one shape are read alike."""
        return (self.source.layout.kind, *sender_memory.columns(self.source.layout))

    @property
    def answers(self) -> str | None:
        """Number of the send-back that the table answers; None for any other."""
        return reject_sheets.return_number(self.source.layout.headers["header"].tolist())

    @property
    def day_from(self) -> str:
        """Where the day that holds was found (`stated_days.WHERE`)."""
        found = self.found_day
        said = found is not None and self.as_at in (found.day, *found.others)
        return found.where if found is not None and said else "asked"

    @property
    def needs_crs(self) -> bool:
        """Whether the table has points, and neither a column nor a header tells their system."""
        layout = self.source.layout
        pointed = bool({"lon", "lonlat"} & set(layout.columns))
        return (
            pointed
            and "crs" not in layout.columns
            and not named_systems.named(layout.point_headers)
        )

    @cached_property
    def examples(self) -> dict[str, str]:
        """The first different cells below each header that are not blank, wherever they stand."""
        headers = self.source.layout.headers
        places = zip(headers["header"], headers["position"], strict=True)
        return {header: "、".join(self._first(place)) for header, place in places}

    def _first(self, place: int) -> list[str]:
        seen: set[Cell] = set()
        found: dict[str, None] = {}
        for row in islice(self.source.sheet.rows, self.source.layout.header_row + 1, None):
            if place >= len(row) or (cell := row[place]) in seen:
                continue
            seen.add(cell)
            if not cell_parsing.is_blank(cell):
                found[cell_parsing.text(cell)] = None
                if len(found) == _EXAMPLES:
                    break
        return list(found)


def opened(
    files: Sequence[SentFile | Path],
    kind: str | None = None,
    *,
    known: Memory | None = None,
    sender: str | None = None,
    only: Mapping[str, Collection[str]] | None = None,
    guess: bool = False,
    as_at: date | None = None,
    part: bool = False,
    progress: Progress = silent,
) -> list[Opened]:
    """The tables of `files`, in hand or on a disk; nothing is written.

    `kind` is recognised from the headers when None. `known` is what is remembered of `sender`.
    `only` names the sheets to take, by file name; of other files all sheets of one shape are taken.
    With `guess` a table whose headers cannot be understood is opened as far as they can, so that a
    person may say the rest. `as_at` is the day that all tables speak for, as a person says; None:
    as each says itself, where the sender's habit is confirmed. Raises `IntakeError` for a file that
    cannot be taken in.
    """
    found = []
    for step, file in enumerate(files):
        progress(f"读取文件 {file.name}", step / len(files))
        one_file = opened_files.taken(file) if isinstance(file, Path) else file
        wanted = (only or {}).get(one_file.name)
        found += [
            _dated(one, known or Memory(), sender, as_at, part)
            for one in _tables(one_file, kind, known or Memory(), guess, wanted)
        ]
    return found


def _dated(
    one: Opened, known: Memory, sender: str | None, as_at: date | None, part: bool
) -> Opened:
    """The table with the day it speaks for, and what a person has to confirm."""
    layout, sheet = one.source.layout, one.source.sheet
    found = stated_days.found(sheet, layout, one.source.file, date.today())
    reading, questions = known.reading(layout), _questions(layout, known, sender)
    if as_at is None and one.answers:
        as_at = known.sent_back.get(one.answers)
    if as_at is None and found is not None:
        usual = reading is not None and reading.day_from == found.where
        as_at = found.day if (usual or found.where == "rows") and not found.others else None
    if as_at is None:
        questions = (*questions, _asked_day(one, found))
    part = part or one.answers is not None or (reading is not None and not reading.whole)
    remembered = reading.crs if reading else None
    notes = (*one.notes, *named_systems.note(layout.point_headers, remembered))
    return replace(one, notes=notes, questions=questions, found_day=found, as_at=as_at, part=part)


def _asked_day(one: Opened, found: StatedDay | None) -> str:
    """What a person is asked about the day of a table."""
    if found is None:
        return f"“{one.title}”没有写明数据截止到哪一天，请填写数据截止日期"
    place = stated_days.WHERE[found.where]
    return (
        f"“{one.title}”的数据截止日期，按{place}“{found.words}”像是 {found.choice}，"
        "请核对数据截止日期"
    )


def with_columns(one: Opened, columns: Mapping[str, str]) -> Opened:
    """The table with its columns as a person has chosen so far, whether or not any is missing.

    `columns` maps header to our column, '' for unused.
    """
    layout = one.source.layout
    chosen = layout.headers["header"].map(columns)
    headers = layout.headers.assign(column=chosen.where(chosen != ""))
    used = headers.dropna(subset="column").drop_duplicates("column")
    places = dict(zip(used["column"], used["position"], strict=True))
    layout = replace(layout, columns=places, headers=headers)
    return replace(one, source=replace(one.source, layout=layout))


def read_as(one: Opened, columns: Mapping[str, str]) -> Opened:
    """The table with its columns read as a person says: header to our column, '' for unused.

    Raises `HeaderError` when a required column is still missing.
    """
    source = one.source
    layout = header_matching.layouts([source.sheet], source.layout.kind, source.file, columns)[0][0]
    return replace(one, source=replace(source, layout=layout), questions=())


def _tables(
    sent: SentFile, kind: str | None, known: Memory, guess: bool, only: Collection[str] | None
) -> list[Opened]:
    sheets, file = opened_files.sheets(sent), sent.name
    names = tuple(sheet.name for sheet in sheets)
    if only is not None:
        sheets = [sheet for sheet in sheets if sheet.name in only]
    top = [[str(cell) for cell in row] for sheet in sheets for row in sheet.rows[:TITLE_ROWS]]
    answers = any(map(reject_sheets.return_number, top))  # sheets that are read one by one
    found: list[Found] = []
    for group in [[sheet] for sheet in sheets] if answers else [sheets]:
        found += _understood(group, kind, file, known, guess)
    digest = hashlib.sha256(sent.content).hexdigest()
    return [
        Opened(Source(file, sheet, layout), sent.content, digest, names, sheet.notes)
        for layout, sheet in found
    ]


def _understood(
    sheets: list[Sheet], kind: str | None, file: str, known: Memory, guess: bool
) -> list[Found]:
    """The tables: as remembered if nothing changed, else by their names, else as far as can be."""
    recalled = _recalled(sheets, kind, file, known)
    if recalled and recalled[0][0] == 0:
        return recalled[0][1]
    try:
        found = header_matching.layouts(sheets, kind, file)
    except HeaderError:
        if recalled:
            return recalled[0][1]
        if not guess:
            raise
        return [header_matching.guess(sheets, kind)]
    of_kind = [tables for _, tables in recalled if tables[0][0].kind == found[0][0].kind]
    return of_kind[0] if of_kind else found


def _recalled(
    sheets: list[Sheet], kind: str | None, file: str, known: Memory
) -> list[tuple[int, list[Found]]]:
    """The tables read as the sender's earlier files, and how much has changed, the least first."""
    found = []
    for reading in known.readings:
        if kind in (None, reading.kind):
            with suppress(HeaderError):
                tables = header_matching.layouts(sheets, reading.kind, file, reading.columns)
                found.append((len(reading.changes(tables[0][0])), tables))
    return sorted(found, key=lambda item: item[0])


def _questions(layout: Layout, known: Memory, sender: str | None) -> tuple[str, ...]:
    """What a person has to say before a table with these headers may be taken in."""
    reading = known.reading(layout)
    if reading is not None:
        return tuple(reading.changes(layout))
    used = layout.headers.dropna(subset="column")
    if sender is None:
        alike = used[used["how"] == "close"]
        return tuple(
            f"列“{row.header}”只是像“{row.label}”，要有人核对" for row in alike.itertuples()
        )
    plainly = used["header"].map(cell_parsing.plain) == used["label"].map(cell_parsing.plain)
    if plainly.all() and all(sender_memory.columns(layout).values()):
        return ()
    return (f"第一次收到“{sender}”的“{KINDS[layout.kind].label}”文件，请核对每一列对应得对不对",)
