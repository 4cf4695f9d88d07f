"""Labels that stand apart: each as near as there is room to where it wants to be."""

from functools import cache

import numpy as np

from reports.figures.paper import Box

REACH, RING = 45.0, 0.7  # millimetres that a label moves at most, and between the tries
BETWEEN = 0.4  # millimetres between labels


def apart(
    places: np.ndarray,
    boxes: np.ndarray,
    body: Box,
    taken: np.ndarray | None = None,
    reach: np.ndarray | float = REACH,
) -> np.ndarray:
    """Centres for labels that want to be at `places`, so that none covers another.

    `places` are rows of x and y, `boxes` widths and heights, `taken` what is to be kept free (x, y,
    width, height), all in millimetres. The first ones choose first: each takes the nearest free
    place in the `body`; rows are NaN where there is none within the label's `reach`.
    """
    full = np.empty((0, 4)) if taken is None else np.asarray(taken, dtype=float)
    centres = np.full((len(places), 2), np.nan)
    reaches = np.broadcast_to(reach, len(places))
    for number, (place, box) in enumerate(zip(places, boxes, strict=True)):
        tries = place + _rings()[np.hypot(*_rings().T) <= reaches[number]]
        low = np.array([body.left, body.bottom]) + box / 2
        high = np.array([body.right, body.top]) - box / 2
        tries = tries[((tries >= low) & (tries <= high)).all(axis=1)]
        room = (full[:, 2:] + box) / 2 + BETWEEN
        hit = (np.abs(tries[:, None, :] - full[None, :, :2]) < room).all(axis=2).any(axis=1)
        if (~hit).any():
            centres[number] = tries[~hit][0]
            full = np.vstack([full, [*centres[number], *box]])
    return centres


@cache
def _rings() -> np.ndarray:
    """Steps to try, from none to `REACH`, on rings with more places the wider they are."""
    steps = [np.zeros((1, 2))]
    for number, radius in enumerate(np.arange(RING, REACH, RING)):
        turn = np.linspace(0, 2 * np.pi, 8 + 2 * number, endpoint=False) + number
        steps.append(np.column_stack([np.cos(turn), np.sin(turn)]) * radius)
    return np.vstack(steps)
