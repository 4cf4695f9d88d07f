"""A tiny second city: a folder that stands for data/, with two real counties and invented facts.

What the notice says is copied with the other city's name put in; where things are is written here.
The towns and their seats (to some kilometres) are real; no venue and no shop is.
"""

import shutil
from pathlib import Path

from domain.reference import DATA

CITY = """
name = "盐城市"
short_name = "盐城"
province = "江苏省"
province_short = "江苏"
dashboard = "盐城数字人民币场景覆盖看板"
notice = "盐政办发〔2023〕0号"
metric_crs = "EPSG:4549"
map_centre = [34.1, 119.9]
map_zoom = 9
map_approval = "苏S（2026）9号"
"""
TABLES = {  # every table of places and owners; those with a heading alone are empty
    "counties": """county_code,name,short_name,kind,former_names,population_2020,population_note
320921,响水县,响水,县,,400000,invented
320922,滨海县,滨海,县,,700000,invented
""",
    "towns": """town_code,name,county_code,county,kind,statutory,zone,aliases,seat_lon,seat_lat,seat_precision_km,basis,west,south,east,north,short_name,alone,matched
320921100,响水镇,320921,响水县,镇,1,,,119.58,34.20,2,rounded,,,,,,0,1
320921102,小尖镇,320921,响水县,镇,1,,,119.70,34.12,5,rounded,,,,,小尖,0,1
320922001,东坎街道,320922,滨海县,街道,1,,东坎镇,119.83,33.99,2,rounded,,,,,东坎,1,1
320922107,正红镇,320922,滨海县,镇,1,,,,,,,,,,,,0,1
""",
    "zones": "zone_id,name,full_name,former_or_other_names,member_towns,basis,status,short_names,alone\n",
    "villages": "village_code,name,town_code,county_code\n320921100201,示例村委会,320921100,320921\n",
    "former_places": "name,kind,former_county,county_code,town_code,seat_town_code,until,status,source\n",
    "division_codes": "code,name,until,status,source\n",
    "landmarks": "name,aliases,county_code,town_code,kind,alone,status,source\n",
    "namesake_towns": "name,elsewhere,status,source\n",
    "neighbours": "county_code,name,city\n",
    "waters": "name,kind,lon,lat,source\n",
    "other_places": "code,name,level\n",
    "operators": """operator_id,operator,aliases,kind
ICBC,工商银行,中国工商银行;工行,指定运营机构
ABC,农业银行,中国农业银行;农行,指定运营机构
""",
}  # fmt: skip
AROUND = {  # the same, with what lies around it
    "neighbours": "county_code,name,city\n320724,灌南县,连云港市\n",
    "other_places": "code,name,level\n320700,连云港市,地级\n320706,海州区,县级\n",
}


def build(folder: Path, *, around: bool) -> Path:
    """Write the second city into `folder`; `around` says whether it knows the places around."""
    reference = folder / "reference"
    reference.mkdir(parents=True)
    for path in (DATA / "reference").iterdir():
        if path.stem in TABLES or path.name == "rules.toml":
            continue
        text = (
            path.read_text(encoding="utf-8").replace("连云港", "盐城").replace("海州区", "响水县")
        )
        (reference / path.name).write_text(text.replace("赣榆区", "滨海县"), encoding="utf-8")
    shutil.copy(DATA / "reference" / "rules.toml", reference)
    (reference / "city.toml").write_text(CITY, encoding="utf-8")
    for name, text in (TABLES | (AROUND if around else {})).items():
        (reference / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder
