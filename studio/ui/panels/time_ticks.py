"""Where the ruler has its ticks: round elapsed times, from nanoseconds to days. Arithmetic only."""

from collections.abc import Iterator
from dataclasses import dataclass

from studio.timing import NS_PER_S, Duration, Timestamp
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.time_text import decimals_for, elapsed_text

MINUTE, HOUR, DAY = 60 * NS_PER_S, 3600 * NS_PER_S, 86400 * NS_PER_S
LABEL_PIXELS = 96
"""Labelled ticks lie at least that far apart."""


@dataclass(frozen=True, slots=True)
class Tick:
    """One line of the ruler."""

    time: Timestamp
    x: float
    label: str
    """Empty: a small tick."""


@dataclass(frozen=True, slots=True)
class TickStep:
    """How far labelled ticks lie apart, and into how many parts small ones divide that."""

    duration: Duration
    parts: int


def _steps() -> Iterator[TickStep]:
    """Every round step, the finest first."""
    unit = 1
    while unit < NS_PER_S:
        yield from (TickStep(1 * unit, 5), TickStep(2 * unit, 4), TickStep(5 * unit, 5))
        unit *= 10
    for base in (NS_PER_S, MINUTE):
        for count, parts in ((1, 5 if base == NS_PER_S else 6), (2, 4), (5, 5), (10, 5), (15, 3), (30, 3)):
            yield TickStep(count * base, parts)
    for count, parts in ((1, 6), (2, 4), (3, 3), (6, 6), (12, 4)):
        yield TickStep(count * HOUR, parts)
    unit = DAY
    while True:
        yield from (TickStep(1 * unit, 4), TickStep(2 * unit, 4), TickStep(5 * unit, 5))
        unit *= 10


def step_for(axis: TimeAxis, label_pixels: int = LABEL_PIXELS) -> TickStep:
    """The finest step whose labels have room."""
    wanted = axis.span * label_pixels
    return next(step for step in _steps() if step.duration * axis.width >= wanted)


def ticks_of(
    axis: TimeAxis,
    origin_time: Timestamp,
    label_pixels: int = LABEL_PIXELS,
    *,
    counts_back: bool = False,
    step: TickStep | None = None,
) -> tuple[Tick, ...]:
    """All ticks in view, from left to right; those before `origin_time` have a label if `counts_back`."""
    step = step or step_for(axis, label_pixels)
    parts = step.parts if step.duration % step.parts == 0 else 1
    small = step.duration // parts
    decimals = decimals_for(step.duration)
    first = -((origin_time - axis.left) // small)
    last = (axis.right - origin_time) // small
    ticks = []
    for number in range(first, last + 1):
        elapsed = number * small
        labelled = number % parts == 0 and (counts_back or elapsed >= 0)
        label = elapsed_text(elapsed, decimals) if labelled else ""
        ticks.append(Tick(origin_time + elapsed, axis.x_of(origin_time + elapsed), label))
    return tuple(ticks)
