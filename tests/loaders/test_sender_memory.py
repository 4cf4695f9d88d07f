"""What a sender's files mean is asked once: remembered, recognised, and a change is pointed out."""

import json

import pytest

from domain.visitors import clerk
from loaders import intake
from loaders.__main__ import main
from loaders.kinds import KINDS
from loaders.reading import opened_tables
from loaders.senders import sender_memory
from loaders.senders.sender_memory import Reading
from store import snapshot_store
from tests.support.bank_files import AS_AT, HEADER, ROWS, write

OWN = ["户号", "店招", "门牌", "签约时间", "行当"]  # a bank's own words for its columns
MEANT = {
    "户号": "merchant_id", "店招": "name", "门牌": "address", "签约时间": "contracted_on",
    "行当": "scenario_id",
}  # fmt: skip
SHOPS = [
    ["S1", "海连便利店", "海州区新浦街道海连中路1号", "2024-03-05", "菜场生意"],
    ["S2", "墟沟小吃", "连云区墟沟街道中华西路2号", "2024-03-06", "菜场生意"],
]
BANK = "工商银行"


@pytest.fixture
def home(tmp_path):
    return snapshot_store.Store(tmp_path / "store")


def opened(home, path, **options):
    known = sender_memory.recall(home.ledger, BANK)
    return opened_tables.opened([path], known=known, sender=BANK, as_at=AS_AT, **options)


def confirmed(home, path, meant=MEANT, crs=None, whole=False):
    """The file read as a person says, and remembered."""
    one = opened_tables.read_as(opened(home, path, guess=True)[0], meant)
    reading = Reading(one.source.layout.kind, sender_memory.columns(one.source.layout), crs, whole)
    sender_memory.confirm(home.ledger, BANK, reading, clerk("甲"))
    return one


@pytest.fixture
def sent(tmp_path):
    return write(tmp_path / "一月", [OWN, *SHOPS], "csv-gbk")


def test_headers_of_the_sender_s_own_are_asked_once(home, tmp_path, sent):
    first = opened(home, sent, guess=True, kind="merchants")[0]
    assert "第一次收到“工商银行”的“受理点”文件" in first.questions[0]
    sender_memory.confirm(
        home.ledger, BANK, Reading("merchants", MEANT, None, whole=False), clerk("甲")
    )
    next_month = write(tmp_path / "二月", [OWN, *SHOPS], "xlsx")
    again = opened(home, next_month)[0]
    assert again.questions == ()
    assert {h: again.source.layout.written(c) for h, c in MEANT.items()} == {h: h for h in OWN}
    assert set(again.source.layout.headers["how"]) == {"confirmed"}


def test_what_is_remembered_is_the_sender_s_alone(home, sent):
    confirmed(home, sent, MEANT)
    assert sender_memory.recall(home.ledger, "农业银行").readings == ()


def test_columns_that_came_and_went_are_pointed_out(home, tmp_path, sent):
    confirmed(home, sent)
    changed = [[*OWN[:3], "签约日", "行当"], *SHOPS]
    one = opened(home, write(tmp_path / "二月", changed, "xlsx"))[0]
    assert one.questions == (
        "“受理点”文件里新出现的列：“签约日”",
        "“受理点”文件里上次有、这次没有的列：“签约时间”",
    )
    layout = one.source.layout
    assert layout.written("name") == "店招"  # the rest is read as before


def test_columns_in_another_order_are_the_same_shape(home, tmp_path, sent):
    confirmed(home, sent)
    turned = [list(reversed(row)) for row in [OWN, *SHOPS]]
    assert opened(home, write(tmp_path / "二月", turned, "csv-utf8"))[0].questions == ()


def test_a_column_that_a_person_left_out_stays_out(home, tmp_path, sent):
    confirmed(home, sent, MEANT | {"行当": ""})
    columns = opened(home, write(tmp_path / "二月", [OWN, *SHOPS], "xlsx"))[0].source.layout.columns
    assert "scenario_id" not in columns


def test_our_own_headers_need_nobody(home, tmp_path):
    labels = KINDS["merchants"].labels
    header = [labels[name] for name in ("merchant_id", "name", "address")]
    path = write(tmp_path / "模板", [header, ["S1", "甲店", "海州区新浦街道"]], "xlsx")
    assert opened(home, path)[0].questions == ()


@pytest.mark.parametrize("header", [["户号", "门脸", "签约日期"], ["名称", "高德东边", "签约日期"]])
def test_columns_that_nobody_knows_are_asked_about_the_first_time(home, tmp_path, header):
    path = write(tmp_path / "一月", [header, ["S1", "甲店", "2024-03-05"]], "xlsx")
    assert opened(home, path, kind="merchants", guess=True)[0].questions != ()


def test_synonyms_are_confirmed_the_first_time(home, tmp_path):
    path = write(tmp_path / "一月", [HEADER, *ROWS], "xlsx")
    assert opened(home, path)[0].questions != ()


def test_a_word_is_told_once(home, tmp_path, sent):
    one = confirmed(home, sent)
    found = intake.assess([one], store=home, sender=BANK)
    assert found.unknown_words.to_dict("records") == [
        {"type": "scenario", "word": "菜场生意", "rows": 2}
    ]
    assert found.counts()["in_review"] == 2
    sender_memory.teach(home.ledger, BANK, "scenario", {"菜场生意": "F2-12"}, clerk("甲"))
    found = intake.assess([one], store=home, sender=BANK)
    assert set(found.accepted["scenario_id"]) == {"F2-12"}
    assert found.unknown_words.empty and found.counts()["in_review"] == 0
    assert intake.assess([one], store=home, sender="农业银行").counts()["in_review"] == 2


def test_a_word_that_stands_for_nothing_is_left_blank(home, sent):
    one = confirmed(home, sent)
    sender_memory.teach(home.ledger, BANK, "scenario", {"菜场生意": ""}, clerk("甲"))
    found = intake.assess([one], store=home, sender=BANK)
    assert found.accepted["scenario_id"].isna().all()
    assert found.unknown_words.empty and found.counts()["in_review"] == 0


def test_a_bank_s_rows_without_a_bank_are_the_bank_s(home, sent):
    found = intake.assess([confirmed(home, sent)], store=home, sender=BANK)
    assert set(found.accepted["operator_id"]) == {"ICBC"}


@pytest.mark.parametrize("written", ["工行", "中国工商银行连云港分行", " 工商银行 "])
def test_a_bank_is_one_sender_however_it_is_written(written):
    assert sender_memory.named(written) == BANK


def test_a_department_keeps_its_name():
    assert sender_memory.named(" 市商务局 ") == "市商务局"
    assert sender_memory.operator_of("市商务局") is None


# ---- the command line asks nobody --------------------------------------------------------------


@pytest.fixture
def run(home, use_store, capsys):
    use_store(home.path)

    def command(*arguments):
        code = main([*map(str, arguments), "--as-at", AS_AT.isoformat()])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return command


def test_the_command_reads_as_remembered(run, home, tmp_path, sent):
    confirmed(home, sent)
    path = write(tmp_path / "二月", [OWN, *SHOPS], "xlsx")
    code, answer, err = run("import", path, "--sender", "工行")
    assert (code, answer["accepted"], answer["published"]) == (0, 2, True), err
    last = home.in_force(home.current())[-1]
    assert (last.sender, last.counts["rows"]) == (BANK, 2)


def test_the_command_refuses_what_a_person_must_confirm(run, home, tmp_path, sent):
    path = write(tmp_path / "来件", [HEADER, *ROWS], "xlsx")
    code, answer, err = run("import", path, "--sender", BANK)
    assert (code, answer) == (1, None)
    assert "第一次收到“工商银行”" in err and "数据导入" in err
    assert home.current() is None


def test_the_command_refuses_a_changed_shape(run, home, tmp_path, sent):
    confirmed(home, sent)
    path = write(tmp_path / "二月", [[*OWN, "备注"], *[[*row, ""] for row in SHOPS]], "xlsx")
    code, _, err = run("import", path, "--sender", BANK)
    assert code == 1 and "新出现的列：“备注”" in err


def test_the_command_takes_the_remembered_coordinate_system(run, home, tmp_path):
    header = ["户号", "店招", "门牌", "东经", "北纬"]
    rows = [["S1", "甲店", "赣榆区青口镇黄海路3号", "119.1225", "34.8409"]]
    meant = dict(zip(header, ["merchant_id", "name", "address", "lon", "lat"], strict=True))
    confirmed(home, write(tmp_path / "一月", [header, *rows], "xlsx"), meant, crs="gcj02")
    code, answer, err = run("import", tmp_path / "一月.xlsx", "--sender", BANK)
    assert (code, answer["files"][0]["crs"]) == (0, "gcj02"), err


def test_a_header_that_is_only_alike_needs_a_person(run, tmp_path):
    rows = [["商户编码号", "商户名称", "地址"], ["1", "甲", "海州区"]]
    code, _, err = run("import", write(tmp_path / "来件", rows, "xlsx"))
    assert code == 1 and "要有人核对" in err
