"""What is new since somebody was here, in a sentence and in lists."""

import pandas as pd

from presentation import change_map, comparison_listings, labels
from queries.news import News
from queries.scope import area_name

STATEMENTS = ["sender", "news_about", "news_at", "news_what"]
BECAME = {"in_force": "新到", "withdrawn": "撤回", "replaced": "不再采用"}


def headline(news: News) -> str:
    """The versions, the share's move, and the venues that came in and fell out with the reasons."""
    day = f"{news.since.astimezone():%m-%d}"
    was, known = news.shares
    if not news.visited:
        version = f"现行的数据版本（{day} 公布）"
        if was is None:
            return f"{version}是第一版，还没有可以比的{_disputes(news)}。"
        text = f"{version}与上一版比"
    elif not news.versions and news.moves.empty:
        return f"上次来（{day}）以后：没有公布新的数据版本{_disputes(news)}。"
    else:
        text = f"上次来（{day}）以后：公布了 {len(news.versions)} 个数据版本"
        if was is None:
            return f"{text}，以前没有公布过{_disputes(news)}。"
    shares = f"**{labels.percent(was)}** → **{labels.percent(known)}**"
    moved = change_map.signed((known - was) * 100)
    text += f"；{area_name(news.now)}达标率 {shares}（{moved}）"
    for move, said in (("in", "新达标"), ("out", "掉下")):
        why = comparison_listings.counted(news.moves, move)
        text += f"；{said} **{_moved(news, move)}** 个" + (f"（{why}）" if why else "")
    return f"{text}{_disputes(news)}。"


def _moved(news: News, move: str) -> int:
    return int((news.moves["move"] == move).sum())


def _disputes(news: News) -> str:
    parts = [
        f"{said} {len(found)} 件"
        for said, found in (("新质询", news.raised), ("裁定", news.ruled))
        if found
    ]
    return f"；{'、'.join(parts)}" if parts else ""


def versions(news: News) -> pd.DataFrame:
    """The versions that were published, the newest first: time, day and who."""
    rows = [
        (facts["created_at"][:16].replace("T", " "), facts["as_of"], facts["created_by"])
        for facts in news.versions
    ]
    return pd.DataFrame(rows, columns=["公布时间", "数据截止", "经办人"])
