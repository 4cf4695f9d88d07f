"""省内对比： the city's rank in the province, by published figures with source and date."""

import streamlit as st

from domain import reference
from domain.city import CITY
from presentation import board_charts, page_headlines, province_listings
from ui import (
    frame,
    page_charts,
    page_downloads,
    page_print,
    page_tables,
    pending_entries,
    session,
)
from ui.province_comparison import province_view

session.ask_person()
scope = session.scope()
standing = province_listings.standing(scope)

headline = page_headlines.province_comparison(scope, standing)
frame.headline(headline, "全省名次")
pending_entries.pending()
st.caption(
    "各市的数由办公室照公开材料登记，都有来源和公布日期。只比同一个月的数；没有同月数的城市不排名，"
    "但较早的数已经更高的，算在我们前面；“最差”是假定它们都排在前面。钱包数是全市的公布数，"
    "首页的个人钱包是各银行报送的月末数，随所选范围，两处的月份也可能不同。"
)
page_tables.show(standing, province_listings.STANDING, "本市在全省的位置")
sheets = {"本市在全省的位置": (standing, province_listings.STANDING)}
figures = []

measures = reference.table("province_measures").set_index("measure")
name = st.segmented_control(
    "指标", list(measures.index), default=measures.index[0], required=True, key="province_measure"
)
cities = province_listings.cities(scope, measures["measure_id"][name])
if cities.empty:
    st.info(f"还没有登记本市的“{name}”，不能比较。", icon=":material/info:")
else:
    left, right = st.columns([2, 3], gap="medium")
    with left:
        unit = measures["unit"][name]
        title = f"省内各市{name}"
        chart = board_charts.province(cities, CITY.name, unit)
        figures.append(page_charts.show(chart, title, session.stamp(scope)))
    with right:
        page_tables.show(cities, province_listings.CITIES, name, rows=13)
    sheets[name] = (cities, province_listings.CITIES)
    page_downloads.tables(
        "下载省内对比", sheets, f"省内对比_{name}_{scope.as_of}", session.stamp(scope)
    )
page_print.at_top("省内对比", scope, sheets, sentence=headline, figures=figures)
if session.may("enter"):
    with st.expander("登记一个公布数"):
        st.caption(
            "成批的请在“数据导入”里用模板导入。同一城市、月份、指标、公布日期再登记一次，就是更正；"
            "改日重新公布的另记一条，原来的留着，回看时各按当天已公布的算。"
        )
        pending_entries.at_work(scope)
        province_view.form()
frame.stamp(scope)
