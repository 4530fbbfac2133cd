"""A worked example: how loud it is, and from when to when it is loud.

Copy this file, change it, and run it:

    studio process my_level.py recording.h5 --param threshold_db=-25

A chain is a function marked with `@chain`. What comes before the `*` are streams: `sound` is found in the
recording because it is `Audio`. What comes after it are settings: each becomes a field of the dialog, with
the limits and units of its `Range`. What it returns is stored beside the recording, by name.
"""

import math
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from studio.app.chains import Audio, Block, Emitter, Envelope, Event, Output, PayloadKind, Range, chain

MS = 1_000_000
"""Times are whole nanoseconds."""
MINUS = "\N{MINUS SIGN}"
SILENCE_DB = -120.0
Samples = NDArray[np.float64]


@chain
def audio_level(
    sound: Audio,
    *,
    every_ms: Annotated[int, Range(5, 10_000, units="ms", help="How often the level is given")] = 50,
    threshold_db: Annotated[float, Range(-120, 0, units="dB", help="A sound begins above it")] = -30.0,
    hysteresis_db: Annotated[float, Range(0, 40, units="dB", help="It ends so far below")] = 6.0,
    shortest_ms: Annotated[int, Range(0, 60_000, units="ms", help="Shorter ones are left out")] = 100,
) -> dict[str, Output[float] | Output[Event]]:
    """Level of a sound in decibels, and an event for each part that is loud."""
    meter = Meter(every_ms * MS)
    gate = Gate(every_ms * MS, threshold_db, threshold_db - hysteresis_db, shortest_ms * MS)
    # `process` calls a function with every message, its envelope (when it happened), and where to post.
    level: Emitter[float] = sound.process(meter.measure)
    loud: Emitter[Event] = level.process(gate.pass_level)
    return {
        "level": Output(level, PayloadKind.SCALAR, units="dB", rate=1000 / every_ms),
        "loud": Output(loud, PayloadKind.EVENT),
    }


class Meter:
    """Adds up power until a span of time is full, then posts its level, at the end of the span."""

    def __init__(self, span: int) -> None:
        self._span = span
        self._power = 0.0
        self._count = 0
        self._end: int | None = None

    def measure(self, block: Block, envelope: Envelope, out: Emitter[float]) -> None:
        """Take one block; the time of a block is that of its last sample."""
        time = envelope.originating_time
        if self._end is None:
            self._end = time - time % self._span + self._span
        if time >= self._end:
            if self._count:
                out.post(decibels(self._power / self._count), self._end)
            self._power, self._count = 0.0, 0
            self._end = time - time % self._span + self._span
        samples = as_float(block)
        self._power += float(np.square(samples).sum())
        self._count += samples.size


class Gate:
    """Opens above one level and closes below a lower one, so that it does not flutter in between."""

    def __init__(self, span: int, opens_above: float, closes_below: float, shortest: int) -> None:
        self._span = span
        self._opens_above = opens_above
        self._closes_below = closes_below
        self._shortest = shortest
        self._since: int | None = None
        self._loudest = SILENCE_DB

    def pass_level(self, level: float, envelope: Envelope, out: Emitter[Event]) -> None:
        """Post an event when a loud part has ended: it begins at its time and knows its duration."""
        time = envelope.originating_time - self._span  # when the span began that the level tells of
        if self._since is None:
            if level > self._opens_above:
                self._since, self._loudest = time, level
        elif level >= self._closes_below:
            self._loudest = max(self._loudest, level)
        else:
            begun, self._since = self._since, None
            if time - begun >= self._shortest:
                level_text = f"{self._loudest:.1f} dB".replace("-", MINUS)
                out.post(Event(level_text, kind="sound", duration_ns=time - begun), begun)


def as_float(block: Block) -> Samples:
    """Samples from -1 to 1, whatever the sound card gave."""
    full_scale = 2.0 ** (8 * block.dtype.itemsize - 1) if block.dtype.kind == "i" else 1.0
    return np.asarray(block, np.float64) / full_scale


def decibels(power: float) -> float:
    """Of a mean square; full scale is 0 dB."""
    return max(SILENCE_DB, 10 * math.log10(power)) if power > 0 else SILENCE_DB
