"""Where the value axis has its ticks, and numbers as people read them. Arithmetic and text only."""

import math
from dataclasses import dataclass

from studio.ui.readable import MINUS, NOTHING

MAXIMUM_TICKS = 50
LEAST_LABEL_PIXELS = 14


@dataclass(frozen=True, slots=True)
class ValueTick:
    """One line of the value axis."""

    value: float
    label: str


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below `least` (> 0)."""
    unit = 10.0 ** math.floor(math.log10(least))
    return next(
        (count * unit for count in (1.0, 2.0, 5.0) if count * unit >= least * (1 - 1e-9)), 10.0 * unit
    )


def value_ticks(low: float, high: float, pixels: int, label_pixels: int = 24) -> tuple[ValueTick, ...]:
    """Round values from `low` to `high` whose labels have room on `pixels` of height; none without room."""
    label_pixels = max(LEAST_LABEL_PIXELS, min(label_pixels, pixels // 3))
    if not (high > low) or pixels < label_pixels or not math.isfinite(high - low):
        return ()
    step = nice_step((high - low) * label_pixels / pixels)
    slack = step * 1e-6
    first, last = math.ceil((low - slack) / step), math.floor((high + slack) / step)
    if last - first > MAXIMUM_TICKS:
        return ()  # the range is finer than the numbers themselves
    return tuple(ValueTick(n * step, _label(n * step, step)) for n in range(first, last + 1))


def _label(value: float, step: float) -> str:
    if max(abs(value), step) >= 1e6 or step < 1e-5:
        return f"{value:.4g}".replace("-", MINUS)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{value:.{decimals}f}".replace("-", MINUS) if value else "0"


def number_text(value: float, scale: float) -> str:
    """`value` with as many decimals as a range up to `scale` makes sensible, so that it does not dance."""
    if not math.isfinite(value):
        return NOTHING
    largest = max(abs(scale), 1e-12)
    if largest >= 1e7 or largest < 1e-5:
        return f"{value:.4g}".replace("-", MINUS)
    decimals = min(7, max(0, 3 - math.floor(math.log10(largest))))
    text = f"{value:.{decimals}f}"
    return text.replace("-", MINUS) if float(text) else text.lstrip("-")
