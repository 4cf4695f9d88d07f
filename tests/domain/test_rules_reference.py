"""Every row of the notice's taxonomy, targets, kinds and rules is checked against the others."""

import re
import tomllib
from collections import Counter
from datetime import date, timedelta

from domain import dispute_rules, owners, rules, states, working_days
from domain.reference import DATA, records, table
from loaders.kinds import KINDS
from loaders.reading import owner_names
from loaders.reading.cell_parsing import plain
from tests.support.reference_rows import GEOGRAPHIC, problems
from ui import menu

STATUSES = {"已确认", "待确认"}
FIELDS = set(table("fields")["field_id"])
SCENARIOS = table("scenarios").set_index("scenario_id")
TASKS_BEYOND_SCENARIOS = {"X1", "X2"}  # publicity; public opinion
CARRIERS = {"区域型", "机构型", "线路型", "线上型"}
OWNER_KINDS = {"县区", "功能板块", "成员单位", "办公室", "试点银行"}
UNITS = set(table("units")["unit_id"])
CLAUSE = re.compile(r"[一二三四五]（[一二三四五六七八九十]+）")


def listed(cell):
    return [item for item in cell.split(";") if item]


def check_fields(row):
    assert re.fullmatch(r"F[1-8]", row.field_id)
    assert row.field
    assert CLAUSE.match(row.clause)


def check_scenarios(row):
    assert re.fullmatch(r"F[1-8]-\d{2}", row.scenario_id)
    assert row.field_id in FIELDS and row.scenario_id.startswith(row.field_id)
    assert row.scenario
    assert row.carrier in CARRIERS | {"商户型", "业务型"}
    assert row.source in {"正文二", "附件2"}


def check_tasks(row):
    assert 1 <= int(row.task_no) <= 30
    assert row.task and row.lead_unit
    assert listed(row.scenario_ids)
    assert set(listed(row.scenario_ids)) <= {*SCENARIOS.index, *TASKS_BEYOND_SCENARIOS}


def check_targets(row):
    assert re.fullmatch(r"T\d{2}", row.target_id)
    assert row.target and row.measure
    assert all(CLAUSE.match(clause) for clause in listed(row.clause)) and row.clause
    assert listed(row.owner_kinds)
    assert row.due in {"", "monthly"} or date.fromisoformat(row.due)


def check_phases(row):
    assert re.fullmatch(r"P\d", row.phase_id)
    assert row.phase
    assert row.end == "" or row.start <= row.end


def check_venue_kinds(row):
    assert re.fullmatch(r"K\d{2}", row.kind_id)
    assert row.kind and row.owner and row.source
    assert row.tier in {"A1", "A2", "B", "C"}
    assert row.carrier in CARRIERS
    assert row.scenario_id in SCENARIOS.index
    assert bool(row.links) == (row.carrier != "区域型")
    assert set(listed(row.links)) <= set(SCENARIOS.index)
    assert len(listed(row.links)) == len(set(listed(row.links)))


def check_operators(row):
    assert re.fullmatch(r"[A-Z]+", row.operator_id)
    assert row.operator and listed(row.aliases)
    assert row.kind in {"指定运营机构", "参与机构"}


def check_indicators(row):
    assert re.fullmatch(r"[a-z_]+", row.indicator_id)
    assert row.indicator and row.unit and listed(row.aliases)
    assert row.kind in {"期末数", "当月数"}
    assert row.per_person in {"0", "1"}


def check_columns(row):
    assert row.kind in KINDS
    assert re.fullmatch(r"[a-z_]+", row.column)
    assert row.label
    assert row.required in {"0", "1"}
    assert row.type in {
        "text", "number", "integer", "date", "month", "boolean", "crs", "operator", "scenario",
        "venue_kind", "indicator", "grade", "owner", "owners", "filing_kind", "task", "city",
        "measure", "status",
    }  # fmt: skip


def check_column_help(row):
    assert row.kind in KINDS
    assert re.fullmatch(r"[a-z_]+", row.column)
    assert row.help and not row.help.endswith("。")
    assert len(row.example.split(";")) <= 2


def check_units(row):
    assert re.fullmatch(r"OFFICE|U\d{2}", row.unit_id)
    assert row.unit and len(listed(row.aliases)) == len(set(listed(row.aliases)))
    assert row.kind == ("办公室" if row.unit_id == "OFFICE" else "成员单位")
    assert row.industry in {"0", "1"}
    assert row.status in STATUSES


def check_unit_names(row):
    assert row.unit_id in UNITS
    assert row.name and row.source
    assert row.start or row.end
    assert not (row.start and row.end) or row.start <= row.end
    assert all(date.fromisoformat(day) for day in (row.start, row.end) if day)
    assert row.status in STATUSES


def check_filing_kinds(row):
    assert re.fullmatch(r"[A-Z_]+", row.kind_id)
    assert row.kind and row.about and listed(row.aliases)


def check_target_items(row):
    assert row.target_id in set(table("targets")["target_id"])
    assert row.item
    assert row.filing_kind in set(table("filing_kinds")["kind_id"])
    assert row.owed_by in OWNER_KINDS


def check_province_cities(row):
    assert re.fullmatch(r"32\d{2}", row.city_code)
    assert row.city.endswith("市")


def check_province_measures(row):
    assert re.fullmatch(r"[a-z]+", row.measure_id)
    assert row.measure and row.unit and listed(row.aliases)


def check_statements(row):
    assert re.fullmatch(r"S\d{2,3}", row.number) and re.fullmatch(r"[a-z_]+", row.key)
    assert row.label and row.unit and row.how and row.clause
    assert row.page in {f"/{entry.path}" for entry in menu.entries()}


def check_statuses(row):
    assert row.status_id in {"live", "contracted", "opened", *states.ENDED}
    assert row.status and listed(row.aliases)


def check_radicals(row):
    assert "\u2e80" <= row.radical <= "\u2eff"
    assert len(row.character) == 1 and not "\u2e80" <= row.character <= "\u2fdf"


def check_ui_words(row):
    assert row.english.strip() and row.chinese.strip() and row.english != row.chinese
    placeholders = re.compile(r"\{\w*\}")
    assert {*placeholders.findall(row.chinese)} <= {*placeholders.findall(row.english)}


def check_tour_steps(row):
    assert row.place[0] in ".[" and row.title and row.text.endswith("。")


def check_readings(row):
    assert row.phrase and row.note
    assert row.initials == "".join(syllable[0] for syllable in row.pinyin.split())
    assert len(row.initials) == len(row.phrase)


def check_traditional(row):
    assert len(row.traditional) == len(row.simplified) == 1
    assert not row.traditional.encode("gb2312", "ignore")  # a character that is simplified, too
    assert row.simplified.encode("gb2312")


def check_headings(row):
    assert re.fullmatch(r"[a-z_]+", row.column) and row.heading
    assert row.format in {
        "text", "long", "note", "integer", "number", "percent", "points", "date", "month",
        "light",
    }  # fmt: skip


def check_dispute_reasons(row):
    assert re.fullmatch(r"[a-z_]+", row.reason_id) and row.reason and row.about
    assert row.kind in dispute_rules.KINDS
    assert row.effect in {
        "closed", "unverified", "ineligible", "same_shop", "place", "delisted", "listed",
        "denominator", "withdrawn", "figure", "none",
    }  # fmt: skip


def check_holidays(row):
    day = date.fromisoformat(row.day)
    assert row.sort in {working_days.FREE, working_days.WORKED}
    assert row.holiday and re.fullmatch(r"国办发明电〔20\d\d〕\d+号", row.source)
    assert str(day.year - 1) in row.source  # a year's notice comes in the year before
    assert row.sort == working_days.FREE or day.weekday() >= 5


def check_definitions(row):
    assert row.name and row.clause
    known = set(rules.table()["rule_id"])
    assert set(re.findall(r"\{(\w+)", row.definition)) <= known


CHECKS = {
    "fields": check_fields,
    "scenarios": check_scenarios,
    "tasks": check_tasks,
    "targets": check_targets,
    "phases": check_phases,
    "venue_kinds": check_venue_kinds,
    "operators": check_operators,
    "indicators": check_indicators,
    "columns": check_columns,
    "column_help": check_column_help,
    "units": check_units,
    "unit_names": check_unit_names,
    "filing_kinds": check_filing_kinds,
    "target_items": check_target_items,
    "province_cities": check_province_cities,
    "province_measures": check_province_measures,
    "statements": check_statements,
    "definitions": check_definitions,
    "dispute_reasons": check_dispute_reasons,
    "holidays": check_holidays,
    "headings": check_headings,
    "radicals": check_radicals,
    "readings": check_readings,
    "ui_words": check_ui_words,
    "tour_steps": check_tour_steps,
    "statuses": check_statuses,
    "traditional": check_traditional,
}


KEYS = {  # table: its key, and how many rows the notice or the reference has
    "fields": ("field_id", 8),
    "scenarios": ("scenario_id", 81),
    "tasks": ("task_no", 30),
    "targets": ("target_id", 14),
    "phases": ("phase_id", 5),
    "venue_kinds": ("kind_id", 15),
    "operators": ("operator_id", 12),
    "indicators": ("indicator_id", 10),
    "units": ("unit_id", 31),
    "filing_kinds": ("kind_id", 16),
    "province_cities": ("city_code", 13),
    "province_measures": ("measure_id", 3),
}
ALIASED = {  # table: its code and its label, beside which its aliases stand
    "operators": ("operator_id", "operator"),
    "indicators": ("indicator_id", "indicator"),
    "filing_kinds": ("kind_id", "kind"),
    "province_measures": ("measure_id", "measure"),
}


def test_every_row_is_sound():
    assert problems(CHECKS) == []


def test_every_reference_table_is_checked():
    tables = {path.stem for path in (DATA / "reference").glob("*.csv")}
    assert tables == {*CHECKS, *GEOGRAPHIC}


def test_ids_are_unique_and_all_there():
    found = {name: (key, table(name)[key].nunique()) for name, (key, _) in KEYS.items()}
    assert found == KEYS
    assert {name: len(table(name)) for name in KEYS} == {name: n for name, (_, n) in KEYS.items()}


def test_numbers_run_without_gaps():
    assert table("targets")["target_id"].to_list() == [f"T{n:02}" for n in range(1, 15)]
    assert table("tasks")["task_no"].to_list() == [str(n) for n in range(1, 31)]
    for field_id, scenarios in table("scenarios").groupby("field_id"):
        expected = [f"{field_id}-{n:02}" for n in range(1, len(scenarios) + 1)]
        assert scenarios["scenario_id"].to_list() == expected


def test_phases_follow_each_other_day_by_day_and_the_last_is_open():
    phases = table("phases")
    ends, starts = phases["end"].to_list(), phases["start"].to_list()
    for end, start in zip(ends[:-1], starts[1:], strict=True):
        assert date.fromisoformat(end) + timedelta(days=1) == date.fromisoformat(start)
    assert ends[-1] == ""


def test_a_header_means_one_column_of_its_kind():
    for kind, columns in table("columns").groupby("kind"):
        names = [
            name
            for row in columns.itertuples()
            for name in {row.column, row.label, *listed(row.synonyms)}
        ]
        assert len(names) == len(set(names)), kind


def test_an_alias_names_one_bank_indicator_kind_or_measure():
    names = [
        (table_name, name)
        for table_name, (code, label) in ALIASED.items()
        for row in records(table_name)
        for name in {row[code], row[label], *listed(row["aliases"])}
    ]
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_a_name_of_an_owner_is_one_owner_s_however_it_is_written():
    meant = {}
    for name, owner_id in owners.aliases().items():
        for written in (name, *owner_names.otherwise(plain(name))):
            meant.setdefault(plain(written), set()).add(owner_id)
    assert {name: ids for name, ids in meant.items() if len(ids) > 1} == {}


def test_units_are_those_of_annex_1_and_lead_the_30_tasks():
    units = table("units")
    assert units["unit_id"].to_list() == ["OFFICE", *(f"U{n:02}" for n in range(1, 31))]
    assert set(table("tasks")["lead_unit"]) == set(units["unit"]) - {"领导小组办公室"}


def test_the_names_of_a_unit_follow_each_other_day_by_day():
    for unit_id, names in table("unit_names").groupby("unit_id"):
        ends, starts = names["end"].to_list(), names["start"].to_list()
        assert (starts[0], ends[-1]) == ("", ""), unit_id
        for end, start in zip(ends[:-1], starts[1:], strict=True):
            assert date.fromisoformat(end) + timedelta(days=1) == date.fromisoformat(start)
        unit = table("units").set_index("unit_id").loc[unit_id, "unit"]
        assert names["name"].iloc[0] == unit, "units.csv has the name of the notice"


def test_kinds_of_venues_and_of_filings_have_no_id_in_common():
    kinds = {*table("venue_kinds")["kind_id"]}, {*table("filing_kinds")["kind_id"]}
    assert kinds[0].isdisjoint(kinds[1])


# ---- rules ------------------------------------------------------------------------------------


def test_every_rule_has_its_meaning_clause_and_status():
    table = rules.table()
    assert set(table) == {"rule_id", "value", "unit", "meaning", "clause", "status"}
    written = table["meaning"].fillna("").ne("") & table["clause"].fillna("").ne("")
    problems = table[~(written & table["status"].isin(STATUSES))]
    assert problems["rule_id"].to_list() == []


def test_rules_are_the_files_and_carry_a_version():
    text = (DATA / "reference" / "rules.toml").read_text(encoding="utf-8")
    assert set(rules.table()["rule_id"]) == set(tomllib.loads(text)) - {"version"}
    assert re.fullmatch(r"\d{4}\.\d{2}-\d+", rules.VERSION)


def test_thresholds_are_of_a_sensible_size_and_order():
    shares = ("full_coverage_share", "near_share", "county_covered_share")
    assert all(0 < rules.number(name) < 1 for name in shares)
    assert 0 < rules.number("in_step_gap") < rules.number("behind_gap") < 1
    days = [rules.count(f"{name}_days") for name in ("active", "payment_valid", "inspection_valid")]
    assert days == sorted(days), "active must imply verified"
    assert rules.day("pace_start") < rules.day("pace_due")


def test_the_target_day_of_the_pace_is_that_of_t06():
    targets = table("targets").set_index("target_id")
    assert targets.loc["T06", "due"] == rules.day("pace_due").isoformat()
