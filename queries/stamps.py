"""The line under every figure: what it is about, and what it stands on."""

from typing import Any

from domain import reference
from queries.engine import engine
from queries.knowledge import bank_name
from queries.scope import BASES, DEMO, Scope, areas_by_name, tiers_by_name

_NAMED = 3  # banks in a stamp; the list of statements has them all


def stamp_of(
    scope: Scope, manifest: dict[str, Any], basis: str = "verified", standing: str = ""
) -> str:
    """The line that every figure carries: basis, day, version, what is left out, the demo mark.

    Also the day of the banks' last statements, and who is late: what depends on payments stands as
    it was then. `standing` says what the version is at the moment, where that is of use.
    """
    names = {code: name for name, code in tiers_by_name().items()}
    parts = [
        f"口径：{BASES[basis]}",
        f"截止日：{scope.as_of}",
        f"数据版本：{scope.snapshot_id}" + (f"（{standing}）" if standing else ""),
        f"规则：{manifest['rules_version']}",
        f"名录：{names[scope.tiers]}",
        *_banks(scope),
        *_narrowed(scope),
    ]
    return (f"【{DEMO}】" if manifest["demo"] else "") + " | ".join(parts)


def _narrowed(scope: Scope) -> list[str]:
    """What the scope leaves out, so that no part is taken for the whole."""
    areas = {code: name for name, code in areas_by_name().items()}
    fields = reference.labels("fields", "field_id", "field")
    operators = reference.labels("operators", "operator_id", "operator")
    named = {
        "范围": areas.get(scope.area_id),
        "领域": fields.get(scope.field_id),
        "运营机构": operators.get(scope.operator_id),
        "归属": "属地" if scope.attribution == "territory" else None,
    }
    return [f"{label}：{name}" for label, name in named.items() if name]


def _banks(scope: Scope) -> list[str]:
    """The days of the banks' last statements; banks that are late, and that made none yet."""
    known, day = engine(scope.snapshot_id).known, scope.as_of
    spoken = known.spoken(day)
    if not spoken:
        return [] if known.has_by("merchants", day) else ["银行报送：还没有，已验证和活跃未知"]
    first, last = min(spoken.values()), max(spoken.values())
    days = f"{last}" if first == last else f"{first} 至 {last}"
    late = [f"{bank_name(bank)}（{own}）" for bank, own in known.late(day).items()]
    silent = [bank_name(bank) for bank in known.silent(day)]
    parts = {"迟报": late, "当时还没有报送": silent}
    return [
        f"银行报送截至：{days}",
        *(f"{label}：{_first(names)}" for label, names in parts.items() if names),
    ]


def _first(names: list[str]) -> str:
    more = f"等 {len(names)} 家" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more
