"""Labels that stand apart: moved as little as need be, and kept on the paper."""

import numpy as np

from reports.figures.sheet import Box

ROUNDS = 400
BETWEEN = 0.4  # millimetres between labels


def apart(places: np.ndarray, boxes: np.ndarray, body: Box, rounds: int = ROUNDS) -> np.ndarray:
    """Centres for labels that want to be at `places`, so that they do not cover each other.

    `places` are rows of x and y, `boxes` widths and heights, all in millimetres. Labels that
    overlap push each other away, along the shorter way out; where they are free they drift back.
    Labels of one place first get a direction of their own.
    """
    turn = np.arange(len(places)) * 2.4  # the golden angle, so that no two directions are alike
    moved = places + np.column_stack([np.cos(turn), np.sin(turn)]) * 0.01
    least = (boxes[:, None, :] + boxes[None, :, :]) / 2 + BETWEEN
    low = np.array([body.left, body.bottom]) + boxes / 2
    high = np.array([body.right, body.top]) - boxes / 2
    for step in range(rounds):
        if step < rounds / 2:
            moved = moved + (places - moved) * 0.02
        gap = moved[:, None, :] - moved[None, :, :]
        short = least - np.abs(gap)
        np.einsum("iij->ij", short)[:] = 0
        hit = (short > 0).all(axis=2)
        along = np.where(short[..., 0] < short[..., 1], 0, 1)
        push = np.zeros_like(gap)
        for axis in (0, 1):
            way = np.where(gap[..., axis] < 0, -1.0, 1.0) * short[..., axis] / 2
            push[..., axis] = np.where(hit & (along == axis), way, 0)
        moved = np.clip(moved + push.sum(axis=1) * 0.6, low, high)
    return moved
