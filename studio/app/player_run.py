"""One run of a replay: a pipeline with an importer for each recording, and who receives which stream.

Owns the pipeline. Decides nothing: what is played from when is said by the player, which throws the run away
for each seek and begins another (decision 7).
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from studio.app.player_shelf import ReaderShelf
from studio.engine import Emitter, Envelope, Pipeline, PipelineCompleted, PipelineState, ReplayDescriptor
from studio.errors import PipelineStateError
from studio.formats.recording import StreamRef
from studio.store.importer import Importer
from studio.timing import TIME_MIN, TimeInterval, Timestamp

Action = Callable[[Any, Envelope], None]
Between = Callable[[StreamRef, Emitter[Any]], Emitter[Any]]
"""What stands between an importer and those who receive from it."""

REST_S = 2.0
"""So long a step waits for its messages to be handled."""


def nothing_between(_: StreamRef, emitter: Emitter[Any]) -> Emitter[Any]:
    """What an importer posts is what is received."""
    return emitter


def ignored(_: Any, __: Envelope) -> None:
    """An action for streams that are only counted."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What a run plays."""

    actions: Mapping[StreamRef, Action]
    """Who takes the messages of each stream."""
    coverage: TimeInterval
    """From the first to the last message of all that is loaded."""
    descriptor: ReplayDescriptor
    is_paused: bool = False
    between: Between = nothing_between


class _Listener:
    """The receiving component of one stream."""

    def __init__(self, action: Action) -> None:
        self._action = action
        self.count = 0
        self.latest: Timestamp = TIME_MIN

    def receive(self, data: Any, envelope: Envelope) -> None:
        """Count the message and pass it on."""
        self._action(data, envelope)
        self.count += 1
        self.latest = envelope.originating_time


class PlayerRun:
    """Made for one run; used by the player's thread."""

    def __init__(self, shelf: ReaderShelf, plan: RunPlan) -> None:
        """Wires everything; raises StudioError for what cannot be opened."""
        self.plan = plan
        self._ended = threading.Event()
        self._error: BaseException | None = None
        self.pipeline = Pipeline("playback")
        self._listeners: dict[StreamRef, _Listener] = {}
        importers: dict[str, Importer] = {}
        for stream, action in plan.actions.items():
            if stream.path not in importers:
                importers[stream.path] = Importer(self.pipeline, shelf.reader(stream.path), keeps_open=True)
            listener = self._listeners[stream] = _Listener(action)
            emitter = plan.between(stream, importers[stream.path].open_stream(stream.name))
            emitter.pipe_to(self.pipeline.create_receiver(listener, listener.receive, stream.name))
        self.pipeline.propose_replay_time(plan.coverage)
        self.pipeline.pipeline_exception_not_handled.connect(lambda args: self._take_error(args.exception))
        self.pipeline.pipeline_completed.connect(self._take_end)

    def begin(self) -> None:
        """Start; returns when the importers have found their places."""
        if self.plan.is_paused:
            self.pipeline.transport.pause()
        self.pipeline.run_async(self.plan.descriptor)

    def dispose(self) -> None:
        """End it and let go of the recordings. Idempotent."""
        self.pipeline.dispose()

    @property
    def error(self) -> BaseException | None:
        """What made it fail."""
        return self._error

    @property
    def has_ended(self) -> bool:
        """Whether the last message has been received."""
        return self._ended.is_set()

    def wait_for_end(self, timeout_s: float) -> bool:
        """Wait until the last message has been received; False after the time limit."""
        return self._ended.wait(timeout_s)

    @property
    def time(self) -> Timestamp:
        """The clock of the pipeline."""
        return self.pipeline.get_current_time()

    @property
    def latest(self) -> Timestamp:
        """The originating time of the newest message that was received; TIME_MIN: none."""
        return max((listener.latest for listener in self._listeners.values()), default=TIME_MIN)

    def set_speed(self, speed: float) -> None:
        """Let the clock of the pipeline run so fast."""
        self._moving(lambda: self.pipeline.transport.set_speed(speed))

    def pause(self) -> None:
        """Stop the clock of the pipeline."""
        self._moving(self.pipeline.transport.pause)

    def resume(self) -> None:
        """Let the clock of the pipeline go on."""
        self._moving(self.pipeline.transport.resume)

    def step_to_next(self, streams: frozenset[StreamRef], is_over: Callable[[], bool]) -> Timestamp | None:
        """Step a paused run until one of these streams has given a message; its time.

        None: there is none any more, or `is_over`.
        """
        before = self._count(streams)
        while self._error is None and not is_over():
            self.pipeline.scheduler.wait_until_resting(REST_S)
            if self._count(streams) > before:
                return max(self._listeners[stream].latest for stream in streams)
            if self.has_ended or self._step() is None:
                return None
        return None

    def _step(self) -> Timestamp | None:
        try:
            return self.pipeline.transport.step()
        except PipelineStateError:  # it has come to its end between two looks
            return None

    def _count(self, streams: frozenset[StreamRef]) -> int:
        return sum(self._listeners[stream].count for stream in streams)

    def _moving(self, change: Callable[[], None]) -> None:
        """Change the clock, unless the run is over."""
        if self.pipeline.state is PipelineState.RUNNING:
            try:
                change()
            except PipelineStateError:
                if not self._ended.wait(REST_S):
                    raise

    def _take_error(self, error: BaseException) -> None:
        self._error = error

    def _take_end(self, _: PipelineCompleted) -> None:
        self._ended.set()
