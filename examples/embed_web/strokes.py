"""Digits as strokes of a pen, in the shapes that people draw with a mouse, and the pixels they give.

The digits of the UCI collection were scanned from forms filled in by 43 people of one country: nearly every 7 has a bar
across, for one. A network that knows these alone is bad at what visitors of a page draw, so that `reader.trained`
adds drawings from here.
"""

from __future__ import annotations

import numpy as np

#: Ink covers this part of the 32 x 32 pixels in the UCI collection, whatever the digit; they are about 22 pixels wide.
INK, WIDE = 0.3, 23


def arc(x, y, width, height, start, end):
    """Points on an ellipse, from one angle (degrees, clockwise from the right) to another."""
    turn = np.radians(np.linspace(start, end, 17))
    return np.stack([x + width * np.cos(turn), y + height * np.sin(turn)], axis=1)


def line(*points):
    """Points on straight lines."""
    ends = [np.linspace(a, b, 5) for a, b in zip(np.array(points[:-1], float), np.array(points[1:], float), strict=True)]
    return np.concatenate(ends)


def joined(*parts):
    """One stroke from several parts."""
    return np.concatenate(parts)


# x from 0 (left) to 1, y from 0 (top) to 1.6; each digit in some ways to draw it, each of strokes.
SHAPES = [
    [[arc(0.5, 0.8, 0.5, 0.8, -90, 270)], [arc(0.5, 0.8, 0.5, 0.8, -60, -430)]],
    [[line((0.5, 0), (0.5, 1.6))], [line((0.2, 0.35), (0.5, 0), (0.5, 1.6))],
     [line((0.2, 0.35), (0.5, 0), (0.5, 1.6)), line((0.2, 1.6), (0.8, 1.6))]],
    [[joined(arc(0.5, 0.45, 0.45, 0.45, -170, 30), line((0.9, 0.7), (0.1, 1.6), (1, 1.6)))],
     [joined(arc(0.5, 0.4, 0.4, 0.4, -200, 40), arc(0.25, 1.4, 0.2, 0.2, 30, -250), line((0.2, 1.5), (1, 1.5)))]],
    [[joined(arc(0.45, 0.4, 0.45, 0.4, -150, 85), arc(0.45, 1.2, 0.5, 0.4, -85, 150))],
     [line((0.1, 0), (0.9, 0), (0.4, 0.65)), arc(0.4, 1.1, 0.5, 0.5, -90, 150)]],
    [[line((0.6, 0), (0, 1), (1, 1)), line((0.7, 0.6), (0.7, 1.6))], [line((0.1, 0), (0.05, 0.8), (0.9, 0.8)), line((0.8, 0), (0.75, 1.6))],
     [line((0.75, 1.6), (0.75, 0), (0, 1.05), (1, 1.05))]],
    [[joined(line((0.9, 0), (0.15, 0), (0.1, 0.7)), arc(0.45, 1.1, 0.5, 0.48, -120, 140))],
     [joined(line((0.15, 0), (0.1, 0.7)), arc(0.45, 1.1, 0.5, 0.48, -120, 140)), line((0.15, 0), (0.9, 0))]],
    [[joined(line((0.75, 0), (0.3, 0.55)), arc(0.5, 1.15, 0.42, 0.45, -150, 215))],
     [joined(arc(0.9, 1, 0.8, 1, -100, -180), arc(0.5, 1.15, 0.42, 0.45, -180, 180))],
     [joined(line((0.3, 0), (0.1, 1.1)), arc(0.5, 1.2, 0.4, 0.4, 180, -150))]],
    [[line((0, 0), (1, 0), (0.4, 1.6))], [line((0, 0), (1, 0), (0.4, 1.6)), line((0.25, 0.8), (0.9, 0.8))],
     [joined(line((0.05, 0.2), (0.05, 0), (0.95, 0)), arc(1.3, 1.5, 0.9, 1.4, -115, -180))]],
    [[joined(arc(0.5, 0.4, 0.38, 0.4, 60, 420), arc(0.5, 1.2, 0.45, 0.42, -60, -420))],
     [joined(arc(0.5, 0.4, 0.38, 0.4, -30, -270), arc(0.5, 1.2, 0.45, 0.4, -90, 270), arc(0.5, 0.4, 0.38, 0.4, 90, -20))]],
    [[joined(arc(0.5, 0.45, 0.42, 0.45, 0, -360), line((0.92, 0.45), (0.8, 1.6)))],
     [joined(arc(0.5, 0.45, 0.42, 0.45, 0, -360), arc(0.3, 0.9, 0.62, 0.7, -40, 110))]],
]  # fmt: skip


def drawing(rng, digit):
    """One way to draw a digit, slanted, stretched and unsteady."""
    shapes = SHAPES[digit]
    turn, slant, stretch = rng.normal(0, 0.12), rng.normal(0, 0.15), rng.uniform(0.75, 1.3)
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    move = spin @ np.array([[stretch, 0], [slant, 1]])
    wave, phase = rng.normal(0, 0.03, (2, 2)), rng.uniform(0, 6, 2)
    strokes = [stroke @ move for stroke in shapes[rng.integers(len(shapes))]]
    return [stroke + rng.normal(0, 0.03, 2) + np.sin(3 * stroke + phase) @ wave for stroke in strokes]


def shades(strokes, thick=5.0):
    """Ink in 8 x 8 pixels from 0 to 1, as the page has it: fitted into 32 x 32, as thick as it takes to have enough ink."""
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    down = (32 - thick) / max(size[1], size[0] / 2)
    across = min(down, (WIDE - thick) / max(size[0], 1e-9))
    fitted = [16 + (stroke - low - size / 2) * [across, down] for stroke in strokes]
    begin, end = (np.concatenate([stroke[part] for stroke in fitted]) for part in (slice(0, -1), slice(1, None)))
    pixels = np.stack(np.meshgrid(np.arange(32) + 0.5, np.arange(32) + 0.5), axis=-1).reshape(-1, 1, 2)
    along = end - begin
    part = ((pixels - begin) * along).sum(axis=-1) / np.maximum((along**2).sum(axis=-1), 1e-9)
    far = np.hypot(*np.moveaxis(pixels - begin - np.clip(part, 0, 1)[..., None] * along, -1, 0)).min(axis=1)
    ink = np.clip(np.quantile(far, INK) - far + 0.5, 0, 1)
    return ink.reshape(8, 4, 8, 4).mean(axis=(1, 3)).ravel()


def drawings(rng, each):
    """Images and labels of `each` drawings of every digit."""
    labels = np.repeat(np.arange(10), each)
    return np.array([shades(drawing(rng, digit)) for digit in labels]), labels
