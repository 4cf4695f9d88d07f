"""Measures: each target of the notice from a handful of facts, counted by hand."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from domain import clusters, owners, target_measures, targets
from store import table_schemas

TARGETS = {one.target_id: one for one in targets.targets()}
EARLY = [date(2023, 1, 31), date(2023, 4, 30), date(2023, 5, 5)]
LATE = date(2025, 10, 31)
FOUR = ("wallets_personal", "wallets_corporate", "active_wallets", "transactions")


def figures(*rows):
    """Indicators: month, county, indicator, value, and the bank where there is one."""
    names = ["month", "county_code", "indicator_id", "value", "operator_id"]
    full = [(*row, "")[: len(names)] for row in rows]
    frame = pd.DataFrame(full, columns=names)
    return frame.assign(month=pd.to_datetime(frame["month"])).astype({"value": float})


def filed(*rows):
    """Filings: owner, kind, month and the day on which each came."""
    frame = table_schemas.empty("filings").reindex(range(len(rows)))
    for number, (owner, kind, month, day) in enumerate(rows):
        about = {"filing_id": f"B{number}", "title": "标题", "owner_id": owner, "kind_id": kind}
        days = {"month": pd.Timestamp(month), "filed_on": pd.Timestamp(day)}
        for name, value in (about | days).items():
            frame.loc[number, name] = value
    return frame


def facts(as_of=LATE, **known):
    """Facts of a city of which nobody has told anything but `known`."""
    days = [day.date() for day in pd.date_range("2023-01-31", as_of, freq="ME")]
    days = tuple(dict.fromkeys([*days, as_of]))
    calendar = pd.DataFrame({"as_of": pd.to_datetime(list(days))})
    columns = ["name", "kind_id", "county_code", "zone_id", "covered_verified", "needed"]
    columns += ["denominator"]
    venues = pd.DataFrame(columns=columns).astype({"covered_verified": bool, "needed": float})
    nothing = clusters.history(
        table_schemas.empty("clusters"),
        pd.DataFrame(columns=["as_of", "cluster_id", *COUNTS]),
        pd.DataFrame(columns=["cluster_id", "day"]),
        days,
    )
    empty = target_measures.Facts(
        as_of=as_of,
        days=days,
        owners=owners.owners(as_of),
        filings=filed(),
        indicators=figures(),
        province=table_schemas.empty("province"),
        clusters=nothing,
        city=calendar.assign(covered_verified=0, venues=0),
        kinds=calendar.iloc[:0].assign(kind_id="", covered=0, venues=0),
        venues=venues,
        register=venues,
        instances=calendar.iloc[:0].assign(instances=0),
        area_names={"320703": "连云区", "320706": "海州区"},
    )
    return replace(empty, **known)


COUNTS = ["points", "verified", "active", "scenario_kinds"]


def full(as_of):
    """Facts of a city in which something is told of everything, from January 2022 on."""
    bare = facts(as_of)
    calendar = pd.DataFrame({"as_of": pd.to_datetime(list(bare.days))})
    venues = pd.DataFrame(
        [
            ("甲", "K10", "320703", None, False, 2.0, "known"),
            ("乙", "K11", "320706", None, True, 0.0, "known"),
        ],
        columns=bare.venues.columns,
    )
    kinds = [calendar.assign(kind_id=kind, covered=1, venues=2) for kind in ("K10", "K11")]
    months = pd.date_range("2022-01-01", as_of, freq="MS")
    indicators = (*FOUR, "units_obliged", "units_enrolled")
    asked = ("PLAN", "TEAM", "LAUNCH", "HOTLINE", "FIRST", "INFO", "PRAISE")
    figure = {
        "city": "连云港市", "month": "2022-12-01", "measure_id": "wallets", "value": 3.0,
        "source": "公报", "published_on": "2023-01-10",
    }  # fmt: skip
    return replace(
        bare,
        filings=filed(*(("U16", kind, "2023-01-01", "2023-01-20") for kind in asked)),
        indicators=figures(
            *(
                (month, "320706", name, number + 1.0)
                for number, month in enumerate(months)
                for name in indicators
            )
        ),
        province=pd.DataFrame([figure]).astype(
            {"month": "datetime64[s]", "published_on": "datetime64[s]"}
        ),
        clusters=declared(bare.days),
        city=calendar.assign(covered_verified=1, venues=2),
        kinds=pd.concat(kinds),
        venues=venues,
        register=venues,
        instances=calendar.assign(instances=range(1, len(calendar) + 1)),
    )


def declared(days, **cells):
    """History of one cluster of 海州区 that has neither plan nor shops."""
    about = table_schemas.empty("clusters").reindex(range(1))
    given = {"cluster_id": "J1", "name": "聚集区", "owners": "320706"}
    for name, value in (given | {"declared_on": pd.Timestamp("2023-01-01")} | cells).items():
        about.loc[0, name] = value
    counted = pd.DataFrame(columns=["as_of", "cluster_id", *COUNTS])
    return clusters.history(about, counted, pd.DataFrame(columns=["cluster_id", "day"]), days)


def standing(target_id, known):
    found = target_measures.measured(target_id, known)
    return targets.standing(TARGETS[target_id], found.series, known.as_of)


def done(target_id, known):
    one = standing(target_id, known)
    return one.done, one.owed


def lacking(target_id, known):
    missing = target_measures.measured(target_id, known).missing
    return dict(zip(missing["subject"], missing["lacking"], strict=True))


# ---- every target ------------------------------------------------------------------------------


@pytest.mark.parametrize("city", [facts, full])
@pytest.mark.parametrize("as_of", [*EARLY, LATE])
def test_every_target_is_measured_on_any_day(as_of, city):
    known = city(as_of)
    for target_id, target in TARGETS.items():
        found = target_measures.measured(target_id, known)
        numeric = found.series.dtypes[["done", "owed"]].map(pd.api.types.is_numeric_dtype)
        assert numeric.all(), target_id
        one = targets.standing(target, found.series, as_of)
        assert one.status in targets.STATUS, target_id
        assert list(found.missing) == target_measures.MISSING, target_id
        if city is facts and target_id not in ("T05", "T07"):  # where none is none
            assert one.share is None, target_id


@pytest.mark.parametrize(
    ("target_id", "kind"),
    [("T01", "PLAN"), ("T02", "TEAM"), ("T03", "LAUNCH"), ("T14", "HOTLINE"), ("T12", "INFO"),
     ("T08", "FIRST"), ("T13", "PRAISE")],
)  # fmt: skip
def test_before_anything_of_the_kind_had_come_a_target_is_unknown(target_id, kind):
    late = filed(("320706", kind, "2025-03-01", "2025-03-20"))
    before = target_measures.measured(target_id, facts(date(2025, 2, 28), filings=late))
    assert before.missing["lacking"].str.startswith("还没有登记过").all()
    assert before.series["done"].isna().all()
    after = target_measures.measured(target_id, facts(date(2025, 4, 30), filings=late))
    assert after.series["done"].notna().any()


# ---- T04 ---------------------------------------------------------------------------------------


def grown(*left_out):
    """The four series of two counties from January 2023, one more every month; T04's facts."""
    months = pd.date_range("2023-01-01", "2025-10-01", freq="MS")
    rows = [
        (month, county, name, 100.0 + number)
        for number, month in enumerate(months)
        for county in ("320703", "320706")
        for name in FOUR
        if (f"{month:%Y-%m}", county) not in left_out
    ]
    days = pd.date_range("2023-01-31", "2025-10-31", freq="ME")
    live = pd.DataFrame({"as_of": days, "instances": range(10, 10 + len(days))})
    return facts(indicators=figures(*rows), instances=live)


def test_four_series_that_rise_are_four_of_four():
    assert done("T04", grown()) == (4, 4)
    assert lacking("T04", grown()) == {}


def test_a_county_that_is_late_makes_no_fall():
    late = grown(("2025-10", "320706"))
    assert done("T04", late) == (4, 4)
    fell = figures(*((f"{year}-09-01", "320703", "transactions", value)
                     for year, value in ((2024, 9), (2025, 8))),
                   ("2024-10-01", "320703", "transactions", 5))  # fmt: skip
    assert lacking("T04", facts(indicators=fell))["交易规模（笔数）"] == (
        "2025-09 为 8，上年同月 9，没有上升"
    )


def test_a_series_that_nobody_reports_is_owed_all_the_same():
    only = figures(("2024-09-01", "320703", "transactions", 8),
                   ("2025-09-01", "320703", "transactions", 9))  # fmt: skip
    known = facts(indicators=only)
    assert done("T04", known) == (1, 4)
    assert standing("T04", known).status == "missed"
    assert set(lacking("T04", known).values()) == {"没有数据"}
    assert standing("T04", facts()).status == "unknown"


def test_the_whole_city_is_not_added_to_its_counties():
    rows = [
        ("2024-09-01", "320703", "transactions", 10), ("2024-09-01", "320706", "transactions", 10),
        ("2025-09-01", "320703", "transactions", 9), ("2025-09-01", "320706", "transactions", 9),
        ("2025-09-01", "", "transactions", 18),
    ]  # fmt: skip
    assert done("T04", facts(indicators=figures(*rows))) == (0, 4)
    whole = figures(("2024-09-01", "", "transactions", 20), ("2025-09-01", "", "transactions", 21))
    assert done("T04", facts(indicators=whole)) == (1, 4)


# ---- T05, T08 ----------------------------------------------------------------------------------


def test_a_cluster_is_declared_until_it_is_withdrawn():
    days = facts().days
    short = lacking("T05", facts(clusters=declared(days)))
    assert short["海州区"] == "成熟 0 个，还差 2 个（已申报 1 个）"
    gone = declared(days, withdrawn_on=pd.Timestamp(LATE))
    assert lacking("T05", facts(clusters=gone))["海州区"].endswith("（已申报 0 个）")
    assert done("T05", facts(clusters=gone)) == (0, 6 + 19 + 12)


def test_firsts_with_evidence_are_counted_of_all():
    firsts = filed(*(("U16", "FIRST", "2025-01-01", "2025-01-20") for _ in range(3)))
    firsts.loc[0, "evidence"] = "示例〔2025〕1号"
    assert done("T08", facts(filings=firsts)) == (1, 3)
    assert len(target_measures.measured("T08", facts(filings=firsts)).missing) == 2


# ---- T07 ---------------------------------------------------------------------------------------


def test_a_rank_in_the_province_is_told_with_the_worst_it_may_be():
    names = ["city", "value", "month", "measure_id", "published_on", "source"]
    of_march = ("2025-03-01", "wallets", "2025-04-10", "公报")
    rows = [(city, value, *of_march) for city, value in (("连云港市", 3.0), ("南京市", 9.0))]
    known = pd.DataFrame(rows, columns=names).astype(
        {"month": "datetime64[s]", "published_on": "datetime64[s]"}
    )
    told = lacking("T07", facts(province=known))
    assert told["钱包数"] == "全省第 2 名，最差第 13 名（2025-03，2 市有数）"
    assert told["累计交易金额"] == "没有登记本市的公布数"


# ---- T11 ---------------------------------------------------------------------------------------


def enrolled(month, county, obliged, enrolled_):
    return [
        (month, county, "units_obliged", obliged),
        (month, county, "units_enrolled", enrolled_),
    ]


TWO = [*enrolled("2025-09-01", "320703", 100, 20), *enrolled("2025-09-01", "320706", 100, 100)]


def test_units_are_of_the_newest_month_that_every_county_has_reported():
    newest = [*TWO, *enrolled("2025-10-01", "320706", 5, 5)]
    known = facts(indicators=figures(*newest))
    assert done("T11", known) == (120, 200)
    assert lacking("T11", known) == {"连云区": "2025-09 已开展 20 个，应开展 100 个"}


def test_what_units_lack_is_of_the_day_and_not_of_a_later_month():
    later = [*TWO, *enrolled("2025-11-01", "320703", 100, 90),
             *enrolled("2025-11-01", "320706", 100, 90)]  # fmt: skip
    known = facts(indicators=figures(*later))
    assert lacking("T11", known) == {"连云区": "2025-09 已开展 20 个，应开展 100 个"}
    assert done("T11", known) == (120, 200)


def test_the_units_of_the_whole_city_count_where_no_county_reports():
    both = [*TWO, *enrolled("2025-09-01", "", 200, 150)]
    assert done("T11", facts(indicators=figures(*both))) == (120, 200)
    whole = [*TWO, *enrolled("2025-10-01", "", 200, 150)]
    known = facts(indicators=figures(*whole))
    assert done("T11", known) == (150, 200)
    assert lacking("T11", known) == {"全市": "2025-10 已开展 150 个，应开展 200 个"}


# ---- T12 ---------------------------------------------------------------------------------------

REPORTERS = owners.owners(LATE)["owner_kind"].isin(["unit", "operator"]).sum()


def test_a_month_whose_day_has_not_come_is_left_out():
    sent = filed(("U16", "INFO", "2025-09-01", "2025-09-20"),
                 ("U16", "INFO", "2025-10-01", "2025-10-20"))  # fmt: skip
    known = facts(date(2025, 11, 5), filings=sent)
    assert standing("T12", known).share == pytest.approx(1 / REPORTERS)  # September's
    assert target_measures.measured("T12", known).series["as_of"].max() == pd.Timestamp(
        "2025-09-30"
    )
    after = facts(date(2025, 11, 11), filings=sent)
    assert target_measures.measured("T12", after).series["as_of"].max() == pd.Timestamp(
        "2025-10-31"
    )
    assert done("T12", after) == (1, REPORTERS)


def test_a_late_report_is_owed_and_not_done():
    sent = filed(("U16", "INFO", "2025-09-01", "2025-10-11"))
    assert done("T12", facts(filings=sent)) == (0, REPORTERS)
