"""Places captured sound in time and posts it: blocks of about 20 ms, their gaps, the end at the click."""

import math
from typing import TYPE_CHECKING

import numpy as np

from studio.devices.capture import CapturedBlock
from studio.devices.outage import Outage
from studio.devices.outlet import Outlet
from studio.devices.sample_clock import SampleClock
from studio.timing import Clock, Timestamp

if TYPE_CHECKING:
    from studio.devices.waveforms import Samples

MESSAGE_S = 0.02
"""Shorter blocks are put together until they are that long."""
_TOO_SLOW = "The computer was too busy to take all sound."


class SoundTrack:
    """What one microphone sends. Belongs to the device's thread."""

    def __init__(self, outlet: Outlet, outage: Outage, clock: Clock, *, rate: float) -> None:
        self._outlet = outlet
        self._outage = outage
        self._clock = clock
        self._rate = rate
        self._samples = SampleClock(rate)
        self._pending: list[Samples] = []
        self._pending_count = 0
        self._last_time: Timestamp | None = None
        self._is_fresh = True

    @property
    def last_time(self) -> Timestamp | None:
        """Time of the newest sample, posted or about to be; None: there was none yet."""
        return self._last_time

    def restart(self) -> None:
        """The input is opened anew."""
        self._flush()
        self._samples.restart()
        self._is_fresh = True

    def add(self, block: CapturedBlock) -> None:
        """Sound that came before Stop."""
        self._flush_if_broken(block)
        last_time = self._place(block)
        self._pending.append(block.data)
        self._pending_count += len(block.data)
        self._last_time = last_time
        if self._pending_count >= MESSAGE_S * self._rate:
            self._flush()

    def add_until(self, block: CapturedBlock, final_time: Timestamp) -> bool:
        """Sound that may lie after the click, which is cut off there; False: it went beyond."""
        self._flush_if_broken(block)
        last_time = self._place(block)
        period = self._samples.period
        excess = max(0, math.ceil((last_time - final_time) / period))
        kept = max(0, len(block.data) - excess)
        self._outlet.monitor.retracted(len(block.data) - kept)
        if kept:
            self._pending.append(block.data[:kept])
            self._pending_count += kept
            time = min(final_time, last_time - math.floor(excess * period))
            self._last_time = time if self._last_time is None else max(time, self._last_time + kept)
        return excess == 0

    def finish(self) -> None:
        """Post what is left."""
        self._flush()

    def _flush_if_broken(self, block: CapturedBlock) -> None:
        """Sound before and after a loss must not share a message: the loss would lie between its samples."""
        if block.overflowed or block.refused:
            self._flush()

    def _place(self, block: CapturedBlock) -> Timestamp:
        count = len(block.data)
        observed = self._clock.from_monotonic(block.monotonic)
        lost_here = block.overflowed or block.refused > 0
        placed = self._samples.block(count, observed, overflowed=lost_here)
        first_time = placed.last_time - math.floor((count - 1) * self._samples.period)
        if self._is_fresh:
            self._is_fresh = False
            self._outage.end(first_time, self._rate)
        elif placed.lost or block.overflowed:
            self._flush()
            # What the queue refused is counted already.
            expected = max(0, placed.lost - block.refused)
            self._outage.gap(self._last_time or first_time, first_time, expected, _TOO_SLOW)
        return placed.last_time

    def _flush(self) -> None:
        if not self._pending or self._last_time is None:
            return
        data = self._pending[0] if len(self._pending) == 1 else np.concatenate(self._pending)
        count, self._pending, self._pending_count = self._pending_count, [], 0
        self._outlet.post(data, self._last_time, count=count)
