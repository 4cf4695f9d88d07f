"""The kinds of records that files hold: what each is called, keyed by, compared in and kept as.

Every other module asks `KINDS`. What a file of a kind may hold stands in the reference tables
``columns`` and ``column_help``, the columns and the key of its table in `store.table_schemas`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import pyarrow as pa

from domain import reference, states
from store import table_schemas

_EVENTS = (
    "target", "contracted", "opened", "inspected", "paid", "suspended", "closed", "refused"
)  # fmt: skip
_DATE = pa.date32()
_OTHER_DAYS = {"moved_on"}
_MAY_BE_TO_COME = ("listed_on", "delisted_on")
_PLACE = {"address": "地址", "county_code": "县区", "town_code": "乡镇街道"}
_SHOP = {"name": "名称", **_PLACE, "scenario_id": "场景", "venue_id": "特定区域"}
_VENUE = {
    "name": "名称", "kind_id": "类别", **_PLACE, "eligible_count": "应覆盖商户数",
    "eligible_grade": "分母等级", "owner": "主管部门", "operator_id": "责任银行",
    "listed_on": "列入日期", "delisted_on": "撤出日期",
}  # fmt: skip
_CLUSTER = {
    "name": "名称", "owners": "责任单位", "kind_id": "类别", **_PLACE, "venue_id": "特定区域",
    "is_first": "首创首单", "declared_on": "申报日期", "planned_on": "方案日期",
    "plaque_on": "挂牌日期", "withdrawn_on": "撤销日期",
}  # fmt: skip
_FILING = {
    "owner_id": "报送单位", "kind_id": "材料类型", "title": "标题", "month": "所属月份",
    "filed_on": "报送日期", "task_no": "对应任务", "scenario_id": "场景", "county_code": "县区",
    "evidence": "文号或佐证",
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One kind of record. Columns are of its table; those of its files are called so."""

    name: str  # that of its table, too
    label: str  # what a file of the kind is called
    noun: str  # what one of its records is called
    key: tuple[str, ...]  # columns that identify a record, its bank's where ids are the bank's own
    compared: Mapping[str, str]  # columns in which two states may differ, and their labels
    form_label: str = ""  # what the upload form calls it, if not by its label
    review_label: str = ""  # what the review queue calls a record
    named_by: tuple[str, ...] = ("name",)  # columns that name a record
    measure: str = ""  # column of the figure whose change is shown
    city_wide: tuple[str, ...] = ()  # file columns in which 全市, 全部 or the like may stand
    identity: tuple[str, ...] = ()  # what an id is made of where none is sent (point: lon and lat)
    apart: tuple[str, ...] = ()  # columns that tell two senders' records of one number apart
    reviewed: tuple[str, ...] = ()  # file columns whose wrong cells a person settles
    came_on: str = ""  # column of the day on which a row of some month came or was published
    wide: bool = False  # whether a file may have one column an indicator
    unit_slip: str = ""  # the units that may have been mistaken where figures jump
    topic: str = ""  # topic of the ledger for entries by hand

    @cached_property
    def columns(self) -> pd.DataFrame:
        """Columns of a file, in their order: column, label, type, required ('1'/'0'), synonyms."""
        table = reference.table("columns")
        return table[table["kind"] == self.name].reset_index(drop=True)

    @cached_property
    def labels(self) -> dict[str, str]:
        """What a person calls each column of a file."""
        return dict(zip(self.columns["column"], self.columns["label"], strict=True))

    @cached_property
    def types(self) -> dict[str, str]:
        """Type of each column of a file."""
        return dict(zip(self.columns["column"], self.columns["type"], strict=True))

    @cached_property
    def required(self) -> list[str]:
        """Columns that a file must have and fill."""
        return self.columns.loc[self.columns["required"] == "1", "column"].tolist()

    @cached_property
    def events(self) -> dict[str, str]:
        """Date column of each event that a file may tell."""
        return {event: f"{event}_on" for event in _EVENTS if f"{event}_on" in self.labels}

    @cached_property
    def past_days(self) -> tuple[str, ...]:
        """Columns of a file whose days or months cannot be to come, those of events first."""
        dated = [column for column, type_ in self.types.items() if type_ in ("date", "month")]
        days = dict.fromkeys([*self.events.values(), *dated])
        return tuple(column for column in days if column not in _MAY_BE_TO_COME)

    @property
    def schema(self) -> pa.Schema:
        """Columns of the table, with their types."""
        return table_schemas.SCHEMAS[self.name]

    @cached_property
    def stated(self) -> pa.Schema:
        """Columns of the rows of a statement, with their types: those of the table, and its days.

        `venue_id` is as the file writes it; `twin`: another shop of the file has the same number.
        """
        fields = {field.name: field.type for field in self.schema}
        fields |= dict.fromkeys([*self.events.values(), *_OTHER_DAYS & self.labels.keys()], _DATE)
        fields |= {name: pa.bool_() for name in ("eligible",) if name in self.labels}
        fields |= {name: pa.string() for name in ("status",) if name in self.labels}
        fields |= {"sender": pa.string(), "source_file": pa.string(), "source_row": pa.int32()}
        fields |= {"note": pa.string(), "twin": pa.bool_(), "statement": pa.string()}
        return pa.schema(fields)

    @property
    def table_days(self) -> tuple[str, ...]:
        """Columns of the table that hold days."""
        return tuple(field.name for field in self.schema if pa.types.is_date(field.type))

    @property
    def table_key(self) -> tuple[str, ...]:
        """Columns that are the key of the table."""
        return table_schemas.KEYS[self.name]

    @property
    def figures(self) -> bool:
        """Whether a row is a figure of a month: those have no key column of their own."""
        return len(self.table_key) > 1

    @property
    def key_column(self) -> str:
        """The column that is the key of the table; only of kinds that are not figures."""
        (column,) = self.table_key
        return column

    @property
    def id_column(self) -> str:
        """The column of a file that holds a record's id; '' for figures."""
        return "" if self.figures else self.key[-1]

    @property
    def placed(self) -> bool:
        """Whether records have a place, and a person reviews the doubtful ones."""
        return "lon" in self.schema.names

    @property
    def has_bank(self) -> bool:
        """Whether records are of a bank, or a bank is responsible for them."""
        return "operator_id" in self.schema.names

    @property
    def in_venue(self) -> bool:
        """Whether a record may be in a venue of the register."""
        return "venue_id" in self.schema.names and "venue_id" not in self.key

    @property
    def has_states(self) -> bool:
        """Whether events put records in states."""
        return self.name in states.KEYS

    @property
    def prefix(self) -> str:
        """What the subjects of decisions and the record keys of events begin with."""
        return states.PREFIXES[self.name]


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "merchants",
            "受理点",
            "商户",
            key=("operator_id", "merchant_id"),
            compared=_SHOP | {"public_cash_point": "公共收银点"},
            form_label="受理点（商户）",
            review_label="受理点",
            identity=("name", "address", "point"),
            reviewed=("scenario_id", "status"),
        ),
        Kind(
            "venues",
            "特定区域名录",
            "场所",
            key=("venue_id",),
            compared=_VENUE,
            review_label="特定区域",
            apart=("kind_id", "county_code"),
            reviewed=("eligible_count",),
            measure="eligible_count",
        ),
        Kind(
            "scenarios",
            "场景台账",
            "场景记录",
            ("operator_id", "scenario_no"),
            _SHOP,
            review_label="场景",
            reviewed=("status",),
        ),
        Kind(
            "indicators",
            "月度指标",
            "指标",
            key=("month", "county_code", "operator_id", "indicator_id"),
            compared={"value": "数值"},
            named_by=("month", "county_code", "operator_id", "indicator_id"),
            measure="value",
            city_wide=("county", "operator"),
            wide=True,
            unit_slip="元还是万元",
        ),
        Kind(
            "clusters",
            "示范聚集区台账",
            "聚集区",
            key=("cluster_id",),
            compared=_CLUSTER,
            review_label="示范聚集区",
            apart=("kind_id", "county_code"),
            topic="cluster",
        ),
        Kind(
            "filings",
            "信息报送与佐证材料",
            "材料",
            key=("filing_id",),
            compared=_FILING,
            named_by=("owner_id", "title"),
            apart=("owner_id",),
            city_wide=("county",),
            identity=("owner_id", "kind_id", "title", "month", "filed_on"),
            came_on="filed_on",
            topic="filing",
        ),
        Kind(
            "province",
            "省内各市公布数",
            "公布数",
            key=("month", "city", "published_on", "measure_id"),
            compared={"value": "数值", "source": "来源"},
            named_by=("month", "city", "measure_id"),
            measure="value",
            came_on="published_on",
            unit_slip="万元还是亿元",
            topic="figure",
        ),
    )
}

PLACED = tuple(kind for kind in KINDS.values() if kind.placed)
"""Kinds of records with a place, which people review."""
OUTLINED = tuple(kind for kind in PLACED if "outline" in kind.schema.names)
"""Kinds of records that people draw outlines of."""
