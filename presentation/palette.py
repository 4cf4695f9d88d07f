"""Colours and names of what charts draw, on the screen, in print and in Office documents."""

MAIN, DUE, MUTED, WARN = "#0f5fa8", "#b35806", "#9aa5b1", "#e08214"
FULL = "#542788"
INK, FAINT, GRID = "#1b2733", "#5a6773", "#e1e5ea"  # of text and of lines behind it
LAND, OUTLINE, SKETCH = "#f6f8fa", "#44505c", "#6b7680"  # of maps; a sketch has dashed outlines
BASIS_COLOURS = {"contracted": "#b2abd2", "verified": "#0f5fa8", "active": "#5aae61"}
BASIS_LABELS = {"contracted": "已签约（宽）", "verified": "已验证（中）", "active": "活跃（严）"}
WAYS = {  # ways to spend the same signings: label, colour, width in points, style of the line
    "plan": ("按计划（差得少的先做）", MAIN, 2.5, "solid"),
    "even": ("平均铺开", WARN, 1.8, "dot"),
    "largest": ("先做最大的", MUTED, 1.8, "dash"),
}
# Told apart by the colour-blind too (Okabe & Ito 2008), and every bar carries the word.
BAND_COLOURS = {
    "reached": "#0072b2",
    "in_step": "#56b4e9",
    "behind": "#e69f00",
    "far_behind": "#d55e00",
}
# What the venues of unknown denominator would add to a share.
UNKNOWN_COLOUR, UNKNOWN_LABEL = "#d5dae0", "分母未知，都达标就到这里"
STATUS_COLOURS = {  # status of a target: those met, under way, in arrears, failed, unknown
    "held": "#0072b2",
    "reached": "#0072b2",
    "late": "#0072b2",
    "on_pace": "#56b4e9",
    "open": "#56b4e9",
    "counted": "#56b4e9",
    "behind": "#e69f00",
    "lost": "#d55e00",
    "missed": "#d55e00",
    "unknown": MUTED,
}
REPORT_COLOURS = {"on_time": "#0072b2", "late": "#e69f00", "missing": "#d55e00", "open": "#c3ccd4"}
# Five classes of a share, from short to full, legible to colour-blind readers and in print
# (ColorBrewer PuOr without its middle, T. Brewer 2013).
SHARE_COLOURS = (DUE, "#f1a340", "#fee0b6", "#b2abd2", FULL)
# A change of a share, from a fall to a rise, the middle for what hardly moved (PuOr ends as above).
CHANGE_COLOURS = (DUE, "#f1a340", "#f0f0ee", "#7fb1d9", MAIN)
VENUE_COLOURS = {"covered": FULL, "near": "#b2abd2", "short": WARN, "unknown": MUTED}
SHOP_COLOURS = {"verified": FULL, "waiting": "#998ec3", "target": WARN}
CLUSTER_COLOURS = {
    "declared": MUTED,
    "building": "#fdb863",
    "reached": "#b2abd2",
    "mature": "#8073ac",
    "kept": FULL,
    "returned": DUE,
}
PLAN_COLOURS = {True: FULL, False: DUE}  # whether a venue of a plan is done with its signings
HEAT_COLOURS = ("#fee8c8", "#fdbb84", "#ef6548", "#b30000", "#67000d")
