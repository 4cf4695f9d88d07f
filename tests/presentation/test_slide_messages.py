"""Messages of slides: short whatever the figures are, and only of what is known."""

from dataclasses import replace
from datetime import date
from itertools import product

import pandas as pd
import pytest

from presentation import brief_facts, brief_wording, slide_messages
from presentation.statements import statements
from queries import attainment
from queries.scope import Scope, areas_by_name
from store import snapshot_store

LONG = "连云港经济技术开发区东部滨海新区"
DAYS = (date(2026, 10, 31), date(2025, 1, 31), date(2023, 4, 30), date(2019, 6, 1))
MESSAGES = (
    slide_messages.overall, slide_messages.places, slide_messages.ranking, slide_messages.trend,
    slide_messages.gaps, slide_messages.clusters, slide_messages.payments, slide_messages.problems,
    slide_messages.asked, slide_messages.steps,
)  # fmt: skip


@pytest.fixture
def city(demo_store, use_store):
    use_store(demo_store)
    return Scope(snapshot_store.default().current().id, DAYS[0])


AREAS = ("", *areas_by_name().values())
EARLY = [(area_id, day) for area_id in (*AREAS[:2], AREAS[-1]) for day in DAYS[2:]]


@pytest.mark.parametrize(("area_id", "day"), [*product(AREAS, DAYS[:2]), *EARLY])
def test_a_message_is_short_and_has_no_number_that_is_not_known(city, area_id, day):
    scope = replace(city, area_id=area_id, as_of=day)
    for message in MESSAGES:
        text = message(scope)
        assert len(text) <= slide_messages.LONGEST, text
        assert not any(word in text for word in ("nan", "None", "未知%", "..")), text


def test_long_names_and_large_numbers_give_way(city, monkeypatch):
    monkeypatch.setattr(slide_messages, "area_name", lambda _: LONG)
    one = replace(city, area_id="320724")
    assert slide_messages.overall(one).startswith("达标率")
    assert slide_messages.places(one).startswith("24个场所")
    assert slide_messages.ranking(one).startswith("列县区第")
    made = dict(statements(city))
    large = {"half_units": 1_234_567, "half_venues": 12_345}
    made |= {key: replace(made[key], value=value) for key, value in large.items()}
    monkeypatch.setattr(slide_messages, "statements", lambda _: made)
    assert slide_messages.gaps(city) == "先补差得最少的12,345个场所"


def ranked(*areas):
    return [
        brief_facts.Area(name, name, 10, share * 10, 0, share, share, "") for name, share in areas
    ]


@pytest.mark.parametrize(
    ("areas", "text"),
    [
        ([("甲县", 0.1), ("乙县", 0.9)], "乙县90.0%最高，甲县10.0%最低"),
        ([("甲县", 0.0), ("丙县", 0.0), ("乙县", 0.9)], "乙县90.0%最高，甲县等2个0.0%最低"),
        ([("甲县", 0.5), ("乙县", 0.5)], "各县区和板块达标率都是50.0%"),
        ([(LONG, 0.1), (LONG + "北", 0.9)], LONG + "达标率最低"),
        ([(LONG + LONG, 0.1), (LONG + "北", 0.9)], "达标率从10.0%到90.0%"),
        ([("甲县", 0.5)], ""),
    ],
)
def test_the_best_and_the_worst_are_named_as_far_as_there_is_room(city, monkeypatch, areas, text):
    monkeypatch.setattr(slide_messages.brief_facts, "areas", lambda _: ranked(*areas))
    assert slide_messages.ranking(city) == text


@pytest.mark.parametrize(
    ("now", "before", "year_ago", "text"),
    [
        (0.580, 0.566, 0.5, "达标率比上月提高1.4点，比一年前提高8点"),
        (119 / 205, 116 / 205, 119 / 205, "达标率比上月提高1.46点，与一年前持平"),
        (119 / 205, 116 / 205, 91 / 205, "一个月提高1.46点，一年提高13.66点"),
        (0.5, 0.5, None, "达标率与上月持平"),
        (0.5, None, None, "上月达标率未知，没有可比的"),
    ],
)
def test_the_moves_are_those_of_the_shares(city, monkeypatch, now, before, year_ago, text):
    shares = [year_ago, *[0.1] * 10, before, now]
    trend = pd.DataFrame({"share_verified": pd.Series(shares, dtype=float)})
    made = dict(statements(city))
    delta = None if before is None else now - before
    values = {"share": now, "share_before": before, "delta": delta}
    made |= {key: replace(made[key], value=value) for key, value in values.items()}
    monkeypatch.setattr(slide_messages, "statements", lambda _: made)
    monkeypatch.setattr(attainment, "trend", lambda _: trend)
    assert slide_messages.trend(city) == text


def test_targets_count_what_is_late_and_what_nobody_told():
    def row(status, done="1 项"):
        return {"status": status, "done": done}

    assert slide_messages.targets([row("到期未达到"), row("已过3天"), row("—")]) == (
        "通知要求3项，2项过期没有完成"
    )
    assert slide_messages.targets([row("—"), row("—"), row("—", "未知")]) == (
        "通知要求3项，1项情况未知"
    )
    assert slide_messages.targets([row("—")] * 2) == "通知要求2项，没有过期的"
    assert slide_messages.targets([row("—", "缺数据：还没有登记")] * 2) == ""


def test_without_a_fault_there_is_no_message_of_faults(city, monkeypatch):
    monkeypatch.setattr(brief_wording, "problems", lambda *_: [])
    assert slide_messages.problems(city) == ""
