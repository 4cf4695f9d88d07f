"""Any table survives: written out as senders do, disturbed, and read back the same."""

import csv
import datetime
import io
import re

import pandas as pd
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.formats import opened_files
from loaders.reading import header_matching, records

NAMES = {  # our column: ways to write it; a pair is a group and a heading under it
    "merchant_id": ["受理点编号", "商户号", "编号", ("商户", "编号")],
    "name": ["名称", "商户名称", "店 名", ("商户信息", "名称")],
    "address": ["地址", "经营地址（必填）", ("商户信息", "详细地址")],
    "lon": ["经度", "LNG", ("坐标", "经度")],
    "lat": ["纬度", "Latitude", ("坐标", "纬度")],
    "county": ["县区", "所属\n县区"],
    "contracted_on": ["签约日期", "签约时间", ("签约", "日期")],
    "inspected_on": ["巡检日期", "最近巡检日期", ("巡检", "日期")],
    "eligible": ["应覆盖", "是否应覆盖"],
}
DAYS = [
    "{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0:%Y%m%d}", "{0.year}.{0.month}.{0.day}",
    "{0.year}年{0.month}月{0.day}日", None,
]  # fmt: skip
FORMS = ["xlsx", "xls", "csv,gbk", "csv\tgbk", "csv;utf-8", "csv|utf-8-sig", "csv\tutf-16"]
LETTERS = st.sampled_from("海连港云山东花果大润发苏北小吃超市便利店粮油合计说明注ABC12")
WORDS = st.text(LETTERS, min_size=2, max_size=8)
DATES = st.none() | st.dates(datetime.date(2022, 1, 1), datetime.date(2025, 12, 31))
SHOP = st.fixed_dictionaries(
    {
        "name": WORDS.filter(lambda name: not re.search("计$|^注|^说明|^备注", name)),
        "address": WORDS.map(lambda word: f"海州区{word}路1号"),
        "lon": st.integers(119_160_000, 119_180_000).map(lambda n: n / 1e6),
        "lat": st.integers(34_590_000, 34_610_000).map(lambda n: n / 1e6),
        "county": st.sampled_from(["海州区", "海州"]),
        "contracted_on": DATES,
        "inspected_on": DATES,
        "eligible": st.none() | st.booleans(),
    }
)


@st.composite
def mangled(draw):
    """Shops with their ids; the lines of a sheet that tells them; the form of its file."""
    shops = draw(st.lists(SHOP, min_size=1, max_size=6))
    shops = [{"merchant_id": f"S{i}"} | shop for i, shop in enumerate(shops)]
    form = draw(st.sampled_from(FORMS))
    order = draw(st.permutations(list(NAMES)))
    names = [draw(st.sampled_from(NAMES[column])) for column in order]
    shape, wide = draw(st.sampled_from(DAYS)), draw(st.booleans())
    text = form.startswith("csv")
    lines = [[written(shop[c], shape, wide, text) for c in order] for shop in shops]
    for extra in draw(st.lists(st.sampled_from(["blank", "header", "total"]), max_size=2)):
        place = draw(st.integers(0, len(lines)))
        lines.insert(place, {"blank": [], "header": None, "total": total(order, draw)}[extra])
    header = heading(names)
    lines = [line if line is not None else header[-1] for line in lines]
    title = draw(st.sampled_from([[], [["受理点月报表"]], [["受理点月报表"], [], ["单位：某行"]]]))
    notes = [[], [["注：本表每月报送一次"]], [[], ["填报人：", "某某", "日期：", "2025年3月"]]]
    return shops, [*title, *header, *lines, *draw(st.sampled_from(notes))], form


def heading(names):
    """The header: one line, or two if a name is a pair; a group's name stands once."""
    if all(isinstance(name, str) for name in names):
        return [names]
    upper, lower, group = [], [], None
    for name in names:
        above, below = (name, "") if isinstance(name, str) else name
        upper.append("" if below and above == group else above)
        lower.append(below)
        group = above
    return [upper, lower]


def total(order, draw):
    """A row of totals: the word stands under any column of texts."""
    line = ["" for _ in order]
    line[order.index(draw(st.sampled_from(["merchant_id", "name"])))] = "合 计"
    line[order.index("lon")] = 3
    return line


def written(value, shape, wide, text):
    """A value as a sender writes it: days in a shape, figures full-width or not."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.date):
        value = shape.format(value) if shape else value if not text else value.isoformat()
    if wide and not isinstance(value, datetime.date):
        return re.sub("[0-9.]", lambda c: chr(ord(c[0]) + 0xFEE0), str(value))
    return value


def save(path, lines, form):
    if form == "xlsx":
        with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
            sheet = book.add_worksheet("商户")
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, line)
    elif form == "xls":
        book = xlwt.Workbook()
        sheet, day = book.add_sheet("商户"), xlwt.easyxf(num_format_str="yyyy-mm-dd")
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                style = [day] * isinstance(cell, datetime.date)
                if cell != "":
                    sheet.write(number, column, cell, *style)
        book.save(str(path))
    else:
        text = io.StringIO()
        csv.writer(text, delimiter=form[3]).writerows(lines)
        path.write_bytes(text.getvalue().encode(form[4:]))


def as_sent(shop):
    """What a shop's record should hold."""
    return (
        shop["merchant_id"].translate(str.maketrans("０１２３４５６７８９", "0123456789")),
        *(shop[c] for c in ("lon", "lat", "contracted_on", "inspected_on", "eligible")),
    )


def as_read(row):
    days = [None if pd.isna(day) else day.date() for day in (row.contracted_on, row.inspected_on)]
    eligible = None if pd.isna(row.eligible) else bool(row.eligible)
    return (row.merchant_id, round(row.lon, 6), round(row.lat, 6), *days, eligible)


def half(text):
    return re.sub("[０-９．]", lambda c: chr(ord(c[0]) - 0xFEE0), text)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mangled())
def test_any_table_survives_a_round_trip(tmp_path, example):
    shops, lines, form = example
    path = tmp_path / "来件"
    save(path, lines, form)
    ((layout, sheet),) = header_matching.layouts(opened_files.sheets(path), "merchants", path.name)
    known = records.Known("wgs84")
    found = records.records(records.Source(path.name, sheet, layout), known)
    assert found.rejects.empty
    assert found.rows == len(shops)
    assert [as_read(row) for row in found.accepted.itertuples()] == [as_sent(s) for s in shops]
    assert [half(name) for name in found.accepted["name"]] == [shop["name"] for shop in shops]
