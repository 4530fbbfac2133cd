"""How values lie along an axis: evenly, or with every octave equally high. Arithmetic and text only."""

import math
from dataclasses import dataclass, replace
from typing import Protocol

from studio.ui.panels.auto_range import AutoRange, RangeShape
from studio.ui.panels.value_lanes import Lane
from studio.ui.panels.value_ticks import ValueTick, value_ticks

OCTAVE_STEPS = (1, 2, 5)


class AxisScale(Protocol):
    """Places and labels of values."""

    def ticks(self, shown: AutoRange, lane: Lane, line: int) -> tuple[ValueTick, ...]:
        """Ticks whose labels, `line` pixels high, do not touch each other."""
        ...

    def evenly(self, shown: AutoRange) -> AutoRange:
        """The range in numbers that lie evenly."""
        ...

    def value(self, even: float) -> float:
        """The value of such a number."""
        ...


@dataclass(frozen=True, slots=True)
class EvenScale:
    """Values lie evenly."""

    def ticks(self, shown: AutoRange, lane: Lane, line: int) -> tuple[ValueTick, ...]:
        """See AxisScale."""
        if shown.shape is not RangeShape.SYMMETRIC:
            return value_ticks(shown.low, shown.high, int(lane.height))
        if lane.height < line:
            return ()
        ticks = value_ticks(shown.low, shown.high, 48)
        if lane.height < 3 * line:
            return tuple(tick for tick in ticks if tick.value == 0.0)
        # A waveform is read by its ends.
        ends = (shown.low, 0.0, shown.high)
        return tuple(tick for tick in ticks if tick.value in ends or lane.height > 6 * line)

    def evenly(self, shown: AutoRange) -> AutoRange:
        """See AxisScale."""
        return shown

    def value(self, even: float) -> float:
        """See AxisScale."""
        return even


@dataclass(frozen=True, slots=True)
class FrequencyScale:
    """Hertz, evenly or in octaves."""

    logarithmic: bool = False

    def ticks(self, shown: AutoRange, lane: Lane, line: int) -> tuple[ValueTick, ...]:
        """See AxisScale."""
        if not self.logarithmic:
            found = value_ticks(shown.low, shown.high, int(lane.height))
            return tuple(ValueTick(tick.value, hertz_label(tick.value)) for tick in found)
        even = self.evenly(shown)
        most = max(1, int(lane.height // (1.6 * line)))
        for steps in (OCTAVE_STEPS, (1, 3), (1,)):
            values = _decades(shown.low, shown.high, steps)
            spread = (even.high - even.low) / max(1, len(values))
            if len(values) <= most and spread > 0:
                return tuple(ValueTick(value, hertz_label(value)) for value in values)
        return ()

    def evenly(self, shown: AutoRange) -> AutoRange:
        """See AxisScale."""
        if not self.logarithmic:
            return shown
        return replace(shown, low=math.log(max(shown.low, 1e-6)), high=math.log(max(shown.high, 2e-6)))

    def value(self, even: float) -> float:
        """See AxisScale."""
        return math.exp(min(even, 700.0)) if self.logarithmic else even


def hertz_label(hertz: float) -> str:
    """`250`, `1k`, `2.5k`: hertz as short as an axis needs them."""
    if abs(hertz) >= 1000:
        return f"{hertz / 1000:.3g}k"
    return f"{hertz:.3g}"


def _decades(low: float, high: float, steps: tuple[int, ...]) -> list[float]:
    if not 0 < low < high:
        return []
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    values = [step * 10.0**n for n in range(first, last + 1) for step in steps]
    return [value for value in values if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]
