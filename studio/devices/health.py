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
from studio.timing import NS_PER_MS, NS_PER_S, Duration, Timestamp, monotonic_ns

_MOVES: Final[dict[DeviceState, frozenset[DeviceState]]] = {
    DeviceState.OPENING: frozenset({DeviceState.RUNNING, DeviceState.LOST, DeviceState.CLOSED}),
    DeviceState.RUNNING: frozenset({DeviceState.LOST, DeviceState.CLOSED}),
    DeviceState.LOST: frozenset({DeviceState.RUNNING, DeviceState.LOST, DeviceState.CLOSED}),
    DeviceState.CLOSED: frozenset({DeviceState.CLOSED}),
}
"""Legal moves. STALLED is no state of its own: RUNNING reads as STALLED while nothing of use comes."""
PERIODS_MISSED = 3
USELESS: Duration = 300 * NS_PER_MS
"""A device that sends nothing but what cannot be right for so long is as good as silent."""


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
        self._refused_since = 0
        self._refusal = ""

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

    def refused(self, count: int, reason: str) -> None:
        """`count` of what was produced cannot be right and is lost; `reason`: the end of a sentence."""
        now = monotonic_ns()
        with self._lock:
            self._dropped += count
            if not self._refusal:
                self._refused_since = now
            self._refusal = reason

    @property
    def useless(self) -> str:
        """Why nothing of what comes is of use, as the end of a sentence; empty: something is."""
        with self._lock:
            lasts = bool(self._refusal) and monotonic_ns() - self._refused_since > USELESS
            return self._refusal if lasts else ""

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
            self._refusal = ""

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
        """Silent for longer than `silence_limit` ns, a running device reads as stalled; None: never.

        One that sends nothing of use reads as stalled, too.
        """
        self.streams = streams
        self._silence_limit = silence_limit
        self._lock = threading.Lock()
        self._state = DeviceState.OPENING
        self._message = ""
        self._running_since = 0

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
            if state is DeviceState.RUNNING and self._state is not DeviceState.RUNNING:
                self._running_since = monotonic_ns()
            self._state, self._message = state, message

    def snapshot(self) -> DeviceHealth:
        """All of it as of now."""
        with self._lock:
            state, message = self._state, self._message
        if state is DeviceState.RUNNING and (trouble := self._trouble()):
            state, message = DeviceState.STALLED, trouble
        return DeviceHealth(
            state=state, message=message, streams=tuple(each.snapshot() for each in self.streams)
        )

    def _patience(self) -> Duration:
        """A slow camera is silent between its pictures: it is given some of its own periods."""
        rate = max((each.snapshot().rate for each in self.streams), default=0.0)
        return round(PERIODS_MISSED * NS_PER_S / rate) if rate > 0.0 else 0

    def _trouble(self) -> str:
        """Why a device that runs is of no use at the moment; empty: it is."""
        useless = next((reason for each in self.streams if (reason := each.useless)), "")
        if useless:
            return f"It {useless}, which cannot be stored."
        last = max((each.last_monotonic for each in self.streams), default=0)
        silence = monotonic_ns() - max(last, self._running_since)
        if self._silence_limit is None or silence <= max(self._silence_limit, self._patience()):
            return ""
        return f"Nothing has come for {silence / NS_PER_S:.1f} seconds."
