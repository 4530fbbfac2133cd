"""Colours for levels: brightness alone tells more from less, so that every eye can read them."""

import numpy as np
import numpy.typing as npt

_DARK = ("#14171c", "#1d1147", "#51127c", "#832681", "#b73779", "#e75263", "#fc8961", "#fec488", "#fcfdbf")
"""Like magma, from the ground of the dark theme to nearly white."""
_LIGHT = ("#ffffff", "#deebf7", "#c0d8ee", "#93c0e0", "#5fa2d0", "#3781ba", "#1b5f9c", "#0a3d78", "#061f45")
SPAN_DB = 80.0
"""From the quietest colour to the loudest."""
STEPS = 256


def level_colours(*, dark: bool) -> npt.NDArray[np.uint32]:
    """(STEPS,) opaque ARGB, the quietest first; its brightness changes in one direction only."""
    anchors = np.array(
        [[int(text[n : n + 2], 16) for n in (1, 3, 5)] for text in (_DARK if dark else _LIGHT)]
    )
    places = np.linspace(0, len(anchors) - 1, STEPS)
    rgb = np.stack([np.interp(places, np.arange(len(anchors)), anchors[:, n]) for n in range(3)], axis=1)
    red, green, blue = np.rint(rgb).astype(np.uint32).T
    return np.asarray(0xFF000000 | (red << 16) | (green << 8) | blue, np.uint32)


def coloured(
    levels: npt.NDArray[np.float16], top_db: float, colours: npt.NDArray[np.uint32]
) -> npt.NDArray[np.uint32]:
    """(columns, rows) levels to an image (rows, columns), high frequencies at the top; NaN is transparent."""
    known = np.isfinite(levels)
    shares = (levels.astype(np.float32) - (top_db - SPAN_DB)) * ((STEPS - 1) / SPAN_DB)
    steps = np.clip(np.where(known, shares, 0), 0, STEPS - 1).astype(np.intp)
    image = np.where(known, colours[steps], 0).astype(np.uint32)
    return np.ascontiguousarray(image.T[::-1])
