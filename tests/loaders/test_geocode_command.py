"""``python -m loaders geocode``: the sender's rows, in order, with the place of each."""

import json

import pandas as pd
import pytest

from loaders.__main__ import main
from loaders.address_files import ANSWER
from tests.support.bank_files import FORMATS, write

HEADER = ["序号", "名称", "地址", "经度", "纬度", "坐标系", "county", "备注"]
ROWS = [
    ["1", "甲店", "海州区新浦街道海连中路1号", "", "", "", "灌南县", "=1+1"],
    ["2", "", "", "", "", "", "", ""],
    ["3", "乙店", "", "119.375711", "34.764607", "BD09", "", "a,b"],
    ["4", "丙店", "徐州市云龙区解放路1号", "", "", "", "", ""],
    ["5", "丁店", "", "东经", "34.7", "", "", ""],
]


@pytest.fixture
def run(tmp_path, capsys):
    def command(path, *options):
        out = tmp_path / "答.csv"
        code = main(["geocode", str(path), "--out", str(out), *options])
        printed, message = capsys.readouterr()
        if code:
            return None, message
        answer = json.loads(printed)
        frame = pd.read_csv(out, dtype=str, keep_default_na=False)
        assert answer["rows"] == len(frame) == sum(answer["located_by"].values())
        return frame, message

    return command


@pytest.mark.parametrize("form", FORMATS)
def test_every_row_is_answered_in_order_beside_its_own_cells(run, tmp_path, form):
    frame, _ = run(write(tmp_path / "问", [HEADER, *ROWS], form))
    mine = ["序号", "名称", "地址", "经度", "纬度", "坐标系", "input_county", "备注"]
    assert list(frame.columns) == [*mine, *ANSWER]
    assert frame[mine].to_numpy().tolist() == ROWS
    assert frame["county"].tolist()[:3] == ["海州区", "", "连云区"]
    assert frame["method"].tolist()[1] == "none"
    assert "徐州" in frame["reason"][3]


def test_columns_of_the_same_names_are_kept_under_another(run, tmp_path):
    header = ["name", "address", "lon", "lat", "crs", "town", "reason"]
    rows = [["甲", "赣榆区青口镇", "119.1225", "34.8409", "WGS84", "牛山街道", "x"]]
    frame, _ = run(write(tmp_path / "问", [header, *rows], "csv-utf8"))
    assert list(frame.columns[:7]) == [
        "name", "address", "input_lon", "input_lat", "crs", "input_town", "input_reason",
    ]  # fmt: skip
    assert frame["town"].item() == "青口镇"
    assert float(frame["lon"].item()) == pytest.approx(119.1225)


def test_what_the_file_says_of_county_and_town_is_no_evidence(run, tmp_path):
    rows = [["甲店", "人民路1号", "灌南县", "新安镇"]]
    frame, _ = run(write(tmp_path / "问", [["名称", "地址", "县区", "乡镇"], *rows], "csv-utf8"))
    assert frame[["county", "town", "method"]].iloc[0].tolist() == ["", "", "none"]


@pytest.mark.parametrize("crs", ["bd09", "gcj02", "wgs84"])
def test_the_option_speaks_for_rows_that_state_no_system(run, tmp_path, crs):
    header = ["名称", "lon", "lat", "crs"]
    rows = [["甲", "119.2", "34.6", ""], ["乙", "119.2", "34.6", crs]]
    frame, _ = run(write(tmp_path / "问", [header, *rows], "csv-utf8"), "--crs", crs)
    assert frame["lon"][0] == frame["lon"][1] != ""
    bare, _ = run(
        write(tmp_path / "问", [r[:3] for r in (header, *rows)], "csv-utf8"), "--crs", crs
    )
    assert bare["lon"].tolist() == frame["lon"].tolist()


def test_a_point_without_system_is_answered_with_a_reason(run, tmp_path):
    header, *rows = [["名称", "经度", "纬度"], ["甲", "119.2", "34.6"]]
    frame, _ = run(write(tmp_path / "问", [header, *rows], "csv-utf8"))
    assert "坐标系" in frame["reason"].item() and frame["lon"].item() == ""


def test_a_file_without_anything_to_place_is_refused(run, tmp_path):
    frame, message = run(write(tmp_path / "问", [["编号", "县区"], ["1", "海州区"]], "csv-utf8"))
    assert frame is None
    assert "没有名称、地址或经纬度列，表头是：“编号”、“县区”" in message
