"""How times are told on the ruler: since the session began, since the selection began, or by the wall clock.

Text and arithmetic only.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from studio.timing import NS_PER_S, Timestamp
from studio.ui.panels.time_axis import TimeAxis
from studio.ui.panels.time_text import clock_text, decimals_for, elapsed_text
from studio.ui.panels.time_ticks import DAY, LABEL_PIXELS, Tick, TickStep, step_for, ticks_of

FIGURE_PIXELS = 8
"""About what a digit takes."""


class TimingMode(StrEnum):
    """What the ruler counts from."""

    SESSION = "session"
    SELECTION = "selection"
    WALL = "wall"


@dataclass(frozen=True, slots=True)
class Timing:
    """A mode, and where its counting begins."""

    mode: TimingMode
    session_start: Timestamp
    selection_start: Timestamp | None = None

    @property
    def origin(self) -> Timestamp:
        """Where elapsed time begins."""
        if self.mode is TimingMode.SELECTION and self.selection_start is not None:
            return self.selection_start
        return self.session_start

    def text(self, time: Timestamp, decimals: int = 3) -> str:
        """A time as the ruler tells it."""
        if self.mode is TimingMode.WALL:
            return clock_text(time, decimals)
        return elapsed_text(time - self.origin, decimals)

    def ticks(self, axis: TimeAxis) -> tuple[Tick, ...]:
        """All ticks in view, with room for their labels."""
        room = LABEL_PIXELS
        for decimals in (3, 6, 9):
            step = step_for(axis, room)
            if decimals_for(step.duration) <= decimals:
                break
            room += 3 * FIGURE_PIXELS
        if self.mode is TimingMode.WALL:
            return _wall_ticks(axis, step)
        counts_back = self.mode is TimingMode.SELECTION and self.selection_start is not None
        return ticks_of(axis, self.origin, room, counts_back=counts_back)


def _wall_ticks(axis: TimeAxis, step: TickStep) -> tuple[Tick, ...]:
    """Round times of the day; at midnight the date."""
    offset = _local(axis.left).utcoffset()
    zone = 0 if offset is None else round(offset.total_seconds()) * NS_PER_S
    decimals = decimals_for(step.duration)
    shifted = TimeAxis(axis.left + zone, axis.right + zone, axis.width)
    local = ticks_of(shifted, 0, counts_back=True, step=step)
    return tuple(Tick(t.time - zone, t.x, _wall_label(t, zone, decimals) if t.label else "") for t in local)


def _wall_label(tick: Tick, zone: int, decimals: int) -> str:
    if tick.time % DAY == 0:
        return f"{_local(tick.time - zone):%Y-%m-%d}"
    return clock_text(tick.time - zone, decimals)


def _local(time: Timestamp) -> datetime:
    return datetime.fromtimestamp(time // NS_PER_S, UTC).astimezone()
