"""The map over time in real Chromium: it plays in place, and nothing leaves the machine."""

import pytest
from playwright.sync_api import expect

MONTHS = ["2023 年 4 月", "2023 年 5 月", "2023 年 6 月", "截至 2023-07-15"]
WATCH = """
    window.shown = [];
    new MutationObserver(() => {
        for (const one of document.querySelectorAll('h2')) {
            const month = one.innerText.split(' · ')[0];
            if (window.shown.at(-1) !== month) window.shown.push(month);
        }
    }).observe(document.body, {childList: true, subtree: true, characterData: true});
"""  # a month is shown for a second only, which a busy machine may miss from outside


@pytest.mark.parametrize("size", [(1366, 768), (820, 1180)], ids=["desk", "tablet"])
def test_three_months_play_on_the_same_map(visit, demo_server, size):
    visitor = visit(demo_server, size)
    page = visitor.open(f"{demo_server.url}/coverage-map?as_of=2023-07-15")
    chart = visitor.map()
    chart.evaluate("window.built = 'once'")
    page.evaluate(WATCH)
    page.get_by_role("button", name="播放").click()
    expect(page.get_by_role("button", name="暂停")).to_be_visible()
    expect(page.get_by_role("button", name="播放")).to_be_visible()
    expect(page.get_by_role("heading", name=MONTHS[-1])).to_be_visible()
    shown = [month for month in page.evaluate("window.shown") if month in MONTHS]
    played = shown[1:] if shown[0] == MONTHS[-1] else shown  # what stood there before
    assert played == [month for month in MONTHS if month in played] and len(played) > 1
    expect(page.get_by_role("button", name="下载图片 · 下载表格")).to_be_visible()
    assert chart.evaluate("window.built") == "once"
    assert "as_of=2023-07-15" in page.url
    visitor.check()


def test_a_paused_month_is_taken_away_as_a_picture(visitor, demo_server, tmp_path):
    page = visitor.open(f"{demo_server.url}/coverage-map")
    visitor.map()
    page.get_by_role("button", name="播放").click()
    page.get_by_role("button", name="暂停").click()
    expect(page.get_by_role("button", name="播放")).to_be_visible()
    page.get_by_role("button", name="下载图片 · 下载表格").click()
    download = visitor.download("图片 PNG")
    download.save_as(tmp_path / "month.png")
    assert "县区与板块达标率" in download.suggested_filename
    assert (tmp_path / "month.png").read_bytes().startswith(b"\x89PNG")
