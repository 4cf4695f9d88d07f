"""The forms of an answer: what a spreadsheet, QGIS and a program get."""

import csv
import io
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from api import answers
from api.questions import question
from api.resources import RESOURCES
from domain.visitors import EVERYTHING

BY_PATH = {resource.path: resource for resource in RESOURCES}
PLACED = [resource.path for resource in RESOURCES if resource.places]


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("application/json;q=0.5, text/csv;q=0.9", "text/csv; charset=utf-8"),
        ("application/json;q=0, */*;q=0.1", "text/csv; charset=utf-8"),
        ("application/geo+json", "application/geo+json"),
        ("text/*", "text/csv; charset=utf-8"),
    ],
)
def test_the_form_follows_the_header_accept(accept, form, interface):
    answer = interface.ask("venues", Accept=accept)
    assert (answer.status, answer.headers["Content-Type"]) == (200, form)


def test_the_form_that_is_asked_for_wins_and_one_that_is_not_there_is_said(interface):
    answer = interface.ask("venues?format=csv", Accept="application/json")
    assert answer.headers["Content-Type"].startswith("text/csv")
    answer = interface.ask("targets", Accept="application/geo+json")
    assert (answer.status, "“application/geo+json”" in answer.json["detail"]) == (406, True)
    assert interface.ask("targets?format=geojson").status == 400


@pytest.mark.parametrize("path", BY_PATH)
def test_the_table_holds_what_the_rows_hold_and_where_they_come_from(path, interface):
    rows = interface.ask(path).json
    answer = interface.ask(f"{path}?format=csv")
    assert answer.body.startswith(b"\xef\xbb\xbf")
    table = [*csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"), newline=""))]
    assert len(table) == len(rows["items"])
    for line, row in zip(table, rows["items"], strict=True):
        assert line.pop("stamp") == rows["stamp"]
        assert line == {name: as_cell(value) for name, value in row.items()}
    assert "演示数据" in rows["stamp"] and rows["snapshot_id"] in rows["stamp"]


def as_cell(value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def test_no_text_of_a_table_is_worked_out_as_a_formula(interface):
    names = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "＝1+1", "平常的店"]
    shops = replace(BY_PATH["gaps/shops"], columns={"name": BY_PATH["gaps/shops"].columns["name"]})
    asked = question({"page": 1, "size": 100}, EVERYTHING)
    content = answers.written(shops, asked, "csv", pd.DataFrame({"name": names}), None)
    found = [row["name"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]
    assert [name.startswith("'") for name in found] == [*[True] * 7, False]


@pytest.mark.parametrize("path", PLACED)
def test_geojson_opens_in_gdal_with_the_same_rows(path, interface):
    rows = interface.rows(f"{path}?size=1000")
    layer = gpd.read_file(io.BytesIO(interface.ask(f"{path}?size=1000&format=geojson").body))
    assert layer.crs.to_epsg() == 4326
    assert {"geometry", *rows[0]} <= set(layer.columns)
    assert len(layer) == len(rows)
    assert (layer.geometry.is_valid | layer.geometry.isna()).all()
    first = next(iter(rows[0]))
    assert layer[first].astype(str).tolist() == [str(row[first]) for row in rows]
    inside = layer.geometry.dropna()
    assert len(inside)
    west, south, east, north = inside.total_bounds
    assert 117 < west < east < 121 and 33 < south < north < 36


def test_gdal_reads_an_address_with_a_token(interface):
    pyogrio.set_gdal_config_options(
        {"GDAL_HTTP_HEADERS": f"Authorization: Bearer {interface.token}"}
    )
    try:
        layer = pyogrio.read_dataframe(f"{interface.root}/areas?format=geojson")
    finally:
        pyogrio.set_gdal_config_options({"GDAL_HTTP_HEADERS": None})
    assert len(layer) == 10
    assert set(layer.geom_type) <= {"Polygon", "MultiPolygon"}


def test_a_row_without_a_place_stays_without_a_shape(interface):
    where = BY_PATH["gaps/shops"].places
    assert where is not None
    rows = pd.DataFrame({"lon": [119.2, None], "lat": [34.6, None]})
    assert [place is None for place in where(rows)] == [False, True]
