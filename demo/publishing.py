"""The demo published: files written as banks write them, then read like any other data."""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from demo import bank_sheets, defects, drawn_outlines, generator, lifecycles
from demo.generator import City
from domain import reference
from loaders import intake, merging
from loaders.assessment import Assessment, counts
from loaders.decisions import spatial_join
from loaders.kinds import KINDS, Kind
from loaders.reading import opened_tables
from store import table_schemas
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

    The files are written to a temporary folder and taken in as any files are. A file tells only
    the latest inspection and payment and the present denominator, so what earlier files would have
    told is added, and so are the outlines, which people draw. Nothing of the data in force is kept.
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
    rows = _reported(city, seed)
    with tempfile.TemporaryDirectory() as folder:
        paths = _write(city, rows, Path(folder))
        nothing = Store(Path(folder) / "store")
        opened = opened_tables.opened(paths, progress=part(progress, 0.2, 0.4))
        found = intake.assess(opened, store=nothing, progress=part(progress, 0.4, 1.0))
    frames = _frames(found)
    frames["events"] = _events(frames, city, rows)
    frames["denominators"] = _denominators(frames["denominators"], city)
    return Draft(spatial_join.joined(_outlined(frames, city)), _inputs(found), demo=True)


def _frames(found: Assessment) -> merging.Frames:
    """Tables of the accepted records. No two files name one record, so none meets another."""
    empty = {name: table_schemas.empty(name) for name in table_schemas.SCHEMAS if name != "spells"}
    parts = [merging.merged(empty, records) for records in found.sheets]
    return {name: pd.concat([one[name] for one in parts], ignore_index=True) for name in empty}


def _reported(city: City, seed: int) -> pd.DataFrame:
    """Rows of the banks' files (`defects.merchant_rows`), as of the demo's last day."""
    latest = lifecycles.latest(city.merchant_events, len(city.shops))
    return defects.merchant_rows(np.random.default_rng(seed), city.shops, city.venues, latest)


def _write(city: City, rows: pd.DataFrame, folder: Path) -> list[Path]:
    """The files that the office would receive, in `folder`."""
    latest = lifecycles.latest(city.scenario_events, len(city.instances))
    office = {
        "特定区域名录.csv": bank_sheets.of_venues(city.venues),
        "场景台账.csv": bank_sheets.of_scenarios(city.instances, latest),
        "月度指标.csv": bank_sheets.of_indicators(city.series),
        "示范聚集区台账.csv": bank_sheets.of_clusters(city.clusters),
        "信息报送.csv": city.filings,
        "省内各市公布数.csv": city.province,
    }
    files = [(name, "utf-8-sig", sheet) for name, sheet in office.items()]
    paths = []
    for name, encoding, sheet in [*files, *bank_sheets.of_merchants(rows)]:
        if len(sheet):
            paths.append(folder / name)
            sheet.to_csv(paths[-1], index=False, encoding=encoding)
    return paths


def _outlined(frames: merging.Frames, city: City) -> merging.Frames:
    """Tables with the outlines of venues and clusters."""
    drawn = {"venues": (city.venues, "venue_id"), "clusters": (city.clusters, "cluster_id")}
    outlined = {}
    for kind, (rows, key) in drawn.items():
        texts = drawn_outlines.geojson(rows.set_index(key)["outline"])
        outlined[kind] = frames[kind].assign(outline=frames[kind][key].map(texts).astype("str"))
    return frames | outlined


def _denominators(told: pd.DataFrame, city: City) -> pd.DataFrame:
    """What the register states, and what earlier editions of it stated."""
    return pd.concat([told, city.denominators.astype(told.dtypes)], ignore_index=True)


def _events(frames: merging.Frames, city: City, rows: pd.DataFrame) -> pd.DataFrame:
    """All events of the accepted records; beside what the files told, their whole history."""
    told = frames["events"]
    shops = pd.Series(rows.index, rows["merchant_id"])
    instances = pd.Series(city.instances.index, city.instances["scenario_no"])
    clusters = pd.Series(city.clusters.index, city.clusters["cluster_id"])
    parts = [
        told[~told["event"].isin(lifecycles.EVENTS)],
        _keyed(city.merchant_events, frames, KINDS["merchants"], shops),
        _keyed(city.scenario_events, frames, KINDS["scenarios"], instances),
        _keyed(city.cluster_events, frames, KINDS["clusters"], clusters),
    ]
    return pd.concat([one.astype(told.dtypes) for one in parts], ignore_index=True)


def _keyed(
    happened: pd.DataFrame, frames: merging.Frames, kind: Kind, positions: pd.Series
) -> pd.DataFrame:
    """Events of the records of `kind`, by record key; `positions` of `happened` are by own id.

    Two records of one position, a shop reported twice, both have its events.
    """
    positions = positions[~positions.index.duplicated()]
    records = frames[kind.name]
    keys = pd.DataFrame(
        {
            "record_key": kind.prefix + records[kind.key_column],
            "row": records[kind.id_column].map(positions).astype(happened["row"].dtype),
        }
    )
    return happened.merge(keys, on="row")[["record_key", "event", "day"]]


def _inputs(found: Assessment) -> list[dict[str, object]]:
    """The files for the manifest."""
    return [
        {"file": sheet.file, "sha256": one.digest, "kind": sheet.layout.kind, "crs": sheet.crs}
        | {
            name: count
            for name, count in counts(sheet).items()
            if name in ("rows", "accepted", "rejected", "in_review")
        }
        for one, sheet in zip(found.opened, found.sheets, strict=True)
    ]
