"""Tables on a page: Chinese headings, formats, and the Excel that takes them away."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from domain import reference
from reports import workbook

# English column → (heading, format). A column that is not here does not reach the screen.
COLUMNS: dict[str, tuple[str, str]] = {
    "rank_label": ("名次", "text"),
    "rank_last": ("上月名次", "text"),
    "area": ("县区/板块", "text"),
    "county": ("县区", "text"),
    "zone": ("功能板块", "text"),
    "town": ("乡镇街道", "text"),
    "venue_id": ("区域编号", "text"),
    "venue": ("特定区域", "text"),
    "merchant_id": ("受理点编号", "text"),
    "name": ("名称", "text"),
    "kind": ("类别", "text"),
    "tier": ("层级", "text"),
    "change": ("变化", "text"),
    "address": ("地址", "text"),
    "operator": ("运营机构", "text"),
    "state_label": ("状态", "text"),
    "action": ("需要做什么", "text"),
    "link": ("缺的环节", "text"),
    "recorded_label": ("现状", "text"),
    "cash_point": ("公共收银点", "text"),
    "venues": ("名录场所", "integer"),
    "covered": ("达标场所", "integer"),
    "covered_verified": ("达标场所", "integer"),
    "share": ("达标率", "percent"),
    "share_contracted": ("达标率（已签约）", "percent"),
    "share_verified": ("达标率（已验证）", "percent"),
    "share_active": ("达标率（活跃）", "percent"),
    "low": ("区间下限", "percent"),
    "high": ("区间上限", "percent"),
    "rank_range": ("可能名次", "text"),
    "delta": ("较上月", "points"),
    "unknown": ("分母未知", "integer"),
    "graded_share": ("A、B级分母占比", "percent"),
    "zero_kinds": ("全未达标的类别", "text"),
    "eligible": ("应覆盖", "integer"),
    "contracted": ("已签约", "integer"),
    "verified": ("已验证", "integer"),
    "active": ("活跃", "integer"),
    "contracted_share": ("签约率", "percent"),
    "verified_share": ("验证率", "percent"),
    "active_share": ("活跃率", "percent"),
    "status_label": ("达标情况", "text"),
    "needed": ("还差（家）", "integer"),
    "owed": ("名单上未验证的门店", "integer"),
    "named_missing": ("其中有名单", "integer"),
    "unnamed_missing": ("无名单", "integer"),
    "signings": ("累计需补", "integer"),
    "venues_closed": ("累计新增达标", "integer"),
    "grade": ("分母等级", "text"),
    "eligible_source": ("分母来源", "text"),
    "eligible_on": ("分母日期", "text"),
    "reason": ("说明", "text"),
    "located": ("定位方式", "text"),
    "score": ("综合得分", "percent"),
    "topic": ("事项", "text"),
    "subject": ("对象", "text"),
    "figure": ("数字", "text"),
    "why": ("为什么", "text"),
    "indicator": ("指标", "text"),
    "value": ("数值", "integer"),
    "definition": ("含义", "text"),
    "clause": ("依据", "text"),
    "status": ("是否确认", "text"),
    "threshold": ("阈值", "text"),
    "unit": ("单位", "text"),
    "file": ("文件", "text"),
    "sheet": ("工作表", "text"),
    "row": ("行", "integer"),
    "rows": ("行数", "integer"),
    "column": ("列", "text"),
    "cell": ("原值", "text"),
    "header": ("列名", "text"),
    "label": ("读作", "text"),
    "how": ("怎么认的", "text"),
    "text": ("内容", "text"),
    "key": ("记录编号", "text"),
    "what": ("变化内容", "text"),
    "change_label": ("变化", "text"),
    "before": ("现有", "integer"),
    "new": ("新增", "integer"),
    "changed": ("有变化", "integer"),
    "gone": ("未再报送", "integer"),
    "moved_in": ("移入", "integer"),
    "moved_out": ("移出", "integer"),
    "after": ("之后", "integer"),
    "revised_label": ("更正", "text"),
    "how_label": ("为什么疑似", "text"),
    "source_file": ("文件", "text"),
    "source_row": ("行", "integer"),
    "other": ("与谁重复", "text"),
    "other_row": ("对方行", "integer"),
    "other_name": ("对方名称", "text"),
    "other_operator": ("对方机构", "text"),
    "other_address": ("对方地址", "text"),
    "distance_m": ("相距（米）", "integer"),
    "rank": ("名次", "integer"),
    "sender": ("报送单位", "text"),
    "files": ("文件数", "integer"),
    "on_time_share": ("按时率", "percent"),
    "months_on_time": ("按时月数", "integer"),
    "months_expected": ("应报月数", "integer"),
    "rejected_share": ("退回率", "percent"),
    "located_share": ("定位率", "percent"),
    "duplicates_share": ("疑似重复率", "percent"),
    "last_on": ("最近一次", "text"),
    "system": ("坐标系", "text"),
    "inside": ("落在本市", "percent"),
    "in_county": ("落在所写县区", "percent"),
    "in_town": ("最近驻地是所写乡镇", "percent"),
    "known": ("已知受理点", "integer"),
    "known_m": ("与已知位置相距（米）", "integer"),
    "overlap": ("30 米内重合", "percent"),
    # Targets, clusters, tasks and filings.
    "target_id": ("编号", "text"),
    "target_text": ("目标", "long"),
    "owner_kinds": ("责任方", "text"),
    "due_text": ("期限", "text"),
    "should_text": ("今天应达", "text"),
    "done_text": ("现在", "text"),
    "share_now": ("完成比例", "percent"),
    "status_text": ("到期情况", "text"),
    "forecast_text": ("预计达到", "text"),
    "missing_count": ("还缺（项）", "integer"),
    "owner": ("责任单位", "text"),
    "lacking": ("缺什么", "text"),
    "cluster_id": ("聚集区编号", "text"),
    "cluster": ("聚集区", "text"),
    "owner_names": ("责任单位", "text"),
    "state_text": ("状态", "text"),
    "points_text": ("受理点/要求", "text"),
    "accepting_share": ("受理率", "percent"),
    "candidate": ("候选", "integer"),
    "candidate_shops": ("已验证受理点", "integer"),
    "held_text": ("自何时保持", "text"),
    "scenario_kinds": ("场景类型数", "integer"),
    "inspected_text": ("最近复检", "text"),
    "lacking_gates": ("没过的门槛", "text"),
    "same_as": ("同一处", "text"),
    "owner_kind_text": ("类别", "text"),
    "declared_count": ("登记", "integer"),
    "mature_count": ("成熟", "integer"),
    "floor_text": ("对照 2 至 3 个", "text"),
    "task_no": ("任务", "text"),
    "task": ("重点任务", "long"),
    "lead_unit": ("牵头单位", "text"),
    "task_scenarios": ("对应场景", "long"),
    "kinds_text": ("上线场景/对应场景", "text"),
    "live_instances": ("上线实例", "integer"),
    "live_shops": ("开通门店", "integer"),
    "filed": ("报过进展", "integer"),
    "last_text": ("最近一次", "text"),
    "moving_text": ("有无进展", "text"),
    "expected": ("应报", "integer"),
    "received": ("收到", "integer"),
    "on_time": ("按时", "integer"),
    "missing_reports": ("未报", "integer"),
    "missing_months": ("最近没报的月份", "text"),
    "month_text": ("月份", "text"),
    "report_state": ("情况", "text"),
    "blank": ("空白", "text"),
    "blank_why": ("说明", "text"),
    "filed_text": ("报送日期", "text"),
    "filing_kind": ("材料类型", "text"),
    "title": ("标题", "text"),
    "evidence": ("文号或佐证", "text"),
    "measure": ("指标", "text"),
    "own_value": ("本市", "number"),
    "rank_text": ("全省名次", "text"),
    "cities": ("有数的城市", "integer"),
    "age_text": ("新旧", "text"),
    "source": ("来源", "text"),
    "city": ("城市", "text"),
    "city_value": ("数值", "number"),
    "same_text": ("可比性", "text"),
    "published_text": ("公布日期", "text"),
    "largest_stated": ("曾报最大数", "integer"),
    "paid_units": ("有交易的", "integer"),
    "signs_text": ("水分在哪里", "text"),
    "signed_text": ("签约日期", "text"),
    "asleep": ("沉睡门店", "integer"),
    "signed_shops": ("签约门店", "integer"),
    "asleep_share": ("沉睡占比", "percent"),
    # the register of venues
    "carrier": ("载体", "text"),
    "department": ("主管部门", "text"),
    "declared": ("申报数", "integer"),
    "covered_contracted_label": ("达标（已签约）", "text"),
    "covered_active_label": ("达标（活跃）", "text"),
    "covered_contracted": ("达标场所（已签约）", "integer"),
    "covered_active": ("达标场所（活跃）", "integer"),
    "outline_label": ("轮廓", "text"),
    "drawn": ("有轮廓", "integer"),
    "counted_in": ("计入", "text"),
    "joined_label": ("怎么归的", "text"),
    "also_label": ("还落在", "text"),
    "shares_label": ("各县区占比", "text"),
    "answer": ("怎么算", "text"),
    "banks": ("报送银行", "text"),
    "records": ("记录数", "integer"),
    "feature": ("图形", "text"),
    "target": ("是谁的轮廓", "text"),
    "shops_inside": ("轮廓内门店", "integer"),
    "shops_elsewhere": ("其中写明别处", "integer"),
    "by": ("经办人", "text"),
    "at": ("时间", "text"),
    "listed": ("名单上的店", "integer"),
    "order": ("序号", "integer"),
    "place": ("图上编号、场所", "text"),
    "todo": ("要做到验证", "text"),
    "note": ("备注", "text"),
    "group": ("分组", "text"),
    "units": ("再签（家、项）", "integer"),
    "closed": ("新增达标", "integer"),
    "share_after": ("签完达标率", "percent"),
    "touched": ("涉及场所", "integer"),
}


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def labelled(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """`frame` with the given columns only, under their Chinese headings."""
    return frame[columns].rename(columns={name: COLUMNS[name][0] for name in columns})


def _shown(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """`labelled`, with shares times a hundred for the screen's percent format."""
    shares = [name for name in columns if COLUMNS[name][1] == "percent"]
    return labelled(frame.assign(**{name: frame[name] * 100 for name in shares}), columns)


def _height(frame: pd.DataFrame, rows: int) -> int | str:
    return "content" if len(frame) <= rows else rows * 35 + 40


def _config(columns: list[str]) -> dict:
    config = {}
    for name in columns:
        heading, kind = COLUMNS[name]
        if kind == "percent":
            config[heading] = st.column_config.NumberColumn(format="%.1f%%")
        elif kind == "points":
            config[heading] = st.column_config.NumberColumn(format="%+.1f 个百分点")
        elif kind == "long":
            config[heading] = st.column_config.TextColumn(width=260)
        elif kind in {"number", "integer"}:
            config[heading] = st.column_config.NumberColumn(format="localized")
    return config


def show(frame: pd.DataFrame, columns: list[str], title: str, *, rows: int = 12) -> None:
    """Draw the columns of `frame` as a table named `title`."""
    if frame.empty:
        st.info(f"{title}:没有符合条件的记录。")
        return
    st.dataframe(
        _shown(frame, columns),
        column_config=_config(columns),
        hide_index=True,
        height=_height(frame, rows),
        alt=title,
    )


def static(frame: pd.DataFrame, columns: list[str], title: str) -> None:
    """Draw the columns of `frame` as a plain table whose long texts wrap."""
    st.table(labelled(frame, columns), hide_index=True, alt=title)


def pick(
    frame: pd.DataFrame, columns: list[str], title: str, key: str, rows: int = 12
) -> int | None:
    """Draw a table of which one row can be chosen; the chosen row's position, or None."""
    if frame.empty:
        st.info(f"{title}:没有符合条件的记录。")
        return None
    event = st.dataframe(
        _shown(frame, columns),
        column_config=_config(columns),
        hide_index=True,
        height=_height(frame, rows),
        on_select="rerun",
        selection_mode="single-row",
        key=key,
        alt=title,
    )
    chosen = event.selection.rows
    return chosen[0] if chosen and chosen[0] < len(frame) else None


def pick_many(
    frame: pd.DataFrame, columns: list[str], title: str, key: str, rows: int = 12
) -> list[int]:
    """Draw a table of which rows can be chosen; the positions of the chosen ones."""
    event = st.dataframe(
        _shown(frame, columns),
        column_config=_config(columns),
        hide_index=True,
        height=_height(frame, rows),
        on_select="rerun",
        selection_mode="multi-row",
        key=key,
        alt=title,
    )
    return [place for place in event.selection.rows if place < len(frame)]


def download(
    label: str, sheets: Callable[[], dict[str, pd.DataFrame]], file_name: str, stamp: str
) -> None:
    """A button that makes the Excel workbook of `sheets` when it is pressed."""
    st.download_button(
        label,
        data=lambda: workbook.workbook(sheets(), stamp),
        file_name=f"{file_name}.xlsx",
        mime=XLSX,
        on_click="ignore",
        icon=":material/download:",
        key=f"download_{file_name}",
    )


def bank_names(ids: pd.Series) -> pd.Series:
    """Names of banks by their ids, 未填报 where none."""
    return ids.map(reference.labels("operators", "operator_id", "operator")).fillna("未填报")


def with_names(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with county, zone, town and operator names beside their codes, 未填 where none."""
    names = {
        "county": ("counties", "county_code", "name"),
        "zone": ("zones", "zone_id", "name"),
        "town": ("towns", "town_code", "name"),
        "operator": ("operators", "operator_id", "operator"),
    }
    added = {
        column: frame[code]
        .map(reference.labels(table, code, label))
        .fillna("未填报" if column == "operator" else "—" if column == "zone" else "未定位")
        for column, (table, code, label) in names.items()
        if code in frame
    }
    return frame.assign(**added)
