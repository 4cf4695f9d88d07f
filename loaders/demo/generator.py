"""The whole demo from one seed: what the city is really like, before banks report it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from loaders.demo import (
    clusters,
    denominators,
    filings,
    history,
    instances,
    outlines,
    places,
    province,
    register,
    series,
    shops,
    sites,
    stories,
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
    streets = places.streets(next(streams))
    venues = register.venues(next(streams), streets, int(shops.VENUE_SHARE * merchants))
    members = shops.members(next(streams), venues).iloc[:merchants]
    others = shops.along_streets(next(streams), streets, merchants - len(members))
    all_shops = pd.concat([members, others], ignore_index=True)
    ledger = instances.instances(next(streams), venues, streets)
    stream, indicators = next(streams), series.series(next(streams))
    declared = next(streams)
    spots = sites.sites(declared, venues, all_shops)
    all_shops = sites.populated(declared, venues, all_shops, spots)
    all_shops = stories.told(declared, all_shops, spots)
    claims, inspections = clusters.clusters(declared, venues, spots)
    shapes = outlines.of_venues(next(streams), venues, all_shops)
    all_shops = outlines.settled(venues, shapes, all_shops)
    return City(
        venues=venues,
        shops=all_shops,
        instances=ledger,
        series=indicators,
        merchant_events=history.events(stream, history.plans(stream, all_shops)),
        scenario_events=history.events(stream, history.plans(stream, ledger)),
        clusters=claims,
        cluster_events=inspections,
        outlines=shapes,
        denominators=denominators.earlier(next(streams), venues),
        filings=filings.filings(next(streams)),
        province=province.province(next(streams)),
    )
