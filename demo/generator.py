"""The whole demo from one seed: what the city is really like, before banks report it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from demo import (
    cluster_ledger,
    cluster_sites,
    cluster_stories,
    drawn_outlines,
    earlier_denominators,
    filed_reports,
    invented_shops,
    lifecycles,
    monthly_figures,
    province_figures,
    scenario_ledger,
    street_places,
    venue_list,
)

_PARTS = 12


@dataclass(frozen=True)
class City:
    """Frames as the modules of their names describe them.

    Events have row (the position in `shops`, `instances` or `clusters`), event and day. `outlines`
    are the venues' polygons in metres, None where there is none; `denominators` those stated
    before the last.
    """

    venues: pd.DataFrame
    shops: pd.DataFrame
    instances: pd.DataFrame
    series: pd.DataFrame
    merchant_events: pd.DataFrame
    scenario_events: pd.DataFrame
    clusters: pd.DataFrame
    cluster_events: pd.DataFrame
    outlines: pd.Series
    denominators: pd.DataFrame
    filings: pd.DataFrame
    province: pd.DataFrame


def city(merchants: int, seed: int) -> City:
    """A city of `merchants` shops. Every part draws from a stream of its own."""
    streams = map(np.random.default_rng, np.random.SeedSequence(seed).spawn(_PARTS))
    streets = street_places.streets(next(streams))
    venues = venue_list.venues(next(streams), streets, int(invented_shops.VENUE_SHARE * merchants))
    members = invented_shops.members(next(streams), venues).iloc[:merchants]
    others = invented_shops.along_streets(next(streams), streets, merchants - len(members))
    all_shops = pd.concat([members, others], ignore_index=True)
    ledger = scenario_ledger.instances(next(streams), venues, streets)
    stream, indicators = next(streams), monthly_figures.series(next(streams))
    declared = next(streams)
    spots = cluster_sites.sites(declared, venues, all_shops)
    all_shops = cluster_sites.populated(declared, venues, all_shops, spots)
    all_shops = cluster_stories.told(declared, all_shops, spots)
    claims, inspections = cluster_ledger.clusters(declared, venues, spots)
    shapes = drawn_outlines.of_venues(next(streams), venues, all_shops)
    all_shops = drawn_outlines.settled(venues, shapes, all_shops)
    return City(
        venues=venues,
        shops=all_shops,
        instances=ledger,
        series=indicators,
        merchant_events=lifecycles.events(stream, lifecycles.plans(stream, all_shops)),
        scenario_events=lifecycles.events(stream, lifecycles.plans(stream, ledger)),
        clusters=claims,
        cluster_events=inspections,
        outlines=shapes,
        denominators=earlier_denominators.earlier(next(streams), venues),
        filings=filed_reports.filings(next(streams)),
        province=province_figures.province(next(streams)),
    )
