"""Who looks and works: visitors, what each role may do, and whose records each is shown by name."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["leader", "office", "county", "department", "bank"]
Right = Literal[
    "see", "publish", "roll_back", "decide", "enter", "template", "people",
    "dispute", "answer", "rule", "order",
]  # fmt: skip

ROLES: dict[Role, str] = {
    "leader": "领导",
    "office": "办公室",
    "county": "县区、功能板块",
    "department": "部门",
    "bank": "运营机构",
}
RIGHTS: dict[Right, str] = {
    "see": "查看",
    "publish": "导入、撤回和发布",
    "roll_back": "退回数据版本",
    "decide": "核定位置、轮廓和门店",
    "enter": "登记聚集区、材料和公布数",
    "template": "更换文件模板",
    "people": "管理用户与权限",
    "dispute": "提出质询",
    "answer": "答复质询",
    "rule": "裁定质询",
    "order": "签发和撤销督办单",
}
_OF_A_UNIT: frozenset[Right] = frozenset({"see", "dispute", "answer"})
_MAY: dict[Role, frozenset[Right]] = {
    "leader": frozenset({"see", "dispute", "order"}),
    "office": frozenset(RIGHTS),
    "county": _OF_A_UNIT,
    "department": _OF_A_UNIT,
    "bank": _OF_A_UNIT,
}
OF_UNITS: frozenset[Role] = frozenset({"county", "department", "bank"})
"""Roles that belong to a unit: a county's code or a zone's id, a unit's id, a bank's id."""


@dataclass(frozen=True)
class Sight:
    """Whose records somebody is shown by name; of all others they are given figures only.

    `role` is one of `OF_UNITS` with its `unit`, or '' for everything.
    """

    role: Role | Literal[""] = ""
    unit: str = ""

    @property
    def whole(self) -> bool:
        """Whether every record is shown by name."""
        return not self.role


EVERYTHING = Sight()


@dataclass(frozen=True)
class Visitor:
    """One who looks or works: `address` is where the request came from."""

    name: str
    role: Role
    unit: str = ""
    login: str = ""
    address: str = ""

    def may(self, right: Right) -> bool:
        """Whether the role has `right`."""
        return right in _MAY[self.role]

    @property
    def sight(self) -> Sight:
        """Whose records the visitor is shown by name."""
        return Sight(self.role, self.unit) if self.role in OF_UNITS else EVERYTHING


def clerk(name: str, login: str = "") -> Visitor:
    """Whoever works at the machine itself: the one office of a dashboard without sign-in."""
    return Visitor(name, "office", login=login)
