"""The province's cities side by side: of one month, with what is stale and what is not known."""

from datetime import date

import pandas as pd

from domain import province

DAY = date(2026, 6, 30)


def figures(*rows):
    names = ["city", "month", "value", "published_on"]
    frame = pd.DataFrame(rows, columns=names).assign(measure_id="wallets", source="公报")
    return frame.assign(
        month=pd.to_datetime(frame["month"]), published_on=pd.to_datetime(frame["published_on"])
    )


KNOWN = figures(
    ("连云港市", "2026-03-01", 50.0, "2026-04-20"),
    ("连云港市", "2025-12-01", 90.0, "2026-01-20"),
    ("南京市", "2026-03-01", 80.0, "2026-04-20"),
    ("苏州市", "2026-03-01", 80.0, "2026-04-21"),
    ("宿迁市", "2026-03-01", 20.0, "2026-04-20"),
    ("徐州市", "2025-12-01", 70.0, "2025-12-31"),  # an older month: shown, not ranked
    ("无锡市", "2026-03-01", 99.0, "2026-07-01"),  # not published yet on the day
)


def test_cities_are_compared_in_one_month_and_ties_are_ties():
    table = province.comparison(KNOWN, "wallets", DAY).set_index("city")
    ranks = table["rank"].dropna().to_dict()
    # 徐州 had 70 in December already: ahead of 50 and 20, though it is not ranked itself.
    assert ranks == {"南京市": 1, "苏州市": 1, "连云港市": 4, "宿迁市": 5}
    assert not table.loc["徐州市", "same_month"] and pd.isna(table.loc["徐州市", "rank"])
    assert pd.isna(table.loc["无锡市", "value"])
    assert len(table) == 13


def test_the_unknown_cities_may_all_be_ahead():
    own = province.standing(KNOWN, DAY).set_index("measure_id").loc["wallets"]
    assert own[["rank", "rank_worst", "cities"]].to_list() == [4, 3 + 9, 4]


def test_ranks_and_days_stay_whole_numbers_where_a_measure_is_unknown():
    table = province.standing(KNOWN, DAY)
    assert table["value"].isna().any()
    own = table.set_index("measure_id").loc["wallets"]
    assert [str(own[name]) for name in ("rank", "rank_worst", "age_days")] == ["4", "12", "71"]


def test_a_figure_grows_stale_by_the_day_it_was_published():
    own = province.standing(KNOWN, DAY).set_index("measure_id").loc["wallets"]
    assert own["age_days"] == 71 and not own["stale"]
    later = province.standing(KNOWN, date(2026, 10, 18)).set_index("measure_id").loc["wallets"]
    assert later["age_days"] == 181 and later["stale"]


def test_a_figure_published_again_counts_from_that_day_on():
    again = pd.concat([KNOWN, figures(("南京市", "2026-03-01", 40.0, "2026-05-20"))])
    found = {
        day: province.comparison(again, "wallets", day).set_index("city")
        for day in (date(2026, 5, 19), date(2026, 5, 20))
    }
    values = [table.loc["南京市", "value"] for table in found.values()]
    assert values == [80.0, 40.0]
    assert [table.loc["连云港市", "rank"] for table in found.values()] == [4, 3]
    assert all(len(table) == 13 for table in found.values())


def test_a_past_day_knows_only_what_had_been_published():
    own = province.standing(KNOWN, date(2026, 2, 1)).set_index("measure_id").loc["wallets"]
    assert own["month"] == pd.Timestamp("2025-12-01") and own["value"] == 90.0
    assert own["rank"] == 1 and own["rank_worst"] == 12


def test_a_measure_without_an_own_figure_is_unknown():
    table = province.standing(KNOWN, DAY).set_index("measure_id")
    assert pd.isna(table.loc["amount", "value"]) and pd.isna(table.loc["amount", "rank"])
    assert province.comparison(KNOWN, "amount", DAY).empty
    assert len(province.standing(KNOWN.iloc[:0], DAY)) == 3
