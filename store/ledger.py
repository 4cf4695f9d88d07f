"""The ledger of people's decisions: an append-only log in a database.

An entry has a topic (the kind of decision), a subject and a body. The last entry of a subject is in
force; the earlier ones are its history. Topics:

==========  =========================  =========================================================
layout      sender|kind                how a sender's columns are to be read
word        sender|type|word           what a sender's own word stands for
place       record key                 where a record is, as a person settled it
outline     v:venue or c:cluster       the outline of a venue or cluster, null where withdrawn
same_shop   key|key                    whether two records of merchants are one and the same shop
return      number of the send-back    rows that were sent back to a sender
force       snapshot id                who put which snapshot in force
cluster     cluster id                 a demonstration cluster, or a change of one
filing      filing id                  a document or event that a unit filed
figure      city|month|measure         a figure that another city published
template    document                   the template of a document, null for the standard one
withdrawn   statement id               a statement taken back, and why
person      login                      who somebody is: name, role, unit; null where shut out
token       SHA-256 of the token       a token of the API: name, role, unit; null where withdrawn
refused     what was asked for         something that a visitor had no right to
==========  =========================  =========================================================

Four topics are the steps of a dispute, by its number: ``dispute`` (raised), ``dispute_answer``,
``dispute_ruling`` and ``dispute_reopened``. Two are those of a supervision order: ``order``
(issued) and ``order_cancelled``.

Every entry says who wrote it and from where. A visitor without the right to a topic is refused, and
that is written down.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from domain.visitors import RIGHTS, ROLES, Right, Visitor
from store.errors import IntakeError, LedgerError, NotAllowedError

_WAIT_FOR_LOCK = 60.0  # seconds
_WRITER = 2023012  # the number of the writers' lock in PostgreSQL
_ENTRIES = sa.Table(
    "entries",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("login", sa.Text),
    sa.Column("address", sa.Text),
    sa.Index("entries_by_topic", "topic", "subject", "id"),
)
_ADDED = ("login", "address")  # columns that the ledgers of older versions lack
_REFUSED = "refused"
_RIGHTS: dict[str, Right] = {
    "layout": "publish",
    "word": "publish",
    "return": "publish",
    "withdrawn": "publish",
    "force": "roll_back",
    "place": "decide",
    "outline": "decide",
    "same_shop": "decide",
    "cluster": "enter",
    "filing": "enter",
    "figure": "enter",
    "template": "template",
    "person": "people",
    "token": "people",
    "dispute": "dispute",
    "dispute_answer": "answer",
    "dispute_ruling": "rule",
    "dispute_reopened": "dispute",
    "order": "order",
    "order_cancelled": "order",
}
"""The right that an entry on a topic takes."""
_SCHEMA: tuple[ExecutableDDLElement, ...] = (
    CreateTable(_ENTRIES, if_not_exists=True),
    *(CreateIndex(index, if_not_exists=True) for index in _ENTRIES.indexes),
)


@dataclass(frozen=True)
class Entry:
    """One decision: `by` is the person's name, `at` the time (with time zone).

    `login` and `address` say how they were signed in and from where; '' where nobody signs in.
    """

    id: int
    topic: str
    subject: str
    body: dict[str, Any]
    by: str
    at: datetime
    login: str = ""
    address: str = ""


@dataclass(frozen=True)
class Ledger:
    """The log in the database at `url`, any that SQLAlchemy supports.

    `realm` is a prefix of the topics that separates decisions on the demo from the real ones. With
    `until` only the decisions up to that version are seen.

    Reading a ledger without entries creates nothing. Every method raises `LedgerError` when the
    database cannot be used. SQLite keeps its rollback journal: a decision is one short transaction,
    and write-ahead logging works neither on network disks nor on read-only ones.
    """

    url: str
    realm: str = ""
    until: int | None = None
    _open: sa.Connection | None = field(default=None, repr=False, compare=False)

    @contextmanager
    def exclusive(self) -> Iterator["Ledger"]:
        """The ledger while nobody else writes: what is read stays so, what is written is one.

        All of it is committed at the end, or nothing where an error is raised within. For steps
        that are checked against the history before they are written.
        """
        with self._writing() as connection:
            yield replace(self, _open=connection)

    def write(self, topic: str, subject: str, body: dict[str, Any], by: Visitor) -> None:
        """Append one decision; it is committed when this returns.

        Raises `NotAllowedError` for a visitor who has no right to the topic.
        """
        self.write_all(topic, {subject: body}, by)

    def write_all(self, topic: str, bodies: Mapping[str, dict[str, Any]], by: Visitor) -> None:
        """Append a decision for each subject: all of them, or none; rights as in `write`."""
        if bodies:
            self.require(by, _RIGHTS[topic], f"{topic} {next(iter(bodies))}")
            self._append(topic, bodies, by)

    def write_numbered(self, topic: str, form: str, body: dict[str, Any], by: Visitor) -> str:
        """Append one decision about a new subject, named after `form`: that subject.

        In `form`, ``{entry}`` is the entry's number, or ``{count}`` which of its kind it is: the
        first is 1. No other entry has its number, however many write at once. Rights as in `write`.
        """
        self.require(by, _RIGHTS[topic], f"{topic} {form}")
        (row,) = self._rows(topic, {form: body}, by)
        with self._writing() as connection:
            written = connection.execute(sa.insert(_ENTRIES).values(row)).inserted_primary_key
            number = int(written[0]) if written else 0
            # Of two that write at once, the second began to count after the first was written.
            alike = _ENTRIES.c.subject.like(form.format(entry="%", count="%"))
            before = (_ENTRIES.c.topic == row["topic"]) & alike & (_ENTRIES.c.id < number)
            count = connection.execute(sa.select(sa.func.count()).where(before)).scalar_one() + 1
            subject = form.format(entry=f"{number:04d}", count=count)
            one = _ENTRIES.c.id == number
            connection.execute(sa.update(_ENTRIES).where(one).values(subject=subject))
        return subject

    def require(self, by: Visitor, right: Right, about: str, *, concerned: bool = True) -> None:
        """Raise `NotAllowedError` if `by` has no `right`, and write down that it was tried.

        `about` says what was to be done; whether it is any of their business, `concerned`.
        """
        if by.may(right) and concerned:
            return
        with suppress(LedgerError):  # a ledger that cannot be written refuses all the same
            self._append(_REFUSED, {about: {"right": right, "role": by.role, "unit": by.unit}}, by)
        lacking = "这一件不在本单位范围" if by.may(right) else f"没有“{RIGHTS[right]}”的权限"
        raise NotAllowedError(
            f"“{by.name}”是{ROLES[by.role]}，{lacking}，没有办理。需要办理的，请找领导小组办公室"
        )

    def _append(self, topic: str, bodies: Mapping[str, dict[str, Any]], by: Visitor) -> None:
        with self._writing() as connection:
            connection.execute(sa.insert(_ENTRIES), self._rows(topic, bodies, by))

    def _rows(
        self, topic: str, bodies: Mapping[str, dict[str, Any]], by: Visitor
    ) -> list[dict[str, str]]:
        written = partial(json.dumps, ensure_ascii=False, sort_keys=True)
        about = {
            "topic": self.realm + topic,
            "by": by.name,
            "at": datetime.now(UTC).isoformat(),
            "login": by.login,
            "address": by.address,
        }
        return [
            about | {"subject": subject, "body": written(body)} for subject, body in bodies.items()
        ]

    def latest(self, topic: str) -> dict[str, Entry]:
        """The decision in force, by subject."""
        return {entry.subject: entry for entry in self.history(topic)}

    def last(self, topic: str, subject: str) -> Entry | None:
        """The decision in force on one subject; None while there is none."""
        query = self._of_topics(topic).where(_ENTRIES.c.subject == subject)
        with self._reported():
            rows = self._read(query.order_by(_ENTRIES.c.id.desc()).limit(1))
            return _entry(rows[0]) if rows else None

    def history(self, *topics: str) -> list[Entry]:
        """Every decision on `topics`, oldest first."""
        with self._reported():
            rows = self._read(self._of_topics(*topics).order_by(_ENTRIES.c.id))
            return [_entry(row) for row in rows]

    def _of_topics(self, *topics: str) -> sa.Select[*tuple[Any, ...]]:
        """The decisions on `topics` that this ledger sees, in no order."""
        names = [self.realm + topic for topic in topics]
        query = sa.select(_ENTRIES).where(_ENTRIES.c.topic.in_(names))
        return query if self.until is None else query.where(_ENTRIES.c.id <= self.until)

    def since(self, version: int, topics: Sequence[str]) -> int:
        """Number of decisions on `topics` after `version`."""
        of_topics = _ENTRIES.c.topic.in_([self.realm + topic for topic in topics])
        return self._number(sa.func.count(), of_topics, _ENTRIES.c.id > version)

    @property
    def version(self) -> int:
        """Id of the last decision; 0 in a ledger without entries."""
        return self._number(sa.func.max(_ENTRIES.c.id))

    def log(self) -> list[Entry]:
        """Every decision of every realm, oldest first, the realm before its topic."""
        with self._reported():
            return [_entry(row) for row in self._read(sa.select(_ENTRIES).order_by(_ENTRIES.c.id))]

    def entries(self) -> list[dict[str, Any]]:
        """Every decision of every realm as it is kept, oldest first."""
        with self._reported():
            rows = self._read(sa.select(_ENTRIES).order_by(_ENTRIES.c.id))
            return [dict(row._mapping) for row in rows]

    def put_back(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Write `entries` of another ledger into this one, which is empty, under their numbers."""
        if not entries:
            return
        with self._writing() as connection:
            connection.execute(sa.insert(_ENTRIES), list(entries))
            if connection.dialect.name == "postgresql":  # which counts on from its own sequence
                last = sa.func.max(_ENTRIES.c.id)
                counter = sa.func.pg_get_serial_sequence(_ENTRIES.name, _ENTRIES.c.id.name)
                connection.execute(sa.select(sa.func.setval(counter, last)))

    def verify(self) -> None:
        """Raise `LedgerError` where the file of an SQLite ledger is damaged inside."""
        if self._file is None or not self._file.exists():
            return
        with self._reported(), self._engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            if found != "ok":
                raise OSError(f"文件内部损坏：{found}")

    @cached_property
    def _file(self) -> Path | None:
        """The file of an SQLite ledger."""
        url = sa.make_url(self.url)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    @property
    def _engine(self) -> sa.Engine:
        return _engine(self.url, sqlite=self._file is not None)

    def _number(self, value: sa.ColumnElement[int], *conditions: sa.ColumnElement[bool]) -> int:
        """`value` over the entries that meet `conditions`; 0 where there are none."""
        with self._reported():
            rows = self._read(sa.select(value).where(*conditions))
        return (rows[0][0] if rows else None) or 0

    def _read(self, query: sa.Select[*tuple[Any, ...]]) -> Sequence[sa.Row[*tuple[Any, ...]]]:
        if self._open is not None:
            return self._open.execute(query).all()
        if self._file is not None and not self._file.exists():
            return []
        with self._engine.connect() as connection:
            known = _columns(connection)
            if not known:
                return []
            if not known.issuperset(_ADDED):  # of an older version, and never written since
                query = query.with_only_columns(
                    *(c for c in query.selected_columns if c.name not in _ADDED)
                )
            return connection.execute(query).all()

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """A transaction on a database that has the table; one writer at a time."""
        if self._open is not None:
            yield self._open
            return
        with self._reported():
            if self._file is not None:
                self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._engine.begin() as connection:
                # From the first read on, and so that numbers appear in their order.
                if connection.dialect.name == "postgresql":
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITER)))
                elif self._file is not None:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                for statement in _SCHEMA:
                    connection.execute(statement)
                _complete(connection)
                yield connection

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """Errors of the database translated into a `LedgerError` for the user."""
        try:
            yield
        except IntakeError:  # has its sentence
            raise
        except (SQLAlchemyError, OSError, ImportError, ValueError) as error:
            cause = getattr(error, "orig", None) or error
            raise LedgerError(
                f"决定台账“{self._shown}”用不了（{cause}），这一步没有保存。"
                "请检查 COVERAGE_LEDGER、磁盘空间和读写权限后重试"
            ) from error

    @property
    def _shown(self) -> str:
        """The address, without its password."""
        with suppress(SQLAlchemyError):
            return sa.make_url(self.url).render_as_string(hide_password=True)
        return self.url


@lru_cache(maxsize=100)
def _engine(url: str, *, sqlite: bool) -> sa.Engine:
    """The engine, without a pool: decisions are few, so connections are closed at once."""
    waits = {"timeout": _WAIT_FOR_LOCK} if sqlite else {}
    return sa.create_engine(url, poolclass=sa.NullPool, connect_args=waits)


def default(folder: Path) -> Ledger:
    """The ledger that ``COVERAGE_LEDGER`` (a database URL) names, else a file in `folder`."""
    return Ledger(os.environ.get("COVERAGE_LEDGER") or f"sqlite:///{folder / 'ledger.db'}")


def _columns(connection: sa.Connection) -> set[str]:
    """Names of the columns of the log; none where there is no log yet."""
    about = sa.inspect(connection)
    if not about.has_table(_ENTRIES.name):
        return set()
    return {column["name"] for column in about.get_columns(_ENTRIES.name)}


def _complete(connection: sa.Connection) -> None:
    """Add the columns that the log of an older version lacks."""
    for name in set(_ADDED) - _columns(connection):
        connection.exec_driver_sql(f"ALTER TABLE {_ENTRIES.name} ADD COLUMN {name} TEXT")


def _entry(row: sa.Row[*tuple[Any, ...]]) -> Entry:
    kept = row._mapping
    return Entry(
        id=kept["id"],
        topic=kept["topic"],
        subject=kept["subject"],
        body=json.loads(kept["body"]),
        by=kept["by"],
        at=datetime.fromisoformat(kept["at"]),
        login=kept.get("login") or "",
        address=kept.get("address") or "",
    )
