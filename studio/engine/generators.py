"""Sources that produce values at given times, driven by the workers (rules E78-E88).

A generator triggers itself through a private stream: each trigger is an ordinary message, so clock
enforcement paces it and a throttling receiver pauses it.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from studio.engine.delivery import DeliveryPolicy
from studio.engine.emitter import Emitter
from studio.engine.message import Envelope
from studio.timing import TIME_MAX, TIME_MIN, Duration, TimeInterval, Timestamp

if TYPE_CHECKING:
    from studio.engine.pipeline import Pipeline

T = TypeVar("T")
TimedValues = Iterator[tuple[Any, Timestamp]]


class Generator:
    """A source whose `generate_next(current_time)` posts on its outputs and returns when to go on (E79)."""

    def __init__(
        self,
        pipeline: "Pipeline",
        generate_next: Callable[[Timestamp], Timestamp],
        *,
        name: str = "Generator",
        is_infinite: bool = False,
    ) -> None:
        """`generate_next` returns TIME_MAX when nothing more will come."""
        self.pipeline = pipeline
        self.name = name
        self._generate_next = generate_next
        self._is_infinite = is_infinite
        self._next_time: Timestamp = TIME_MIN
        self._final_time: Timestamp = TIME_MAX
        self._is_finished = False
        self._notify_completion_time: Callable[[Timestamp], None] | None = None
        self._notify_completed: Callable[[], None] | None = None
        self._outputs: list[Emitter[Any]] = []
        self._loop_back: Emitter[int] = self.add_output("loop-back")
        self._loop_back.pipe_to(
            pipeline.create_receiver(self, self._on_trigger, "loop-back"), DeliveryPolicy.UNLIMITED
        )

    def add_output(self, name: str) -> Emitter[Any]:
        """A stream that `generate_next` may post on."""
        emitter = self.pipeline.create_emitter(self, name)
        self._outputs.append(emitter)
        return emitter

    @property
    def final_time(self) -> Timestamp:
        """No message later than this is generated."""
        return self._final_time

    def start(self, notify_completion_time: Callable[[Timestamp], None]) -> None:
        """Post the first trigger at the start of the run (rules E78, E80)."""
        descriptor = self.pipeline.replay_descriptor
        if descriptor is not None:
            is_open = descriptor.interval.right_inclusive or descriptor.end == TIME_MAX
            self._final_time = descriptor.end if is_open else descriptor.end - 1
        if self._is_infinite and self._final_time == TIME_MAX:
            notify_completion_time(TIME_MAX)
        else:
            self._notify_completion_time = notify_completion_time
        self._trigger(self.pipeline.start_time)

    def stop(self, final_originating_time: Timestamp, notify_completed: Callable[[], None]) -> None:
        """Go on until `final_originating_time` has passed, then acknowledge (rule E82)."""
        self._final_time = min(self._final_time, final_originating_time)
        if self._is_finished or self._next_time > self._final_time:
            self._is_finished = True
            notify_completed()
        else:
            self._notify_completed = notify_completed

    def _trigger(self, time: Timestamp) -> None:
        self._next_time = time
        self._loop_back.post(0, time)

    def _on_trigger(self, _data: int, envelope: Envelope) -> None:
        if self._is_finished:
            return
        current = envelope.originating_time
        try:
            following = self._generate_next(current)
        except BaseException:
            self._next_time = TIME_MAX  # so that Stop ends at once (rule E83)
            self._acknowledge()
            raise
        following = max(following, current + 1)
        if following > self._final_time or following == TIME_MAX:
            self._finish()
        else:
            self._trigger(following)

    def _finish(self) -> None:
        self._is_finished = True
        self._next_time = TIME_MAX
        if self._notify_completion_time is not None:
            # The loop-back counts: what posts nothing ends at its last trigger (rule E81).
            self._notify_completion_time(max(o.last_envelope.originating_time for o in self._outputs))
        self._acknowledge()

    def _acknowledge(self) -> None:
        notify, self._notify_completed = self._notify_completed, None
        if notify is not None:
            notify()


class ValueGenerator:
    """Posts the pairs (value, time) of an iterator on one stream, each at its own time (rules E84, E85)."""

    def __init__(
        self,
        pipeline: "Pipeline",
        make_pairs: Callable[[], TimedValues],
        *,
        name: str,
        keep_open: bool,
    ) -> None:
        """`make_pairs` is called at the first trigger, when the start of the run is known."""
        self._make_pairs = make_pairs
        self._pairs: TimedValues | None = None
        self._current: tuple[Any, Timestamp] | None = None
        self.generator = Generator(pipeline, self._generate_next, name=name, is_infinite=keep_open)
        self.out: Emitter[Any] = self.generator.add_output("out")

    def _generate_next(self, _current_time: Timestamp) -> Timestamp:
        if self._pairs is None:
            self._pairs = self._make_pairs()
            self._current = next(self._pairs, None)
        if self._current is None or self._current[1] > self.generator.final_time:
            return TIME_MAX
        value, time = self._current
        self.out.post(value, time)
        self._current = next(self._pairs, None)
        if self._current is None:
            return TIME_MAX
        if self._current[1] <= time:
            raise ValueError(
                f"the generated sequence contains timestamps that are out of order: {self._current[1]} does "
                f"not lie after {time}; originating times must be strictly increasing"
            )
        return self._current[1]


def sequence(
    pipeline: "Pipeline",
    values: Iterable[T],
    *,
    interval: Duration,
    align_time: Timestamp | None = None,
    keep_open: bool = False,
    name: str = "Sequence",
) -> Emitter[T]:
    """One value every `interval` ns from the start of the run (rules E87, E88).

    `align_time`: shifts the times forward onto the grid that goes through it. `keep_open`: the source counts
    as infinite, it does not end the run. ValueError if `interval` is not positive.
    """
    if interval <= 0:
        raise ValueError(f"the interval between generated messages must be greater than 0 ns, not {interval}")

    def pairs() -> TimedValues:
        first = aligned(pipeline.start_time, interval, align_time)
        return ((value, first + index * interval) for index, value in enumerate(values))

    return ValueGenerator(pipeline, pairs, name=name, keep_open=keep_open).out


def timed_sequence(
    pipeline: "Pipeline",
    pairs: Iterable[tuple[T, Timestamp]],
    *,
    start_time: Timestamp | None = None,
    keep_open: bool = False,
    name: str = "Sequence",
) -> Emitter[T]:
    """Values at times of their own; `start_time` is proposed as beginning of the replay (rule E86)."""
    if start_time is not None:
        pipeline.propose_replay_time(TimeInterval(start_time))
    return ValueGenerator(pipeline, lambda: iter(pairs), name=name, keep_open=keep_open).out


def range_(
    pipeline: "Pipeline",
    start: int,
    count: int,
    *,
    interval: Duration,
    align_time: Timestamp | None = None,
    keep_open: bool = False,
    name: str = "Range",
) -> Emitter[int]:
    """`count` integers from `start`; ValueError if `count` is negative."""
    if count < 0:
        raise ValueError(f"a range cannot have {count} values")
    values = range(start, start + count)
    return sequence(
        pipeline, values, interval=interval, align_time=align_time, keep_open=keep_open, name=name
    )


def repeat(
    pipeline: "Pipeline",
    value: T,
    count: int | None = None,
    *,
    interval: Duration,
    align_time: Timestamp | None = None,
    name: str = "Repeat",
) -> Emitter[T]:
    """The same value every `interval` ns: `count` times, or for ever (an infinite source)."""
    if count is not None and count < 0:
        raise ValueError(f"a value cannot be repeated {count} times")
    values = _endlessly(value) if count is None else (value for _ in range(count))
    return sequence(
        pipeline, values, interval=interval, align_time=align_time, keep_open=count is None, name=name
    )


def return_(pipeline: "Pipeline", value: T, *, name: str = "Return") -> Emitter[T]:
    """One message at the start of the run; a finite source."""
    return sequence(pipeline, (value,), interval=1, name=name)


def once(pipeline: "Pipeline", value: T, *, name: str = "Once") -> Emitter[T]:
    """One message at the start of the run; counts as infinite, so it does not end the run."""
    return sequence(pipeline, (value,), interval=1, keep_open=True, name=name)


def aligned(start: Timestamp, interval: Duration, align_time: Timestamp | None) -> Timestamp:
    """First time from `start` on the grid of `interval` through `align_time` (PORT of rule E87)."""
    return start if align_time is None else start + (align_time - start) % interval


def _endlessly(value: T) -> Iterator[T]:
    while True:
        yield value
