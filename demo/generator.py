"""The invented city as it is, before banks report it: facts of ``data/demo`` and one seed."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from demo import (
    cluster_sites,
    drawn_outlines,
    filed_reports,
    histories,
    indicator_values,
    invented_shops,
    lifecycles,
    scenario_ledger,
    street_places,
    venue_list,
)


@dataclass(frozen=True)
class City:
    """Frames as the modules of their names describe them.

    Events have row (the position in `shops`, `instances` or `clusters`), event and day.
    `denominators` are those before the last; `filings` and `province` have the headers of
    the office's files.
    """

    venues: pd.DataFrame
    shops: pd.DataFrame
    instances: pd.DataFrame
    series: pd.DataFrame
    merchant_events: pd.DataFrame
    scenario_events: pd.DataFrame
    clusters: pd.DataFrame
    cluster_events: pd.DataFrame
    denominators: pd.DataFrame
    filings: pd.DataFrame
    province: pd.DataFrame


def city(merchants: int, seed: int) -> City:
    """A city of `merchants` shops: its shops and what becomes of them drawn from `seed`."""
    venues = venue_list.venues(merchants)
    clusters = cluster_sites.clusters(venues)
    instances = scenario_ledger.instances()
    streets = street_places.streets(_stream(seed, 0))
    members = invented_shops.members(_stream(seed, 2), venues).iloc[:merchants]
    others = invented_shops.along_streets(_stream(seed, 3), streets, merchants - len(members))
    shops = pd.concat([members, others], ignore_index=True)
    shops = cluster_sites.populated(_stream(seed, 7, start=390), venues, shops, clusters)
    shops = drawn_outlines.settled(venues, shops)
    lives = _stream(seed, 5)
    return City(
        venues=venues,
        shops=shops,
        instances=instances,
        series=indicator_values.series(_stream(seed, 6)),
        merchant_events=histories.relived(lifecycles.events(lives, shops), shops),
        scenario_events=lifecycles.events(lives, instances),
        clusters=clusters,
        cluster_events=cluster_sites.inspections(clusters),
        denominators=venue_list.earlier_counts(venues),
        filings=filed_reports.filings(),
        province=street_places.facts("province").assign(来源="演示数据（虚构）"),
    )


def _stream(seed: int, part: int, start: int = 0) -> np.random.Generator:
    """Random numbers of one part of the city. Another part or start would draw another city."""
    sequence = np.random.SeedSequence(seed, spawn_key=(part,))
    return np.random.Generator(np.random.PCG64(sequence).advance(start))
