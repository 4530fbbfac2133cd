"""Whatever is wired from reproducible operators says live what it says when its inputs are replayed.

Random recordings of several streams go through random graphs. Live they come from threads of their own, at
the pace of the clock or as they like; what came in is then given to the same graph again. Left out are the
operators that depend on arrival by their nature: merge, pair, delay, and the available interpolators.
"""

import itertools
import os
import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.engine import (
    REPLAY_ALL,
    REPLAY_ALL_REAL_TIME,
    DeliveryPolicy,
    Emitter,
    Pipeline,
    ReplayDescriptor,
    verify_replay,
)
from studio.engine.interpolators import reproducible
from studio.timing import RelativeTimeInterval, TimeInterval
from tests.engine.components import Collector, StartSource

SCALE = int(os.environ.get("STUDIO_STRESS", "1"))

STEP = 50_000
"""Between two possible times of messages; so short that a live run takes a few milliseconds."""

Recording = Sequence[Sequence[tuple[int, int]]]
"""For each stream its messages: steps from the beginning, value."""


class LiveSource:
    """Posts from a thread of its own, as soon as it can."""

    def __init__(self, pipeline: Pipeline, messages: Sequence[tuple[int, int]]) -> None:
        self.pipeline = pipeline
        self.messages = messages
        self.out: Emitter[int] = pipeline.create_emitter(self, "out")

    def start(self, notify_completion_time: Callable[[int], None]) -> None:
        self.notify = notify_completion_time
        self.thread = self.pipeline.spawn("live-source", self.run)

    def run(self, _cancelled: threading.Event) -> None:
        start = self.pipeline.start_time
        for steps, value in self.messages:
            self.out.post(value, start + steps * STEP)
        self.notify(start + self.messages[-1][0] * STEP if self.messages else start)

    def stop(self, _final: int, notify_completed: Callable[[], None]) -> None:
        self.thread.join()
        notify_completed()


# -- random graphs ----------------------------------------------------------------------------------------


def digest(data: Any) -> int:
    """A number that tells any two values apart that can come here."""
    return zlib.crc32(repr(data).encode()) % 10_007


def window_of(m: int, n: int) -> RelativeTimeInterval:
    left, right = sorted((m - 6, n - 6))
    return RelativeTimeInterval(left * STEP, right * STEP, m % 2 == 0, n % 3 != 0)


def through_subpipeline(stream: Emitter[Any]) -> Emitter[Any]:
    inner = stream.pipeline.create_subpipeline()
    return stream.bridge_to(inner).select(digest).bridge_to(stream.pipeline)


def around(m: int, n: int) -> Any:
    def bounds(message: Any) -> tuple[TimeInterval, int]:
        time = message.envelope.originating_time
        return TimeInterval(time - m * STEP, time + n * STEP), time - m * STEP

    return bounds


Step = Callable[[Emitter[Any], Emitter[Any], int, int], Emitter[Any]]
STEPS: dict[str, Step] = {
    "select": lambda a, _b, m, _n: a.select(lambda x: x * 3 + m),
    "where": lambda a, _b, m, _n: a.where(lambda x: x % 3 != m % 3),
    "do": lambda a, _b, _m, _n: a.do(lambda _x: None, DeliveryPolicy.THROTTLE),
    "process": lambda a, _b, m, _n: a.process(
        lambda x, envelope, out: out.post(x + m, envelope.originating_time) if x % 2 else None,
        DeliveryPolicy.SYNCHRONOUS_OR_THROTTLE,
    ),
    "count": lambda a, _b, m, _n: a.count(lambda x: x % 2 == m % 2),
    "sum": lambda a, _b, m, _n: a.sum(size=1 + m % 3),
    "average": lambda a, _b, m, _n: a.average(time_span=(1 + m) * STEP),
    "std": lambda a, _b, _m, _n: a.std(),
    "min": lambda a, _b, _m, _n: a.min(),
    "max": lambda a, _b, m, _n: a.max(size=1 + m % 2),
    "scan": lambda a, _b, m, _n: a.scan(lambda state, x: (state * 31 + x + m) % 1009),
    "changes": lambda a, _b, m, _n: a.changes(lambda x: x % (2 + m)),
    "first": lambda a, _b, m, _n: a.first(m),
    "last": lambda a, _b, m, _n: a.last(m),
    "delta": lambda a, _b, _m, _n: a.delta(),
    "intervals": lambda a, _b, _m, _n: a.intervals(),
    "history": lambda a, _b, m, _n: a.history(1 + m % 3),
    "window": lambda a, _b, m, n: a.window(window_of(m, n)),
    "window_by_index": lambda a, _b, m, n: a.window_by_index(m % 3 - 1, n % 3, end_inclusive=m % 2 == 0),
    "window_dynamic": lambda a, b, m, n: a.window_dynamic(b, around(m, n), lambda w, d: (w.data, len(d))),
    "join exact": lambda a, b, _m, _n: a.join(b),
    "join within": lambda a, b, m, _n: a.join(b, m * STEP),
    "join nearest": lambda a, b, m, n: a.join(b, reproducible.nearest(window_of(m, n))),
    "join first": lambda a, b, m, n: a.join(b, reproducible.first(window_of(m, n))),
    "join last": lambda a, b, m, n: a.join(b, reproducible.last_or_default(-1, window_of(m, n))),
    "join_each": lambda a, b, m, _n: a.join_each([b, a, b], m * STEP),
    "zip": lambda a, b, _m, _n: a.zip(b),
    "sample": lambda a, b, m, _n: a.sample(b, m * STEP),
    "interpolate": lambda a, b, _m, _n: a.select(float).interpolate(b, reproducible.linear()),
    "bridge_to": lambda a, _b, _m, _n: through_subpipeline(a),
    "parallel": lambda a, _b, _m, _n: a.history(2).select(tuple).parallel(2, lambda _i, s: s.sum()),
    "parallel_sparse": lambda a, _b, m, n: a.select(lambda x: {x % (1 + m): x, x % 2: n}).parallel_sparse(
        lambda _k, s: s.where(lambda x: x % 5 != 0).sum(), default=-1
    ),
}


def wired(
    streams: Sequence[Emitter[Any]], plan: Sequence[tuple[str, int, int, int, int]]
) -> list[Emitter[Any]]:
    """Streams of numbers: those given, and one for each step of the plan, from any before it."""
    found = list(streams)
    for name, first, second, m, n in plan:
        a, b = found[first % len(found)], found[second % len(found)]
        found.append(STEPS[name](a, b, m, n).select(digest))
    return found


STREAM = st.dictionaries(st.integers(0, 40), st.integers(-20, 20), max_size=14).map(
    lambda d: sorted(d.items())
)
RECORDINGS = st.lists(STREAM, min_size=1, max_size=3)
SMALL = st.integers(0, 12)
PLANS = st.lists(
    st.tuples(st.sampled_from(sorted(STEPS)), SMALL, SMALL, SMALL, SMALL), min_size=1, max_size=7
)


def replaying(p: Pipeline, recorded: Sequence[Collector]) -> list[Emitter[Any]]:
    """Sources that bring once more what was received."""
    times = [time for collector in recorded for time in collector.times]
    if times:
        p.propose_replay_time(TimeInterval(min(times), max(times)))
    return [
        StartSource(
            p, list(zip(c.values, c.times, strict=True)), max(c.times, default=min(times, default=0))
        ).out
        for c in recorded
    ]


def named(streams: Sequence[Emitter[Any]]) -> Mapping[str, Emitter[Any]]:
    return {str(index): stream for index, stream in enumerate(streams)}


@pytest.mark.rules("E117", "E119")
@pytest.mark.parametrize(
    "replay", [REPLAY_ALL_REAL_TIME, REPLAY_ALL], ids=["at the pace of the clock", "rushing"]
)
@settings(max_examples=60 * SCALE, deadline=None)
@given(RECORDINGS, PLANS, st.sampled_from([1, 2, 4]))
def test_live_and_replay_agree_message_by_message(
    replay: ReplayDescriptor,
    recording: Recording,
    plan: list[tuple[str, int, int, int, int]],
    thread_count: int,
) -> None:
    recorded: list[Collector] = []

    def build(p: Pipeline) -> Mapping[str, Emitter[Any]]:
        if recorded:
            return named(wired(replaying(p, recorded), plan))
        streams = [LiveSource(p, messages).out for messages in recording]
        recorded.extend(Collector(p, stream) for stream in streams)
        return named(wired(streams, plan))

    difference = verify_replay(build, replay, make_pipeline=lambda: Pipeline(thread_count=thread_count))
    assert difference is None, f"the live run is the first, the replay the second: {difference}"
    assert [len(c.values) for c in recorded] == [len(messages) for messages in recording]


@pytest.mark.rules("E117", "E119")
@settings(max_examples=40 * SCALE, deadline=None)
@given(RECORDINGS, PLANS, st.sampled_from([1, 2, 4]), SMALL, st.integers(0, 40))
def test_any_part_of_a_recording_replayed_twice_gives_the_identical_sequence(
    recording: Recording,
    plan: list[tuple[str, int, int, int, int]],
    thread_count: int,
    left: int,
    length: int,
) -> None:
    begin = 1_000_000_000
    interval = TimeInterval(begin + left * STEP, begin + (left + length) * STEP)
    speeds = itertools.cycle([(1.0, False), (16.0, True)])

    def build(p: Pipeline) -> Mapping[str, Emitter[Any]]:
        streams = []
        for messages in recording:
            pairs = [(value, begin + steps * STEP) for steps, value in messages]
            inside = [(value, time) for value, time in pairs if interval.contains(time)]
            streams.append(StartSource(p, inside, interval.right).out)
        return named(wired(streams, plan))

    for speed, is_enforced in (next(speeds), next(speeds)):
        descriptor = ReplayDescriptor(interval, enforce_replay_clock=is_enforced, speed=speed)
        difference = verify_replay(
            build, descriptor, make_pipeline=lambda: Pipeline(thread_count=thread_count)
        )
        assert difference is None, str(difference)


@pytest.mark.parametrize("name", STEPS)
def test_every_step_of_the_random_graphs_says_something(name: str) -> None:
    first, second = ([(steps, steps % 7 - 3) for steps in range(start, 40, 2)] for start in (0, 4))
    heard: list[Collector] = []

    def build(p: Pipeline) -> Mapping[str, Emitter[Any]]:
        sources = [
            StartSource(p, [(v, 1_000_000 + steps * STEP) for steps, v in messages], 1_000_000 + 40 * STEP)
            for messages in (first, second)
        ]
        *_, last = wired([source.out for source in sources], [(name, 0, 1, 4, 9)])
        heard.append(Collector(p, last))
        return {"last": last}

    assert verify_replay(build, ReplayDescriptor.between(1_000_000, enforce_replay_clock=False)) is None
    assert len(heard[0].values) >= 4
    assert len(heard) == 2


DEPENDS_ON_ARRIVAL = {"merge", "pair", "delay", "latency", "fuse"}
OUT_OF_THE_PIPELINE = {"to_iterable", "to_observable", "named"}
MADE_OF_OTHERS = {
    "aggregate", "process_aggregate", "abs", "log", "item1", "item2", "flip", "nullable_select",
    "time_of", "rate", "buffer", "join_with", "parallel_variable",
}  # fmt: skip


def test_every_operator_is_in_the_random_graphs_or_left_out_for_a_reason() -> None:
    taken = {name.split()[0] for name in STEPS}
    left_out = DEPENDS_ON_ARRIVAL | OUT_OF_THE_PIPELINE | MADE_OF_OTHERS
    operators = {n for n, v in vars(Emitter).items() if "engine.operators" in getattr(v, "__module__", "")}
    assert taken | left_out == operators
    assert not taken & left_out
