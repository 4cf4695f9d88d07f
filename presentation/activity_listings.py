"""Who changed what: every entry of the ledger and every published version, the newest first."""

from datetime import datetime
from typing import Any

import pandas as pd

from domain import reference
from domain.visitors import RIGHTS, ROLES
from store.ledger import Entry
from store.snapshot_store import Store

TOPICS = {
    "layout": "核对报送单位的列",
    "word": "认定报送单位的叫法",
    "place": "核定位置",
    "outline": "画轮廓",
    "same_shop": "判定是不是同一家",
    "return": "退回错行",
    "force": "换用数据版本",
    "cluster": "登记聚集区",
    "filing": "登记材料",
    "figure": "登记公布数",
    "template": "更换模板",
    "withdrawn": "撤回报送",
    "person": "登记用户",
    "token": "接口令牌",
    "dispute": "提出质询",
    "dispute_answer": "答复质询",
    "dispute_ruling": "裁定质询",
    "dispute_reopened": "再次质询",
    "order": "签发督办单",
    "order_cancelled": "撤销督办单",
    "refused": "没有权限，拒绝",
}
"""What an entry on each topic of the ledger is called."""
COLUMNS = ["log_time", "log_by", "log_login", "log_from", "log_done", "log_about",
           "log_before", "log_after"]  # fmt: skip
_FIELDS = reference.labels("columns", "column", "label") | {
    "name": "姓名或名称", "role": "角色", "unit": "单位", "reason": "理由", "file": "文件",
    "instead_of": "原来的版本", "sender": "报送单位", "same": "同一家", "meaning": "认定为",
    "county_code": "县区代码", "town_code": "乡镇代码", "withdrawn": "撤回",
    "subject": "对象", "sentence": "情况", "reason_id": "理由", "found_on": "发现日期",
    "snapshot": "看的版本", "proof": "材料", "fields": "填的内容", "answer": "答复",
    "on_paper": "书面", "upheld": "成立", "effect": "怎样办", "on": "认定之日", "other": "另一家",
    "outline": "轮廓", "source": "来源", "due_on": "办理期限", "contact": "联系人",
}  # fmt: skip
"""Fields of entries by what a reader calls them; the rest go without a name."""
_CODES = {str(role): label for role, label in ROLES.items()} | reference.labels(
    "dispute_reasons", "reason_id", "reason"
)
_LONGEST = 300  # characters of a body that are shown


def rows(store: Store) -> pd.DataFrame:
    """Everything that was changed or refused: `COLUMNS`, times as the server's clock shows them."""
    found = [*_decided(store), *_published(store)]
    found.sort(key=lambda one: one[0], reverse=True)
    made = [(f"{at.astimezone():%Y-%m-%d %H:%M:%S}", *rest) for at, *rest in found]
    return pd.DataFrame(made, columns=COLUMNS)


def _decided(store: Store) -> list[tuple[datetime, str, str, str, str, str, str, str]]:
    """Entries with what they replaced; `demo ` stands before the topics of the demo."""
    last: dict[tuple[str, str], str] = {}
    found = []
    for entry in store.ledger.log():
        realm, _, topic = entry.topic.rpartition(" ")
        done = TOPICS.get(topic, topic) + ("（演示数据）" if realm else "")
        key, after = (entry.topic, entry.subject), _told(topic, entry)
        found.append(
            (entry.at, entry.by, entry.login, entry.address, done, _short(topic, entry.subject),
             last.get(key, ""), after)
        )  # fmt: skip
        last[key] = after
    return found


def _short(topic: str, subject: str) -> str:
    return subject[:8] if topic == "token" else subject


def _told(topic: str, entry: Entry) -> str:
    body = entry.body
    if topic == "refused":
        return f"{ROLES[body['role']]} {body['unit']}，要的是“{RIGHTS[body['right']]}”"
    text = _fields(body)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _fields(body: dict[str, Any]) -> str:
    """What an entry says: its fields that are filled in, by name."""
    told = (
        f"{_FIELDS[name]}：{_plain(value)}" if name in _FIELDS else _plain(value)
        for name, value in body.items()
        if value not in (None, "", {}, [])
    )
    return "；".join(told)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return str(value["name"]) if "name" in value else f"（{_fields(value)}）"
    if isinstance(value, list):
        return "、".join(map(_plain, value))
    return _CODES.get(str(value), str(value))


def _published(store: Store) -> list[tuple[datetime, str, str, str, str, str, str, str]]:
    found = []
    for facts in store.snapshots():
        found.append(
            (
                datetime.fromisoformat(facts["created_at"]), facts["created_by"],
                facts.get("login", ""), facts.get("address", ""), "发布数据版本", facts["id"],
                facts.get("parent") or "", _size(facts),
            )
        )  # fmt: skip
    return found


def _size(facts: dict[str, Any]) -> str:
    counts = facts["rows"]
    return f"受理点 {counts['merchants']:,}，场所 {counts['venues']:,}，截至 {facts['as_of']}"
