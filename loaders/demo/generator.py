"""The whole demo from one seed: what the city is really like, before banks report it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from loaders.demo import history, instances, places, register, series, shops

_PARTS = 7


@dataclass(frozen=True)
class City:
    """Frames as the modules of their names describe them.

    `merchant_events` and `scenario_events` have row (the position in `shops` or `instances`),
    event and day.
    """

    venues: pd.DataFrame
    shops: pd.DataFrame
    instances: pd.DataFrame
    series: pd.DataFrame
    merchant_events: pd.DataFrame
    scenario_events: pd.DataFrame


def city(merchants: int, seed: int) -> City:
    """A city of `merchants` shops. Every part draws from a stream of its own."""
    streams = map(np.random.default_rng, np.random.SeedSequence(seed).spawn(_PARTS))
    streets = places.streets(next(streams))
    venues = register.venues(next(streams), streets, int(shops.VENUE_SHARE * merchants))
    members = shops.members(next(streams), venues).iloc[:merchants]
    others = shops.along_streets(next(streams), streets, merchants - len(members))
    all_shops = pd.concat([members, others], ignore_index=True)
    ledger = instances.instances(next(streams), venues, streets)
    stream = next(streams)
    return City(
        venues=venues,
        shops=all_shops,
        instances=ledger,
        series=series.series(next(streams)),
        merchant_events=history.events(stream, history.plans(stream, all_shops)),
        scenario_events=history.events(stream, history.plans(stream, ledger)),
    )
