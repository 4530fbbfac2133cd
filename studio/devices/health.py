"""Keeps the health of a device and its streams: counters, meters, state. Thread-safe; opens nothing.

Produced is counted here before anything can drop (decision 27), by the thread or callback that has the data
first; others read snapshots.
"""

import threading
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studio.devices.device import DeviceHealth, DeviceState, StreamHealth
from studio.devices.meters import LevelMeter, RateMeter
from studio.errors import PipelineStateError
from studio.timing import NS_PER_S, Duration, Timestamp, monotonic_ns

_MOVES: Final[dict[DeviceState, frozenset[DeviceState]]] = {
    DeviceState.OPENING: frozenset({DeviceState.RUNNING, DeviceState.LOST, DeviceState.CLOSED}),
    DeviceState.RUNNING: frozenset({DeviceState.LOST, DeviceState.CLOSED}),
    DeviceState.LOST: frozenset({DeviceState.RUNNING, DeviceState.LOST, DeviceState.CLOSED}),
    DeviceState.CLOSED: frozenset({DeviceState.CLOSED}),
}
"""Legal moves. STALLED is no state of its own: RUNNING reads as STALLED while nothing comes."""


class StreamMonitor:
    """Counts one stream. Every method may be called from any thread."""

    def __init__(self, name: str, *, has_level: bool = False) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._produced = self._dropped = self._gaps = 0
        self._rate = RateMeter()
        self._level = LevelMeter() if has_level else None
        self._last_time: Timestamp = 0
        self._last_monotonic = 0

    def produced(self, count: int, block: NDArray[np.generic] | None = None) -> None:
        """The device has produced `count` samples or messages; `block`: for the level."""
        now = monotonic_ns()
        with self._lock:
            self._produced += count
            self._rate.observe(count, now)
            self._last_monotonic = now
            if self._level is not None and block is not None:
                self._level.observe(block, now)

    def retracted(self, count: int) -> None:
        """`count` of what was produced came after the click on Stop: it does not belong to the recording."""
        with self._lock:
            self._produced -= count

    def dropped(self, count: int) -> None:
        """`count` of what was produced is lost."""
        with self._lock:
            self._dropped += count

    def missed(self, expected: int) -> None:
        """A gap in which `expected` would have come: produced and dropped (decision 27)."""
        with self._lock:
            self._produced += expected
            self._dropped += expected
            self._gaps += 1

    def posted(self, time: Timestamp) -> None:
        """A message of that originating time went out."""
        with self._lock:
            self._last_time = time

    @property
    def last_monotonic(self) -> int:
        """When the device last produced anything, ns of the monotonic clock; 0: never."""
        with self._lock:
            return self._last_monotonic

    def snapshot(self) -> StreamHealth:
        """All of it as of now."""
        now = monotonic_ns()
        with self._lock:
            return StreamHealth(
                name=self.name,
                produced=self._produced,
                dropped=self._dropped,
                gaps=self._gaps,
                rate=self._rate.rate(now),
                level=None if self._level is None else self._level.level(now),
                last_time=self._last_time,
            )


class DeviceMonitor:
    """State of a device, with its streams. Every method may be called from any thread."""

    def __init__(self, streams: tuple[StreamMonitor, ...], *, silence_limit: Duration | None = None) -> None:
        """Silent for longer than `silence_limit` ns, a running device reads as stalled; None: never."""
        self.streams = streams
        self._silence_limit = silence_limit
        self._lock = threading.Lock()
        self._state = DeviceState.OPENING
        self._message = ""

    @property
    def state(self) -> DeviceState:
        """Where it stands, stalling aside."""
        with self._lock:
            return self._state

    def move(self, state: DeviceState, message: str = "") -> None:
        """Enter a state; raises PipelineStateError for a move that the table does not know."""
        with self._lock:
            if state not in _MOVES[self._state]:
                raise PipelineStateError(f"a device that is {self._state} cannot become {state}")
            self._state, self._message = state, message

    def snapshot(self) -> DeviceHealth:
        """All of it as of now."""
        with self._lock:
            state, message = self._state, self._message
        if state is DeviceState.RUNNING and (silent_s := self._silent_s()):
            state, message = DeviceState.STALLED, f"Nothing has come for {silent_s:.1f} seconds."
        return DeviceHealth(
            state=state, message=message, streams=tuple(each.snapshot() for each in self.streams)
        )

    def _silent_s(self) -> float:
        last = max((each.last_monotonic for each in self.streams), default=0)
        silence = monotonic_ns() - last
        if self._silence_limit is None or last == 0 or silence <= self._silence_limit:
            return 0.0
        return silence / NS_PER_S
