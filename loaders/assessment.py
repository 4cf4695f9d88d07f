"""Assessment of files: what they hold, and what publishing them would change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from domain import reference
from domain.dispute_rules import Subject
from geo.point_placing import SWAPPED
from loaders.comparing.consequences import Consequences
from loaders.reading.opened_tables import Opened
from loaders.reading.records import REJECTS, Records
from loaders.senders.sender_memory import operator_of
from store.snapshot_store import Draft
from store.statement_store import Statement

UNPLACED, WHOLE_CITY = "未定位", "全市"


@dataclass(frozen=True)
class Assessment:
    """Tables of an upload and the changes that publishing them would make.

    `read` has one `Records` for each of `opened`, in the order of publishing; `sheets` are the same
    with the places that people settled, as they will be once published. `statements` are what they
    state, `replaced` the statements in force that no longer hold then. `base` is the id of the
    snapshot that they were compared with, `draft` what they make of it. `changes` are the
    differences from it, by kind, and `consequences` what they do to the figures, None where they do
    nothing. `duplicates` are the pairs that look like one shop (see `loaders.comparing`).
    `contradicted` are the rows that others of the same day contradict (`contradictions.found`).
    `corrections` say what came of the send-backs that the upload answers. `lost` are the disputes,
    by number, whose upheld ruling would change nothing, for what it is about is not there.
    """

    opened: tuple[Opened, ...]
    read: tuple[Records, ...]
    sheets: tuple[Records, ...]
    statements: tuple[Statement, ...]
    replaced: tuple[Statement, ...]
    sender: str | None
    base: str | None
    draft: Draft
    changes: dict[str, pd.DataFrame]
    consequences: Consequences | None
    duplicates: pd.DataFrame
    contradicted: pd.DataFrame
    corrections: tuple[str, ...] = ()
    lost: Mapping[str, Subject] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows read, blank ones and those that are no data left out."""
        return sum(sheet.rows for sheet in self.sheets)

    @property
    def accepted(self) -> pd.DataFrame:
        """Records that would be published (see `Records.accepted`)."""
        return pd.concat([sheet.accepted for sheet in self.sheets], ignore_index=True)

    @property
    def rejects(self) -> pd.DataFrame:
        """Wrong cells, one a row: file, sheet, row, column, value, reason."""
        return pd.concat([sheet.rejects for sheet in self.sheets], ignore_index=True)[REJECTS]

    @property
    def left_out(self) -> pd.DataFrame:
        """Rows that are no data: file, sheet, row, text, why."""
        parts = [one.left_out.assign(file=one.file, sheet=one.layout.sheet) for one in self.sheets]
        return pd.concat(parts, ignore_index=True)[["file", "sheet", "row", "text", "why"]]

    @property
    def turned(self) -> int:
        """Rows whose point was written the wrong way round, and put right."""
        accepted = [sheet.accepted for sheet in self.sheets if "reason" in sheet.accepted]
        turned = [rows["reason"].str.contains(SWAPPED, regex=False) for rows in accepted]
        return int(sum(one.fillna(False).sum() for one in turned))

    @property
    def other_banks(self) -> dict[str, int]:
        """Accepted rows by the bank that they name, where the sender is another bank."""
        sender_bank = operator_of(self.sender)
        rows = self.accepted
        columns = [name for name in ("operator_id", "owner_id") if name in rows]
        if sender_bank is None or not columns:
            return {}
        named = pd.concat([rows[name] for name in columns]).dropna()
        names = reference.labels("operators", "operator_id", "operator")
        return dict(named[named != sender_bank].map(names).value_counts())

    @property
    def unknown_words(self) -> pd.DataFrame:
        """Words of no vocabulary: type (of the column), word, rows."""
        words = pd.concat([sheet.unknown_words for sheet in self.sheets], ignore_index=True)
        return words.groupby(["type", "word"], sort=False, as_index=False).agg({"rows": "sum"})

    @property
    def headers(self) -> pd.DataFrame:
        """Headers and how each was understood: file, header, column, label, how."""
        parts = [sheet.layout.headers.assign(file=sheet.file) for sheet in self.sheets]
        return pd.concat(parts, ignore_index=True)[["file", "header", "column", "label", "how"]]

    def counts(self) -> dict[str, Any]:
        """Rows, accepted, rejected, in_review, by_county and located_by, all files together."""
        parts = [counts(sheet) for sheet in self.sheets]
        total: dict[str, Any] = {}
        for name, value in parts[0].items():
            values = [one[name] for one in parts]
            if isinstance(value, dict):
                keys = sorted({key for one in values for key in one})
                total[name] = {key: sum(one.get(key, 0) for one in values) for key in keys}
            else:
                total[name] = sum(values)
        return total


def counts(sheet: Records) -> dict[str, Any]:
    """Rows, accepted, rejected, in_review, by_county (Chinese names) and located_by of a sheet.

    Figures of other cities are of no county.
    """
    once = sheet.accepted.drop_duplicates("source_row")
    located = "method" in once
    counties = once.get("county_code", pd.Series(dtype="str"))
    places = reference.labels("counties", "county_code", "name") | {"": WHOLE_CITY}
    by_county = counties.map(places).fillna(UNPLACED if located else WHOLE_CITY).value_counts()
    place = counties if located else counties.iloc[:0]
    return {
        "rows": sheet.rows,
        "accepted": len(once),
        "rejected": sheet.rejected,
        "in_review": sheet.in_review["source_row"].nunique(),
        "by_county": {place: int(by_county[place]) for place in sorted(by_county.index)},
        "located": int(place.notna().sum()),
        "located_by": once["method"].value_counts().sort_index().to_dict() if located else {},
    }
