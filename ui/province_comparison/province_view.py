"""Parts of 省内对比: the chart of cities, and the form of a published figure."""

from datetime import date

import streamlit as st

from domain import pace, reference
from ui import pending_entries


def form() -> None:
    """Enter one published figure with its source and day."""
    names = list(reference.table("province_cities")["city"])
    measures = reference.table("province_measures").set_index("measure_id")
    labels = measures["measure"] + "（" + measures["unit"] + "）"
    with st.form(pending_entries.form_key("figure"), border=True):
        left, right = st.columns(2, gap="medium")
        with left:
            city = st.selectbox("城市", names, None, placeholder="请选")
            measure = st.selectbox(
                "指标", list(labels.index), None, format_func=lambda code: labels[code],
                placeholder="请选",
            )  # fmt: skip
            value = st.number_input("数值", min_value=0.0, value=None, format="%.2f")
        with right:
            month = st.text_input("截至月份", placeholder="如 2026-09", max_chars=7)
            published_on = st.date_input(
                "公布日期", None, min_value=pace.first_day(), max_value="today",
                format="YYYY-MM-DD",
            )  # fmt: skip
            source = st.text_input("来源", placeholder="文件、简报或网页的名称", max_chars=120)
        if not st.form_submit_button("保存登记", icon=":material/save:"):
            return
        first, problems = _month(month)
        problems += pending_entries.missing({
            "请选城市": city, "请选指标": measure, "请填写数值": value is not None,
            "请选公布日期": published_on, "请写明来源": source.strip(),
        })  # fmt: skip
        if first and published_on and published_on < first:
            problems.append(f"公布日期 {published_on} 早于截至月份 {month}，请核对")
        if pending_entries.may_save(problems):
            row = {
                "city": city, "month": pending_entries.day(first), "measure_id": measure,
                "value": value, "source": source.strip(),
                "published_on": pending_entries.day(published_on),
            }  # fmt: skip
            notice = f"已登记{city}的{measures['measure'][str(measure)]}。"
            pending_entries.save("figure", row, notice, published_on)


def _month(text: str) -> tuple[date | None, list[str]]:
    """The first day of a month as typed, or what is wrong with it."""
    try:
        return date.fromisoformat(f"{text.strip()}-01"), []
    except ValueError:
        return None, [f"截至月份“{text}”请写成 2026-09 的样子"]
