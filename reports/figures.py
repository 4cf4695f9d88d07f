"""Maps for print: PNG with title, legend and stamp, in a Chinese font that the project brings."""

import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib import font_manager, image
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from reports.heat import Heat

DPI = 200
SHARE_UNKNOWN = "#9aa5b1"


@dataclass(frozen=True)
class Drawing:
    """What a map shows: areas with a fill and dashes, points with a fill, or a heat picture."""

    areas: gpd.GeoDataFrame | None = None
    points: pd.DataFrame | None = None
    heat: Heat | None = None


@cache
def font() -> font_manager.FontProperties:
    """The Chinese font of the wheel ``mplfonts``."""
    folder = files("mplfonts") / "fonts"
    return font_manager.FontProperties(fname=str(folder / "NotoSansCJKsc-Regular.otf"))


def map_png(
    counties: gpd.GeoDataFrame,
    drawing: Drawing,
    title: str,
    legends: list[tuple[str, tuple[tuple[str, str, int | None], ...]]],
    stamp: str,
) -> bytes:
    """The map as PNG, A4 landscape at 200 dpi.

    `counties` gives the outlines (EPSG:4326); `legends` are (title, rows of colour, label and
    count).
    """
    figure = Figure(figsize=(11.7, 8.3), dpi=DPI)
    axes = figure.add_axes((0.03, 0.08, 0.68, 0.82))
    counties.plot(ax=axes, facecolor="#f6f8fa", edgecolor="#5a6773", linewidth=0.8)
    if drawing.areas is not None:
        fill = drawing.areas.get("fill", SHARE_UNKNOWN)
        alpha = 0.85 if "fill" in drawing.areas else 0.15
        drawing.areas.plot(ax=axes, color=fill, edgecolor="#44505c", linewidth=0.5, alpha=alpha)
    if drawing.heat is not None:
        (south, west), (north, east) = drawing.heat.bounds
        picture = image.imread(io.BytesIO(drawing.heat.png))
        axes.imshow(picture, extent=(west, east, south, north), zorder=3, aspect="auto")
    if drawing.points is not None:
        points = drawing.points.dropna(subset=["lon", "lat"])
        axes.scatter(points["lon"], points["lat"], c=points["fill"], s=14, linewidths=0, zorder=4)
        if (
            len(points)
            and drawing.areas is None
            and points["lon"].max() - points["lon"].min() < 0.2
        ):
            axes.set_xlim(points["lon"].min() - 0.01, points["lon"].max() + 0.01)
            axes.set_ylim(points["lat"].min() - 0.01, points["lat"].max() + 0.01)
    _, south, _, north = counties.total_bounds
    axes.set_aspect(1 / np.cos(np.radians((south + north) / 2)))  # degrees of latitude are longer
    axes.set_axis_off()
    figure.text(0.03, 0.93, title, fontproperties=font(), fontsize=18)
    figure.text(0.03, 0.03, stamp, fontproperties=font(), fontsize=9, color="#5a6773")
    top = 0.88
    for heading, rows in legends:
        handles = [Patch(facecolor=colour, edgecolor="#8894a0") for colour, _, _ in rows]
        texts = [label + ("" if count is None else f"  {count:,}") for _, label, count in rows]
        box = figure.legend(handles, texts, prop=font(), loc="upper left", frameon=False,
                            bbox_to_anchor=(0.72, top), title=heading)  # fmt: skip
        box.get_title().set_fontproperties(font())
        top -= 0.05 * (len(rows) + 1.5)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
