"""Answers about recordings, as values that the window can hold without h5py."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.formats.shapes import Shapes
from studio.timing import Timestamp
from studio.timing.clock_curve import ClockCurve
from studio.timing.clock_summary import ClockSummary


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame ready to be drawn."""

    image: npt.NDArray[Any]
    """(height, width, 3) BGR or (height, width) grey, uint8; measured values (height, width) as stored."""
    originating_time: Timestamp
    full_width: int
    full_height: int
    number: int = 0
    """Of the frame in its stream, from 1."""


@dataclass(frozen=True, slots=True)
class PixelAt:
    """One pixel of a frame."""

    originating_time: Timestamp
    """Of the frame."""
    x: int
    y: int
    values: tuple[float, ...]
    """Red, green, blue; or one grey or measured value."""


@dataclass(frozen=True, slots=True)
class TextAt:
    """All that a message says."""

    text: str
    originating_time: Timestamp
    number: int
    """Of the message in its stream, from 1."""
    is_cut: bool = False
    """Whether there is more than can be shown."""


@dataclass(frozen=True, slots=True)
class ShapesAt:
    """The figures that a message lays over a picture."""

    originating_time: Timestamp
    number: int
    """Of the message in its stream, from 1."""
    shapes: Shapes


@dataclass(frozen=True, slots=True)
class Marks:
    """Points in time with a text each."""

    times: npt.NDArray[np.int64]
    texts: tuple[str, ...]
    durations: npt.NDArray[np.int64]
    """ns; 0 for a moment."""
    total: int
    """How many there are in the window; more than given when the limit was reached."""


@dataclass(frozen=True, slots=True)
class ValueAt:
    """What a stream says at a time."""

    stream: str
    originating_time: Timestamp
    """0: nothing at or before the time asked for."""
    text: str
    """For people, with the unit: `0.12  0.98  0.03 m/s²`."""
    values: tuple[float, ...] = ()
    members: tuple[str, ...] = ()
    """What the values are called, where they stand inside a message of JSON."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The messages of a stream beside a time."""

    before: Timestamp | None
    """Originating time of the last one before; None: there is none."""
    after: Timestamp | None
    """Of the first one after."""
    is_one: bool = False
    """Whether there is one at the time itself."""

    def nearest_to(self, time: Timestamp) -> Timestamp | None:
        """Where a cursor at `time` snaps to; None: the stream is empty."""
        if self.is_one:
            return time
        if self.before is None or self.after is None:
            return self.after if self.before is None else self.before
        return self.before if time - self.before <= self.after - time else self.after


@dataclass(frozen=True, slots=True)
class RecordedClock:
    """What a recording says of its clock; one that was joined of several says so of each."""

    summary: ClockSummary
    curve: ClockCurve | None
    """By the times of the recording; None where no other clock was followed."""


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What the file system says of a file: another stamp, another content."""

    path: str
    byte_size: int = -1
    """-1: there is no such file, or it cannot be reached."""
    changed_ns: int = 0
    inode: int = 0

    @property
    def exists(self) -> bool:
        """Whether there is a file."""
        return self.byte_size >= 0


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """What only the times of all messages of a stream tell."""

    stream: str
    first_creation_time: Timestamp = 0
    """When the first message was made; 0: there is none."""
    last_creation_time: Timestamp = 0
    mean_latency_ns: float = 0.0
    """From originating to creation time, over all messages."""
    known_share: float = 1.0
    """0 to 1: of how many messages the latency is known; the others are taken to be like these."""
