"""Sheets of rare kinds: more than a page has room for, harmful text, nothing left to do."""

from dataclasses import replace

import pandas as pd
import pytest

from excel.cell_text import one_line
from queries import attainment, plans
from queries.scope import Scope
from reports.documents.one_pager_list import PLACE, Line
from reports.documents.one_pager_sheet import ASKS, UNIT_SIGNS, Ask, Sheet, sheet

LONG = "新浦街道海连中路盐河巷农贸市场及周边沿街商铺" * 3
TOTAL, UNITS = 3000, 7


def crowded_plan(scope: Scope, name: str) -> pd.DataFrame:
    """The plan of `scope` six times over, every venue called `name` and more."""
    many = pd.concat([attainment.plan(scope)] * 6, ignore_index=True)
    return many.assign(name=name + "某某街道办事处农贸市场" * 4, signings=many["needed"].cumsum())


def crowded_sheet(whole: Sheet) -> Sheet:
    """A one-pager with long names everywhere and more lines than it has room for."""
    line = Line(
        1, one_line(LONG, PLACE), one_line(LONG), one_line(LONG), "东方农商银行",
        "先摸底补名单，再签约、开通、验证", UNITS,
    )  # fmt: skip
    lines = tuple(replace(line, number=number) for number in range(1, 81))
    ask = Ask(one_line(LONG), one_line(LONG, UNIT_SIGNS), "各自到期日前，最早11月4日")
    venues = ((one_line(LONG, PLACE), TOTAL),)
    return replace(whole, asks=(ask,) * ASKS, lines=lines, total=TOTAL, venues=venues)


def nasty_sheet(whole: Sheet, text: str) -> Sheet:
    """A one-pager on which `text` stands wherever text from a file can."""
    line = Line(1, text, "A" * 60, text, text, text, 1)
    ask = Ask(text, text, "12月31日")
    return replace(whole, asks=(ask,), lines=(line,), total=1, venues=((text, 1),))


def finished_sheet(scope: Scope) -> Sheet:
    """The one-pager of `scope` as if nothing were missing and fifty shops ran out soon."""
    whole = plans.outlook(scope)
    none = plans.Outlook(whole.venues, whole.plan.iloc[:0], whole.steps.iloc[:0], whole.ways)
    shop = {"venue_id": "V", "venue": "甲市场", "merchant_key": "K", "name": "乙店",
            "address": "解放路9号", "operator_id": "ABC", "left": 3}  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plans, "outlook", lambda _: none)
        patch.setattr(attainment, "running_out", lambda _: pd.DataFrame([shop] * 50))
        return sheet.__wrapped__(scope)
