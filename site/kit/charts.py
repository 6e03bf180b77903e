"""Geometry of the charts that templates draw as SVG."""

from collections.abc import Sequence
from typing import Any

BASE, HEIGHT = 160, 130  # px: the base line's y, and how tall the highest row stands
MOST_FIGURES, MOST_LABELS = 8, 6  # more than this collide on a 390 px phone


def chart_bars(rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Place (label, value[, text]) rows: x in percent, y in px, and which of them can bear text."""
    highest = max((row[1] for row in rows), default=0)
    top = next((index for index, row in enumerate(rows) if row[1] == highest and highest), -1)
    every = -(-len(rows) // MOST_LABELS)
    bars = []
    for index, (label, value, *text) in enumerate(rows):
        x = (200 * index + 100) // (2 * len(rows))
        y = BASE - (HEIGHT * value // highest if highest else 0)
        bars.append(
            {
                "label": label,
                "text": text[0] if text else value,
                "x": x,
                "y": y,
                "text_y": y - 12,
                "top": index == top,
                "shown": index == top or len(rows) <= MOST_FIGURES,
                "labelled": index % every == 0,
                "anchor": "start" if x < 5 else "end" if x > 95 else "middle",
            }
        )
    return bars
