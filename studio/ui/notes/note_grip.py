"""Which part of a note is under the pointer, and what a drag makes of it. Arithmetic only."""

from dataclasses import dataclass, replace
from enum import Enum, auto

from studio.formats.notes import Note
from studio.timing import Timestamp
from studio.ui.panels.time_axis import TimeAxis

GRIP_PIXELS = 5.0
WIDEST_GRIP = 3
"""An end takes a third of a short note at most, so that its middle can be taken, too."""


class Part(Enum):
    """What is taken of a note."""

    BODY = auto()
    START = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Grip:
    """A note that is held somewhere."""

    note: Note
    part: Part
    time: Timestamp
    """Where it was taken."""

    def dragged_to(self, time: Timestamp) -> Note:
        """The note after the pointer went there."""
        note, moved = self.note, time - self.time
        if self.part is Part.BODY:
            return replace(note, time=note.time + moved, end_time=note.end_time + moved)
        ends = (
            (note.time + moved, note.end_time)
            if self.part is Part.START
            else (note.time, note.end_time + moved)
        )
        return replace(note, time=min(ends), end_time=max(ends))


def grip_of(note: Note, x: float, axis: TimeAxis) -> Grip:
    """What is held of a note that is under the pointer at `x`."""
    left, right = axis.x_of(note.time), axis.x_of(note.end_time)
    reach = min(GRIP_PIXELS, (right - left) / WIDEST_GRIP)
    part = Part.BODY
    if not note.is_moment and right - left >= 2:
        if abs(x - left) <= reach:
            part = Part.START
        elif abs(x - right) <= reach:
            part = Part.END
    return Grip(note, part, axis.time_at(x))


def distance(note: Note, x: float, axis: TimeAxis) -> float:
    """Pixels from `x` to a note; 0 inside."""
    return max(0.0, axis.x_of(note.time) - x, x - axis.x_of(note.end_time))
