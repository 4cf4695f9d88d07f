"""What lapses soon, as pages list it: until when, what holds it, who acts, and what to do."""

import pandas as pd

from domain import owners, rules
from domain.visitors import Sight
from presentation import labels
from queries import lapsing_soon, untold
from queries.knowledge import bank_name
from queries.lapsing_soon import CLUSTER, KINDS
from queries.scope import Scope, area_name

LIST = [
    "until_text", "left", "due_object", "name", "holds_text", "acting", "action", "falls_text",
    "area", "address",
]  # fmt: skip
ACTING = ["acting", "lapsing_units", "due_inspection", "due_payment", "due_cluster",
          "due_falling"]  # fmt: skip
DO = {
    "inspection": "巡检，或做一笔支付",
    "payment": "做一笔支付，或巡检",
    CLUSTER: "按期复检",
}
ONLINE = "做一笔支付"
CHOICES = (7, 30, 60)
PARTS = ("巡检和支付", "聚集区复检")
"""What is told apart: by the lists of banks, and by the ledger of clusters."""


def listed(rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Rows of `lapsing_soon.rows` with labels: `LIST`."""
    cluster = rows["holds"] == CLUSTER
    frame = labels.with_names(rows)
    names = owners.names(scope.as_of)
    of_cluster = [
        "、".join(names.get(one, one) for one in str(ids).split(";"))
        for ids in frame["owners"].fillna("")
    ]
    return frame.assign(
        until_text=[f"{day:%Y-%m-%d}" for day in frame["until"]],
        due_object=frame["venue"].where(~cluster, "示范聚集区"),
        holds_text=frame["holds"].map(KINDS),
        acting=frame["operator"].where(~cluster, pd.Series(of_cluster, frame.index)),
        action=frame["holds"].map(DO).mask(frame["carrier"] == "线上型", ONLINE),
        falls_text=frame["falls"].map({True: "会掉下", False: "—"}),
        area=labels.area_names(frame),
    )


def by_acting(listed: pd.DataFrame, sight: Sight) -> pd.DataFrame:
    """How much each bank or unit has to do, the most first, as `sight` may know it: `ACTING`."""
    parts = {
        f"due_{name}": listed["holds"] == kind
        for name, kind in (("inspection", "inspection"), ("payment", "payment"),
                           ("cluster", CLUSTER))
    }  # fmt: skip
    table = listed.assign(falling=_falling(listed), **parts)
    groups = table.groupby("acting", as_index=False)
    counts = groups.agg(
        lapsing_units=("holds", "size"),
        due_falling=("falling", "nunique"),
        **{name: (name, "sum") for name in parts},
    )
    order = ["lapsing_units", "acting"]
    counts = counts.sort_values(order, ascending=[False, True], ignore_index=True)
    return labels.few(counts.assign(operator=counts["acting"]), sight, *ACTING[1:])


def _falling(listed: pd.DataFrame) -> pd.Series:
    """Ids of the venues that fall; null for all others."""
    return listed["venue_id"].where(listed["falls"])


def headline(scope: Scope, within: int) -> str:
    """How much lapses within so many days, of which kind, and what falls if nothing is done."""
    rows, lacking = lapsing_soon.rows(scope, within), lacks(scope)
    unknown = "".join(f"{lack}，{part}有没有要到期的未知。" for part, lack in lacking.items())
    if rows.empty:
        told = "、".join(part for part in PARTS if part not in lacking)
        none = f"没有要到期的{told if lacking else ''}。" if told else ""
        return f"{area_name(scope)} {scope.as_of} 起 {within} 天内：{none}{unknown}"
    kinds = rows["holds"].value_counts()
    parts = "、".join(f"{label} {kinds[kind]}" for kind, label in KINDS.items() if kind in kinds)
    venues, share = lapsing_soon.falling(scope, within)
    text = f"{area_name(scope)} {within} 天内有 **{len(rows):,}** 处到期：{parts}。"
    if not venues:
        return text + "都不补，也没有场所因此掉到线下。" + unknown
    text += f"都不补，**{venues}** 个达标场所掉到线下"
    left = f"，达标率剩 **{labels.percent(share)}**。" if share is not None else "。"
    return text + left + unknown


def lacks(scope: Scope) -> dict[str, str]:
    """Which of `PARTS` nobody had told by the scope's day, and what is lacking, in words."""
    found = (untold.coverage(scope), untold.statements(scope, "clusters"))
    return {part: labels.UNTOLD[lack] for part, lack in zip(PARTS, found, strict=True) if lack}


def late_note(scope: Scope, within: int) -> str:
    """Which late banks may have renewed what lapses without having told; '' without one."""
    late = lapsing_soon.unheard(scope, within)
    if not late:
        return ""
    named = "、".join(f"{bank_name(bank)}（{last}）" for bank, last in late.items())
    return (
        f"迟报的银行（括号里是报送的最后一天）：{named}。那以后的巡检和交易没有报来，"
        "名单上它的门店可能已经补办，请它先补报。"
    )


def rules_note(scope: Scope) -> str:
    """How long each proof holds, by the rules, and from which day days are counted."""
    days = {
        "巡检": "inspection_valid_days",
        "支付": "payment_valid_days",
        "聚集区复检": "cluster_inspected_days",
    }
    said = "，".join(f"{name}管 {rules.count(rule)} 天" for name, rule in days.items())
    return (
        f"天数从截止日 {scope.as_of} 数起，0 是当天到期。{said}；线上平台只认支付。"
        "只列名录里的场所和聚集区；一家门店有几条记录的，按管得最久的一条算。"
    )
