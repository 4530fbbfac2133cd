"""Pictures of measured values (depth, temperature) as colours. Arithmetic on arrays only: no codec, no Qt.

What was not measured is 0 in whole numbers, and no number (NaN, infinite) in floating ones; it is grey, which
no colour of the maps is.
"""

from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Values: TypeAlias = npt.NDArray[Any]
"""`(h, w)` uint16 or float32."""
Range: TypeAlias = tuple[float, float]
Table: TypeAlias = npt.NDArray[np.uint8]
"""(STEPS, 3) BGR, the lowest value first."""

STEPS = 256
UNKNOWN_COLOUR = (104, 104, 104)
LOOKED_AT = 20_000
"""Pixels that an automatic range looks at: enough for its hundredths, few enough for each picture."""
LEFT_OUT = 1.0
"""Per cent at either end that an automatic range leaves out: single wrong pixels would take all colours."""
_VIRIDIS = "440154 482878 3e4989 31688e 26828e 1f9e89 35b779 6ece58 b5de2b fde725"
_TURBO = (
    (34.61, 1172.33, -10793.56, 33300.12, -38394.49, 14825.05),
    (23.31, 557.33, 1225.33, -3574.96, 1073.77, 707.56),
    (27.2, 3211.1, -15327.97, 27814.0, -22569.18, 6838.66),
)
"""Powers of the share, for red, green and blue: the usual approximation of the map called turbo."""


class ColourMap(StrEnum):
    """Which colours stand for low and high."""

    TURBO = "turbo"
    """A rainbow that is even to the eye: shows most of small differences."""
    VIRIDIS = "viridis"
    """Brighter is more, also for eyes that see red and green alike."""
    GREY = "grey"


def has_values(pixels: Values) -> bool:
    """Whether a picture tells measured values and not brightness."""
    return pixels.ndim == 2 and pixels.dtype != np.uint8


def known_of(values: Values) -> npt.NDArray[np.bool_]:
    """Which of them were measured."""
    return np.isfinite(values) if values.dtype.kind == "f" else values != 0


def automatic_range(values: Values) -> Range | None:
    """From where to where nearly all of the values lie, in round numbers; None: none was measured."""
    step = max(1, int(np.sqrt(values.size / LOOKED_AT)))
    some = values[::step, ::step]
    some = some[known_of(some)]
    if not some.size:
        return None
    low, high = (float(end) for end in np.percentile(some, (LEFT_OUT, 100 - LEFT_OUT)))
    # Round, so that colours do not flicker from picture to picture.
    unit = 10.0 ** np.floor(np.log10(max(high - low, abs(high) * 1e-3, 1e-9)) - 0.3)
    low, high = float(np.floor(low / unit) * unit), float(np.ceil(high / unit) * unit)
    return (low, high) if high > low else (low, low + float(unit))


def colours_of(name: ColourMap) -> Table:
    """The table of a map."""
    shares = np.linspace(0.0, 1.0, STEPS)
    match name:
        case ColourMap.TURBO:
            rgb = np.stack([np.polyval(powers[::-1], shares) for powers in _TURBO], axis=1)
        case ColourMap.VIRIDIS:
            anchors = np.array([list(bytes.fromhex(text)) for text in _VIRIDIS.split()], np.float64)
            places = shares * (len(anchors) - 1)
            rgb = np.stack([np.interp(places, np.arange(len(anchors)), part) for part in anchors.T], axis=1)
        case ColourMap.GREY:
            rgb = np.repeat(shares[:, np.newaxis] * 255, 3, axis=1)
    bgr: Table = np.clip(np.rint(rgb[:, ::-1]), 0, 255).astype(np.uint8)
    return bgr


def coloured(values: Values, shown: Range | None, table: Table) -> npt.NDArray[np.uint8]:
    """`(h, w, 3)` BGR: the first colour at the low end of `shown` and below, the last at its high end."""
    low, high = (0.0, 1.0) if shown is None else shown
    known = known_of(values)
    scale = np.float32((STEPS - 1) / max(high - low, 1e-30))
    with np.errstate(over="ignore", invalid="ignore"):  # of what is not known
        steps = np.clip((values.astype(np.float32) - np.float32(low)) * scale, 0, STEPS - 1)
    image: npt.NDArray[np.uint8] = table[np.where(known, steps, 0).astype(np.uint8)]
    image[~known] = UNKNOWN_COLOUR
    return image
