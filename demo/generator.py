"""The whole demo from one seed: what the city is really like, before banks report it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from demo import (
    cluster_sites,
    drawn_outlines,
    filed_reports,
    invented_shops,
    lifecycles,
    monthly_figures,
    scenario_ledger,
    street_places,
    venue_list,
)

# A stream of random numbers for each part. Other places among them would draw another city.
_STREAMS = {"streets": 0, "members": 2, "street shops": 3, "lives": 5, "months": 6, "sites": 7}
_FIRST_OF_SITES = 390  # where in its stream


@dataclass(frozen=True)
class City:
    """Frames as the modules of their names describe them.

    Events have row (the position in `shops`, `instances` or `clusters`), event and day.
    `denominators` are those stated before the last; `filings` and `province` have the headers of
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
    """A city of `merchants` shops: facts of ``data/demo``, shops and their lives from `seed`."""
    spawned = np.random.SeedSequence(seed).spawn(max(_STREAMS.values()) + 1)
    rng = {part: np.random.default_rng(spawned[i]) for part, i in _STREAMS.items()}
    rng["sites"].bit_generator.advance(_FIRST_OF_SITES)
    streets = street_places.streets(rng["streets"])
    venues = venue_list.venues(merchants)
    clusters = cluster_sites.clusters(venues)
    instances = scenario_ledger.instances()
    members = invented_shops.members(rng["members"], venues).iloc[:merchants]
    others = invented_shops.along_streets(rng["street shops"], streets, merchants - len(members))
    shops = pd.concat([members, others], ignore_index=True)
    shops = cluster_sites.populated(rng["sites"], venues, shops, clusters)
    shops = drawn_outlines.settled(venues, shops)
    return City(
        venues=venues,
        shops=shops,
        instances=instances,
        series=monthly_figures.series(rng["months"]),
        merchant_events=lifecycles.events(rng["lives"], lifecycles.plans(rng["lives"], shops)),
        scenario_events=lifecycles.events(rng["lives"], lifecycles.plans(rng["lives"], instances)),
        clusters=clusters,
        cluster_events=cluster_sites.inspections(clusters),
        denominators=venue_list.earlier_counts(venues),
        filings=filed_reports.filings(),
        province=street_places.facts("province").assign(来源="演示数据（虚构）"),
    )
