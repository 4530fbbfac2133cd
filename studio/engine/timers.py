"""Sources that post at the pace of the clock or of the outside world, from threads of their own (E89-E91).

A throttling receiver cannot slow them down (rule E130).
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from studio.engine.alarm import Alarm
from studio.engine.emitter import Emitter
from studio.timing import TIME_MAX, TIME_MIN, Duration, Timestamp

if TYPE_CHECKING:
    from studio.engine.pipeline import Pipeline
    from studio.engine.threads import StudioThread

T = TypeVar("T")


class Timer:
    """Posts the time since the start of the run (ns) every `interval` of pipeline time (rule E89)."""

    def __init__(self, pipeline: "Pipeline", interval: Duration, *, name: str = "Timer") -> None:
        """ValueError if `interval` is not positive."""
        if interval <= 0:
            raise ValueError(f"the interval of a timer must be greater than 0 ns, not {interval}")
        self.name = name
        self.out: Emitter[Duration] = pipeline.create_emitter(self, "out")
        self._pipeline = pipeline
        self._interval = interval
        self._thread: StudioThread | None = None
        self._alarm = Alarm(pipeline.scheduler)
        self._lock = threading.Lock()
        self._end_time: Timestamp = TIME_MAX
        self._notify_completion_time: Callable[[Timestamp], None] | None = None
        self._notify_completed: Callable[[], None] | None = None

    def start(self, notify_completion_time: Callable[[Timestamp], None]) -> None:
        """Begin to tick; infinite unless the replay has an end (PORT of rule E89)."""
        descriptor = self._pipeline.replay_descriptor
        self._end_time = TIME_MAX if descriptor is None else descriptor.end
        if self._end_time == TIME_MAX:
            notify_completion_time(TIME_MAX)
        else:
            self._notify_completion_time = notify_completion_time
        self._alarm.announce()
        self._thread = self._pipeline.spawn("timer", self._run)

    def stop(self, final_originating_time: Timestamp, notify_completed: Callable[[], None]) -> None:
        """Cease at once, or when the clock has reached a final time that is still ahead (PORT of E43)."""
        is_ahead = final_originating_time > self._pipeline.get_current_time()
        with self._lock:
            # The tick at the final time itself still belongs to the run.
            self._end_time = min(self._end_time, final_originating_time + 1)
            is_ticking = self._thread is not None and self._thread.is_alive
            if is_ahead and is_ticking:
                self._notify_completed = notify_completed
                self._alarm.ring()
                return
        self._end()
        notify_completed()

    def dispose(self) -> None:
        """End the thread."""
        self._end()

    def _end(self) -> None:
        if self._thread is not None:
            self._thread.cancel()
            self._alarm.ring()
            self._thread.join()

    def _run(self, cancelled: threading.Event) -> None:
        tick = 1
        while not cancelled.is_set():
            due = min(self._pipeline.start_time + tick * self._interval, self._end_time)
            if self._wait_for(due, cancelled):
                break
            now = self._pipeline.get_current_time()
            if now >= self._end_time:
                self._complete()
                break
            self.out.post(now - self._pipeline.start_time, now)
            tick = max(tick + 1, (now - self._pipeline.start_time) // self._interval + 1)
        self._alarm.dismiss()
        with self._lock:
            notify, self._notify_completed = self._notify_completed, None
        if notify is not None:
            notify()

    def _wait_for(self, due: Timestamp, cancelled: threading.Event) -> bool:
        """Wait until the pipeline clock shows `due` or the end; True if cancelled first."""
        while not cancelled.is_set():
            with self._lock:
                end_time = self._end_time
            if self._alarm.wait_until(min(due, end_time)):
                return False
        return True

    def _complete(self) -> None:
        if self._notify_completion_time is not None:
            self._notify_completion_time(self.out.last_envelope.originating_time)


class EventSource(Generic[T]):
    """Posts what an outside event brings, at pipeline time, on the thread that raised it (rule E91)."""

    def __init__(
        self,
        pipeline: "Pipeline",
        subscribe: Callable[[Callable[[T], None]], object],
        unsubscribe: Callable[[Callable[[T], None]], object],
        *,
        name: str = "EventSource",
    ) -> None:
        """`subscribe(handler)` is called at the start of the run, `unsubscribe(handler)` at its end."""
        self.name = name
        self.out: Emitter[T] = pipeline.create_emitter(self, "out")
        self._pipeline = pipeline
        self._subscribe = subscribe
        self._unsubscribe = unsubscribe
        self._lock = threading.Lock()
        self._last_time: Timestamp = TIME_MIN

    def start(self, notify_completion_time: Callable[[Timestamp], None]) -> None:
        """An infinite source; listens from now on."""
        notify_completion_time(TIME_MAX)
        self._subscribe(self._on_event)

    def stop(self, _final_originating_time: Timestamp, notify_completed: Callable[[], None]) -> None:
        """Listen no more."""
        self._unsubscribe(self._on_event)
        notify_completed()

    def _on_event(self, data: T) -> None:
        try:
            with self._lock:  # events may come from several threads; their times must differ
                time = max(self._pipeline.get_current_time(), self._last_time + 1)
                self._last_time = time
                self.out.post(data, time)
        except Exception as error:  # ours, not of the one who raised the event (PORT of rule E180)
            self._pipeline.report_error(error)


def timer(pipeline: "Pipeline", interval: Duration, *, name: str = "Timer") -> Emitter[Duration]:
    """The time since the start of the run (ns), every `interval` ns of pipeline time."""
    return Timer(pipeline, interval, name=name).out


def event_source(
    pipeline: "Pipeline",
    subscribe: Callable[[Callable[[Any], None]], object],
    unsubscribe: Callable[[Callable[[Any], None]], object],
    *,
    name: str = "EventSource",
) -> Emitter[Any]:
    """A stream of what an outside event brings."""
    return EventSource[Any](pipeline, subscribe, unsubscribe, name=name).out
