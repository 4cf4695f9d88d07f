"""The planner's sentences and work list: what a number of signings would change, in words."""

from typing import Any, NamedTuple

import pandas as pd

from domain import planner, reference
from domain.typed_rows import cells, rows
from presentation.labels import STATE_LABELS, YES_NO, area_names, bank_names, percent, with_names
from queries.plans import Effect, Outlook
from queries.sights import CONCEALED

REMAINING = {  # what it takes from an action until the shop is verified
    "签约": "签约、开通、验证",
    "再次上门": "再次上门，签约、开通、验证",
    "开通": "开通、验证",
    "恢复": "恢复受理、验证",
    "验证": "巡检或做成一笔真实交易",
    "摸底": "先摸底补名单，再签约、开通、验证",
}
PAID = "做成一笔真实交易"  # what alone verifies a link of an online platform
LINK_STATES = {"验证": "有记录，未验证", "开通": "还没有"}
SPLITS = {  # how the effect can be split, and by which column of the venues
    "县区、板块": "area",
    "领域": "field",
    "负责机构": "operator",
    "商户所属机构": "",  # by the shop itself, not by its venue
}


def sentence(area: str, effect: Effect) -> str:
    """The answer to “what if”, as plain text."""
    more = effect.closed["plan"]
    text = (
        f"{area}再签 {effect.signings:,} 家（项），多 {more:,} 个场所达标，"
        f"达标率 {percent(effect.share())} → {percent(effect.share(more))}。"
    )
    if effect.signings >= effect.total:
        return text + f"补足 {effect.total:,} 家（项）后，应覆盖数已知的场所全部达标。"
    if effect.left and effect.next_name != CONCEALED:
        text += f"剩 {effect.left:,} 家，可先在“{effect.next_name}”开工"
        text += f"（它差 {effect.next_needed:,} 家、项）。"
    return text


def comparison(effect: Effect) -> str:
    """What the same signings would bring if spent otherwise."""
    return (
        f"同样 {effect.signings:,} 家：平均铺开多 {effect.closed['even']:,} 个达标，"
        f"先做最大的场所多 {effect.closed['largest']:,} 个。"
    )


class _Step(NamedTuple):
    part: str  # shop, link or unnamed
    scenario_id: str
    units: int
    name: str
    action: str
    state: str


def work(outlook: Outlook, signings: int) -> pd.DataFrame:
    """The work list: one line a step that `signings` pay for, in order, with names for codes.

    `number` counts the venues along the list and is their number on the map. A shop that no bank
    has yet, a link and a nameless shop fall to the bank that answers for the venue.
    """
    lines = planner.first(outlook.steps, signings)
    about = outlook.venues.set_index("venue_id").loc[lines["venue_id"]].set_index(lines.index)
    number = pd.Series(pd.factorize(lines["venue_id"])[0] + 1, lines.index)
    left, begun = planner.left_over(outlook.plan, signings)
    no_address, no_bank = lines["address"].isna(), lines["operator_id"].isna()
    return lines.assign(
        order=range(1, len(lines) + 1),
        number=number,
        place=number.astype(str) + ". " + about["name"],
        name=pd.Series([_name(step) for step in rows(lines, _Step)], lines.index).mask(
            about["name"] == CONCEALED, CONCEALED
        ),
        todo=_remaining(lines["action"], about["carrier"] == "线上型"),
        state_label=[_state(step) for step in rows(lines, _Step)],
        cash_point=lines["public_cash_point"].map(YES_NO),
        address=about["address"].where(no_address, lines["address"]).fillna(""),
        operator=bank_names(about["operator_id"].where(no_bank, lines["operator_id"])),
        note=["用剩余名额先开工" if left and key == begun else "" for key in lines["venue_id"]],
    )


def _name(step: _Step) -> str:
    if step.part == "link":
        links = reference.labels("scenarios", "scenario_id", "scenario")
        return f"环节：{links[step.scenario_id]}"
    return f"无名单 {step.units} 家" if step.part == "unnamed" else step.name


def _state(step: _Step) -> str:
    if step.part == "link":
        return LINK_STATES[step.action]
    return "不在名单上" if step.part == "unnamed" else STATE_LABELS[step.state]


def todo(steps: pd.DataFrame, venue: "pd.Series[Any]") -> str:
    """What a venue takes to be covered: its planned `steps` by what each still takes.

    '' where there is none. `venue` is its row of `venue_coverage`.
    """
    if steps.empty:
        return ""
    word = "家" if venue["carrier"] == "区域型" else "项"
    online = pd.Series(venue["carrier"] == "线上型", steps.index)
    lines = steps.assign(remaining=_remaining(steps["action"], online))
    by = lines.groupby(["public_cash_point", "remaining"], sort=False, as_index=False)
    counts = by.agg(units=("units", "sum"))
    parts = [
        f"{'公共收银点 ' if cash else ''}{units:,} {word}{remaining}"
        for cash, remaining, units in cells(counts, *counts)
    ]
    shops = steps.loc[steps["part"] == "shop", "public_cash_point"]
    others = venue["named_missing"] - (venue["cash_points"] - venue["cash_points_verified"])
    text = f"要做（最省的）：{'；'.join(parts)}"
    if 0 < (~shops.astype("bool")).sum() < others:
        rest = "其余" if shops.any() else ""
        text += f"。名单上{rest}没有验证的 {others:,.0f} 家，补哪家都算"
    return text


def _remaining(actions: pd.Series, online: pd.Series) -> pd.Series:
    """What it takes from each of the `actions` until the unit is verified."""
    return actions.map(REMAINING).mask(online, PAID)


def venues_of(outlook: Outlook, work: pd.DataFrame) -> pd.DataFrame:
    """The venues of the work list by their number, with the units to do in each."""
    doing = work.groupby(["venue_id", "number"], as_index=False).agg(units=("units", "sum"))
    table = doing.merge(named(outlook.venues), on="venue_id")
    table = table.sort_values("number", ignore_index=True)
    return table.assign(venue=table["name"], done=table["units"] >= table["needed"])


def named(venues: pd.DataFrame) -> pd.DataFrame:
    """`venues` with the names of their area, field and bank."""
    fields = reference.labels("fields", "field_id", "field")
    frame = with_names(venues)
    return frame.assign(
        area=area_names(frame), field=frame["field_id"].map(fields).fillna("未填报")
    )


def split(outlook: Outlook, work: pd.DataFrame, signings: int, by: str) -> pd.DataFrame:
    """The effect split as `SPLITS` names it; by the shops' own banks there are no shares."""
    if by:
        table = planner.split(named(outlook.venues), outlook.plan, work, signings, by)
        return table.rename(columns={by: "group"})
    table = work.groupby("operator", as_index=False).agg(
        units=("units", "sum"), touched=("venue_id", "nunique")
    )
    table = table.sort_values(["units", "operator"], ascending=[False, True], ignore_index=True)
    return table.rename(columns={"operator": "group"})


def unknown_note(venues: pd.DataFrame) -> str:
    """What settling the denominators of the unknown `venues` would bring."""
    ready = int(((venues["listed"] > 0) & (venues["verified"] == venues["listed"])).sum())
    note = (
        f"{len(venues):,} 个场所应覆盖数待核，不算达标，也不在计划里，一直是未知。先核定，"
        f"这 {len(venues):,} 个就能判定，往往比签约省事。"
    )
    if ready:
        note += f"其中 {ready:,} 个名单上的店已全部验证，核定的数若不大于名单，马上达标。"
    return note
