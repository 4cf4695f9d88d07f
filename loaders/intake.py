"""Taking files in: assess says what a file holds and changes nothing; publish makes it count."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from domain import reference
from loaders import files, headers, merging, rejects, tables
from loaders.errors import IntakeError
from loaders.progress import Progress, part, silent
from loaders.records import REJECTS, Records, Source, records
from loaders.store import Draft, Snapshot, Store

UNPLACED, WHOLE_CITY = "未定位", "全市"


@dataclass(frozen=True)
class Assessment:
    """What files hold, before anything changes: one `Records` a file, in the order of publishing.

    The properties speak for all files together; for the usual single file, for that file.
    """

    sheets: tuple[Records, ...]
    digests: tuple[str, ...]

    @property
    def kind(self) -> str | None:
        """Kind of the files; None when they are of several kinds."""
        kinds = {sheet.layout.kind for sheet in self.sheets}
        return kinds.pop() if len(kinds) == 1 else None

    @property
    def crs(self) -> str | None:
        """Coordinate system of rows that state none, as told by the user."""
        return self.sheets[0].crs

    @property
    def rows(self) -> int:
        """Rows read, blank ones left out."""
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
    def headers(self) -> pd.DataFrame:
        """Headers and how each was understood: file, header, column, label, how."""
        return pd.concat(
            [sheet.layout.headers.assign(file=sheet.file) for sheet in self.sheets],
            ignore_index=True,
        )[["file", "header", "column", "label", "how"]]

    def counts(self) -> dict[str, Any]:
        """Rows, accepted, rejected, in_review, by_county and located_by, all files together."""
        return _total([counts(sheet) for sheet in self.sheets])


def assess(
    paths: Sequence[Path],
    kind: str | None = None,
    crs: str | None = None,
    *,
    store: Store,
    progress: Progress = silent,
) -> Assessment:
    """What the files at `paths` hold; nothing is written.

    `kind` is recognised from the headers when None. `crs` is that of rows that state none.
    Venues come before the records that name them, whatever the order of `paths`; later files of
    one kind count as later. Raises `IntakeError` for a file that cannot be taken in.
    """
    opened = []
    for step, path in enumerate(paths):
        progress(f"读取文件 {path.name}", 0.3 * step / len(paths))
        layout, sheet = headers.layout(files.sheets(path), kind, path.name)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        opened.append((Source(path.name, sheet, layout), digest))
    opened.sort(key=lambda item: item[0].layout.kind != "venues")
    register = _register(store.current())
    found = []
    for step, (source, _) in enumerate(opened):
        share = 0.7 / len(opened)
        inner = part(progress, 0.3 + share * step, 0.3 + share * (step + 1))
        found.append(records(source, crs, register, inner))
        if source.layout.kind == "venues":
            listed = found[-1].accepted[["venue_id", "name"]]
            register = pd.concat([register, listed]).drop_duplicates("venue_id", keep="last")
    progress("核对完成", 1.0)
    return Assessment(tuple(found), tuple(digest for _, digest in opened))


def publish(
    assessment: Assessment, store: Store, created_by: str, progress: Progress = silent
) -> Snapshot:
    """Merge the accepted records into the snapshot in force and publish the result.

    The first real import leaves the demo behind. Raises `IntakeError` if no row was accepted.
    """
    if assessment.rows == sum(sheet.rejected for sheet in assessment.sheets):
        raise IntakeError("没有一行可以接收，未发布。请按退回原因改正后重新导入")

    def build(base: Snapshot | None) -> Draft:
        base = None if base is None or base.manifest["demo"] else base
        progress("合并数据", 0.1)
        return Draft(tables_with(assessment, base), _inputs(assessment, base))

    return store.publish(build, created_by, progress)


def tables_with(assessment: Assessment, base: Snapshot | None = None) -> merging.Frames:
    """Tables of `base` (none: empty ones) with the accepted records merged in; no spells."""
    names = [name for name in tables.SCHEMAS if name != "spells"]
    frames = {name: base.frame(name) if base else tables.empty(name) for name in names}
    for sheet in assessment.sheets:
        frames = merging.merged(frames, sheet)
    return frames


def counts(sheet: Records) -> dict[str, Any]:
    """Rows, accepted, rejected, in_review, by_county (Chinese names) and located_by of a sheet."""
    once = sheet.accepted.drop_duplicates("source_row")
    places = reference.labels("counties", "county_code", "name") | {"": WHOLE_CITY}
    by_county = once["county_code"].map(places).fillna(UNPLACED).value_counts()
    located = "method" in once
    review = once["in_review"] | once["note"].notna() if located else once["note"].notna()
    return {
        "rows": sheet.rows,
        "accepted": len(once),
        "rejected": sheet.rejected,
        "in_review": int(review.sum()),
        "by_county": {place: int(by_county[place]) for place in sorted(by_county.index)},
        "located_by": once["method"].value_counts().sort_index().to_dict() if located else {},
    }


def rejects_workbook(assessment: Assessment) -> bytes:
    """The rejected rows as an XLSX to send back: the sender's own columns and the reasons."""
    parts = [(f"{s.file} {s.layout.sheet}".strip(), s.returned) for s in assessment.sheets]
    return rejects.workbook([(name, rows) for name, rows in parts if len(rows)])


def _total(parts: list[dict[str, Any]]) -> dict[str, Any]:
    total: dict[str, Any] = {}
    for name, value in parts[0].items():
        values = [one[name] for one in parts]
        if isinstance(value, dict):
            keys = sorted({key for one in values for key in one})
            total[name] = {key: sum(one.get(key, 0) for one in values) for key in keys}
        else:
            total[name] = sum(values)
    return total


def _register(current: Snapshot | None) -> pd.DataFrame:
    """Venues that rows may name; those of the demo do not count."""
    demo = current is None or current.manifest["demo"]
    venues = tables.empty("venues") if demo else current.frame("venues")
    return venues[["venue_id", "name"]]


def _inputs(assessment: Assessment, base: Snapshot | None) -> list[dict[str, Any]]:
    """Every file that the snapshot is made of, oldest first; a file sent again counts once."""
    now = datetime.now(UTC).astimezone().isoformat()
    fresh = []
    for sheet, digest in zip(assessment.sheets, assessment.digests, strict=True):
        numbers = counts(sheet)
        fresh.append(
            {"file": sheet.file, "sha256": digest, "kind": sheet.layout.kind}
            | {name: numbers[name] for name in ("rows", "accepted", "rejected", "in_review")}
            | {"crs": sheet.crs, "imported_at": now}
        )
    known = {(one["sha256"], one["kind"]) for one in fresh}
    earlier = base.manifest["kind_inputs"] if base else []
    return [one for one in earlier if (one["sha256"], one["kind"]) not in known] + fresh
