"""The one small control by which a chart or a map is taken away: as a picture, and its data."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from presentation.map_layers import Drawing
from reports.figures import figure_files, map_figures
from reports.figures.map_figures import Ground
from reports.figures.paper import SHAPES, Blank, Sheet
from ui import page_downloads


@dataclass(frozen=True)
class Figure:
    """A chart or a map of a page: its title, and how it is drawn on paper."""

    title: str
    draw: Callable[[Blank], Sheet]

    def sheet(self, stamp: str, shape: str = "a4") -> Sheet:
        """The figure on paper of a shape of `SHAPES`."""
        return self.draw(Blank(SHAPES[shape], self.title, stamp))


def of_map(title: str, drawing: Drawing, under: Ground) -> Figure:
    """A layer of the map as a figure."""
    return Figure(title, partial(map_figures.layer, drawing=drawing, under=under))


def control(figure: Figure, stamp: str, workbook: Callable[[], bytes], key: str) -> None:
    """Offer `figure` as PNG and SVG and its data as Excel, each made when it is asked for."""
    name = figure.title.replace("/", "_")
    with (
        st.container(horizontal=True, horizontal_alignment="right", key=f"take-{key}"),
        st.popover("下载图片 · 下载表格", type="tertiary", key=f"take_{key}"),
        st.container(horizontal=True),
    ):
        page_downloads.file(
            "图片 PNG",
            lambda: figure_files.png(figure.sheet(stamp)),
            f"{name}.png",
            icon="image",
            key=f"png_{key}",
        )
        page_downloads.file(
            "矢量图 SVG",
            lambda: figure_files.svg(figure.sheet(stamp)),
            f"{name}.svg",
            icon="draw",
            key=f"svg_{key}",
        )
        page_downloads.file(
            "数据 Excel", workbook, f"{name}.xlsx", icon="table_chart", key=f"xlsx_{key}"
        )
