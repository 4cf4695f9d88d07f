"""Supervision orders as pages and documents list them."""

from datetime import date

import pandas as pd

from domain import order_rules, rules
from domain.order_rules import LIGHTS, STATES, Light, Order, Standing, State, Task, Until
from presentation import labels
from presentation.dispute_listings import party
from presentation.palette import LIGHT_COLOURS
from queries import order_standing
from queries.scope import Scope, areas_by_name

LIST = [
    "order_unit", "order_light", "order_matter", "order_due", "days_left", "done_on",
    "relapsed_on", "number", "order_kind", "issued_on",
]  # fmt: skip
UNITS = ["order_unit", "orders", "undone", "orders_overdue", "orders_relapsed", "orders_done"]
FIGURES = ["figure_label", "figure_value", "figure_on"]
STEPS = ["step_at", "step_by", "said"]


def lit(light: Light, state: State) -> str:
    """The light of an order and its word: 红 逾期; the word alone where there is no light."""
    return f"{LIGHTS[light]} {STATES[state]}" if light else STATES[state]


LIT = {
    lit(light, state): colour
    for light, colour in LIGHT_COLOURS.items()
    for state in STATES
    if bool(light) == (state in order_rules.UNDONE)
}
"""Colour of each light with its word."""


def standing(scope: Scope) -> pd.DataFrame:
    """The orders of a scope with labels: `LIST`, by unit, the first deadline first."""
    return listed(order_standing.standing(scope))


def overdue(scope: Scope) -> pd.DataFrame:
    """The orders of a scope that are overdue, with labels: `LIST`, those longest overdue first."""
    return _labelled(order_standing.overdue(scope))


def listed(orders: pd.DataFrame) -> pd.DataFrame:
    """Rows of `order_standing.rows` with labels: `LIST`, by unit, the first deadline first."""
    return _labelled(orders).sort_values(["order_unit", "due_on", "number"], ignore_index=True)


def _labelled(orders: pd.DataFrame) -> pd.DataFrame:
    pairs = zip(orders["role"], orders["unit"], strict=True)
    lights = zip(orders["light"], orders["state"], strict=True)
    return orders.assign(
        order_unit=pd.Series([party(*pair) for pair in pairs], orders.index, dtype="object"),
        order_light=pd.Series([lit(*pair) for pair in lights], orders.index, dtype="object"),
        order_matter=orders["matter"],
        order_due=orders["due_on"],
        order_kind=orders["kind"].map(order_rules.KINDS),
    )


def units(orders: pd.DataFrame) -> pd.DataFrame:
    """How each unit does, of rows `listed`: `UNITS`, the most overdue first."""
    found = orders.assign(
        undone=orders["state"].isin(order_rules.UNDONE),
        late=orders["light"] == "red",
        **{name: orders["state"] == name for name in ("relapsed", "done")},
    )
    table = found.groupby("order_unit", as_index=False).agg(
        orders=("number", "size"),
        undone=("undone", "sum"),
        orders_overdue=("late", "sum"),
        orders_relapsed=("relapsed", "sum"),
        orders_done=("done", "sum"),
    )
    order = ["orders_overdue", "undone", "order_unit"]
    return table.sort_values(order, ascending=[False, False, True], ignore_index=True)


def headline(orders: pd.DataFrame) -> str:
    """The sentence at the head of the page, of all orders, whoever looks."""
    if orders.empty:
        return "所选范围没有督办单"
    states, late = orders["state"].value_counts(), int((orders["light"] == "red").sum())
    undone = sum(int(states.get(state, 0)) for state in order_rules.UNDONE)
    return (
        f"督办单 {len(orders):,} 件：未销号 {undone} 件，其中过期限 {late} 件、"
        f"反弹 {int(states.get('relapsed', 0))} 件；已销号 {int(states.get('done', 0))} 件"
    )


def lights_explained() -> str:
    """What the lights mean, and when an order is done."""
    days = rules.count("order_yellow_days")
    return (
        f"蓝：距期限多于 {days} 天；黄：{days} 天以内；红：过了期限（待确认）。"
        "数据显示办成的那一天自动销号，以后又不成立的记反弹。"
    )


def until_text(until: Until) -> str:
    """What the data must show for an order to be done."""
    match until.condition:
        case "venue_covered":
            return "该场所达标（已验证口径）"
        case "area_share":
            areas = {code: name for name, code in areas_by_name().items()}
            share = until.share
            goal = "应达线" if share is None else labels.percent(share)
            return f"{areas.get(until.key, until.key)}达标率（已验证口径，主口径名录）达到{goal}"
        case "confirmed":
            count = len(until.venues)
            return f"督办事项所说的 {count} 个场所，应覆盖数都已核定，或已移出名录"
        case "heard":
            return f"收到该行 {until.month:%Y-%m} 或以后的受理点名单"
        case "reported":
            return f"办公室收到该单位 {until.month:%Y-%m} 的信息"
        case "dispute_answered":
            return f"{until.key} 已答复或已裁定"


def figures(task: Task) -> pd.DataFrame:
    """The figures that an order rests on: `FIGURES`, all of the version of its stamp."""
    found = [
        {"figure_label": one.label, "figure_value": one.value, "figure_on": one.on}
        for one in task.figures
    ]
    return pd.DataFrame(found, columns=FIGURES)


def steps(order: Order, state: Standing) -> pd.DataFrame:
    """Everything that happened to an order, the first first: `STEPS`."""
    issued, cancelled = order.issued, order.cancelled
    signed = f"{issued.at.astimezone():%Y-%m-%d %H:%M}"
    found = [(issued.day, 0, signed, issued.by, f"签发给{party(order.task.role, order.task.unit)}")]
    for place, day in enumerate(state.turns):
        said = "反弹：数据显示又不成立" if place % 2 else f"销号：{until_text(order.task.until)}"
        found.append((day, 1, f"{day}", "数据", said))
    if cancelled and state.state == "cancelled":
        at = f"{cancelled.at.astimezone():%Y-%m-%d %H:%M}"
        found.append((cancelled.day, 2, at, cancelled.by, f"撤销：{cancelled.reason}"))
    return pd.DataFrame([one[2:] for one in sorted(found)], columns=STEPS)


def told(order: Order, state: Standing) -> str:
    """Where one order stands, in a sentence."""
    due, left = order.task.due_on, state.days_left
    match state.state:
        case "done":
            return f"{state.done_on} 销号"
        case "cancelled":
            return f"{_cancelled_on(order)} 撤销"
        case "relapsed":
            return f"{state.relapsed_on} 反弹，{_left(due, left)}"
        case _:
            return _left(due, left)


def _cancelled_on(order: Order) -> date | None:
    return order.cancelled.day if order.cancelled else None


def _left(due: date, days: int) -> str:
    if days < 0:
        return f"期限 {due}，已过 {-days} 天"
    return f"期限 {due}，还有 {days} 天"
