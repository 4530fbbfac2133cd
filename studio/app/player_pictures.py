"""Pictures on their way from a replay to the screen: made ready ahead of time, shown when it is theirs.

The receiver of a picture stream runs on a pipeline worker a little ahead of what is seen: it decodes and
shrinks. The player's own thread shows each picture at its moment. What no eye could see is not decoded.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import numpy.typing as npt

from studio.app.status import LiveView
from studio.engine import Envelope
from studio.errors import StudioError
from studio.formats.payload import StreamFormat
from studio.formats.recording import StreamRef
from studio.timing import NS_PER_S, TIME_MIN, Duration, Timestamp, monotonic_ns

Image = npt.NDArray[Any]

SHOWN_INTERVAL: Duration = NS_PER_S // 66
"""Two pictures nearer to each other than that, on the screen, are not both shown."""
LATE: Duration = NS_PER_S // 16
"""A picture that comes so late is not worth the time it takes to decode it, ..."""
LEAST_INTERVAL: Duration = NS_PER_S // 8
"""... but now and then something has to be seen."""
MOST_READY = 64
"""Pictures that wait for their moment."""
REFUSED_BY_DATA = (StudioError, ValueError, TypeError, AttributeError, OverflowError)


class PictureSink(Protocol):
    """Where the pictures of one stream are seen."""

    @property
    def view(self) -> LiveView:
        """Where readers find the newest; its path changes with the size of the pictures."""
        ...

    def prepared(self, data: Any) -> Image:
        """Decoded and as small as it is shown; called by pipeline workers, one at a time."""
        ...

    def show(self, image: Image, originating_time: Timestamp) -> None:
        """Show a prepared picture; called by the player's thread."""
        ...

    def close(self) -> None:
        """Nobody looks any more. Idempotent."""
        ...


class PictureSinks(Protocol):
    """Makes the sinks."""

    def open(self, stream: StreamRef, format: StreamFormat) -> PictureSink:
        """A sink for a stream of pictures."""
        ...


class PictureTrack:
    """The pictures of one stream between receiver and sink."""

    def __init__(self, sink: PictureSink, wake: Callable[[], None], now: Callable[[], Timestamp]) -> None:
        """`wake` is called when a picture has come that may be due at once; `now` is what is being seen."""
        self.sink = sink
        self._now = now
        self._is_open = False
        self._wake = wake
        self._lock = threading.Lock()
        self._ready: deque[tuple[Timestamp, Image]] = deque()
        self._least: Duration = 0
        self._paced = True
        self._last_kept = TIME_MIN
        self._last_real = 0
        self.refused = 0
        """Pictures that cannot be decoded."""
        self.passed_over = 0
        """Pictures that came faster than eyes see."""

    def begin(self, speed: float, *, paced: bool) -> None:
        """A new run, or another speed; what waits is forgotten. `paced`: they come ahead of time."""
        with self._lock:
            self._ready.clear()
            self._last_kept, self._last_real = TIME_MIN, 0
        self.set_speed(speed, paced=paced)
        self._is_open = True

    def end(self) -> None:
        """The run is to end: nobody will see what still comes, so it costs nothing."""
        self._is_open = False

    def set_speed(self, speed: float, *, paced: bool) -> None:
        """From now on this many seconds of recording are seen in one."""
        # At normal speed and below every picture is shown, however near the next is.
        self._least = round(SHOWN_INTERVAL * speed) if speed > 1.0 else 0
        self._paced = paced

    def receive(self, data: Any, envelope: Envelope) -> None:
        """Take a message of the stream (the action of a receiver)."""
        time = envelope.originating_time
        if not self._is_wanted(time):
            self.passed_over += 1
            return
        try:
            image = self.sink.prepared(data)
        except REFUSED_BY_DATA:
            self.refused += 1
            return
        with self._lock:
            self._last_kept, self._last_real = time, monotonic_ns()
            self._ready.append((time, image))
            if len(self._ready) > MOST_READY:
                self._ready.popleft()
            is_first = len(self._ready) == 1
        if is_first:
            self._wake()

    def _is_wanted(self, time: Timestamp) -> bool:
        with self._lock:
            last_kept, last_real = self._last_kept, self._last_real
        if not self._is_open or last_kept == TIME_MIN:
            return self._is_open
        if not self._paced:
            return monotonic_ns() - last_real >= SHOWN_INTERVAL
        if self._now() - time > LATE:
            return monotonic_ns() - last_real >= LEAST_INTERVAL
        return time - last_kept >= self._least

    @property
    def next_time(self) -> Timestamp | None:
        """When the next picture is due; None: none is ready."""
        with self._lock:
            return self._ready[0][0] if self._ready else None

    def show_due(self, time: Timestamp) -> Timestamp | None:
        """Show the newest picture up to `time`; its originating time, or None if there is none."""
        due: tuple[Timestamp, Image] | None = None
        with self._lock:
            while self._ready and self._ready[0][0] <= time:
                if due is not None:
                    self.passed_over += 1
                due = self._ready.popleft()
        if due is None:
            return None
        self.sink.show(due[1], due[0])
        return due[0]
