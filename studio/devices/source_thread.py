"""The thread of a device as a part: how every device starts and stops (rule E74). Knows no hardware."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from studio.engine import Pipeline
from studio.timing import TIME_MAX, Clock, Timestamp

if TYPE_CHECKING:
    from studio.engine.threads import StudioThread


class SourceThread:
    """Runs a device's loop on the thread `studio.<name>` from Start to Stop.

    Devices are infinite sources: they end when they are told to. After `stop`, `cancelled` is set and
    `final_time` says up to when the loop shall still deliver; completion is notified when the loop has ended,
    whatever way it ended. What the loop raises goes to the pipeline.
    """

    def __init__(self, pipeline: Pipeline, name: str, run: Callable[[threading.Event], None]) -> None:
        self._pipeline = pipeline
        self._name = name
        self._run = run
        self._lock = threading.Lock()
        self._thread: StudioThread | None = None
        self._ended = False
        self._on_end: Callable[[], None] | None = None
        self._final_time: Timestamp | None = None
        self.wake = threading.Event()
        """Set at Stop, and by callbacks of drivers that have something for the loop."""

    @property
    def clock(self) -> Clock:
        """What messages are stamped with."""
        return self._pipeline.clock

    @property
    def final_time(self) -> Timestamp:
        """Up to when the loop shall deliver, once cancelled; never later than now."""
        now = self.clock.now()
        with self._lock:
            return now if self._final_time is None else min(self._final_time, now)

    def start(self, notify_completion_time: Callable[[Timestamp], None]) -> None:
        """Begin; see `SourceComponent.start`."""
        notify_completion_time(TIME_MAX)
        self._thread = self._pipeline.spawn(self._name, self._main)

    def stop(self, final_originating_time: Timestamp, notify_completed: Callable[[], None]) -> None:
        """End; see `SourceComponent.stop`. Returns at once."""
        with self._lock:
            self._final_time = final_originating_time
            waits = self._thread is not None and not self._ended
            if waits:
                self._on_end = notify_completed
        if self._thread is not None:
            self._thread.cancel()
        self.wake.set()
        if not waits:
            notify_completed()

    def _main(self, cancelled: threading.Event) -> None:
        try:
            self._run(cancelled)
        finally:
            with self._lock:
                self._ended = True
                on_end = self._on_end
            if on_end is not None:
                on_end()
