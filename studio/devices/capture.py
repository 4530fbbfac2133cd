"""Between PortAudio's thread and the device's thread: counts, stamps and hands over blocks of sound.

`put` and `finish` run on PortAudio's thread and are short; the rest belongs to the device's thread.
"""

import threading
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.devices.outlet import Outlet
from studio.devices.sample_clock import CaptureStamps

BOUND_S = 10.0
"""So much sound may wait for the device's thread; what comes on top is refused and counted."""


@dataclass(frozen=True, slots=True)
class CapturedBlock:
    """One block as PortAudio delivered it."""

    data: NDArray[np.float32]
    """(n, channels), n >= 1."""
    monotonic: int
    """When its last sample was taken, ns of the monotonic clock, with the jitter of the computer."""
    overflowed: bool
    """Samples were lost just before it."""
    refused: int = 0
    """Samples, counted as produced and dropped, that this queue had to refuse just before it."""


class CaptureQueue:
    """Refuses the newest when `BOUND_S` of sound wait (decision 11)."""

    def __init__(self, outlet: Outlet, wake: threading.Event, *, rate: float) -> None:
        self._outlet = outlet
        self._wake = wake
        self._rate = rate
        self._bound = round(rate * BOUND_S)
        self._lock = threading.Lock()
        self.reopen()

    def reopen(self) -> None:
        """Get ready for a newly opened input."""
        self._stamps = CaptureStamps(self._rate)
        with self._lock:
            self._blocks: deque[CapturedBlock] = deque()
            self._waiting = self._refused = 0
            self._finished = False
            self._is_open = True

    def close(self) -> tuple[CapturedBlock, ...]:
        """Take what waits; what comes from now on, from an input that could not be closed, is not counted."""
        with self._lock:
            self._is_open = False
        return self.take()

    def put(self, data: NDArray[np.float32], now: int, adc_minus_current: float, overflowed: bool) -> None:
        """A block has come; see `portaudio.OnBlock`."""
        count = len(data)
        with self._lock:
            is_wanted = self._is_open and count > 0
        if not is_wanted:
            return
        self._outlet.produced(count, data)
        monotonic = self._stamps.last_sample(now=now, adc_minus_current=adc_minus_current, count=count)
        with self._lock:
            is_refused = self._waiting + count > self._bound
            if is_refused:
                self._refused += count
            else:
                self._blocks.append(CapturedBlock(data, monotonic, overflowed, self._refused))
                self._waiting += count
                self._refused = 0
        if is_refused:
            self._outlet.monitor.dropped(count)
        self._wake.set()

    def finish(self) -> None:
        """The input has ended; nothing more comes from it."""
        with self._lock:
            self._finished = True
        self._wake.set()

    @property
    def is_finished(self) -> bool:
        """Whether the input has ended; blocks may still wait."""
        with self._lock:
            return self._finished

    def take(self) -> tuple[CapturedBlock, ...]:
        """All blocks that wait, oldest first."""
        with self._lock:
            blocks = tuple(self._blocks)
            self._blocks.clear()
            self._waiting = 0
        return blocks
