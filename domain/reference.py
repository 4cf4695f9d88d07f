"""Facts of the city and of the notice, read from ``data/reference``.

Another city is another folder: ``COVERAGE_DATA`` names the one that stands for ``data/``.
"""

import os
from functools import cache
from pathlib import Path

import pandas as pd

DATA = Path(os.environ.get("COVERAGE_DATA") or Path(__file__).parents[1] / "data").resolve()
if not (DATA / "reference").is_dir():
    raise FileNotFoundError(f"“{DATA}”里没有 reference 文件夹，请核对环境变量 COVERAGE_DATA。")


@cache
def table(name: str) -> pd.DataFrame:
    """Reference table `name` (a file stem of ``data/reference``).

    Every column is text and a blank cell is an empty string. The frame is shared: do not write
    to it.
    """
    path = DATA / "reference" / f"{name}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def records(name: str) -> list[dict[str, str]]:
    """Rows of reference table `name`, each its cells by column; a blank cell is ''."""
    frame = table(name)
    return [dict(zip(frame.columns, cells, strict=True)) for cells in frame.to_numpy().tolist()]


@cache
def labels(name: str, code: str, label: str) -> dict[str, str]:
    """Map the `code` column of reference table `name` to its `label` column; shared as `table`."""
    frame = table(name)
    return dict(zip(frame[code], frame[label], strict=True))
