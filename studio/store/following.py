"""The engine's component that follows a recording while it is written: a finite source that may lag.

It reads what the recorder has committed, like any other reader (decision 22): the recorder does not know of
it. Streams are merged by originating time up to the horizon (see `horizon`) and posted with their recorded
envelopes, a bounded number at a time; a throttling receiver pauses it, and what it has not read stays in the
file. So it never drops anything. It ends when the recording is closed or its recorder has died, after the
last message, or when it is told to `finish`.

Threads: reads on pipeline workers, one at a time. `studio.following` only says when to look again.
"""

import heapq
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.engine import DeliveryPolicy, Emitter, Envelope, Message, Pipeline, StudioThread
from studio.engine.message import payload_size
from studio.errors import StoreFormatError
from studio.formats.recording import RecordingInfo
from studio.store.horizon import PATIENCE, Heard, horizon_of
from studio.store.importer import AHEAD_BYTES, AHEAD_MESSAGES
from studio.store.reader import StoreReader
from studio.timing import NS_PER_MS, TIME_MAX, TIME_MIN, Duration, TimeInterval, Timestamp, wait_on

LOOK_INTERVAL: Duration = 50 * NS_PER_MS
"""Between two looks for commits; a recorder commits every 250 ms."""


@dataclass(slots=True)
class _Followed:
    """A stream and how far it has been posted."""

    name: str
    emitter: Emitter[Any]
    position: int = 0
    """Number of messages posted or left out."""
    is_sought: bool = False
    """Whether `position` is at or behind the beginning of the interval."""


@dataclass(frozen=True, slots=True)
class FollowStatus:
    """How far it is."""

    posted: int = 0
    last_time: Timestamp = TIME_MIN
    """Latest originating time posted."""
    behind_ns: Duration = 0
    """How far what has been posted lies behind the clock."""
    late: int = 0
    """Messages that came so late that others, which are younger, had been posted before."""
    is_over: bool = False
    """The recording has ended."""


class Follower:
    """Made by `follow`. Disposed by its pipeline."""

    def __init__(
        self,
        pipeline: Pipeline,
        reader: StoreReader,
        *,
        interval: TimeInterval = TimeInterval.INFINITE,
        patience: Duration = PATIENCE,
    ) -> None:
        self._pipeline = pipeline
        self._reader = reader
        self._interval = interval
        self._patience = patience
        self._info = reader.info()
        self._followed: dict[str, _Followed] = {}
        self._trigger: Emitter[None] = pipeline.create_emitter(self, "loop-back")
        self._trigger.pipe_to(
            pipeline.create_receiver(self, self._step, "loop-back"), DeliveryPolicy.UNLIMITED
        )
        self._merged: Iterator[tuple[_Followed, Message[Any]]] | None = None
        """The rest of what is known up to the horizon; None: look for more."""
        self._horizon: Timestamp = TIME_MIN
        self._status = FollowStatus()
        self._turns = 0
        self._is_hungry = threading.Event()
        self._is_finishing = False
        self._is_done = False
        self._notify_completion_time: Callable[[Timestamp], None] | None = None
        self._alarm: StudioThread | None = None

    @property
    def info(self) -> RecordingInfo:
        """The recording, as it was when it was opened."""
        return self._info

    @property
    def status(self) -> FollowStatus:
        """A snapshot; from any thread."""
        return self._status

    def open_stream(self, name: str) -> Emitter[Any]:
        """The stream `name`; the same emitter when called again. StreamError, listing what there is."""
        if name not in self._followed:
            self._reader.stream(name)
            self._followed[name] = _Followed(name, self._pipeline.create_emitter(self, name))
        return self._followed[name].emitter

    def finish(self) -> None:
        """End soon, as if the recording ended with the last message posted; from any thread.

        A replay up to that message then gives the same.
        """
        self._is_finishing = True

    # -- the source --------------------------------------------------------------------------------------

    def start(self, notify_completion_time: Callable[[Timestamp], None]) -> None:
        """Begin with the first message in the interval."""
        self._notify_completion_time = notify_completion_time
        self._alarm = self._pipeline.spawn("following", self._wake)
        self._go_on()

    def stop(self, final_originating_time: Timestamp, notify_completed: Callable[[], None]) -> None:
        """Read no further."""
        self._is_done = True
        notify_completed()

    def dispose(self) -> None:
        """End the thread and give the file back. Idempotent."""
        self._is_done = True
        if self._alarm is not None:
            self._alarm.cancel()
            self._is_hungry.set()
            self._alarm.join()
        self._reader.close()

    def _go_on(self) -> None:
        """Have `_step` run again; the time of the trigger means nothing but order."""
        self._turns += 1
        self._trigger.post(None, self._pipeline.start_time + self._turns)

    def _wake(self, cancelled: threading.Event) -> None:
        while not cancelled.is_set():
            self._is_hungry.wait()
            self._is_hungry.clear()
            if not wait_on(cancelled, LOOK_INTERVAL):
                self._go_on()

    def _step(self, _: None, _envelope: Envelope) -> None:
        """Look for more if need be, and post some of it."""
        if self._is_done:
            return
        if self._merged is None and not self._is_finishing:
            self._look()
        if self._post_some():
            self._go_on()
        elif self._is_finishing or self._status.is_over:
            self._complete()
        else:
            self._merged = None
            self._is_hungry.set()

    def _complete(self) -> None:
        self._is_done = True
        if self._notify_completion_time is not None:
            self._notify_completion_time(self._status.last_time)

    # -- reading -----------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Take the newest commit and merge what it has brought up to the horizon."""
        self._reader.refresh()
        heard = Heard(
            now=self._pipeline.clock.now(),
            last_commit_time=self._reader.last_commit_time,
            last_times=tuple(self._last_time(followed) for followed in self._followed.values()),
            is_over=not self._reader.is_live,
        )
        self._horizon = max(self._horizon, horizon_of(heard, patience=self._patience))
        self._merged = heapq.merge(
            *(self._news(followed) for followed in self._followed.values()), key=_by_time
        )
        self._tell(is_over=heard.is_over or self._horizon > self._interval.right)

    def _last_time(self, followed: _Followed) -> Timestamp | None:
        stream = self._reader.known_stream(followed.name)
        if stream.counts.messages < followed.position:
            raise StoreFormatError(
                f"{self._reader.path} has fewer messages of {followed.name!r} than before: it was replaced "
                "by another recording; attach again"
            )
        return stream.last_time

    def _news(self, followed: _Followed) -> Iterator[tuple[_Followed, Message[Any]]]:
        stream = self._reader.known_stream(followed.name)
        interval = self._interval
        if not followed.is_sought:
            followed.position = stream.position(interval.left, after=not interval.left_inclusive)
            followed.is_sought = followed.position < stream.counts.messages
        stop = stream.position(self._horizon, after=True)
        if interval.right <= self._horizon:
            stop = min(stop, stream.position(interval.right, after=interval.right_inclusive))
        return ((followed, message) for message in stream.messages(followed.position, stop))

    def _post_some(self) -> bool:
        """Post a bounded part; whether there is more at hand."""
        size = 0
        for number, (followed, message) in enumerate(self._merged or (), start=1):
            if self._is_finishing and message.envelope.originating_time > self._status.last_time:
                break
            self._deliver(followed, message)
            size += payload_size(message.data)
            if number >= AHEAD_MESSAGES or size >= AHEAD_BYTES:
                self._tell(is_over=self._status.is_over, until=message.envelope.originating_time)
                return True
        self._tell(is_over=self._status.is_over)
        return False

    def _deliver(self, followed: _Followed, message: Message[Any]) -> None:
        followed.position += 1
        followed.emitter.deliver(message.data, message.envelope)
        time, status = message.envelope.originating_time, self._status
        self._status = FollowStatus(
            posted=status.posted + 1,
            last_time=max(time, status.last_time),
            behind_ns=status.behind_ns,
            late=status.late + (time < status.last_time),
            is_over=status.is_over,
        )

    def _tell(self, *, is_over: bool, until: Timestamp | None = None) -> None:
        reached = self._horizon if until is None else until
        behind = 0 if reached == TIME_MAX else max(0, self._pipeline.clock.now() - reached)
        status = self._status
        self._status = FollowStatus(status.posted, status.last_time, behind, status.late, is_over)


def _by_time(item: tuple[_Followed, Message[Any]]) -> tuple[Timestamp, Timestamp]:
    envelope = item[1].envelope
    return envelope.originating_time, envelope.creation_time


def follow(
    pipeline: Pipeline,
    path: Path | str,
    *,
    interval: TimeInterval = TimeInterval.INFINITE,
    patience: Duration = PATIENCE,
) -> Follower:
    """Follow the recording at `path` in `pipeline`, from its beginning (or that of `interval`) to its end.

    `patience`: how long a stream may be silent before the others go on without it. A recording that is over
    already is read to its end. Raises StoreEnvironmentError or StoreFormatError.
    """
    reader = StoreReader(path)
    try:
        return Follower(pipeline, reader, interval=interval, patience=patience)
    except BaseException:
        reader.close()
        raise
