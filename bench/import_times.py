"""Import of 100,000 rows of XLSX, stage by stage, beside a bare calamine read of the same file.

Then what it takes to assess a messy file of as many rows a month later, against all of those.

``python -m bench.import_times``. Geocoding has a benchmark of its own: it is shown, and left out of
the ratio. Processor time is of all cores, so a stage on two of them may take more of it than wall.
"""

import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from domain import reference
from domain.visitors import clerk
from loaders import intake
from loaders.assessment import Assessment
from loaders.reading import opened_tables
from store import snapshot_store
from store.step_progress import Progress

ROWS = 100_000
HEADER = [
    "商户编号", "银行", "商户名称", "经营地址", "经度", "纬度", "坐标系", "县区", "行业",
    "签约日期", "开通日期", "最近巡检日期", "最近交易日期", "是否公共收银点",
]  # fmt: skip
TOP = ["附件2：受理点明细表（保密）"]
GROUPS = ["商户信息", "", "", "", "坐标", "", "属性", "", "进度", "", "", "", "其他"]
MESSY = [
    "商户\n编号", "银行", "商户名称(必填)", "经营地址", "经度", "纬度", "所属县区", "行业",
    "签约日期", "开通日期", "最近巡检日期", "最近交易日期", "公共收银台",
]  # fmt: skip
BANK = "工商银行"
GEOCODING = "定位"
ROADS = ["海连中路", "人民东路", "建设巷", "黄海大道", "南京路"]
TOWNS = reference.table("towns").query("seat_lon != ''").to_dict("records")
SCENARIOS = reference.table("scenarios")["scenario"].tolist()
COUNTIES = reference.table("counties")["name"].tolist()
START = date(2024, 1, 1)
FIRST, SECOND = date(2026, 1, 31), date(2026, 2, 28)  # the days that the two files speak for
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def run() -> None:
    """Print the bare read, the first month's import, and what assessing the second takes."""
    with tempfile.TemporaryDirectory() as folder:
        home = snapshot_store.Store(Path(folder) / "store")
        clock = _Clock()
        path = Path(folder) / "一月.xlsx"
        _write(path, clean, HEADER)
        _first(path, home, clock)
        path = Path(folder) / "二月.xlsx"
        _write(path, _messy, TOP, GROUPS, MESSY)
        _second(path, home, clock)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process: {peak:,.0f} MB")


def _first(path: Path, home: snapshot_store.Store, clock: "_Clock") -> None:
    """A clean file into an empty store: everything an import does."""
    print(f"# importing: {ROWS:,} rows, {len(HEADER)} columns, {_megabytes(path):.1f} MB of XLSX")
    bare = _bare(path, clock)
    stages = _stages(
        clock,
        lambda progress: intake.publish(
            _assess(path, FIRST, home, progress), home, clerk(BANK), progress
        ),
    )
    _table(stages)
    rest = _sum(one for stage, one in stages.items() if stage != GEOCODING)
    _line("import less geocoding", rest)
    ratios = [rest_s / bare_s for rest_s, bare_s in zip(rest, bare, strict=True)]
    print(f"import less geocoding ÷ bare read: {ratios[0]:.1f} (cpu {ratios[1]:.1f})")


def _second(path: Path, home: snapshot_store.Store, clock: "_Clock") -> None:
    """Next month's messy file beside what is published: everything before 发布."""
    print(f"# assessing: {ROWS:,} messy rows against {ROWS:,} published, {_megabytes(path):.1f} MB")
    _bare(path, clock)
    found = []
    _table(_stages(clock, lambda progress: found.append(_assess(path, SECOND, home, progress))))
    counts = found[0].counts()
    changes = found[0].changes["merchants"]["change"].value_counts().to_dict()
    print({name: counts[name] for name in ("rows", "accepted", "rejected", "in_review")}, changes)
    print(f"pairs that may be one shop: {len(found[0].duplicates):,}")


def _assess(path: Path, day: date, home: snapshot_store.Store, progress: Progress) -> Assessment:
    opened = opened_tables.opened([path], as_at=day, progress=progress)
    return intake.assess(opened, "bd09", store=home, sender=BANK, progress=progress)


def _bare(path: Path, clock: "_Clock") -> tuple[float, float]:
    print(f"{'':24}{'wall s':>8}{'cpu s':>8}")
    clock.lap()
    CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    bare = clock.lap()
    _line("bare calamine read", bare)
    return bare


def _table(stages: dict[str, tuple[float, float]]) -> None:
    for stage, seconds in stages.items():
        _line(stage, seconds)
    _line("whole", _sum(stages.values()))


def _megabytes(path: Path) -> float:
    return path.stat().st_size / 1e6


class _Clock:
    """Wall and processor seconds since the last lap."""

    def __init__(self) -> None:
        self._last = self._now()

    def lap(self) -> tuple[float, float]:
        last, self._last = self._last, self._now()
        return self._last[0] - last[0], self._last[1] - last[1]

    @staticmethod
    def _now() -> tuple[float, float]:
        return time.perf_counter(), time.process_time()


def _stages(clock: "_Clock", work: Callable[[Progress], object]) -> dict[str, tuple[float, float]]:
    """Seconds of each stage, by the reports of progress; a stage lasts until the next report."""
    laps: dict[str, list[tuple[float, float]]] = {}
    running = "准备"
    clock.lap()

    def progress(stage: str, share: float) -> None:
        nonlocal running
        laps.setdefault(running, []).append(clock.lap())
        running = stage

    work(progress)
    return {stage: _sum(parts) for stage, parts in laps.items()}


def _sum(parts: Iterable[tuple[float, float]]) -> tuple[float, float]:
    wall, cpu = zip(*parts, strict=True)
    return sum(wall), sum(cpu)


def _line(name: str, seconds: tuple[float, float]) -> None:
    width = 24 - sum(ord(letter) > 0x2E80 for letter in name)
    print(f"{name:{width}}{seconds[0]:8.2f}{seconds[1]:8.2f}")


def _write(path: Path, row: Callable[[int], list], *tops: list) -> None:
    """A workbook of `ROWS` rows below the lines of `tops`; the same every time."""
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("受理点")
        for line, top in enumerate(tops):
            sheet.write_row(line, 0, top)
        for number in range(ROWS):
            sheet.write_row(len(tops) + number, 0, row(number))


def clean(number: int) -> list:
    """A row of a tidy file: seven in ten shops have a point, dates come in four shapes."""
    draw = random.Random(number)
    signed = START + timedelta(days=draw.randrange(600))
    town, road = draw.choice(TOWNS), draw.choice(ROADS)
    point = [
        float(town["seat_lon"]) + draw.random() / 50,
        float(town["seat_lat"]) + draw.random() / 50,
    ]
    inspected = signed + timedelta(days=draw.randrange(150))
    return [
        f"S{number:06d}", "中国工商银行连云港分行", f"{road}第{number}便利店",
        f"连云港市{town['name']}{road}{draw.randrange(1, 400)}号",
        *([*point, "BD09"] if draw.random() < 0.7 else ["", "", ""]),
        town["county"], draw.choice(SCENARIOS), signed,
        f"{signed.year}.{signed.month}.{signed.day}", f"{inspected:%Y%m%d}",
        f"{inspected.year}年{inspected.month}月{inspected.day}日", draw.choice("是否"),
    ]  # fmt: skip


def _messy(number: int) -> list:
    """The same shop a month later, as no machine would write it; one row in twenty is wrong."""
    draw = random.Random(-number)
    shop = clean(number)
    if draw.random() < 0.05:
        shop[draw.choice([9, 10, 11])] = draw.choice(["待定", "2024年13月", "32.5.1"])
    if draw.random() < 0.03:
        shop[0] = f"N{number:06d}"  # reported under another number
    if shop[4] and draw.random() < 0.5:
        shop[4:6] = [_degrees(shop[4]), _degrees(shop[5])]
    shop[3] = draw.choice([shop[3], f"　{shop[3]} ", shop[3].replace("号", "號")])
    shop[0] = draw.choice([shop[0], shop[0].translate(WIDE)])
    return [*shop[:6], *shop[7:]]


def _degrees(value: float) -> str:
    minutes, seconds = divmod(round(value * 3600), 60)
    return f"{minutes // 60}°{minutes % 60:02d}′{seconds:02d}″"


if __name__ == "__main__":
    run()
