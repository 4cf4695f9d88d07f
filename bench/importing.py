"""Import of 100,000 rows of XLSX, stage by stage, beside a bare calamine read of the same file.

``python -m bench.importing``. Geocoding has a benchmark of its own: it is shown, and left out of
the ratio. Processor time is of all cores, so a stage on two of them may take more of it than wall.
"""

import random
import resource
import tempfile
import time
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from domain import reference
from loaders import intake, store

ROWS = 100_000
HEADER = [
    "商户编号", "银行", "商户名称", "经营地址", "经度", "纬度", "坐标系", "县区", "行业",
    "签约日期", "开通日期", "最近巡检日期", "最近交易日期", "是否公共收银点",
]  # fmt: skip
GEOCODING = "定位"
ROADS = ["海连中路", "人民东路", "建设巷", "黄海大道", "南京路"]


def run() -> None:
    """Print the bare read, every stage of the import, and what the import costs beside the read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "受理点.xlsx"
        _write(path)
        size = path.stat().st_size / 1e6
        print(f"# importing: {ROWS:,} rows, {len(HEADER)} columns, {size:.1f} MB of XLSX")
        print(f"{'':24}{'wall s':>8}{'cpu s':>8}")
        clock = _Clock()
        CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
        bare = clock.lap()
        _line("bare calamine read", bare)
        home = store.Store(Path(folder) / "store")
        stages = _stages(path, home, clock)
        for stage, seconds in stages.items():
            _line(stage, seconds)
        total = _sum(stages.values())
        rest = _sum(one for stage, one in stages.items() if stage != GEOCODING)
        _line("whole import", total)
        _line("import less geocoding", rest)
        ratios = [mine / his for mine, his in zip(rest, bare, strict=True)]
        print(f"import less geocoding ÷ bare read: {ratios[0]:.1f} (cpu {ratios[1]:.1f})")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak memory of the process: {peak:,.0f} MB")


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


def _stages(path: Path, home: store.Store, clock: _Clock) -> dict[str, tuple[float, float]]:
    """Seconds of each stage, by the reports of progress; a stage lasts until the next report."""
    laps: dict[str, list[tuple[float, float]]] = {}
    running = f"读取文件 {path.name}"
    clock.lap()

    def told(stage: str, share: float) -> None:
        nonlocal running
        laps.setdefault(running, []).append(clock.lap())
        running = stage

    assessment = intake.assess([path], store=home, progress=told)
    intake.publish(assessment, home, "bench", told)
    return {stage: _sum(parts) for stage, parts in laps.items()}


def _sum(parts: Iterable[tuple[float, float]]) -> tuple[float, float]:
    wall, cpu = zip(*parts, strict=True)
    return sum(wall), sum(cpu)


def _line(name: str, seconds: tuple[float, float]) -> None:
    width = 24 - sum(ord(letter) > 0x2E80 for letter in name)
    print(f"{name:{width}}{seconds[0]:8.2f}{seconds[1]:8.2f}")


def _write(path: Path) -> None:
    """A bank's file: seven in ten shops have a point, dates come in four shapes."""
    draw = random.Random(1)
    towns = reference.table("towns")["name"].tolist()
    scenarios = reference.table("scenarios")["scenario"].tolist()
    counties = reference.table("counties")["name"].tolist()
    start = date(2024, 1, 1)
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("受理点")
        sheet.write_row(0, 0, HEADER)
        for line in range(1, ROWS + 1):
            signed = start + timedelta(days=draw.randrange(600))
            point = [119.1 + draw.random() / 5, 34.5 + draw.random() / 5, "BD09"]
            inspected = signed + timedelta(days=draw.randrange(150))
            town, road = draw.choice(towns), draw.choice(ROADS)
            sheet.write_row(line, 0, [
                f"S{line:06d}", "中国工商银行连云港分行", f"{road}第{line}便利店",
                f"连云港市{town}{road}{draw.randrange(1, 400)}号",
                *(point if draw.random() < 0.7 else ["", "", ""]),
                draw.choice(counties), draw.choice(scenarios), signed,
                f"{signed.year}.{signed.month}.{signed.day}", f"{inspected:%Y%m%d}",
                f"{inspected.year}年{inspected.month}月{inspected.day}日", draw.choice("是否"),
            ])  # fmt: skip


if __name__ == "__main__":
    run()
