"""What the demo's units and banks filed with the office: invented, and every title says so."""

import pandas as pd

from demo.street_places import facts

TITLES = {
    "信息": "{owner}{month}数字人民币工作信息",
    "任务进展": "{owner}重点任务进展第{number}期",
    "首创首单": "{scenario}首单应用",
}
TITLE = "{owner}{kind}"  # of all other kinds
INVENTED = "（演示）"


def filings() -> pd.DataFrame:
    """Rows of ``data/demo/filings.csv``, by day, with a number and a title: the office's file.

    An owner signs with the name of its day.
    """
    frame = facts("filings")
    number = frame.groupby("对应任务").cumcount() + 1
    month = frame["所属月份"].str.replace("-0", "-").str.replace("-", "年") + "月"
    columns = (frame["材料类型"], frame["报送单位"], frame["场景类型"], month, number)
    titles = [
        TITLES.get(kind, TITLE).format(
            owner=owner, kind=kind, month=month, number=number, scenario=scenario
        )
        for kind, owner, scenario, month, number in zip(*columns, strict=True)
    ]
    numbers = [f"B{i:05d}" for i in range(1, len(frame) + 1)]
    return frame.assign(材料编号=numbers, 标题=pd.Series(titles) + INVENTED)
