"""The demo's clusters and outlines: every story comes out, and every oddity of a real register."""

import pandas as pd
import pytest
import shapely

from demo import drawn_outlines, generator, lifecycles, publishing, street_places
from domain import clusters, owners, reference, rules, states
from store import snapshot_store
from tests.conftest import MERCHANTS

AS_OF = lifecycles.AS_OF.item()


@pytest.fixture(scope="module")
def city():
    return generator.city(MERCHANTS, publishing.SEED)


@pytest.fixture(scope="module")
def published(demo_store):
    return snapshot_store.Store(demo_store).current()


@pytest.fixture(scope="module")
def lives(published):
    """Clusters of the published demo at the ends of its months, judged by the domain."""
    con = published.connect()
    days = [day.date() for day in pd.date_range("2023-12-31", AS_OF, freq="ME")]
    members = con.table("cluster_members")
    shops = con.table("merchants").semi_join(members, "merchant_key")
    counted = clusters.counts(members, states.on_days(shops, con.table("spells"), days))
    events = published.frame("events")
    events = events[events["record_key"].str.startswith("c:")]
    seen = pd.DataFrame({"cluster_id": events["record_key"].str[2:], "day": events["day"]})
    frame = published.frame("clusters")
    return clusters.history(frame, counted.to_pyarrow().to_pandas(), seen, days)


@pytest.fixture(scope="module")
def planned():
    """Rows of the demo's clusters.csv with what stories.csv tells of them."""
    frame = street_places.facts("clusters").merge(street_places.facts("stories"), on="story")
    return frame.set_index("cluster_id")


def test_every_story_ends_as_it_says(lives, planned):
    found = clusters.standing(lives).set_index("cluster_id")["state"]
    assert found.to_dict() == planned["state"].to_dict()


def test_the_stories_lead_through_every_state(planned):
    assert set(planned["state"]) == set(clusters.STATES)
    assert set(planned["story"]) == set(street_places.facts("stories")["story"])


def test_clusters_are_built_before_they_are_mature(lives):
    rank = lives["state"].map({state: i for i, state in enumerate(clusters.STATES)})
    first = lives.assign(rank=rank).groupby(["cluster_id", "state"])["as_of"].min().unstack()
    both = first[["building", "reached", "kept"]].dropna()
    assert len(both) > 5
    assert (both["building"] < both["kept"]).all()


def test_a_place_claimed_twice_counts_once(published, planned):
    ids = published.frame("clusters")["cluster_id"].tolist()
    pairs = clusters.shared(published.connect().table("cluster_members"))
    place = clusters.places(ids, pairs.to_pyarrow().to_pandas())
    again = planned["again"].where(planned["again"] != "", planned.index)
    assert place.to_dict() == again.to_dict()
    assert place.nunique() < len(place)


def test_owners_have_none_one_two_or_more(lives):
    tally = clusters.by_owner(lives, owners.owners(AS_OF), [AS_OF])
    last = tally[(tally["as_of"] == pd.Timestamp(AS_OF)) & tally["obliged"]]
    counts = last.groupby("owner_kind")["mature"].agg(set)
    assert {0, 1, 2, 3} <= set(last["mature"])
    assert all(0 in found and len(found) > 1 for found in counts)


def test_clusters_are_inspected_again_and_again(city, lives):
    times = city.cluster_events.groupby("row").size()
    assert times.max() >= 6
    assert len(times) < len(city.clusters)
    assert city.cluster_events["day"].max() <= pd.Timestamp(AS_OF)


def test_names_are_coined(city):
    real = {name for table in ("towns", "villages", "zones", "counties", "units", "scenarios")
            for name in reference.table(table).to_numpy().ravel()}  # fmt: skip
    names = [*city.clusters["name"], *city.venues["name"], *city.shops["name"]]
    assert not real & set(names)
    assert city.clusters["name"].is_unique
    assert city.clusters["name"].str.contains("数币").all()


def test_two_in_five_area_type_venues_are_outlined(city):
    outlined = city.venues["outline"] != ""
    assert outlined[~city.venues["by_links"]].mean() == pytest.approx(0.4, abs=0.05)
    assert not outlined[city.venues["by_links"]].any()


def test_some_venues_are_drawn_awkwardly(city, published):
    venues = published.frame("venues")
    spans = venues["spans"].fillna("")
    assert (spans.str.count(";") == 1).sum() == 2
    drawn = drawn_outlines.polygons(city.venues["outline"])
    within = shapely.STRtree(drawn.to_numpy()).query(drawn.to_numpy(), predicate="within")
    assert (within[0] != within[1]).sum() >= 3
    empty = venues[venues["venue_id"].isin(city.venues.loc[city.venues["empty"], "venue_id"])]
    assert len(empty) == 1
    assert empty["outline"].notna().all()
    assert not published.frame("merchants")["venue_id"].isin(empty["venue_id"]).any()


def test_outlines_are_geojson_in_degrees(published):
    for table in ("venues", "clusters"):
        texts = published.frame(table)["outline"].dropna()
        shapes = shapely.from_geojson(texts.to_numpy())
        assert shapely.is_valid(shapes).all()
        lon, lat = shapely.get_coordinates(shapes).T
        assert ((lon > 118) & (lon < 120) & (lat > 33.5) & (lat < 35.5)).all()
        assert (abs(lon * 1e5 - (lon * 1e5).round()) < 1e-4).all()


def test_outlines_find_shops_whose_bank_names_no_venue(published):
    by = published.frame("merchants")["joined_by"].value_counts()
    assert by["outline"] > 0.02 * by["stated"]


def test_a_shop_that_two_banks_sign_is_one(published):
    shops = published.frame("merchants")
    banks = shops.groupby("shop_key")["operator_id"].nunique()
    assert 5 < (banks > 1).sum() < 0.03 * len(shops)


def test_some_covered_venues_are_a_sign_at_the_door(city):
    few = city.venues["size"] <= rules.count("one_sign_points")
    assert (few & (city.venues["outcome"] == "covered")).sum() >= 6


def test_some_denominators_shrank(published):
    stated = published.frame("denominators")
    assert not stated.duplicated(["venue_id", "stated_on"]).any()
    most = stated.groupby("venue_id")["eligible_count"].max()
    now = published.frame("venues").set_index("venue_id")["eligible_count"].reindex(most.index)
    shrunk = (now <= (1 - rules.number("shrunk_share")) * most).sum()
    assert 5 <= shrunk < 0.2 * len(most)


def test_shops_sleep_more_in_some_areas_than_in_others(city):
    street = city.shops[city.shops["venue"] < 0]
    area = street_places.towns()["area_id"].iloc[street["town"]].to_numpy()
    used = street["fate"].isin([lifecycles.KEPT, lifecycles.ASLEEP])
    asleep = (street["fate"] == lifecycles.ASLEEP)[used].groupby(area[used]).mean()
    assert asleep["320724"] > 1.4 * asleep["320706"]
