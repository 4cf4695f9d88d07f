"""Publication of the demo: monthly statements of banks and the office, folded like any other."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demo import (
    bank_sheets,
    defects,
    drawn_outlines,
    generator,
    histories,
    lifecycles,
    monthly_statements,
)
from demo.bank_sheets import Habits
from demo.generator import City
from demo.monthly_statements import LastFile
from domain import reference
from domain.visitors import Visitor, clerk
from loaders import intake, stated_sheets
from loaders.reading import opened_tables
from store.errors import IntakeError
from store.snapshot import Snapshot
from store.snapshot_store import Draft, Store
from store.statement_store import Statement, in_force
from store.step_progress import Progress, part, silent

MERCHANTS = 20_000
SEED = 20230310  # the day of the notice
AUTHOR = monthly_statements.AUTHOR
_PROGRAM = clerk(AUTHOR)
OFFICE = reference.labels("units", "unit_id", "unit")["OFFICE"]


def made(statement: Statement) -> bool:
    """Whether a statement is the demo's: those never mix with real ones."""
    return statement.taken_by == AUTHOR


def available() -> bool:
    """Whether the city's ``data/`` has what a demo is made of; another city's need not."""
    return (reference.DATA / "demo").is_dir()


def publish(
    store: Store,
    merchants: int = MERCHANTS,
    seed: int = SEED,
    progress: Progress = silent,
    by: Visitor = _PROGRAM,
) -> Snapshot:
    """Publish a demo of `merchants` shops; the same seed gives the same content.

    Everything in it is stated, month by month (see `monthly_statements`), and nothing of the data
    in force is kept. Raises `IntakeError` for a city without a demo.
    """
    if not available():
        raise IntakeError(f"“{reference.DATA}”里没有 demo 文件夹，这个城市没有演示数据")
    store.ledger.require(by, "publish", "装入演示数据")
    statements = _kept(store, merchants, seed, part(progress, 0.0, 0.5))
    decided = replace(store.ledger, realm="demo ")

    def build(_: Snapshot | None) -> Draft:
        progress("合并数据", 0.5)
        return replace(intake.draft(statements, store, decided), demo=True)

    return store.publish(build, replace(by, name=AUTHOR), part(progress, 0.5, 1.0))


def _kept(store: Store, merchants: int, seed: int, progress: Progress) -> list[Statement]:
    """The statements in force of the demo, once all of them are kept in `store`."""
    progress("生成演示数据", 0.0)
    city = generator.city(merchants, seed)
    with tempfile.TemporaryDirectory() as folder:
        desk = _Desk(Path(folder), store)
        office = desk.of_office(city)
        sent = list(desk.of_banks(city, seed, part(progress, 0.2, 0.6)))
    months = chain(
        monthly_statements.of_office(city, office),
        monthly_statements.of_banks(city.shops, city.merchant_events, sent),
    )
    del city, office, sent  # what is left of them goes with the months
    progress("生成各月报送", 0.6)
    taken = store.keep_statements(months)
    return in_force((), sorted(taken, key=lambda one: (one.taken_at, one.id)))


@dataclass(frozen=True)
class _Desk:
    """Where the last files are written and read: a folder, and the store for originals."""

    folder: Path
    store: Store

    def of_office(self, city: City) -> dict[str, LastFile]:
        """The last file of each kind that the office keeps; venues and clusters with outlines."""
        on = lifecycles.MONTH_ENDS[-1]
        instances = lifecycles.latest(city.scenario_events, len(city.instances), on)
        seen = lifecycles.latest(city.cluster_events, len(city.clusters), on)["inspected_on"]
        venues = city.venues.assign(**histories.listings(city.venues, on))
        clusters = city.clusters.assign(inspected_on=seen)
        figures = city.series[city.series["month"] == np.datetime64(on.replace(day=1))]
        placed = {"venues": venues, "scenarios": city.instances.join(instances)}
        placed |= {"clusters": clusters}
        sheets = {
            kind: bank_sheets.sheet(kind, bank_sheets.placed(rows)) for kind, rows in placed.items()
        }
        sheets["indicators"] = bank_sheets.of_indicators(figures)
        sheets |= {"filings": city.filings, "province": city.province}
        files = {
            kind: self._read(
                sheet, bank_sheets.office_file(kind, on), "utf-8-sig", sender=OFFICE, on=on
            )
            for kind, sheet in sheets.items()
        }
        for kind in ("venues", "clusters"):
            outlines = drawn_outlines.geojson(placed[kind]["outline"]).reindex(placed[kind].index)
            files[kind] = files[kind].having("outline", outlines)
        return files

    def of_banks(
        self, city: City, seed: int, progress: Progress
    ) -> Iterator[tuple[Habits, NDArray[np.int64], LastFile]]:
        """The last file of each bank, with the shops (rows of `city.shops`) of its lines."""
        banks = bank_sheets.banks()
        ends = {histories.months(bank.operator_id)[-1] for bank in banks}
        then = {on: lifecycles.latest(city.merchant_events, len(city.shops), on) for on in ends}
        signed = then[lifecycles.MONTH_ENDS[-1]]["contracted_on"].notna().to_numpy()
        rng = np.random.default_rng(seed)
        reported = defects.merchant_rows(rng, city.shops, city.venues, signed)
        for step, bank in enumerate(banks):
            on = histories.months(bank.operator_id)[-1]
            own = reported[reported["bank"] == bank.operator_id].join(then[on])
            own = own[own["target_on"] <= np.datetime64(on)]
            sheet = bank_sheets.sheet("merchants", own, bank.date_format, bank.dialect)
            inner = part(progress, step / len(banks), (step + 1) / len(banks))
            if len(sheet):
                file = bank.file(on)
                read = self._read(
                    sheet, file, bank.encoding, sender=bank.sender, on=on, progress=inner
                )
                yield bank, own.index.to_numpy(), read

    def _read(
        self,
        sheet: pd.DataFrame,
        file: str,
        encoding: str,
        *,
        sender: str,
        on: date,
        progress: Progress = silent,
    ) -> LastFile:
        """A file as it is taken in: its statement, its rows and its wrong cells."""
        path = self.folder / file
        sheet.to_csv(path, index=False, encoding=encoding)
        opened = opened_tables.opened([path], sender=sender, as_at=on)
        nothing = Store(self.folder / "store")
        (read,) = stated_sheets.statements(opened, nothing.ledger, sender, progress=progress)
        self.store.keep({one.name: one.original for one in opened})
        return LastFile(*stated_sheets.kept(*read))
