"""Publication of the demo: files written as banks write them, then read like any other data."""

import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from demo import bank_sheets, defects, drawn_outlines, generator, lifecycles
from demo.generator import City
from domain import reference
from loaders import folding, intake
from loaders.assessment import Assessment, counts
from loaders.decisions import spatial_join
from loaders.kinds import KINDS, Kind
from loaders.reading import opened_tables
from store.errors import IntakeError
from store.snapshot import Snapshot
from store.snapshot_store import Draft, Store
from store.step_progress import Progress, part, silent

MERCHANTS = 20_000
SEED = 20230310  # the day of the notice
AUTHOR = "演示数据"


def available() -> bool:
    """Whether the city's ``data/`` has what a demo is made of; another city's need not."""
    return (reference.DATA / "demo").is_dir()


def publish(
    store: Store, merchants: int = MERCHANTS, seed: int = SEED, progress: Progress = silent
) -> Snapshot:
    """Publish a demo of `merchants` shops; the same seed gives the same content.

    The files are written to a temporary folder and taken in as any files are. A file states only
    the latest inspection and payment and the present denominator, so those of earlier files are
    added, and so are the outlines, which people draw. Nothing of the data in force is kept.
    Raises `IntakeError` for a city without one.
    """
    if not available():
        raise IntakeError(f"“{reference.DATA}”里没有 demo 文件夹，这个城市没有演示数据")
    draft = _draft(merchants, seed, part(progress, 0.0, 0.4))
    return store.publish(lambda _: draft, AUTHOR, part(progress, 0.4, 1.0))


def _draft(merchants: int, seed: int, progress: Progress) -> Draft:
    """The demo's tables; all that they were made from is let go on return."""
    progress("生成演示数据", 0.0)
    city = generator.city(merchants, seed)
    latest = lifecycles.latest(city.merchant_events, len(city.shops))
    rng = np.random.default_rng(seed)
    reported = defects.merchant_rows(rng, city.shops, city.venues, latest)
    with tempfile.TemporaryDirectory() as folder:
        paths = _write(city, reported, Path(folder))
        nothing = Store(Path(folder) / "store")
        as_at = date.fromisoformat(str(lifecycles.AS_OF))
        opened = opened_tables.opened(paths, as_at=as_at, progress=part(progress, 0.2, 0.4))
        assessment = intake.assess(opened, store=nothing, progress=part(progress, 0.4, 1.0))
        frames = intake.tables_with(assessment, nothing)
    frames["events"] = _events(frames, city, reported)
    earlier = city.denominators.astype(frames["denominators"].dtypes)
    frames["denominators"] = pd.concat([frames["denominators"], earlier], ignore_index=True)
    frames["venues"] = _outlined(frames["venues"], city.venues, "venue_id")
    frames["clusters"] = _outlined(frames["clusters"], city.clusters, "cluster_id")
    return Draft(spatial_join.joined(frames), as_of=as_at, inputs=_inputs(assessment), demo=True)


def _write(city: City, reported: pd.DataFrame, folder: Path) -> list[Path]:
    """The files that the office would receive, in `folder`."""
    latest = lifecycles.latest(city.scenario_events, len(city.instances))
    instances = bank_sheets.placed(city.instances).join(latest)
    office = {
        "特定区域名录.csv": bank_sheets.sheet("venues", bank_sheets.placed(city.venues)),
        "场景台账.csv": bank_sheets.sheet("scenarios", instances),
        "月度指标.csv": bank_sheets.of_indicators(city.series),
        "示范聚集区台账.csv": bank_sheets.sheet("clusters", bank_sheets.placed(city.clusters)),
        "信息报送.csv": city.filings,
        "省内各市公布数.csv": city.province,
    }
    files = [(name, "utf-8-sig", sheet) for name, sheet in office.items()]
    paths = []
    for name, encoding, sheet in [*files, *bank_sheets.of_merchants(reported)]:
        if len(sheet):
            paths.append(folder / name)
            sheet.to_csv(paths[-1], index=False, encoding=encoding)
    return paths


def _outlined(records: pd.DataFrame, facts: pd.DataFrame, key: str) -> pd.DataFrame:
    """Venues or clusters with the outlines that `facts` has for them."""
    texts = drawn_outlines.geojson(facts.set_index(key)["outline"])
    return records.assign(outline=records[key].map(texts).astype("str"))


def _events(frames: folding.Frames, city: City, reported: pd.DataFrame) -> pd.DataFrame:
    """All events of the accepted records; beside what the files state, their whole history."""
    stated = frames["events"]
    shops = pd.Series(reported.index, reported["merchant_id"])
    instances = pd.Series(city.instances.index, city.instances["scenario_no"])
    clusters = pd.Series(city.clusters.index, city.clusters["cluster_id"])
    parts = [
        stated[~stated["event"].isin(lifecycles.EVENTS)],
        _keyed(city.merchant_events, frames, KINDS["merchants"], shops),
        _keyed(city.scenario_events, frames, KINDS["scenarios"], instances),
        _keyed(city.cluster_events, frames, KINDS["clusters"], clusters),
    ]
    return pd.concat([table.astype(stated.dtypes) for table in parts], ignore_index=True)


def _keyed(
    events: pd.DataFrame, frames: folding.Frames, kind: Kind, rows: pd.Series
) -> pd.DataFrame:
    """Events of the records of `kind`, by record key; `rows` are those of `events`, by own id.

    Two records of one row, a shop reported twice, both have its events.
    """
    rows = rows[~rows.index.duplicated()]
    records = frames[kind.name]
    keys = pd.DataFrame(
        {
            "record_key": kind.prefix + records[kind.key_column],
            "row": records[kind.id_column].map(rows).astype(events["row"].dtype),
        }
    )
    return events.merge(keys, on="row")[["record_key", "event", "day"]]


def _inputs(assessment: Assessment) -> list[dict[str, object]]:
    stated = ("rows", "accepted", "rejected", "in_review")
    return [
        {"file": sheet.file, "sha256": opened.digest, "kind": sheet.layout.kind, "crs": sheet.crs}
        | {name: count for name, count in counts(sheet).items() if name in stated}
        for opened, sheet in zip(assessment.opened, assessment.sheets, strict=True)
    ]
