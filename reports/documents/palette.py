"""Colours of native charts: those of the screen, told apart by the colour-blind too."""

from domain.ranking import TIERS as _TIERS

MAIN, DUE, MUTED, INK = "#0f5fa8", "#b35806", "#9aa5b1", "#1b2733"
BASES = {"contracted": "#b2abd2", "verified": "#0f5fa8", "active": "#5aae61"}
TIERS = {  # Okabe & Ito 2008
    _TIERS["attained"]: "#0072b2",
    _TIERS["near"]: "#56b4e9",
    _TIERS["behind"]: "#e69f00",
    _TIERS["alarm"]: "#d55e00",
    "—": MUTED,
}
"""By the word that names the tier; — is not ranked."""
WAYS = {
    "plan": {"color": MAIN, "width": 2.5},
    "even": {"color": "#e08214", "width": 1.75, "dash_type": "round_dot"},
    "largest": {"color": MUTED, "width": 1.75, "dash_type": "dash"},
}
CLUSTERS = {
    "declared": "#d9dee4",
    "building": "#a6bddb",
    "reached": "#56b4e9",
    "mature": "#0072b2",
    "kept": "#00441b",
    "returned": "#d55e00",
}
REPORTS = {"on_time": "#0072b2", "late": "#e69f00", "missing": "#d55e00", "open": "#d9dee4"}
