"""The planner's tables and sentences: what a number of signings would change, and the work list.

What depends on the scope alone is computed once and cached, in small frames; a number of signings
is applied to them in milliseconds.
"""

from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd

from domain import gaps, planner, reference
from presentation import labels
from queries import attainment
from queries.engine import Engine, engine, remembered
from queries.scope import Scope

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
_VENUE = ["venue_id", "name", "kind", "carrier", "address", "area", "field", "operator",
          "operator_id", "covered_verified", "status", "listed", "verified", "eligible", "needed",
          "lon", "lat"]  # fmt: skip


@dataclass(frozen=True)
class Outlook:
    """What a number of signings is applied to: the venues, their plan, its steps and its rivals."""

    venues: pd.DataFrame
    plan: pd.DataFrame
    steps: pd.DataFrame
    ways: pd.DataFrame


@dataclass(frozen=True)
class Effect:
    """What a number of signings changes: venues by way, and what is left for which venue."""

    signings: int
    total: int  # signings that close every venue of the plan
    venues: int
    covered: int
    closed: dict[str, int]
    left: int
    next_name: str
    next_needed: int

    def share(self, more: int = 0) -> float | None:
        """Share of covered venues if `more` were; None where the register is empty."""
        return (self.covered + more) / self.venues if self.venues else None


@remembered
def outlook(scope: Scope) -> Outlook:
    """The outlook of the scope; whichever bank owns them, all shops of its venues are in it."""
    venues = labels.with_names(attainment.venues(scope))
    fields = reference.labels("fields", "field_id", "field")
    venues = venues.assign(
        area=venues["zone"].where(venues["zone_id"].notna(), venues["county"]),
        field=venues["field_id"].map(fields).fillna("未填报"),
    )[_VENUE]
    plan = attainment.plan(scope)[["venue_id", "eligible", "needed", "signings", "venues_closed"]]
    return Outlook(venues, plan, _steps(scope, list(plan["venue_id"])), planner.ways(plan))


def _steps(scope: Scope, venue_ids: list[str]) -> pd.DataFrame:
    def question(data: Engine) -> ir.Table:
        venues = data.venues_on((scope.as_of,))
        venues = venues.filter(venues.venue_id.isin(venue_ids))
        shops = data.merchants_on(scope.as_of)
        instances = data.scenarios_on((scope.as_of,))
        links = gaps.missing_links(venues, shops, instances)
        return planner.steps(gaps.plan(venues), gaps.missing(shops, venues), links)

    return engine(scope.snapshot_id).read(question)


def part(whole: Outlook, venue_ids: pd.Series) -> Outlook:
    """The outlook of some venues of the `whole`, as if it were asked for them alone.

    A venue and its steps keep their order; only what adds up along it is added up anew. So all
    counties together cost one question.
    """
    plan = whole.plan[whole.plan["venue_id"].isin(venue_ids)].reset_index(drop=True)
    plan = plan.assign(signings=plan["needed"].cumsum(), venues_closed=range(1, len(plan) + 1))
    steps = whole.steps[whole.steps["venue_id"].isin(venue_ids)].reset_index(drop=True)
    return Outlook(
        whole.venues[whole.venues["venue_id"].isin(venue_ids)].reset_index(drop=True),
        plan,
        steps.assign(so_far=steps["units"].cumsum()),
        planner.ways(plan),
    )


def effect(outlook: Outlook, signings: int) -> Effect:
    """What `signings` change."""
    left, venue_id = planner.left_over(outlook.plan, signings)
    following = outlook.venues[outlook.venues["venue_id"] == venue_id]
    paid = outlook.ways[outlook.ways["signings"] <= signings]
    return Effect(
        signings=signings,
        total=int(outlook.plan["needed"].sum()),
        venues=len(outlook.venues),
        covered=int(outlook.venues["covered_verified"].sum()),
        closed=paid["way"].value_counts().reindex(planner.WAYS, fill_value=0).to_dict(),
        left=left,
        next_name="" if following.empty else following["name"].iloc[0],
        next_needed=0 if following.empty else int(following["needed"].iloc[0]),
    )


def sentence(area: str, effect: Effect) -> str:
    """The answer to “what if”, as plain text."""
    more = effect.closed["plan"]
    text = (
        f"{area}再签 {effect.signings:,} 家（项），多 {more:,} 个场所达标，"
        f"达标率 {labels.percent(effect.share())} → {labels.percent(effect.share(more))}。"
    )
    if effect.signings >= effect.total:
        return text + f"补足 {effect.total:,} 家（项）后，分母已知的场所全部达标。"
    if effect.left:
        text += f"剩 {effect.left:,} 家，可先在“{effect.next_name}”开工"
        text += f"（它差 {effect.next_needed:,} 家、项）。"
    return text


def comparison(effect: Effect) -> str:
    """What the same signings would bring if spent otherwise."""
    return (
        f"同样 {effect.signings:,} 家：平均铺开多 {effect.closed['even']:,} 个达标，"
        f"先做最大的场所多 {effect.closed['largest']:,} 个。"
    )


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
        name=[_name(line) for line in lines.itertuples()],
        todo=lines["action"].map(REMAINING).mask(about["carrier"] == "线上型", PAID),
        state_label=[_state(line) for line in lines.itertuples()],
        cash_point=lines["public_cash_point"].map({True: "是", False: "否"}),
        address=about["address"].where(no_address, lines["address"]).fillna(""),
        operator=labels.bank_names(about["operator_id"].where(no_bank, lines["operator_id"])),
        note=["用剩余名额先开工" if left and key == begun else "" for key in lines["venue_id"]],
    )


def _name(line: tuple) -> str:
    if line.part == "link":
        links = reference.labels("scenarios", "scenario_id", "scenario")
        return f"环节：{links[line.scenario_id]}"
    return f"无名单 {line.units} 家" if line.part == "unnamed" else line.name


def _state(line: tuple) -> str:
    if line.part == "link":
        return LINK_STATES[line.action]
    return "不在名单上" if line.part == "unnamed" else labels.STATE_LABELS[line.state]


def venues_of(outlook: Outlook, work: pd.DataFrame) -> pd.DataFrame:
    """The venues of the work list by their number, with the units to do in each."""
    doing = work.groupby(["venue_id", "number"], as_index=False)["units"].sum()
    table = doing.merge(outlook.venues, on="venue_id").sort_values("number", ignore_index=True)
    return table.assign(venue=table["name"], done=table["units"] >= table["needed"])


def split(outlook: Outlook, work: pd.DataFrame, signings: int, by: str) -> pd.DataFrame:
    """The effect split as `SPLITS` names it; by the shops' own banks there are no shares."""
    if by:
        table = planner.split(outlook.venues, outlook.plan, work, signings, by)
        return table.rename(columns={by: "group"})
    table = work.groupby("operator", as_index=False).agg(
        units=("units", "sum"), touched=("venue_id", "nunique")
    )
    table = table.sort_values(["units", "operator"], ascending=[False, True], ignore_index=True)
    return table.rename(columns={"operator": "group"})


def unknown_note(venues: pd.DataFrame) -> str:
    """What settling the denominators of the unknown `venues` would bring."""
    ready = int(((venues["listed"] > 0) & (venues["verified"] == venues["listed"])).sum())
    return (
        f"{len(venues):,} 个场所分母未知，不算达标，也不在计划里，一直是未知。先核定应覆盖商户数，"
        f"这 {len(venues):,} 个就能判定，往往比签约省事。"
        + (f"其中 {ready:,} 个名单上的店已全部验证，核定的数若不大于名单，马上达标。" * bool(ready))
    )
