"""Colours and names of what charts draw, on the screen, in print and in Office documents."""

from typing import Literal

# One blue for good, one orange that darkens for behind, grey for unknown: everywhere.
GOOD, CLOSE, NEAR, BEHIND, FAR = "#1f6fb4", "#9cc4e8", "#fbe0b5", "#f3a64a", "#b9560c"
UNKNOWN, NOTHING = "#dfe4e9", "#ffffff"  # of areas: hatched; without anything to cover
MAIN, DUE, MUTED, WARN = "#0f5fa8", "#1b2733", "#9aa5b1", BEHIND
INK, SOFT, FAINT, GRID = "#1b2733", "#44525f", "#5a6773", "#e1e5ea"  # text; lines behind it
LAND, OUTLINE, SKETCH = "#f6f8fa", "#44505c", "#6b7680"  # of maps; a sketch has dashed outlines
SEA, ABROAD, ABROAD_LINE, SEA_NAME = "#dceaf4", "#f0f1ee", "#d3d7d2", "#40708f"
BASIS_COLOURS = {"contracted": "#8ba3b8", "verified": MAIN, "active": "#5b9bd0"}
BASIS_LABELS = {"contracted": "已签约（宽）", "verified": "已验证（中）", "active": "活跃（严）"}
WAYS = {  # ways to spend the same signings: label, colour, width in points, style of the line
    "plan": ("按计划（差得少的先做）", MAIN, 2.5, "solid"),
    "even": ("平均铺开", WARN, 1.8, "dot"),
    "largest": ("先做最大的", MUTED, 1.8, "dash"),
}
# Those of the maps, which tell the furthest of the last band apart; every bar carries the word.
BAND_COLOURS = {
    "reached": GOOD,
    "in_step": CLOSE,
    "behind": NEAR,
    "far_behind": BEHIND,
    "furthest": FAR,
}
# What the venues of unknown denominator would add to a share.
UNKNOWN_COLOUR, UNKNOWN_LABEL = "#d5dae0", "应覆盖数待核，都达标就到这里"
STATUS_COLOURS = {  # status of a target: those met, under way, in arrears, failed, unknown
    "held": GOOD,
    "reached": GOOD,
    "late": GOOD,
    "on_pace": CLOSE,
    "open": CLOSE,
    "counted": CLOSE,
    "behind": BEHIND,
    "lost": FAR,
    "missed": FAR,
    "unknown": MUTED,
}
REPORT_COLOURS = {"on_time": GOOD, "late": BEHIND, "missing": FAR, "open": "#c3ccd4"}
# Classes of an area by how far its share is from the due line; pale where dots stand on them.
GAP_COLOURS = (GOOD, CLOSE, NEAR, BEHIND, FAR)
PALE = dict(zip(GAP_COLOURS, ("#a9c8e6", "#d6e7f5", "#fdf3e1", "#f9d9ae", "#dfae87"), strict=True))
VENUE_COLOURS = {
    "covered": GOOD,
    "near": BEHIND,
    "short": FAR,
    "unknown": "#ffffff",
    "untold": MUTED,
}
SHOP_COLOURS = {"verified": GOOD, "waiting": BEHIND, "target": FAR, "outside": MUTED}
# A change of a share, from a fall to a rise, the middle for what hardly moved.
CHANGE_COLOURS = (FAR, BEHIND, "#dde2e7", CLOSE, GOOD)
CLUSTER_COLOURS = {
    "declared": MUTED,
    "building": NEAR,
    "reached": CLOSE,
    "mature": "#5b9bd0",
    "kept": GOOD,
    "returned": FAR,
}
PLAN_COLOURS = {True: GOOD, False: FAR}  # whether a venue of a plan is done with its signings
# Classes of a smoothed count, of coverage in the blue of good, of the gap in the orange of behind.
HEAT_COLOURS = {
    "coverage": ("#dbe9f6", "#a9cbe8", "#6ba3d3", "#2f78b7", "#0b4a86"),
    "gap": ("#fdebd0", "#f9cd8f", "#f3a64a", "#d97b1e", "#8f3f06"),
}
LIGHT_COLOURS: dict[Literal["blue", "yellow", "red", ""], str] = {
    "blue": MAIN,
    "yellow": "#f2c100",
    "red": "#b3261e",
    "": MUTED,
}  # of a supervision order
