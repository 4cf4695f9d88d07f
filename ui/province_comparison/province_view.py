"""The parts of the page of the province: where the city stands, and how old the figures are."""

from datetime import date

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from domain import pace, province, reference
from domain.city import CITY
from presentation import palette
from queries import commitments
from queries.scope import Scope
from ui import page_charts, pending_entries

STANDING = ["measure", "own_value", "unit", "month_text", "rank_text", "cities", "age_text",
            "source"]  # fmt: skip
CITIES = ["rank_label", "city", "city_value", "month_text", "same_text", "published_text",
          "age_text", "source"]  # fmt: skip


def standing(scope: Scope) -> pd.DataFrame:
    """The own city on every measure, with labels."""
    rows = province.standing(commitments.rows(scope.snapshot_id, "province"), scope.as_of)
    return rows.assign(
        own_value=rows["value"],
        month_text=pd.to_datetime(rows["month"]).dt.strftime("%Y-%m").fillna("—"),
        rank_text=[_rank(row.rank, row.rank_worst) for row in rows.itertuples()],
        age_text=[_age(row.age_days, row.stale) for row in rows.itertuples()],
    )


def cities(scope: Scope, measure_id: str) -> pd.DataFrame:
    """All cities on one measure, with labels."""
    rows = province.comparison(
        commitments.rows(scope.snapshot_id, "province"), measure_id, scope.as_of
    )
    if rows.empty:
        return rows
    return rows.assign(
        rank_label=rows["rank"].astype("string").fillna("不排名"),
        city_value=rows["value"],
        month_text=rows["month"].dt.strftime("%Y-%m").fillna("没有数"),
        same_text=rows["same_month"].map({True: "", False: "不是同一个月"}),
        published_text=rows["published_on"].dt.strftime("%Y-%m-%d").fillna("—"),
        age_text=[_age(row.age_days, row.stale) for row in rows.itertuples()],
    )


def headline(scope: Scope, rows: pd.DataFrame) -> str:
    """Where the city stands, measure by measure, and what makes that doubtful."""
    known = rows[rows["value"].notna()]
    own = CITY.name
    if known.empty:
        return f"还没有登记{own}和其他各市的公布数，不知道排在哪里。"
    parts = [f"{row.measure}第 **{row.rank_text}** 名" for row in known.itertuples()]
    text = f"截至 {scope.as_of} 已公布的数：{own}" + "，".join(parts) + "。"
    stale = known.loc[known["stale"].astype(bool), "measure"]
    return text + (f"{'、'.join(stale)}的数已经过时，只供参考。" if len(stale) else "")


def chart(rows: pd.DataFrame, unit: str, stamp: str) -> go.Figure:
    """Cities with a figure of the month, the own one marked: city, city_value, rank_label."""
    same = rows[rows["same_month"]].iloc[::-1]
    own = CITY.name
    figure = go.Figure(
        go.Bar(
            x=same["city_value"],
            y=same["rank_label"] + "  " + same["city"],
            orientation="h",
            marker_color=[palette.WARN if city == own else palette.MAIN for city in same["city"]],
            hovertemplate="%{y} %{x:,.1f} " + unit + "<extra></extra>",
        )
    )
    figure.update_xaxes(title=unit, rangemode="tozero")
    return page_charts.framed(figure, stamp, 150 + 26 * len(same))


def form() -> None:
    """Enter one published figure with its source and day."""
    names = list(reference.table("province_cities")["city"])
    measures = reference.table("province_measures").set_index("measure_id")
    with st.form(pending_entries.form_key("figure"), border=True):
        left, right = st.columns(2, gap="medium")
        with left:
            city = st.selectbox("城市", names, None, placeholder="请选")
            measure = st.selectbox(
                "指标",
                list(measures.index),
                None,
                format_func=lambda one: f"{measures['measure'][one]}（{measures['unit'][one]}）",
                placeholder="请选",
            )
            value = st.number_input("数值", min_value=0.0, value=None, format="%.2f")
        with right:
            month = st.text_input("截至月份", placeholder="如 2026-09", max_chars=7)
            published_on = st.date_input(
                "公布日期", None, min_value=pace.first_day(), max_value="today",
                format="YYYY-MM-DD",
            )  # fmt: skip
            source = st.text_input("来源", placeholder="文件、简报或网页的名称", max_chars=120)
        if st.form_submit_button("保存登记", icon=":material/save:"):
            first, problems = _month(month)
            asked = {
                "请选城市": city, "请选指标": measure, "请填写数值": value is not None,
                "请选公布日期": published_on, "请写明来源": source.strip(),
            }  # fmt: skip
            problems += [problem for problem, given in asked.items() if not given]
            if first and published_on and published_on < first:
                problems.append(f"公布日期 {published_on} 早于截至月份 {month}，请核对")
            if pending_entries.asked(problems):
                row = {
                    "city": city, "month": pending_entries.day(first),
                    "measure_id": measure, "value": value,
                    "source": source.strip(), "published_on": pending_entries.day(published_on),
                }  # fmt: skip
                pending_entries.save(
                    "figure", row, f"已登记{city}的{measures['measure'][measure]}。", published_on
                )


def _month(text: str) -> tuple[date | None, list[str]]:
    try:
        return date.fromisoformat(f"{text.strip()}-01"), []
    except ValueError:
        return None, [f"截至月份“{text}”请写成 2026-09 的样子"]


def _rank(rank: int | None, worst: int | None) -> str:
    if pd.isna(rank):
        return "未知"
    return f"{rank}" if rank == worst else f"{rank}（最差 {worst}）"


def _age(days: int | None, stale: bool) -> str:
    if pd.isna(days):
        return "—"
    return f"{days} 天前公布" + ("，已过时" if stale else "")
