"""Tasks: what is live of each, what was filed, and where nobody is responsible."""

from datetime import date

import pandas as pd

from domain import tasks
from tests.support.sent_filings import sent
from tests.support.small_city import DAY, PAID, SIGNED, VERIFIED, City, rows


def cases(*known):
    columns = ["scenario_id", "instances", "shops", "verified"]
    return pd.DataFrame(known, columns=columns)


def test_live_cases_keep_instances_and_shops_apart():
    city = City()
    one = city.shop(events=VERIFIED, scenario_id="F2-14")
    city.shop(events=PAID, scenario_id="F2-14", shop_key=one)  # the same shop at another bank
    city.shop(events=SIGNED, scenario_id="F2-14")  # not open yet
    city.instance(None, "F2-14", VERIFIED)
    city.instance(None, "F4-05", (("contracted", DAY), ("opened", DAY)))
    city.instance(None, "F4-06", SIGNED)
    found = rows(tasks.live_cases(city.merchants_on(), city.scenarios_on()))
    assert found == [
        {"as_of": DAY, "scenario_id": "F2-14", "instances": 1, "shops": 1, "verified": 2},
        {"as_of": DAY, "scenario_id": "F4-05", "instances": 1, "shops": 0, "verified": 0},
    ]


def test_a_task_moves_by_its_scenarios_or_by_what_was_filed():
    filed = sent(("U02", "PROGRESS", "2026-05-01", "2026-06-02"))
    filed["task_no"] = "2"
    found = tasks.progress(cases(("F4-05", 2, 0, 1), ("F2-12", 0, 9, 9)), filed, DAY)
    assert found["task_no"].to_list() == [str(n) for n in range(1, 31)]
    health = found.set_index("task_no").loc["18"]
    assert health[["kinds", "kinds_live", "instances", "shops"]].to_list() == [4, 1, 2, 0]
    assert health["scenarios"] == "挂号、检查、取药、住院"
    publicity = found.set_index("task_no").loc["2"]
    assert publicity["kinds"] == 0 and publicity["filed"] == 1 and publicity["moving"]
    assert found.loc[found["moving"], "task_no"].to_list() == ["2", "18"]
    before = tasks.progress(cases(), filed, date(2026, 6, 1))
    assert not before["moving"].any()


def test_the_lead_unit_has_the_name_it_had_on_the_day():
    nothing = sent()
    names = {
        day: tasks.progress(cases(), nothing, day).set_index("task_no")["lead_unit"]
        for day in (date(2023, 5, 1), date(2025, 5, 1))
    }
    assert names[date(2023, 5, 1)]["28"] == "人民银行连云港市中心支行"
    assert names[date(2025, 5, 1)]["28"] == "人民银行连云港市分行"
    assert names[date(2025, 5, 1)]["29"] == "国家金融监督管理总局连云港监管分局"
    assert names[date(2025, 5, 1)]["1"] == "市中级人民法院"


def test_blanks_name_kinds_without_a_task_kinds_without_a_case_and_idle_tasks():
    live = cases(("F2-12", 0, 9, 9), ("F3-09", 1, 0, 1))
    found = tasks.blanks(live, tasks.progress(live, sent(), DAY))
    by = {blank: set(part["subject"]) for blank, part in found.groupby("blank")}
    assert "F2-12 农贸市场" in by["没有任务覆盖的场景"]  # no task names markets
    assert "F3-09 诉讼费" not in by["没有任务覆盖的场景"]
    assert {"F2-12 农贸市场", "F3-09 诉讼费"}.isdisjoint(by["没有一例上线的场景"])
    assert len(by["没有一例上线的场景"]) == 81 - 2
    assert len(by["没有进展的任务"]) == 29
    why = found.set_index(["blank", "subject"])["why"]
    assert why["没有一例上线的场景", "F4-05 挂号"] == "有牵头单位，尚无实例"
    assert why["没有一例上线的场景", "F2-13 连锁超市"] == "也没有任务覆盖"
