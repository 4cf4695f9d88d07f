"""The demo: one seed gives one city, placed and grown as a pilot would be, and read like any."""

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from demo import (
    bank_sheets,
    defects,
    generator,
    indicator_values,
    lifecycles,
    publishing,
    street_places,
    venue_list,
)
from demo.publishing import SEED
from domain import coverage, reference, states
from domain.venues import venue_coverage
from geo import boundaries, coordinates
from store import snapshot_store
from tests.conftest import MERCHANTS

SHOPS = 20_000  # only generated
DAYS = [day.date() for day in pd.to_datetime(["2023-12-31", "2024-12-31", "2025-12-31"])]
AS_OF = pd.Timestamp(lifecycles.AS_OF).date()


@pytest.fixture(scope="module")
def city():
    return generator.city(SHOPS, SEED)


@pytest.fixture(scope="module")
def rows(city):
    signed = lifecycles.latest(city.merchant_events, len(city.shops), AS_OF)["contracted_on"]
    rng = np.random.default_rng(SEED)
    return defects.merchant_rows(rng, city.shops, city.venues, signed.notna().to_numpy())


@pytest.fixture(scope="module")
def published(demo_store):
    return snapshot_store.Store(demo_store).current()


@pytest.fixture(scope="module")
def judged(published):
    """Venues of the published demo as of some days, judged by the domain."""
    con = published.connect()
    spells = con.table("spells")
    days = [*DAYS, AS_OF]
    merchants = states.on_days(con.table("merchants_ever"), spells, days)
    scenarios = states.on_days(con.table("scenarios_ever"), spells, days, "scenarios")
    return venue_coverage(con.table("venues_ever"), merchants, scenarios, days)


def test_one_seed_gives_one_city(city):
    again, other = generator.city(SHOPS, SEED), generator.city(SHOPS, SEED + 1)
    for name in vars(city):
        frame, same = pd.DataFrame(getattr(city, name)), pd.DataFrame(getattr(again, name))
        pd.testing.assert_frame_equal(frame, same)
    assert not city.shops["lon"].equals(other.shops["lon"])


@pytest.mark.parametrize("merchants", [1, 300, 2500])
def test_there_are_as_many_shops_as_asked_for(merchants):
    assert len(generator.city(merchants, SEED).shops) == merchants


def test_towns_share_out_the_population_of_their_county():
    weight = street_places.towns().groupby("county_code")["weight"].sum()
    population = reference.table("counties").set_index("county_code")["population_2020"]
    pd.testing.assert_series_equal(
        weight, population.astype(float).loc[weight.index], check_names=False
    )


@pytest.mark.parametrize("part", ["venues", "shops", "instances", "clusters"])
def test_every_point_lies_in_the_county_of_its_town(city, part):
    frame = getattr(city, part)
    stated = street_places.towns()["county_code"].to_numpy(dtype=object)[frame["town"]]
    assert (boundaries.county_of(frame["lon"], frame["lat"]) == stated).all()


def test_venues_of_every_kind_stand_in_every_county(city):
    kinds = city.venues.groupby("county_code")["kind_id"].agg(set)
    assert kinds.map(len).tolist() == [len(reference.table("venue_kinds"))] * 6
    assert city.venues["name"].is_unique


@pytest.mark.parametrize("merchants", [1000, MERCHANTS, SHOPS, 1_000_000])
def test_venues_of_any_size_come_out_as_they_should(merchants):
    venues = venue_list.venues(merchants)
    stated = street_places.facts("venues")
    by_shops = venues[~venues["by_links"]]
    assert by_shops["size"].sum() <= 0.3 * merchants + 3 * len(by_shops)
    assert (venues["size"] <= stated["size"]).all()
    assert (venues["kept"] + venues["unlisted"] <= venues["size"]).all()
    share = by_shops["kept"] / by_shops["size"]
    assert share[by_shops["outcome"].isin(["covered", "lapsed"])].min() >= 0.5
    assert (by_shops["kept"] < by_shops["size"])[by_shops["outcome"] == "short"].all()
    assert (venues.loc[venues["outcome"] == "idle", "kept"] == 0).all()
    assert (venues["empty"] == (stated["unlisted"] == stated["size"])).all()
    if merchants >= SHOPS:
        assert venues[["size", "kept", "unlisted"]].equals(stated[["size", "kept", "unlisted"]])


def test_what_names_a_venue_names_one_of_the_register():
    ids = set(street_places.facts("venues")["venue_id"])
    assert street_places.facts("venues")["venue_id"].is_unique
    for table, column in [("clusters", "site"), ("clusters", "venue_id"),
                          ("scenarios", "venue_id"), ("denominators", "venue_id")]:  # fmt: skip
        assert set(street_places.facts(table)[column]) - {""} <= ids


def test_events_come_in_the_order_of_life(city):
    happened = lifecycles.latest(city.merchant_events, len(city.shops), AS_OF)
    first = city.merchant_events.groupby("row")["day"].min()
    assert (happened["target_on"].to_numpy() == first.to_numpy()).all()
    assert happened.max().max() <= lifecycles.AS_OF
    for before, after in [
        ("contracted", "opened"),
        ("opened", "inspected"),
        ("opened", "paid"),
        ("paid", "closed"),
        ("paid", "suspended"),
    ]:
        both = happened[[f"{before}_on", f"{after}_on"]].dropna()
        assert len(both)
        assert (both.iloc[:, 0] <= both.iloc[:, 1]).all()
    assert not city.merchant_events.duplicated().any()


def test_most_is_signed_at_the_end_of_a_year():
    days = lifecycles.signing_days(np.random.default_rng(SEED), np.zeros(20_000))
    count = pd.Series(days).dt.to_period("M").value_counts()
    for year in (2023, 2024, 2025):
        assert count[f"{year}-12"] > 1.2 * count[count.index.year == year].mean()
    middle = pd.Series(days).median()
    late = lifecycles.signing_days(np.random.default_rng(SEED), np.full(20_000, 6.0))
    assert pd.Series(late).median() > middle


def test_wallets_never_fall_but_where_they_are_counted_anew(city):
    of_wallets = city.series[city.series["indicator_id"] == "wallets_personal"]
    wide = of_wallets.pivot_table("value", "month", "county_code", aggfunc="sum")
    assert len(wide) == len(lifecycles.MONTHS)
    code, since, left = indicator_values.RECOUNTED
    falls = (wide.diff() < 0).stack()
    assert falls[falls].index.tolist() == [(pd.Timestamp(since), code)]
    break_ = wide[code] / wide[code].shift()
    assert break_[pd.Timestamp(since)] == pytest.approx(left, abs=0.06)
    assert set(city.series["indicator_id"]) == set(reference.table("indicators")["indicator_id"])


@pytest.mark.parametrize(
    ("defect", "share"),
    [
        (lambda rows: rows["lon"].isna(), defects.NO_POINT),
        (lambda rows: rows["scenario_id"].isin(defects.SCENARIOS), defects.UNHEARD_SCENARIO),
        (lambda rows: rows["operator"] == defects.BANK, defects.UNHEARD_BANK),
        (lambda rows: rows.index.duplicated(), defects.REPEATED + defects.TWO_BANKS / 2),
        (lambda rows: rows["county"].isin(["新浦区", "赣榆县"]), 0.03),
    ],
)
def test_defects_are_as_common_as_stated(rows, defect, share):
    assert 0.4 * share < defect(rows).mean() < 1.6 * share


def test_wrongly_labelled_points_are_baidu_points(city, rows):
    near = rows[~rows.index.duplicated() & rows["lon"].notna() & (rows["crs"] == "WGS84")]
    lon, lat = city.shops["lon"].to_numpy()[near.index], city.shops["lat"].to_numpy()[near.index]
    baidu_lon, _ = coordinates.from_wgs84(lon, lat, "bd09")
    right = np.isclose(near["lon"], lon, atol=1e-5)
    wrong = np.isclose(near["lon"], baidu_lon, atol=1e-5)
    assert (right ^ wrong).all()
    assert 0 < wrong.mean() < 0.2


def test_public_bodies_begin_one_after_the_other(city):
    wide = city.series[city.series["operator_id"] == ""].pivot(
        index=["county_code", "month"], columns="indicator_id", values="value"
    )
    assert (wide["units_enrolled"] <= wide["units_obliged"]).all()
    last = wide.groupby("county_code").last()
    assert (last["units_enrolled"] / last["units_obliged"]).between(0.3, 0.95).all()
    assert (wide.groupby("county_code")["units_enrolled"].first() < last["units_enrolled"]).all()


def test_every_header_is_known(city, rows):
    known = rows.join(lifecycles.latest(city.merchant_events, len(city.shops), AS_OF))
    for kind, sheet in [
        *(
            ("merchants", bank_sheets.sheet("merchants", known, bank.date_format, bank.dialect))
            for bank in bank_sheets.banks()
        ),
        ("clusters", bank_sheets.sheet("clusters", bank_sheets.placed(city.clusters))),
        ("filings", city.filings),
        ("province", city.province),
    ]:
        known = reference.table("columns")
        known = known[known["kind"] == kind]
        names = set(known["label"]) | set(";".join(known["synonyms"]).split(";"))
        assert set(sheet.columns) <= names
        assert sheet.columns.is_unique


def test_a_published_demo_says_that_it_is_one(published):
    assert published.manifest["demo"] is True
    assert published.manifest["as_of"] == AS_OF.isoformat()
    assert published.manifest["rows"]["venues"] == len(street_places.facts("venues"))


def test_the_same_seed_publishes_the_same_content(published, tmp_path):
    again = publishing.publish(snapshot_store.Store(tmp_path), MERCHANTS)
    assert again.manifest["content_hash"] == published.manifest["content_hash"]


def test_every_row_sent_is_accepted_or_rejected(published):
    inputs = published.frame("statements")
    assert (inputs["rows"] == inputs["accepted"] + inputs["rejected"]).all()
    merchants = inputs[inputs["kind"] == "merchants"]
    assert 0 < merchants["rejected"].sum() < 0.04 * merchants["rows"].sum()
    last = merchants.sort_values("as_at").drop_duplicates("sender", keep="last")
    assert published.manifest["rows"]["merchants"] == last["accepted"].sum()
    assert inputs.loc[inputs["kind"] != "merchants", "rejected"].sum() == 0


def test_every_bank_states_its_whole_list_at_the_end_of_every_month(published):
    days = published.frame("statement_days").query("kind == 'merchants'")
    by_bank = days.groupby("source")["as_at"].agg(["count", "max"])
    assert set(by_bank.index) == {bank.operator_id for bank in bank_sheets.banks()}
    silent = by_bank.index[by_bank["max"] < pd.Timestamp(AS_OF)]
    assert silent.tolist() == ["MYBANK"]
    assert (by_bank["count"].drop(silent) == len(lifecycles.MONTHS)).all()
    assert not published.frame("statements")["part"].any()


def test_nothing_was_known_before_it_happened(published):
    store = snapshot_store.Store(published.path.parent.parent)
    for statement in store.in_force(published):
        rows = pq.read_table(store.path / "statements" / statement.kind / f"{statement.id}.parquet")
        assert rows.num_rows == statement.counts["accepted"]
        for field in rows.schema:
            if pa.types.is_date(field.type):
                last = pc.max(rows[field.name]).as_py()
                assert last is None or last <= statement.as_at, (statement.title, field.name)


def test_records_keep_their_whole_history(published):
    con = published.connect()
    events = con.table("events")
    assert events.day.max().to_pyarrow().as_py() == AS_OF
    keys = ibis.union(
        con.table("merchants").select(key="m:" + ibis._.merchant_key),
        con.table("scenarios").select(key="s:" + ibis._.scenario_key),
        con.table("clusters").select(key="c:" + ibis._.cluster_id),
    )
    strangers = events.anti_join(keys, events.record_key == keys.key)
    assert strangers.count().to_pyarrow().as_py() == 0
    paid = events.filter(events.event == "paid").group_by("record_key").agg(n=ibis._.count())
    assert paid.n.mean().to_pyarrow().as_py() > 5


def test_venues_are_covered_as_the_register_means(published, judged):
    city = generator.city(MERCHANTS, SEED)
    venues = city.venues.set_index("venue_id")
    found = judged.filter(judged.as_of == AS_OF).to_pyarrow().to_pandas().set_index("venue_id")
    sites = city.clusters["site"]  # what becomes of these venues is the cluster's story
    found = found.drop(index=venues.index[sites.unique()], errors="ignore")
    covered = venues.loc[found.index, "outcome"] == "covered"
    assert (found["covered_verified"] == covered).mean() > 0.97


def test_coverage_grows_and_counties_differ(judged):
    city = coverage.city(judged).order_by("as_of").to_pyarrow().to_pandas()
    assert city["share_verified"].is_monotonic_increasing
    assert 0.4 < city["share_verified"].iloc[-1] < 0.7
    areas = coverage.attainment(judged, "management").to_pyarrow().to_pandas()
    last = areas[areas["as_of"] == AS_OF].set_index("area_id")["share_verified"]
    counties = last[last.index.isin(reference.table("counties")["county_code"])].sort_values()
    assert counties.iloc[0] < counties.iloc[1] - 0.05
    assert counties.iloc[-1] < 0.8
